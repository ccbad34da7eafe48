"""Finding faces in a whole picture: a pyramid, doubles removed, a second look at each. The server does the same.

Pictures are uint8 grey [h, w]. `run(grey) -> (heat [r, c], boxes [r, c, 4], landmarks [r, c, 10])` is one run of the net that
proposes; a `Look` is the net that looks again. Without the latter the first net decides alone.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

import cv2
import numpy as np

from .face_crops import NEAR, REACH, SIDE, cut, side_of
from .judging import halve

LONGEST = 2048         # a picture is reduced to it before anything else
LEAST_SIDE = 24        # a level smaller than this is not searched
WIDTHS = (7.0, 92.0)   # width of a face, in pixels of its level, that a level is trusted with
OVERLAP = 0.4          # intersection over union from which two findings are one
LOOK, LOOK_WIDTH = 128, 40.0  # side of the picture of a second look, width of the face in it
LOOK_ENLARGED, LOOK_LEAST, LOOK_AWAY = 2.5, 0.05, 0.35  # largest enlargement, least score, distance of the middles in widths of the face
INSIDE = 0.7           # share of the smaller box inside the larger from which two findings are one
BETWEEN = 2 ** 0.5     # a level between two halves is smaller by this
TIMES = (0.88, 1.0, 1.14)  # sides of the crops in which a face is looked at, in the side that the nets were trained with
GLANCE = 0.3           # score of a look at one size under which a proposal is not looked at in the others

BATCH = 32             # crops looked at together
PROPOSAL, PROPOSALS = 0.10, 400  # score from which the first net proposes where another looks again, and most proposals of a picture


class Found(NamedTuple):
    box: np.ndarray    # x, y, width, height
    five: np.ndarray   # [5, 2]
    score: float


class Look(NamedTuple):
    """The net that looks again: `run(crops [n, 64, 64]) -> (score [n], boxes [n, 4], landmarks [n, 10])`, and the weight of its score against
    the first net's (logits). `marks(crops [n, 64, 64]) -> landmarks [n, 10]`: the net that places the landmarks of what was found, from
    crops at NEAR."""

    run: Callable
    weight: float = 0.5
    marks: Callable | None = None


def onnx_run(session) -> Callable:
    """`run` over an exported file."""
    return lambda grey: tuple(part[0] for part in session.run(None, {"grey": np.ascontiguousarray(grey)[None, :, :, None]}))


def reduced(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """The picture with its longer side at most LONGEST, and the factor to get back."""
    factor = max(1.0, max(grey.shape) / LONGEST)
    if factor == 1.0:
        return grey, 1.0
    size = (max(1, round(grey.shape[1] / factor)), max(1, round(grey.shape[0] / factor)))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA), factor


def in_level(run: Callable, grey: np.ndarray, least: float, factor: np.ndarray = np.ones(2)) -> list[Found]:
    """What one level finds at `least` or above, in pixels of the picture, of which one of its own has `factor` across and down."""
    heat, boxes, marks = run(grey)
    out = []
    for row, column in zip(*np.nonzero(heat >= least)):
        box = boxes[row, column]
        if WIDTHS[0] <= box[2] <= WIDTHS[1] and 0 <= box[0] + box[2] / 2 < grey.shape[1] and 0 <= box[1] + box[3] / 2 < grey.shape[0]:
            out.append(Found(box * np.tile(factor, 2), marks[row, column].reshape(5, 2) * factor, float(heat[row, column])))
    return out


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """True where two boxes are one finding."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return False
    both, first, second = across * down, a[2] * a[3], b[2] * b[3]
    return both >= OVERLAP * (first + second - both) or both >= INSIDE * min(first, second)


def once(found: list[Found]) -> list[Found]:
    """The most certain of every group of findings that are one, most certain first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: -f.score):
        if not any(same(one.box, other.box) for other in kept):
            kept.append(one)
    return kept


def sampled(level: np.ndarray, middle: np.ndarray, scale: float) -> np.ndarray:
    """uint8 [LOOK, LOOK] around `middle` (pixels of the level, the first pixel from 0 to 1), enlarged by `scale`, bilinear, edge repeated."""
    shift = middle - LOOK / 2 / scale
    matrix = np.array([[1 / scale, 0, 0.5 / scale - 0.5 + shift[0]], [0, 1 / scale, 0.5 / scale - 0.5 + shift[1]]])
    return cv2.warpAffine(level, matrix, (LOOK, LOOK), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def looked_again(run: Callable, levels: list[np.ndarray], found: Found) -> Found:
    """A second look at one finding, alone and at the size the net sees best, for its landmarks: on rendered faces their median
    error falls by a quarter. `found` is in pixels of the first level. Score and box stay: the mean of both looks' scores was
    tried on rendered scenes and parts faces from the rest less well. What the second look does not see stays as it was.
    """
    number, width = 0, float(found.box[2])
    while number + 1 < len(levels) and width > 2 * LOOK_WIDTH:
        number, width = number + 1, width / 2
    factor = 2.0 ** number
    middle = (found.box[:2] + found.box[2:] / 2) / factor
    scale = min(LOOK_WIDTH / width, LOOK_ENLARGED)
    heat, boxes, marks = run(sampled(levels[number], middle, scale))
    best = None
    for row, column in zip(*np.nonzero(heat >= LOOK_LEAST)):
        box = boxes[row, column]
        away = np.abs(box[:2] + box[2:] / 2 - LOOK / 2).max() / (width * scale)
        if away <= LOOK_AWAY and 0.6 <= box[2] / (width * scale) <= 1.6 and (best is None or heat[row, column] > heat[best]):
            best = (row, column)
    if best is None:
        return found
    return found._replace(five=((marks[best].reshape(5, 2) - LOOK / 2) / scale + middle) * factor)


def pyramid(first: np.ndarray) -> list[np.ndarray]:
    """A picture and its halves."""
    levels = [first]
    while min(levels[-1].shape) >= 2 * LEAST_SIDE:
        levels.append(halve(levels[-1]))
    return levels


def smaller(level: np.ndarray) -> np.ndarray:
    """The level between a level and its half: means of areas."""
    size = tuple(max(1, round(side / BETWEEN)) for side in level.shape[::-1])
    return cv2.resize(level, size, interpolation=cv2.INTER_AREA)


def proposed(run: Callable, levels: list[np.ndarray], least: float, between: bool = True) -> list[Found]:
    """What the net sees in any level, with `between` also in those between the halves, in pixels of the first one, doubles removed, most
    certain first."""
    found: list[Found] = []
    for number, level in enumerate(levels):
        for seen in (level, smaller(level)) if between else (level,):
            if min(seen.shape) >= LEAST_SIDE:
                found += in_level(run, seen, least, 2.0 ** number * np.array(level.shape[::-1]) / seen.shape[::-1])
    return once(found)


def shown(run: Callable, levels: list[np.ndarray]) -> list[Found]:
    """What the first net shows to the second, in pixels of the first level."""
    return proposed(run, levels, PROPOSAL)[:PROPOSALS]


def proposals(run: Callable, grey: np.ndarray) -> list[Found]:
    """`shown` for a picture of any size, in its pixels."""
    first, factor = reduced(grey)
    return [Found(one.box * factor, one.five * factor, one.score) for one in shown(run, pyramid(first))]


def candidates(run: Callable, grey: np.ndarray, least: float) -> list[Found]:
    """`proposed` for a picture that is not reduced."""
    return proposed(run, pyramid(grey), least)


def onnx_look(session, thresholds: dict[str, float]) -> Look:
    """`Look` over an exported file, as its description says."""
    return Look(lambda crops: tuple(session.run(None, {"crops": np.ascontiguousarray(crops)[:, :, :, None]})), thresholds.get("weight", 0.5))


def on_crops(run: Callable, levels: list[np.ndarray], found: list[Found], reach: float) -> list[tuple]:
    """(finding, middle, scale, the net's answer for its crop) of every finding: a place in the crop is at `middle + (place - SIDE / 2) * scale`."""
    out = []
    for start in range(0, len(found), BATCH):
        part = found[start:start + BATCH]
        squares = [(one.box[:2] + one.box[2:] / 2, side_of(one.box, reach)) for one in part]
        answers = run(np.stack([cut(levels, middle, side) for middle, side in squares]))
        out += [(one, middle, side / SIDE, answer) for one, (middle, side), answer in zip(part, squares, zip(*answers))]
    return out


def of_sizes(run: Callable, levels: list[np.ndarray], found: list[Found], reach: float, sizes: tuple[float, ...]) -> list[tuple]:
    """(finding, the net's answers for its crops of all sizes), each answer with its scalars as they are, places in pixels of the first level."""
    def placed(one, middle, scale, answer):
        return one, [part if np.ndim(part) == 0 else in_picture(part, middle, scale) for part in answer]

    sizes = [[placed(*crop) for crop in on_crops(run, levels, found, reach * times)] for times in sizes]
    return [(each[0][0], [answers for _, answers in each]) for each in zip(*sizes)]


def in_picture(part: np.ndarray, middle: np.ndarray, scale: float) -> np.ndarray:
    """A box [4] or five places [10] of a crop, brought to the picture."""
    corner = middle - SIDE / 2 * scale
    return np.concatenate([corner + part[:2] * scale, part[2:] * scale]) if len(part) == 4 else part.reshape(5, 2) * scale + corner


def looked_closely(look: Look, levels: list[np.ndarray], found: list[Found], sizes: tuple[float, ...] = TIMES) -> list[Found]:
    """Every finding with the mean of the look's boxes and landmarks; its score is the mean of both nets' in logits."""
    out = []
    for one, answers in of_sizes(look.run, levels, found, REACH, sizes):
        scores, boxes, fives = zip(*answers)
        out.append(Found(np.mean(boxes, 0), np.mean(fives, 0), together(one.score, [float(s) for s in scores], look.weight)))
    return out


def marked(look: Look, levels: list[np.ndarray], found: list[Found]) -> list[Found]:
    """Every finding with the landmarks of the net that places them, where there is one."""
    if look.marks is None:
        return found
    return [one._replace(five=np.mean([five for (five,) in answers], 0))
            for one, answers in of_sizes(lambda crops: (look.marks(crops),), levels, found, NEAR, TIMES)]


def logit(share: float) -> float:
    clipped = min(1 - 1e-6, max(1e-6, share))
    return float(np.log(clipped / (1 - clipped)))


def together(first: float, seconds: list[float], weight: float) -> float:
    """Score of two nets, the mean of the second's weighing `weight` of the first's, in logits."""
    second = float(np.mean([logit(score) for score in seconds]))
    return float(1 / (1 + np.exp(-(logit(first) + weight * second) / (1 + weight))))


def find_faces(run: Callable, grey: np.ndarray, least: float, look: Look | None = None) -> list[Found]:
    """All faces of a picture, in its pixels, most certain first. With `look`: proposals are looked at closely, those that stay are
    looked at once more where they were put, which places the box; landmarks come from the net for them; the score is that of the first look."""
    first, factor = reduced(grey)
    levels = pyramid(first)
    if look is not None:
        first_seen = shown(run, levels)
        likely = [one for one, glance in zip(first_seen, looked_closely(look, levels, first_seen, (1.0,))) if glance.score >= min(GLANCE, least)]
        kept = once([one for one in looked_closely(look, levels, likely) if one.score >= least])
        placed = [again._replace(score=one.score) for one, again in zip(kept, looked_closely(look, levels, kept))]
        return [Found(one.box * factor, one.five * factor, one.score) for one in marked(look, levels, placed)]
    again = [looked_again(run, levels, one) for one in proposed(run, levels, least, between=False)]
    return [Found(one.box * factor, one.five * factor, one.score) for one in again]
