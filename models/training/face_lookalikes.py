"""What resembles a face and is none: hands, blank ovals, folds of cloth, pockets and buttons, shoes, house fronts.

Everything draws on a grey canvas, float32 [h, w] in levels of 255, and returns it.
"""

from __future__ import annotations

import cv2
import numpy as np


def uneven(rng, h: int, w: int, parts: int) -> np.ndarray:
    """Smooth light and shade, about ±1."""
    return cv2.resize(rng.normal(size=(parts, parts)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)


def hand(rng, canvas: np.ndarray, at: np.ndarray, size: float) -> np.ndarray:
    """A hand: palm and fingers in one skin tone with shadows between; returns its cover."""
    cover, shade = np.zeros_like(canvas), np.zeros_like(canvas)
    turn = rng.uniform(0, 2 * np.pi)
    point = lambda r, a: tuple(int(v) for v in np.round(16 * (at + r * size * np.array([np.cos(turn + a), np.sin(turn + a)]))))  # noqa: E731
    cv2.ellipse(cover, tuple(int(v) for v in at), (max(1, int(0.42 * size)), max(1, int(0.34 * size))), np.degrees(turn), 0, 360, 1.0, -1, cv2.LINE_AA)
    spread = rng.uniform(0.08, 0.3)
    for k in range(4):
        start, tip = point(0.3, (k - 1.5) * spread * 1.3), point(rng.uniform(0.65, 1.0), (k - 1.5) * spread)
        cv2.line(cover, start, tip, 1.0, max(1, int(0.2 * size)), cv2.LINE_AA, 4)
        cv2.line(shade, start, tip, 1.0, max(1, int(0.06 * size)), cv2.LINE_AA, 4)
    cv2.line(cover, point(0.1, 1.2), point(0.6, 0.9), 1.0, max(1, int(0.22 * size)), cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(cover, (0, 0), max(0.5, 0.12 * size))
    tone = rng.uniform(60, 220)
    value = tone * (0.55 + 0.45 * soft) * (1 - 0.3 * cv2.GaussianBlur(shade, (0, 0), max(0.4, 0.03 * size)))
    return canvas * (1 - cover) + value * cover


def oval(rng, canvas: np.ndarray, at: np.ndarray, size: float, fill: np.ndarray) -> np.ndarray:
    """A blank oval, round or face-shaped, lit from one side, with or without hair above: no face."""
    cover = np.zeros_like(canvas)
    axes = (max(1, int(size * rng.uniform(0.35, 0.6))), max(1, int(size * rng.uniform(0.4, 0.75))))
    turn = float(rng.uniform(-40, 40))
    cv2.ellipse(cover, tuple(int(v) for v in at), axes, turn, 0, 360, 1.0, -1, cv2.LINE_AA)
    value = rng.uniform(60, 225) + fill * rng.uniform(0, 1.0)
    slope = uneven(rng, *canvas.shape, 2) * rng.uniform(0, 30)
    out = canvas * (1 - cover) + (value + slope) * cover
    if rng.random() < 0.5:
        cap = np.zeros_like(canvas)
        cv2.ellipse(cap, tuple(int(v) for v in at), (int(axes[0] * 1.15) + 1, int(axes[1] * 1.1) + 1), turn, 180 + rng.uniform(-30, 30), 360 + rng.uniform(-30, 30), 1.0, -1, cv2.LINE_AA)
        cap *= 1 - 0.9 * (np.mgrid[0:canvas.shape[0], 0:canvas.shape[1]][0] > at[1] - 0.3 * axes[1])
        out = out * (1 - cap) + rng.uniform(5, 120) * cap
    return out


def worn(rng, canvas: np.ndarray, cx: float, chin: float, width: float) -> np.ndarray:
    """Buttons, pockets, lapels, belts, sashes, medals, hands in the lap, drawn below a chin on whatever is there."""
    out, w = canvas.copy(), width
    shade = lambda: float(np.clip(rng.choice([rng.uniform(0, 60), rng.uniform(180, 255), rng.uniform(60, 180)]), 0, 255))  # noqa: E731
    place = lambda x, y: (int(round(16 * (cx + x * w))), int(round(16 * (chin + y * w))))  # noqa: E731
    thin = max(1, int(round(0.04 * w)))

    def dot(x, y, radius, value) -> None:
        cv2.circle(out, place(x, y), max(8, int(16 * radius * w)), value, -1, cv2.LINE_AA, 4)

    def line(points, value, thick) -> None:
        cv2.polylines(out, [np.array([place(x, y) for x, y in points], np.int32).reshape(-1, 1, 2)], False, value, thick, cv2.LINE_AA, 4)

    if rng.random() < 0.5:
        value, gap, radius = shade(), rng.uniform(0.18, 0.5), rng.uniform(0.03, 0.09)
        columns = [0.0] if rng.random() < 0.6 else [-rng.uniform(0.12, 0.3), rng.uniform(0.12, 0.3)]
        for x in columns:
            for k in range(int(rng.integers(2, 8))):
                dot(x + rng.normal(0, 0.01), 0.35 + k * gap, radius, value)
    if rng.random() < 0.45:
        value, y, size = shade(), rng.uniform(0.6, 1.2), rng.uniform(0.25, 0.45)
        for side in (-1, 1) if rng.random() < 0.75 else (1,):
            x = side * rng.uniform(0.35, 0.6)
            line([(x - size / 2, y), (x - size / 2, y + size * 1.1), (x + size / 2, y + size * 1.1), (x + size / 2, y), (x - size / 2, y)], value, thin)
            line([(x - size / 2, y), (x, y + 0.35 * size), (x + size / 2, y)], value, thin)
            dot(x, y + 0.3 * size, 0.04, shade())
    if rng.random() < 0.35:
        value = shade()
        for side in (-1, 1):
            line([(side * 0.3, 0.1), (side * rng.uniform(0.02, 0.12), rng.uniform(0.8, 1.5))], value, thin)
    if rng.random() < 0.2:
        y = rng.uniform(1.5, 2.3)
        line([(-1.2, y), (1.2, y)], shade(), max(1, int(0.18 * w)))
        dot(0, y, 0.1, shade())
    if rng.random() < 0.15:
        line([(-0.8, 0.2), (0.7, 2.0)], shade(), max(1, int(0.14 * w)))
    if rng.random() < 0.2:
        value, deep = shade(), rng.uniform(0.3, 0.8)
        for k in range(14):
            t = (k + 0.5) / 14
            dot(-0.4 + 0.8 * t, 0.15 + deep * 4 * t * (1 - t), 0.035, value)
    if rng.random() < 0.3:
        y = rng.uniform(1.4, 2.4)
        for _ in range(int(rng.integers(1, 3))):
            out = hand(rng, out, np.array([cx + rng.normal(0, 0.35) * w, chin + y * w]), w * rng.uniform(0.4, 0.75))
    return out


def drapery(rng, canvas: np.ndarray, at: np.ndarray, size: float) -> np.ndarray:
    """A piece of cloth, a skirt, a curtain: folds fanning out from somewhere above, lit from one side."""
    h, w = canvas.shape
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    wide, tall = size * rng.uniform(0.5, 1.2), size * rng.uniform(0.6, 2.0)
    corners = np.array([[-rng.uniform(0.3, 1), -1], [rng.uniform(0.3, 1), -1], [rng.uniform(0.6, 1.3), 1], [-rng.uniform(0.6, 1.3), 1]]) * [wide, tall] + at
    cover = np.zeros_like(canvas)
    cv2.fillPoly(cover, [np.round(corners * 16).astype(np.int32).reshape(-1, 1, 2)], 1.0, cv2.LINE_AA, 4)
    cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.5, 1.5))
    hang = np.array([at[0] + rng.normal(0, 1) * size, at[1] - rng.uniform(1.0, 5) * size])
    angle = np.arctan2(xx - hang[0], yy - hang[1]) * rng.uniform(8, 45) + uneven(rng, h, w, 4) * rng.uniform(0, 3)
    folds = np.sin(angle) + 0.5 * np.sin(2.3 * angle + 1)
    value = rng.uniform(30, 225) + folds * rng.uniform(5, 40) + uneven(rng, h, w, 3) * rng.uniform(0, 25)
    return canvas * (1 - cover) + value * cover


def shoes(rng, canvas: np.ndarray, at: np.ndarray, size: float) -> np.ndarray:
    """A pair of feet, bare or in shoes, with legs above them."""
    out, value, leg = canvas.copy(), float(rng.uniform(5, 200)), float(rng.uniform(5, 230))
    for side in (-1, 1):
        foot = at + np.array([side * size * rng.uniform(0.25, 0.5), rng.normal(0, 0.05) * size])
        cv2.line(out, tuple(int(v) for v in foot), tuple(int(v) for v in foot - [side * rng.normal(0, 0.1) * size, size * rng.uniform(0.6, 1.6)]), leg, max(1, int(0.25 * size)), cv2.LINE_AA)
        cv2.ellipse(out, tuple(int(v) for v in foot), (max(1, int(0.2 * size)), max(1, int(0.32 * size))), float(side * rng.uniform(0, 60)), 0, 360, value, -1, cv2.LINE_AA)
        cv2.circle(out, tuple(int(v) for v in foot + [0.05 * size, -0.1 * size]), max(1, int(0.06 * size)), min(255.0, value + rng.uniform(20, 90)), -1, cv2.LINE_AA)
    return out


def front(rng, canvas: np.ndarray, at: np.ndarray, size: float) -> np.ndarray:
    """A wall with windows and a door, a cupboard with handles, a cart with wheels: dark places in a light one, or light in dark."""
    out, tone = canvas.copy(), float(rng.uniform(20, 240))
    w, h = size * rng.uniform(0.5, 1.0), size * rng.uniform(0.5, 1.2)
    box = lambda x0, y0, x1, y1, value: cv2.rectangle(out, (int(at[0] + x0 * w), int(at[1] + y0 * h)), (int(at[0] + x1 * w), int(at[1] + y1 * h)), value, -1)  # noqa: E731
    box(-1, -1, 1, 1, tone)
    dark = float(np.clip(tone + rng.choice([-1, 1]) * rng.uniform(40, 160), 0, 255))
    columns, rows, wide, tall = int(rng.integers(1, 4)), int(rng.integers(1, 4)), rng.uniform(0.1, 0.28), rng.uniform(0.08, 0.3)
    for column in range(columns):
        for row in range(rows):
            x, y = (column + 0.5) / columns * 2 - 1, (row + 0.5) / rows * 1.4 - 0.9
            if rng.random() < 0.7:
                box(x - wide, y - tall, x + wide, y + tall, dark)
                if rng.random() < 0.5:
                    box(x - 0.02, y - tall, x + 0.02, y + tall, tone)
            else:
                cv2.circle(out, (int(at[0] + x * w), int(at[1] + y * h)), max(1, int(wide * w)), dark, -1, cv2.LINE_AA)
    if rng.random() < 0.6:
        x = rng.uniform(-0.5, 0.5)
        box(x - 0.15, 0.4, x + 0.15, 1, dark)
    return cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2))
