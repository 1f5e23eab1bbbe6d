"""Constants for Limpet's tests, computed by scikit-learn and statsmodels.

Reads nothing: the data come from a documented generator, so that a test can make
the very same numbers. Writes JSON to the standard output; numbers have up to 17
significant digits, so that they read back as the same 64-bit floats.

Example:
    python3 scripts/peers/metrics_constants.py > scripts/peers/metrics_constants.json

Generator, in 64-bit unsigned integers:
    x_0     = the seed (it yields no number itself)
    x_{n+1} = (1103515245 * x_n + 12345) mod 2^31
    u_{n+1} = x_{n+1} / 2^31, a double in [0, 1)

Data set "metrics": seed 12345, 200 rows, two numbers a row, in this order:
    a = next u
    b = next u
    z = (floor(41 * a) - 20) / 10       log-odds, -2.0 to 2.0 in steps of 0.1: ties
    y = 1 if b < 0.5 + 0.2 * z else 0
    p = 1 / (1 + exp(-z))
The measures of p against y:
    auc                     ties count one half
    logLoss                 mean of -ln of the probability of what happened
    brier                   mean of (p - y)^2
    calibrationSlope, calibrationIntercept
                            y ~ intercept + slope * z, maximum likelihood
    calibrationSlopeStandardError, calibrationInterceptStandardError
                            from the inverse of the Hessian at the optimum
    calibrationInTheLarge   y ~ intercept with z as an offset (slope held at 1)
    observed, expected      sum of y, sum of p
    observedToExpected      observed / expected

Data set "logistic": seed 54321, 200 rows, four numbers a row, in this order:
    a, b, c, e = next u, next u, next u, next u
    x1 = 4 * a - 2
    x2 = 2 * b - 1
    x3 = floor(3 * c)                   0, 1 or 2
    y  = 1 if e < 0.5 + 0.15 * x1 - 0.2 * x2 + 0.05 * (x3 - 1) else 0
Fits, none of them standardises x; coefficients are those of x1, x2, x3:
    unpenalised  maximum likelihood by statsmodels Logit; standard errors from the
                 inverse of the Hessian; logLikelihood is the sum over the rows
    l2           by scikit-learn: the minimum of
                     sum over rows of -ln P(y) + 0.5 * lambda * sum of beta_j^2
                 with lambda = 2.5 and the intercept not penalised (in its terms
                 C = 1 / lambda); objective is the value of this sum there
largestGradient is the largest absolute partial derivative of the objective at the
values printed: zero but for rounding when the optimum is exact.
"""

import json
import math

import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

ROWS = 200
LAMBDA = 2.5


def uniforms(seed):
    x = seed
    while True:
        x = (1103515245 * x + 12345) % 2**31
        yield x / 2**31


def metrics_data():
    u = uniforms(12345)
    z, y = [], []
    for _ in range(ROWS):
        a, b = next(u), next(u)
        z.append((math.floor(41 * a) - 20) / 10)
        y.append(1 if b < 0.5 + 0.2 * z[-1] else 0)
    return np.array(z), np.array(y)


def logistic_data():
    u = uniforms(54321)
    x, y = [], []
    for _ in range(ROWS):
        a, b, c, e = next(u), next(u), next(u), next(u)
        x1, x2, x3 = 4 * a - 2, 2 * b - 1, float(math.floor(3 * c))
        x.append([x1, x2, x3])
        y.append(1 if e < 0.5 + 0.15 * x1 - 0.2 * x2 + 0.05 * (x3 - 1) else 0)
    return np.array(x), np.array(y)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def maximum_likelihood(y, design):
    return sm.Logit(y, design).fit(method="newton", tol=1e-15, maxiter=100, disp=False)


def metrics_constants():
    z, y = metrics_data()
    p = sigmoid(z)
    fit = maximum_likelihood(y, sm.add_constant(z))
    offset = sm.Logit(y, np.ones((ROWS, 1)), offset=z).fit(method="newton", tol=1e-15, maxiter=100, disp=False)
    return {
        "check": {"rows": ROWS, "positives": int(y.sum()), "distinctLogOdds": len(set(z)), "sumOfLogOdds": math.fsum(z),
                  "firstLogOdds": z[:5].tolist(), "firstOutcomes": y[:5].tolist()},
        "auc": roc_auc_score(y, p),
        "logLoss": log_loss(y, p),
        "brier": brier_score_loss(y, p),
        "calibrationSlope": fit.params[1],
        "calibrationIntercept": fit.params[0],
        "calibrationSlopeStandardError": fit.bse[1],
        "calibrationInterceptStandardError": fit.bse[0],
        "calibrationInTheLarge": offset.params[0],
        "calibrationInTheLargeStandardError": offset.bse[0],
        "observed": int(y.sum()),
        "expected": math.fsum(p),
        "observedToExpected": int(y.sum()) / math.fsum(p),
    }


def logistic_constants():
    x, y = logistic_data()
    return {
        "check": {"rows": ROWS, "positives": int(y.sum()), "columnSums": [math.fsum(column) for column in x.T],
                  "firstRow": x[0].tolist(), "firstOutcomes": y[:5].tolist()},
        "unpenalised": unpenalised(x, y),
        "l2": penalised(x, y),
    }


def unpenalised(x, y):
    fit = maximum_likelihood(y, sm.add_constant(x))
    return {
        "intercept": fit.params[0],
        "coefficients": fit.params[1:].tolist(),
        "interceptStandardError": fit.bse[0],
        "standardErrors": fit.bse[1:].tolist(),
        "logLikelihood": fit.llf,
        "largestGradient": largest_gradient(x, y, fit.params[0], fit.params[1:], 0),
    }


def penalised(x, y):
    model = LogisticRegression(C=1 / LAMBDA, solver="newton-cholesky", tol=1e-15, max_iter=1000).fit(x, y)
    intercept, beta = model.intercept_[0], model.coef_[0]
    p = sigmoid(intercept + x @ beta)
    loss = math.fsum(-np.log(np.where(y == 1, p, 1 - p)))
    return {
        "lambda": LAMBDA,
        "intercept": intercept,
        "coefficients": beta.tolist(),
        "objective": loss + 0.5 * LAMBDA * math.fsum(beta**2),
        "largestGradient": largest_gradient(x, y, intercept, beta, LAMBDA),
    }


def largest_gradient(x, y, intercept, beta, penalty):
    errors = sigmoid(intercept + x @ beta) - y
    return max(abs(errors.sum()), np.abs(x.T @ errors + penalty * beta).max())


def main():
    versions = {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__,
                "numpy": np.__version__, "scipy": scipy.__version__}
    constants = {"versions": versions, "metrics": metrics_constants(), "logistic": logistic_constants()}
    print(json.dumps(constants, indent=2, default=float))


if __name__ == "__main__":
    main()
