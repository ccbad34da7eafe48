"""Makes the failure pictures of the cards of up2, up4 and fill-s: `python -m training.failures_upscale_fill`. All are drawn.

up2, up4: bicubic, enlarged, truth side by side. fill-s: picture with its hole in red, filled, truth.
"""

from __future__ import annotations

import argparse
import os

import cv2
import numpy as np

from evaluation.scenes import SCENES

from .degrade import add_grain, jpeg
from .export import MODELS, session_of
from .failures import save
from .judging import levels, run_picture
from .judging_upscale_fill import bicubic, fill, psnr_y, shrunk

SEED = 88101


def stripes(side: int) -> np.ndarray:
    """A fan of lines that get finer than the small picture can hold, as in woven cloth."""
    yy, xx = np.mgrid[0:side, 0:side].astype(np.float32)
    period = 12 - 10 * xx / side
    wave = 0.5 + 0.4 * np.sin(2 * np.pi * (yy + 0.35 * xx) / period)
    return np.repeat(wave[..., None], 3, 2) * np.array([1.0, 0.9, 0.75], np.float32)


def enlarging(scale: int, draw) -> None:
    folder = os.path.join(MODELS, f"up{scale}", "1.0.0")
    net = session_of(f"up{scale}")
    rng = np.random.default_rng(SEED)
    street, sitter, cloth = levels(draw("street", 1)), levels(draw("sitter", 2)), levels(stripes(240))
    blocky = lambda small: levels(jpeg(small.astype(np.float32) / 255, 30, rng))  # noqa: E731
    grainy = lambda small: levels(add_grain(small.astype(np.float32) / 255, 18, 1.0, True, rng))  # noqa: E731
    cases = {"small-lettering.jpg": (street, lambda x: x), "fine-cloth.jpg": (cloth, lambda x: x), "jpeg-blocks.jpg": (street, blocky), "coarse-grain.jpg": (sitter, grainy)}
    for name, (truth, spoiled) in cases.items():
        small = spoiled(shrunk(truth, scale))
        simple, out = bicubic(small, scale), run_picture(net, small)
        print(f"up{scale} {name}: bicubic {psnr_y(simple, truth, scale):.2f} dB, enlarged {psnr_y(out, truth, scale):.2f} dB")
        save(os.path.join(folder, "failures"), name, simple, out, truth)


def filling(draw) -> None:
    folder = os.path.join(MODELS, "fill-s", "1.0.0")
    net = session_of("fill-s")
    rng = np.random.default_rng([SEED, 3])
    yy, xx = np.mgrid[0:240, 0:240]
    bar = lambda centre, half: (np.abs(yy - centre - 0.1 * (xx - 120)) < half).astype(np.uint8)  # noqa: E731
    street, sitter = draw("street", 4), draw("sitter", 5)
    cases = {
        "over-lettering.jpg": (levels(street), (np.abs(xx - 120 - 0.15 * (yy - 120)) < 11).astype(np.uint8)),
        "over-cloth.jpg": (levels(stripes(240)), bar(120, 9)),
        "too-wide.jpg": (levels(sitter), ((xx - 120) ** 2 + (yy - 95) ** 2 < 34 ** 2).astype(np.uint8)),
        "in-grain.jpg": (levels(add_grain(np.repeat(sitter.mean(2, keepdims=True), 3, 2).astype(np.float32), 16, 1.1, True, rng)), bar(120, 10)),
    }
    for name, (truth, mask) in cases.items():
        shown = np.where(mask[..., None] > 0, np.array([220, 30, 30], np.uint8), truth)
        out = fill(net, truth, mask)
        dB = lambda x: 10 * np.log10(255 ** 2 / np.mean((x[mask > 0].astype(np.float64) - truth[mask > 0]) ** 2))  # noqa: E731
        print(f"fill-s {name}: Telea {dB(cv2.inpaint(truth, mask, 3, cv2.INPAINT_TELEA)):.2f} dB, filled {dB(out):.2f} dB")
        save(os.path.join(folder, "failures"), name, shown, out, truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("up2", "up4", "fill-s"), help="one net")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    draw = lambda name, number, side=240: SCENES[name](np.random.default_rng([SEED, number]), side, side)  # noqa: E731
    for scale in (2, 4):
        if args.only in (None, f"up{scale}"):
            enlarging(scale, draw)
    if args.only in (None, "fill-s"):
        filling(draw)


if __name__ == "__main__":
    main()
