"""What the trainings of nets that answer for cells of 4×4 px have in common (train_lettering, train_stains): a pool of samples, the
loss, what is told of a batch, and the place that hard-negative mining cuts out.

A sample is (picture uint8 [side, side] or [side, side, 3], marks uint8 [side/4, side/4]); marks are 0 nothing, 1 wanted, 2 undecided.
"""

from __future__ import annotations

from typing import Callable

import numpy as np
import torch
import torch.nn.functional as F

STRIDE, UNDECIDED = 4, 2

Sample = tuple[np.ndarray, np.ndarray]


class Pool:
    """Keeps the last `most` samples that `make()` gave, `start` of them from the beginning; every batch brings `fresh` new ones."""

    def __init__(self, rng, make: Callable[[], Sample], most: int, fresh: int, start: int, turned: float, mirrored: float, lit: Callable[[np.ndarray], np.ndarray] = lambda picture: picture):
        self.rng, self.make, self.most, self.fresh = rng, make, most, fresh
        self.turned, self.mirrored, self.lit = turned, mirrored, lit
        self.kept = [make() for _ in range(start)]
        self.next = 0

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """(pictures uint8 [size, side, side(, 3)], marks uint8 [size, side/4, side/4]), a share of them turned by a quarter, mirrored, `lit` anew."""
        chosen = []
        for _ in range(self.fresh):
            made = self.make()
            chosen.append(made)
            if len(self.kept) < self.most:
                self.kept.append(made)
            else:
                self.kept[self.next] = made
                self.next = (self.next + 1) % self.most
        chosen += [self.kept[int(i)] for i in self.rng.integers(0, len(self.kept), size - self.fresh)]
        pictures, marks = [], []
        for picture, mark in chosen:
            turns = int(self.rng.integers(4)) if self.rng.random() < self.turned else 0
            picture, mark = np.rot90(picture, turns), np.rot90(mark, turns)
            if self.rng.random() < self.mirrored:
                picture, mark = picture[:, ::-1], mark[:, ::-1]
            pictures.append(self.lit(picture))
            marks.append(mark)
        stacked = lambda arrays: torch.from_numpy(np.ascontiguousarray(np.stack(arrays)))  # noqa: E731
        return stacked(pictures), stacked(marks)


def loss_of(logits: torch.Tensor, marks: torch.Tensor, hardest: float, weight: float = 1.0) -> torch.Tensor:
    """BCE (wanted cells times `weight`), the hardest tenth of the bare cells counted `hardest` times more, and Dice over the batch; undecided
    cells do not count."""
    counted, wanted = (marks != UNDECIDED).float(), (marks == 1).float()
    each = F.binary_cross_entropy_with_logits(logits, wanted, pos_weight=torch.tensor(weight), reduction="none") * counted
    bare = (each * (1 - wanted)).flatten()
    worst = bare.topk(max(1, bare.numel() // 10)).values.mean()
    p = torch.sigmoid(logits) * counted
    dice = 1 - (2 * (p * wanted).sum() + 20) / (p.sum() + wanted.sum() + 20)
    return 2.0 * each.sum() / counted.sum() + hardest * worst + dice


@torch.no_grad()
def counts_of(logits: torch.Tensor, marks: torch.Tensor) -> np.ndarray:
    """Cells found rightly, found, and wanted."""
    found, wanted = (logits > 0) & (marks != UNDECIDED), marks == 1
    return torch.stack([(found & wanted).sum(), found.sum(), wanted.sum()]).double().numpy()


def told(sums: np.ndarray, mined: list) -> str:
    """Those counts, summed, in words."""
    return f"recall {sums[0] / max(1, sums[2]):.3f} precision {sums[0] / max(1, sums[1]):.3f} mined {len(mined)}"


def keep_mined(rng, mined: list[np.ndarray], most: int, picture: np.ndarray, seen: np.ndarray, side: int, shift: float) -> None:
    """Cuts a piece of `side` px about the largest cell of `seen`, up to `shift` px beside it, and keeps it; of `most` pieces one gives way."""
    row, column = np.unravel_index(int(np.argmax(seen)), seen.shape)
    wide = picture.shape[0]
    top, left = (int(np.clip(v * STRIDE - side / 2 + rng.uniform(-shift, shift), 0, wide - side)) for v in (row, column))
    crop = picture[top:top + side, left:left + side].copy()
    if len(mined) < most:
        mined.append(crop)
    else:
        mined[int(rng.integers(most))] = crop
