"""Writes the tiny models the specs run: `python make_tiny_models.py` (needs onnx and numpy), reproducible byte for byte.

    models/restore-s/1.0.0        3×3 mean of the picture: a denoiser with a margin of 1
    models/damage-s/1.0.0         marks what is brighter than its surroundings of 31×31: thin as scratch, nothing else
    models-black/restore-s/1.0.0  answers black: what the sanity check must refuse
    models-nan/restore-s/1.0.0    answers NaN

As with the nets they stand for, pictures are float 0..1 (`*.f32.onnx`) and the luma of damage-s is uint8 (`*.u8.onnx`).
"""

import hashlib
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPE = ["n", "h", "w"]


def graph(eight, names, channels, nodes, constants):
    """Model with NHWC outside and float out; `nodes` take "x" (NCHW, float 0..1) and make "y" (NCHW, float, 3 channels)."""
    source = TensorProto.UINT8 if eight else TensorProto.FLOAT
    before = [helper.make_node("Transpose", [names[0] if not eight else "float"], ["nchw"], perm=[0, 3, 1, 2])]
    if eight:
        before.insert(0, helper.make_node("Cast", [names[0]], ["float"], to=TensorProto.FLOAT))
        before.append(helper.make_node("Mul", ["nchw", "scale"], ["x"]))
        constants = {**constants, "scale": np.array(1 / 255, np.float32)}
    else:
        before.append(helper.make_node("Identity", ["nchw"], ["x"]))
    last = [helper.make_node("Transpose", ["y"], ["nhwc"], perm=[0, 2, 3, 1]), helper.make_node("Identity", ["nhwc"], [names[1]])]
    made = helper.make_graph(
        before + nodes + last, "tiny",
        [helper.make_tensor_value_info(names[0], source, SHAPE + [channels])],
        [helper.make_tensor_value_info(names[1], TensorProto.FLOAT, SHAPE + [3])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()])
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def mean():
    weights = np.zeros((3, 1, 3, 3), np.float32) + np.float32(1 / 9)
    nodes = [helper.make_node("Pad", ["x", "pads"], ["padded"], mode="edge"),
             helper.make_node("Conv", ["padded", "weights"], ["y"], group=3)]
    constants = {"weights": weights, "pads": np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64)}
    return graph(False, ("image", "restored"), 3, nodes, constants)


def factor(value):
    nodes = [helper.make_node("Mul", ["x", "factor"], ["y"])]
    constants = {"factor": np.array(value, np.float32)}
    return graph(False, ("image", "restored"), 3, nodes, constants)


def bright():
    side = 31
    nodes = [helper.make_node("Pad", ["x", "pads"], ["padded"], mode="edge"),
             helper.make_node("AveragePool", ["padded"], ["around"], kernel_shape=[side, side]),
             helper.make_node("Sub", ["x", "around"], ["over"]),
             helper.make_node("Conv", ["over", "weights", "bias"], ["y"])]
    constants = {"pads": np.array([0, 0, side // 2, side // 2, 0, 0, side // 2, side // 2], np.int64),
                 "weights": np.array([40, 0, 0], np.float32).reshape(3, 1, 1, 1), "bias": np.array([-8, -12, -12], np.float32)}
    return graph(True, ("luma", "logits"), 1, nodes, constants)


def write(root, name, short, model, **facts):
    folder = os.path.join(HERE, root, name, "1.0.0")
    os.makedirs(folder, exist_ok=True)
    data = model.SerializeToString()
    file = f"{name}.{short}.onnx"
    with open(os.path.join(folder, file), "wb") as out:
        out.write(data)
    entries = {short: {"file": file, "sha256": hashlib.sha256(data).hexdigest()}}
    with open(os.path.join(folder, "model.json"), "w", encoding="utf-8") as out:
        json.dump({"id": name, "version": "1.0.0", "files": entries, **facts}, out, indent=2)
        out.write("\n")


def main():
    picture = dict(input={"name": "image"}, output={"name": "restored"})
    picture["tile"] = {"size": 128, "multiple": 16, "margin": 16}
    write("models", "restore-s", "f32", mean(), **picture)
    write("models", "damage-s", "u8", bright(), input={"name": "luma"}, output={"name": "logits"},
          classes=["scratch", "dust", "stain"], thresholds={"scratch": 0.5, "dust": 0.5, "stain": 0.5},
          marks={"halfSizeLoss": {"scratch": 1.5, "dust": 0, "stain": 0}, "outline": {"share": 0.45, "least": 3, "near": 6, "wide": 24, "free": 0.05}},
          tile={"size": 192, "multiple": 16, "margin": 32})
    write("models-black", "restore-s", "f32", factor(0), **picture)
    write("models-nan", "restore-s", "f32", factor(float("nan")), **picture)


if __name__ == "__main__":
    main()
