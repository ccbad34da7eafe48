"""Trains denoise-s: white noise alone, blind.

    python -m training.train_denoise --data DIR --checkpoint denoise-s.pt --minutes 90 --workers 2 --bf16

A net for everything pays at one task what it gains at another (README, "Tried and not kept"); what a scanner's sensor adds is
white, and is told from grain by how much of it lies between neighbouring pixels. The loss is that of restore-s without the amplitudes: white noise has no texture
that anybody would miss.
"""

from __future__ import annotations

from .sampling import white_noise_recipe
from .train_restore import arguments_of, train

SEED = 20261161


def main() -> None:
    parser = arguments_of(__doc__, 4, SEED, 160, [48, 64, 96], 2)
    parser.add_argument("--film", type=float, default=1.0, help="how often a grainy scan of film is taken, where a photograph is taken once")
    parser.add_argument("--small", type=float, default=0.5, help="share of the photographs that are small ones laid side by side")
    parser.add_argument("--clean", type=float, default=0.14, help="share of the pictures that are left as they are, or nearly")
    args = parser.parse_args()
    train(args, "denoise-s", lambda rng: white_noise_recipe(rng, args.clean), amplitude=0.0, film=args.film, small=args.small)


if __name__ == "__main__":
    main()
