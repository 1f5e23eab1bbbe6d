"""Limpet's default command and its peers on small data: draws of 600 to 1,500 users of a task.

A draw is a table of the rows of these users, and of a log that of its snapshots at the training's times,
with Limpet's own features. Limpet trains on it by its default command for a flat table, with the users
named where they have several rows. What is measured on are the rows of all other users: of a flat table all
that were not drawn, of a log those of its later snapshots. Intervals are those of Student's t over the draws.
"""

import csv

import numpy as np

from cases import Rows, flat_scores
from paired import METRICS, best_of, is_close, prediction
from tables import Features

FEWEST, MOST = 600, 1_500
LABEL, USER = "limpet_label", "limpet_user"


def joined(parts):
    """Returns the rows of several tables as one."""
    features = Features(*(np.concatenate([getattr(part.features, kind) for part in parts])
                          for kind in ("numbers", "texts")))
    return Rows(features, *(np.concatenate([getattr(part, kind) for part in parts])
                            for kind in ("labels", "users")))


def text(value):
    return "" if np.isnan(value) else repr(float(value)).removesuffix(".0")


def write(rows, names, grouped, path):
    """Writes rows as a CSV with their labels, and the users where they have several rows."""
    columns = {LABEL: rows.labels} | ({USER: rows.users} if grouped else {})
    values = [[text(value) for value in column] for column in rows.features.numbers.T]
    columns |= dict(zip(names, [*values, *rows.features.texts.T]))
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))


class Pool:
    """The rows that are drawn from, and those that are measured on where their users were not drawn."""

    def __init__(self, data):
        tests = [test.rows for test in data.tests]
        is_log = data.extract_seconds is not None
        self.names, self.grouped = data.names, data.grouped
        self.rows = data.train if is_log else joined([data.train, *tests])
        self.tested = tests[0] if is_log else self.rows
        self.users = np.unique(self.rows.users)

    def draw(self, random):
        """Returns the rows of a draw, and those to measure on."""
        count = min(int(random.integers(FEWEST, MOST + 1)), int(0.7 * len(self.users)))
        while True:
            users = random.choice(self.users, count, replace=False)
            train = self.rows.at(np.isin(self.rows.users, users))
            if 5 <= train.labels.sum() <= len(train.labels) - 5:
                return train, self.tested.at(~np.isin(self.tested.users, users)), count


def one_draw(pool, number, limpet, fits, options, folder):
    """Returns the metrics and the seconds of each model on one draw."""
    train, test, count = pool.draw(np.random.default_rng([options.seed, number]))
    files = [folder / "draw-train.csv", folder / "draw-test.csv"]
    for rows, file in zip((train, test), files):
        write(rows, pool.names, pool.grouped, file)
    arguments = ["--table", files[0], "--target", LABEL, "--positive", "1"]
    arguments += ["--group", USER] if pool.grouped else []
    trained = limpet.train(arguments, folder / "draw.json")
    score = flat_scores(limpet, ["--table", files[1]], len(test.labels))
    predictions = {"limpet": prediction(test.labels, *score(trained.file, folder / "draw-scores.csv"))}
    seconds = {"limpet": trained.seconds}
    for name, (predict, _, taken) in fits(train, options).items():
        predictions[name], seconds[name] = prediction(test.labels, predict(test.features)), taken
    values = {name: one.measure(np.ones(len(test.labels))) for name, one in predictions.items()}
    return values, seconds, count


def interval(values):
    """Returns the mean, and the interval of Student's t."""
    from scipy.stats import t
    values = np.asarray(values)
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return {"value": float(values.mean()), "low": float(values.mean() - half),
            "high": float(values.mean() + half)}


def summary(draws):
    """Returns means over the draws, and Limpet's differences from each peer and from the best of them."""
    values, seconds, counts = zip(*draws)
    models = {name: {metric: float(np.mean([one[name][metric] for one in values])) for metric in METRICS}
              for name in values[0]}
    peers = {name: models[name] for name in models if name != "limpet"}
    differences = {
        peer: {metric: interval([one["limpet"][metric] - one[peer][metric] for one in values])
               for metric in METRICS} for peer in peers
    }
    best = {}
    for metric in METRICS:
        peer = best_of(metric, peers)
        found = differences[peer][metric]
        best[metric] = {"peer": peer, **found, "isClose": is_close(metric, found["value"])}
    taken = {name: float(np.mean([one[name] for one in seconds])) for name in models}
    return {"draws": len(draws), "users": [min(counts), max(counts)], "models": models, "seconds": taken,
            "differences": differences, "best": best}
