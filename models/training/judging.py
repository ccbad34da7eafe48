"""Measures, baselines and the running of exported nets. Pictures are uint8 [h, w, 3] RGB unless said otherwise."""

from __future__ import annotations

import json
import os

import cv2
import numpy as np

from .degrade import LUMA
from .export import MODELS, session_of
from .marks import CLASSES


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """dB over all channels of two uint8 pictures; 99 where they are equal."""
    error = np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2)
    return 99.0 if error == 0 else float(10 * np.log10(255.0 ** 2 / error))


def lab(image: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of an sRGB picture, float64 [h, w, 3]."""
    x = image.astype(np.float64) / 255.0
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]).T
    t = xyz / np.array([0.95047, 1.0, 1.08883])
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def delta_e(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """ΔE2000 per pixel (Sharma, Wu, Dalal 2005), float64 [h, w]."""
    l1, a1, b1 = np.moveaxis(lab(a), -1, 0)
    l2, a2, b2 = np.moveaxis(lab(b), -1, 0)
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(mean_c7 / (mean_c7 + 25.0 ** 7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    dh = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    mean_h = np.where(grey, h1 + h2, np.where(np.abs(h1 - h2) <= 180, (h1 + h2) / 2, np.where(h1 + h2 < 360, (h1 + h2 + 360) / 2, (h1 + h2 - 360) / 2)))
    dl, dc, dhh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    ml, mc = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(np.radians(mean_h - 30)) + 0.24 * np.cos(np.radians(2 * mean_h)) + 0.32 * np.cos(np.radians(3 * mean_h + 6)) - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    sl, sc, sh = 1 + 0.015 * (ml - 50) ** 2 / np.sqrt(20 + (ml - 50) ** 2), 1 + 0.045 * mc, 1 + 0.015 * mc * t
    rc = 2 * np.sqrt(mc ** 7 / (mc ** 7 + 25.0 ** 7))
    rt = -rc * np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    return np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dhh / sh) ** 2 + rt * (dc / sc) * (dhh / sh))


def levels(image: np.ndarray) -> np.ndarray:
    """uint8 of 0..1: cut off at black and white, then the nearest level, halves upward, as the engine does."""
    return np.floor(np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def run_picture(session, image: np.ndarray, **more: np.ndarray) -> np.ndarray:
    """One run of a net on a whole picture of 8 bits, with further inputs [h, w, channels] by name."""
    feeds = {"image": image.astype(np.float32) / np.float32(255), **more}
    return levels(session.run(None, {name: x[None] for name, x in feeds.items()})[0][0])


class Softener:
    """A net that softens noise, run on a whole picture of 8 bits as the engine runs it: beyond the picture's edges it sees the picture
    mirrored, as far as the margin of its tiles. (Padded by the graph alone, with repeated edge pixels, CBSD68's pictures of 481×321
    came out up to 1.3 dB worse: repeated noise is stripes, and stripes are texture.)"""

    def __init__(self, name: str, version: str = "1.0.0"):
        self.session = session_of(name, version)
        with open(os.path.join(MODELS, name, version, "model.json"), encoding="utf-8") as file:
            tile = json.load(file)["tile"]
        self.margin = -(-tile["margin"] // tile["multiple"]) * tile["multiple"]

    def __call__(self, image: np.ndarray) -> np.ndarray:
        m = self.margin
        return run_picture(self.session, np.pad(image, ((m, m), (m, m), (0, 0)), "reflect"))[m:-m, m:-m]


def luma_of(image: np.ndarray) -> np.ndarray:
    """uint8 [h, w], Rec. 601, rounded."""
    return np.round(image.astype(np.float32) @ LUMA).astype(np.uint8)


def halve(luma: np.ndarray) -> np.ndarray:
    """uint8 [ceil(h/2), ceil(w/2)]: means of 2×2 pixels, the last row or column repeated where the size is odd."""
    h, w = luma.shape
    even = np.pad(luma, ((0, h % 2), (0, w % 2)), mode="edge").astype(np.uint16)
    return ((even[0::2, 0::2] + even[0::2, 1::2] + even[1::2, 0::2] + even[1::2, 1::2] + 2) // 4).astype(np.uint8)


def double(plane: np.ndarray, h: int, w: int) -> np.ndarray:
    """float32 [2·h', 2·w'] cut to [h, w], bilinear with pixel centres (weights 1/4 and 3/4), edges repeated."""
    return cv2.resize(plane, (plane.shape[1] * 2, plane.shape[0] * 2), interpolation=cv2.INTER_LINEAR)[:h, :w]


def mark_rule(version: str = "1.0.0") -> dict:
    """How what damage-s says becomes marks, from its description: `halfSizeLoss` (logits by class) and `outline`."""
    path = os.path.join(MODELS, "damage-s", version, "model.json")
    with open(path, encoding="utf-8") as file:
        facts = json.load(file)
    if "marks" not in facts:
        raise ValueError(f"Expected marks (halfSizeLoss, outline) in {path} but received none")
    return facts["marks"]


def probabilities(session, luma: np.ndarray, rule: dict) -> np.ndarray:
    """float32 [h, w, 3]: the larger of the probabilities at 1× and 0.5×, as the engine computes them. At 0.5× the logits lose what
    `rule` says: doubled, a fine line is twice as wide as it is."""
    loss = np.array([rule["halfSizeLoss"][name] for name in CLASSES], np.float32)
    sigmoid = lambda x: 1.0 / (1.0 + np.exp(-x))  # noqa: E731
    h, w = luma.shape
    full = sigmoid(session.run(None, {"luma": luma[None, :, :, None]})[0][0])
    half = sigmoid(session.run(None, {"luma": halve(luma)[None, :, :, None]})[0][0] - loss)
    return np.maximum(full, np.stack([double(half[..., c], h, w) for c in range(3)], -1))


GROWTH_SHARE, GROWTH_LEAST = 0.7, 0.25
MARK_RULES = {"scratch": (14, 0.25), "dust": (5, 0.4), "stain": (400, 0.4)}
THICKEST = 64  # a scratch or speck as thick (area by diagonal of its box) is a piece of the picture, or for a person to judge


def outlined(luma: np.ndarray, marks: np.ndarray, outline: dict) -> np.ndarray:
    """bool [h, w]: the marks of one class drawn along what can be seen, as the engine does (measure/mark-outline.ts). Of a mark
    and the pixels that touch it those are kept that differ from the mean of what is no mark nearby the same way as the mark
    and by at least `share` of what it does; a mark that differs by less than `least` levels stays as it is. `near` and `wide` are
    half sides of the squares of which the mean is taken, the wider where the nearer holds less than `free`."""
    square, level = np.ones((3, 3), np.uint8), luma.astype(np.float32)
    outside = 1 - cv2.dilate(marks.astype(np.uint8), square).astype(np.float32)
    added = lambda plane, side: cv2.boxFilter(plane, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)  # noqa: E731
    sides = [2 * outline[reach] + 1 for reach in ("near", "wide")]
    near, wide = ((added(level * outside, side), added(outside, side)) for side in sides)
    around = np.where(near[1] >= outline["free"] * sides[0] ** 2, near[0] / np.maximum(near[1], 1),
                      np.where(wide[1] > 0, wide[0] / np.maximum(wide[1], 1), level))
    apart = level - around
    count, labels = cv2.connectedComponents(marks.astype(np.uint8))
    contrast = np.bincount(labels.ravel(), weights=apart.ravel(), minlength=count) / np.maximum(1, np.bincount(labels.ravel(), minlength=count))
    touched = np.where(labels > 0, labels, cv2.dilate(labels.astype(np.float32), square)).astype(np.int32)
    own = contrast[touched]
    drawn = (touched > 0) & (np.sign(own) * apart >= outline["share"] * np.abs(own))
    return np.where(np.abs(own) < outline["least"], marks, drawn)


def masks_of(probability: np.ndarray, thresholds: dict[str, float], luma: np.ndarray, rule: dict) -> np.ndarray:
    """bool [h, w, 3], by the engine's rules: a mark begins at the threshold, grows down to 0.7 of it (0.25 at least), needs
    the area in pixels and the share of certain pixels of MARK_RULES, is not thicker than THICKEST, and is drawn along what can be seen (stains are not)."""
    out = np.zeros(probability.shape, bool)
    for c, name in enumerate(CLASSES):
        plane, threshold = probability[..., c], thresholds[name]
        area, certain = MARK_RULES[name]
        count, labels, boxes, _ = cv2.connectedComponentsWithStats((plane >= max(GROWTH_LEAST, GROWTH_SHARE * threshold)).astype(np.uint8))
        sizes, thick = boxes[:, cv2.CC_STAT_AREA], boxes[:, cv2.CC_STAT_AREA] / np.hypot(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT])
        seeds = np.bincount(labels[plane >= threshold], minlength=count)
        kept = (sizes >= area) & (seeds >= np.maximum(3, certain * sizes)) & ((thick < THICKEST) | (name == "stain"))
        kept[0] = False
        out[..., c] = kept[labels] if name == "stain" else outlined(luma, kept[labels], rule["outline"])
    return out


class Counts:
    """True positives, found and wanted pixels, added up over pictures."""

    def __init__(self):
        self.both = self.found = self.wanted = 0

    def add(self, found: np.ndarray, wanted: np.ndarray) -> None:
        self.both += int((found & wanted).sum())
        self.found += int(found.sum())
        self.wanted += int(wanted.sum())

    @property
    def f1(self) -> float:
        return 2 * self.both / max(1, self.found + self.wanted)

    @property
    def precision(self) -> float:
        return self.both / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.both / max(1, self.wanted)


def top_hat(luma: np.ndarray) -> np.ndarray:
    """uint8 [h, w]: the larger of the white and the black top-hat with a 9×9 square. The usual net-free detector."""
    square = np.ones((9, 9), np.uint8)
    return np.maximum(cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, square), cv2.morphologyEx(luma, cv2.MORPH_BLACKHAT, square))


TOP_HAT_LEVELS = (10, 16, 24, 32, 44, 60)


def filters(full: bool) -> dict:
    """Name → filter (uint8 to uint8): what a picture editor offers. `full` adds non-local means and finer steps."""
    out = {"median 3": lambda x: cv2.medianBlur(x, 3), "median 5": lambda x: cv2.medianBlur(x, 5)}
    for s in (0.6, 0.9, 1.3):
        out[f"gauss {s}"] = lambda x, s=s: cv2.GaussianBlur(x, (0, 0), s)
    for sr in (25, 45, 80) if not full else (15, 25, 35, 50, 70, 100):
        for ss in (1.5, 3.0):
            out[f"bilateral {sr}/{ss}"] = lambda x, sr=sr, ss=ss: cv2.bilateralFilter(x, 9, sr, ss)
    if full:
        for hh in (5, 10, 15, 20):
            out[f"nlm {hh}"] = lambda x, hh=hh: cv2.fastNlMeansDenoisingColored(x, None, hh, hh, 5, 15)
    return out


def sharpeners() -> dict:
    """Twenty unsharp-mask settings: radius 0.8–2.0, amount 0.25–1.5."""
    out = {}
    for radius in (0.8, 1.2, 1.6, 2.0):
        for amount in (0.25, 0.5, 0.8, 1.1, 1.5):
            out[f"unsharp {radius}/{amount}"] = lambda x, r=radius, a=amount: np.clip(
                np.round(x + a * (x.astype(np.float32) - cv2.GaussianBlur(x.astype(np.float32), (0, 0), r))), 0, 255).astype(np.uint8)
    return out


def best(candidates: dict, pairs: list[tuple[np.ndarray, np.ndarray]]) -> tuple[str, float]:
    """The one filter that does best over all (aged, truth) pairs, by mean PSNR, and that mean."""
    scores = {name: float(np.mean([psnr(run(aged), truth) for aged, truth in pairs])) for name, run in candidates.items()}
    name = max(scores, key=scores.get)
    return name, scores[name]
