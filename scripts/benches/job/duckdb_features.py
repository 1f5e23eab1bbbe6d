"""Features of all users at the snapshot times of a spec, with DuckDB: those of the Polars script, as SQL."""

import os

import duckdb
import numpy as np

from extracted import Features

WINDOWS = (7, 30, 60, 90)
DAY = 86_400


def midnight(snapshot):
    return f"epoch(TIMESTAMP '{snapshot}')::INTEGER"


def prepare(con, file, spec):
    """Reads the log once, into a row for each user and day, with the last text of each category."""
    amounts = sorted({column for column, _ in spec["amounts"]})
    texts = ["user", "event", *spec["categories"]]
    types = {c: "VARCHAR" for c in texts} | {c: "DOUBLE" for c in amounts} | {"time": "TIMESTAMP"}
    columns = ["epoch(time)::INTEGER AS time", *texts, *amounts]
    # The types are set by name, and the columns that are not named are not parsed.
    con.execute(
        f"CREATE TEMP TABLE events AS SELECT {', '.join(columns)} "
        f"FROM read_csv('{file}', header = true, types = {types})"
    )
    own = "event NOT IN (" + ", ".join(f"'{e}'" for e in ["", *spec["system"]]) + ")"
    parts = [f"count(*) FILTER (event = '{e}')::USMALLINT AS n_{e}" for e in spec["names"]]
    parts += [f"max(time) FILTER (event = '{e}') AS last_{e}" for e in spec["names"]]
    parts += [f"coalesce(sum({c}) FILTER (event = '{e}'), 0) AS sum_{c}_{e}" for c, e in spec["amounts"]]
    parts += [f"count(*) FILTER ({own})::USMALLINT AS n_any", f"(bool_or({own}))::USMALLINT AS days"]
    parts += [f"max(time) FILTER ({own}) AS last_any", "min(time) AS first"]
    parts += [f"arg_max({c}, time) FILTER ({c} IS NOT NULL) AS text_{c}" for c in spec["categories"]]
    parts += [f"max(time) FILTER ({c} IS NOT NULL) AS time_{c}" for c in spec["categories"]]
    con.execute(
        f"CREATE TEMP TABLE daily AS SELECT user, time // {DAY} AS day, {', '.join(parts)} "
        "FROM events GROUP BY user, day"
    )
    con.execute(
        f"CREATE TEMP TABLE targets AS SELECT user, min(time) AS target FROM events "
        f"WHERE event = '{spec['target']}' GROUP BY user"
    )
    con.execute("DROP TABLE events")


def query(spec, snapshot):
    """Returns the query of all features at a snapshot time, and the names of its columns."""
    today = f"({midnight(snapshot)} // {DAY})"
    sums = [f"n_{e}" for e in spec["names"]] + [f"sum_{c}_{e}" for c, e in spec["amounts"]]
    sums += ["n_any", "days"]
    parts = {c: f"sum({c})" for c in sums}
    parts |= {
        f"{c}_{w}": f"coalesce(sum({c}) FILTER (day >= {today} - {w}), 0)" for w in WINDOWS for c in sums
    }
    now = midnight(snapshot)
    lasts = [f"last_{e}" for e in spec["names"]] + ["last_any"]
    parts |= {c: f"({now} - max({c})) / {DAY}.0" for c in lasts}
    parts["tenure"] = f"({now} - min(first)) / {DAY}.0"
    parts["rate"] = f"sum(n_any) * {DAY}.0 / ({now} - min(first))"
    numbers = ", ".join(f"({formula})::FLOAT AS {name}" for name, formula in parts.items())
    texts = ", ".join(f"arg_max(text_{c}, time_{c}) AS {c}" for c in spec["categories"])
    rows = f"SELECT user, {numbers}, {texts} FROM daily WHERE day < {today} GROUP BY user"
    limit = f"{now} + {spec['horizonDays'] * DAY}"
    return (
        f"SELECT rows.*, coalesce(target < {limit}, false) AS label, hash(user) % 5 AS fold "
        f"FROM ({rows}) AS rows LEFT JOIN targets USING (user) WHERE target IS NULL OR target >= {now} "
        "ORDER BY user"
    ), list(parts)


class Extraction:
    """A log, read and aggregated, that answers for any snapshot time."""

    def __init__(self, file, spec):
        self.spec, self.con = spec, duckdb.connect()
        self.con.execute(f"SET threads TO {int(os.environ.get('OMP_NUM_THREADS', '2'))}")
        self.con.execute("SET preserve_insertion_order = false")
        prepare(self.con, file, spec)

    def levels(self, tables):
        """Returns the texts of each category that any row has."""
        found = {}
        for c in self.spec["categories"]:
            values = {text for table in tables for text in np.ma.asarray(table[c]).compressed()}
            found[c] = sorted(values)
        return found

    def features(self, snapshots, levels=None):
        """Returns a `Features` of all users of the population, by snapshot time."""
        tables = []
        for snapshot in snapshots:
            text, numbers = query(self.spec, snapshot)
            tables.append(self.con.execute(text).fetchnumpy())
        levels = levels or self.levels(tables)
        names = numbers + self.spec["categories"]
        counts = [len(table["label"]) for table in tables]
        x = np.empty((sum(counts), len(names)), np.float32, order="F")
        for place, name in enumerate(names):
            parts = [np.ma.asarray(table[name]) for table in tables]
            if name in levels:
                code = {text: number for number, text in enumerate(levels[name])}
                parts = [[code.get(text, np.nan) for text in part.filled("")] for part in parts]
            else:
                parts = [part.astype(np.float32).filled(np.nan) for part in parts]
            x[:, place] = np.concatenate(parts)
        return Features(
            x=x,
            y=np.concatenate([np.asarray(table["label"]) for table in tables]).astype(np.uint8),
            users=np.concatenate([np.asarray(table["user"]) for table in tables]),
            fold=np.concatenate([np.asarray(table["fold"]) for table in tables]).astype(np.uint8),
            names=names,
            levels=levels,
            counts=counts,
        )
