"""Compares Limpet's predictions with those of well-known libraries on the same rows.

Its peers are of the kinds that Limpet trains, simply fitted: tests hold each kind to them. How the default
command does against tuned peers of any kind, whole jobs on held-out rows, is measured by defaults.py.

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
import json
import os
import time
import warnings
from pathlib import Path

# Threads that sleep instead of spinning while they wait: on a busy machine the fits are many times faster.
# The variables must be set before the imports.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402
from folds import compare_folds  # noqa: E402
from measures import PEERS, Prediction, measured, sigmoid  # noqa: E402
from models import FITS  # noqa: E402
from tables import BAD_DATA, Features, fail, labels_of, read_table  # noqa: E402


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
