"""Reads a file and does nothing with it but what shows that it was read.

    table   all columns of a table are parsed, and summed or counted
    log     a log is sorted by user and time, and kept as a file that is read faster

Example:
    python3 scripts/benches/job/reading.py log duckdb log.csv --output log.duckdb
"""

from stages import stages  # first, so that the time of all imports is seen

import argparse
import os
from pathlib import Path

THREADS = int(os.environ.get("OMP_NUM_THREADS", "2"))


def polars_table(file, output):
    import polars as pl

    stages.done("imports")
    frame = pl.read_csv(file, infer_schema_length=10_000)
    stages.done("read")
    numbers = [c for c, kind in frame.schema.items() if kind.is_numeric()]
    stages.say(rows=len(frame), sums=sum(map(float, frame.select(pl.col(numbers).sum()).row(0))))


def duckdb_table(file, output):
    import duckdb

    stages.done("imports")
    with duckdb.connect() as con:
        con.execute(f"SET threads TO {THREADS}")
        con.execute("SET preserve_insertion_order = false")
        con.execute(f"CREATE TABLE rows AS SELECT * FROM read_csv('{file}')")
        stages.say(rows=con.execute("SELECT count(*) FROM rows").fetchone()[0])


def polars_log(file, output):
    import polars as pl

    stages.done("imports")
    frame = pl.read_csv(file, infer_schema_length=10_000, schema_overrides={"query": pl.String})
    frame = frame.with_columns(pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms"))
    stages.done("read")
    frame.sort("user", "time", maintain_order=True).write_parquet(output, compression="lz4")


def duckdb_log(file, output):
    import duckdb

    stages.done("imports")
    Path(output).unlink(missing_ok=True)
    with duckdb.connect(output) as con:
        con.execute(f"SET threads TO {THREADS}")
        con.execute(f"CREATE TABLE events AS SELECT * FROM read_csv('{file}') ORDER BY user, time")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["table", "log"])
    parser.add_argument("engine", choices=["polars", "duckdb"])
    parser.add_argument("file")
    parser.add_argument("--output", help="file of the sorted log")
    arguments = parser.parse_args()
    globals()[f"{arguments.engine}_{arguments.what}"](arguments.file, arguments.output)
    stages.done("rest")


if __name__ == "__main__":
    main()
