"""The school and its Python twin as running servers, each over its own copy of a database."""
import atexit
import contextlib
import functools
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

import servers
import suite
from client import Client

PROGRAM = suite.BUILD / "examples/school/manage"
TIME_LIMIT = 300  # seconds for one command


def seed():
    """The seeded database that the recordings were made over."""
    return suite.need_shared() / "oracle/storage/seed.sqlite3"


def twin_templates():
    return suite.need_shared() / "twin/registry/templates"


@functools.cache
def scratch():
    """A folder that goes with the test program."""
    folder = tempfile.mkdtemp(prefix="nuages-school-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pathlib.Path(folder)


def fresh_folder():
    return pathlib.Path(tempfile.mkdtemp(dir=scratch()))


def made_venv(*what):
    done = subprocess.run([suite.ROOT / "tools/venv", *what], capture_output=True, text=True)
    if done.returncode:
        raise suite.Skip(f"tools/venv: {done.stderr.strip().splitlines()[-1:]}")
    return pathlib.Path(done.stdout.strip())


@functools.cache
def venv():
    """The Python of the originals."""
    return made_venv() / "bin/python"


@functools.cache
def next_django():
    """A folder with the Django after that one, for PYTHONPATH."""
    return made_venv("next")


# ---- commands ------------------------------------------------------------------------------------


def run(command, environment, cwd):
    done = subprocess.run([str(part) for part in command], env=dict(os.environ, **environment), cwd=cwd,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIME_LIMIT)
    servers.check_sanitizers(done.stderr)
    return done


def checked(done):
    assert done.returncode == 0, f"{done.args} ends with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def environment(database, **more):
    return {"SCHOOL_DB_NAME": str(database), "SCHOOL_MEDIA_ROOT": str(pathlib.Path(database).parent / "media"), **more}


def home_of(database):
    """The folder to run in: the database's own, where that is there."""
    folder = pathlib.Path(database).parent
    return folder if folder.is_dir() else scratch()


def manage(database, *arguments, program=PROGRAM, **more):
    """A command of the school over a database; what subprocess.run() gives."""
    return run([program, *arguments], environment(database, **more), home_of(database))


@functools.cache
def twin_folder():
    """A copy of the twin that may be written to."""
    folder = scratch() / "twin"
    shutil.copytree(suite.need_shared() / "twin", folder)
    return folder


def twin_manage(database, *arguments, **more):
    return run([venv(), "manage.py", *arguments], environment(database, **more), twin_folder())


# ---- databases -----------------------------------------------------------------------------------


@functools.cache
def seeded():
    """A database that the school migrated and seeded; made once, to be copied."""
    database = scratch() / "seeded.sqlite3"
    checked(manage(database, "migrate"))
    checked(manage(database, "seed_demo"))
    return database


def copy_of(database):
    """A copy in a folder of its own, with what waits in the write-ahead log."""
    copy = fresh_folder() / "db.sqlite3"
    with contextlib.closing(sqlite3.connect(database)) as one, contextlib.closing(sqlite3.connect(copy)) as two:
        one.backup(two)
    return copy


def query(database, sql, *parameters):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


def tables(database, prefix=""):
    found = query(database, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for name, in found if name.startswith(prefix) and not name.startswith("sqlite_")]


def rows(database, table):
    """Rows with the storage class of each value, in the order of the first column."""
    columns = [row[1] for row in query(database, f'PRAGMA table_info("{table}")')]
    listed = ", ".join(f'typeof("{name}"), "{name}"' for name in columns)
    found = query(database, f'SELECT {listed} FROM "{table}" ORDER BY 2')
    return [dict(zip(columns, zip(row[::2], row[1::2]))) for row in found]


# ---- servers -------------------------------------------------------------------------------------


class Site(servers.Server):
    """A server over a database of its own."""

    def client(self):
        return Client(self.address)

    def query(self, sql, *parameters):
        return query(self.database, sql, *parameters)


class School(Site):
    """The school over a copy of `database`; by default over its own demonstration data."""

    def __init__(self, database=None, *arguments, workers=1, templates=None, copy=True, **more):
        self.database = copy_of(database or seeded()) if copy else database
        if templates:
            more["SCHOOL_TEMPLATE_DIR"] = str(templates)
        super().__init__(PROGRAM, "serve", "127.0.0.1:0", "--workers", workers, "--access-log", "0", *arguments,
                         env=environment(self.database, **more), cwd=home_of(self.database))


class Twin(Site):
    """The same school as a Django project, beside it."""

    def __init__(self, database=None, copy=True, **more):
        self.database = copy_of(database or seed()) if copy else database
        super().__init__(venv().parent / "gunicorn", "-b", "127.0.0.1:0", "-w", 1, "--threads", 2, "school.wsgi",
                         env=environment(self.database, HOME=str(scratch()), **more), cwd=twin_folder())

    def login(self, name="admin"):
        """A visitor who is logged in; the twin's demonstration users have the password NAME-pass-1."""
        visitor = self.client()
        answer = visitor.post("/accounts/login/", {"username": name, "password": f"{name}-pass-1"})
        assert answer.status == 302, answer.text
        return visitor
