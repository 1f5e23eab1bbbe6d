"""Fits of the data set "logistic" by statsmodels and scikit-learn."""

import math

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

from samples import ROWS, logistic_data

LAMBDA = 2.5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def maximum_likelihood(y, design):
    return sm.Logit(y, design).fit(method="newton", tol=1e-15, maxiter=100, disp=False)


def logistic_constants():
    x, y = logistic_data()
    return {
        "check": {
            "rows": ROWS,
            "positives": int(y.sum()),
            "columnSums": [math.fsum(column) for column in x.T],
            "firstRow": x[0].tolist(),
            "firstOutcomes": y[:5].tolist(),
        },
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
