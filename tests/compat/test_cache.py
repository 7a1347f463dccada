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


def compared(using, url, other_url, **env):
    made = ours(url, "createcachetable")
    assert made.returncode == 0, made.stderr
    draw = random.Random(f"cache {using}")
    cases = [operation(draw, using) for _ in range(600)]
    mine = answers([SITE, "cachedo"], cases, SECRET_KEY="k", DATABASE_URL=url, **env)
    other = answers(in_django(other_url), cases, **env)
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
    if other.get("error") == "ValueError: I/O operation on closed file":
        return mine == {"is": False}  # Django's touch() of what is over closes its file too early
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


# ---- folders -----------------------------------------------------------------------------------------------------


def each(cases, **env):
    """Answers and standard error of ours, and of Django."""
    with tempfile.TemporaryDirectory() as work:
        told = "".join(json.dumps(case) + "\n" for case in cases)
        url = f"sqlite:///{work}/x.db"
        assert ours(url, "createcachetable").returncode == 0
        for argv, kind in (([SITE, "cachedo"], "ours"), (in_django(url.replace("x.db", "y.db")), "theirs")):
            run = subprocess.run(argv, input=told, capture_output=True, text=True,
                                 env={"SECRET_KEY": "k", "DATABASE_URL": url, **{name: f"{text}/{kind}" for name, text in env.items()}})
            assert run.returncode == 0, run.stderr
            yield [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")], run.stderr


def test_folder():
    with tempfile.TemporaryDirectory() as folder:
        in_sqlite(lambda *urls: compared("files", *urls, CACHE_FOLDER=folder))
        mine, other = ({path.stem for path in pathlib.Path(folder).glob("*" + end)} for end in (".nucache", ".djcache"))
        assert mine == other and len(mine) >= 10, "the same folder, the same names, and neither took the other's"
        assert {path.stat().st_mode & 0o777 for path in pathlib.Path(folder).iterdir()} == {0o600}


def test_a_full_folder_loses_as_many_as_django_s():
    keys = [f"k{i}" for i in range(40)]
    cases = [case for key in keys for case in ({"using": "few", "op": "set", "key": key, "value": key, "version": 0},
                                               {"using": "few", "op": "get_many", "value": keys, "version": 0})]
    with tempfile.TemporaryDirectory() as folder:
        (mine, _), (other, _) = each(cases, FEW_FOLDER=folder)
        counts = [[len(answer["is"]) for answer in answers[1::2]] for answers in (mine, other)]
        assert counts[0] == counts[1] and max(counts[0]) == 12 and min(counts[0][12:]) == 9, counts
        assert all(key == value for answer in mine[1::2] for key, value in answer["is"].items())


def kept(folder, **more):
    """What a site says of a folder whose file of "k" something else has written, then of the key once more."""
    env = {"SECRET_KEY": "k", "DATABASE_URL": "sqlite:///:memory:", "CACHE_FOLDER": str(folder)}
    told = "".join(json.dumps({"using": "files", "version": 0, "key": "k", "op": op, **more}) + "\n" for op in ("get", "add", "get"))
    run = subprocess.run([SITE, "cachedo"], input=told, capture_output=True, text=True, env=env)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def test_a_damaged_file_counts_as_none():
    with tempfile.TemporaryDirectory() as folder:
        assert kept(folder, value=[1])[0] == [{"is": None}, {"is": True}, {"is": [1]}]
        file, = pathlib.Path(folder).iterdir()
        whole = file.read_bytes()
        for bad in (b"", whole[:20], whole[:-3], whole + b"more", b"x" * 200, whole.replace(b"nuages", b"nuagos"),
                    whole[:37] + b"9" * 20 + whole[57:], whole[:50] + b"7" + whole[51:]):
            file.write_bytes(bad)
            said, log = kept(folder, value=[2])
            assert said == [{"is": None}, {"is": True}, {"is": [2]}], (bad, said)
            assert "is damaged and goes: the cache “files” has nothing under its key" in log, (bad, log)


def test_a_folder_that_can_not_be_written_is_told():
    with tempfile.NamedTemporaryFile() as file:
        said, _ = kept(f"{file.name}/below", value=1)
        assert all(answer["error"].startswith("OSError: The cache “files” can't") and "Its .location has to be a folder" in answer["error"] for answer in said), said


def test_checks_of_folders():
    with tempfile.TemporaryDirectory() as work:
        check = lambda folder, *words, **env: subprocess.run([SITE, "check", "--tag", "caches", *words], capture_output=True, text=True, cwd=work, env={
            "SECRET_KEY": "k", "DATABASE_URL": "sqlite:///:memory:", "FEW_FOLDER": "/nonexistent/few", "CACHE_FOLDER": folder, **env}).stderr
        assert "caches.W" not in check(work) and "W002" not in check(f"{work}/media/c", MEDIA_ROOT=f"{work}/media")
        assert "?: (caches.W003) Your 'files' cache LOCATION path is relative. Use an absolute path instead." in check("caches")
        for folder, relation in (("media", "matches"), ("media/c", "is inside"), ("", "contains")):
            pathlib.Path(work, "media/c").mkdir(parents=True, exist_ok=True)
            told = check(f"{work}/{folder}".rstrip("/"), "--deploy", MEDIA_ROOT=f"{work}/media")
            assert f"(caches.W002) Your 'files' cache configuration might expose your cache or lead to corruption of your data because its LOCATION {relation} MEDIA_ROOT." in told, told


# ---- keys --------------------------------------------------------------------------------------------------------

KEYS = ["plain", "a b", "tab\t", "new\nline", "nul\0", "del\x7f", "\x80", "é", "quote'", 'both\'"', "back\\slash", "x" * 246, "x" * 247,
        "é" * 246, "é" * 247, "a b" * 90, "\U0001f600 ", "\xa0", "\u2028"]


def warned(text):
    """The warnings of keys, each once in a row: a backend of Django's may look at a key twice for one call."""
    lines = [line[line.index("Cache key"):] for line in text.splitlines() if "Cache key" in line]
    return [line for i, line in enumerate(lines) if not i or line != lines[i - 1]]


def test_keys_that_memcached_would_refuse_are_warned_of():
    with tempfile.TemporaryDirectory() as folder:
        for using in ("default", "table", "none", "files"):
            cases = [{"using": using, "op": op, "key": key, "version": 0, **({"value": 1} if op == "set" else {})}
                     for key in KEYS for op in ("set", "get", "delete")]
            (mine, log), (other, errors) = each(cases, CACHE_FOLDER=folder)
            differ = [(case, *two) for case, *two in zip(cases, mine, other) if not same(*two)]
            assert not differ, (using, differ[:3])
            expected = warned(errors)
            assert warned(log) == expected and len(expected) >= 10, (using, set(warned(log)) ^ set(expected))
            assert any("longer than 250" in line for line in expected) and any("contains characters" in line for line in expected)


# ---- tables ------------------------------------------------------------------------------------------------------


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
