"""What all trainings share: a schedule by iterations or minutes, averaged weights, checkpoints that resume.

Learning rate: 200 steps of warming up, then a cosine to 1 % of its start. With `minutes` the cosine follows the clock,
which is for a machine whose speed nobody can promise; the checkpoint then tells how many iterations it came to.
"""

from __future__ import annotations

import argparse
import copy
import math
import os
import time

import onnx
import torch
from onnx import numpy_helper


class Schedule:
    """Counts iterations and tells the learning rate. One of `iterations` and `minutes` ends the training."""

    def __init__(self, rate: float, iterations: int | None, minutes: float | None):
        if not iterations and not minutes:
            raise ValueError("Expected --iterations or --minutes for the length of the training but received neither")
        self.rate, self.iterations, self.minutes = rate, iterations, minutes
        self.step, self.before = 0, 0.0
        self.started = time.time()

    @property
    def seconds(self) -> float:
        """Seconds trained so far, over all resumed runs."""
        return self.before + time.time() - self.started

    @property
    def progress(self) -> float:
        by_steps = self.step / self.iterations if self.iterations else 0.0
        by_clock = self.seconds / (self.minutes * 60) if self.minutes else 0.0
        return max(by_steps, by_clock)

    def learning_rate(self) -> float:
        warm = min(1.0, (self.step + 1) / 200)
        return self.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress))))


class Average:
    """Exponential average of the weights; it is what gets exported."""

    def __init__(self, net: torch.nn.Module, decay: float = 0.998):
        self.net, self.decay, self.updates = copy.deepcopy(net), decay, 0

    @torch.no_grad()
    def update(self, net: torch.nn.Module) -> None:
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 10))
        for mine, theirs in zip(self.net.parameters(), net.parameters()):
            mine.lerp_(theirs, 1 - decay)
        for mine, theirs in zip(self.net.buffers(), net.buffers()):
            mine.copy_(theirs)  # statistics of a batch normalisation follow the net


def save(path: str, net, average: Average, optimiser, schedule: Schedule, facts: dict) -> None:
    """Writes a checkpoint beside its old one, then replaces it, so that a broken run leaves the last good one."""
    torch.save(dict(net=net.state_dict(), average=average.net.state_dict(), updates=average.updates, optimiser=optimiser.state_dict(),
                    step=schedule.step, seconds=schedule.seconds, facts=facts), path + ".new")
    os.replace(path + ".new", path)


def resume(path: str, net, average: Average, optimiser, schedule: Schedule) -> dict | None:
    """Loads a checkpoint if there is one, and answers its facts."""
    if not os.path.exists(path):
        return None
    kept = torch.load(path, weights_only=True)
    net.load_state_dict(kept["net"])
    average.net.load_state_dict(kept["average"])
    average.updates = kept["updates"]
    optimiser.load_state_dict(kept["optimiser"])
    schedule.step, schedule.before = kept["step"], kept["seconds"]
    return kept["facts"]


def weights_of(path: str) -> dict[str, torch.Tensor]:
    """Weights by name: those of an exported net (`*.onnx`), or the averaged ones of a checkpoint (`*.pt`)."""
    if path.endswith(".pt"):
        return torch.load(path, weights_only=True)["average"]
    return {t.name.removeprefix("net."): torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(path).graph.initializer if t.name.startswith("net.")}


def warm_start(path: str, net, average: Average) -> None:
    """Takes weights as the start; refuses a file whose tensors are not exactly this net's."""
    held = weights_of(path)
    for one in (net, average.net):
        one.load_state_dict(held)


def begin(args: argparse.Namespace, net, average: Average, optimiser, schedule: Schedule) -> dict | None:
    """Goes on from the checkpoint if it is there, and answers its facts; or else starts from the weights of `--start`, if any."""
    facts = resume(args.checkpoint, net, average, optimiser, schedule)
    if facts is None and args.start:
        warm_start(args.start, net, average)
    return facts


def narrow(args: argparse.Namespace):
    """The context in which a net is run while training: bfloat16 where asked, since new processors do it 1.6 × as fast."""
    return torch.autocast("cpu", torch.bfloat16, enabled=args.bf16)


def command_line(description: str, rate: float, batch: int, seed: int) -> argparse.ArgumentParser:
    """What the command line of every training has; where its data lie is its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--checkpoint", required=True, help="file to write, and to go on from if it is there")
    parser.add_argument("--iterations", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--start", help="exported ONNX file or checkpoint of the same net whose weights are the start")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16 (weights stay float32)")
    return parser


def of_pictures(parser: argparse.ArgumentParser, crop: int = 64) -> None:
    """What the command line of a training on aged pictures has besides."""
    parser.add_argument("--data", help="folder with photographs/, colour/, damage-masks/ (see data.json); without it everything is procedural")
    parser.add_argument("--crop", type=int, default=crop, help="side of a crop in pixels (restore-s, damage-s)")


def arguments(description: str, rate: float, batch: int, seed: int, crop: int = 64) -> argparse.Namespace:
    """The command line of a training on aged pictures whose net has one shape."""
    parser = command_line(description, rate, batch, seed)
    of_pictures(parser, crop)
    return parser.parse_args()
