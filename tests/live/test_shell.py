"""The shell as people and scripts use it: a prompt on a terminal, code by option and on standard input,
JSON, the transaction around it all."""
import contextlib
import json
import os
import pathlib
import pty
import select
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

PATIENCE = 60  # seconds for an answer at the prompt
NEW_TAG = 'Tag.objects.create(name="Fresh", slug="fresh")'


def database():
    """A seeded database of a test's own."""
    copy = school.fresh_folder() / "school.sqlite3"
    shutil.copyfile(school.seed(), copy)
    return copy


def environment(path, **more):
    return dict(os.environ, SCHOOL_DB_NAME=str(path), **more)


def shell(path, *arguments, code=None):
    return subprocess.run([school.PROGRAM, "shell", *arguments], env=environment(path), input=code, text=True,
                          stdin=None if code is not None else subprocess.DEVNULL, capture_output=True,
                          timeout=school.TIME_LIMIT)


def value(path, code, *arguments):
    done = shell(path, "--json", *arguments, "-c", code)
    return json.loads(done.stdout)


def equal(got, want):
    assert got == want, f"want {want!r}, got {got!r}"


# ---- code by option and on standard input ----------------------------------------------------------


def test_code_may_come_by_option_or_on_standard_input():
    path = database()
    equal(shell(path, "-c", "1 + 1").stdout, "2\n")
    equal(shell(path, code="print(Tag.objects.count())\n1 + 1\n").stdout, "5\n")
    equal(json.loads(shell(path, "--json", code="result = Tag.objects.count()").stdout), 5)


def test_an_error_has_its_class_and_a_status():
    path = database()
    done = shell(path, "--json", "-c", "Student.objects.filter(nothing=1)")
    equal(done.returncode, 1)
    equal(json.loads(done.stdout)["error"], "FieldError")
    done = shell(path, "-c", "Studnt")
    equal(done.stderr.strip(), "NameError: name 'Studnt' is not defined. Did you mean: 'Student'?")


def test_a_misspelt_field_gets_a_suggestion():
    told = shell(database(), "-c", 'Student.objects.filter(fist_name="a")').stderr
    assert told.strip().endswith("user_id. Did you mean 'first_name'?"), told


def test_a_column_that_only_the_model_has_is_told_with_what_to_do():
    path = database()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE registry_tag RENAME COLUMN slug TO slog")
    advice = "The database has no column registry_tag.slug of the model registry.Tag: run `manage makemigrations registry`"
    for code in ("Tag.objects.get(pk=1)", "Tag.objects.update(slug='x')"):
        told = shell(path, "-c", code).stderr.splitlines()
        assert told[0].startswith("OperationalError: no such column: ") and told[1].startswith(advice), told
    for typo in ("slgu", "registry_tag.name", "name"):  # a column that is there, of a table that is not asked
        told = shell(path, "-c", f"connection.cursor().execute('SELECT {typo} FROM registry_student')").stderr
        assert "no such column" in told and "makemigrations" not in told, told


def test_arguments_of_another_kind_are_refused():
    path = database()
    for code, klass in [('Student.objects.datetimes("created_at", "year", tzinfo="x")', "TypeError"),
                        ('Student.objects.annotate(**{"a\\0b": Value(1)})', "ValueError"),
                        ('Student.objects.order_by("pk\\0")', "FieldError"),
                        ('Student.objects.filter(**{"pk\\0x": 1})', "ValueError"),
                        ("from django.db.models.signals import pre_save; pre_save.connect(5)", "TypeError"),
                        ("from django.db.models.signals import pre_save; pre_save.connect(print, sender=5)", "TypeError"),
                        ("from django.core.validators import MinValueValidator; MinValueValidator('a')", "TypeError"),
                        ("from django.test.utils import CaptureQueriesContext; CaptureQueriesContext(5)", "TypeError"),
                        ("connection.introspection.get_constraints(5, 'registry_tag')", "TypeError")]:
        equal(value(path, code)["error"], klass)


def test_rows_are_shown_as_a_table():
    shown = shell(database(), "-c", 'Course.objects.values("code", "starts_on")[:2]').stdout
    equal(shown.splitlines(), ["code    starts_on", "──────  ──────────", "CS-101  —", "CS-102  2024-09-09", "(2 rows)"])


def test_the_queries_are_shown_with_their_time():
    told = shell(database(), "--sql", "-c", "Tag.objects.count()").stderr
    assert told.startswith("(0.") and 'SELECT COUNT(*) AS "__count" FROM "registry_tag"' in told, told


def test_the_clock_stands_still_where_it_is_told():
    equal(value(database(), "datetime.now(UTC)", "--now", "2025-06-01T12:00:00.25Z"),
          {"$datetime": "2025-06-01T12:00:00.250000+00:00"})


def test_raw_sql_takes_names_for_its_parameters_and_for_its_columns():
    path = database()
    equal(value(path, """[t.name for t in Tag.objects.raw("SELECT id AS a, name AS b FROM registry_tag WHERE id = 1",
                      translations={"a": "id", "b": "name"})] == [Tag.objects.get(pk=1).name]"""), True)
    equal(value(path, """[t.pk for t in Tag.objects.raw(
                      "SELECT * FROM registry_tag WHERE id IN (%(one)s, %(two)s) AND name <> '%%' AND id <> %(one)s",
                      {"one": 1, "two": 2, "three": 3})]"""), [2])
    equal(value(path, 'connection.cursor().execute("SELECT %(x)s + %(x)s", {"x": 2}).fetchall()[0][0]'), 4)
    equal(json.loads(shell(path, "--json", "-c", 'list(Tag.objects.raw("SELECT * FROM registry_tag WHERE id = %(no)s", {}))').stdout),
          {"error": "KeyError", "message": "'no'"})


def test_extra_tables_stand_beside_the_querys_own():
    path = database()
    joined = 'Course.objects.extra(tables=["registry_department"], where=["registry_department.id = department_id"])'
    equal(value(path, f"{joined}.count() == Course.objects.filter(department__isnull=False).count()"), True)
    assert 'FROM "registry_course" , "registry_department" WHERE' in value(path, f"str({joined}.query)")
    assert " , " not in value(path, f'str({joined}.filter(department__name="x").query)')


def test_a_fetch_mode_says_how_what_was_not_read_is_read():
    path = database()
    each = "[e.course.code for e in Enrollment.objects.order_by('pk').fetch_mode({})[:5]]"
    asked = "from django.db import connection; from django.test.utils import CaptureQueriesContext\n" \
            "with CaptureQueriesContext(connection) as c:\n    codes = " + each + "\nresult = len(c)"
    equal(value(path, asked.format("FETCH_PEERS")), 2)
    equal(value(path, asked.format("FETCH_ONE")), 6)
    equal(value(path, "from django.db.models import RAISE; " + each.format("RAISE"))["error"], "FieldFetchBlocked")
    equal(value(path, "from django.db.models.fetch_modes import FETCH_ONE; repr(FETCH_ONE)"), "FETCH_ONE")
    told = value(path, "Enrollment.objects.fetch_mode(1)")
    equal(told["message"], "fetch_mode() takes FETCH_ONE, FETCH_PEERS or RAISE, not 1")


# ---- the transaction -------------------------------------------------------------------------------


def test_all_is_written_at_the_end_or_nothing():
    path = database()
    equal(shell(path, "-c", f"{NEW_TAG}; 1 / 0").returncode, 1)
    equal(value(path, "Tag.objects.count()"), 5)
    equal(shell(path, "-c", NEW_TAG).returncode, 0)
    equal(value(path, "Tag.objects.count()"), 6)


def test_rollback_undoes_what_was_written():
    path = database()
    equal(value(path, f"{NEW_TAG}; result = Tag.objects.count()", "--rollback"), 6)
    equal(value(path, "Tag.objects.count()"), 5)


def test_sql_of_ones_own_does_not_end_the_transaction():
    path = database()
    for statement in ("COMMIT", "/* now */ END", "ROLLBACK", "BEGIN"):
        code = f"{NEW_TAG}\nwith connection.cursor() as c:\n    c.execute({statement!r})"
        answer = json.loads(shell(path, "--json", "--rollback", code=code).stdout)
        equal(answer["error"], "TransactionManagementError")
        assert "transaction.atomic()" in answer["message"], answer
        equal(value(path, "Tag.objects.count()"), 5)


def test_blocks_inside_behave_as_if_there_were_none_around():
    path = database()
    equal(value(path, f"with transaction.atomic(durable=True): {NEW_TAG}\nresult = connection.in_atomic_block"), False)
    equal(value(path, "Tag.objects.count()"), 6)
    broken = """
try:
    Enrollment.objects.create(student_id=99999, course_id=1, enrolled_on=date(2024, 1, 1))
except IntegrityError as error:
    told = str(error)
result = told, Enrollment.objects.filter(student_id=99999).count()
"""
    equal(value(path, broken), ["FOREIGN KEY constraint failed", 0])


# ---- the prompt ------------------------------------------------------------------------------------


class Terminal:
    """The shell on a terminal of its own."""

    def __init__(self, path):
        self.history = path.parent / "history"
        self.process, self.fd = pty.fork()
        if not self.process:
            env = environment(path, TERM="xterm", NUAGES_SHELL_HISTORY=str(self.history))
            os.execve(school.PROGRAM, ["manage", "shell"], env)
        self.wait_for(">>> ")

    def wait_for(self, text):
        seen = ""
        while text not in seen:
            ready, _, _ = select.select([self.fd], [], [], PATIENCE)
            assert ready, f"no {text!r} in {seen!r}"
            try:
                part = os.read(self.fd, 4096)
            except OSError:
                part = b""
            assert part, f"ended without {text!r}: {seen!r}, {os.waitpid(self.process, 0)}"
            seen += part.decode(errors="replace")
        return seen

    def send(self, text):
        os.write(self.fd, text.encode())

    def interrupt(self):
        """Ctrl-C, once."""
        self.send("\x03")
        return self.wait_for(">>> ")

    def answer(self, code):
        self.send(code + "\n")
        return self.wait_for(">>> ")

    def leave(self):
        self.send("\x04")
        _, status = os.waitpid(self.process, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def has_editor():
    """Is libedit built in?"""
    options = subprocess.run(["meson", "introspect", suite.BUILD, "--dependencies"], capture_output=True, text=True)
    if options.returncode or "libedit" not in options.stdout:
        raise suite.Skip("built without libedit")


def test_the_prompt_answers_and_reads_blocks():
    terminal = Terminal(database())
    assert "2\r\n" in terminal.answer("1 + 1")
    terminal.send("for i in range(2):\n")
    terminal.wait_for("... ")
    terminal.send("    print(i * 21)\n")
    terminal.wait_for("... ")
    assert "21" in terminal.answer("")
    assert "NameError" in terminal.answer("nothing_of_that_name")
    equal(terminal.leave(), 0)


def test_a_stranger_is_helped():
    terminal = Terminal(database())
    assert "Ctrl-D" in terminal.answer("help")
    assert "quote_name" in terminal.answer("help(connection.ops)")
    assert "unterminated string literal" in terminal.answer("Student.objects.order_by('-")
    equal(terminal.leave(), 0)


def test_interrupts_end_what_runs_and_the_line():
    has_editor()
    terminal = Terminal(database())
    terminal.send("for i in range(10 ** 9): i == 0 and print('run' 'ning')\n")
    terminal.wait_for("... ")
    terminal.send("\n")
    terminal.wait_for("running")
    assert "KeyboardInterrupt" in terminal.interrupt()
    terminal.send("a line that is given up")
    terminal.wait_for("given up")
    assert "KeyboardInterrupt" in terminal.interrupt()
    assert "3\r\n" in terminal.answer("1 + 2")
    equal(terminal.leave(), 0)


def test_interrupts_end_a_long_query():
    has_editor()
    terminal = Terminal(database())
    forever = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT COUNT(*) FROM c"
    terminal.answer('Tag.objects.create(name="Given up", slug="given-up")')
    for _ in range(2):
        terminal.send(f'print("ask" "ing"); Tag.objects.filter(slug="given-up").delete(); connection.cursor().execute("{forever}").fetchall()\n')
        terminal.wait_for("asking")
        told = terminal.interrupt()
        assert "KeyboardInterrupt" in told and "Error" not in told, told
        assert "True" in terminal.answer('Tag.objects.filter(slug="given-up").exists()')
    equal(terminal.leave(), 0)


def test_names_fields_and_lookups_are_completed():
    has_editor()
    terminal = Terminal(database())
    for typed, completed in [("Enrol\t", "lment"), (".obj\t", "ects"), (".filter(stud\t", "ent"),
                             ("__last\t", "_name"), ("__ic\t", "ontains")]:
        terminal.send(typed)
        terminal.wait_for(completed)
    terminal.send('="kim").exists()\n')
    assert "True" in terminal.wait_for(">>> ")
    equal(terminal.leave(), 0)


def test_the_history_is_kept_for_its_owner_alone():
    has_editor()
    path = database()
    terminal = Terminal(path)
    terminal.answer("40 + 2")
    equal(terminal.leave(), 0)
    equal(terminal.history.stat().st_mode & 0o777, 0o600)
    terminal = Terminal(path)
    terminal.send("\x1b[A")
    terminal.wait_for("40 + 2")
    terminal.send("\n")
    assert "42" in terminal.wait_for(">>> ")
    equal(terminal.leave(), 0)


if __name__ == "__main__":
    suite.main(globals())
