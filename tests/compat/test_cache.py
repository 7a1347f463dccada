#!/usr/bin/env python3
"""The same random operations by Django's caches and ours: in memory, in a table, nowhere."""
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import mariadb
import postgresql
import school
import suite
from json_lines import answers

SITE = str(suite.BUILD / "tests/live/cache-site")
VALUES = [0, 1, -7, 2.5, True, None, "", "text", "d\u00e9j\u00e0 \U0001f600", [1, ["a"]], {"k": None, "l": [1]}]


def operation(draw, using):
    """One of them; few keys, so that they meet, yet more than the caches hold."""
    key = lambda: draw.choice(["k%d" % draw.randrange(18), "k\u00e9", "a b"])
    op = draw.choice(["get", "get", "set", "set", "set", "add", "touch", "delete", "has_key", "get_many", "set_many", "delete_many",
                      "get_or_set", "incr", "decr", "fragment"] + ["clear"] * (draw.random() < 0.1))
    told = {"using": using, "op": op, "version": draw.choice([0, 0, 0, 1, 2])}
    if op in ("get_many", "delete_many"):
        told["value"] = sorted({key() for _ in range(draw.randrange(5))})
    elif op == "set_many":
        told["value"] = {key(): draw.choice(VALUES) for _ in range(draw.randrange(4))}
    elif op != "clear":
        told["key"] = key()
        if op in ("set", "add", "get_or_set", "fragment"):
            told["value"] = draw.choice(VALUES)
        elif op in ("incr", "decr"):
            told["value"] = draw.choice([1, 5, -3])
    if draw.random() < 0.4:
        told["timeout"] = draw.choice([None, 0, -5, 3000, 10 ** 6])
    return told


ENGINES = {"sqlite": "sqlite3", "postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


def in_django(url):
    """The database of a URL as Django's settings have it."""
    parts = urllib.parse.urlsplit(url)
    told = {"ENGINE": "django.db.backends." + ENGINES[parts.scheme], "NAME": parts.path[1:]}
    if parts.scheme != "sqlite":
        query = dict(urllib.parse.parse_qsl(parts.query))
        told |= {"HOST": query.get("unix_socket") or parts.hostname, "PORT": str(parts.port or ""), "USER": parts.username or "",
                 "PASSWORD": urllib.parse.unquote(parts.password or "")}
    return [str(school.venv()), str(HERE / "cache_in_django.py"), json.dumps(told)]


def ours(url, *words):
    return subprocess.run([SITE, *words], capture_output=True, text=True, env={"SECRET_KEY": "k", "DATABASE_URL": url})


def compared(using, url, other_url):
    made = ours(url, "createcachetable")
    assert made.returncode == 0, made.stderr
    draw = random.Random(f"cache {using}")
    cases = [operation(draw, using) for _ in range(600)]
    mine = answers([SITE, "cachedo"], cases, SECRET_KEY="k", DATABASE_URL=url)
    other = answers(in_django(other_url), cases)
    differ = [(i, *each) for i, each in enumerate(zip(cases, mine, other)) if not same(*each[1:])]
    print(f"{using}: {len(cases)} operations, {sum('error' in each for each in other)} refused, {len(differ)} differ")
    for each in differ[:5]:
        print(each)
    assert not differ


def same_table(url, other_url):
    """What is printed, and that it is made once."""
    mine = ours(url, "createcachetable", "--dry-run")
    other = subprocess.run([*in_django(other_url), "--dry-run"], capture_output=True, text=True)
    assert other.returncode == 0, other.stderr
    assert mine.stdout == other.stdout and "CREATE TABLE" in mine.stdout, (mine.stdout, mine.stderr, other.stdout)
    made = ours(url, "createcachetable")
    assert made.returncode == 0, made.stderr
    assert "Cache table 'my cache' already exists." in ours(url, "createcachetable").stdout


def in_sqlite(work, *args):
    with tempfile.TemporaryDirectory() as folder:
        work(*args, f"sqlite:///{folder}/ours.db", f"sqlite:///{folder}/theirs.db")


def same(mine, other):
    """Errors by class and, where the words are Django's own, by words."""
    if "error" in other:
        words = other["error"]
        return mine.get("error", "") == words if words.startswith("ValueError") else mine.get("error", "").startswith(words.split(":")[0])
    return mine == other and json.dumps(mine, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_memory():
    in_sqlite(compared, "default")


def test_table():
    in_sqlite(compared, "table")


def test_nowhere():
    in_sqlite(compared, "none")


def test_the_table_is_django_s():
    in_sqlite(same_table)


def test_a_router_says_where_the_table_is():
    with tempfile.TemporaryDirectory() as work:
        urls = {name: f"sqlite:///{work}/{name}.sqlite3" for name in ("default", "apart")}
        env = {"SECRET_KEY": "k", "DATABASE_URL": urls["default"], "CACHES_DATABASE_URL": urls["apart"]}
        run = lambda *words, told=None: subprocess.run([SITE, *words], input=told, capture_output=True, text=True, env=env, check=True).stdout
        assert run("createcachetable", "-v2") == "", "not in a database that the router refuses it"
        assert "created" in run("createcachetable", "-v2", "--database", "apart")
        keep = json.dumps({"using": "table", "op": "set", "key": "k", "version": 0, "value": 7}) + "\n"
        ask = json.dumps({"using": "table", "op": "get", "key": "k", "version": 0}) + "\n"
        assert [json.loads(line) for line in run("cachedo", told=keep + ask).splitlines()] == [{"is": None}, {"is": 7}]
        with sqlite3.connect(f"{work}/apart.sqlite3") as connection:
            assert connection.execute('SELECT cache_key, value FROM "my cache"').fetchall() == [(":1:k", "7")]


def test_table_of_postgresql():
    with postgresql.Server("ours") as server:
        server.sql("CREATE DATABASE theirs", "postgres")
        same_table(server.address("ours"), server.address("theirs"))
        compared("table", server.address("ours"), server.address("theirs"))


def test_table_of_mariadb():
    with mariadb.MariaDB() as server:
        same_table(server.url("ours"), server.url("theirs"))
        compared("table", server.url("ours"), server.url("theirs"))


if __name__ == "__main__":
    suite.main(globals())
