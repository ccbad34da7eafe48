"""Stains as they lie on old prints: foxing, tide lines, rings of cups, splashes, blotches, mould, finger marks, tape.

A shape is (cover, rim), both float32 [h, w] of 0..1: what the stain covers, and where it dried and is darker. `size` is the scale of
lengths; 1 stands for a picture whose long side is 600 px. Pictures are float32 [h, w, 3], sRGB-encoded, 0..1.
"""

from __future__ import annotations

import cv2
import numpy as np

from . import marks
from .marks import MaskSet, smooth_noise

Shape = tuple[np.ndarray, np.ndarray]


def _noise(rng, h: int, w: int, cell: float, octaves: int = 2) -> np.ndarray:
    return smooth_noise(rng, h, w, max(2.0, cell), octaves)


def foxing(rng, h: int, w: int, size: float) -> Shape:
    """Clouds of small soft spots, crowded in places."""
    cover = np.zeros((h, w), np.float32)
    crowd = _noise(rng, h, w, 0.3 * max(h, w))
    for _ in range(int(np.exp(rng.uniform(np.log(5), np.log(70))))):
        for _ in range(3):
            x, y = int(rng.integers(w)), int(rng.integers(h))
            if crowd[y, x] > rng.normal(0, 0.7):
                break
        radius = min(14.0, 1.6 + rng.exponential(2.2)) * size
        reach = int(3 * radius) + 2
        y0, y1, x0, x1 = max(0, y - reach), min(h, y + reach), max(0, x - reach), min(w, x + reach)
        yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        away = np.hypot(xx - x, (yy - y) * rng.uniform(0.7, 1.4)) / radius + 0.15 * _noise(rng, y1 - y0, x1 - x0, radius)
        spot = np.clip((1.15 - away) / rng.uniform(0.25, 0.9) + 0.3, 0, 1) * rng.uniform(0.5, 1.0)
        cover[y0:y1, x0:x1] = np.maximum(cover[y0:y1, x0:x1], spot)
    return cover, np.zeros_like(cover)


def tide(rng, h: int, w: int, size: float) -> Shape:
    """Water that came in from an edge or a corner: a ragged line where it stopped, often a second one inside it."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = (xx - w / 2) * np.cos(angle) + (yy - h / 2) * np.sin(angle)
    along = along - along.min()
    front = rng.uniform(0.08, 0.55) * along.max()
    bent = along + _noise(rng, h, w, rng.uniform(0.12, 0.5) * max(h, w), 3) * rng.uniform(6, 28) * size
    cover, rim = np.clip((front - bent) / (rng.uniform(1.5, 8) * size) + 0.5, 0, 1), np.zeros((h, w), np.float32)
    cover = cover * rng.uniform(0.0, 0.5)
    for _ in range(int(rng.integers(1, 4))):
        line = (front - bent) / (rng.uniform(1.2, 5.0) * size)
        inner = np.where(line > 0, np.exp(-line / rng.uniform(1.0, 5.0)), np.exp(-line * line * 2))
        rim = np.maximum(rim, inner * np.clip(0.75 + 0.35 * _noise(rng, h, w, 30 * size), 0, 1) * rng.uniform(0.6, 1.0))
        front = front - rng.uniform(6, 60) * size
    return cover, rim.astype(np.float32)


def cup(rng, h: int, w: int, size: float) -> Shape:
    """The ring of a cup or glass, broken in places, with a paler inside and a few drops."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    radius, (cx, cy) = rng.uniform(28, 85) * size, rng.uniform([0, 0], [w, h])
    away = np.hypot(xx - cx, (yy - cy) * rng.uniform(0.9, 1.1)) + 1.2 * size * _noise(rng, h, w, 14 * size)
    wide = rng.uniform(1.5, 7) * size
    turn = np.arctan2(yy - cy, xx - cx) - rng.uniform(-np.pi, np.pi)
    ring = np.exp(-((away - radius) / wide) ** 2) * np.clip(0.75 + 0.5 * np.cos(turn) + 0.3 * _noise(rng, h, w, 20 * size), 0.1, 1)
    cover = np.maximum(ring, np.clip((radius - away) / wide, 0, 1) * (rng.uniform(0.1, 0.6) if rng.random() < 0.6 else 0.0))
    for _ in range(int(rng.integers(0, 7))):
        x, y = cx + rng.normal(0, 1.3) * radius, cy + rng.normal(0, 1.3) * radius
        cover = np.maximum(cover, np.clip((rng.uniform(1.5, 8) * size - np.hypot(xx - x, yy - y)) / (1.5 * size) + 0.5, 0, 1))
    return cover.astype(np.float32), (ring * rng.uniform(0, 1)).astype(np.float32)


def blotch(rng, h: int, w: int, size: float) -> Shape:
    """Large ragged areas, some of them spread over half the picture."""
    field = _noise(rng, h, w, rng.uniform(25, 160) * size, 4)
    level, soft = rng.uniform(0.7, 1.5), rng.uniform(0.08, 0.6)
    cover = np.clip((field - level) / soft + 0.5, 0, 1)
    rim = np.exp(-((field - level) / rng.uniform(0.03, 0.12)) ** 2) if rng.random() < 0.5 else np.zeros_like(cover)
    return cover.astype(np.float32), rim.astype(np.float32)


def mould(rng, h: int, w: int, size: float) -> Shape:
    """Crowds of specks and threads inside a soft area."""
    (cx, cy), radius = rng.uniform([0, 0], [w, h]), rng.uniform(15, 90) * size
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    area = np.clip(1.4 - np.hypot(xx - cx, yy - cy) / radius + 0.4 * _noise(rng, h, w, 0.6 * radius), 0, 1)
    grown = np.clip((_noise(rng, h, w, rng.uniform(2, 7) * size, 2) + 1.6 * area - rng.uniform(1.0, 1.7)) / 0.5, 0, 1)
    return (np.maximum(grown, 0.35 * (area > 0.55)) * (area > 0.05)).astype(np.float32), np.zeros((h, w), np.float32)


def finger(rng, h: int, w: int, size: float) -> Shape:
    """Finger marks: ovals with ridges, one or a few side by side."""
    cover = np.zeros((h, w), np.float32)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    (cx, cy), long, angle = rng.uniform([0, 0], [w, h]), rng.uniform(12, 34) * size, rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(1, 4))):
        u = (xx - cx) * np.cos(angle) + (yy - cy) * np.sin(angle)
        v = -(xx - cx) * np.sin(angle) + (yy - cy) * np.cos(angle)
        away = np.hypot(u / long, v / (long * rng.uniform(0.6, 0.8))) + 0.12 * _noise(rng, h, w, 8 * size)
        ridges = 0.75 + 0.25 * np.sin(np.hypot(u - rng.uniform(-0.3, 0.3) * long, v) * 2 * np.pi / (rng.uniform(2.4, 4.5) * size))
        cover = np.maximum(cover, np.clip((1 - away) / 0.3 + 0.4, 0, 1) * ridges)
        cx, cy = cx - np.sin(angle) * long * 1.6, cy + np.cos(angle) * long * 1.6
    return cover.astype(np.float32), np.zeros((h, w), np.float32)


def tape(rng, h: int, w: int, size: float) -> Shape:
    """What adhesive tape or glue leaves: a strip with straight sides and an uneven inside."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    (cx, cy), angle = rng.uniform([0, 0], [w, h]), rng.choice([0, np.pi / 2]) + rng.normal(0, 0.1)
    u = np.abs((xx - cx) * np.cos(angle) + (yy - cy) * np.sin(angle)) - rng.uniform(25, 140) * size
    v = np.abs(-(xx - cx) * np.sin(angle) + (yy - cy) * np.cos(angle)) - rng.uniform(7, 22) * size
    inside = np.clip(-np.maximum(u, v) / (rng.uniform(0.7, 3) * size) + 0.5, 0, 1)
    return (inside * np.clip(0.8 + 0.3 * _noise(rng, h, w, 15 * size, 3), 0.3, 1)).astype(np.float32), np.zeros((h, w), np.float32)


def water(rng, h: int, w: int, size: float) -> Shape:
    """The soft areas of marks.py, one to three."""
    return marks.stains(rng, h, w, int(rng.integers(1, 4)), size)


DRAWN = dict(foxing=(foxing, 0.2), tide=(tide, 0.14), cup=(cup, 0.08), blotch=(blotch, 0.14), mould=(mould, 0.08), finger=(finger, 0.06), tape=(tape, 0.05), water=(water, 0.25))


def shape(rng, h: int, w: int, size: float, masks: MaskSet | None) -> Shape:
    """One stain: of the mask set in two cases of five where there is one, else drawn."""
    if masks is not None and rng.random() < 0.4:
        cover = cv2.GaussianBlur(masks.draw(rng, "stain", h, w, int(rng.integers(1, 3)), size), (0, 0), float(rng.uniform(0.5, 2.0)))
        return cover, np.zeros_like(cover)
    weights = np.array([share for _, share in DRAWN.values()])
    draw, _ = list(DRAWN.values())[int(rng.choice(len(weights), p=weights / weights.sum()))]
    return draw(rng, h, w, size)


def tint(rng) -> np.ndarray:
    """Share of light, float32 [3], that a stain of full strength lets through: mostly brown, else grey, green, black or blue-black."""
    kind = rng.random()
    if kind < 0.72:
        red = rng.uniform(0.55, 0.95)
        green = red * rng.uniform(0.72, 0.95)
        return np.array([red, green, green * rng.uniform(0.5, 0.9)], np.float32)
    if kind < 0.9:
        return np.full(3, rng.uniform(0.4, 0.85), np.float32)
    return (np.array([[0.6, 0.7, 0.55], [0.3, 0.3, 0.32], [0.35, 0.38, 0.6]])[int(rng.integers(3))] * rng.uniform(0.9, 1.3)).clip(0, 1).astype(np.float32)


def laid(rng, image: np.ndarray, cover: np.ndarray, rim: np.ndarray) -> np.ndarray:
    """The picture with a stain on it: it multiplies in five cases of six, and bleaches in one; on a grey scan it is grey."""
    colour, strength = tint(rng), rng.uniform(0.5, 1.2)
    grey = np.abs(image[..., 0] - image[..., 2]).mean() < 0.004
    if rng.random() < 5 / 6:
        through = np.full(3, colour.mean(), np.float32) if grey else colour
        dense = np.clip(strength * (cover + rng.uniform(0.3, 1.2) * rim), 0, 1.6)[..., None]
        return (image * through ** dense).astype(np.float32)
    paper = np.percentile(image.reshape(-1, 3)[::17], 96, axis=0).astype(np.float32) * (1 if grey else np.array([1, rng.uniform(0.93, 1), rng.uniform(0.8, 1)]))
    amount = np.clip(0.7 * strength * np.maximum(cover, 0.6 * rim), 0, 1)[..., None]
    return (image * (1 - amount) + amount * np.clip(0.55 * paper + 0.45 * image + rng.uniform(0, 0.15), 0, 1)).astype(np.float32)
