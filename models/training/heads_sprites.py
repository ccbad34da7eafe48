"""Renders a store of heads with cover, boxes and landmarks: `python -m training.heads_sprites --data HEADS --out DIR`.

Two views of every identity. Seven in ten look more or less at the camera, two in ten are turned to the side up to a
profile, one in ten shows the back of the head. Files of 100 views; a file that is there is not made again. With `--outdoor` most wear
helmets, hats, shawls.
"""

from __future__ import annotations

import argparse
import os
import time

import cv2
import numpy as np

from .heads_hair import Finished, build
from .heads_headgear import Outdoor
from .heads_render import render, tone
from .heads_shapes import Heads, random_expression, random_identity

PER_FILE, LIGHTS = 100, 10


def drawn_yaw(rng) -> float:
    u = rng.random()
    if u < 0.70:
        return float(np.clip(rng.normal(0, 0.42), -1.2, 1.2))
    side = rng.choice([-1, 1])
    if u < 0.88:
        return float(side * rng.uniform(0.85, 1.6))
    return float(side * rng.uniform(1.9, 3.14))


def views(heads: Heads, rng, first_id: int, size: int, count: int, dress: type[Finished] = Finished) -> dict[str, np.ndarray]:
    """`count` views as arrays: im uint8 [n, s, s, 2] (grey, cover), five, box, head, pose, id, lm, vis, kind (age, gender, two shares of descent)."""
    kept: dict[str, list] = {name: [] for name in ("im", "five", "box", "head", "pose", "id", "lm", "vis", "kind")}
    while len(kept["im"]) < count:
        who = random_identity(heads, rng)
        scene, v = build(heads, who, random_expression(heads, rng, who["race"]), rng, dress)
        number = first_id + len(kept["im"])
        for _ in range(2):
            made = render(heads, scene, v, rng, size, drawn_yaw(rng), LIGHTS)
            grey = tone(made, rng)
            for name, value in (("im", (np.dstack([grey, made.cover]) * 255 + 0.5).astype(np.uint8)), ("five", made.five), ("box", made.face), ("head", made.head),
                                ("pose", made.pose), ("id", number), ("lm", made.marks), ("vis", made.facing),
                                ("kind", [who["age"], who["gender"], who["race"]["african"], who["race"]["asian"]])):
                kept[name].append(value)
    return {name: np.array(values) if name in ("im", "id") else np.array(values, np.float32) for name, values in kept.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of head data (see data.json)")
    parser.add_argument("--out", required=True)
    parser.add_argument("--sprites", type=int, default=6000)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--outdoor", action="store_true")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    heads = Heads(args.data)
    os.makedirs(args.out, exist_ok=True)
    for number in range(args.seed * 1000, args.seed * 1000 + -(-args.sprites // PER_FILE)):
        path = os.path.join(args.out, f"{number:08d}.npz")
        if os.path.exists(path):
            continue
        begun = time.time()
        np.savez_compressed(path + ".new.npz", **views(heads, np.random.default_rng(number), number * 100, args.size, PER_FILE, Outdoor if args.outdoor else Finished))
        os.replace(path + ".new.npz", path)
        print(f"{path}: {time.time() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
