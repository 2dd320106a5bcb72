"""How ranks sum their gradients: PyTorch's DistributedDataParallel, one blocking sum per tensor (as synchronous schemes without buckets do), or not at all."""
import contextlib

import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

SCHEMES = ("ddp", "per-tensor", "none")


class Scheme:
    """`model` is what a step calls; `reduce` comes after the last backward pass of a step."""

    def __init__(self, module, kind, world, bucket_bytes):
        self.module, self.kind, self.world = module, kind, world
        self.model = module
        if kind == "ddp":
            self.model = DistributedDataParallel(module, bucket_cap_mb=bucket_bytes / 2**20, broadcast_buffers=False)

    def hold(self, last):
        """Around a pass: gradients stay on the rank unless it is the last of a step."""
        return self.model.no_sync() if self.kind == "ddp" and not last else contextlib.nullcontext()

    def reduce(self):
        if self.kind != "per-tensor":
            return
        for parameter in reversed(list(self.module.parameters())):
            dist.all_reduce(parameter.grad)
            parameter.grad.div_(self.world)

    def bucket_bytes(self):
        """Sizes of the buckets in use, first ready first; None where the scheme has none or PyTorch does not tell."""
        if self.kind != "ddp" or not hasattr(self.model, "_get_ddp_logging_data"):
            return None
        told = self.model._get_ddp_logging_data()
        text = told.get("rebuilt_bucket_sizes") or told.get("bucket_sizes") or ""
        return [int(size) for size in text.split(",") if size.strip()] or None
