"""
Samples as files, and the loaders of train_rank.py. A file is one sample, compressed with zlib: the input in its stored type, then the label.
Reading decompresses it, converts the input to float32 and, where images are stored larger, takes means over blocks. There are no workers: this runs
in the training process. Left out: shuffling, which costs nothing, and augmentation.
"""
import os
import zlib

import numpy as np
import torch
import torch.nn.functional as F

from networks.families import fill_options
from tasks import LABEL_TYPE, STORED_SCALE, STORED_TYPE, input_shape, label_shape, make_sample

LEVEL = 1


def sample_path(folder, index):
    return os.path.join(folder, f"sample-{index:05d}.z")


def write_samples(folder, name, options, count):
    """Writes what is not there yet and gives the stored bytes of each sample."""
    os.makedirs(folder, exist_ok=True)
    sizes = []
    for index in range(count):
        path = sample_path(folder, index)
        if not os.path.exists(path):
            sample, label = make_sample(name, options, index, STORED_SCALE[name])
            with open(f"{path}.part", "wb") as file:
                file.write(zlib.compress(sample.tobytes() + label.tobytes(), LEVEL))
                file.flush()
                # Pages that are not on disk yet could not be dropped from the cache.
                os.fsync(file.fileno())
            os.rename(f"{path}.part", path)
        sizes.append(os.path.getsize(path))
    return sizes


def read_sample(path, name, options, scale):
    with open(path, "rb") as file:
        raw = zlib.decompress(file.read())
    shape = input_shape(name, options, scale)
    count = int(np.prod(shape))
    split = count * np.dtype(STORED_TYPE[name]).itemsize
    stored = np.frombuffer(raw, STORED_TYPE[name], count).reshape(shape)
    label = np.frombuffer(raw, LABEL_TYPE[name], offset=split).reshape(label_shape(name, options))
    return to_tensors(name, stored, label, scale)


def to_tensors(name, stored, label, scale=1):
    label = torch.from_numpy(label.astype(np.int64))
    if name == "gpt":
        return torch.from_numpy(stored.astype(np.int64)), label
    sample = torch.from_numpy(stored.copy()).float()
    if name == "small-resnet":
        sample.sub_(128).div_(64)
    if scale > 1:
        sample = F.avg_pool2d(sample[None], scale)[0]
    return sample, label


def stack(rows):
    """Batch of inputs, and labels without an axis of length one."""
    samples, labels = zip(*rows)
    labels = torch.stack(labels)
    return torch.stack(samples), labels[:, 0] if labels.dim() == 2 and labels.shape[1] == 1 else labels


class MemoryLoader:
    """A few batches that are in memory already; rank r has those with index r, r + world, ..."""

    def __init__(self, name, options, batch, rank, world, batches=4):
        self.batches = [stack([to_tensors(name, *make_sample(name, options, (turn * world + rank) * batch + at)) for at in range(batch)]) for turn in range(batches)]
        self.turn = 0

    def next(self):
        self.turn += 1
        return self.batches[(self.turn - 1) % len(self.batches)]

    def begin_step(self, samples):
        pass


class FileLoader:
    """Reads every world-th file, again and again; `cold` drops a rank's files from the page cache before each pass over them."""

    def __init__(self, folder, name, options, batch, rank, world, cold):
        self.name, self.options, self.batch, self.cold = name, options, batch, cold
        self.paths = sorted(os.path.join(folder, entry) for entry in os.listdir(folder) if entry.endswith(".z"))[rank::world]
        if len(self.paths) < batch:
            raise FileNotFoundError(f"{folder} has {len(self.paths)} samples for rank {rank}, fewer than a batch of {batch}: make them with make_samples.py")
        self.at = 0
        self.drop()

    def begin_step(self, samples):
        """Before the clock starts: a pass that would end within this step begins anew."""
        if self.at + samples > len(self.paths):
            self.at = 0
            self.drop()

    def drop(self):
        if not self.cold:
            return
        for path in self.paths:
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)

    def next(self):
        rows = []
        for _ in range(self.batch):
            rows.append(read_sample(self.paths[self.at % len(self.paths)], self.name, self.options, STORED_SCALE[self.name]))
            self.at += 1
        return stack(rows)


def make_loader(kind, folder, name, options, batch, rank, world):
    options = fill_options(name, options)
    if kind == "none":
        return MemoryLoader(name, options, batch, rank, world)
    if not folder:
        raise ValueError(f"--loader {kind} needs --data-folder")
    return FileLoader(folder, name, options, batch, rank, world, kind == "decode-cold")
