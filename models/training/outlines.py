"""The committed outlines of marks: what `masks_of` and the engine must both make of the same luma and probabilities."""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from .export import MODELS
from .judging import masks_of
from .marks import CLASSES

FOLDER = os.path.join(MODELS, "evaluation", "outlines")


def drawn(luma: np.ndarray, probability: np.ndarray, rule: dict) -> np.ndarray:
    """bool [h, w, 3] of uint8 luma [h, w] and uint8 probabilities [h, w, 3], by `rule` (thresholds, marks)."""
    return masks_of(probability.astype(np.float32) / np.float32(255), rule["thresholds"], luma, rule["marks"])


def differing() -> int:
    """Pixels of any class in which the marks drawn here differ from the committed ones."""
    with open(os.path.join(FOLDER, "rule.json"), encoding="utf-8") as file:
        rule = json.load(file)
    if tuple(rule["classes"]) != tuple(CLASSES):
        raise ValueError(f"Expected the classes {CLASSES} in {FOLDER} but received {rule['classes']}")
    colour = lambda name: cv2.imread(os.path.join(FOLDER, name), cv2.IMREAD_COLOR)[..., ::-1]  # noqa: E731
    luma = cv2.imread(os.path.join(FOLDER, "luma.png"), cv2.IMREAD_GRAYSCALE)
    return int((drawn(luma, colour("probability.png"), rule) != (colour("outline.png") > 127)).sum())
