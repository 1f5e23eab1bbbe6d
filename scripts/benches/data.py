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
SPREAD = 1.08  # standard deviation of the additive part of the true log-odds
CHUNK = 1_000_000


def generator(seed, *path):
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *path])))


def standardised(x):
    spread = np.nanstd(x)
    return (x - np.nanmean(x)) / spread if spread > 0 else np.zeros_like(x)


class Table:
    """A pair of train and test tables on disk, written one column at a time."""

    def __init__(self, folder, train, test, columns):
        self.folder, self.train, self.test, self.columns = folder, train, test, columns
        self.files = {}
        for name, rows in (("train", train), ("test", test)):
            array = np.lib.format.open_memmap(
                folder / f"{name}.npy", "w+", np.float64, (rows, columns), fortran_order=True
            )
            self.files[name] = (open(folder / f"{name}.npy", "r+b"), array.offset)
            del array

    @property
    def rows(self):
        return self.train + self.test

    def write(self, column, x):
        x = np.ascontiguousarray(x, np.float64)
        for name, part in (("train", x[: self.train]), ("test", x[self.train :])):
            file, offset = self.files[name]
            file.seek(offset + column * len(part) * 8)
            part.tofile(file)

    def close(self):
        for file, _ in self.files.values():
            file.close()


def in_chunks(draw, rows):
    """Draws rows in chunks, so that the temporary arrays of a tall table stay small."""
    return np.concatenate([draw(min(CHUNK, rows - start)) for start in range(0, rows, CHUNK)])


def counts(random, rows):
    mean, shape = np.exp(random.uniform(-0.5, 3.5)), random.uniform(0.3, 1.5)
    return in_chunks(lambda n: random.poisson(random.gamma(shape, mean / shape, n)), rows)


def amounts(random, rows):
    centre, spread = random.uniform(1.5, 4.5), random.uniform(0.7, 1.5)
    return in_chunks(lambda n: np.round(random.lognormal(centre, spread, n), 2), rows)


def shares(random, rows):
    a, b = random.uniform(0.4, 2.5, 2)
    return in_chunks(lambda n: np.round(random.beta(a, b, n), 3), rows)


def waits(random, rows):
    mean = random.uniform(5, 60)
    return in_chunks(lambda n: np.round(random.exponential(mean, n), 4), rows)


def levels(random, rows):
    number = int(random.integers(8, 61))
    share = random.dirichlet(np.full(number, 1.5)) + 0.2 / number
    ends = np.cumsum(share / share.sum())[:-1]
    return in_chunks(lambda n: np.searchsorted(ends, random.random(n)), rows)


def thinned(random, x):
    """Sets 90 to 99 % of the rows to zero."""
    x = x + 1
    x[random.random(len(x)) < random.uniform(0.9, 0.99)] = 0
    return x


KINDS = [counts, amounts, counts, shares, counts, waits, counts, amounts]


def smooth_scale(x):
    """Transforms skewed numbers to roughly normal ones, so that effects spread over all rows."""
    return standardised(np.log1p(x))


def effect(random, x):
    """Returns the sum of a step effect and a smooth effect of a numeric column, with standard deviation 1."""
    t = smooth_scale(x.astype(np.float64))
    steps = np.zeros(len(t))
    for _ in range(int(random.integers(1, 4))):
        steps += random.normal() * (t > random.normal(0, 0.8))
    centre, width = random.normal(0, 0.7), random.uniform(0.3, 1.0)
    shape = int(random.integers(3))
    if shape == 0:
        smooth = np.tanh((t - centre) / width)
    elif shape == 1:
        smooth = np.exp(-(((t - centre) / width) ** 2))
    else:
        smooth = t * random.choice([-1.0, 1.0])
    return standardised(0.6 * standardised(steps) + random.choice([-1, 1]) * standardised(smooth))


def effect_of_levels(random, x):
    return standardised(random.normal(size=int(x.max()) + 1)[x.astype(np.int64)])


def intercept_for(log_odds, rate):
    """Returns the intercept for which the mean probability is `rate`, by Newton's method."""
    sample, b = log_odds[:200_000], np.log(rate / (1 - rate))
    for _ in range(50):
        p = 1 / (1 + np.exp(-(sample + b)))
        b -= (p.mean() - rate) / (p * (1 - p)).mean()
    return b


def additive_table(table, seed, categorical, sparse_from=None, informative=None, single=False):
    """Writes independent columns; returns the true log-odds."""
    log_odds, total = np.zeros(table.rows), 0.0
    chosen = generator(seed, 10).permutation(table.columns)[: informative or table.columns]
    informative, kept = set(chosen.tolist()), []
    for column in range(table.columns):
        random = generator(seed, 1, column)
        is_level = column in categorical
        x = levels(random, table.rows) if is_level else KINDS[column % len(KINDS)](random, table.rows)
        if sparse_from is not None and column >= sparse_from and not is_level:
            x = thinned(random, x)
        x = x.astype(np.float32).astype(np.float64) if single else x.astype(np.float64)
        if column in informative:
            shape = effect_of_levels(random, x) if is_level else effect(random, x)
            size = random.uniform(0.4, 1.6)
            if column % 4 == 3 and not is_level:
                gone = random.random(table.rows) < 0.1
                x[gone], shape[gone] = np.nan, random.normal(0, 1)
            log_odds += size * shape
            total += size * size
            if len(kept) < 6 and not is_level:
                kept.append(np.nan_to_num(shape).astype(np.float32))
        elif column % 4 == 3 and not is_level:
            x[random.random(table.rows) < 0.1] = np.nan
        table.write(column, x)
    log_odds *= SPREAD / np.sqrt(total)
    for first, second in zip(kept[0::2], kept[1::2]):
        log_odds += 0.08 * first * second
    return log_odds


def nested_table(table, seed):
    """Writes counts of 10 kinds of events in 7, 30, 60 and 90 days; returns the true log-odds.

    Each user has a rate of each kind and a drift of activity that all kinds share.
    """
    drift = generator(seed, 2).normal(0, 0.35, table.rows)
    log_odds, falls = np.zeros(table.rows), []
    for kind in range(table.columns // 4):
        random = generator(seed, 3, kind)
        shape, mean = random.uniform(0.4, 1.2), np.exp(random.uniform(-2.6, 0.6)) / 2
        rate = random.gamma(shape, mean / shape, table.rows)
        count, before = np.zeros(table.rows), []
        for window, (days, age) in enumerate(((7, 0), (23, 1), (30, 2), (30, 3))):
            count = count + random.poisson(days * rate * np.exp(drift * (1.5 - age)))
            table.write(4 * kind + window, count)
            shape = random.uniform(0.3, 1.0) * effect(random, count)
            log_odds += shape - random.uniform(0, 0.6) * smooth_scale(count)
            before.append(np.log1p(count).astype(np.float32))
        if kind < 3:
            falls.append(standardised(before[0] - before[2]))
    return standardised(log_odds) - 0.1 * sum(falls)


def correlated_table(table, seed, nonzero):
    """Writes correlated standardised columns; returns the true log-odds."""
    random = generator(seed, 4)
    factors = [generator(seed, 5, f).normal(size=table.rows) for f in range(6)]
    coefficients = np.zeros(table.columns)
    chosen = random.permutation(table.columns)[:nonzero]
    coefficients[chosen] = random.normal(0, 1.0, nonzero) / np.sqrt(nonzero)
    log_odds = np.zeros(table.rows)
    for column in range(table.columns):
        own = generator(seed, 6, column)
        loading = own.normal(0, 0.5, len(factors))
        x = sum(w * f for w, f in zip(loading, factors)) + own.normal(size=table.rows)
        if column % 3 == 1:
            x = np.floor(np.exp(0.7 * x) * 3)  # a skewed count
            x = np.log1p(x)
        x = (x - x[: table.train].mean()) / x[: table.train].std()
        table.write(column, x)
        log_odds += coefficients[column] * x
    return log_odds


def interaction_table(table, seed):
    """Writes columns with small main effects and strong interactions; returns the true log-odds."""
    shapes, log_odds = [], np.zeros(table.rows)
    for column in range(table.columns):
        random = generator(seed, 7, column)
        x = KINDS[column % len(KINDS)](random, table.rows).astype(np.float64)
        table.write(column, x)
        t = smooth_scale(x)
        shapes.append(t)
        log_odds += 0.2 * effect(random, x)
    random = generator(seed, 8)
    order = random.permutation(table.columns)
    for number, (a, b) in enumerate(zip(order[0:12:2], order[1:12:2])):
        s, t = shapes[a], shapes[b]
        if number % 3 == 0:
            pair = np.sign(s - np.median(s)) * np.sign(t - np.median(t))
        elif number % 3 == 1:
            pair = np.tanh(s) * np.tanh(t)
        else:
            pair = ((s > 0.3) & (t < 0)).astype(float)
        log_odds += 0.45 * standardised(pair)
    return log_odds


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
