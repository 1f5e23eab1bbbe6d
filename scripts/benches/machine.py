"""Facts of the machine that a report of a race states; imports nothing but Python's own modules."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from engines import VARIABLES


def processor_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def machine(threads):
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": processor_name(),
        "processors": len(os.sched_getaffinity(0)),
        "memoryBytes": pages,
        "kernel": platform.release(),
        "loadBefore": os.getloadavg()[0],
        "threads": threads,
        "environment": {
            name: str(threads) if name.endswith("NUM_THREADS") else os.environ.get(name)
            for name in VARIABLES
        },
    }


def revision():
    result = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True)
    return result.stdout.strip() or None


def say(text):
    print(text, file=sys.stderr, flush=True)
