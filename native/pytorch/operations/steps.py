"""
What a training step does beside its layers: updates of parameters, copies into and out of gradient buckets, the frame of a step, decoding a sample.
"""
import os
import tempfile

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from networks.families import fill_options
from samples import read_sample, sample_path, write_samples
from tasks import STORED_SCALE, make_sample

from .products import PRECISION
from .timing import Case, Work, compare

# Tensors of a size are updated together until they hold this many elements, as an optimizer goes from tensor to tensor.
GROUP_ELEMENTS = 2**20
GROUP_MOST = 16
SAMPLES_DECODED = 6


def list_updates(sizes, optimizers=("sgd-momentum", "adam")):
    return [
        Case({"operation": name, "pass": "update", **PRECISION, "elements": elements}, lambda name=name, elements=elements: make_update(name, elements), bytes=(20 if name == "sgd-momentum" else 28) * elements, tensor_bytes=12 * elements * group_of(elements))
        for name in optimizers
        for elements in sizes
    ]


def group_of(elements):
    return max(1, min(GROUP_MOST, GROUP_ELEMENTS // elements))


def make_update(name, elements):
    count = group_of(elements)
    parameters = [nn.Parameter(torch.randn(elements)) for _ in range(count)]
    optimizer = torch.optim.Adam(parameters, lr=1e-3, foreach=False) if name == "adam" else torch.optim.SGD(parameters, lr=1e-3, momentum=0.9, foreach=False)
    for parameter in parameters:
        parameter.grad = torch.randn(elements)
    # The check is made on the first step of all: the first momentum is the gradient, Adam's first step the gradient's sign.
    wanted = []

    def fresh():
        if not wanted:
            start, gradient = parameters[0].detach().double(), parameters[0].grad.double()
            wanted.append(start - 1e-3 * (gradient if name == "sgd-momentum" else gradient / (gradient.abs() + 1e-8)))

    def run():
        optimizer.step()
        return parameters[0].detach().clone() if not optimizer.state[parameters[0]].get("checked") else None

    def check(got):
        compare(got, wanted[0], 1e-6)
        for state in optimizer.state.values():
            state["checked"] = True

    return Work(run, check, fresh, inner=count)


def list_bucket_copies(sizes):
    return [Case({"operation": "bucket-copy", "pass": "forward", **PRECISION, "elements": elements}, lambda elements=elements: make_bucket_copy(elements), bytes=8 * elements, tensor_bytes=8 * elements * group_of(elements)) for elements in sizes]


def make_bucket_copy(elements):
    """In with the division by the number of ranks just after the gradient was computed, out when the bucket has been summed: the mean of both."""
    count = group_of(elements)
    bucket = torch.empty(count * elements)
    views = [bucket[at * elements : (at + 1) * elements] for at in range(count)]
    gradients = [torch.randn(elements) for _ in range(count)]

    def run():
        for view, gradient in zip(views, gradients):
            torch.mul(gradient, 0.5, out=view)
        for view, gradient in zip(views, gradients):
            gradient.copy_(view)
        return gradients[0], views[0]

    def check(got):
        if not torch.equal(*got) or not bool(got[0].abs().sum() > 0):
            raise ArithmeticError("a bucket differs from its gradients")

    def fresh():
        for gradient in gradients:
            gradient.fill_(1.5)

    return Work(run, check, fresh, inner=2 * count)


def list_steps(tensor_counts):
    return [Case({"what": what, "tensors": tensors}, lambda what=what, tensors=tensors: make_step(what, tensors), "torch-step") for what in ("empty-step", "empty-ddp-step") for tensors in tensor_counts]


class Nothing(nn.Module):
    """As many parameters as asked, of one element, each of which gets a gradient."""

    def __init__(self, tensors):
        super().__init__()
        self.all = nn.ParameterList([nn.Parameter(torch.ones(1)) for _ in range(tensors)])

    def forward(self, x):
        return x + torch.cat(list(self.all)).sum()


def make_step(what, tensors):
    """Without updates, which have rows of their own: gradients are dropped before the optimizer looks for them."""
    model = Nothing(tensors).train()
    called = model
    if what == "empty-ddp-step":
        if not dist.is_initialized():
            folder = tempfile.mkdtemp()
            dist.init_process_group("gloo", init_method=f"file://{folder}/ranks", rank=0, world_size=1)
        called = DistributedDataParallel(model, broadcast_buffers=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, foreach=False)
    x, label = torch.ones(1, 2), torch.zeros(1, dtype=torch.int64)

    def run():
        loss = F.cross_entropy(called(x), label)
        loss.backward()
        optimizer.zero_grad(set_to_none=True)
        optimizer.step()
        return loss

    # Equal scores of two classes.
    return Work(run, lambda loss: compare(loss, torch.tensor(0.5).double().log().neg()), evicts=False)


def list_decoding(cases):
    """`cases`: network, options."""
    return [make_decoding_case(name, fill_options(name, options)) for name, options in cases]


def make_decoding_case(name, options):
    folder = tempfile.TemporaryDirectory()
    stored = write_samples(folder.name, name, options, SAMPLES_DECODED)
    keys = {"what": "decode", "bytes": round(sum(stored) / len(stored)), "network": name}

    def make(kept=folder):
        paths = [sample_path(kept.name, index) for index in range(SAMPLES_DECODED)]
        assert all(map(os.path.exists, paths))

        def run():
            return [read_sample(path, name, options, STORED_SCALE[name]) for path in paths]

        def check(got):
            for index, (sample, label) in enumerate(got):
                stored_sample, stored_label = make_sample(name, options, index, STORED_SCALE[name])
                if label.tolist() != stored_label.tolist():
                    raise ArithmeticError("a label was read wrong")
                mean = float(stored_sample.astype("float64").mean())
                want = (mean - 128) / 64 if name == "small-resnet" else mean
                if abs(float(sample.double().mean()) - want) > 1e-3 * max(1.0, abs(want)):
                    raise ArithmeticError("a sample was read wrong")

        return Work(run, check, inner=SAMPLES_DECODED)

    return Case(keys, make, "loader", bytes=keys["bytes"])
