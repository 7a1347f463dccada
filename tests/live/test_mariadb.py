#!/usr/bin/env python3
"""The driver of MariaDB against a server of its own: rows, errors, transactions, and what happens when
the server or its connections go away."""
import os
import pathlib
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import servers
import suite

PROGRAM = suite.BUILD / "tests/live/live-mysql"


def run(server, *words, **environment):
    """The tests of the C program whose names have one of the words."""
    url = server.url("driver", tcp=environment.pop("tcp", False))
    done = subprocess.run([PROGRAM, *words], env=dict(os.environ, NUAGES_TEST_MYSQL=url, **environment),
                          capture_output=True, text=True, errors="replace", timeout=300)
    told = done.stdout + done.stderr
    assert not done.returncode, told[-6000:]
    servers.check_sanitizers(told)
    assert " passed" in told, told[-2000:]


def built():
    if not PROGRAM.exists():
        raise suite.Skip("the backend of MariaDB is not built in (libmariadb-dev)")


def come_back(server, over):
    """A server that was killed is started again."""
    while not over.wait(0.05):
        if server.process.poll() is not None:
            server.start()


def test_the_driver_over_a_socket_and_when_the_server_dies():
    built()
    with mariadb.MariaDB() as server:
        over = threading.Event()
        nurse = threading.Thread(target=come_back, args=(server, over))
        nurse.start()
        try:
            run(server, NUAGES_TEST_MYSQL_PID=str(server.folder / "pid"))
        finally:
            over.set()
            nurse.join()


def test_statements_over_tcp():
    built()
    with mariadb.MariaDB() as server:
        run(server, "rows", "parameters", "errors", "batch", tcp=True)


if __name__ == "__main__":
    suite.main(globals())
