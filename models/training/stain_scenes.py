"""Pictures for the stain net: aged scenes with stains and with what resembles them, and what is where.

Marks: 0 nothing, 1 a stain that stands out, 2 undecided (a stain too faint or too thin there): there the loss does not look.
"""

from __future__ import annotations

import os
from dataclasses import replace

import cv2
import numpy as np

from .cell_training import UNDECIDED
from .dead_leaves import dead_leaves, soft_scene
from .degrade import LUMA, age, jpeg
from .face_scenes import Composer, Sprites
from .marks import MaskSet, smooth_noise
from .sampling import damage_recipe, photograph_paths
from .stain_drawing import laid, shape
from .stain_net import STRIDE

# Folder → share of the scenes, longest side in memory. `colour-small`: 1,615 Kodachromes of 150 px, which show what people, rooms,
# fields and skies of that time look like to a net that sees no detail.
FOLDERS = {"photographs": (0.28, 720), "colour": (0.26, 450), "colour-small": (0.34, 150)}
LEAVES, HEADS = 0.12, 0.16
COVERED, TOUCHED = 0.3, 0.03  # cover from which a pixel counts as stained, and from which it does no longer count as bare
SIZES = (0.2, 0.65)            # scale of stains: 0.43 is that of a picture FULL px long
DEEP = 22                     # px from the edge of a stain: the middle of a very large one is undecided
VISIBLE = 0.03                # change (0..1, largest of the channels) below which a covered pixel is undecided
SEEN = dict(luma=0.06, hue=0.045, spread=0.9)  # change of lightness, of red against blue, and in deviations of the ground, from which a stain stands out


def stands_out(before: np.ndarray, after: np.ndarray, cover: np.ndarray) -> bool:
    """Whether a stain differs enough from the ground it lies on, in lightness or in hue; the ground's own slow changes do not count."""
    inside = cover >= COVERED
    if inside.sum() < 6:
        return False
    near = cv2.dilate(inside.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    for least, plane in ((SEEN["luma"], lambda x: x @ LUMA), (SEEN["hue"], lambda x: x[..., 0] - x[..., 2])):
        ground = np.ascontiguousarray(plane(before))
        apart = float(np.sqrt(np.mean((plane(after) - ground)[inside] ** 2)))
        spread = float((ground - cv2.GaussianBlur(ground, (0, 0), 6))[near].std())
        if apart >= least and apart >= SEEN["spread"] * spread:
            return True
    return False


def stain(rng, image: np.ndarray, masks: MaskSet | None, size: float, marks: np.ndarray) -> np.ndarray:
    """The picture with one more stain; `marks` uint8 [h, w] learns of it."""
    cover, rim = shape(rng, *image.shape[:2], size, masks)
    after, cover = laid(rng, image, cover, rim), np.maximum(cover, rim)
    changed = np.abs(after - image).max(2)
    seen = (cover >= COVERED) & (changed >= VISIBLE) & (cv2.distanceTransform((cover >= TOUCHED).astype(np.uint8), cv2.DIST_L2, 3) <= DEEP)
    if seen.any() and stands_out(image, after, cover):
        marks[seen] = 1
    marks[(cover >= TOUCHED) & (changed >= 0.25 * VISIBLE) & (marks == 0)] = UNDECIDED
    return after


def resembling(rng, image: np.ndarray) -> np.ndarray:
    """The scene with what resembles stains: shadows, clouds, lamps and windows, patches of leaves and of earth, spots of a pattern, an
    uneven backdrop, light that fell in at an edge."""
    h, w = image.shape[:2]
    out = image
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    for _ in range(int(rng.integers(1, 4))):
        kind = rng.random()
        (cx, cy), radius = rng.uniform([0, 0], [w, h]), float(np.exp(rng.uniform(np.log(4), np.log(80))))
        away = np.hypot(xx - cx, (yy - cy) * rng.uniform(0.5, 2.0)) / radius
        if kind < 0.35:  # shadows: they take the colour of the sky, and their edges are sharp, or soft on one side
            turn = rng.uniform(0, 2 * np.pi, 2)
            corners = np.stack([np.cos(np.sort(rng.uniform(0, 2 * np.pi, 6))), np.sin(np.sort(rng.uniform(0, 2 * np.pi, 6)))], 1) * radius * rng.uniform(0.4, 1.4, (6, 1)) + [cx, cy]
            cover = np.zeros((h, w), np.uint8)
            cv2.fillPoly(cover, [corners.astype(np.int32)], 255, cv2.LINE_AA)
            sharp = cover.astype(np.float32) / 255
            mixed = np.clip(0.5 + ((xx - cx) * np.cos(turn[0]) + (yy - cy) * np.sin(turn[0])) / (2 * radius), 0, 1)
            cover = sharp * mixed + cv2.GaussianBlur(sharp, (0, 0), float(rng.uniform(0.6, 7))) * (1 - mixed)
            dark = rng.uniform(0.3, 0.85)
            out = out * np.power(dark * np.array([rng.uniform(0.9, 1.0), 1.0, rng.uniform(1.0, 1.12)], np.float32), cover[..., None])
        elif kind < 0.57:  # lamps, windows, glare
            light = np.exp(-away ** rng.choice([1.0, 2.0, 4.0]))[..., None] * rng.uniform(0.15, 0.9)
            out = out * (1 - light) + light * np.array([1, rng.uniform(0.85, 1), rng.uniform(0.65, 1)], np.float32)
        elif kind < 0.67:  # clouds, bushes, patches of earth: textured all through
            field = smooth_noise(rng, h, w, rng.uniform(6, 65), 4)
            cover = np.clip((field - rng.uniform(0.2, 1.2)) / rng.uniform(0.1, 0.8), 0, 1) * (yy / h > rng.uniform(-0.5, 0.7) if rng.random() < 0.5 else 1)
            texture = 1 + smooth_noise(rng, h, w, rng.uniform(1.5, 4), 2)[..., None] * rng.uniform(0.03, 0.2)
            out = out * (1 - cover[..., None]) + cover[..., None] * np.clip(rng.uniform(0.1, 0.9, 3).astype(np.float32).mean() * rng.uniform(0.8, 1.2, 3) * texture, 0, 1)
        elif kind < 0.8:  # buttons, stones, fruit, windows of a façade: regular spots of one size with shading
            spot, count = float(rng.uniform(1.2, 5)), int(rng.integers(4, 50))
            step = np.array([rng.uniform(2.5, 7) * spot, rng.uniform(2.5, 7) * spot])
            colour = rng.uniform(0, 0.8, 3).astype(np.float32)
            for number in range(count):
                at = np.array([cx, cy]) + np.array([number % 7, number // 7]) * step + rng.normal(0, rng.choice([0.02, 0.5]), 2) * spot
                x0, y0, reach = int(at[0]), int(at[1]), int(spot) + 2
                piece = out[max(0, y0 - reach):y0 + reach, max(0, x0 - reach):x0 + reach]
                if piece.size:
                    py, px = np.mgrid[max(0, y0 - reach):max(0, y0 - reach) + piece.shape[0], max(0, x0 - reach):max(0, x0 - reach) + piece.shape[1]]
                    inside = np.clip(spot - np.hypot(px - at[0], py - at[1]) + 0.5, 0, 1)[..., None].astype(np.float32)
                    lit = np.clip(colour * (1.1 - 0.5 * ((px - at[0]) + (py - at[1])) / (2 * spot))[..., None], 0, 1)
                    piece[:] = piece * (1 - inside) + inside * lit
        else:  # an uneven backdrop, light at an edge
            edge = np.minimum(np.minimum(xx, w - xx) / w, np.minimum(yy, h - yy) / h) if rng.random() < 0.5 else xx / w
            amount = np.exp(-edge / rng.uniform(0.02, 0.3))[..., None] * rng.uniform(-0.4, 0.4)
            out = out * (1 + amount * np.array([1, rng.uniform(0.7, 1.2), rng.uniform(0.5, 1.3)], np.float32))
    return np.clip(out, 0, 1).astype(np.float32)


def mounted(rng, image: np.ndarray) -> np.ndarray:
    """The picture on its mount, on the bed of a scanner, or with a white or faded border of its own."""
    h, w = image.shape[:2]
    top, bottom, left, right = (rng.uniform(0.02, 0.16, 4) * [h, h, w, w]).astype(int)
    paper = np.array([1, rng.uniform(0.9, 1), rng.uniform(0.72, 1)]) * (rng.uniform(0.6, 1.0) if rng.random() < 0.8 else rng.uniform(0, 0.2))
    out = np.ones_like(image) * paper.astype(np.float32) * (1 + 0.02 * smooth_noise(rng, h, w, 0.4 * max(h, w))[..., None])
    out[top:h - bottom, left:w - right] = cv2.resize(image, (w - right - left, h - bottom - top), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.4:  # a line around it
        cv2.rectangle(out, (left - 4, top - 4), (w - right + 3, h - bottom + 3), tuple(float(v) for v in paper * rng.uniform(0.4, 0.95)), int(rng.integers(1, 3)))
    return np.clip(out, 0, 1).astype(np.float32)


def sitters(rng, heads: str, data: str | None, part: str, count: int = 500) -> list[np.ndarray]:
    """Scenes with rendered heads, near and far, uint8 [s, s, 3], grey or toned: dark skin, hair and cloth are no blotches."""
    out = []
    for size, largest, share in ((224, 120.0, 0.5), (224, 60.0, 0.5)):
        composer = Composer(Sprites(heads, part), data, part, int(rng.integers(1 << 31)), size=size, largest=largest)
        for _ in range(int(count * share)):
            grey = composer.unaged(rng)[0] / 255
            tint = np.array([1, 1, 1]) if rng.random() < 0.45 else np.array([1, rng.uniform(0.88, 1), rng.uniform(0.7, 0.95)])
            out.append((np.clip(grey[..., None] * tint, 0, 1) * 255 + 0.5).astype(np.uint8))
    return out


class Scenes:
    """Makes samples; `part` decides photographs and masks."""

    def __init__(self, data: str | None, part: str, seed: int, leaves: int = 60, heads: str | None = None):
        rng = np.random.default_rng(seed)
        self.banks: list[tuple[float, list[np.ndarray]]] = []
        if heads:
            self.banks.append((HEADS, sitters(rng, heads, data, part)))
        for folder, (share, longest) in FOLDERS.items() if data else ():
            bank = []
            for path in photograph_paths(data, part, (folder,)):
                image = cv2.imread(path, cv2.IMREAD_COLOR)[..., ::-1]
                factor = min(1.0, longest / max(image.shape[:2]))
                bank.append(np.ascontiguousarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)))
            if bank:
                self.banks.append((share, bank))
        drawn = [(dead_leaves(rng, 300, 300) * 255 + 0.5).astype(np.uint8) for _ in range(leaves)]
        self.banks.append((LEAVES, drawn))
        self.masks = MaskSet(os.path.join(data, "damage-masks"), part) if data else None
        self.mined: list[np.ndarray] = []  # uint8 [side, side, 3]: places of bare pictures in which the net saw stains

    def crop(self, rng, side: int) -> np.ndarray:
        """A piece of a picture whose long side would be 180 to 360 px, float32 [side, side, 3]."""
        shares = np.array([share for share, _ in self.banks])
        _, bank = self.banks[int(rng.choice(len(shares), p=shares / shares.sum()))]
        if bank is self.banks[-1][1] and rng.random() < 0.35:
            return soft_scene(rng, side, side)
        image = bank[int(rng.integers(len(bank)))]
        h, w = image.shape[:2]
        factor = max(side / min(h, w), float(np.exp(rng.uniform(np.log(180), np.log(360)))) / max(h, w))
        take = min(int(round(side / factor)), h, w)
        y, x = int(rng.integers(h - take + 1)), int(rng.integers(w - take + 1))
        crop = cv2.resize(image[y:y + take, x:x + take].astype(np.float32) / 255, (side, side), interpolation=cv2.INTER_AREA if take > side else cv2.INTER_CUBIC)
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        return np.ascontiguousarray(np.clip(crop, 0, 1), np.float32)

    def bare(self, rng, image: np.ndarray, clean: float = 0.5) -> np.ndarray:
        """The scene aged, with scratches and dust in a share `clean` of the cases not, and without stains."""
        recipe = replace(damage_recipe(rng, clean), stains=0, mask_stain=0, jpeg=None, folds=0)
        recipe = replace(recipe, grain=0.3 * recipe.grain, noise=0.3 * recipe.noise, blur=0.4 * recipe.blur, size=0.5 * (recipe.size or 1.0))
        return age(image, int(rng.integers(1 << 31)), recipe, self.masks).aged

    def finished(self, rng, image: np.ndarray) -> np.ndarray:
        """uint8, through JPEG in half the cases."""
        image = jpeg(image, int(rng.integers(45, 97)), rng) if rng.random() < 0.5 else image
        return np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)

    def sample(self, rng, side: int) -> tuple[np.ndarray, np.ndarray]:
        """(picture uint8 [side, side, 3], marks uint8 [side/4, side/4])."""
        cells = side // STRIDE
        if self.mined and rng.random() < 0.2:
            return self.mined[int(rng.integers(len(self.mined)))], np.zeros((cells, cells), np.uint8)
        image = self.crop(rng, side)
        if rng.random() < 0.45:
            image = resembling(rng, image)
        if rng.random() < 0.12:
            image = mounted(rng, image)
        image = self.bare(rng, image)
        marks = np.zeros((side, side), np.uint8)
        if rng.random() < 0.75:
            for _ in range(1 if rng.random() < 0.55 else int(rng.integers(2, 5))):
                image = stain(rng, image, self.masks, float(np.exp(rng.uniform(np.log(SIZES[0]), np.log(SIZES[1])))), marks)
        return self.finished(rng, image), cells_of(marks)


def cells_of(marks: np.ndarray) -> np.ndarray:
    """uint8 [h/4, w/4] from marks of pixels: stained from half a cell on, undecided from a tenth."""
    rows, columns = marks.shape[0] // STRIDE, marks.shape[1] // STRIDE
    share = lambda which: cv2.resize(which.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)  # noqa: E731
    wanted, some = share(marks == 1), share(marks > 0)
    out = np.zeros((rows, columns), np.uint8)
    out[some > 0.1] = UNDECIDED
    out[wanted >= 0.5] = 1
    return out


