"""Query code on a server through `manage shell`, with Django over the same rows beside it."""
import concurrent.futures
import decimal
import json
import os
import pathlib
import sys
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "compat")]
import orm
import suite
from test_orm import comparable

OF_SERVERS = HERE.parent / "data/orm_on"
PROGRAM = suite.RELEASE / "examples/school/manage"
# One of so many parts of the generated expressions; ORM_PART=1 to 11 are the others.
EVERY = 12
PART = int(os.environ.get("ORM_PART", "0"))
ALL = "--all" in sys.argv
WORDS = os.environ.get("ORM_WORDS", "").split()
NOT_YET = ("auth",)  # they need the accounts
SHOWN = 60
sys.argv = [word for word in sys.argv if word != "--all"]


def part_of(expression):
    """Told by its text alone, so that an expression keeps its part as others come and go."""
    return zlib.crc32(expression.encode()) % EVERY


def sample(cases):
    """All of them with --all; else a part."""
    return cases if ALL else [case for case in cases if part_of(case["expression"]) == PART % EVERY]


def recorded():
    files = sorted((suite.need_shared() / "oracle/orm").glob("*.jsonl"))
    rows = [json.loads(line) for path in files if path.stem not in NOT_YET for line in path.read_text().splitlines()]
    return [{name: row[name] for name in ("id", "area", "expression")} for row in rows]


def lines(*names):
    """Expressions of tests/data/orm_on, which are only for servers: of the files that are named, and those that write."""
    for path in sorted(OF_SERVERS.glob("*.txt")):
        if path.stem.removeprefix("write_") in names:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                yield {"id": f"on.{path.stem}.{number}", "area": "write" if path.stem.startswith("write_") else "read",
                       "expression": line.replace("\\n", "\n")}


def held(value):
    """Django makes decimals of up to 53 digits of doubles; one holds 38 here, and has a double's 15."""
    if isinstance(value, dict):
        if set(value) == {"$decimal"} and len(decimal.Decimal(value["$decimal"]).as_tuple().digits) > 38:
            return {"$decimal": str(decimal.Context(prec=15).create_decimal(value["$decimal"]))}
        return {key: held(item) for key, item in value.items()}
    return [held(item) for item in value] if isinstance(value, list) else value


def by_django(server, cases):
    lines = "\n".join(json.dumps(case) for case in cases)
    out = server.django(HERE.parent / "compat/orm_in_django.py", text=lines)
    cases = [json.loads(line) for line in out.splitlines()]
    return [dict(case, result=held(case["result"])) if "result" in case else case for case in cases]


def differences(server, cases, tell, program=PROGRAM):
    """{id: what differs}"""
    runner, told = orm.ServerRunner(server, program), {}
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, answer in zip(cases, pool.map(runner.run, cases)):
                difference = tell(case, answer)
                if difference:
                    told[case["id"]] = f"{case['id']}: {case['expression']}\n    {difference}"
    finally:
        runner.drop("reads")
        runner.close()
    return told


def compare(server, cases, excepted=(), tell=orm.difference, program=PROGRAM):
    """`excepted`: ids or expressions that must differ, with the reasons; `tell` says how an answer differs."""
    cases = [case for case in cases if not WORDS or any(word in case["id"] for word in WORDS)]
    cases = [case for case in by_django(server, cases) if comparable(case)]
    told = differences(server, cases, tell, program)
    expected = {case["id"] for case in cases if case["id"] in excepted or case["expression"] in excepted}
    print(f"figure: {len(cases)} expressions, {len(told)} differ, {len(set(told) & expected)} of them as expected")
    assert cases, "nothing was compared"
    unexpected = [text for name, text in told.items() if name not in expected]
    needless = sorted(expected - set(told))
    assert not unexpected, "\n".join(unexpected[:SHOWN])
    assert not needless, f"they pass: they are no exceptions: {needless}"
