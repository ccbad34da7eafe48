"""A net of the second look, or of landmarks, to train on, from its exported file: there batch normalisation is folded into the convolutions.

    python -m training.unfold --model face-look --number 1 --widths 32 48 80 112 --store STORE --out look-2.pt

Convolutions get their folded weights; what each normalisation would see is measured on crops of STORE (training.face_candidates), and its
factor and shift are set so that it takes away and gives back the same. Refuses where the net would answer otherwise than the file's. The checkpoint is for --start.
"""

from __future__ import annotations

import argparse
import os

import cv2
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .export import MODELS
from .face_look import LookNet, evened
from .face_marks import MarksNet
from .train_face_look import Store, example

CROPS, BATCH, SEED, APART = 3072, 64, 20261168, 1e-3  # crops measured on, at once, and the largest difference of an answer


def module_of(node: str, scope: str) -> str:
    """'/net/at16/at16.0/first/first.0/Conv' in the scope 'net' → 'at16.0.first.0'."""
    parts: list[str] = []
    for part in node.removeprefix(f"/{scope}/").split("/")[:-1]:
        if parts and part.startswith(parts[-1] + "."):
            parts[-1] = part
        else:
            parts.append(part)
    return ".".join(parts)


def folded(path: str, scope: str) -> dict[str, torch.Tensor]:
    """Weights by name of the net in that scope; a convolution with a normalisation behind it has the folded weight, and the folded
    bias as its normalisation's."""
    graph = onnx.load(path).graph
    held = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    out = {name.removeprefix(f"{scope}."): value for name, value in held.items() if name.startswith(f"{scope}.")}
    for node in graph.node:
        if node.op_type != "Conv" or not node.name.startswith(f"/{scope}/") or node.input[1] not in held or node.input[1].startswith(f"{scope}."):
            continue
        convolution = module_of(node.name, scope)
        out[f"{convolution}.weight"] = held[node.input[1]]
        out[f"{convolution.removesuffix('.0')}.1.bias"] = held[node.input[2]]
    return out


def taught(net: nn.Module, held: dict[str, torch.Tensor]) -> None:
    """Loads folded weights; every normalisation only adds its bias."""
    state = net.state_dict()
    for name, module in net.named_modules():
        if isinstance(module, nn.BatchNorm2d):
            state[f"{name}.running_mean"].zero_()
            state[f"{name}.running_var"].fill_(1.0 - module.eps)
            state[f"{name}.weight"].fill_(1.0)
    missing = set(state) - set(held) - {name for name in state if name.endswith((".running_mean", ".running_var", ".num_batches_tracked", ".1.weight")) or name == "along"}
    if missing:
        raise ValueError(f"Expected the weights of a {type(net).__name__} but found none for {', '.join(sorted(missing))}")
    net.load_state_dict({**state, **held})


@torch.no_grad()
def recentred(net: nn.Module, batches: list[torch.Tensor]) -> None:
    """Gives every normalisation the mean and deviation of what it sees, and undoes them in its factor and shift."""
    seen: dict[nn.Module, list[torch.Tensor]] = {module: [] for module in net.modules() if isinstance(module, nn.BatchNorm2d)}
    hooks = [module.register_forward_pre_hook(lambda own, given: seen[own].append(torch.stack([given[0].mean((0, 2, 3)), (given[0] ** 2).mean((0, 2, 3))]))) for module in seen]
    net.eval()
    for batch in batches:
        net(batch)
    for hook in hooks:
        hook.remove()
    for module, parts in seen.items():
        mean, square = torch.stack(parts).double().mean(0)
        variance = (square - mean * mean).clamp(min=1e-6)
        module.running_mean.copy_(mean)
        module.running_var.copy_(variance)
        module.weight.copy_((variance + module.eps).sqrt())
        module.bias.add_(mean.float())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=("face-look", "face-marks"), required=True)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--number", type=int, default=0, help="of the nets whose answers the file averages")
    parser.add_argument("--widths", type=int, nargs=4, required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    path = os.path.join(MODELS, args.model, args.version, f"{args.model}.u8.onnx")
    net = (LookNet if args.model == "face-look" else MarksNet)(tuple(args.widths))
    taught(net, folded(path, "net" if args.number == 0 else f"others.{args.number - 1}"))
    rng, store = np.random.default_rng(SEED), Store(args.store, "train")
    batches = [evened(torch.from_numpy(np.stack([example(rng, store).crop for _ in range(BATCH)]).astype(np.float32))[:, None]) for _ in range(CROPS // BATCH)]
    with torch.no_grad():
        before = net.eval()(batches[0])
        recentred(net, batches)
        apart = float((net(batches[0]) - before).abs().max())
    if apart > APART:
        raise ValueError(f"Expected the net to answer as its file but it differs by {apart}")
    torch.save(dict(average=net.state_dict()), args.out)
    print(f"{args.out}: differs by {apart:.1e}", flush=True)


if __name__ == "__main__":
    main()
