"""Logistic regression as a careful person fits it with scikit-learn.

Numbers whose skewness is above 1 go through sign(x) * log(1 + |x|); a missing one is the median, with an
indicator; all are standardised. Categories are one-hot, levels of fewer than 10 rows are one level, and so
is one that was not seen. C is the best of a grid by the log loss over 5 folds of whole users, with all of
this fitted inside the folds.
"""

from collections import Counter

import numpy as np
from scipy import sparse

from measures import row_losses, sigmoid
from models import group_folds, signed_log

GRID = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0)
RARE = 10
SKEWED = 1.0
MOST_DENSE = 400  # columns up to which the table is dense, and Newton's method fast


def skewness(numbers):
    """Returns the skewness of each column, without missing values."""
    centred = numbers - np.nanmean(numbers, axis=0)
    deviations = np.sqrt(np.nanmean(centred**2, axis=0))
    return np.nanmean(centred**3, axis=0) / np.where(deviations > 0, deviations, 1) ** 3


class Encoder:
    """An encoder fitted on training rows."""

    def __init__(self, features):
        self.used = ~np.isnan(features.numbers).all(axis=0)
        known = features.numbers[:, self.used]
        self.skewed = np.abs(skewness(known)) > SKEWED
        self.gaps = np.isnan(known).any(axis=0)
        self.medians = np.nanmedian(self.transformed(features), axis=0)
        filled = self.filled(features)
        self.means, deviations = filled.mean(axis=0), filled.std(axis=0)
        self.scales = np.where(deviations > 1e-12, deviations, 1)
        self.levels = [frequent(column) for column in features.texts.T]

    def transformed(self, features):
        numbers = features.numbers[:, self.used]
        return np.where(self.skewed, signed_log(numbers), numbers)

    def filled(self, features):
        numbers = self.transformed(features)
        return np.where(np.isnan(numbers), self.medians, numbers)

    def encode(self, features):
        missing = np.isnan(features.numbers[:, self.used])[:, self.gaps]
        scaled = (self.filled(features) - self.means) / self.scales
        parts = [sparse.csr_matrix(np.hstack([scaled, missing]))]
        parts += [one_hot(column, levels) for column, levels in zip(features.texts.T, self.levels)]
        table = sparse.hstack(parts, format="csr")
        return table if table.shape[1] > MOST_DENSE else table.toarray()


def frequent(column):
    """Returns the places of a category's levels; 0 is that of rare and unseen ones."""
    counts = Counter(column)
    kept = sorted(level for level, count in counts.items() if count >= RARE)
    return {level: place + 1 for place, level in enumerate(kept)}


def one_hot(column, levels):
    places = np.array([levels.get(value, 0) for value in column])
    ones = np.ones(len(places))
    return sparse.csr_matrix((ones, (np.arange(len(places)), places)), shape=(len(places), len(levels) + 1))


def model_of(c, table, labels):
    from sklearn.linear_model import LogisticRegression
    solver = "lbfgs" if sparse.issparse(table) else "newton-cholesky"
    return LogisticRegression(C=c, solver=solver, tol=1e-5, max_iter=1000).fit(table, labels)


def fit_logistic(train, options):
    losses = np.zeros(len(GRID))
    for inner, held in group_folds(train.users, options.seed):
        encoder = Encoder(train.features.rows(inner))
        known, unseen = (encoder.encode(train.features.rows(rows)) for rows in (inner, held))
        for place, c in enumerate(GRID):
            scores = model_of(c, known, train.labels[inner]).decision_function(unseen)
            losses[place] += row_losses(train.labels[held], sigmoid(scores)).sum()
    best = GRID[int(np.argmin(losses))]
    encoder = Encoder(train.features)
    table = encoder.encode(train.features)
    model = model_of(best, table, train.labels)
    value = float(losses.min()) / len(train.labels)
    chosen = {"crossValidatedLogLoss": value, "c": best, "columns": table.shape[1]}
    return lambda features: model.decision_function(encoder.encode(features)), chosen
