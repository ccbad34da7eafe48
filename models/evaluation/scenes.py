"""Drawn pictures for the evaluation set: a street, a sitter, hills by the sea, a table. No photograph is in them.

Each takes a numpy Generator and a size and gives float32 [h, w, 3], RGB, sRGB-encoded, 0..1. They are drawn at three
times the size and averaged down. Training never sees them.
"""

from __future__ import annotations

import cv2
import numpy as np

from training.marks import smooth_noise

SUB = 3


def _finish(canvas: np.ndarray, rng, w: int, h: int, texture: float = 0.02) -> np.ndarray:
    image = cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA)
    fine = smooth_noise(rng, h, w, 2.2, 2)[..., None] * texture
    return np.clip(image * (1 + 0.08 * smooth_noise(rng, h, w, w / 3)[..., None]) + fine * (0.3 + image), 0, 1).astype(np.float32)


def _gradient(h: int, w: int, top, bottom) -> np.ndarray:
    t = np.linspace(0, 1, h, dtype=np.float32)[:, None, None]
    return np.repeat((1 - t) * np.asarray(top, np.float32) + t * np.asarray(bottom, np.float32), w, 1)


def _letters(canvas: np.ndarray, text: str, at: tuple[int, int], font: int, scale: float, colour, thick: int) -> None:
    """Lettering with smooth edges on a float picture (OpenCV writes on 8-bit ones only)."""
    cover = np.zeros(canvas.shape[:2], np.uint8)
    cv2.putText(cover, text, at, font, scale, 255, thick, cv2.LINE_AA)
    a = cover[..., None].astype(np.float32) / 255.0
    canvas *= 1 - a
    canvas += a * np.asarray(colour, np.float32)


def street(rng, h: int, w: int) -> np.ndarray:
    """Shop houses with windows, shutters, a tiled roof, wires and a pavement."""
    H, W = h * SUB, w * SUB
    canvas = np.ascontiguousarray(_gradient(H, W, (0.66, 0.76, 0.86), (0.90, 0.88, 0.80)))
    x = 0
    while x < W:
        wide, top = int(rng.uniform(0.18, 0.32) * W), int(rng.uniform(0.15, 0.4) * H)
        wall = np.clip(np.array([0.78, 0.68, 0.48]) * rng.uniform(0.6, 1.15) + rng.normal(0, 0.05, 3), 0, 1)
        cv2.rectangle(canvas, (x, top), (x + wide, H), wall.tolist(), -1)
        for row in range(6):
            y = top + int(row * 0.02 * H)
            cv2.line(canvas, (x, y), (x + wide, y), (wall * (0.55 + 0.06 * row)).tolist(), max(1, H // 240))
        columns, rows = int(rng.integers(2, 4)), int(rng.integers(2, 4))
        for i in range(columns):
            for j in range(rows):
                cx, cy = x + int((i + 0.5) * wide / columns), top + int((j + 0.8) * (0.82 * H - top) / rows)
                a, b = wide // columns // 3, int((0.8 * H - top) / rows / 3)
                frame = (np.array([0.20, 0.33, 0.28]) * rng.uniform(0.6, 1.4)).tolist()
                cv2.rectangle(canvas, (cx - a, cy - b), (cx + a, cy + b), frame, -1)
                cv2.rectangle(canvas, (cx - a // 2, cy - b + SUB), (cx + a // 2, cy + b - SUB), (0.10, 0.11, 0.13), -1)
                for k in range(-b, b, 2 * SUB):
                    cv2.line(canvas, (cx - a, cy + k), (cx - a // 2, cy + k), (np.array(frame) * 1.3).tolist(), 1)
        cv2.rectangle(canvas, (x + wide // 8, int(0.80 * H)), (x + 7 * wide // 8, int(0.86 * H)), (0.55, 0.14, 0.10), -1)
        _letters(canvas, str(rng.choice(["TAN DINH", "PHO 36", "HIEU SACH", "STUDIO"])), (x + wide // 7, int(0.85 * H)),
                 cv2.FONT_HERSHEY_COMPLEX, wide / 420, (0.93, 0.88, 0.70), max(1, SUB // 2))
        x += wide
    cv2.rectangle(canvas, (0, int(0.92 * H)), (W, H), (0.48, 0.44, 0.38), -1)
    for _ in range(3):
        y0, y1 = rng.uniform(0.02, 0.3, 2) * H
        t = np.linspace(0, 1, 30)
        line = np.stack([t * W, y0 + (y1 - y0) * t + 0.1 * H * t * (1 - t)], 1).astype(np.int32)
        cv2.polylines(canvas, [line.reshape(-1, 1, 2)], False, (0.16, 0.15, 0.15), int(rng.integers(2, 5)), cv2.LINE_AA)
    return _finish(canvas, rng, w, h, 0.008)


def sitter(rng, h: int, w: int) -> np.ndarray:
    """A drawn head and shoulders before a painted backdrop, with hair, collar and buttons. Nobody's likeness."""
    H, W = h * SUB, w * SUB
    canvas = np.ascontiguousarray(_gradient(H, W, (0.52, 0.50, 0.46), (0.36, 0.34, 0.32)))
    canvas *= (1 + 0.12 * smooth_noise(rng, H, W, W / 4))[..., None]
    yy, xx = np.mgrid[0:H, 0:W].astype(np.float32)
    cx, cy, r = (0.5 + rng.normal(0, 0.03)) * W, 0.40 * H, 0.17 * min(H, W)

    def ball(x0, y0, a, b, colour, light=0.45, edge=0.02):
        nonlocal canvas
        u, v = (xx - x0) / a, (yy - y0) / b
        d = np.sqrt(u * u + v * v)
        cover = np.clip((1 - d) / edge, 0, 1)[..., None]
        shade = 0.72 + light * np.clip(-0.5 * u - 0.5 * v + 0.4 * np.sqrt(np.clip(1 - d * d, 0, 1)), -0.6, 1)
        canvas = canvas * (1 - cover) + cover * np.clip(np.asarray(colour, np.float32) * shade[..., None], 0, 1)

    skin = np.array([[0.80, 0.62, 0.50], [0.62, 0.45, 0.34], [0.45, 0.31, 0.23]][int(rng.integers(3))])
    ball(cx, 1.02 * H, 0.42 * W, 0.42 * H, (0.20, 0.21, 0.26), 0.5)
    ball(cx, cy - 0.35 * r, 1.15 * r, 1.25 * r, (0.12, 0.10, 0.09), 0.5)
    ball(cx, cy + 1.35 * r, 0.48 * r, 0.8 * r, skin * 0.85)
    ball(cx, cy, 0.92 * r, 1.25 * r, skin)
    for side in (-1, 1):
        ball(cx + side * 0.36 * r, cy - 0.12 * r, 0.17 * r, 0.09 * r, (0.90, 0.88, 0.84), 0.2, 0.15)
        ball(cx + side * 0.36 * r, cy - 0.12 * r, 0.075 * r, 0.085 * r, (0.12, 0.08, 0.06), 0.2, 0.15)
        ball(cx + side * 0.36 * r, cy - 0.34 * r, 0.22 * r, 0.045 * r, (0.15, 0.11, 0.09), 0.2, 0.3)
    ball(cx, cy + 0.20 * r, 0.11 * r, 0.25 * r, skin * 1.05, 0.6, 0.5)
    ball(cx, cy + 0.62 * r, 0.30 * r, 0.09 * r, skin * np.array([0.85, 0.62, 0.60]), 0.3, 0.25)
    canvas = np.ascontiguousarray(canvas, np.float32)
    collar = np.array([[cx - 0.7 * r, cy + 1.9 * r], [cx, cy + 2.7 * r], [cx + 0.7 * r, cy + 1.9 * r], [cx, cy + 2.1 * r]]).astype(np.int32)
    cv2.fillPoly(canvas, [collar.reshape(-1, 1, 2)], (0.88, 0.87, 0.83), cv2.LINE_AA)
    for k in range(4):
        cv2.circle(canvas, (int(cx), int(cy + (2.9 + 0.4 * k) * r)), max(2, int(0.06 * r)), (0.75, 0.70, 0.50), -1, cv2.LINE_AA)
    for _ in range(260):
        a = rng.uniform(-np.pi, 0)
        p = np.array([cx + 1.05 * r * np.cos(a), cy - 0.35 * r + 1.15 * r * np.sin(a)])
        q = p + rng.normal(0, 0.12 * r, 2) + [0, 0.15 * r]
        cv2.line(canvas, tuple(int(v) for v in p), tuple(int(v) for v in q), (0.22, 0.18, 0.15), 1, cv2.LINE_AA)
    return _finish(canvas, rng, w, h, 0.006)


def hills(rng, h: int, w: int) -> np.ndarray:
    """Layers of karst hills in haze above water, with grass and twigs in front."""
    H, W = h * SUB, w * SUB
    canvas = np.ascontiguousarray(_gradient(H, W, (0.60, 0.70, 0.82), (0.93, 0.90, 0.84)))
    x = np.arange(W)
    for layer in range(5):
        base = (0.38 + 0.10 * layer) * H
        line = base - np.abs(np.interp(x, np.linspace(0, W, 14), rng.normal(0, 0.13 * H, 14))) - np.interp(x, np.linspace(0, W, 70), rng.normal(0, 0.012 * H, 70))
        t = layer / 4
        colour = (1 - t) * np.array([0.66, 0.72, 0.78]) + t * np.array([0.20, 0.29, 0.18])
        shape = np.concatenate([np.stack([x, line], 1), [[W, H], [0, H]]]).astype(np.int32)
        cv2.fillPoly(canvas, [shape.reshape(-1, 1, 2)], colour.tolist(), cv2.LINE_AA)
    cv2.rectangle(canvas, (0, int(0.80 * H)), (W, H), (0.42, 0.50, 0.52), -1)
    for _ in range(400):
        y, x0 = rng.uniform(0.80, 1.0) * H, rng.uniform(0, W)
        v = float(rng.uniform(0.40, 0.75))
        cv2.line(canvas, (int(x0), int(y)), (int(x0 + rng.uniform(5, 40)), int(y)), (0.85 * v, 0.97 * v, v), 1, cv2.LINE_AA)
    for _ in range(220):
        x0 = rng.uniform(0, W)
        g = float(rng.uniform(0.08, 0.4))
        cv2.line(canvas, (int(x0), H), (int(x0 + rng.normal(0, 14)), int(H - rng.uniform(10, 0.16 * H))), (0.8 * g, g, 0.45 * g), int(rng.integers(1, 4)), cv2.LINE_AA)
    return _finish(canvas, rng, w, h, 0.012)


def table(rng, h: int, w: int) -> np.ndarray:
    """A checked cloth with a bowl, fruit, a book with lettering and a striped vase."""
    H, W = h * SUB, w * SUB
    canvas = np.ascontiguousarray(_gradient(H, W, (0.30, 0.26, 0.24), (0.44, 0.38, 0.34)))
    yy, xx = np.mgrid[0:H, 0:W].astype(np.float32)
    cloth = (yy > 0.58 * H)[..., None]
    depth = np.clip((yy / H - 0.5) * 2, 0.2, 1)
    check = ((np.floor((xx - W / 2) / (0.07 * W * depth)) + np.floor(yy * 18 / H)) % 2)[..., None]
    canvas = np.where(cloth, 0.82 - 0.42 * check * np.array([0.3, 0.9, 0.9], np.float32), canvas).astype(np.float32)

    def ball(x0, y0, a, b, colour):
        nonlocal canvas
        u, v = (xx - x0) / a, (yy - y0) / b
        d = np.sqrt(u * u + v * v)
        cover = np.clip((1 - d) / 0.02, 0, 1)[..., None]
        z = np.sqrt(np.clip(1 - d * d, 0, 1))
        shade = np.clip(0.35 + 0.75 * (-0.45 * u - 0.5 * v + 0.7 * z), 0.12, 1.2)[..., None]
        glint = np.exp(-((u + 0.35) ** 2 + (v + 0.4) ** 2) / 0.012)[..., None] * 0.7
        canvas = (canvas * (1 - cover) + cover * np.clip(np.asarray(colour, np.float32) * shade + glint, 0, 1)).astype(np.float32)

    for k in range(6):
        hue = [(0.75, 0.20, 0.12), (0.88, 0.62, 0.15), (0.40, 0.55, 0.15), (0.58, 0.12, 0.20), (0.85, 0.75, 0.30), (0.30, 0.20, 0.35)][k]
        ball((0.30 + 0.08 * k) * W, (0.55 + 0.04 * ((k * 2) % 3)) * H, 0.085 * W, 0.085 * W, hue)
    ball(0.5 * W, 0.70 * H, 0.30 * W, 0.13 * H, (0.70, 0.76, 0.84))
    canvas = np.ascontiguousarray(canvas)
    vase = np.array([[0.78, 0.20], [0.88, 0.20], [0.86, 0.34], [0.93, 0.52], [0.88, 0.72], [0.78, 0.72], [0.73, 0.52], [0.80, 0.34]]) * [W, H]
    cv2.fillPoly(canvas, [vase.astype(np.int32).reshape(-1, 1, 2)], (0.25, 0.36, 0.55), cv2.LINE_AA)
    for k in range(9):
        y = int((0.36 + 0.035 * k) * H)
        cv2.line(canvas, (int(0.76 * W), y), (int(0.90 * W), y), (0.86, 0.84, 0.78), 2, cv2.LINE_AA)
    cv2.rectangle(canvas, (int(0.06 * W), int(0.34 * H)), (int(0.25 * W), int(0.62 * H)), (0.42, 0.16, 0.12), -1)
    for k, text in enumerate(("ALBUM", "1926", "No. 7")):
        _letters(canvas, text, (int(0.075 * W), int((0.42 + 0.07 * k) * H)), cv2.FONT_HERSHEY_TRIPLEX, W / 1100, (0.90, 0.80, 0.50), max(1, SUB // 2))
    return _finish(canvas, rng, w, h, 0.008)


SCENES = {"street": street, "sitter": sitter, "hills": hills, "table": table}
