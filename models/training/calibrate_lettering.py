"""Chooses the threshold of lettering: `python -m training.calibrate_lettering --data DIR`

The least threshold at which boxes on validation pictures (fonts, photographs and masks of the part `validation`) cover at most
FALSE of the clean ones and of period photographs, and SCRATCHES of the scratches; recall and precision are told beside it.
"""

from __future__ import annotations

import argparse
import os

import cv2
import numpy as np

from .export import MODELS, describe, session_of
from .judging_lettering import KINDS, Tally, period, several
from .letter_finding import areas, cells, onnx_run
from .letter_scenes import Scenes

SEED, EACH = 55028, 40  # with 10 the threshold hung on one or two pictures
FALSE, SCRATCHES = 0.001, 0.01  # half of the ship bars
THRESHOLDS = np.append(np.arange(0.30, 0.951, 0.05), 0.98)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with photographs/ and damage-masks/")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    run = onnx_run(session_of("lettering", args.version))
    pictures = several(Scenes(args.data, "validation", SEED, leaves=12), SEED, EACH) + period(args.data, "validation")
    seen = [(picture, cells(run, picture.luma)) for picture in pictures]
    chosen = float(THRESHOLDS[-1])
    for threshold in reversed(THRESHOLDS):
        tallies = {kind: Tally() for kind in (*KINDS, "period")}
        for picture, found in seen:
            tallies[picture.kind].add(picture, areas(found, float(threshold), picture.luma.shape))
        print(f"{threshold:.2f} " + "; ".join(f"{kind} {tally}" for kind, tally in tallies.items()), flush=True)
        if max(tallies["clean"].false_share, tallies["period"].false_share) > FALSE or tallies["scratched"].scratch_share > SCRATCHES:
            break
        chosen = float(threshold)
    print(f"threshold {chosen:.2f}")
    describe(os.path.join(MODELS, "lettering", args.version), thresholds={"lettering": round(chosen, 2)})


if __name__ == "__main__":
    main()
