"""Constants for Limpet's tests of standard errors, computed by statsmodels.

The data are the set "logistic" of metrics_constants.py beside this file; nothing is read. Row i belongs to
user i // 4. Writes JSON to the standard output; numbers read back as the same 64-bit floats.

Example:
    python3 scripts/peers/logistic_inference_constants.py > scripts/peers/logistic_inference_constants.json

Logit with an intercept and x1, x2, x3, unpenalised; for each kind of covariance standard errors, z, two-sided
p-values of the normal distribution, and 95 % intervals. cluster has the factor G / (G - 1) * (n - 1) / (n -
k). For Logit, statsmodels returns the same numbers for HC1 as for HC0; hc1 here is its HC0 with the factor n
/ (n - k) of its linear models. The weighted fit is a binomial GLM with freq_weights 1, 2, 3, 1, 2, 3, ...;
the one with an offset has 0.5 * x1 as offset, and no x1. tails: two-sided p-values of z = 0.1, 1, 3, 6, 10,
20, 35 by mpmath.
"""

import json

import mpmath
import numpy as np
import statsmodels
import statsmodels.api as sm
from scipy import stats

from samples import uniforms


def data():
    u = uniforms(54321)
    x, y = [], []
    for _ in range(200):
        a, b, c, e = next(u), next(u), next(u), next(u)
        row = [4 * a - 2, 2 * b - 1, float(int(3 * c))]
        x.append(row)
        y.append(1.0 if e < 0.5 + 0.15 * row[0] - 0.2 * row[1] + 0.05 * (row[2] - 1) else 0.0)
    return np.array(x), np.array(y)


def fit(kind):
    x, y = data()
    options = {"groups": np.arange(200) // 4} if kind == "cluster" else None
    result = sm.Logit(y, sm.add_constant(x)).fit(
        disp=0, method="newton", tol=1e-14, maxiter=100, cov_type=kind, cov_kwds=options)
    errors = result.bse * np.sqrt(200 / (200 - 4)) if kind == "HC1" else result.bse
    z = result.params / errors
    half = stats.norm.ppf(0.975) * errors
    if kind != "HC1":
        assert np.allclose(result.conf_int(0.05)[:, 1], result.params + half, rtol=1e-12)
    return {
        "coefficients": result.params.tolist(),
        "standardErrors": errors.tolist(),
        "z": z.tolist(),
        "p": (2 * stats.norm.sf(np.abs(z))).tolist(),
        "lower": (result.params - half).tolist(),
        "upper": (result.params + half).tolist(),
    }


def weighted():
    x, y = data()
    weights = np.resize([1.0, 2.0, 3.0], 200)
    result = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial(), freq_weights=weights).fit(tol=1e-14)
    return {"coefficients": result.params.tolist(), "standardErrors": result.bse.tolist()}


def with_offset():
    x, y = data()
    result = sm.GLM(
        y, sm.add_constant(x[:, 1:]), family=sm.families.Binomial(), offset=0.5 * x[:, 0]).fit(tol=1e-14)
    return {"coefficients": result.params.tolist(), "standardErrors": result.bse.tolist()}


def tails():
    mpmath.mp.dps = 50
    return [
        float(mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2))) for z in ("0.1", "1", "3", "6", "10", "20", "35")
    ]


if __name__ == "__main__":
    print(json.dumps({
        "statsmodels": statsmodels.__version__,
        "nonrobust": fit("nonrobust"), "hc0": fit("HC0"), "hc1": fit("HC1"), "cluster": fit("cluster"),
        "weighted": weighted(), "offset": with_offset(), "tails": tails(),
    }, indent=2))
