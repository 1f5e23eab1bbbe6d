"""Measures the peak memory of extracting features from a columnar log in chunks of users.

The peak for a part of a log and for the whole log must be the same.
"""

import subprocess
import sys
from pathlib import Path

from importing import write_csv

PART = 4
# Users differ in their number of events, and so do chunks of the log.
SLACK = 1.1


def feature_set(file):
    """Writes a feature set with the 64 features of the races, for the event names of the CSV."""
    names = [f"event_{number}" for number in range(10)]
    lines = [f"{{kind: count, events: {name}, window: {days}d}}" for name in names for days in (1, 7, 30, 90)]
    lines += [
        f"{{kind: sum, events: {name}, of: value, window: {days}d}}"
        for name in names[:2]
        for days in (1, 7, 30, 90)
    ]
    lines += [f"{{kind: active_days, window: {days}d}}" for days in (1, 7, 30, 90)]
    lines += [f"{{kind: recency, events: {name}}}" for name in names] + ["{kind: recency}", "{kind: tenure}"]
    file.write_text(
        "version: 1\ndecimals: {value: 2}\nfeatures:\n" + "".join(f"  - {line}\n" for line in lines)
    )


def part_of(whole, part):
    """Writes the first rows of a CSV in random order; returns the number of rows of the whole file."""
    with open(whole, "rb") as file:
        rows = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 24), b"")) - 1
    if not part.exists():
        with open(whole, "rb") as file, open(part, "wb") as out:
            for _ in range(rows // PART + 1):
                out.write(file.readline())
    return rows


def extract(limpet, log, features, output, at):
    """Returns the seconds and peak bytes of one extraction, in a new process."""
    script = (
        "import json, resource, subprocess, sys, time; start = time.perf_counter();"
        "subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL);"
        " seconds = time.perf_counter() - start;"
        "print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))"
    )
    command = [limpet, "features", "extract", "--events", log, "--features", features]
    command += ["--at", at, "--output", output]
    result = subprocess.run(
        [sys.executable, "-c", script, *command], check=True, capture_output=True, text=True
    )
    return tuple(float(number) for number in result.stdout.strip("[] \n").split(","))


def race(folder, limpet, end):
    folder = Path(folder)
    whole, part, features = folder / "events.csv", folder / "part.csv", folder / "features.yaml"
    write_csv(folder, whole)
    feature_set(features)
    rows, runs = part_of(whole, part), []
    at = f"{end // 1000}"
    for file, events in ((part, rows // PART), (whole, rows)):
        log = folder / "streaming.limpetlog"
        subprocess.run(
            [limpet, "import", "--events", file, "--output", log], check=True, stderr=subprocess.DEVNULL
        )
        seconds, peak = extract(limpet, log, features, folder / "features.csv", at)
        runs.append({"events": events, "logBytes": log.stat().st_size, "seconds": seconds, "peakBytes": peak})
        print(f"  streaming: {events} events, {peak / 1e6:.0f} MB", file=sys.stderr, flush=True)
        log.unlink()
        (folder / "features.csv").unlink()
    return runs


def shown(runs):
    """Prints the memory of both extractions."""
    part, whole = runs
    is_met = whole["peakBytes"] <= SLACK * part["peakBytes"]
    print(
        f"streaming {part['events']:,} events, a log of {part['logBytes'] / 1e6:.0f} MB: "
        f"{part['peakBytes'] / 1e6:.0f} MB; "
        f"{whole['events']:,} events, {whole['logBytes'] / 1e6:.0f} MB: {whole['peakBytes'] / 1e6:.0f} MB; "
        f"constant {'met' if is_met else 'MISSED'}"
    )
