"""Trains restore-s: noise, grain, JPEG and slight blur, blind.

    python -m training.train_restore --data DIR --checkpoint restore-s.pt --iterations 20000

Loss: Charbonnier (epsilon 1e-3) + 0.05 × L1 between FFT amplitudes, each crop weighted by 1 / √(its input's RMSE + 0.02),
so that a light fault counts for much without the heavy ones being forgotten, and clean pictures stay as they are. Target: the picture before blur, noise and damage,
with its fading. Crops of 64 px cut from aged patches of 128 px, so that JPEG blocks and grain have their context.

Small crops alone are not enough: every place in them is near an edge, and the net learns to take its brightness from the
zeros beyond it. After 17,000 steps of 64 px, noise of sigma 50 on a plain grey came out 19 levels too dark in the middle of
a 192 px picture and 0 in a 64 px one. So a training ends with large crops (`--crop 192`).
"""

from __future__ import annotations

import argparse

import numpy as np
import torch

from .degrade import age
from .loop import TOLD_EVERY, Training, gain
from .nets import RestoreNet
from .orthogonal import Orthogonal
from .sampling import RESTORED, Clean, restore_recipe
from .schedule import command_line, narrow, of_pictures

SEED = 20261121
PATCH, CROP, PER_PATCH = 128, 64, 2  # a larger `--crop` is cut once from a patch 32 px wider


def loss_of(out, truth, aged, epsilon: float = 1e-3, amplitude: float = 0.05, squared: bool = False):
    """Weighted mean over crops; every argument float32 [n, 3, h, w]. `amplitude`: weight of the FFT amplitudes. `squared`: a crop counts by
    the root of its mean square instead of its mean distance: what PSNR is made of."""
    with torch.no_grad():
        weight = 1.0 / (((aged - truth) ** 2).mean((1, 2, 3)).sqrt() + 0.02).sqrt()
        weight = weight / weight.mean()
    square = (out - truth) ** 2
    pixels = torch.sqrt(square.mean((1, 2, 3)) + epsilon ** 2) if squared else torch.sqrt(square + epsilon ** 2).mean((1, 2, 3))
    if not amplitude:
        return (weight * pixels).mean()
    amplitudes = [torch.fft.rfft2(x, norm="ortho").abs() for x in (out, truth)]
    return (weight * (pixels + amplitude * (amplitudes[0] - amplitudes[1]).abs().mean((1, 2, 3)))).mean()


def batch(rng, clean: Clean, size: int, side: int = CROP, recipe_of=restore_recipe) -> tuple[torch.Tensor, torch.Tensor]:
    """(aged, truth), float32 [size, 3, side, side]; the aged one rounded to 8 bits in nine cases of ten, as files are.
    `recipe_of(rng)`: what it is aged by."""
    inputs, targets = [], []
    while len(inputs) < size:
        patch = clean.crop(rng, max(PATCH, side + 32))
        wide = patch.shape[0]
        aged, truth, _ = age(patch, int(rng.integers(1 << 31)), recipe_of(rng))
        if rng.random() < 0.9:
            aged = np.round(aged * 255) / np.float32(255)
        for _ in range(min(PER_PATCH if side <= CROP else 1, size - len(inputs))):
            y, x = rng.integers(0, wide - side + 1, 2)
            inputs.append(aged[y:y + side, x:x + side])
            targets.append(truth[y:y + side, x:x + side])
    as_tensor = lambda crops: torch.from_numpy(np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2)))  # noqa: E731
    return as_tensor(inputs), as_tensor(targets)


def train(args: argparse.Namespace, model: str, recipe_of=restore_recipe, amplitude: float = 0.05, film: float = 0.25, small: float = 0.0) -> None:
    """Trains a net of the command line's shape on pictures aged by `recipe_of`; `amplitude` as in `loss_of`, `film` and `small` as in
    `Clean`."""
    torch.manual_seed(args.seed)
    net = RestoreNet(args.widths, args.depth)
    run = Training(args, net, model, clip=0.5, optimiser=Orthogonal(net, args.rate), crop=args.crop, widths=args.widths, depth=args.depth)
    clean = Clean(args.data, "train", leaves=240, seed=args.seed, sharp=True, film=film, small=small)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        aged, truth = batch(run.rng, clean, args.batch, args.crop, recipe_of)
        aged = aged.contiguous(memory_format=torch.channels_last)
        with narrow(args):
            out = net(aged).float()
        return loss_of(out, truth, aged, amplitude=amplitude, squared=args.squared), gain(aged, out, truth)

    run.go(step, lambda sums: f"gain {sums / TOLD_EVERY:.2f} dB", f"{len(clean.photographs)} photographs, {len(clean.sheets)} sheets", workers=args.workers)


def arguments_of(description: str, batch_size: int, seed: int, crop: int, widths: list[int], depth: int) -> argparse.ArgumentParser:
    """What the command lines of both nets that soften noise have."""
    parser = command_line(description, rate=8e-4, batch=batch_size, seed=seed)
    of_pictures(parser, crop)
    parser.add_argument("--widths", type=int, nargs="+", default=widths, help="channels of the levels")
    parser.add_argument("--depth", type=int, default=depth, help="residual blocks of a level, on its way down and on its way up")
    parser.add_argument("--squared", action="store_true", help="a crop counts by the root of its mean square")
    parser.add_argument("--workers", type=int, default=1, help="processes that step the same weights")
    return parser


def main() -> None:
    parser = arguments_of(__doc__, 16, SEED, CROP, [32, 64, 96, 128], 1)
    parser.add_argument("--shares", type=float, nargs=6, default=RESTORED, help="of pictures as they are, with JPEG, grain, noise, both, blur and the rest")
    parser.add_argument("--small", type=float, default=0.0, help="share of the photographs that are small ones laid side by side")
    args = parser.parse_args()
    train(args, "restore-s", lambda rng: restore_recipe(rng, tuple(args.shares)), small=args.small)


if __name__ == "__main__":
    main()
