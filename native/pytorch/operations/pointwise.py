"""
Point-wise layers, forward with what autograd records and backward through it, by elements. Each is compared with a formula in double precision, and its
gradient with that of the formula. Channels, rows and widths are those that are usual for the kind: time is a matter of elements.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

from .products import PRECISION, copying
from .timing import Case, Work, compare

DROPPED = 0.2
HEADS = 4
KINDS = (
    "activation", "batch-normalisation", "add", "concatenate", "max-pool", "mean-pool", "resize", "softmax-loss", "dropout", "layer-normalisation", "gelu",
    "softmax", "scale", "embedding", "copy", "bias",
)


def image_of(elements, channels=64):
    """Near-square images of a batch of 4 with as many elements as asked, edges even."""
    channels = min(channels, max(4, elements // 256))
    edge = max(2, 2 * round(math.sqrt(elements / (4 * channels)) / 2))
    return (4, channels, edge, edge)


def rows_of(elements, columns):
    columns = min(columns, max(8, elements // 16))
    return (max(1, round(elements / columns)), columns)


def list_pointwise(kinds, sizes):
    cases = []
    for kind in kinds:
        for size in sizes:
            elements = make(kind, size)[3]
            for name in ("forward", "backward"):
                keys = {"operation": kind, "pass": name, **PRECISION, "elements": elements}
                cases.append(Case(keys, lambda kind=kind, size=size, name=name: make_pass(kind, size, name), bytes=8 * elements))
    return cases


def make(kind, size):
    """Module, sizes of its inputs, formula in double precision, elements that the row counts."""
    image = image_of(size)
    count = math.prod(image)
    if kind == "activation":
        return lambda x: F.relu(x, inplace=True), [image], lambda x: x.clamp_min(0), count
    if kind == "batch-normalisation":
        return nn.BatchNorm2d(image[1]), [image], lambda x: (x - x.mean((0, 2, 3), True)) / (x.var((0, 2, 3), False, keepdim=True) + 1e-5).sqrt(), count
    if kind == "add":
        return lambda x, y: x.add_(y), [image, image], lambda x, y: x + y, count
    if kind == "concatenate":
        half = (image[0], image[1] // 2, *image[2:])
        return lambda x, y: torch.cat([x, y], 1), [half, half], lambda x, y: torch.cat([x, y], 1), count
    if kind == "max-pool":
        return nn.MaxPool2d(2), [image], lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax((4, 5)), count
    if kind == "mean-pool":
        return lambda x: x.mean((2, 3)), [image], lambda x: x.sum((2, 3)) / (x.shape[2] * x.shape[3]), count
    if kind == "resize":
        small = (image[0], image[1], max(1, image[2] // 2), max(1, image[3] // 2))
        return lambda x: F.interpolate(x, image[2:], mode="bilinear", align_corners=False), [small], None, count
    if kind == "dropout":
        return nn.Dropout(DROPPED), [image], None, count
    if kind == "gelu":
        shape = rows_of(size, 1024)
        return nn.GELU(), [shape], lambda x: 0.5 * x * (1 + torch.erf(x / math.sqrt(2))), math.prod(shape)
    if kind == "layer-normalisation":
        shape = rows_of(size, 256)
        return nn.LayerNorm(shape[1]), [shape], lambda x: (x - x.mean(1, True)) / (x.var(1, False, keepdim=True) + 1e-5).sqrt(), math.prod(shape)
    if kind == "softmax":
        shape = rows_of(size, 128)
        return lambda x: torch.softmax(x, -1), [shape], lambda x: x.exp() / x.exp().sum(1, True), math.prod(shape)
    if kind == "scale":
        edge = 128 if size >= 2**14 else 16
        matrices = max(1, round(size / edge**2))
        mask = torch.full((edge, edge), -1.0).triu(1)
        return lambda x: torch.add(mask, x, alpha=0.125), [(matrices, edge, edge)], lambda x: mask.double() + x / 8, matrices * edge**2
    if kind == "softmax-loss":
        shape = rows_of(size, 1024)
        label = torch.arange(shape[0]) % shape[1]
        return lambda x: F.cross_entropy(x, label), [shape], lambda x: (x.exp().sum(1).log() - x[torch.arange(shape[0]), label]).mean(), math.prod(shape)
    if kind == "embedding":
        rows = max(1, round(size / 256))
        label = torch.arange(rows) * 7 % 2048
        return lambda x: F.embedding(label, x), [(2048, 256)], lambda x: x[label], rows * 256
    if kind == "copy":
        tokens = min(128, max(1, size // 256))
        batch = max(1, round(size / 256 / tokens))
        return split_heads, [(batch, tokens, 256)], lambda x: torch.stack(x.split(x.shape[2] // HEADS, 2), 1).flatten(0, 1), batch * tokens * 256
    if kind == "bias":
        return None, [], None, math.prod(rows_of(size, 1024))
    raise ValueError(f"{kind} is no point-wise kind")


def split_heads(x):
    batch, tokens, width = x.shape
    return x.view(batch, tokens, HEADS, width // HEADS).transpose(1, 2).contiguous().view(batch * HEADS, tokens, width // HEADS)


def make_pass(kind, size, name):
    if kind == "bias":
        return make_bias(rows_of(size, 1024), name)
    call, shapes, formula, _ = make(kind, size)
    leaves = [torch.randn(shape, requires_grad=True) for shape in shapes]
    parameters = list(call.parameters()) if isinstance(call, nn.Module) else []
    # A layer in place needs an input that is no leaf; what makes it passes gradients on as they are.
    in_place = kind in ("activation", "add")
    fed = []

    def feed():
        fed[:] = [leaf.clone() if in_place else leaf for leaf in leaves]

    def forward():
        feed()
        return call(*fed)

    def check_against(result, gradient=None):
        if formula is None:
            return check_unformulated(kind, leaves, result, gradient)
        doubles = [leaf.detach().double().requires_grad_() for leaf in leaves]
        want = formula(*doubles)
        if gradient is None:
            return compare(result, want)
        for got, right in zip(result, torch.autograd.grad(want, doubles, gradient.double())):
            # Single precision has equal neighbours, among which a pool chooses.
            compare(got, right, 1e-2)

    if name == "forward":
        writes = [copying(leaf) for leaf in leaves] if kind != "embedding" else []

        def fresh():
            if not in_place:
                for write in writes:
                    write()
            feed()

        return Work(lambda: call(*fed), check_against, fresh)
    out = forward()
    gradient = torch.randn_like(out) if out.dim() else torch.ones(())
    asked = (*leaves, *parameters)

    # Where paths meet again their common beginning has two readers, whose gradients are added up: a residual block's input, a skip.
    other = torch.randn_like(leaves[0]) if kind in ("add", "concatenate") else None

    def run():
        found = torch.autograd.grad(out, asked, gradient, retain_graph=True)
        if kind == "concatenate":
            # The part that goes on into a convolution is made contiguous there.
            found = (found[0].contiguous(), *found[1:])
        return found if other is None else (*found, torch.add(found[0], other))

    write = copying(gradient) if out.dim() else lambda: None
    return Work(run, lambda found: check_against(found[: len(leaves)], gradient), write, starts_engine=True)


def check_unformulated(kind, leaves, result, gradient):
    x = leaves[0].detach().double()
    if kind == "dropout":
        if gradient is None:
            kept = result.detach() != 0
            if abs(float(kept.double().mean()) - (1 - DROPPED)) > 5 / math.sqrt(kept.numel()):
                raise ArithmeticError("dropout keeps another share than it should")
            return compare(result, x * kept / (1 - DROPPED))
        kept = result[0] != 0
        return compare(result[0], gradient.double() * kept / (1 - DROPPED))
    # Twice as large: a corner is the pixel itself, and bilinear weights of a pixel sum to one.
    if gradient is None:
        return compare(result[:, :, 0, 0], x[:, :, 0, 0])
    return compare(result[0].double().sum((2, 3)), gradient.double().sum((2, 3)), 1e-3)


def make_bias(shape, name):
    """Forward: a dense layer writes its bias into every row before the product is added. Backward: the sum over rows."""
    rows, columns = shape
    if name == "backward":
        gradient = torch.randn(rows, columns)
        return Work(lambda: gradient.sum(0), lambda got: compare(got, gradient.double().sum(0)), copying(gradient))
    bias = torch.randn(columns)
    return Work(lambda: torch.empty(rows, columns).copy_(bias), lambda got: compare(got.sum(0), rows * bias.double()))
