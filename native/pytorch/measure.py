"""
Times work on one device and writes results as JSON lines: a first line on the host, then one line per measurement.
On a GPU, calls are queued behind a spin kernel so that the host is ahead, with an event between every two; a time is the distance of two events.
On a CPU the wall clock is used; that is for trying the programs out, not for fitting a device.
"""
import datetime
import json
import platform
import statistics
import subprocess
import threading
import time

import torch

# Cycles that the spin kernel burns for each queued call: more than a call's launch costs on the host, at 1 to 2 GHz about 50 to 100 us.
SPIN_CYCLES_PER_CALL = 100_000
SPIN_CYCLES_MOST = 20_000_000


def synchronise(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def time_calls(calls, device):
    """Seconds of each call, in order. Host and device must be warm."""
    if device.type != "cuda":
        times = []
        for call in calls:
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        return times
    events = [torch.cuda.Event(enable_timing=True) for _ in range(len(calls) + 1)]
    synchronise(device)
    torch.cuda._sleep(min(SPIN_CYCLES_MOST, SPIN_CYCLES_PER_CALL * len(calls)))
    events[0].record()
    for call, event in zip(calls, events[1:]):
        call()
        event.record()
    synchronise(device)
    return [first.elapsed_time(second) / 1000 for first, second in zip(events, events[1:])]


def repeat_call(make_call, device, least_calls=5, most_calls=50, goal_s=0.03):
    """`make_call(i)` gives the call on input set i. Two calls warm up; as many follow as fill `goal_s`."""
    time_calls([make_call(0)], device)
    once_s = max(1e-7, time_calls([make_call(1)], device)[0])
    count = max(least_calls, min(most_calls, round(goal_s / once_s)))
    return summarise(time_calls([make_call(index) for index in range(count)], device))


def summarise(times_s):
    ordered = sorted(times_s)
    at = min(len(ordered) - 1, int(0.9 * len(ordered)))
    return {"median": statistics.median(ordered), "min": ordered[0], "p90": ordered[at], "n": len(ordered)}


def describe_host(device, command):
    host = {
        "kind": "host",
        "date": datetime.date.today().isoformat(),
        "command": command,
        "device": platform.machine(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version() if device.type == "cuda" else None,
    }
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        host |= {
            "device": properties.name,
            "multiprocessors": properties.multi_processor_count,
            "memory_bytes": properties.total_memory,
            "l2_bytes": properties.L2_cache_size,
            "driver": ask_gpu("driver_version"),
            "smClock_mhz_most": to_number(ask_gpu("clocks.max.sm")),
            "memoryClock_mhz_most": to_number(ask_gpu("clocks.max.memory")),
            "powerLimit_w": to_number(ask_gpu("power.limit")),
        }
    return host


def to_number(text):
    try:
        return float(text)
    except ValueError:
        return None


def ask_gpu(field):
    """One field of nvidia-smi for the first device, or an empty string."""
    try:
        answer = subprocess.run(["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader,nounits"], capture_output=True, text=True, timeout=20)
        return answer.stdout.splitlines()[0].strip() if answer.stdout else ""
    except (OSError, subprocess.TimeoutExpired):
        return ""


class ClockWatch:
    """Reads clock, power and temperature five times a second while a block runs. Use as a context; `summary` afterwards."""

    fields = ("clocks.sm", "power.draw", "temperature.gpu")

    def __init__(self, device):
        self.lines = []
        self.process = None
        self.reader = None
        self.watches = device.type == "cuda"

    def __enter__(self):
        if self.watches:
            command = ["nvidia-smi", f"--query-gpu={','.join(self.fields)}", "--format=csv,noheader,nounits", "-lms", "200", "-i", "0"]
            try:
                self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            except OSError:
                return self
            self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
            self.reader.start()
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.reader.join(timeout=5)
            self.process.wait(timeout=5)

    def summary(self):
        rows = [[to_number(cell) for cell in line.split(",")] for line in self.lines]
        rows = [row for row in rows if len(row) == len(self.fields) and None not in row]
        if not rows:
            return None
        clock, power, temperature = zip(*rows)
        return {
            "smClock_mhz": {"median": statistics.median(clock), "min": min(clock)},
            "power_w": {"median": statistics.median(power), "max": max(power)},
            "temperature_c": max(temperature),
            "n": len(rows),
        }


class Report:
    """Appends lines to a file as they come, so that a run that is cut short keeps what it had."""

    def __init__(self, path, host):
        self.file = open(path, "w", encoding="utf-8")
        self.count = 0
        self.write(host)

    def write(self, record):
        print(json.dumps(round_numbers(record), separators=(",", ":"), allow_nan=False), file=self.file, flush=True)
        self.count += 1


def round_numbers(value):
    """Five significant digits: more than any of these times repeats to. Numbers that JSON cannot hold become null."""
    if isinstance(value, float):
        return float(f"{value:.5g}") if value == value and abs(value) != float("inf") else None
    if isinstance(value, dict):
        return {key: round_numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [round_numbers(item) for item in value]
    return value
