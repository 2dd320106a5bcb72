"""
What a measuring process sets before PyTorch is loaded (one thread, one core, memory kept), and what it tells about its host.
Memory that is freed stays with the process: pages that go back to the system come again as zeroed pages, which costs more than the work on them.
"""
import ctypes
import os
import platform

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4


def set_up(cpu=None):
    """Call before `import torch`. `cpu`: the core that the process and its threads keep to."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)


def set_up_torch(torch):
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    # Gradients of a task that is learnt become so small that arithmetic on them would be slow.
    torch.set_flush_denormal(True)


def describe(torch):
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "threads": torch.get_num_threads(),
        "cpus": sorted(os.sched_getaffinity(0)),
        "cpu": read_cpu_name(),
        "blas": os.path.basename(os.path.dirname(os.path.realpath("/usr/lib/x86_64-linux-gnu/libblas.so.3"))),
        "kernel": platform.release(),
    }


def read_cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()
