"""The driver of PostgreSQL against a server of the tests' own. The programs live-postgresql-* hold
the checks; this starts the server, and restarts it when they ask.

    test_postgresql.py --long    ten million randomised statements, and five minutes of 500 fibers
"""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import pg_proxy  # noqa: E402
import pgbouncer  # noqa: E402
import postgresql  # noqa: E402
import servers  # noqa: E402
import suite  # noqa: E402

LIMIT = 300  # seconds for one program
LONG = "--long" in sys.argv
CLOSING = re.compile(r"(\d+) passed, (\d+) failed")


def obey(server, commands, answers):
    """Do what the program asks of the server or the proxy, line by line, until it ends."""
    for line in commands:
        what, *numbers = line.split()
        getattr(server, what)(*map(int, numbers))
        answers.write("done\n")
        answers.flush()


def run(name, server, *arguments, obeys=None, url=None, **env):
    program = suite.BUILD / "tests/live/postgresql" / f"live-postgresql-{name}"
    if not program.exists():
        raise suite.Skip("built without libpq")
    ask, told = os.pipe()
    listen, answer = os.pipe()

    def arrange():
        os.dup2(told, 103)
        os.dup2(listen, 104)
        os.dup2(103, 3)
        os.dup2(104, 4)
        servers.end_with_parent()()
    child = subprocess.Popen([str(program), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, preexec_fn=arrange, pass_fds=(3, 4),
                             env=dict(os.environ, DATABASE_URL=url or server.url, **env))
    os.close(told)
    os.close(listen)
    with os.fdopen(ask) as commands, os.fdopen(answer, "w") as answers:
        obey(obeys or server, commands, answers)
    output, _ = child.communicate(timeout=None if LONG else LIMIT)
    servers.check_sanitizers(output)
    closing = CLOSING.search(output)
    assert child.returncode == 0 and closing and closing[2] == "0", output[-6000:]
    for line in output.splitlines():
        if line.startswith("figure"):
            print(line)


def test_driver():
    with postgresql.Server() as server:
        run("driver", server)


def test_sharing():
    with postgresql.Server() as server:
        run("shared", server)


def long_sharing():
    with postgresql.Server() as server:
        run("shared", server, "no_answer", QUERIES="10000000")
        run("shared", server, "five_hundred", SOAK_SECONDS="300")


def test_faults():
    with postgresql.Server() as server:
        run("faults", server)


def test_a_cut_at_every_message():
    with postgresql.Server() as server, pg_proxy.Proxy(server.port) as proxy:
        run("cut", server, obeys=proxy, PROXY_URL=server.address(port=proxy.port))


def test_limits_locks_channels_pools_and_replicas():
    with postgresql.Server() as server:
        run("server", server)


def test_behind_pgbouncer_in_transaction_mode():
    with postgresql.Server() as server, pgbouncer.Pooler(server) as pooler:
        options = {"url": pooler.url, "PG_OPTIONS": "pooler=true"}
        run("driver", server, "each_type", "parameters", "counts", "many_lists", "classes", "transaction_is",
            "together", **options)
        run("shared", server, "fails", "five_hundred", "no_answer", **options)


if __name__ == "__main__":
    if LONG:
        sys.argv.remove("--long")
    suite.main({"test_long_sharing": long_sharing} if LONG else globals())
