"""Computes 64 features of all users at the given snapshot times with one peer, and prints a line of JSON.

The events are in memory. The features are those of `limpet-bench features`: counts of ten events and sums of
two over 1, 7, 30 and 90 days, active days over the same windows, recency of each event and of any, and
tenure. A user without an event before a snapshot time gets no row.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from measure import Clock  # noqa: E402

DAY = 86_400_000
WINDOWS = (1, 7, 30, 90)
NAMES = range(10)


def columns(folder):
    folder = Path(folder)
    cents = np.load(folder / "cents.npy")
    return {
        "user": np.load(folder / "user.npy").astype(np.int32),
        "time_ms": np.load(folder / "time_ms.npy").astype(np.int64),
        "name": np.load(folder / "name.npy"),
        "cents": np.where(np.isnan(cents), 0, cents).astype(np.int64),
    }


# DuckDB


def duck_features(moment):
    """Returns 64 aggregates over the events before a snapshot time, given as an SQL expression."""
    parts = [
        f"count(*) FILTER (name = {n} AND time_ms >= {moment} - {w * DAY}) AS c{n}_{w}"
        for n in NAMES
        for w in WINDOWS
    ]
    parts += [
        f"coalesce(sum(cents) FILTER (name = {n} AND time_ms >= {moment} - {w * DAY}), 0)::DOUBLE / 100 "
        f"AS s{n}_{w}"
        for n in (0, 1)
        for w in WINDOWS
    ]
    parts += [
        f"count(DISTINCT time_ms // {DAY}) FILTER (time_ms >= {moment} - {w * DAY}) AS d{w}" for w in WINDOWS
    ]
    parts += [f"({moment} - max(time_ms) FILTER (name = {n}))::DOUBLE / {DAY} AS r{n}" for n in NAMES]
    return parts + [
        f"({moment} - max(time_ms))::DOUBLE / {DAY} AS r",
        f"({moment} - min(time_ms))::DOUBLE / {DAY} AS t",
    ]


def duck_loop(con, moments):
    """Runs one query for each snapshot time."""
    for number, moment in enumerate(moments):
        table = "CREATE TABLE result AS" if number == 0 else "INSERT INTO result"
        con.execute(
            f"{table} SELECT user, {moment} AS moment, {', '.join(duck_features(moment))} FROM events "
            f"WHERE time_ms < {moment} GROUP BY user"
        )


def duck_join(con, moments):
    """Runs one join over all snapshot times."""
    con.execute(f"CREATE TABLE moments AS SELECT unnest({list(moments)}) AS moment")
    con.execute(
        f"CREATE TABLE result AS SELECT user, moment, {', '.join(duck_features('moment'))} "
        "FROM events JOIN moments ON time_ms < moment GROUP BY user, moment"
    )


def duck_days(con, moments):
    """Aggregates by day first, then runs one query for each snapshot time.

    This is exact because snapshot times and windows are whole days.
    """
    con.execute(
        f"CREATE TABLE days AS SELECT user, time_ms // {DAY} AS day, name, count(*) AS n, "
        "sum(cents) AS cents, min(time_ms) AS first, max(time_ms) AS last FROM events GROUP BY ALL"
    )
    for number, moment in enumerate(moments):
        today = moment // DAY
        parts = [
            f"coalesce(sum(n) FILTER (name = {n} AND day >= {today - w}), 0) AS c{n}_{w}"
            for n in NAMES
            for w in WINDOWS
        ]
        parts += [
            f"coalesce(sum(cents) FILTER (name = {n} AND day >= {today - w}), 0)::DOUBLE / 100 AS s{n}_{w}"
            for n in (0, 1)
            for w in WINDOWS
        ]
        parts += [f"count(DISTINCT day) FILTER (day >= {today - w}) AS d{w}" for w in WINDOWS]
        parts += [f"({moment} - max(last) FILTER (name = {n}))::DOUBLE / {DAY} AS r{n}" for n in NAMES]
        parts += [
            f"({moment} - max(last))::DOUBLE / {DAY} AS r",
            f"({moment} - min(first))::DOUBLE / {DAY} AS t",
        ]
        table = "CREATE TABLE result AS" if number == 0 else "INSERT INTO result"
        con.execute(
            f"{table} SELECT user, {moment} AS moment, {', '.join(parts)} "
            f"FROM days WHERE day < {today} GROUP BY user"
        )


def duckdb_run(folder, moments, threads, form):
    import duckdb

    con = duckdb.connect()
    con.execute(f"SET threads TO {threads}; SET preserve_insertion_order = false")
    data = columns(folder)  # noqa: F841  (read by its name)
    con.execute("CREATE TABLE events AS SELECT * FROM data")
    del data
    clock = Clock()
    {"loop": duck_loop, "join": duck_join, "days": duck_days}[form](con, moments)
    line = clock.stop()
    names = [row[0] for row in con.execute("DESCRIBE result").fetchall()][2:]
    sums = con.execute(
        "SELECT count(*), " + ", ".join(f"sum({n})" for n in names) + " FROM result"
    ).fetchone()
    return line | {
        "engine": "duckdb",
        "version": duckdb.__version__,
        "rows": sums[0],
        "sums": list(map(float, sums[1:])),
    }


# Polars


def polars_features(pl, moment):
    time, cents = pl.col("time_ms"), pl.col("cents")
    parts = [
        ((pl.col("name") == n) & (time >= moment - w * DAY)).sum().alias(f"c{n}_{w}")
        for n in NAMES
        for w in WINDOWS
    ]
    parts += [
        (cents.filter((pl.col("name") == n) & (time >= moment - w * DAY)).sum() / 100).alias(f"s{n}_{w}")
        for n in (0, 1)
        for w in WINDOWS
    ]
    parts += [(time.filter(time >= moment - w * DAY) // DAY).n_unique().alias(f"d{w}") for w in WINDOWS]
    parts += [((moment - time.filter(pl.col("name") == n).max()) / DAY).alias(f"r{n}") for n in NAMES]
    return parts + [((moment - time.max()) / DAY).alias("r"), ((moment - time.min()) / DAY).alias("t")]


def polars_loop(pl, frame, moments):
    for moment in moments:
        before = frame.lazy().filter(pl.col("time_ms") < moment)
        yield before.group_by("user").agg(polars_features(pl, moment)).collect()


def polars_days(pl, frame, moments):
    time = pl.col("time_ms")
    days = (
        frame.lazy()
        .group_by("user", (time // DAY).alias("day"), "name")
        .agg(pl.len().alias("n"), pl.col("cents").sum(), time.min().alias("first"), time.max().alias("last"))
        .collect()
    )
    n, cents, day, name = pl.col("n"), pl.col("cents"), pl.col("day"), pl.col("name")
    for moment in moments:
        today = moment // DAY
        parts = [
            n.filter((name == e) & (day >= today - w)).sum().alias(f"c{e}_{w}")
            for e in NAMES
            for w in WINDOWS
        ]
        parts += [
            (cents.filter((name == e) & (day >= today - w)).sum() / 100).alias(f"s{e}_{w}")
            for e in (0, 1)
            for w in WINDOWS
        ]
        parts += [day.filter(day >= today - w).n_unique().alias(f"d{w}") for w in WINDOWS]
        parts += [((moment - pl.col("last").filter(name == e).max()) / DAY).alias(f"r{e}") for e in NAMES]
        parts += [
            ((moment - pl.col("last").max()) / DAY).alias("r"),
            ((moment - pl.col("first").min()) / DAY).alias("t"),
        ]
        yield days.lazy().filter(day < today).group_by("user").agg(parts).collect()


def polars_run(folder, moments, threads, form):
    import polars as pl

    frame = pl.DataFrame(columns(folder))
    clock = Clock()
    results = list({"loop": polars_loop, "days": polars_days}[form](pl, frame, moments))
    line = clock.stop()
    rows = sum(len(result) for result in results)
    sums = np.zeros(64)
    for result in results:
        sums += np.array([float(result[c].sum()) for c in result.columns[1:]])
    return line | {"engine": "polars", "version": pl.__version__, "rows": rows, "sums": sums.tolist()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=["duckdb", "polars"])
    parser.add_argument("form", choices=["loop", "join", "days"])
    parser.add_argument("--data", required=True)
    parser.add_argument("--snapshots", type=int, required=True)
    parser.add_argument("--until", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    moments = [arguments.until - 7 * DAY * back for back in reversed(range(arguments.snapshots))]
    run = duckdb_run if arguments.engine == "duckdb" else polars_run
    print(json.dumps(run(arguments.data, moments, arguments.threads, arguments.form)))


if __name__ == "__main__":
    main()
