"""Writes the ONNX files of up2, up4 and fill-s from their checkpoints, checks them against torch, measures their tile margins,
and fills `model.json`.

    python -m training.export_upscale_fill --up2 up2.pt --up4 up4.pt --fill fill-s.pt

As in export.py: one file each, float32 0..1 in and out, [n, h, w, channels] with dynamic n, h, w. The mask of fill-s is uint8,
1 = hole (any other value but 0 counts as 1).
"""

from __future__ import annotations

import os

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .dead_leaves import dead_leaves
from .degrade import Recipe, age
from .export import MODELS, PICTURE_SIZES, command, common_facts, describe, file_facts, padded, picture_axes, session, shuffled, write
from .holes import holes
from .nets import MULTIPLE
from .nets_fill import FillNet, prefill
from .nets_upscale import UpscaleNet

SEED = 55101
LEVELS = 1.0  # of 255: largest difference between tiles and full frame
SIZE = {"up2": 256, "up4": 256, "fill-s": 512}  # side of a tile of the input
# Declared even where less was measured: a hole of the greatest width that lies on the edge of a tile must be whole in one of two.
LEAST_MARGIN = {"up2": 8, "up4": 8, "fill-s": 48}


class Enlarged(nn.Module):
    """NHWC outside, an UpscaleNet inside; clamped."""

    def __init__(self, net: UpscaleNet):
        super().__init__()
        self.net = net

    def forward(self, image):
        return torch.clamp(self.net(image.permute(0, 3, 1, 2)), 0.0, 1.0).permute(0, 2, 3, 1)


class Filled(nn.Module):
    """NHWC image and mask outside, a FillNet inside. Pixels outside the mask stay bit for bit."""

    def __init__(self, net: FillNet):
        super().__init__()
        self.net = net

    def forward(self, image, mask):
        n, h, w, _ = image.shape
        x, hole = padded(image), padded((mask > 0).to(torch.float32))
        m = hole.reshape(n, 1, x.shape[1], x.shape[2])
        filled = F.pixel_unshuffle(prefill(x.permute(0, 3, 1, 2), m), 2)
        holes = F.pixel_unshuffle(m, 2)
        # Outside the holes the pre-fill is the picture itself, and nothing is added to it.
        return shuffled(torch.clamp(filled + holes.repeat(1, 3, 1, 1) * self.net.correction(filled, holes), 0.0, 1.0))[:, :h, :w]


def inputs(kind: str, n: int, h: int, w: int) -> dict[str, torch.Tensor]:
    """Random inputs of one file, by name."""
    image = torch.rand(n, h, w, 3)
    if kind != "fill-s":
        return {"image": image}
    return {"image": image, "mask": (torch.rand(n, h, w, 1) < 0.1).to(torch.uint8)}


def of_scale(scale: int):
    """The check of `write` that the result is `scale` times as wide and high."""
    def check(given: dict[str, torch.Tensor], got: list[np.ndarray]) -> None:
        n, h, w, _ = given["image"].shape
        if got[0].shape != (n, scale * h, scale * w, 3):
            raise ValueError(f"Expected {(n, scale * h, scale * w, 3)} but received {got[0].shape}")
    return check


def unchanged(given: dict[str, torch.Tensor], got: list[np.ndarray]) -> None:
    """Pixels outside the holes are the very same."""
    kept = given["mask"].numpy()[..., 0] == 0
    if (got[0][kept] != given["image"].numpy()[kept]).any():
        raise ValueError("Expected equal pixels outside the holes but received others")


def tiled(run, planes: list[np.ndarray], size: int, margin: int, scale: int) -> np.ndarray:
    """The result stitched from tiles whose margin is thrown away except at the picture's edge; origins are multiples of 16.
    Sizes and margin in pixels of the input."""
    h, w = planes[0].shape[:2]
    stride = (size - 2 * margin) // 16 * 16
    starts = lambda n: sorted({min(s, n - size) // 16 * 16 for s in range(0, n - size + stride, stride)})  # noqa: E731
    out = np.zeros((scale * h, scale * w, 3), np.float32)
    for y in starts(h):
        for x in starts(w):
            tile = run([p[y:y + size, x:x + size] for p in planes])
            top, left = 0 if y == 0 else margin, 0 if x == 0 else margin
            bottom, right = size if y + size >= h else size - margin, size if x + size >= w else size - margin
            out[scale * (y + top):scale * (y + bottom), scale * (x + left):scale * (x + right)] = \
                tile[scale * top:scale * bottom, scale * left:scale * right]
    return out


def margin_of(kind: str, path: str, scale: int) -> tuple[int, dict[int, float]]:
    """(smallest sufficient margin, margin → largest difference in levels of 255), on a worn dead-leaves picture of 2×2 tiles."""
    size = SIZE[kind]
    side = 2 * size + 160
    base = np.tile(dead_leaves(np.random.default_rng(SEED), side // 2, side // 2), (2, 2, 1))
    aged = age(base, SEED, Recipe(tone="colour", fade=0.3, blur=0.4, noise=12)).aged
    planes = [aged.astype(np.float32)]
    if kind == "fill-s":
        planes.append(holes(np.random.default_rng(SEED), side, side)[..., None])
    net = session(path)
    names = [x.name for x in net.get_inputs()]
    run = lambda given: net.run(None, {name: x[None] for name, x in zip(names, given)})[0][0]  # noqa: E731
    whole, seen = run(planes), {}
    for margin in range(8, 129, 8):
        seen[margin] = float(np.abs(tiled(run, planes, size, margin, scale) - whole).max() * 255)
        if seen[margin] <= LEVELS and seen.get(margin - 8, 9.0) <= LEVELS:
            return margin - 8, seen
    return 128, seen


def export(kind: str, checkpoint: str, version: str) -> None:
    """The file, the margin and the description of one net; `kind` is 'up2', 'up4' or 'fill-s'."""
    kept = torch.load(checkpoint, weights_only=True)
    scale = {"up2": 2, "up4": 4, "fill-s": 1}[kind]
    fills = kind == "fill-s"
    net = FillNet() if fills else UpscaleNet(scale)
    net.load_state_dict(kept["average"])
    folder = os.path.join(MODELS, kind, version)
    os.makedirs(folder, exist_ok=True)
    output = "filled" if fills else "enlarged"
    file = f"{kind}.f32.onnx"
    path = os.path.join(folder, file)
    make = lambda n, h, w: inputs(kind, n, h, w)  # noqa: E731
    axes = picture_axes(list(make(1, 8, 8)), output, scale)
    write((Filled if fills else Enlarged)(net), path, make, PICTURE_SIZES, axes, {output: 1e-4}, check=unchanged if fills else of_scale(scale))
    margin, seen = margin_of(kind, path, scale)
    print(kind, "margin", margin, {k: round(v, 2) for k, v in seen.items()})
    facts = dict(id=kind, version=version, task="fill" if fills else "upscale")
    if not fills:
        facts["scale"] = scale
    facts.update(treatmentLevel=1 if fills else 2, canInvent=True, **file_facts(folder, file, "f32"), input={"name": "image", "layout": "NHWC", "channels": 3})
    if fills:
        facts.update(mask={"name": "mask", "layout": "NHWC", "channels": 1, "type": "uint8", "hole": 1, "widest": 24})
    facts.update(
        output={"name": output, "channels": 3},
        tile={"size": SIZE[kind], "margin": max(margin, LEAST_MARGIN[kind]), "multiple": MULTIPLE, "largestDifference": {str(k): round(v, 3) for k, v in seen.items()}},
        **common_facts(kept, net),
    )
    describe(folder, **facts)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    command(__doc__, {"up2": ("up2", "train_upscale --scale 2"), "up4": ("up4", "train_upscale --scale 4"), "fill": ("fill-s", "train_fill")}, export)
