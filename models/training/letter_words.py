"""Words for rendered lettering: Vietnamese syllables of every letter and tone, French and English words, numbers, codes.

What is written has no meaning; it has the letters, the lengths and the capitals of captions, shop signs, stamps and plate
numbers.
"""

from __future__ import annotations

import unicodedata

ONSETS = ("b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x", "")
RHYMES = ("a", "ai", "an", "ang", "anh", "ao", "ăn", "ăng", "ân", "âu", "ây", "e", "en", "ê", "ênh", "i", "iên", "iêu", "inh", "o", "oa", "oan", "oi", "on",
          "ong", "ô", "ôn", "ông", "ơ", "ơi", "ơn", "u", "ua", "uân", "uê", "ui", "ung", "uôc", "uông", "uy", "uyên", "ư", "ưa", "ưng", "ươc", "ươi", "ương", "ưu", "y", "yên")
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
PLAIN = ("Photo", "Studio", "Hotel", "Grand", "Carte", "postale", "Souvenir", "Rue", "Catinat", "Cinema", "Cafe", "Restaurant", "Pharmacie", "Librairie", "Tabac",
         "Coiffeur", "Bazar", "Garage", "Banque", "Tailor", "Bakery", "Street", "Avenue", "Station", "School", "Company", "Bros", "and", "Sons", "Ltd", "Paris",
         "Hanoi", "Saigon", "Hue", "Tourane", "Negative", "Plate", "Safety", "Film", "Kodak", "Ilford", "view", "of", "the", "bridge", "market", "portrait",
         "regiment", "officers", "wedding", "January", "April", "August", "New", "York", "West", "North", "Railway", "Gallery", "Copyright", "Press", "Archive")
FRENCH = ("à ma chère sœur", "été", "Événement", "Pagode", "Théâtre", "Hôtel de ville", "Église", "Musée", "façade", "Noël", "Février", "Août", "élèves", "Société")


def syllable(rng) -> str:
    """One Vietnamese syllable with a tone."""
    rhyme = str(rng.choice(RHYMES))
    vowel = max((i for i, letter in enumerate(rhyme) if letter in "aăâeêioôơuưy"), key=lambda i: ("ăâêôơư".find(rhyme[i]) >= 0, i == 0))
    toned = rhyme[:vowel + 1] + str(rng.choice(TONES)) + rhyme[vowel + 1:]
    return unicodedata.normalize("NFC", str(rng.choice(ONSETS)) + toned)


def number(rng) -> str:
    """A plate number, a year, a date, a shelf mark."""
    kind = int(rng.integers(6))
    digits = lambda least, most: "".join(str(int(d)) for d in rng.integers(0, 10, int(rng.integers(least, most + 1))))  # noqa: E731
    if kind == 0:
        return str(int(rng.integers(1840, 1990)))
    if kind == 1:
        return f"{int(rng.integers(1, 32))}.{int(rng.integers(1, 13))}.{int(rng.integers(1860, 1990))}"
    if kind == 2:
        return f"No {digits(1, 5)}"
    if kind == 3:
        return f"{''.join(str(rng.choice(list('ABCDEFGHKLMNPRSTVX'))) for _ in range(int(rng.integers(1, 4))))}{str(rng.choice(['-', ' ', '/']))}{digits(1, 4)}"
    return digits(1, 6)


def text(rng, letters: frozenset[str], words: int) -> str:
    """`words` words that can be written with these letters (see `letter_fonts.Face`); in a third of the cases in capitals."""
    if "han" in letters and rng.random() < 0.25:
        return "".join(chr(int(rng.integers(0x4E00, 0x8F00))) for _ in range(int(rng.integers(2, 6))))
    if "digits" in letters and rng.random() < 0.22:
        return number(rng)
    vietnamese = "vietnamese" in letters and rng.random() < 0.65
    out = []
    for _ in range(words):
        kind = rng.random()
        if vietnamese and kind < 0.85:
            out.append(syllable(rng))
        elif "french" in letters and kind < 0.2:
            out.append(str(rng.choice(FRENCH)))
        elif "digits" in letters and kind < 0.3:
            out.append(number(rng))
        elif kind < 0.45:
            out.append("".join(str(rng.choice(list("abcdefghijklmnopqrstuvwxyz"))) for _ in range(int(rng.integers(2, 10)))))
        else:
            out.append(str(rng.choice(PLAIN)))
    if rng.random() < 0.5:
        out = [word[:1].upper() + word[1:] for word in out]
    said = " ".join(out)
    return said.upper() if rng.random() < 0.33 else said
