"""
Prints a network's parameter tensors in the order in which PyTorch registers them, and the operations of its convolutions, dense layers and products of
activations in the order in which they run, as JSON. Shapes are read from a pass over one sample; nothing is taken from model/workload, which is held against this.
"""
import argparse
import json

from host import set_up

set_up()

from torch import nn

from networks.families import build, families, fill_options
from networks.gpt import Product
from samples import MemoryLoader

KINDS = {nn.Conv2d: "convolution", nn.ConvTranspose2d: "transposed-convolution", nn.Linear: "dense", Product: "batched-product"}


def count_flop(module, inputs, output):
    """Operations of the forward pass, 2 per multiply-add."""
    if isinstance(module, Product):
        return 2 * output.numel() * inputs[0].shape[-1]
    if isinstance(module, nn.ConvTranspose2d):
        return 2 * inputs[0].numel() * module.weight[0].numel()
    return 2 * output.numel() * module.weight[0].numel()


def describe(name, options):
    model = build(name, options)
    products, names = [], {module: path for path, module in model.named_modules()}

    def record(module, inputs, output):
        products.append({"name": names[module], "kind": KINDS[type(module)], "forward_flop": count_flop(module, inputs, output), "differentiatesInput": any(tensor.requires_grad for tensor in inputs)})

    for module in model.modules():
        if type(module) in KINDS:
            module.register_forward_hook(record)
    sample, _ = MemoryLoader(name, fill_options(name, options), 1, 0, 1, batches=1).next()
    model(sample)
    return {
        "network": name,
        "options": fill_options(name, options),
        "parameters": [{"name": path, "shape": list(tensor.shape)} for path, tensor in model.named_parameters()],
        "products": products,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", required=True, choices=sorted(families))
    parser.add_argument("--options", type=json.loads, action="append", help="sizes as in a workload document, JSON; again for another case; without it the published ones")
    arguments = parser.parse_args()
    cases = [describe(arguments.network, options) for options in arguments.options or [{}]]
    rows = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
    print(f"[\n{rows}\n]")


if __name__ == "__main__":
    main()
