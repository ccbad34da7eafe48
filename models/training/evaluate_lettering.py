"""Judges finding lettering: `python -m training.evaluate_lettering [--data DIR] [--write]`; exit 1 under a ship bar.

    without --data    the committed pictures: what gates every build
    --data DIR        also pictures on photographs and masks of the part `acceptance`, with fonts no training saw

Shares are of pixels: `recall` of lettering with capitals of 12 px or more that stand out, covered by boxes; `precision` of the
boxes, on or within 8 px of lettering; `false area` of pictures without lettering; `scratches taken` of the pixels of scratches.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

import cv2

from .bars import LETTERING
from .evaluate import ACCEPTANCE_SEED, COMMITTED, Report
from .export import MODELS, describe, session_of
from .judging_lettering import KINDS, Picture, Tally, period, several
from .letter_finding import areas, cells, onnx_run
from .letter_scenes import Scenes

EACH = 64  # pictures of every kind: with 16 the same net got 0.66 on one draw of print and 0.86 on another


def rows(report: Report, of_set: str, tallies: dict[str, Tally], gate: bool) -> None:
    for kind, task in (("print", "lettering"), ("hand", "handwriting")):
        tally = tallies[kind]
        said = f"{tally.found} of {tally.places} places by half or more; {tally.wanted / 1e6:.2f} MP of lettering"
        report.add("lettering", task, of_set, "recall", tally.recall, said, *LETTERING["recall"], gate=gate)
        report.add("lettering", task, of_set, "precision", tally.precision, f"{tally.boxed / 1e6:.2f} MP of boxes", *LETTERING["precision"], gate=gate)
    empty = tallies["clean"]
    report.add("lettering", "clean", of_set, "false area", empty.false_share, f"{empty.empty / 1e6:.1f} MP without lettering", *LETTERING["false"], less=True, gate=gate)
    scratched = tallies["scratched"]
    report.add("lettering", "scratched", of_set, "scratches taken", scratched.scratch_share, f"{scratched.scratch / 1e6:.2f} MP of scratches; {100 * scratched.false_share:.2f} % of these pictures in boxes",
               *LETTERING["scratches"], less=True, gate=gate)
    alike = tallies["lookalikes"]
    if alike.empty:  # no bar: an area protected in vain is the price of not missing a line
        said = f"{alike.empty / 1e6:.1f} MP of drawn rows of things"
        report.rows.append(dict(model="lettering", gate=False, task="lookalikes", set=of_set, metric="false area", value=round(alike.false_share, 5), baseline=said, ship=None, aim=None, held=None))
        print(f"none lettering lookalikes {of_set} false area {alike.false_share:.5f} | {said}", flush=True)


def committed() -> list[tuple[str, Picture]]:
    """The pictures of `evaluation/lettering` with their names."""
    folder = os.path.join(COMMITTED, "lettering")
    with open(os.path.join(folder, "lettering.json"), encoding="utf-8") as file:
        listed = json.load(file)["pictures"]
    grey = lambda name: cv2.imread(os.path.join(folder, name), cv2.IMREAD_GRAYSCALE)  # noqa: E731
    return [(entry["file"], Picture(entry["kind"], grey(entry["file"]), grey(entry["truth"]) & 3, grey(entry["truth"]) > 127)) for entry in listed]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with photographs/ and damage-masks/")
    parser.add_argument("--write", action="store_true", help="write the rows into model.json, and what is found in committed pictures")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "lettering", args.version)
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["lettering"]
    run = onnx_run(session_of("lettering", args.version))
    find = lambda luma: areas(cells(run, luma), threshold, luma.shape)  # noqa: E731
    report, tallies, found = Report(), {kind: Tally() for kind in KINDS}, {}
    for name, picture in committed():
        boxes = find(picture.luma)
        tallies[picture.kind].add(picture, boxes)
        found[name] = [dict(box=list(one.box), confidence=round(one.confidence, 3)) for one in boxes]
    rows(report, "committed", tallies, True)
    if args.data:
        tallies = {kind: Tally() for kind in KINDS}
        for picture in several(Scenes(args.data, "acceptance", ACCEPTANCE_SEED, leaves=20), ACCEPTANCE_SEED, EACH):
            tallies[picture.kind].add(picture, find(picture.luma))
        rows(report, "held-out", tallies, False)
        tally = Tally()
        for picture in period(args.data, "acceptance"):
            tally.add(picture, find(picture.luma))
        report.add("lettering", "clean", "period", "false area", tally.false_share, f"{tally.empty / 1e6:.1f} MP of period photographs without lettering", *LETTERING["false"], less=True, gate=False)
    else:
        print("absent: --data: held-out photographs were not judged in this run")
    if args.write:
        with open(os.path.join(COMMITTED, "lettering", "found.json"), "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)
            file.write("\n")
        missed = {row["task"] for row in report.rows if row["held"] is False}
        unreliable = [*(["lettering"] if missed & {"lettering", "clean", "scratched"} else []), *(["handwriting"] if "handwriting" in missed else [])]
        describe(folder, evaluation=[{k: v for k, v in row.items() if k not in ("model", "gate")} for row in report.rows], unreliable=unreliable)
    sys.exit(1 if report.failed() else 0)


if __name__ == "__main__":
    main()
