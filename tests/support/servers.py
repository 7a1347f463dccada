"""Servers under test: started on a free port, waited for, loaded, stopped; their logs are read for
what the sanitizers found."""
import contextlib
import ctypes
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 30  # seconds until something that must happen has not
LISTENING = re.compile(r"[Ll]istening at:? (?:http://)?([^\s,]+)")
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error: |SUMMARY: \w+Sanitizer")
PR_SET_PDEATHSIG = 1


def wait_for(condition, what, patience=PATIENCE):
    """The first true value of condition()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"no {what} within {patience} s")


def end_with_parent(number=signal.SIGKILL):
    """For preexec_fn: the child ends when the test does, however that ends."""
    return lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def check_sanitizers(log):
    found = SANITIZER.search(log)
    assert not found, f"a sanitizer speaks in the log:\n{log[max(found.start() - 200, 0):][:6000]}"


def fast_folder():
    """Memory, where there is room, for the files of a database server: making tables and copies of databases
    waits for the disk. None: the usual folder."""
    with contextlib.suppress(OSError):
        if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 1 << 30:
            return "/dev/shm"
    return None


class Server:
    """A running server; its log in a file. `address` is where it listens."""

    ending = signal.SIGTERM
    crashes = False  # whether it crashes when told to
    patience = PATIENCE  # until it listens
    under = ()  # a command that runs it: valgrind

    def __init__(self, program, *arguments, env=None, **options):
        options.setdefault("preexec_fn", end_with_parent())
        self.log = tempfile.NamedTemporaryFile("r", prefix="nuages-")
        with open(self.log.name, "w") as log:
            self.process = subprocess.Popen([*self.under, str(program), *map(str, arguments)], stderr=log, stdout=log,
                                            stdin=subprocess.DEVNULL, env=dict(os.environ, **(env or {})),
                                            **options)

    def __enter__(self):
        try:
            found = wait_for(lambda: self.listening() or self.process.poll() is not None, "address in the log",
                             self.patience)
            assert found is not True, f"the server ended:\n{self.text()}"
            self.address = found
            wait_for(self.answers, "answer")
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind, error, trace):
        if self.process.poll() is None:
            self.process.send_signal(self.ending)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if kind:
            print(self.text()[-8000:])
        if not self.crashes:
            check_sanitizers(self.text())

    def listening(self):
        """The address that the log tells, or None."""
        found = LISTENING.search(self.text())
        return found and found[1]

    def text(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def saw(self, text):
        return wait_for(lambda: text in self.text(), f'"{text}" in the log')

    def connect(self):
        if self.address.startswith("unix:"):
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(PATIENCE)
            s.connect(self.address[5:])
            return s
        host, port = self.address.rsplit(":", 1)
        return socket.create_connection((host.strip("[]"), int(port)), PATIENCE)

    def answers(self):
        """True once the server takes connections."""
        with contextlib.suppress(OSError):
            self.connect().close()
            return True

    def workers(self):
        """The pids of the children that are neither dead nor anything else."""
        text = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(pid) for pid in text.split()}

    def stop(self, number=signal.SIGTERM):
        """Signal the server; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)
