"""The driver of PostgreSQL against a server of the tests' own. The programs live-postgresql-* hold
the checks; this starts the server, and restarts it when they ask.

    test_postgresql.py --long    ten million randomised statements, and five minutes of 500 fibers; how far they are is
                              told on stderr. LONG_QUERIES and LONG_SECONDS, from the environment, are other numbers
"""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import cutting_proxy  # noqa: E402
import pgbouncer  # noqa: E402
import postgresql  # noqa: E402
import programs  # noqa: E402
import suite  # noqa: E402


def run(name, server, *words, obeys=None, url=None, **more):
    programs.run(f"postgresql/live-postgresql-{name}", obeys or server, *words, DATABASE_URL=url or server.url, **more)


def test_driver():
    with postgresql.Server() as server:
        run("driver", server)


def test_sharing():
    with postgresql.Server() as server:
        run("shared", server)


def long_sharing():
    with postgresql.Server() as server:
        run("shared", server, "no_answer", QUERIES=os.environ.get("LONG_QUERIES", "10000000"), limit=None)
        run("shared", server, "five_hundred", SOAK_SECONDS=os.environ.get("LONG_SECONDS", "300"), limit=None)


def test_faults():
    with postgresql.Server() as server:
        run("faults", server)


def test_a_cut_at_every_message():
    with postgresql.Server() as server, cutting_proxy.PostgreSQL(server.port) as proxy:
        run("cut", server, obeys=proxy, PROXY_URL=server.address(port=proxy.port))


def test_limits_locks_channels_pools_and_replicas():
    with postgresql.Server() as server:
        run("server", server)


def test_nothing_of_a_session_reaches_the_next_fiber():
    with postgresql.Server() as server:
        run("session", server)


def test_behind_pgbouncer_in_transaction_mode():
    with postgresql.Server() as server, pgbouncer.Pooler(server) as pooler:
        options = {"url": pooler.url, "PG_OPTIONS": "pooler=true"}
        run("driver", server, "each_type", "parameters", "counts", "many_lists", "classes", "transaction_is",
            "together", **options)
        run("shared", server, "fails", "five_hundred", "no_answer", **options)


if __name__ == "__main__":
    suite.main(suite.long_or_short(globals(), test_long_sharing=long_sharing))
