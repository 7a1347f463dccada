"""The files of docs/how-to/deploy.md: nginx in front of the school as the page says, the unit as
systemd reads it."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
from client import Client

PAGE = suite.ROOT / "docs/how-to/deploy.md"


def need(program):
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not found:
        raise suite.Skip(f"{program} is not installed")
    return found


def block(name):
    return re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)[1]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Nginx(servers.Server):
    """nginx with the page's file, in front of a socket; everything of its own below `folder`."""

    def __init__(self, folder, socket_path):
        self.port = free_port()
        site = block("site.conf").replace("unix:/run/site/site.sock", f"unix:{socket_path}")
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self.port};").replace("example.com", "school.test")
        site = site.replace("/srv/site/", f"{folder}/")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        path = folder / "nginx.conf"
        user = "user root;\n" if os.geteuid() == 0 else ""  # else its workers may not enter the folder
        path.write_text(f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
                        f"http {{\naccess_log off;\ntypes {{ text/css css; }}\n{temporary}{site}}}\n")
        super().__init__(need("nginx"), "-c", path, "-p", folder)

    def listening(self):
        return f"127.0.0.1:{self.port}" if self.process.poll() is None else None


class Behind(school.School):
    """The school behind a proxy: on a socket, with the settings that the page names."""

    def __init__(self, folder):
        self.socket = folder / "site.sock"
        self.database = school.copy_of(school.seeded())
        servers.Server.__init__(
            self, school.PROGRAM, "serve", f"unix:{self.socket}", "--workers", 1, "--access-log", "0",
            env=school.environment(self.database, ALLOWED_HOSTS="school.test", STATIC_ROOT=str(folder / "static"),
                                   SECURE_PROXY_SSL_HEADER="X-Forwarded-Proto: https"), cwd=folder)


def test_the_site_answers_through_nginx_and_nginx_gives_the_static_files():
    need("nginx")
    folder = school.fresh_folder()
    school.checked(school.run([school.PROGRAM, "collectstatic", "--no-input"], {"STATIC_ROOT": str(folder / "static")}, folder))
    with Behind(folder) as site, Nginx(folder, site.socket) as nginx:
        visitor = Client(nginx.address)
        assert "The school at a glance" in visitor.get("/").text
        assert visitor.post("/students/3/delete/").status == 302
        assert visitor.get("/students/3/").status == 404
        style = visitor.get("/static/registry/school.css")
        assert style.status == 200 and style.header("Server").startswith("nginx") and style.header("Cache-Control"), style.headers
        assert Client(nginx.address, host="evil.example").get("/").status == 400


def test_systemd_reads_the_unit():
    folder = school.fresh_folder()
    unit = folder / "site.service"
    unit.write_text(block("site.service").replace("/srv/site/manage", "/bin/true"))
    done = subprocess.run([need("systemd-analyze"), "verify", unit], capture_output=True, text=True)
    assert done.returncode == 0 and "site.service" not in done.stderr, done.stderr


if __name__ == "__main__":
    suite.main(globals())
