"""Compares Limpet's predictions with those of well-known libraries on the same rows.

Reads one of
  * two tables of `limpet features extract` (--train, --test): the columns user,
    time, label (1 or 0) and then features; and Limpet's predictions for the test
    rows (--scores [NAME=]FILE, for several models with a name each): the columns id,
    time, probability, log_odds, one row for each test row (id = user, times spelt
    alike);
  * one flat table (--table) with its target, and Limpet's out-of-fold predictions
    (--folds): the columns id, repeat, fold, probability, each id once per repeat.
Any input may be gzipped (.gz). Without --scores, or without a column probability
in --folds, only the peers are measured.
Writes JSON to the standard output.

Examples:
    python3 scripts/peers/compare.py --train train.csv --test test.csv --scores scores.csv
    python3 scripts/peers/compare.py --train train.csv --test test.csv \\
        --scores logistic=logistic.csv stumps=stumps.csv
    python3 scripts/peers/compare.py --table telco.csv --target Churn --positive Yes \\
        --id customerID --folds folds.csv

A column is numeric when every value in the training table is a number or empty
(= missing), otherwise categorical (empty is then a category of its own).

The peers:
  logistic  scikit-learn LogisticRegression with an L2 penalty. Numeric columns go
            through sign(x) * log(1 + |x|); missing = median, with an indicator
            column; all standardised; categories one-hot, an unseen category is all
            zeros. C from a small grid by the log loss over 5 folds of whole users,
            with all preprocessing fitted inside the folds.
  stumps    LightGBM, num_leaves 2, learning rate 0.1, 255 bins. The number of
            rounds is the minimum of the mean log loss over 5 folds of whole users
            (LightGBM's cv with early stopping); the model is then fitted on all
            rows with that number, which is not scaled up.
  constant  the share of positives in the training rows, as a baseline.

With --train and --test, standardError comes from 500 bootstrap draws of whole
users of the test table, the same draws for every model, so that those of the
differences are paired. A difference is Limpet - peer: an auc above 0 and a logLoss
below 0 favour Limpet. With --table, the peers are trained on exactly the given
folds, and mean, median and standardDeviation are those over the folds.
Log loss uses probabilities clipped to [1e-15, 1 - 1e-15]; auc counts ties one half
and ranks Limpet by log_odds where there is one.
"""

import argparse
import csv
import gzip
import json
import os
import sys
import time
import warnings
import zlib
from pathlib import Path

# Threads that sleep instead of spinning while they wait: on a busy machine the fits are many times faster.
# The variables must be set before the imports.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402

BAD_DATA = 65
CANNOT_READ = 66
GRID = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0)
INNER_FOLDS = 5
MAX_ROUNDS = 5000
PATIENCE = 100
DRAWS = 500
CLIP = 1e-15
PEERS = ("logistic", "stumps")


def fail(code, message):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


# Reading

def read_table(path):
    """Reads the header and the columns of a CSV, as lists of text; row i is on line lines[i]."""
    opener = gzip.open if str(path).endswith(".gz") else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            return read_stream(csv.reader(stream, strict=True), path)
    except UnicodeDecodeError as error:
        fail(BAD_DATA, f"{path}: expected UTF-8 text: {error}")
    except (OSError, EOFError, zlib.error) as error:
        fail(CANNOT_READ, f"{path}: expected a readable file: {getattr(error, 'strerror', None) or error}")


def read_stream(reader, path):
    rows, lines = [], []
    try:
        header = next(reader, None)
        if not header or len(set(header)) != len(header):
            fail(BAD_DATA, f"{path}:1: expected a header of distinct names")
        for row in reader:
            if row and len(row) != len(header):
                fail(BAD_DATA, f"{path}:{reader.line_num}: expected {len(header)} fields, found {len(row)}")
            if row:
                rows.append([sys.intern(value.strip()) for value in row])
                lines.append(reader.line_num)
    except csv.Error as error:
        fail(BAD_DATA, f"{path}:{reader.line_num}: expected well-formed CSV: {error}")
    if not rows:
        fail(BAD_DATA, f"{path}:2: expected at least one row")
    return Table(path, header, rows, lines)


class Table:
    def __init__(self, path, header, rows, lines):
        self.path, self.header, self.lines = path, header, lines
        self.columns = dict(zip(header, (list(column) for column in zip(*rows))))
        self.count = len(rows)

    def text(self, name):
        if name not in self.columns:
            fail(BAD_DATA, f"{self.path}:1: expected a column '{name}', found {', '.join(self.header[:12])}")
        return self.columns[name]

    def where(self, row):
        return f"{self.path}:{self.lines[row]}"

    def numbers(self, name):
        """Returns the column as numbers, empty fields as NaN."""
        text = self.text(name)
        result = np.empty(self.count)
        for row, value in enumerate(text):
            number = as_number(value)
            if number is None:
                fail(
                    BAD_DATA,
                    f"{self.where(row)}: expected a finite number or nothing in '{name}', found '{value}'",
                )
            result[row] = number
        return result

    def is_numeric(self, name):
        return all(as_number(value) is not None for value in set(self.columns[name]))

    def complete(self, name):
        """Returns the column as numbers, without missing ones."""
        result = self.numbers(name)
        if np.isnan(result).any():
            row = int(np.flatnonzero(np.isnan(result))[0])
            fail(BAD_DATA, f"{self.where(row)}: expected a number in '{name}', found nothing")
        return result

    def probabilities(self, name):
        result = self.complete(name)
        for row in np.flatnonzero((result < 0) | (result > 1))[:1]:
            fail(BAD_DATA, f"{self.where(row)}: expected a probability in '{name}', found {result[row]}")
        return result


def as_number(text):
    """Returns a finite number, NaN for an empty text, None for anything else."""
    if text == "":
        return np.nan
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def labels_of(table, name):
    text = table.text(name)
    for row, value in enumerate(text):
        if value not in ("0", "1"):
            fail(BAD_DATA, f"{table.where(row)}: expected 0 or 1 in '{name}', found '{value}'")
    return two_classes(np.array([int(value) for value in text]), table.path, name)


def two_classes(labels, path, name):
    if labels.min() == labels.max():
        fail(BAD_DATA, f"{path}: expected both outcomes in '{name}', found one")
    return labels


class Features:
    """The columns for training: numbers, and texts of the categorical ones."""

    def __init__(self, numbers, texts):
        self.numbers, self.texts = numbers, texts

    @classmethod
    def of(cls, table, names, numeric):
        numbers = [table.numbers(name) for name in names if name in numeric]
        texts = [np.array(table.text(name), dtype=object) for name in names if name not in numeric]
        return cls(stack(numbers, table.count, float), stack(texts, table.count, object))

    def rows(self, chosen):
        return Features(self.numbers[chosen], self.texts[chosen])


def stack(columns, count, kind):
    return np.column_stack(columns).astype(kind) if columns else np.empty((count, 0), dtype=kind)


# The peers

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


# Measures

def sigmoid(log_odds):
    return 1 / (1 + np.exp(-np.clip(log_odds, -700, 700)))


def row_losses(labels, probabilities):
    clipped = np.clip(probabilities, CLIP, 1 - CLIP)
    return -np.where(labels == 1, np.log(clipped), np.log1p(-clipped))


class Prediction:
    """The scores of one model, prepared for metrics under any weights."""

    def __init__(self, labels, scores, probabilities):
        self.labels = labels
        self.order = np.argsort(scores, kind="stable")
        ordered = scores[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.losses = row_losses(labels, probabilities)

    def measure(self, weights):
        return {"auc": self.auc(weights), "logLoss": float(np.average(self.losses, weights=weights))}

    def auc(self, weights):
        ordered, positive = weights[self.order], self.labels[self.order] == 1
        wins = np.add.reduceat(np.where(positive, ordered, 0.0), self.starts)
        rest = np.add.reduceat(np.where(positive, 0.0, ordered), self.starts)
        below = np.cumsum(rest) - rest
        pairs = wins.sum() * rest.sum()
        return float(((below + rest / 2) * wins).sum() / pairs) if pairs else float("nan")


def user_draws(users, seed):
    """Yields weights of the rows, one set for each bootstrap draw of whole users."""
    names, places = np.unique(users, return_inverse=True)
    generator = np.random.default_rng(seed)
    for _ in range(DRAWS):
        drawn = generator.integers(0, len(names), len(names))
        yield np.bincount(drawn, minlength=len(names))[places].astype(float)


def measured(predictions, users, seed):
    """Returns each model's metrics, and Limpet's differences from the others, with standard errors."""
    whole = {name: one.measure(np.ones(len(users))) for name, one in predictions.items()}
    draws = {(name, key): [] for name in predictions for key in ("auc", "logLoss")}
    for weights in user_draws(users, seed):
        for name, prediction in predictions.items():
            for key, value in prediction.measure(weights).items():
                draws[name, key].append(value)
    draws = {key: np.array(values) for key, values in draws.items()}
    models = {name: with_errors(values, name, draws) for name, values in whole.items()}
    return models, differences(whole, draws)


def with_errors(values, name, draws):
    return {key: {"value": value, "standardError": spread(draws[name, key])} for key, value in values.items()}


def differences(whole, draws):
    return {f"{ours} - {peer}": {
        key: {"value": whole[ours][key] - whole[peer][key],
              "standardError": spread(draws[ours, key] - draws[peer, key])}
        for key in ("auc", "logLoss")}
        for ours in whole if ours.startswith("limpet") for peer in PEERS}


def spread(values):
    return float(np.nanstd(values, ddof=1))


# Train and test tables

def leading_columns(table):
    if table.header[:3] != ["user", "time", "label"]:
        fail(
            BAD_DATA,
            f"{table.path}:1: expected the columns user,time,label first, found {','.join(table.header[:3])}",
        )
    seen = {}
    for row, key in enumerate(zip(table.text("user"), table.text("time"))):
        if key in seen:
            fail(
                BAD_DATA,
                f"{table.where(row)}: expected each user and time once, found {key} also on line {seen[key]}",
            )
        seen[key] = table.lines[row]


def join_scores(test, path):
    """Returns Limpet's log-odds and probabilities, in the order of the test rows."""
    scores = read_table(path)
    probabilities, log_odds = scores.probabilities("probability"), scores.complete("log_odds")
    places = {}
    for row, key in enumerate(zip(scores.text("id"), scores.text("time"))):
        if key in places:
            fail(BAD_DATA, f"{scores.where(row)}: expected each id and time once, found {key} again")
        places[key] = row
    order = []
    for row, key in enumerate(zip(test.text("user"), test.text("time"))):
        if key not in places:
            fail(BAD_DATA, f"{test.where(row)}: expected a row for {key} in {path}")
        order.append(places.pop(key))
    for key, row in places.items():
        fail(BAD_DATA, f"{scores.where(row)}: expected a row for {key} in {test.path}")
    return log_odds[order], probabilities[order]


def compare_tables(options):
    train, test = read_table(options.train), read_table(options.test)
    for table in (train, test):
        leading_columns(table)
    names = train.header[3:]
    if sorted(names) != sorted(test.header[3:]):
        odd = sorted(set(names) ^ set(test.header[3:]))
        fail(
            BAD_DATA,
            f"{test.path}:1: expected the features of {train.path}; "
            f"only in one of them: {', '.join(odd[:5])}",
        )
    if not names:
        fail(BAD_DATA, f"{train.path}:1: expected features after user,time,label")
    numeric = {name for name in names if train.is_numeric(name)}
    labels, truth = labels_of(train, "label"), labels_of(test, "label")
    users, test_users = np.array(train.text("user")), np.array(test.text("user"))
    predictions, report = {}, {
        "train": shape(labels, users),
        "test": shape(truth, test_users),
        "features": {"numeric": len(numeric), "categorical": len(names) - len(numeric)},
    }
    for given in options.scores:
        name, _, path = given.rpartition("=")
        log_odds, probabilities = join_scores(test, Path(path))
        predictions[f"limpet {name}".strip()] = Prediction(truth, log_odds, probabilities)
    known, unknown = Features.of(train, names, numeric), Features.of(test, names, numeric)
    report["peers"] = {}
    for name in PEERS:
        scores, report["peers"][name] = timed(FITS[name], known, labels, users, unknown, options)
        predictions[name] = Prediction(truth, scores, sigmoid(scores))
    base = np.full(len(truth), labels.mean())
    predictions["constant"] = Prediction(truth, base, base)
    report["models"], report["differences"] = measured(predictions, test_users, options.seed)
    return report


def shape(labels, users):
    return {
        "rows": len(labels),
        "users": len(set(users)),
        "positives": int(labels.sum()),
        "baseRate": float(labels.mean()),
    }


def timed(fit, *values):
    start = time.monotonic()
    scores, chosen = fit(*values)
    return scores, chosen | {"seconds": round(time.monotonic() - start, 1)}


# A flat table with folds

def target_of(table, options):
    text = table.text(options.target)
    values = sorted(set(text))
    if len(values) != 2 or options.positive not in values:
        fail(
            BAD_DATA,
            f"{table.path}: expected two values in '{options.target}', one of them '{options.positive}', "
            f"found {', '.join(values[:5])}",
        )
    return np.array([int(value == options.positive) for value in text])


def read_folds(path, ids):
    """Returns for each repeat the folds of the table's rows, and Limpet's probabilities if there are any."""
    table = read_table(path)
    places = {name: row for row, name in enumerate(ids)}
    given = table.probabilities("probability") if "probability" in table.columns else None
    repeats = {}
    for row, (name, repeat, fold) in enumerate(
        zip(table.text("id"), table.text("repeat"), table.text("fold"))
    ):
        folds, probabilities = repeats.setdefault(repeat, ([None] * len(ids), np.empty(len(ids))))
        if name not in places:
            fail(BAD_DATA, f"{table.where(row)}: expected an id of the table, found '{name}'")
        place = places[name]
        if folds[place] is not None:
            fail(BAD_DATA, f"{table.where(row)}: expected id '{name}' once in repeat {repeat}")
        folds[place] = fold
        probabilities[place] = np.nan if given is None else given[row]
    for repeat, (folds, _) in repeats.items():
        check_folds(folds, repeat, ids, path)
    return repeats, given is not None


def check_folds(folds, repeat, ids, path):
    if None in folds:
        fail(BAD_DATA, f"{path}: expected every id in repeat {repeat}, '{ids[folds.index(None)]}' is missing")
    if len(set(folds)) < 2:
        fail(BAD_DATA, f"{path}: expected at least two folds in repeat {repeat}")


def compare_folds(options):
    table = read_table(options.table)
    ids = table.text(options.id)
    if len(set(ids)) != len(ids):
        fail(BAD_DATA, f"{table.path}: expected each value of '{options.id}' once")
    labels = target_of(table, options)
    names = [name for name in table.header if name not in (options.id, options.target)]
    numeric = {name for name in names if table.is_numeric(name)}
    features = Features.of(table, names, numeric)
    repeats, with_limpet = read_folds(options.folds, ids)
    models = (("limpet",) if with_limpet else ()) + PEERS
    results, chosen = {name: [] for name in models}, []
    for repeat, (folds, probabilities) in sorted(repeats.items()):
        for fold in sorted(set(folds)):
            held = np.array([one == fold for one in folds])
            outcome, settings = one_fold(
                features, labels, np.array(ids), held, probabilities, with_limpet, options
            )
            chosen.append({"repeat": repeat, "fold": fold} | settings)
            for name, values in outcome.items():
                results[name].append(values)
    return {"rows": table.count, "baseRate": float(labels.mean()),
            "features": {"numeric": len(numeric), "categorical": len(names) - len(numeric)},
            "models": {name: over_folds(values) for name, values in results.items()},
            "differences": fold_differences(results), "folds": chosen}


def one_fold(features, labels, ids, held, probabilities, with_limpet, options):
    """Returns each model's metrics on the held-out rows, and the settings that the peers chose."""
    for part in (held, ~held):
        two_classes(labels[part], options.folds, "each fold and its rest")
    truth, ones = labels[held], np.ones(int(held.sum()))
    outcome, settings = {}, {}
    if with_limpet:
        given = probabilities[held]
        outcome["limpet"] = Prediction(truth, given, given).measure(ones)
    for name in PEERS:
        scores, chosen = FITS[name](
            features.rows(~held), labels[~held], ids[~held], features.rows(held), options
        )
        outcome[name] = Prediction(truth, scores, sigmoid(scores)).measure(ones)
        settings |= {key: value for key, value in chosen.items() if key in ("c", "rounds")}
    return outcome, settings


def over_folds(values):
    return {key: summary(np.array([value[key] for value in values])) for key in ("auc", "logLoss")}


def summary(values):
    return {"mean": float(values.mean()), "median": float(np.median(values)),
            "standardDeviation": float(values.std(ddof=1)), "folds": len(values)}


def fold_differences(results):
    if "limpet" not in results:
        return {}
    pairs = {peer: zip(results["limpet"], results[peer]) for peer in PEERS}
    return {
        f"limpet - {peer}": over_folds(
            [{key: ours[key] - theirs[key] for key in ours} for ours, theirs in both]
        )
        for peer, both in pairs.items()
    }


# The command

def arguments():
    parser = argparse.ArgumentParser(
        description="Compares Limpet with well-known libraries on the same rows."
    )
    parser.add_argument("--train", type=Path, help="table to train on: user,time,label, then features")
    parser.add_argument("--test", type=Path, help="table to measure on, with the same columns")
    parser.add_argument("--scores", nargs="+", default=[], metavar="[NAME=]FILE",
                        help="Limpet's predictions of the test rows: id,time,probability,log_odds")
    parser.add_argument("--table", type=Path, help="a flat table, instead of --train and --test")
    parser.add_argument("--target", help="with --table: the column of the outcome")
    parser.add_argument("--positive", help="with --table: the value of --target that is to be predicted")
    parser.add_argument("--id", help="with --table: the column that names a row")
    parser.add_argument("--folds", type=Path, help="with --table: id,repeat,fold,probability")
    parser.add_argument("--threads", type=int, default=2, help="threads of LightGBM (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="seed of folds, stumps and draws (default 1)")
    options = parser.parse_args()
    flat = [options.target, options.positive, options.id, options.folds]
    tables = [options.train, options.test]
    if options.table and (None in flat or any(tables) or options.scores):
        parser.error(
            "--table goes with --target, --positive, --id and --folds, and without --train, --test, --scores"
        )
    if not options.table and (None in tables or any(value is not None for value in flat)):
        parser.error("expected --train and --test, or --table with its options")
    return options


def versions():
    import lightgbm
    import sklearn
    return {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "lightgbm": lightgbm.__version__}


def main():
    options = arguments()
    warnings.filterwarnings("ignore", category=UserWarning, module="lightgbm")
    report = compare_folds(options) if options.table else compare_tables(options)
    print(json.dumps({"versions": versions()} | report, indent=2))


if __name__ == "__main__":
    main()
