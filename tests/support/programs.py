"""The C programs that test a database server from inside: they run against one of the tests' own, and ask
for what only the outside can do (a restart, a cut) by lines on a pipe."""
import contextlib
import os
import re
import subprocess
import tempfile
import threading

import servers
import stacks
import suite

LIMIT = 300  # seconds for one program
CLOSING = re.compile(r"(\d+) passed, (\d+) failed")


class Program:
    """A running program below tests/live. One that has not ended when its time is up is killed, after its
    stacks have been read: whoever reads its pipe then sees the end of it."""

    def __init__(self, path, words, limit, env):
        self.late = ""
        self.log = tempfile.TemporaryFile("w+")
        ask, told = os.pipe()
        listen, answer = os.pipe()
        progress = os.dup(2)
        self.child = subprocess.Popen([str(path), *words], stdin=subprocess.DEVNULL, stdout=self.log,
                                      stderr=subprocess.STDOUT, preexec_fn=servers.end_with_parent(),
                                      pass_fds=(told, listen, progress),
                                      env=dict(os.environ, LIVE_ASK=str(told), LIVE_ANSWER=str(listen),
                                               LIVE_PROGRESS=str(progress) if limit is None else "", **env))
        for end in (told, listen, progress):
            os.close(end)
        self.commands, self.answers = os.fdopen(ask), os.fdopen(answer, "w")
        self.timer = threading.Timer(limit, self.give_up, [limit]) if limit else None
        if self.timer:
            self.timer.start()

    def give_up(self, limit):
        self.late = f"no end within {limit} s; it stands at:\n{stacks.of_process(self.child.pid)}"
        self.child.kill()

    def obey(self, server):
        """Do what the program asks of the server or the proxy, line by line, until it ends."""
        for line in self.commands:
            what, *numbers = line.split()
            getattr(server, what)(*map(int, numbers))
            self.answers.write("done\n")
            self.answers.flush()

    def end(self):
        """What it printed."""
        self.child.wait()
        if self.timer:
            self.timer.cancel()
            self.timer.join()
        self.log.seek(0)
        return self.log.read()

    def close(self):
        self.child.kill()
        self.end()
        for file in (self.commands, self.answers, self.log):
            file.close()


def run(name, obeys, *words, limit=LIMIT, **env):
    """The tests of a program below tests/live whose names have one of the words; prints its figures."""
    path = suite.BUILD / "tests/live" / name
    if not path.exists():
        raise suite.Skip(f"{name} is not built: its client library is absent")
    with contextlib.closing(Program(path, words, limit, env)) as program:
        program.obey(obeys)
        output, late = program.end(), program.late
    assert not late, f"{output[-3000:]}\n{name}: {late[:20000]}"
    servers.check_sanitizers(output)
    closing = CLOSING.search(output)
    assert program.child.returncode == 0 and closing and closing[2] == "0" and closing[1] != "0", output[-6000:]
    for line in output.splitlines():
        if line.startswith("figure"):
            print(line)
