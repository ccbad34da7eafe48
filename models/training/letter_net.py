"""The lettering net: how certain it is that a cell of 4×4 px lies on lettering or handwriting, from locally normalised grey.

It sees letters of about 7 to 40 px; a pyramid of halves finds larger ones. It has no pooling over the picture, so it can be
tiled, and its normalisation is local: chalk on a slate and faded ink on a mount look alike to it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .cell_training import STRIDE
from .face_net import Residual, conv, normalise

MULTIPLE = 16      # sides are padded to it inside the exported graph
PRIOR = -3.0       # bias of the answer at the start: almost nothing is lettering
WIDTHS = (24, 48, 80, 96)  # channels at strides 2 to 16


class LetterNet(nn.Module):
    """Normalised grey `[n, 1, h, w]`, sides multiples of MULTIPLE, to logits `[n, 1, h/4, w/4]`. Strides 2, 4, 8, 16 and back to 4."""

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS):
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = conv(4, w2)
        self.down4, self.at4 = conv(w2, w4, stride=2), Residual(w4)
        self.down8, self.at8 = conv(w4, w8, stride=2), Residual(w8)
        self.down16, self.at16, self.far16 = conv(w8, w16, stride=2), Residual(w16), Residual(w16)
        self.side16, self.join8 = conv(w16, w8, 1), conv(w8, w8)
        self.side8, self.join4 = conv(w8, w4, 1), conv(w4, w4)
        self.answer = nn.Conv2d(w4, 1, 1)
        nn.init.normal_(self.answer.weight, std=0.01)
        nn.init.constant_(self.answer.bias, PRIOR)

    def forward(self, x):
        double = lambda t: F.interpolate(t, scale_factor=2.0, mode="nearest")  # noqa: E731
        x = F.relu(self.stem(F.pixel_unshuffle(x, 2)))
        x4 = self.at4(F.relu(self.down4(x)))
        x8 = self.at8(F.relu(self.down8(x4)))
        x16 = self.far16(self.at16(F.relu(self.down16(x8))))
        t8 = F.relu(self.join8(x8 + double(self.side16(x16))))
        t4 = F.relu(self.join4(x4 + double(self.side8(t8))))
        return self.answer(t4)


class Wrapped(nn.Module):
    """uint8 `[1, h, w, 1]` outside, probability `[1, h/4, w/4]` rounded up; scaling, padding (edge repeated) inside."""

    def __init__(self, net: LetterNet):
        super().__init__()
        self.net = net

    def forward(self, grey):
        x = grey.permute(0, 3, 1, 2).to(torch.float32)
        h, w = x.shape[2], x.shape[3]
        x = F.pad(x, (0, (MULTIPLE - w % MULTIPLE) % MULTIPLE, 0, (MULTIPLE - h % MULTIPLE) % MULTIPLE), mode="replicate")
        return torch.sigmoid(self.net(normalise(x)))[:, 0]


def prepared(grey: torch.Tensor) -> torch.Tensor:
    """uint8 levels `[n, h, w]` as the net's input."""
    return normalise(grey.to(torch.float32)[:, None])


__all__ = ["LetterNet", "Wrapped", "prepared", "STRIDE"]
