"""Checks the committed collection against samples.json; prints what is wrong and fails."""
import json
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


def faults():
    doc = json.loads((ROOT / "samples.json").read_text(encoding="utf-8"))
    for item in doc["items"]:
        paths = [ROOT / item[k] for k in ("file", "truth", "mask")]
        missing = [p.name for p in paths if not p.exists()]
        if missing:
            yield f"Expected the files of {item['referenceCode']} but {missing} are missing"
            continue
        sizes = {Image.open(p).size for p in paths}
        if len(sizes) != 1:
            yield f"Expected one size for {item['referenceCode']} but received {sizes}"
        values = set(Image.open(paths[2]).tobytes())
        if not values <= {0, 1, 2, 3}:
            yield f"Expected mask values 0 to 3 for {item['mask']} but received {sorted(values)}"
        if item["expectNoTreatment"] and values != {0}:
            yield f"Expected an empty mask for {item['mask']}"
    files = [p for p in ROOT.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    if sum(p.stat().st_size for p in files) > 12_000_000:
        yield "Expected at most 12 MB in samples"
    for p in files:
        if p.stat().st_size > 2_000_000:
            yield f"Expected at most 2 MB for {p.name} but received {p.stat().st_size}"


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found) or "samples: as they should be")
    sys.exit(bool(found))
