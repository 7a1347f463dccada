"""A bare Debian to try things in: a tree of its own, entered by chroot, which goes in the end."""
import contextlib
import functools
import glob
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("NUAGES_RELEASE", ROOT / "build")).resolve()
PACKAGES = ROOT / "packages"
TOOL = BUILD / "src/tool/nuages"
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}
KEY = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "127.0.0.1"}
scratch = pathlib.Path(tempfile.mkdtemp(prefix="nuages-packages-"))


class Failed(Exception):
    pass


def run(command, status=0, **options):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != status:
        raise Failed(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout[-4000:]}")
    return done.stdout


def expect(text, part):
    if part not in text:
        raise Failed(f"{part!r} is not in:\n{text[-3000:]}")


def check(condition, told):
    if not condition:
        raise Failed(told)


@functools.cache
def bare():
    """A tree with nothing but Debian's essential packages and apt."""
    given = os.environ.get("NUAGES_BARE_DEBIAN")
    tree = pathlib.Path(given) if given else scratch / "bare"
    if not tree.exists():
        run(["debootstrap", "--variant=minbase", "bookworm", tree])
    return tree


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Machine:
    """Such a tree, or a copy of another machine; commands run in it by a shell."""

    def __init__(self, name, of=None):
        self.root = scratch / name
        run(["cp", "-a", "--reflink=auto", of.root if of else bare(), self.root])
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        (self.root / "etc/dpkg/dpkg.cfg.d/trial").write_text("force-unsafe-io\n")  # it lives for minutes

    def sh(self, line, user=None, folder="/", **variables):
        who = [f"--userspec={user}"] if user else []
        return run(["chroot", *who, self.root, "sh", "-c", f"cd {folder} && {line}"], env={**ENVIRONMENT, **variables})

    def copy(self, source, target):
        """As COPY: a folder's content, or files, which a pattern may name."""
        into_folder, target = target.endswith("/"), self.root / target.lstrip("/")
        if pathlib.Path(source).is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
            return
        for file in glob.glob(str(source)):
            folder = target if into_folder or target.is_dir() else None
            (folder or target.parent).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, (folder / pathlib.Path(file).name) if folder else target)

    def files(self):
        """All files that are there but those that dpkg and apt keep for themselves, and logs."""
        own = ("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", "proc", "sys", "dev", "tmp", "packages")
        names = run(["find", self.root, "-xdev", "!", "-type", "d", "-printf", "%P\\n"]).splitlines()
        return {name for name in names if not name.startswith(own)}

    @contextlib.contextmanager
    def serving(self, command, user=None, folder="/", **variables):
        """A server in it, given "PORT"; yields a function that asks for a path."""
        port = free_port()
        who = [f"--userspec={user}"] if user else []
        process = subprocess.Popen(["chroot", *who, str(self.root), "sh", "-c",
                                    f"cd {folder} && exec {command.replace('PORT', str(port))}"], env={**ENVIRONMENT, **variables},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

        def ask(path, data=None):
            asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"} if data else {})
            for _ in range(600):
                try:
                    return urllib.request.urlopen(asked, timeout=60).read().decode()
                except urllib.error.HTTPError as error:
                    raise Failed(f"{command}: {path} answers {error.code}\n{error.read().decode()[:2000]}") from None
                except OSError:
                    check(process.poll() is None, f"{command} ended with {process.returncode}")
                    time.sleep(0.1)
            raise Failed(f"{command}: no answer")

        try:
            yield ask
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


@functools.cache
def installed():
    """A machine with the packages and what they recommend: all that a project is built with."""
    machine = Machine("installed")
    check(len(list(PACKAGES.glob("*.deb"))) == 3, f"{PACKAGES} has not the three packages: make deb")
    machine.copy(PACKAGES / "*.deb", "/packages/")
    machine.sh("apt-get update -q && apt-get install -y -q /packages/*.deb")
    return machine


def wire(project, app):
    """What `nuages startapp` tells to add, added to the files of a new project."""
    name = project.name
    for file, old, new in (("meson.build", "\nexecutable(", f"\nsubdir('{app}')\nexecutable("),
                           (f"{name}/settings.c", '#include "urls.h"', f'#include "../{app}/app.h"\n#include "urls.h"'),
                           (f"{name}/settings.c", "&sessions_app }", f"&sessions_app, &{app}_app }}"),
                           (f"{name}/urls.c", "#include <nuages/nuages.h>", f'#include "../{app}/urls.h"\n#include <nuages/nuages.h>'),
                           (f"{name}/urls.c", 'path("",', f'include("{app}/", {app}_urls),\n        path("",')):
        text = (project / file).read_text()
        expect(text, old)
        (project / file).write_text(text.replace(old, new, 1))
