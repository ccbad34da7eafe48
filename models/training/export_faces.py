"""Writes the face net from its checkpoint and checks it against torch: `python -m training.export_faces --checkpoint faces.pt`

One file, `faces.u8.onnx`: uint8 [1, h, w, 1] in; heat [1, r, c], boxes [1, r, c, 4], landmarks [1, r, c, 10] out, float32,
r and c a quarter of the padded sides. A face net reads levels, not colours: 16-bit pictures are reduced to 8 bit first.
"""

from __future__ import annotations

import argparse
import os
import warnings

import numpy as np
import onnx
import torch

from .export import MODELS, OPSET, describe, digest, session
from .face_net import MULTIPLE, STRIDE, FaceNet, Wrapped
from .nets import parameters

NAMES = ["heat", "boxes", "landmarks"]
LIMITS = {"heat": 1e-4, "boxes": 2e-2, "landmarks": 2e-2}  # largest difference to torch; boxes and landmarks in pixels


def write(net: FaceNet, path: str) -> None:
    """Exports and compares with torch at odd sizes."""
    wrapped = Wrapped(net).eval()
    axes = {"grey": {1: "h", 2: "w"}, **{name: {1: "r", 2: "c"} for name in NAMES}}
    make = lambda h, w: torch.randint(0, 256, (1, h, w, 1), dtype=torch.uint8)  # noqa: E731
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(wrapped, (make(70, 90),), path, input_names=["grey"], output_names=NAMES, dynamic_axes=axes, opset_version=OPSET, dynamo=False, do_constant_folding=True)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    if [(o.domain, o.version) for o in model.opset_import] != [("", OPSET)]:
        raise ValueError(f"Expected opset {OPSET} alone for {path} but received {model.opset_import}")
    run = session(path)
    for h, w in ((301, 405), (64, 48), (17, 5), (1, 1)):
        x = make(h, w)
        with torch.no_grad():
            wanted = [part.numpy() for part in wrapped(x)]
        got = run.run(None, {"grey": x.numpy()})
        # Peaks that tie within rounding may be kept by one runtime and dropped by the other: compare the heat where both kept it.
        kept = (wanted[0] > 0) & (got[0] > 0)
        for name, a, b in zip(NAMES, wanted, got):
            if a.shape != b.shape or b.dtype != np.float32:
                raise ValueError(f"Expected float32 {a.shape} for {name} from {path} but received {b.dtype} {b.shape}")
            apart = float(np.abs(a - b)[kept].max()) if kept.any() else 0.0
            print(f"{os.path.basename(path)} {h}×{w} {name}: largest difference to torch {apart:.2e}")
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
    net = FaceNet()
    net.load_state_dict(kept["average"])
    net.eval()
    folder = os.path.join(MODELS, "faces", args.version)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "faces.u8.onnx")
    write(net, path)
    describe(
        folder, id="faces", version=args.version, task="face-detection", treatmentLevel=1, canInvent=False,
        files={"u8": {"file": "faces.u8.onnx", "sha256": digest(path)}},
        input={"name": "grey", "layout": "NHWC", "channels": 1}, output={"name": "heat", "names": NAMES, "channels": 1, "stride": STRIDE},
        classes=["face"], tile={"size": 2048, "multiple": MULTIPLE, "margin": 0, "tiled": False}, opset=OPSET,
        licence={"id": "Apache-2.0", "commercial": True, "redistribution": True},
        origin={"trainingCode": "models/training", "seed": kept["facts"]["seed"], "dataManifest": "models/training/data.json", "iterations": kept["step"],
                "parameters": parameters(net), "batch": kept["facts"]["batch"], "crop": kept["facts"]["crop"], "seconds": round(kept["seconds"])},
    )


if __name__ == "__main__":
    main()
