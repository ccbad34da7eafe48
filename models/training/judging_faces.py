"""Measures of face finding: matching, recall and precision with Wilson intervals, landmark error. Used by evaluate_faces and calibrate_faces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .face_finding import Found

MATCHED = 0.3  # intersection over union from which a finding is a face: boxes tell finding from missing, not placing


class Wanted(NamedTuple):
    """`box` x, y, width, height; `judged` False for a face that may be found or missed (profile, blurred, hidden, tiny)."""

    box: np.ndarray
    judged: bool = True
    five: np.ndarray | None = None
    turn: float = 0.0


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    across, down = (max(0.0, float(min(a[k] + a[k + 2], b[k] + b[k + 2]) - max(a[k], b[k]))) for k in (0, 1))
    both = across * down
    return both / max(1e-9, float(a[2] * a[3] + b[2] * b[3]) - both)


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share."""
    if of == 0:
        return 0.0, 1.0
    z, p = 1.96, hits / of
    middle, reach = (p + z * z / (2 * of)) / (1 + z * z / of), z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return float(max(0.0, middle - reach)), float(min(1.0, middle + reach))


@dataclass
class Tally:
    """Counts over pictures. `errors`: mean distance of the five points in distances between the eyes, per face found that is turned
    less than 0.8 rad; `widths`: how wide those faces are, px."""

    wanted: int = 0
    hits: int = 0
    false: int = 0
    scores: list[tuple[float, int]] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.wanted)

    @property
    def precision(self) -> float:
        return self.hits / max(1, self.hits + self.false)

    def add(self, found: list[Found], faces: list[Wanted]) -> None:
        """One picture; `found` most certain first. Each face is found once; a second finding of it is false."""
        taken: set[int] = set()
        self.wanted += sum(face.judged for face in faces)
        for one in found:
            overlaps = [overlap(one.box, face.box) if i not in taken else 0.0 for i, face in enumerate(faces)]
            best = int(np.argmax(overlaps)) if overlaps else -1
            if best >= 0 and overlaps[best] >= MATCHED:
                taken.add(best)
                if not faces[best].judged:
                    continue
                self.hits += 1
                self.scores.append((one.score, 1))
                five = faces[best].five
                if five is not None and faces[best].turn < 0.8:
                    self.widths.append(float(faces[best].box[2]))
                    self.errors.append(float(np.linalg.norm(one.five - five, axis=1).mean() / max(1.0, np.linalg.norm(five[0] - five[1]))))
            elif any(not face.judged and overlap(one.box, face.box) >= 0.1 for face in faces):
                continue
            else:
                self.false += 1
                self.scores.append((one.score, 0))

    def at(self, threshold: float) -> tuple[float, float]:
        """Recall and precision had the threshold been this (at least the one that was run)."""
        hits, false = (sum(1 for score, hit in self.scores if hit == kind and score >= threshold) for kind in (1, 0))
        return hits / max(1, self.wanted), hits / max(1, hits + false)
