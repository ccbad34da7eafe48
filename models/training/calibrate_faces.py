"""Chooses the threshold of face finding: `python -m training.calibrate_faces --data DIR --sprites SPRITES [--look]`

The least threshold at which rendered validation scenes give a precision of PRECISION, and photographs without people of the
part `validation` at most FALSE_PER_10MP false faces in ten megapixels. The first net alone: 0.95 and 5, since a face protected in
vain costs less than a face missed. With `--look`, both nets together: 0.97 and the bar of 1 itself. No picture of a real person
is looked at.
"""

from __future__ import annotations

import argparse
import json
import os

import cv2
import numpy as np

from .export import MODELS, describe, session_of
from .face_finding import PROPOSAL, Look, find_faces, onnx_look, onnx_run
from .face_scenes import Composer, Sprites
from .judging_faces import Tally, Wanted
from .sampling import photograph_paths

SEED, SCENES, SIZE, LARGEST = 55026, 50, 448, 160.0
ALONE, PAIR = (0.95, 5.0), (0.97, 1.0)  # least precision on renders, most false faces in 10 MP without people
LEAST, STEP = 0.10, 0.02


def wanted(faces) -> list[Wanted]:
    """Faces of a rendered scene as the judging takes them."""
    return [Wanted(np.array([f.box[0], f.box[1], f.box[2] - f.box[0], f.box[3] - f.box[1]]), f.judged, f.five, f.turn) for f in faces]


def open_look(version: str) -> Look:
    """The shipped net as its description says, with the net that places landmarks where it is there."""
    with open(os.path.join(MODELS, "face-look", version, "model.json"), encoding="utf-8") as file:
        look = onnx_look(session_of("face-look", version), json.load(file).get("thresholds", {}))
    if not os.path.exists(os.path.join(MODELS, "face-marks", version, "model.json")):
        return look
    marks = session_of("face-marks", version)
    return look._replace(marks=lambda crops: marks.run(None, {"crops": np.ascontiguousarray(crops)[:, :, :, None]})[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with photographs/")
    parser.add_argument("--sprites", required=True)
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--look", action="store_true", help="both nets together; the threshold goes to face-look")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    run = onnx_run(session_of("faces"))
    look, (least_precision, most_false) = (open_look(args.version), PAIR) if args.look else (None, ALONE)
    composer = Composer(Sprites(args.sprites, "validation"), args.data, "validation", SEED, SIZE, LARGEST)
    rng, tally = np.random.default_rng(SEED), Tally()
    for _ in range(args.scenes):
        grey, faces = composer.scene(rng)
        tally.add(find_faces(run, grey.astype(np.uint8), LEAST, look), wanted(faces))
    false, megapixels = [], 0.0
    for path in photograph_paths(args.data, "validation", ("photographs",)):
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        megapixels += grey.size / 1e6
        false += [f.score for f in find_faces(run, grey, LEAST, look)]
    chosen = 0.9
    for threshold in np.arange(LEAST, 0.9, STEP):
        recall, precision = tally.at(threshold)
        per_ten = sum(s >= threshold for s in false) / megapixels * 10
        fits = precision >= least_precision and per_ten <= most_false
        print(f"{threshold:.2f} recall {recall:.3f} precision {precision:.3f} false per 10 MP {per_ten:.2f}")
        if fits:
            chosen = float(threshold)
            break
    print(f"threshold {chosen:.2f}, {tally.wanted} rendered faces, {megapixels:.0f} MP without people; landmarks {np.median(tally.errors):.3f} of the eye distance (median)")
    thresholds = {"face": round(chosen, 2), **({"proposal": PROPOSAL} if args.look else {})}
    describe(os.path.join(MODELS, "face-look" if args.look else "faces", args.version), thresholds=thresholds)


if __name__ == "__main__":
    main()
