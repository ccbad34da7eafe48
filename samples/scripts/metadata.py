"""Writes the pictures as a scanner would: sRGB profile, EXIF, and for some IPTC and XMP."""
import io
import struct
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
NOTE = "Rendered picture, made for trying Albumen"
# name: (make, model, software, digitised)
SCANNERS = {
    "01-street": ("Albumen Samples", "Flatbed A3", "render", "2026:11:21 09:12:04"),
    "03-photo-shop": ("Albumen Samples", "Flatbed A3", "render", "2026:11:21 09:20:41"),
    "05-tea": ("Albumen Samples", "Flatbed A3", "render", "2026:11:21 09:31:17"),
    "09-family": ("Albumen Samples", "Copy Stand 50", "render", "2026:11:21 10:02:55"),
    "11-album-page": ("Albumen Samples", "Copy Stand 50", "render", "2026:11:21 10:15:30"),
    "13-yellow-wall": ("Albumen Samples", "Pocket Camera", "render", "2026:11:20 16:40:00"),
}
# name: (object name, caption, city) as IPTC IIM in UTF-8
IPTC = {"01-street": ("Phố Hàng Giấy", "Ảnh dựng bằng máy tính để thử Albumen", "Hà Nội"), "09-family": ("Ảnh gia đình", "Ảnh dựng bằng máy tính để thử Albumen", "Nam Định")}


def iptc_segment(fields):
    """APP13 with IIM records: 1:90 says UTF-8, then 2:05, 2:120, 2:90."""
    def rec(r, d, data):
        return struct.pack(">BBBH", 0x1C, r, d, len(data)) + data
    title, caption, city = (f.encode() for f in fields)
    iim = rec(1, 90, b"\x1b%G") + rec(2, 0, b"\x00\x04") + rec(2, 5, title) + rec(2, 90, city) + rec(2, 120, caption)
    block = b"8BIM" + struct.pack(">HBBI", 0x0404, 0, 0, len(iim)) + iim + (b"\0" if len(iim) % 2 else b"")
    body = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def xmp_packet(name):
    return (f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
            'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
            f'dc:identifier="{name}" xmp:CreatorTool="render" '
            'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/virtualRecording">'
            f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{NOTE}</rdf:li></rdf:Alt></dc:description>'
            '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>').encode()


def save_jpeg(path, rgb, quality, name):
    """name chooses the metadata; None writes only the profile."""
    image, extra = Image.fromarray(rgb), {}
    grey = np.abs(rgb.astype(int) - rgb[..., :1]).max() == 0
    if grey:
        image = image.convert("L")
    else:
        extra["icc_profile"] = SRGB
    if name in SCANNERS:
        make, model, software, when = SCANNERS[name]
        exif = Image.Exif()
        exif[0x010F], exif[0x0110], exif[0x0131], exif[0x0132], exif[0x010E] = make, model, software, when, NOTE
        exif.get_ifd(0x8769)[0x9004] = when
        extra["exif"], extra["xmp"] = exif.tobytes(), xmp_packet(name)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, dpi=(600, 600), **extra)
    data = out.getvalue()
    if name in IPTC:
        data = data[:2] + iptc_segment(IPTC[name]) + data[2:]
    Path(path).write_bytes(data)


def save_tiff16(path, grey, name):
    """Greyscale, 16 bit, deflate with a predictor. A scanner of 12 bit: the low four bits are empty, so the file stays small."""
    v = np.round(np.clip(grey, 0, 1) * 4095).astype(np.uint16) << 4
    tifffile.imwrite(path, v, photometric="minisblack", compression="adobe_deflate", compressionargs={"level": 9}, predictor=True, rowsperstrip=64, resolution=(600, 600),
                     resolutionunit="INCH", description=NOTE, datetime="2026:11:21 09:48:12", software="render", metadata=None,
                     extratags=[(271, "s", 0, "Albumen Samples", True), (272, "s", 0, "Film Scanner 12", True)])


def save_mask(path, index):
    """Palette PNG: 0 none, 1 scratch, 2 dust, 3 stain."""
    p = Image.frombytes("P", index.shape[::-1], index.tobytes())
    p.putpalette([0, 0, 0, 230, 60, 40, 240, 200, 60, 70, 130, 220])
    p.save(path, optimize=True, bits=2)
