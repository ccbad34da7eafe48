"""Makes the committed pictures of lettering: `python -m evaluation.make_lettering`, run in the folder `models`.

Fonts of the part `acceptance` (see training/letter_fonts.py) on drawn scenes and dead leaves; no photograph. The files are
committed, so nobody needs to run it to judge a build. Of each picture `NAME.jpg`, `NAME-truth.png` says in its two lowest bits what
is where (0 none, 1 lettering that must be found, 2 lettering that may be), and 128 more where a scratch lies.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from evaluation.scenes import SCENES
from training.judging_lettering import made
from training.letter_scenes import Scenes

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lettering")
SEED, SIDE, QUALITY = 77028, 512, 74  # SIDE as that of held-out pictures: copies under 200 px are not searched, so letters over 44 px are found in larger pictures alone
BARE = ("hills", "sitter")  # drawn scenes in which nothing is written
KINDS = {"print": 16, "hand": 16, "clean": 6, "scratched": 6}


def main() -> None:
    cv2.setNumThreads(1)
    os.makedirs(HERE, exist_ok=True)
    scenes, rng, listed = Scenes(None, "acceptance", SEED, leaves=12), np.random.default_rng(SEED), []
    for kind, count in KINDS.items():
        number = 0
        while number < count:
            scene = SCENES[BARE[number % len(BARE)]](rng, SIDE, SIDE).astype(np.float32) if number % 3 != 2 else scenes.clean.crop(rng, SIDE)
            picture = made(scenes, rng, kind, np.clip(scene, 0, 1))
            if kind in ("print", "hand") and not (picture.truth == 1).any():
                continue
            number += 1
            name = f"{kind}-{number}"
            cv2.imwrite(os.path.join(HERE, f"{name}.jpg"), picture.luma, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            cv2.imwrite(os.path.join(HERE, f"{name}-truth.png"), picture.truth + np.uint8(128) * picture.scratch, [cv2.IMWRITE_PNG_COMPRESSION, 9])
            listed.append(dict(kind=kind, file=f"{name}.jpg", truth=f"{name}-truth.png"))
    with open(os.path.join(HERE, "lettering.json"), "w", encoding="utf-8") as file:
        json.dump(dict(seed=SEED, pictures=listed), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
