"""Writes the lettering net from its checkpoint, checks it against torch and measures its margin.

    python -m training.export_lettering --checkpoint lettering.pt --data DIR

One file, `lettering.u8.onnx`: uint8 [1, h, w, 1] in, probability [1, r, c] out, float32, r and c a quarter of the padded sides.
Like the face nets it reads levels of luma: 16-bit pictures are reduced to 8 bit first.
"""

from __future__ import annotations

import argparse
import os

import numpy as np
import torch

from .export import MODELS, common_facts, describe, file_facts, session, widths_of, write
from .judging_lettering import made
from .letter_finding import onnx_run
from .letter_net import MULTIPLE, STRIDE, LetterNet, Wrapped
from .letter_scenes import Scenes

NAME, FILE, LIMIT = "lettering", "lettering.u8.onnx", 1e-3  # largest difference to torch, in probability
MARGIN_SEED, MARGINS, ALLOWED = 55128, (16, 32, 48, 64, 96, 128, 144, 160), 1.0  # levels of 255 of probability
TILE = 896


def seams(run, data: str | None) -> dict[str, float]:
    """Margin → largest difference to the whole picture, in levels of 255, of a tile's own 128 px in the middle of four pictures."""
    scenes, rng = Scenes(data, "validation", MARGIN_SEED, leaves=4), np.random.default_rng(MARGIN_SEED)
    pictures = [made(scenes, rng, kind).luma for kind in ("print", "hand", "clean", "scratched")]
    whole = [run(grey) for grey in pictures]
    out = {}
    for margin in MARGINS:
        apart = 0.0
        for grey, seen in zip(pictures, whole):
            low, high = 192 - margin, 320 + margin
            tile = run(grey[low:high, low:high])[margin // STRIDE:(margin + 128) // STRIDE, margin // STRIDE:(margin + 128) // STRIDE]
            apart = max(apart, float(np.abs(tile - seen[192 // STRIDE:320 // STRIDE, 192 // STRIDE:320 // STRIDE]).max()) * 255)
        out[str(margin)] = round(apart, 2)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--data", help="folder with photographs/")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    kept = torch.load(args.checkpoint, weights_only=True)
    net = LetterNet(*widths_of(kept))
    net.load_state_dict(kept["average"])
    net.eval()
    folder = os.path.join(MODELS, NAME, args.version)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, FILE)
    axes = {"grey": {1: "h", 2: "w"}, "probability": {1: "r", 2: "c"}}
    make = lambda h, w: {"grey": torch.randint(0, 256, (1, h, w, 1), dtype=torch.uint8)}  # noqa: E731
    write(Wrapped(net), path, make, [(70, 90), (301, 405), (64, 48), (17, 5), (1, 1)], axes, {"probability": LIMIT})
    differences = seams(onnx_run(session(path)), args.data)
    print("largest difference by margin:", differences)
    margin = next((m for m in MARGINS if differences[str(m)] <= ALLOWED), MARGINS[-1])
    describe(
        folder, id=NAME, version=args.version, task="lettering-mask", treatmentLevel=1, canInvent=False,
        **file_facts(folder, FILE, "u8"),
        input={"name": "grey", "layout": "NHWC", "channels": 1}, output={"name": "probability", "channels": 1, "stride": STRIDE},
        classes=["lettering"], tile={"size": TILE, "multiple": MULTIPLE, "margin": margin, "largestDifference": differences}, **common_facts(kept, net),
    )


if __name__ == "__main__":
    main()
