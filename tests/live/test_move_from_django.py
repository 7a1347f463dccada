"""docs/how-to/move-from-django.md, followed step by step beside the running Django twin: the page answers
from the same rows, those too that Django writes while both run."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import howto
import school
import servers
import suite
import test_startproject as newcomer
from client import Client

PAGE = suite.ROOT / "docs/how-to/move-from-django.md"
KEY = "school-demo-secret-key-0123456789abcdefghijklmnopqrstuvwxyz"  # of the twin


class Reader(howto.Reader):
    def is_meant(self, path):
        return path.parent.name == "registry" or path.name in ("urls.c", "settings.c")


def followed(database):
    variables = {**newcomer.variables(), "DJANGO_DATABASE": f"sqlite:///{database}", "DJANGO_SECRET_KEY": KEY}
    return Reader(school.fresh_folder(), variables).follow(PAGE)


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
        assert reader.checked >= 7, f"{reader.checked} lines that the page shows were looked for"
        students = [str(row[0]) for row in twin.query("SELECT COUNT(*) FROM registry_student")]
        assert students[0] in "".join(reader.told).splitlines(), reader.told
        with Site(reader) as site:
            visitor = site.client()
            assert listed(visitor) == expected(twin)
            school.checked(school.twin_manage(twin.database, "shell", "-c", ADDED))
            assert "ZZ-9" in listed(visitor) and listed(visitor) == expected(twin)


if __name__ == "__main__":
    suite.main(globals())
