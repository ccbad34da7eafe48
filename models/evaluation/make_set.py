"""Makes the committed evaluation set: `python -m evaluation.make_set`, run in the folder `models`.

Everything is drawn, with one fixed seed; running it again gives the same pictures with the same library versions
(training/requirements.txt). The files are committed, so nobody needs to run it to judge a build.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from evaluation.scenes import SCENES
from training.bars import RESTORE_TASKS, spoil
from training.dead_leaves import dead_leaves, lookalikes
from training.degrade import LUMA, Recipe, age

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 77001
SIDE, DAMAGE_SIDE = 208, 304
# The sitter and the street are judged under every task; the other two only where a file is small.
EVERYWHERE, SMALL_TASKS = ("street", "sitter"), ("grain", "grey-noise-25", "jpeg-30", "awgn-15-jpeg-50", "blur-1.2-noise-5")
DAMAGE = {
    "street-scratched": ("street", Recipe(tone="grey", fade=0.3, blur=0.6, grain=5, scratches=7, hairs=2, dust=30)),
    "sitter-cracked": ("sitter", Recipe(tone="sepia", fade=0.4, blur=0.5, grain=6, cracks=3, dust=30, scratches=2)),
    "hills-folded": ("hills", Recipe(tone="sepia", fade=0.5, yellow=0.5, blur=0.7, grain=4, folds=2, dust=40, jpeg=80)),
    "table-stained": ("table", Recipe(tone="grey", fade=0.2, blur=0.4, grain=4, stains=7, dust=20, hairs=2)),
    "sitter-stained": ("sitter", Recipe(tone="sepia", fade=0.5, yellow=0.4, grain=5, stains=6, scratches=4, dust=25)),
    "hills-worn": ("hills", Recipe(tone="grey", fade=0.5, blur=0.8, grain=9, cracks=1, scratches=6, hairs=2, dust=80, jpeg=70)),
}


def eight(image: np.ndarray) -> np.ndarray:
    return np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)


def write(name: str, image: np.ndarray) -> str:
    """Writes a PNG; a picture whose channels are equal is written grey."""
    if image.ndim == 3 and (image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all():
        image = image[..., 0]
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    cv2.imwrite(path, image if image.ndim == 2 else image[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return name


def main() -> None:
    cv2.setNumThreads(1)
    listed: dict = {"seed": SEED, "restore": [], "clean": [], "damage": [], "undamaged": []}
    tasks = list(RESTORE_TASKS)
    for number, (name, draw) in enumerate(SCENES.items()):
        colour = eight(draw(np.random.default_rng([SEED, number]), SIDE, SIDE))
        grey = np.repeat(np.round(colour.astype(np.float32) @ LUMA).astype(np.uint8)[..., None], 3, 2)
        truths = {"colour": write(f"truth/{name}.png", colour)}
        listed["clean"].append(truths["colour"])
        for task in tasks:
            if name not in EVERYWHERE and task not in SMALL_TASKS:
                continue
            monochrome = task in ("grain", "grey-noise-25") or (task == "blur-1.2-noise-5" and name not in EVERYWHERE)
            if monochrome and "grey" not in truths:
                truths["grey"] = write(f"truth/{name}-grey.png", grey)
            aged = spoil(grey if monochrome else colour, task, SEED + 10 * number + tasks.index(task))
            if monochrome:
                aged = np.repeat(aged[..., :1], 3, 2)
            listed["restore"].append(dict(task=task, truth=truths["grey" if monochrome else "colour"], aged=write(f"aged/{name}-{task}.png", aged)))
    for number, (name, (scene, recipe)) in enumerate(DAMAGE.items()):
        image = SCENES[scene](np.random.default_rng([SEED, 100 + number]), DAMAGE_SIDE, DAMAGE_SIDE)
        aged, _, masks = age(image, SEED + 500 + number, recipe)
        listed["damage"].append(dict(luma=write(f"damage/{name}.png", eight(aged @ LUMA)), masks=write(f"damage/{name}-masks.png", eight(masks))))
    for number, name in enumerate((*SCENES, "leaves", "wires-and-lettering")):
        rng = np.random.default_rng([SEED, 200 + number])
        image = dead_leaves(rng, DAMAGE_SIDE, DAMAGE_SIDE) if name == "leaves" else SCENES.get(name, SCENES["hills"])(rng, DAMAGE_SIDE, DAMAGE_SIDE)
        if name == "wires-and-lettering":
            image = lookalikes(rng, lookalikes(rng, image))
        aged, _, _ = age(image, SEED + 600 + number, Recipe(tone="grey", fade=0.25, blur=0.4, grain=3 + number))
        listed["undamaged"].append(write(f"undamaged/{name}.png", eight(aged @ LUMA)))
    with open(os.path.join(HERE, "set.json"), "w", encoding="utf-8") as file:
        json.dump(listed, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
