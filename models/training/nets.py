"""The two nets. Neither has global pooling or normalisation: what a tile gives depends on its surroundings only.

Sizes inside are multiples of `MULTIPLE`; the wrappers in export.py pad and crop.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

MULTIPLE = 16


class Residual(nn.Module):
    """x + conv(relu(conv(x))), 3×3, same width."""

    def __init__(self, width: int):
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1)
        self.two = nn.Conv2d(width, width, 3, padding=1)
        nn.init.kaiming_normal_(self.one.weight, nonlinearity="relu")
        nn.init.normal_(self.two.weight, std=0.01)
        nn.init.zeros_(self.one.bias)
        nn.init.zeros_(self.two.bias)

    def forward(self, x):
        return x + self.two(F.relu(self.one(x)))


class RestoreNet(nn.Module):
    """RGB [n, 3, h, w] 0..1 → RGB of the same shape, not clamped. U-Net on 2× pixel-unshuffle with residual output.

    Blind: it takes no noise level. The strength is a blend of input and output outside the net, which makes strength 0
    exact and a change of mind free. `depth`: residual blocks in each level on its way down, and on its way up.
    """

    def __init__(self, widths=(32, 64, 96, 128), depth: int = 1):
        super().__init__()
        self.widths, self.depth = tuple(widths), depth
        w = self.widths
        blocks = lambda c: Residual(c) if depth == 1 else nn.Sequential(*(Residual(c) for _ in range(depth)))  # noqa: E731
        self.head = nn.Conv2d(12, w[0], 3, padding=1)
        self.encode = nn.ModuleList([blocks(c) for c in w[:-1]])
        self.down = nn.ModuleList([nn.Conv2d(a, b, 2, stride=2) for a, b in zip(w[:-1], w[1:])])
        self.middle = nn.Sequential(Residual(w[-1]), Residual(w[-1]))
        self.up = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in zip(w[:-1], w[1:])])
        self.decode = nn.ModuleList([blocks(c) for c in w[:-1]])
        self.tail = nn.Conv2d(w[0], 12, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)

    def forward(self, image):
        x = self.head(F.pixel_unshuffle(image - 0.5, 2))
        kept = []
        for encode, down in zip(self.encode, self.down):
            x = encode(x)
            kept.append(x)
            x = down(x)
        x = self.middle(x)
        for up, decode, skip in zip(reversed(self.up), reversed(self.decode), reversed(kept)):
            x = decode(up(x) + skip)
        return image + F.pixel_shuffle(self.tail(x), 2)


class Pair(nn.Module):
    """3×3 convolution with ReLU, then a residual one: relu(y + conv(y))."""

    def __init__(self, before: int, after: int):
        super().__init__()
        self.one = nn.Conv2d(before, after, 3, padding=1)
        self.two = nn.Conv2d(after, after, 3, padding=1)
        nn.init.kaiming_normal_(self.one.weight, nonlinearity="relu")
        nn.init.normal_(self.two.weight, std=0.02)
        for conv in (self.one, self.two):
            nn.init.zeros_(conv.bias)

    def forward(self, x):
        y = F.relu(self.one(x))
        return F.relu(y + self.two(y))


class DamageNet(nn.Module):
    """Luma [n, 1, h, w] 0..1 → logits [n, 3, h, w] for scratch, dust, stain. U-Net 16-32-64-96 on 2× pixel-unshuffle.

    It also sees the luma with its 17 px local mean taken away, four times stronger: faded pictures hold their scratches
    in a few levels. A U-Net 12-24-48-96 at full resolution was tried first: a third of the training steps in the same
    time, since twelve channels keep a processor's vector units half idle.
    """

    def __init__(self, widths=(16, 32, 64, 96), classes: int = 3):
        super().__init__()
        self.widths = tuple(widths)
        w = self.widths
        self.encode = nn.ModuleList([Pair(a, b) for a, b in zip((8,) + w[:-2], w[:-1])])
        self.middle = Pair(w[-2], w[-1])
        self.up = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in zip(w[:-1], w[1:])])
        self.decode = nn.ModuleList([Pair(2 * c, c) for c in w[:-1]])
        self.tail = nn.Conv2d(w[0], 4 * classes, 1)
        nn.init.constant_(self.tail.bias, -3.0)

    def forward(self, luma):
        mean = F.avg_pool2d(F.pad(luma, (8, 8, 8, 8), mode="replicate"), 17, stride=1)
        x = F.pixel_unshuffle(torch.cat([luma - 0.5, (luma - mean) * 4.0], 1), 2)
        kept = []
        for encode in self.encode:
            x = encode(x)
            kept.append(x)
            x = F.max_pool2d(x, 2)
        x = self.middle(x)
        for up, decode, skip in zip(reversed(self.up), reversed(self.decode), reversed(kept)):
            x = decode(torch.cat([up(x), skip], 1))
        return F.pixel_shuffle(self.tail(x), 2)


def parameters(net: nn.Module) -> int:
    """Number of trained values."""
    return sum(p.numel() for p in net.parameters())
