"""From SQLite to a server, with the school: the how-to's commands as they stand, a move by a fixture to MariaDB,
and a reload that drains the pools of the old workers on both."""
import os
import pathlib
import re
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb  # noqa: E402
import postgresql  # noqa: E402
import school  # noqa: E402
import servers  # noqa: E402
import suite  # noqa: E402
from client import Client  # noqa: E402

TABLES = {"registry_student": "Student", "registry_enrollment": "Enrollment", "registry_payment": "Payment",
          "auth_user": "User"}
PATHS = ("/", "/students/", "/students/1/", "/courses/", "/departments/", "/search.json?q=a")
HOW_TO = suite.ROOT / "docs/how-to/postgresql.md"
# The page's user logs in by its password; the tests' own needs none.
HBA = """
local  all  all                     trust
host   all  postgres  127.0.0.1/32  trust
host   all  school    127.0.0.1/32  scram-sha-256
"""


def manage(url, *arguments):
    return school.checked(school.run([school.PROGRAM, *arguments], {"DATABASE_URL": url, "SECRET_KEY": "x" * 50},
                                     suite.ROOT))


def count(url, model):
    return int(manage(url, "shell", "-c", f"print({model}.objects.count())").split()[-1])


def seeded_file(folder):
    url = f"sqlite:///{folder}/db.sqlite3"
    manage(url, "migrate", "-v", "0")
    manage(url, "seed_demo", "--students", "40")
    return url


def served(url):
    env = dict(os.environ, DATABASE_URL=url, SECRET_KEY="x" * 50, ALLOWED_HOSTS="127.0.0.1")
    return servers.Server(school.PROGRAM, "serve", "127.0.0.1:0", "--workers", "1", env=env)


def check_site(url, sqlite, counted):
    """All rows have come, and the pages are there."""
    for table, model in TABLES.items():
        assert counted(table) == count(sqlite, model) > 0, table
    with served(url) as site:
        for path in PATHS:
            answer = Client(site.address, "127.0.0.1").get(path)
            assert answer.status == 200, f"{path}: {answer.status}\n{site.text()[-3000:]}"


# ---- the move ----------------------------------------------------------------------------------------


def commands():
    """The lines that the page has its reader type."""
    return "\n".join(line.strip() for line in HOW_TO.read_text().splitlines() if re.match(r" {7}\S| {11}\S", line))


def type_as_it_stands(folder, server):
    env = dict(os.environ, PATH=f"{server.bin}:{os.environ['PATH']}", PGHOST="127.0.0.1", PGPORT=str(server.port),
               PGUSER="postgres", SECRET_KEY="x" * 50)
    env.pop("DATABASE_URL", None)
    done = subprocess.run(["setsid", "bash", "-euxc", commands()], input="PASSWORD\nPASSWORD\n", cwd=folder, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=school.TIME_LIMIT)
    assert done.returncode == 0, done.stdout


def test_the_how_to_typed_as_it_stands_moves_the_school():
    folder = school.fresh_folder()
    (folder / "manage").symlink_to(school.PROGRAM)
    assert all(word in commands() for word in ("createuser", "createdb", "migrate", "dumpdata", "loaddata"))
    sqlite = seeded_file(folder)
    with postgresql.Server("unused", hba=HBA) as server:
        type_as_it_stands(folder, server)
        check_site(f"postgres://school:PASSWORD@127.0.0.1:{server.port}/school", sqlite,
                   lambda table: int(server.sql(f"SELECT count(*) FROM {table}", "school")))


def test_the_school_moves_to_mariadb_by_the_same_commands():
    folder = school.fresh_folder()
    sqlite = seeded_file(folder)
    with mariadb.MariaDB() as server:
        url = server.url("school")
        manage(url, "migrate", "-v", "0")
        manage(sqlite, "dumpdata", "--natural-foreign", "--exclude", "contenttypes", "--exclude", "auth.permission",
               "-o", f"{folder}/rows.json")
        manage(url, "loaddata", f"{folder}/rows.json")
        check_site(url, sqlite, lambda table: int(server.sql(f"SELECT COUNT(*) FROM {table}", "school")))


# ---- a reload ----------------------------------------------------------------------------------------


def check_reload(url, connections):
    """`connections` gives the server's numbers of those that the site has."""
    manage(url, "migrate", "-v", "0")
    with served(url) as site:
        def ask():
            answer = Client(site.address, "127.0.0.1").get("/students/")
            assert answer.status == 200, f"{answer.status}\n{site.text()[-3000:]}"
            return True

        ask()
        workers, connected = site.workers(), connections()
        assert workers and connected
        site.process.send_signal(signal.SIGHUP)
        servers.wait_for(lambda: ask() and site.workers() and not workers & site.workers(), "new worker")
        servers.wait_for(lambda: ask() and not connected & connections(), "end of the old connections")
        assert connections()
        assert site.stop() == 0
        servers.wait_for(lambda: not connections(), "end of all connections")


def test_a_reload_drains_the_pools_of_the_old_workers_on_postgresql():
    with postgresql.Server("school") as server:
        check_reload(server.url, lambda: set(server.sql(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND datname = 'school'").split()))


def test_a_reload_drains_the_pools_of_the_old_workers_on_mariadb():
    with mariadb.MariaDB() as server:
        check_reload(server.url("school"), lambda: set(server.sql(
            "SELECT id FROM information_schema.processlist WHERE user = 'nuages'").split()))


if __name__ == "__main__":
    suite.main(globals())
