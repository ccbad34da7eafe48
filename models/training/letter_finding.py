"""The search for lettering in a whole picture, as the server does it (libs/restoration/src/lettering): a map of cells from a
pyramid of halves, connected places, boxes around them."""

from __future__ import annotations

from typing import Callable, NamedTuple

import cv2
import numpy as np

from .letter_net import STRIDE

LEAST_SIDE = 200  # of a level's shorter side, but for the picture itself
GROWTH, CELLS, CERTAIN = 0.75, 12, 6
FILLED, LEAST, TIMES = 0.5, 6, 5

Run = Callable[[np.ndarray], np.ndarray]  # uint8 [h, w] → probability [rows, columns] of cells of STRIDE px


class Area(NamedTuple):
    """Box x, y, width, height in pixels, and the mean probability of the place it belongs to."""

    box: tuple[int, int, int, int]
    confidence: float


def onnx_run(session) -> Run:
    """The exported net."""
    return lambda grey: session.run(None, {"grey": np.ascontiguousarray(grey)[None, :, :, None]})[0][0]


def halved(grey: np.ndarray) -> np.ndarray:
    """Means of 2×2 pixels, rounded half up; the last row or column repeated where a side is odd."""
    padded = np.pad(grey, ((0, grey.shape[0] % 2), (0, grey.shape[1] % 2)), mode="edge").astype(np.uint16)
    return ((padded[::2, ::2] + padded[1::2, ::2] + padded[::2, 1::2] + padded[1::2, 1::2] + 2) >> 2).astype(np.uint8)


def cells(run: Run, grey: np.ndarray) -> np.ndarray:
    """uint8 [rows, columns]: the largest probability of all levels, times 255."""
    rows, columns = -(-grey.shape[0] // STRIDE), -(-grey.shape[1] // STRIDE)
    out = np.zeros((rows, columns), np.uint8)
    level, number = grey, 0
    while number == 0 or min(level.shape) >= LEAST_SIDE:
        own = run(level)[:-(-level.shape[0] // STRIDE), :-(-level.shape[1] // STRIDE)]
        seen = np.floor(own * 255 + 0.5).astype(np.uint8)
        at_row, at_column = np.minimum(np.arange(rows) >> number, seen.shape[0] - 1), np.minimum(np.arange(columns) >> number, seen.shape[1] - 1)
        out = np.maximum(out, seen[at_row][:, at_column])
        level, number = halved(level), number + 1
    return out


def areas(found: np.ndarray, threshold: float, shape: tuple[int, int]) -> list[Area]:
    """Boxes of a map of cells, largest first; `shape` is the picture's height and width."""
    floor, certain = int(np.floor(GROWTH * threshold * 255 + 0.5)), int(np.floor(threshold * 255 + 0.5))
    count, labels = cv2.connectedComponents((found >= floor).astype(np.uint8), connectivity=8)
    out = []
    order = np.argsort(labels, axis=None, kind="stable")
    starts = np.searchsorted(labels.flatten()[order], np.arange(count + 1))
    for label in range(1, count):
        at_rows, at_columns = np.unravel_index(order[starts[label]:starts[label + 1]], labels.shape)
        values = found[at_rows, at_columns]
        if len(values) < CELLS or int((values >= certain).sum()) < CERTAIN:
            continue
        for x, y, w, h in _cut(at_columns, at_rows, TIMES):
            left, top = x * STRIDE, y * STRIDE
            out.append(Area((left, top, min(shape[1], left + w * STRIDE) - left, min(shape[0], top + h * STRIDE) - top), float(values.mean()) / 255))
    return sorted(out, key=lambda one: -one.box[2] * one.box[3])


def _cut(columns: np.ndarray, rows: np.ndarray, times: int) -> list[tuple[int, int, int, int]]:
    x, y = int(columns.min()), int(rows.min())
    w, h = int(columns.max()) - x + 1, int(rows.max()) - y + 1
    if times == 0 or max(w, h) < LEAST or len(columns) >= FILLED * w * h:
        return [(x, y, w, h)]
    first = columns < x + w / 2 if w >= h else rows < y + h / 2
    return [box for half in (first, ~first) if half.any() for box in _cut(columns[half], rows[half], times - 1)]


def covered(found: list[Area], shape: tuple[int, int]) -> np.ndarray:
    """bool [h, w]: what the boxes cover."""
    out = np.zeros(shape, bool)
    for (x, y, w, h), _ in found:
        out[y:y + h, x:x + w] = True
    return out
