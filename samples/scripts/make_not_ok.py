"""Writes ../not-ok (files an ingest must refuse or survive) and ../odd-names (a good picture with a difficult name)."""
import io
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).resolve().parent.parent


def small_jpeg():
    """A sunset over water, 320 x 240: a good file of a few kilobytes."""
    y, x = np.mgrid[0:240, 0:320] / 240
    sky = np.stack([.95 - .35 * y, .62 - .2 * y, .45 + .15 * y], 2)
    sea = np.stack([.3 + .4 * np.exp(-((x - .7) / .1) ** 2), .25 + .2 * np.exp(-((x - .7) / .1) ** 2), .3 + 0 * x], 2) + .03 * np.sin(90 * y + 6 * np.sin(9 * x))[..., None]
    img = np.where((y > .58)[..., None], sea, sky)
    img[(x - .7) ** 2 + (y - .47) ** 2 < .006] = (1, .9, .7)
    hill = .58 - .16 * np.exp(-((x - .2) / .12) ** 2) - .1 * np.exp(-((x - 1.1) / .15) ** 2)
    img[(y > hill) & (y <= .58)] = (.2, .16, .2)
    out = io.BytesIO()
    Image.fromarray((np.clip(img, 0, 1) * 255).astype(np.uint8)).save(out, "JPEG", quality=88)
    return out.getvalue()


def bomb(side=16000):
    """Grey PNG of side x side equal pixels, written row by row: 256 MB once decoded, 1 GB as RGBA.

    Deflate reaches 1032 : 1 at most, so the same size stored as RGBA could not be smaller than 1 MB.
    """
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    z = zlib.compressobj(9)
    row = b"\0" + bytes(side)
    data = b"".join(z.compress(row) for _ in range(side)) + z.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def main():
    bad, odd = OUT / "not-ok", OUT / "odd-names"
    bad.mkdir(exist_ok=True)
    odd.mkdir(exist_ok=True)
    good = small_jpeg()
    (bad / "truncated.jpg").write_bytes(good[:len(good) // 2])
    (bad / "empty.jpg").write_bytes(b"")
    (bad / "text.jpg").write_text("Đây không phải là ảnh. This is not a picture.\n", encoding="utf-8")
    (bad / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><script>1</script>'
                                     '<image href="file:///etc/hostname" width="10" height="10"/><circle cx="160" cy="120" r="80"/></svg>\n', encoding="utf-8")
    data = bomb()
    assert len(data) < 300_000, len(data)
    (bad / "bomb.png").write_bytes(data)
    (odd / unicodedata.normalize("NFD", "Ảnh cưới bà ngoại 📷.jpg")).write_bytes(good)


if __name__ == "__main__":
    main()
