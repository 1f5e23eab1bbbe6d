#!/usr/bin/env python3
"""Trains LightGBM models of stumps for the tests of `limpet import-model`, and scores rows with them.

    lightgbm_models.py [--seed SEED] FOLDER CASE...

Writes for each case, into the folder of its name in FOLDER, model.txt and the files that rows.py describes:
random rows, and rows at every threshold and one unit in the last place to either side, with missing values,
zeros and codes that training never saw.
"""

import argparse
import os

import lightgbm
import numpy as np
import pandas

import rows

COMMON = {"objective": "binary", "num_leaves": 2, "verbose": -1, "min_data_in_leaf": 20, "num_threads": 1,
          "deterministic": True}
CASES = {
    "nan": {},
    "zero": {"zero_as_missing": True},
    "none": {"use_missing": False},
    "sigmoid": {"sigmoid": 1.7, "boost_from_average": False},
    "forest": {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "feature_fraction": 0.6},
    "dart": {"boosting": "dart", "drop_rate": 0.3},
    "entropy": {"objective": "cross_entropy"},
    "codes": {"min_data_per_group": 5, "max_cat_to_onehot": 1},
    "frame": {"min_data_per_group": 5, "max_cat_to_onehot": 1},
}
CATEGORIES = ["red", "green", "blue", "it's \"quoted\"", "grün", "a,b", "-1", "true"]


def table(random, count):
    """Skewed amounts, counts with many zeros, and signed numbers; a tenth of each is missing."""
    x = np.column_stack([
        random.lognormal(2, 1.5, count).round(2),
        random.poisson(1.5, count).astype(float),
        random.normal(size=count),
        random.integers(-3, 4, count) * 0.25,
    ])
    x[random.random(x.shape) < 0.1] = np.nan
    return x


def near(thresholds, tiny):
    values = [*thresholds, *np.nextafter(thresholds, np.inf), *np.nextafter(thresholds, -np.inf)]
    zero = float(np.float32(1e-35))
    near_zero = [zero, -zero, np.nextafter(zero, 1), -np.nextafter(zero, 1)] if tiny else []
    return values + [0.0, -0.0, np.nan] + near_zero


def train(case, folder, seed):
    random = np.random.default_rng(seed)
    count = 4_000
    x = table(random, count)
    code = random.integers(0, len(CATEGORIES), count)
    known = np.nan_to_num(x)
    risk = (known[:, 0] > 8) + 0.7 * known[:, 1] + known[:, 3] + np.sin(5 * code)
    y = (random.random(count) < 1 / (1 + np.exp(1.5 - risk))).astype(int)
    has_codes, has_frame = case == "codes", case == "frame"

    def data(numbers, codes):
        if has_frame:
            frame = pandas.DataFrame(numbers, columns=["amount", "count", "signed", "quarter"])
            known = np.where(codes < len(CATEGORIES), codes, -1)
            frame.insert(2, "colour", pandas.Categorical.from_codes(known, CATEGORIES))
            return frame
        return np.insert(numbers, 2, np.where(codes < 0, np.nan, codes), axis=1) if has_codes else numbers

    parameters = COMMON | CASES[case] | {"seed": seed}
    trained = lightgbm.Dataset(data(x, code), y, categorical_feature=[2] if has_codes else "auto")
    booster = lightgbm.train(parameters, trained, 120)
    booster.save_model(os.path.join(folder, "model.txt"))

    model = booster.dump_model()
    category = 2 if has_codes or has_frame else None
    thresholds = [[] for _ in range(x.shape[1])]
    for tree in model["tree_info"]:
        node = tree["tree_structure"]
        if node.get("decision_type") == "<=":
            feature = node["split_feature"]
            thresholds[feature - (category is not None and feature > category)].append(node["threshold"])
    test, codes = [table(random, 20_000)], [random.integers(-1, len(CATEGORIES) + 3, 20_000)]
    for feature, values in enumerate(thresholds):
        values = near(np.unique(values), tiny=True)
        block = table(random, len(values))
        block[:, feature] = values
        test.append(block)
        codes.append(random.integers(-1, len(CATEGORIES) + 3, len(values)))
    test, codes = np.concatenate(test), np.concatenate(codes)
    if has_codes:  # LightGBM cuts codes to whole numbers.
        codes = codes + np.where(codes < 0, 0, random.choice([0, 0, 0.25, 0.99], len(codes)))
    known = data(test, codes)
    if has_frame:
        texts = [[CATEGORIES[c] if 0 <= c < len(CATEGORIES) else None] for c in codes]
    elif has_codes:
        texts = [[str(c) if c >= 0 else None] for c in codes.tolist()]
    else:
        texts = [[] for _ in codes]
    rows.write(folder, test, texts)
    raw = booster.predict(known, raw_score=True)
    if case == "forest":  # its raw score is the sum, its probability that of the mean
        raw = raw / booster.num_trees()
    rows.write_scores(folder, raw, booster.predict(known))
    assert sum(map(len, thresholds)) > 20


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
