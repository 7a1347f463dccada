"""The unit tests that use a database, which run on SQLite for themselves: on PostgreSQL and on MariaDB too.

    test_units.py --record    write anew what Django makes of tests/data/sql/cases.txt on each
"""
import contextlib
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import postgresql
import school
import suite

TIME_LIMIT = 300  # seconds for one program
SQL = suite.ROOT / "tests/data/sql"
USES_A_DATABASE = re.compile(r"\b(school_tables|fixture_database|fault_school)\b")
# Those that are of SQLite itself, and where the same is tested on servers.
OF_SQLITE = {
    "unit-db-at_once": "rows in one step of SQLite's machine, which servers have not",
    "unit-db-connection": "files, locks of other processes, SQLite's words; live/test_postgresql.py, test_mariadb.py",
    "unit-db-feed": "an INSERT by the row, which servers do by COPY or by lists; unit-models-instances",
    "unit-db-functions": "what Django registers in SQLite; databases/test_orm_*.py compare those of servers",
    "unit-db-schema": "tables made anew, words of sqlite_master; databases/test_schema_*.py, test_migration_operations.py",
    "unit-fault-file": "its file locked, gone, renamed, damaged; live-*-faults stop and cut servers",
    "unit-fault-io": "reads, writes and syncs of files; live-*-cut and live-*-faults cut connections",
    "unit-fault-pool": "files and threads; the same",
}


def programs():
    """Every unit program that uses a database."""
    sources = [path for folder in ("unit", "fault") for path in sorted((suite.ROOT / "tests" / folder).rglob("test_*.c"))
               if USES_A_DATABASE.search(path.read_text())]
    names = [f"unit-{path.parent.name}-{path.stem.removeprefix('test_')}" for path in sources]
    unknown = set(OF_SQLITE) - set(names)
    assert not unknown, f"no programs that use a database: {unknown}"
    if not (suite.BUILD / "tests" / names[0]).exists():
        raise suite.Skip(f"{suite.BUILD} has no unit tests")
    return [suite.BUILD / "tests" / name for name in names if name not in OF_SQLITE]


def run_all(url):
    failed, ran, left_out = {}, 0, []
    for program in programs():
        done = subprocess.run([program], env=dict(os.environ, NUAGES_TEST_DATABASE=url), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT)
        output = done.stdout.decode(errors="replace")
        if done.returncode:
            failed[program.name] = output[-3000:]
        left_out += [line for line in output.splitlines() if line.startswith("left out: ")]
        ran += sum(int(n) for n in re.findall(r"(?m)^(\d+) passed", output))
    assert not failed, "\n".join(f"{name}:\n{output}" for name, output in failed.items())
    print(f"figure: {ran - len(left_out)} tests of {len(programs())} programs", *left_out, sep="\nfigure: ")


def test_on_postgresql():
    with postgresql.Server() as server:
        run_all(server.url)


def test_on_mariadb():
    with mariadb.MariaDB() as server:
        run_all(server.url("units"))


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
