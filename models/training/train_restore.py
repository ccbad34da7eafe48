"""Trains restore-s: noise, grain, JPEG and slight blur, blind.

    python -m training.train_restore --data DIR --checkpoint restore-s.pt --iterations 20000

Loss: Charbonnier (epsilon 1e-3) + 0.05 × L1 between FFT amplitudes, each crop weighted by 1 / √(its input's RMSE + 0.02),
so that a light fault counts for much without the heavy ones being forgotten, and clean pictures stay as they are. Target: the picture before blur, noise and damage,
with its fading. Crops of 64 px cut from aged patches of 128 px, so that JPEG blocks and grain have their context.

Small crops alone are not enough: every place in them is near an edge, and the net learns to take its brightness from the
zeros beyond it. After 17,000 steps of 64 px, noise of sigma 50 on a plain grey came out 19 levels too dark in the middle of
a 192 px picture and 0 in a 64 px one. So a training ends with large crops (`--crop 192`).
"""

from __future__ import annotations

import time

import cv2
import numpy as np
import torch

from .degrade import age
from .nets import RestoreNet, parameters
from .sampling import Clean, restore_recipe
from .schedule import Average, Schedule, arguments, begin, narrow, save

SEED = 20261121
PATCH, CROP, PER_PATCH = 128, 64, 2  # a larger `--crop` is cut once from a patch 32 px wider


def loss_of(out, truth, aged, epsilon: float = 1e-3):
    """Weighted mean over crops; every argument float32 [n, 3, h, w]."""
    with torch.no_grad():
        weight = 1.0 / (((aged - truth) ** 2).mean((1, 2, 3)).sqrt() + 0.02).sqrt()
        weight = weight / weight.mean()
    pixels = torch.sqrt((out - truth) ** 2 + epsilon ** 2).mean((1, 2, 3))
    amplitudes = [torch.fft.rfft2(x, norm="ortho").abs() for x in (out, truth)]
    return (weight * (pixels + 0.05 * (amplitudes[0] - amplitudes[1]).abs().mean((1, 2, 3)))).mean()


def batch(rng, clean: Clean, size: int, side: int = CROP) -> tuple[torch.Tensor, torch.Tensor]:
    """(aged, truth), float32 [size, 3, side, side]; the aged one rounded to 8 bits in nine cases of ten, as files are."""
    inputs, targets = [], []
    while len(inputs) < size:
        patch = clean.crop(rng, max(PATCH, side + 32))
        wide = patch.shape[0]
        aged, truth, _ = age(patch, int(rng.integers(1 << 31)), restore_recipe(rng))
        if rng.random() < 0.9:
            aged = np.round(aged * 255) / np.float32(255)
        for _ in range(min(PER_PATCH if side <= CROP else 1, size - len(inputs))):
            y, x = rng.integers(0, wide - side + 1, 2)
            inputs.append(aged[y:y + side, x:x + side])
            targets.append(truth[y:y + side, x:x + side])
    as_tensor = lambda crops: torch.from_numpy(np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2)))  # noqa: E731
    return as_tensor(inputs), as_tensor(targets)


def main() -> None:
    args = arguments(__doc__, rate=8e-4, batch=16, seed=SEED)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    net = RestoreNet().to(memory_format=torch.channels_last)
    average = Average(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, betas=(0.9, 0.99), weight_decay=1e-4)
    schedule = Schedule(args.rate, args.iterations, args.minutes)
    resumed = begin(args, net, average, optimiser, schedule)
    rng = np.random.default_rng(args.seed + schedule.step)
    clean = Clean(args.data, "train", leaves=240, seed=args.seed)
    facts = dict(model="restore-s", seed=args.seed, batch=args.batch, crop=args.crop, rate=args.rate, start=args.start, bf16=args.bf16)
    print(f"{parameters(net)} parameters, {len(clean.photographs)} photographs, resumed={resumed} at {schedule.step}", flush=True)
    total, gain, shown, saved = 0.0, 0.0, time.time(), time.time()
    while schedule.progress < 1.0:
        aged, truth = batch(rng, clean, args.batch, args.crop)
        aged = aged.contiguous(memory_format=torch.channels_last)
        for group in optimiser.param_groups:
            group["lr"] = schedule.learning_rate()
        with narrow(args):
            out = net(aged).float()
        loss = loss_of(out, truth, aged)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimiser.step()
        average.update(net)
        schedule.step += 1
        with torch.no_grad():
            total += float(loss)
            gain += float(torch.log10(((aged - truth) ** 2).mean() / ((out - truth) ** 2).mean()) * 10)
        if schedule.step % 100 == 0:
            speed = 100 / (time.time() - shown)
            print(f"{schedule.step} {schedule.progress:.3f} loss {total / 100:.5f} gain {gain / 100:.2f} dB lr {schedule.learning_rate():.2e} {speed:.2f} it/s", flush=True)
            total, gain, shown = 0.0, 0.0, time.time()
        if time.time() - saved > 120:
            save(args.checkpoint, net, average, optimiser, schedule, facts)
            saved = time.time()
    save(args.checkpoint, net, average, optimiser, schedule, facts)


if __name__ == "__main__":
    main()
