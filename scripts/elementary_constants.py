#!/usr/bin/env python3
"""Prints the expected values of ElementaryFunctionsTests, computed with 800 digits.

    pip install mpmath
    python3 scripts/elementary_constants.py > Tests/NumericsTests/ElementaryConstants.swift
"""
import math
import random
import struct
from fractions import Fraction

import mpmath

mpmath.mp.dps = 800
LN2 = mpmath.log(2)


def grid(seed, count, low, high, log_scale=False):
    """Returns repeatable points; on a logarithmic scale where a range covers many powers of two."""
    source = random.Random(seed)
    points = []
    for _ in range(count):
        point = source.uniform(low, high)
        points.append(2.0**point if log_scale else point)
    return points


def nearby(value, steps=2):
    """Returns a number and its neighbouring doubles."""
    points = [value]
    below = above = value
    for _ in range(steps):
        below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
        points += [below, above]
    return points


HALVES = [k + half for k in (-3, -1, 0, 1, 2) for half in (-0.5, 0.5)]
EXP = (
    [0.0, 1.0, -1.0, 0.5, 1e-20, -1e-20, 700.0, 709.0]
    + [-700.0, -708.0, -708.3964185322641, -710.0, -740.0, -745.0]
    + nearby(709.782712893384, 1)[:2] + [-745.1332191019411]
    + [float(k * LN2) for k in HALVES] + grid(1, 30, -3, 3) + grid(2, 30, -708, 709) + grid(3, 10, -745, -708)
)
LOG = (
    [1.0, 2.0, 0.5, 10.0, 1e-300, 1e300, 5e-324, 1e-310, 2.2250738585072014e-308, 1.7976931348623157e308]
    + nearby(1.0) + nearby(1.4142135623730951) + nearby(0.7071067811865476) + grid(4, 30, 0.4, 2.5)
    + grid(5, 40, -1074, 1023, True)
)
LOG1P = (
    [0.0, 1.0, -0.5, 1e-300, 5e-324, -1e-300, 1e-16, -1e-16, 1.1e-16, 2.3e-16, 1e300, -0.9999999999999999]
    + nearby(1e-8) + grid(6, 40, -0.999, 3) + [-x for x in grid(7, 20, -60, -1, True)]
    + grid(8, 40, -60, 1023, True)
)
LOGISTIC = [0.0, 1e-20, -1e-20, 36.0, 40.0, -36.0, -700.0, -745.0] + grid(9, 50, -40, 40)
SOFTPLUS = [0.0, 1e-20, 36.0, 40.0, -36.0, -700.0, -745.0, 1e300] + grid(10, 50, -40, 40)

TABLES = [
    ("exp", EXP, mpmath.exp),
    ("log", LOG, mpmath.log),
    ("log1p", LOG1P, lambda x: mpmath.log(1 + x)),
    ("logistic", LOGISTIC, lambda x: 1 / (1 + mpmath.exp(-x))),
    ("softplus", SOFTPLUS, lambda x: mpmath.log(1 + mpmath.exp(x))),
]


def exact(function, x):
    """Returns the double nearest to the function's value, rounded once."""
    sign, mantissa, exponent, _ = function(mpmath.mpf(x))._mpf_
    value = float(Fraction(int(mantissa)) * Fraction(2) ** exponent)
    return -value if sign else value


def swift(value):
    """Returns a Swift literal; subnormal numbers as bits, since the compiler warns about their literals."""
    if 0 < abs(value) < 2**-1022:
        return f"Double(bitPattern: {struct.unpack('<Q', struct.pack('<d', value))[0]:#x})"
    text = value.hex().replace("0x0.0p+0", "0").replace("p+", "p")
    return text.replace(".0000000000000p", "p")


print("// Made by scripts/elementary_constants.py; do not edit.\n")
print("/// Arguments with the doubles nearest to the functions' values.")
print("enum ElementaryConstants {")
for name, points, function in TABLES:
    print(f"    static let {name}: [(x: Double, value: Double)] = [")
    for x in points:
        print(f"        ({swift(x)}, {swift(exact(function, x))}),")
    print("    ]" + ("" if name == TABLES[-1][0] else "\n"))
print("}")
