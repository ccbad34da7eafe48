"""Makes the committed pictures of stains: `python -m evaluation.make_stains`, run in the folder `models`.

Stains drawn by training/stain_drawing.py on drawn scenes and dead leaves; no photograph and no file of the mask set. The files are
committed, so nobody needs to run it to judge a build. Of each stained picture `NAME.jpg`, `NAME-truth.png` says what is where (0 none, 1 a
stain that must be found, 2 one that may be).
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from evaluation.scenes import SCENES
from training.judging_stains import made
from training.stain_scenes import Scenes

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stains")
SEED, HEIGHT, WIDTH, QUALITY = 77031, 192, 256, 85
KINDS = {"stained": 12, "clean": 6, "lookalikes": 6}


def main() -> None:
    cv2.setNumThreads(1)
    os.makedirs(HERE, exist_ok=True)
    scenes, rng, listed = Scenes(None, "acceptance", SEED, leaves=12), np.random.default_rng(SEED), []
    names = sorted(SCENES)
    for kind, count in KINDS.items():
        number = 0
        while number < count:
            drawn = SCENES[names[number % len(names)]](rng, HEIGHT, WIDTH).astype(np.float32) if number % 4 != 3 else scenes.crop(rng, WIDTH)[:HEIGHT]
            picture = made(scenes, rng, kind, np.ascontiguousarray(np.clip(drawn, 0, 1)))
            if kind == "stained" and (picture.truth == 1).mean() < 0.004:
                continue
            number += 1
            name = f"{kind}-{number}"
            cv2.imwrite(os.path.join(HERE, f"{name}.jpg"), picture.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            entry = dict(kind=kind, file=f"{name}.jpg")
            if kind == "stained":
                entry["truth"] = f"{name}-truth.png"
                cv2.imwrite(os.path.join(HERE, entry["truth"]), picture.truth, [cv2.IMWRITE_PNG_COMPRESSION, 9])
            listed.append(entry)
    with open(os.path.join(HERE, "stains.json"), "w", encoding="utf-8") as file:
        json.dump(dict(seed=SEED, pictures=listed), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
