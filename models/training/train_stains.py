"""Trains the stain net on stains laid over aged scenes.

    python -m training.train_stains --data DIR --checkpoint stains.pt --minutes 35 --bf16

Samples are made while training and used several times from a pool, turned, mirrored, and lit a little differently each time. Every
MINE_EVERY steps the net looks at a scene without stains; where it sees some all the same becomes a sample (hard-negative mining).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from .loop import Training
from .orthogonal import Orthogonal
from .schedule import command_line, narrow
from .stain_net import STRIDE, StainNet, prepared
from .stain_scenes import UNDECIDED, Scenes, resembling

SEED = 20261131
POOL, FRESH = 3000, 3  # samples that are kept, and new ones in every batch
MINE_EVERY, MINE_LEVEL, MINE_LEAST, MINE_KEEP = 8, 0.3, 0.004, 400
HARDEST = 0.5  # weight of the hardest bare cells


class Pool:
    """Samples kept for a while, each seen several times."""

    def __init__(self, rng, scenes: Scenes, side: int, start: int = 200):
        self.rng, self.scenes, self.side = rng, scenes, side
        self.kept = [scenes.sample(rng, side) for _ in range(start)]
        self.next = 0

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """(pictures uint8 [size, side, side, 3], marks uint8 [size, side/4, side/4])."""
        chosen = []
        for _ in range(FRESH):
            made = self.scenes.sample(self.rng, self.side)
            chosen.append(made)
            if len(self.kept) < POOL:
                self.kept.append(made)
            else:
                self.kept[self.next] = made
                self.next = (self.next + 1) % POOL
        chosen += [self.kept[int(i)] for i in self.rng.integers(0, len(self.kept), size - len(chosen))]
        pictures, marks = [], []
        for picture, mark in chosen:
            turns = int(self.rng.integers(4)) if self.rng.random() < 0.5 else 0
            picture, mark = np.rot90(picture, turns), np.rot90(mark, turns)
            if self.rng.random() < 0.5:
                picture, mark = picture[:, ::-1], mark[:, ::-1]
            if self.rng.random() < 0.5:
                gains = self.rng.uniform(0.88, 1.08) * self.rng.uniform(0.96, 1.04, 3)
                picture = np.clip(picture * gains.astype(np.float32) + 0.5, 0, 255).astype(np.uint8)
            pictures.append(picture)
            marks.append(mark)
        stacked = lambda arrays: torch.from_numpy(np.ascontiguousarray(np.stack(arrays)))  # noqa: E731
        return stacked(pictures), stacked(marks)


def loss_of(logits: torch.Tensor, marks: torch.Tensor) -> torch.Tensor:
    """BCE, the hardest tenth of the bare cells counted once more, and Dice over the batch; undecided cells do not count."""
    counted, wanted = (marks != UNDECIDED).float(), (marks == 1).float()
    each = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * counted
    bare = (each * (1 - wanted)).flatten()
    hardest = bare.topk(max(1, bare.numel() // 10)).values.mean()
    p = torch.sigmoid(logits) * counted
    dice = 1 - (2 * (p * wanted).sum() + 20) / (p.sum() + wanted.sum() + 20)
    return 2.0 * each.sum() / counted.sum() + HARDEST * hardest + dice


@torch.no_grad()
def mine(rng, scenes: Scenes, net: StainNet, side: int) -> None:
    """Looks at a bare scene of 1.6 times the side and keeps the place where the net sees most stains."""
    wide = side * 8 // 5
    image = scenes.crop(rng, wide)
    if rng.random() < 0.4:
        image = resembling(rng, image)
    picture = scenes.finished(rng, scenes.bare(rng, image, 0.7))
    seen = torch.sigmoid(net(prepared(torch.from_numpy(picture)[None])))[0, 0].numpy()
    if float((seen > MINE_LEVEL).mean()) < MINE_LEAST:
        return
    row, column = np.unravel_index(int(np.argmax(seen)), seen.shape)
    top, left = (int(np.clip(v * STRIDE - side / 2 + rng.uniform(-36, 36), 0, wide - side)) for v in (row, column))
    crop = picture[top:top + side, left:left + side].copy()
    if len(scenes.mined) < MINE_KEEP:
        scenes.mined.append(crop)
    else:
        scenes.mined[int(rng.integers(MINE_KEEP))] = crop


def main() -> None:
    parser = command_line(__doc__, rate=1.5e-3, batch=16, seed=SEED)
    parser.add_argument("--data", help="folder with photographs/, colour/, colour-small/ and damage-masks/")
    parser.add_argument("--heads", help="folder of rendered heads (heads_sprites)")
    parser.add_argument("--crop", type=int, default=160, help="side of a crop in pixels")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    net = StainNet()
    run = Training(args, net, "stains", clip=5.0, optimiser=Orthogonal(net, args.rate, outer=("stem", "answer")), crop=args.crop)
    scenes = Scenes(args.data, "train", args.seed, heads=args.heads)
    pool = Pool(run.rng, scenes, args.crop)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        pictures, marks = pool.batch(args.batch)
        with narrow(args):
            logits = net(prepared(pictures).contiguous(memory_format=torch.channels_last)).float()[:, 0]
        with torch.no_grad():
            counted, wanted = marks != UNDECIDED, marks == 1
            found = (logits > 0) & counted
            counts = torch.stack([(found & wanted).sum(), found.sum(), wanted.sum()]).double().numpy()
        return loss_of(logits, marks), counts

    def after(number: int) -> None:
        if number % MINE_EVERY == 0 and number >= 1000:
            run.average.net.eval()
            mine(run.rng, scenes, run.average.net, args.crop)

    def told(sums: np.ndarray) -> str:
        return f"recall {sums[0] / max(1, sums[2]):.3f} precision {sums[0] / max(1, sums[1]):.3f} mined {len(scenes.mined)}"

    run.go(step, told, f"{' + '.join(str(len(bank)) for _, bank in scenes.banks)} pictures, {len(scenes.masks or [])} masks", after)


if __name__ == "__main__":
    main()
