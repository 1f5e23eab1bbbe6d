"""Features of all users at the snapshot times of a spec, with Polars.

The log is read once, and becomes one row for each user and day; windows of whole days are sums over these.
That is several times as fast as looking at all events for each snapshot time, and exact because snapshot
times are midnights. Each snapshot sees only what was before it. Rows are sorted by user and amounts are
added as doubles, so that the same log gives the same model again.
"""

import datetime
import os

os.environ.setdefault("POLARS_MAX_THREADS", os.environ.get("OMP_NUM_THREADS", "2"))

import numpy as np
import polars as pl

from extracted import Features

WINDOWS = (7, 30, 60, 90)
DAY = 86_400


def day_of(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def read(file, spec):
    amounts = sorted({column for column, _ in spec["amounts"]})
    texts = ["user", "event", *spec["categories"]]
    types = {name: pl.Float64 for name in amounts} | {name: pl.String for name in texts}
    time = pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms").dt.epoch("s")
    return (
        pl.scan_csv(file, schema_overrides=types | {"time": pl.String})
        .select("time", *texts, *amounts)
        .with_columns(time.cast(pl.Int32))
        .collect(engine="streaming")
    )


def daily(events, spec):
    """Returns a row for each user and day: counts and last times by event, and sums of amounts."""
    name, time = pl.col("event"), pl.col("time")
    parts = [(name == e).sum().cast(pl.UInt16).alias(f"n_{e}") for e in spec["names"]]
    parts += [pl.when(name == e).then(time).max().alias(f"last_{e}") for e in spec["names"]]
    parts += [pl.when(name == e).then(pl.col(c)).sum().alias(f"sum_{c}_{e}") for c, e in spec["amounts"]]
    own = ~name.is_in(spec["system"])
    parts += [
        own.sum().cast(pl.UInt16).alias("n_any"),
        own.any().cast(pl.UInt16).alias("days"),
        pl.when(own).then(time).max().alias("last_any"),
        time.min().alias("first"),
    ]
    day = (time // DAY).cast(pl.Int32).alias("day")
    return events.lazy().group_by("user", day).agg(parts).collect(engine="streaming")


def last_texts(events, spec):
    """Returns, for each category, the user, the time and the text of the events that carry one."""
    return {
        column: events.lazy().filter(pl.col(column).is_not_null()).select("user", "time", column).collect()
        for column in spec["categories"]
    }


def targets(events, spec):
    """Returns the first time at which each user did what is predicted."""
    done = events.lazy().filter(pl.col("event") == spec["target"])
    return done.group_by("user").agg(pl.col("time").min().alias("target")).collect()


def at(days, texts, target, spec, snapshot):
    """Returns a row of features for each user of the population at a snapshot time, as a query."""
    today, day = day_of(snapshot), pl.col("day")
    before = days.lazy().filter(day < today)
    sums = [c for c in days.columns if c.startswith(("n_", "sum_", "days"))]
    lasts = [c for c in days.columns if c.startswith("last_")]
    age = [((today * DAY - pl.col(c).max()) / DAY).cast(pl.Float32).alias(c) for c in lasts]
    first = ((today * DAY - pl.col("first").min()) / DAY).cast(pl.Float32).alias("tenure")
    rows = before.group_by("user").agg([pl.col(c).sum().cast(pl.Float32) for c in sums] + age + [first])
    for window in WINDOWS:
        within = before.filter(day >= today - window).group_by("user")
        part = within.agg([pl.col(c).sum().cast(pl.Float32).alias(f"{c}_{window}") for c in sums])
        rows = rows.join(part, on="user", how="left", maintain_order="none")
    rows = rows.with_columns(pl.col([f"{c}_{window}" for c in sums for window in WINDOWS]).fill_null(0))
    rows = rows.with_columns((pl.col("n_any") / pl.col("tenure")).cast(pl.Float32).alias("rate"))
    for column, known in texts.items():
        known = known.lazy().filter(pl.col("time") < today * DAY)
        rows = rows.join(known.group_by("user").agg(pl.col(column).last()), on="user", how="left")
    # Who has done it is out; who does it within the horizon has label 1.
    limit = (today + spec["horizonDays"]) * DAY
    return (
        rows.join(target.lazy(), on="user", how="left")
        .filter(pl.col("target").is_null() | (pl.col("target") >= today * DAY))
        .with_columns((pl.col("target") < limit).fill_null(False).alias("label"))
        .drop("target")
    )


def coded(table, spec, levels):
    """Replaces texts by codes, the same for all snapshot times; an unknown text is missing."""
    codes = [
        pl.col(c).replace_strict(
            levels[c], list(range(len(levels[c]))), default=None, return_dtype=pl.Float32
        )
        for c in spec["categories"]
    ]
    return table.with_columns(codes)


class Extraction:
    """A log, read and aggregated, that answers for any snapshot time."""

    def __init__(self, file, spec):
        events = read(file, spec)
        self.spec, self.target = spec, targets(events, spec)
        self.days, self.texts = daily(events, spec), last_texts(events, spec)

    def tables(self, snapshots):
        queries = [at(self.days, self.texts, self.target, self.spec, time) for time in snapshots]
        return [query.collect(engine="streaming").sort("user") for query in queries]

    def features(self, snapshots, levels=None):
        """Returns a `Features` of all users of the population, by snapshot time."""
        tables = self.tables(snapshots)
        if levels is None:
            texts = pl.concat([table.select(self.spec["categories"]) for table in tables])
            levels = {c: texts[c].drop_nulls().unique().sort().to_list() for c in self.spec["categories"]}
        table = pl.concat([coded(table, self.spec, levels) for table in tables])
        names = [c for c in table.columns if c not in ("user", "label")]
        return Features(
            x=table.select(pl.col(names).cast(pl.Float32)).to_numpy(),
            y=table["label"].to_numpy().astype(np.uint8),
            users=table["user"],
            fold=(table["user"].hash(1) % 5).to_numpy().astype(np.uint8),
            names=names,
            levels=levels,
            counts=[len(table) for table in tables],
        )
