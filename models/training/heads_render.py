"""Renders a dressed head: pose, light from all sides and a key light, camera, tone. Returns what the picture shows where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .heads_dress import Scene
from .heads_raster import add_light, depth_map, normals_of, raster, shade
from .heads_shapes import Heads, turned

SKY, SHADOW = 128, 320   # sides of the depth maps of the sky's directions and of the key light
OVERSAMPLED = 2


class Rendered(NamedTuple):
    """`light` linear and `cover` 0..1, float32 [s, s]; `marks` [68, 2] and `five` [5, 2]; `face` and `head` x0, y0, x1, y1; `pose` yaw, pitch, roll."""

    light: np.ndarray
    cover: np.ndarray
    marks: np.ndarray
    five: np.ndarray
    face: np.ndarray
    head: np.ndarray
    pose: tuple[float, float, float]
    facing: float


def directions(n: int) -> np.ndarray:
    """n directions spread evenly over the sphere (Fibonacci), float32 [n, 3]."""
    i = np.arange(n) + 0.5
    polar, around = np.arccos(1 - 2 * i / n), np.pi * (1 + 5 ** 0.5) * i
    return np.stack([np.cos(around) * np.sin(polar), np.cos(polar), np.sin(around) * np.sin(polar)], 1).astype(np.float32)


def seen_from(points, direction, side, middle, radius) -> np.ndarray:
    """Parallel projection along a direction onto a square map."""
    direction = direction / np.linalg.norm(direction)
    a = np.cross([0, 1, 0.01], direction)
    a /= np.linalg.norm(a)
    b = np.cross(direction, a)
    q, scale = points - middle, side / (2 * radius)
    return np.ascontiguousarray(np.stack([q @ a * scale + side / 2, q @ b * scale + side / 2, -(q @ direction)], 1).astype(np.float32))


def render(heads: Heads, scene: Scene, v: np.ndarray, rng, size: int, yaw: float, lights: int) -> Rendered:
    """One view of `size` px, turned by `yaw` radians (shared between neck and body), pitch and roll drawn."""
    places, follows, triangles = np.concatenate(scene.places), np.concatenate(scene.follows), np.concatenate(scene.triangles)
    uv, material, roundness = np.concatenate(scene.uv), np.concatenate(scene.material), np.concatenate(scene.roundness)
    shadowless = np.concatenate(scene.shadowless)
    pitch, roll = float(np.clip(rng.normal(0.02, 0.17), -0.6, 0.6)), float(np.clip(rng.normal(0, 0.13), -0.7, 0.7))
    share = float(np.clip(rng.normal(0.5, 0.35), 0, 1))
    share = max(share, (abs(yaw) - 0.9) / max(abs(yaw), 1e-3))
    body_turn, head_turn = turned(yaw * share, pitch * 0.5 * share, roll * 0.4), turned(yaw * (1 - share), pitch * (1 - 0.5 * share), roll * 0.6)
    skull, neck = (v[heads.base[f"g_joint_{name}"].astype(int)].mean(0) for name in ("head", "neck"))
    middle = v[heads.head].mean(0) * 0.5 + (v[heads.head].min(0) + v[heads.head].max(0)) * 0.25
    pivot = (skull * 0.6 + neck * 0.4).astype(np.float32)
    height = float(v[heads.head, 1].max() - v[heads.head, 1].min()) / 2.35

    def posed(x, weights):
        y = (x - pivot) @ head_turn.T + pivot
        x = x + (y - x) * weights[:, None]
        return ((x - pivot) @ body_turn.T + pivot).astype(np.float32)

    places = posed(places, follows)
    normals = normals_of(places, triangles, len(places))
    centre = posed(middle[None].astype(np.float32), np.ones(1, np.float32))[0]
    out = places - centre
    out /= np.linalg.norm(out, axis=1, keepdims=True) + 1e-9
    bent = roundness > 0
    normals = np.where(bent[:, None], normals * (1 - roundness)[:, None] * np.sign((normals * out).sum(1))[:, None] + out * roundness[:, None], normals).astype(np.float32)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    around = directions(lights) @ turned(rng.uniform(0, 6.28), rng.normal(0, 0.1), 0).T
    sky, floor = rng.uniform(0.2, 1.0), rng.uniform(0.05, 0.6)
    window = rng.normal(size=3) * np.array([1, 0.6, 0.8]) + np.array([0, 0.5, 0.6])
    window /= np.linalg.norm(window)
    strengths = np.maximum(0, (floor + (sky - floor) * (around[:, 1] * 0.5 + 0.5)) + rng.uniform(0, 2.0) * np.maximum(0, around @ window) ** 3)
    strengths *= rng.uniform(0.8, 1.1) / (strengths.mean() + 1e-6) / (lights / 4.0)
    ambient, casting = np.zeros(len(places), np.float32), triangles[~shadowless]
    for direction, strength in zip(around, strengths):
        direction = direction.astype(np.float32)
        mapped, depth = seen_from(places, direction, SKY, centre, 2.6), np.full((SKY, SKY), 1e9, np.float32)
        depth_map(mapped, casting, SKY, depth)
        facing = np.where(roundness > 0, 0.5 * (normals @ direction) + 0.25, normals @ direction).astype(np.float32)
        add_light(mapped, depth, SKY, 0.13, facing, np.float32(strength), ambient)
    key = window if rng.random() < 0.6 else np.array([rng.normal(0, 0.7), abs(rng.normal(0.5, 0.4)), abs(rng.normal(0.8, 0.3))])
    key = (key / np.linalg.norm(key)).astype(np.float32)
    key_light = np.float32(rng.uniform(0, 1.5) * (rng.random() < 0.85))
    shadow_points, shadow = seen_from(places, key, SHADOW, centre, 2.6), np.full((SHADOW, SHADOW), 1e9, np.float32)
    depth_map(shadow_points, casting, SHADOW, shadow)
    distance, tall = float(rng.uniform(9, 35)), float(rng.uniform(3.3, 4.6)) * height
    aim = centre + np.array([rng.normal(0, 0.12), (-0.45 + rng.normal(0, 0.12)) * height, 0], np.float32)
    side = size * OVERSAMPLED
    focal = side / tall * distance
    eye = (aim + np.array([0, 0, distance], np.float32)).astype(np.float32)

    def project(x):
        q = x - eye
        d = -q[:, 2]
        return np.stack([q[:, 0] / d * focal + side / 2, -q[:, 1] / d * focal + side / 2, d], 1).astype(np.float32)

    widths, heights = (np.array([t.shape[axis] for t, _, _ in scene.materials], np.int32) for axis in (1, 0))
    texels = np.concatenate([t.reshape(-1, 2) for t, _, _ in scene.materials]).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(widths.astype(np.int64) * heights)[:-1]]).astype(np.int64)
    look = np.array([numbers for _, numbers, _ in scene.materials], np.float32)
    tested = np.array([a for _, _, a in scene.materials], np.bool_)
    depth, index = np.full((side, side), 1e9, np.float32), np.full((side, side), -1, np.int32)
    first, second = np.zeros((side, side), np.float32), np.zeros((side, side), np.float32)
    raster(np.ascontiguousarray(project(places)), np.concatenate(scene.opacity), triangles, uv, material, texels, widths, heights, starts, tested, side, side, depth, index, first, second)
    light, cover = np.zeros((side, side), np.float32), np.zeros((side, side), np.float32)
    shade(index, first, second, triangles, uv, material, places, normals, ambient, texels, widths, heights, starts, look, key, key_light, eye,
          shadow_points, shadow, SHADOW, np.float32(0.09), np.float32(rng.uniform(0.5, 4)), light, cover, int(rng.integers(1 << 30)))
    reduce = lambda plane: plane.reshape(size, OVERSAMPLED, size, OVERSAMPLED).mean((1, 3))  # noqa: E731
    body = posed(v, heads.follows.astype(np.float32))
    at = lambda chosen: project(body[chosen])[:, :2] / OVERSAMPLED  # noqa: E731
    marks, face, head = at(heads.marks), at(heads.face), at(heads.head)
    five = np.stack([marks[36:42].mean(0), marks[42:48].mean(0), marks[30], marks[48], marks[54]])
    nose = body[heads.marks[30]] - centre
    return Rendered(reduce(light), reduce(cover), marks, five, np.array([*face.min(0), *face.max(0)]), np.array([*head.min(0), *head.max(0)]),
                    (yaw, pitch, roll), float(nose @ np.array([0, 0, 1]) / (np.linalg.norm(nose) + 1e-9)))


def tone(rendered: Rendered, rng) -> np.ndarray:
    """The exposed picture, sRGB-encoded 0..1, float32 [s, s]: the face is set near middle grey, lights roll off softly."""
    light = rendered.light
    x0, y0, x1, y1 = np.round(rendered.face).astype(int).clip(0, light.shape[0])
    inside = rendered.cover[y0:y1, x0:x1] > 0.9
    bright = np.quantile(light[y0:y1, x0:x1][inside], 0.75) if inside.sum() > 20 else 0.3
    exposed = light * (float(np.exp(rng.normal(np.log(0.36), 0.35))) / max(bright, 1e-3))
    exposed = np.where(exposed > 0.6, 0.6 + 0.4 * (1 - np.exp(-(exposed - 0.6) / 0.4)), exposed)
    return np.clip(exposed, 0, 1) ** (1 / 2.2)
