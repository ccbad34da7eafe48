"""Trains up2 and up4: enlarging, fidelity first.

    python -m training.train_upscale --scale 2 --data DIR --checkpoint up2.pt --iterations 20000

Loss: Charbonnier (epsilon 1e-3) + 0.05 × L1 between FFT amplitudes, no adversarial term. The small picture comes from
antialiased bicubic (`shrink`), the standard of the benchmarks. A share `WORN` of the small pictures then gets slight blur,
grain or JPEG, the target staying as it was, so that an old scan does not come back worse than it went in; a share is grey,
toned or faded, before shrinking.
"""

from __future__ import annotations

import argparse
import sys

import cv2
import numpy as np
import torch

from .degrade import Recipe, add_grain, fade, jpeg, tone_class
from .loop import TOLD_EVERY, Training, gain
from .nets_upscale import UpscaleNet, cubic
from .sampling import Clean, _tone
from .schedule import arguments, narrow

SEEDS = {2: 20261123, 4: 20261124}
SMALL = {2: 40, 4: 24}  # side of the small crop
WORN, TONED = 0.3, 0.3
_rows: dict[tuple[int, int], np.ndarray] = {}


def shrink_rows(length: int, scale: int) -> np.ndarray:
    """float32 [length / scale, length]: weights of antialiased bicubic along one side, as Pillow's resize has them."""
    if (length, scale) not in _rows:
        centre = (np.arange(length // scale) + 0.5) * scale
        weights = cubic((np.arange(length)[None] + 0.5 - centre[:, None]) / scale)
        _rows[length, scale] = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return _rows[length, scale]


def shrink(image: np.ndarray, scale: int) -> np.ndarray:
    """float32 [h, w, 3] → [h / scale, w / scale, 3], not clamped; both sides must be multiples of `scale`."""
    h, w = image.shape[:2]
    if h % scale or w % scale:
        raise ValueError(f"Expected sides that are multiples of {scale} but received {h}×{w}")
    lower = np.tensordot(shrink_rows(h, scale), image, (1, 0))
    return np.ascontiguousarray(np.tensordot(lower, shrink_rows(w, scale), (1, 1)).transpose(0, 2, 1))


def wear(rng, small: np.ndarray) -> np.ndarray:
    """Slight blur, grain or JPEG, or several of them, on the small picture."""
    if rng.random() < 0.4:
        small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.25, 0.7))
    if rng.random() < 0.5:
        small = add_grain(small, rng.uniform(1, 6), rng.uniform(0.3, 0.9), True, rng)
    if rng.random() < 0.5:
        small = jpeg(small, int(rng.integers(60, 97)), rng)
    return small


def pair(rng, clean: Clean, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """(small, truth), float32 [s, s, 3] and [scale·s, scale·s, 3]; the small one rounded to 8 bits, as files are."""
    truth = clean.crop(rng, SMALL[scale] * scale)
    if rng.random() < TONED:
        recipe = Recipe(**_tone(rng))
        truth = fade(tone_class(truth, recipe.tone, rng), recipe, rng)
    small = shrink(truth, scale)
    if rng.random() < WORN:
        small = wear(rng, small)
    return np.round(np.clip(small, 0, 1) * 255) / np.float32(255), truth


def batch(rng, clean: Clean, scale: int, size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(small, truth), float32 [size, 3, s, s] and [size, 3, scale·s, scale·s]."""
    pairs = [pair(rng, clean, scale) for _ in range(size)]
    as_tensor = lambda crops: torch.from_numpy(np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2)))  # noqa: E731
    return as_tensor([p[0] for p in pairs]), as_tensor([p[1] for p in pairs])


def loss_of(out, truth, epsilon: float = 1e-3):
    """Charbonnier + 0.05 × L1 between FFT amplitudes; float32 [n, 3, h, w] each."""
    amplitudes = [torch.fft.rfft2(x, norm="ortho").abs() for x in (out, truth)]
    return torch.sqrt((out - truth) ** 2 + epsilon ** 2).mean() + 0.05 * (amplitudes[0] - amplitudes[1]).abs().mean()


def which_scale() -> int:
    """Takes `--scale 2` or `--scale 4` off the command line; the rest is read by schedule.arguments."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--scale", type=int, choices=sorted(SEEDS), required=True)
    known, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    return known.scale


def main() -> None:
    scale = which_scale()
    args = arguments(__doc__, rate=1e-3, batch=16, seed=SEEDS[scale])
    torch.manual_seed(args.seed)
    net = UpscaleNet(scale)
    run = Training(args, net, f"up{scale}", clip=0.5, crop=SMALL[scale] * scale)
    clean = Clean(args.data, "train", leaves=80, seed=args.seed, leaves_share=0.3)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        small, truth = batch(run.rng, clean, scale, args.batch)
        with narrow(args):
            residual = net.residual(small.contiguous(memory_format=torch.channels_last)).float()
        with torch.no_grad():
            bicubic = net.bicubic(small)
        out = bicubic + residual
        return loss_of(out, truth), gain(bicubic, out, truth)

    run.go(step, lambda sums: f"gain {sums / TOLD_EVERY:.2f} dB", f"{len(clean.photographs)} photographs")


if __name__ == "__main__":
    main()
