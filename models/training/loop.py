"""The loop that all trainings have in common: start or go on, one step, what is told now and then, checkpoints.

    run = Training(args, RestoreNet(), "restore-s", clip=0.5)
    run.go(step, told)

`step()` computes one batch and returns its loss and an array of numbers; these are added up, and every hundred steps
`told(sums)` says in words what they come to. After each step `after(number)` may look at what has come of it (mining, validating).
A checkpoint is written every two minutes and at the end.
"""

from __future__ import annotations

import argparse
import time
from typing import Callable

import cv2
import numpy as np
import torch

from .nets import parameters
from .schedule import Average, Schedule, begin, save

TOLD_EVERY, SAVED_EVERY = 100, 120  # steps, seconds


def gain(before, after, truth) -> np.ndarray:
    """dB by which `after` is nearer to the truth than `before`; tensors of one shape."""
    with torch.no_grad():
        return np.array(float(torch.log10(((before - truth) ** 2).mean() / ((after - truth) ** 2).mean()) * 10))


class Training:
    """One net under training on one thread; `rng` is seeded by the seed and the step it goes on from."""

    def __init__(self, args: argparse.Namespace, net: torch.nn.Module, model: str, clip: float, momentum: tuple[float, float] = (0.9, 0.99), optimiser: torch.optim.Optimizer | None = None, **facts):
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        self.args, self.clip = args, clip
        self.net = net.to(memory_format=torch.channels_last)
        self.average = Average(net)
        self.optimiser = optimiser or torch.optim.AdamW(net.parameters(), lr=args.rate, betas=momentum, weight_decay=1e-4)
        self.schedule = Schedule(args.rate, args.iterations, args.minutes)
        self.resumed = begin(args, net, self.average, self.optimiser, self.schedule)
        self.rng = np.random.default_rng(args.seed + self.schedule.step)
        self.facts = dict(model=model, seed=args.seed, batch=args.batch, rate=args.rate, start=args.start, bf16=args.bf16, **facts)

    def go(self, step: Callable[[], tuple[torch.Tensor, np.ndarray]], told: Callable[[np.ndarray], str], data: str,
           after: Callable[[int], None] = lambda number: None) -> None:
        """Trains to the end of the schedule, whose clock begins here. `data` says what it learns from, in the first line that is printed."""
        self.schedule.started = time.time()
        print(f"{parameters(self.net)} parameters, {data}, resumed={self.resumed} at {self.schedule.step}", flush=True)
        total, sums, shown, saved = 0.0, 0.0, time.time(), time.time()
        while self.schedule.progress < 1.0:
            for group in self.optimiser.param_groups:
                group["lr"] = self.schedule.learning_rate() * group.get("times", 1.0)
            loss, numbers = step()
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.clip)
            self.optimiser.step()
            self.average.update(self.net)
            self.schedule.step += 1
            after(self.schedule.step)
            total, sums = total + float(loss.detach()), sums + numbers
            if self.schedule.step % TOLD_EVERY == 0:
                speed = TOLD_EVERY / (time.time() - shown)
                print(f"{self.schedule.step} {self.schedule.progress:.3f} loss {total / TOLD_EVERY:.5f} {told(sums)} lr {self.schedule.learning_rate():.2e} {speed:.2f} it/s", flush=True)
                total, sums, shown = 0.0, 0.0, time.time()
            if time.time() - saved > SAVED_EVERY:
                self.save()
                saved = time.time()
        self.save()

    def save(self) -> None:
        save(self.args.checkpoint, self.net, self.average, self.optimiser, self.schedule, self.facts)
