"""Pictures with known stains, and the measures of finding them: used by calibrate_stains and evaluate_stains.

Kinds of pictures: `stained` (one to four stains on an aged scene, half of them among what resembles stains), `clean` (an aged scene
without), `lookalikes` (clean, with drawn shadows, lamps, clouds, patches and spots), `whole` (photographs as they are, in black and white, and toned).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .degrade import LUMA
from .sampling import photograph_paths
from .stain_finding import copy_of
from .stain_scenes import Scenes, mounted, resembling, stain

SEPIA = np.array([1.0, 0.93, 0.8], np.float32)
SIDE, SIZES = 224, (0.25, 0.6)
KINDS = ("stained", "clean", "lookalikes")


@dataclass
class Picture:
    """`image` uint8 [h, w, 3]; `truth` uint8 [h, w]: 0 none, 1 a stain that must be found, 2 one that may be."""

    kind: str
    image: np.ndarray
    truth: np.ndarray


def made(scenes: Scenes, rng, kind: str, scene: np.ndarray | None = None) -> Picture:
    """One picture; `scene` float32 [h, w, 3], or a crop of the scenes' own banks."""
    image = scenes.crop(rng, SIDE) if scene is None else scene
    if kind == "lookalikes" or (kind == "stained" and rng.random() < 0.5):
        image = resembling(rng, image)
    if rng.random() < 0.12:
        image = mounted(rng, image)
    image = scenes.bare(rng, image, 0.7)
    truth = np.zeros(image.shape[:2], np.uint8)
    for _ in range(int(rng.integers(1, 5)) if kind == "stained" else 0):
        image = stain(rng, image, scenes.masks, float(np.exp(rng.uniform(np.log(SIZES[0]), np.log(SIZES[1])))), truth)
    return Picture(kind, scenes.finished(rng, image), truth)


def several(scenes: Scenes, seed: int, each: int) -> list[Picture]:
    """`each` pictures of every kind, each kind with a stream of its own."""
    out = []
    for number, kind in enumerate(KINDS):
        rng = np.random.default_rng([seed, number])
        out += [made(scenes, rng, kind) for _ in range(each)]
    return out


def whole(data: str, part: str) -> list[Picture]:
    """Photographs at the size that is searched, as they are, without their colours and toned: in grey ones nothing but shading tells a
    stain from a shadow, a hat or dark hair."""
    out = []
    for path in photograph_paths(data, part, ("photographs", "colour")):
        image = copy_of(np.ascontiguousarray(cv2.imread(path, cv2.IMREAD_COLOR)[..., ::-1]))
        grey = np.repeat((image @ LUMA)[..., None], 3, 2)
        for shown in (image, grey, grey * SEPIA):
            out.append(Picture("whole", np.round(shown).astype(np.uint8), np.zeros(image.shape[:2], np.uint8)))
    return out


@dataclass
class Tally:
    """Sums of pixels over pictures; undecided ones count in none."""

    hit: int = 0      # stained and found
    missed: int = 0
    wrong: int = 0    # found, and no stain
    area: int = 0     # of all pictures
    worst: float = 0  # largest share of one picture that was found wrongly

    def add(self, picture: Picture, found: np.ndarray) -> None:
        wrong = int((found & (picture.truth == 0)).sum())
        self.hit += int((found & (picture.truth == 1)).sum())
        self.missed += int((~found & (picture.truth == 1)).sum())
        self.wrong, self.area = self.wrong + wrong, self.area + found.size
        self.worst = max(self.worst, wrong / found.size)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.missed + self.wrong)

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.hit + self.missed)

    @property
    def precision(self) -> float:
        return self.hit / max(1, self.hit + self.wrong)

    @property
    def false_share(self) -> float:
        return self.wrong / max(1, self.area)

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} recall {self.recall:.3f} precision {self.precision:.3f} false {100 * self.false_share:.3f} % (worst {100 * self.worst:.1f} %)"
