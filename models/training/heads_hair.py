"""Hair, beards, hats, spectacles and collars of a rendered head, and `build`, which makes the whole."""

from __future__ import annotations

import cv2
import numpy as np

from .heads_dress import HAIRS, SHORT_HAIRS, Dressing, Scene, ball, cloth, lathe, speckle, strands, tube
from .heads_shapes import Heads, fitted, smoothstep, turned


class Finished(Dressing):
    """A head with everything on it; `hats` is the share of those with a hat."""

    hats = 0.28

    def hair_and_hat(self) -> None:
        rng, heads, x, y, z = self.rng, self.heads, *self.heads.v.T
        self.hat = rng.random() < self.hats
        brim = 7.93 + rng.normal(0, 0.05)
        around = heads.is_body & (np.abs(y - brim) < 0.12) & (z < 1.6)
        self.hat_width, self.hat_height = float(np.ptp(self.v[around, 0]) / 2), float(self.v[around, 1].mean())
        self.hat_back, self.hat_front = float(self.v[around, 2].min()), float(self.v[around, 2].max())
        r = rng.random()
        bald = (not self.woman) and (not self.child) and r < 0.10
        self.look = [self.hair_light * 1.3, 1.0, float(rng.uniform(0.0, 0.10)), float(rng.uniform(6, 30)), 0.35, 1]
        if self.identity["age"] < 0.10:
            bald = rng.random() < 0.6
        if not bald or rng.random() < 0.5:
            if rng.random() < 0.5:
                self._modelled_hair()
            else:
                self._combed_hair(x, y, z)

    def _modelled_hair(self) -> None:
        rng, heads = self.rng, self.heads
        name = str(rng.choice(HAIRS if self.woman else SHORT_HAIRS))
        if self.dark and rng.random() < 0.4:
            name = "afro01"
        proxy = heads.proxies["hair_" + name]
        if name in ("bob01", "afro01"):
            texture = strands(rng, 0.2 if name == "bob01" else 4)
        else:
            texture = heads.texture("hair_" + name, self.plate).copy()
            dense = texture[..., 1] > 0.5
            texture[..., 0] = np.clip(texture[..., 0] / max(1e-3, np.median(texture[..., 0][dense])) * 0.5, 0.02, 2.0)
        chosen = fitted(proxy, self.v)[proxy["f"].astype(int)].mean(1)[:, 1] < self.hat_height + 0.02 if self.hat else None
        self.bound(proxy, texture, self.look, True, roundness=0.55, shadow=True, chosen=chosen)

    def _combed_hair(self, x, y, z) -> None:
        rng, heads, ax = self.rng, self.heads, self.heads.across
        texture = strands(rng, float(rng.uniform(0, 1.2)))
        azimuth, height = np.arctan2(x, z - 0.2), np.clip((y - 7.0) / 1.4, 0, 1)
        top, side, back = rng.uniform(0.04, 0.34), rng.uniform(0.02, 0.22), rng.uniform(0.04, 0.25)
        if self.woman:
            volume = rng.uniform(1.2, 2.6)
            top, side, back = top * volume, side * volume, back * 1.5
        thick = top * smoothstep(0.55, 1, height) + side * (1 - smoothstep(0.6, 1, height)) * np.abs(np.sin(azimuth)) + back * (np.cos(azimuth) < 0) * (-np.cos(azimuth))
        thick = thick + 0.03 * speckle(rng, 64, 64, 6, 6)[(np.abs(azimuth) * 10).astype(int) % 64, (height * 40).astype(int) % 64]
        mask = heads.scalp.copy()
        if not self.woman and rng.random() < 0.35:
            mask *= 1 - (0.9 * smoothstep(0.2, 0.9, z) * smoothstep(7.7, 8.1, y) * (1 - smoothstep(0.25, 0.5, ax) if rng.random() < 0.5 else 1))
        parting = rng.choice([None, 0.0, 0.3, -0.3])
        if parting is not None:
            thick = thick * (1 - 0.75 * np.exp(-((x - parting) / 0.05) ** 2) * (z > -0.1) * (y > 7.6))
        thick = np.maximum(thick, 0.015)
        if self.hat:
            mask = mask * (1 - smoothstep(-0.05, 0.1, y - 7.95))
        thick = cv2.GaussianBlur(thick.astype(np.float32)[:, None], (1, 1), 0)[:, 0]
        uv = heads.scalp_uv * np.array([1, 0.6]) if rng.random() < 0.5 else heads.scalp_uv[:, ::-1] * np.array([1, 1.0])
        self.shell(mask.astype(np.float32), thick, texture, self.look, 4, uv, roundness=0.35)
        if self.woman and rng.random() < 0.5 and not self.hat:
            radius = rng.uniform(0.25, 0.5)
            middle = np.array([0, rng.uniform(7.3, 8.6), -0.4])
            middle[2] = -0.85 if middle[1] < 8 else -0.2
            places, triangles, uv = lathe([(np.sin(a), -np.cos(a)) for a in np.linspace(0.05, 3.09, 10)], 0, 0, radius * 1.2, radius, 0, 0, 20)
            places[:, 1] *= radius * 0.8
            places += middle.astype(np.float32)
            self.scene.add(places, np.ones(len(places)), triangles, uv, texture, self.look, False, roundness=0.0)

    def beard(self) -> None:
        rng, heads, y = self.rng, self.heads, self.heads.v[:, 1]
        if self.woman or self.child:
            return
        r = rng.random()
        texture = strands(rng, float(rng.uniform(0.1, 1.0)))
        look = [self.look[0], 1.0, self.look[2] * 0.5, self.look[3], 0.35, 1]
        if r < 0.5:
            thick = np.full(len(self.v), rng.uniform(0.03, 0.12), np.float32)
            self.shell(heads.moustache.astype(np.float32), thick, texture, look, 4, heads.beard_uv, drop=rng.uniform(0.0, 0.12), roundness=0.05)
        if r < 0.27:
            mask = [heads.beard, heads.goatee, np.maximum(heads.beard, heads.whiskers), heads.whiskers][rng.choice(4, p=[0.3, 0.25, 0.3, 0.15])]
            length = rng.uniform(0.05, 0.5)
            thick = (np.full(len(self.v), length, np.float32) * (0.4 + 0.6 * np.clip((6.9 - y) / 0.7, 0, 1))).astype(np.float32)
            self.shell(mask.astype(np.float32), thick, texture, look, 5, heads.beard_uv, drop=rng.uniform(0, 0.6) * length * 2, roundness=0.05)

    def hat_itself(self) -> None:
        rng, heads, y, z = self.rng, self.heads, self.heads.v[:, 1], self.heads.v[:, 2]
        if not self.hat:
            return
        cz, rx, rz = (self.hat_back + self.hat_front) / 2, self.hat_width + 0.06, (self.hat_front - self.hat_back) / 2 + 0.08
        kind, tilt, roll = rng.integers(6), float(rng.normal(-0.06, 0.12)), float(rng.normal(0, 0.06))
        look = [float(rng.choice([0.03, 0.1, 0.4, 0.9])) * float(rng.uniform(0.7, 1.2)), 1.0, 0.03, 10.0, 0.15, 1]
        texture = cloth(rng)
        if kind == 0:    # bowler
            profile = [(1 + rng.uniform(0.25, 0.5), -0.02), (1, 0.0), (1, 0.35), (0.93, 0.6), (0.7, 0.8), (0.3, 0.88), (0.02, 0.9)]
        elif kind == 1:  # top hat or boater
            h = rng.uniform(0.7, 1.5)
            profile = [(1.4, -0.02), (1.02, 0), (0.97, 0.3), (1.0, h), (0.98, h + 0.02), (0.02, h + 0.03)]
        elif kind == 2:  # flat or round cap
            profile = [(1.0, 0.0), (1.25, 0.12), (1.3, 0.25), (1.1, 0.4), (0.6, 0.5), (0.02, 0.52)]
        elif kind == 3:  # wide brim
            w = rng.uniform(1.6, 2.5)
            profile = [(w, rng.uniform(-0.2, 0.15)), (1.05, 0.02), (1.0, 0.1), (0.95, 0.45), (0.75, 0.62), (0.02, 0.68)]
        elif kind == 4:  # knitted cap, crown of a bonnet
            profile = [(1.02, -0.05), (1.03, 0.2), (0.98, 0.45), (0.8, 0.65), (0.45, 0.78), (0.02, 0.8)]
        else:            # kepi
            profile = [(1.01, 0), (1.02, 0.3), (1.12, 0.55), (1.1, 0.62), (0.02, 0.64)]
        if rng.random() < 0.18:
            self.bound(heads.proxies["cloth_fedora" if rng.random() < 0.5 else "cloth_fedora_cocked"], texture, look, False, shadow=True)
        else:
            places, triangles, uv = lathe(profile, 0, cz, rx, rz, self.hat_height + 0.03, tilt, roll=roll)
            self.scene.add(places, np.ones(len(places)), triangles, uv, texture, look, False)
            if kind == 5 or (kind == 2 and rng.random() < 0.6):
                self._peak(rx, rz, cz, tilt, roll)
        if self.woman and rng.random() < 0.2 or kind == 4 and rng.random() < 0.4:  # scarf, sides of a bonnet
            mask = np.maximum(heads.scalp, np.where(heads.is_body & (y > 6.3) & (z < 0.62) & (y < 8.2), 1, 0))
            self.shell(mask.astype(np.float32), np.full(len(self.v), 0.14, np.float32), texture, look, 1, heads.scalp_uv * 3, roundness=0.2, alpha=False)

    def _peak(self, rx, rz, cz, tilt, roll) -> None:
        places = []
        for t in np.linspace(-1.0, 1.0, 14):
            places += [[rx * np.sin(t), 0, rz * np.cos(t)], [rx * 1.02 * np.sin(t), -0.12, rz * np.cos(t) + 0.38 * np.cos(t * 1.4)]]
        triangles = [part for i in range(13) for part in ([2 * i, 2 * i + 1, 2 * i + 3], [2 * i, 2 * i + 3, 2 * i + 2])]
        self.plain(np.array(places, np.float32) @ turned(0, tilt, roll).T + np.array([0, self.hat_height + 0.03, cz], np.float32), np.array(triangles), [0.03, 1.0, 0.2, 20.0, 0.1, 1])

    def spectacles(self) -> None:
        rng, heads = self.rng, self.heads
        if not (rng.random() < 0.13 and not self.child):
            return
        radius, middles = float(rng.uniform(0.17, 0.27)), []
        rng.uniform(0, 0.05)
        for side in (-1, 1):
            eye = self.v[heads.base["g_helper_l_eye" if side > 0 else "g_helper_r_eye"].astype(int)].mean(0)
            middle = np.array([eye[0] * 1.03, eye[1] - 0.03, eye[2] + 0.32])
            middles.append(middle)
            rim = [middle + np.array([radius * 1.1 * np.cos(t), radius * np.sin(t), -0.04 * abs(np.cos(t))]) for t in np.linspace(0, 2 * np.pi, 24, endpoint=False)]
            self.plain(*tube(rim, rng.uniform(0.01, 0.022)), [0.1, 1.0, 0.6, 40.0, 0.1, 1])
            temple = [middle + np.array([side * radius * 1.1, 0.05, -0.03]), np.array([side * 0.8, eye[1] + 0.1, 0.6]), np.array([side * 0.82, eye[1] + 0.08, 0.3])]
            self.plain(*tube(temple, 0.014, closed=False), [0.1, 1.0, 0.3, 40.0, 0.1, 1])
        bridge = [middles[0] + np.array([radius, 0.02, 0]), (middles[0] + middles[1]) / 2 + np.array([0, 0.07, 0.03]), middles[1] - np.array([radius, -0.02, 0])]
        self.plain(*tube(bridge, 0.014, closed=False), [0.1, 1.0, 0.6, 40.0, 0.1, 1])

    def collar(self) -> None:
        """Stand-up, turned-down and shawl collars, with a bow or a tie."""
        rng, heads, (_, y, z) = self.rng, self.heads, self.heads.v.T
        if rng.random() > 0.45:
            return
        around = heads.is_body & (np.abs(y - 6.15) < 0.12) & (z < 0.9) & (heads.across < 0.9)
        if around.sum() < 8:
            return
        w = float(np.ptp(self.v[around, 0]) / 2) * rng.uniform(0.92, 1.1)
        z0, z1, bottom = np.quantile(self.v[around, 2], 0.03), np.quantile(self.v[around, 2], 0.97), float(self.v[around, 1].mean())
        h, light, kind = rng.uniform(0.12, 0.5), rng.random() < 0.75, rng.integers(3)
        profile = ([(1.12, -0.25), (1.04, 0), (1.0, h)] if kind == 0 else [(1.5, -0.45), (1.25, -0.2), (1.08, 0.05), (1.1, h * 0.6)] if kind == 1
                   else [(1.6, -0.5), (1.7, -0.3), (1.1, 0.0), (1.05, h * 0.5)])
        places, triangles, uv = lathe(profile, 0, (z0 + z1) / 2, w, (z1 - z0) / 2, bottom, float(rng.normal(0.25, 0.08)), 28)
        self.scene.add(places, 0.35 * np.ones(len(places)), triangles, uv, cloth(rng), [float(rng.uniform(0.5, 0.95)) if light else float(rng.uniform(0.02, 0.3)), 1.0, 0.02, 8.0, 0.2, 1], False)
        if rng.random() >= 0.5:
            return
        bow, at = rng.random() < 0.5, np.array([0, bottom - 0.22, z1 + 0.16], np.float32)
        if bow:
            for side in (-1, 1):
                places, triangles, uv = ball(7, 10)
                places = places * np.array([0.2, 0.12, 0.07], np.float32) * rng.uniform(0.8, 1.6) + at + np.array([side * 0.2, 0, 0], np.float32)
                self.scene.add(places, 0.3 * np.ones(len(places)), triangles, uv, cloth(rng), [float(rng.choice([0.03, 0.1, 0.6])), 1.0, 0.02, 8.0, 0.2, 1], False)
        else:
            places, triangles, uv = lathe([(0.1, 1.0), (1.0, 0.8), (0.8, 0.6), (1.3, -0.6), (1.5, -2.0), (0.1, -2.2)], 0, 0, 0.1, 0.05, 0, -0.35, 8)
            places = places * np.array([1, 0.6, 1], np.float32) + at
            self.scene.add(places, 0.1 * np.ones(len(places)), triangles, uv, cloth(rng), [float(rng.choice([0.03, 0.1, 0.4])), 1.0, 0.02, 8.0, 0.2, 1], False)


def build(heads: Heads, identity: dict, expression: dict, rng, dress: type[Finished] = Finished) -> tuple[Scene, np.ndarray]:
    """The dressed head and the vertices of its body, from which boxes and landmarks are taken."""
    made = dress(heads, identity, expression, rng)
    made.skin_and_eyes()
    made.clothes()
    made.brows_and_teeth()
    made.hair_and_hat()
    made.beard()
    made.hat_itself()
    made.spectacles()
    made.collar()
    return made.scene, made.v
