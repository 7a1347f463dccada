"""The command line and the variables that dbshell gives to each database's client, beside Django's: programs of the clients'
names write down what they were started with."""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

DJANGO = """
import json, os, sys
from django.conf import settings
settings.configure(DATABASES={"default": json.loads(os.environ["DATABASE"])})
from django.core.management import execute_from_command_line
execute_from_command_line(["manage", *sys.argv[1:]])
"""
CLIENT = """#!{python}
import json, os, sys
names = [name for name in os.environ if name.startswith("PG") or name == "MYSQL_PWD"]
json.dump([[os.path.basename(sys.argv[0]), *sys.argv[1:]], {{name: os.environ[name] for name in names}}], open(os.environ["TOLD"], "w"))
sys.exit(int(os.environ.get("STATUS", 0)))
"""
POSTGRESQL, MYSQL, SQLITE = (f"django.db.backends.{name}" for name in ("postgresql", "mysql", "sqlite3"))
# The URL of ours, and the same as a row of Django's DATABASES.
CASES = [
    ("sqlite:///{home}/a file.sqlite3", dict(ENGINE=SQLITE, NAME="{home}/a file.sqlite3")),
    ("postgresql://ann:s3cret@db.example:5433/school", dict(ENGINE=POSTGRESQL, NAME="school", USER="ann", PASSWORD="s3cret", HOST="db.example", PORT="5433")),
    ("postgresql://ann@/school", dict(ENGINE=POSTGRESQL, NAME="school", USER="ann")),
    ("postgresql:///school?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&passfile=/pass",
     dict(ENGINE=POSTGRESQL, NAME="school", OPTIONS=dict(sslmode="verify-full", sslrootcert="/ca.pem", sslcert="/c.pem", sslkey="/k.pem", passfile="/pass"))),
    ("postgresql://?service=school", dict(ENGINE=POSTGRESQL, OPTIONS=dict(service="school"))),
    ("postgresql://ann:p%40ss%2Fw%20ord@%2Fvar%2Frun/school", dict(ENGINE=POSTGRESQL, NAME="school", USER="ann", PASSWORD="p@ss/w ord", HOST="/var/run")),
    ("mysql://ann:s3cret@db.example:3307/school", dict(ENGINE=MYSQL, NAME="school", USER="ann", PASSWORD="s3cret", HOST="db.example", PORT="3307")),
    ("mysql://ann@%2Fvar%2Frun%2Fm.sock/school", dict(ENGINE=MYSQL, NAME="school", USER="ann", HOST="/var/run/m.sock")),
    ("mysql://db.example/school?ssl_ca=/ca.pem&ssl_cert=/c.pem&ssl_key=/k.pem&charset=utf8mb4",
     dict(ENGINE=MYSQL, NAME="school", HOST="db.example", OPTIONS=dict(ssl=dict(ca="/ca.pem", cert="/c.pem", key="/k.pem"), charset="utf8mb4"))),
]
WORDS = [[], ["--", "-c", "select 1", ""], ["--", "--help"]]


def clients():
    folder = school.fresh_folder()
    for name in ("sqlite3", "psql", "mysql"):
        (folder / name).write_text(CLIENT.format(python=sys.executable))
        (folder / name).chmod(0o755)
    return folder


def filled(value, home):
    return json.loads(json.dumps(value).replace("{home}", str(home)))


def both(url, row, words, **more):
    """What each side's client was started with, and its status."""
    folder = clients()
    for program, variable in (([school.PROGRAM], {"DATABASE_URL": filled(url, folder)}),
                              ([school.venv(), "-c", DJANGO], {"DATABASE": json.dumps(filled(row, folder))})):
        told = folder / "told.json"
        environment = {"PATH": f"{folder}:{os.environ['PATH']}", "TOLD": str(told), **variable, **more}
        done = school.run([*program, "dbshell", *words], environment, folder)
        yield json.loads(told.read_text()) if told.exists() else None, done
        told.unlink(missing_ok=True)


def test_command_lines_and_variables_are_django_s():
    for url, row in CASES:
        for words in WORDS:
            (ours, done), (theirs, other) = both(url, row, words)
            assert theirs is not None, other
            assert ours == theirs, f"{url} {words}\nours   {ours}\ntheirs {theirs}\n{done}"
            assert done.returncode == other.returncode == 0, (done, other)


def test_no_password_stands_on_the_command_line():
    for url, row in CASES:
        (ours, _), _ = both(url, row, [])
        assert not row.get("PASSWORD") or row["PASSWORD"] not in " ".join(ours[0]) and row["PASSWORD"] in ours[1].values(), ours


def test_the_status_is_the_client_s():
    for (_, done) in both(*CASES[1], [], STATUS="3"):
        assert done.returncode == 3, done


def test_a_client_that_is_not_there_is_named():
    for (url, row), name in ((CASES[0], "sqlite3"), (CASES[1], "psql"), (CASES[6], "mysql")):
        for told, done in both(url, row, [], PATH="/nowhere"):
            assert told is None and done.returncode == 1 and f"You appear not to have the '{name}' program installed" in done.stderr, done


if __name__ == "__main__":
    suite.main(globals())
