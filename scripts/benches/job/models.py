"""The peers' models: rounds chosen by the folds given, then fitted on all rows.

Parameters that are not named have the library's defaults. One data set, binned once, serves all folds and the
last fit.
"""

import os

import numpy as np

MOST_ROUNDS = {31: 2_000, 2: 10_000}
PATIENCE = {31: 30, 2: 100}


def threads():
    return int(os.environ.get("OMP_NUM_THREADS", "2"))


def parameters(leaves, rate, bins=255):
    return {
        "objective": "binary",
        "num_leaves": leaves,
        "learning_rate": rate,
        "max_bin": bins,
        "num_threads": threads(),
        "verbosity": -1,
    }


def splits(fold):
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in np.unique(fold)]


def lightgbm_model(leaves):
    def fit(x, y, fold, categorical, stages, rate=None, rounds=None):
        import lightgbm as library

        settings = parameters(leaves, rate or 0.1)
        data = library.Dataset(x, y, categorical_feature=categorical, params=settings, free_raw_data=False)
        data.construct()
        stages.done("bin")
        if rounds is None:
            tried = library.cv(
                settings,
                data,
                MOST_ROUNDS[leaves],
                folds=splits(fold),
                callbacks=[library.early_stopping(PATIENCE[leaves], verbose=False)],
            )
            losses = tried["valid binary_logloss-mean"]
            rounds = len(losses)
            stages.say(estimatedLogLoss=losses[-1])
            stages.done("folds")
        model = library.train(settings, data, rounds)
        stages.done("fit")
        stages.say(rounds=rounds, version=library.__version__)
        return model

    return fit


class Histograms:
    """scikit-learn's booster behind the two methods of LightGBM's that the scripts use."""

    def __init__(self, model):
        self.model = model

    def predict(self, x):
        return self.model.predict_proba(x)[:, 1]

    def save_model(self, file):
        import joblib

        joblib.dump(self.model, file)


def sklearn_model(x, y, fold, categorical, stages, rate=None, rounds=None):
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier

    def booster(most, **more):
        return HistGradientBoostingClassifier(
            learning_rate=rate or 0.1, max_iter=most, categorical_features=categorical or None, **more
        )

    if rounds is None:
        curves = []
        for train, test in splits(fold):
            model = booster(MOST_ROUNDS[31], early_stopping=True, n_iter_no_change=PATIENCE[31])
            model.fit(x[train], y[train], X_val=x[test], y_val=y[test])
            curves.append(-np.asarray(model.validation_score_))
        shortest = min(map(len, curves))
        mean = np.mean([curve[:shortest] for curve in curves], axis=0)
        rounds = max(int(mean.argmin()), 1)
        stages.say(estimatedLogLoss=float(mean.min()))
        stages.done("folds")
    model = booster(rounds, early_stopping=False).fit(x, y)
    stages.done("fit")
    stages.say(rounds=rounds, version=sklearn.__version__)
    return Histograms(model)


MODELS = {"lgb31": lightgbm_model(31), "lgb2": lightgbm_model(2), "sklearn": sklearn_model}
