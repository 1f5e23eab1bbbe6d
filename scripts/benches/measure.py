"""Functions that all engines of a race share: reading a table, times, memory, metrics."""

import json
import os
import resource
import time
from pathlib import Path

import numpy as np


def read_columns(file, order="F", dtype=np.float64):
    """Reads a Fortran-ordered .npy column by column, so that reading needs no second copy of the table."""
    with open(file, "rb") as stream:
        version = np.lib.format.read_magic(stream)
        header = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        (rows, columns), fortran, stored = header(stream)
        if not fortran or stored != np.float64:
            raise ValueError(f"{file}: expected float64 in Fortran order")
        table = np.empty((rows, columns), dtype, order=order)
        for column in range(columns):
            table[:, column] = np.fromfile(stream, np.float64, rows)
    return table


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak_bytes():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def forget_peak():
    """Resets the peak to the resident memory, where the kernel allows it."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def largest_child_bytes():
    """Returns the peak memory of the largest child process that has ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def processor_seconds():
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


class Clock:
    """A measurement of wall time, processor time and memory, from after reading to the end of training."""

    def __init__(self):
        forget_peak()
        self.base = resident_bytes()
        self.processor, self.start = processor_seconds(), time.perf_counter()
        self.binned = None

    def bins_are_ready(self):
        self.binned = time.perf_counter()

    def processor_seconds(self):
        return processor_seconds() - self.processor

    def stop(self):
        end = time.perf_counter()
        result = {
            "seconds": end - self.start,
            "processorSeconds": self.processor_seconds(),
            "baseBytes": self.base,
            "peakBytes": peak_bytes(),
        }
        if self.binned is not None:
            result["binSeconds"] = self.binned - self.start
            result["fitSeconds"] = end - self.binned
        return result


class Folder:
    """A case on disk, as written by data.py."""

    def __init__(self, path):
        self.path = Path(path)
        self.meta = json.loads((self.path / "meta.json").read_text())
        self.categorical = self.meta["categorical"]

    def train(self, order="C", dtype=np.float64):
        return read_columns(self.path / "train.npy", order, dtype)

    def test(self, order="C", dtype=np.float64):
        return read_columns(self.path / "test.npy", order, dtype)

    def labels(self, part="train"):
        return np.load(self.path / f"{part}_y.npy")


def log_loss(log_odds, y):
    """Returns the mean of ln(1 + exp(z)) - y z."""
    z = np.asarray(log_odds, np.float64)
    return float(np.mean(np.logaddexp(0, z) - y * z))


def auc(score, y):
    """Returns the area under the ROC curve from mean ranks: ties count one half."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(y.sum())
    negatives = len(y) - positives
    return float((rank[y == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def log_odds_of(p):
    p = np.clip(np.asarray(p, np.float64), 1e-15, 1 - 1e-15)
    return np.log(p) - np.log1p(-p)
