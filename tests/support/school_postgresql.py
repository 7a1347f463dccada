"""The school's data in a PostgreSQL of the tests' own, put there by Django itself.

    with school_postgresql.Server() as server:
        server.copy("mine")                   a database like the seeded one
        server.address("mine")                its URL
        server.django("manage.py", …)         the twin's Python over the seeded database
"""
import os
import subprocess

import postgresql
import school
import suite

SEED = "seed"


class Server(postgresql.Server):
    def __init__(self):
        super().__init__(database=SEED)

    def __enter__(self):
        super().__enter__()
        try:
            self.django("manage.py", "migrate", "-v", "0")
            self.django("manage.py", "loaddata", "-v", "0", suite.need_shared() / "oracle/storage/seed.json")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def environment(self, database=SEED):
        return dict(os.environ, SCHOOL_DB_ENGINE="postgresql", SCHOOL_DB_NAME=database, SCHOOL_DB_USER="postgres",
                    SCHOOL_DB_HOST="127.0.0.1", SCHOOL_DB_PORT=str(self.port))

    def django(self, *arguments, database=SEED, text=None):
        """What the twin's program prints."""
        done = subprocess.run([school.venv(), *map(str, arguments)], cwd=school.twin_folder(), input=text,
                              env=self.environment(database), capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"
        return done.stdout

    def copy(self, name):
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{SEED}"', database="postgres")

    def drop(self, name):
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', database="postgres")
