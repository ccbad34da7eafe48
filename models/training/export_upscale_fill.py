"""Writes the ONNX files of up2, up4 and fill-s from their checkpoints, checks them against torch, measures their tile margins,
and fills `model.json`.

    python -m training.export_upscale_fill --up2 up2.pt --up4 up4.pt --fill fill-s.pt

As in export.py: each net twice with the same weights, `*.u8.onnx` and `*.f32.onnx`, [n, h, w, channels] with dynamic n, h, w,
everything else inside the graph. The mask of fill-s is uint8 in both files, 1 = hole (any other value but 0 counts as 1).
"""

from __future__ import annotations

import argparse
import os
import warnings

import cv2
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

from .dead_leaves import dead_leaves
from .degrade import Recipe, age
from .export import MODELS, OPSET, describe, digest, session
from .holes import holes
from .nets import MULTIPLE, parameters
from .nets_fill import FillNet
from .nets_upscale import UpscaleNet

SEED = 55101
LEVELS = 1.0  # of 255: largest difference between tiles and full frame
SIZE = {"up2": 256, "up4": 256, "fill-s": 512}  # side of a tile of the input
# Declared even where less was measured: a hole of the greatest width that lies on the edge of a tile must be whole in one of two.
LEAST_MARGIN = {"up2": 8, "up4": 8, "fill-s": 48}


class Enlarged(nn.Module):
    """NHWC outside, an UpscaleNet inside; clamped, and rounded where the file is for uint8."""

    def __init__(self, net: UpscaleNet, eight: bool):
        super().__init__()
        self.net, self.eight = net, eight

    def forward(self, image):
        x = image.permute(0, 3, 1, 2)
        if self.eight:
            x = x.to(torch.float32) * (1.0 / 255.0)
        x = torch.clamp(self.net(x), 0.0, 1.0)
        if self.eight:
            x = torch.round(x * 255.0).to(torch.uint8)
        return x.permute(0, 2, 3, 1)


class Filled(nn.Module):
    """NHWC image and mask outside, a FillNet inside. Pixels outside the mask are copied, not computed."""

    def __init__(self, net: FillNet, eight: bool):
        super().__init__()
        self.net, self.eight = net, eight

    def forward(self, image, mask):
        hole = mask > 0
        x = image.permute(0, 3, 1, 2)
        if self.eight:
            x = x.to(torch.float32) * (1.0 / 255.0)
        h, w = x.shape[2], x.shape[3]
        more = (0, (MULTIPLE - w % MULTIPLE) % MULTIPLE, 0, (MULTIPLE - h % MULTIPLE) % MULTIPLE)
        x = F.pad(x, more, mode="replicate")
        m = F.pad(hole.permute(0, 3, 1, 2).to(torch.float32), more, mode="replicate")
        x = torch.clamp(self.net(x, m)[:, :, :h, :w], 0.0, 1.0)
        if self.eight:
            x = torch.round(x * 255.0).to(torch.uint8)
        return torch.where(hole, x.permute(0, 2, 3, 1), image)


def inputs(kind: str, eight: bool, n: int, h: int, w: int) -> dict[str, torch.Tensor]:
    """Random inputs of one file, by name."""
    image = torch.randint(0, 256, (n, h, w, 3), dtype=torch.uint8) if eight else torch.rand(n, h, w, 3)
    if kind != "fill-s":
        return {"image": image}
    return {"image": image, "mask": (torch.rand(n, h, w, 1) < 0.1).to(torch.uint8)}


def write(kind: str, wrapped: nn.Module, path: str, eight: bool, output: str, scale: int) -> None:
    """Exports and compares with torch at odd sizes: at most 1 level (uint8) or 1e-4 (float32)."""
    wrapped = wrapped.eval()
    example = inputs(kind, eight, 1, 70, 90)
    axes = {name: {0: "n", 1: "h", 2: "w"} for name in example}
    axes[output] = {0: "n", 1: "h", 2: "w"} if scale == 1 else {0: "n", 1: f"{scale}h", 2: f"{scale}w"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(wrapped, tuple(example.values()), path, input_names=list(example), output_names=[output], dynamic_axes=axes,
                          opset_version=OPSET, dynamo=False, do_constant_folding=True)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    if [(o.domain, o.version) for o in model.opset_import] != [("", OPSET)]:
        raise ValueError(f"Expected opset {OPSET} alone for {path} but received {model.opset_import}")
    run = session(path)
    for n, h, w in ((1, 301, 405), (2, 64, 48), (1, 17, 5)):
        given = inputs(kind, eight, n, h, w)
        with torch.no_grad():
            want = wrapped(*given.values()).numpy()
        got = run.run(None, {name: x.numpy() for name, x in given.items()})[0]
        if got.shape != want.shape or got.dtype != want.dtype or got.shape != (n, scale * h, scale * w, 3):
            raise ValueError(f"Expected {want.dtype} {want.shape} from {path} but received {got.dtype} {got.shape}")
        apart = np.abs(got.astype(np.float64) - want.astype(np.float64)).max()
        limit = 1.0 if eight else 1e-4
        print(f"{os.path.basename(path)} {n}×{h}×{w}: largest difference to torch {apart:.2e}")
        if apart > limit:
            raise ValueError(f"Expected at most {limit} for the difference to torch but received {apart}")
        if kind == "fill-s":
            kept = given["mask"].numpy()[..., 0] == 0
            if (got[kept] != given["image"].numpy()[kept]).any():
                raise ValueError(f"Expected equal pixels outside the holes from {path} but received others")


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
    """Both files, the margin and the description of one net; `kind` is 'up2', 'up4' or 'fill-s'."""
    kept = torch.load(checkpoint, weights_only=True)
    scale = {"up2": 2, "up4": 4, "fill-s": 1}[kind]
    fills = kind == "fill-s"
    net = FillNet() if fills else UpscaleNet(scale)
    net.load_state_dict(kept["average"])
    folder = os.path.join(MODELS, kind, version)
    os.makedirs(folder, exist_ok=True)
    output = "filled" if fills else "enlarged"
    files = {}
    for short in ("u8", "f32"):
        name = f"{kind}.{short}.onnx"
        write(kind, (Filled if fills else Enlarged)(net, short == "u8"), os.path.join(folder, name), short == "u8", output, scale)
        files[short] = {"file": name, "sha256": digest(os.path.join(folder, name))}
    margin, seen = margin_of(kind, os.path.join(folder, f"{kind}.f32.onnx"), scale)
    print(kind, "margin", margin, {k: round(v, 2) for k, v in seen.items()})
    facts = dict(id=kind, version=version, task="fill" if fills else "upscale")
    if not fills:
        facts["scale"] = scale
    facts.update(treatmentLevel=1 if fills else 2, canInvent=True, files=files, input={"name": "image", "layout": "NHWC", "channels": 3})
    if fills:
        facts.update(mask={"name": "mask", "layout": "NHWC", "channels": 1, "type": "uint8", "hole": 1, "widest": 24})
    facts.update(
        output={"name": output, "channels": 3},
        tile={"size": SIZE[kind], "margin": max(margin, LEAST_MARGIN[kind]), "multiple": MULTIPLE, "largestDifference": {str(k): round(v, 3) for k, v in seen.items()}},
        opset=OPSET, licence={"id": "Apache-2.0", "commercial": True, "redistribution": True},
        origin={"trainingCode": "models/training", "seed": kept["facts"]["seed"], "dataManifest": "models/training/data.json",
                "iterations": kept["step"], "parameters": parameters(net), "batch": kept["facts"]["batch"], "crop": kept["facts"]["crop"],
                "seconds": round(kept["seconds"])},
    )
    describe(folder, **facts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--up2", help="checkpoint of train_upscale --scale 2")
    parser.add_argument("--up4", help="checkpoint of train_upscale --scale 4")
    parser.add_argument("--fill", help="checkpoint of train_fill")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    for kind, checkpoint in (("up2", args.up2), ("up4", args.up4), ("fill-s", args.fill)):
        if checkpoint:
            export(kind, checkpoint, args.version)


if __name__ == "__main__":
    main()
