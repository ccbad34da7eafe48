"""Trains the lettering net on rendered lettering over aged scenes.

    python -m training.train_lettering --data DIR --checkpoint lettering.pt --minutes 35 --bf16

Samples are made while training and used several times from a pool, mirrored and turned now and then (plates are scanned from
the wrong side). Every MINE_EVERY steps the net looks at a photograph without lettering; what it takes for lettering there
becomes a sample without any (hard-negative mining).
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from .letter_net import STRIDE, LetterNet, prepared
from .letter_scenes import UNDECIDED, Scenes
from .loop import Training
from .schedule import arguments, narrow

SEED = 20261128
POOL, FRESH = 900, 1
MINE_EVERY, MINE_LEVEL, MINE_KEEP = 10, 0.3, 300
WEIGHT = 2.5   # of cells on lettering
HARDEST = 0.4  # weight of the hardest empty cells


class Pool:
    """Samples kept for a while; each is seen about POOL / FRESH times its share, turned by a quarter in one case of four."""

    def __init__(self, rng, scenes: Scenes, side: int, start: int = 160):
        self.rng, self.scenes, self.side = rng, scenes, side
        self.kept = [scenes.sample(rng, side) for _ in range(start)]
        self.next = 0

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        chosen = []
        for _ in range(FRESH):
            made = self.scenes.sample(self.rng, self.side)
            chosen.append(made)
            if len(self.kept) < POOL:
                self.kept.append(made)
            else:
                self.kept[self.next] = made
                self.next = (self.next + 1) % POOL
        chosen += [self.kept[int(i)] for i in self.rng.integers(0, len(self.kept), size - FRESH)]
        lumas, marks = [], []
        for luma, mark in chosen:
            turns = int(self.rng.integers(4)) if self.rng.random() < 0.25 else 0
            luma, mark = np.rot90(luma, turns), np.rot90(mark, turns)
            if self.rng.random() < 0.25:
                luma, mark = luma[:, ::-1], mark[:, ::-1]
            lumas.append(luma)
            marks.append(mark)
        stacked = lambda arrays: torch.from_numpy(np.ascontiguousarray(np.stack(arrays)))  # noqa: E731
        return stacked(lumas), stacked(marks)


def loss_of(logits: torch.Tensor, marks: torch.Tensor) -> torch.Tensor:
    """BCE, the hardest tenth of the empty cells counted once more, and Dice over the batch; undecided cells do not count."""
    counted, wanted = (marks != UNDECIDED).float(), (marks == 1).float()
    each = F.binary_cross_entropy_with_logits(logits, wanted, pos_weight=torch.tensor(WEIGHT), reduction="none") * counted
    empty = (each * (1 - wanted)).flatten()
    hardest = empty.topk(max(1, empty.numel() // 10)).values.mean()
    p = torch.sigmoid(logits) * counted
    dice = 1 - (2 * (p * wanted).sum() + 20) / (p.sum() + wanted.sum() + 20)
    return 2.0 * each.sum() / counted.sum() + HARDEST * hardest + dice


@torch.no_grad()
def mine(rng, scenes: Scenes, net: LetterNet, side: int) -> None:
    """Looks at a piece of a photograph at a random scale and keeps the place where the net sees most lettering."""
    image, _ = scenes.clean.photographs[int(rng.integers(len(scenes.clean.photographs)))]
    wide = 2 * side
    take = min(int(np.exp(rng.uniform(np.log(150), np.log(1360)))), min(image.shape[:2]))
    y, x = int(rng.integers(image.shape[0] - take + 1)), int(rng.integers(image.shape[1] - take + 1))
    grey = cv2.cvtColor(np.ascontiguousarray(image[y:y + take, x:x + take]), cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, (wide, wide), interpolation=cv2.INTER_AREA if take > wide else cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        grey = np.clip(grey + rng.normal(0, rng.uniform(1, 9), grey.shape), 0, 255).astype(np.uint8)
    seen = torch.sigmoid(net(prepared(torch.from_numpy(grey)[None])))[0, 0].numpy()
    if float((seen > MINE_LEVEL).mean()) < 0.0008:
        return
    row, column = np.unravel_index(int(np.argmax(cv2.blur(seen, (9, 9)))), seen.shape)
    top, left = (int(np.clip(v * STRIDE - side / 2 + rng.uniform(-30, 30), 0, wide - side)) for v in (row, column))
    crop = grey[top:top + side, left:left + side].copy()
    if len(scenes.mined) < MINE_KEEP:
        scenes.mined.append(crop)
    else:
        scenes.mined[int(rng.integers(MINE_KEEP))] = crop


def main() -> None:
    args = arguments(__doc__, rate=2.5e-3, batch=10, seed=SEED, crop=192)
    torch.manual_seed(args.seed)
    net = LetterNet()
    run = Training(args, net, "lettering", clip=5.0, crop=args.crop)
    scenes = Scenes(args.data, "train", args.seed)
    pool = Pool(run.rng, scenes, args.crop)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        luma, marks = pool.batch(args.batch)
        with narrow(args):
            logits = net(prepared(luma).contiguous(memory_format=torch.channels_last)).float()[:, 0]
        with torch.no_grad():
            found, wanted = ((logits > 0) & (marks != UNDECIDED)).float(), (marks == 1).float()
            counts = torch.stack([(found * wanted).sum(), found.sum(), wanted.sum()]).numpy()
        return loss_of(logits, marks), counts

    def after(number: int) -> None:
        if number % MINE_EVERY == 0 and number >= 300 and scenes.clean.photographs:
            run.average.net.eval()
            mine(run.rng, scenes, run.average.net, args.crop)

    def told(sums: np.ndarray) -> str:
        return f"recall {sums[0] / max(1, sums[2]):.3f} precision {sums[0] / max(1, sums[1]):.3f} mined {len(scenes.mined)}"

    run.go(step, told, f"{len(scenes.clean.photographs)} photographs, {len(scenes.masks or [])} masks, {len(scenes.print)} + {len(scenes.hand)} families", after)


if __name__ == "__main__":
    main()
