"""The how-to "From SQLite to PostgreSQL" with the school: migrated, moved by a fixture, served."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import postgresql  # noqa: E402
import school  # noqa: E402
import servers  # noqa: E402
import suite  # noqa: E402
from client import Client  # noqa: E402

TABLES = ("registry_student", "registry_enrollment", "registry_payment", "auth_user")


def manage(url, *arguments):
    done = school.run([school.PROGRAM, *arguments], {"DATABASE_URL": url, "SECRET_KEY": "x" * 50}, suite.ROOT)
    assert done.returncode == 0, f"manage {arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def count(url, table):
    model = {"auth_user": "User"}.get(table, table.split("_")[1].title())
    return int(manage(url, "shell", "-c", f"print({model}.objects.count())").split()[-1])


def test_the_school_moves_from_sqlite_and_is_served():
    with postgresql.Server("school") as server, tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/db.sqlite3"
        manage(sqlite, "migrate", "-v", "0")
        manage(sqlite, "seed_demo", "--students", "40")
        manage(server.url, "migrate", "-v", "0")
        manage(sqlite, "dumpdata", "--natural-foreign", "--exclude", "contenttypes", "--exclude", "auth.permission",
               "-o", f"{folder}/rows.json")
        manage(server.url, "loaddata", f"{folder}/rows.json")
        for table in TABLES:
            assert server.sql(f"SELECT count(*) FROM {table}") == str(count(sqlite, table)), table
        env = dict(os.environ, DATABASE_URL=server.url, SECRET_KEY="x" * 50, ALLOWED_HOSTS="127.0.0.1")
        with servers.Server(school.PROGRAM, "serve", "127.0.0.1:0", "--workers", "1", env=env) as site:
            for path in ("/", "/students/", "/students/1/", "/courses/", "/departments/", "/search.json?q=a"):
                answer = Client(site.address, "127.0.0.1").get(path)
                assert answer.status == 200, f"{path}: {answer.status}\n{site.text()[-3000:]}"


def backends(server):
    """The pids of the server's processes that the site is connected to."""
    told = server.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                      " AND pid <> pg_backend_pid() AND datname = 'school'")
    return set(told.split())


def test_a_reload_drains_the_pools_of_the_old_workers():
    with postgresql.Server("school") as server:
        manage(server.url, "migrate", "-v", "0")
        env = dict(os.environ, DATABASE_URL=server.url, SECRET_KEY="x" * 50, ALLOWED_HOSTS="127.0.0.1")
        with servers.Server(school.PROGRAM, "serve", "127.0.0.1:0", "--workers", "1", env=env) as site:
            def ask():
                answer = Client(site.address, "127.0.0.1").get("/students/")
                assert answer.status == 200, f"{answer.status}\n{site.text()[-3000:]}"
                return True

            ask()
            workers, connected = site.workers(), backends(server)
            assert workers and connected
            site.process.send_signal(signal.SIGHUP)
            servers.wait_for(lambda: ask() and site.workers() and not workers & site.workers(), "new worker")
            servers.wait_for(lambda: ask() and not connected & backends(server), "end of the old connections")
            assert backends(server)
            assert site.stop() == 0
            servers.wait_for(lambda: not backends(server), "end of all connections")


if __name__ == "__main__":
    suite.main(globals())
