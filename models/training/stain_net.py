"""The stain net: how certain it is that a cell of 4×4 px of a reduced colour copy lies on a stain.

Stains are told by their hue, by soft or drying edges, and by the scene going on under them: they are looked for where the whole picture
is FULL px long, so that a blotch and what surrounds it fit into what the net sees. It has no pooling over the picture.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .cell_training import STRIDE
from .face_net import Residual, box_mean, conv

FULL = 256      # px: longer side of the copy it looks at; smaller pictures are looked at as they are
DARKEST = 12.0  # levels added before the logarithm, so that noise in blacks is no colour
MULTIPLE = 32   # sides are padded to it inside the exported graph
PRIOR = -2.0    # bias of the answer at the start: little is a stain


def planes(rgb: torch.Tensor) -> torch.Tensor:
    """Levels `[n, 3, h, w]`, sides multiples of MULTIPLE, to lightness and two differences of colours, as they are and against their
    surroundings, `[n, 6, h, w]`. All are logarithms: what a stain takes of the light is the same sum on light and on dark ground."""
    logs = torch.log(rgb + DARKEST)
    red, green, blue = logs[:, 0:1], logs[:, 1:2], logs[:, 2:3]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    own = torch.cat([1.2 * (luma - 4.6), 4 * (red - blue), 8 * (green - (red + blue) / 2)], 1)
    around = F.interpolate(box_mean(F.avg_pool2d(own, STRIDE)), scale_factor=float(STRIDE), mode="bilinear", align_corners=False)
    return torch.cat([own, own - around], 1)


class StainNet(nn.Module):
    """`planes` of a picture, sides multiples of MULTIPLE, to logits `[n, 1, h/4, w/4]`. Strides 4, 8, 16, 32 and back to 4."""

    def __init__(self, widths: tuple[int, int, int, int] = (32, 64, 96, 96)):
        super().__init__()
        w4, w8, w16, w32 = widths
        self.stem, self.at4 = conv(96, w4), Residual(w4)
        self.down8, self.at8 = conv(w4, w8, stride=2), Residual(w8)
        self.down16, self.at16 = conv(w8, w16, stride=2), Residual(w16)
        self.down32, self.at32 = conv(w16, w32, stride=2), Residual(w32)
        self.side32, self.side16, self.side8 = conv(w32, w16, 1), conv(w16, w8, 1), conv(w8, w4, 1)
        self.join8, self.join4 = conv(w8, w8), conv(w4, w4)
        self.answer = nn.Conv2d(w4, 1, 1)
        nn.init.normal_(self.answer.weight, std=0.01)
        nn.init.constant_(self.answer.bias, PRIOR)

    def forward(self, x):
        double = lambda t: F.interpolate(t, scale_factor=2.0, mode="bilinear", align_corners=False)  # noqa: E731
        x4 = self.at4(F.relu(self.stem(F.pixel_unshuffle(x, 4))))
        x8 = self.at8(F.relu(self.down8(x4)))
        x16 = self.at16(F.relu(self.down16(x8)))
        x32 = self.at32(F.relu(self.down32(x16)))
        t16 = F.relu(x16 + double(self.side32(x32)))
        t8 = F.relu(self.join8(x8 + double(self.side16(t16))))
        t4 = F.relu(self.join4(x4 + double(self.side8(t8))))
        return self.answer(t4)


class Wrapped(nn.Module):
    """uint8 `[1, h, w, 3]` outside, probability `[1, h/4, w/4]` rounded up; planes and padding (edge repeated) inside."""

    def __init__(self, net: StainNet):
        super().__init__()
        self.net = net

    def forward(self, image):
        x = image.permute(0, 3, 1, 2).to(torch.float32)
        h, w = x.shape[2], x.shape[3]
        x = F.pad(x, (0, (MULTIPLE - w % MULTIPLE) % MULTIPLE, 0, (MULTIPLE - h % MULTIPLE) % MULTIPLE), mode="replicate")
        return torch.sigmoid(self.net(planes(x)))[:, 0]


def prepared(pictures: torch.Tensor) -> torch.Tensor:
    """uint8 `[n, h, w, 3]` as the net's input."""
    return planes(pictures.permute(0, 3, 1, 2).to(torch.float32))
