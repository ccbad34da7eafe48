"""The net that places the five landmarks of a face that was found: a small U over a grey crop of 64 px around the face alone.

Every landmark is a point of `point_maps`. The crop is that of `face_crops` at NEAR; the net's coordinates inside it run from −1 to 1.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .face_crops import SIDE
from .face_look import evened
from .face_net import Residual, conv
from .point_maps import along, means

WIDTHS = (24, 48, 80, 112)  # channels at strides 2, 4, 8, 16
FIVE = 5
MIRRORED = [1, 0, 2, 4, 3]  # left and right change places


class MarksNet(nn.Module):
    """Evened crop `[n, 1, 64, 64]` in, logits of 32 × 32 cells for every landmark `[n, 5, 32, 32]` out; `placed` tells where they lie."""

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS):
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = conv(4, w2)
        self.down4, self.at4 = conv(w2, w4, stride=2), Residual(w4)
        self.down8, self.at8 = conv(w4, w8, stride=2), nn.Sequential(Residual(w8), Residual(w8))
        self.down16, self.at16 = conv(w8, w16, stride=2), nn.Sequential(Residual(w16), Residual(w16))
        self.side16, self.side8, self.side4 = conv(w16, w8, 1), conv(w8, w4, 1), conv(w4, w2, 1)
        self.join8, self.join4, self.join2 = Residual(w8), Residual(w4), Residual(w2)
        self.maps = nn.Conv2d(w2, FIVE, 1)
        nn.init.normal_(self.maps.weight, std=0.05)
        nn.init.zeros_(self.maps.bias)
        self.register_buffer("along", along())

    def forward(self, x):
        double = lambda t: F.interpolate(t, scale_factor=2.0, mode="bilinear", align_corners=False)  # noqa: E731
        x2 = F.relu(self.stem(F.pixel_unshuffle(x, 2)))
        x4 = self.at4(F.relu(self.down4(x2)))
        x8 = self.at8(F.relu(self.down8(x4)))
        x16 = self.at16(F.relu(self.down16(x8)))
        t8 = self.join8(F.relu(x8 + double(self.side16(x16))))
        t4 = self.join4(F.relu(x4 + double(self.side8(t8))))
        return self.maps(self.join2(F.relu(x2 + double(self.side4(t4))))).float()

    def placed(self, maps):
        """Landmarks `[n, 5, 2]` (x, y), −1 to 1, of their maps."""
        return means(maps, self.along)


class Marks(nn.Module):
    """uint8 `[n, 64, 64, 1]` outside; evening out inside, the mirrored crop looked at too and both answers averaged. Out: landmarks
    `[n, 10]` in pixels of the crop."""

    def __init__(self, net: MarksNet):
        super().__init__()
        self.net = net
        self.register_buffer("order", torch.tensor(MIRRORED))
        self.register_buffer("sign", torch.tensor([-1.0, 1.0]))

    def forward(self, crops):
        x = evened(crops.permute(0, 3, 1, 2).to(torch.float32))
        own = self.net.placed(self.net(x))
        other = torch.index_select(self.net.placed(self.net(torch.flip(x, (3,)))), 1, self.order) * self.sign
        return (((own + other) / 2 + 1) * (SIDE / 2)).flatten(1)
