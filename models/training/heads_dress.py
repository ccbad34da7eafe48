"""What a head wears: skin, eyes, clothes, collars, hair, beards, hats, spectacles. Everything the data lacks is procedural.

`build` puts it together as a `Scene` of triangles with materials.
"""

from __future__ import annotations

import cv2
import numpy as np

from .heads_raster import normals_of
from .heads_shapes import Heads, fitted, smoothstep, turned

LIGHT_SKINS = ["skin_young_light_m", "skin_young_light_m2", "skin_young_light_m3", "skin_mid_light_m", "skin_mid_light_m2"]
DARK_SKINS = ["skin_young_dark_m", "skin_old_dark_m"]
HAIRS = ["short01", "short02", "short03", "short04", "bob01", "bob02", "long01", "ponytail01", "braid01", "afro01"]
SHORT_HAIRS = ["short01", "short02", "short03", "short04", "afro01"]
EYES = ["eye_blue", "eye_bluegreen", "eye_brownlight", "eye_deepblue", "eye_green", "eye_grey", "eye_ice", "eye_lightblue"]
PLATES = [(0.30, 0.59, 0.11), (0.05, 0.5, 0.45), (0.1, 0.3, 0.6)]  # red, green, blue: panchromatic, orthochromatic, blue-sensitive


def speckle(rng, h: int, w: int, sx: float, sy: float) -> np.ndarray:
    """Filtered noise of deviation 1, float32 [h, w]; wraps around."""
    a = rng.normal(size=(h, w)).astype(np.float32)
    a = np.fft.irfft2(np.fft.rfft2(a) * np.exp(-(np.fft.fftfreq(h)[:, None] * sy) ** 2 - (np.fft.rfftfreq(w)[None] * sx) ** 2), s=(h, w))
    return (a / a.std()).astype(np.float32)


def strands(rng, curl: float) -> np.ndarray:
    """Texture of hair, lightness and opacity; `curl` 0 straight to about 4 woolly."""
    side = 256
    n = speckle(rng, side, side, 3, 30 / (curl + 0.2)) + 0.7 * speckle(rng, side, side, 14, 60 / (curl + 0.2))
    return np.dstack([np.clip(0.58 + 0.13 * n, 0.1, 1.2), np.clip(0.62 + 0.45 * speckle(rng, side, side, 4, 18 / (curl + 0.2)), 0, 1)]).astype(np.float32)


def cloth(rng) -> np.ndarray:
    """Texture of cloth: plain, striped, checked or flowered."""
    side, kind = 128, rng.integers(4)
    yy, xx = np.mgrid[:side, :side]
    n = 0.05 * speckle(rng, side, side, 2, 2) + 0.08 * speckle(rng, side, side, 20, 20)
    if kind == 1:
        n = n + 0.25 * ((xx // int(rng.integers(3, 12))) % 2)
    if kind == 2:
        n = n + 0.2 * ((xx // 8) % 2) * ((yy // 8) % 2)
    if kind == 3:
        n = n + 0.35 * (speckle(rng, side, side, 6, 6) > 1.2)
    return np.dstack([np.clip(0.55 + n, 0.02, 1.2), np.ones((side, side))]).astype(np.float32)


class Scene:
    """Triangles with materials, collected part by part; every list holds one array per part."""

    def __init__(self):
        self.places, self.follows, self.triangles, self.uv, self.material, self.materials = [], [], [], [], [], []
        self.roundness, self.shadowless, self.opacity, self.count = [], [], [], 0

    def add(self, places, follows, triangles, uv, texture, look, alpha=False, roundness=None, shadow=True, opacity=None) -> None:
        """`look`: the six numbers of heads_raster; `roundness` 0..1 bends normals away from the head's middle, for hair."""
        self.opacity.append(np.ones(len(places), np.float32) if opacity is None else opacity.astype(np.float32))
        number = len(self.materials)
        self.materials.append((texture, look, alpha))
        self.places.append(places.astype(np.float32))
        self.follows.append(follows.astype(np.float32) * np.ones(len(places), np.float32))
        self.triangles.append(triangles.astype(np.int32) + self.count)
        self.uv.append(uv.astype(np.float32))
        self.material.append(np.full(len(triangles), number, np.int32))
        self.roundness.append(np.full(len(places), 0 if roundness is None else roundness, np.float32))
        self.shadowless.append(np.full(len(triangles), not shadow))
        self.count += len(places)


def lathe(profile, cx, cz, rx, rz, y0, tilt, segments=36, roll=0.0):
    """A turned shape: `profile` of (radius, height). Returns vertices, triangles and their texture coordinates."""
    points = np.array([[rx * r * np.sin(2 * np.pi * k / segments), h, rz * r * np.cos(2 * np.pi * k / segments)] for r, h in profile for k in range(segments)], np.float32)
    points = points @ turned(0, tilt, roll).T
    points += np.array([cx, y0, cz], np.float32)
    triangles, uv, rings = [], [], len(profile)
    for i in range(rings - 1):
        for k in range(segments):
            a, b = i * segments + k, i * segments + (k + 1) % segments
            c, d = a + segments, b + segments
            triangles += [[a, b, d], [a, d, c]]
            u0, u1, v0, v1 = k / segments * 4, (k + 1) / segments * 4, i / rings, (i + 1) / rings
            uv += [[[u0, v0], [u1, v0], [u1, v1]], [[u0, v0], [u1, v1], [u0, v1]]]
    return points, np.array(triangles), np.array(uv, np.float32)


def tube(path, radius, sides=6, closed=True):
    """A wire along a path. Returns vertices and triangles."""
    path = np.array(path, np.float32)
    n, points = len(path), []
    for i in range(n):
        along = path[(i + 1) % n] - path[i - 1]
        along /= np.linalg.norm(along) + 1e-9
        a = np.cross(along, [0, 0, 1.0])
        a /= np.linalg.norm(a) + 1e-9
        b = np.cross(along, a)
        points += [path[i] + radius * (np.cos(2 * np.pi * k / sides) * a + np.sin(2 * np.pi * k / sides) * b) for k in range(sides)]
    triangles = []
    for i in range(n if closed else n - 1):
        for k in range(sides):
            a, b = i * sides + k, i * sides + (k + 1) % sides
            c, d = ((i + 1) % n) * sides + k, ((i + 1) % n) * sides + (k + 1) % sides
            triangles += [[a, b, d], [a, d, c]]
    return np.array(points, np.float32), np.array(triangles)


def ball(parts: int, segments: int):
    """A unit ball as a turned shape."""
    return lathe([(np.sin(a), -np.cos(a)) for a in np.linspace(0.05, 3.09, parts)], 0, 0, 1, 1, 0, 0, segments)


class Dressing:
    """Builds one head. The steps run in a fixed order, since all draw from one generator."""

    def __init__(self, heads: Heads, identity: dict, expression: dict, rng):
        self.heads, self.identity, self.expression, self.rng = heads, identity, expression, rng
        self.v = heads.vertices(identity, expression)
        self.normals = normals_of(self.v, heads.f, len(self.v))
        self.scene = Scene()
        self.woman, self.child, self.old = identity["gender"] < 0.5, identity["age"] < 0.4, identity["age"] > 0.75
        self.plate = PLATES[rng.choice(3, p=[0.45, 0.35, 0.2])]
        self.dark = identity["race"]["african"] > rng.uniform(0.35, 0.65)

    def bound(self, proxy: dict, texture, look, alpha, roundness=None, shadow=False, chosen=None) -> None:
        """Adds hair, brows, lashes, teeth as the data holds them; `chosen` keeps some triangles."""
        places = fitted(proxy, self.v)
        follows = (self.heads.follows[proxy["bind"].astype(int)] * proxy["w"]).sum(1)
        triangles, uv = proxy["f"].astype(int), proxy["ft"].astype(int)
        if chosen is not None:
            triangles, uv = triangles[chosen], uv[chosen]
        self.scene.add(places, follows, triangles, proxy["uv"][uv], texture, look, alpha, roundness=roundness, shadow=shadow)

    def shell(self, mask, thickness, texture, look, layers, uv, drop=0.0, roundness=0.3, alpha=True) -> None:
        """Short hair as layers over the skin: thinner and more see-through outward."""
        heads = self.heads
        kept = heads.f[mask[heads.f].max(1) > 0.02]
        used, inverse = np.unique(kept, return_inverse=True)
        inverse, uv = inverse.reshape(-1, 3), uv[used]
        for layer in range(layers):
            t = (layer + 1) / layers
            places = self.v[used] + self.normals[used] * (thickness[used] * t * np.minimum(1, mask[used] * 1.5))[:, None] + np.zeros(3, np.float32) * t * mask[used][:, None]
            places[:, 1] -= drop * t * t * mask[used]
            thinned = texture.copy()
            thinned[..., 1] = np.clip(thinned[..., 1] * (1.6 - 0.9 * t), 0, 1)
            opacity = np.clip(smoothstep(0.08 + 0.25 * t, 0.45 + 0.35 * t, mask[used]), 0, 1) if alpha else np.ones(len(used))
            self.scene.add(places, heads.follows[used], inverse, uv[inverse], thinned, look, alpha, roundness=roundness, opacity=opacity, shadow=layer >= layers - 2)

    def plain(self, places, triangles, look, follows=1.0, texture=None) -> None:
        self.scene.add(places, follows * np.ones(len(places)), triangles, np.zeros((len(triangles), 3, 2)), cloth(self.rng) if texture is None else texture, look, False)

    def skin_and_eyes(self) -> None:
        rng, heads = self.rng, self.heads
        skin = heads.texture(str(rng.choice(DARK_SKINS if self.dark else LIGHT_SKINS)), self.plate)
        blotches = float(rng.uniform(0, 0.05) + (0.09 if self.old else 0) * rng.random())
        if blotches > 0.02:
            skin = skin.copy()
            h, w = skin.shape[:2]
            field = speckle(rng, 256, 256, 3, 3) * 0.6 + speckle(rng, 256, 256, 10, 2) * (0.8 if self.old else 0.2)
            skin[..., 0] *= np.clip(1 + blotches * cv2.resize(field, (w, h)), 0.3, 1.7)
        gain, gamma = float(rng.uniform(0.75, 1.15) * (1.25 if self.dark else 1)), float(rng.uniform(0.75, 1.3))
        gain *= float(np.median(skin[:200, :500, 0])) ** (1 - gamma)
        hidden = np.zeros(len(self.v), bool)
        wardrobe = [k for k in heads.proxies if k.startswith("cloth_") and "fedora" not in k and (("female" in k) == self.woman)]
        if rng.random() < 0.3:
            wardrobe = ["cloth_female_elegantsuit01"] if self.woman else ["cloth_male_elegantsuit01"]
        self.garment = str(rng.choice(wardrobe))
        hidden[heads.proxies[self.garment]["delete"].astype(int)] = True
        shown = ~hidden[heads.f].all(1)
        self.scene.add(self.v, heads.follows, heads.f[shown], heads.uv[heads.ft[shown]], skin, [gain, gamma, float(rng.uniform(0.02, 0.14)), float(rng.uniform(8, 26)), 0.25, 0])
        eye = heads.texture(str(rng.choice(EYES)), self.plate)
        darker = float(rng.uniform(0.12, 0.75))
        eye = eye.copy()
        iris = eye[..., 0] < 0.28
        eye[..., 0] = np.where(iris, eye[..., 0] * darker, eye[..., 0])
        triangles, places = heads.eyes["f"].astype(int), self.v.copy()
        aside, up = rng.normal(0, 0.18), rng.normal(0, 0.1)
        for side in ("l", "r"):
            ring = heads.base[f"g_helper_{side}_eye"].astype(int)
            middle = self.v[ring].mean(0)
            places[ring] = (self.v[ring] - middle) @ turned(aside, up, 0).T + middle
        self.scene.add(places, np.ones(len(places)), triangles, heads.eye_uv[triangles], eye, [float(rng.uniform(0.4, 0.95)) * (0.6 if self.dark else 1), 1.25, 0.5, 90.0, 0.1, 0], shadow=False)

    def clothes(self) -> None:
        rng, heads, proxy = self.rng, self.heads, self.heads.proxies[self.garment]
        places = fitted(proxy, self.v)
        follows = (heads.follows[proxy["bind"].astype(int)] * proxy["w"]).sum(1)
        own = self.garment if heads.has_texture(self.garment) and rng.random() < 0.6 else None
        texture = (heads.texture(own, self.plate) if own else cloth(rng)).copy()
        texture[..., 1] = 1
        self.scene.add(places, follows, proxy["f"].astype(int), proxy["uv"][proxy["ft"].astype(int)] * (1 if own else 6), texture,
                       [float(rng.choice([0.05, 0.12, 0.3, 0.7], p=[0.35, 0.25, 0.2, 0.2])) * float(rng.uniform(0.7, 1.3)), 1.0, 0.02, 8.0, 0.1, 1])

    def brows_and_teeth(self) -> None:
        rng, heads = self.rng, self.heads
        self.hair_light = float(rng.choice([0.015, 0.04, 0.09, 0.2, 0.35], p=[0.3, 0.3, 0.2, 0.1, 0.1]))
        if self.old and rng.random() < 0.7:
            self.hair_light = float(rng.uniform(0.25, 0.5))
        rng.integers(1, 13)
        number = rng.integers(1, 13)
        brow = heads.texture("brow_%03d" % number, self.plate).copy()
        brow[..., 0] = 0.6
        brow[..., 1] = np.clip(brow[..., 1] * rng.uniform(0.8, 1.6), 0, 1)
        self.bound(heads.proxies["brow_eyebrow%03d" % number], brow, [min(0.5, self.hair_light * 0.8 + 0.02), 1.0, 0.0, 8.0, 0.2, 1], True)
        number = rng.integers(1, 5)
        lash = heads.texture("lash_%02d" % number, self.plate).copy()
        lash[..., 0] = 0.02
        lash[..., 1] *= 0.75
        if rng.random() < 0.35:
            self.bound(heads.proxies["lash_eyelashes%02d" % number], lash, [1.0, 1.0, 0.0, 8.0, 0.2, 1], True)
        if any("mouth-open" in k or "part-later" in k or "upward-retr" in k for k in self.expression):
            self.bound(heads.proxies["teeth_teeth_base"], heads.texture("teeth", self.plate), [0.7, 1.0, 0.3, 30.0, 0.1, 1], False)
