"""The peers of Limpet: logistic regression by scikit-learn, and stumps by LightGBM."""

import numpy as np

from measures import row_losses, sigmoid
from tables import stack

GRID = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0)
INNER_FOLDS = 5
MAX_ROUNDS = 5000
PATIENCE = 100


class LogisticEncoder:
    """An encoder fitted on training rows: signed log, median and indicator, one-hot, standardisation."""

    def __init__(self, features):
        numbers = signed_log(features.numbers)
        self.used = ~np.isnan(numbers).all(axis=0)
        self.medians = np.nanmedian(numbers[:, self.used], axis=0) if self.used.any() else np.empty(0)
        self.levels = [sorted(set(column)) for column in features.texts.T]
        raw = self.raw(features)
        self.means, deviations = raw.mean(axis=0), raw.std(axis=0)
        self.varying = deviations > 1e-12
        self.means, self.scales = self.means[self.varying], deviations[self.varying]

    def raw(self, features):
        numbers = signed_log(features.numbers)[:, self.used]
        missing = np.isnan(numbers)
        filled = np.where(missing, self.medians, numbers)
        hot = [(column == level) for column, levels in zip(features.texts.T, self.levels) for level in levels]
        return np.hstack([filled, missing, stack(hot, len(filled), float)])

    def encode(self, features):
        return (self.raw(features)[:, self.varying] - self.means) / self.scales


def signed_log(numbers):
    return np.sign(numbers) * np.log1p(np.abs(numbers))


def group_folds(users, seed):
    from sklearn.model_selection import GroupKFold
    splitter = GroupKFold(n_splits=INNER_FOLDS, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(users)), groups=users))


def logistic_model(c, encoded, labels):
    from sklearn.linear_model import LogisticRegression
    return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-6, max_iter=200).fit(encoded, labels)


def fit_logistic(train, labels, users, test, options):
    """Returns the log-odds of the test rows, and the chosen settings."""
    losses = np.zeros(len(GRID))
    for inner, held in group_folds(users, options.seed):
        encoder = LogisticEncoder(train.rows(inner))
        encoded, unseen = encoder.encode(train.rows(inner)), encoder.encode(train.rows(held))
        for place, c in enumerate(GRID):
            scores = logistic_model(c, encoded, labels[inner]).decision_function(unseen)
            losses[place] += row_losses(labels[held], sigmoid(scores)).sum()
    best = GRID[int(np.argmin(losses))]
    encoder = LogisticEncoder(train)
    model = logistic_model(best, encoder.encode(train), labels)
    chosen = {
        "c": best,
        "columns": int(encoder.varying.sum()),
        "crossValidatedLogLoss": losses.min() / len(labels),
    }
    return model.decision_function(encoder.encode(test)), chosen


def stump_matrix(features, levels):
    """Returns numbers, then categories as codes; an unseen category is missing."""
    codes = [np.array([places.get(value, np.nan) for value in column], dtype=float)
             for column, places in zip(features.texts.T, levels)]
    return np.hstack([features.numbers, stack(codes, len(features.numbers), float)])


def fit_stumps(train, labels, users, test, options):
    """Returns the log-odds of the test rows, and the chosen settings."""
    import lightgbm
    levels = [{level: place for place, level in enumerate(sorted(set(column)))} for column in train.texts.T]
    first = train.numbers.shape[1]
    categorical = list(range(first, first + len(levels)))
    matrix = stump_matrix(train, levels)
    settings = {"objective": "binary", "metric": "binary_logloss", "num_leaves": 2, "learning_rate": 0.1,
                "max_bin": 255, "num_threads": options.threads, "deterministic": True, "force_col_wise": True,
                "seed": options.seed, "verbosity": -1}

    def dataset():
        return lightgbm.Dataset(matrix, labels, categorical_feature=categorical, free_raw_data=False)

    curve = lightgbm.cv(
        settings,
        dataset(),
        num_boost_round=MAX_ROUNDS,
        folds=group_folds(users, options.seed),
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    means = curve["valid binary_logloss-mean"]
    rounds = int(np.argmin(means)) + 1
    model = lightgbm.train(settings, dataset(), num_boost_round=rounds)
    chosen = {"rounds": rounds, "crossValidatedLogLoss": means[rounds - 1]}
    return model.predict(stump_matrix(test, levels), raw_score=True), chosen


FITS = {"logistic": fit_logistic, "stumps": fit_stumps}
