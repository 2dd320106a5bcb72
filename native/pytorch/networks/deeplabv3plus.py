"""
DeepLabv3+ in its 2018 climate variant without batch normalisation, which is replaced by x 0.5 (model/workload/deeplabv3plus.ts):
ResNet-50 v2 encoder of output stride 8, atrous pyramid, decoder of transposed convolutions that joins the raw image at full resolution.
"""
import torch
from torch import nn
from torch.nn import functional as F

from .blocks import convolution, doubling, expansion, resnet50_stages

HALF = 0.5
PYRAMID = 256


class Slim(nn.Module):
    """Convolution without bias, x 0.5, ReLU."""

    def __init__(self, channels, outputs, kernel, stride=1, dilation=1):
        super().__init__()
        self.convolution = convolution(channels, outputs, kernel, stride, dilation)

    def forward(self, x):
        return F.relu_(self.convolution(x).mul_(HALF))


class Unit(nn.Module):
    def __init__(self, channels, width, stride, dilation):
        super().__init__()
        outer = width * expansion
        self.stride = stride
        self.shortcut = convolution(channels, outer, 1, stride, bias=True) if channels != outer else None
        self.conv1 = Slim(channels, width, 1)
        self.conv2 = Slim(width, width, 3, stride, dilation)
        self.conv3 = convolution(width, outer, 1, bias=True)

    def forward(self, x):
        before = x * HALF
        shortcut = self.shortcut(before) if self.shortcut is not None else x if self.stride == 1 else F.max_pool2d(x, 1, self.stride)
        inner = self.conv1(before)
        return inner, self.conv3(self.conv2(inner)) + shortcut


class Pyramid(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branches = nn.ModuleList([Slim(channels, PYRAMID, 1)] + [Slim(channels, PYRAMID, 3, dilation=d) for d in (12, 24, 36)])
        self.image = Slim(channels, PYRAMID, 1)
        self.join = Slim(PYRAMID * 5, PYRAMID, 1)

    def forward(self, x):
        image = F.interpolate(self.image(x.mean((2, 3), keepdim=True)), size=x.shape[2:], mode="bilinear", align_corners=False)
        return self.join(torch.cat([*(branch(x) for branch in self.branches), image], 1))


class DeepLabv3Plus(nn.Module):
    def __init__(self, channels=16, classes=3, output_stride=8):
        super().__init__()
        self.root = nn.Sequential(convolution(channels, 64, 7, 2, bias=True), nn.MaxPool2d(3, 2, 1))
        self.units = nn.ModuleList()
        width_in, reached, dilation = 64, 4, 1
        for block, (width, count) in enumerate(resnet50_stages):
            for unit in range(count):
                strides = unit == count - 1 and block < len(resnet50_stages) - 1
                stride = 2 if strides and reached < output_stride else 1
                self.units.append(Unit(width_in, width, stride, dilation))
                width_in = width * expansion
                dilation *= 2 if strides and stride == 1 else 1
                reached *= stride
        self.low_unit = resnet50_stages[0][1] - 1
        self.pyramid = Pyramid(width_in)
        self.low = Slim(resnet50_stages[0][0], 48, 1)
        self.deconv1 = doubling(PYRAMID, 256, bias=True)
        self.decoder = nn.Sequential(Slim(256 + 48, 256, 3), Slim(256, 256, 3), doubling(256, 256, bias=True), doubling(256, 256, bias=True))
        self.image = nn.Sequential(convolution(channels, 64, 3, bias=True), convolution(64, 128, 3, bias=True))
        self.full = nn.Sequential(convolution(256 + 128, 256, 3, bias=True), convolution(256, 256, 3, bias=True), convolution(256, classes, 1, bias=True))

    def forward(self, image):
        x = self.root(image)
        low = x
        for index, unit in enumerate(self.units):
            inner, x = unit(x)
            if index == self.low_unit:
                low = inner
        x = self.decoder(torch.cat([self.deconv1(self.pyramid(x)), self.low(low)], 1))
        return self.full(torch.cat([x, self.image(image)], 1))
