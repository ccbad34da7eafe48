"""Measures how well stains are taken back: pairs of prints with and without a drawn stain, and the verdict on what was made of them.

    python -m training.stain_pairs --data DIR --folder FOLDER
    albumen restore FOLDER/stained --steps reduce-stains --out FOLDER/made
    python -m training.stain_pairs --folder FOLDER --judge

Photographs of the part `acceptance`, printed in black-and-white or in one tone, 900 or 1,980 px long, grain and JPEG on them; one warm
stain each (`stain_drawing`), as large as 1 to 40 % of the picture. The difference is CIE76 ΔE, mean over the stain and over the rest.
"""

from __future__ import annotations

import argparse
import glob
import os

import cv2
import numpy as np

from .degrade import LUMA
from .sampling import photograph_paths
from .stain_drawing import shape, tint

SEED, PAIRS = 99031, 24
LONG = (900, 1980)
COVERED = 0.1  # cover from which a pixel belongs to the stain


def printed(rng, path: str, long: int, toned: bool) -> np.ndarray:
    """A photograph as a print of one tone, float32 [h, w, 3] of 0..1."""
    image = cv2.imread(path)[..., ::-1]
    factor = long / max(image.shape[:2])
    image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    light = (image.astype(np.float32) / 255 @ LUMA)[..., None] * rng.uniform(0.7, 0.95) + rng.uniform(0.02, 0.12)
    light = np.clip(light * (1 + rng.normal(0, 4.5 / 255, light.shape)), 0.01, 1)
    if toned:
        light = light ** np.array([1, rng.uniform(1, 1.08), rng.uniform(1, 1.2)]) * np.array([1, rng.uniform(0.86, 0.96), rng.uniform(0.65, 0.88)])
    return np.clip(light + rng.normal(0, 1 / 255, (*light.shape[:2], 3)), 0, 1).astype(np.float32)


def stain(rng, h: int, w: int, size: float) -> tuple[np.ndarray, np.ndarray]:
    """(density [h, w], share of light [3] that a density of 1 lets through) of a warm stain of some size."""
    while True:
        cover, rim = shape(rng, h, w, size * rng.uniform(0.5, 1.1), None)
        if 0.01 < (cover > 0.3).mean() < 0.4:
            break
    while True:
        colour = tint(rng)
        if colour[0] - colour[2] > 0.1:
            return np.clip(rng.uniform(0.5, 1.2) * (cover + rng.uniform(0.3, 1.2) * rim), 0, 1.6), colour


def make(data: str, folder: str) -> None:
    rng, paths = np.random.default_rng(SEED), photograph_paths(data, "acceptance", ("photographs",))
    for part in ("stained", "clean", "cover"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    for number in range(PAIRS):
        long = LONG[number // 2 % 2]
        clean = printed(rng, paths[int(rng.integers(len(paths)))], long, number % 2 == 1)
        density, colour = stain(rng, *clean.shape[:2], long / 600)
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(85, 97))]
        for part, picture in (("clean", clean), ("stained", clean * colour ** density[..., None])):
            cv2.imwrite(os.path.join(folder, part, f"{number:02d}.jpg"), np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)[..., ::-1], quality)
        cv2.imwrite(os.path.join(folder, "cover", f"{number:02d}.png"), np.round(np.clip(density, 0, 1) * 255).astype(np.uint8))


def lab(path: str) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(path).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)


def judge(folder: str) -> None:
    rows = []
    for path in sorted(glob.glob(os.path.join(folder, "cover", "*.png"))):
        name = os.path.basename(path)[:-4]
        clean, stained = (lab(os.path.join(folder, part, f"{name}.jpg")) for part in ("clean", "stained"))
        made = lab(os.path.join(folder, "made", f"{name}.jpg.albumen", "proposal.tif"))
        inside = cv2.imread(path, cv2.IMREAD_GRAYSCALE) > COVERED * 255
        before, after = (np.sqrt(((picture - clean) ** 2).sum(2)) for picture in (stained, made))
        rows.append((before[inside].mean(), after[inside].mean(), before[~inside].mean(), after[~inside].mean()))
        print(f"{name} {'toned' if int(name) % 2 else 'black-and-white'} {clean.shape[1]} x {clean.shape[0]}: in the stain {rows[-1][0]:.2f} -> {rows[-1][1]:.2f}, beside it {rows[-1][2]:.3f} -> {rows[-1][3]:.3f}")
    table = np.array(rows)
    mean, ratio = table.mean(0), np.median(table[:, 1] / table[:, 0])
    print(f"{len(rows)} pictures: in the stain {mean[0]:.2f} -> {mean[1]:.2f} (median ratio {ratio:.2f}; {int((table[:, 1] < 0.5 * table[:, 0]).sum())} at least halved, "
          f"{int((table[:, 1] > 1.02 * table[:, 0]).sum())} worse), beside it {mean[2]:.3f} -> {mean[3]:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with photographs/")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--judge", action="store_true")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    if args.judge:
        judge(args.folder)
    else:
        make(args.data, args.folder)


if __name__ == "__main__":
    main()
