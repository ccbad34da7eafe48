"""Judges finding stains: `python -m training.evaluate_stains [--data DIR] [--write]`; exit 1 under a ship bar.

    without --data    the committed pictures: what gates every build
    --data DIR        also pictures on photographs and masks of the part `acceptance`, and those photographs as they are

`F1` of pixels: stains that do not stand out (`../training/stain_scenes.py`) count neither as found nor as missed. `false-positive
share`: of pictures without stains.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

import cv2
import numpy as np

from .bars import STAINS
from .evaluate import ACCEPTANCE_SEED, COMMITTED, Report
from .export import MODELS, describe, session_of
from .judging_stains import KINDS, Picture, Tally, several, whole
from .stain_finding import cells, onnx_run, stained
from .stain_scenes import Scenes

EACH = 40


def rows(report: Report, of_set: str, tallies: dict[str, Tally], gate: bool) -> None:
    for kind, tally in tallies.items():
        if kind == "stained":
            said = f"recall {tally.recall:.3f}, precision {tally.precision:.3f}; {(tally.hit + tally.missed) / 1e6:.2f} MP of stains"
            report.add("stains", "stain", of_set, "F1", tally.f1, said, *STAINS["f1"], gate=gate)
        elif kind == "lookalikes":
            said = f"{tally.area / 1e6:.1f} MP of drawn shadows, lamps, clouds and spots, the worst picture {100 * tally.worst:.1f} %"
            report.rows.append(dict(model="stains", gate=False, task="shadows", set=of_set, metric="false-positive share", value=round(tally.false_share, 5), baseline=said, ship=None, aim=None, held=None))
            print(f"none stains shadows {of_set} false-positive share {tally.false_share:.5f} | {said}", flush=True)
        else:
            said = f"{tally.area / 1e6:.1f} MP without stains, the worst picture {100 * tally.worst:.1f} %"
            report.add("stains", kind, of_set, "false-positive share", tally.false_share, said, *STAINS["false"], less=True, gate=gate)


def committed() -> list[Picture]:
    """The pictures of `evaluation/stains`."""
    folder = os.path.join(COMMITTED, "stains")
    with open(os.path.join(folder, "stains.json"), encoding="utf-8") as file:
        listed = json.load(file)["pictures"]
    out = []
    for entry in listed:
        image = np.ascontiguousarray(cv2.imread(os.path.join(folder, entry["file"]), cv2.IMREAD_COLOR)[..., ::-1])
        truth = cv2.imread(os.path.join(folder, entry["truth"]), cv2.IMREAD_GRAYSCALE) if "truth" in entry else np.zeros(image.shape[:2], np.uint8)
        out.append(Picture(entry["kind"], image, truth))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with photographs/, colour/, colour-small/ and damage-masks/")
    parser.add_argument("--write", action="store_true", help="write the rows into model.json")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "stains", args.version)
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["stain"]
    run, report = onnx_run(session_of("stains", args.version)), Report()

    def judged(pictures: list[Picture], kinds: tuple[str, ...]) -> dict[str, Tally]:
        tallies = {kind: Tally() for kind in kinds}
        for picture in pictures:
            tallies[picture.kind].add(picture, stained(cells(run, picture.image), threshold, picture.truth.shape))
        return tallies

    rows(report, "committed", judged(committed(), KINDS), True)
    if args.data:
        pictures = several(Scenes(args.data, "acceptance", ACCEPTANCE_SEED, leaves=20), ACCEPTANCE_SEED, EACH) + whole(args.data, "acceptance")
        rows(report, "held-out", judged(pictures, (*KINDS, "whole")), False)
    else:
        print("absent: --data: held-out photographs were not judged in this run")
    if args.write:
        missed = any(row["held"] is False for row in report.rows)
        describe(folder, evaluation=[{k: v for k, v in row.items() if k not in ("model", "gate")} for row in report.rows], unreliable=["stain"] if missed else [])
    sys.exit(1 if report.failed() else 0)


if __name__ == "__main__":
    main()
