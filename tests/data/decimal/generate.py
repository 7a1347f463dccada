#!/usr/bin/env python3
"""Write cases.txt: what Python's decimal gives, in Django's context (28 digits, half to even).

    tests/data/decimal/generate.py > tests/data/decimal/cases.txt

A line: the operation, its operands and the result, by tabs. The result is str() of a decimal, a
number, or the name of the error. Numbers of over 38 digits are left out: ours do not hold them.
"""
import decimal
import random
from decimal import Decimal

random.seed(1)
SPECIAL = """0 -0 0.00 -0.000 0E+3 1 -1 9 10 1.0 1.10 100 1E+2 1E-7 0.000001 0.0000001 0.5 1.5 2.5 -2.5
0.05 0.15 3.14159265358979323846264338327950288 9999999999999999999999999999 99999999999999999999999999999
1E+27 1E-28 123456789012345678901234567890.12345678 12345678901234567890123456789012345678
-99999999999999999999999999999999999999 4.9999999999999999999999999999 5E-29 1E+30 7E-40 NaN""".split()
SYNTAX = ["1", " 1 ", "+1", "-1.", ".5", "1e5", "1E-5", "1e+05", "--1", "", " ", ".", "e5", "1e", "1_000", "_1_",
          "1__0.0_1", "nan", "-NaN", "inf", "0x10", "1,5", "1 2", "\t1\n", "1.2.3", "00012.500", "1E400", "१"]
ROUNDINGS = ["HALF_EVEN", "HALF_UP", "HALF_DOWN", "DOWN", "UP", "CEILING", "FLOOR"]


def number():
    digits = random.choice([1, 2, 3, 5, 10, 18, 19, 20, 27, 28, 29, 37, 38])
    whole = random.randrange(10**digits)
    if random.random() < 0.2:
        whole -= whole % 10 ** random.randrange(digits)
    return str(Decimal(whole).scaleb(random.randint(-40, 40), context=decimal.Context(prec=50)).copy_sign(
        random.choice([1, -1])))


def result(call):
    try:
        value = call()
    except (decimal.InvalidOperation, ZeroDivisionError, OverflowError) as error:
        return "ZeroDivisionError" if isinstance(error, ZeroDivisionError) else "InvalidOperation"
    return str(value)


def row(*cells):
    print("\t".join(str(cell).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for cell in cells))


def rounded(a, places, rounding, precision):
    context = decimal.Context(prec=precision, rounding=f"ROUND_{rounding}")
    return result(lambda: Decimal(a).quantize(Decimal(1).scaleb(-places), context=context))


for text in SYNTAX:
    if text not in ("inf", "१"):
        row("parse", text, "NaN" if "nan" in text.lower() else result(lambda: Decimal(text)))
pairs = [(random.choice(SPECIAL), random.choice(SPECIAL)) for _ in range(40)]
pairs += [(number(), number()) for _ in range(40)]
pairs += [(a, str(Decimal(a).scaleb(random.randint(-30, 3), decimal.Context(prec=50)))) for a, _ in pairs[40:60]]
for a, b in pairs:
    a, b = Decimal(a), Decimal(b)
    row("add", a, b, result(lambda: a + b))
    row("sub", a, b, result(lambda: a - b))
    row("mul", a, b, result(lambda: a * b))
    row("div", a, b, "ZeroDivisionError" if not b.is_nan() and not a.is_nan() and not b else result(lambda: a / b))
    row("cmp", a, b, result(lambda: (a > b) - (a < b)))
for a in SPECIAL + [number() for _ in range(30)]:
    row("neg", a, result(lambda: -Decimal(a)))
    if a != "NaN":
        row("normalize", a, Decimal(a).normalize(decimal.Context(prec=38)))
        row("float", a, repr(float(Decimal(a))))
        row("int", a, int(Decimal(a)) if abs(int(Decimal(a))) < 2**63 else "OverflowError")
for a in SPECIAL + [number() for _ in range(40)]:
    if a != "NaN":
        places = random.choice([0, 1, 2, 3, 5, 10, 20, -1, -3, -20])
        for rounding in random.sample(ROUNDINGS, 3):
            precision = random.choice([28, 38, 5])
            row("quantize", a, places, rounding, precision, rounded(a, places, rounding, precision))
for a in ["0.5", "1.5", "2.5", "-0.5", "-1.5", "0.05", "0.25", "0.35", "0.451", "-0.451", "999.95", "0.999"]:
    for rounding in ROUNDINGS:
        row("quantize", a, 1 if "." in a[2:] or len(a) > 4 else 0, rounding, 28,
            rounded(a, 1 if "." in a[2:] or len(a) > 4 else 0, rounding, 28))
