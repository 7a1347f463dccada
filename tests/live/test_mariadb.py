#!/usr/bin/env python3
"""The driver of MariaDB against a server of the tests' own. The programs live-mysql-* hold the checks; this
starts the server, and restarts it when they ask.

    test_mariadb.py --long    ten million randomised statements, and five minutes of 500 fibers; how far they are is
                              told on stderr. LONG_QUERIES and LONG_SECONDS, from the environment, are other numbers
"""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import cutting_proxy
import mariadb
import programs
import suite


def run(name, server, *words, obeys=None, tcp=False, **more):
    programs.run(f"mysql/live-mysql-{name}", obeys or server, *words, DATABASE_URL=server.url("driver", tcp=tcp), **more)


def test_driver_over_a_socket_and_over_tcp():
    with mariadb.MariaDB() as server:
        run("driver", server)
        run("driver", server, "rows", "parameters", "errors", "batch", tcp=True)


def test_faults():
    with mariadb.MariaDB() as server:
        run("faults", server)


def test_nothing_of_a_session_reaches_the_next_fiber():
    with mariadb.MariaDB() as server:
        run("session", server)


def test_fibers_share_connections():
    with mariadb.MariaDB() as server:
        run("shared", server)


def test_crowds():
    with mariadb.MariaDB() as server:
        run("crowd", server)


def long_crowds():
    with mariadb.MariaDB() as server:
        run("crowd", server, "no_answer", QUERIES=os.environ.get("LONG_QUERIES", "10000000"), limit=None)
        run("crowd", server, "five_hundred", SOAK_SECONDS=os.environ.get("LONG_SECONDS", "300"), limit=None)


def test_a_cut_at_every_packet():
    with mariadb.MariaDB() as server, cutting_proxy.MariaDB(server.port) as proxy:
        url = server.url("driver", tcp=True)
        run("cut", server, obeys=proxy, PROXY_URL=url.replace(f":{server.port}/", f":{proxy.port}/"))


if __name__ == "__main__":
    suite.main(suite.long_or_short(globals(), test_long_crowds=long_crowds))
