"""Scenes that were made once (training.face_candidates), for many looks: cut, enlarged or reduced, and made a little worse."""

from __future__ import annotations

import glob
import os

import cv2
import numpy as np

from .face_scenes import Face

SCALES = (0.75, 1.6)      # of a cut scene: the least that still fills a crop, and the most
WIDEST, LEAST = 120.0, 6.0  # width of a face, px of the crop, beyond which it is not judged
SEEN = 0.65               # share of a face's box inside the crop from which it is judged
WORSE = 0.45              # share of crops that are made worse once more


class StoredScenes:
    """The scenes of one part as `(uint8 [side, side], faces)`, drawn at random."""

    def __init__(self, folder: str, part: str):
        self.greys: list[np.ndarray] = []
        self.faces: list[list[Face]] = []
        for path in sorted(glob.glob(os.path.join(folder, f"{part}-*.npz"))):
            if path.endswith(".new.npz"):
                continue
            held = np.load(path)
            scenes, faces = held["scenes"], held["faces"]
            for number, grey in enumerate(scenes):
                self.greys.append(grey)
                self.faces.append([Face(np.array([f[1], f[2], f[1] + f[3], f[2] + f[4]], np.float32), f[5:15].reshape(5, 2).copy(), float(f[15]), bool(f[16] > 0))
                                   for f in faces[faces[:, 0] == number]])
        if not self.greys:
            raise ValueError(f"Expected scenes of the part {part} in {folder} but received none")

    def scene(self, rng, side: int) -> tuple[np.ndarray, list[Face]]:
        number = int(rng.integers(len(self.greys)))
        grey = self.greys[number]
        take = min(int(round(side / float(np.exp(rng.uniform(*np.log(SCALES)))))), min(grey.shape))
        y, x = (int(rng.integers(length - take + 1)) for length in grey.shape)
        scale = side / take
        cut = cv2.resize(grey[y:y + take, x:x + take], (side, side), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        faces = [placed for face in self.faces[number] if (placed := _placed(face, x, y, scale, side)) is not None]
        return _worse(rng, cut) if rng.random() < WORSE else cut, faces


def _placed(face: Face, x: int, y: int, scale: float, side: int) -> Face | None:
    """The face in a crop from (x, y), `scale` times as large; None where it lies outside."""
    box = (face.box - [x, y, x, y]) * scale
    inside = np.clip(box, 0, side)
    share = float(np.prod(inside[2:] - inside[:2]) / max(1e-6, float(np.prod(box[2:] - box[:2]))))
    if share <= 0:
        return None
    middle, width = (box[:2] + box[2:]) / 2, float(box[2] - box[0])
    judged = face.judged and share >= SEEN and LEAST <= width <= WIDEST and bool((middle >= 0).all() and (middle < side).all())
    return Face(box.astype(np.float32), ((face.five - [x, y]) * scale).astype(np.float32), face.turn, judged)


def _worse(rng, grey: np.ndarray) -> np.ndarray:
    """Tone, softness and grain of one crop."""
    out = grey.astype(np.float32)
    if rng.random() < 0.5:
        out = 255 * (out / 255) ** float(np.exp(rng.normal(0, 0.4)))
    if rng.random() < 0.35:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.35:
        grain = rng.normal(size=out.shape).astype(np.float32)
        out += rng.uniform(2, 18) * (grain if rng.random() < 0.5 else 2 * cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.6, 1.2)))
    if rng.random() < 0.25:
        out = (out - out.mean()) * rng.uniform(0.2, 0.8) + rng.uniform(40, 210)
    return np.clip(out, 0, 255).astype(np.uint8)
