"""Draws what face finding gets wrong, for the cards: `python -m training.failures_faces --sprites DIR [--look]`

With `--look` both nets together, for the card of face-look; without it the first net alone.
Of CANDIDATES rendered scenes of each kind, with identities no training saw, the one with most mistakes is kept. White boxes are
findings, with their landmarks; black boxes are faces that were missed.
"""

from __future__ import annotations

import argparse
import json
import os

import cv2
import numpy as np

from .calibrate_faces import open_look, wanted
from .degrade import LUMA, add_grain, jpeg
from .export import MODELS, session_of
from .face_finding import find_faces, onnx_run
from .face_lookalikes import drapery, front, hand, oval, shoes, uneven
from .face_scenes import BACK, Composer, Sprites, halftone
from .judging_faces import MATCHED, overlap

SEED, SIDE, CANDIDATES = 88026, 300, 10


def backdrop(rng) -> np.ndarray:
    return (rng.uniform(60, 190) + rng.uniform(5, 30) * uneven(rng, SIDE, SIDE, 4)).astype(np.float32)


def rows(composer: Composer, rng, width: float, choose) -> tuple[np.ndarray, list]:
    """A group of heads of one size; `choose` gives a sprite's number."""
    grey, faces = backdrop(rng), []
    gap = max(2.4 * width, 20)
    for y in np.arange(0.2 * SIDE, 0.8 * SIDE, max(2.6 * width, 24)):
        for x in np.arange(0.6 * gap, SIDE - 0.3 * gap, gap):
            grey = composer.paste(rng, grey, faces, choose(), x + rng.normal(0, 0.1 * gap), y, width * float(np.exp(rng.normal(0, 0.1))), "head")
    return grey, faces


def aged_by(rng, grey: np.ndarray, blur: float, grain: float, quality: int) -> np.ndarray:
    soft = cv2.GaussianBlur(np.clip(grey, 0, 255).astype(np.float32), (0, 0), blur) if blur else grey
    picture = add_grain(np.repeat(soft[..., None] / 255, 3, 2).astype(np.float32), grain, 0.8, True, rng)
    return np.round(np.clip(jpeg(np.clip(picture, 0, 1), quality, rng) @ LUMA, 0, 1) * 255).astype(np.uint8)


def made(kind: str, composer: Composer, rng) -> tuple[np.ndarray, list]:
    """One scene of a kind, aged, and its faces."""
    sprites = composer.sprites
    if kind == "profiles":
        side = sprites.faces[(sprites.turn[sprites.faces] > 1.15) & (sprites.turn[sprites.faces] < BACK)]
        grey, faces = rows(composer, rng, 34, lambda: int(rng.choice(side)))
        return aged_by(rng, grey, 0.6, 5, 85), faces
    if kind == "small-and-soft":
        grey, faces = rows(composer, rng, 9, lambda: int(rng.choice(sprites.faces)))
        return aged_by(rng, grey, 1.3, 7, 70), faces
    if kind == "coarse-screen":
        grey, faces = rows(composer, rng, 22, lambda: int(rng.choice(sprites.faces)))
        return aged_by(rng, halftone(rng, grey), 0.4, 4, 80), faces
    grey = backdrop(rng)
    for _ in range(9):
        at, size = rng.uniform(0.1 * SIDE, 0.9 * SIDE, 2), rng.uniform(18, 50)
        draw = (hand, drapery, front, shoes)[int(rng.integers(4))]
        grey = oval(rng, grey, at, size, np.zeros_like(grey)) if rng.random() < 0.15 else draw(rng, grey, at, size)
    for _ in range(4):
        grey = composer.paste(rng, grey, [], int(rng.choice(sprites.faces)), rng.uniform(0.15, 0.85) * SIDE, rng.uniform(0.1, 0.6) * SIDE, rng.uniform(20, 40), "torso")
    return aged_by(rng, grey, 0.6, 5, 85), []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sprites", required=True)
    parser.add_argument("--look", action="store_true")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "face-look" if args.look else "faces", args.version)
    run, look = onnx_run(session_of("faces")), open_look(args.version) if args.look else None
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["face"]
    composer = Composer(Sprites(args.sprites, "acceptance"), None, "acceptance", SEED, SIDE, 160.0)
    os.makedirs(os.path.join(folder, "failures"), exist_ok=True)
    for number, kind in enumerate(("profiles", "small-and-soft", "coarse-screen", "lookalikes")):
        rng, worst = np.random.default_rng([SEED, number]), None
        for _ in range(CANDIDATES):
            grey, faces = made(kind, composer, rng)
            found, boxes = find_faces(run, grey, threshold, look), [w.box for w in wanted(faces)]
            missed = [b for b in boxes if not any(overlap(b, f.box) >= MATCHED for f in found)]
            false = [f for f in found if not any(overlap(b, f.box) >= MATCHED for b in boxes)]
            if worst is None or len(missed) + len(false) > worst[0]:
                worst = (len(missed) + len(false), grey, found, missed, len(boxes), len(false))
        _, grey, found, missed, of, false = worst
        print(f"{kind}: {len(missed)} of {of} missed, {false} false")
        shown = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        for box, value in [(b, 0) for b in missed] + [(f.box, 255) for f in found]:
            x, y, w, h = (int(round(2 * v)) for v in box)
            cv2.rectangle(shown, (x, y), (x + w, y + h), value, 2)
        for one in found:
            for point in one.five:
                cv2.circle(shown, tuple(int(2 * v) for v in point), 2, 255, -1)
        cv2.imwrite(os.path.join(folder, "failures", f"{kind}.jpg"), shown, [cv2.IMWRITE_JPEG_QUALITY, 74])


if __name__ == "__main__":
    main()
