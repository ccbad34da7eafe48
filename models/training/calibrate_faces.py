"""Chooses the threshold of the face net: `python -m training.calibrate_faces --data DIR --sprites SPRITES`

The least threshold at which rendered validation scenes give a precision of PRECISION, and photographs without people of the
part `validation` at most FALSE_PER_10MP false faces in ten megapixels. A face protected in vain costs less than a face missed, so
the limit is looser than the bar of 1 that acceptance judges. No picture of a real person is looked at.
"""

from __future__ import annotations

import argparse
import os

import cv2
import numpy as np

from .export import MODELS, describe, session
from .face_finding import find_faces, onnx_run
from .face_scenes import Composer, Sprites
from .judging_faces import Tally, Wanted
from .sampling import photograph_paths

SEED, SCENES, SIZE, LARGEST = 55026, 50, 448, 160.0
PRECISION, FALSE_PER_10MP = 0.95, 5.0
LEAST, STEP = 0.10, 0.05


def wanted(faces) -> list[Wanted]:
    """Faces of a rendered scene as the judging takes them."""
    return [Wanted(np.array([f.box[0], f.box[1], f.box[2] - f.box[0], f.box[3] - f.box[1]]), f.judged, f.five, f.turn) for f in faces]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with photographs/")
    parser.add_argument("--sprites", required=True)
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "faces", args.version)
    run = onnx_run(session(os.path.join(folder, "faces.u8.onnx")))
    composer = Composer(Sprites(args.sprites, "validation"), args.data, "validation", SEED, SIZE, LARGEST)
    rng, tally = np.random.default_rng(SEED), Tally()
    for _ in range(args.scenes):
        grey, faces = composer.scene(rng)
        tally.add(find_faces(run, grey.astype(np.uint8), LEAST), wanted(faces))
    false, megapixels = [], 0.0
    for path in photograph_paths(args.data, "validation", ("photographs",)):
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        megapixels += grey.size / 1e6
        false += [f.score for f in find_faces(run, grey, LEAST)]
    chosen = 0.9
    for threshold in np.arange(LEAST, 0.9, STEP):
        recall, precision = tally.at(threshold)
        per_ten = sum(s >= threshold for s in false) / megapixels * 10
        fits = precision >= PRECISION and per_ten <= FALSE_PER_10MP
        print(f"{threshold:.2f} recall {recall:.3f} precision {precision:.3f} false per 10 MP {per_ten:.2f}")
        if fits:
            chosen = float(threshold)
            break
    print(f"threshold {chosen:.2f}, {tally.wanted} rendered faces, {megapixels:.0f} MP without people; landmarks {np.median(tally.errors):.3f} of the eye distance (median)")
    describe(folder, thresholds={"face": round(chosen, 2)})


if __name__ == "__main__":
    main()
