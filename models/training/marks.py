"""Marks of damage: drawn ones, and ones read from a folder of masks.

Every function here returns coverage: float32 [h, w], 0 where the picture is untouched, 1 where the mark hides it
completely. Lengths are in pixels of the picture; `size` scales them for pictures larger than the 600 px at which the
ranges below were chosen. Classes are named in `CLASSES`, in the order of the damage net's outputs.
"""

from __future__ import annotations

import glob
import os

import cv2
import numpy as np

CLASSES = ("scratch", "dust", "stain")

# Folders of the FilmDamageSimulator mask set (D. Ivanova et al., MIT) and the class each belongs to.
MASK_FOLDERS = {
    "scratches": "scratch", "hair": "scratch", "hair-short": "scratch", "lint": "scratch",
    "dirt": "dust", "dots": "dust", "smut": "dust", "spots": "dust", "sprinkles": "dust",
    "stain": "stain",
}

_SUB = 2  # drawn at twice the size and averaged down, so that a line may be thinner than a pixel


def _canvas(h: int, w: int) -> np.ndarray:
    return np.zeros((h * _SUB, w * _SUB), np.uint8)


def _finish(canvas: np.ndarray, h: int, w: int) -> np.ndarray:
    return cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0


def _polyline(canvas: np.ndarray, points: np.ndarray, width: float, value: int = 255) -> None:
    """Draws points [n, 2] (x, y in picture pixels) with a width in picture pixels."""
    fixed = np.round(points * (_SUB * 16)).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [fixed], False, int(value), max(1, int(round(width * _SUB))), cv2.LINE_AA, 4)


def _walk(rng, start, angle: float, length: float, step: float, turn: float) -> np.ndarray:
    """A path of `length` pixels whose direction changes by a normal angle of `turn` radians per step."""
    n = max(2, int(length / step))
    angles = angle + np.cumsum(rng.normal(0, turn, n))
    moves = np.stack([np.cos(angles), np.sin(angles)], 1) * step
    return np.concatenate([[start], np.asarray(start) + np.cumsum(moves, 0)]).astype(np.float32)


def smooth_noise(rng, h: int, w: int, cell: float, octaves: int = 2) -> np.ndarray:
    """Smooth random field, float32 [h, w], about 0 mean and 1 standard deviation; `cell` is its grain in pixels."""
    out = np.zeros((h, w), np.float32)
    weight = 1.0
    for _ in range(octaves):
        gh, gw = max(2, int(h / cell) + 2), max(2, int(w / cell) + 2)
        out += weight * cv2.resize(rng.standard_normal((gh, gw)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        weight *= 0.5
        cell = max(1.5, cell / 2.3)
    return out / 1.15


def scratches(rng, h, w, count, size=1.0):
    """Straight or slightly bent lines, often parallel, with gaps and changing weight."""
    canvas = _canvas(h, w)
    main = rng.uniform(0, np.pi)
    for _ in range(count):
        angle = main + rng.normal(0, 0.12) if rng.random() < 0.6 else rng.uniform(0, np.pi)
        length = float(np.exp(rng.uniform(np.log(12), np.log(400)))) * size
        path = _walk(rng, rng.uniform([0, 0], [w, h]), angle, length, 4 * size, rng.choice([0.0, 0.01, 0.04]))
        width = float(np.exp(rng.uniform(np.log(0.5), np.log(2.6)))) * size
        gap = rng.uniform(0, 0.35) if rng.random() < 0.5 else 0.0
        i = 0
        while i < len(path) - 1:
            run = int(rng.integers(4, 30))
            if rng.random() >= gap:
                _polyline(canvas, path[i:i + run + 1], width * rng.uniform(0.7, 1.2), int(rng.integers(150, 256)))
            i += run
    return _finish(canvas, h, w)


def cracks(rng, h, w, count, size=1.0):
    """Jagged branching lines, as in a broken emulsion layer or a cracked glass plate."""
    canvas = _canvas(h, w)
    for _ in range(count):
        stack = [(rng.uniform([0, 0], [w, h]), rng.uniform(0, 2 * np.pi),
                  float(np.exp(rng.uniform(np.log(30), np.log(420)))) * size, rng.uniform(0.7, 3.2) * size, 0)]
        while stack:
            start, angle, length, width, depth = stack.pop()
            path = _walk(rng, start, angle, length, 5 * size, rng.uniform(0.12, 0.38))
            for i in range(0, len(path) - 1, 3):
                thin = 1.0 - 0.6 * i / len(path)
                _polyline(canvas, path[i:i + 4], width * thin * rng.uniform(0.6, 1.3))
            if depth < 2:
                for _ in range(int(rng.integers(0, 4))):
                    at = int(rng.integers(0, len(path)))
                    stack.append((path[at], angle + rng.choice([-1, 1]) * rng.uniform(0.4, 1.3),
                                  length * rng.uniform(0.2, 0.6), width * rng.uniform(0.4, 0.8), depth + 1))
    return _finish(canvas, h, w)


def folds(rng, h, w, count, size=1.0):
    """Nearly straight creases from edge to edge with flaked emulsion.

    Returns (coverage, shade): `shade` float32 [h, w] is the soft light or dark band beside the crease, about -1..1.
    """
    canvas = _canvas(h, w)
    shade = np.zeros((h, w), np.float32)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    for _ in range(count):
        angle = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.15) if rng.random() < 0.7 else rng.uniform(0, np.pi)
        middle = rng.uniform([0.1 * w, 0.1 * h], [0.9 * w, 0.9 * h])
        reach = float(np.hypot(h, w))
        start = middle - np.array([np.cos(angle), np.sin(angle)]) * reach
        path = _walk(rng, start, angle, 2 * reach, 6 * size, 0.0)
        normal = np.array([-np.sin(angle), np.cos(angle)])
        path = path + normal * np.cumsum(rng.normal(0, 0.5 * size, len(path)))[:, None].astype(np.float32) * 0.5
        width = float(np.exp(rng.uniform(np.log(0.8), np.log(5.0)))) * size
        for i in range(0, len(path) - 1, 2):
            if rng.random() < 0.9:
                _polyline(canvas, path[i:i + 3], width * rng.uniform(0.4, 1.3))
            if rng.random() < 0.25:
                at = path[i] + normal * rng.normal(0, width)
                r = width * rng.uniform(0.3, 1.2) * _SUB
                cv2.ellipse(canvas, (int(at[0] * _SUB), int(at[1] * _SUB)), (max(1, int(r)), max(1, int(r * rng.uniform(0.4, 1)))),
                            float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA)
        side = (xx - middle[0]) * normal[0] + (yy - middle[1]) * normal[1]
        band = rng.uniform(4, 16) * size
        shade += rng.uniform(-1, 1) * np.exp(-np.abs(side) / band) * np.where(side > 0, 1.0, rng.uniform(-1, 0.6)).astype(np.float32)
    return _finish(canvas, h, w), np.clip(shade, -1, 1)


def hairs(rng, h, w, count, size=1.0):
    """Thin curved hairs and lint lying on the glass or the print while it was scanned."""
    canvas = _canvas(h, w)
    for _ in range(count):
        lint = rng.random() < 0.5
        length = rng.uniform(8, 40) * size if lint else float(np.exp(rng.uniform(np.log(30), np.log(260)))) * size
        bend = rng.normal(0, 0.10) / max(0.5, size) if lint else rng.normal(0, 0.025)
        n = max(3, int(length / (3 * size)))
        angles = rng.uniform(0, 2 * np.pi) + np.cumsum(np.full(n, bend) + rng.normal(0, 0.06, n) + np.cumsum(rng.normal(0, 0.006, n)))
        path = rng.uniform([0, 0], [w, h]) + np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1) * 3 * size, 0)
        _polyline(canvas, path.astype(np.float32), rng.uniform(0.5, 1.8) * size, int(rng.integers(170, 256)))
    return _finish(canvas, h, w)


def dust(rng, h, w, count, size=1.0):
    """Specks: small irregular ellipses, most about a pixel wide, a few up to 7 px radius."""
    canvas = _canvas(h, w)
    for _ in range(count):
        r = min(7.0, 0.45 * (1 + rng.pareto(1.8))) * size * _SUB
        at = rng.uniform([0, 0], [w * _SUB, h * _SUB])
        n = int(rng.integers(5, 11))
        turn = np.sort(rng.uniform(0, 2 * np.pi, n))
        radii = r * rng.uniform(0.55, 1.25, n)
        shape = np.stack([np.cos(turn) * radii, np.sin(turn) * radii * rng.uniform(0.4, 1)], 1) + at
        cv2.fillPoly(canvas, [np.round(shape * 16).astype(np.int32).reshape(-1, 1, 2)], int(rng.integers(150, 256)), cv2.LINE_AA, 4)
        if r < 1.5 * _SUB:
            canvas[int(min(at[1], h * _SUB - 1)), int(min(at[0], w * _SUB - 1))] = 255
    out = _finish(canvas, h, w)
    return cv2.GaussianBlur(out, (0, 0), 0.5 * size) if rng.random() < 0.4 else out


def stains(rng, h, w, count, size=1.0):
    """Water marks and foxing: soft irregular areas, many with a darker rim where the water dried.

    Returns (coverage, rim): rim is 1 on the drying line.
    """
    cover = np.zeros((h, w), np.float32)
    rim = np.zeros((h, w), np.float32)
    for _ in range(count):
        small = rng.random() < 0.4
        radius = (rng.uniform(5, 16) if small else float(np.exp(rng.uniform(np.log(18), np.log(110))))) * size
        cx, cy = rng.uniform([0, 0], [w, h])
        x0, x1 = int(max(0, cx - 2 * radius)), int(min(w, cx + 2 * radius))
        y0, y1 = int(max(0, cy - 2 * radius)), int(min(h, cy + 2 * radius))
        if x1 - x0 < 3 or y1 - y0 < 3:
            continue
        yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        field = np.hypot((xx - cx), (yy - cy) * rng.uniform(0.6, 1.6)) / radius
        field = field + 0.17 * smooth_noise(rng, y1 - y0, x1 - x0, max(4.0, radius * 0.6), 3)
        soft = rng.uniform(0.04, 0.35)
        inside = np.clip((1.0 - field) / soft + 0.5, 0, 1)
        inside = inside * np.clip(rng.uniform(0.6, 1.0) + 0.25 * smooth_noise(rng, y1 - y0, x1 - x0, max(4.0, radius * 0.4)), 0.3, 1)
        cover[y0:y1, x0:x1] = np.maximum(cover[y0:y1, x0:x1], inside)
        if rng.random() < 0.6 and not small:
            line = np.exp(-((field - 1.0) / rng.uniform(0.02, 0.08)) ** 2)
            rim[y0:y1, x0:x1] = np.maximum(rim[y0:y1, x0:x1], line * np.clip(0.7 + 0.4 * smooth_noise(rng, y1 - y0, x1 - x0, radius * 0.5), 0, 1))
    return cover, rim


class MaskSet:
    """Reads damage masks (RGBA files whose alpha is damage) from `<root>/<folder>/*.png`, kept in memory as uint8.

    `part` is 'train', 'validation', 'acceptance' or 'all': files are split by their number modulo 10
    (8 → validation, 9 → acceptance), so that no mask is seen on both sides.
    """

    def __init__(self, root: str, part: str = "train"):
        self.by_class: dict[str, list[np.ndarray]] = {name: [] for name in CLASSES}
        self.names: dict[str, list[str]] = {name: [] for name in CLASSES}
        for folder, name in MASK_FOLDERS.items():
            for number, path in enumerate(sorted(glob.glob(os.path.join(root, folder, "*.png")))):
                kind = {8: "validation", 9: "acceptance"}.get(number % 10, "train")
                if part not in ("all", kind):
                    continue
                image = cv2.imread(path, cv2.IMREAD_UNCHANGED)
                if image is not None and image.ndim == 3 and image.shape[2] == 4:
                    alpha = image[..., 3]
                    if folder in ("dots", "smut"):  # blobs a quarter of the file wide: laid down at speck size
                        alpha = cv2.resize(alpha, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
                    self.by_class[name].append(alpha)
                    self.names[name].append(folder)

    def __len__(self) -> int:
        return sum(len(v) for v in self.by_class.values())

    def draw(self, rng, name: str, h: int, w: int, count: int, size: float = 1.0) -> np.ndarray:
        """`count` masks of one class, turned, mirrored, scaled by 0.5–1.6 × size and laid at random places."""
        out = np.zeros((h, w), np.float32)
        bank = self.by_class[name]
        for _ in range(count if bank else 0):
            mark = bank[int(rng.integers(len(bank)))]
            if rng.random() < 0.5:
                mark = mark[:, ::-1]
            mark = np.rot90(mark, int(rng.integers(4)))
            scale = float(np.exp(rng.uniform(np.log(0.5), np.log(1.6)))) * size
            mark = cv2.resize(np.ascontiguousarray(mark), None, fx=scale, fy=scale,
                              interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR).astype(np.float32) / 255.0
            mh, mw = mark.shape
            top = int(rng.integers(-mh // 2, max(1, h - mh // 2)))
            left = int(rng.integers(-mw // 2, max(1, w - mw // 2)))
            y0, x0, y1, x1 = max(0, top), max(0, left), min(h, top + mh), min(w, left + mw)
            if y1 > y0 and x1 > x0:
                part = mark[y0 - top:y1 - top, x0 - left:x1 - left]
                out[y0:y1, x0:x1] = np.maximum(out[y0:y1, x0:x1], part)
        return out
