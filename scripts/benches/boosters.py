"""The boosted peers: LightGBM, XGBoost, scikit-learn's histogram booster, InterpretML's EBM.

Each function takes the case's folder and the settings of the race, trains, and returns the measurements, a
function that returns the log-odds of the test rows, and the library's version. Parameters that are not named
here have the library's defaults.
"""

import numpy as np

from measure import Clock, largest_child_bytes, log_odds_of


def lightgbm_parameters(settings, threads):
    parameters = {
        "objective": "binary",
        "num_leaves": 2,
        "learning_rate": settings["learningRate"],
        "max_bin": settings["bins"],
        "num_threads": threads,
        "verbosity": -1,
    }
    if settings.get("histograms") in ("col", "row"):
        parameters[f"force_{settings['histograms']}_wise"] = True
    if settings.get("quantized"):
        parameters["use_quantized_grad"] = True
    return parameters


def lightgbm(folder, settings, threads):
    import lightgbm as library

    x, y = folder.train(settings.get("order", "C")), folder.labels()
    parameters = lightgbm_parameters(settings, threads)
    clock = Clock()
    data = library.Dataset(x, y, categorical_feature=folder.categorical, params=parameters)
    data.construct()
    clock.bins_are_ready()
    booster = library.train(parameters, data, settings["rounds"])
    measured = clock.stop()
    test = folder.test()

    def predict(rounds=None):
        return booster.predict(test, raw_score=True, num_iteration=rounds, num_threads=threads)

    return measured, predict, library.__version__


def xgboost(folder, settings, threads):
    import xgboost as library

    x, y = folder.train(), folder.labels()
    kinds = ["c" if c in folder.categorical else "q" for c in range(x.shape[1])]
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": 1,
        "eta": settings["learningRate"],
        "max_bin": settings["bins"],
        "lambda": 0,
        "nthread": threads,
    }
    clock = Clock()
    data = library.QuantileDMatrix(
        x, y, max_bin=settings["bins"], feature_types=kinds, enable_categorical=True, nthread=threads
    )
    clock.bins_are_ready()
    booster = library.train(parameters, data, settings["rounds"])
    measured = clock.stop()
    test = library.DMatrix(folder.test(), feature_types=kinds, enable_categorical=True)

    def predict(rounds=None):
        return booster.predict(test, output_margin=True, iteration_range=(0, rounds or 0))

    return measured, predict, library.__version__


def histogram_booster(folder, settings, threads):
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    x, y = folder.train(), folder.labels()
    model = HistGradientBoostingClassifier(
        max_leaf_nodes=2,
        learning_rate=settings["learningRate"],
        max_bins=min(settings["bins"], 255),
        max_iter=settings["rounds"],
        early_stopping=False,
        categorical_features=folder.categorical or None,
    )
    with threadpool_limits(threads):
        clock = Clock()
        model.fit(x, y)
        measured = clock.stop()
    test = folder.test()
    return measured, lambda rounds=None: model.decision_function(test), sklearn.__version__


def ebm(folder, settings, threads):
    import interpret
    from interpret.glassbox import ExplainableBoostingClassifier
    from joblib.externals.loky import get_reusable_executor

    x, y = folder.train(), folder.labels()
    model = ExplainableBoostingClassifier(
        feature_types=["nominal" if c in folder.categorical else "continuous" for c in range(x.shape[1])],
        interactions=settings.get("pairs", 0),
        outer_bags=settings["bags"],
        n_jobs=threads,
    )
    clock = Clock()
    model.fit(x, y)
    measured = clock.stop()
    # The bags are fitted by worker processes, whose resources are known once they have ended.
    get_reusable_executor().shutdown(wait=True)
    measured.update(processorSeconds=clock.processor_seconds(), largestWorkerBytes=largest_child_bytes())
    test = folder.test()
    return measured, lambda rounds=None: log_odds_of(model.predict_proba(test)[:, 1]), interpret.__version__


def lightgbm_deep(folder, settings, threads):
    """Trains trees with several leaves, for the gap between additive models and deep trees.

    The number of leaves of the settings' grid and the number of rounds are chosen by the loss on every fifth
    row; the model is then fitted on all rows.
    """
    import lightgbm as library

    x, y = folder.train(), folder.labels()
    held = np.arange(len(y)) % 5 == 0
    common = lightgbm_parameters(settings, threads)
    clock, best = Clock(), None
    for leaves in settings["leaves"]:
        parameters = {**common, "num_leaves": leaves}
        data = library.Dataset(x[~held], y[~held], categorical_feature=folder.categorical, params=parameters)
        other = library.Dataset(x[held], y[held], reference=data)
        stop = library.early_stopping(100, verbose=False)
        booster = library.train(parameters, data, settings["rounds"], valid_sets=[other], callbacks=[stop])
        loss = booster.best_score["valid_0"]["binary_logloss"]
        if best is None or loss < best[0]:
            best = loss, parameters, booster.best_iteration
    _, parameters, rounds = best
    data = library.Dataset(x, y, categorical_feature=folder.categorical, params=parameters)
    booster = library.train(parameters, data, rounds)
    measured = clock.stop()
    measured["chosen"] = {"leaves": parameters["num_leaves"], "rounds": rounds}
    test = folder.test()
    return measured, lambda rounds=None: booster.predict(test, raw_score=True), library.__version__


ENGINES = {
    "lightgbm": lightgbm,
    "lightgbm-deep": lightgbm_deep,
    "xgboost": xgboost,
    "scikit-learn": histogram_booster,
    "ebm": ebm,
}


def losses_along(predict, rounds, y, log_loss):
    """Returns the test log loss after each of the given numbers of rounds."""
    return {r: log_loss(np.asarray(predict(r)), y) for r in rounds}
