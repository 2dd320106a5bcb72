"""Dense layers with ReLU between them, layer for layer that of model/workload/mlp.ts."""
from torch import nn


class Mlp(nn.Module):
    def __init__(self, inputs=1024, hidden=(2048, 2048, 2048), classes=1000):
        super().__init__()
        layers = []
        for before, after in zip([inputs, *hidden], hidden):
            layers += [nn.Linear(before, after), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers, nn.Linear(hidden[-1], classes))

    def forward(self, x):
        return self.layers(x)
