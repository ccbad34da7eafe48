"""Heads that never existed: the geometry of one folder of CC0 head data (see data.json), random identities and expressions.

Coordinates are decimetres: y up, +z where the face looks, +x the subject's left. A target moves some vertices of the base
by a weight. Landmarks follow the order of 68 points usual in the field, the side at the picture's left first.
"""

from __future__ import annotations

import glob
import os

import cv2
import numpy as np

OPPOSITES = [("decr", "incr"), ("in", "out"), ("down", "up"), ("backward", "forward"), ("concave", "convex"), ("compress", "uncompress")]
SPREAD = 0.33  # standard deviation of most shape weights


def smoothstep(a, b, x):
    t = np.clip((x - a) / (b - a), 0, 1)
    return t * t * (3 - 2 * t)


def turned(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Rotation matrix, float32 [3, 3]; angles in radians."""
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    return (np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]) @ np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
            @ np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])).astype(np.float32)


def fitted(proxy: dict, vertices: np.ndarray) -> np.ndarray:
    """Vertices of hair, clothes and the like, bound to the given body."""
    scale = [1.0, 1.0, 1.0]
    for k in range(3):
        a, b, length = proxy["scale"][k]
        if length != 1 or a != b:
            scale[k] = abs(vertices[int(a), k] - vertices[int(b), k]) / length
    return (vertices[proxy["bind"].astype(int)] * proxy["w"][..., None]).sum(1) + proxy["off"] * np.array(scale, np.float32)


class Heads:
    """Everything read from the folder `data`, and the regions of the head that hair, beards and landmarks are placed by."""

    def __init__(self, data: str):
        load = lambda name: dict(np.load(os.path.join(data, name)))  # noqa: E731
        self.folder = data
        self.base, self.eyes, self.targets = load("base.npz"), load("eyes.npz"), load("targets.npz")
        self.v = self.base["v"]
        self.f, self.ft, self.uv = self.base["f"].astype(np.int32), self.base["ft"].astype(np.int32), self.base["uv"]
        self.names = [str(x) for x in self.targets["names"]]
        self.index = {name: i for i, name in enumerate(self.names)}
        self.proxies = {os.path.basename(p)[:-4]: dict(np.load(p).items()) for p in sorted(glob.glob(os.path.join(data, "proxies", "*.npz")))}
        self._pair_targets()
        self.textures: dict = {}
        self.body = np.unique(self.f)
        self.is_body = np.zeros(len(self.v), bool)
        self.is_body[self.body] = True
        self.marks = self._landmarks()
        near = self.v[self.body]
        self.face = self.body[(near[:, 1] > 6.12) & (near[:, 1] < 8.0) & (near[:, 2] > 0.55)]  # chin to hairline, before the ears
        self.head = self.body[(near[:, 1] > 6.12) & ((near[:, 2] > 0.2) | (near[:, 1] > 6.9))]
        self._regions()

    def _pair_targets(self) -> None:
        groups: dict[str, dict[str, str]] = {}
        single = []
        for name in self.names:
            if name.startswith(("macro", "expr", "asym")):
                continue
            for a, b in OPPOSITES:
                for side in (a, b):
                    if name.endswith("-" + side):
                        groups.setdefault(name[:-len(side) - 1] + "|" + a, {})[side] = name
                        break
                else:
                    continue
                break
            else:
                single.append(name)
        self.pairs = {k: v for k, v in groups.items() if len(v) == 2}
        self.head_shapes = [n for n in single if n.startswith("head/")]
        self.asymmetries = [n for n in self.names if n.startswith("asym")]

    def apply(self, vertices: np.ndarray, name: str, weight: float) -> None:
        """Moves `vertices` by one target, in place; an unknown name or no weight leaves them."""
        i = self.index.get(name)
        if i is None or abs(weight) < 1e-4:
            return
        a, b = self.targets["ptr"][i], self.targets["ptr"][i + 1]
        vertices[self.targets["idx"][a:b]] += self.targets["delta"][a:b].astype(np.float32) * (self.targets["scale"] * weight)

    def vertices(self, identity: dict, expression: dict) -> np.ndarray:
        out = self.v.copy()
        for name, weight in [*identity["targets"].items(), *expression.items()]:
            self.apply(out, name, weight)
        return out

    def near(self, place) -> int:
        return int(self.body[np.argmin(((self.v[self.body] - np.array(place)) ** 2).sum(1))])

    def mirror(self, i: int) -> int:
        return self.near(self.v[i] * np.array([-1, 1, 1]))

    def _nose_tip(self) -> int:
        i = self.index["nose/nose-point-up"]
        a, b = self.targets["ptr"][i], self.targets["ptr"][i + 1]
        return int(self.targets["idx"][a:b][np.argmax(np.linalg.norm(self.targets["delta"][a:b].astype(np.float32), axis=1))])

    def _jaw(self) -> list[int]:
        v, body, out = self.v, self.body, []
        for y in (7.15, 6.98, 6.82, 6.68, 6.55, 6.44):
            c = body[(np.abs(v[body, 1] - y) < 0.05) & (v[body, 2] > 0.45) & (v[body, 2] < 1.6)]
            out.append(int(c[np.argmax(v[c, 0])]))
        for x in (0.36, 0.19, 0.0):
            c = body[(np.abs(v[body, 0] - x) < 0.045) & (v[body, 2] > 1.1) & (v[body, 1] > 6.0)]
            out.append(int(c[np.argmin(v[c, 1] - 0.4 * v[c, 2])]))
        return out

    def _landmarks(self) -> list[int]:
        v, body, near, mirror = self.v, self.body, self.near, self.mirror
        jaw = self._jaw()
        jaw = [mirror(i) for i in jaw[:-1]] + [jaw[-1]] + jaw[:-1][::-1]
        brows = fitted(self.proxies["brow_eyebrow001"], v)
        right, brow = brows[brows[:, 0] < 0], []
        for q in np.linspace(0.03, 0.97, 5):
            x = np.quantile(right[:, 0], q)
            brow.append(near(right[np.abs(right[:, 0] - x) < 0.03].mean(0)))
        bridge = [int(body[(np.abs(v[body, 0]) < 0.02) & (np.abs(v[body, 1] - y) < 0.04) & (v[body, 2] > 1.2)][0]) for y in (7.25, 7.14, 7.03)]
        nostrils = [near(p) for p in ((-0.15, 6.86, 1.52), (-0.075, 6.84, 1.58), (0, 6.83, 1.62), (0.075, 6.84, 1.58), (0.15, 6.86, 1.52))]
        eye = [near(p) for p in ((-0.445, 7.283, 1.35), (-0.37, 7.345, 1.41), (-0.25, 7.335, 1.42), (-0.168, 7.270, 1.39), (-0.25, 7.225, 1.41), (-0.37, 7.225, 1.40))]
        other = [mirror(eye[k]) for k in (3, 2, 1, 0, 5, 4)]
        lips = [near(p) for p in ((-0.272, 6.60, 1.415), (-0.17, 6.675, 1.50), (-0.06, 6.725, 1.57), (0, 6.715, 1.575), (0.06, 6.725, 1.57), (0.17, 6.675, 1.5),
                                  (0.272, 6.60, 1.415), (0.16, 6.52, 1.49), (0.07, 6.485, 1.54), (0, 6.475, 1.55), (-0.07, 6.485, 1.54), (-0.16, 6.52, 1.49),
                                  (-0.23, 6.605, 1.43), (-0.08, 6.63, 1.55), (0, 6.635, 1.56), (0.08, 6.63, 1.55), (0.23, 6.605, 1.43), (0.08, 6.605, 1.54),
                                  (0, 6.6, 1.55), (-0.08, 6.605, 1.54))]
        return jaw + brow + [mirror(i) for i in brow][::-1] + bridge + [self._nose_tip()] + nostrils + eye + other + lips

    def _regions(self) -> None:
        v = self.v
        x, y, z = v[:, 0], v[:, 1], v[:, 2]
        self.across = ax = np.abs(x)
        self.follows = smoothstep(5.85, 6.65, y + 0.55 * np.clip(z - 0.45, 0, 1)) * (ax < 1.15)  # how much a vertex turns with the head
        self.eye_uv = np.zeros((len(v), 2), np.float32)
        for side in ("l", "r"):
            ring = self.base[f"g_helper_{side}_eye"].astype(int)
            d = (v[ring] - v[ring].mean(0)) / 0.138
            self.eye_uv[ring, 0] = (0.703 if side == "l" else 0.292) + 0.245 * d[:, 0]
            self.eye_uv[ring, 1] = 1 - ((0.276 if side == "l" else 0.609) - 0.245 * d[:, 1])
        hairline = np.interp(z, [-1.2, -0.6, -0.2, 0.1, 0.30, 0.50, 0.65, 0.85, 1.1, 1.35], [6.55, 6.6, 6.85, 7.1, 7.3, 7.32, 7.55, 7.8, 7.93, 7.98])
        self.scalp = np.where(self.is_body, smoothstep(-0.03, 0.16, y - hairline) * (1 - smoothstep(0.78, 0.86, ax) * (y < 7.5)), 0)
        self.scalp *= y > 6.4
        self.moustache = np.where(self.is_body & (z > 1.25), (1 - smoothstep(0.26, 0.38, ax)) * smoothstep(6.66, 6.70, y + 0.12 * ax) * (1 - smoothstep(6.80, 6.86, y + 0.25 * ax)), 0)
        lips = ((ax / 0.29) ** 2 + ((y - 6.61) / 0.125) ** 2 < 1) & (z > 1.3)
        jawline = np.interp(ax, [0, 0.25, 0.4, 0.55, 0.68, 0.8], [6.42, 6.46, 6.60, 6.86, 7.12, 7.3])
        beard = np.where(self.is_body & (z > 0.42) & (y > 5.95), 1 - smoothstep(-0.06, 0.06, y - jawline), 0) * (1 - lips) * smoothstep(0.40, 0.55, z) * (y > 6.02)
        self.beard = np.maximum(beard * smoothstep(6.02, 6.2, y + 0.1 * (z - 1)), 0)
        self.whiskers = np.where(self.is_body & (y > 6.62) & (y < 7.4) & (z > 0.42) & (z < 0.78) & (ax > 0.5), 1.0, 0) * smoothstep(0.42, 0.5, z) * (1 - smoothstep(0.66, 0.78, z))
        self.goatee = self.beard * (1 - smoothstep(0.22, 0.33, ax)) * (z > 1.1)
        self.scalp_uv = np.stack([np.arctan2(x, z - 0.3) / (2 * np.pi) * 3, (y - 6) / 2.4], 1).astype(np.float32)
        self.beard_uv = np.stack([x * 1.2, (y - 6) * 0.8], 1).astype(np.float32)

    def has_texture(self, name: str) -> bool:
        return any(os.path.exists(os.path.join(self.folder, "tex", name + end)) for end in (".png", ".jpg"))

    def texture(self, name: str, mix=(0.1, 0.55, 0.35)) -> np.ndarray:
        """Linear lightness and opacity, float32 [h, w, 2]; `mix` weighs red, green, blue as a plate of that time would."""
        key = (name, mix)
        if key not in self.textures:
            path = os.path.join(self.folder, "tex", name)
            image = cv2.imread(path + (".png" if os.path.exists(path + ".png") else ".jpg"), cv2.IMREAD_UNCHANGED).astype(np.float32)
            if image.ndim == 2:
                image = np.dstack([image] * 3)
            alpha = image[..., 3] / 255.0 if image.shape[2] == 4 else np.ones(image.shape[:2], np.float32)
            linear = lambda c: (np.clip(c, 0, 255) / 255.0) ** 2.2  # noqa: E731
            lightness = linear(image[..., 0]) * mix[2] + linear(image[..., 1]) * mix[1] + linear(image[..., 2]) * mix[0]
            self.textures[key] = np.ascontiguousarray(np.dstack([lightness, alpha]).astype(np.float32))
        return self.textures[key]


def macro_weights(gender: float, age: float, races: dict, muscle: float, weight: float) -> list[tuple[str, float]]:
    """Weights of the body's main targets. Age: 0 baby, 0.1875 child, 0.5 young, 1 old; gender: 0 female, 1 male."""
    ages = dict(baby=0.0, child=0.0, young=0.0, old=0.0)
    if age < 0.1875:
        t = age / 0.1875
        ages.update(baby=1 - t, child=t)
    elif age < 0.5:
        t = (age - 0.1875) / 0.3125
        ages.update(child=1 - t, young=t)
    else:
        t = (age - 0.5) / 0.5
        ages.update(young=1 - t, old=t)
    genders = {"male": gender, "female": 1 - gender}
    three = lambda x, n: {"min" + n: max(0, 1 - 2 * x), "average" + n: 1 - abs(2 * x - 1), "max" + n: max(0, 2 * x - 1)}  # noqa: E731
    out = []
    for race, wr in races.items():
        for g, wg in genders.items():
            for a, wa in ages.items():
                if wr * wg * wa > 0:
                    out.append((f"macrodetails/{race}-{g}-{a}", wr * wg * wa))
    for g, wg in genders.items():
        for a, wa in ages.items():
            for m, wm in three(muscle, "muscle").items():
                for n, wn in three(weight, "weight").items():
                    if wg * wa * wm * wn > 0:
                        out.append((f"macrodetails/universal-{g}-{a}-{m}-{n}", wg * wa * wm * wn))
    return out


def random_identity(heads: Heads, rng) -> dict:
    """Gender, age, descent (shares of the three the data knows), build, and the weights of some 200 shape targets."""
    out: dict = {"gender": float(np.clip((rng.random() < 0.58) + rng.normal(0, 0.12), 0, 1))}
    u = rng.random()
    out["age"] = float(rng.uniform(0.03, 0.1875) if u < 0.04 else rng.uniform(0.1875, 0.42) if u < 0.20 else rng.uniform(0.42, 0.98))
    shares = rng.dirichlet([0.25, 0.25, 0.25]) if rng.random() < 0.4 else np.eye(3)[rng.choice(3, p=[0.6, 0.22, 0.18])]
    out["race"] = dict(zip(["caucasian", "asian", "african"], map(float, shares)))
    out["muscle"], out["weight"] = float(rng.uniform(0.2, 0.8)), float(np.clip(rng.normal(0.5, 0.2), 0, 1))
    targets = dict(macro_weights(out["gender"], out["age"], out["race"], out["muscle"], out["weight"]))
    for key, both in heads.pairs.items():
        base, first = key.split("|")
        name = base.split("/")[1]
        if name.startswith("r-"):
            continue
        spread = SPREAD * (0.5 if base.startswith(("mouth", "neck", "ears")) else 0.35 if "trans-in" in name else 1.0)
        if name in ("head-age", "head-angle", "head-trans", "nose-trans", "mouth-trans", "neck-trans") and first in ("in",):
            spread *= 0.25
        if name == "head-age":
            continue
        x = float(np.clip(rng.normal(0, spread), -1, 1))
        chosen = both[[p for p in OPPOSITES if p[0] == first][0][1 if x > 0 else 0]]
        targets[chosen] = abs(x)
        if name.startswith("l-"):
            targets[chosen.replace("/l-", "/r-")] = abs(float(np.clip(x * (1 + rng.normal(0, 0.1)), -1, 1)))
    if heads.head_shapes and rng.random() < 0.7:
        targets[heads.head_shapes[rng.integers(len(heads.head_shapes))]] = float(rng.uniform(0, 0.6))
    for name in rng.choice(heads.asymmetries, 6, replace=False):
        targets[str(name)] = float(rng.uniform(0, 0.5))
    if out["age"] > 0.6:
        targets["head/head-age-incr"] = float((out["age"] - 0.6) / 0.4 * rng.uniform(0.4, 1))
    out["targets"] = targets
    return out


def random_expression(heads: Heads, rng, races: dict) -> dict[str, float]:
    """Weights of expression targets: mostly at rest, some smiling, speaking, blinking, with eyes wide open or narrowed."""
    out: dict[str, float] = {}
    u = lambda a, b: float(rng.uniform(a, b))  # noqa: E731
    prefix = f"expr/{max(races, key=races.get)}/"
    for name in [n for n in heads.names if n.startswith(prefix)]:
        if rng.random() < 0.25:
            out[name] = abs(float(rng.normal(0, 0.12)))
    z = rng.random()
    if z < 0.22:
        out[prefix + "mouth-corner-puller"] = u(0.2, 0.9)
    if z < 0.10:
        out[prefix + "mouth-open"] = u(0.05, 0.5)
        out[prefix + "mouth-part-later"] = u(0, 0.5)
    elif z < 0.14:
        out[prefix + "mouth-open"] = u(0.1, 1)
    if 0.3 < z < 0.45:
        out[prefix + "mouth-depression"] = u(0.1, 0.6)
    if 0.4 < z < 0.5:
        out[prefix + "mouth-compression"] = u(0.1, 0.8)
    q = rng.random()
    closed = 0 if q > 0.5 else u(0, 0.35)
    if q < 0.05:
        closed = u(0.6, 1)
    for side in ("left", "right"):
        if closed:
            out[prefix + f"eye-{side}-closure"] = closed
        elif q > 0.7:
            out[prefix + f"eye-{side}-opened-up"] = u(0.1, 0.8)
        if 0.5 < q < 0.75:
            out[prefix + f"eye-{side}-slit"] = u(0, 0.7)
            out[prefix + f"eyebrows-{side}-down"] = u(0, 0.7)
        if q > 0.9:
            out[prefix + f"eyebrows-{side}-up"] = u(0, 0.6)
    return out
