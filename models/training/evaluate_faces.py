"""Judges face finding: `python -m training.evaluate_faces [--look] [--data DIR] [--write]`; exit 1 under a ship bar.

    --look                   all nets together, rows of `face-look` and, for the landmarks, of `face-marks`; without it the first net, rows of `faces`:
                             its task is to propose, and what it leaves out no other net finds; what it finds alone has no bar

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
from .face_finding import find_faces, onnx_run, proposals
from .judging_faces import Tally, Wanted, interval
from .sampling import photograph_paths

LARGE_GROUP = 50  # faces from which a group of sitters has a bar of its own
SAME_IN_BOTH = ("rendered-02.jpg", "rendered-05.jpg", "rendered-10.jpg")
RENDERED = 80     # scenes of held-out identities made for --sprites


class FaceReport(Report):
    """`name`: the model whose rows these are; `alone`: it decides without another net, and has no bars for that."""

    def __init__(self, name: str, alone: bool):
        super().__init__()
        self.name, self.alone = name, alone

    def told(self, task: str, of_set: str, metric: str, value: float, baseline: str) -> None:
        """A row without a bar."""
        print(f"     {self.name:9} {task:18} {of_set:13} {metric:22} {value:>8.3f} no bar | {baseline}", flush=True)
        self.rows.append(dict(model=self.name, gate=False, task=task, set=of_set, metric=metric, value=round(value, 3), baseline=baseline, ship=None, aim=None, held=None))

    def judged(self, task: str, of_set: str, metric: str, value: float, baseline: str, bars: tuple[float, float], less: bool = False, gate: bool = False) -> None:
        """A row with its bars where all nets are judged together."""
        if self.alone:
            self.told(task, of_set, metric, value, baseline)
        else:
            self.add("face-marks" if task == "landmarks" else self.name, task, of_set, metric, value, baseline, *bars, less=less, gate=gate)


def said(tally: Tally, of: str) -> str:
    """Counts and Wilson interval of recall or precision."""
    low, high = interval(tally.hits, tally.wanted if of == "recall" else tally.hits + tally.false)
    return f"{tally.hits} of {tally.wanted if of == 'recall' else tally.hits + tally.false}, interval {low:.2f}–{high:.2f}"


def both(report: FaceReport, of_set: str, tally: Tally, gate: bool) -> None:
    report.judged("finding", of_set, "recall", tally.recall, said(tally, "recall"), FACES["recall"], gate=gate)
    report.judged("finding", of_set, "precision", tally.precision, said(tally, "precision"), FACES["precision"], gate=gate)


def marks(report: FaceReport, of_set: str, tally: Tally, gate: bool) -> None:
    if tally.errors:
        wide = [e for e, w in zip(tally.errors, tally.widths) if w >= 32] or [1]
        report.judged("landmarks", of_set, "mean share of eye distance", float(np.mean(tally.errors)),
                      f"median {np.median(tally.errors):.3f}, {len(tally.errors)} faces; 32 px wide or more: {np.mean(wide):.3f}", FACES["marks"], less=True, gate=gate)


def proposing(report: FaceReport, of_set: str, tally: Tally, gate: bool) -> None:
    """What the first net shows to the second."""
    report.add(report.name, "proposing", of_set, "recall", tally.recall, f"{said(tally, 'recall')}, {tally.false} proposals that are none", *FACES["proposed"], gate=gate)


def committed(find) -> Tally:
    with open(os.path.join(COMMITTED, "faces", "faces.json"), encoding="utf-8") as file:
        listed = json.load(file)
    tally, bare = Tally(), 0
    for scene in listed["scenes"]:
        grey = cv2.imread(os.path.join(COMMITTED, "faces", scene["file"]), cv2.IMREAD_GRAYSCALE)
        faces = [Wanted(np.array(f["box"]), f["judged"], np.array(f["five"]), f["turn"]) for f in scene["faces"]]
        found = find(grey)
        bare += 0 if faces else len(found)
        tally.add(found, faces)
    print(f"     committed scenes without faces: {bare} false")
    return tally


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


def people(find, data: str) -> tuple[Tally, dict[str, Tally]]:
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
    return tally, groups


def by_group(report: FaceReport, groups: dict[str, Tally]) -> None:
    for name, group in sorted(groups.items(), key=lambda g: -g[1].wanted):
        if group.wanted >= LARGE_GROUP:
            report.judged(name, "people", "recall", group.recall, said(group, "recall"), FACES["group"])
        elif group.wanted:
            report.told(name, "people", "recall", group.recall, f"{said(group, 'recall')}, {group.false} false")


def without_people(report: FaceReport, find, data: str) -> None:
    false, megapixels = 0, 0.0
    for path in photograph_paths(data, "acceptance", ("photographs",)):
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        megapixels += grey.size / 1e6
        false += len(find(grey))
    report.judged("no people", "held-out", "false faces in 10 MP", false / megapixels * 10, f"{false} in {megapixels:.0f} MP", FACES["false"], less=True)


def rendered(find, sprites: str) -> Tally:
    """Scenes of identities kept out of the training, on procedural backgrounds."""
    from .face_scenes import Composer, Sprites

    composer = Composer(Sprites(sprites, "acceptance"), None, "acceptance", ACCEPTANCE_SEED, 448, 160.0)
    rng, tally = np.random.default_rng(ACCEPTANCE_SEED), Tally()
    for _ in range(RENDERED):
        grey, faces = composer.scene(rng)
        tally.add(find(grey.astype(np.uint8)), wanted(faces))
    return tally


def judge(report: FaceReport, find, args: argparse.Namespace) -> None:
    """All rows of a way of finding faces."""
    tallies = {"committed": committed(find)}
    if args.sprites:
        tallies["rendered"] = rendered(find, args.sprites)
    for of_set, tally in tallies.items():
        both(report, of_set, tally, of_set == "committed")
        marks(report, of_set, tally, of_set == "committed")
    if args.data:
        tally, groups = people(find, args.data)
        both(report, "people", tally, False)
        by_group(report, groups)
        without_people(report, find, args.data)
    else:
        print("absent: --data: real photographs were not judged in this run")


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
    report = FaceReport(name, alone=not args.look)
    if not args.look:
        propose = lambda grey: proposals(run, grey)  # noqa: E731
        proposing(report, "committed", committed(propose), True)
        if args.data:
            proposing(report, "people", people(propose, args.data)[0], False)
    judge(report, find, args)
    if args.write and args.look:
        write_found(find)
    if args.write:
        for model in {row["model"] for row in report.rows}:
            rows = [{k: v for k, v in row.items() if k not in ("model", "gate")} for row in report.rows if row["model"] == model]
            describe(os.path.join(MODELS, model, args.version), evaluation=rows)
    sys.exit(1 if report.failed() else 0)


if __name__ == "__main__":
    main()
