"""The files of a task: what Limpet trains on and scores, and the same rows for its peers.

A flat table is two CSV files, of which Limpet reads the first to train and the second to score. A log is
trained on as it is, and scored at later snapshot times; its peers get the tables that `limpet features
extract` writes with the model's own features, so that all have the same inputs.
"""

from typing import NamedTuple

import numpy as np

from compare import join_scores, leading_columns
from tables import BAD_DATA, Features, fail, read_table


class Rows(NamedTuple):
    """Features, labels and users of rows."""

    features: Features
    labels: np.ndarray
    users: np.ndarray

    def at(self, chosen):
        return Rows(self.features.rows(chosen), self.labels[chosen], self.users[chosen])


class Scored(NamedTuple):
    """Rows to measure on, with a way to Limpet's log-odds and probabilities for them."""

    name: str
    rows: Rows
    score: object  # of a model's file and a file to write
    truth: np.ndarray | None = None


class Data(NamedTuple):
    """What the peers get: the names of the columns, the rows to train on and those to measure on."""

    names: list
    train: Rows
    tests: list
    grouped: bool
    extract_seconds: float | None = None


def columns_of(tables, leading):
    """Returns the names of the features, numbers first, and which of them are numbers in all tables."""
    names = [name for name in tables[0].header if name not in leading]
    if not names:
        fail(BAD_DATA, f"{tables[0].path}:1: expected features beside {', '.join(leading)}")
    numeric = {name for name in names if all(table.is_numeric(name) for table in tables)}
    ordered = [name for name in names if name in numeric] + [name for name in names if name not in numeric]
    return ordered, numeric


def flat_scores(limpet, arguments, rows):
    """Returns a function that scores a table: Limpet writes a row for each row, in their order."""
    def score(model, file):
        limpet.score(model, arguments, file)
        table = read_table(file)
        if table.count != rows:
            fail(BAD_DATA, f"{file}: expected {rows} scores, found {table.count}")
        return table.complete("log_odds"), table.probabilities("probability")
    return score


class FlatCase:
    """A table in two files; `group` is the column of the user, if a user has several rows."""

    def __init__(self, name, train, test, target, positive="1", group=None, truth=None):
        self.name, self.train, self.test, self.truth = name, train, test, truth
        self.target, self.positive, self.group = target, positive, group
        self.arguments = ["--table", train, "--target", target, "--positive", positive]
        self.arguments += ["--group", group] if group else []

    def rows(self, table, names, numeric, first):
        """Returns a table's rows; without users, each row is one, counted from `first`."""
        labels = np.array([int(value == self.positive) for value in table.text(self.target)])
        users = np.array(table.text(self.group)) if self.group else np.arange(first, first + table.count)
        return Rows(Features.of(table, names, numeric), labels, users)

    def data(self, limpet, model):
        tables = [read_table(self.train), read_table(self.test)]
        names, numeric = columns_of(tables, [self.target] + ([self.group] if self.group else []))
        train = self.rows(tables[0], names, numeric, 0)
        test = self.rows(tables[1], names, numeric, tables[0].count)
        score = flat_scores(limpet, ["--table", self.test], tables[1].count)
        return Data(names, train, [Scored(self.name, test, score, self.truth)], self.group is not None)


class LogTest(NamedTuple):
    """A log and the snapshot times to measure at, with the label where it is another one than in training."""

    name: str
    log: list
    times: list
    label: list


class LogCase:
    """A log to train on: its arguments, those of population, features and label, and the snapshot times."""

    def __init__(self, name, log, setting, label, times, tests, folder):
        self.name, self.log, self.times, self.tests, self.folder = name, log, times, tests, folder
        self.arguments = log + setting + label + times

    def table(self, limpet, model, arguments, name):
        file = self.folder / f"{self.name}-features-{name}.csv".replace(" ", "-")
        seconds = limpet.extract(model, arguments, file)
        table = read_table(file)
        leading_columns(table)
        return table, seconds

    def data(self, limpet, model):
        train, seconds = self.table(limpet, model, self.log + self.times, "train")
        tables = [
            self.table(limpet, model, test.log + test.times + test.label, test.name)[0] for test in self.tests
        ]
        names, numeric = columns_of([train, *tables], train.header[:3])
        tests = [self.scored(limpet, *pair, names, numeric) for pair in zip(self.tests, tables)]
        return Data(names, rows_of(train, names, numeric), tests, True, seconds)

    def scored(self, limpet, test, table, names, numeric):
        def score(model, file):
            limpet.score(model, test.log + test.times, file)
            return join_scores(table, file)
        return Scored(test.name, rows_of(table, names, numeric), score)


def rows_of(table, names, numeric):
    labels = table.complete("label").astype(int)
    return Rows(Features.of(table, names, numeric), labels, np.array(table.text("user")))
