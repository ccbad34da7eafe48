"""The loop that all trainings have in common: start or go on, one step, what is told now and then, checkpoints.

    run = Training(args, RestoreNet(), "restore-s", clip=0.5)
    run.go(step, told)

`step()` computes one batch and returns its loss and an array of numbers; these are added up, and every hundred steps
`told(sums)` says in words what they come to. After each step `after(number)` may look at what has come of it (mining, validating).
A checkpoint is written every two minutes and at the end.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
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
        before = begin(args, net, self.average, self.optimiser, self.schedule)
        self.resumed = before is not None or bool(args.start)
        self.rng = np.random.default_rng(args.seed + self.schedule.step)
        self.helped = multiprocessing.get_context("fork").Value("q", (before or {}).get("helped", 0))  # steps of other workers
        self.facts = dict(model=model, seed=args.seed, batch=args.batch, rate=args.rate, start=args.start, bf16=args.bf16, **facts)

    def go(self, step: Callable[[], tuple[torch.Tensor, np.ndarray]], told: Callable[[np.ndarray], str], data: str,
           after: Callable[[int], None] = lambda number: None, workers: int = 1) -> None:
        """Trains to the end of the schedule, whose clock begins here. `data` says what it learns from, in the first line that is
        printed. Of several `workers` (processes, with --minutes alone) each takes its own samples and steps the same weights without
        waiting for the others (F. Niu and others, Hogwild!, 2011); the others give way to whatever else runs."""
        if workers > 1 and self.schedule.iterations:
            raise ValueError("Expected --minutes for the length of a training by several workers but received --iterations")
        self.schedule.started = time.time()
        print(f"{parameters(self.net)} parameters, {data}, resumed={self.resumed} at {self.schedule.step}", flush=True)
        self.net.share_memory()
        for number in range(1, workers):
            multiprocessing.get_context("fork").Process(target=self._help, args=(step, number, os.getpid()), daemon=True).start()
        total, sums, shown, saved = 0.0, 0.0, time.time(), time.time()
        while self.schedule.progress < 1.0:
            loss, numbers = self._one(step)
            self.average.update(self.net)
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

    def _one(self, step: Callable[[], tuple[torch.Tensor, np.ndarray]]) -> tuple[torch.Tensor, np.ndarray]:
        for group in self.optimiser.param_groups:
            group["lr"] = self.schedule.learning_rate() * group.get("times", 1.0)
        loss, numbers = step()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.clip)
        self.optimiser.step()
        self.schedule.step += 1
        return loss, numbers

    def _help(self, step: Callable[[], tuple[torch.Tensor, np.ndarray]], number: int, parent: int) -> None:
        os.nice(10)
        self.rng = np.random.default_rng([self.args.seed, self.schedule.step, number])
        while self.schedule.progress < 1.0 and os.getppid() == parent:
            self._one(step)
            with self.helped.get_lock():
                self.helped.value += 1

    def save(self) -> None:
        facts = dict(self.facts, helped=self.helped.value) if self.helped.value else self.facts
        save(self.args.checkpoint, self.net, self.average, self.optimiser, self.schedule, facts)
