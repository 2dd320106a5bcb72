"""Pieces that several networks use. Padding keeps ceil(size / stride); a doubling convolution gives exactly twice the size."""
from torch import nn


def convolution(channels_in, channels_out, kernel, stride=1, dilation=1, groups=1, bias=False):
    return nn.Conv2d(channels_in, channels_out, kernel, stride, padding=dilation * (kernel // 2), dilation=dilation, groups=groups, bias=bias)


def doubling(channels_in, channels_out, bias=False):
    return nn.ConvTranspose2d(channels_in, channels_out, 3, stride=2, padding=1, output_padding=1, bias=bias)


def normalised(*convolutions):
    """Convolutions, then batch normalisation and ReLU."""
    return nn.Sequential(*convolutions, nn.BatchNorm2d(convolutions[-1].out_channels), nn.ReLU(inplace=True))


# Width and number of the units of ResNet-50's stages; the output of a unit is four times as wide.
resnet50_stages = ((64, 3), (128, 4), (256, 6), (512, 3))
expansion = 4
