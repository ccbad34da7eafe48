"""Ages a clean picture the way prints and negatives age, and returns what each stage was.

    from training.degrade import age, RECIPES      # with the folder `models` on the Python path
    aged, faded_truth, masks = age(image, seed=7, recipe="print-scratched")

Stages, in this order (old prints lose tone first, then collect noise and damage, then are copied and compressed):

1. tone: colour, grey or sepia; fading (lift, gain, gamma per channel), yellowing, silver mirroring, vignette
2. **`faded_truth` is the picture here**: tone is a separate, recorded step of a restoration, so the nets keep it
3. blur (Gaussian, 0–1.4 px), grain (filtered noise, weaker in black and white) or sensor noise
4. damage: scratches, cracks, folds, hair, lint, dust, spots, stains; `masks` tells where
5. resampling to a smaller size and back, JPEG

Pictures are float32 [h, w, 3], RGB, sRGB-encoded, 0..1. Nothing moves: all three results lie pixel on pixel.
Same image, seed, recipe and library versions give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np

from . import marks
from .marks import CLASSES, MaskSet, smooth_noise

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601, as JPEG uses it and as the damage net is fed


@dataclass(frozen=True)
class Recipe:
    """Amounts of every stage; 0 or None leaves a stage out. Lengths are pixels at a long side of 600 (see `size`)."""

    tone: str = "colour"            # colour | grey | sepia
    fade: float = 0.0               # 0..1: black lifted, white lowered, contrast lost
    yellow: float = 0.0             # 0..1: paper and binder gone yellow
    dye_shift: float = 0.0          # 0..1: one dye of a colour print faded more than the others
    silver: float = 0.0             # 0..1: bluish lift of the shadows from the edges inward
    vignette: float = 0.0           # 0..1: corners darker (or, negative, lighter)
    blur: float = 0.0               # standard deviation, px, not scaled by size
    grain: float = 0.0              # standard deviation, levels of 255, at mid grey
    grain_size: float = 0.8         # standard deviation of the filter, px, not scaled by size
    noise: float = 0.0              # standard deviation, levels of 255, unfiltered
    grey_noise: bool = True         # the same grain or noise in all channels
    scratches: int = 0
    cracks: int = 0
    folds: int = 0
    hairs: int = 0
    dust: int = 0
    stains: int = 0
    mask_scratch: int = 0           # files of the mask set, if one is given
    mask_dust: int = 0
    mask_stain: int = 0
    resample: float = 1.0           # factor, 0.5..1
    jpeg: int | None = None         # quality
    size: float | None = None       # scale of damage; None: long side / 600, at least 0.75


class Aged(NamedTuple):
    """`aged`, `faded_truth`: float32 [h, w, 3]. `masks`: float32 [h, w, 3] of 0 or 1, classes in the order of CLASSES."""

    aged: np.ndarray
    faded_truth: np.ndarray
    masks: np.ndarray


_print = Recipe(tone="sepia", fade=0.45, yellow=0.5, vignette=0.25, blur=0.6, grain=7, grain_size=0.9)
_plate = Recipe(tone="grey", fade=0.2, vignette=0.15, blur=0.5, grain=6, grain_size=0.7)

# Named recipes for sample pictures: one per kind of object an archive holds.
RECIPES: dict[str, Recipe] = {
    "clean": Recipe(),
    "faded": Recipe(tone="sepia", fade=0.7, yellow=0.7, vignette=0.3, blur=0.4, grain=4),
    "grain": Recipe(tone="grey", fade=0.15, grain=16, grain_size=0.9),
    "noise": Recipe(noise=20, grey_noise=False),
    "jpeg": Recipe(jpeg=32),
    "print": _print,
    "print-scratched": replace(_print, scratches=9, hairs=3, dust=60),
    "print-folded": replace(_print, folds=2, cracks=2, dust=40, scratches=3),
    "print-stained": replace(_print, stains=5, dust=50, fade=0.55),
    "plate": _plate,
    "plate-cracked": replace(_plate, cracks=4, dust=90, scratches=5),
    "plate-dusty": replace(_plate, dust=260, hairs=6),
    "colour-print": Recipe(fade=0.35, yellow=0.25, dye_shift=0.6, blur=0.5, grain=6, grey_noise=False, dust=30, scratches=3, jpeg=85),
    "worst": replace(_print, fade=0.65, grain=12, folds=2, cracks=3, scratches=10, hairs=4, dust=160, stains=5, jpeg=60),
}


def tone_class(image: np.ndarray, tone: str, rng) -> np.ndarray:
    """Colour unchanged, or grey, or grey under a brown toning whose strength varies."""
    if tone == "colour":
        return image
    grey = (image @ LUMA)[..., None]
    if tone == "grey":
        return np.repeat(grey, 3, 2)
    power = np.array([rng.uniform(0.72, 0.95), 1.0, rng.uniform(1.08, 1.45)], np.float32)
    return np.power(np.clip(grey, 0, 1), power)


def fade(image: np.ndarray, recipe: Recipe, rng) -> np.ndarray:
    """Per-channel gamma, lift and gain, yellowing, silver mirroring and vignette."""
    h, w = image.shape[:2]
    out = image.astype(np.float32)
    f = recipe.fade
    if f > 0:
        lift = f * rng.uniform(0.10, 0.32) + f * rng.uniform(-0.03, 0.03, 3)
        top = 1.0 - f * rng.uniform(0.02, 0.30) + f * rng.uniform(-0.03, 0.03, 3)
        gamma = np.exp(f * rng.uniform(-0.45, 0.30) + f * rng.uniform(-0.08, 0.08, 3))
        out = lift + (top - lift) * np.power(np.clip(out, 0, 1), gamma)
    if recipe.dye_shift > 0:
        weak = int(rng.integers(3))  # the fading dye lets its complement through: that channel gets lighter and flatter
        out = out.copy()
        out[..., weak] = out[..., weak] * (1 - 0.35 * recipe.dye_shift) + 0.32 * recipe.dye_shift
    if recipe.yellow > 0:
        y = recipe.yellow * (1.0 + 0.25 * smooth_noise(rng, h, w, max(h, w) / 3.0)[..., None])
        out = out * (1 - np.clip(y, 0, 1.2) * np.array([0.02, 0.08, rng.uniform(0.2, 0.38)], np.float32))
    if recipe.silver > 0 or recipe.vignette:
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        edge = np.minimum(np.minimum(xx, w - 1 - xx) / w, np.minimum(yy, h - 1 - yy) / h)
        if recipe.silver > 0:
            band = np.exp(-edge / rng.uniform(0.04, 0.15)) * np.clip(0.7 + 0.4 * smooth_noise(rng, h, w, max(h, w) / 6.0), 0, 1.3)
            shadow = 1.0 - np.clip(out @ LUMA, 0, 1)
            amount = (recipe.silver * 0.45 * band * shadow)[..., None]
            out = out * (1 - amount) + amount * np.array([0.60, 0.66, 0.74], np.float32)
        if recipe.vignette:
            r2 = ((xx / w - 0.5) ** 2 + (yy / h - 0.5) ** 2) * 2.0
            out = out * (1.0 - 0.6 * recipe.vignette * r2[..., None])
    return np.clip(out, 0, 1).astype(np.float32)


def add_grain(image: np.ndarray, sigma: float, filter_px: float, grey: bool, rng) -> np.ndarray:
    """Filtered normal noise of standard deviation `sigma` (levels of 255) at mid grey, down to a third in black and white."""
    h, w = image.shape[:2]
    field = rng.standard_normal((h, w, 1 if grey else 3), dtype=np.float32)
    if filter_px > 0.3:
        field = cv2.GaussianBlur(field, (0, 0), filter_px)
        field = field.reshape(h, w, -1)
        field /= max(1e-6, float(field.std()))
    luma = np.clip(image @ LUMA, 0, 1)[..., None]
    depends = 0.33 + 0.67 * np.sqrt(4 * luma * (1 - luma))
    return image + field * depends * (sigma / 255.0)


def add_noise(image: np.ndarray, sigma: float, grey: bool, rng) -> np.ndarray:
    """White normal noise of standard deviation `sigma` (levels of 255)."""
    h, w = image.shape[:2]
    return image + rng.standard_normal((h, w, 1 if grey else 3), dtype=np.float32) * (sigma / 255.0)


def jpeg(image: np.ndarray, quality: int, rng) -> np.ndarray:
    """JPEG and back; chroma at half size in two thirds of the cases."""
    bgr = np.round(np.clip(image[..., ::-1], 0, 1) * 255).astype(np.uint8)
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if rng.random() < 0.67 else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, int(quality), cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1].astype(np.float32) / 255.0


def _cover(image: np.ndarray, coverage: np.ndarray, rng, white: float = 0.75) -> np.ndarray:
    """Lays a mark over the picture: 75 % light, 25 % dark, opacity 0.35–1, in the tint of the picture's own paper."""
    opacity = rng.uniform(0.35, 1.0)
    paper = np.percentile(image.reshape(-1, 3)[::17], 97, axis=0).astype(np.float32)
    if rng.random() < white:
        colour = np.clip(0.5 * paper + 0.5 * rng.uniform(0.82, 1.0) + rng.normal(0, 0.015, 3), 0, 1)
    else:
        colour = np.clip(paper * rng.uniform(0.0, 0.3) + rng.normal(0, 0.015, 3), 0, 1)
    a = (coverage * opacity)[..., None]
    return (image * (1 - a) + a * colour).astype(np.float32)


def _stain(image: np.ndarray, coverage: np.ndarray, rim: np.ndarray, rng) -> np.ndarray:
    """A stain multiplies (brown or grey) in three cases of four, and bleaches in one; its rim is darker."""
    amount = rng.uniform(0.12, 0.5)
    if rng.random() < 0.75:
        red = rng.uniform(0.75, 1.0)
        green = red - rng.uniform(0.03, 0.2)
        tint = np.array([red, green, green - rng.uniform(0.05, 0.3)], np.float32)
        if np.abs(image[..., 0] - image[..., 2]).mean() < 0.004:
            tint[:] = tint.mean()
        out = image * (1 - coverage[..., None] * amount * 1.6 * (1 - tint * 0.75))
    else:
        out = image + coverage[..., None] * amount * 0.6 * (1 - image)
    return (out * (1 - 0.45 * amount * rim[..., None])).astype(np.float32)


def add_damage(image: np.ndarray, recipe: Recipe, rng, mask_set: MaskSet | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Returns the damaged picture and its masks [h, w, 3] of 0 or 1.

    A pixel is marked where coverage is at least 0.3 **and** the mark can be seen: a white scratch on a white sky, or a pale
    speck among grain or gravel, is no damage anybody could point at, and asking a net to find it teaches it to invent.
    Seen means changed by 0.025 and 0.8 noise deviations (scratch); 0.03, 1.2 noise deviations and 0.8 deviations of the
    15 px surroundings (dust); 0.02 and 0.3 noise deviations (stain).
    """
    noise = float(np.hypot(0.8 * recipe.grain, recipe.noise)) / 255.0
    grey = np.ascontiguousarray(image @ LUMA)
    around = np.sqrt(np.maximum(0, cv2.blur(grey * grey, (15, 15)) - cv2.blur(grey, (15, 15)) ** 2))
    visible = {"scratch": max(0.025, 0.8 * noise), "dust": np.maximum(max(0.03, 1.2 * noise), 0.8 * around), "stain": max(0.02, 0.3 * noise)}
    h, w = image.shape[:2]
    size = recipe.size if recipe.size is not None else max(0.75, max(h, w) / 600.0)
    masks = np.zeros((h, w, 3), np.float32)
    out = image

    def lay(name: str, coverage: np.ndarray, changed: np.ndarray) -> None:
        nonlocal out
        seen = np.abs(changed - out).max(2) >= visible[name]
        index = CLASSES.index(name)
        masks[..., index] = np.maximum(masks[..., index], ((coverage >= 0.3) & seen).astype(np.float32))
        out = changed

    def stain(cover: np.ndarray, rim: np.ndarray) -> None:
        lay("stain", np.maximum(cover, rim), _stain(out, cover, rim, rng))

    for _ in range(recipe.stains):
        stain(*marks.stains(rng, h, w, 1, size))
    if mask_set is not None:
        for _ in range(recipe.mask_stain):
            cover = cv2.GaussianBlur(mask_set.draw(rng, "stain", h, w, 1, size), (0, 0), 1.0)
            stain(cover, np.zeros_like(cover))
    for _ in range(recipe.folds):
        coverage, shade = marks.folds(rng, h, w, 1, size)
        out = np.clip(out + (shade * rng.uniform(0.02, 0.12))[..., None], 0, 1).astype(np.float32)
        lay("scratch", coverage, _cover(out, coverage, rng, 0.8))
    for _ in range(recipe.cracks):
        coverage = marks.cracks(rng, h, w, 1, size)
        lay("scratch", coverage, _cover(out, coverage, rng, 0.7))
    groups = [(n, c) for n, c in (("scratches", recipe.scratches), ("hairs", recipe.hairs), ("dust", recipe.dust)) if c]
    for kind, count in groups:
        parts = min(count, 3)  # marks of one kind come in up to three colours and opacities
        for part in np.array_split(np.arange(count), parts):
            coverage = getattr(marks, kind)(rng, h, w, len(part), size)
            lay("dust" if kind == "dust" else "scratch", coverage, _cover(out, coverage, rng))
    if mask_set is not None:
        for name, count in (("scratch", recipe.mask_scratch), ("dust", recipe.mask_dust)):
            for _ in range(count):
                coverage = mask_set.draw(rng, name, h, w, 1, size)
                lay(name, coverage, _cover(out, coverage, rng))
    return np.clip(out, 0, 1), masks


def age(image: np.ndarray, seed: int, recipe: Recipe | str, mask_set: MaskSet | None = None) -> Aged:
    """Ages one picture. `image`: float32 [h, w, 3] 0..1. `recipe`: a Recipe or a name out of RECIPES.

    Without `mask_set` everything is procedural, which is what committed pictures must be.
    """
    if isinstance(recipe, str):
        recipe = RECIPES[recipe]
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.float32:
        raise ValueError(f"Expected float32 [h, w, 3] for image but received {image.dtype} {image.shape}")
    rng = np.random.default_rng(seed)
    h, w = image.shape[:2]
    truth = fade(tone_class(image, recipe.tone, rng), recipe, rng)
    out = truth
    if recipe.blur > 0.2:
        out = cv2.GaussianBlur(out, (0, 0), recipe.blur)
    if recipe.grain > 0:
        out = add_grain(out, recipe.grain, recipe.grain_size, recipe.grey_noise, rng)
    if recipe.noise > 0:
        out = add_noise(out, recipe.noise, recipe.grey_noise, rng)
    out, masks = add_damage(np.clip(out, 0, 1).astype(np.float32), recipe, rng, mask_set)
    if recipe.resample < 0.99:
        small = cv2.resize(out, (max(1, round(w * recipe.resample)), max(1, round(h * recipe.resample))), interpolation=cv2.INTER_AREA)
        out = np.clip(cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC), 0, 1)
    if recipe.jpeg:
        out = jpeg(out, recipe.jpeg, rng)
    return Aged(np.ascontiguousarray(np.clip(out, 0, 1), np.float32), truth, masks)
