"""Query code through Django and through `manage shell`: thousands of expressions by templates, and
hand-written ones; each gives the same result, error and no more queries."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import orm
import orm_expressions
import orm_expressions_built
import orm_left_out
import school
import suite

# The release program: there are thousands of expressions.
PROGRAM = suite.RELEASE / "examples/school/manage"
# What Django's answer owes to apps that the school in C does not have.
OTHER_APPS = re.compile("authtoken|auth_token|Auth Token|Token Blacklist|outstandingtoken|Administration|logentry")
# A value that says no more than where it lies in memory, or a text that waits for its language.
UNLIKE = re.compile("object at 0x|^{'\\$repr': \"'")
HERE = pathlib.Path(__file__).resolve().parent
SHOWN = 60  # failures


def by_django(cases):
    """The cases with what Django made of them."""
    lines = "\n".join(json.dumps(case) for case in cases)
    done = subprocess.run([school.venv(), HERE / "orm_in_django.py"], cwd=school.twin_folder(), input=lines,
                          env=dict(os.environ, SCHOOL_DB_NAME=str(school.seed())), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def comparable(case):
    answer = str(case.get("result", case.get("error")))
    return not OTHER_APPS.search(answer) and not UNLIKE.search(answer)


def differing(cases):
    """Pairs of a case that does not give what Django gives, and what it gives."""
    runner = orm.Runner(school.seed(), PROGRAM)
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, answer in zip(cases, pool.map(runner.run, cases)):
                told = orm.difference(case, answer)
                if told:
                    yield case, told
    finally:
        runner.close()


def test_expressions_give_what_django_gives():
    suite.need_shared()
    words = os.environ.get("ORM_WORDS", "").split()
    cases = [case for case in orm_expressions.cases(orm_expressions_built.groups())
             if not words or any(word in case["id"] for word in words)]
    cases = [case for case in by_django(cases) if comparable(case)]
    told = [f"{case['id']}: {case['expression']}\n    {what}" for case, what in differing(cases)]
    print(f"{len(cases)} expressions, {len(told)} differ")
    assert not told, "\n".join(told[:SHOWN])


def test_exceptions_are_few_and_needed():
    suite.need_shared()
    cases = by_django(orm_left_out.cases())
    still = {case["id"] for case, _ in differing(cases)}
    needless = [case["expression"] for case in cases if case["id"] not in still]
    total = sum(1 for _ in orm_expressions.cases(orm_expressions_built.groups()))
    print(f"{len(cases)} exceptions beside {total} expressions, {len(cases) / total:.2%}")
    assert not needless, f"these give what Django gives: {needless}"
    assert len(cases) <= orm_left_out.MOST * total


if __name__ == "__main__":
    suite.main(globals())
