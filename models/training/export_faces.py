"""Writes the ONNX files of faces, face-look and face-marks from their checkpoints, checks them against torch, and fills `model.json`.

    python -m training.export_faces --faces faces.pt --look look.pt,other.pt --marks marks.pt

One file each; the answers of several nets for the second look (of other widths and seeds) are averaged inside it. `faces.u8.onnx`: uint8 [1, h, w, 1] in; heat [1, r, c], boxes [1, r, c, 4], landmarks [1, r, c, 10] out, float32,
r and c a quarter of the padded sides. `face-look.u8.onnx`: uint8 [n, 64, 64, 1] in; score [n], boxes [n, 4], landmarks [n, 10] out,
float32; `face-marks.u8.onnx`: the same in; landmarks [n, 10] out. Face nets read levels, not colours: 16-bit pictures are reduced to 8 bit first.
"""

from __future__ import annotations

import os

import numpy as np
import torch

from .export import MODELS, command, common_facts, describe, file_facts, widths_of, write
from .face_crops import SIDE
from .face_look import Look, LookNet
from .face_marks import Marks, MarksNet
from .face_net import MULTIPLE, STRIDE, FaceNet, Wrapped
from .nets import parameters

# Largest difference to torch; boxes and landmarks in pixels of what was given.
FACES = {"heat": 1e-4, "boxes": 2e-2, "landmarks": 2e-2}
LOOK = {"score": 1e-4, "boxes": 2e-3, "landmarks": 2e-3}
MARKS = {"landmarks": 2e-3}


def levels(*shape: int) -> torch.Tensor:
    """Random uint8 values."""
    return torch.randint(0, 256, shape, dtype=torch.uint8)


def kept_by_both(wanted: list[np.ndarray], got: list[np.ndarray]) -> np.ndarray:
    """Peaks that tie within rounding may be kept by one runtime and dropped by the other: where both kept the heat is compared."""
    return (wanted[0] > 0) & (got[0] > 0)


def export(kind: str, checkpoint: str, version: str) -> None:
    """The file and the description of one net; `kind` is 'faces', 'face-look' or 'face-marks'."""
    every = [torch.load(path, weights_only=True) for path in checkpoint.split(",")]
    kept, nets = every[0], []
    for one in every:
        net = {"faces": FaceNet, "face-look": LookNet, "face-marks": MarksNet}[kind](*widths_of(one))
        net.load_state_dict(one["average"])
        nets.append(net.eval())
    net, *others = nets
    if others and kind != "face-look":
        raise ValueError(f"Expected one checkpoint for {kind} but received {checkpoint}")
    folder = os.path.join(MODELS, kind, version)
    os.makedirs(folder, exist_ok=True)
    file = f"{kind}.u8.onnx"
    path = os.path.join(folder, file)
    if kind == "face-marks":
        axes = {name: {0: "n"} for name in ("crops", *MARKS)}
        write(Marks(net), path, lambda n: {"crops": levels(n, SIDE, SIDE, 1)}, [(3,), (1,), (5,), (32,)], axes, MARKS)
        facts = dict(input={"name": "crops", "layout": "NHWC", "channels": 1}, output={"name": "landmarks", "channels": 10},
                     tile={"size": SIDE, "multiple": SIDE, "margin": 0, "tiled": False})
    elif kind == "face-look":
        axes = {name: {0: "n"} for name in ("crops", *LOOK)}
        write(Look(*nets), path, lambda n: {"crops": levels(n, SIDE, SIDE, 1)}, [(3,), (1,), (5,), (32,)], axes, LOOK)
        facts = dict(input={"name": "crops", "layout": "NHWC", "channels": 1}, output={"name": "score", "names": list(LOOK), "channels": 1},
                     tile={"size": SIDE, "multiple": SIDE, "margin": 0, "tiled": False})
    else:
        axes = {"grey": {1: "h", 2: "w"}, **{name: {1: "r", 2: "c"} for name in FACES}}
        write(Wrapped(net), path, lambda h, w: {"grey": levels(1, h, w, 1)}, [(70, 90), (301, 405), (64, 48), (17, 5), (1, 1)], axes, FACES, where=kept_by_both)
        facts = dict(input={"name": "grey", "layout": "NHWC", "channels": 1}, output={"name": "heat", "names": list(FACES), "channels": 1, "stride": STRIDE},
                     tile={"size": 2048, "multiple": MULTIPLE, "margin": 0, "tiled": False})
    common = common_facts(kept, net)
    told = lambda of: {key: of[key] for key in ("seed", "iterations", "parameters", "seconds")}  # noqa: E731
    averaged = {"averaged": [told(common_facts(one, other)["origin"]) for one, other in zip(every, nets)]} if others else {}
    describe(folder, id=kind, version=version, task="face-landmarks" if kind == "face-marks" else "face-detection", treatmentLevel=1, canInvent=False, **file_facts(folder, file, "u8"),
             **facts, classes=["face"], **{**common, "origin": {**common["origin"], "parameters": sum(map(parameters, nets)), **averaged}})


if __name__ == "__main__":
    command(__doc__, {"faces": ("faces", "train_faces"), "look": ("face-look", "train_face_look"), "marks": ("face-marks", "train_face_marks")}, export)
