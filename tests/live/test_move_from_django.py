"""docs/how-to/move-from-django.md, followed step by step beside the running Django twin: the page answers
from the same rows, those too that Django writes while both run."""
import json
import pathlib
import re
import shlex
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
import test_startproject as newcomer
from client import Client

PAGE = suite.ROOT / "docs/how-to/move-from-django.md"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
KEY = "school-demo-secret-key-0123456789abcdefghijklmnopqrstuvwxyz"  # of the twin


class Reader:
    """Who follows the page: a folder, and variables."""

    def __init__(self, database):
        self.folder, self.told = school.fresh_folder(), []
        self.variables = {**newcomer.variables(), "DJANGO_DATABASE": f"sqlite:///{database}", "DJANGO_SECRET_KEY": KEY}

    def sh(self, _, text):
        for line in text.splitlines():
            words = [re.sub(r"\$(\w+)", lambda m: self.variables[m[1]], word) for word in shlex.split(line)]
            if words[0] == "cd":
                self.folder = self.folder / words[1]
            elif words[0] == "export":
                name, value = words[1].split("=", 1)
                self.variables[name] = value
            else:
                self.told.append(newcomer.run(words, self.folder, **self.variables))

    def c(self, name, text):
        (self.folder / name).write_text(text)

    def diff(self, _, text):
        """The one file that has the line that goes."""
        old, new = ("\n".join(line[1:] for line in text.splitlines() if line[0] == sign) for sign in "-+")
        files = [path for path in self.folder.rglob("*") if path.suffix in (".c", ".build") and "build" not in path.parts
                 and old in path.read_text() and ("registry" in str(path) or "fast/" in str(path.relative_to(self.folder.parent)))]
        wanted = [path for path in files if path.name in ("urls.c", "settings.c") or path.parent.name == "registry"]
        path = next(path for path in wanted)
        path.write_text(path.read_text().replace(old, new, 1))

    def nginx(self, _, text):
        assert "location /api/gpa/" in text


def followed(database):
    reader = Reader(database)
    for kind, name, text in FENCE.findall(PAGE.read_text()):
        getattr(reader, kind)(name, text)
    return reader


class Site(servers.Server):
    def __init__(self, reader):
        super().__init__(reader.folder / "build/manage", "serve", "127.0.0.1:0", "--workers", 1, cwd=reader.folder, env=reader.variables)

    def client(self):
        return Client(self.address, host="localhost")


ADDED = """
from registry.models import Student
Student.objects.create(roll_no="ZZ-9", first_name="Zoe", last_name="Zimmer", email="zoe@example.org", gpa="3.99")
"""


def listed(visitor):
    answer = visitor.get("/api/gpa/")
    assert answer.status == 200, answer.text
    return [row["roll_no"] for row in json.loads(answer.text)["students"]]


def expected(twin):
    return [row[0] for row in twin.query("SELECT roll_no FROM registry_student WHERE gpa IS NOT NULL ORDER BY gpa DESC, roll_no")]


def test_the_page_as_it_is_written():
    with school.Twin() as twin:
        reader = followed(twin.database)
        told = "\n".join(reader.told)
        assert "No changes detected" in told and "No migrations to apply" in told, told
        students = [str(row[0]) for row in twin.query("SELECT COUNT(*) FROM registry_student")]
        assert students[0] in told.splitlines(), told
        with Site(reader) as site:
            visitor = site.client()
            assert listed(visitor) == expected(twin)
            school.checked(school.twin_manage(twin.database, "shell", "-c", ADDED))
            assert "ZZ-9" in listed(visitor) and listed(visitor) == expected(twin)


if __name__ == "__main__":
    suite.main(globals())
