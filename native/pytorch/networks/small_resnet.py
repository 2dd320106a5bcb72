"""A small residual network of basic units (He et al. 2016, section 4.2), layer for layer that of model/workload/small-resnet.ts."""
from torch import nn

from .blocks import convolution, normalised


class Unit(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.inner = nn.Sequential(normalised(convolution(channels, width, 3, stride)), convolution(width, width, 3), nn.BatchNorm2d(width))
        projects = channels != width or stride > 1
        self.shortcut = nn.Sequential(convolution(channels, width, 1, stride), nn.BatchNorm2d(width)) if projects else nn.Identity()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.inner(x).add_(self.shortcut(x)))


class SmallResNet(nn.Module):
    def __init__(self, channels=3, height=32, width=32, classes=10, filters=(64, 128, 256), units=2):
        super().__init__()
        self.stem = normalised(convolution(channels, filters[0], 3))
        stages, before = [], filters[0]
        for stage, wide in enumerate(filters):
            for unit in range(units):
                stages.append(Unit(before, wide, 2 if stage > 0 and unit == 0 else 1))
                before = wide
        self.units = nn.Sequential(*stages)
        self.classifier = nn.Linear(before, classes)

    def forward(self, x):
        return self.classifier(self.units(self.stem(x)).mean((2, 3)))
