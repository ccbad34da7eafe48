"""Draws the committed outlines of marks: `python -m evaluation.make_outlines`, run in the folder `models`, with a fixed seed.

`luma.png` is a slope with noise, a dark half and marks upon it; `probability.png` what a net might say of them, one channel a
class: wider or narrower than the mark, uncertain towards its ends, and specks of nothing. `outline.png` is what comes of it by the
rule in `rule.json`: lines and specks drawn along what can be seen, faint ones as they were, thick and small ones not at all,
stains as they were. Engine (measure/outline-rule.spec.ts), `evaluate.mjs` and `training.evaluate` compare what they make with it.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from training.judging import mark_rule
from training.marks import CLASSES
from training.outlines import FOLDER, drawn

SEED, HEIGHT, WIDTH = 77301, 220, 300
THRESHOLDS = {"scratch": 0.85, "dust": 0.85, "stain": 0.9}


def main() -> None:
    rng = np.random.default_rng(SEED)
    yy, xx = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    luma = 70 + 0.25 * xx + rng.normal(0, 1.5, xx.shape)
    luma[yy > 0.6 * HEIGHT] -= 35
    probability = np.zeros((HEIGHT, WIDTH, 3), np.float32)

    def mark(kind: int, shape, contrast: float, wider: int, certain: float) -> None:
        """`shape` paints 1 into a plane; the net sees it `wider` px wider (or narrower), least certain at the left."""
        plane = np.zeros((HEIGHT, WIDTH), np.uint8)
        shape(plane)
        luma[plane > 0] += contrast
        square = np.ones((2 * abs(wider) + 1,) * 2, np.uint8)
        seen = cv2.dilate(plane, square) if wider > 0 else cv2.erode(plane, square) if wider < 0 else plane
        columns = np.nonzero(seen.any(0))[0]
        fade = np.interp(np.arange(WIDTH), [columns[0], columns[-1]], [certain - 0.3, certain]) if len(columns) else np.zeros(WIDTH)
        probability[..., kind] = np.maximum(probability[..., kind], seen * fade[None])

    line = lambda a, b, width: lambda plane: cv2.line(plane, a, b, 1, width)  # noqa: E731
    spot = lambda centre, radius: lambda plane: cv2.circle(plane, centre, radius, 1, -1)  # noqa: E731
    mark(0, line((10, 20), (140, 60), 2), 45, 1, 0.98)
    mark(0, line((20, 100), (150, 90), 1), -30, 2, 0.97)
    mark(0, line((170, 15), (280, 40), 3), 40, -1, 0.99)
    mark(0, line((170, 60), (290, 60), 2), 2, 1, 0.98)      # hardly to be seen
    mark(0, line((15, 185), (140, 150), 2), 50, 1, 0.98)    # across nothing but the dark half
    mark(0, line((40, 128), (42, 140), 1), 60, 1, 0.8)      # never certain
    mark(0, lambda plane: cv2.rectangle(plane, (192, 112), (296, 216), 1, -1), 25, 0, 1.1)  # too thick for a scratch
    for number in range(24):
        at = (int(rng.integers(10, 180)), int(rng.integers(105, 200)))
        mark(1, spot(at, int(rng.integers(1, 4))), float(rng.choice([-40, 35])), int(rng.integers(0, 2)), float(rng.uniform(0.95, 1.15)))
    mark(2, lambda plane: cv2.ellipse(plane, (75, 210), (60, 9), 0, 0, 360, 1, -1), -20, 2, 1.2)
    luma = np.clip(np.round(luma), 0, 255).astype(np.uint8)
    probability = np.clip(np.round(probability * 255), 0, 255).astype(np.uint8)
    rule = dict(seed=SEED, classes=list(CLASSES), thresholds=THRESHOLDS, marks=mark_rule())
    outline = drawn(luma, probability, rule)
    os.makedirs(FOLDER, exist_ok=True)
    cv2.imwrite(os.path.join(FOLDER, "luma.png"), luma)
    cv2.imwrite(os.path.join(FOLDER, "probability.png"), probability[..., ::-1])
    cv2.imwrite(os.path.join(FOLDER, "outline.png"), outline[..., ::-1].astype(np.uint8) * 255)
    with open(os.path.join(FOLDER, "rule.json"), "w", encoding="utf-8") as file:
        json.dump(rule, file, indent=2)
        file.write("\n")
    for c, name in enumerate(CLASSES):
        print(f"{name}: {int((probability[..., c] >= 255 * THRESHOLDS[name]).sum())} certain pixels, {int(outline[..., c].sum())} drawn")


if __name__ == "__main__":
    main()
