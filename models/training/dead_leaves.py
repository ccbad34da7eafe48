"""Pictures made from nothing: dead leaves, and the things of the real world that look like damage.

Dead leaves (Lee, Mumford, Huang 2001): opaque shapes with radii distributed as r^-3 falling over each other. Their
statistics come close to those of photographs, and nobody owns them.

All pictures are float32 [h, w, 3], RGB, sRGB-encoded, 0..1; masks and covers float32 [h, w].
"""

from __future__ import annotations

import glob

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .marks import smooth_noise

WORDS = ("Huế", "Sài Gòn", "Ảnh viện Hương Ký", "Kỷ niệm", "Hà Nội 1926", "gia đình", "Đà Lạt", "ngày cưới", "Photo", "Studio",
         "Carte postale", "No. 1274", "Souvenir", "Bưu điện", "Chợ Bến Thành", "Grand Hotel", "1908", "à ma chère sœur", "Nhà thờ",
         "Tháng Chạp", "Kodak Safety Film", "St. Petersburg", "Grüße aus", "Người chụp", "Trường Bưởi", "Rue Catinat")

FONT_PLACES = ("/usr/share/fonts/truetype/*/*.ttf", "/usr/share/fonts/opentype/*/*.otf")


def palette(rng, n: int) -> np.ndarray:
    """n muted colours, float32 [n, 3]: a few base colours with spread, as in one photograph."""
    base = rng.beta(1.3, 1.6, (int(rng.integers(3, 7)), 1)) + rng.normal(0, 0.10, (1, 3))
    base = base + rng.normal(0, 0.08, (len(base), 3))
    picks = base[rng.integers(0, len(base), n)] + rng.normal(0, 0.07, (n, 1)) + rng.normal(0, 0.025, (n, 3))
    return np.clip(picks, 0.01, 0.99).astype(np.float32)


def dead_leaves(rng, h: int, w: int) -> np.ndarray:
    """One dead-leaves picture with shading and texture on the leaves, and depth of field in half the cases."""
    sub = 2
    hh, ww = h * sub, w * sub
    least, most = rng.uniform(1.2, 5) * sub, rng.uniform(0.12, 0.45) * max(hh, ww)
    n = int(rng.integers(500, 2200))
    u = rng.random(n)
    radii = 1.0 / np.sqrt(u / least ** 2 + (1 - u) / most ** 2)  # inverse of the r^-3 law's distribution
    if rng.random() < 0.6:
        radii = np.sort(radii)[::-1] * rng.uniform(0.8, 1.2, n)
    colours = palette(rng, n)
    image = np.empty((hh, ww, 3), np.float32)
    image[:] = colours[0]
    kinds = rng.random(n)
    disc_share = rng.uniform(0.1, 0.8)
    for i in range(n):
        r, at, colour = radii[i], rng.uniform([0, 0], [ww, hh]), tuple(float(c) for c in colours[i])
        if kinds[i] < disc_share:
            cv2.ellipse(image, (int(at[0]), int(at[1])), (max(1, int(r)), max(1, int(r * rng.uniform(0.35, 1)))),
                        float(rng.uniform(0, 180)), 0, 360, colour, -1)
        else:
            corners = int(rng.integers(3, 7))
            turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
            shape = np.stack([np.cos(turn), np.sin(turn)], 1) * r * rng.uniform(0.5, 1.2, (corners, 1)) + at
            cv2.fillPoly(image, [shape.astype(np.int32).reshape(-1, 1, 2)], colour)
    image = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.8:
        flat = np.round(image[..., 0] * 7 + image[..., 1] * 5).astype(np.int32) % 4  # leaves of one colour share a texture
        cells = np.exp(rng.uniform(np.log(1.6), np.log(30), 4))
        texture = np.stack([smooth_noise(rng, h, w, c, 2) for c in cells], 0)
        chosen = np.take_along_axis(texture, flat[None], 0)[0]
        image = image + chosen[..., None] * rng.uniform(0.01, 0.07)
    light = 1.0 + 0.18 * smooth_noise(rng, h, w, max(h, w) / 2.5)
    image = image * light[..., None]
    if rng.random() < 0.5:
        blurred = cv2.GaussianBlur(image, (0, 0), rng.uniform(1.5, 6))
        depth = np.clip(0.5 + smooth_noise(rng, h, w, max(h, w) / 2.0), 0, 1)[..., None]
        image = image * depth + blurred * (1 - depth)
    return np.clip(image, 0, 1).astype(np.float32)


def soft_scene(rng, h: int, w: int) -> np.ndarray:
    """Sky, wall, cloth: smooth shading with large soft shapes, where noise and damage show most."""
    grid = cv2.resize(rng.uniform(0.1, 0.95, (int(rng.integers(2, 5)), int(rng.integers(2, 5)), 1)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    tint = 1 + rng.normal(0, 0.06, 3).astype(np.float32)
    image = grid.reshape(h, w, 1) * tint
    image = image + smooth_noise(rng, h, w, rng.uniform(8, 60), 3)[..., None] * rng.uniform(0.0, 0.06)
    return np.clip(image, 0, 1).astype(np.float32)


_fonts: list[str] | None = None


def has_vietnamese(path: str) -> bool:
    """True where a font draws the letter ữ as something else than what it draws for a letter that it does not have."""
    font = ImageFont.truetype(path, 24)
    return bytes(font.getmask("ữ")) != bytes(font.getmask("\uffff"))


def fonts() -> list[str]:
    """Paths of installed fonts with Vietnamese letters, sorted; empty where there are none (OpenCV's strokes serve then)."""
    global _fonts
    if _fonts is None:
        _fonts = sorted(p for place in FONT_PLACES for p in glob.glob(place) if "Math" not in p and "Initial" not in p and has_vietnamese(p))
    return _fonts


def lettering(rng, h: int, w: int) -> np.ndarray:
    """Cover of a few lines of text, upright or turned, thin or bold, float32 [h, w]."""
    sheet = Image.new("L", (w, h), 0)
    pen = ImageDraw.Draw(sheet)
    names = fonts()
    if names:
        font = ImageFont.truetype(names[int(rng.integers(len(names)))], int(np.exp(rng.uniform(np.log(8), np.log(56)))))
        y = int(rng.integers(-10, max(1, h - 20)))
        for _ in range(int(rng.integers(1, 8))):
            text = " ".join(WORDS[int(i)] for i in rng.integers(0, len(WORDS), int(rng.integers(1, 5))))
            pen.text((int(rng.integers(-20, max(1, w // 2))), y), text, fill=255, font=font)
            y += int(font.size * rng.uniform(1.0, 1.8))
            if y > h:
                break
    cover = np.asarray(sheet, np.float32) / 255.0
    if not names:
        strokes = np.zeros((h, w), np.uint8)
        for _ in range(3):
            cv2.putText(strokes, "Studio 1908", (int(rng.integers(0, w // 2)), int(rng.integers(10, h))), int(rng.integers(0, 8)),
                        float(rng.uniform(0.3, 1.5)), 255, int(rng.integers(1, 3)), cv2.LINE_AA)
        cover = strokes.astype(np.float32) / 255.0
    if rng.random() < 0.3:
        turn = cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.choice([90, -90, rng.uniform(-25, 25)])), 1.0)
        cover = cv2.warpAffine(cover, turn, (w, h))
    return cover


def thin_things(rng, h: int, w: int) -> np.ndarray:
    """Cover of wires, rigging, twigs, railings, grass, window bars: thin lines that belong to the scene."""
    sub = 2
    canvas = np.zeros((h * sub, w * sub), np.uint8)

    def line(points, width):
        cv2.polylines(canvas, [np.round(np.asarray(points) * sub * 16).astype(np.int32).reshape(-1, 1, 2)], False, 255,
                      max(1, int(round(width * sub))), cv2.LINE_AA, 4)

    kind = rng.choice(["wires", "twigs", "bars", "grass", "bricks"])
    if kind == "wires":
        for _ in range(int(rng.integers(1, 7))):
            y0, y1, sag = rng.uniform(0, h), rng.uniform(0, h), rng.uniform(0, 0.12) * h
            x = np.linspace(-5, w + 5, 24)
            t = x / w
            line(np.stack([x, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)], 1), rng.uniform(0.5, 3.0))
    elif kind == "twigs":
        stack = [(rng.uniform([0, 0.5 * h], [w, h]), -np.pi / 2 + rng.normal(0, 0.6), rng.uniform(0.3, 0.8) * h, rng.uniform(2, 9)) for _ in range(int(rng.integers(1, 4)))]
        drawn = 0
        while stack and drawn < 160:
            start, angle, length, width = stack.pop()
            drawn += 1
            n = max(3, int(length / 8))
            angles = angle + np.cumsum(rng.normal(0, 0.12, n))
            path = start + np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1) * (length / n), 0)
            for i in range(n - 1):
                line(path[i:i + 2], max(0.5, width * (1 - 0.6 * i / n)))
            if length > 14:
                for _ in range(int(rng.integers(1, 5))):
                    at = int(rng.integers(n // 3, n))
                    stack.append((path[at], angles[at] + rng.choice([-1, 1]) * rng.uniform(0.3, 1.0), length * rng.uniform(0.3, 0.65), width * 0.55))
    elif kind == "bars":
        turn, gap, width = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.1), rng.uniform(5, 50), rng.uniform(0.6, 4)
        along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        for k in range(-40, 41):
            middle = np.array([w / 2, h / 2]) + across * gap * k
            line([middle - along * (h + w), middle + along * (h + w)], width)
    elif kind == "grass":
        for _ in range(int(rng.integers(20, 160))):
            start = rng.uniform([0, 0.3 * h], [w, 1.1 * h])
            tip = start + [rng.normal(0, 12), -rng.uniform(10, 60)]
            line([start, (start + tip) / 2 + rng.normal(0, 2, 2), tip], rng.uniform(0.5, 2))
    else:
        bh, bw, width = rng.uniform(6, 26), rng.uniform(14, 60), rng.uniform(0.6, 2.2)
        for row in range(int(h / bh) + 2):
            line([(0, row * bh), (w, row * bh)], width)
            for col in range(int(w / bw) + 2):
                x = (col + 0.5 * (row % 2)) * bw
                line([(x, row * bh), (x, (row + 1) * bh)], width)
    return cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0


def lookalikes(rng, image: np.ndarray) -> np.ndarray:
    """The picture with scene content that resembles damage: lettering, thin things, small bright or dark dots, soft blobs.

    These are drawn before ageing, so that blur and grain lie over them as over everything else in the scene.
    """
    h, w = image.shape[:2]
    out = image
    for _ in range(int(rng.integers(1, 3))):
        kind = rng.random()
        if kind < 0.35:
            cover = lettering(rng, h, w)
        elif kind < 0.8:
            cover = thin_things(rng, h, w)
        elif kind < 0.92:
            cover = np.zeros((h, w), np.float32)  # buttons, leaves, lamps, stars: round and regular
            r = float(np.exp(rng.uniform(np.log(1), np.log(6))))
            for _ in range(int(rng.integers(2, 60))):
                cv2.circle(cover, (int(rng.integers(w)), int(rng.integers(h))), max(1, int(r * rng.uniform(0.7, 1.3))), 1.0, -1, cv2.LINE_AA)
        else:
            cover = np.clip(smooth_noise(rng, h, w, rng.uniform(15, 90), 2) - 0.5, 0, 1)  # shadows and clouds
        if rng.random() < 0.5:
            cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.4, 1.2))
        colour = palette(rng, 1)[0] if rng.random() < 0.5 else np.full(3, rng.choice([rng.uniform(0, 0.2), rng.uniform(0.75, 1.0)]), np.float32)
        a = (cover * rng.uniform(0.5, 1.0))[..., None]
        out = out * (1 - a) + a * colour
    return np.clip(out, 0, 1).astype(np.float32)
