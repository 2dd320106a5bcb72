"""
One rank of a data-parallel training run on CPUs with Gloo: one thread, SGD with momentum (or Adam), synthetic tasks that can be learnt.
Rank 0 prints one JSON line: host, settings, times of the steps after warm-up, loss. The interface is named by GLOO_SOCKET_IFNAME, as for any Gloo program.
Exit 2: wrong arguments; 3: a loss that is no number, or gradients that are not those of one process on the union batch (--check).
"""
import argparse
import copy
import datetime
import gc
import json
import math
import os
import statistics
import sys
import time

from host import set_up

WARM_UP_LEAST = 3
TIMED_LEAST = 5


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", required=True)
    parser.add_argument("--options", type=json.loads, default={}, help="sizes as in a workload document, JSON")
    parser.add_argument("--batch", type=int, required=True, help="samples of a rank in one forward and backward pass")
    parser.add_argument("--bucket-bytes", type=int, default=25 * 2**20)
    parser.add_argument("--scheme", default="ddp", choices=("ddp", "per-tensor", "none"))
    parser.add_argument("--accumulation", type=int, default=1, help="passes of a step")
    parser.add_argument("--steps", type=int, default=1000, help="the most that are timed")
    parser.add_argument("--seconds", type=float, default=12.0, help="about how long steps are timed")
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--loader", default="none", choices=("none", "decode", "decode-cold"))
    parser.add_argument("--data-folder", help="what make_samples.py wrote")
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--world", type=int, default=1)
    parser.add_argument("--cpu", type=int, help="core that the rank keeps to")
    parser.add_argument("--init", help="file:// or tcp:// address at which ranks meet")
    parser.add_argument("--optimizer", default="sgd-momentum", choices=("sgd-momentum", "adam"))
    parser.add_argument("--phases", action="store_true", help="times the parts of a step too")
    parser.add_argument("--check", action="store_true", help="compares one step's gradients with a single process")
    arguments = parser.parse_args()
    for name in ("batch", "bucket_bytes", "accumulation", "steps", "world"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1")
    if arguments.warm_up < WARM_UP_LEAST:
        parser.error(f"--warm-up must be at least {WARM_UP_LEAST}: the first steps allocate memory and build buckets anew")
    if not 0 <= arguments.rank < arguments.world:
        parser.error(f"--rank {arguments.rank} is not one of {arguments.world}")
    if arguments.cpu is not None and arguments.cpu not in os.sched_getaffinity(0):
        parser.error(f"--cpu {arguments.cpu} is not one of {sorted(os.sched_getaffinity(0))}")
    if arguments.init is None and arguments.world > 1:
        parser.error("--init is needed with more than one rank")
    if arguments.scheme != "none" and arguments.init is None:
        parser.error(f"--scheme {arguments.scheme} needs --init; a rank alone takes --scheme none")
    return parser, arguments


parser, arguments = parse_arguments()
set_up(arguments.cpu)

import torch
import torch.distributed as dist
import torch.nn.functional as F

from gradient_check import check
from host import describe, set_up_torch
from networks.families import build, families, fill_options
from samples import make_loader
from schemes import Scheme

LEARNING_RATES = {"small-resnet": 0.02, "unet": 0.02, "gpt": 0.05, "mlp": 0.01}


def loss_of(logits, label):
    if logits.dim() == 3:
        logits, label = logits.flatten(0, 1), label.flatten()
    return F.cross_entropy(logits, label)


class Clock:
    """Time since it was last asked, by the name of the phase that ended."""

    def __init__(self):
        self.steps = []

    def begin(self):
        self.steps.append(dict.fromkeys(("input", "forward", "backward", "reduce", "optimizer"), 0.0))
        self.last = time.perf_counter()

    def end(self, phase):
        now = time.perf_counter()
        self.steps[-1][phase] += now - self.last
        self.last = now


class NoClock:
    def begin(self):
        pass

    def end(self, phase):
        pass


def run_step(scheme, optimizer, loader, accumulation, clock):
    """One step up to its update; gives the loss of its last pass."""
    clock.begin()
    for turn in range(accumulation):
        sample, label = loader.next()
        clock.end("input")
        with scheme.hold(turn == accumulation - 1):
            loss = loss_of(scheme.model(sample), label)
            clock.end("forward")
            (loss / accumulation if accumulation > 1 else loss).backward()
            clock.end("backward")
    scheme.reduce()
    clock.end("reduce")
    if optimizer:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        clock.end("optimizer")
    return loss.detach()


def make_optimizer(module):
    if arguments.optimizer == "adam":
        return torch.optim.Adam(module.parameters(), lr=1e-3, foreach=False)
    return torch.optim.SGD(module.parameters(), lr=LEARNING_RATES[arguments.network], momentum=0.9, foreach=False)


def run_check(module, scheme, loader):
    """The step takes its batches from a list, so that the reference can take the same."""
    reference = copy.deepcopy(module)
    batches = [loader.next() for _ in range(arguments.accumulation)]
    rest = iter(batches)
    loader.next = lambda: next(rest)
    run_step(scheme, None, loader, arguments.accumulation, NoClock())
    return check(module, reference, batches, loss_of, arguments.world)


def time_steps(scheme, optimizer, loader):
    """Seconds and losses of the timed steps. Rank 0 decides how many there are, from its last warm-up steps."""
    clock = Clock() if arguments.phases else NoClock()
    times, losses = [], []

    def step():
        loader.begin_step(arguments.batch * arguments.accumulation)
        start = time.perf_counter()
        loss = run_step(scheme, optimizer, loader, arguments.accumulation, clock)
        times.append(time.perf_counter() - start)
        losses.append(float(loss))

    for _ in range(arguments.warm_up):
        step()
    count = torch.tensor([min(arguments.steps, max(TIMED_LEAST, math.ceil(arguments.seconds / min(times[1:]))))])
    if arguments.world > 1:
        dist.broadcast(count, 0)
    # Objects that live as long as the run are not looked through again.
    gc.collect()
    gc.freeze()
    for _ in range(int(count)):
        step()
    return times[arguments.warm_up :], losses, clock.steps[arguments.warm_up :] if arguments.phases else None


def summarise(times):
    ordered = sorted(times)
    quantile = lambda share: ordered[round(share * (len(ordered) - 1))]
    return {"median": statistics.median(ordered), "p10": quantile(0.1), "p90": quantile(0.9), "min": ordered[0], "max": ordered[-1], "mean": statistics.fmean(ordered), "n": len(ordered)}


def gather(value):
    if arguments.world == 1:
        return [value]
    every = [None] * arguments.world
    dist.all_gather_object(every, value)
    return every


def settings():
    kept = ("network", "batch", "bucket_bytes", "scheme", "accumulation", "loader", "world", "optimizer", "warm_up", "seconds", "steps")
    names = {"bucket_bytes": "bucketBytes", "warm_up": "warmUp", "world": "ranks"}
    return {names.get(name, name): getattr(arguments, name) for name in kept} | {"options": fill_options(arguments.network, arguments.options)}


def main():
    if arguments.network not in families:
        parser.error(f"--network {arguments.network} is none of {', '.join(families)}")
    try:
        fill_options(arguments.network, arguments.options)
        loader = make_loader(arguments.loader, arguments.data_folder, arguments.network, arguments.options, arguments.batch, arguments.rank, arguments.world)
    except (ValueError, OSError) as problem:
        parser.error(str(problem))
    set_up_torch(torch)
    torch.manual_seed(1)
    if arguments.init:
        dist.init_process_group("gloo", init_method=arguments.init, rank=arguments.rank, world_size=arguments.world, timeout=datetime.timedelta(seconds=120))
    module = build(arguments.network, arguments.options).train()
    scheme = Scheme(module, arguments.scheme, arguments.world, arguments.bucket_bytes)
    record = {"kind": "training-run", "settings": settings(), "parameters": sum(tensor.numel() for tensor in module.parameters()), "gradientTensors": len(list(module.parameters()))}
    if arguments.check:
        record["check"] = run_check(module, scheme, loader)
        failure = None if record["check"]["equal"] else "gradients differ from those of a single process"
    else:
        times, losses, phases = time_steps(scheme, make_optimizer(module), loader)
        record |= {
            "step_s": summarise(times),
            "rankMedians_s": gather(statistics.median(times)),
            "loss": {"first": losses[0], "last": losses[-1]},
            "buckets_bytes": scheme.bucket_bytes(),
        }
        if phases:
            record["phases_s"] = {name: statistics.median(step[name] for step in phases) for name in phases[0]}
        failure = None if all(map(math.isfinite, losses)) else "a loss is not a finite number"
    record["host"] = describe(torch)
    if arguments.rank == 0:
        print(json.dumps(record, allow_nan=failure is not None), flush=True)
    if failure:
        print(failure, file=sys.stderr, flush=True)
    if arguments.init:
        dist.barrier()
    # Taking the process group down can wait forever: its threads want the interpreter that the one who joins them holds (seen with PyTorch 1.13).
    os._exit(3 if failure else 0)


if __name__ == "__main__":
    main()
