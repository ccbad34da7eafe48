"""The second look at a candidate: a small net over a grey crop of 64 px that says face or none, corrects the box and places the five landmarks.

The crop is that of `face_crops`; the net's coordinates inside it run from −1 to 1.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .face_crops import SIDE
from .face_net import Residual, conv
from .point_maps import along, means

NOISE_FLOOR = 4.0  # levels of 255 added to the crop's deviation
WIDTHS = (24, 48, 72, 96)  # channels at strides 2, 4, 8, 16
POINTS = 7         # five landmarks, then the box's upper left and lower right corner
ANSWERS = 15       # sureness (logit), then x and y of the points
MIRROR_ORDER = [0, 3, 4, 1, 2, 5, 6, 9, 10, 7, 8, 13, 12, 11, 14]  # answers for a mirrored crop: left and right change places
MIRROR_SIGN = [1] + [-1, 1] * POINTS


def evened(x: torch.Tensor) -> torch.Tensor:
    """float32 [n, 1, SIDE, SIDE] in levels → mean 0 and deviation about 1 in the middle of each crop."""
    middle = x[:, :, 8:56, 8:56]
    mean = middle.mean((2, 3), keepdim=True)
    variance = torch.clamp((middle * middle).mean((2, 3), keepdim=True) - mean * mean, min=0.0)
    return torch.clamp((x - mean) / (torch.sqrt(variance) + NOISE_FLOOR), -4.0, 4.0)


class LookNet(nn.Module):
    """Evened crop `[n, 1, 64, 64]` in, `[n, 15]` out and, from `maps`, logits of 32 × 32 cells for every point. A point is the mean of
    its map (soft arg max), moved a little by what the whole view says, so that it may lie outside the crop."""

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS):
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = conv(4, w2)
        self.down4, self.at4 = conv(w2, w4, stride=2), Residual(w4)
        self.down8, self.at8 = conv(w4, w8, stride=2), Residual(w8)
        self.down16, self.at16 = conv(w8, w16, stride=2), Residual(w16)
        self.side16, self.side8, self.side4 = conv(w16, w8, 1), conv(w8, w4, 1), conv(w4, w2, 1)
        self.join8, self.join2 = conv(w8, w8), conv(w2, w2)
        self.join4 = conv(w4, w4)
        self.maps = nn.Conv2d(w2, POINTS, 1)
        self.squeeze = conv(w16, 32, 1)
        self.view = nn.Linear(32 * 16, 96)
        self.answer = nn.Linear(96, ANSWERS)
        nn.init.normal_(self.answer.weight, std=0.01)
        nn.init.zeros_(self.answer.bias)
        self.register_buffer("along", along())

    def both(self, x):
        """The answers and the maps they come from, float32 `[n, 7, 32, 32]` logits."""
        double = lambda t: F.interpolate(t, scale_factor=2.0, mode="nearest")  # noqa: E731
        x2 = F.relu(self.stem(F.pixel_unshuffle(x, 2)))
        x4 = self.at4(F.relu(self.down4(x2)))
        x8 = self.at8(F.relu(self.down8(x4)))
        x16 = self.at16(F.relu(self.down16(x8)))
        view = self.answer(F.relu(self.view(F.relu(self.squeeze(x16)).flatten(1)))).float()
        t8 = F.relu(self.join8(x8 + double(self.side16(x16))))
        t4 = F.relu(self.join4(x4 + double(self.side8(t8))))
        maps = self.maps(F.relu(self.join2(x2 + double(self.side4(t4))))).float()
        points = means(maps, self.along).flatten(1)
        return torch.cat([view[:, :1], points + 0.25 * torch.tanh(view[:, 1:])], 1), maps

    def forward(self, x):
        return self.both(x)[0]


class Look(nn.Module):
    """uint8 `[n, 64, 64, 1]` outside; evening out inside, the mirrored crop looked at too, by every net given, and all answers
    averaged. Out: sureness 0..1 `[n]`, box `[n, 4]` (x, y, width, height) and landmarks `[n, 10]`, both in pixels of the crop."""

    def __init__(self, net: LookNet, *others: LookNet):
        super().__init__()
        self.net, self.others = net, nn.ModuleList(others)
        self.register_buffer("order", torch.tensor(MIRROR_ORDER))
        self.register_buffer("sign", torch.tensor(MIRROR_SIGN, dtype=torch.float32).view(1, ANSWERS))

    def forward(self, crops):
        x = evened(crops.permute(0, 3, 1, 2).to(torch.float32))
        mirrored = torch.flip(x, (3,))
        nets = [self.net, *self.others]
        answer = sum(net(x) + torch.index_select(net(mirrored), 1, self.order) * self.sign for net in nets) / (2 * len(nets))
        points = (answer[:, 1:] + 1) * (SIDE / 2)
        corner = points[:, 10:12]
        return torch.sigmoid(answer[:, 0]), torch.cat([corner, torch.clamp(points[:, 12:14] - corner, min=2.0)], 1), points[:, :10]
