#!/usr/bin/env python3
"""How long a developer waits after saving a file of the school, until runserver answers with the new build.

    bench/rebuild.py [BUILD [N]]     of the build in BUILD (build), N times (5); prints seconds of each and the median

The file is written as it was, so that the tree stays as it is. Exit status 1 when no new build came.
"""
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAVED = ROOT / "examples/school/registry/views.c"
PATIENCE = 120


class Development:
    def __init__(self, build, folder):
        self.log = pathlib.Path(folder) / "log"
        env = dict(os.environ, DEBUG="1", CCACHE_DISABLE="1", DATABASE_URL=f"sqlite:///{folder}/db.sqlite3")
        program = build / "examples/school/manage"
        subprocess.run([program, "migrate", "-v0"], env=env, check=True, cwd=folder)
        self.process = subprocess.Popen([program, "runserver", "127.0.0.1:0"], env=env, cwd=folder, start_new_session=True,
                                        stdout=self.log.open("w"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = condition(self.log.read_text())
            if found:
                return found
            time.sleep(0.005)
        sys.exit(f"rebuild: no {what}:\n{self.log.read_text()[-2000:]}")

    def address(self):
        return self.wait(lambda text: re.search(r"listening at (http://[\d.:]+)", text), "address")[1]

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


def one(server, address):
    builds = server.log.read_text().count("restarting")
    reloads = len(re.findall(r"listening at", server.log.read_text()))
    started = time.monotonic()
    SAVED.write_text(SAVED.read_text())
    server.wait(lambda text: text.count("restarting") > builds, "build")
    server.wait(lambda text: len(re.findall(r"listening at|reloaded", text)) > reloads, "new server")
    urllib.request.urlopen(f"{address}/students/").read()
    return time.monotonic() - started


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve()
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        server = Development(build, folder)
        try:
            address = server.address()
            seconds = [one(server, address) for _ in range(n)]
        finally:
            server.stop()
    print("save to page, s: " + " ".join(f"{s:.2f}" for s in seconds) + f"; median {statistics.median(seconds):.2f}")


if __name__ == "__main__":
    main()
