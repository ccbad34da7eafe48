"""Points looked for in maps: each is the mean of its map (soft arg max; Nibali and others 2018), so it is placed finer than a cell.

Maps are logits [n, points, MAP, MAP] over a crop whose coordinates run from −1 to 1; points are [n, points, 2] (x, y).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

MAP = 32  # cells along a side


def along() -> torch.Tensor:
    """The middles of the cells of a row, float32 [MAP]."""
    return (torch.arange(MAP, dtype=torch.float32) + 0.5) / MAP * 2 - 1


def means(maps: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
    """The point of every map; `cells` is `along()`."""
    share = torch.softmax(maps.flatten(2), 2).view(-1, maps.shape[1], MAP, MAP)
    return torch.stack([(share.sum(2) * cells).sum(2), (share.sum(3) * cells).sum(2)], 2)


def surprise(maps: torch.Tensor, points: torch.Tensor, spread: float, weight: torch.Tensor | None = None) -> torch.Tensor:
    """Mean cross entropy of the maps against bells of `spread` cells around the points that lie in the crop, `weight` [n] for each
    crop: it teaches maps sooner than their means do."""
    cells = along()
    inside = (points.abs() < 1).all(2).float()
    if weight is not None:
        inside = inside * weight[:, None]
    bell = lambda k: torch.softmax(-((points[:, :, k:k + 1] - cells) * (MAP / 2 / spread)) ** 2 / 2, 2)  # noqa: E731
    target = bell(1)[:, :, :, None] * bell(0)[:, :, None, :]
    missed = -(target.flatten(2) * F.log_softmax(maps.flatten(2), 2)).sum(2)
    return (missed * inside).sum() / inside.sum().clamp(min=1)
