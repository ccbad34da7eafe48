"""Trains denoise-s: white noise alone, blind.

    python -m training.train_denoise --data DIR --checkpoint denoise-s.pt --minutes 90 --workers 2 --bf16

A net for everything pays at one task what it gains at another (README, "Tried and not kept"); what a scanner's sensor adds is
white, and is told from grain by how much of it lies between neighbouring pixels. The loss is that of restore-s without the amplitudes: white noise has no texture
that anybody would miss.
"""

from __future__ import annotations

import numpy as np
import torch

from .loop import TOLD_EVERY, Training, gain
from .nets import RestoreNet
from .orthogonal import Orthogonal
from .sampling import Clean, white_noise_recipe
from .schedule import command_line, narrow, of_pictures
from .train_restore import batch, loss_of

SEED = 20261161


def main() -> None:
    parser = command_line(__doc__, rate=8e-4, batch=4, seed=SEED)
    of_pictures(parser, crop=160)
    parser.add_argument("--widths", type=int, nargs="+", default=[48, 64, 96], help="channels of the levels")
    parser.add_argument("--depth", type=int, default=2, help="residual blocks of a level, on its way down and on its way up")
    parser.add_argument("--film", type=float, default=1.0, help="how often a grainy scan of film is taken, where a photograph is taken once")
    parser.add_argument("--workers", type=int, default=1, help="processes that step the same weights")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    net = RestoreNet(args.widths, args.depth)
    run = Training(args, net, "denoise-s", clip=0.5, optimiser=Orthogonal(net, args.rate), crop=args.crop, widths=args.widths, depth=args.depth)
    clean = Clean(args.data, "train", leaves=240, seed=args.seed, sharp=True, film=args.film)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        aged, truth = batch(run.rng, clean, args.batch, args.crop, white_noise_recipe)
        aged = aged.contiguous(memory_format=torch.channels_last)
        with narrow(args):
            out = net(aged).float()
        return loss_of(out, truth, aged, amplitude=0.0), gain(aged, out, truth)

    run.go(step, lambda sums: f"gain {sums / TOLD_EVERY:.2f} dB", f"{len(clean.photographs)} photographs", workers=args.workers)


if __name__ == "__main__":
    main()
