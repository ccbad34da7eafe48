"""Draws what finding lettering gets wrong, for the card: `python -m training.failures_lettering`

Of CANDIDATES pictures of each kind, with fonts no training saw on procedural scenes, the one with most mistakes is kept. White boxes
are findings; black outlines are lettering that should have been found.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from .export import MODELS, session_of
from .judging_lettering import Tally, made
from .letter_finding import areas, cells, onnx_run
from .letter_scenes import Scenes

SEED, CANDIDATES, SIDE = 88028, 8, 320
KINDS = ("print", "hand")


def mistakes(tally: Tally) -> int:
    return tally.wanted - tally.hit + tally.boxed - tally.right


def main() -> None:
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "lettering", "1.0.0")
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["lettering"]
    run = onnx_run(session_of("lettering"))
    scenes = Scenes(None, "acceptance", SEED, leaves=12)
    os.makedirs(os.path.join(folder, "failures"), exist_ok=True)
    for number, kind in enumerate(KINDS):
        rng, worst = np.random.default_rng([SEED, number]), None
        for _ in range(CANDIDATES):
            picture, tally = made(scenes, rng, kind, scenes.clean.crop(rng, SIDE)), Tally()
            boxes = areas(cells(run, picture.luma), threshold, picture.luma.shape)
            tally.add(picture, boxes)
            if worst is None or mistakes(tally) > mistakes(worst[2]):
                worst = (picture, boxes, tally)
        picture, boxes, tally = worst
        print(f"{kind}: {tally.found} of {tally.places} places found; {tally}")
        shown = cv2.resize(picture.luma, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        wanted = cv2.resize((picture.truth == 1).astype(np.uint8), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
        shown[cv2.morphologyEx(wanted, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0] = 0
        for (x, y, w, h), _ in boxes:
            cv2.rectangle(shown, (2 * x, 2 * y), (2 * (x + w), 2 * (y + h)), 255, 2)
        cv2.imwrite(os.path.join(folder, "failures", f"{kind}.jpg"), shown, [cv2.IMWRITE_JPEG_QUALITY, 70])


if __name__ == "__main__":
    main()
