"""The Dockerfile and the CI file of new projects, step by step."""
import contextlib
import fnmatch
import json
import pathlib
import re
import shutil
import sys

from trials.machine import KEY, Failed, Machine, PACKAGES, ROOT, TOOL, expect, run, scratch

sys.path.insert(0, str(ROOT / "tests/support"))
POSTGRESQL = "postgres://nobody@localhost/elsewhere"  # which a project is made for


def new_project(name, *options):
    """A project that a developer has worked on: built here, with a database and a key of its own; its folder."""
    folder = scratch / "projects" / name
    run([TOOL, "startproject", name, folder, *options])
    for file in ("build/build.ninja", "build-release/build.ninja", "db.sqlite3"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text("this machine's alone")
    (folder / "packages").mkdir()
    for file in PACKAGES.glob("*.deb"):
        shutil.copy(file, folder / "packages")
    return folder


def postgresql_server(name):
    """A PostgreSQL server on this machine, which the bare ones reach by the loopback."""
    import postgresql
    return postgresql.Server(name)


class Container:
    """What a Dockerfile has made so far; the project's folder is what COPY copies from."""

    def __init__(self, project):
        self.project, self.stages, self.machine = project, {}, None
        self.user, self.folder, self.command = None, "/", None
        self.left_out = [line for line in (project / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]

    def context(self):
        """The project without what .dockerignore names."""
        target = scratch / f"context-{self.project.name}"
        kept_out = lambda folder, names: [name for name in names if pathlib.Path(folder) == self.project and
                                          any(fnmatch.fnmatch(name, pattern) for pattern in self.left_out)]
        shutil.copytree(self.project, target, ignore=kept_out, dirs_exist_ok=True)
        return target

    def copy(self, rest):
        source, target = rest.split()[-2:]
        stage = re.match(r"--from=(\S+)", rest)
        self.machine.copy(self.stages[stage[1]].root / source.lstrip("/") if stage else self.context() / source, target)

    def do(self, word, rest):
        if word == "FROM":
            self.machine, self.user, self.folder = Machine(f"{self.project.name}-stage{len(self.stages)}"), None, "/"
            self.stages[rest.partition(" AS ")[2] or "last"] = self.machine
        elif word == "RUN":
            self.machine.sh(rest, user=self.user, folder=self.folder)
        elif word == "COPY":
            self.copy(rest)
        elif word == "USER":
            self.user = rest
        elif word == "WORKDIR":
            self.folder = rest
            self.machine.sh(f"mkdir -p {rest}")
        elif word == "CMD":
            self.command = json.loads(rest)
        elif word not in ("EXPOSE", "VOLUME"):
            raise Failed(f"the Dockerfile has {word}, which is not tried here")


def built(project):
    container = Container(project)
    for line in (project / "Dockerfile").read_text().splitlines():
        if line and not line.startswith("#"):
            container.do(*line.split(" ", 1))
    for machine in container.stages.values():
        told = run(["find", machine.root, "-xdev", "-name", ".env"])
        if told:
            raise Failed(f"the key of the developer's machine is in the image: {told}")
    return container


def served(container, **variables):
    """Migrated and asked, as the head of the Dockerfile says."""
    where = {"user": container.user, "folder": container.folder, **KEY, **variables}
    expect(container.machine.sh("manage migrate", **where), "OK")
    command = " ".join(container.command).replace("0.0.0.0:8000", "127.0.0.1:PORT") + " --workers 1"
    with container.machine.serving(command, **where) as ask:
        expect(ask("/api/items/", b'{"title": "First"}'), '"id"')
        expect(ask("/api/items/"), "First")


def trial_dockerfile():
    """The steps of the Dockerfile of a project with an API, each stage in a machine of its own; SQLite in its volume."""
    container = built(new_project("boxed", "--api"))
    served(container)
    if not (container.machine.root / "data/db.sqlite3").is_file():
        raise Failed("the database is not in /data, which the volume holds")


def trial_dockerfile_postgresql():
    """The same of a project made for PostgreSQL, against a server."""
    container = built(new_project("boxed_pg", "--api", "--database", POSTGRESQL))
    with postgresql_server("boxed_pg") as postgresql:
        served(container, DATABASE_URL=postgresql.url)


def trial_dockerfile_mariadb():
    """The same of a project made for MariaDB."""
    import mariadb
    container = built(new_project("boxed_my", "--api", "--database", "mariadb://nobody@localhost/elsewhere"))
    with mariadb.MariaDB() as server:
        served(container, DATABASE_URL=server.url("boxed_my", tcp=True))


def checkout(project):
    """What a CI machine gets: the files that git has, in a folder of its own."""
    git = lambda *words: run(["git", "-C", project, "-c", "user.name=A", "-c", "user.email=a@example.com", *words])
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "First")
    target = scratch / "checkouts" / project.name
    run(["git", "clone", "-q", project, target])
    if (target / ".env").exists() or (target / "build").exists():
        raise Failed("git has what is this machine's alone")
    return target


def trial_ci():
    """The steps of CI files, in the container that they name, from what git has; with PostgreSQL beside them."""
    for name, *options in (("checked", "--api"), ("checked_pg", "--database", POSTGRESQL)):
        project = checkout(new_project(name, *options))
        text = (project / ".github/workflows/test.yml").read_text()
        steps = re.findall(r"^      - run: (.*)$", text, re.M)
        address = re.search(r"DATABASE_URL: (\S+)", text)
        if len(steps) < 3 or bool(address) != ("postgres:15" in text) or bool(address) != ("--database" in options):
            raise Failed(f"the CI file of {options} is\n{text}")
        machine = Machine(name)
        machine.copy(project, "/checkout")
        with postgresql_server("postgres_of_ci") if address else contextlib.nullcontext() as postgresql:
            variables = {}
            if address:  # the service's name leads to this machine, to the server's port
                with open(machine.root / "etc/hosts", "a") as hosts:
                    hosts.write("127.0.0.1 database\n")
                variables["DATABASE_URL"] = address[1].replace("@database/", f"@database:{postgresql.port}/")
            told = [machine.sh(step, folder="/checkout", **variables) for step in steps]
        expect("".join(told), "OK")
