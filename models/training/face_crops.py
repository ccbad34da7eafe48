"""Crops for the second look at a face. A box (x, y, width, height, the first pixel from 0 to 1) has a crop: the square around its
middle whose side is REACH times the square root of width × height, brought to SIDE px; NEAR times where landmarks are placed."""

from __future__ import annotations

import cv2
import numpy as np

from .judging import halve

SIDE = 64    # px of a crop
REACH = 1.8  # a face with hair, chin and some of the shoulders; a face of usual shape is about 30 px wide in its crop
NEAR = 1.4   # the face alone: about 39 px wide


def side_of(box: np.ndarray, reach: float = REACH) -> float:
    """Side of a box's crop, in the box's own pixels."""
    return reach * float(np.sqrt(max(1.0, box[2] * box[3])))


def levels_of(grey: np.ndarray, least: int = 8) -> list[np.ndarray]:
    """uint8 picture and its halves."""
    levels = [grey]
    while min(levels[-1].shape) >= 2 * least:
        levels.append(halve(levels[-1]))
    return levels


def level_for(levels: list, side: float) -> int:
    """The smallest level in which a square of `side` px of the first has at least as many pixels as a crop."""
    number = 0
    while number + 1 < len(levels) and side / 2 ** (number + 1) >= SIDE:
        number += 1
    return number


def crop_of(levels: list[np.ndarray], middle: np.ndarray, side: float, turn: float = 0.0) -> np.ndarray:
    """uint8 [SIDE, SIDE] of the square of `side` px around `middle` (pixels of the first level), bilinear, edge repeated; `turn` in
    radians. Places are rounded to 1/32 px: fast, for training."""
    number = level_for(levels, side)
    scale, at = side / SIDE / 2 ** number, middle / 2 ** number
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    # Pixel u of the crop has its middle at u + 0.5; cv2 counts from the middle of the first pixel.
    inner = 0.5 - SIDE / 2
    matrix = np.array([[c, -s, at[0] + (c - s) * inner - 0.5], [s, c, at[1] + (s + c) * inner - 0.5]])
    return cv2.warpAffine(levels[number], matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def cut(levels: list[np.ndarray], middle: np.ndarray, side: float) -> np.ndarray:
    """As `crop_of` without a turn, with exact places: what the server computes."""
    number = level_for(levels, side)
    level, scale, at = levels[number], side / SIDE / 2 ** number, np.asarray(middle, np.float64) / 2 ** number
    along = (np.arange(SIDE) + 0.5 - SIDE / 2) * scale - 0.5

    def places(start: float, length: int):
        place = np.clip(start + along, 0, length - 1)
        low = np.floor(place).astype(int)
        return low, np.minimum(low + 1, length - 1), place - low

    left, right, across = places(at[0], level.shape[1])
    upper, lower, down = places(at[1], level.shape[0])
    line = lambda rows: level[rows][:, left] * (1 - across) + level[rows][:, right] * across  # noqa: E731
    return np.floor(line(upper) * (1 - down)[:, None] + line(lower) * down[:, None] + 0.5).astype(np.uint8)
