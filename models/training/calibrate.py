"""Measures what `model.json` promises about tiles and chooses the damage thresholds.

    python -m training.calibrate --data DIR

Margins: an aged dead-leaves picture of 1184² runs whole and in 512 px tiles that discard the margin; the smallest margin
whose largest difference stays within 1 level of 255 (damage-s: 1/255 of probability), as the next one does, is written.
Thresholds: per class the one with the best F1 on validation pictures with damage, among those whose false positives stay
within FALSE_SHARE on validation pictures without (most of them noisy, a quarter with painted lookalikes). Validation
photographs and masks only: never acceptance ones.
"""

from __future__ import annotations

import argparse
import json
import os

import cv2
import numpy as np

from .dead_leaves import dead_leaves, lookalikes
from .degrade import LUMA, Recipe, age
from .export import MODELS, describe, session_of
from .judging import mark_rule, masks_of, probabilities
from .marks import CLASSES, MaskSet
from .sampling import Clean, damage_recipe

SEED = 55001
# Of all pixels, by the engine's rules of marks (judging.py). The bar is 0.5 % together on clean photographs; most of these
# pictures are noisier, and dust in noise is what the net gets wrong. Whether marks call for a proposal is decided apart and
# more strictly (measure/credible-marks.ts): the overlay may show a doubtful mark, a proposal must not need it.
FALSE_SHARE = {"scratch": 0.0022, "dust": 0.0034, "stain": 0.0003}
LEVELS = 1.0
STEPS = np.array([*np.round(np.arange(0.20, 0.96, 0.05), 2), 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998])


def tiled(run, picture: np.ndarray, size: int, margin: int) -> np.ndarray:
    """The result stitched from tiles of one size, each without its margin except at the picture's edge.

    Tile origins are multiples of 16, as the nets halve four times.
    """
    h, w = picture.shape[:2]
    stride = (size - 2 * margin) // 16 * 16
    starts = lambda n: sorted({min(s, (n - size) // 16 * 16) for s in range(0, n - size + stride, stride)} | {(n - size) // 16 * 16})  # noqa: E731
    out = None
    for y in starts(h):
        for x in starts(w):
            tile = run(picture[y:y + size, x:x + size])
            if out is None:
                out = np.zeros((h, w) + tile.shape[2:], tile.dtype)
            top, left = 0 if y == 0 else margin, 0 if x == 0 else margin
            bottom, right = size if y + size >= h else size - margin, size if x + size >= w else size - margin
            out[y + top:y + bottom, x + left:x + right] = tile[top:bottom, left:right]
    return out


def margin_of(run, picture: np.ndarray, scale: float) -> tuple[int, dict[int, float]]:
    """(smallest sufficient margin, margin → largest difference times `scale`)."""
    whole = run(picture).astype(np.float32)
    seen = {}
    for margin in range(16, 129, 8):
        seen[margin] = float(np.abs(tiled(run, picture, 512, margin).astype(np.float32) - whole).max() * scale)
        if seen[margin] <= LEVELS and seen.get(margin - 8, 9.0) <= LEVELS:
            return margin - 8, seen
    return 128, seen


def margins(only: str | None = None) -> None:
    rng = np.random.default_rng(SEED)
    base = dead_leaves(rng, 592, 592)
    base = np.tile(base, (2, 2, 1))
    aged = age(base, SEED, Recipe(tone="colour", fade=0.3, blur=0.6, noise=25, cracks=4, scratches=20, dust=60, stains=4)).aged
    picture = np.round(aged * 255).astype(np.uint8)
    worst: dict[str, tuple[int, dict]] = {}
    for name in ("restore-s", "denoise-s"):
        if only in (None, name):
            net = session_of(name)
            as_float = picture.astype(np.float32) / 255
            worst[name] = margin_of(lambda x, net=net: net.run(None, {"image": x[None]})[0][0], as_float, 255.0)
    if only in (None, "damage-s"):
        worst["damage-s"] = damage_margin(aged)
    for name, (margin, seen) in worst.items():
        print(name, "margin", margin, {k: round(v, 2) for k, v in seen.items()})
        describe(os.path.join(MODELS, name, "1.0.0"), tile={"size": 512, "margin": margin, "multiple": 16,
                 "largestDifference": {str(k): round(v, 3) for k, v in seen.items()}})


def damage_margin(aged: np.ndarray) -> tuple[int, dict[int, float]]:
    """The same for damage-s, whose outputs are compared as probabilities."""
    damage = session_of("damage-s")
    luma = np.round(aged @ LUMA * 255).astype(np.uint8)[..., None]
    return margin_of(lambda x: 1 / (1 + np.exp(-damage.run(None, {"luma": x[None]})[0][0])), luma, 255.0)


def thresholds(data: str | None, count: int) -> None:
    rng = np.random.default_rng(SEED + 1)
    clean = Clean(data, "validation", leaves=24, seed=SEED + 2, leaves_share=0.15, folders=("photographs",))
    masks = MaskSet(os.path.join(data, "damage-masks"), "validation") if data else None
    net, rule = session_of("damage-s"), mark_rule()
    both, found, wanted, false = (np.zeros((len(STEPS), 3)) for _ in range(4))
    pixels = 0
    for number in range(count):
        image = clean.crop(rng, 384)
        if number % 8 == 0:
            image = lookalikes(rng, image)
        undamaged = number % 2 == 0
        aged, _, marked = age(image, SEED + 10 + number, damage_recipe(rng, clean=1.0 if undamaged else 0.0), masks)
        luma = np.round(aged @ LUMA * 255).astype(np.uint8)
        p = probabilities(net, luma, rule)
        for i, step in enumerate(STEPS):
            hit = masks_of(p, dict.fromkeys(CLASSES, float(step)), luma, rule)
            if undamaged:
                false[i] += hit.sum((0, 1))
            else:
                both[i] += (hit & (marked > 0)).sum((0, 1))
                found[i] += hit.sum((0, 1))
                wanted[i] += (marked > 0).sum((0, 1))
        pixels += p.shape[0] * p.shape[1] if undamaged else 0
    f1 = 2 * both / np.maximum(1, found + wanted)
    share = false / max(1, pixels)
    chosen = {}
    for c, name in enumerate(CLASSES):
        allowed = np.where(share[:, c] <= FALSE_SHARE[name])[0]
        best = int(allowed[np.argmax(f1[allowed, c])]) if len(allowed) else len(STEPS) - 1
        chosen[name] = float(STEPS[best])
        print(f"{name}: threshold {STEPS[best]:.2f} F1 {f1[best, c]:.3f} false {share[best, c] * 100:.3f} % (best F1 anywhere {f1[:, c].max():.3f} at {STEPS[f1[:, c].argmax()]:.2f})")
    describe(os.path.join(MODELS, "damage-s", "1.0.0"), thresholds=chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data")
    parser.add_argument("--count", type=int, default=80, help="validation pictures for the thresholds")
    parser.add_argument("--only", choices=("restore-s", "denoise-s", "damage-s"), help="one net")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    margins(args.only)
    if args.only in (None, "damage-s"):
        thresholds(args.data, args.count)


if __name__ == "__main__":
    main()
