"""Trains the lettering net on rendered lettering over aged scenes.

    python -m training.train_lettering --data DIR --heads SPRITES --checkpoint lettering.pt --minutes 35 --bf16

SPRITES is what training.heads_sprites writes: sitters, whose eyes, brows and buttons are no lettering.

Samples are made while training and used several times from a pool, mirrored and turned now and then (plates are scanned from
the wrong side). Every MINE_EVERY steps the net looks at a photograph without lettering; what it takes for lettering there
becomes a sample without any (hard-negative mining).
"""

from __future__ import annotations

import cv2
import numpy as np
import torch

from .cell_training import Pool, counts_of, keep_mined, loss_of, told
from .letter_net import WIDTHS, LetterNet, prepared
from .letter_scenes import Scenes
from .loop import Training
from .orthogonal import Orthogonal
from .schedule import command_line, narrow, of_pictures

SEED = 20261128
POOL = 900
MINE_EVERY, MINE_LEVEL, MINE_KEEP = 10, 0.3, 300
WEIGHT = 2.5   # of cells on lettering
HARDEST = 0.4  # weight of the hardest empty cells


@torch.no_grad()
def mine(rng, scenes: Scenes, net: LetterNet, side: int) -> None:
    """Looks at a piece of a photograph at a random scale and keeps the place where the net sees most lettering."""
    image, _ = scenes.clean.photographs[int(rng.integers(len(scenes.clean.photographs)))]
    wide = 2 * side
    take = min(int(np.exp(rng.uniform(np.log(150), np.log(1360)))), min(image.shape[:2]))
    y, x = int(rng.integers(image.shape[0] - take + 1)), int(rng.integers(image.shape[1] - take + 1))
    grey = cv2.cvtColor(np.ascontiguousarray(image[y:y + take, x:x + take]), cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, (wide, wide), interpolation=cv2.INTER_AREA if take > wide else cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        grey = np.clip(grey + rng.normal(0, rng.uniform(1, 9), grey.shape), 0, 255).astype(np.uint8)
    seen = torch.sigmoid(net(prepared(torch.from_numpy(grey)[None])))[0, 0].numpy()
    if float((seen > MINE_LEVEL).mean()) < 0.0008:
        return
    keep_mined(rng, scenes.mined, MINE_KEEP, grey, cv2.blur(seen, (9, 9)), side, 30)


def main() -> None:
    parser = command_line(__doc__, rate=6e-4, batch=10, seed=SEED)
    of_pictures(parser, crop=192)
    parser.add_argument("--heads", help="folder of rendered heads (training.heads_sprites)")
    parser.add_argument("--fresh", type=int, default=4, help="new samples of a batch; with one, a net of 0.7 M parameters learnt its pool by heart")
    parser.add_argument("--widths", type=int, nargs=4, default=WIDTHS, help="channels at strides 2 to 16")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    net = LetterNet(tuple(args.widths))
    run = Training(args, net, "lettering", clip=5.0, optimiser=Orthogonal(net, args.rate, outer=("stem", "answer")), crop=args.crop, widths=list(args.widths))
    scenes = Scenes(args.data, "train", args.seed, heads=args.heads)
    pool = Pool(run.rng, lambda: scenes.sample(run.rng, args.crop), most=POOL, fresh=args.fresh, start=160, turned=0.25, mirrored=0.25)

    def step() -> tuple[torch.Tensor, np.ndarray]:
        luma, marks = pool.batch(args.batch)
        with narrow(args):
            logits = net(prepared(luma).contiguous(memory_format=torch.channels_last)).float()[:, 0]
        return loss_of(logits, marks, HARDEST, WEIGHT), counts_of(logits, marks)

    def after(number: int) -> None:
        if number % MINE_EVERY == 0 and number >= 300 and scenes.clean.photographs:
            run.average.net.eval()
            mine(run.rng, scenes, run.average.net, args.crop)

    run.go(step, lambda sums: told(sums, scenes.mined), f"{len(scenes.clean.photographs)} photographs, {len(scenes.masks or [])} masks, {len(scenes.print)} + {len(scenes.hand)} families", after)


if __name__ == "__main__":
    main()
