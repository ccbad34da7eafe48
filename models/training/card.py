"""Writes the figures of every card from `model.json`: `python -m training.card`. Text outside the two marks stays."""

from __future__ import annotations

import json
import os

from .export import MODELS

START, END = "<!-- figures: written by training/card.py -->", "<!-- end of figures -->"


def table(model: dict) -> str:
    """Markdown of the contract's measured values and of every evaluation row."""
    origin, tile = model["origin"], model["tile"]
    nets = origin.get("averaged", [origin])
    lines = [
        f"Parameters {origin['parameters']:,}; iterations {sum(one['iterations'] for one in nets):,} at batch {origin['batch']}, crops of {origin['crop']} px; "
        f"{sum(one['seconds'] for one in nets) // 60} minutes on one shared processor core; seed {origin['seed']}.",
        "",
    ]
    if len(nets) > 1:
        of = "; ".join(f"{one['parameters']:,} parameters, {one['iterations']:,} iterations, {one['seconds'] // 60} minutes, seed {one['seed']}" for one in nets)
        lines += [f"The answers of {len(nets)} nets are averaged: {of}.", ""]
    if "largestDifference" in tile:
        lines += [
            f"Tiles of {tile['size']} px, margin {tile['margin']} px. Largest difference to the full frame by margin, in levels of 255"
            + (" of probability" if model["task"] in ("damage-mask", "lettering-mask") else "") + ": "
            + ", ".join(f"{k} px {v:g}" for k, v in tile["largestDifference"].items()) + ".",
            "",
        ]
    if "thresholds" in model:
        lines += ["Thresholds of probability: " + ", ".join(f"{k} {v:g}" for k, v in model["thresholds"].items()) + ".", ""]
    lines += ["| Set | Task | Measure | Value | Ship | Aim | Held | Baseline of the same run |", "|---|---|---|---|---|---|---|---|"]
    for row in model.get("evaluation", []):
        held = {True: "yes", False: "**no**", None: "no bar"}[row["held"]]
        bar = lambda v: "" if v is None else f"{v:g}"  # noqa: E731
        lines.append(f"| {row['set']} | {row['task']} | {row['metric']} | {row['value']:g} | {bar(row['ship'])} | {bar(row['aim'])} | {held} | {row['baseline']} |")
    return "\n".join(lines)


def main() -> None:
    for name in ("restore-s", "denoise-s", "damage-s", "up2", "up4", "fill-s", "faces", "face-look", "face-marks", "lettering", "stains"):
        folder = os.path.join(MODELS, name, "1.0.0")
        if not os.path.exists(os.path.join(folder, "CARD.md")):
            print(f"absent: no card of {name}")
            continue
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
            model = json.load(file)
        path = os.path.join(folder, "CARD.md")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        before, after = text.index(START) + len(START), text.index(END)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{text[:before]}\n\n{table(model)}\n\n{text[after:]}")


if __name__ == "__main__":
    main()
