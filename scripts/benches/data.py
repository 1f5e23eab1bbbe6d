"""Generates the tables of the races from a seed, with known true probabilities and the same bytes each time.

Each case is a folder with
    train.npy, test.npy      float64, Fortran order: each column is contiguous
    train_y.npy, test_y.npy  uint8, 1 = positive
    meta.json                rows, columns, categorical columns (their indices), seed,
                             base rate, and trueLogLoss: the mean log loss of the true
                             probabilities on the test rows, which a model can beat only
                             by chance
NaN is missing; levels of a categorical column are 0, 1, 2, ... A folder is generated once,
and reused while its meta.json matches.

The cases:
    independent   1,000,000 x 40: skewed counts, amounts in cents, shares, waiting
                  times, 5 categorical columns; a tenth missing in each fourth column;
                  steps and smooth effects of 24 columns, and a few products of two
    dense         as independent, but each column has an effect, so that boosting needs
                  about twice as many rounds
    nested1, nested5, nested20
                  1,000,000 x 40: counts of 10 kinds of events in the last 7, 30, 60 and
                  90 days, each window holding the one before; the number is the base
                  rate in percent
    sparse        100,000 x 200: as independent, but the second half of the columns is
                  zero in 90 to 99 % of the rows, and 80 columns have an effect
    small         10,000 x 20, as dense
    wide500, wide2000
                  100,000 x 500 or x 2,000, as independent, with effects of 80 columns
    linear        1,000,000 x 40 for logistic regression: correlated columns, each with
                  mean 0 and standard deviation 1 on the training rows, so that a
                  penalty has the same effect with and without standardisation
    net           200,000 x 100 for the elastic net: likewise, with 20 nonzero coefficients
    net-small     20,000 x 100, as net
    interactions  30,000 x 20: strong effects of pairs of columns
    tall          10,000,000 x 40, as independent, rounded to what a float32 can hold

Example:
    python3 scripts/benches/data.py --into out/bench independent nested5
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from case_tables import Table, additive_table, correlated_table, interaction_table, nested_table
from columns import generator

VERSION = 2  # written to meta.json: increase it when the same seed gives different tables
ROWS = {
    "independent": (1_000_000, 200_000, 40),
    "dense": (1_000_000, 200_000, 40),
    "nested1": (1_000_000, 200_000, 40),
    "nested5": (1_000_000, 200_000, 40),
    "nested20": (1_000_000, 200_000, 40),
    "sparse": (100_000, 100_000, 200),
    "small": (10_000, 100_000, 20),
    "wide500": (100_000, 50_000, 500),
    "wide2000": (100_000, 20_000, 2_000),
    "linear": (1_000_000, 200_000, 40),
    "net": (200_000, 50_000, 100),
    "net-small": (20_000, 50_000, 100),
    "interactions": (30_000, 100_000, 20),
    "tall": (10_000_000, 100_000, 40),
}
CASES = list(ROWS)
BASE_RATE = {"nested1": 0.01, "nested5": 0.05, "nested20": 0.2}


def intercept_for(log_odds, rate):
    """Returns the intercept for which the mean probability is `rate`, by Newton's method."""
    sample, b = log_odds[:200_000], np.log(rate / (1 - rate))
    for _ in range(50):
        p = 1 / (1 + np.exp(-(sample + b)))
        b -= (p.mean() - rate) / (p * (1 - p)).mean()
    return b


def fill(name, table, seed):
    """Writes the columns; returns the true log-odds and the categorical columns."""
    columns = table.columns
    if name.startswith("nested"):
        return nested_table(table, seed), []
    if name in ("linear", "net", "net-small"):
        return correlated_table(table, seed, columns if name == "linear" else 20), []
    if name == "interactions":
        return interaction_table(table, seed), []
    categorical = [c for c in range(columns) if c % (columns // 5) == columns // 10 + 1]
    options = {"tall": {"single": True}, "sparse": {"sparse_from": columns // 2}}.get(name, {})
    informative = {"independent": 24, "tall": 24, "dense": None, "small": None}.get(name, 80)
    return additive_table(table, seed, categorical, informative=informative, **options), categorical


def wanted_meta(name, scale, seed):
    train, test, columns = ROWS[name]
    return {
        "version": VERSION,
        "case": name,
        "rows": train // scale,
        "testRows": max(test // scale, 2_000),
        "columns": columns,
        "seed": seed,
    }


def labels(log_odds, rate, seed):
    """Adds the intercept to `log_odds` in place, and returns drawn labels."""
    log_odds += intercept_for(log_odds, rate)
    random = generator(seed, 9)
    p = 1 / (1 + np.exp(-log_odds))
    return (random.random(len(p)) < p).astype(np.uint8)


def log_loss_of(log_odds, y):
    return float(np.mean(np.logaddexp(0, log_odds) - y * log_odds))


def make(name, into, scale=1, seed=20260730):
    """Generates the case in the folder `into`/`name` unless it exists; returns the folder."""
    folder, meta = Path(into) / name, wanted_meta(name, scale, seed)
    file = folder / "meta.json"
    if file.exists():
        found = json.loads(file.read_text())
        if all(found.get(key) == value for key, value in meta.items()):
            return folder
        file.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    table = Table(folder, meta["rows"], meta["testRows"], meta["columns"])
    log_odds, categorical = fill(name, table, seed)
    table.close()
    y = labels(log_odds, BASE_RATE.get(name, 0.27), seed)
    np.save(folder / "train_y.npy", y[: table.train])
    np.save(folder / "test_y.npy", y[table.train :])
    meta["categorical"] = categorical
    meta["baseRate"] = float(y[: table.train].mean())
    meta["trueLogLoss"] = log_loss_of(log_odds[table.train :], y[table.train :])
    partial = folder / "meta.json.partial"
    partial.write_text(json.dumps(meta, indent=1) + "\n")
    partial.rename(file)
    return folder


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="+", choices=CASES)
    parser.add_argument("--into", default="out/bench")
    parser.add_argument("--scale", type=int, default=1, help="divide the rows by this")
    parser.add_argument("--seed", type=int, default=20260730)
    arguments = parser.parse_args()
    for name in arguments.cases:
        start = time.monotonic()
        folder = make(name, arguments.into, arguments.scale, arguments.seed)
        meta = json.loads((folder / "meta.json").read_text())
        print(
            f"{folder}: {meta['rows']:,} x {meta['columns']}, base rate {meta['baseRate']:.4f},"
            f" true log loss {meta['trueLogLoss']:.5f} ({time.monotonic() - start:.0f} s)",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
