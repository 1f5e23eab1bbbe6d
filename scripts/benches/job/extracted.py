"""The result of both extractions of features: a matrix, its labels and folds, the levels of its texts."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Features:
    x: object  # [rows][features], float32; a category is its code, and missing is NaN
    y: object
    users: object
    fold: object  # of five; all rows of a user are in one
    names: list
    levels: dict
    counts: list  # rows of each snapshot time

    def arranged(self, names):
        """Returns x with its columns in the order that a model was fitted with."""
        return self.x if names == self.names else self.x[:, [self.names.index(name) for name in names]]

    def categorical(self):
        return [self.names.index(name) for name in self.levels]


def extraction(engine, file, spec):
    """Returns what answers for any snapshot time; only the engine that is asked for is imported."""
    if engine == "polars":
        import polars_features as chosen
    else:
        import duckdb_features as chosen
    return chosen.Extraction(file, spec)


def read_spec(folder):
    return json.loads((Path(folder) / "spec.json").read_text())


def write_scores(file, ids, probability):
    """Writes id and probability, the columns that all sides write."""
    import polars as pl

    pl.DataFrame({"id": ids, "probability": probability}).write_csv(file)
