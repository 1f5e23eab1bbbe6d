"""Constants for Limpet's tests, computed by scikit-learn, statsmodels, mpmath and empulse.

The data come from the generator below, so that a test can generate the same numbers;
nothing is read. Writes JSON to the standard output; numbers have up to 17 significant
digits, so that they read back as the same 64-bit floats.

Example:
    pip install scikit-learn==1.9.1 statsmodels==0.15.0 mpmath==1.3.0 empulse==0.13.1
    python3 scripts/peers/metrics_constants.py > scripts/peers/metrics_constants.json

Generator, in 64-bit unsigned integers:
    x_0     = the seed (which is not used as a number)
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
    prAuc                   average precision, ties as one step
    logLossSkill            1 - logLoss / entropy of the base rate
    calibrationError, maximumCalibrationError
                            ten bins of equal count in the order of p: every row is repeated
                            ten times, so that no border cuts a row, and tied rows have the
                            share of their group as outcome, so that their order does not matter
    brierParts              over the same bins: reliability, resolution, uncertainty, and the
                            terms within bins of Stephenson, Coelho and Jolliffe (2008)
    empc, empcFraction      expected maximum profit by empulse.metrics.empc_score with the
                            published defaults and its optimal_rate
    empcIntegral            the same two without a convex hull: the best threshold for each
                            acceptance probability, integrated by mpmath between the
                            probabilities where the best threshold changes
    empcOther               empc and empcFraction by empulse with alpha 2.5, beta 4,
                            value 120, incentive 17, contact 3.5
"weighted" holds metrics of the same rows where row i counts i mod 4 times, in scikit-learn's
sample_weight, or repeated where it takes none.

Data set "rare": seed 777, 3,000 rows, two numbers a row, hardly any ties, about 4 % with label 1:
    a, b = next u, next u
    z = 10 * a - 5                      the score
    p = 0.2 * (a * a) * (a * a)
    y = 1 if b < p else 0
with the same measures, ranking by z and losses of p.

"incompleteBeta" is a list of [x, alpha, beta, value] by mpmath with 50 digits, and
"logGamma" a list of [x, value].

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
printed values: zero up to rounding when the optimum is exact.
"""

import json
import math

import empulse
import mpmath
import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from empulse.metrics import empc_score
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from logistic_fits import logistic_constants, maximum_likelihood, sigmoid
from samples import ROWS, metrics_data, uniforms


def rare_constants():
    u = uniforms(777)
    a, b = np.array([(next(u), next(u)) for _ in range(3000)]).T
    z, p = 10 * a - 5, 0.2 * (a * a) * (a * a)
    y = (b < p).astype(int)
    return {
        "check": {"positives": int(y.sum()), "distinctScores": len(set(z))},
        "auc": roc_auc_score(y, z),
        "prAuc": average_precision_score(y, z),
        "logLoss": log_loss(y, p),
        "brier": brier_score_loss(y, p),
        "calibrationError": binned(p, y)["calibrationError"],
        **empc(y, z, alpha=6, beta=14, clv=200, incentive_cost=10, contact_cost=1),
    }


def metrics_constants():
    z, y = metrics_data()
    p = sigmoid(z)
    fit = maximum_likelihood(y, sm.add_constant(z))
    offset = sm.Logit(y, np.ones((ROWS, 1)), offset=z).fit(
        method="newton", tol=1e-15, maxiter=100, disp=False
    )
    return {
        "check": {
            "rows": ROWS,
            "positives": int(y.sum()),
            "distinctLogOdds": len(set(z)),
            "sumOfLogOdds": math.fsum(z),
            "firstLogOdds": z[:5].tolist(),
            "firstOutcomes": y[:5].tolist(),
        },
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
        "prAuc": average_precision_score(y, z),
        "logLossSkill": 1 - log_loss(y, p) / entropy(y),
        **binned(p, y),
        **empc(y, z, alpha=6, beta=14, clv=200, incentive_cost=10, contact_cost=1),
        "empcIntegral": empc_integral(y, z, alpha=6, beta=14, value=200, incentive=10, contact=1),
        "empcOther": empc(y, z, alpha=2.5, beta=4, clv=120, incentive_cost=17, contact_cost=3.5),
        "weighted": weighted_constants(z, y, p),
    }


def entropy(y):
    share = y.mean()
    return -share * math.log(share) - (1 - share) * math.log(1 - share)


def empc(y, score, **costs):
    return {"empc": empc_score(y, score, **costs), "empcFraction": empc_score.optimal_rate(y, score, **costs)}


def empc_integral(y, z, alpha, beta, value, incentive, contact):
    """Integrates the upper envelope of the thresholds' profits, each linear in the acceptance probability."""
    mpmath.mp.dps = 30
    cuts = [mpmath.inf] + sorted(set(z), reverse=True)
    share = lambda mask: mpmath.mpf(int(mask.sum())) / len(y)
    lines = []
    for cut in cuts:
        churners, others = share((z >= cut) & (y == 1)), share((z >= cut) & (y == 0))
        lines.append(((value - incentive) * churners,
                      -contact * churners - (incentive + contact) * others, churners + others))
    corners = {mpmath.mpf(0), mpmath.mpf(1)}
    for i, a in enumerate(lines):
        for b in lines[:i]:
            if a[0] != b[0]:
                crossing = (b[1] - a[1]) / (a[0] - b[0])
                if 0 < crossing < 1:
                    corners.add(crossing)
    density = lambda g: g ** (alpha - 1) * (1 - g) ** (beta - 1) / mpmath.beta(alpha, beta)
    profit = fraction = mpmath.mpf(0)
    corners = sorted(corners)
    for low, high in zip(corners, corners[1:]):
        middle = (low + high) / 2
        best = max(lines, key=lambda line: line[0] * middle + line[1])
        profit += mpmath.quad(lambda g: (best[0] * g + best[1]) * density(g), [low, high])
        fraction += mpmath.quad(lambda g: best[2] * density(g), [low, high])
    return {"empc": float(profit), "empcFraction": float(fraction)}


def binned(p, y, bins=10):
    """Returns errors and terms over bins of equal count, by explicit repetition."""
    rows = []
    for value in sorted(set(p), reverse=True):
        tied = y[p == value]
        rows += [(value, tied.mean())] * (len(tied) * bins)
    size = len(rows) // bins
    parts = [np.array(rows[size * bin:size * (bin + 1)]) for bin in range(bins)]
    errors = [abs(part[:, 0].mean() - part[:, 1].mean()) for part in parts]
    rate = y.mean()
    mean = lambda values: math.fsum(values) / bins
    return {
        "calibrationError": mean(errors),
        "maximumCalibrationError": max(errors),
        "brierParts": {
            "reliability": mean(error**2 for error in errors),
            "resolution": mean((part[:, 1].mean() - rate) ** 2 for part in parts),
            "uncertainty": rate * (1 - rate),
            "withinBinVariance": mean(part[:, 0].var() for part in parts),
            "withinBinCovariance": mean(2 * np.cov(part.T, bias=True)[0, 1] for part in parts),
        },
    }


def weighted_constants(z, y, p):
    weights = np.arange(ROWS) % 4
    again = np.repeat(np.arange(ROWS), weights)
    z_again, y_again, p_again = z[again], y[again], p[again]
    line = maximum_likelihood(y_again, sm.add_constant(z_again))
    offset = sm.Logit(y_again, np.ones((len(again), 1)), offset=z_again)
    return {
        "rows": len(again),
        "auc": roc_auc_score(y, p, sample_weight=weights),
        "prAuc": average_precision_score(y, z, sample_weight=weights),
        "logLoss": log_loss(y, p, sample_weight=weights),
        "brier": brier_score_loss(y, p, sample_weight=weights),
        "observedToExpected": int(y_again.sum()) / math.fsum(p_again),
        "calibrationSlope": line.params[1],
        "calibrationInTheLarge": offset.fit(method="newton", tol=1e-15, maxiter=100, disp=False).params[0],
        "calibrationError": binned(p_again, y_again)["calibrationError"],
        **empc(y_again, z_again, alpha=6, beta=14, clv=200, incentive_cost=10, contact_cost=1),
    }


def special_functions():
    mpmath.mp.dps = 50
    points = [
        (x, a, b)
        for a, b in [(6, 14), (7, 14), (0.5, 0.5), (1, 1), (0.1, 3), (2.5, 4), (80, 200), (1000, 700)]
        for x in [1e-9, 0.01, 0.1, 0.3, 0.5, 0.588, 0.9, 0.999]
    ]
    return {
        "incompleteBeta": [[x, a, b, mpmath.betainc(a, b, 0, x, regularized=True)] for x, a, b in points],
        "logGamma": [
            [x, mpmath.loggamma(x)] for x in [1e-3, 0.1, 0.5, 1, 2, 3.7, 10, 14.99, 15, 100, 12345.678]
        ],
    }


def main():
    versions = {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__,
                "numpy": np.__version__, "scipy": scipy.__version__, "mpmath": mpmath.__version__,
                "empulse": empulse.__version__}
    constants = {
        "versions": versions,
        "metrics": metrics_constants(),
        "rare": rare_constants(),
        "logistic": logistic_constants(),
        **special_functions(),
    }
    print(json.dumps(constants, indent=2, default=float))


if __name__ == "__main__":
    main()
