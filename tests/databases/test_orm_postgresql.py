"""Query code on PostgreSQL through Django and through `manage shell`: the recorded expressions and every
so-many-th of the generated ones give the same result, error and no more queries.

    ORM_EVERY=1 runs all that are generated; ORM_WORDS="lookup join" those whose ids have one of the words
"""
import concurrent.futures
import functools
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "compat")]
import orm
import orm_expressions
import school_postgresql
import suite
from test_orm import comparable

PROGRAM = suite.RELEASE / "examples/school/manage"
EVERY = int(os.environ.get("ORM_EVERY", "12"))
WORDS = os.environ.get("ORM_WORDS", "").split()
NOT_YET = ("auth",)  # they need the accounts
SHOWN = 60


def wanted(cases):
    return [case for case in cases if not WORDS or any(word in case["id"] for word in WORDS)]


def recorded():
    files = sorted((suite.need_shared() / "oracle/orm").glob("*.jsonl"))
    rows = [json.loads(line) for path in files if path.stem not in NOT_YET for line in path.read_text().splitlines()]
    return [{name: row[name] for name in ("id", "area", "expression")} for row in rows]


@functools.cache
def server():
    import atexit

    running = school_postgresql.Server()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def by_django(cases):
    lines = "\n".join(json.dumps(case) for case in cases)
    out = server().django(HERE.parent / "compat/orm_in_django.py", text=lines)
    return [json.loads(line) for line in out.splitlines()]


def differences(cases):
    runner = orm.ServerRunner(server(), PROGRAM)
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, answer in zip(cases, pool.map(runner.run, cases)):
                told = orm.difference(case, answer)
                if told:
                    yield f"{case['id']}: {case['expression']}\n    {told}"
    finally:
        runner.drop("reads")
        runner.close()


def compare(cases):
    cases = [case for case in by_django(wanted(cases)) if comparable(case)]
    told = list(differences(cases))
    print(f"{len(cases)} expressions, {len(told)} differ")
    assert cases, "nothing was compared"
    assert not told, "\n".join(told[:SHOWN])


def test_recorded_expressions_give_what_django_gives_on_postgresql():
    compare(recorded())


def test_generated_expressions_give_what_django_gives_on_postgresql():
    suite.need_shared()
    compare(list(orm_expressions.cases())[::EVERY])


if __name__ == "__main__":
    suite.main(globals())
