"""Trains damage-s: masks of scratches, dust and stains from luma.

    python -m training.train_damage --data DIR --checkpoint damage-s.pt --iterations 15000

Loss: binary cross-entropy + soft Dice, per class. Three samples in ten have no damage; half of all get lettering, wires,
twigs and the like painted into the scene before ageing (`lookalikes`), unmarked. Half are seen at half size, since the
engine runs the net at 1× and 0.5× and takes the larger probability.
"""

from __future__ import annotations

import os
from dataclasses import replace

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from .dead_leaves import lookalikes
from .degrade import LUMA, age
from .loop import Training
from .marks import MaskSet
from .nets import DamageNet
from .sampling import Clean, damage_recipe
from .schedule import arguments, narrow

SEED = 20261122
POOL, FRESH = 320, 1
EASY = 0.15  # share of the training over which easy samples and the weight of damaged pixels fade out
WEIGHT = (2.0, 5.0, 2.0)  # scratch, dust, stain
HALF_SHARE = 0.5  # share of a half-size pixel's area that must be damaged for it to count
UNDECIDED = 2  # less than that, but some: no loss there


def sample(rng, clean: Clean, masks: MaskSet | None, side: int, ease: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """(luma, marks): uint8 [side, side] and uint8 [3, side, side] of 0, 1 or UNDECIDED, at full or half size.

    A share `ease` of the samples comes without lookalikes, noise, blur and JPEG.
    """
    easy = rng.random() < ease
    half = rng.random() < 0.5
    size = 2 * side if half else side + 32
    image = clean.crop(rng, size)
    if not easy and rng.random() < 0.5:
        image = lookalikes(rng, image)
    recipe = damage_recipe(rng, 0.1 if easy else 0.3)
    if easy:
        recipe = replace(recipe, grain=0.0, noise=0.0, blur=0.8, resample=1.0, jpeg=None)
    aged, _, marked = age(image, int(rng.integers(1 << 31)), recipe, masks)
    luma = np.round(aged @ LUMA * 255).astype(np.uint8)
    if half:
        luma = cv2.resize(luma, (side, side), interpolation=cv2.INTER_AREA)
        share = cv2.resize(marked, (side, side), interpolation=cv2.INTER_AREA)
        marked = np.where(share >= HALF_SHARE, 1.0, np.where(share > 0.1, UNDECIDED, 0.0))
    else:
        y, x = rng.integers(0, 33, 2)
        luma, marked = luma[y:y + side, x:x + side], marked[y:y + side, x:x + side]
    return luma, marked.transpose(2, 0, 1).astype(np.uint8)


class Pool:
    """Samples kept for about `POOL / FRESH` iterations, each time turned and mirrored anew: ageing costs more than it should."""

    def __init__(self, rng, clean: Clean, masks: MaskSet | None, side: int, ease: float):
        self.rng, self.clean, self.masks, self.side = rng, clean, masks, side
        self.kept = [sample(rng, clean, masks, side, ease) for _ in range(POOL)]
        self.next = 0

    def batch(self, size: int, ease: float) -> tuple[torch.Tensor, torch.Tensor]:
        for _ in range(FRESH):
            self.kept[self.next] = sample(self.rng, self.clean, self.masks, self.side, ease)
            self.next = (self.next + 1) % POOL
        lumas, marks = [], []
        for i in self.rng.choice(POOL, size, replace=False):
            luma, mark = self.kept[int(i)]
            turns, mirror = int(self.rng.integers(4)), self.rng.random() < 0.5
            luma, mark = np.rot90(luma, turns), np.rot90(mark, turns, (1, 2))
            if mirror:
                luma, mark = luma[:, ::-1], mark[:, :, ::-1]
            lumas.append(luma[None])
            marks.append(mark)
        as_tensor = lambda arrays, scale: torch.from_numpy(np.ascontiguousarray(np.stack(arrays)).astype(np.float32) / scale)  # noqa: E731
        return as_tensor(lumas, 255.0), as_tensor(marks, 1.0)


def loss_of(logits, marks, ease: float = 0.0):
    """BCE averaged over pixels + Dice per class over the batch (20 px added on both sides: empty classes cost little).

    Damaged pixels weigh `WEIGHT` times as much, which gets the net off "nothing anywhere", and up to four times that while
    `ease` lasts. Probabilities are therefore too high; the thresholds are chosen on validation pictures (calibrate.py).
    """
    counted = (marks != UNDECIDED).float()
    wanted = (marks == 1).float()
    weight = torch.tensor(WEIGHT).reshape(1, 3, 1, 1) * (1.0 + 3.0 * ease)
    bce = F.binary_cross_entropy_with_logits(logits, wanted, weight=counted, pos_weight=weight)
    p = torch.sigmoid(logits) * counted
    both = (p * wanted).sum((0, 2, 3))
    dice = 1 - (2 * both + 20) / (p.sum((0, 2, 3)) + wanted.sum((0, 2, 3)) + 20)
    return 2.0 * bce + dice.mean()


def main() -> None:
    args = arguments(__doc__, rate=1.2e-3, batch=4, seed=SEED, crop=224)
    torch.manual_seed(args.seed)
    net = DamageNet()
    run = Training(args, net, "damage-s", clip=1.0, crop=args.crop)
    clean = Clean(args.data, "train", leaves=160, seed=args.seed, leaves_share=0.08, folders=("photographs",))
    masks = MaskSet(os.path.join(args.data, "damage-masks"), "train") if args.data else None
    ease = lambda: 0.0 if args.start else max(0.0, 1.0 - run.schedule.progress / EASY)  # noqa: E731
    pool = Pool(run.rng, clean, masks, args.crop, ease())

    def step() -> tuple[torch.Tensor, np.ndarray]:
        luma, marks = pool.batch(args.batch, ease())
        with narrow(args):
            logits = net(luma.contiguous(memory_format=torch.channels_last)).float()
        with torch.no_grad():
            found, wanted = ((logits > 0) & (marks != UNDECIDED)).float(), (marks == 1).float()
            counts = torch.stack([(found * wanted).sum((0, 2, 3)), found.sum((0, 2, 3)), wanted.sum((0, 2, 3))]).numpy()
        return loss_of(logits, marks, ease()), counts

    told = lambda sums: f"F1 {np.round(2 * sums[0] / np.maximum(1, sums[1] + sums[2]), 3)}"  # noqa: E731
    run.go(step, told, f"{len(clean.photographs)} photographs, {len(masks or [])} masks")


if __name__ == "__main__":
    main()
