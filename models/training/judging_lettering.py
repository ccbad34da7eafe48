"""Pictures with known lettering, and the measures of finding it: used by calibrate_lettering and evaluate_lettering.

Kinds of pictures: `print` and `hand` (lettering of one sort among what resembles it, aged, damaged), `clean` (a scene, aged, without
lettering and without damage), `scratched` (the same with scratches, cracks and hairs), `lookalikes` (clean, with drawn railings, bricks,
rows of windows, beads and bars: rows of things in lines, as letters stand).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from .degrade import LUMA, age
from .letter_drawing import piece, placed, written
from .letter_finding import Area, covered
from .letter_scenes import Scenes, resembling
from .sampling import damage_recipe, photograph_paths

SIDE = 512
KINDS = ("print", "hand", "clean", "scratched", "lookalikes")
HEIGHTS = (8.0, 100.0)  # of capitals, px
JUDGED = 12.0           # from this height on lettering must be found
SEEN = (0.06, 0.8)      # contrast (0..1, and in deviations of the ground) from which it must
NEAR = 8                # px beside lettering in which a box is no mistake


@dataclass
class Picture:
    """`luma` uint8; `truth` uint8: 0 none, 1 lettering that must be found, 2 lettering that may be; `scratch` bool. All [h, w]."""

    kind: str
    luma: np.ndarray
    truth: np.ndarray
    scratch: np.ndarray


def made(scenes: Scenes, rng, kind: str, scene: np.ndarray | None = None) -> Picture:
    """One picture; `scene` float32 [h, w, 3] of SIDE or another square side, or a crop of the scenes' own bank."""
    image = scenes.clean.crop(rng, SIDE) if scene is None else scene
    side = image.shape[0]
    if kind == "lookalikes" or (kind in ("print", "hand") and rng.random() < 0.5):
        image = resembling(rng, image)
    pieces = []
    for _ in range(int(rng.integers(1, 5)) if kind in ("print", "hand") else 0):
        height = float(np.exp(rng.uniform(np.log(HEIGHTS[0]), np.log(HEIGHTS[1]))))
        ink, area, board = placed(rng, piece(rng, scenes.hand if kind == "hand" else scenes.print, height), side)
        if any((area * other[1]).max() > 0.3 for other in pieces):
            continue
        image = written(rng, image, ink, area, board)
        pieces.append((ink, area, height))
    if kind in ("clean", "lookalikes"):
        recipe = damage_recipe(rng, 1.0)
    elif kind == "scratched":
        recipe = replace(damage_recipe(rng, 1.0), scratches=int(rng.integers(4, 14)), cracks=int(rng.integers(0, 3)), hairs=int(rng.integers(0, 6)),
                         dust=int(rng.integers(0, 80)), mask_scratch=int(rng.integers(1, 5)) if scenes.masks else 0)
    else:
        recipe = damage_recipe(rng, 0.4)
    aged, _, marks = age(image, int(rng.integers(1 << 31)), recipe, scenes.masks)
    luma = aged @ LUMA
    truth = np.zeros((side, side), np.uint8)
    for ink, area, height in pieces:
        truth[area > 0.5] = 1 if height >= JUDGED and stands_out(luma, ink, area, height) else 2
    return Picture(kind, np.round(luma * 255).astype(np.uint8), truth, marks[..., 0] > 0.5)


def stands_out(luma: np.ndarray, ink: np.ndarray, area: np.ndarray, height: float) -> bool:
    """Whether strokes differ enough from the ground right beside them: a scene that changes under the line must not count."""
    stroke, ground = ink > 0.6, (area > 0.5) & (ink < 0.1)
    if stroke.sum() < 20 or ground.sum() < 20:
        return False
    wide = (int(height) | 1,) * 2
    beside = cv2.blur(luma * ground, wide) / np.maximum(cv2.blur(ground.astype(np.float32), wide), 1e-3)
    apart, spread = abs(float((luma - beside)[stroke].mean())), float((luma - beside)[ground].std())
    return apart >= SEEN[0] and apart >= SEEN[1] * spread


# Period photographs of `colour` outside the training in which nothing is written: cars, people, trees, a farm, a surfer.
LETTERLESS = ("542968", "543550", "547662", "548696", "549832", "552036", "555645", "2017877340", "pexels-surfing")


def period(data: str, part: str) -> list[Picture]:
    """Period photographs without lettering, as they are, of kind `period`."""
    out = []
    for path in photograph_paths(data, part, ("colour",)):
        if any(name in path for name in LETTERLESS):
            luma = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
            out.append(Picture("period", luma, np.zeros_like(luma), np.zeros(luma.shape, bool)))
    return out


def several(scenes: Scenes, seed: int, each: int) -> list[Picture]:
    """`each` pictures of every kind, each kind with a stream of its own."""
    out = []
    for number, kind in enumerate(KINDS):
        rng = np.random.default_rng([seed, number])
        out += [made(scenes, rng, kind) for _ in range(each)]
    return out


@dataclass
class Tally:
    """Sums of pixels over pictures."""

    wanted: int = 0   # of lettering that must be found
    hit: int = 0
    boxed: int = 0    # of boxes
    right: int = 0    # of boxes, on or near lettering
    empty: int = 0    # of pictures without lettering
    false: int = 0
    scratch: int = 0  # of scratches away from lettering
    taken: int = 0
    places: int = 0   # connected places of lettering that must be found, and those found by half or more
    found: int = 0

    def add(self, picture: Picture, boxes: list[Area]) -> None:
        box = covered(boxes, picture.luma.shape)
        wanted, some = picture.truth == 1, picture.truth > 0
        near = cv2.dilate(some.astype(np.uint8), np.ones((2 * NEAR + 1,) * 2, np.uint8)) > 0 if some.any() else some
        self.wanted, self.hit = self.wanted + int(wanted.sum()), self.hit + int((wanted & box).sum())
        self.boxed, self.right = self.boxed + int(box.sum()), self.right + int((box & near).sum())
        if not some.any():
            self.empty, self.false = self.empty + box.size, self.false + int(box.sum())
        away = picture.scratch & ~near
        self.scratch, self.taken = self.scratch + int(away.sum()), self.taken + int((away & box).sum())
        count, labels = cv2.connectedComponents(wanted.astype(np.uint8))
        for label in range(1, count):
            place = labels == label
            if place.sum() >= 100:
                self.places += 1
                self.found += int((place & box).sum() * 2 >= place.sum())

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.wanted)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.boxed)

    @property
    def false_share(self) -> float:
        return self.false / max(1, self.empty)

    @property
    def scratch_share(self) -> float:
        return self.taken / max(1, self.scratch)

    def __str__(self) -> str:
        return (f"recall {self.recall:.3f} ({self.found} of {self.places} places) precision {self.precision:.3f} "
                f"false {100 * self.false_share:.3f} % scratches {100 * self.scratch_share:.2f} %")



