"""The filling net. A hole is emptied before anything else is computed, so that what stands in it can never leak into the result."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .nets import Residual

LEVELS = 4  # halvings of the pre-fill and of the net: both see blocks of 16 px
SMOOTHING = 3  # rounds of 5×5 means inside the hole


def prefill(image, mask):
    """Fills holes smoothly from their surroundings. `image` float32 [n, 3, h, w] 0..1, `mask` float32 [n, 1, h, w] of 0 and 1
    (1 = hole), h and w multiples of 16 → float32 [n, 3, h, w], equal to the image outside the hole.

    Push and pull (Gortler et al. 1996) with fixed weights, which is a pyramid of partial convolutions: means over the known
    pixels of blocks of 2, 4, 8, 16 px, holes of a level taken from the next coarser one; at the coarsest over 3×3 and 9×9 blocks,
    mid grey beyond. Then a few rounds of 5×5 means inside the hole take away the blocks.
    """
    known = 1.0 - mask
    held = torch.where(mask > 0.5, torch.zeros_like(image), image)
    sums, shares = [held], [known]
    for _ in range(LEVELS):
        sums.append(F.avg_pool2d(sums[-1], 2))
        shares.append(F.avg_pool2d(shares[-1], 2))
    fill = torch.full_like(sums[-1], 0.5)
    for window in (9, 3):
        total = F.avg_pool2d(sums[-1], window, stride=1, padding=window // 2)
        share = F.avg_pool2d(shares[-1], window, stride=1, padding=window // 2)
        fill = torch.where(share > 1e-4, total / share.clamp(min=1e-4), fill)
    for total, share in zip(reversed(sums), reversed(shares)):
        if total.shape[2] != fill.shape[2]:
            fill = F.interpolate(fill, scale_factor=2.0, mode="bilinear", align_corners=False)
        trust = torch.clamp(share * 2.0, max=1.0)
        fill = trust * total / share.clamp(min=1e-4) + (1.0 - trust) * fill
    for _ in range(SMOOTHING):
        fill = held + mask * F.avg_pool2d(F.pad(fill, (2, 2, 2, 2), mode="replicate"), 5, stride=1)
    return fill


class FillNet(nn.Module):
    """RGB [n, 3, h, w] 0..1 and mask [n, 1, h, w] (1 = hole), h and w multiples of 16 → RGB for every pixel, not clamped.

    A U-Net on 2× pixel-unshuffle corrects the pre-fill; its first convolution is gated (Yu et al. 2019), so that features of
    known and of pre-filled pixels are told apart. Only what it gives inside the hole is meant to be used.
    """

    def __init__(self, widths=(32, 64, 96, 128)):
        super().__init__()
        w = self.widths = tuple(widths)
        self.head = nn.Conv2d(16, 2 * w[0], 3, padding=1)
        self.encode = nn.ModuleList([Residual(c) for c in w[:-1]])
        self.down = nn.ModuleList([nn.Conv2d(a, b, 2, stride=2) for a, b in zip(w[:-1], w[1:])])
        self.middle = nn.Sequential(Residual(w[-1]), Residual(w[-1]))
        self.up = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in zip(w[:-1], w[1:])])
        self.decode = nn.ModuleList([Residual(c) for c in w[:-1]])
        self.tail = nn.Conv2d(w[0], 12, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)

    def residual(self, filled, mask):
        """The correction of the pre-fill, same shape as `filled`."""
        features, gate = self.head(F.pixel_unshuffle(torch.cat([filled - 0.5, mask], 1), 2)).chunk(2, 1)
        x = features * torch.sigmoid(gate)
        kept = []
        for encode, down in zip(self.encode, self.down):
            x = encode(x)
            kept.append(x)
            x = down(x)
        x = self.middle(x)
        for up, decode, skip in zip(reversed(self.up), reversed(self.decode), reversed(kept)):
            x = decode(up(x) + skip)
        return F.pixel_shuffle(self.tail(x), 2)

    def forward(self, image, mask):
        filled = prefill(image, mask)
        return filled + self.residual(filled, mask)
