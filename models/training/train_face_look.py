"""Trains the second look at a face candidate, on rendered heads and on what the first net takes for faces: no real person is seen.

    python -m training.face_candidates  --data DIR --sprites SPRITES --out STORE --part train --scenes 8000
    python -m training.face_candidates  --data DIR --sprites SPRITES --out STORE --part validation --scenes 320 --seed 67026
    python -m training.train_face_look  --store STORE --checkpoint look.pt --minutes 40 --bf16

Not quite half of a batch shows faces, as proposed by the first net or placed about as wrongly; as much shows proposals that are no
face; a few show faces near and placed well. Of two examples drawn the one the net was surer to be wrong about is often taken. Crops
are made worse as scans of books and faded prints are.
"""

from __future__ import annotations

import glob
import os
from typing import NamedTuple

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from .face_crops import NEAR, REACH, SIDE, crop_of, levels_of, side_of
from .face_look import WIDTHS, LookNet, evened
from .judging_faces import overlap
from .loop import TOLD_EVERY, Training
from .orthogonal import Orthogonal
from .point_maps import surprise
from .schedule import command_line, narrow

IS_FACE, IS_NONE = 0.35, 0.15  # intersection over union of a proposal with a face from which, and under which, it is one or none
PLACED = 0.2                   # from which box and landmarks are learnt
MIRRORED = [1, 0, 2, 4, 3]
VALIDATED = 500                # proposals of faces looked at to validate, and half of those of none
SPREAD = 1.2                   # cells
VALIDATE_EVERY = 1500
PARTS = ("sure", "marks", "box", "maps")  # of the loss
EYES = 0.37                    # usual distance between the eyes, in widths of the face
MARKS = 0.8                    # weight of the landmarks: another net has the last word about them
HARD = 0.5                     # share of examples that are the harder of two


class Example(NamedTuple):
    """`scene` indexes the store; `box` x, y, w, h of the proposal; `face` [17] (box, five, turn, judged) or None; `label` 1, 0 or −1 (not judged)."""

    scene: int
    box: np.ndarray
    face: np.ndarray | None
    label: int


class Pool(list):
    """Examples of one kind, and what the net said of each when it last saw it (logits)."""

    def __init__(self):
        super().__init__()
        self.said = np.zeros(0, np.float32)

    def drawn(self, rng, sign: int) -> int:
        """The place of an example; HARD of the time the one of two of which the net said less (`sign` 1) or more (−1)."""
        if len(self.said) < len(self):
            self.said = np.concatenate([self.said, np.zeros(len(self) - len(self.said), np.float32)])
        one = int(rng.integers(len(self)))
        if rng.random() < HARD:
            other = int(rng.integers(len(self)))
            return one if sign * self.said[one] < sign * self.said[other] else other
        return one


class Store:
    """The files of one part, in memory; `refresh` takes what was added since."""

    def __init__(self, folder: str, part: str):
        self.folder, self.part, self.taken = folder, part, set()
        self.levels: list[list[np.ndarray]] = []
        self.positive, self.negative, self.between, self.faces = Pool(), Pool(), Pool(), Pool()
        self.refresh()

    def refresh(self) -> None:
        for path in sorted(glob.glob(os.path.join(self.folder, f"{self.part}-*.npz"))):
            if path in self.taken or path.endswith(".new.npz"):
                continue
            self.taken.add(path)
            held = dict(np.load(path))
            for number, grey in enumerate(held["scenes"]):
                self._add(grey, held["faces"][held["faces"][:, 0] == number, 1:], held["proposals"][held["proposals"][:, 0] == number, 1:])

    def _add(self, grey: np.ndarray, faces: np.ndarray, proposals: np.ndarray) -> None:
        scene = len(self.levels)
        self.levels.append(levels_of(grey))
        self.faces += [Example(scene, face[:4], face, 1) for face in faces if face[15] > 0]
        for proposal in proposals:
            box = proposal[:4]
            shares = [overlap(box, face[:4]) for face in faces]
            best = int(np.argmax(shares)) if shares else -1
            most = shares[best] if shares else 0.0
            if most < IS_NONE:
                self.negative.append(Example(scene, box, None, 0))
            elif faces[best][15] > 0 and most >= IS_FACE:
                self.positive.append(Example(scene, box, faces[best], 1))
            elif faces[best][15] > 0 and most >= PLACED:
                self.between.append(Example(scene, box, faces[best], -1))


def wanted(face: np.ndarray, middle: np.ndarray, side: float, turn: float, flip: bool) -> np.ndarray:
    """float32 [16]: weight of the places, the points as LookNet answers them, the face's width in the crop's units."""
    c, s = np.cos(turn), np.sin(turn)
    back = np.array([[c, s], [-s, c]]) / (side / 2)  # the crop is turned by `turn`: its content turns the other way
    at, half = (face[:2] + face[2:4] / 2 - middle) @ back.T, face[2:4] / side
    five = (face[4:14].reshape(5, 2) - middle) @ back.T
    if flip:
        at, five = at * [-1, 1], (five * [-1, 1])[MIRRORED]
    return np.array([1.0, *five.ravel(), *(at - half), *(at + half), 2 * face[2] / side], np.float32)


def screened(rng, crop: np.ndarray) -> np.ndarray:
    """A printer's screen over a crop, soft or sharp."""
    period, turn = rng.uniform(1.6, 7.0), rng.uniform(0, np.pi / 2)
    along = np.arange(SIDE, dtype=np.float32) * (2 * np.pi / period)
    c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    u, v = along[None] * c + along[:, None] * s, along[:, None] * c - along[None] * s
    dots = np.cos(u) if rng.random() < 0.25 else 0.5 * (np.cos(u) + np.cos(v))
    out = crop + rng.uniform(10, 90) * dots
    if rng.random() < 0.5:
        out = 255 / (1 + np.exp(np.clip((127 - out) * rng.uniform(0.015, 0.06), -30, 30)))
    return cv2.GaussianBlur(out.astype(np.float32), (0, 0), rng.uniform(0.3, 0.25 + 0.3 * period))


def altered(rng, crop: np.ndarray) -> np.ndarray:
    """Tone, softness, grain, screens and covered parts of one crop, float32 levels."""
    out = crop.astype(np.float32)
    if rng.random() < 0.35:
        out = 255 * (out / 255) ** float(np.exp(rng.normal(0, 0.45)))
    tone = rng.random()
    if tone < 0.14:  # burnt out or sunk in black: what lies beyond a level of the face is pressed together
        beyond = np.quantile(out[16:48, 16:48], rng.uniform(0.25, 0.8))
        out = np.where((out > beyond) == (tone < 0.08), beyond + (out - beyond) * rng.uniform(0.05, 0.4), out).astype(np.float32)
    if rng.random() < 0.12:  # a small face
        small = int(rng.integers(14, 44))
        out = cv2.resize(cv2.resize(out, (small, small), interpolation=cv2.INTER_AREA), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.25:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6) if rng.random() < 0.7 else rng.uniform(1.6, 2.8))
    if rng.random() < 0.16:
        out = screened(rng, out)
    if rng.random() < 0.2:
        grain = rng.normal(size=out.shape).astype(np.float32)
        out += rng.uniform(2, 22) * (grain if rng.random() < 0.5 else 2 * cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.6, 1.2)))
    if rng.random() < 0.15:
        out = (out - out.mean()) * rng.uniform(0.15, 0.7) + rng.uniform(30, 220)
    if rng.random() < 0.08:
        x, y = (int(v) for v in rng.integers(0, SIDE - 8, 2))
        w, h = (int(v) for v in rng.integers(3, 22, 2))
        out[y:y + h, x:x + w] = rng.uniform(0, 255)
    return np.clip(out, 0, 255)


class Shown(NamedTuple):
    """One example as the net sees it: crop, label, what is wanted of the places (weight 0 where there is no face), and whence it came."""

    crop: np.ndarray
    label: float
    want: np.ndarray
    pool: Pool
    at: int


def example(rng, store: Store) -> Shown:
    kind = rng.random()
    near = 0.50 <= kind < 0.52
    if kind < 0.25:
        pool, at = store.positive, store.positive.drawn(rng, 1)
    elif kind < 0.55:
        pool, at = store.faces, store.faces.drawn(rng, 1)
    elif kind < 0.58 and store.between:
        pool, at = store.between, store.between.drawn(rng, 1)
    else:
        pool, at = store.negative, store.negative.drawn(rng, -1)
    one = pool[at]
    box = one.box.astype(np.float64)
    side, middle = side_of(box), box[:2] + box[2:] / 2
    proposed = one.label < 1 or kind < 0.25
    wide = 0.03 if proposed else 0.05 if near else 0.12 if rng.random() < 0.6 else 0.04
    middle = middle + rng.normal(0, wide, 2) * np.sqrt(box[2] * box[3])
    side *= float(np.exp(rng.normal(0, 0.05 if proposed else 0.08 if near else 0.16 if wide == 0.12 else 0.06))) * (NEAR / REACH if near else 1)
    turn = float(rng.normal(0, 0.12)) if rng.random() < 0.6 else 0.0
    flip = rng.random() < 0.5
    crop = crop_of(store.levels[one.scene], middle, side, turn)
    want = np.zeros(16, np.float32) if one.face is None else wanted(one.face, middle, side, turn, flip)
    return Shown(altered(rng, crop[:, ::-1] if flip else crop), -1.0 if near else float(one.label), want, pool, at)


def loss_of(both: tuple[torch.Tensor, torch.Tensor], label: torch.Tensor, want: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
    """The loss and its PARTS: cross entropy of the sureness; L1 of landmarks and of the box's corners in distances between the eyes; the surprise of the maps."""
    answer, maps = both[0].float(), both[1]
    counts = (label >= 0).float()
    sure = (F.binary_cross_entropy_with_logits(answer[:, 0], torch.clamp(label, min=0.0), reduction="none") * counts).sum() / counts.sum().clamp(min=1)
    weight, width = want[:, 0], want[:, 15].clamp(min=0.2)
    total = weight.sum().clamp(min=1)
    apart = (answer[:, 1:] - want[:, 1:15]).abs() / (EYES * width[:, None]) * weight[:, None]
    marks, box = apart[:, :10].mean(1).sum() / total, apart[:, 10:].mean(1).sum() / total
    spread = surprise(maps, want[:, 1:15].view(-1, 7, 2), SPREAD, weight)
    return sure + MARKS * marks + 0.7 * box + 0.15 * spread, np.array([float(part.detach()) for part in (sure, marks, box, spread)])


def placed(said: np.ndarray, box: np.ndarray, side: float) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks [5, 2] and box (x, y, w, h) in pixels of the scene, of the net's answer for the crop of `side` px around `box`."""
    points = said[1:15].reshape(7, 2) * side / 2 + box[:2] + box[2:] / 2
    return points[:5], np.concatenate([points[5], np.maximum(points[6] - points[5], 2.0)])


@torch.no_grad()
def validate(net: LookNet, store: Store) -> dict[str, float]:
    """On proposals as they are: recall at 5 % and at 1 % of the false ones left, landmark error (mean distance over the distance of the
    eyes, heads turned under 0.8 rad) at the first look, then after a nearer one over all faces (mean, median) and those 32 px wide or more."""
    was = net.training
    net.eval()
    scores: dict[int, list[float]] = {0: [], 1: []}
    errors, widths, again = [], [], []
    every = store.positive[:VALIDATED] + store.negative[:2 * VALIDATED]
    for start in range(0, len(every), 128):
        part = every[start:start + 128]
        crops = np.stack([crop_of(store.levels[e.scene], e.box[:2] + e.box[2:] / 2, side_of(e.box)) for e in part]).astype(np.float32)
        answer = net(evened(torch.from_numpy(crops)[:, None])).numpy()
        for one, said in zip(part, answer):
            scores[one.label].append(float(said[0]))
            if one.face is None or one.face[14] >= 0.8:
                continue
            five, box = placed(said, one.box.astype(np.float64), side_of(one.box))
            side = side_of(box, NEAR)
            crop = crop_of(store.levels[one.scene], box[:2] + box[2:] / 2, side).astype(np.float32)
            near, _ = placed(net(evened(torch.from_numpy(crop)[None, None]))[0].numpy(), box, side)
            truth = one.face[4:14].reshape(5, 2)
            away = lambda five: float(np.linalg.norm(five - truth, axis=1).mean() / max(1.0, np.linalg.norm(truth[0] - truth[1])))  # noqa: E731,B023
            errors.append(away(five))
            again.append(away(near))
            widths.append(one.face[2])
    net.train(was)
    none, faces, errors, again = np.sort(scores[0]), np.array(scores[1]), np.array(errors), np.array(again)
    large = np.array(widths) >= 32
    at = lambda share: float((faces >= none[int((1 - share) * (len(none) - 1))]).mean())  # noqa: E731
    return dict(at5=at(0.05), at1=at(0.01), marks=float(errors.mean()), near=float(again.mean()), median=float(np.median(again)), large=float(again[large].mean()) if large.any() else 1.0)


def main() -> None:
    parser = command_line(__doc__, rate=1.5e-3, batch=48, seed=20261127)
    parser.add_argument("--store", required=True, help="folder written by training.face_candidates")
    parser.add_argument("--widths", type=int, nargs=4, default=WIDTHS, help="channels at strides 2, 4, 8, 16")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    net = LookNet(tuple(args.widths))
    run = Training(args, net, "face-look", clip=5.0, optimiser=Orthogonal(net, args.rate, outer=("stem", "maps", "answer", "view", "squeeze")), crop=SIDE, widths=list(args.widths))
    store, check = Store(args.store, "train"), Store(args.store, "validation")

    def step() -> tuple[torch.Tensor, np.ndarray]:
        made = [example(run.rng, store) for _ in range(args.batch)]
        x = evened(torch.from_numpy(np.stack([m.crop for m in made]).astype(np.float32))[:, None])
        with narrow(args):
            both = run.net.both(x)
        for one, said in zip(made, both[0][:, 0].detach().tolist()):
            if one.label >= 0:
                one.pool.said[one.at] = said
        return loss_of(both, torch.tensor([m.label for m in made]), torch.from_numpy(np.stack([m.want for m in made])))

    def after(number: int) -> None:
        if number % VALIDATE_EVERY == 0:
            store.refresh()
            print("  " + " ".join(f"{k} {v:.3f}" for k, v in validate(run.average.net, check).items()), flush=True)

    told = lambda sums: " ".join(f"{name} {value:.4f}" for name, value in zip(PARTS, sums / TOLD_EVERY))  # noqa: E731
    run.go(step, told, f"{len(store.levels)} scenes, {len(store.faces)} faces, {len(store.positive)} proposals of faces, {len(store.negative)} of none, "
           f"{len(check.positive)} and {len(check.negative)} to validate on", after)


if __name__ == "__main__":
    main()
