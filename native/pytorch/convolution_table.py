"""
Times single convolutions: forward, data gradient and weight gradient each on its own, and memory traffic and launches beside them.
The output is what `cli/fit-torch-convolution.ts` fits a device to. The library chooses its algorithm by trying (cuDNN benchmark).
Inputs rotate among buffers that together are several times the last-level cache, so that memory is read as in a network.
Results are compared with double precision on their first sample, weight gradients on the whole batch, where that reference is cheap.
"""
import argparse
import time

import torch

import convolution_shapes
from measure import Report, describe_host, repeat_call, summarise, synchronise, time_calls

# Element type, memory format, and whether FP32 products may run as TF32. Plain FP32 keeps channels first, as PyTorch does unasked.
PRECISIONS = {
    "fp16": (torch.float16, torch.channels_last, False),
    "bf16": (torch.bfloat16, torch.channels_last, False),
    "tf32": (torch.float32, torch.channels_last, True),
    "fp32": (torch.float32, torch.contiguous_format, False),
}
PASSES = ("forward", "data-gradient", "weight-gradient")
CACHES_COVERED = 4
MOST_SETS = 32
REFERENCE_FLOP_MOST = 5e9
# Inputs with this few channels are samples: no network needs their gradient.
SAMPLE_CHANNELS = 4


def make_inputs(shape, precision, device, sets):
    kind, layout, _ = PRECISIONS[precision]
    weight_size = (shape.out_channels, shape.in_channels // shape.groups, *shape.kernel)
    scale = (weight_size[1] * shape.kernel[0] * shape.kernel[1]) ** -0.5

    def draw(*size, factor=1.0):
        return (torch.randn(size, device=device) * factor).to(kind).contiguous(memory_format=layout)

    return [
        (draw(shape.batch, shape.in_channels, *shape.size), draw(*weight_size, factor=scale), draw(shape.batch, shape.out_channels, *shape.out_size))
        for _ in range(sets)
    ]


def run_pass(name, shape, inputs):
    image, weight, gradient = inputs
    stride, padding, dilation = [shape.stride] * 2, list(shape.padding), [shape.dilation] * 2
    if name == "forward":
        return torch.ops.aten.convolution(image, weight, None, stride, padding, dilation, False, [0, 0], shape.groups)
    wanted = [name == "data-gradient", name == "weight-gradient", False]
    results = torch.ops.aten.convolution_backward(gradient, image, weight, None, stride, padding, dilation, False, [0, 0], shape.groups, wanted)
    return results[0] if wanted[0] else results[1]


def find_error(name, shape, inputs, result):
    """Relative error in the norm against double precision, or None where the reference would take too long."""
    single = shape._replace(batch=1)
    if name == "weight-gradient":
        single = shape
    if single.flop > REFERENCE_FLOP_MOST:
        return None
    image, weight, gradient = (tensor.double().contiguous() for tensor in inputs)
    got = result.double()
    if single is not shape:
        image, gradient, got = image[:1], gradient[:1], got[:1]
    with torch.backends.cudnn.flags(enabled=False, allow_tf32=False):
        reference = run_pass(name, single, (image, weight, gradient))
    return float((got - reference).norm() / reference.norm())


def measure_shape(shape, precision, device, cache_bytes, report, checks):
    kind, _, tf32 = PRECISIONS[precision]
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cuda.matmul.allow_tf32 = tf32
    element = torch.empty(0, dtype=kind).element_size()
    positions = [shape.batch * extent[0] * extent[1] for extent in (shape.size, shape.out_size)]
    set_bytes = element * (positions[0] * shape.in_channels + positions[1] * shape.out_channels)
    sets = int(max(1, min(MOST_SETS, -(-CACHES_COVERED * cache_bytes // set_bytes))))
    inputs = make_inputs(shape, precision, device, sets)
    for name in PASSES:
        if name == "data-gradient" and shape.in_channels <= SAMPLE_CHANNELS:
            continue
        error = find_error(name, shape, inputs[0], run_pass(name, shape, inputs[0])) if checks else None
        times = repeat_call(lambda index, name=name: lambda: run_pass(name, shape, inputs[index % sets]), device)
        report.write(
            {
                "kind": "convolution", "pass": name, "precision": precision, "group": shape.group, "batch": shape.batch,
                "inChannels": shape.in_channels, "outChannels": shape.out_channels, "inSize": list(shape.size), "outSize": list(shape.out_size),
                "kernel": list(shape.kernel), "stride": shape.stride, "dilation": shape.dilation, "groups": shape.groups, "sets": sets,
                "time_s": times, **({} if error is None else {"error": error}),
            }
        )


def measure_memory(device, report, elements):
    """Large element-wise kernels; bytes count every element read and written once."""
    for precision in ("fp16", "fp32"):
        kind = PRECISIONS[precision][0]
        first, second, out = (torch.randn(elements, device=device).to(kind) for _ in range(3))
        operations = {
            "copy": (2, lambda: out.copy_(first)),
            "relu": (2, lambda: torch.clamp_min(first, 0, out=out)),
            "add": (3, lambda: torch.add(first, second, out=out)),
        }
        for name, (transfers, call) in operations.items():
            times = repeat_call(lambda _, call=call: call, device, least_calls=10)
            report.write({"kind": "memory", "operation": name, "precision": precision, "bytes": transfers * elements * first.element_size(), "time_s": times})


# Dense layers as matrix products, (m, n, k): out channels, samples, in channels. Not fitted; they say how far the constants carry.
PRODUCTS = [(1024, 256, 1024), (4096, 64, 4096), (4096, 512, 1024), (2048, 2048, 2048), (8192, 1024, 2048), (5120, 2560, 5120), (8192, 8192, 8192), (3072, 16384, 768), (1000, 256, 2048)]


def measure_products(precision, device, cache_bytes, report, products):
    """Weights rotate as in measure_shape; the result is x times the transposed weights, as a dense layer computes it."""
    kind, _, tf32 = PRECISIONS[precision]
    torch.backends.cuda.matmul.allow_tf32 = tf32
    for m, n, k in products:
        element = torch.empty(0, dtype=kind).element_size()
        sets = int(max(1, min(MOST_SETS, -(-CACHES_COVERED * cache_bytes // (element * (m * k + n * k + m * n))))))
        weights = [torch.randn(m, k, device=device).to(kind) for _ in range(sets)]
        samples = [torch.randn(n, k, device=device).to(kind) for _ in range(sets)]
        times = repeat_call(lambda index: lambda: torch.matmul(samples[index % sets], weights[index % sets].t()), device)
        report.write({"kind": "product", "precision": precision, "m": m, "n": n, "k": k, "time_s": times})


def measure_launches(device, report, count=1000):
    """Host time per small kernel when the host leads, and device time per kernel when a graph holds them all."""
    small = torch.zeros(1024, device=device)

    def chain():
        for _ in range(count):
            small.add_(1.0)

    chain()
    eager = []
    for _ in range(5):
        synchronise(device)
        start = time.perf_counter()
        chain()
        synchronise(device)
        eager.append((time.perf_counter() - start) / count)
    report.write({"kind": "launch", "mode": "eager", "kernels": count, "time_s": summarise(eager)})
    if device.type == "cuda":
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            chain()
        times = [elapsed / count for elapsed in time_calls([graph.replay] * 6, device)[1:]]
        report.write({"kind": "launch", "mode": "graph", "kernels": count, "time_s": summarise(times)})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="file of JSON lines to write")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--precisions", default="fp16,fp32,tf32")
    parser.add_argument("--tiny", action="store_true", help="a few small shapes, to see that all works")
    parser.add_argument("--budget-s", type=float, default=1e9, help="stop after this many seconds and say what was not reached")
    parser.add_argument("--no-check", action="store_true")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    end = time.monotonic() + arguments.budget_s
    flags = " ".join(f"--{name}" for name in ("tiny", "no_check") if getattr(arguments, name)).replace("_", "-")
    report = Report(arguments.out, describe_host(device, f"convolution_table.py --precisions {arguments.precisions} {flags}".strip()))
    cache_bytes = torch.cuda.get_device_properties(device).L2_cache_size if device.type == "cuda" else 2**20

    measure_memory(device, report, 2**16 if arguments.tiny else 2**30)
    measure_launches(device, report, 20 if arguments.tiny else 1000)
    shapes = convolution_shapes.list_tiny() if arguments.tiny else convolution_shapes.list_spread() + convolution_shapes.list_deepbench()
    for precision in arguments.precisions.split(","):
        measure_products(precision, device, cache_bytes, report, [(16, 8, 32)] if arguments.tiny else PRODUCTS)
        for index, shape in enumerate(shapes):
            if time.monotonic() > end:
                report.write({"kind": "not-reached", "precision": precision, "shapes": len(shapes) - index})
                break
            try:
                measure_shape(shape, precision, device, cache_bytes, report, not arguments.no_check)
            except RuntimeError as failure:
                report.write({"kind": "failed", "precision": precision, "shape": list(shape), "reason": str(failure).splitlines()[0][:200]})
    print(f"{report.count} lines written")


if __name__ == "__main__":
    main()
