"""Random columns of the races' tables, and their effects on the true log-odds."""

import numpy as np

CHUNK = 1_000_000


def generator(seed, *path):
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *path])))


def standardised(x):
    spread = np.nanstd(x)
    return (x - np.nanmean(x)) / spread if spread > 0 else np.zeros_like(x)


def in_chunks(draw, rows):
    """Draws rows in chunks, so that the temporary arrays of a tall table stay small."""
    return np.concatenate([draw(min(CHUNK, rows - start)) for start in range(0, rows, CHUNK)])


def counts(random, rows):
    mean, shape = np.exp(random.uniform(-0.5, 3.5)), random.uniform(0.3, 1.5)
    return in_chunks(lambda n: random.poisson(random.gamma(shape, mean / shape, n)), rows)


def amounts(random, rows):
    centre, spread = random.uniform(1.5, 4.5), random.uniform(0.7, 1.5)
    return in_chunks(lambda n: np.round(random.lognormal(centre, spread, n), 2), rows)


def shares(random, rows):
    a, b = random.uniform(0.4, 2.5, 2)
    return in_chunks(lambda n: np.round(random.beta(a, b, n), 3), rows)


def waits(random, rows):
    mean = random.uniform(5, 60)
    return in_chunks(lambda n: np.round(random.exponential(mean, n), 4), rows)


def levels(random, rows):
    number = int(random.integers(8, 61))
    share = random.dirichlet(np.full(number, 1.5)) + 0.2 / number
    ends = np.cumsum(share / share.sum())[:-1]
    return in_chunks(lambda n: np.searchsorted(ends, random.random(n)), rows)


def thinned(random, x):
    """Sets 90 to 99 % of the rows to zero."""
    x = x + 1
    x[random.random(len(x)) < random.uniform(0.9, 0.99)] = 0
    return x


KINDS = [counts, amounts, counts, shares, counts, waits, counts, amounts]


def smooth_scale(x):
    """Transforms skewed numbers to roughly normal ones, so that effects spread over all rows."""
    return standardised(np.log1p(x))


def effect(random, x):
    """Returns the sum of a step effect and a smooth effect of a numeric column, with standard deviation 1."""
    t = smooth_scale(x.astype(np.float64))
    steps = np.zeros(len(t))
    for _ in range(int(random.integers(1, 4))):
        steps += random.normal() * (t > random.normal(0, 0.8))
    centre, width = random.normal(0, 0.7), random.uniform(0.3, 1.0)
    shape = int(random.integers(3))
    if shape == 0:
        smooth = np.tanh((t - centre) / width)
    elif shape == 1:
        smooth = np.exp(-(((t - centre) / width) ** 2))
    else:
        smooth = t * random.choice([-1.0, 1.0])
    return standardised(0.6 * standardised(steps) + random.choice([-1, 1]) * standardised(smooth))


def effect_of_levels(random, x):
    return standardised(random.normal(size=int(x.max()) + 1)[x.astype(np.int64)])
