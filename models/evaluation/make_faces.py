"""Makes the committed set of faces: `python -m evaluation.make_faces --sprites DIR`, run in the folder `models`.

Every face is rendered, of identities that no training saw; backgrounds are procedural or drawn. The files are committed, so
nobody needs to run it to judge a build. `faces/faces.json` lists boxes (x, y, width, height), the five landmarks, the turn of
the head in radians, and whether a face is judged. Places count the first pixel from 0 to 1.

The committed pictures came out of the scenes of commit 650f89b, byte for byte; scenes have grown since, so running this today draws
other ones. Their boxes and landmarks lay up to half a pixel too far up and left, and were put right with the nudge of `Face`.
"""

from __future__ import annotations

import argparse
import json
import os

import cv2
import numpy as np

from evaluation.scenes import SCENES
from training.degrade import LUMA
from training.face_scenes import Composer, Sprites, aged

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faces")
SEED, SIDE, LARGEST = 77026, 400, 150.0
WITH, WITHOUT, QUALITY = 13, ("street", "hills", "table"), 82


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sprites", required=True, help="folder written by training.heads_sprites")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(HERE, exist_ok=True)
    composer = Composer(Sprites(args.sprites, "acceptance"), None, "acceptance", SEED, SIDE, LARGEST)
    rng, listed = np.random.default_rng(SEED), []

    def keep(name: str, grey: np.ndarray, faces) -> None:
        cv2.imwrite(os.path.join(HERE, name), np.round(grey).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        rounded = lambda values: [round(float(v), 1) for v in values]  # noqa: E731
        listed.append(dict(file=name, faces=[dict(box=rounded([f.box[0], f.box[1], f.box[2] - f.box[0], f.box[3] - f.box[1]]), judged=f.judged, turn=round(f.turn, 2),
                                                   five=[rounded(p) for p in f.five]) for f in faces]))

    while len(listed) < WITH:
        grey, faces = composer.scene(rng)
        if sum(f.judged for f in faces) >= (1 if len(listed) % 3 == 0 else 4):
            keep(f"rendered-{len(listed) + 1:02d}.jpg", grey, faces)
    for name in WITHOUT:
        keep(f"bare-{name}.jpg", aged(rng, SCENES[name](rng, SIDE, SIDE) @ LUMA * 255), [])
    with open(os.path.join(HERE, "faces.json"), "w", encoding="utf-8") as file:
        json.dump(dict(seed=SEED, scenes=listed), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
