"""
Tiramisu in its 2018 climate variant (model/workload/tiramisu.ts): dense blocks of 5 x 5 filters, halved by strided 1 x 1 convolutions,
doubled by transposed ones, dropout after every unit. Without the last halving step of the 2018 program, which nothing reads.
"""
import torch
from torch import nn

from .blocks import convolution, doubling

GROWTH = 32
DROPOUT = 0.2


def unit(channels, outputs, kernel, stride=1):
    return nn.Sequential(convolution(channels, outputs, kernel, stride, bias=True), nn.ReLU(inplace=True), nn.Dropout(DROPOUT))


class DenseBlock(nn.Module):
    def __init__(self, channels, units, kernel):
        super().__init__()
        self.units = nn.ModuleList(unit(channels + GROWTH * index, GROWTH, kernel) for index in range(units))
        self.outputs = channels + GROWTH * units

    def forward(self, x):
        added = []
        for layer in self.units:
            added.append(layer(x))
            x = torch.cat([x, added[-1]], 1)
        return x, added


class Tiramisu(nn.Module):
    def __init__(self, channels=16, classes=3, blocks=(2, 2, 2, 4, 5), kernel=5, first_filters=64):
        super().__init__()
        self.input = unit(channels, first_filters, kernel)
        self.down, self.narrow, self.widen, self.up = (nn.ModuleList() for _ in range(4))
        width, skips = first_filters, []
        for level, units in enumerate(blocks):
            self.down.append(DenseBlock(width, units, kernel))
            width = self.down[-1].outputs
            if level < len(blocks) - 1:
                skips.append(width)
                self.narrow.append(unit(width, width, 1, 2))
        for level in reversed(range(len(blocks) - 1)):
            fresh = GROWTH * blocks[level + 1]
            self.widen.append(doubling(fresh, fresh, bias=True))
            self.up.append(DenseBlock(fresh + skips[level], blocks[level], kernel))
            width = self.up[-1].outputs
        self.output = nn.Sequential(convolution(width, classes, 1, bias=True), nn.Dropout(DROPOUT))

    def forward(self, x):
        x = self.input(x)
        skips, added = [], []
        for level, block in enumerate(self.down):
            x, added = block(x)
            if level < len(self.narrow):
                skips.append(x)
                x = self.narrow[level](x)
        for widen, block in zip(self.widen, self.up):
            x, added = block(torch.cat([widen(torch.cat(added, 1)), skips.pop()], 1))
        return self.output(x)
