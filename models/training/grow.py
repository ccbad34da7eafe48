"""Makes a trained net wider or deeper without changing what it gives, so that a larger one goes on where a full one stopped.

    python -m training.grow --net faces --start faces.pt --widths 24 48 64 96 96 --checkpoint grown.pt

(T. Chen, I. Goodfellow, J. Shlens, Net2Net, 2016, with new channels instead of copied ones.) A new channel takes from all
others what chance gives it, but nothing old takes from it: its outgoing values are 0. A new block adds 0 to what passes it.
"""

from __future__ import annotations

import argparse
import re

import torch
from torch import nn

from .face_look import LookNet
from .face_net import FaceNet
from .letter_net import LetterNet
from .nets import RestoreNet, parameters
from .schedule import weights_of

NETS = {"restore-s": RestoreNet, "faces": FaceNet, "face-look": LookNet, "lettering": LetterNet}


def in_sequences(held: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Names as of nets with several blocks in a level, of those with one: `encode.0.one.weight` → `encode.0.0.one.weight`."""
    return {re.sub(r"^((?:en|de)code\.\d+)\.(one|two)\.", r"\1.0.\2.", name): value for name, value in held.items()}


@torch.no_grad()
def grow(net: nn.Module, held: dict[str, torch.Tensor]) -> None:
    """Gives `net` the weights `held` of a narrower or shallower one of the same kind. What is new in it starts as it was made."""
    turned = {f"{name}.weight" for name, module in net.named_modules() if isinstance(module, nn.ConvTranspose2d)}
    for name, mine in net.state_dict().items():
        if name not in held:
            if ".two." in name:
                mine.zero_()
            continue
        old = held[name]
        if any(a > b for a, b in zip(old.shape, mine.shape)):
            raise ValueError(f"Expected at least {tuple(old.shape)} for {name} but received {tuple(mine.shape)}")
        if mine.ndim >= 2:
            (mine[old.shape[0]:, :old.shape[1]] if name in turned else mine[:old.shape[0], old.shape[1]:]).zero_()
        mine[tuple(slice(0, n) for n in old.shape)] = old


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", required=True, choices=list(NETS))
    parser.add_argument("--start", required=True, help="exported ONNX file, or checkpoint whose averaged weights are grown")
    parser.add_argument("--widths", type=int, nargs="+", required=True, help="channels of its levels")
    parser.add_argument("--depth", type=int, default=1, help="blocks of a level (restore-s)")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--checkpoint", required=True, help="file to write: a `--start` for its training with the same widths")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    deep = args.depth > 1
    net = NETS[args.net](tuple(args.widths), **(dict(depth=args.depth) if deep else {}))
    held = weights_of(args.start)
    grow(net, in_sequences(held) if deep else held)
    torch.save(dict(average=net.state_dict(), facts=dict(widths=args.widths, depth=args.depth)), args.checkpoint)
    print(f"{parameters(net)} parameters")


if __name__ == "__main__":
    main()
