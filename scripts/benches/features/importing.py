"""Races `limpet import` of a CSV of events against DuckDB, which loads it into a sorted table."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import duckdb
import numpy as np

# 600 MB at 20,000,000 events.
SHARE = 0.6
GOAL = 1


def write_csv(folder, file):
    """Writes the first events of the folder as CSV, in random order."""
    if file.exists():
        return
    count = int(len(np.load(folder / "name.npy", mmap_mode="r")) * SHARE)
    order = np.random.default_rng(1).permutation(count)
    data = {  # noqa: F841  (read by its name)
        "user_": np.load(folder / "user.npy")[:count][order].astype(np.int64),
        "time_ms": np.load(folder / "time_ms.npy")[:count][order].astype(np.int64),
        "name": np.load(folder / "name.npy")[:count][order],
        "cents": np.load(folder / "cents.npy")[:count][order],
    }
    part = file.with_suffix(".part")
    duckdb.connect().execute(
        "COPY (SELECT 'user_' || user_ AS user, "
        "strftime(epoch_ms(time_ms), '%Y-%m-%dT%H:%M:%S.%gZ') AS time, 'event_' || name AS event, "
        "CASE WHEN isnan(cents) THEN NULL ELSE printf('%.2f', cents / 100) END AS value "
        f"FROM data) TO '{part}' (FORMAT csv, HEADER)"
    )
    part.rename(file)


def ours(limpet, file, folder):
    start = time.perf_counter()
    subprocess.run(
        [limpet, "import", "--events", file, "--output", folder / "log.limpetlog"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def theirs(file, folder, threads):
    table = folder / "log.duckdb"
    table.unlink(missing_ok=True)
    start = time.perf_counter()
    with duckdb.connect(str(table)) as con:
        con.execute(f"SET threads TO {threads}")
        con.execute(f"CREATE TABLE events AS SELECT * FROM read_csv('{file}') ORDER BY user, time")
    return time.perf_counter() - start


def race(folder, limpet, threads, repeats):
    file = Path(folder) / "events.csv"
    write_csv(Path(folder), file)
    runs = {"limpet": [], "duckdb": []}
    for _ in range(repeats):
        runs["limpet"].append(ours(limpet, file, Path(folder)))
        runs["duckdb"].append(theirs(file, Path(folder), threads))
        print(
            f"  import: {runs['limpet'][-1]:.2f} s, DuckDB {runs['duckdb'][-1]:.2f} s",
            file=sys.stderr,
            flush=True,
        )
    return runs | {"megabytes": os.path.getsize(file) / 1e6}


def shown(runs):
    mine, other = median(runs["limpet"]), median(runs["duckdb"])
    met = "met" if other / mine >= GOAL else "MISSED"
    print(
        f"import   CSV of {runs['megabytes']:.0f} MB to the sorted log: {mine:.2f} s, DuckDB {other:.2f} s, "
        f"ratio {other / mine:.2f}  >= {GOAL} {met}"
    )
