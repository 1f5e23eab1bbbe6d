"""The linear peers: scikit-learn and glum for L2, glmnet and scikit-learn for the elastic net.

The logistic race measures the time to reach an objective, summed over the rows:
    sum of -ln P(y) + l2 / 2 * sum of beta_j^2      (the intercept is not penalised)
Libraries define tolerance differently. Each is therefore run with tolerances from loose to tight, and the
time is that of the first fit whose objective, computed here in 64 bits, is within 1e-6 (relative) of the
optimum. The optimum is computed by Newton's method in 64 bits until it converges.

The elastic net: a path of penalties from the largest useful one down to 1e-4 of it,
    mean of -ln P(y) + lambda * ((1 - alpha) / 2 * sum of beta_j^2 + alpha * sum of |beta_j|)
with cross-validation on the same folds of rows (row i is in fold i mod K); the model is
the one with the smallest mean deviance out of fold.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from measure import Clock

TOLERANCES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10]
RELATIVE_GAP = 1e-6


def objective(x, y, intercept, beta, l2):
    total = 0.5 * l2 * float(beta @ beta)
    for start in range(0, len(y), 100_000):
        z = x[start : start + 100_000] @ beta + intercept
        total += float(np.sum(np.logaddexp(0, z) - y[start : start + 100_000] * z))
    return total


def newton_step(x, y, intercept, beta, l2):
    columns = x.shape[1]
    gradient, hessian = np.zeros(columns + 1), np.zeros((columns + 1, columns + 1))
    for start in range(0, len(y), 100_000):
        part = x[start : start + 100_000]
        p = 1 / (1 + np.exp(-(part @ beta + intercept)))
        slack, w = y[start : start + 100_000] - p, p * (1 - p)
        gradient[0] += slack.sum()
        gradient[1:] += part.T @ slack
        hessian[0, 0] += w.sum()
        hessian[0, 1:] += w @ part
        hessian[1:, 1:] += (part * w[:, None]).T @ part
    hessian[1:, 0] = hessian[0, 1:]
    gradient[1:] -= l2 * beta
    hessian[1:, 1:] += l2 * np.eye(columns)
    return np.linalg.solve(hessian, gradient)


def optimum(folder, l2):
    """Returns the minimum of the objective, cached beside the table."""
    file = folder.path / f"optimum-l2-{l2:g}.json"
    if file.exists():
        return json.loads(file.read_text())["objective"]
    x, y = folder.train(), folder.labels()
    intercept, beta = 0.0, np.zeros(x.shape[1])
    best = objective(x, y, intercept, beta, l2)
    for _ in range(100):
        step, size = newton_step(x, y, intercept, beta, l2), 1.0
        while (value := objective(x, y, intercept + size * step[0], beta + size * step[1:], l2)) > best:
            size /= 2
            if size < 1e-6:
                break
        if value >= best * (1 - 1e-14):
            break
        intercept, beta, best = intercept + size * step[0], beta + size * step[1:], value
    file.write_text(json.dumps({"objective": best, "intercept": intercept, "beta": list(beta)}) + "\n")
    return best


def linear_prediction(folder, intercept, beta):
    test = folder.test()
    return lambda rounds=None: test @ np.asarray(beta, np.float64) + intercept


def first_good_fit(folder, settings, order, fit):
    """Tightens the tolerance until the objective is reached; the time is that of this fit alone."""
    l2 = settings["l2"]
    target = optimum(folder, l2) * (1 + RELATIVE_GAP)
    x = folder.train(order, np.dtype(settings.get("precision", "float64")))
    y = folder.labels()
    exact = folder.train() if x.dtype != np.float64 else x
    for tolerance in TOLERANCES:
        clock = Clock()
        intercept, beta = fit(x, y, tolerance)
        measured = clock.stop()
        measured["objective"] = objective(exact, y, intercept, beta, l2)
        measured["tolerance"] = tolerance
        if measured["objective"] <= target:
            return measured, intercept, beta
    raise SystemExit(f"no tolerance reached the objective {target}: {measured}")


def scikit_learn_logistic(folder, settings, threads):
    import warnings

    import sklearn
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    warnings.simplefilter("ignore")

    def fit(x, y, tolerance):
        model = LogisticRegression(
            C=1 / settings["l2"], solver=settings["solver"], tol=tolerance, max_iter=1000
        ).fit(x, y)
        return float(model.intercept_[0]), model.coef_[0].astype(np.float64)

    with threadpool_limits(threads):
        measured, intercept, beta = first_good_fit(folder, settings, "C", fit)
    return measured, linear_prediction(folder, intercept, beta), sklearn.__version__


def glum_logistic(folder, settings, threads):
    import glum

    rows = folder.meta["rows"]

    def fit(x, y, tolerance):
        model = glum.GeneralizedLinearRegressor(
            family="binomial", alpha=settings["l2"] / rows, l1_ratio=0, gradient_tol=tolerance, max_iter=1000
        ).fit(x, y.astype(x.dtype))
        return float(model.intercept_), model.coef_.astype(np.float64)

    measured, intercept, beta = first_good_fit(folder, settings, "F", fit)
    return measured, linear_prediction(folder, intercept, beta), glum.__version__


def folds(rows, number):
    return np.arange(rows) % number


def penalties(x, y, alpha, number):
    """Returns penalties from the smallest one at which all coefficients are zero, down to 1e-4 of it."""
    largest = np.abs(x.T @ (y - y.mean())).max() / len(y) / alpha
    return np.geomspace(largest, largest * 1e-4, number)


def glmnet(folder, settings, threads):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        folder.train("F").ravel("F").tofile(scratch / "x.bin")
        y = folder.labels()
        y.astype(np.float64).tofile(scratch / "y.bin")
        run = subprocess.run(
            ["Rscript", "--vanilla", str(Path(__file__).with_name("glmnet.R")), str(scratch)]
            + [str(n) for n in (folder.meta["rows"], folder.meta["columns"])]
            + [str(settings[key]) for key in ("penalties", "folds", "alpha", "logistic")]
            + [str(threads if settings.get("forks") else 1)],
            check=True,
            capture_output=True,
            text=True,
        )
    measured = json.loads(run.stdout.strip().splitlines()[-1])
    version, intercept, beta = (measured.pop(key) for key in ("version", "intercept", "beta"))
    return measured, linear_prediction(folder, intercept, np.array(beta)), version


def scikit_learn_path(folder, settings, threads):
    import warnings

    import sklearn
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.model_selection import PredefinedSplit

    warnings.simplefilter("ignore")
    x, y = folder.train(), folder.labels()
    path = penalties(x, y, settings["alpha"], settings["penalties"])
    clock = Clock()
    model = LogisticRegressionCV(
        Cs=1 / (len(y) * path),
        l1_ratios=[settings["alpha"]],
        solver="saga",
        cv=PredefinedSplit(folds(len(y), settings["folds"])),
        scoring="neg_log_loss",
        n_jobs=threads,
        max_iter=settings.get("epochs", 100),
        use_legacy_attributes=False,
    ).fit(x, y)
    measured = clock.stop()
    return (
        measured,
        linear_prediction(folder, float(model.intercept_[0]), model.coef_[0]),
        sklearn.__version__,
    )


ENGINES = {
    "scikit-learn-logistic": scikit_learn_logistic,
    "glum-logistic": glum_logistic,
    "glmnet": glmnet,
    "scikit-learn-path": scikit_learn_path,
}
