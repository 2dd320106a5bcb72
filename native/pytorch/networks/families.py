"""
The networks that train_rank.py trains, by the family they have in model/workload, with the same options under the same names.
"""
import re

from .gpt import Gpt
from .mlp import Mlp
from .small_resnet import SmallResNet
from .unet import UNet

families = {"small-resnet": SmallResNet, "unet": UNet, "gpt": Gpt, "mlp": Mlp}
published = {
    "small-resnet": {"channels": 3, "height": 32, "width": 32, "classes": 10, "filters": [64, 128, 256], "units": 2},
    "unet": {"channels": 16, "height": 64, "width": 64, "classes": 3, "firstFilters": 32, "depth": 3},
    "gpt": {"width": 256, "layers": 4, "heads": 4, "tokens": 128, "vocabulary": 2048},
    "mlp": {"inputs": 1024, "hidden": [2048, 2048, 2048], "classes": 1000},
}


def fill_options(name, options):
    """The published options with those given; an unknown name is a ValueError that names it."""
    unknown = sorted(set(options) - set(published[name]))
    if unknown:
        raise ValueError(f"{name} has no option {', '.join(unknown)}; it has {', '.join(published[name])}")
    return {**published[name], **options}


def build(name, options):
    snake = {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key): value for key, value in fill_options(name, options).items()}
    return families[name](**snake)
