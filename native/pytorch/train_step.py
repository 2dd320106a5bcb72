"""
Times whole training steps (forward, loss, backward, optimizer) of the networks of model/workload on one device, with data made on the device.
Nothing here is for fitting: predictions are compared with these times. Before a network is timed its parameters, gradient tensors and
operations are held against the layer lists. FP16 is automatic mixed precision, channels last, with a constant loss scale; FP32 keeps channels first.
`--profile` adds where the device time of a step goes, by operator.
"""
import argparse
import contextlib
import time

import torch
from torch import nn
from torch.nn import functional as F

from measure import ClockWatch, Report, describe_host, summarise, synchronise
from networks import networks

PRECISIONS = {
    "fp16": (torch.float16, torch.channels_last, False),
    "bf16": (torch.bfloat16, torch.channels_last, False),
    "tf32": (None, torch.channels_last, True),
    "fp32": (None, torch.contiguous_format, False),
}
LOSS_SCALE = 1024.0
BATCHES = {
    "resnet50-imagenet": (32, 128, 256),
    "deeplabv3plus-climate-2018": (1, 2, 4),
    "tiramisu-climate-2018": (1, 2, 4),
    "deepcam-mlperf-hpc": (1, 2, 8),
}


class Step:
    """One network with its optimizer and data; calling it runs a training step."""

    def __init__(self, network, precision, batch, size, device, capturable):
        self.autocast_type, layout, tf32 = PRECISIONS[precision]
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
        self.device = device
        self.capturable = capturable
        self.model = network.build().to(device=device, memory_format=layout).train()
        self.scale = LOSS_SCALE if self.autocast_type is torch.float16 else 1.0
        # The scale would have to be taken out of the gradients before SGD: a rate that holds its inverse does the same work less.
        if network.optimizer == "sgd":
            self.optimizer = torch.optim.SGD(self.model.parameters(), lr=1e-3 / self.scale, momentum=0.9)
        else:
            self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-5, capturable=capturable)
        self.image = torch.randn(batch, network.channels, *size, device=device).contiguous(memory_format=layout)
        label_size = (batch, *size) if network.dense_labels else (batch,)
        self.label = torch.randint(network.classes, label_size, device=device)
        self.loss = torch.zeros((), device=device)

    def __call__(self):
        self.optimizer.zero_grad(set_to_none=True)
        autocast = contextlib.nullcontext()
        if self.autocast_type:
            # A captured step must not keep casts from outside the capture.
            autocast = torch.autocast(self.device.type, self.autocast_type, cache_enabled=not self.capturable)
        with autocast:
            loss = F.cross_entropy(self.model(self.image), self.label)
        (loss * self.scale).backward()
        self.optimizer.step()
        self.loss = loss.detach()


def check_counts(name, network):
    """Holds a network against its layer list on shapes alone: every tap of every position is one weight's multiply-add, in each pass that is needed."""
    with torch.device("meta"):
        model = network.build()
        sample = torch.empty(1, network.channels, *network.size)
        label = torch.empty((1, *network.size) if network.dense_labels else (1,), dtype=torch.long)
    parameters = list(model.parameters())
    flop = 0

    def count(module, inputs, output):
        nonlocal flop
        positions = output if not isinstance(module, nn.ConvTranspose2d) else inputs[0]
        passes = 3 if inputs[0].requires_grad else 2
        flop += passes * 2 * positions[0, 0].numel() * module.weight.numel()

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            module.register_forward_hook(count)
    F.cross_entropy(model(sample), label).backward()
    got = (sum(tensor.numel() for tensor in parameters), len(parameters))
    wanted = network.counts
    if got != (wanted.parameters, wanted.tensors) or abs(flop / wanted.trained_flop - 1) > 0.002:
        raise SystemExit(f"{name}: {got[0]} parameters, {got[1]} tensors, {flop / 1e12:.5f} TF; the layer list has {wanted}")
    return flop


def capture(step):
    """Records a step once, after warm-up on a stream of its own, and gives the call that replays it."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def time_steps(run, device, steps):
    """Seconds from the end of one step to the end of the next, with the host running ahead as in a training loop."""
    if device.type != "cuda":
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        return times
    events = [torch.cuda.Event(enable_timing=True) for _ in range(steps + 1)]
    events[0].record()
    for event in events[1:]:
        run()
        event.record()
    synchronise(device)
    return [first.elapsed_time(second) / 1000 for first, second in zip(events, events[1:])]


def profile_step(step, device, most=25):
    """Device seconds of one step by operator, largest first, and the number of operator calls."""
    kinds = [torch.profiler.ProfilerActivity.CPU] + ([torch.profiler.ProfilerActivity.CUDA] if device.type == "cuda" else [])
    with torch.profiler.profile(activities=kinds) as profile:
        step()
        synchronise(device)
    key = "self_device_time_total" if device.type == "cuda" else "self_cpu_time_total"
    rows = sorted(((getattr(row, key) / 1e6, row.key, row.count) for row in profile.key_averages()), reverse=True)
    # Kernels appear once more under their own names, so only operators are kept.
    rows = [row for row in rows if row[0] > 0 and row[1].startswith("aten::")]
    return {"total_s": sum(row[0] for row in rows), "operators": [{"name": name, "time_s": time_s, "calls": calls} for time_s, name, calls in rows[:most]]}


def measure(name, precision, batch, mode, arguments, device, report):
    network = networks[name]
    size = tuple(arguments.size) if arguments.size else network.size
    record = {"kind": "step", "workload": name, "precision": precision, "samplesPerDevice": batch, "mode": mode, "optimizer": network.optimizer, "inSize": list(size)}
    try:
        step = Step(network, precision, batch, size, device, mode == "graph")
        run = capture(step) if mode == "graph" else step
        time_steps(run, device, arguments.warm_up)
        synchronise(device)
        with ClockWatch(device) as watch:
            times = time_steps(run, device, arguments.steps)
        loss = float(step.loss)
        record |= {"time_s": summarise(times), "loss": loss, "finite": loss == loss and abs(loss) != float("inf"), "clocks": watch.summary()}
        if device.type == "cuda":
            record["peakMemory_bytes"] = torch.cuda.max_memory_allocated()
        if arguments.profile and mode == "eager":
            record["profile"] = profile_step(step, device)
        report.write(record)
    except RuntimeError as failure:
        report.write({**record, "kind": "failed", "reason": str(failure).splitlines()[0][:200]})
    finally:
        step = run = None
        if device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="file of JSON lines to write")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--workloads", default=",".join(networks))
    parser.add_argument("--precisions", default="fp16,fp32")
    parser.add_argument("--modes", default="eager,graph")
    parser.add_argument("--batches", default="", help="instead of each workload's own, such as 1,2")
    parser.add_argument("--size", type=int, nargs=2, help="instead of each workload's own: for trying the program out")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--warm-up", type=int, default=8)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--budget-s", type=float, default=1e9)
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    end = time.monotonic() + arguments.budget_s
    report = Report(arguments.out, describe_host(device, f"train_step.py --precisions {arguments.precisions} --modes {arguments.modes} --steps {arguments.steps}"))
    names = arguments.workloads.split(",")
    for name in names:
        report.write({"kind": "network", "workload": name, "parameters": networks[name].counts.parameters, "trained_flop": check_counts(name, networks[name])})
    for name in names:
        for precision in arguments.precisions.split(","):
            for batch in [int(text) for text in arguments.batches.split(",") if text] or BATCHES[name]:
                for mode in arguments.modes.split(","):
                    if time.monotonic() > end:
                        report.write({"kind": "not-reached", "workload": name, "precision": precision, "samplesPerDevice": batch, "mode": mode})
                    else:
                        measure(name, precision, batch, mode, arguments, device, report)
    print(f"{report.count} lines written")


if __name__ == "__main__":
    main()
