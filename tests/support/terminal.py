"""A program at a terminal of its own.

    with Terminal(["./manage", "makemigrations"], folder, environment) as terminal:
        terminal.expect("[y/N] ")
        terminal.type("y")
        assert terminal.end() == 0, terminal.told
"""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import servers


class Terminal:
    def __init__(self, arguments, folder, environment, columns=0):
        self.master, slave = pty.openpty()
        if columns:
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        self.told, self.seen = "", 0  # all that came; how much of it was waited for
        self.process = subprocess.Popen(arguments, cwd=folder, env={**os.environ, **environment}, stdin=slave, stdout=slave, stderr=slave,
                                        preexec_fn=own_session(slave))
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        os.close(self.master)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def read(self, deadline):
        """More of what it tells; false at its end. A program that tells its time goes on for ever: so the deadline."""
        ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
        assert ready and time.monotonic() < deadline, f"what was waited for did not come in time:\n{self.told}"
        try:
            got = os.read(self.master, 4096).decode(errors="replace")
        except OSError:  # Linux says so where the other side has gone
            got = ""
        self.told += got
        return bool(got)

    def expect(self, text):
        """Wait for a text after the last one that was waited for."""
        deadline = time.monotonic() + servers.PATIENCE
        while (at := self.told.find(text, self.seen)) < 0:
            assert self.read(deadline), f"{text!r} did not come:\n{self.told}"
        self.seen = at + len(text)

    def type(self, line):
        os.write(self.master, line.encode() + b"\n")

    def press(self, key):
        """A control key: "C" interrupts, "D" ends the input."""
        os.write(self.master, bytes([ord(key) - ord("@")]))

    def end(self):
        """Its exit status."""
        deadline = time.monotonic() + servers.PATIENCE
        while self.read(deadline):
            pass
        return self.process.wait(servers.PATIENCE)


def own_session(slave):
    """preexec_fn: the terminal is the process's own, so that its keys reach it; whoever ran the tests in the background
    had them ignore Ctrl-C."""
    with_parent = servers.end_with_parent()

    def become():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with_parent()
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    return become
