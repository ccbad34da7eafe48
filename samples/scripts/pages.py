"""Draws the album page and the verso (no Blender): pages.py RENDERS_DIR.

Prints on the page come from RENDERS_DIR through develop.py's own darkroom; paper, ink, corners and stamp are drawn here;
ageing is models/training/degrade.py again.
"""
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import develop
from develop import RECIPES, Recipe, age

HAND = "/usr/share/fonts/truetype/gentiumplus/GentiumPlus-Italic.ttf"
ITALIC = "/usr/share/fonts/opentype/ebgaramond/EBGaramond12-Italic.otf"
CAPS = "/usr/share/fonts/truetype/lato/Lato-Bold.ttf"


def handwriting(size, lines, font, px, at, step, r, slope=-.012, wander=1.):
    """Coverage 0..1 of a text written by hand: every letter a little off, more ink where the pen rested."""
    ss = 3
    layer = Image.new("L", (size[0] * ss, size[1] * ss), 0)
    for n, line in enumerate(lines):
        x, y0 = at[0] + r.normal(0, 3), at[1] + n * step + r.normal(0, 2)
        drift, k = 0., 0
        for ch in line:
            f = ImageFont.truetype(font, round(px * ss * (1 + r.normal(0, .018 * wander))))
            w = f.getlength(ch) / ss
            drift = .8 * drift + r.normal(0, .55 * wander)
            tile = Image.new("L", (round(w * ss) + 6 * px, 3 * px * ss), 0)
            ImageDraw.Draw(tile).text((3 * px, px * ss * .7), ch, fill=round(r.uniform(200, 255)), font=f)
            tile = tile.rotate(r.normal(0, 1.3 * wander), Image.BICUBIC, center=(3 * px, 2 * px * ss))
            tile = tile.transform(tile.size, Image.AFFINE, (1, .22, -.22 * 2 * px * ss, 0, 1, 0), Image.BICUBIC)
            layer.paste(255, (round(x * ss) - 3 * px, round((y0 + drift + (x - at[0]) * slope) * ss)), tile)
            x += w * (1 + r.normal(0, .012 * wander)) + px * .012
            k += 1
    a = np.asarray(layer.filter(ImageFilter.GaussianBlur(1.1)).resize(size, Image.LANCZOS), np.float32) / 255
    pressure = cv2.resize(r.uniform(.62, 1.08, (9, 40)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.clip(a * pressure, 0, 1)


def ink(image, cover, colour):
    """Ink darkens what lies under it."""
    return image * (1 - cover[..., None] * (1 - np.array(colour, np.float32)))


def paint(image, cover, colour):
    return image * (1 - cover[..., None]) + cover[..., None] * np.array(colour, np.float32)


def fibres(h, w, r, colour, strength=.03):
    fine = cv2.GaussianBlur(r.normal(size=(h, w)).astype(np.float32), (0, 0), .8)
    wide = cv2.resize(r.normal(size=(7, 9)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    n = fine / fine.std() * strength + wide * strength * .6
    return np.clip(np.array(colour, np.float32) + n[..., None], 0, 1).astype(np.float32)


def stamp(size, centre, radius, r, angle=-.2):
    """Round rubber stamp of the studio, unevenly inked."""
    ss = 4
    n = round(radius * 2.3) * ss
    tile = Image.new("L", (n, n), 0)
    d, c = ImageDraw.Draw(tile), n / 2
    for q, wd in ((1.0, 3.2), (.93, 1.2), (.6, 1.2)):
        R = radius * ss * q
        d.ellipse((c - R, c - R, c + R, c + R), outline=255, width=round(wd * ss))
    f = ImageFont.truetype(CAPS, round(radius * .2 * ss))
    for words, start, flip in (("TIỆM ẢNH HƯNG THỊNH", -np.pi / 2, False), ("NAM ĐỊNH", np.pi / 2, True)):
        widths = [f.getlength(ch) + radius * .035 * ss for ch in words]
        R = radius * ss * .765
        a = start - (-1 if flip else 1) * sum(widths) / R / 2
        for ch, wd in zip(words, widths):
            m = a + (-1 if flip else 1) * wd / R / 2
            g = Image.new("L", (round(radius * .6 * ss),) * 2, 0)
            ImageDraw.Draw(g).text((g.width / 2, g.height / 2), ch, fill=255, font=f, anchor="mm")
            g = g.rotate(-np.degrees(m) + (90 if flip else -90), Image.BICUBIC)
            tile.paste(255, (round(c + R * np.cos(m) - g.width / 2), round(c + R * np.sin(m) - g.height / 2)), g)
            a += (-1 if flip else 1) * wd / R
    f2 = ImageFont.truetype(CAPS, round(radius * .19 * ss))
    d.text((c, c - radius * .2 * ss), "Số 1427", fill=255, font=f2, anchor="mm")
    d.text((c, c + radius * .16 * ss), "12-2-1935", fill=255, font=f2, anchor="mm")
    tile = tile.rotate(np.degrees(-angle), Image.BICUBIC).filter(ImageFilter.GaussianBlur(2)).resize((n // ss, n // ss), Image.LANCZOS)
    out = np.zeros((size[1], size[0]), np.float32)
    x, y = round(centre[0] - n / ss / 2), round(centre[1] - n / ss / 2)
    out[y:y + n // ss, x:x + n // ss] = np.asarray(tile, np.float32) / 255
    blotch = cv2.resize(r.uniform(0, 1.25, (30, 44)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    speck = cv2.GaussianBlur(r.random((size[1], size[0])).astype(np.float32), (0, 0), 1.0)
    return out * np.clip(blotch, .25, 1) * np.clip((speck - .42) * 9, .15, 1)


def verso():
    r = np.random.default_rng(1212)
    w, h = 1280, 900
    page = fibres(h, w, r, (.86, .82, .72), .012)
    front = cv2.GaussianBlur(r.normal(size=(h, w)).astype(np.float32), (0, 0), 60)
    page *= (1 - .035 * np.clip(front / front.std(), -1, 2))[..., None]
    lines = ["Nam Định, mùng chín Tết năm Ất Hợi", "Ảnh chụp cả nhà trước hôm anh Cả đi Sài Gòn.", "Thầy u ngồi giữa, các cháu đứng trước.", "Gửi bác Hai giữ làm kỷ niệm.", "                                 Em, Thục"]
    page = ink(page, handwriting((w, h), lines, HAND, 50, (105, 150), 92, r, wander=1.7), (.16, .17, .3))
    page = ink(page, .75 * handwriting((w, h), ["A 428 / 3"], ITALIC, 38, (1040, 52), 60, r, .03), (.42, .41, .4))
    page = ink(page, .85 * stamp((w, h), (990, 690), 128, r), (.42, .2, .5))
    for x, y in ((70, 62), (w - 80, 70), (64, h - 70), (w - 72, h - 66)):
        a, b = r.uniform(34, 62, 2)
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        d = np.sqrt(((xx - x) / a) ** 2 + ((yy - y) / b) ** 2) + .5 * cv2.resize(r.normal(size=(40, 56)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC) * .5
        page = ink(page, np.clip(1.15 - d, 0, 1) ** .4 * .5, (.55, .44, .3))
    recipe = Recipe(fade=.2, yellow=.5, vignette=.2, blur=.5, grain=2.5, stains=3, dust=50, folds=1, scratches=2)
    res = age(np.ascontiguousarray(page, np.float32), 1218, recipe)
    develop.write("12-verso", res.aged, res.faded_truth, res.masks, "jpg")


def mounted(page, source, film, box, angle, r, tone):
    """One print with a deckle edge, its shadow and four paper corners."""
    x, y, w, h = box
    ss = 2
    img = develop.picture(source, max(w, h) * ss, film, .035)
    img = cv2.resize(img, (w * ss, h * ss), interpolation=cv2.INTER_AREA)
    img = age(np.ascontiguousarray(img), int(r.integers(1 << 30)), tone).faded_truth
    alpha = np.ones(img.shape[:2], np.float32)
    edge = (np.abs(np.sin(np.arange(max(alpha.shape)) * .21 + np.cumsum(r.normal(0, .05, max(alpha.shape))))) * 5).astype(int)
    for i in range(alpha.shape[1]):
        alpha[:edge[i], i] = 0
        alpha[alpha.shape[0] - edge[-1 - i] - 1:, i] = 0
    for j in range(alpha.shape[0]):
        alpha[j, :edge[j]] = 0
        alpha[j, alpha.shape[1] - edge[-1 - j] - 1:] = 0
    H, W = page.shape[:2]
    m = cv2.getRotationMatrix2D((w * ss / 2, h * ss / 2), angle, 1 / ss)
    m[:, 2] += (x + w / 2 - w * ss / 2, y + h / 2 - h * ss / 2)
    a = cv2.warpAffine(alpha, m, (W, H), flags=cv2.INTER_AREA)
    p = cv2.warpAffine(img, m, (W, H), flags=cv2.INTER_AREA)
    shadow = cv2.GaussianBlur(np.roll(a, (4, 4), (0, 1)), (0, 0), 4)
    page = page * (1 - .55 * shadow[..., None])
    page = page * (1 - a[..., None]) + p * a[..., None]
    for u, v in ((0, 0), (1, 0), (0, 1), (1, 1)):
        s = 30
        c = np.array([[u * w, v * h], [u * w + (s if u == 0 else -s), v * h], [u * w, v * h + (s if v == 0 else -s)]], float)
        c += (c - [w / 2, h / 2]) * .012
        q = (m @ np.c_[c * ss, np.ones(3)].T).T
        t = np.zeros((H, W), np.float32)
        cv2.fillConvexPoly(t, np.round(q * 16).astype(np.int32), 1., cv2.LINE_AA, 4)
        sh = cv2.GaussianBlur(t, (0, 0), 2)
        page = page * (1 - .35 * sh[..., None])
        page = paint(page, np.clip(t, 0, 1), np.array([.1, .09, .085]) + r.uniform(0, .02))
    return page


def album(renders):
    r = np.random.default_rng(1111)
    w, h = 1400, 1040
    page = fibres(h, w, r, (.245, .235, .215), .014)
    sepia, grey = Recipe(tone="sepia", fade=.45, yellow=.5, vignette=.2), Recipe(tone="grey", fade=.3, yellow=.35)
    for scene, film, box, angle, tone, words, at in (
            ("house", "plate", (70, 70, 560, 394), 1.1, sepia, ["Nhà ông bà ngoại, Tết 1936"], (150, 478)),
            ("room", "plate", (742, 92, 520, 390), -1.4, grey, ["Gian thờ, nhìn từ hiên vào"], (800, 496)),
            ("portrait", "oval", (150, 560, 290, 378), -.9, sepia, ["Cậu Khải, 1941"], (170, 950)),
            ("bay", "plate", (560, 580, 516, 363), .7, replace(sepia, fade=.6), ["Vịnh Hạ Long, hè 1938"], (640, 956)),
            ):
        page = mounted(page, renders / f"{scene}.png", film, box, angle, r, tone)
        page = paint(page, .8 * handwriting((w, h), words, HAND, 34, at, 50, r, r.normal(0, .012)), (.82, .8, .74))
    x, y = 1130, 600
    for u, v in ((0, 0), (1, 0), (0, 1), (1, 1)):
        s, W, H = 26, 190, 250
        q = np.array([[x + u * W, y + v * H], [x + u * W + (s if u == 0 else -s), y + v * H], [x + u * W, y + v * H + (s if v == 0 else -s)]])
        t = np.zeros((h, w), np.float32)
        if (u, v) != (1, 0):
            cv2.fillConvexPoly(t, np.round(q * 16).astype(np.int32), 1., cv2.LINE_AA, 4)
            page = paint(page, t, (.1, .09, .085))
    rect = np.zeros((h, w), np.float32)
    rect[y + 4:y + 246, x + 4:x + 186] = .35
    page = page * (1 - .3 * cv2.GaussianBlur(rect, (0, 0), 3)[..., None])
    page = paint(page, .7 * handwriting((w, h), ["(ảnh thất lạc)"], HAND, 30, (1142, 870), 50, r), (.82, .8, .74))
    recipe = Recipe(fade=.15, yellow=.2, vignette=.15, blur=.4, grain=2.5, dust=120, hairs=3, scratches=4, stains=1)
    res = age(np.ascontiguousarray(page, np.float32), 1102, recipe)
    develop.write("11-album-page", res.aged, res.faded_truth, res.masks, "jpg")


if __name__ == "__main__":
    verso()
    if len(sys.argv) > 1 and all((Path(sys.argv[1]) / f"{n}.png").exists() for n in ("house", "room", "portrait", "bay")):
        album(Path(sys.argv[1]))
    else:
        print("the album page needs house, room, portrait and bay")
