"""Judges the exported files: `python -m training.evaluate`, run in the folder `models`; exit 1 under any ship bar.

It is stricter than `evaluate.mjs`, which lets a miss that `model.json` admits pass as long as it does not get worse.

    python -m training.evaluate                       the committed set alone: what gates every build
    python -m training.evaluate --sets DIR            also CBSD68, Kodak24, Set5 under DIR (absence is said)
    python -m training.evaluate --data DIR            also photographs and masks kept out of the training
    python -m training.evaluate --data DIR --write    and write the figures into model.json

It runs ONNX files with onnxruntime, on one thread; torch is not needed.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import sys

import cv2
import numpy as np

from . import judging_upscale_fill
from .bars import CBSD68_AWGN, DAMAGE, NO_HARM, RESTORE_TASKS, WHITE_TASKS, damage_acceptance, spoil
from .degrade import LUMA, age
from .export import MODELS, describe, session_of
from .judging import TOP_HAT_LEVELS, Counts, Softener, best, delta_e, filters, mark_rule, masks_of, probabilities, psnr, sharpeners, top_hat
from .marks import CLASSES, MaskSet
from .outlines import differing
from .sampling import damage_recipe, photograph_paths

ACCEPTANCE_SEED = 99001  # of held-out pictures; nothing is tuned on it
NAMED_SETS = {"CBSD68": "cszn/FFDNet testsets/CBSD68", "Kodak24": "cszn/FFDNet testsets/Kodak24"}
COMMITTED = os.path.join(MODELS, "evaluation")
NETS = ("restore-s", "denoise-s", "damage-s", "up2", "up4", "fill-s")
SOFTENING = {"restore-s": tuple(RESTORE_TASKS), "denoise-s": WHITE_TASKS}


class Report:
    """Collects rows and prints each with its bar and baseline."""

    def __init__(self):
        self.rows: list[dict] = []

    def add(self, model, task, of_set, metric, value, baseline, ship, aim, less=False, gate=True):
        held = value <= ship if less else value >= ship
        reached = held and (value <= aim if less else value >= aim)
        digits = 5 if abs(ship) < 0.05 else 3
        row = dict(task=task, set=of_set, metric=metric, value=round(float(value), digits), baseline=baseline, ship=ship, aim=aim, held=bool(held))
        self.rows.append(dict(model=model, gate=gate, **row))
        word = "aim " if reached else "ship" if held else "FAIL"
        print(f"{word} {model:9} {task:18} {of_set:13} {metric:22} {row['value']:>8} ship {'≤' if less else '≥'} {ship} aim {aim} | baseline {baseline}", flush=True)

    def tell(self, model, task, of_set, metric, value, baseline):
        """A row without a bar."""
        self.rows.append(dict(model=model, gate=False, task=task, set=of_set, metric=metric, value=round(float(value), 3), baseline=baseline, ship=None, aim=None, held=None))
        print(f"     {model:9} {task:18} {of_set:13} {metric:22} {value:8.3f} | baseline {baseline}", flush=True)

    def failed(self) -> bool:
        return any(row["gate"] and not row["held"] for row in self.rows)


def read(path: str) -> np.ndarray:
    return np.ascontiguousarray(cv2.imread(path, cv2.IMREAD_COLOR)[..., ::-1])


def softening(report: Report, of_set: str, nets, pairs_of, pictures, full: bool, gate: bool) -> None:
    """Rows of the nets that soften noise, as far as they are among `nets`; `pairs_of(task)` answers (aged, truth) pairs, `pictures`
    are clean ones."""
    for model, tasks in SOFTENING.items():
        if model not in nets:
            continue
        for task in tasks:
            judge_restore(report, model, of_set, task, nets[model], pairs_of(task), full, gate)
        judge_no_harm(report, model, of_set, nets[model], pictures, gate)


def judge_restore(report: Report, model: str, of_set: str, task: str, net: Softener, pairs, full: bool, gate: bool) -> None:
    """Rows of one task on (aged, truth) pairs."""
    bar = RESTORE_TASKS[task]
    before = float(np.mean([psnr(a, t) for a, t in pairs]))
    after = float(np.mean([psnr(net(a), t) for a, t in pairs]))
    name, simple = ("input", before) if bar["against"] == "input" else best(sharpeners() if bar["against"] == "sharpeners" else filters(full), pairs)
    base = before if bar["measure"] == "over input" else max(simple, before)
    said = f"input {before:.2f} dB, {name} {simple:.2f} dB, restored {after:.2f} dB"
    if model == "restore-s" and task in WHITE_TASKS:
        report.tell(model, task, of_set, f"dB {bar['measure']}", after - base, said)
        return
    report.add(model, task, of_set, f"dB {bar['measure']}", after - base, said, bar["ship"], bar["aim"], gate=gate)
    if of_set == "CBSD68" and task in CBSD68_AWGN:
        ship, aim = CBSD68_AWGN[task]
        report.add(model, task, of_set, "dB", after, said, ship, aim, gate=gate)


def judge_no_harm(report: Report, model: str, of_set: str, net: Softener, pictures, gate: bool) -> None:
    outs = [(p, net(p)) for p in pictures]
    report.add(model, "no-harm", of_set, "dB", np.mean([psnr(a, b) for a, b in outs]), "identity", *NO_HARM["psnr"], gate=gate)
    report.add(model, "no-harm", of_set, "mean ΔE2000", np.mean([delta_e(a, b).mean() for a, b in outs]), "identity", *NO_HARM["delta_e"], less=True, gate=gate)


def judge_damage(report: Report, of_set: str, net, thresholds, damaged, undamaged, gate: bool) -> None:
    """`damaged`: (luma, masks) pairs; `undamaged`: lumas. Both uint8 / bool arrays."""
    rule = mark_rule()
    each, marks, union = [Counts() for _ in CLASSES], Counts(), Counts()
    hats = {level: Counts() for level in TOP_HAT_LEVELS}
    for luma, wanted in damaged:
        found = masks_of(probabilities(net, luma, rule), thresholds, luma, rule)
        for c in range(3):
            each[c].add(found[..., c], wanted[..., c])
        marks.add(found[..., :2].any(-1), wanted[..., :2].any(-1))
        union.add(found.any(-1), wanted.any(-1))
        hat = top_hat(luma)
        for level, counts in hats.items():
            counts.add(hat >= level, wanted[..., :2].any(-1))
    hat_f1 = max(c.f1 for c in hats.values())
    ship, aim = DAMAGE["f1"]
    report.add("damage-s", "scratch+dust", of_set, "F1", marks.f1, f"top-hat {hat_f1:.3f}", ship, aim, gate=gate)
    # No bar: its stains are not asked for, the net `stains` has the same bar for them.
    report.tell("damage-s", "all classes", of_set, "F1", union.f1, "none")
    for name, counts in zip(CLASSES, each):
        report.tell("damage-s", name, of_set, "F1", counts.f1, f"precision {counts.precision:.3f}, recall {counts.recall:.3f}")
    if not undamaged:
        return
    false = [float(masks_of(probabilities(net, luma, rule), thresholds, luma, rule).any(-1).mean()) for luma in undamaged]
    ship, aim = DAMAGE["share"]
    report.add("damage-s", "undamaged", of_set, "false-positive share", np.mean(false), f"largest of one picture {max(false):.5f}", ship, aim, less=True, gate=gate)


def committed(report: Report, nets, thresholds) -> None:
    """The rows that gate a build, for the nets given."""
    with open(os.path.join(COMMITTED, "set.json"), encoding="utf-8") as file:
        listed = json.load(file)
    at = lambda name: os.path.join(COMMITTED, name)  # noqa: E731
    pairs_of = lambda task: [(read(at(e["aged"])), read(at(e["truth"]))) for e in listed["restore"] if e["task"] == task]  # noqa: E731
    softening(report, "committed", nets, pairs_of, [read(at(n)) for n in listed["clean"]], full=False, gate=True)
    grey = lambda name: cv2.imread(at(name), cv2.IMREAD_GRAYSCALE)  # noqa: E731
    if "damage-s" in nets:
        damaged = [(grey(e["luma"]), read(at(e["masks"])) > 127) for e in listed["damage"]]
        judge_damage(report, "committed", nets["damage-s"], thresholds, damaged, [grey(n) for n in listed["undamaged"]], gate=True)
    judging_upscale_fill.committed(report, nets, COMMITTED, read)


UNRELIABLE = 0.1  # a class that is found no better than this on any set is said to be not measured


def unreliable(report: Report) -> list[str]:
    """Classes of damage-s whose F1 stays under UNRELIABLE on every set that was judged."""
    best_of = {name: max((row["value"] for row in report.rows if row["model"] == "damage-s" and row["task"] == name), default=1.0) for name in CLASSES}
    return [name for name in CLASSES if best_of[name] < UNRELIABLE]


def spoilt(pictures: list[np.ndarray], task: str) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(spoil(p, task, ACCEPTANCE_SEED + i), p) for i, p in enumerate(pictures)]


def held_out(report: Report, nets, thresholds, data: str) -> None:
    """Photographs whose digest puts them in the acceptance part, at half size, 384 px from the middle."""
    pictures = []
    for path in photograph_paths(data, "acceptance", ("photographs",)):
        image = read(path)
        small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        y, x = (small.shape[0] - 384) // 2, (small.shape[1] - 384) // 2
        pictures.append(np.ascontiguousarray(small[y:y + 384, x:x + 384]))
    softening(report, "held-out", nets, lambda task: spoilt(pictures, task), pictures, full=False, gate=False)
    judging_upscale_fill.held_out(report, nets, pictures, data, ACCEPTANCE_SEED)
    if "damage-s" not in nets:
        return
    masks = MaskSet(os.path.join(data, "damage-masks"), "acceptance")
    undamaged = []
    for path in photograph_paths(data, "acceptance", ("photographs",)):
        image = read(path)
        undamaged.append(np.round(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32) @ LUMA).astype(np.uint8))
    for of_set, recipe in (("held-out", damage_acceptance), ("held-out worn", lambda rng: damage_recipe(rng, 0.0))):
        rng = np.random.default_rng(ACCEPTANCE_SEED)
        damaged = []
        for i in range(3 * len(pictures)):
            aged, _, marked = age(pictures[i % len(pictures)].astype(np.float32) / 255, ACCEPTANCE_SEED + 1000 + i, recipe(rng), masks)
            damaged.append((np.round(aged @ LUMA * 255).astype(np.uint8), marked > 0))
        judge_damage(report, of_set, nets["damage-s"], thresholds, damaged, undamaged if of_set == "held-out" else [], gate=False)


def named(report: Report, nets, sets: str | None) -> None:
    """CBSD68 and Kodak24 (restore-s, denoise-s), Set5 (up2, up4), where `sets` holds them."""
    judging_upscale_fill.set5(report, nets, sets, read)
    if not SOFTENING.keys() & nets.keys():
        return
    for name, source in NAMED_SETS.items():
        found = sorted(p for p in glob.glob(os.path.join(sets or "", name, "*")) if p.lower().endswith((".png", ".jpg", ".tif", ".bmp"))) if sets else []
        if not found:
            print(f"absent: {name} ({source}): its bars were not judged in this run")
            continue
        pictures = [read(p) for p in found]
        softening(report, name, nets, lambda task, of=pictures: spoilt(of, task), pictures, full=True, gate=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", help="folder that holds CBSD68/, Kodak24/ and Set5/")
    parser.add_argument("--data", help="folder with photographs/ and damage-masks/")
    parser.add_argument("--write", action="store_true", help="write the rows into model.json")
    parser.add_argument("--only", choices=NETS, help="one net")
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = lambda name: os.path.join(MODELS, name, args.version)  # noqa: E731
    nets = {name: (Softener if name in SOFTENING else session_of)(name, args.version) for name in NETS if args.only in (None, name)}
    with open(os.path.join(folder("damage-s"), "model.json"), encoding="utf-8") as file:
        thresholds = json.load(file)["thresholds"]
    apart = differing()
    print(f"{'same' if apart == 0 else 'FAIL'} outlines of marks: {apart} pixels differ from the committed ones")
    report = Report()
    committed(report, nets, thresholds)
    if args.data:
        held_out(report, nets, thresholds, args.data)
    named(report, nets, args.sets)
    if args.write:
        for name in nets:
            describe(folder(name), evaluation=[{k: v for k, v in row.items() if k not in ("model", "gate")} for row in report.rows if row["model"] == name])
        if "damage-s" in nets:
            describe(folder("damage-s"), unreliable=unreliable(report))
    sys.exit(1 if report.failed() or apart else 0)


if __name__ == "__main__":
    main()
