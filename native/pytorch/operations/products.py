"""
Convolutions, dense layers and batched products, each pass on its own. Passes back are called as the autograd engine calls them, without the engine.
Results are compared with double precision on a part: some channels, one sample.
"""
import torch
from torch import nn

from .timing import Case, Work, compare

PRECISION = {"precision": "fp32", "threads": 1}
# Samples themselves need no gradient.
SAMPLE_CHANNELS = 3


def copying(target):
    """Writes `target` as an operation before would, from data that are not in a cache."""
    source = torch.randn_like(target)
    return lambda: target.data.copy_(source)


def list_convolutions(shapes, transposed=False):
    return [case for shape in shapes for case in convolution_cases(*shape, transposed=transposed)]


def convolution_cases(batch, channels, outputs, height, width, kernel, stride, network=None, transposed=False):
    positions = batch * (height * width if transposed else -(-height // stride) * -(-width // stride))
    flop = 2 * positions * channels * outputs * kernel * kernel
    per_image = batch * height * width
    scaled = per_image * stride**2 if transposed else positions
    tensor_bytes = 4 * (per_image * channels + scaled * outputs + channels * outputs * kernel**2)
    cases = []
    for name in ("forward", "data-gradient", "weight-gradient"):
        if name == "data-gradient" and channels <= SAMPLE_CHANNELS:
            continue
        keys = {
            "operation": "transposed-convolution" if transposed else "convolution", "pass": name, **PRECISION, "batch": batch, "inChannels": channels,
            "outChannels": outputs, "height": height, "width": width, "kernel": kernel, "stride": stride, **({"network": network} if network else {}),
        }
        cases.append(Case(keys, lambda name=name: make_convolution(name, batch, channels, outputs, height, width, kernel, stride, transposed), flop=flop, tensor_bytes=tensor_bytes))
    return cases


def make_convolution(name, batch, channels, outputs, height, width, kernel, stride, transposed):
    padding = 0 if transposed else kernel // 2
    kind = nn.ConvTranspose2d if transposed else nn.Conv2d
    module = kind(channels, outputs, kernel, stride, padding, bias=False)
    weight = module.weight
    image = torch.randn(batch, channels, height, width, requires_grad=channels > SAMPLE_CHANNELS)
    settings = [[stride] * 2, [padding] * 2, [1, 1], transposed, [0, 0], 1]
    out_axis, in_axis = (1, 0) if transposed else (0, 1)

    def part(axis, tensor, count=2):
        return tensor.detach().double().narrow(axis, 0, min(count, tensor.shape[axis]))

    if name == "forward":
        def check(result):
            want = torch.ops.aten.convolution(part(0, image, 1), part(out_axis, weight), None, *settings)
            compare(result[:1, : want.shape[1]], want)

        return Work(lambda: module(image), check, copying(image))
    gradient = torch.randn_like(module(image).detach())
    plain_image, plain_weight = image.detach(), weight.detach()
    wanted = [name == "data-gradient", name == "weight-gradient", False]
    at = wanted.index(True)

    def back(gradient, image, weight):
        return torch.ops.aten.convolution_backward(gradient, image, weight, None, *settings, wanted)[at]

    def check(result):
        if at == 0:
            want = back(part(0, gradient, 1), part(1, part(0, image, 1)), part(in_axis, weight))
            compare(result[:1, : want.shape[1]], want)
        else:
            want = back(part(1, gradient), part(1, image), part(in_axis, part(out_axis, weight)))
            compare(result[: want.shape[0], : want.shape[1]], want)

    return Work(lambda: back(gradient, plain_image, plain_weight), check, copying(gradient))


def list_linear(shapes):
    cases = []
    for rows, inner, columns, *network in shapes:
        for name in ("forward", "data-gradient", "weight-gradient"):
            keys = {"operation": "linear", "pass": name, **PRECISION, "rows": rows, "inner": inner, "columns": columns, **({"network": network[0]} if network else {})}
            cases.append(Case(keys, lambda name=name, sizes=(rows, inner, columns): make_linear(name, *sizes), flop=2 * rows * inner * columns, tensor_bytes=4 * (rows * inner + inner * columns + rows * columns)))
    return cases


def make_linear(name, rows, inner, columns):
    module = nn.Linear(inner, columns, bias=False)
    x = torch.randn(rows, inner, requires_grad=True)
    plain, weight, gradient = x.detach(), module.weight.detach(), torch.randn(rows, columns)
    if name == "forward":
        return Work(lambda: module(x), lambda got: compare(got[:4], plain[:4].double() @ weight.double().t()), copying(x))
    if name == "data-gradient":
        return Work(lambda: torch.mm(gradient, weight), lambda got: compare(got[:4], gradient[:4].double() @ weight.double()), copying(gradient))
    return Work(lambda: torch.mm(gradient.t(), plain), lambda got: compare(got[:4], gradient.t()[:4].double() @ plain.double()), copying(gradient))


def list_batched(shapes):
    cases = []
    for matrices, rows, inner, columns, *network in shapes:
        for name in ("forward", "backward"):
            keys = {"operation": "batched-product", "pass": name, **PRECISION, "matrices": matrices, "rows": rows, "inner": inner, "columns": columns, **({"network": network[0]} if network else {})}
            flop = 2 * matrices * rows * inner * columns * (2 if name == "backward" else 1)
            cases.append(Case(keys, lambda name=name, sizes=(matrices, rows, inner, columns): make_batched(name, *sizes), flop=flop, tensor_bytes=4 * matrices * (rows * inner + inner * columns + rows * columns)))
    return cases


def make_batched(name, matrices, rows, inner, columns):
    first = torch.randn(matrices, rows, inner, requires_grad=True)
    # Products that widen are those of queries with keys, whose second factor is a transposed view.
    second = torch.randn(matrices, columns, inner, requires_grad=True) if columns > inner else torch.randn(matrices, inner, columns, requires_grad=True)
    right = second.transpose(1, 2) if columns > inner else second
    if name == "forward":
        return Work(lambda: torch.bmm(first, right), lambda got: compare(got[0], first[0].double() @ right[0].double()), copying(first))
    out = torch.bmm(first, right)
    gradient = torch.randn_like(out)

    def check(got):
        compare(got[0][0], gradient[0].double() @ right[0].double().t())
        want = first[0].double().t() @ gradient[0].double()
        compare(got[1][0], want.t() if columns > inner else want)

    return Work(lambda: torch.autograd.grad(out, (first, second), gradient, retain_graph=True), check, copying(gradient), starts_engine=True)
