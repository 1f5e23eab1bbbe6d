"""Tables of customers with a known truth, made from a seed: what a default command is to find by itself.

    interactions  7,000 rows to learn from, 15 inputs: strong effects of pairs and triples
    wide          35,000 rows, 57 inputs: pairs among strong and weak inputs, 40 inputs of noise, and a
                  category of 700 levels, of which every tenth matters
    small         630 rows, 15 inputs: smooth effects
    levels        14,000 rows: categories of 50, 400 and 3,000 levels with random effects, and 6 numbers

Those are 70 % of 10,000, 50,000, 900 and 20,000 rows. The test has the rest, or 10,000 rows where the rest
is less: rows that are made cost nothing, and a small test tells little.
"""

import csv
from typing import NamedTuple

import numpy as np

LEAST_TEST = 10_000
SHARE = 0.7


class Made(NamedTuple):
    """A table: its columns by name, the labels, and the probabilities that they were drawn by."""

    columns: dict
    labels: np.ndarray
    probabilities: np.ndarray


def numbers(random, rows, count):
    """Returns `count` independent normal columns."""
    return [random.normal(0, 1, rows) for _ in range(count)]


def levels_of(random, rows, count, skew):
    """Returns codes of levels, of which the first are the most frequent."""
    shares = np.arange(1, count + 1) ** -float(skew)
    return random.choice(count, rows, p=shares / shares.sum())


def named(prefix, codes):
    return np.array([f"{prefix}{code}" for code in range(codes.max() + 1)], dtype=object)[codes]


def with_gaps(random, column, share):
    return np.where(random.random(len(column)) < share, np.nan, column)


def interactions(random, rows):
    x = numbers(random, rows, 12)
    plan, region = levels_of(random, rows, 4, 0.5), levels_of(random, rows, 6, 0.5)
    device = levels_of(random, rows, 3, 0.5)
    odds = 0.5 * x[0] - 0.4 * x[7] + 0.3 * (device == 1)
    odds += 0.9 * np.clip(x[0] * x[1], -3, 3)
    odds += 1.2 * np.where((x[2] > 0) != (x[3] > 0.4), 1, -1)
    odds += 1.0 * np.array([-1.2, 1.2, 0.3, -0.3])[plan] * x[4]
    odds += 2.0 * ((x[5] > 0) & (x[6] > 0) & (region % 2 == 0)) - 0.5 * (x[5] > 0)
    odds += 0.8 * np.where(x[8] > 0.2, 1, -0.5) * np.where(device == 1, 1, -0.5) * x[9]
    x[10] = with_gaps(random, x[10], 0.1)
    columns = {f"x{place}": column for place, column in enumerate(x)}
    columns |= {"plan": named("p", plan), "region": named("r", region), "device": named("d", device)}
    return columns, odds


def noise(random, rows, place):
    """Returns one of 40 inputs of noise: counts, amounts, shares and waiting times, some with gaps."""
    column = [
        random.poisson(3, rows).astype(float), random.lognormal(2, 1, rows), random.beta(2, 3, rows),
        random.exponential(20, rows),
    ][place % 4]
    return with_gaps(random, column, 0.15) if place % 5 == 0 else column


def wide(random, rows):
    strong, weak = numbers(random, rows, 8), numbers(random, rows, 8)
    for place in (2, 3):
        strong[place] = np.exp(strong[place])
    for place in (4, 5):
        weak[place] = random.poisson(2, rows).astype(float)
    shop = levels_of(random, rows, 700, 0.7)
    effects = np.where(np.arange(700) % 10 == 3, random.normal(0, 1.2, 700), 0)
    odds = 0.7 * strong[0] - 0.6 * strong[1] + 0.6 * np.log(strong[2]) + 0.5 * np.tanh(2 * strong[4])
    odds += 0.12 * sum(weak[place] for place in range(4)) - 0.1 * (weak[4] > 2)
    odds += 0.8 * np.where((strong[0] > 0) != (strong[5] > 0), 1, -1)
    odds += 0.5 * np.clip(strong[1] * strong[6], -3, 3)
    odds += 0.7 * (strong[3] > 1) * (weak[0] > 0) + 0.5 * np.clip(weak[1] * weak[2], -3, 3)
    odds += 0.6 * (strong[7] > 0.5) * np.where(weak[5] > 1, 1, -1) + effects[shop]
    columns = {f"strong{place}": column for place, column in enumerate(strong)}
    columns |= {f"weak{place}": column for place, column in enumerate(weak)}
    columns |= {f"noise{place}": noise(random, rows, place) for place in range(40)}
    return columns | {"shop": named("s", shop)}, odds


def small(random, rows):
    x = numbers(random, rows, 13)
    plan, sex = levels_of(random, rows, 4, 0.5), levels_of(random, rows, 2, 0)
    tenure, spend = random.exponential(24, rows), random.lognormal(3, 0.8, rows)
    odds = 0.8 * np.exp(-tenure / 12) - 0.5 * np.log(spend / 20) + 0.6 * np.sin(x[0])
    odds += 0.3 * (x[1] ** 2 - 1) + 0.5 * x[2] - 0.3 * x[3] + 0.4 * np.tanh(2 * x[4])
    odds += np.array([0.4, 0.0, -0.3, -0.6])[plan]
    x[5] = with_gaps(random, x[5], 0.1)
    columns = {"tenure": tenure, "spend": spend, "plan": named("p", plan), "sex": named("s", sex)}
    return columns | {f"x{place}": column for place, column in enumerate(x[:11])}, odds


def levels(random, rows):
    x = numbers(random, rows, 6)
    odds = 0.5 * x[0] - 0.4 * x[1] + 0.4 * np.abs(x[2]) + 0.3 * (x[3] > 0)
    columns = {f"x{place}": column for place, column in enumerate(x)}
    categories = (("city", 50, 0.5, 0.5), ("shop", 400, 0.6, 0.7), ("item", 3_000, 0.6, 0.9))
    for name, count, skew, spread in categories:
        codes = levels_of(random, rows, count, skew)
        odds += random.normal(0, spread, count)[codes]
        columns[name] = named(name[0], codes)
    return columns, odds


TABLES = {
    "interactions": (interactions, 10_000, 0.35), "wide": (wide, 50_000, 0.2), "small": (small, 900, 0.3),
    "levels": (levels, 20_000, 0.3),
}


def intercept_for(odds, rate):
    """Returns the intercept for which the mean probability is `rate`, by bisection."""
    low, high = -30.0, 30.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        above = (1 / (1 + np.exp(-(odds + middle)))).mean() > rate
        low, high = (low, middle) if above else (middle, high)
    return low


def make(name, seed):
    """Returns the table, and how many of its rows, the first ones, are to learn from."""
    generator, rows, rate = TABLES[name]
    train = int(SHARE * rows)
    random = np.random.default_rng([seed, list(TABLES).index(name)])
    columns, odds = generator(random, train + max(rows - train, LEAST_TEST))
    probabilities = 1 / (1 + np.exp(-(odds + intercept_for(odds, rate))))
    drawn = (random.random(len(odds)) < probabilities).astype(int)
    return Made(columns, drawn, probabilities), train


def fields(column):
    """Returns the texts of a column: six digits of a number, nothing for a gap."""
    if column.dtype == object:
        return column
    return ["" if np.isnan(value) else f"{value:.6g}" for value in column]


def write(made, rows, path):
    """Writes the chosen rows as a CSV with the columns and `label`."""
    columns = [fields(column[rows]) for column in made.columns.values()]
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*made.columns, "label"])
        writer.writerows(zip(*columns, made.labels[rows]))
