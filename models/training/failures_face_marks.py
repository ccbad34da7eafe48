"""Draws where landmarks are placed worst, for the card of face-marks: `python -m training.failures_face_marks --sprites DIR`

Of rendered scenes with identities no training saw: the faces of each kind whose landmarks are furthest from where they should be, in
distances between the eyes, and those in the middle of all. White crosses: placed; black dots: where they should be.
"""

from __future__ import annotations

import argparse
import os

import cv2
import numpy as np

from .calibrate_faces import open_look, wanted
from .export import MODELS, session_of
from .face_finding import PROPOSAL, find_faces, onnx_run
from .face_scenes import Composer, Sprites
from .judging_faces import MATCHED, overlap

SEED, SCENES, SIDE = 88033, 70, 448
SHOWN, ACROSS, TILE = 12, 6, 112
LEAST, WIDE = 0.68, 24.0


def placed(composer: Composer, version: str) -> list[tuple[float, float, np.ndarray, np.ndarray, np.ndarray]]:
    """(error, width, tile uint8 [TILE, TILE], found [5, 2], true [5, 2] in its pixels) of every face that is found and turned less than 0.8 rad."""
    run, look, rng, out = onnx_run(session_of("faces")), open_look(version), np.random.default_rng(SEED), []
    for _ in range(SCENES):
        grey, faces = composer.scene(rng)
        grey = grey.astype(np.uint8)
        found = find_faces(run, grey, max(PROPOSAL, LEAST), look)
        for face in wanted(faces):
            mine = [one for one in found if overlap(one.box, face.box) >= MATCHED]
            if not mine or not face.judged or face.turn >= 0.8:
                continue
            away = np.linalg.norm(mine[0].five - face.five, axis=1).mean() / max(1.0, np.linalg.norm(face.five[0] - face.five[1]))
            scale = TILE / (1.5 * max(face.box[2:]))
            corner = face.box[:2] + face.box[2:] / 2 - TILE / 2 / scale
            matrix = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
            tile = cv2.warpAffine(grey, matrix, (TILE, TILE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
            out.append((float(away), float(face.box[2]), tile, (mine[0].five - corner) * scale, (face.five - corner) * scale))
    return sorted(out, key=lambda one: -one[0])


def sheet(chosen: list) -> np.ndarray:
    tiles = []
    for _, _, tile, found, true in chosen:
        tile = tile.copy()
        for (x, y), (u, v) in zip(found, true):
            cv2.circle(tile, (int(u), int(v)), 3, 0, -1)
            cv2.drawMarker(tile, (int(x), int(y)), 255, cv2.MARKER_CROSS, 9, 2)
        tiles.append(tile)
    return np.vstack([np.hstack(tiles[at:at + ACROSS]) for at in range(0, len(tiles), ACROSS)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sprites", required=True)
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    composer = Composer(Sprites(args.sprites, "acceptance"), None, "acceptance", SEED, SIDE, 160.0)
    every = placed(composer, args.version)
    wide, small = [one for one in every if one[1] >= WIDE], [one for one in every if one[1] < WIDE]
    middle = len(wide) // 2 - SHOWN // 2
    folder = os.path.join(MODELS, "face-marks", args.version, "failures")
    os.makedirs(folder, exist_ok=True)
    for name, chosen in (("worst", wide[:SHOWN]), ("small", small[:SHOWN]), ("middling", wide[middle:middle + SHOWN])):
        print(f"{name}: errors {chosen[0][0]:.2f} to {chosen[-1][0]:.2f} of {len(every)} faces")
        cv2.imwrite(os.path.join(folder, f"{name}.jpg"), sheet(chosen), [cv2.IMWRITE_JPEG_QUALITY, 78])


if __name__ == "__main__":
    main()
