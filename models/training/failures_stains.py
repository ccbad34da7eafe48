"""Draws what finding stains gets wrong, for the card: `python -m training.failures_stains`

Of CANDIDATES pictures of each kind on procedural scenes the one with most mistakes is kept. Red is found, white outlines are stains that
should have been found.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from .export import MODELS, session_of
from .judging_stains import Tally, made
from .stain_finding import cells, onnx_run, stained
from .stain_scenes import Scenes

SEED, CANDIDATES, TIMES = 88031, 60, 3
KINDS = ("stained", "lookalikes")


def main() -> None:
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "stains", "1.0.0")
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["stain"]
    run, scenes = onnx_run(session_of("stains")), Scenes(None, "acceptance", SEED, leaves=12)
    os.makedirs(os.path.join(folder, "failures"), exist_ok=True)
    for number, kind in enumerate(KINDS):
        rng, worst = np.random.default_rng([SEED, number]), None
        for _ in range(CANDIDATES):
            picture, tally = made(scenes, rng, kind), Tally()
            found = stained(cells(run, picture.image), threshold, picture.truth.shape)
            tally.add(picture, found)
            if worst is None or tally.missed + tally.wrong > worst[2].missed + worst[2].wrong:
                worst = (picture, found, tally)
        picture, found, tally = worst
        print(f"{kind}: {tally}")
        large = lambda plane, how: cv2.resize(plane, None, fx=TIMES, fy=TIMES, interpolation=how)  # noqa: E731
        shown = large(picture.image[..., ::-1], cv2.INTER_CUBIC)
        inside = large(found.astype(np.uint8), cv2.INTER_NEAREST) > 0
        shown[inside] = (0.6 * shown[inside] + [0, 0, 100]).astype(np.uint8)
        wanted = large((picture.truth == 1).astype(np.uint8), cv2.INTER_NEAREST)
        shown[cv2.morphologyEx(wanted, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0] = 255
        cv2.imwrite(os.path.join(folder, "failures", f"{kind}.jpg"), shown, [cv2.IMWRITE_JPEG_QUALITY, 75])


if __name__ == "__main__":
    main()
