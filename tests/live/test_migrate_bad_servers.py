"""What cannot be migrated on PostgreSQL and MariaDB: each is refused with what, where and what to do, exit status 1,
the schema as it was."""
import contextlib
import functools
import os
import pathlib
import pwd
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import servers
import suite
import test_migrate_commands
from sites import Field, Model, Site


@functools.cache
def site():
    """Two migrations, the second of which adds a column."""
    return test_migrate_commands.altered()


def refused(here, database, *arguments, expected=(), as_url=None):
    before = database.schema(here.url)
    told = (test_migrate_commands.on(site(), as_url) if as_url else here).refused(*arguments)
    for text in expected:
        assert text in told, f"{text!r} is not in:\n{told}"
    assert not databases.differences(before, database.schema(here.url))
    return told


def newer(here, database):
    here.manage("migrate")
    database.execute(here.url, "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0007_later', '2024-01-01')")
    refused(here, database, "migrate", expected=["is newer than ./manage", "shop.0007_later", "--prune"])
    here.manage("migrate", "shop", "--prune")


def out_of_order(here, database):
    here.manage("migrate")
    database.execute(here.url, "DELETE FROM django_migrations WHERE app = 'shop' AND name = '0001_initial'")
    refused(here, database, "migrate", expected=["InconsistentMigrationHistory", "is applied before its dependency shop.0001_initial",
                                                 "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0001_initial', CURRENT_TIMESTAMP)"])


def a_taken_name(here, database):
    database.execute(here.url, "CREATE TABLE shop_thing (x integer)")
    here.manage("migrate", "shop", "zero")
    refused(here, database, "migrate", expected=["Migration shop.0001_initial", "Create model Thing", "already exists", "`manage migrate shop 0001_initial --fake`", "--fake-initial"])


def rows_that_do_not_fit(here, database):
    """A column that is there already."""
    here.manage("migrate", "shop", "0001")
    database.execute(here.url, "ALTER TABLE shop_thing ADD COLUMN size integer")
    refused(here, database, "migrate", expected=["Migration shop.0002_thing_size", "Add field size to thing", "size"])


def no_rights(here, database):
    here.manage("migrate", "shop", "0001")
    name = database.database(here.url)
    if database.name == "postgresql":
        database.execute(here.url, "CREATE ROLE reader LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        url = here.url.replace("postgres@", "reader@", 1)
        words = ["Migration shop.0002_thing_size", "must be owner of table shop_thing", "give the right to that user"]
    else:
        database.server.sql(f"CREATE USER reader@localhost IDENTIFIED BY 'r'; GRANT SELECT, INSERT, CREATE ON `{name}`.* TO reader@localhost;")
        parsed = urllib.parse.urlsplit(here.url)
        url = parsed._replace(netloc="reader:r@localhost").geturl()
        words = ["Migration shop.0002_thing_size", "ALTER command denied to user 'reader'", "give the right to that user"]
    refused(here, database, "migrate", as_url=url, expected=words)
    here.manage("migrate")


# A migration that waits for a table.
STUCK = {"postgresql": "SELECT 1 FROM pg_locks WHERE NOT granted",
         "mysql": "SELECT 1 FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"}


def somebody_migrates(here, database):
    """The lock of migrations, held by one that does not end in time."""
    here.manage("migrate", "shop", "0001")
    slow = test_migrate_commands.held(database, here.url, 6)
    with slow:
        first = subprocess.Popen(["./manage", "migrate"], cwd=here.folder, env={**here.environment(), "PATH": "/usr/bin:/bin"},
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            servers.wait_for(lambda: database.rows(here.url, STUCK[database.name]), "migration that waits")
            told = here.refused("migrate", "--wait", "1")
            assert "another process migrates the database 'default'" in told and "--wait SECONDS" in told, told
        finally:
            first.communicate(timeout=servers.PATIENCE * 2)
    assert first.returncode == 0 and "size" in str(database.schema(here.url)["shop_thing"])


ROWS = {"postgresql": "INSERT INTO shop_thing (name) SELECT md5(i::text) || md5((i + 1)::text) FROM generate_series(1, 60000) i",
        "mysql": "INSERT INTO shop_thing (name) SELECT CONCAT(MD5(seq), MD5(seq + 1)) FROM seq_1_to_150000"}


@functools.cache
def indexed():
    """Two migrations, the second of which makes an index."""
    made = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    made.models["shop"]["Thing"] = Model(Field("name", "CharField", ".max_length = 100"))
    made.makemigrations()
    made.models["shop"]["Thing"].set("name", options=".max_length = 100, .db_index = true")
    made.makemigrations()
    return made


def in_small_space(database, url, folder):
    """What the database makes from now on lies in the folder."""
    name = database.database(url)
    if database.name == "postgresql":
        database.execute(url, f"CREATE TABLESPACE small LOCATION '{folder}'")
        database.execute(url, f"ALTER DATABASE {name} SET default_tablespace = small")


@contextlib.contextmanager
def small_disk(database, url):
    """A file system of a few megabytes, which the database's tables lie in."""
    server = database.server
    folder = server.folder / "small" if database.name == "postgresql" else server.data / database.database(url)
    owner = (server.account or pwd.getpwuid(os.getuid())) if database.name == "postgresql" else pwd.getpwuid(server.data.stat().st_uid)
    folder.mkdir(exist_ok=True)
    options = f"size=64m,mode=700,uid={owner.pw_uid},gid={owner.pw_gid}"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        raise suite.Skip(f"no small disk can be mounted: {done.stderr.strip()}")
    try:
        in_small_space(database, url, folder)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    """All but what a few rows want; the index that is to come wants more."""
    space = os.statvfs(folder)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(space.f_bavail * space.f_frsize - 256 * 1024))
    return ballast


def full_disk(name):
    with databases.opened(name) as database:
        here = test_migrate_commands.on(indexed(), database.fresh())
        with small_disk(database, here.url) as folder:
            here.manage("migrate", "shop", "0001")
            database.execute(here.url, ROWS[name])
            ballast = fill(folder)
            refused(here, database, "migrate", expected=["Migration shop.0002", "Alter field name on thing", FULL[name], "Make room on the database's disk"])
            ballast.unlink()
            assert "OK" in here.manage("migrate")


FULL = {"postgresql": "No space left on device", "mysql": "is full"}


def test_a_full_disk_on_postgresql():
    full_disk("postgresql")


def test_a_full_disk_on_mariadb():
    full_disk("mysql")


CASES = (newer, out_of_order, a_taken_name, rows_that_do_not_fit, no_rights, somebody_migrates)


def on_server(name):
    with databases.opened(name) as database:
        for case in CASES:
            case(test_migrate_commands.on(site(), database.fresh()), database)


def test_on_postgresql():
    on_server("postgresql")


def test_on_mariadb():
    on_server("mysql")


def nowhere(url):
    told = test_migrate_commands.on(site(), url).refused("migrate")
    assert "OperationalError" in told, told


def test_a_server_that_is_not_there():
    nowhere("postgres://nobody@127.0.0.1:1/none")
    nowhere("mysql://nobody:x@127.0.0.1:1/none")


if __name__ == "__main__":
    suite.main(globals())
