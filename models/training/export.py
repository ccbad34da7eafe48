"""Writes the ONNX files of nets that pass over a picture from their checkpoints, checks them against torch, and fills `model.json`.

    python -m training.export --restore restore-s.pt --denoise denoise-s.pt --damage damage-s.pt

One file each. Nets that change pictures take and give float32 0..1 (`*.f32.onnx`); who runs them divides samples by their full
scale before and rounds to the nearest sample after, halves upward. damage-s looks at 8 bits of luma of every picture
(`*.u8.onnx`). Layout outside is [n, h, w, channels] with dynamic n, h, w. Padding to the multiple (edge values repeated, right and
bottom), cropping and clamping are inside the graph.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import warnings
from typing import Callable

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

from .nets import MULTIPLE, DamageNet, RestoreNet, parameters

MODELS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPSET = 17


def missing(length):
    """Pixels from a side to the next multiple of MULTIPLE."""
    return (MULTIPLE - length % MULTIPLE) % MULTIPLE


def padded(image):
    """float32 [n, h, w, channels] with its last columns and rows repeated up to multiples of MULTIPLE."""
    return F.pad(image[None], (0, 0, 0, missing(image.shape[2]), 0, missing(image.shape[1])), mode="replicate")[0]


def shuffled(halves):
    """[n, 4c, h, w], as F.pixel_unshuffle orders it → [n, 2h, 2w, c]: one transposition where there would be two, which onnxruntime
    does on one thread."""
    n, channels, h, w = halves.shape
    return halves.reshape(n, channels // 4, 2, 2, h, w).permute(0, 4, 2, 5, 3, 1).reshape(n, 2 * h, 2 * w, channels // 4)


class Wrapped(nn.Module):
    """NHWC outside, the net inside: a picture of 0..1 in and out, or uint8 luma in and logits out. (Transposing once as above gained
    nothing for restore-s and made damage-s 5 to 7 % slower.)"""

    def __init__(self, net: nn.Module, picture: bool):
        super().__init__()
        self.net, self.picture = net, picture

    def forward(self, image):
        x = image.permute(0, 3, 1, 2)
        if not self.picture:
            x = x.to(torch.float32) * (1.0 / 255.0)
        h, w = x.shape[2], x.shape[3]
        x = F.pad(x, (0, missing(w), 0, missing(h)), mode="replicate")
        x = self.net(x)[:, :, :h, :w]
        if self.picture:
            x = torch.clamp(x, 0.0, 1.0)
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


def session_of(name: str, version: str = "1.0.0") -> onnxruntime.InferenceSession:
    """CPU session of the one file that the description of a shipped net names."""
    folder = os.path.join(MODELS, name, version)
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        (entry,) = json.load(file)["files"].values()
    return session(os.path.join(folder, entry["file"]))


def write(wrapped: nn.Module, path: str, make: Callable[..., dict[str, torch.Tensor]], sizes: list[tuple[int, ...]], axes: dict[str, dict[int, str]],
          limits: dict[str, float], where: Callable = lambda wanted, got: ..., check: Callable = lambda given, got: None) -> None:
    """Exports and compares every output with torch, by at most `limits` (output name → largest difference). `make(*size)` gives random
    inputs by name, the first of `sizes` those to export with, the others those to compare at; `axes` are the dynamic ones of every
    tensor. `where(wanted, got)` chooses the places that are compared, `check(given, got)` looks at inputs and outputs as well."""
    wrapped = wrapped.eval()
    example = make(*sizes[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(wrapped, tuple(example.values()), path, input_names=list(example), output_names=list(limits), dynamic_axes=axes,
                          opset_version=OPSET, dynamo=False, do_constant_folding=True)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    if [(o.domain, o.version) for o in model.opset_import] != [("", OPSET)]:
        raise ValueError(f"Expected opset {OPSET} alone for {path} but received {model.opset_import}")
    run = session(path)
    for size in sizes[1:]:
        given = make(*size)
        with torch.no_grad():
            answer = wrapped(*given.values())
        wanted = [part.numpy() for part in (answer if isinstance(answer, tuple) else (answer,))]
        got = run.run(None, {name: x.numpy() for name, x in given.items()})
        for (name, limit), a, b in zip(limits.items(), wanted, got, strict=True):
            if a.shape != b.shape or b.dtype != np.float32:
                raise ValueError(f"Expected float32 {a.shape} for {name} from {path} but received {b.dtype} {b.shape}")
            apart = float(np.abs(a - b)[where(wanted, got)].max(initial=0))
            print(f"{os.path.basename(path)} {'×'.join(map(str, size))} {name}: largest difference to torch {apart:.2e}")
            if apart > limit:
                raise ValueError(f"Expected at most {limit} for the difference of {name} to torch but received {apart}")
        check(given, got)


# [n, h, w] of nets over whole pictures: exported with the first, compared at the others.
PICTURE_SIZES = [(1, 70, 90), (1, 301, 405), (2, 64, 48), (1, 17, 5)]


def picture_axes(inputs: list[str], output: str, scale: int = 1) -> dict[str, dict[int, str]]:
    """Dynamic n, h, w of tensors [n, h, w, channels]; the output is `scale` times as wide and high."""
    times = "" if scale == 1 else str(scale)
    return {**{name: {0: "n", 1: "h", 2: "w"} for name in inputs}, output: {0: "n", 1: f"{times}h", 2: f"{times}w"}}


def widths_of(kept: dict) -> tuple:
    """The first argument of a net whose training was told other widths than the usual ones; none elsewhere."""
    widths = kept["facts"].get("widths")
    return (tuple(widths),) if widths else ()


def common_facts(kept: dict, net: nn.Module) -> dict:
    """What `describe` takes for every net: opset, licence, and where the weights of a checkpoint come from."""
    facts = kept["facts"]
    return dict(
        opset=OPSET, licence={"id": "Apache-2.0", "commercial": True, "redistribution": True},
        origin={"trainingCode": "models/training", "seed": facts["seed"], "dataManifest": "models/training/data.json",
                "iterations": kept["step"] + facts.get("helped", 0), "parameters": parameters(net), "batch": facts["batch"], "crop": facts["crop"],
                "seconds": round(kept["seconds"])},
    )


def file_facts(folder: str, name: str, element: str) -> dict:
    """What `describe` takes for the one file of a net, written before. Where its bytes are others than those described, nothing
    can stand for them any more: `formerly` (digests of files with the same weights that are kept no longer) goes."""
    sha256 = digest(os.path.join(folder, name))
    path = os.path.join(folder, "model.json")
    kept = json.load(open(path, encoding="utf-8")) if os.path.exists(path) else {}
    same = kept.get("files", {}).get(element, {}).get("sha256") == sha256
    return dict(files={element: {"file": name, "sha256": sha256}}, **({} if same else {"formerly": None}))


def describe(folder: str, **changes) -> None:
    """Writes fields into `model.json`; nested dicts are merged one level deep, but for `files`. None takes a field away."""
    path = os.path.join(folder, "model.json")
    kept = json.load(open(path, encoding="utf-8")) if os.path.exists(path) else {}
    for key, value in changes.items():
        merged = key != "files" and isinstance(value, dict) and isinstance(kept.get(key), dict)
        kept[key] = {**kept[key], **value} if merged else value
    kept = {key: value for key, value in kept.items() if value is not None}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=2, ensure_ascii=False)
        file.write("\n")


def export(kind: str, checkpoint: str, version: str) -> None:
    """The file and the description of one net; `kind` is 'restore-s', 'denoise-s' or 'damage-s'."""
    kept = torch.load(checkpoint, weights_only=True)
    picture = kind != "damage-s"
    net = RestoreNet(*widths_of(kept), depth=kept["facts"].get("depth", 1)) if picture else DamageNet()
    net.load_state_dict(kept["average"])
    net.eval()
    folder = os.path.join(MODELS, kind, version)
    os.makedirs(folder, exist_ok=True)
    names, channels = (("image", "restored"), 3) if picture else (("luma", "logits"), 1)
    element = "f32" if picture else "u8"
    file = f"{kind}.{element}.onnx"
    sample = (lambda *shape: torch.rand(shape)) if picture else (lambda *shape: torch.randint(0, 256, shape, dtype=torch.uint8))
    write(Wrapped(net, picture), os.path.join(folder, file), lambda n, h, w: {names[0]: sample(n, h, w, channels)}, PICTURE_SIZES,
          picture_axes([names[0]], names[1]), {names[1]: 1e-4 if picture else 2e-3})
    facts = dict(
        id=kind, version=version, task={"restore-s": "restore", "denoise-s": "denoise", "damage-s": "damage-mask"}[kind], treatmentLevel=1, canInvent=False,
        **file_facts(folder, file, element), input={"name": names[0], "layout": "NHWC", "channels": channels}, output={"name": names[1], "channels": 3},
    )
    if not picture:
        facts.update(classes=["scratch", "dust", "stain"], thresholds={})
    facts.update(tile={"size": 512, "multiple": MULTIPLE}, **common_facts(kept, net))
    path = os.path.join(folder, "model.json")
    if os.path.exists(path):
        facts.pop("thresholds", None)
    describe(folder, **facts)


def command(description: str, nets: dict[str, tuple[str, str]], export: Callable[[str, str, str], None]) -> None:
    """The command line of an exporter: `nets` are, by option, a net and the training whose checkpoint it takes; those that are
    given are exported by `export(net, checkpoint, version)`."""
    parser = argparse.ArgumentParser(description=description)
    for option, (_, training) in nets.items():
        parser.add_argument(f"--{option}", help=f"checkpoint of {training}")
    parser.add_argument("--version", default="1.0.0")
    args = vars(parser.parse_args())
    torch.set_num_threads(1)
    torch.manual_seed(1)
    for option, (net, _) in nets.items():
        if args[option]:
            export(net, args[option], args["version"])


if __name__ == "__main__":
    command(__doc__, {"restore": ("restore-s", "train_restore"), "denoise": ("denoise-s", "train_denoise"), "damage": ("damage-s", "train_damage")}, export)
