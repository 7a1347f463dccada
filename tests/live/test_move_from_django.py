"""docs/how-to/move-from-django.md, followed step by step beside the running Django twin: the page answers
from the same rows, those too that Django writes while both run; behind the page's nginx, with one session."""
import json
import os
import pathlib
import re
import shutil
import socket
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


class Nginx(servers.Server):
    """The page's block, in front of the two; everything of its own below a fresh folder."""

    def __init__(self, django, nuages):
        folder, program = school.fresh_folder(), shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
        if not program:
            raise suite.Skip("nginx is not installed")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        block = re.search(r"^```nginx\n(.*?)^```$", PAGE.read_text(), re.M | re.S)[1]
        for shown, meant in (("listen 80;", f"listen 127.0.0.1:{self.port};"), ("127.0.0.1:8001", nuages), ("127.0.0.1:8000", django)):
            assert shown in block, shown
            block = block.replace(shown, meant)
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        path = folder / "nginx.conf"
        user = "user root;\n" if os.geteuid() == 0 else ""  # else its workers may not enter the folder
        path.write_text(f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
                        f"http {{\naccess_log off;\n{temporary}{block}}}\n")
        super().__init__(program, "-c", path, "-p", folder)

    def listening(self):
        return f"127.0.0.1:{self.port}" if self.process.poll() is None else None


SEEN = """
from django.contrib.sessions.backends.db import SessionStore
print("seen", SessionStore("{}")["gpa_seen"])
"""


def assert_one_session(twin, nginx):
    """Django logs in, the page reads who that is and writes; Django finds it, and the visitor still logged in."""
    stranger, visitor = Client(nginx.address, host=HOST), Client(nginx.address, host=HOST)
    assert json.loads(stranger.get("/api/visits/").text) == {"user": None, "seen": 1}
    assert json.loads(stranger.get("/api/visits/").text) == {"user": None, "seen": 2}
    assert visitor.post("/accounts/login/", {"username": "admin", "password": "admin-pass-1"}).status == 302
    (user,), = twin.query("SELECT id FROM auth_user WHERE username = 'admin'")
    assert [json.loads(visitor.get("/api/visits/").text) for _ in range(2)] == [{"user": str(user), "seen": n} for n in (1, 2)]
    told = school.checked(school.twin_manage(twin.database, "shell", "-c", SEEN.format(visitor.cookies["sessionid"])))
    assert "seen 2" in told, told
    answer = visitor.get("/students/new/")
    assert answer.status == 200 and not answer.header("Server").startswith("nuages"), (answer.status, answer.headers)
    assert stranger.get("/students/new/").status == 302


HOST = "localhost"
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
            with Nginx(twin.address, site.address) as nginx:
                assert listed(Client(nginx.address, host=HOST)) == expected(twin)
                assert_one_session(twin, nginx)


if __name__ == "__main__":
    suite.main(globals())
