"""The school's data in a MariaDB of the tests' own, put there by Django itself.

    with school_mariadb.Server() as server:
        server.copy("mine")                   a database like the seeded one
        server.address("mine")                its URL
        server.django("manage.py", …)         the twin's Python over the seeded database
"""
import functools
import os
import subprocess

import mariadb
import school
import suite

SEED = "seed"


@functools.cache
def twin():
    return school.twin_folder()


class Server(mariadb.MariaDB):
    def __enter__(self):
        super().__enter__()
        try:
            self.load_zones()
            self.sql(f"CREATE DATABASE {SEED} CHARACTER SET utf8mb4")
            self.django("manage.py", "migrate", "-v", "0")
            self.django("manage.py", "loaddata", "-v", "0", suite.need_shared() / "oracle/storage/seed.json")
            (self.folder / "seed.sql").write_text(self.copying(SEED, "django"))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def environment(self, database=SEED):
        client = f"{mariadb.program('mariadb')} --no-defaults -uroot --socket={self.socket}"
        return dict(os.environ, SCHOOL_DB_ENGINE="mysql", SCHOOL_DB_NAME=database, SCHOOL_DB_USER="nuages",
                    SCHOOL_DB_PASSWORD=mariadb.PASSWORD, SCHOOL_DB_HOST=str(self.socket),
                    SCHOOL_DB_FRESH=f"{client} < {self.folder / 'seed.sql'}")

    def django(self, *arguments, database=SEED, text=None):
        """What the twin's program prints."""
        done = subprocess.run([school.venv(), *map(str, arguments)], cwd=twin(), input=text,
                              env=self.environment(database), capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"
        return done.stdout

    def copy(self, name):
        self.sql(self.copying(SEED, mariadb.plain(name)))

    def drop(self, name):
        self.sql(f"DROP DATABASE IF EXISTS `{mariadb.plain(name)}`")

    def address(self, name):
        return self.url(mariadb.plain(name))
