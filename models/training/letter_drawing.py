"""Draws lettering: a piece of text as ink, bent, in perspective, on a board, as a stamp, in many contrasts.

A piece is two covers of one size, float32 [h, w], 0..1: `ink`, and `area`, the rectangles of its words with the gaps between
letters, which is what the net shall find.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .dead_leaves import palette
from .degrade import LUMA
from .letter_fonts import Face
from .letter_words import text
from .marks import smooth_noise

GAP = 0.9  # gaps up to so many letter heights belong to the lettering around them


class Piece(NamedTuple):
    ink: np.ndarray
    area: np.ndarray


def words_area(ink: np.ndarray, height: float) -> np.ndarray:
    """Rectangles around runs of ink in one line; a run ends at a gap wider than GAP letter heights."""
    area = np.zeros_like(ink)
    columns = np.flatnonzero((ink > 0.3).any(0))
    if len(columns) == 0:
        return area
    pad = max(1, int(round(0.12 * height)))
    for run in np.split(columns, np.flatnonzero(np.diff(columns) > GAP * height) + 1):
        rows = np.flatnonzero((ink[:, run[0]:run[-1] + 1] > 0.3).any(1))
        area[max(0, rows[0] - pad):rows[-1] + 1 + pad, max(0, run[0] - pad):run[-1] + 1 + pad] = 1.0
    return area


def _line(rng, face: Face, height: float, words: int) -> Piece:
    """One line of text whose capitals are about `height` px high; letters set apart in a third of the printed ones."""
    font = ImageFont.truetype(face.path, max(5, int(round(height / 0.7))))
    said = text(rng, face.letters, words)
    apart = float(rng.uniform(0.05, 0.6)) * height if face.kind == "print" and rng.random() < 0.33 else 0.0
    pad = int(0.6 * height) + 2
    reach = int(font.getlength(said) + apart * len(said)) + 2 * pad + int(height)
    sheet = Image.new("L", (min(reach, 2400), int(2.6 * height) + 2 * pad), 0)
    pen = ImageDraw.Draw(sheet)
    x, base = float(pad), pad + 1.6 * height
    if apart or (face.kind == "hand" and rng.random() < 0.3):
        wobble = 0.06 * height if face.kind == "hand" else 0.0
        for letter in said:
            pen.text((x, base + float(rng.normal(0, wobble))), letter, fill=255, font=font, anchor="ls")
            x += font.getlength(letter) + apart
    else:
        pen.text((x, base), said, fill=255, font=font, anchor="ls")
    ink = np.asarray(sheet, np.float32) / 255.0
    if rng.random() < 0.15:
        ink = cv2.dilate(ink, np.ones((3, 3), np.uint8)) if rng.random() < 0.7 else np.clip(cv2.dilate(ink, np.ones((3, 3), np.uint8)) - ink, 0, 1)
    return Piece(ink, words_area(ink, height))


def _column(rng, face: Face, height: float) -> Piece:
    """Letters one below the other, as on signs that hang from a wall."""
    font = ImageFont.truetype(face.path, max(5, int(round(height / 0.7))))
    said = text(rng, face.letters, 1).replace(" ", "")[:8]
    step, pad = 1.25 * height, int(0.6 * height) + 2
    sheet = Image.new("L", (int(3 * height) + 2 * pad, int(step * len(said) + height) + 2 * pad), 0)
    pen = ImageDraw.Draw(sheet)
    for row, letter in enumerate(said):
        pen.text((sheet.width / 2, pad + step * (row + 0.9)), letter, fill=255, font=font, anchor="ms")
    ink = np.asarray(sheet, np.float32) / 255.0
    return Piece(ink, words_area(ink.T, height).T)


def _block(rng, face: Face, height: float) -> Piece:
    lines = [_line(rng, face, height, int(rng.integers(1, 5))) for _ in range(1 if rng.random() < 0.6 else int(rng.integers(2, 5)))]
    if len(lines) == 1:
        return lines[0]
    step = int(round(height * rng.uniform(1.5, 2.4)))
    wide = max(line.ink.shape[1] for line in lines)
    tall = step * (len(lines) - 1) + lines[0].ink.shape[0]
    ink, area = np.zeros((tall, wide), np.float32), np.zeros((tall, wide), np.float32)
    centred = rng.random() < 0.5
    for row, line in enumerate(lines):
        h, w = line.ink.shape
        x = (wide - w) // 2 if centred else 0
        into = np.s_[row * step:row * step + h, x:x + w]
        ink[into], area[into] = np.maximum(ink[into], line.ink), np.maximum(area[into], line.area)
    return Piece(ink, area)


def _stamp(rng, face: Face, height: float) -> Piece:
    """Text along a circle with a ring or two, and often a line in the middle."""
    line = _line(rng, face, height, int(rng.integers(2, 6)))
    h, w = line.ink.shape
    span = rng.uniform(2.5, 5.8)
    radius = max(2.2 * height, w / span)
    side = int(2 * (radius + h)) + 4
    yy, xx = np.mgrid[0:side, 0:side].astype(np.float32) - side / 2
    r, theta = np.hypot(xx, yy), np.arctan2(yy, xx) - np.float32(rng.uniform(-np.pi, np.pi))
    theta = np.mod(theta, 2 * np.pi).astype(np.float32)
    u, v = (theta * w / span).astype(np.float32), (radius + h / 2 - r).astype(np.float32)
    ink, area = (cv2.remap(t, u, v, cv2.INTER_LINEAR, borderValue=0) for t in line)
    for ring in (radius + 0.55 * h, radius - 0.55 * h):
        if rng.random() < 0.7 and ring > 3:
            ink = np.maximum(ink, np.clip(1 - np.abs(r - ring) / max(0.8, 0.08 * height), 0, 1))
    if rng.random() < 0.6 and radius > 2.6 * height:
        middle = _line(rng, face, 0.8 * height, 1)
        mh, mw = middle.ink.shape
        if mw < 1.5 * radius and mh < side:
            into = np.s_[(side - mh) // 2:(side - mh) // 2 + mh, (side - mw) // 2:(side - mw) // 2 + mw]
            ink[into], area[into] = np.maximum(ink[into], middle.ink), np.maximum(area[into], middle.area)
    return Piece(ink, area)


def piece(rng, families: list[list[Face]], height: float) -> Piece:
    """A piece of lettering of one font, about `height` px high, straight, stacked, bent or as a stamp."""
    family = families[int(rng.integers(len(families)))]
    face = family[int(rng.integers(len(family)))]
    kind = rng.random()
    made = _stamp(rng, face, height) if kind < 0.08 else _column(rng, face, height) if kind < 0.14 and face.kind == "print" else _block(rng, face, height)
    if kind > 0.75:  # curved: a sagging banner, a rounded plate, a hand that does not keep the line
        h, w = made.ink.shape
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        bow = float(rng.uniform(-0.5, 0.5)) * height * min(3.0, w / (6 * height))
        shift = bow * ((2 * xx / w - 1) ** 2 - 0.33) + (smooth_noise(rng, h, w, 3 * height) * 0.06 * height if face.kind == "hand" else 0)
        made = Piece(*(cv2.remap(t, xx, (yy + shift).astype(np.float32), cv2.INTER_LINEAR, borderValue=0) for t in made))
    return made


def placed(rng, made: Piece, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ink, area and the board behind them, each [side, side], at a random place, turned and in perspective."""
    h, w = made.ink.shape
    turn = rng.random()
    angle = float(rng.normal(0, 4) if turn < 0.75 else rng.uniform(-45, 45) if turn < 0.87 else rng.choice([90, -90, 180]) + rng.normal(0, 3))
    a = np.deg2rad(angle)
    slant, squeeze = (float(rng.normal(0, 0.15)), float(rng.uniform(0.7, 1.2))) if rng.random() < 0.4 else (0.0, 1.0)
    turned = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ np.array([[squeeze, slant], [0, 1]])
    corners = (np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32) - [w / 2, h / 2]) @ turned.T
    if rng.random() < 0.35:
        corners = corners * rng.uniform(0.75, 1.2, (4, 2))
    reach = np.abs(corners).max(0)
    room = np.maximum(0, side / 2 - reach * 0.8) + side * 0.06
    middle = side / 2 + rng.uniform(-room, room)
    into = cv2.getPerspectiveTransform(np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32), (corners + middle).astype(np.float32))
    laid = lambda t: cv2.warpPerspective(t, into, (side, side), flags=cv2.INTER_AREA if squeeze < 0.8 else cv2.INTER_LINEAR)  # noqa: E731
    return laid(made.ink), laid(made.area), laid(np.ones_like(made.ink))


def written(rng, image: np.ndarray, ink: np.ndarray, area: np.ndarray, board: np.ndarray) -> np.ndarray:
    """The picture with that lettering: on a board or on the scene itself, dark or light, in any contrast, worn."""
    side = image.shape[0]
    out = image
    kind = rng.random()
    if kind < 0.35:
        back = palette(rng, 1)[0]
        if kind < 0.06:
            back = np.full(3, rng.uniform(0.0, 0.12), np.float32)  # the blackened edge of a plate
        grown = cv2.dilate(board, np.ones((3, 3), np.uint8), iterations=int(rng.integers(1, 8)))
        rim = np.clip(grown - cv2.erode(grown, np.ones((3, 3), np.uint8), iterations=int(rng.integers(1, 4))), 0, 1) if rng.random() < 0.5 else 0
        a = grown[..., None] * np.float32(rng.uniform(0.8, 1.0))
        out = out * (1 - a) + a * back
        if rng.random() < 0.5:
            out = out + smooth_noise(rng, side, side, rng.uniform(3, 40), 2)[..., None] * a * np.float32(rng.uniform(0.0, 0.05))
        if not np.isscalar(rim):
            out = out * (1 - rim[..., None]) + rim[..., None] * palette(rng, 1)[0]
    elif kind < 0.5:  # paper: a mount, the back of a print
        paper = np.clip(rng.uniform(0.55, 0.97) * np.array([1.0, 0.97, 0.9]) ** rng.uniform(0, 2), 0, 1).astype(np.float32)
        out = np.broadcast_to(paper, image.shape) + smooth_noise(rng, side, side, rng.uniform(2, 30), 3)[..., None] * np.float32(rng.uniform(0, 0.03))
    inside = area > 0.5
    if not inside.any():
        return image
    local = float((out[inside] @ LUMA).mean())
    contrast = float(np.exp(rng.uniform(np.log(0.10), np.log(0.85))))
    sign = 1 if rng.random() < (0.75 if local < 0.35 else 0.25 if local > 0.65 else 0.5) else -1
    if not 0.0 <= local + sign * contrast <= 1.0:
        sign = -sign
    level = float(np.clip(local + sign * contrast, 0.0, 1.0))
    colour = np.clip(level + rng.normal(0, 0.04, 3), 0, 1).astype(np.float32)
    cover = ink
    if rng.random() < 0.35:  # shadow or relief of letters that stand on a wall
        dx, dy = (float(v) for v in rng.uniform(-3, 3, 2))
        shade = cv2.warpAffine(ink, np.array([[1, 0, dx], [0, 1, dy]], np.float32), (side, side))
        out = out * (1 - shade[..., None] * np.float32(rng.uniform(0.2, 0.7)))
    if rng.random() < 0.3:  # worn, faded, written with a dry pen
        cover = cover * np.clip(0.75 + 0.45 * smooth_noise(rng, side, side, rng.uniform(2, 25), 2), 0.15, 1)
    if rng.random() < 0.3:
        cover = cv2.GaussianBlur(cover, (0, 0), float(rng.uniform(0.4, 1.3)))
    a = (cover * np.float32(rng.uniform(0.75, 1.0)))[..., None]
    return np.clip(out * (1 - a) + a * colour, 0, 1).astype(np.float32)
