"""Peers at their own best: tuned LightGBM and CatBoost, and logistic regression with usual care.

    lightgbm  random trials over leaves, rate, leaf size, shares of columns and rows, penalties and the
              smoothing of categories; the first trial is the library's own setting with rate 0.05.
              Categories are the library's own. The number of rounds of a trial is the minimum of the mean
              log loss over 5 folds of whole users, and so is its value; the best is fitted on all rows.
    catboost  depths 4, 6 and 8 at the library's own rate, categories by its ordered statistics. Each of 5
              folds of users stops early; the depth with the least mean log loss is fitted on all rows with
              the mean of its best iterations.
    logistic  see tuned_logistic.py

A fit takes rows to learn from and returns a function from features to log-odds, and what was chosen.
"""

import numpy as np

from models import group_folds, stump_matrix
from tuned_logistic import fit_logistic

MOST_ROUNDS = 5000
SMALL = 500_000  # values up to which one thread is as fast as several, and not slowed by a busy machine
PATIENCE = 50
DEPTHS = (4, 6, 8)


# LightGBM

def lightgbm_trials(count, seed):
    random = np.random.default_rng([seed, 30])

    def between(low, high):
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    yield {"learning_rate": 0.05}
    for _ in range(count - 1):
        yield {
            "num_leaves": round(between(4, 64)),
            "learning_rate": between(0.02, 0.2),
            "min_data_in_leaf": round(between(5, 200)),
            "feature_fraction": random.uniform(0.4, 1),
            "bagging_fraction": random.uniform(0.5, 1),
            "bagging_freq": 1,
            "lambda_l2": between(0.001, 30),
            "cat_smooth": between(1, 100),
            "min_data_per_group": round(between(5, 100)),
        }


def lightgbm_value(data, settings, folds):
    """Returns the least mean log loss over the folds, and its number of rounds."""
    import lightgbm
    curve = lightgbm.cv(
        settings,
        data,
        num_boost_round=MOST_ROUNDS,
        folds=folds,
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )["valid binary_logloss-mean"]
    rounds = int(np.argmin(curve)) + 1
    return curve[rounds - 1], rounds


def fit_lightgbm(train, options):
    import lightgbm
    features = train.features
    levels = [
        {level: place for place, level in enumerate(sorted(set(column)))} for column in features.texts.T
    ]
    first = features.numbers.shape[1]
    threads = 1 if len(train.labels) * (first + len(levels)) <= SMALL else options.threads
    fixed = {"objective": "binary", "metric": "binary_logloss", "num_threads": threads,
             "deterministic": True, "force_col_wise": True, "seed": options.seed, "verbosity": -1,
             "feature_pre_filter": False}
    matrix = stump_matrix(features, levels)
    folds = group_folds(train.users, options.seed)

    def data():
        categorical = list(range(first, first + len(levels)))
        return lightgbm.Dataset(
            matrix, train.labels, categorical_feature=categorical, params=fixed, free_raw_data=False
        )

    best = None
    for number, trial in enumerate(lightgbm_trials(options.trials, options.seed)):
        value, rounds = lightgbm_value(data(), fixed | trial, folds)
        if best is None or value < best[0]:
            best = (value, rounds, number, trial)
    value, rounds, number, trial = best
    model = lightgbm.train(fixed | trial, data(), num_boost_round=rounds)
    chosen = {"crossValidatedLogLoss": value, "rounds": rounds, "trial": number + 1, **trial}
    return lambda features: model.predict(stump_matrix(features, levels), raw_score=True), chosen


# CatBoost

def catboost_pool(features, labels=None):
    import pandas
    from catboost import Pool
    numbers, texts = features.numbers.shape[1], features.texts.shape[1]
    table = pandas.DataFrame(features.numbers, columns=[f"n{place}" for place in range(numbers)])
    for place in range(texts):
        table[f"c{place}"] = features.texts[:, place]
    return Pool(table, label=labels, cat_features=[f"c{place}" for place in range(texts)])


def catboost_model(settings, options):
    from catboost import CatBoost
    fixed = {"loss_function": "Logloss", "random_seed": options.seed, "thread_count": options.threads,
             "verbose": False, "allow_writing_files": False}
    return CatBoost(fixed | settings)


def catboost_value(train, depth, pools, options):
    """Returns the mean over the folds of the least log loss, of its iterations, and of the rate."""
    found = []
    for known, held in pools:
        model = catboost_model({"depth": depth, "od_type": "Iter", "od_wait": PATIENCE}, options)
        model.fit(known, eval_set=held, use_best_model=True)
        loss = model.get_best_score()["validation"]["Logloss"]
        found.append((loss, model.get_best_iteration() + 1, model.get_all_params()["learning_rate"]))
    return np.mean(found, axis=0)


def fit_catboost(train, options):
    pools = [
        tuple(catboost_pool(train.features.rows(rows), train.labels[rows]) for rows in fold)
        for fold in group_folds(train.users, options.seed)
    ]
    values = {depth: catboost_value(train, depth, pools, options) for depth in options.depths}
    depth = min(values, key=lambda depth: values[depth][0])
    value, iterations, rate = values[depth]
    settings = {"depth": depth, "iterations": max(1, round(iterations)), "learning_rate": rate}
    model = catboost_model(settings, options)
    model.fit(catboost_pool(train.features, train.labels))
    chosen = {"crossValidatedLogLoss": float(value), **settings, "learning_rate": float(rate)}
    return lambda features: model.predict(catboost_pool(features), prediction_type="RawFormulaVal"), chosen


FITS = {"lightgbm": fit_lightgbm, "catboost": fit_catboost, "logistic": fit_logistic}
PEERS = tuple(FITS)
