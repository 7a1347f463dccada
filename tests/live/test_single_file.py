"""A site as one static file, in a root folder that holds nothing but it: migrate, data, a page."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
import test_startproject as newcomer
from client import Client

SIZE = 8_000_000  # bytes, with SQLite and PostgreSQL
VARIABLES = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "localhost", "DATABASE_URL": "sqlite:////db.sqlite3", "PATH": "/"}
# Who is not root gets a root folder of their own in a namespace of users.
ENTER = ["chroot"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]


def alone(executable):
    """A folder with nothing but the executable."""
    root = school.fresh_folder()
    (root / "manage").write_bytes(executable.read_bytes())
    (root / "manage").chmod(0o755)
    return root


def inside(root, *arguments):
    done = subprocess.run([*ENTER, root, "/manage", *arguments], env={**VARIABLES, "PATH": os.environ["PATH"]},
                          capture_output=True, text=True, timeout=school.TIME_LIMIT)
    assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def refused(root, database):
    done = subprocess.run([*ENTER, root, "/manage", "migrate"], capture_output=True, text=True,
                          env={**VARIABLES, "DATABASE_URL": database, "PATH": os.environ["PATH"]})
    assert done.returncode == 1, done
    return done.stderr


class Site(servers.Server):
    def __init__(self, root):
        super().__init__(ENTER[0], *ENTER[1:], root, "/manage", "serve", "127.0.0.1:0", "--workers", 1, cwd=root,
                         env=VARIABLES | {"PATH": os.environ["PATH"]})

    def client(self):
        return Client(self.address, host="localhost")


def test_a_new_site_is_one_file_that_runs_in_an_empty_root_folder():
    project = newcomer.new_project("alone")
    newcomer.wire(project, "blog")
    newcomer.make(project)
    newcomer.manage(project, "makemigrations", "blog")
    told = newcomer.run(["make", "single"], project, **newcomer.variables())
    executable = project / "build-single/manage"
    assert "packed" in told and executable.stat().st_size < SIZE, (told, executable.stat().st_size)
    root = alone(executable)
    assert "Applying blog.0001_initial... OK" in inside(root, "migrate")
    inside(root, "shell", "-c", "Item.objects.create(title='From one file')")
    with Site(root) as site:
        page = site.client().get("/blog/")
        assert page.status == 200 and "From one file" in page.text, page.text
    assert sorted(path.name for path in root.iterdir() if not path.name.startswith("db.")) == ["manage"]
    told = refused(root, "postgresql://nobody@127.0.0.1:1/none")
    assert "Connection refused" in told, told  # by libpq: it is in the file
    assert "built in: sqlite, postgresql" in refused(root, "mysql://nobody@127.0.0.1:1/none")



def test_the_school_is_one_file_with_its_demonstration_data():
    newcomer.run([suite.ROOT / "tools/single", suite.RELEASE], suite.ROOT, CC=suite.CC)
    executable = suite.RELEASE / "single"
    assert executable.stat().st_size < SIZE
    root = alone(executable)
    assert "Applying registry.0001_initial... OK" in inside(root, "migrate")
    inside(root, "seed_demo")
    with Site(root) as site:
        page = site.client().get("/students/")
        assert page.status == 200 and page.text.count("<tr") > 10, page.text
        assert site.client().get("/static/registry/school.css").status == 200


def test_what_cannot_be_packed_is_named():
    tool = newcomer.installed() / "bin/nuages"
    folder = school.fresh_folder()
    (folder / "text").write_text("no program\n" * 100)
    for path, fault in ((folder / "text", "it is no executable of this machine"), (tool, "it is not static"),
                        (folder / "missing", "is no file that can be read")):
        done = subprocess.run([tool, "pack", path, "-o", folder / "out"], capture_output=True, text=True,
                              env={**os.environ, **newcomer.variables()})
        assert done.returncode == 1 and fault in done.stderr and not (folder / "out").exists(), done.stderr


def test_a_packed_file_that_is_damaged_says_so():
    packed = bytearray((suite.RELEASE / "single").read_bytes())
    packed[len(packed) // 2] ^= 255
    broken = school.fresh_folder() / "broken"
    broken.write_bytes(packed)
    broken.chmod(0o755)
    done = subprocess.run([broken, "version"], capture_output=True, text=True)
    assert done.returncode == 127 and done.stderr == "unpack: the file is damaged\n", (done.returncode, done.stderr)


if __name__ == "__main__":
    suite.main(globals())
