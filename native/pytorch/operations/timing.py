"""
Times one operation in the state in which training finds it: caches hold other data except for the input, which an operation before has just written;
the code that dispatches operations is warm. Writes a row per case (benchmark, case, work, order statistics of the time).
"""
import dataclasses
import gc
import json
import resource
import time
import typing

import torch

CACHE_IF_UNKNOWN_BYTES = 32 * 2**20
# Stands for work that is lost beside the start of the engine, which is taken off.
LEAST_S = 5e-8
QUIET_PRESSURE = 10
QUIET_INTERRUPTED = 0.2


@dataclasses.dataclass
class Work:
    """`fresh` is run just before the clock starts, `run` is timed and its result kept until the next, `check` is given a result."""

    run: typing.Callable
    check: typing.Callable
    fresh: typing.Callable = lambda: None
    # Calls that one run makes of what the row is about.
    inner: int = 1
    # Whether a run starts the autograd engine, which a step does but once.
    starts_engine: bool = False
    evicts: bool = True


@dataclasses.dataclass
class Case:
    """`make` allocates: only one case is in memory at a time."""

    case: dict
    make: typing.Callable
    benchmark: str = "torch-operation"
    flop: float = 0
    bytes: float = 0
    # Bytes of its tensors; without it those that it moves.
    tensor_bytes: float = 0


def read_cache_bytes():
    """The last cache level of the first processor."""
    try:
        with open("/sys/devices/system/cpu/cpu0/cache/index3/size", encoding="ascii") as file:
            text = file.read().strip()
        return int(text[:-1]) * {"K": 2**10, "M": 2**20}[text[-1]]
    except (OSError, KeyError, ValueError):
        return CACHE_IF_UNKNOWN_BYTES


def read_pressure():
    try:
        with open("/proc/pressure/cpu", encoding="ascii") as file:
            return float(file.readline().split("avg10=")[1].split()[0])
    except (OSError, IndexError, ValueError):
        return None


class Timer:
    def __init__(self, budget_s, least, most, cache_bytes):
        self.budget_s, self.least, self.most = budget_s, least, most
        self.cache_bytes = cache_bytes
        self.other = torch.ones(2 * cache_bytes // 4)
        self.tiny = torch.ones(4, requires_grad=True)
        self.engine_s = 0.0
        self.engine_s = self.find_engine_start()

    def evict(self, tensor_bytes):
        """
        Half of the last cache and three times the operation's own tensors: between two uses of a weight at least its gradient and its momentum are touched.
        In training, large tensors have left the cache when they are read again while small ones, working memory and freed buffers are partly still there:
        eviction of everything makes steps 4 to 8 % too long.
        """
        # Written as well as read: in training, what is in the way has been written too.
        self.other[: int(min(2 * self.cache_bytes, self.cache_bytes / 2 + 3 * tensor_bytes)) // 4].add_(0)

    def warm_code(self):
        for _ in range(2):
            torch.autograd.grad(((self.tiny + 1) * self.tiny).sum(), self.tiny)

    def sample(self, work, tensor_bytes=0):
        """Seconds of a run, whether the scheduler took the processor away, and the result."""
        if work.evicts:
            self.evict(tensor_bytes)
            self.warm_code()
        work.fresh()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
        start = time.perf_counter()
        result = work.run()
        elapsed = time.perf_counter() - start
        interrupted = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw > before
        return elapsed - (self.engine_s if work.starts_engine else 0), interrupted, result

    def find_engine_start(self, nodes=40, samples=15):
        """A graph of one node costs the start of the engine and one node; a longer one tells what a node costs."""

        def median(count):
            end = self.tiny
            for _ in range(count):
                end = end.view_as(end)
            gradient = torch.ones(4)
            work = Work(lambda: torch.autograd.grad(end, self.tiny, gradient, retain_graph=True), lambda _: None)
            return sorted(self.sample(work)[0] for _ in range(samples))[samples // 2]

        one, many = median(1), median(nodes)
        return max(0.0, one - (many - one) / (nodes - 1))

    def time(self, case):
        """A row; ArithmeticError where the result is wrong."""
        work = case.make()
        pressure = [read_pressure()]
        times, interruptions = [], 0
        gc.collect()
        gc.disable()
        started, timed = time.perf_counter(), 0
        while timed < 1 + self.least or (timed < 1 + self.most and time.perf_counter() - started < self.budget_s):
            elapsed, interrupted, result = self.sample(work, case.tensor_bytes or case.bytes)
            if timed == 0:
                work.check(result)
            del result
            timed += 1
            # The first sample allocates memory and builds kernels.
            if timed > 1:
                times.append(elapsed / work.inner)
                interruptions += interrupted
        gc.enable()
        pressure.append(read_pressure())
        known = [value for value in pressure if value is not None]
        share = interruptions / len(times)
        return {
            "benchmark": case.benchmark,
            "case": case.case,
            "work": {name: value for name, value in (("flop", case.flop), ("bytes", case.bytes)) if value > 0},
            "time_s": summarise(times),
            "count": len(times),
            "inner": work.inner,
            "interrupted": round(share, 4),
            **({"pressure": max(known)} if known else {}),
            "quiet": share <= QUIET_INTERRUPTED and max(known, default=0) < QUIET_PRESSURE,
            "checked": True,
        }


def summarise(times):
    ordered = sorted(max(value, LEAST_S) for value in times)

    def quantile(share):
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    # The mean of equal numbers can differ from them in the last digit.
    mean = min(max(sum(ordered) / len(ordered), ordered[0]), ordered[-1])
    return {"min": ordered[0], "p10": quantile(0.1), "median": quantile(0.5), "p90": quantile(0.9), "max": ordered[-1], "mean": mean}


def write_row(row):
    print(json.dumps(row, allow_nan=False, separators=(",", ":")), flush=True)


def compare(got, want, tolerance=1e-4):
    """Relative error in the norm against a result in double precision."""
    want = want.detach()
    error = float((got.detach().double() - want).norm() / want.norm().clamp_min(1e-30))
    if not error <= tolerance:
        raise ArithmeticError(f"relative error {error:.2g}")
