"""The C programs that test a database server from inside: they run against one of the tests' own, and ask
for what only the outside can do (a restart, a cut) by lines on a pipe."""
import os
import re
import subprocess

import servers
import suite

LIMIT = 300  # seconds for one program
CLOSING = re.compile(r"(\d+) passed, (\d+) failed")


def obey(server, commands, answers):
    """Do what the program asks of the server or the proxy, line by line, until it ends."""
    for line in commands:
        what, *numbers = line.split()
        getattr(server, what)(*map(int, numbers))
        answers.write("done\n")
        answers.flush()


def start(program, words, told, listen, env):
    return subprocess.Popen([str(program), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, preexec_fn=servers.end_with_parent(),
                            pass_fds=(told, listen),
                            env=dict(os.environ, LIVE_ASK=str(told), LIVE_ANSWER=str(listen), **env))


def run(name, obeys, *words, limit=LIMIT, **env):
    """The tests of a program below tests/live whose names have one of the words; prints its figures."""
    program = suite.BUILD / "tests/live" / name
    if not program.exists():
        raise suite.Skip(f"{name} is not built: its client library is absent")
    ask, told = os.pipe()
    listen, answer = os.pipe()
    child = start(program, words, told, listen, env)
    os.close(told)
    os.close(listen)
    with os.fdopen(ask) as commands, os.fdopen(answer, "w") as answers:
        obey(obeys, commands, answers)
    output, _ = child.communicate(timeout=limit)
    servers.check_sanitizers(output)
    closing = CLOSING.search(output)
    assert child.returncode == 0 and closing and closing[2] == "0" and closing[1] != "0", output[-6000:]
    for line in output.splitlines():
        if line.startswith("figure"):
            print(line)
