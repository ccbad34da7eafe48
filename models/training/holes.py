"""Holes to fill: masks of scratches, cracks, creases, hairs, dust and spots up to 24 px wide, widened as an engine widens them."""

from __future__ import annotations

import cv2
import numpy as np

from . import marks
from .marks import MaskSet, smooth_noise

WIDEST = 24.0  # px across; wider holes are another task
KINDS = ("scratches", "cracks", "folds", "hairs", "dust", "spots", "mask-scratch", "mask-dust")


def widest(mask: np.ndarray) -> float:
    """Width in px of the widest place of a mask, uint8 [h, w] of 0 and 1: twice the largest distance to a known pixel."""
    return 2.0 * float(cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 5).max()) if mask.any() else 0.0


def widen(mask: np.ndarray, by: int) -> np.ndarray:
    """uint8 [h, w]: the mask with `by` px added all around."""
    if by == 0:
        return mask
    return cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1)))


def spots(rng, h: int, w: int, count: int) -> np.ndarray:
    """Blobs of 4 to 20 px across with uneven edges, uint8 [h, w] of 0 and 1."""
    out = np.zeros((h, w), np.uint8)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    for _ in range(count):
        radius = float(rng.uniform(2, 10))
        cy, cx = rng.uniform(0, h), rng.uniform(0, w)
        squeeze = rng.uniform(0.6, 1.7)
        y0, y1 = int(max(0, cy - 2 * radius - 2)), int(min(h, cy + 2 * radius + 2))
        x0, x1 = int(max(0, cx - 2 * radius - 2)), int(min(w, cx + 2 * radius + 2))
        if y1 - y0 < 3 or x1 - x0 < 3:
            continue
        field = np.hypot(xx[y0:y1, x0:x1] - cx, (yy[y0:y1, x0:x1] - cy) * squeeze) / radius
        field = field + 0.2 * smooth_noise(rng, y1 - y0, x1 - x0, max(3.0, radius * 0.7))
        out[y0:y1, x0:x1] |= (field < 1).astype(np.uint8)
    return out


def drawn(rng, kind: str, h: int, w: int, mask_set: MaskSet | None) -> np.ndarray:
    """One kind of hole before widening, uint8 [h, w] of 0 and 1; more of them on a larger picture."""
    size = float(np.exp(rng.uniform(np.log(0.7), np.log(2.2))))
    area = max(1.0, h * w / 128.0 ** 2)
    some = lambda low, high: int(rng.integers(low, high + 1) * np.sqrt(area))  # noqa: E731
    if kind == "spots":
        return spots(rng, h, w, some(1, 4))
    if kind.startswith("mask-"):
        cover = mask_set.draw(rng, kind.removeprefix("mask-"), h, w, some(1, 4), size)
    elif kind == "dust":
        cover = marks.dust(rng, h, w, some(3, 25), size)
    elif kind == "folds":
        cover = marks.folds(rng, h, w, 1, size)[0]
    else:
        cover = getattr(marks, kind)(rng, h, w, some(1, 2) if kind == "cracks" else some(1, 4), size)
    return (cover >= 0.3).astype(np.uint8)


def holes(rng, h: int, w: int, mask_set: MaskSet | None = None, least: float = 0.002, most: float = 0.35) -> np.ndarray:
    """uint8 [h, w] of 0 and 1 (1 = hole): one to three kinds, each widened by 1–4 px, nowhere wider than WIDEST, between `least`
    and `most` of the picture as a share. Draws anew until that holds."""
    kinds = KINDS if mask_set is not None else KINDS[:-2]
    while True:
        mask = np.zeros((h, w), np.uint8)
        for kind in rng.choice(kinds, int(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15])), replace=False):
            mask |= widen(drawn(rng, str(kind), h, w, mask_set), int(rng.integers(1, 5)))
        if least <= mask.mean() <= most and widest(mask) <= WIDEST:
            return mask
