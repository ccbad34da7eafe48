"""Pictures for the lettering net: aged scenes with lettering and with what resembles it, and what is where.

Marks: 0 nothing, 1 lettering of a size the level can read, 2 undecided (too small, too large, too faint, an edge): there the
loss does not look.
"""

from __future__ import annotations

import os
from dataclasses import replace

import cv2
import numpy as np

from .cell_training import UNDECIDED
from .dead_leaves import palette, thin_things
from .degrade import LUMA, age
from .face_scenes import Composer, Sprites
from .letter_drawing import piece, placed, written
from .letter_fonts import Face, faces
from .letter_net import STRIDE
from .marks import MaskSet, smooth_noise
from .sampling import Clean, damage_recipe, photograph_paths

# Photographs in which lettering can be read or guessed: no ground for saying that there is none.
WITH_LETTERING = ("motherboard-circuits", "taipei-city", "san-francisco-skyline", "tunnel-zion-park", "barn-grafitti", "noche-bogota", "singaporean-cityscape",
                  "547795", "550127", "550692", "551079", "552379", "553494", "553572", "554707", "556205", "556334", "pexels-soccer", "pexels-jockey")
FOLDERS = ("photographs", "colour")  # `colour`: people, crowds and towns, which a net that never saw them takes for lettering
READ = (7.0, 44.0)  # heights of capitals, px, that a level is asked to find; others are undecided there
DRAWN = (6.0, 60.0)
SITTERS = 0.12  # share of scenes with rendered heads
SEEN = (0.035, 0.45)  # contrast of the ink to its ground, 0..1, and in deviations of that ground, below which it is undecided


def sitters(rng, heads: str, data: str | None, part: str, count: int = 240, side: int = 320) -> list[np.ndarray]:
    """Scenes with rendered heads, uint8 [side, side]: eyes, brows and buttons are no lettering."""
    composer = Composer(Sprites(heads, part), data, part, int(rng.integers(1 << 31)), size=side, largest=140.0)
    return [np.clip(composer.unaged(rng)[0] + 0.5, 0, 255).astype(np.uint8) for _ in range(count)]


class Scenes:
    """Makes samples; `part` decides photographs, fonts and masks."""

    def __init__(self, data: str | None, part: str, seed: int, leaves: int = 60, heads: str | None = None):
        folders = FOLDERS if part == "train" else FOLDERS[:1]  # what is written in the others of `colour` is not marked
        self.clean = Clean(data, part, leaves=leaves, seed=seed, leaves_share=0.15 if part == "train" else 0.2, folders=folders)
        if data:
            free = [not any(name in path for name in WITH_LETTERING) for path in photograph_paths(data, part, folders)]
            self.clean.photographs = [one for one, keep in zip(self.clean.photographs, free) if keep]
            self.clean.weights = np.ones(len(self.clean.photographs))
        self.sitters = sitters(np.random.default_rng(seed + 1), heads, data, part) if heads else []
        self.masks = MaskSet(os.path.join(data, "damage-masks"), part) if data else None
        self.print, self.hand = faces(part, "print"), faces(part, "hand")
        self.mined: list[np.ndarray] = []  # uint8 [side, side]: places of photographs in which the net saw lettering

    def families(self, rng) -> list[list[Face]]:
        return self.hand if rng.random() < 0.35 else self.print

    def _sitters(self, rng, full: int) -> np.ndarray:
        """A piece of a scene with rendered heads, float32 [full, full, 3]."""
        image = self.sitters[int(rng.integers(len(self.sitters)))]
        take = int(image.shape[0] * rng.uniform(0.5, 1))
        y, x = rng.integers(image.shape[0] - take + 1, size=2)
        piece = cv2.resize(image[y:y + take, x:x + take], (full, full), interpolation=cv2.INTER_AREA if take > full else cv2.INTER_LINEAR)
        return np.repeat(piece[..., None].astype(np.float32) / 255, 3, 2)

    def sample(self, rng, side: int) -> tuple[np.ndarray, np.ndarray]:
        """(luma uint8 [side, side], marks uint8 [side/4, side/4])."""
        if self.mined and rng.random() < 0.2:
            return self.mined[int(rng.integers(len(self.mined)))], np.zeros((side // STRIDE,) * 2, np.uint8)
        half = rng.random() < 0.4  # seen at half size, as larger letters are
        full = 2 * side if half else side
        image = self._sitters(rng, full) if self.sitters and rng.random() < SITTERS else self.clean.crop(rng, full)
        if rng.random() < 0.6:
            image = resembling(rng, image)
        pieces = []
        if rng.random() < 0.62:
            for _ in range(1 if rng.random() < 0.6 else int(rng.integers(2, 5))):
                height = float(np.exp(rng.uniform(np.log(DRAWN[0]), np.log(DRAWN[1])))) * (2 if half else 1)
                ink, area, board = placed(rng, piece(rng, self.families(rng), height), full)
                if any((area * other[1]).max() > 0.3 for other in pieces):
                    continue
                image = written(rng, image, ink, area, board)
                pieces.append((ink, area, height))
        recipe = damage_recipe(rng, 0.35)
        if rng.random() < 0.3:
            recipe = replace(recipe, blur=0.0, noise=0.0, grain=min(recipe.grain, 4.0))
        aged, _, _ = age(image, int(rng.integers(1 << 31)), recipe, self.masks)
        luma = aged @ LUMA
        marks = marks_of(luma, [(ink, area, h / (2 if half else 1)) for ink, area, h in pieces], side)
        if half:
            luma = cv2.resize(luma, (side, side), interpolation=cv2.INTER_AREA)
        return np.round(luma * 255).astype(np.uint8), marks


def marks_of(luma: np.ndarray, pieces: list[tuple[np.ndarray, np.ndarray, float]], side: int) -> np.ndarray:
    """uint8 [side/4, side/4] from pieces of (ink, area, height at this level); a cell counts from half of it inside."""
    cells = side // STRIDE
    marks = np.zeros((cells, cells), np.uint8)
    for ink, area, height in pieces:
        share = cv2.resize(area, (cells, cells), interpolation=cv2.INTER_AREA)
        stroke, ground = ink > 0.6, (area > 0.5) & (ink < 0.1)
        if stroke.sum() < 4 or ground.sum() < 4:
            seen = False
        else:
            apart, spread = abs(float(luma[stroke].mean() - luma[ground].mean())), float(luma[ground].std())
            seen = apart >= SEEN[0] and apart >= SEEN[1] * spread
        read = seen and READ[0] <= height <= READ[1]
        inside = share >= 0.5
        marks[(share > 0.08) & ~inside & (marks == 0)] = UNDECIDED
        marks[inside] = 1 if read else UNDECIDED
    return marks


def resembling(rng, image: np.ndarray) -> np.ndarray:
    """The scene with what resembles lettering: wires, twigs, railings, bricks, rows of windows, fences, cloth, beads, tiles, wheels."""
    h, w = image.shape[:2]
    out = image
    for _ in range(int(rng.integers(1, 4))):
        kind = rng.random()
        cover = thin_things(rng, h, w) if kind < 0.37 else _rows(rng, h, w) if kind < 0.8 else wheels(rng, h, w)
        if rng.random() < 0.4:
            cover = cv2.GaussianBlur(cover, (0, 0), float(rng.uniform(0.4, 1.4)))
        if rng.random() < 0.5:  # not over the whole picture
            cover = cover * (smooth_noise(rng, h, w, max(h, w) / 2.5) > rng.uniform(-0.6, 0.6))
        colour = palette(rng, 1)[0] if rng.random() < 0.5 else np.full(3, rng.choice([rng.uniform(0, 0.2), rng.uniform(0.75, 1.0)]), np.float32)
        a = (cover * np.float32(rng.uniform(0.35, 1.0)))[..., None]
        out = out * (1 - a) + a * colour
    return np.clip(out, 0, 1).astype(np.float32)


def wheels(rng, h: int, w: int) -> np.ndarray:
    """Cover of round things with spokes: wheels of carts and bicycles, fans, gears, seen from the front or at a slant."""
    sheet = np.zeros((h, w), np.uint8)
    radius = float(np.exp(rng.uniform(np.log(8), np.log(0.45 * min(h, w)))))
    spokes, thick = int(rng.integers(4, 30)), max(1, int(radius * rng.uniform(0.01, 0.09)))
    slant, tilt, hub = rng.uniform(0.35, 1.0), rng.uniform(0, np.pi), radius * rng.uniform(0.05, 0.3)
    first = rng.uniform([0, 0], [w, h])
    for number in range(int(rng.integers(1, 4))):  # a bicycle, a cart or a train has several in a row
        middle = first + number * radius * rng.uniform(1.9, 3.0) * np.array([np.cos(tilt), np.sin(tilt)]) * (1 if tilt < 1.5 else 0.3)
        turned = lambda angle, r: middle + r * np.array([np.cos(tilt) * np.cos(angle) - slant * np.sin(tilt) * np.sin(angle), np.sin(tilt) * np.cos(angle) + slant * np.cos(tilt) * np.sin(angle)])  # noqa: B023,E731
        ring = lambda r, wide: cv2.polylines(sheet, [np.array([turned(a, r) for a in np.linspace(0, 2 * np.pi, 60)]).astype(np.int32)], True, 255, wide, cv2.LINE_AA)  # noqa: E731
        ring(radius, max(1, int(thick * rng.uniform(1, 2.5))))
        if rng.random() < 0.5:
            ring(hub, thick)
        begin = rng.uniform(0, np.pi)
        for spoke in range(spokes):
            angle = begin + 2 * np.pi * spoke / spokes
            cross = angle + (rng.choice([-1, 1]) * 0.5 if spokes > 16 else 0)  # thin ones cross each other
            a, b = turned(cross, hub if rng.random() < 0.9 else 0), turned(angle, radius)
            cv2.line(sheet, tuple(int(v) for v in a), tuple(int(v) for v in b), 255, max(1, thick // (2 if spokes > 16 else 1)), cv2.LINE_AA)
        if rng.random() < 0.3:  # cut off, as behind a body or in grass
            sheet[int(middle[1] + rng.uniform(-0.5, 0.9) * radius):, max(0, int(middle[0] - 1.2 * radius)):int(middle[0] + 1.2 * radius)] = 0
    return sheet.astype(np.float32) / 255


def _rows(rng, h: int, w: int) -> np.ndarray:
    """Cover of one shape repeated in rows, more or less regularly: windows, shutters, pickets, checks, beads, tiles, stones."""
    sheet = np.zeros((h, w), np.uint8)
    across, down = float(np.exp(rng.uniform(np.log(5), np.log(48)))), float(np.exp(rng.uniform(np.log(5), np.log(60))))
    fill_x, fill_y, wobble = rng.uniform(0.2, 0.85), rng.uniform(0.25, 0.95), rng.choice([0.0, 0.05, 0.2])
    kind = rng.choice(["window", "bead", "stone", "frame", "arch"])
    first_row, rows = int(rng.integers(0, max(1, int(h / down)))), (int(rng.integers(1, 4)) if rng.random() < 0.35 else 999)
    for row in range(int(h / down) + 2):
        if not first_row <= row < first_row + rows:
            continue
        for column in range(int(w / across) + 2):
            if wobble and rng.random() < 0.1:
                continue
            x, y = (column + rng.normal(0, wobble)) * across, (row + rng.normal(0, wobble)) * down
            bw, bh = across * fill_x * (1 + rng.normal(0, wobble)), down * fill_y * (1 + rng.normal(0, wobble))
            a, b = (int(x), int(y)), (int(x + max(1, bw)), int(y + max(1, bh)))
            if kind == "bead":
                cv2.ellipse(sheet, (int(x + bw / 2), int(y + bh / 2)), (max(1, int(bw / 2)), max(1, int(bh / 2))), 0, 0, 360, 255, -1, cv2.LINE_AA)
            elif kind == "stone":
                corners = np.array([[x, y], [x + bw, y], [x + bw, y + bh], [x, y + bh]]) + rng.normal(0, 0.12, (4, 2)) * [bw, bh]
                cv2.fillPoly(sheet, [corners.astype(np.int32)], 255, cv2.LINE_AA)
            else:
                cv2.rectangle(sheet, a, b, 255, -1 if kind != "frame" else max(1, int(0.1 * min(bw, bh))))
                if kind == "window" and bw > 9:
                    cv2.line(sheet, ((a[0] + b[0]) // 2, a[1]), ((a[0] + b[0]) // 2, b[1]), 90, 1)
                if kind == "arch":
                    cv2.ellipse(sheet, ((a[0] + b[0]) // 2, a[1]), (max(1, (b[0] - a[0]) // 2), max(1, int(0.3 * bh))), 0, 180, 360, 255, -1)
    cover = sheet.astype(np.float32) / 255.0
    if rng.random() < 0.6:
        turn = cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.normal(0, 8) if rng.random() < 0.7 else rng.uniform(-90, 90)), 1.3)
        turn[:, :2] += rng.normal(0, 0.08, (2, 2))
        cover = cv2.warpAffine(cover, turn, (w, h))
    return cover
