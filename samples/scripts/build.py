"""Render one scene: build.py NAME OUT.png [--percent 100] [--samples 28] [--heads DIR]."""
import argparse
import importlib
import os

import kit

MODULES = ("scene_still", "scene_house", "scene_street", "scene_land", "scene_people")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("name")
    p.add_argument("out")
    p.add_argument("--percent", type=int, default=100)
    p.add_argument("--samples", type=int, default=28)
    p.add_argument("--heads", default=os.environ.get("ALBUMEN_HEADS", ""))
    a = p.parse_args()
    os.environ["ALBUMEN_HEADS"] = a.heads
    scenes = {}
    here = os.path.dirname(os.path.abspath(__file__))
    for m in MODULES:
        if os.path.exists(os.path.join(here, m + ".py")):
            for k, f in importlib.import_module(m).SCENES.items():
                scenes[k] = f
    scene = scenes[a.name]()
    kit.render(os.path.abspath(a.out), a.samples, a.percent, float(scene.get("exposure", 0)))


if __name__ == "__main__":
    main()
