"""Turns clean renders into photographs and ages them: develop.py RENDERS_DIR [NAME ...].

Reads RENDERS_DIR/<scene>.png (16 bit) and writes ../aged, ../truth and ../masks. Ageing is models/training/degrade.py with
fixed seeds; the truth is its `faded_truth`: the print as it was before blur, grain and damage, but already faded.
"""
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

import metadata

HERE = Path(__file__).resolve().parent
OUT = HERE.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(OUT.parent / "models"))
from training.degrade import RECIPES, Recipe, age  # noqa: E402

PRINT = RECIPES["print"]
# name: (scene, long side, kind of film, border share, recipe, seed, output)
ITEMS = {
    "01-street": ("street", 1280, "plate", .03, replace(RECIPES["print-scratched"], grain=6, scratches=7, dust=70), 131, "jpg"),
    "02-house": ("house", 1280, "plate", .035, replace(RECIPES["print-folded"], folds=1, cracks=1, scratches=2, dust=30, grain=6), 207, "jpg"),
    "03-photo-shop": ("shop", 1280, "dye", .03, Recipe(fade=.35, yellow=.3, dye_shift=.45, vignette=.25, blur=.5, grain=6, grey_noise=False, stains=2, dust=30, scratches=3), 305, "jpg"),
    "04-ancestral-room": ("room", 1280, "plate", .0, replace(PRINT, fade=.3, grain=10, grain_size=1.0, vignette=.35), 404, "jpg"),
    "05-tea": ("tea", 1280, "dye", .03, Recipe(fade=.45, yellow=.35, dye_shift=.7, vignette=.2, blur=.5, grain=4, grey_noise=False, dust=12), 503, "jpg"),
    "06-reading-table": ("reading", 1280, "pan", .0, Recipe(tone="grey", fade=.2, vignette=.25, blur=1.25, grain=5, dust=20, hairs=2), 606, "jpg"),
    "07-bay": ("bay", 1280, "plate", .03, replace(PRINT, stains=4, dust=30, fade=.4), 707, "jpg"),
    "08-portrait": ("portrait", 1280, "oval", .09, replace(PRINT, scratches=4, dust=45, silver=.5, yellow=.35), 808, "jpg"),
    "09-family": ("group", 1280, "plate", .03, replace(RECIPES["print-folded"], folds=1, cracks=0, scratches=4, dust=40, yellow=.35), 911, "jpg"),
    "10-river": ("river", 1200, "pan", .0, replace(RECIPES["plate-dusty"], dust=110, hairs=4, scratches=4, grain=4), 1010, "tif"),
    "13-yellow-wall": ("wall", 1280, "digital", .0, Recipe(), 1313, "jpg"),
}
FILMS = {"plate": (.12, .45, .43), "pan": (.3, .55, .15)}


def lens(image, soft):
    """Old glass: softer corners, light that spreads around the highlights, corners darker."""
    h, w = image.shape[:2]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    r2 = (((xx / w - .5) ** 2 + (yy / h - .5) ** 2) * 2)[..., None]
    blur = cv2.GaussianBlur(image, (0, 0), 1.6 * soft)
    out = image * (1 - np.clip(r2 * 1.4, 0, 1)) + blur * np.clip(r2 * 1.4, 0, 1)
    glow = cv2.GaussianBlur(np.clip(out - .6, 0, 1), (0, 0), w / 60)
    return np.clip(out + .35 * soft * glow, 0, 1) * (1 - .35 * soft * r2)


def expose(image, low, high, gamma):
    """Levels that a printer would have chosen, with a soft toe and shoulder."""
    a, b = np.percentile(image, (.5, 99.5))
    t = np.clip((image - a) / (b - a), 0, 1) ** gamma
    t = t + .12 * (t * t * (3 - 2 * t) - t)
    return low + (high - low) * t


def oval(image):
    """The sitter fades into white paper, as studios did with a cut-out card before the enlarger's lens."""
    h, w = image.shape[:2]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    d = np.sqrt(((xx / w - .5) / .43) ** 2 + ((yy / h - .47) / .44) ** 2)[..., None]
    a = np.clip((d - .8) / .34, 0, 1)
    a = a * a * (3 - 2 * a)
    return image * (1 - a) + a * .955


def frame(image, share):
    """White paper around the picture; the edge is not quite even."""
    if not share:
        return image
    h, w = image.shape[:2]
    b = round(max(h, w) * share)
    inner = cv2.resize(image, (w - 2 * b, h - 2 * b), interpolation=cv2.INTER_AREA)
    out = np.full((h, w, 3), .955, np.float32)
    out[b:h - b, b:w - b] = inner
    return out


def picture(path, long_side, film, border):
    """Clean photograph, float32 RGB 0..1."""
    raw = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[..., 2::-1].astype(np.float32) / 65535
    k = long_side / max(raw.shape[:2])
    size = (round(raw.shape[1] * k), round(raw.shape[0] * k))
    raw = np.clip(cv2.resize(raw, size, interpolation=cv2.INTER_AREA if k < 1 else cv2.INTER_CUBIC), 0, 1)
    if film in FILMS:
        grey = raw @ np.array(FILMS[film], np.float32)
        image = np.repeat(expose(lens(grey[..., None].repeat(3, 2), 1.), .04, .94, .85)[..., :1], 3, 2)
    elif film == "dye":
        image = expose(lens(raw, .7), .04, .94, .85)
    elif film == "oval":
        image = oval(expose(lens((raw @ np.array(FILMS["plate"], np.float32))[..., None].repeat(3, 2), .8), .04, .94, .8))
    else:
        image = expose(lens(raw, .15), .01, .965, 1.)
        grey = image.mean(2, keepdims=True)
        image = np.clip(grey + 1.12 * (image - grey), 0, 1)
    return np.ascontiguousarray(frame(image.astype(np.float32), border), np.float32)


def write(name, aged, truth, masks, kind):
    for folder in ("aged", "truth", "masks"):
        (OUT / folder).mkdir(exist_ok=True)
    u8 = lambda a: np.round(np.clip(a, 0, 1) * 255).astype(np.uint8)
    if kind == "tif":
        metadata.save_tiff16(OUT / "aged" / f"{name}.tif", aged.mean(2), name)
    else:
        metadata.save_jpeg(OUT / "aged" / f"{name}.jpg", u8(aged), 88, name)
    metadata.save_jpeg(OUT / "truth" / f"{name}.jpg", u8(truth), 90, None)
    index = np.zeros(masks.shape[:2], np.uint8)
    for k in (2, 1, 0):
        index[masks[..., k] > .5] = k + 1
    metadata.save_mask(OUT / "masks" / f"{name}.png", index)


def main():
    renders, names = Path(sys.argv[1]), sys.argv[2:]
    for name, (scene, side, film, border, recipe, seed, kind) in ITEMS.items():
        if names and name not in names:
            continue
        source = renders / f"{scene}.png"
        if not source.exists():
            print(f"{name}: no {source.name} yet")
            continue
        result = age(picture(source, side, film, border), seed, recipe)
        write(name, result.aged, result.faded_truth, result.masks, kind)
        print(name, {p.parent.name: p.stat().st_size for f in ("aged", "truth", "masks") for p in (OUT / f).glob(name + ".*")})


if __name__ == "__main__":
    main()
