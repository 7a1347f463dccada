"""Rows of a server straight into JSON: a page of values() is what Django's JsonResponse makes of it, and is
asked for once."""
import json
import os
import pathlib
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "support")]
import mariadb
import postgresql
import school
import servers
import suite

TABLES = suite.ROOT / "bench/peers/orm_tables.py"
DJANGOS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import orm_tables
rows = orm_tables.Book.objects.filter(pk__gte=int(sys.argv[2])).order_by("pk").values()[:20]
print(orm_tables.JsonResponse(list(rows), safe=False).content.decode())
"""


class Site(servers.Server):
    """bench/site over a database of Django's making."""

    def __init__(self, url):
        super().__init__(suite.BUILD / "bench/site/site", "serve", "127.0.0.1:0", "--workers", 1, cwd=school.scratch(),
                         env={"DATABASE_URL": url, "SECRET_KEY": "a-key-of-the-tests-0123456789abcdefghijklmnop",
                              "ALLOWED_HOSTS": "school.test", "TEMPLATE_DIRS": str(suite.ROOT / "bench/site/templates")})

    client = school.Site.client


def python(url, *arguments):
    done = subprocess.run([school.venv(), *map(str, arguments)], env=dict(os.environ, BENCH_DATABASE=url),
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def compare(url):
    python(url, TABLES, "make", url)
    with Site(url) as site:
        for _ in range(3):
            answer = site.client().get("/rows")
            got = answer.text
            assert answer.status == 200, got[:2000]
            want = python(url, "-c", DJANGOS, TABLES.parent, json.loads(got)[0]["id"])
            assert got == want.rstrip("\n"), f"want {want[:800]}\ngot  {got[:800]}"


def test_rows_of_mariadb_become_djangos_json_by_one_query_each():
    with mariadb.MariaDB() as server:
        compare(server.url("bench"))
        asked = server.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'").split()[1]
    assert asked == "3", f"{asked} queries for 3 pages"


def test_rows_of_postgresql_become_djangos_json():
    with postgresql.Server() as server:
        compare(server.url)


if __name__ == "__main__":
    suite.main(globals())
