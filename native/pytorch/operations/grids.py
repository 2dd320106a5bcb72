"""
Cases by mode. A full table has the layers of three of the networks at batches between those that are trained, and grids of shapes around them; the U-Net's
own layers are left out, so that its predictions are made from other shapes.
"""
from .pointwise import KINDS, list_pointwise
from .products import list_batched, list_convolutions, list_linear
from .steps import list_bucket_copies, list_decoding, list_steps, list_updates

MOST_FLOP = 5e9


def resnet_convolutions(batches):
    # channels in and out, edge of the image, kernel, stride
    layers = [
        (3, 64, 32, 3, 1), (64, 64, 32, 3, 1), (64, 128, 32, 3, 2), (128, 128, 16, 3, 1), (64, 128, 32, 1, 2), (128, 256, 16, 3, 2), (256, 256, 8, 3, 1), (128, 256, 16, 1, 2),
    ]
    return [(batch, a, b, edge, edge, kernel, stride, "small-resnet") for batch in batches for a, b, edge, kernel, stride in layers]


def spread_convolutions(batches, pairs, edges, kernel=3, stride=1, most_flop=MOST_FLOP):
    shapes = [(batch, a, b, edge, edge, kernel, stride) for a, b in pairs for edge in edges for batch in batches]
    return [shape for shape in shapes if 2 * shape[0] * (shape[3] // stride) ** 2 * kernel**2 * shape[1] * shape[2] <= most_flop]


def gpt_dense(batches, tokens=128):
    return [(batch * tokens, a, b, "gpt") for batch in batches for a, b in ((256, 256), (256, 1024), (1024, 256), (256, 2048))]


def mlp_dense(batches):
    return [(batch, a, b, "mlp") for batch in batches for a, b in ((1024, 2048), (2048, 2048), (2048, 1000))]


def gpt_products(batches, tokens=128, heads=4):
    return [(batch * heads, *sizes, "gpt") for batch in batches for sizes in ((tokens, 64, tokens), (tokens, tokens, 64))]


def spread(low, high, count):
    return sorted({round(low * (high / low) ** (at / (count - 1))) for at in range(count)})


def list_tiny():
    return [
        *list_convolutions([(2, 3, 16, 8, 8, 3, 1), (2, 16, 16, 8, 8, 3, 1), (2, 16, 32, 8, 8, 1, 2)]),
        *list_convolutions([(2, 32, 16, 8, 8, 2, 2), (2, 16, 16, 8, 8, 2, 2), (2, 16, 8, 4, 4, 2, 2)], True),
        *list_linear([(4, 64, 64), (16, 64, 128), (64, 128, 64)]),
        *list_batched([(2, 16, 8, 16), (4, 16, 16, 8), (8, 16, 8, 16)]),
        *list_pointwise(KINDS, spread(1e3, 1e4, 3)),
        *list_updates(spread(1e2, 1e4, 3)),
        *list_bucket_copies(spread(1e2, 1e4, 3)),
        *list_steps((4, 8, 16)),
        *list_decoding([("mlp", {"inputs": inputs}) for inputs in (64, 256, 1024)]),
    ]


def list_quick():
    return [
        *list_convolutions([*resnet_convolutions((8,)), *spread_convolutions((4,), [(16, 48), (48, 48), (96, 96)], (16, 64), most_flop=1e9)]),
        *list_convolutions(spread_convolutions((4,), [(64, 32), (192, 96)], (8, 32), 2, 2), True),
        *list_linear([*gpt_dense((4,)), *mlp_dense((16,)), (8, 256, 10, "small-resnet")]),
        *list_batched(gpt_products((2, 8))),
        *list_pointwise(KINDS, spread(1e3, 1e6, 3)),
        *list_updates(spread(64, 4e6, 4)),
        *list_bucket_copies(spread(64, 4e6, 4)),
        *list_steps((8, 64)),
        *list_decoding([("mlp", {}), ("small-resnet", {})]),
    ]


def list_full():
    batches = (2, 12, 24, 64)
    widths = [(3, 32), (16, 48), (48, 48), (48, 96), (96, 96), (96, 48), (96, 160), (160, 160), (160, 256), (256, 256), (256, 96), (256, 512), (512, 512)]
    return [
        *list_convolutions(resnet_convolutions(batches)),
        *list_convolutions(spread_convolutions((2, 12), widths, (8, 16, 32, 64))),
        *list_convolutions(spread_convolutions((2, 12), [(16, 48), (48, 96), (96, 192), (192, 384)], (16, 32, 64), 3, 2)),
        *list_convolutions(spread_convolutions((2, 12), [(16, 48), (48, 8), (32, 3), (96, 192), (192, 96), (512, 256)], (8, 64), 1, 1)),
        *list_convolutions(spread_convolutions((2, 12), [(32, 16), (48, 24), (96, 48), (192, 96), (256, 160), (320, 128)], (8, 16, 32), 2, 2), True),
        *list_linear([*gpt_dense(batches), *mlp_dense(batches), *((batch, 256, 10, "small-resnet") for batch in batches)]),
        *list_linear([(rows, a, b) for rows in (1, 8, 64, 512, 4096) for a, b in ((64, 64), (512, 512), (128, 1024), (1024, 128), (4096, 512))]),
        *list_batched([*gpt_products(batches), *((matrices, *sizes) for matrices in (4, 64) for sizes in ((64, 32, 64), (64, 64, 32), (256, 64, 256), (256, 256, 64)))]),
        *list_pointwise(KINDS, spread(1e3, 1e7, 9)),
        *list_updates(spread(16, 1e7, 12)),
        *list_bucket_copies(spread(16, 1e7, 12)),
        *list_steps((4, 16, 64, 256)),
        *list_decoding([
            ("gpt", {}), ("gpt", {"tokens": 512}), ("mlp", {}), ("mlp", {"inputs": 8192}), *(("small-resnet", {"height": edge, "width": edge}) for edge in (8, 16, 32, 64)),
            *(("unet", {"height": edge, "width": edge}) for edge in (32, 128)),
        ]),
    ]
