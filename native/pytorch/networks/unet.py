"""A U-Net (Ronneberger et al. 2015) with padded convolutions and batch normalisation, layer for layer that of model/workload/unet.ts."""
import torch
from torch import nn

from .blocks import convolution, normalised


def level(channels, width):
    return nn.Sequential(normalised(convolution(channels, width, 3)), normalised(convolution(width, width, 3)))


class Up(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.wider = nn.ConvTranspose2d(channels, width, 2, stride=2)
        self.level = level(2 * width, width)

    def forward(self, x, skip):
        return self.level(torch.cat([self.wider(x), skip], 1))


class UNet(nn.Module):
    def __init__(self, channels=16, height=64, width=64, classes=3, first_filters=32, depth=3):
        super().__init__()
        widths = [first_filters * 2**step for step in range(depth)]
        self.down = nn.ModuleList([level(before, wide) for before, wide in zip([channels, *widths], widths)])
        self.halve = nn.MaxPool2d(2)
        self.bottom = level(widths[-1], 2 * widths[-1])
        self.up = nn.ModuleList([Up(2 * wide, wide) for wide in reversed(widths)])
        self.head = nn.Conv2d(first_filters, classes, 1)

    def forward(self, x):
        skips = []
        for down in self.down:
            x = down(x)
            skips.append(x)
            x = self.halve(x)
        x = self.bottom(x)
        for up in self.up:
            x = up(x, skips.pop())
        return self.head(x)
