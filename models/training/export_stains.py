"""Writes the stain net from its checkpoint and checks it against torch: `python -m training.export_stains --stains stains.pt`

One file, `stains.u8.onnx`: uint8 [1, h, w, 3] in, probability [1, r, c] out, float32, r and c a quarter of the padded sides. It sees the
whole reduced copy at once: there are no tiles.
"""

from __future__ import annotations

import os

import torch

from .export import MODELS, command, common_facts, describe, file_facts, write
from .stain_net import FULL, MULTIPLE, STRIDE, StainNet, Wrapped

LIMIT = 1e-3  # largest difference to torch, in probability


def export(name: str, checkpoint: str, version: str) -> None:
    """The file and the description of the net."""
    kept = torch.load(checkpoint, weights_only=True)
    net = StainNet()
    net.load_state_dict(kept["average"])
    net.eval()
    folder, file = os.path.join(MODELS, name, version), f"{name}.u8.onnx"
    os.makedirs(folder, exist_ok=True)
    make = lambda h, w: {"image": torch.randint(0, 256, (1, h, w, 3), dtype=torch.uint8)}  # noqa: E731
    write(Wrapped(net), os.path.join(folder, file), make, [(70, 90), (301, 405), (256, 170), (17, 5), (1, 1)],
          {"image": {1: "h", 2: "w"}, "probability": {1: "r", 2: "c"}}, {"probability": LIMIT})
    describe(
        folder, id=name, version=version, task="stain-mask", treatmentLevel=1, canInvent=False, **file_facts(folder, file, "u8"),
        input={"name": "image", "layout": "NHWC", "channels": 3}, output={"name": "probability", "channels": 1, "stride": STRIDE},
        classes=["stain"], tile={"size": FULL, "multiple": MULTIPLE, "margin": 0}, **common_facts(kept, net),
    )


if __name__ == "__main__":
    command(__doc__, {"stains": ("stains", "train_stains")}, export)
