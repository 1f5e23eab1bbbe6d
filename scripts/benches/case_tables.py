"""The tables of the races' cases: their columns are written to disk, their true log-odds returned."""

import numpy as np

from columns import KINDS, effect, effect_of_levels, generator, levels, smooth_scale, standardised, thinned

SPREAD = 1.08  # standard deviation of the additive part of the true log-odds


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
