"""
All-reduce of PyTorch's Gloo backend between two processes, as gloo-collectives times its own: one processor per rank, a barrier before each sample,
the slower rank counts. Prints one JSON line per size from rank 0.
Usage: torch_all_reduce.py RANK SIZE ADDRESS PORT INTERFACE CPU SECONDS BYTES...
"""
import json
import os
import statistics
import sys
import time

rank, size, address, port, interface, cpu, seconds = sys.argv[1:8]
os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[int(cpu)]})
os.environ.update(MASTER_ADDR=address, MASTER_PORT=port, GLOO_SOCKET_IFNAME=interface, OMP_NUM_THREADS="1")

import torch  # noqa: E402  (reads the number of threads when it is imported)
import torch.distributed as dist  # noqa: E402

torch.set_num_threads(1)
dist.init_process_group("gloo", rank=int(rank), world_size=int(size))
for length in map(int, sys.argv[8:]):
    data = torch.zeros(length // 4)
    times = []
    end = time.perf_counter() + float(seconds)
    warm = 2
    while True:
        more = torch.tensor([1.0 if warm > 0 or len(times) < 5 or time.perf_counter() < end else 0.0])
        dist.broadcast(more, 0)
        if more.item() == 0:
            break
        dist.barrier()
        start = time.perf_counter()
        dist.all_reduce(data)
        elapsed = time.perf_counter() - start
        if warm > 0:
            warm -= 1
        else:
            times.append(elapsed)
    slowest = torch.tensor(times, dtype=torch.float64)
    dist.all_reduce(slowest, op=dist.ReduceOp.MAX)
    data.fill_(float(int(rank) + 1))
    dist.all_reduce(data)
    expected = int(size) * (int(size) + 1) / 2
    if not bool((data == expected).all()):
        sys.exit(3)
    if rank == "0":
        print(json.dumps({"bytes": length, "median_s": statistics.median(slowest.tolist()), "count": len(times)}), flush=True)
dist.destroy_process_group()
