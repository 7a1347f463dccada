#!/usr/bin/env python3
"""Recorded ORM expressions give Django's results, errors and number of queries, and no query of ours
scans more than Django's.

A case that fails must stand in tests/data/orm/exceptions.txt (absent while there is none) with the reason; those are at most
0.5 % of all.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import orm
import suite

EXCEPTIONS = suite.ROOT / "tests/data/orm/exceptions.txt"
MOST_EXCEPTIONS = 0.005
NOT_YET = ("auth",)  # they need the accounts


def recorded():
    files = sorted((suite.need_shared() / "oracle/orm").glob("*.jsonl"))
    return [json.loads(line) for path in files if path.stem not in NOT_YET for line in path.read_text().splitlines()]


def excepted():
    """{id: reason}"""
    lines = EXCEPTIONS.read_text().splitlines() if EXCEPTIONS.exists() else []
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def answered(cases):
    runner = orm.Runner(suite.need_shared() / "oracle/storage/seed.sqlite3")
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(zip(cases, pool.map(runner.run, cases)))
    finally:
        runner.close()


ANSWERS = []


def answers():
    if not ANSWERS:
        ANSWERS.extend(answered(recorded()))
    return ANSWERS


# ---- results ---------------------------------------------------------------------------------------


def test_recorded_expressions_give_what_django_gave():
    reasons, failed = excepted(), {}
    for case, answer in answers():
        told = orm.difference(case, answer)
        if told:
            failed[case["id"]] = f"{case['expression']}\n    {told}"
    unexplained = [f"{name}: {told}" for name, told in failed.items() if name not in reasons]
    assert not unexplained, f"{len(unexplained)} of {len(answers())}:\n" + "\n".join(unexplained)
    needless = sorted(set(reasons) - set(failed))
    assert not needless, f"they pass: take them out of {EXCEPTIONS.name}: {needless}"
    assert len(reasons) <= MOST_EXCEPTIONS * len(answers()), f"{len(reasons)} exceptions"


# ---- plans -----------------------------------------------------------------------------------------


class Planner:
    """EXPLAIN QUERY PLAN over the seeded database; functions of either side are made up."""

    def __init__(self):
        self.connection = sqlite3.connect(f"file:{suite.need_shared() / 'oracle/storage/seed.sqlite3'}?mode=ro", uri=True)

    def plan(self, sql, params=()):
        while True:
            try:
                rows = self.connection.execute("EXPLAIN QUERY PLAN " + sql, params).fetchall()
                return [row[3] for row in rows]
            except sqlite3.OperationalError as error:
                missing = re.match(r"no such function: (\w+)", str(error))
                if not missing:
                    raise
                self.make_up(missing[1])

    def make_up(self, name):
        if name.upper().startswith(("STDDEV", "VAR")):
            self.connection.create_aggregate(name, 1, type("Any", (), {"step": lambda *_: None, "finalize": lambda _: 0}))
        else:
            self.connection.create_function(name, -1, lambda *_: None, deterministic=True)

    def scans(self, statements):
        """How many tables are read from end to end, and how many results are sorted apart."""
        steps = [step for sql, params in statements for step in self.plan(sql, params)]
        return sum(step.startswith("SCAN") and "CONSTANT ROW" not in step for step in steps)


def plain(value):
    """A recorded parameter as SQLite takes it."""
    if isinstance(value, dict):
        return next(iter(value.values())) if len(value) == 1 else json.dumps(value)
    return json.dumps(value) if isinstance(value, list) else value


def djangos(case):
    return [(re.sub(r"%s", "?", query["sql"]).replace("%%", "%"), [plain(p) for p in query["params"]])
            for query in case["queries"] if query["sql"].startswith("SELECT")]


def ours(answer):
    return [(sql, [None] * placeholders(sql)) for sql in orm.queries(answer.statements) if sql.startswith("SELECT")]


def placeholders(sql):
    """Question marks outside of quotes."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", sql).count("?")


def test_no_query_scans_more_than_djangos():
    planner, worse, compared = Planner(), [], 0
    for case, answer in answers():
        if case["area"].startswith("write") or "error" in case or orm.difference(case, answer):
            continue
        want, got = planner.scans(djangos(case)), planner.scans(ours(answer))
        compared += 1
        if got > want:
            worse.append(f"{case['id']}: {got} scans, Django's {want}: {case['expression']}\n    "
                         + "; ".join(sql for sql, _ in ours(answer)))
    assert compared, "nothing was compared"
    assert not worse, "\n".join(worse)


if __name__ == "__main__":
    suite.main(globals())
