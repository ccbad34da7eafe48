"""Writes `data.json`: every file the trainings read, its digest, licence and part. `python -m training.manifest --data DIR`

Photographs are listed one by one. Of the folder of small photographs, the damage masks, the head data and each family of fonts, one digest per folder: the sha256 of the lines
"<sha256 of file>  <file name>\\n" in the order of the names.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os

from . import letter_fonts
from .export import digest
from .marks import MASK_FOLDERS
from .sampling import PHOTOGRAPH_FOLDERS, part_of
from .stain_scenes import FOLDERS as STAIN_FOLDERS

HERE = os.path.dirname(os.path.abspath(__file__))


def sources(folder: str) -> dict[str, dict]:
    """Rows of a folder's SOURCES.csv by file name."""
    path = os.path.join(folder, "SOURCES.csv")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    args = parser.parse_args()
    folders = []
    for name in PHOTOGRAPH_FOLDERS:
        folder = os.path.join(args.data, name)
        rows = sources(folder)
        files = []
        for file in sorted(f for f in os.listdir(folder) if f.lower().endswith((".jpg", ".jpeg", ".png"))):
            path, row = os.path.join(folder, file), rows.get(file, {})
            licence = row.get("licence") or row.get("rights") or "see SOURCES.csv"
            files.append(dict(file=file, sha256=digest(path), part=part_of(path), licence=licence, source=row.get("repository") or row.get("repo") or ""))
        used = [*(["restore-s", "denoise-s", "damage-s"] if name == "photographs" else ["restore-s", "denoise-s"]), "up2", "up4", "fill-s", *(["faces", "face-look", "face-marks"] if name == "photographs" else []), "lettering", "stains"]
        folders.append(dict(folder=name, usedBy=used, files=files))
    small = []
    for name in STAIN_FOLDERS:
        if name in PHOTOGRAPH_FOLDERS:
            continue
        folder = os.path.join(args.data, name)
        files = sorted(f for f in os.listdir(folder) if f.lower().endswith((".jpg", ".jpeg", ".png")))
        lines = "".join(f"{digest(os.path.join(folder, f))}  {f}\n" for f in files)
        small.append(dict(folder=name, licence="no known restrictions (US Government work, FSA/OWI Collection, Library of Congress)", usedBy=["denoise-s", "stains"], count=len(files), sha256=hashlib.sha256(lines.encode()).hexdigest()))
    masks = []
    for name, kind in MASK_FOLDERS.items():
        folder = os.path.join(args.data, "damage-masks", name)
        files = sorted(f for f in os.listdir(folder) if f.endswith(".png"))
        lines = "".join(f"{digest(os.path.join(folder, f))}  {f}\n" for f in files)
        masks.append(dict(folder=f"damage-masks/{name}", class_=kind, count=len(files), sha256=hashlib.sha256(lines.encode()).hexdigest()))
    heads = []
    for name in (".", "proxies", "tex"):
        folder = os.path.join(args.data, "heads", name)
        files = sorted(f for f in os.listdir(folder) if f.endswith((".npz", ".png", ".jpg")))
        lines = "".join(f"{digest(os.path.join(folder, f))}  {f}\n" for f in files)
        heads.append(dict(folder=os.path.normpath(f"heads/{name}"), count=len(files), sha256=hashlib.sha256(lines.encode()).hexdigest()))
    out = dict(
        about="Files read with --data. Parts: photographs by the first byte of their sha256 modulo 10, masks by their place in the sorted folder modulo 10; 9 acceptance, 8 validation, else training.",
        folders=folders,
        small=small,
        masks=dict(licence="MIT", source="FilmDamageSimulator, D. Ivanova et al.", usedBy=["damage-s", "fill-s", "lettering", "stains"], folders=[{("class" if k == "class_" else k): v for k, v in m.items()} for m in masks]),
        heads=dict(licence="CC0-1.0", source="makehumancommunity/mpfb2 and makehumancommunity/makehuman-assets, reduced; no code of theirs", usedBy=["faces", "face-look", "face-marks", "stains"], folders=heads),
        fonts=dict(about="Debian packages from which lettering is rendered; installed beside the training, never shipped. One digest for each family, as for the masks.", usedBy=["lettering"], families=letter_fonts.manifest()),
        procedural=dict(licence="Apache-2.0, made by training/dead_leaves.py and training/marks.py", share={"restore-s": 0.4, "denoise-s": 0.4, "damage-s": 0.08, "up2": 0.3, "up4": 0.3, "fill-s": 0.25, "lettering": 0.2, "stains": 0.12}),
    )
    with open(os.path.join(HERE, "data.json"), "w", encoding="utf-8") as file:
        json.dump(out, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
