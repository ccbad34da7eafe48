"""Fonts from which lettering is rendered, split by family, so that no family is seen on both sides.

They are Debian packages under free licences (SIL Open Font License, MIT, Apache, public domain), installed beside the
training and never shipped: `apt-get install` the second column. Where one is absent, the training says which and stops.
"""

from __future__ import annotations

import glob
import hashlib
import os
from typing import NamedTuple

from PIL import ImageFont

PLACE = "/usr/share/fonts"

# part: train | validation | acceptance; kind: print (type, signs, typewriters) | hand (handwriting and scripts).
FAMILIES: tuple[tuple[str, str, str, str, str], ...] = (
    # part, kind, package, licence, files
    ("train", "print", "fonts-ebgaramond", "OFL-1.1", "opentype/ebgaramond/EBGaramond12-*.otf"),
    ("train", "print", "fonts-linuxlibertine", "OFL-1.1", "opentype/linux-libertine/Lin*_R*.otf"),
    ("train", "print", "fonts-sil-gentiumplus", "OFL-1.1", "truetype/gentiumplus/GentiumPlus-*.ttf"),
    ("train", "print", "fonts-lato", "OFL-1.1", "truetype/lato/Lato-[BLR]*.ttf"),
    ("train", "print", "fonts-junicode", "OFL-1.1", "opentype/junicode/JunicodeTwoBeta-Condensed*.otf"),
    ("train", "print", "fonts-vollkorn", "OFL-1.1", "truetype/vollkorn/Vollkorn-[BR]*.ttf"),
    ("train", "print", "fonts-gfs-didot", "OFL-1.1", "opentype/didot/GFSDidot*.otf"),
    ("train", "print", "fonts-yanone-kaffeesatz", "OFL-1.1", "opentype/yanone-kaffeesatz/*.otf"),
    ("train", "print", "fonts-routed-gothic", "OFL-1.1", "truetype/routed-gothic/*.ttf"),
    ("train", "print", "fonts-essays1743", "OFL-1.1", "truetype/essays1743/*.ttf"),
    ("train", "print", "fonts-roboto-slab", "Apache-2.0", "opentype/roboto/slab/*.otf"),
    ("train", "print", "fonts-allerta", "OFL-1.1", "opentype/allerta/*.otf"),
    ("train", "print", "fonts-apropal", "OFL-1.1", "opentype/apropal/*.otf"),
    ("train", "print", "fonts-bajaderka", "OFL-1.1", "opentype/bajaderka/*.otf"),
    ("train", "print", "fonts-blankenburg", "OFL-1.1", "truetype/blankenburg/*.ttf"),
    ("train", "print", "fonts-century-catalogue", "OFL-1.0", "truetype/fonts-century-catalogue/*.ttf"),
    ("train", "print", "fonts-courier-prime", "OFL-1.1", "opentype/courier-prime/*.otf"),
    ("train", "print", "fonts-dosis", "OFL-1.1", "opentype/dosis/*.otf"),
    ("train", "print", "fonts-fanwood", "MIT", "truetype/fanwood/*.otf"),
    ("train", "print", "fonts-gnutypewriter", "OFL-1.1", "truetype/gnutypewriter/*.ttf"),
    ("train", "print", "fonts-goudybookletter", "public domain", "opentype/sortsmill/*.otf"),
    ("train", "print", "fonts-le-murmure", "OFL-1.1", "opentype/le-murmure/*.otf"),
    ("train", "print", "fonts-national-park", "OFL-1.1", "opentype/national-park/*.otf"),
    ("train", "print", "fonts-okolaks", "OFL-1.1", "truetype/okolaks/*.ttf"),
    ("train", "print", "fonts-opendin", "OFL-1.1", "truetype/opendin/*.ttf"),
    ("train", "print", "fonts-prociono", "public domain", "opentype/fonts-prociono/*.otf"),
    ("train", "print", "fonts-roadgeek", "MIT", "truetype/roadgeek/*.ttf"),
    ("train", "print", "fonts-train", "OFL-1.1", "truetype/train/*.ttf"),
    ("train", "print", "fonts-eurofurence", "OFL-1.1", "truetype/eurofurence/*.ttf"),
    ("train", "print", "fonts-stick", "OFL-1.1", "truetype/stick/*.ttf"),
    ("train", "hand", "fonts-bwht", "OFL-1.1", "opentype/bwht/*.otf"),
    ("train", "hand", "fonts-joscelyn", "OFL-1.1", "opentype/joscelyn/*.otf"),
    ("train", "hand", "fonts-kaushanscript", "OFL-1.1", "opentype/kaushanscript/*.otf"),
    ("train", "hand", "fonts-humor-sans", "OFL-1.1", "truetype/humor-sans/*.ttf"),
    ("train", "hand", "fonts-klee", "OFL-1.1", "truetype/klee/*.ttf"),
    ("train", "hand", "fonts-ecolier-court", "OFL-1.1", "truetype/ecolier-court/*.ttf"),
    ("train", "hand", "fonts-lobstertwo", "OFL-1.1", "opentype/lobstertwo/*.otf"),
    ("train", "hand", "fonts-leckerli-one", "OFL-1.1", "truetype/leckerli-one/*.ttf"),
    ("train", "hand", "fonts-yusei-magic", "OFL-1.1", "truetype/yusei-magic/*.ttf"),
    ("train", "hand", "fonts-smc-chilanka", "OFL-1.1", "opentype/malayalam/Chilanka-Regular.otf"),
    ("train", "hand", "fonts-comic-neue", "OFL-1.1", "opentype/comic-neue/ComicNeue-[LR]*.otf"),
    ("validation", "print", "fonts-sil-andika", "OFL-1.1", "truetype/andika/*.ttf"),
    ("validation", "print", "fonts-league-spartan", "OFL-1.1", "opentype/league-spartan/*.otf"),
    ("validation", "print", "fonts-quattrocento", "OFL-1.1", "opentype/quattrocento/*.otf"),
    ("validation", "hand", "fonts-breip", "OFL-1.0", "truetype/breip/*.ttf"),
    ("acceptance", "print", "fonts-sil-charis", "OFL-1.1", "truetype/charis/*.ttf"),
    ("acceptance", "print", "fonts-bebas-neue", "OFL-1.1", "opentype/bebas-neue/*.otf"),
    ("acceptance", "print", "fonts-oldstandard", "OFL-1.0", "truetype/fonts-oldstandard/*.ttf"),
    ("acceptance", "print", "fonts-tuffy", "public domain", "truetype/tuffy/Tuffy*.ttf"),
    ("acceptance", "print", "fonts-havana", "OFL-1.1", "opentype/havana/*.otf"),
    ("acceptance", "hand", "fonts-dancingscript", "OFL-1.1", "opentype/dancingscript/*.otf"),
    ("acceptance", "hand", "fonts-kristi", "OFL-1.1", "truetype/kristi/*.ttf"),
)


class Face(NamedTuple):
    """A font file: what it can write stands in `letters`, a subset of 'latin', 'digits', 'french', 'vietnamese', 'han'."""

    path: str
    kind: str
    letters: frozenset[str]


SAMPLES = dict(latin="ABDEGHKLMNOPRSTVXabcdeghiklmnopqrstuvxy", digits="0258", french="éàç", vietnamese="ữếộạỷđ", han="大越南京學")


def _letters(path: str) -> frozenset[str]:
    font = ImageFont.truetype(path, 24)
    lost = bytes(font.getmask("\uffff"))
    drawn = lambda letter: font.getmask(letter).getbbox() is not None and bytes(font.getmask(letter)) != lost  # noqa: E731
    return frozenset(name for name, text in SAMPLES.items() if all(drawn(letter) for letter in text))


def faces(part: str, kind: str | None = None) -> list[list[Face]]:
    """Families of one part (and kind), each a list of its fonts, in the order of FAMILIES.

    Raises FileNotFoundError with the packages to install where a family is absent.
    """
    wanted = [row for row in FAMILIES if row[0] == part and kind in (None, row[1])]
    found = [[Face(path, row[1], _letters(path)) for path in sorted(glob.glob(os.path.join(PLACE, row[4])))] for row in wanted]
    absent = [row[2] for row, family in zip(wanted, found) if not family]
    if absent:
        raise FileNotFoundError(f"Expected fonts but these packages are not installed: {' '.join(absent)}")
    return [[face for face in family if "latin" in face.letters] for family in found]


def manifest() -> list[dict]:
    """What `data.json` says of the fonts: part, kind, package, licence, number of files and one digest for each family."""
    rows = []
    for part, kind, package, licence, files in FAMILIES:
        lines = ""
        paths = sorted(glob.glob(os.path.join(PLACE, files)))
        for path in paths:
            with open(path, "rb") as file:
                lines += f"{hashlib.sha256(file.read()).hexdigest()}  {os.path.basename(path)}\n"
        rows.append(dict(package=package, licence=licence, part=part, kind=kind, count=len(paths), sha256=hashlib.sha256(lines.encode()).hexdigest()))
    return rows
