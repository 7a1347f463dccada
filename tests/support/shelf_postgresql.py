"""The shelf's tables and rows in a PostgreSQL of the tests' own, made by Django.

    with shelf_postgresql.Server() as server:
        server.shelf("shell", "--json", …)      our program over a database
        server.django("manage.py", …)           Django's
"""
import os
import subprocess

import postgresql
import school
import school_postgresql
import servers
import suite

FOLDER = suite.ROOT / "tests/databases/shelf"
PROGRAM = suite.BUILD / "tests/databases/shelf/shelf"
RELEASE = suite.RELEASE / "tests/databases/shelf/shelf"
SEED = school_postgresql.SEED


class Server(school_postgresql.Server):
    def __enter__(self):
        postgresql.Server.__enter__(self)
        try:
            self.django("manage.py", "migrate", "-v", "0")
            self.django("manage.py", "shell", "-v", "0", "-c", (FOLDER / "seed.py").read_text())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def environment(self, database=SEED):
        return dict(super().environment(database), DJANGO_SETTINGS_MODULE="settings", ORM_MODELS="shelf.models",
                    PYTHONDONTWRITEBYTECODE="1")

    def django(self, *arguments, database=SEED, text=None):
        done = subprocess.run([school.venv(), *map(str, arguments)], cwd=FOLDER / "django", input=text,
                              env=self.environment(database), capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"
        return done.stdout

    def run_shelf(self, *arguments, database=SEED):
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=school.scratch(), capture_output=True, text=True,
                              env=dict(os.environ, DATABASE_URL=self.address(database)))
        servers.check_sanitizers(done.stderr)
        return done

    def shelf(self, *arguments, database=SEED):
        done = self.run_shelf(*arguments, database=database)
        assert done.returncode == 0, f"{arguments}: {(done.stdout + done.stderr)[-2000:]}"
        return done.stdout
