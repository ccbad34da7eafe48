"""Trains fill-s: holes up to 24 px wide, filled from their surroundings.

    python -m training.train_fill --data DIR --checkpoint fill-s.pt --iterations 20000

Loss: L1 in the hole × 6 + L1 outside × 1 + total variation in the hole × 0.05. Two kinds of samples: pictures with drawn holes,
and aged pictures whose holes are their real marks, widened, so that what bleeds out of a mark does no harm. Target in the
hole: the picture with its fading and blur, before grain and JPEG, since no net can know the grain that is hidden; outside:
the picture itself.
"""

from __future__ import annotations

import os
from dataclasses import replace

import cv2
import numpy as np
import torch

from .degrade import age
from .holes import WIDEST, holes, widen, widest
from .loop import TOLD_EVERY, Training
from .marks import MaskSet
from .nets_fill import FillNet, prefill
from .sampling import Clean, damage_recipe
from .schedule import arguments, narrow

SEED = 20261125
CROP, PICTURES, HOLES, FRESH = 96, 360, 480, 1
WORN = 0.35  # share of pictures that bring their own marks


def softened(truth: np.ndarray, blur: float) -> np.ndarray:
    """The faded truth as sharp as the aged picture is."""
    return cv2.GaussianBlur(truth, (0, 0), blur) if blur > 0.2 else truth


def picture(rng, clean: Clean, masks: MaskSet | None) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """(image, target, marks or None): uint8 [96, 96, 3] twice, and uint8 [96, 96] of 0 and 1 where it brings its own marks."""
    crop = clean.crop(rng, CROP)
    worn = rng.random() < WORN
    recipe = damage_recipe(rng, 0.0 if worn else 1.0)
    recipe = replace(recipe, stains=0, mask_stain=0, grain=min(recipe.grain, 16.0), noise=min(recipe.noise, 16.0), blur=min(recipe.blur, 1.2), resample=1.0)
    aged, truth, marked = age(crop, int(rng.integers(1 << 31)), recipe, masks)
    eight = lambda x: np.round(np.clip(x, 0, 1) * 255).astype(np.uint8)  # noqa: E731
    own = widen(marked.max(2).astype(np.uint8), int(rng.integers(1, 5))) if worn else None
    if own is not None and not (0.002 <= own.mean() <= 0.35 and widest(own) <= WIDEST):
        return picture(rng, clean, masks)
    return eight(aged), eight(softened(truth, recipe.blur)), own


class Pool:
    """Pictures and holes kept for a while, each time turned, mirrored and paired anew: making them costs more than it should."""

    def __init__(self, rng, clean: Clean, masks: MaskSet | None):
        self.rng, self.clean, self.masks, self.next = rng, clean, masks, 0
        self.pictures = [picture(rng, clean, masks) for _ in range(PICTURES)]
        self.holes = [holes(rng, CROP, CROP, masks) for _ in range(HOLES)]

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(image, mask, target): float32 [size, 3, 96, 96], [size, 1, 96, 96], [size, 3, 96, 96]."""
        rng = self.rng
        for _ in range(FRESH):
            self.pictures[self.next % PICTURES] = picture(rng, self.clean, self.masks)
            self.holes[self.next % HOLES] = holes(rng, CROP, CROP, self.masks)
            self.next += 1
        rows: tuple[list, list, list] = ([], [], [])
        for i in rng.choice(PICTURES, size, replace=False):
            image, target, own = self.pictures[int(i)]
            mask = self.holes[int(rng.integers(HOLES))] if own is None else own
            if own is None:
                mask = np.rot90(mask, int(rng.integers(4)))
            turns, mirror = int(rng.integers(4)), rng.random() < 0.5
            for row, plane in zip(rows, (image, mask[..., None], target)):
                plane = np.rot90(plane, turns)
                row.append((plane[:, ::-1] if mirror else plane).transpose(2, 0, 1))
        as_tensor = lambda planes, scale: torch.from_numpy(np.ascontiguousarray(np.stack(planes)).astype(np.float32) / scale)  # noqa: E731
        return as_tensor(rows[0], 255.0), as_tensor(rows[1], 1.0), as_tensor(rows[2], 255.0)


def loss_of(out, image, mask, target):
    """All float32 [n, 3, h, w], the mask [n, 1, h, w]. Each part is a mean over its own pixels."""
    inside, outside = 3 * mask.sum().clamp(min=1), 3 * (1 - mask).sum().clamp(min=1)
    hole = ((out - target).abs() * mask).sum() / inside
    valid = ((out - image).abs() * (1 - mask)).sum() / outside
    whole = torch.where(mask > 0.5, out, image)
    across = ((whole[..., 1:] - whole[..., :-1]).abs() * torch.maximum(mask[..., 1:], mask[..., :-1])).sum() / inside
    down = ((whole[..., 1:, :] - whole[..., :-1, :]).abs() * torch.maximum(mask[..., 1:, :], mask[..., :-1, :])).sum() / inside
    return 6.0 * hole + valid + 0.05 * (across + down)


def main() -> None:
    args = arguments(__doc__, rate=8e-4, batch=10, seed=SEED)
    torch.manual_seed(args.seed)
    net = FillNet()
    run = Training(args, net, "fill-s", clip=1.0, crop=CROP)
    clean = Clean(args.data, "train", leaves=80, seed=args.seed, leaves_share=0.25)
    masks = MaskSet(os.path.join(args.data, "damage-masks"), "train") if args.data else None
    pool = Pool(run.rng, clean, masks)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        image, mask, target = pool.batch(args.batch)
        with torch.no_grad():
            start = prefill(image, mask)
        with narrow(args):
            change = net.residual(start.contiguous(memory_format=torch.channels_last), mask).float()
        out = start + change
        with torch.no_grad():
            errors = [float((((x - target) ** 2) * mask).sum() / (3 * mask.sum())) for x in (start, out)]
        return loss_of(out, image, mask, target), np.array(errors)

    def told(sums: np.ndarray) -> str:
        before, after = -10 * np.log10(sums / TOLD_EVERY)
        return f"in the hole {after:.2f} dB, pre-fill {before:.2f} dB"

    run.go(step, told, f"{len(clean.photographs)} photographs, {len(masks or [])} masks")


if __name__ == "__main__":
    main()
