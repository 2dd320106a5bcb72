"""
Times single PyTorch operations on one core, each in the state in which training finds it, as rows from which whole training steps are predicted.
Prints one JSON line per case. Exit 2: wrong arguments; 3: a result that is not what it must be.
"""
import argparse
import os
import sys
import time

from host import set_up

# Seconds for the samples of a case, fewest and most of them, and seconds after which cases get no more than the fewest.
MODES = {"tiny": (0.02, 3, 3, 3), "quick": (0.04, 2, 5, 7), "full": (0.3, 5, 15, 260)}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    mode = parser.add_mutually_exclusive_group()
    for name in MODES:
        mode.add_argument(f"--{name}", dest="mode", action="store_const", const=name)
    parser.add_argument("--threads", type=int, default=1, help="only 1: training runs one thread per core")
    parser.add_argument("--cpu", type=int, help="core to keep to; without it the last one allowed")
    parser.add_argument("--only", help="comma-separated operations, or values of `what`, to time alone")
    parser.set_defaults(mode="full")
    arguments = parser.parse_args()
    allowed = os.sched_getaffinity(0)
    if arguments.threads != 1:
        parser.error("--threads must be 1")
    if arguments.cpu is not None and arguments.cpu not in allowed:
        parser.error(f"--cpu {arguments.cpu} is not one of {sorted(allowed)}")
    return parser, arguments, max(allowed) if arguments.cpu is None else arguments.cpu


parser, arguments, cpu = parse_arguments()
set_up(cpu)

import torch

from host import set_up_torch
from operations import grids
from operations.timing import Timer, read_cache_bytes, write_row


def main():
    set_up_torch(torch)
    torch.manual_seed(1)
    started = time.perf_counter()
    cases = {"tiny": grids.list_tiny, "quick": grids.list_quick, "full": grids.list_full}[arguments.mode]()
    if arguments.only:
        wanted = arguments.only.split(",")
        known = sorted({case.case.get("operation") or case.case["what"] for case in cases})
        if set(wanted) - set(known):
            parser.error(f"--only {arguments.only}: choose from {', '.join(known)}")
        cases = [case for case in cases if (case.case.get("operation") or case.case["what"]) in wanted]
    budget_s, least, most, patience_s = MODES[arguments.mode]
    # A tiny table only tries the program out.
    timer = Timer(budget_s, least, most, 2**20 if arguments.mode == "tiny" else read_cache_bytes())
    for case in cases:
        if time.perf_counter() - started > patience_s:
            timer.budget_s = 0
        try:
            write_row(timer.time(case))
        except ArithmeticError as problem:
            print(f"{case.benchmark} {case.case}: {problem}", file=sys.stderr)
            sys.exit(3)


if __name__ == "__main__":
    main()
