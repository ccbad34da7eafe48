"""Chooses the threshold of stains: `python -m training.calibrate_stains --data DIR`

On validation pictures (photographs and masks of the part `validation`) the highest threshold whose F1 is within NEAR of the best one,
among those at which at most FALSE of the clean ones and of photographs as they are is found (less than the bar allows). F1 is flat
over much of the range: of two thresholds that are nearly alike the one that marks fewer wrongly is the better.
"""

from __future__ import annotations

import argparse
import os

import cv2
import numpy as np

from .bars import STAINS
from .export import MODELS, describe, session_of
from .judging_stains import KINDS, Tally, several, whole
from .stain_finding import cells, onnx_run, stained
from .stain_scenes import Scenes

SEED, EACH = 55031, 40
NEAR = 0.05  # of the best F1
FALSE = 0.6 * STAINS["false"][0]
THRESHOLDS = np.append(np.arange(0.15, 0.951, 0.05), [0.97, 0.99])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with photographs/ and damage-masks/")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    run = onnx_run(session_of("stains", args.version))
    pictures = several(Scenes(args.data, "validation", SEED, leaves=12), SEED, EACH) + whole(args.data, "validation")
    seen = [(picture, cells(run, picture.image)) for picture in pictures]
    allowed: dict[float, float] = {float(THRESHOLDS[-1]): 0.0}  # threshold → F1
    for threshold in THRESHOLDS:
        tallies = {kind: Tally() for kind in (*KINDS, "whole")}
        for picture, found in seen:
            tallies[picture.kind].add(picture, stained(found, float(threshold), picture.truth.shape))
        print(f"{threshold:.2f} " + "; ".join(f"{kind} {tally}" for kind, tally in tallies.items()), flush=True)
        if max(tallies[kind].false_share for kind in ("clean", "whole")) <= FALSE:
            allowed[float(threshold)] = tallies["stained"].f1
    best = max(allowed.values())
    chosen = max(threshold for threshold, f1 in allowed.items() if f1 >= (1 - NEAR) * best)
    print(f"threshold {chosen:.2f}")
    describe(os.path.join(MODELS, "stains", args.version), thresholds={"stain": round(chosen, 2)})


if __name__ == "__main__":
    main()
