"""Constants for Limpet's tests of restricted cubic splines, computed by numpy and statsmodels.

The data come from a generator that the tests have too; nothing is read. Writes JSON to the standard output;
numbers read back as the same 64-bit floats.

Example:
    python3 scripts/peers/spline_constants.py > scripts/peers/spline_constants.json

400 rows from uniform numbers u1 .. u4 (seed 2468): x = 6 u1 - 3, missing where u2 < 0.1; visits = floor(30
u3^2); label 1 where u4 < 0.15 + 0.55 / (1 + x^2) + 0.006 visits. A binomial GLM without penalty on an
intercept, the restricted cubic spline of x, an indicator of missing x (the spline's columns are 0 there), and
the spline of log(1 + visits).

The columns are Harrell's (Regression Modeling Strategies, 2nd ed., section 2.4.5): the value, then for each
knot except the last two a difference of truncated cubes, divided by the squared difference of the last and
the first knot. Knots are at his quantiles (inverse of the distribution function, the middle where it is
flat), without repetitions. "weighted": row i has the weight i % 3, and knots are those of rows repeated by
their weights.
"""

import json

import numpy as np
import statsmodels
import statsmodels.api as sm

QUANTILES = {
    3: [0.1, 0.5, 0.9],
    5: [0.05, 0.275, 0.5, 0.725, 0.95],
    7: [0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975],
}


def uniforms(seed):
    x = seed
    while True:
        x = (1103515245 * x + 12345) % 2**31
        yield x / 2**31


def data():
    u = uniforms(2468)
    x, visits, y = [], [], []
    for _ in range(400):
        a, b, c, e = next(u), next(u), next(u), next(u)
        value = 6 * a - 3
        visits.append(float(int(30 * c * c)))
        y.append(1.0 if e < 0.15 + 0.55 / (1 + value * value) + 0.006 * visits[-1] else 0.0)
        x.append(value if b >= 0.1 else np.nan)
    return np.array(x), np.array(visits), np.array(y)


def knots(values, count, weights):
    rows = np.repeat(values, weights)
    rows = np.sort(rows[~np.isnan(rows)])
    # Integers decide whether a share falls exactly on a row: as a float 0.275 * 400 is above 110.
    places = [divmod(round(share * 10_000) * len(rows), 10_000) for share in QUANTILES[count]]
    return np.unique([rows[place] if rest else (rows[place - 1] + rows[place]) / 2 for place, rest in places])


def columns(values, t):
    def cube(knot):
        return np.maximum(values - knot, 0) ** 3

    first, left, last = t[0], t[-2], t[-1]
    bent = [
        (cube(knot) - cube(left) * (last - knot) / (last - left) + cube(last) * (left - knot) / (last - left))
        / (last - first) ** 2
        for knot in t[:-2]
    ]
    return np.nan_to_num(np.column_stack([values, *bent]), nan=0.0)


def fit(count, weights):
    x, visits, y = data()
    logs = np.log1p(visits)
    x_knots, visit_knots = knots(x, count, weights), knots(logs, count, weights)
    design = np.column_stack([
        np.ones(len(y)), columns(x, x_knots), np.isnan(x).astype(float), columns(logs, visit_knots)])
    model = sm.GLM(y, design, family=sm.families.Binomial(), freq_weights=weights)
    # The deviance is flat at its minimum: a few more steps bring the coefficients there.
    result = model.fit(start_params=model.fit(tol=1e-14).params, tol=0, maxiter=5)
    return {
        "xKnots": x_knots.tolist(),
        "visitKnots": visit_knots.tolist(),
        "coefficients": result.params.tolist(),
        "standardErrors": result.bse.tolist(),
        "logOdds": (design @ result.params).tolist(),
    }


if __name__ == "__main__":
    ones = np.ones(400, dtype=int)
    print(json.dumps({
        "statsmodels": statsmodels.__version__,
        "knots3": fit(3, ones), "knots5": fit(5, ones), "knots7": fit(7, ones),
        "weighted": fit(5, np.arange(400) % 3),
    }))
