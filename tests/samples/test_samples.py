"""The samples of the design compile as they stand, with gcc and clang, and their pages answer."""
import contextlib
import os
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
from client import Client

HERE = pathlib.Path(__file__).parent
SOURCES = ["manage.c", *(f"registry/{name}.c" for name in ("forms", "models", "urls", "views"))]
FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers"]
SCHEMA = """
CREATE TABLE registry_department (id INTEGER PRIMARY KEY AUTOINCREMENT, name varchar(100) UNIQUE);
CREATE TABLE registry_course (id INTEGER PRIMARY KEY AUTOINCREMENT, title varchar(120));
CREATE TABLE registry_student (id INTEGER PRIMARY KEY AUTOINCREMENT, roll_no varchar(20) UNIQUE, first_name varchar(60),
    email varchar(254) UNIQUE, date_of_birth date, status varchar(10), gpa decimal, department_id bigint, created_at datetime);
CREATE TABLE registry_enrollment (id INTEGER PRIMARY KEY AUTOINCREMENT, student_id bigint, course_id bigint);
INSERT INTO registry_department (name) VALUES ('Mathematics');
INSERT INTO registry_course (title) VALUES ('Topology');
INSERT INTO registry_student (roll_no, first_name, email, status, gpa, department_id, created_at)
    VALUES ('S1', 'Ada', 'ada@school.example', 'active', 3.5, 1, '2024-01-01 08:00:00'),
           ('S2', 'Bruno', 'bruno@school.example', 'graduated', NULL, 1, '2024-01-02 08:00:00');
"""


def described():
    """What pkg-config tells of the library where it was built."""
    env = dict(os.environ, PKG_CONFIG_PATH=str(suite.RELEASE / "meson-uninstalled"))
    return subprocess.run(["pkg-config", "--cflags", "--libs", "nuages"], env=env, check=True, capture_output=True,
                          text=True).stdout.split()


def compiled(compiler):
    program = school.fresh_folder() / "manage"
    done = subprocess.run([compiler, *FLAGS, *[str(HERE / source) for source in SOURCES], "-o", str(program), *described()],
                          capture_output=True, text=True, cwd=suite.ROOT)
    assert done.returncode == 0, done.stderr[-4000:]
    return program


class Site(servers.Server):
    """The sample, running; from the root of the tree, where its settings look for templates."""

    def __init__(self, program):
        self.database = program.with_name("db.sqlite3")
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            connection.executescript(SCHEMA)
        super().__init__(program, "serve", "127.0.0.1:0", "--workers", 1, cwd=suite.ROOT, env={
            "SECRET_KEY": "samples-key-0123456789abcdefghijklmnopqrstuvwxyz",
            "DATABASE_URL": f"sqlite:///{self.database}", "LD_LIBRARY_PATH": str(suite.RELEASE)})


def check_pages(compiler):
    with Site(compiled(compiler)) as site:
        visitor = Client(site.address, host="localhost")
        page = visitor.get("/students/").text
        assert "S1 Ada</a> Active, Mathematics" in page and "S2 Bruno</a> Graduated, Mathematics" in page, page
        assert "Bruno" not in visitor.get("/students/?q=ADA").text and "Nobody." in visitor.get("/students/?q=x").text
        assert "S1 Ada" in visitor.get("/students/1/").text and visitor.get("/students/3/").status == 404
        visitor.token("/students/1/enroll/")
        assert "This field is required." in visitor.post("/students/1/enroll/", {"course": ""}).text
        answer = visitor.post("/students/1/enroll/", {"course": "1"})
        assert answer.status == 302 and answer.header("Location") == "/students/1/", answer.body
        page = visitor.get("/students/1/").text
        assert '<p class="success">Enrolled.</p>' in page and "<li>Topology</li>" in page, page
        assert school.query(site.database, "SELECT student_id, course_id FROM registry_enrollment") == [(1, 1)]


def test_the_samples_run_when_gcc_compiled_them():
    check_pages("gcc")


def test_the_samples_run_when_clang_compiled_them():
    check_pages("clang")


if __name__ == "__main__":
    suite.main(globals())
