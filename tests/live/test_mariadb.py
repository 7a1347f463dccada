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


def test_statements_rows_errors_and_transactions_over_a_socket():
    built()
    with mariadb.MariaDB() as server:
        run(server)


if __name__ == "__main__":
    suite.main(globals())
