"""Judges face finding: `python -m training.evaluate_faces [--look] [--data DIR] [--write]`; exit 1 under a ship bar.

    --look                   all nets together, rows of `face-look` and, for the landmarks, of `face-marks`; without it the first net alone, rows of `faces`

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
from .calibrate_faces import open_look, wanted
from .evaluate import ACCEPTANCE_SEED, COMMITTED, Report
from .export import MODELS, describe, session_of
from .face_finding import find_faces, onnx_run
from .judging_faces import Tally, Wanted, interval
from .sampling import photograph_paths

LARGE_GROUP = 50  # faces from which a group of sitters has a bar of its own
SAME_IN_BOTH = ("rendered-02.jpg", "rendered-05.jpg", "rendered-10.jpg")
RENDERED = 80     # scenes of held-out identities made for --sprites


class FaceReport(Report):
    """`name`: the model whose rows these are."""

    def __init__(self, name: str):
        super().__init__()
        self.name = name


def said(tally: Tally, of: str) -> str:
    """Counts and Wilson interval of recall or precision."""
    low, high = interval(tally.hits, tally.wanted if of == "recall" else tally.hits + tally.false)
    return f"{tally.hits} of {tally.wanted if of == 'recall' else tally.hits + tally.false}, interval {low:.2f}–{high:.2f}"


def both(report: FaceReport, of_set: str, tally: Tally, gate: bool) -> None:
    report.add(report.name, "finding", of_set, "recall", tally.recall, said(tally, "recall"), *FACES["recall"], gate=gate)
    report.add(report.name, "finding", of_set, "precision", tally.precision, said(tally, "precision"), *FACES["precision"], gate=gate)


def marks(report: FaceReport, of_set: str, tally: Tally, gate: bool) -> None:
    if tally.errors:
        report.add("face-marks" if report.name == "face-look" else report.name, "landmarks", of_set, "mean share of eye distance", float(np.mean(tally.errors)),
                   f"median {np.median(tally.errors):.3f}, {len(tally.errors)} faces; 32 px wide or more: {np.mean([e for e, w in zip(tally.errors, tally.widths) if w >= 32] or [1]):.3f}", *FACES["marks"], less=True, gate=gate)


def committed(report: FaceReport, find) -> None:
    with open(os.path.join(COMMITTED, "faces", "faces.json"), encoding="utf-8") as file:
        listed = json.load(file)
    tally, bare = Tally(), 0
    for scene in listed["scenes"]:
        grey = cv2.imread(os.path.join(COMMITTED, "faces", scene["file"]), cv2.IMREAD_GRAYSCALE)
        faces = [Wanted(np.array(f["box"]), f["judged"], np.array(f["five"]), f["turn"]) for f in scene["faces"]]
        found = find(grey)
        bare += 0 if faces else len(found)
        tally.add(found, faces)
    both(report, "committed", tally, True)
    marks(report, "committed", tally, True)
    print(f"     {report.name:9} committed scenes without faces: {bare} false")


def write_found(find) -> None:
    """`faces/found.json`: what is found in three committed scenes, for the test that the server finds the same."""
    listed = {}
    for name in SAME_IN_BOTH:
        grey = cv2.imread(os.path.join(COMMITTED, "faces", name), cv2.IMREAD_GRAYSCALE)
        rounded = lambda values: [round(float(v), 2) for v in values]  # noqa: E731
        listed[name] = [dict(box=rounded(one.box), five=[rounded(p) for p in one.five], score=round(one.score, 4)) for one in find(grey)]
    with open(os.path.join(COMMITTED, "faces", "found.json"), "w", encoding="utf-8") as file:
        json.dump(listed, file)
        file.write("\n")


def people(report: FaceReport, find, data: str) -> None:
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
        found = find(grey)
        for one in (tally, groups.setdefault(sitters[name], Tally())):
            one.add(found, boxes[name])
    both(report, "people", tally, False)
    for name, group in sorted(groups.items(), key=lambda g: -g[1].wanted):
        if group.wanted >= LARGE_GROUP:
            report.add(report.name, name, "people", "recall", group.recall, said(group, "recall"), *FACES["group"], gate=False)
        elif group.wanted:
            print(f"     {report.name:9} {name}: recall {group.recall:.3f} ({said(group, 'recall')}), precision {group.precision:.3f}: too few for a bar")
            report.rows.append(dict(model=report.name, gate=False, task=name, set="people", metric="recall", value=round(group.recall, 3), baseline=said(group, "recall") + f", {group.false} false", ship=None, aim=None, held=None))


def without_people(report: FaceReport, find, data: str) -> None:
    false, megapixels = 0, 0.0
    for path in photograph_paths(data, "acceptance", ("photographs",)):
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        megapixels += grey.size / 1e6
        false += len(find(grey))
    report.add(report.name, "no people", "held-out", "false faces in 10 MP", false / megapixels * 10, f"{false} in {megapixels:.0f} MP", *FACES["false"], less=True, gate=False)


def rendered(report: FaceReport, find, sprites: str) -> None:
    """Scenes of identities kept out of the training, on procedural backgrounds."""
    from .face_scenes import Composer, Sprites

    composer = Composer(Sprites(sprites, "acceptance"), None, "acceptance", ACCEPTANCE_SEED, 448, 160.0)
    rng, tally = np.random.default_rng(ACCEPTANCE_SEED), Tally()
    for _ in range(RENDERED):
        grey, faces = composer.scene(rng)
        tally.add(find(grey.astype(np.uint8)), wanted(faces))
    both(report, "rendered", tally, False)
    marks(report, "rendered", tally, False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with people/ and photographs/")
    parser.add_argument("--sprites", help="folder written by training.heads_sprites")
    parser.add_argument("--write", action="store_true", help="write the rows into model.json")
    parser.add_argument("--look", action="store_true", help="judge both nets together")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    name = "face-look" if args.look else "faces"
    folder = os.path.join(MODELS, name, args.version)
    run, look = onnx_run(session_of("faces")), open_look(args.version) if args.look else None
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        threshold = json.load(file)["thresholds"]["face"]
    find = lambda grey: find_faces(run, grey, threshold, look)  # noqa: E731
    report = FaceReport(name)
    committed(report, find)
    if args.sprites:
        rendered(report, find, args.sprites)
    if args.data:
        people(report, find, args.data)
        without_people(report, find, args.data)
    else:
        print("absent: --data: real photographs were not judged in this run")
    if args.write and args.look:
        write_found(find)
    if args.write:
        for model in {row["model"] for row in report.rows}:
            rows = [{k: v for k, v in row.items() if k not in ("model", "gate")} for row in report.rows if row["model"] == model]
            describe(os.path.join(MODELS, model, args.version), evaluation=rows)
    sys.exit(1 if report.failed() else 0)


if __name__ == "__main__":
    main()
