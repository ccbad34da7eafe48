"""Judges up2, up4 and fill-s for evaluate.py. Pictures are uint8 [h, w, 3] RGB, holes uint8 [h, w] of 0 and 1."""

from __future__ import annotations

import glob
import json
import os

import cv2
import numpy as np

from .bars import FILL, UPSCALE, worn_small
from .degrade import Recipe, age
from .holes import holes
from .judging import delta_e, levels, run_picture
from .marks import MaskSet
from .nets_upscale import cubic
from .sampling import damage_recipe
from .train_upscale import shrink

LIST = "upscale-fill.json"
SET5 = "jbhuang0604/SelfExSR data/Set5 (also in many copies of the five pictures)"
Pairs = list[tuple[np.ndarray, np.ndarray]]


def shrunk(image: np.ndarray, scale: int) -> np.ndarray:
    """A small picture by antialiased bicubic, rounded; the picture must have sides that are multiples of `scale`."""
    return levels(shrink(image.astype(np.float32) / 255, scale))


def bicubic(small: np.ndarray, scale: int) -> np.ndarray:
    """Enlarged by bicubic (a = -0.5), edge pixels repeated."""
    offsets = (np.arange(scale) + 0.5) / scale - 0.5

    def along_rows(x: np.ndarray) -> np.ndarray:
        n = x.shape[0]
        out = np.zeros((n, scale) + x.shape[1:])
        for k in range(-2, 3):
            near = x[np.clip(np.arange(n) + k, 0, n - 1)]
            out += cubic(k - offsets)[None, :, None, None] * near[:, None]
        return out.reshape((n * scale,) + x.shape[1:])

    out = along_rows(along_rows(small.astype(np.float64)).transpose(1, 0, 2)).transpose(1, 0, 2)
    return np.round(np.clip(out, 0, 255)).astype(np.uint8)


def luma(image: np.ndarray) -> np.ndarray:
    """Y of BT.601 with its studio range 16–235, which PSNR(Y) is measured on."""
    return 16 + image.astype(np.float64) @ np.array([65.481, 128.553, 24.966]) / 255


def psnr_y(a: np.ndarray, b: np.ndarray, border: int) -> float:
    """dB on Y, `border` px of each edge left out, as is usual for upscaling."""
    cut = slice(border, -border)
    return float(10 * np.log10(255 ** 2 / max(1e-9, np.mean((luma(a) - luma(b))[cut, cut] ** 2))))


def averaged_down(image: np.ndarray, scale: int) -> np.ndarray:
    h, w = image.shape[0] // scale, image.shape[1] // scale
    return np.round(image.reshape(h, scale, w, scale, 3).mean((1, 3))).astype(np.uint8)


def judge_upscale(report, scale: int, of_set: str, task: str, net, pairs: Pairs, gate: bool) -> None:
    """Rows of (small, truth) pairs; `task` is 'clean', 'worn' or 'Set5'."""
    model, bars = f"up{scale}", UPSCALE[scale]
    outs = [run_picture(net, small) for small, _ in pairs]
    mine = float(np.mean([psnr_y(out, truth, scale) for out, (_, truth) in zip(outs, pairs)]))
    base = float(np.mean([psnr_y(bicubic(small, scale), truth, scale) for small, truth in pairs]))
    said = f"bicubic {base:.2f} dB, enlarged {mine:.2f} dB"
    if of_set == "Set5":
        report.add(model, task, of_set, "dB (Y)", mine, said, *bars["set5"], gate=gate)
        return
    report.add(model, task, of_set, "dB (Y) over bicubic", mine - base, said, *bars["worn" if task == "worn" else "gain"], gate=gate)
    if task == "clean":
        apart = np.mean([delta_e(averaged_down(out, scale), small).mean() for out, (small, _) in zip(outs, pairs)])
        plain = np.mean([delta_e(averaged_down(bicubic(small, scale), scale), small).mean() for small, _ in pairs])
        report.add(model, "averaged down", of_set, "mean ΔE2000", apart, f"bicubic {plain:.3f}", *bars["delta_e"], less=True, gate=gate)


def fill(net, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return run_picture(net, image, mask=mask[..., None])


def judge_fill(report, of_set: str, task: str, net, cases: list[tuple[np.ndarray, np.ndarray, np.ndarray]], gate: bool) -> None:
    """Rows of (image, holes, truth) cases. The figure is taken over all hole pixels together: a mean of decibels would be ruled by
    empty skies, which everything fills well."""
    outs = [fill(net, image, mask) for image, mask, _ in cases]
    telea = [cv2.inpaint(image, mask, 3, cv2.INPAINT_TELEA) for image, mask, _ in cases]

    def inside(results: list[np.ndarray]) -> tuple[float, float]:
        errors = [(out[mask > 0].astype(np.float64) - truth[mask > 0]) ** 2 for out, (_, mask, truth) in zip(results, cases)]
        dB = lambda e: 10 * np.log10(255 ** 2 / max(1e-9, np.mean(e)))  # noqa: E731
        return float(dB(np.concatenate(errors))), float(np.mean([dB(e) for e in errors]))

    (mine, mine_each), (base, base_each) = inside(outs), inside(telea)
    said = f"Telea {base:.2f} dB, filled {mine:.2f} dB; mean over pictures {base_each:.2f} and {mine_each:.2f} dB"
    report.add("fill-s", task, of_set, "dB over Telea", mine - base, said, *FILL["gain"], gate=gate)
    changed = sum(int((out[mask == 0] != image[mask == 0]).sum()) for out, (image, mask, _) in zip(outs, cases))
    report.add("fill-s", task, of_set, "values changed outside", changed, "none", *FILL["changed"], less=True, gate=gate)
    leaked = 0
    for out, (image, mask, _) in zip(outs, cases):
        other = np.where(mask[..., None] > 0, 255 - image, image)
        leaked += int((fill(net, other, mask) != out).sum())
    report.add("fill-s", task, of_set, "values changed by what the hole held", leaked, "none", *FILL["changed"], less=True, gate=gate)


def committed(report, nets: dict, folder: str, read) -> None:
    """The rows that gate a build."""
    with open(os.path.join(folder, LIST), encoding="utf-8") as file:
        listed = json.load(file)
    at = lambda name: read(os.path.join(folder, name))  # noqa: E731
    for scale in (2, 4):
        for task in ("clean", "worn") if f"up{scale}" in nets else ():
            pairs = [(at(e["small"]), at(e["truth"])) for e in listed["upscale"] if e["scale"] == scale and e["task"] == task]
            judge_upscale(report, scale, "committed", task, nets[f"up{scale}"], pairs, gate=True)
    for task in ("clean", "worn") if "fill-s" in nets else ():
        cases = [(at(e["picture"]), (at(e["holes"])[..., 0] > 127).astype(np.uint8), at(e["picture"])) for e in listed["fill"] if e["task"] == task]
        judge_fill(report, "committed", task, nets["fill-s"], cases, gate=True)


def held_out(report, nets: dict, pictures: list[np.ndarray], data: str, seed: int) -> None:
    """Photographs kept out of the training, 384 px at half size; masks kept out too."""
    for scale in (2, 4):
        if f"up{scale}" in nets:
            small = [shrunk(p, scale) for p in pictures]
            judge_upscale(report, scale, "held-out", "clean", nets[f"up{scale}"], list(zip(small, pictures)), gate=True)
            worn = [worn_small(s, seed + i) for i, s in enumerate(small)]
            judge_upscale(report, scale, "held-out", "worn", nets[f"up{scale}"], list(zip(worn, pictures)), gate=True)
    if "fill-s" not in nets:
        return
    masks = MaskSet(os.path.join(data, "damage-masks"), "acceptance")
    clean, worn = [], []
    rng = np.random.default_rng(seed)
    for i in range(3 * len(pictures)):
        picture = pictures[i % len(pictures)]
        mask = holes(rng, *picture.shape[:2], masks)
        clean.append((picture, mask, picture))
        aged = levels(age(picture.astype(np.float32) / 255, seed + i, moderate(damage_recipe(rng, 1.0))).aged)
        worn.append((aged, mask, aged))
    judge_fill(report, "held-out", "clean", nets["fill-s"], clean, gate=True)
    judge_fill(report, "held-out", "worn", nets["fill-s"], worn, gate=True)


def moderate(recipe: Recipe) -> Recipe:
    """Tone, blur and a little grain; no heavy noise, which nobody can fill and which would hide all differences."""
    return Recipe(**{**recipe.__dict__, "grain": min(recipe.grain, 6.0), "noise": min(recipe.noise, 4.0), "resample": 1.0})


def set5(report, nets: dict, sets: str | None, read) -> None:
    """Set5 where `sets` holds a folder Set5 with the five pictures at full size."""
    scales = [s for s in (2, 4) if f"up{s}" in nets]
    if not scales:
        return
    found = sorted(p for p in glob.glob(os.path.join(sets, "Set5", "*")) if p.lower().endswith((".png", ".bmp", ".tif"))) if sets else []
    if not found:
        print(f"absent: Set5 ({SET5}): its bars were not judged in this run; --sets DIR looks for DIR/Set5/*.png")
        return
    for scale in scales:
        pairs = []
        for path in found:
            truth = read(path)
            truth = truth[:truth.shape[0] // scale * scale, :truth.shape[1] // scale * scale]
            pairs.append((shrunk(truth, scale), truth))
        judge_upscale(report, scale, "Set5", "Set5", nets[f"up{scale}"], pairs, gate=True)
