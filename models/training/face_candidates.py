"""Makes what the second look learns from: scenes, the faces in them, and where the first net thinks there are some.

    python -m training.face_candidates --data DIR --sprites SPRITES --out STORE --part train --scenes 3000
    python -m training.face_candidates --data DIR --sprites SPRITES --out STORE --part train --scenes 3200 --bare --seed 77026
    python -m training.face_candidates --out STORE --again OLD      # the scenes of OLD, and what the first net proposes in them now

Two scenes in three are composed with rendered heads (half of them aged little), the third is a piece of a photograph without
people at a random scale, so that everything the first net proposes there is no face (with --bare all are, and those in which it
proposes nothing are left out). Files of PER_FILE scenes; a file that is
there is not made again. No picture of a real person is read.
"""

from __future__ import annotations

import argparse
import glob
import os
import time
from typing import Callable

import cv2
import numpy as np

from .export import session_of
from .face_finding import candidates, onnx_run
from .face_scenes import Composer, Sprites, aged

SIZE, LARGEST, PER_FILE = 256, 130.0, 40
LEAST = 0.06       # score from which a proposal is kept: under what the search will ask for
MOST = 40          # proposals kept of one scene, most certain first
MILD, BARE, BOOK = 0.5, 0.34, 0.3


def bare(rng, composer: Composer) -> np.ndarray:
    """A piece of a photograph without people, aged."""
    image = composer.photographs[int(rng.integers(len(composer.photographs)))]
    take = int(np.exp(rng.uniform(np.log(180), np.log(min(image.shape) - 1))))
    y, x = int(rng.integers(image.shape[0] - take)), int(rng.integers(image.shape[1] - take))
    grey = cv2.resize(image[y:y + take, x:x + take], (SIZE, SIZE), interpolation=cv2.INTER_AREA if take > SIZE else cv2.INTER_LINEAR).astype(np.float32)
    if rng.random() < 0.3:
        grey = (grey - 128) * rng.uniform(0.4, 1.5) + 128 + rng.normal(0, 25)
    return aged(rng, grey, 0.6, BOOK)


def store(composer: Composer, run, rng, count: int, only_bare: bool = False) -> dict[str, np.ndarray]:
    """Arrays: scenes uint8 [n, s, s]; faces [m, 18] (scene, box x y w h, five, turn, judged, kind not kept); proposals [k, 6] (scene, x, y, w, h, score)."""
    scenes, faces, proposals = [], [], []
    while len(scenes) < count:
        number = len(scenes)
        if only_bare or (composer.photographs and rng.random() < BARE):
            grey, inside = bare(rng, composer), []
        else:
            grey, inside = composer.scene(rng)
        grey = grey.astype(np.uint8)
        found = candidates(run, grey, LEAST)[:MOST]
        if only_bare and not found:
            continue
        scenes.append(grey)
        faces += [[number, f.box[0], f.box[1], f.box[2] - f.box[0], f.box[3] - f.box[1], *f.five.ravel(), f.turn, float(f.judged), 0.0] for f in inside]
        proposals += [[number, *one.box, one.score] for one in found]
    return dict(scenes=np.stack(scenes), faces=np.array(faces, np.float32).reshape(-1, 18), proposals=np.array(proposals, np.float32).reshape(-1, 6))


def again(run, path: str) -> dict[str, np.ndarray]:
    """A file of a store, with what the first net proposes in its scenes now."""
    held = dict(np.load(path))
    proposals = [[number, *one.box, one.score] for number, grey in enumerate(held["scenes"]) for one in candidates(run, grey, LEAST)[:MOST]]
    return {**held, "proposals": np.array(proposals, np.float32).reshape(-1, 6)}


def write(path: str, make: Callable[[], dict[str, np.ndarray]]) -> None:
    """Writes one file of a store whole, where it is not there yet."""
    if os.path.exists(path):
        return
    begun = time.process_time()
    made = make()
    np.savez(path + ".new.npz", **made)
    os.replace(path + ".new.npz", path)
    print(f"{path}: {len(made['faces'])} faces, {len(made['proposals'])} proposals, {time.process_time() - begun:.0f} CPU s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data")
    parser.add_argument("--sprites")
    parser.add_argument("--out", required=True)
    parser.add_argument("--part", default="train", choices=("train", "validation"))
    parser.add_argument("--scenes", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=66026)
    parser.add_argument("--first", default="1.0.0", help="version of the face net that proposes")
    parser.add_argument("--bare", action="store_true", help="pieces of photographs without people alone")
    parser.add_argument("--again", metavar="STORE", help="the scenes of that store, of both parts")
    args = parser.parse_args()
    if not args.again and not (args.data and args.sprites):
        parser.error("Expected --data and --sprites, or --again")
    cv2.setNumThreads(1)
    run = onnx_run(session_of("faces", args.first))
    os.makedirs(args.out, exist_ok=True)
    if args.again:
        for path in sorted(glob.glob(os.path.join(args.again, "*.npz"))):
            write(os.path.join(args.out, os.path.basename(path)), lambda: again(run, path))  # noqa: B023
        return
    composer = Composer(Sprites(args.sprites, args.part), args.data, args.part, args.seed, SIZE, LARGEST, MILD, BOOK)
    for number in range(-(-args.scenes // PER_FILE)):
        rng = np.random.default_rng([args.seed, number])
        write(os.path.join(args.out, f"{args.part}-{args.seed}-{number:04d}.npz"), lambda: store(composer, run, rng, PER_FILE, args.bare))  # noqa: B023


if __name__ == "__main__":
    main()
