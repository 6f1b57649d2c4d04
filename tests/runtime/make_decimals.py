#!/usr/bin/env python3
"""Writes tests/runtime/decimals.txt: what arithmetic on decimals gives, by Python's decimal module (libmpdec).

A line is: OPERATION A A_SCALE B B_SCALE PRECISION SCALE RESULT, where RESULT may be `overflow` or `division`.
"""
import decimal
import random
from decimal import Decimal

EXACT = decimal.Context(prec=400, Emin=-9999, Emax=9999)
random.seed(7)


def value():
    scale = random.choice([0, 0, 2, 2, 2, 3, 6, 10, 18, 20, 37, 38])
    digits = random.choice([1, 2, 5, 10, 18, 19, 20, 30, 37, 38])
    whole = random.randrange(10 ** digits)
    if random.random() < 0.1:
        whole = random.choice([0, 1, 5, 10 ** 38 - 1, 10 ** digits - 1, 5 * 10 ** (digits - 1), 2 ** 64, 2 ** 64 - 1, 2 ** 63])
        whole = min(whole, 10 ** 38 - 1)
    return random.choice([1, 1, -1]) * whole, scale


def exact(operation, x, y):
    if operation == "add":
        return EXACT.add(x, y)
    if operation == "sub":
        return EXACT.subtract(x, y)
    if operation == "mul":
        return EXACT.multiply(x, y)
    if y == 0:
        return None
    if operation == "div":
        return EXACT.divide(x, y)  # 400 digits: rounding those again is right unless they end in hundreds of 0 or 9
    return EXACT.remainder(x, y)


def case(operation):
    (a, a_scale), (b, b_scale) = value(), value()
    precision = random.choice([38, 38, 38, 20, 12, 5])
    scale = random.choice([0, 2, 6, 10, 18, 38])
    scale = min(scale, precision)
    if random.random() < 0.3:
        scale = min(precision, max(a_scale, b_scale))
    result = exact(operation, Decimal(a).scaleb(-a_scale, EXACT), Decimal(b).scaleb(-b_scale, EXACT))
    if result is None:
        text = "division"
    else:
        rounded = result.quantize(Decimal(1).scaleb(-scale), rounding=decimal.ROUND_HALF_UP, context=EXACT)
        unscaled = int(rounded.scaleb(scale, EXACT))
        text = str(unscaled) if abs(unscaled) < 10 ** precision else "overflow"
    print(operation, a, a_scale, b, b_scale, precision, scale, text)


for n in range(300):
    for name in ["add", "sub", "mul", "div", "mod"]:
        case(name)
