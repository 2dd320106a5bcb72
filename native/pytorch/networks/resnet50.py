"""ResNet-50 v1.5: the stride lies in the 3 x 3 convolution, normalisation follows every convolution (He et al. 2016, table 1)."""
import torch
from torch import nn

from .blocks import convolution, expansion, normalised, resnet50_stages


class Unit(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        outer = width * expansion
        self.inner = nn.Sequential(
            normalised(convolution(channels, width, 1)),
            normalised(convolution(width, width, 3, stride)),
            convolution(width, outer, 1),
            nn.BatchNorm2d(outer),
        )
        projects = channels != outer or stride > 1
        self.shortcut = nn.Sequential(convolution(channels, outer, 1, stride), nn.BatchNorm2d(outer)) if projects else nn.Identity()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.inner(x).add_(self.shortcut(x)))


class ResNet50(nn.Module):
    def __init__(self, channels=3, classes=1000):
        super().__init__()
        self.root = nn.Sequential(normalised(convolution(channels, 64, 7, 2)), nn.MaxPool2d(3, 2, 1))
        units, channels = [], 64
        for stage, (width, count) in enumerate(resnet50_stages):
            for unit in range(count):
                units.append(Unit(channels, width, 2 if stage > 0 and unit == 0 else 1))
                channels = width * expansion
        self.units = nn.Sequential(*units)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        return self.classifier(torch.flatten(self.units(self.root(x)).mean((2, 3), keepdim=True), 1))
