"""Makes what the committed set holds for upscaling and filling: `python -m evaluation.make_upscale_fill`, run in `models`.

Small pictures (antialiased bicubic of the drawn truths, clean and worn) and holes; it reads `truth/` and `undamaged/`, which
make_set.py draws. Fixed seed, everything made by the project. The list is `upscale-fill.json`.
"""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from evaluation.make_set import HERE, write
from evaluation.scenes import SCENES
from training.bars import UPSCALE, worn_small
from training.holes import holes
from training.judging_upscale_fill import LIST, shrunk

SEED = 77101


def read(name: str) -> np.ndarray:
    return np.ascontiguousarray(cv2.imread(os.path.join(HERE, name), cv2.IMREAD_COLOR)[..., ::-1])


def main() -> None:
    cv2.setNumThreads(1)
    listed: dict = {"seed": SEED, "upscale": [], "fill": []}
    for number, name in enumerate(SCENES):
        truth = f"truth/{name}.png"
        for scale in UPSCALE:
            small = shrunk(read(truth), scale)
            for task, picture in (("clean", small), ("worn", worn_small(small, SEED + 10 * number + scale))):
                listed["upscale"].append(dict(task=task, scale=scale, truth=truth, small=write(f"small/{name}-x{scale}-{task}.png", picture)))
        for task, picture in (("clean", truth), ("worn", f"undamaged/{name}.png")):
            for k in range(3):
                rng = np.random.default_rng([SEED, number, k, len(task)])
                mask = holes(rng, *read(picture).shape[:2], least=0.03) * 255
                listed["fill"].append(dict(task=task, picture=picture, holes=write(f"holes/{name}-{task}-{k + 1}.png", mask)))
    with open(os.path.join(HERE, LIST), "w", encoding="utf-8") as file:
        json.dump(listed, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
