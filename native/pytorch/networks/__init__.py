"""
The networks of model/workload as PyTorch modules, layer for layer: the same convolutions, the same parameters, the same point-wise work.
`Counts` are those of the layer lists; train_step.py refuses to time a network that does not have them.
"""
from typing import Callable, NamedTuple

from torch import nn

from .deepcam import DeepCam
from .deeplabv3plus import DeepLabv3Plus
from .resnet50 import ResNet50
from .tiramisu import Tiramisu


class Counts(NamedTuple):
    parameters: int
    tensors: int
    """Operations of a training step of one sample, 2 per multiply-add, without the gradient of the raw input."""
    trained_flop: float


class Network(NamedTuple):
    build: Callable[[], nn.Module]
    channels: int
    size: tuple[int, int]
    classes: int
    """Whether every position has a label, or every sample."""
    dense_labels: bool
    counts: Counts
    optimizer: str


climate = (768, 1152)
networks = {
    "resnet50-imagenet": Network(ResNet50, 3, (224, 224), 1000, False, Counts(25_557_032, 161, 0.0243e12), "sgd"),
    "deeplabv3plus-climate-2018": Network(DeepLabv3Plus, 16, climate, 3, True, Counts(43_669_251, 99, 12.99e12), "adam"),
    # Without the halving step that nothing reads: 70 tensors instead of 72.
    "tiramisu-climate-2018": Network(Tiramisu, 16, climate, 3, True, Counts(7_504_835, 70, 4.143e12), "adam"),
    "deepcam-mlperf-hpc": Network(DeepCam, 16, climate, 3, True, Counts(56_454_720, 301, 1.964e12), "adam"),
}
