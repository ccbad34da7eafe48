"""Trains the stain net on stains laid over aged scenes.

    python -m training.train_stains --data DIR --checkpoint stains.pt --minutes 35 --bf16

Samples are made while training and used several times from a pool, turned, mirrored, and lit a little differently each time. Every
MINE_EVERY steps the net looks at a scene without stains; where it sees some all the same becomes a sample (hard-negative mining).
"""

from __future__ import annotations

import numpy as np
import torch

from .cell_training import Pool, counts_of, keep_mined, loss_of, told
from .loop import Training
from .orthogonal import Orthogonal
from .schedule import command_line, narrow
from .stain_net import StainNet, prepared
from .stain_scenes import Scenes, resembling

SEED = 20261131
POOL, FRESH = 3000, 3  # samples that are kept, and new ones in every batch
MINE_EVERY, MINE_LEVEL, MINE_LEAST, MINE_KEEP = 8, 0.3, 0.004, 400
HARDEST = 0.5  # weight of the hardest bare cells


def lit(rng, picture: np.ndarray) -> np.ndarray:
    """The picture a little lighter or darker, warmer or colder, in half the cases."""
    if rng.random() >= 0.5:
        return picture
    gains = rng.uniform(0.88, 1.08) * rng.uniform(0.96, 1.04, 3)
    return np.clip(picture * gains.astype(np.float32) + 0.5, 0, 255).astype(np.uint8)


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
    keep_mined(rng, scenes.mined, MINE_KEEP, picture, seen, side, 36)


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
    pool = Pool(run.rng, lambda: scenes.sample(run.rng, args.crop), most=POOL, fresh=FRESH, start=200, turned=0.5, mirrored=0.5, lit=lambda picture: lit(run.rng, picture))

    def step() -> tuple[torch.Tensor, np.ndarray]:
        pictures, marks = pool.batch(args.batch)
        with narrow(args):
            logits = net(prepared(pictures).contiguous(memory_format=torch.channels_last)).float()[:, 0]
        return loss_of(logits, marks, HARDEST), counts_of(logits, marks)

    def after(number: int) -> None:
        if number % MINE_EVERY == 0 and number >= 1000:
            run.average.net.eval()
            mine(run.rng, scenes, run.average.net, args.crop)

    run.go(step, lambda sums: told(sums, scenes.mined), f"{' + '.join(str(len(bank)) for _, bank in scenes.banks)} pictures, {len(scenes.masks or [])} masks", after)


if __name__ == "__main__":
    main()
