#!/usr/bin/env python3
"""Record what Python makes of the code in code.txt.

    python3 tests/data/shell/record.py < tests/data/shell/code.txt > tests/data/shell/python.txt

A line of code.txt is a piece of code, \\n between its lines. A line of python.txt has the code, a
tab, and the repr() of the last expression's value (of `result` when the last statement is none),
or "!" and the error's class and text. Addresses and file names are left out.
"""
import ast
import contextlib
import io
import re
import sys
import warnings

warnings.simplefilter("ignore")

NAMES = """
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo
UTC = timezone.utc
"""


def run(code):
    names = {}
    exec(NAMES, names)
    try:
        tree = ast.parse(code)
        last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        if last:
            tree.body.pop()
        exec(compile(tree, "<code>", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "<code>", "eval"), names) if last else names.get("result")
        return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    except SyntaxError as error:
        return "!" + type(error).__name__
    except Exception as error:
        return f"!{type(error).__name__}: {error}"


def cell(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def main():
    for line in sys.stdin:
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            print(line)
            continue
        code = line.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")
        with contextlib.redirect_stdout(io.StringIO()):
            result = run(code)
        print(cell(code) + "\t" + cell(result))


main()
