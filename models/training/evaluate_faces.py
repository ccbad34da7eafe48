"""Judges the face net: `python -m training.evaluate_faces [--data DIR] [--write]`; exit 1 under a ship bar.

    without --data           the committed rendered scenes: what gates every build
    --data DIR               also real old photographs in DIR/people (recall and precision, by group of sitters) and photographs
                             without people of the part `acceptance` (false faces)
    --sprites DIR            also RENDERED scenes of held-out identities

Pictures of people serve for judging alone: nothing is trained or chosen on them.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys

import cv2
import numpy as np

from .bars import FACES
from .calibrate_faces import wanted
from .evaluate import ACCEPTANCE_SEED, COMMITTED, Report
from .export import MODELS, describe, session
from .face_finding import find_faces, onnx_run
from .judging_faces import Tally, Wanted, interval
from .sampling import photograph_paths

LARGE_GROUP = 50  # faces from which a group of sitters has a bar of its own
RENDERED = 80     # scenes of held-out identities made for --sprites


def said(tally: Tally, of: str) -> str:
    """Counts and Wilson interval of recall or precision."""
    low, high = interval(tally.hits, tally.wanted if of == "recall" else tally.hits + tally.false)
    return f"{tally.hits} of {tally.wanted if of == 'recall' else tally.hits + tally.false}, interval {low:.2f}–{high:.2f}"


def both(report: Report, of_set: str, tally: Tally, gate: bool) -> None:
    report.add("faces", "finding", of_set, "recall", tally.recall, said(tally, "recall"), *FACES["recall"], gate=gate)
    report.add("faces", "finding", of_set, "precision", tally.precision, said(tally, "precision"), *FACES["precision"], gate=gate)


def marks(report: Report, of_set: str, tally: Tally, gate: bool) -> None:
    if tally.errors:
        report.add("faces", "landmarks", of_set, "mean share of eye distance", float(np.mean(tally.errors)),
                   f"median {np.median(tally.errors):.3f}, {len(tally.errors)} faces; 32 px wide or more: {np.mean([e for e, w in zip(tally.errors, tally.widths) if w >= 32] or [1]):.3f}", *FACES["marks"], less=True, gate=gate)


def committed(report: Report, run, threshold: float) -> None:
    with open(os.path.join(COMMITTED, "faces", "faces.json"), encoding="utf-8") as file:
        listed = json.load(file)
    tally, bare = Tally(), 0
    for scene in listed["scenes"]:
        grey = cv2.imread(os.path.join(COMMITTED, "faces", scene["file"]), cv2.IMREAD_GRAYSCALE)
        faces = [Wanted(np.array(f["box"]), f["judged"], np.array(f["five"]), f["turn"]) for f in scene["faces"]]
        found = find_faces(run, grey, threshold)
        bare += 0 if faces else len(found)
        tally.add(found, faces)
    both(report, "committed", tally, True)
    marks(report, "committed", tally, True)
    print(f"     faces     committed scenes without faces: {bare} false")


def people(report: Report, run, threshold: float, data: str) -> None:
    """Real old photographs, over all and by group of sitters."""
    folder = os.path.join(data, "people")
    with open(os.path.join(folder, "SOURCES.csv"), encoding="utf-8") as file:
        sitters = {row["file"]: row["sitters"] for row in csv.DictReader(file)}
    boxes: dict[str, list[Wanted]] = {name: [] for name in sitters}
    with open(os.path.join(folder, "faces.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            boxes[row["file"]].append(Wanted(np.array([float(row[k]) for k in "xywh"]), row["difficult"] == "0"))
    tally, groups = Tally(), {}
    for name in sorted(boxes):
        grey = cv2.imread(os.path.join(folder, name), cv2.IMREAD_GRAYSCALE)
        found = find_faces(run, grey, threshold)
        for one in (tally, groups.setdefault(sitters[name], Tally())):
            one.add(found, boxes[name])
    both(report, "people", tally, False)
    for name, group in sorted(groups.items(), key=lambda g: -g[1].wanted):
        if group.wanted >= LARGE_GROUP:
            report.add("faces", name, "people", "recall", group.recall, said(group, "recall"), *FACES["group"], gate=False)
        elif group.wanted:
            print(f"     faces     {name}: recall {group.recall:.3f} ({said(group, 'recall')}), precision {group.precision:.3f}: too few for a bar")
            report.rows.append(dict(model="faces", gate=False, task=name, set="people", metric="recall", value=round(group.recall, 3), baseline=said(group, "recall") + f", {group.false} false", ship=None, aim=None, held=None))


def without_people(report: Report, run, threshold: float, data: str) -> None:
    false, megapixels = 0, 0.0
    for path in photograph_paths(data, "acceptance", ("photographs",)):
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        megapixels += grey.size / 1e6
        false += len(find_faces(run, grey, threshold))
    report.add("faces", "no people", "held-out", "false faces in 10 MP", false / megapixels * 10, f"{false} in {megapixels:.0f} MP", *FACES["false"], less=True, gate=False)


def rendered(report: Report, run, threshold: float, sprites: str) -> None:
    """Scenes of identities kept out of the training, on procedural backgrounds."""
    from .face_scenes import Composer, Sprites

    composer = Composer(Sprites(sprites, "acceptance"), None, "acceptance", ACCEPTANCE_SEED, 448, 160.0)
    rng, tally = np.random.default_rng(ACCEPTANCE_SEED), Tally()
    for _ in range(RENDERED):
        grey, faces = composer.scene(rng)
        tally.add(find_faces(run, grey.astype(np.uint8), threshold), wanted(faces))
    both(report, "rendered", tally, False)
    marks(report, "rendered", tally, False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with people/ and photographs/")
    parser.add_argument("--sprites", help="folder written by training.heads_sprites")
    parser.add_argument("--write", action="store_true", help="write the rows into model.json")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = os.path.join(MODELS, "faces", args.version)
    run = onnx_run(session(os.path.join(folder, "faces.u8.onnx")))
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["face"]
    report = Report()
    committed(report, run, threshold)
    if args.sprites:
        rendered(report, run, threshold, args.sprites)
    if args.data:
        people(report, run, threshold, args.data)
        without_people(report, run, threshold, args.data)
    else:
        print("absent: --data: real photographs were not judged in this run")
    if args.write:
        describe(folder, evaluation=[{k: v for k, v in row.items() if k not in ("model", "gate")} for row in report.rows])
    sys.exit(1 if report.failed() else 0)


if __name__ == "__main__":
    main()
