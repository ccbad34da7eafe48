"""The search for stains in a reduced colour copy, as the server does it (libs/restoration/src/stains): a map of cells, connected places
of them, and the outline at which the interpolated map reaches the floor."""

from __future__ import annotations

from typing import Callable

import cv2
import numpy as np

from .stain_net import FULL, STRIDE

GROWTH, CELLS, CERTAIN = 0.6, 2, 1  # floor over threshold; cells of a place, and how many of them reach the threshold

Run = Callable[[np.ndarray], np.ndarray]  # uint8 [h, w, 3] → probability [rows, columns] of cells of STRIDE px


def onnx_run(session) -> Run:
    """The exported net."""
    return lambda image: session.run(None, {"image": np.ascontiguousarray(image)[None]})[0][0]


def copy_of(image: np.ndarray) -> np.ndarray:
    """The picture at a longer side of FULL px by means of areas; smaller ones as they are."""
    factor = FULL / max(image.shape[:2])
    return image if factor >= 1 else cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def cells(run: Run, image: np.ndarray) -> np.ndarray:
    """uint8 [rows, columns]: probability times 255 of every cell that shows the picture."""
    seen = run(image)[:-(-image.shape[0] // STRIDE), :-(-image.shape[1] // STRIDE)]
    return np.floor(seen * 255 + 0.5).astype(np.uint8)


def levels(threshold: float) -> tuple[int, int]:
    """(floor, certain) in levels of 255."""
    return int(np.floor(GROWTH * threshold * 255 + 0.5)), int(np.floor(threshold * 255 + 0.5))


def stained(found: np.ndarray, threshold: float, shape: tuple[int, int]) -> np.ndarray:
    """bool [h, w]: what is stained of a picture of `shape`, from its map of cells."""
    floor, certain = levels(threshold)
    count, labels = cv2.connectedComponents((found >= floor).astype(np.uint8), connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    sure = np.bincount(labels.ravel(), weights=(found >= certain).ravel(), minlength=count)
    kept = (sizes >= CELLS) & (sure >= CERTAIN)
    kept[0] = True  # what lies around a place has a say in where its outline runs
    values = np.where(kept[labels], found, 0).astype(np.float32)
    large = cv2.resize(values, (values.shape[1] * STRIDE, values.shape[0] * STRIDE), interpolation=cv2.INTER_LINEAR)
    return large[:shape[0], :shape[1]] >= floor
