"""Makes the failure pictures of the cards: `python -m training.failures`. All of them are drawn; no photograph is used.

restore-s and denoise-s: input, restored, truth side by side. damage-s: picture, wanted (scratch red, dust green, stain blue), found.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from evaluation.scenes import SCENES

from .bars import spoil
from .dead_leaves import lettering
from .degrade import LUMA, Recipe, add_grain, age
from .export import MODELS, session_of
from .judging import Softener, levels, mark_rule, masks_of, probabilities, psnr

SEED = 88001


def save(folder: str, name: str, *pictures: np.ndarray) -> None:
    os.makedirs(folder, exist_ok=True)
    gap = np.full((pictures[0].shape[0], 6, 3), 255, np.uint8)
    strip = np.hstack([p for picture in pictures for p in (picture, gap)][:-1])
    cv2.imwrite(os.path.join(folder, name), strip[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 84])


def halftone(image: np.ndarray, pitch: float) -> np.ndarray:
    """A printed screen at 45 degrees, `pitch` px between dots."""
    yy, xx = np.mgrid[0:image.shape[0], 0:image.shape[1]].astype(np.float32)
    u, v = (xx + yy) * np.pi * 1.4142 / pitch / 2, (xx - yy) * np.pi * 1.4142 / pitch / 2
    screen = 0.5 + 0.25 * (np.cos(2 * u) + np.cos(2 * v))
    grey = (image @ LUMA)
    return np.repeat(1 / (1 + np.exp(-14 * (grey - screen)))[..., None], 3, 2).astype(np.float32)


def main() -> None:
    cv2.setNumThreads(1)
    draw = lambda name, number, side=224: SCENES[name](np.random.default_rng([SEED, number]), side, side)  # noqa: E731
    grained = lambda scene, strength: add_grain(scene, strength, 1.2, True, np.random.default_rng(SEED))  # noqa: E731
    cases = {
        "restore-s": {
            "heavy-noise-lettering.jpg": (levels(draw("street", 1)), None, "awgn-50"),
            "coarse-grain.jpg": (levels(draw("sitter", 2)), None, "grain"),
            "halftone.jpg": (levels(draw("sitter", 3)), halftone(draw("sitter", 3), 5.0), None),
            "strong-blur.jpg": (levels(draw("table", 4)), cv2.GaussianBlur(draw("table", 4), (0, 0), 2.6), None),
        },
        "denoise-s": {
            "heavy-noise-lettering.jpg": (levels(draw("street", 1)), None, "awgn-50"),
            "grain.jpg": (levels(draw("sitter", 2)), grained(draw("sitter", 2), 14), None),
            "noise-in-jpeg.jpg": (levels(draw("table", 4)), None, "awgn-15-jpeg-50"),
        },
    }
    for model, of_model in cases.items():
        soften = Softener(model)
        for name, (truth, given, task) in of_model.items():
            aged = spoil(truth, task, SEED) if task else levels(given)
            out = soften(aged)
            print(f"{model} {name}: input {psnr(aged, truth):.2f} dB, restored {psnr(out, truth):.2f} dB")
            save(os.path.join(MODELS, model, "1.0.0", "failures"), name, aged, out, truth)
    folder = os.path.join(MODELS, "damage-s", "1.0.0")
    net, rule = session_of("damage-s"), mark_rule()
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        thresholds = json.load(file)["thresholds"]
    rng = np.random.default_rng([SEED, 12])
    text = draw("street", 6, 320)
    cover = lettering(rng, 320, 320)[..., None]
    text = text * (1 - cover) + cover * 0.95
    cases = {
        "white-lettering.jpg": (text.astype(np.float32), Recipe(tone="grey", fade=0.2, grain=3)),
        "pale-stains.jpg": (draw("sitter", 7, 320), Recipe(tone="grey", fade=0.4, grain=5, stains=7)),
        "marks-in-grain.jpg": (draw("hills", 8, 320), Recipe(tone="grey", fade=0.5, grain=18, grain_size=1.2, scratches=8, dust=60, hairs=3)),
    }
    for number, (name, (scene, recipe)) in enumerate(cases.items()):
        aged, _, masks = age(scene, SEED + number, recipe)
        luma = levels(aged @ LUMA)
        found = masks_of(probabilities(net, luma, rule), thresholds, luma, rule)
        wanted = masks > 0
        union = [found.any(-1), wanted.any(-1)]
        both = int((union[0] & union[1]).sum())
        print(f"{name}: found {union[0].mean() * 100:.2f} %, wanted {union[1].mean() * 100:.2f} %, F1 {2 * both / max(1, union[0].sum() + union[1].sum()):.3f}")
        save(os.path.join(folder, "failures"), name, np.repeat(luma[..., None], 3, 2), levels(masks), levels(found))


if __name__ == "__main__":
    main()
