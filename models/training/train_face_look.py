"""Trains the second look at a face candidate, on rendered heads and on what the first net takes for faces: no real person is seen.

    python -m training.face_candidates  --data DIR --sprites SPRITES --out STORE --part train --scenes 8000
    python -m training.face_candidates  --data DIR --sprites SPRITES --out STORE --part validation --scenes 320 --seed 67026
    python -m training.train_face_look  --store STORE --checkpoint look.pt --minutes 40 --bf16

Half of a batch shows faces, as proposed by the first net or placed about as wrongly; the other half shows proposals that are no
face, and places beside faces.
"""

from __future__ import annotations

import glob
import os
from typing import NamedTuple

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from .face_crops import SIDE, crop_of, levels_of, side_of
from .face_look import MAP, LookNet, evened
from .judging_faces import overlap
from .loop import TOLD_EVERY, Training
from .schedule import command_line, narrow

IS_FACE, IS_NONE = 0.35, 0.15  # intersection over union of a proposal with a face from which, and under which, it is one or none
PLACED = 0.2                   # from which box and landmarks are learnt
MIRRORED = [1, 0, 2, 4, 3]
VALIDATED = 500                # proposals of faces looked at to validate, and half of those of none
SPREAD = 1.2                   # cells
VALIDATE_EVERY = 1000
PARTS = ("sure", "marks", "box", "maps")  # of the loss
EYES = 0.37                    # usual distance between the eyes, in widths of the face


class Example(NamedTuple):
    """`scene` indexes the store; `box` x, y, w, h of the proposal; `face` [17] (box, five, turn, judged) or None; `label` 1, 0 or −1 (not judged)."""

    scene: int
    box: np.ndarray
    face: np.ndarray | None
    label: int


class Store:
    """The files of one part, in memory; `refresh` takes what was added since."""

    def __init__(self, folder: str, part: str):
        self.folder, self.part, self.taken = folder, part, set()
        self.levels: list[list[np.ndarray]] = []
        self.positive: list[Example] = []
        self.negative: list[Example] = []
        self.between: list[Example] = []
        self.faces: list[Example] = []
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


def altered(rng, crop: np.ndarray) -> np.ndarray:
    """Tone, softness, grain and covered parts of one crop, float32 levels."""
    out = crop.astype(np.float32)
    if rng.random() < 0.35:
        out = 255 * (out / 255) ** float(np.exp(rng.normal(0, 0.45)))
    if rng.random() < 0.25:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6))
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


def example(rng, store: Store) -> tuple[np.ndarray, float, np.ndarray]:
    """Crop, label and what is wanted of the places (weight 0 where there is no face)."""
    kind = rng.random()
    if kind < 0.30:
        one = store.positive[int(rng.integers(len(store.positive)))]
    elif kind < 0.52:
        one = store.faces[int(rng.integers(len(store.faces)))]
    elif kind < 0.55 and store.between:
        one = store.between[int(rng.integers(len(store.between)))]
    else:
        one = store.negative[int(rng.integers(len(store.negative)))]
    box = one.box.astype(np.float64)
    side, middle = side_of(box), box[:2] + box[2:] / 2
    wide = 0.03 if one.label < 1 or kind < 0.30 else 0.12 if rng.random() < 0.6 else 0.04
    middle = middle + rng.normal(0, wide, 2) * np.sqrt(box[2] * box[3])
    side *= float(np.exp(rng.normal(0, 0.05 if wide == 0.03 else 0.16 if wide == 0.12 else 0.06)))
    turn = float(rng.normal(0, 0.12)) if rng.random() < 0.6 else 0.0
    flip = rng.random() < 0.5
    crop = crop_of(store.levels[one.scene], middle, side, turn)
    want = np.zeros(16, np.float32) if one.face is None else wanted(one.face, middle, side, turn, flip)
    return altered(rng, crop[:, ::-1] if flip else crop), float(one.label), want


def loss_of(both: tuple[torch.Tensor, torch.Tensor], label: torch.Tensor, want: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
    """The loss and its PARTS: cross entropy of the sureness; L1 of landmarks and of the box's corners in distances between the eyes; cross entropy of the
    maps against a bell of SPREAD cells, which teaches them sooner than their means do."""
    answer, maps = both[0].float(), both[1]
    counts = (label >= 0).float()
    sure = (F.binary_cross_entropy_with_logits(answer[:, 0], torch.clamp(label, min=0.0), reduction="none") * counts).sum() / counts.sum().clamp(min=1)
    weight, width = want[:, 0], want[:, 15].clamp(min=0.2)
    total = weight.sum().clamp(min=1)
    apart = (answer[:, 1:] - want[:, 1:15]).abs() / (EYES * width[:, None]) * weight[:, None]
    marks, box = apart[:, :10].mean(1).sum() / total, apart[:, 10:].mean(1).sum() / total
    cells = (torch.arange(MAP) + 0.5) / MAP * 2 - 1
    points = want[:, 1:15].view(-1, 7, 2)
    inside = (points.abs() < 1).all(2).float() * weight[:, None]
    bell = lambda k: torch.softmax(-((points[:, :, k:k + 1] - cells) * (MAP / 2 / SPREAD)) ** 2 / 2, 2)  # noqa: E731
    target = bell(1)[:, :, :, None] * bell(0)[:, :, None, :]
    surprise = -(target.flatten(2) * F.log_softmax(maps.flatten(2), 2)).sum(2)
    spread = (surprise * inside).sum() / inside.sum().clamp(min=1)
    return sure + 1.5 * marks + 0.7 * box + 0.15 * spread, np.array([float(part.detach()) for part in (sure, marks, box, spread)])


@torch.no_grad()
def validate(net: LookNet, store: Store) -> dict[str, float]:
    """On proposals as they are: recall at 5 % and at 1 % of the false ones left, landmark error (mean distance over the distance of the
    eyes, heads turned under 0.8 rad) over all faces and over those 32 px wide or more."""
    was = net.training
    net.eval()
    scores: dict[int, list[float]] = {0: [], 1: []}
    errors, widths = [], []
    every = store.positive[:VALIDATED] + store.negative[:2 * VALIDATED]
    for start in range(0, len(every), 128):
        part = every[start:start + 128]
        crops = np.stack([crop_of(store.levels[e.scene], e.box[:2] + e.box[2:] / 2, side_of(e.box)) for e in part]).astype(np.float32)
        answer = net(evened(torch.from_numpy(crops)[:, None])).numpy()
        for one, said in zip(part, answer):
            scores[one.label].append(float(said[0]))
            if one.face is None or one.face[14] >= 0.8:
                continue
            side, middle = side_of(one.box), one.box[:2] + one.box[2:] / 2
            five, truth = said[1:11].reshape(5, 2) * side / 2 + middle, one.face[4:14].reshape(5, 2)
            errors.append(np.linalg.norm(five - truth, axis=1).mean() / max(1.0, np.linalg.norm(truth[0] - truth[1])))
            widths.append(one.face[2])
    net.train(was)
    none, faces, errors = np.sort(scores[0]), np.array(scores[1]), np.array(errors)
    large = np.array(widths) >= 32
    at = lambda share: float((faces >= none[int((1 - share) * (len(none) - 1))]).mean())  # noqa: E731
    return dict(at5=at(0.05), at1=at(0.01), marks=float(errors.mean()), median=float(np.median(errors)), large=float(errors[large].mean()) if large.any() else 1.0)


def main() -> None:
    parser = command_line(__doc__, rate=2e-3, batch=48, seed=20261127)
    parser.add_argument("--store", required=True, help="folder written by training.face_candidates")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    run = Training(args, LookNet(), "face-look", clip=5.0, momentum=(0.9, 0.999), crop=SIDE)
    store, check = Store(args.store, "train"), Store(args.store, "validation")

    def step() -> tuple[torch.Tensor, np.ndarray]:
        made = [example(run.rng, store) for _ in range(args.batch)]
        x = evened(torch.from_numpy(np.stack([m[0] for m in made]).astype(np.float32))[:, None])
        with narrow(args):
            both = run.net.both(x)
        return loss_of(both, torch.tensor([m[1] for m in made]), torch.from_numpy(np.stack([m[2] for m in made])))

    def after(number: int) -> None:
        if number % VALIDATE_EVERY == 0:
            store.refresh()
            print("  " + " ".join(f"{k} {v:.3f}" for k, v in validate(run.average.net, check).items()), flush=True)

    told = lambda sums: " ".join(f"{name} {value:.4f}" for name, value in zip(PARTS, sums / TOLD_EVERY))  # noqa: E731
    run.go(step, told, f"{len(store.levels)} scenes, {len(store.faces)} faces, {len(store.positive)} proposals of faces, {len(store.negative)} of none, "
           f"{len(check.positive)} and {len(check.negative)} to validate on", after)


if __name__ == "__main__":
    main()
