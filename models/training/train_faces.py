"""Trains the face net on rendered heads alone: no picture of a real person is read.

    python -m training.heads_sprites --data DIR/heads --out SPRITES --sprites 6000
    python -m training.train_faces --data DIR --sprites SPRITES --checkpoint faces.pt --minutes 45
    python -m training.train_faces --data DIR --sprites SPRITES --store STORE --start grown.pt --checkpoint faces.pt --minutes 70 --bf16

Scenes are made while training and used several times from a pool, or come from a store (training.face_candidates), which is faster
by far. Every MINE_EVERY steps the net looks at a photograph without faces, and where it sees one, that place becomes a scene
without faces (hard-negative mining).
"""

from __future__ import annotations

import cv2
import numpy as np
import torch

from .face_finding import once, Found, same
from .face_net import STRIDE, WIDTHS, FaceNet, decode, normalise
from .face_scenes import Composer, Face, MIRRORED, Sprites
from .face_store import StoredScenes
from .loop import TOLD_EVERY, Training
from .orthogonal import Orthogonal
from .schedule import command_line, narrow

SIZE = 192
POOL, FRESH = 2400, 3
MINE_EVERY, MINE_LEVEL, MINE_KEEP = 12, 0.2, 900
VALIDATE_EVERY = 500
PARTS = ("heat", "offset", "size", "marks")  # of the loss
MARKS = 6.0         # weight of the landmarks: another net has the last word about them
MINED = 0.1         # share of a batch, with a store, in which the net once saw a face that was none


def targets(faces: list[Face], flip: bool) -> np.ndarray:
    """float32 [17, cells, cells]: heat, its weight, regression weight, 14 regression targets in the order of FaceNet."""
    n = SIZE // STRIDE
    out = np.zeros((17, n, n), np.float32)
    out[1] = 1.0
    grid = np.arange(n, dtype=np.float32) + 0.5
    for face in faces:
        box, five = face.box.copy(), face.five.copy()
        if flip:
            box = np.array([SIZE - box[2], box[1], SIZE - box[0], box[3]], np.float32)
            five[:, 0] = SIZE - five[:, 0]
            five = five[MIRRORED]
        w, h = float(box[2] - box[0]), float(box[3] - box[1])
        cx, cy = float(box[0] + w / 2), float(box[1] + h / 2)
        if not face.judged:
            x0, y0, x1, y1 = (int(v) for v in np.clip(np.round(box / STRIDE), 0, n))
            out[1, y0:max(y1, y0 + 1), x0:max(x1, x0 + 1)] = 0
            continue
        column, row = int(np.clip(cx / STRIDE, 0, n - 1)), int(np.clip(cy / STRIDE, 0, n - 1))
        sigma = float(np.clip(0.11 * w / STRIDE, 0.55, 2.2))
        bump = np.exp(-((grid[None] - column - 0.5) ** 2 + (grid[:, None] - row - 0.5) ** 2) / (2 * sigma * sigma))
        near = (bump > 0.4) & (bump >= out[0])
        out[0] = np.maximum(out[0], bump)
        out[2][near] = bump[near]
        values = [np.broadcast_to(cx / STRIDE - grid[None], (n, n)), np.broadcast_to(cy / STRIDE - grid[:, None], (n, n)),
                  np.full((n, n), np.log(w / 16)), np.full((n, n), np.log(h / 16))]
        values += [np.full((n, n), ((p - c) / w)) for point in five for p, c in zip(point, (cx, cy))]
        for k, value in enumerate(values):
            out[3 + k][near] = value[near]
    out[1][out[0] > 0.3] = 1.0
    return out


def loss_of(answer: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
    """The loss and its PARTS: penalty-reduced focal loss of the heat-map (Zhou, Wang, Krähenbühl 2019, after Law and Deng) and weighted L1 of the rest."""
    heat, weight, near = wanted[:, 0], wanted[:, 1], wanted[:, 2:3]
    p = torch.clamp(torch.sigmoid(answer[:, 0].float()), 1e-4, 1 - 1e-4)
    is_middle = (heat > 0.999).float()
    count = torch.clamp(is_middle.sum(), min=1.0)
    found = -(torch.log(p) * (1 - p) ** 2 * is_middle).sum()
    empty = -(torch.log(1 - p) * p ** 2 * (1 - heat) ** 4 * (1 - is_middle) * weight).sum()
    apart = (answer[:, 1:].float() - wanted[:, 3:]).abs() * near
    total = torch.clamp(near.sum(), min=1.0)
    offset, size, marks = (apart[:, a:b].sum() / total / (b - a) for a, b in ((0, 2), (2, 4), (4, 14)))
    heat_loss = (found + empty) / count
    return heat_loss + 2.0 * offset + 3.0 * size + MARKS * marks, np.array([float(part.detach()) for part in (heat_loss, offset, size, marks)])


@torch.no_grad()
def answers(net: FaceNet, grey: np.ndarray, least: float) -> list[Found]:
    """What the net finds in one picture at one level; sides must be multiples of 32."""
    heat, boxes, marks = (t[0].numpy() for t in decode(net(normalise(torch.from_numpy(np.ascontiguousarray(grey, np.float32))[None, None])).float()))
    return once([Found(boxes[r, c], marks[r, c].reshape(5, 2), float(heat[r, c])) for r, c in zip(*np.nonzero(heat >= least))])


def as_width(face: Face) -> np.ndarray:
    return np.array([face.box[0], face.box[1], face.box[2] - face.box[0], face.box[3] - face.box[1]])


def match(found: list[Found], faces: list[Face]) -> list[tuple[float, int]]:
    """(score, index of the face, −1 for none, −2 for one that is not judged) of every finding; each face is found once."""
    taken, out = set(), []
    for one in found:
        hits = [i for i, face in enumerate(faces) if same(one.box, as_width(face)) and i not in taken]
        judged = [i for i in hits if faces[i].judged]
        if judged:
            taken.add(judged[0])
            out.append((one.score, judged[0]))
        else:
            out.append((one.score, -2 if hits or any(same(one.box, as_width(face)) for face in faces if not face.judged) else -1))
    return out


def curve(scored: list[tuple[float, int]], wanted: int) -> list[tuple[float, float, float]]:
    """(threshold, recall, precision) at every finding, most certain first."""
    hits = false = 0
    out = []
    for score, index in sorted(scored, reverse=True):
        hits, false = hits + (index >= 0), false + (index == -1)
        out.append((score, hits / max(1, wanted), hits / max(1, hits + false)))
    return out


def validate(net: FaceNet, scenes) -> dict:
    """Best F1 over thresholds, its threshold, recall and precision; landmark error of the found in widths of the face."""
    was = net.training
    net.eval()
    scored, wanted, errors = [], 0, []
    for grey, faces in scenes:
        found = answers(net, grey, 0.05)
        matched = match(found, faces)
        scored += matched
        wanted += sum(f.judged for f in faces)
        errors += [float(np.linalg.norm(one.five - faces[i].five, axis=1).mean() / (faces[i].box[2] - faces[i].box[0]))
                   for one, (_, i) in zip(found, matched) if i >= 0 and faces[i].turn < 0.8]
    net.train(was)
    best = max(curve(scored, wanted) or [(1.0, 0.0, 0.0)], key=lambda p: 2 * p[1] * p[2] / max(1e-6, p[1] + p[2]))
    return dict(f1=2 * best[1] * best[2] / max(1e-6, best[1] + best[2]), threshold=best[0], recall=best[1], precision=best[2], marks=float(np.median(errors)) if errors else 1.0)


def mine(rng, composer: Composer, net: FaceNet) -> int:
    """Looks at a piece of a photograph without faces at a random scale and keeps the places in which the net sees one."""
    image = composer.photographs[int(rng.integers(len(composer.photographs)))]
    side = 2 * SIZE
    take = min(int(np.exp(rng.uniform(np.log(200), np.log(1400)))), min(image.shape))
    y, x = int(rng.integers(image.shape[0] - take + 1)), int(rng.integers(image.shape[1] - take + 1))
    piece = cv2.resize(image[y:y + take, x:x + take], (side, side), interpolation=cv2.INTER_AREA if take > side else cv2.INTER_LINEAR)
    kept = 0
    for one in answers(net, piece, MINE_LEVEL)[:4]:
        left, top = (int(np.clip(v - SIZE / 2 + rng.uniform(-50, 50), 0, side - SIZE)) for v in (one.box[0] + one.box[2] / 2, one.box[1] + one.box[3] / 2))
        crop = piece[top:top + SIZE, left:left + SIZE].copy()
        if len(composer.mined) < MINE_KEEP:
            composer.mined.append(crop)
        else:
            composer.mined[int(rng.integers(MINE_KEEP))] = crop
        kept += 1
    return kept


def main() -> None:
    parser = command_line(__doc__, rate=1.2e-3, batch=12, seed=20261126)
    parser.add_argument("--data", help="folder with photographs/ (without faces); without it backgrounds are procedural and nothing is mined")
    parser.add_argument("--sprites", required=True, help="folder written by training.heads_sprites")
    parser.add_argument("--store", help="folder written by training.face_candidates: scenes to cut from instead of making new ones")
    parser.add_argument("--widths", type=int, nargs=5, default=WIDTHS, help="channels at strides 2 to 32")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    net = FaceNet(tuple(args.widths))
    run = Training(args, net, "faces", clip=5.0, optimiser=Orthogonal(net, args.rate, outer=("stem", "answer")), crop=SIZE, widths=list(args.widths))
    rng = run.rng
    check = Composer(Sprites(args.sprites, "validation"), args.data, "validation", args.seed + 1)
    check_rng = np.random.default_rng(args.seed + 2)
    scenes = [check.scene(check_rng) for _ in range(60)]
    composer = Composer(Sprites(args.sprites, "train"), args.data, "train", args.seed)
    as_bytes = lambda made: [(grey.astype(np.uint8), faces) for grey, faces in made]  # noqa: E731
    stored = StoredScenes(args.store, "train") if args.store else None
    pool = [] if stored else as_bytes([composer.scene(rng) for _ in range(160)])
    mined = 0

    def drawn() -> tuple[np.ndarray, list[Face]]:
        if composer.mined and rng.random() < MINED:
            return composer.mined[int(rng.integers(len(composer.mined)))], []
        return stored.scene(rng, SIZE)

    def made() -> list:
        if stored:
            return [drawn() for _ in range(args.batch)]
        fresh = as_bytes([composer.scene(rng) for _ in range(FRESH if len(pool) > 400 else 2 * FRESH)])
        chosen = fresh + [pool[int(rng.integers(len(pool)))] for _ in range(args.batch - len(fresh))]
        for scene in fresh:
            if len(pool) < POOL:
                pool.append(scene)
            else:
                pool[int(rng.integers(POOL))] = scene
        return chosen

    def step() -> tuple[torch.Tensor, np.ndarray]:
        chosen = made()
        flips = rng.random(len(chosen)) < 0.5
        grey = np.stack([(g[:, ::-1] if flip else g) for (g, _), flip in zip(chosen, flips)]).astype(np.float32)
        wanted = torch.from_numpy(np.stack([targets(faces, bool(flip)) for (_, faces), flip in zip(chosen, flips)]))
        x = normalise(torch.from_numpy(grey)[:, None]).contiguous(memory_format=torch.channels_last)
        with narrow(args):
            answer = run.net(x)
        return loss_of(answer, wanted)

    def after(number: int) -> None:
        nonlocal mined
        if number % MINE_EVERY == 0 and composer.photographs and number >= 400:
            run.average.net.eval()
            mined += mine(rng, composer, run.average.net)
        if number % VALIDATE_EVERY == 0:
            print("  " + " ".join(f"{k} {v:.3f}" for k, v in validate(run.average.net, scenes).items()), flush=True)

    told = lambda sums: " ".join(f"{name} {value:.4f}" for name, value in zip(PARTS, sums / TOLD_EVERY)) + f" mined {mined}"  # noqa: E731
    judged = sum(face.judged for _, faces in scenes for face in faces)
    run.go(step, told, f"{len(composer.sprites.image)} sprites, {len(composer.photographs)} photographs, {judged} faces to validate on", after)


if __name__ == "__main__":
    main()
