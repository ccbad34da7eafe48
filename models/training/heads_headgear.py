"""Heads out of doors: steel helmets, sun helmets, campaign hats, turbans, shawls, low over the brow, with straps under the chin."""

from __future__ import annotations

import numpy as np

from .heads_dress import cloth, lathe, tube
from .heads_hair import Finished

# Profiles of (radius, height) over the rim that sits on the brow, and how far over the brow that is at most.
BOWL = [(1.5, -0.1), (1.46, -0.06), (1.1, 0.05), (1.07, 0.15), (0.97, 0.42), (0.7, 0.62), (0.3, 0.72), (0.02, 0.73)]
DOME = [(1.3, -0.16), (1.2, -0.04), (1.17, 0.15), (1.12, 0.45), (0.97, 0.75), (0.66, 0.97), (0.3, 1.07), (0.02, 1.09)]
SUN = [(1.75, -0.3), (1.25, -0.04), (1.12, 0.1), (1.06, 0.5), (0.82, 0.82), (0.4, 0.95), (0.02, 0.98)]
CAMPAIGN = [(2.2, 0.0), (1.9, -0.06), (1.06, 0.0), (1.0, 0.1), (0.97, 0.55), (0.75, 0.9), (0.3, 1.05), (0.02, 1.08)]
TURBAN = [(1.04, -0.04), (1.25, 0.1), (1.36, 0.28), (1.3, 0.5), (0.95, 0.68), (0.5, 0.76), (0.02, 0.8)]
SIDE_CAP = [(1.03, -0.02), (1.04, 0.35), (0.85, 0.6), (0.35, 0.66), (0.02, 0.67)]


class Outdoor(Finished):
    """A head of which most wear something."""

    hats = 0.85

    def hat_itself(self) -> None:
        if not self.hat or self.rng.random() < 0.2:
            super().hat_itself()
            return
        rng = self.rng
        kind = int(rng.choice(7, p=[0.22, 0.22, 0.07, 0.17, 0.08, 0.1, 0.14]))
        look = [float(rng.choice([0.04, 0.12, 0.35, 0.8])) * float(rng.uniform(0.7, 1.2)), 1.0, float(rng.uniform(0, 0.25)), 14.0, 0.15, 1]
        if kind == 6:
            self._shawl(look)
            return
        brow = float(self.v[self.heads.marks[17:27], 1].mean())
        rim = min(self.hat_height + 0.05, brow + rng.uniform(0.02, 0.28)) + (0.12 if kind in (0, 1) else 0.0)
        profile = (BOWL, DOME, SUN, CAMPAIGN, TURBAN, SIDE_CAP)[kind]
        middle = (self.hat_back + self.hat_front) / 2
        wide, deep = self.hat_width + 0.06, (self.hat_front - self.hat_back) / 2 + 0.08
        tilt, roll = float(rng.normal(-0.02, 0.1)), float(rng.normal(0, 0.06 if kind < 5 else 0.2))
        places, triangles, uv = lathe([(r, h * float(rng.uniform(0.9, 1.15))) for r, h in profile], 0, middle, wide, deep, rim, tilt, roll=roll)
        self.scene.add(places, np.ones(len(places)), triangles, uv, cloth(rng), look, False)
        if kind < 4 and rng.random() < 0.45:
            self._strap()

    def _strap(self) -> None:
        """Along the jaw, or hanging before the chin."""
        jaw = self.v[self.heads.marks[0:17]].copy()
        jaw += (jaw - jaw.mean(0)) * self.rng.uniform(0.04, 0.12)
        self.plain(*tube(jaw, float(self.rng.uniform(0.02, 0.05)), closed=False), [float(self.rng.choice([0.04, 0.4])), 1.0, 0.1, 10.0, 0.1, 1])

    def _shawl(self, look: list[float]) -> None:
        """Cloth over the hair and beside the cheeks, down to the shoulders."""
        rng, heads, y, z = self.rng, self.heads, self.heads.v[:, 1], self.heads.v[:, 2]
        sides = heads.is_body & (y > 5.6) & (z < rng.uniform(0.45, 0.75)) & (y < 8.3)
        mask = np.maximum(heads.scalp, np.where(sides, 1, 0)).astype(np.float32)
        self.shell(mask, np.full(len(self.v), rng.uniform(0.12, 0.3), np.float32), cloth(rng), look, 1, heads.scalp_uv * 3, roundness=0.2, alpha=False)
