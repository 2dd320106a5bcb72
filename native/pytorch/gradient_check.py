"""
Holds the gradients that ranks have after a step's sum against those of one process that saw the batches of all of them.
Batch statistics belong to a rank's batch, so the process takes one batch after the other and averages; without batch normalisation it takes their union.
"""
import copy

import torch
import torch.distributed as dist
from torch import nn

TOLERANCE = 1e-4


def reference_gradients(module, batches, loss_of):
    alone = copy.deepcopy(module)
    alone.zero_grad(set_to_none=True)
    if not any(isinstance(part, nn.BatchNorm2d) for part in alone.modules()):
        batches = [tuple(torch.cat(parts) for parts in zip(*batches))]
    for sample, label in batches:
        (loss_of(alone(sample), label) / len(batches)).backward()
    return [parameter.grad for parameter in alone.parameters()]


def compare(module, expected):
    """Largest difference of an element over the largest gradient of its tensor. Tensors whose gradient is nothing but rounding count against the whole."""
    most = max(float(gradient.abs().max()) for gradient in expected)
    worst, name_of_worst = 0.0, ""
    for (name, parameter), gradient in zip(module.named_parameters(), expected):
        scale = max(float(gradient.abs().max()), 1e-3 * most)
        error = float((parameter.grad - gradient).abs().max()) / scale
        if not error <= worst:
            worst, name_of_worst = error, name
    return worst, name_of_worst


def check(module, reference, batches_of_rank, loss_of, world):
    """`reference`: a copy of the module before the step. Every rank compares; the worst of all is what each returns."""
    if world > 1:
        gathered = [None] * world
        dist.all_gather_object(gathered, batches_of_rank)
    else:
        gathered = [batches_of_rank]
    expected = reference_gradients(reference, [batch for batches in gathered for batch in batches], loss_of)
    found = compare(module, expected)
    if world > 1:
        every = [None] * world
        dist.all_gather_object(every, found)
        found = max(every, key=lambda pair: (pair[0] != pair[0], pair[0]))
    return {"error": found[0], "tensor": found[1], "tolerance": TOLERANCE, "equal": found[0] <= TOLERANCE}
