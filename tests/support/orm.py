"""Django query code through `manage shell --json`, and how its answers are compared with Django's.

A case is a row as ../shared/oracle/FORMAT.md describes it: expression, result or error, ordered,
n_queries. Comparing follows that description.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import suite

# A build with the sanitizers checks the memory too, one without is faster.
PROGRAM = suite.BUILD / "examples/school/manage"
NOW = "2025-06-01T12:00:00.250000+00:00"  # where the clock of the recordings stands
TIME_LIMIT = 60  # seconds for one expression
# What begins and ends transactions is no query that reads or writes.
CONTROL = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.I)

STATEMENT = re.compile(r"\([0-9.]+\) (.*?)(?:; args=\(.*\))?(?:; alias=\w+)?$")

Answer = collections.namedtuple("Answer", "value statements")


class Runner:
    """Runs expressions over copies of one database; writes get a copy of their own."""

    def __init__(self, database, program=PROGRAM):
        self.program, self.original = program, pathlib.Path(database)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nuages-orm-"))
        self.copy("reads")

    def copy(self, name):
        shutil.copyfile(self.original, self.folder / f"{name}.sqlite3")

    def drop(self, name):
        for left in self.folder.glob(f"{name}.sqlite3*"):
            left.unlink()

    def environment(self, name):
        return {"SCHOOL_DB_NAME": str(self.folder / f"{name}.sqlite3")}

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, case):
        own = case["area"].startswith("write")
        name = case["id"] if own else "reads"
        if own:
            self.copy(name)
        environment = dict(os.environ, **self.environment(name))
        try:
            done = subprocess.run([self.program, "shell", "--json", "--sql", "--now", NOW, "-c", case["expression"]],
                                  env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=TIME_LIMIT, cwd=self.folder)
        except subprocess.TimeoutExpired:
            return Answer({"broken": f"no end after {TIME_LIMIT} s"}, [])
        finally:
            if own:
                self.drop(name)
        out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
        return Answer(parsed(out, err, done.returncode), statements_of(err))


class ServerRunner(Runner):
    """The same over databases of a server, which has copy(name), drop(name) and address(name)."""

    def __init__(self, server, program=PROGRAM):
        self.server = server
        super().__init__("", program)

    def copy(self, name):
        self.server.copy(name)

    def drop(self, name):
        self.server.drop(name)

    def environment(self, name):
        return {"DATABASE_URL": self.server.address(name)}


def parsed(out, err, status):
    """The value or error that was printed; else what went wrong."""
    try:
        value = json.loads(out)
    except ValueError:
        return {"broken": f"exit status {status}: {(out + err).strip()[-600:]}"}
    if isinstance(value, dict) and set(value) >= {"error", "message"}:
        return {"error": value}
    return {"result": value}


def statements_of(text):
    """The SQL that --sql showed: "(0.001) SELECT …; args=('a', 1)", a line each."""
    return [found[1] for line in text.splitlines() if (found := STATEMENT.match(line))]


# ---- comparing -------------------------------------------------------------------------------------


def queries(statements):
    return [sql for sql in statements if not CONTROL.match(sql)]


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def same_value(want, got, ordered):
    if ordered or not (isinstance(want, list) and isinstance(got, list)):
        return canonical(want) == canonical(got)
    return sorted(map(canonical, want)) == sorted(map(canonical, got))


def error_name(path):
    """The class as it is written in code: "django.db.utils.IntegrityError" is IntegrityError."""
    return path.rsplit(".", 1)[-1]


def difference(case, answer, messages=False):
    """None when the answer is Django's; else a line that says what is not."""
    if "broken" in answer.value:
        return answer.value["broken"]
    told = difference_of_values(case, answer.value, messages)
    if told:
        return told
    allowed = len(queries(query["sql"] for query in case["queries"]))
    made = queries(answer.statements)
    if len(made) > allowed:
        return f"{len(made)} queries, Django makes {allowed}: " + "; ".join(sql[:160] for sql in made)
    return None


def difference_of_values(case, got, messages):
    if "error" not in case:
        if "error" in got:
            return f"want {canonical(case['result'])[:300]}, got {got['error']['error']}: {got['error']['message']}"
        if not same_value(case["result"], got["result"], case.get("ordered", True)):
            return f"want {canonical(case['result'])[:500]}, got {canonical(got['result'])[:500]}"
        return None
    want = case["error"]
    if "error" not in got:
        return f"want {error_name(want['type'])}: {want['detail']}, got {canonical(got['result'])[:300]}"
    told = f"want {error_name(want['type'])}: {want['detail']}, got {got['error']['error']}: {got['error']['message']}"
    if got["error"]["error"] != error_name(want["type"]):
        return told
    if (messages or error_name(want["type"]) == "ValidationError") and got["error"]["message"] != want["detail"]:
        return told
    return None
