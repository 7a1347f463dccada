#!/usr/bin/env python3
"""The same random operations by Django's caches and ours: in memory, in a table, nowhere."""
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import school
import suite

SITE = str(suite.BUILD / "tests/live/cache-site")
VALUES = [0, 1, -7, 2.5, True, None, "", "text", "d\u00e9j\u00e0 \U0001f600", [1, ["a"]], {"k": None, "l": [1]}]


def operation(draw, using):
    """One of them; few keys, so that they meet, yet more than the caches hold."""
    key = lambda: draw.choice(["k%d" % draw.randrange(18), "k\u00e9", "a b"])
    op = draw.choice(["get", "get", "set", "set", "set", "add", "touch", "delete", "has_key", "get_many", "set_many", "delete_many",
                      "get_or_set", "incr", "decr"] + ["clear"] * (draw.random() < 0.1))
    told = {"using": using, "op": op, "version": draw.choice([0, 0, 0, 1, 2])}
    if op in ("get_many", "delete_many"):
        told["value"] = sorted({key() for _ in range(draw.randrange(5))})
    elif op == "set_many":
        told["value"] = {key(): draw.choice(VALUES) for _ in range(draw.randrange(4))}
    elif op != "clear":
        told["key"] = key()
        if op in ("set", "add", "get_or_set"):
            told["value"] = draw.choice(VALUES)
        elif op in ("incr", "decr"):
            told["value"] = draw.choice([1, 5, -3])
    if draw.random() < 0.4:
        told["timeout"] = draw.choice([None, 0, -5, 3000, 10 ** 6])
    return told


def answers(argv, cases, **env):
    run = subprocess.run(argv, input="".join(json.dumps(case) + "\n" for case in cases), capture_output=True, text=True, env=env or None)
    assert run.returncode == 0, run.stderr[-3000:]
    found = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    assert len(found) == len(cases), (len(found), len(cases), run.stderr[-3000:])
    return found


def ours(folder, *words, **options):
    env = {"SECRET_KEY": "k", "DATABASE_URL": f"sqlite:///{folder}/ours.db"}
    return subprocess.run([SITE, *words], capture_output=True, text=True, env=env, **options)


def compared(using):
    with tempfile.TemporaryDirectory() as folder:
        made = ours(folder, "createcachetable")
        assert made.returncode == 0, made.stderr
        draw = random.Random(f"cache {using}")
        cases = [operation(draw, using) for _ in range(600)]
        mine = answers([SITE, "cachedo"], cases, SECRET_KEY="k", DATABASE_URL=f"sqlite:///{folder}/ours.db")
        other = answers([str(school.venv()), str(HERE / "cache_in_django.py"), f"{folder}/theirs.db"], cases)
        differ = [(i, *each) for i, each in enumerate(zip(cases, mine, other)) if not same(*each[1:])]
        print(f"{using}: {len(cases)} operations, {sum('error' in each for each in other)} refused, {len(differ)} differ")
        for each in differ[:5]:
            print(each)
        assert not differ


def same(mine, other):
    """Errors by class and, where Django's own words are, by words."""
    if "error" in other:
        cut = None if other["error"].startswith("ValueError") else "TypeError"
        return mine.get("error") == other["error"] if cut is None else mine.get("error", "").startswith(cut)
    return mine == other and json.dumps(mine, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_memory():
    compared("default")


def test_table():
    compared("table")


def test_nowhere():
    compared("none")


def test_the_table_is_django_s():
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(folder, "createcachetable", "--dry-run")
        other = subprocess.run([str(school.venv()), str(HERE / "cache_in_django.py"), f"{folder}/theirs.db", "--dry-run"], capture_output=True, text=True)
        assert other.returncode == 0, other.stderr
        assert mine.stdout == other.stdout and "CREATE TABLE" in mine.stdout, (mine.stdout, mine.stderr, other.stdout)
        assert ours(folder, "createcachetable").returncode == 0
        assert "Cache table 'my cache' already exists." in ours(folder, "createcachetable").stdout
        schema = sqlite3.connect(f"{folder}/ours.db").execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        assert len(schema) == 2, schema


if __name__ == "__main__":
    suite.main(globals())
