"""The upscaling nets. Everything happens at the small size, the last step orders channels as pixels; no pooling, no normalisation."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

REACH = 2  # pixels to each side that the bicubic weights need


def cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic convolution kernel with a = -0.5, as Pillow and MATLAB have it; zero from 2 on."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def bicubic_weights(scale: int) -> torch.Tensor:
    """float32 [scale², 1, 5, 5]: one 5×5 filter per sub-pixel, in the order pixel_shuffle wants."""
    offsets = (np.arange(scale) + 0.5) / scale - 0.5
    one = cubic(np.arange(-REACH, REACH + 1)[None] - offsets[:, None])
    both = one[:, None, :, None] * one[None, :, None, :]
    return torch.from_numpy(both.reshape(scale * scale, 1, 5, 5).astype(np.float32))


class UpscaleNet(nn.Module):
    """RGB [n, 3, h, w] 0..1 → RGB [n, 3, scale·h, scale·w], not clamped: bicubic plus a learned residual.

    A chain of 3×3 convolutions with PReLU at the small size (SRVGG of Real-ESRGAN, Wang et al. 2021, without its adversarial
    training). The bicubic part has fixed weights, so that the net starts as bicubic and can only be asked for the difference.
    """

    def __init__(self, scale: int, width: int = 48, depth: int = 8):
        super().__init__()
        self.scale = scale
        counts = [3] + [width] * (depth + 1)
        self.body = nn.ModuleList([nn.Conv2d(a, b, 3, padding=1) for a, b in zip(counts[:-1], counts[1:])])
        self.bend = nn.ModuleList([nn.PReLU(width, init=0.1) for _ in self.body])
        self.tail = nn.Conv2d(width, 3 * scale * scale, 3, padding=1)
        for conv in self.body:
            nn.init.kaiming_normal_(conv.weight, a=0.1, nonlinearity="leaky_relu")
            nn.init.zeros_(conv.bias)
        nn.init.normal_(self.tail.weight, std=1e-3)
        nn.init.zeros_(self.tail.bias)
        self.register_buffer("weights", bicubic_weights(scale).repeat(3, 1, 1, 1), persistent=False)

    def bicubic(self, image):
        """The fixed part, same shapes as forward."""
        return F.pixel_shuffle(F.conv2d(F.pad(image, (REACH,) * 4, mode="replicate"), self.weights, groups=3), self.scale)

    def residual(self, image):
        """The learned part, same shapes as forward."""
        x = image - 0.5
        for conv, bend in zip(self.body, self.bend):
            x = bend(conv(x))
        return F.pixel_shuffle(self.tail(x), self.scale)

    def forward(self, image):
        return self.bicubic(image) + self.residual(image)
