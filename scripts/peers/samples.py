"""The generator and the data sets that metrics_constants.py documents."""

import math

import numpy as np

ROWS = 200


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
