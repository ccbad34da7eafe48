"""Writes the ONNX files of both nets from their checkpoints, checks them against torch, and fills `model.json`.

    python -m training.export --restore restore-s.pt --damage damage-s.pt

restore-s is written twice with the same weights: `*.u8.onnx` takes uint8, `*.f32.onnx` float32 0..1 (for 16-bit pictures).
damage-s looks at 8 bits of luma of every picture, so it has the first alone.
Layout outside is [n, h, w, channels] with dynamic n, h, w. Scaling, padding to the multiple (edge values repeated, right
and bottom), cropping, clamping and rounding are inside the graph.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

from .nets import MULTIPLE, DamageNet, RestoreNet, parameters

MODELS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPSET = 17


class Wrapped(nn.Module):
    """NHWC outside, the net inside. `eight`: uint8 in (and out, for pictures)."""

    def __init__(self, net: nn.Module, eight: bool, picture: bool):
        super().__init__()
        self.net, self.eight, self.picture = net, eight, picture

    def forward(self, image):
        x = image.permute(0, 3, 1, 2)
        if self.eight:
            x = x.to(torch.float32) * (1.0 / 255.0)
        h, w = x.shape[2], x.shape[3]
        x = F.pad(x, (0, (MULTIPLE - w % MULTIPLE) % MULTIPLE, 0, (MULTIPLE - h % MULTIPLE) % MULTIPLE), mode="replicate")
        x = self.net(x)[:, :, :h, :w]
        if self.picture:
            x = torch.clamp(x, 0.0, 1.0)
            if self.eight:
                x = torch.round(x * 255.0).to(torch.uint8)
        return x.permute(0, 2, 3, 1)


def digest(path: str) -> str:
    """sha256 of a file, hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def session(path: str) -> onnxruntime.InferenceSession:
    """CPU session with one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def write(net: nn.Module, path: str, eight: bool, picture: bool, names: tuple[str, str], channels: int) -> None:
    """Exports and compares with torch at an odd size: at most 1 level (uint8) or 1e-4 (float32)."""
    wrapped = Wrapped(net, eight, picture).eval()
    make = (lambda n, h, w: torch.randint(0, 256, (n, h, w, channels), dtype=torch.uint8)) if eight else (lambda n, h, w: torch.rand(n, h, w, channels))
    axes = {name: {0: "n", 1: "h", 2: "w"} for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(wrapped, (make(1, 70, 90),), path, input_names=[names[0]], output_names=[names[1]], dynamic_axes=axes,
                          opset_version=OPSET, dynamo=False, do_constant_folding=True)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    if [(o.domain, o.version) for o in model.opset_import] != [("", OPSET)]:
        raise ValueError(f"Expected opset {OPSET} alone for {path} but received {model.opset_import}")
    run = session(path)
    for n, h, w in ((1, 301, 405), (2, 64, 48), (1, 17, 5)):
        x = make(n, h, w)
        with torch.no_grad():
            want = wrapped(x).numpy()
        got = run.run(None, {names[0]: x.numpy()})[0]
        if got.shape != want.shape or got.dtype != want.dtype:
            raise ValueError(f"Expected {want.dtype} {want.shape} from {path} but received {got.dtype} {got.shape}")
        apart = np.abs(got.astype(np.float64) - want.astype(np.float64)).max()
        limit = 1.0 if picture and eight else 1e-4 if picture else 2e-3
        print(f"{os.path.basename(path)} {n}×{h}×{w}: largest difference to torch {apart:.2e}")
        if apart > limit:
            raise ValueError(f"Expected at most {limit} for the difference to torch but received {apart}")


def describe(folder: str, **changes) -> None:
    """Writes fields into `model.json`; nested dicts are merged one level deep."""
    path = os.path.join(folder, "model.json")
    kept = json.load(open(path, encoding="utf-8")) if os.path.exists(path) else {}
    for key, value in changes.items():
        kept[key] = {**kept[key], **value} if isinstance(value, dict) and isinstance(kept.get(key), dict) else value
    with open(path, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=2, ensure_ascii=False)
        file.write("\n")


def export(kind: str, checkpoint: str, version: str) -> None:
    """The files and the description of one net; `kind` is 'restore-s' or 'damage-s'."""
    kept = torch.load(checkpoint, weights_only=True)
    net = RestoreNet() if kind == "restore-s" else DamageNet()
    net.load_state_dict(kept["average"])
    net.eval()
    folder = os.path.join(MODELS, kind, version)
    os.makedirs(folder, exist_ok=True)
    picture = kind == "restore-s"
    names, channels = (("image", "restored"), 3) if picture else (("luma", "logits"), 1)
    files = {}
    for short in ("u8", "f32") if picture else ("u8",):
        name = f"{kind}.{short}.onnx"
        write(net, os.path.join(folder, name), short == "u8", picture, names, channels)
        files[short] = {"file": name, "sha256": digest(os.path.join(folder, name))}
    facts = dict(
        id=kind, version=version, task="restore" if picture else "damage-mask", treatmentLevel=1, canInvent=False, files=files,
        input={"name": names[0], "layout": "NHWC", "channels": channels}, output={"name": names[1], "channels": 3},
    )
    if not picture:
        facts.update(classes=["scratch", "dust", "stain"], thresholds={})
    facts.update(
        tile={"size": 512, "multiple": MULTIPLE}, opset=OPSET,
        licence={"id": "Apache-2.0", "commercial": True, "redistribution": True},
        origin={"trainingCode": "models/training", "seed": kept["facts"]["seed"], "dataManifest": "models/training/data.json",
                "iterations": kept["step"], "parameters": parameters(net), "batch": kept["facts"]["batch"], "crop": kept["facts"]["crop"],
                "seconds": round(kept["seconds"])},
    )
    path = os.path.join(folder, "model.json")
    if os.path.exists(path):
        facts.pop("thresholds", None)
    describe(folder, **facts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restore", help="checkpoint of train_restore")
    parser.add_argument("--damage", help="checkpoint of train_damage")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if args.restore:
        export("restore-s", args.restore, args.version)
    if args.damage:
        export("damage-s", args.damage, args.version)


if __name__ == "__main__":
    main()
