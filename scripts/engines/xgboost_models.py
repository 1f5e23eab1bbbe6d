#!/usr/bin/env python3
"""Trains XGBoost models of stumps for the tests of `limpet import-model`, and scores rows with them.

    xgboost_models.py [--seed SEED] FOLDER CASE...

Writes for each case, into the folder of its name in FOLDER, model.json and the files that rows.py describes:
random rows, and rows around every threshold: the 32-bit threshold, the points halfway to the 32-bit numbers
beside it, and the doubles one unit in the last place from each.
"""

import argparse
import json
import os

import numpy as np
import pandas
import xgboost

import rows
from lightgbm_models import CATEGORIES as ALL_CATEGORIES, table

# XGBoost's file counts characters of texts where it means bytes; other texts cannot be told from it.
CATEGORIES = [text for text in ALL_CATEGORIES if text.isascii()]

COMMON = {"objective": "binary:logistic", "max_depth": 1, "eta": 0.2, "nthread": 1, "tree_method": "hist"}
CASES = {
    "hist": {},
    "exact": {"tree_method": "exact", "base_score": 0.3},
    "raw": {"objective": "binary:logitraw"},
    "dart": {"booster": "dart", "rate_drop": 0.3},
    "forest": {"num_parallel_tree": 3, "subsample": 0.6, "colsample_bynode": 0.5},
    "pruned": {"gamma": 20.0},
    "codes": {"max_cat_to_onehot": 1},
    "one_hot": {"max_cat_to_onehot": 100},
    "frame": {"max_cat_to_onehot": 1},
}
NAMES = ["amount", "count", "signed", "quarter"]


def near(thresholds):
    """Thresholds, the halves between them and their neighbours of 32 bits, and the doubles beside these."""
    single = np.unique(np.asarray(thresholds, np.float32))
    neighbours = [np.nextafter(single, np.float32(end)).astype(float) for end in (-np.inf, np.inf)]
    middle = [(single.astype(float) + neighbour) / 2 for neighbour in neighbours]
    points = np.concatenate([single.astype(float), *middle])
    above, below = np.nextafter(points, np.inf), np.nextafter(points, -np.inf)
    return np.concatenate([points, above, below, [0.0, np.nan]])


def train(case, folder, seed):
    random = np.random.default_rng(seed)
    count = 4_000
    x = table(random, count)
    code = random.integers(0, len(CATEGORIES), count)
    known = np.nan_to_num(x)
    risk = (known[:, 0] > 8) + 0.7 * known[:, 1] + known[:, 3] + np.sin(5 * code)
    y = (random.random(count) < 1 / (1 + np.exp(1.5 - risk))).astype(int)
    has_codes, has_frame = case in ("codes", "one_hot"), case == "frame"

    def data(numbers, codes, label=None):
        if has_frame:
            frame = pandas.DataFrame(numbers, columns=NAMES)
            frame.insert(2, "colour", pandas.Categorical.from_codes(codes, CATEGORIES))
            return xgboost.DMatrix(frame, label, enable_categorical=True)
        if has_codes:
            numbers = np.insert(numbers, 2, np.where(codes < 0, np.nan, codes), axis=1)
            types = ["float", "float", "c", "float", "float"]
            return xgboost.DMatrix(numbers, label, feature_types=types, enable_categorical=True)
        return xgboost.DMatrix(numbers, label)

    booster = xgboost.train(COMMON | CASES[case] | {"seed": seed}, data(x, code, y), 60)
    path = os.path.join(folder, "model.json")
    booster.save_model(path)
    with open(path, encoding="utf-8") as file:
        learner = json.load(file)["learner"]
    boosting = learner["gradient_booster"]
    category = 2 if has_codes or has_frame else None
    thresholds = [[] for _ in NAMES]
    for tree in boosting.get("gbtree", boosting)["model"]["trees"]:
        feature = tree["split_indices"][0]
        if tree["left_children"][0] != -1 and feature != category:
            number = feature - (category is not None and feature > category)
            thresholds[number].append(tree["split_conditions"][0])
    last = len(CATEGORIES) if has_frame else len(CATEGORIES) + 3
    test, codes = [table(random, 20_000)], [random.integers(-1, last, 20_000)]
    for feature, values in enumerate(thresholds):
        values = near(values)
        block = table(random, len(values))
        block[:, feature] = values
        test.append(block)
        codes.append(random.integers(-1, last, len(values)))
    test, codes = np.concatenate(test), np.concatenate(codes)
    if has_codes:  # XGBoost cuts codes to whole numbers.
        codes = codes + np.where(codes < 0, 0, random.choice([0, 0, 0.25, 0.99], len(codes)))
    if has_frame:
        texts = [[CATEGORIES[c] if c >= 0 else None] for c in codes]
    elif has_codes:
        texts = [[str(c) if c >= 0 else None] for c in codes.tolist()]
    else:
        texts = [[] for _ in codes]
    rows.write(folder, test, texts)
    margin = booster.predict(data(test, codes), output_margin=True).astype(float)
    predicted = booster.predict(data(test, codes)).astype(float)
    rows.write_scores(folder, margin, 1 / (1 + np.exp(-margin)) if case == "raw" else predicted)
    assert sum(map(len, thresholds)) > (5 if case == "pruned" else 20)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folder")
    parser.add_argument("cases", nargs="+", choices=CASES, metavar="CASE")
    options = parser.parse_args()
    for case in options.cases:
        folder = os.path.join(options.folder, case)
        os.makedirs(folder, exist_ok=True)
        train(case, folder, options.seed)


if __name__ == "__main__":
    main()
