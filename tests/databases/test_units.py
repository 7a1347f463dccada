"""The unit tests of queries and models, which run on SQLite in memory, on PostgreSQL and on MariaDB.

    test_units.py --record    write anew what Django makes of tests/data/sql/cases.txt on each
"""
import contextlib
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import postgresql
import school
import suite

TIME_LIMIT = 300  # seconds for one program
SQL = suite.ROOT / "tests/data/sql"
# Those that ask only what holds on every database, or have each database's words.
EVERYWHERE = ("unit-models-*", "unit-sql-merge", "unit-sql-queries")
# Their checks quote statements or errors in words that are not MariaDB's.
NOT_ON_MARIADB = ("unit-models-clean", "unit-models-deletion", "unit-models-generic", "unit-models-instances",
                  "unit-models-managers", "unit-sql-merge")


def programs():
    found = sorted(p for kind in EVERYWHERE for p in (suite.BUILD / "tests").glob(kind) if p.is_file())
    if not found:
        raise suite.Skip(f"{suite.BUILD} has no unit tests")
    return found


def run_all(url, left_out=()):
    failed = {}
    for program in programs():
        if program.name in left_out:
            continue
        done = subprocess.run([program], env=dict(os.environ, NUAGES_TEST_DATABASE=url), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT)
        if done.returncode:
            failed[program.name] = done.stdout.decode(errors="replace")[-3000:]
    assert not failed, "\n".join(f"{name}:\n{output}" for name, output in failed.items())


def test_on_postgresql():
    with postgresql.Server() as server:
        run_all(server.url)


def test_on_mariadb():
    with mariadb.MariaDB() as server:
        run_all(server.url("units"), NOT_ON_MARIADB)


# ---- recording -------------------------------------------------------------------------------------


@contextlib.contextmanager
def settings_of(vendor):
    """The variables that lead the twin to an empty database."""
    if vendor == "sqlite":
        yield {}
    elif vendor == "postgresql":
        with postgresql.Server() as server:
            yield dict(SCHOOL_DB_ENGINE=vendor, SCHOOL_DB_NAME=server.database, SCHOOL_DB_USER="postgres",
                       SCHOOL_DB_HOST="127.0.0.1", SCHOOL_DB_PORT=str(server.port))
    else:
        with mariadb.MariaDB() as server:
            server.url("units")
            server.load_zones()
            yield dict(SCHOOL_DB_ENGINE=vendor, SCHOOL_DB_NAME="units", SCHOOL_DB_USER="nuages",
                       SCHOOL_DB_PASSWORD=mariadb.PASSWORD, SCHOOL_DB_HOST=str(server.socket))


def record():
    for vendor in ("sqlite", "postgresql", "mysql"):
        with settings_of(vendor) as variables, open(SQL / "cases.txt") as cases, open(SQL / f"{vendor}.txt", "w") as out:
            subprocess.run([school.venv(), SQL / "record.py", school.twin_folder()], check=True, stdin=cases, stdout=out,
                           cwd=school.twin_folder(), env=dict(os.environ, **variables))


if __name__ == "__main__":
    if "--record" in sys.argv:
        record()
    else:
        suite.main(globals())
