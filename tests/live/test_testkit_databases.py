"""`manage test` on PostgreSQL and MariaDB: databases of the tests' own, one a process, gone afterwards."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import postgresql
import school
import suite

PROGRAM = suite.BUILD / "tests/live/testkit-site"


def run(url, *arguments):
    done = subprocess.run([str(PROGRAM), "test", *arguments], cwd=school.fresh_folder(), stdin=subprocess.DEVNULL,
                          env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=school.TIME_LIMIT)
    return done.returncode, done.stdout


def check(server, url, list_databases):
    before = server.sql(list_databases)
    for processes in ((), ("--parallel", "2")):
        status, told = run(url, "--tag", "isolation", *processes)
        assert status == 0 and "Ran 6 tests" in told, told
        assert server.sql(list_databases) == before, server.sql(list_databases)
    status, told = run(url, "--tag", "good", "--keepdb")
    assert status == 0, told
    assert "test_" in server.sql(list_databases)
    status, told = run(url, "--tag", "isolation", "--keepdb")
    assert status == 0, told


def test_postgresql():
    with postgresql.Server() as server:
        check(server, server.url, "SELECT datname FROM pg_database ORDER BY 1")


def test_mariadb():
    with mariadb.MariaDB() as server:
        check(server, server.url("site"), "SHOW DATABASES")


if __name__ == "__main__":
    suite.main(globals())
