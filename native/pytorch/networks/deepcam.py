"""
DeepCAM as in MLPerf HPC (model/workload/deepcam.ts): DeepLabv3+ with an Xception encoder of output stride 16 and a decoder of transposed
convolutions. The pooled image passes a scale and an offset per channel, as normalising one position of one sample has no statistics.
"""
import torch
from torch import nn
from torch.nn import functional as F

from .blocks import convolution, doubling, normalised

DECODER = 256


def separable(channels, outputs, stride=1, dilation=1):
    return convolution(channels, channels, 3, stride, dilation, groups=channels), convolution(channels, outputs, 1)


class Block(nn.Module):
    """Normalised separable convolutions with ReLU between them, perhaps a plain one at the end, and a shortcut."""

    def __init__(self, channels, widths, last_stride=None, ends_with_relu=True):
        super().__init__()
        layers, width = [], channels
        for index, outputs in enumerate(widths):
            layers += [*separable(width, outputs), nn.BatchNorm2d(outputs)]
            layers += [nn.ReLU(inplace=True)] if index < len(widths) - 1 else []
            width = outputs
        layers += separable(width, width, last_stride) if last_stride else ()
        self.layers = nn.Sequential(*layers)
        projects = width != channels or last_stride == 2
        self.shortcut = nn.Sequential(convolution(channels, width, 1, last_stride or 1), nn.BatchNorm2d(width)) if projects else nn.Identity()
        self.ends_with_relu = ends_with_relu

    def forward(self, x):
        result = self.layers(x) + self.shortcut(x)
        return F.relu_(result) if self.ends_with_relu else result


class Pyramid(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branches = nn.ModuleList([normalised(convolution(channels, DECODER, 1))])
        self.branches.extend(normalised(convolution(channels, DECODER, 3, dilation=d)) for d in (6, 12, 18))
        self.image = convolution(channels, DECODER, 1)
        self.image_scale = nn.Parameter(torch.ones(1, DECODER, 1, 1))
        self.image_offset = nn.Parameter(torch.zeros(1, DECODER, 1, 1))
        self.join = normalised(convolution(DECODER * 5, DECODER, 1))

    def forward(self, x):
        image = F.relu(self.image(x.mean((2, 3), keepdim=True)) * self.image_scale + self.image_offset)
        image = image.to(x.dtype).expand(-1, -1, *x.shape[2:])
        return self.join(torch.cat([*(branch(x) for branch in self.branches), image], 1))


class DeepCam(nn.Module):
    def __init__(self, channels=16, classes=3):
        super().__init__()
        self.entry = nn.Sequential(
            normalised(convolution(channels, 32, 3, 2)), normalised(convolution(32, 64, 3)), Block(64, (128, 128), 2, ends_with_relu=False),
        )
        encoder = [Block(128, (256, 256), 2), Block(256, (728, 728), 2)]
        encoder += [Block(728, (728, 728, 728)) for _ in range(16)]
        encoder += [Block(728, (728, 1024), 1, ends_with_relu=False)]
        encoder += [normalised(*separable(a, b, dilation=2)) for a, b in ((1024, 1536), (1536, 1536), (1536, 2048))]
        self.encoder = nn.Sequential(*encoder)
        self.pyramid = Pyramid(2048)
        self.low = normalised(convolution(128, 48, 1))
        self.up = nn.Sequential(normalised(doubling(DECODER, DECODER)), normalised(doubling(DECODER, DECODER)))
        self.decoder = nn.Sequential(
            normalised(convolution(DECODER + 48, DECODER, 3)),
            normalised(convolution(DECODER, DECODER, 3)),
            convolution(DECODER, DECODER, 1, bias=True),
            normalised(doubling(DECODER, DECODER)),
            doubling(DECODER, classes),
        )

    def forward(self, x):
        low = self.entry(x)
        x = self.up(self.pyramid(self.encoder(F.relu(low))))
        return self.decoder(torch.cat([x, self.low(low)], 1))
