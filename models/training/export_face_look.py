"""Writes the net of the second look from its checkpoint and checks it against torch: `python -m training.export_face_look --checkpoint look.pt`

One file, `face-look.u8.onnx`: uint8 [n, 64, 64, 1] in; score [n], boxes [n, 4], landmarks [n, 10] out, float32.
"""

from __future__ import annotations

import argparse
import os
import warnings

import numpy as np
import onnx
import torch

from .export import MODELS, OPSET, describe, digest, session
from .face_crops import SIDE
from .face_look import Look, LookNet
from .nets import parameters

NAMES = ["score", "boxes", "landmarks"]
LIMITS = {"score": 1e-4, "boxes": 2e-3, "landmarks": 2e-3}  # largest difference to torch; boxes and landmarks in pixels of the crop


def write(net: LookNet, path: str) -> None:
    """Exports and compares with torch at several numbers of crops."""
    whole = Look(net).eval()
    make = lambda n: torch.randint(0, 256, (n, SIDE, SIDE, 1), dtype=torch.uint8)  # noqa: E731
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(whole, (make(3),), path, input_names=["crops"], output_names=NAMES, dynamic_axes={name: {0: "n"} for name in ["crops", *NAMES]},
                          opset_version=OPSET, dynamo=False, do_constant_folding=True)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    if [(o.domain, o.version) for o in model.opset_import] != [("", OPSET)]:
        raise ValueError(f"Expected opset {OPSET} alone for {path} but received {model.opset_import}")
    run = session(path)
    for n in (1, 5, 32):
        x = make(n)
        with torch.no_grad():
            wanted = [part.numpy() for part in whole(x)]
        for name, a, b in zip(NAMES, wanted, run.run(None, {"crops": x.numpy()})):
            if a.shape != b.shape or b.dtype != np.float32:
                raise ValueError(f"Expected float32 {a.shape} for {name} from {path} but received {b.dtype} {b.shape}")
            apart = float(np.abs(a - b).max())
            print(f"{os.path.basename(path)} {n} crops {name}: largest difference to torch {apart:.2e}")
            if apart > LIMITS[name]:
                raise ValueError(f"Expected at most {LIMITS[name]} for the difference of {name} but received {apart}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    kept = torch.load(args.checkpoint, weights_only=True)
    net = LookNet()
    net.load_state_dict(kept["average"])
    net.eval()
    folder = os.path.join(MODELS, "face-look", args.version)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "face-look.u8.onnx")
    write(net, path)
    describe(
        folder, id="face-look", version=args.version, task="face-detection", treatmentLevel=1, canInvent=False,
        files={"u8": {"file": "face-look.u8.onnx", "sha256": digest(path)}},
        input={"name": "crops", "layout": "NHWC", "channels": 1}, output={"name": "score", "names": NAMES, "channels": 1},
        classes=["face"], tile={"size": SIDE, "multiple": SIDE, "margin": 0, "tiled": False}, opset=OPSET,
        licence={"id": "Apache-2.0", "commercial": True, "redistribution": True},
        origin={"trainingCode": "models/training", "seed": kept["facts"]["seed"], "dataManifest": "models/training/data.json", "iterations": kept["step"],
                "parameters": parameters(net), "batch": kept["facts"]["batch"], "crop": kept["facts"]["crop"], "seconds": round(kept["seconds"])},
    )


if __name__ == "__main__":
    main()
