"""Scenes with rendered heads: sprites on photographs without faces, dead leaves, studio backdrops, aged like old prints.

A scene is grey, float32 [s, s] in levels of 255, with the faces that are in it. What looks like a face and is none
(headless torsos, hats, hands, blank ovals, backs of heads, parts of faces seen too near) is drawn without a face, since
false findings were what a first trial suffered from.
"""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, field

import cv2
import numpy as np

from .dead_leaves import dead_leaves, lookalikes
from .degrade import LUMA, Recipe, age, jpeg
from .face_lookalikes import drapery, front, hand, oval, shoes, uneven, worn
from .marks import smooth_noise
from .sampling import photograph_paths

MIRRORED = [1, 0, 2, 4, 3]      # order of the five landmarks after mirroring
SMALLEST, LARGEST = 8.0, 76.0   # width of a face in px that this level of the pyramid must find
PROFILE, BACK = 1.5, 1.9        # radians of turn: a face up to PROFILE, none from BACK on, in between not judged
LEAST_CONTRAST = 5.0            # standard deviation inside a face's box, levels of 255
BODY = (90, 320)                # rows added under a sprite: clothes going on


@dataclass
class Face:
    """`box` x0, y0, x1, y1 and `five` [5, 2], the first pixel from 0 to 1; `turn` radians; `judged` False where neither finding nor missing
    it counts. `nudge` [2]: what the places still lack while the scene is made, since cv2 counts from the middle of the first pixel."""

    box: np.ndarray
    five: np.ndarray
    turn: float
    judged: bool = True
    hidden: float = 0.0
    kind: np.ndarray = field(default_factory=lambda: np.zeros(4, np.float32))
    nudge: np.ndarray = field(default_factory=lambda: np.zeros(2, np.float32))


class Sprites:
    """The sprites of one part: identities are split by the number of their file, 0 → acceptance, 1 → validation."""

    def __init__(self, folder: str, part: str):
        wanted = {"acceptance": (0,), "validation": (1,), "train": tuple(range(2, 10))}[part]
        self.paths = [p for p in sorted(glob.glob(os.path.join(folder, "*.npz"))) if p[-5:-4].isdigit() and int(p[-5:-4]) in wanted]
        if not self.paths:
            raise ValueError(f"Expected rendered heads of part {part} in {folder} but received none; run training.heads_sprites first")
        held = [dict(np.load(p)) for p in self.paths]
        self.image = np.concatenate([h["im"] for h in held])
        self.five, self.box, self.kind = (np.concatenate([h[k] for h in held]) for k in ("five", "box", "kind"))
        self.turn = np.abs(np.concatenate([h["pose"] for h in held])[:, 0])
        side = self.image.shape[1]
        inside = (self.box[:, 0] > -6) & (self.box[:, 1] > -6) & (self.box[:, 2] < side + 6) & (self.box[:, 3] < side + 6)
        self.faces = np.nonzero(inside & (self.turn < BACK))[0]
        self.backs = np.nonzero(inside & (self.turn >= BACK))[0]


def halftone(rng, grey: np.ndarray, period: float | None = None) -> np.ndarray:
    """A printer's screen as scanners see it: dots of a turned grid, `period` px apart, then the softness of ink and lens."""
    h, w = grey.shape
    period, turn = period or rng.uniform(1.8, 4.5), rng.uniform(0, np.pi / 2)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    u, v = (xx * np.cos(turn) + yy * np.sin(turn)) / period, (yy * np.cos(turn) - xx * np.sin(turn)) / period
    lines = 0.0 if rng.random() < 0.3 else 1.0  # a screen of lines, or of dots
    screen = 0.5 + (0.5 - 0.25 * lines) * np.cos(2 * np.pi * u) + 0.25 * lines * np.cos(2 * np.pi * v)
    dots = 255.0 / (1 + np.exp(-np.clip((grey / 255.0 - screen) * rng.uniform(4, 14), -30, 30)))
    mixed = grey + (dots - grey) * rng.uniform(0.3, 1.0)
    return cv2.GaussianBlur(mixed, (0, 0), rng.uniform(0.45, 0.35 + 0.28 * period)).astype(np.float32)


def printed(rng, grey: np.ndarray) -> np.ndarray:
    """A page of a book, scanned finer than it is kept: a screen of dots or lines at the scan's size, then made smaller, which leaves dots, waves or
    only softness."""
    h, w = grey.shape
    finer = float(rng.uniform(1.0, 2.4))
    page = cv2.resize(np.clip(grey, 0, 255).astype(np.float32), (round(w * finer), round(h * finer)), interpolation=cv2.INTER_LINEAR)
    page = halftone(rng, page, rng.uniform(2.0, 6.0))
    return cv2.resize(page, (w, h), interpolation=int(rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC], p=[0.5, 0.3, 0.2])))


def face_recipe(rng) -> Recipe:
    """How old pictures of people look: fading, softness, grain, marks, JPEG, all at once."""
    fields: dict = dict(tone=str(rng.choice(["grey", "sepia"])))
    if rng.random() < 0.6:
        fields["fade"] = float(rng.uniform(0, 0.9))
    if rng.random() < 0.25:
        fields["vignette"] = float(rng.uniform(-0.2, 0.6))
    if rng.random() < 0.6:
        fields["blur"] = float(rng.uniform(0.3, 1.6))
    if rng.random() < 0.6:
        fields.update(grain=float(min(24.0, 1 + rng.exponential(7))), grain_size=float(rng.uniform(0.4, 1.3)))
    elif rng.random() < 0.5:
        fields["noise"] = float(rng.exponential(7))
    if rng.random() < 0.3:
        fields.update(scratches=int(rng.integers(0, 4)), dust=int(rng.integers(0, 25)), cracks=int(rng.random() < 0.15), stains=int(rng.random() < 0.2), size=float(rng.uniform(0.7, 1.6)))
    if rng.random() < 0.3:
        fields["resample"] = float(rng.uniform(0.5, 0.95))
    return Recipe(**fields)


def aged(rng, grey: np.ndarray, mild: float = 0.0, book: float = 0.0) -> np.ndarray:
    """Ages a grey scene; one in eight stays as it is, a share `mild` is only a little soft, grainy and compressed, and a share `book`
    is printed first. Returns uint8 values as float32, as a file would hold them."""
    if book and rng.random() < book:
        grey = printed(rng, grey)
    if mild and rng.random() < mild:
        soft = cv2.GaussianBlur(np.clip(grey, 0, 255).astype(np.float32), (0, 0), rng.uniform(0.2, 0.6)) + rng.normal(size=grey.shape) * rng.uniform(0, 5)
        picture = np.repeat((np.clip(soft, 0, 255) / 255.0)[..., None], 3, 2).astype(np.float32)
        return np.round(np.clip(jpeg(picture, int(rng.integers(70, 96)), rng) @ LUMA, 0, 1) * 255)
    if rng.random() < 0.125:
        return np.round(np.clip(grey, 0, 255))
    out = np.clip(grey, 0, 255).astype(np.float32)
    if rng.random() < 0.22:
        out = halftone(rng, out)
    picture = np.repeat((out / 255.0)[..., None], 3, 2).astype(np.float32)
    picture = age(picture, int(rng.integers(1 << 31)), face_recipe(rng)).aged
    if rng.random() < 0.5:
        picture = jpeg(picture, int(rng.integers(25, 93)), rng)
    return np.round(np.clip(picture @ LUMA, 0, 1) * 255)


class Composer:
    """Makes scenes of `size` px, faces up to `largest` px wide, from sprites and backgrounds; a share `mild` is aged little, a share `book` printed.
    `mined` holds crops in which a net saw faces that are none."""

    def __init__(self, sprites: Sprites, data: str | None, part: str, seed: int, size: int = 192, largest: float = LARGEST, mild: float = 0.0, book: float = 0.0):
        self.sprites, self.size, self.largest, self.mild, self.book = sprites, size, largest, mild, book
        rng = np.random.default_rng(seed)
        self.photographs = []
        for path in photograph_paths(data, part, ("photographs",)) if data else []:
            image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
            self.photographs.append(cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA))
        self.leaves = [(dead_leaves(rng, 320, 320) @ LUMA * 255).astype(np.uint8) for _ in range(60 if part == "train" else 12)]
        self.mined: list[np.ndarray] = []

    def background(self, rng) -> np.ndarray:
        s, kind = self.size, rng.random()
        if kind < 0.72:
            pool = self.leaves if kind < 0.10 or not self.photographs else self.photographs
            image = pool[int(rng.integers(len(pool)))]
            take = int(np.exp(rng.uniform(np.log(90), np.log(min(image.shape) - 1))))
            y, x = int(rng.integers(image.shape[0] - take)), int(rng.integers(image.shape[1] - take))
            grey = cv2.resize(image[y:y + take, x:x + take], (s, s), interpolation=cv2.INTER_AREA if take > s else cv2.INTER_LINEAR).astype(np.float32)
            if rng.random() < 0.5:
                grey = grey[:, ::-1].copy()
            if rng.random() < 0.3:
                grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(1, 6))
        else:
            grey = rng.uniform(20, 230) + rng.uniform(0, 40) * uneven(rng, s, s, int(rng.integers(2, 7))) + rng.uniform(0, 12) * uneven(rng, s, s, 30)
        if rng.random() < 0.15:  # dusk, fog, a wall: what little there is, local normalisation blows up
            grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.5, 4))
            grey = rng.uniform(15, 235) + (grey - grey.mean()) * rng.uniform(0.03, 0.3)
        if rng.random() < 0.12:
            grey = lookalikes(rng, np.repeat(np.clip(grey / 255, 0, 1)[..., None], 3, 2).astype(np.float32)) @ LUMA * 255
        return grey.astype(np.float32)

    def _places(self, rng) -> list[tuple[float, float, float]]:
        """Middles and widths of heads: alone, scattered, or in the rows of a group."""
        s, kind = self.size, rng.random()
        if kind < 0.14:
            return []
        if kind < 0.36:
            return [(rng.uniform(0.1, 0.9) * s, rng.uniform(0.1, 0.75) * s, float(np.exp(rng.uniform(np.log(14), np.log(self.largest)))))]
        base = float(np.exp(rng.uniform(np.log(SMALLEST), np.log(0.6 * self.largest))))
        if kind < 0.66:
            count = int(rng.integers(2, 7))
            return [(rng.uniform(0, s), rng.uniform(0.1, 0.9) * s, base * float(np.exp(rng.normal(0, 0.35)))) for _ in range(count)]
        gap, lines = base * rng.uniform(1.5, 2.6), []
        for row in range(int(rng.integers(1, 4))):
            y = s * rng.uniform(0.12, 0.35) + row * base * rng.uniform(1.7, 2.6)
            x = rng.uniform(-0.5, 0.5) * gap
            while x < s:
                lines.append((x + rng.normal(0, 0.12 * gap), y + rng.normal(0, 0.18 * base), base * float(np.exp(rng.normal(0, 0.1)))))
                x += gap
        return lines[:36]

    def paste(self, rng, grey: np.ndarray, faces: list[Face], index: int, cx: float, cy: float, width: float, role: str) -> np.ndarray:
        """Lays one sprite over the scene. `role`: head, torso (no head), hat (no face), blank (a face without features)."""
        s, sprites = self.size, self.sprites
        box, five, sprite = sprites.box[index].copy(), sprites.five[index].copy(), sprites.image[index]
        side = sprite.shape[1]
        sprite = cv2.copyMakeBorder(sprite, 0, int(rng.integers(*BODY)) if rng.random() < 0.85 else 1, 0, 0, cv2.BORDER_REPLICATE)
        if role == "torso":
            sprite[:max(0, int(box[3] + rng.uniform(0.0, 0.12) * (box[3] - box[1]))), :, 1] = 0
        elif role == "hat":
            sprite[int(box[1] + rng.uniform(0.0, 0.25) * (box[3] - box[1])):, :, 1] = 0
        elif role == "blank":
            x0, y0, x1, y1 = (int(v) for v in np.clip(box, 0, side))
            if x1 - x0 > 4 and y1 - y0 > 4:
                cover = np.zeros(sprite.shape[:2], np.float32)
                cv2.ellipse(cover, ((x0 + x1) // 2, (y0 + y1) // 2 + 3), ((x1 - x0) // 2 - 2, (y1 - y0) // 2 - 2), 0, 0, 360, 1.0, -1)
                cover = cv2.GaussianBlur(cover, (0, 0), 3)
                sprite[..., 0] = sprite[..., 0] * (1 - cover) + cover * cv2.GaussianBlur(sprite[..., 0], (0, 0), rng.uniform(14, 30))
        if rng.random() < 0.5:
            sprite, five = sprite[:, ::-1], five.copy()
            five[:, 0] = side - five[:, 0]
            five, box = five[MIRRORED], np.array([side - box[2], box[1], side - box[0], box[3]])
        scale = width / max(20.0, (box[2] - box[0]) if sprites.turn[index] < 1.0 else 0.85 * (box[3] - box[1]))
        turn, aspect = rng.normal(0, 0.1), np.exp(rng.normal(0, 0.05))
        if scale < 0.6:
            sprite = cv2.blur(np.ascontiguousarray(sprite), (int(0.5 / scale) + 1,) * 2)
        matrix = np.array([[np.cos(turn) * scale * aspect, -np.sin(turn) * scale], [np.sin(turn) * scale * aspect, np.cos(turn) * scale]])
        middle = (box[:2] + box[2:]) / 2
        shift = np.array([cx, cy]) - matrix @ middle
        laid = cv2.warpAffine(np.ascontiguousarray(sprite), np.concatenate([matrix, shift[:, None]], 1), (s, s), flags=cv2.INTER_LINEAR).astype(np.float32)
        alpha, tone = laid[..., 1] / 255.0, laid[..., 0]
        tone = (tone - 128) * rng.uniform(0.6, 1.2) + 128 + rng.normal(0, 16)
        if rng.random() < 0.5:
            tone = tone * (1 + 0.12 * uneven(rng, s, s, 3))
        if rng.random() < 0.5:
            below = np.clip((np.arange(s, dtype=np.float32)[:, None] - (cy + 0.8 * width)) / max(8.0, width), 0, 1)
            tone = tone * (1 + below * rng.uniform(0.05, 0.3) * uneven(rng, s, s, int(rng.integers(6, 24))))
        if width > 7 and rng.random() < 0.7:
            tone = worn(rng, tone, cx, cy + 0.5 * (box[3] - box[1]) * scale, width)
        for face in faces:
            x0, y0, x1, y1 = (int(v) for v in np.clip(face.box, 0, s - 1))
            if x1 > x0 and y1 > y0:
                face.hidden = max(face.hidden, float(alpha[y0:y1, x0:x1].mean()))
        grey = grey * (1 - alpha) + tone * alpha
        if role == "head" and sprites.turn[index] < BACK:
            corners = box[[0, 1, 2, 1, 0, 3, 2, 3]].reshape(4, 2) @ matrix.T + shift
            at, half = (corners.min(0) + corners.max(0)) / 2, (box[2:] - box[:2]) * scale / 2
            faces.append(Face(np.array([*(at - half), *(at + half)], np.float32), (five @ matrix.T + shift).astype(np.float32), float(sprites.turn[index]),
                              kind=sprites.kind[index], nudge=(0.5 - 0.5 * matrix.sum(1)).astype(np.float32)))
        return grey

    @staticmethod
    def _shows(grey: np.ndarray, box: np.ndarray) -> bool:
        """False for a face burnt out or sunk in black, where nobody could point at an eye."""
        x0, y0, x1, y1 = (int(v) for v in np.round(box))
        return x1 > x0 and y1 > y0 and float(np.clip(grey[y0:y1, x0:x1], 0, 255).std()) >= LEAST_CONTRAST

    def scene(self, rng) -> tuple[np.ndarray, list[Face]]:
        """One aged scene and its faces."""
        if self.mined and rng.random() < 0.16:
            grey = self.mined[int(rng.integers(len(self.mined)))].astype(np.float32)
            if rng.random() < 0.5:
                grey = grey[:, ::-1]
            return aged(rng, np.ascontiguousarray(grey), self.mild, self.book), []
        grey, faces = self.unaged(rng)
        return aged(rng, grey, self.mild, self.book), faces

    def unaged(self, rng) -> tuple[np.ndarray, list[Face]]:
        """One scene as it stood before the camera, and its faces."""
        s, sprites = self.size, self.sprites
        grey, faces = self.background(rng), []
        if rng.random() < 0.08:  # parts of a face seen too near: this level must stay silent
            index = int(rng.choice(sprites.faces))
            grey = self.paste(rng, grey, [], index, rng.uniform(-0.2, 1.2) * s, rng.uniform(-0.2, 1.2) * s, float(np.exp(rng.uniform(np.log(130), np.log(330)))), "hidden")
        else:
            places = [(*p, "head") for p in self._places(rng)]
            base = places[0][2] if places else float(np.exp(rng.uniform(np.log(10), np.log(60))))
            for _ in range(rng.poisson(0.8)):
                places.append((rng.uniform(0, s), rng.uniform(0, s), base * rng.uniform(0.6, 1.6), str(rng.choice(["torso", "hat", "blank"], p=[0.55, 0.2, 0.25]))))
            for cx, cy, width, role in sorted(places, key=lambda p: p[1]):
                back = role == "head" and len(sprites.backs) and rng.random() < 0.06
                grey = self.paste(rng, grey, faces, int(rng.choice(sprites.backs if back else sprites.faces)), cx, cy, width, role)
        taken = lambda at, r: any((f.box[0] - r < at[0] < f.box[2] + r) and (f.box[1] - r < at[1] < f.box[3] + r) for f in faces)  # noqa: E731
        for _ in range(int(rng.integers(1, 7)) if rng.random() < 0.55 else 0):
            at, size = rng.uniform(0, s, 2), float(np.exp(rng.uniform(np.log(8), np.log(60))))
            if taken(at, size):
                continue
            kind = rng.random()
            if kind < 0.25:
                grey = hand(rng, grey, at, size)
            elif kind < 0.5:
                grey = drapery(rng, grey, at, size)
            elif kind < 0.65:
                grey = front(rng, grey, at, max(14.0, size))
            elif kind < 0.75:
                grey = shoes(rng, grey, at, size)
            else:
                fill = self.background(rng)
                grey = oval(rng, grey, at, size, (fill - fill.mean()) * rng.uniform(0, 1))
        if rng.random() < 0.35:
            grey = grey * (1 + 0.2 * smooth_noise(rng, s, s, s / 2.5))
        for face in faces:
            width = face.box[2] - face.box[0]
            inside = np.clip(face.box, 0, s)
            seen = (inside[2] - inside[0]) * (inside[3] - inside[1]) / ((face.box[2] - face.box[0]) * (face.box[3] - face.box[1]))
            face.judged = bool(SMALLEST <= width <= self.largest * 1.2 and face.turn <= PROFILE and face.hidden <= 0.35 and seen > 0.6 and self._shows(grey, inside))
        faces = [f for f in faces if f.hidden < 0.8 and (f.box[2:] > 0).all() and (f.box[:2] < s).all()]
        for face in faces:
            face.box, face.five = face.box + np.tile(face.nudge, 2), face.five + face.nudge
        return grey, faces
