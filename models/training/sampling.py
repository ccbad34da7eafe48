"""Where training pictures come from and how they are aged: banks of clean pictures, and random recipes.

Photographs are split by the first byte of their sha256 modulo 10: 9 → acceptance (never seen while training or
choosing thresholds), 8 → validation, the rest → training.
"""

from __future__ import annotations

import glob
import hashlib
import os

import cv2
import numpy as np

from .dead_leaves import dead_leaves, soft_scene
from .degrade import Recipe

PHOTOGRAPH_FOLDERS = {"photographs": 1.0, "colour": 0.6}  # folder → largest scale: `colour` holds small grainy scans
SMALL_FOLDER, SMALL_EDGE = "colour-small", 7  # 1,615 scenes at 150 px, every pixel sharp; px of their mounts on each side
SHEET, SHEETS = 480, 240                      # side of a sheet of them, and how many are laid


def part_of(path: str) -> str:
    """'train', 'validation' or 'acceptance', from the file's digest."""
    with open(path, "rb") as file:
        return {9: "acceptance", 8: "validation"}.get(hashlib.sha256(file.read()).digest()[0] % 10, "train")


def photograph_paths(data: str, part: str, folders=tuple(PHOTOGRAPH_FOLDERS)) -> list[str]:
    """Sorted paths of one part."""
    found = sorted(p for f in folders for p in glob.glob(os.path.join(data, f, "*")) if p.lower().endswith((".jpg", ".jpeg", ".png")))
    return [p for p in found if part == "all" or part_of(p) == part]


def sheets(data: str, part: str, rng) -> list[np.ndarray]:
    """Small photographs of one part laid side by side in rows, uint8 [SHEET, SHEET, 3] each: a crop of them shows several scenes."""
    small = []
    for path in photograph_paths(data, part, (SMALL_FOLDER,)):
        image = cv2.imread(path, cv2.IMREAD_COLOR)[SMALL_EDGE:-SMALL_EDGE, SMALL_EDGE:-SMALL_EDGE, ::-1]
        small.append(np.rot90(image) if image.shape[0] > image.shape[1] else image)
    if not small:
        return []
    out = []
    for _ in range(SHEETS):
        sheet, y = np.zeros((SHEET, SHEET, 3), np.uint8), 0
        while y < SHEET:
            x, high = 0, SHEET
            while x < SHEET:
                image = small[int(rng.integers(len(small)))][:SHEET - y, :SHEET - x]
                sheet[y:y + image.shape[0], x:x + image.shape[1]] = image
                x, high = x + image.shape[1], min(high, image.shape[0])
            y += high
        out.append(sheet)
    return out


class Clean:
    """A bank of clean pictures: photographs of `data` (or none) and `leaves` dead-leaves pictures, uint8 in memory.

    `sharp`: small copies, in which every pixel is sharp, are as likely as large ones; else all scales are equally likely.
    `film`: how often a grainy scan is taken, where a photograph is taken once. `small`: share of the photographs that are small ones
    laid side by side (`sheets`), as they are or reduced a little.
    """

    def __init__(self, data: str | None, part: str, leaves: int, seed: int, leaves_share: float = 0.4, folders=tuple(PHOTOGRAPH_FOLDERS), sharp: bool = False, film: float = 0.25, small: float = 0.0):
        rng = np.random.default_rng(seed)
        self.sharp = sharp
        self.photographs = []
        for path in photograph_paths(data, part, folders) if data else []:
            image = cv2.imread(path, cv2.IMREAD_COLOR)[..., ::-1]
            most = PHOTOGRAPH_FOLDERS.get(os.path.basename(os.path.dirname(path)), 1.0)
            self.photographs.append((np.ascontiguousarray(image), most))
        self.weights = np.array([1.0 if most == 1.0 else film for _, most in self.photographs])
        self.leaves = [(dead_leaves(rng, 420, 420) * 255 + 0.5).astype(np.uint8) for _ in range(leaves)]
        self.leaves_share = leaves_share if self.photographs else 1.0
        self.sheets = sheets(data, part, rng) if data and small > 0 else []
        self.small = small if self.sheets else 0.0

    def crop(self, rng, size: int) -> np.ndarray:
        """One clean crop, float32 [size, size, 3], turned and mirrored at random, its exposure changed a little."""
        kind = rng.random()
        if kind < 0.08:
            crop = soft_scene(rng, size, size)
        else:
            if kind < self.leaves_share:
                image, most = self.leaves[int(rng.integers(len(self.leaves)))], 1.0
            elif self.small > 0 and rng.random() < self.small:  # no draw where there are none: seeds of before give the same pictures
                return self._varied(rng, self._of_sheet(rng, size))
            else:
                image, most = self.photographs[int(rng.choice(len(self.photographs), p=self.weights / self.weights.sum()))]
            h, w = image.shape[:2]
            least = max(size / min(h, w), 0.25 * most)
            share = float(np.exp(rng.uniform(np.log(0.25), 0.0))) if self.sharp else rng.uniform(0.25, 1.0)
            scale = max(share * most, least)
            take = min(int(round(size / scale)), h, w)
            y, x = int(rng.integers(h - take + 1)), int(rng.integers(w - take + 1))
            crop = image[y:y + take, x:x + take].astype(np.float32) / 255.0
            if take != size:
                crop = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA if take > size else cv2.INTER_CUBIC)
        return self._varied(rng, crop)

    def _of_sheet(self, rng, size: int) -> np.ndarray:
        sheet = self.sheets[int(rng.integers(len(self.sheets)))]
        take = min(SHEET, size if rng.random() < 0.6 else int(size / rng.uniform(0.6, 1.0)))
        y, x = (int(rng.integers(SHEET - take + 1)) for _ in range(2))
        crop = sheet[y:y + take, x:x + take].astype(np.float32) / 255.0
        return crop if take == size else cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)

    @staticmethod
    def _varied(rng, crop: np.ndarray) -> np.ndarray:
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        crop = np.rot90(crop, int(rng.integers(4)))
        if rng.random() < 0.3:
            crop = np.power(np.clip(crop, 0, 1), np.float32(np.exp(rng.normal(0, 0.25))))
        return np.ascontiguousarray(np.clip(crop, 0, 1), np.float32)


def _tone(rng, shares=(0.5, 0.3, 0.2)) -> dict:
    tone = str(rng.choice(["colour", "grey", "sepia"], p=shares))
    faded = rng.random() < 0.6
    return dict(
        tone=tone,
        fade=float(rng.uniform(0, 0.85)) if faded else 0.0,
        yellow=float(rng.uniform(0, 0.9)) if faded and tone != "grey" and rng.random() < 0.6 else 0.0,
        dye_shift=float(rng.uniform(0, 0.8)) if faded and tone == "colour" and rng.random() < 0.3 else 0.0,
        silver=float(rng.uniform(0, 0.8)) if rng.random() < 0.06 else 0.0,
        vignette=float(rng.uniform(-0.2, 0.6)) if rng.random() < 0.3 else 0.0,
    )


def white_noise_recipe(rng, clean: float = 0.14) -> Recipe:
    """What denoise-s meets: white noise alone, of strengths as in `restore_recipe`; three pictures in four are not faded, and a share `clean`
    is left as it is, or nearly: without these the net smoothed clean pictures."""
    fields = _tone(rng, (0.75, 0.15, 0.1))
    if rng.random() < 0.75:
        fields.update(fade=0.0, yellow=0.0, dye_shift=0.0)
    fields.update(noise=float(rng.uniform(4, 55) if rng.random() < 0.65 else min(55.0, 1 + rng.exponential(9))))
    if rng.random() < clean:
        fields["noise"] = float(rng.uniform(0, 1.5)) if rng.random() < 0.3 else 0.0
    fields["grey_noise"] = bool(rng.random() < (0.08 if fields["tone"] == "colour" else 0.5))
    return Recipe(**fields)


RESTORED = (0.18, 0.18, 0.18, 0.36, 0.04, 0.06)  # shares of `restore_recipe`: as it is, JPEG, grain, noise, both, blur and the rest


def restore_recipe(rng, shares: tuple[float, ...] = RESTORED) -> Recipe:
    """What restore-s meets: noise of many kinds and strengths, blur, JPEG; one picture in five is left as it is, where `shares` are not others.

    A third of all noise and half of all grain is light, as in archives; with all strengths equally likely the net took grass
    and cloth for grain. Noise that differs between channels and JPEG alone have shares of their own: among everything else
    they were too rare to be learnt (14,000 steps: no better than a bilateral filter at sigma 25). Fading makes texture as weak as noise, so half of all pictures are not faded at all;
    small marks are none of its task (it took bright specks of texture for dust).
    """
    fields = _tone(rng, (0.6, 0.25, 0.15))
    kind = rng.random()
    clean, blocks, grain, noise, both = np.cumsum(shares)[:5]
    if rng.random() < 0.5:
        fields.update(fade=0.0, yellow=0.0, dye_shift=0.0)
    if kind < clean:
        return Recipe(**fields)
    if kind < blocks:
        return Recipe(**fields, jpeg=int(rng.integers(15, 80)))
    if kind < grain:
        fields.update(grain=float(rng.uniform(3, 26) if rng.random() < 0.6 else min(26.0, 1 + rng.exponential(7))), grain_size=float(rng.uniform(0.4, 1.35)))
        fields["grey_noise"] = bool(rng.random() < (0.5 if fields["tone"] == "colour" else 0.8))
        if rng.random() < 0.4:
            return Recipe(**fields)
    elif kind < noise:
        fields.update(noise=float(rng.uniform(4, 55) if rng.random() < 0.65 else min(55.0, 1 + rng.exponential(9))))
        fields["grey_noise"] = bool(rng.random() < (0.15 if fields["tone"] == "colour" else 0.5))
        if rng.random() < 0.65:  # noise alone, as a sensor gives it
            return Recipe(**fields)
    elif kind < both:
        fields.update(noise=float(rng.uniform(1, 12)), grain=float(rng.uniform(3, 16)), grain_size=float(rng.uniform(0.5, 1.3)))
        fields["grey_noise"] = bool(fields["tone"] != "colour" or rng.random() < 0.5)
    elif rng.random() < 0.8:
        fields.update(noise=float(rng.uniform(0.5, 7)))
    if rng.random() < 0.4:
        fields["blur"] = float(rng.uniform(0.3, 1.4))
    if rng.random() < 0.12:
        fields["resample"] = float(rng.uniform(0.6, 1.0))
    if rng.random() < 0.45:
        fields["jpeg"] = int(rng.integers(25, 97))
    return Recipe(**fields)


def damage_recipe(rng, clean: float = 0.3) -> Recipe:
    """What damage-s meets, for crops of about 256 px; a share `clean` has noise, fading and JPEG but no damage."""
    fields = _tone(rng)
    if rng.random() < 0.7:
        fields.update(grain=float(rng.exponential(7)), grain_size=float(rng.uniform(0.5, 1.4)))
    elif rng.random() < 0.5:
        fields.update(noise=float(rng.exponential(8)))
    fields["grey_noise"] = bool(rng.random() < 0.8)
    if rng.random() < 0.5:
        fields["blur"] = float(rng.uniform(0.3, 1.6))
    if rng.random() < 0.2:
        fields["resample"] = float(rng.uniform(0.6, 1.0))
    if rng.random() < 0.4:
        fields["jpeg"] = int(rng.integers(35, 97))
    fields["size"] = float(np.exp(rng.uniform(np.log(0.7), np.log(2.4))))
    if rng.random() < clean:
        return Recipe(**fields)
    drawn = lambda p, low, high: int(rng.integers(low, high)) if rng.random() < p else 0  # noqa: E731
    fields.update(
        scratches=drawn(0.4, 1, 7), cracks=drawn(0.25, 1, 3), folds=drawn(0.15, 1, 2), hairs=drawn(0.25, 1, 5),
        dust=drawn(0.5, 2, 60), stains=drawn(0.3, 1, 4),
        mask_scratch=drawn(0.4, 1, 4), mask_dust=drawn(0.4, 1, 4), mask_stain=drawn(0.2, 1, 3),
    )
    return Recipe(**fields)
