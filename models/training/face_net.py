"""The face net: an anchor-free centre heat-map at stride 4 over a locally normalised grey picture.

Every cell answers three things: how sure the net is that the middle of a face lies in it, the face's box, and its five
landmarks (left eye, right eye, nose, left and right corner of the mouth, left and right as seen in the picture).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

STRIDE = 4
MULTIPLE = 32      # sides are padded to it inside the exported graph
NOISE_FLOOR = 6.0  # levels of 255 added to the local deviation, so that an empty wall is not blown up into texture
WINDOW = 13        # cells of STRIDE px: about 52 px, wider than most faces at the level that finds them
WIDTHS = (24, 48, 64, 96, 96)  # channels at strides 2 to 32
PRIOR = -4.0       # bias of the heat-map at the start: almost nothing is a face


def box_mean(x: torch.Tensor) -> torch.Tensor:
    """Mean over WINDOW × WINDOW cells, the picture's edge counted once."""
    x = F.avg_pool2d(x, (WINDOW, 1), 1, (WINDOW // 2, 0), count_include_pad=False)
    return F.avg_pool2d(x, (1, WINDOW), 1, (0, WINDOW // 2), count_include_pad=False)


def normalise(x: torch.Tensor) -> torch.Tensor:
    """Local contrast normalisation. `x` float32 [n, 1, h, w] in levels of 255, sides multiples of MULTIPLE; same shape out."""
    small = F.avg_pool2d(x, STRIDE)
    mean = box_mean(small)
    variance = torch.clamp(box_mean(F.avg_pool2d(x * x, STRIDE)) - mean * mean, min=0.0)
    up = lambda t: F.interpolate(t, scale_factor=float(STRIDE), mode="bilinear", align_corners=False)  # noqa: E731
    return (x - up(mean)) / (up(torch.sqrt(variance)) + NOISE_FLOOR)


def conv(inside: int, outside: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, size, stride, size // 2, bias=False), nn.BatchNorm2d(outside))


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = conv(width, width), conv(width, width)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class FaceNet(nn.Module):
    """Normalised grey in, `[n, 15, h/4, w/4]` out: heat logit, centre offset (cells), log of width and height over 16 px,
    five landmarks as offsets from the centre in widths of the face."""

    def __init__(self, widths: tuple[int, int, int, int, int] = WIDTHS):
        super().__init__()
        w2, w4, w8, w16, w32 = widths
        self.stem = conv(4, w2)
        self.down4, self.at4 = conv(w2, w4, stride=2), Residual(w4)
        self.down8, self.at8 = conv(w4, w8, stride=2), Residual(w8)
        self.down16, self.at16 = conv(w8, w16, stride=2), Residual(w16)
        self.down32, self.at32 = conv(w16, w32, stride=2), Residual(w32)
        self.side32, self.side16 = conv(w32, w8, 1), conv(w16, w8, 1)
        self.join8, self.narrow8 = conv(w8, w8), conv(w8, w4, 1)
        self.join4, self.head = conv(w4, w4), conv(w4, w4)
        self.answer = nn.Conv2d(w4, 15, 1)
        nn.init.normal_(self.answer.weight, std=0.01)
        nn.init.zeros_(self.answer.bias)
        with torch.no_grad():
            self.answer.bias[0] = PRIOR

    def forward(self, x):
        double = lambda t: F.interpolate(t, scale_factor=2.0, mode="nearest")  # noqa: E731
        x = F.relu(self.stem(F.pixel_unshuffle(x, 2)))
        x4 = self.at4(F.relu(self.down4(x)))
        x8 = self.at8(F.relu(self.down8(x4)))
        x16 = self.at16(F.relu(self.down16(x8)))
        x32 = self.at32(F.relu(self.down32(x16)))
        t16 = F.relu(self.side16(x16) + double(self.side32(x32)))
        t8 = F.relu(self.join8(x8 + double(t16)))
        t4 = F.relu(self.join4(x4 + double(self.narrow8(t8))))
        return self.answer(F.relu(self.head(t4)))


def decode(answer: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Heat 0..1 `[n, h, w]` with everything but local maxima (3 × 3) at 0, boxes `[n, h, w, 4]` (x, y, width, height) and
    landmarks `[n, h, w, 10]` (x, y of five points), both in pixels of the net's input."""
    heat = torch.sigmoid(answer[:, 0:1])
    heat = heat * (heat >= F.max_pool2d(heat, 3, 1, 1)).to(heat.dtype)
    cells = torch.ones_like(answer[:, 0:1])
    columns, rows = torch.cumsum(cells, 3) - 0.5, torch.cumsum(cells, 2) - 0.5
    x, y = (columns + answer[:, 1:2]) * STRIDE, (rows + answer[:, 2:3]) * STRIDE
    size = torch.exp(torch.clamp(answer[:, 3:5], -3.0, 3.0)) * 16.0
    w, h = size[:, 0:1], size[:, 1:2]
    boxes = torch.cat([x - w / 2, y - h / 2, w, h], 1)
    marks = torch.cat([part for k in range(5) for part in (x + answer[:, 5 + 2 * k:6 + 2 * k] * w, y + answer[:, 6 + 2 * k:7 + 2 * k] * w)], 1)
    return heat[:, 0], boxes.permute(0, 2, 3, 1), marks.permute(0, 2, 3, 1)


MIRROR_ORDER = [0, 1, 2, 3, 4, 7, 8, 5, 6, 9, 10, 13, 14, 11, 12]  # answers of a mirrored picture: left and right change places
MIRROR_SIGN = [1, -1, 1, 1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1]


class Wrapped(nn.Module):
    """uint8 `[1, h, w, 1]` outside; scaling, padding (edge repeated) and decoding inside. `mirrored`: the net also looks at the
    mirrored picture, and the mean of both answers counts."""

    def __init__(self, net: FaceNet, mirrored: bool = True):
        super().__init__()
        self.net, self.mirrored = net, mirrored
        self.register_buffer("order", torch.tensor(MIRROR_ORDER))
        self.register_buffer("sign", torch.tensor(MIRROR_SIGN, dtype=torch.float32).view(1, 15, 1, 1))

    def forward(self, grey):
        x = grey.permute(0, 3, 1, 2).to(torch.float32)
        h, w = x.shape[2], x.shape[3]
        x = F.pad(x, (0, (MULTIPLE - w % MULTIPLE) % MULTIPLE, 0, (MULTIPLE - h % MULTIPLE) % MULTIPLE), mode="replicate")
        x = normalise(x)
        answer = self.net(x)
        if self.mirrored:
            other = torch.flip(self.net(torch.flip(x, (3,))), (3,))
            answer = (answer + torch.index_select(other, 1, self.order) * self.sign) / 2
        return decode(answer)
