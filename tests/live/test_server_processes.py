"""The server's processes as an operator meets them: restarts, drains, reloads, kills, full ports.

Drives tests/live/server_processes.c, whose workers answer with their pid.
"""
import collections
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import servers
import suite
from servers import PATIENCE, wait_for

PROGRAM = suite.BUILD / "tests/live/live-server"


class Server(servers.Server):
    """tests/live/server_processes.c, running."""

    ending = signal.SIGQUIT
    crashes = True

    def __init__(self, *arguments, program=None, listen="127.0.0.1:0", **options):
        super().__init__(program or PROGRAM, *arguments, *filter(None, [listen]), **options)

    def get(self, path="/pid"):
        with contextlib.closing(self.connect()) as s:
            return ask(s, path)

    def answers(self):
        try:
            return self.get()
        except OSError:
            return None


def ask(s, path="/pid"):
    """One request over a connection; the body. Raises ConnectionError when there is no answer."""
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    data = b""
    while b"\r\n\r\n" not in data:
        more = s.recv(4096)
        if not more:
            raise ConnectionError("closed without an answer")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    while len(body) < length:
        more = s.recv(4096)
        if not more:
            raise ConnectionError("closed within an answer")
        body += more
    return body.decode()


class Load:
    """Clients that ask all the time, each over one connection; what failed, by the worker's pid."""

    def __init__(self, server, clients=8, new_connections=False):
        self.server, self.new = server, new_connections
        self.asked, self.failed, self.refused, self.over = collections.Counter(), [], [], False
        self.settled = set()  # clients that have had an answer
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        wait_for(lambda: len(self.settled) == len(self.threads), "answers for all clients")
        return self

    def __exit__(self, *_):
        self.over = True
        for thread in self.threads:
            thread.join()

    def run(self):
        while not self.over:
            try:
                s = self.server.connect()
            except OSError as error:
                self.refused.append(error)
                return
            pid = None
            try:
                while not self.over:
                    pid = ask(s)
                    self.asked[pid] += 1
                    self.settled |= {threading.get_ident()}
                    if self.new:
                        break
            except OSError:
                self.failed.append(pid)
            s.close()


# ---- workers that die -------------------------------------------------------------------------


def test_a_killed_worker_is_restarted():
    with Server("--workers", 2) as server:
        before = wait_for(lambda: len(server.workers()) == 2 and server.workers(), "two workers")
        victim = before.pop()
        os.kill(victim, signal.SIGKILL)
        server.saw(f"(pid {victim}) was ended by signal 9 (Killed)")
        after = wait_for(lambda: len(server.workers()) == 2 and server.workers(), "two workers again")
        assert victim not in after and before < after
        assert int(server.get()) in after


def test_a_site_loads_the_client_libraries_of_no_database_but_its_own():
    with Server("--workers", 1) as server:
        server.get()
        for pid in server.workers():
            mapped = pathlib.Path(f"/proc/{pid}/maps").read_text()
            assert "libsqlite3" in mapped
            assert not re.search("libpq|libmariadb|libgnutls", mapped), mapped


def test_kill_9_under_load_fails_only_the_requests_of_that_worker():
    with Server("--workers", 2) as server, Load(server) as load:
        wait_for(lambda: len(load.asked) == 2, "answers of both workers")
        victim = int(next(iter(load.asked)))
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: server.get() not in load.asked, "answer of the new worker")
    assert not load.refused, load.refused
    assert set(load.failed) <= {str(victim)}, (victim, load.failed)


def test_connections_that_wait_to_be_accepted_outlive_the_workers():
    with Server("--workers", 2) as server:
        victims = wait_for(lambda: len(server.workers()) == 2 and server.workers(), "two workers")
        for pid in victims:
            os.kill(pid, signal.SIGSTOP)
        waiting = [server.connect() for _ in range(50)]
        for s in waiting:
            s.sendall(b"GET /pid HTTP/1.1\r\nHost: x\r\n\r\n")
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        for s in waiting:
            assert b"200 OK" in s.recv(4096)
            s.close()


def test_a_crash_is_told_with_the_request_and_hits_one_worker():
    with Server("--workers", 2) as server:
        bystander = int(server.get())
        with contextlib.closing(server.connect()) as s:
            try:
                ask(s, "/crash")
                raise AssertionError("the crash was answered")
            except ConnectionError:
                pass
        server.saw('in fiber "GET /crash"')
        assert server.get() and bystander


def test_an_overflowed_stack_names_the_request():
    with Server("--workers", 1) as server:
        with contextlib.closing(server.connect()) as s:
            s.sendall(b"GET /overflow HTTP/1.1\r\nHost: x\r\n\r\n")
            server.saw('fiber "GET /overflow" overflowed its stack of ')
        server.saw("was ended by signal 11 (Segmentation fault)")
        wait_for(server.answers, "answer of the new worker")


def test_a_stuck_worker_is_killed_and_its_request_named():
    with Server("--workers", 2, "--heartbeat", 1) as server:
        with contextlib.closing(server.connect()) as s:
            s.sendall(b"GET /spin HTTP/1.1\r\nHost: x\r\n\r\n")
            assert server.get()
            server.saw("has given no sign of life for 1.0 s: killing it")
            server.saw('SIGABRT in fiber "GET /spin"')
        wait_for(lambda: len(server.workers()) == 2, "two workers again")


def test_workers_that_keep_dying_are_restarted_ever_later():
    with Server("--workers", 1) as server:
        for _ in range(4):
            pid = int(wait_for(server.answers, "answer"))
            os.kill(pid, signal.SIGKILL)
            server.saw(f"(pid {pid}) was ended")
        delays = [float(d) for d in re.findall(r"restarting it in ([\d.]+) s", server.text())]
        assert delays == sorted(delays) and delays[-1] >= 4 * delays[0] > 0, delays


def test_a_worker_that_cannot_start_ends_the_server_with_its_reason():
    server = Server("--workers", 2, env={"NUAGES_TEST_FAIL": "start"})
    assert server.process.wait(PATIENCE) == 1
    assert "ImproperlyConfigured: worker_start fails as told" in server.text()
    assert "workers can't start; the server stops" in server.text()


def test_connections_are_counted_between_start_and_stop_alone():
    with Server("--workers", 1, "--heartbeat", 0.5, env={"NUAGES_TEST_SLOW": "1"}) as server:
        wait_for(server.answers, "answer")
        server.process.terminate()
        assert server.process.wait(PATIENCE) == 0
        assert "a worker has stopped" in server.text() and "none to count" not in server.text(), server.text()


def test_workers_end_with_their_arbiter():
    with Server("--workers", 2) as server:
        workers = wait_for(lambda: len(server.workers()) == 2 and server.workers(), "two workers")
        server.process.kill()
        server.process.wait()
        for pid in workers:
            wait_for(lambda: not pathlib.Path(f"/proc/{pid}").exists() or
                     " Z " in pathlib.Path(f"/proc/{pid}/stat").read_text(), "end of the worker")


def test_workers_are_recycled_by_the_number_of_requests_without_a_failure():
    with Server("--workers", 2, "--max-requests", 300, "--heartbeat", 2) as server:
        with Load(server, new_connections=True) as load:
            wait_for(lambda: len(load.asked) >= 4, "two generations of workers")
    assert not load.failed and not load.refused, (load.failed, load.refused)
    assert "has served its share: replacing it" in server.text()


# ---- stopping -----------------------------------------------------------------------------------


def test_sigterm_lets_a_slow_request_finish():
    with Server("--workers", 2) as server, contextlib.closing(server.connect()) as slow, \
            contextlib.closing(server.connect()) as idle:
        ask(idle)
        slow.sendall(b"GET /sleep/0.7 HTTP/1.1\r\nHost: x\r\n\r\n")
        server.saw("sleeping")
        server.process.send_signal(signal.SIGTERM)
        assert idle.recv(100) == b"", "an idle connection is closed"
        answer = slow.recv(4096)
        assert b"200 OK" in answer and b"Connection: close" in answer
        assert server.process.wait(PATIENCE) == 0
        try:
            server.connect()
            raise AssertionError("somebody still listens")
        except ConnectionRefusedError:
            pass


def test_a_drain_ends_at_its_limit():
    with Server("--workers", 1, "--drain", 0.5) as server, contextlib.closing(server.connect()) as s:
        s.sendall(b"GET /sleep/1000 HTTP/1.1\r\nHost: x\r\n\r\n")
        server.saw("sleeping")
        assert server.stop() == 0
        assert s.recv(100) == b""
        assert "worker 1 cuts 1 connections that have not ended in 0.5 s" in server.text()


def test_sigquit_and_a_second_sigint_end_at_once():
    for signals in ([signal.SIGQUIT], [signal.SIGINT, signal.SIGINT]):
        with Server("--workers", 2) as server, contextlib.closing(server.connect()) as s:
            s.sendall(b"GET /sleep/1000 HTTP/1.1\r\nHost: x\r\n\r\n")
            server.saw("sleeping")
            server.process.send_signal(signals[0])
            if len(signals) == 2:
                server.saw("stopping:")
                server.process.send_signal(signals[1])
            assert server.process.wait(PATIENCE / 2) == 0


# ---- listening ------------------------------------------------------------------------------------


def test_a_port_in_use_is_told_with_what_to_do():
    with Server("--workers", 1) as first:
        second = Server("--workers", 1, listen=first.address)
        assert second.process.wait(PATIENCE) == 1
        port = first.address.rsplit(":", 1)[1]
        assert f"can't listen at {first.address}: the port is in use" in second.text()
        assert f"ss -ltnp 'sport = :{port}'" in second.text()
        assert first.get()


def test_addresses_that_make_no_sense_are_told():
    for address, text in (("127.0.0.1", "a port from 0 to 65535 is missing"),
                          ("::1:8000", "an IPv6 address stands in brackets"),
                          ("192.0.2.1:0", "no interface of this machine has that address"),
                          ("no-such-host.invalid:80", "no address for the host"),
                          ("unix:", "the path of the Unix socket is missing")):
        server = Server(listen=address)
        assert server.process.wait(PATIENCE) == 1, address
        assert text in server.text(), server.text()


def test_a_unix_socket_is_served_and_removed_at_the_end():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "site.sock")
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as stale:
            stale.bind(str(path))
        with Server("--workers", 1, listen=f"unix:{path}") as server:
            assert server.get()
            second = Server("--workers", 1, listen=f"unix:{path}")
            assert second.process.wait(PATIENCE) == 1
            assert "another process listens there" in second.text()
            assert server.stop() == 0
        assert not path.exists()


def test_sockets_that_systemd_passes_are_used():
    with contextlib.closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        command = ["sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" --workers 1 3<&{s.fileno()}', str(PROGRAM)]
        server = Server(*command[1:], program=command[0], listen=None, pass_fds=[s.fileno()])
        with server:
            assert server.address == "%s:%d" % s.getsockname()


def test_connections_are_spread_over_the_workers():
    with Server("--workers", 2) as server:
        wait_for(lambda: len({server.get() for _ in range(20)}) == 2, "answers of both workers")
        connections = [server.connect() for _ in range(60)]
        counts = collections.Counter(ask(s) for s in connections)
        for s in connections:
            s.close()
        assert min(counts.values()) >= 15 and len(counts) == 2, counts


# ---- reloading ------------------------------------------------------------------------------------


def test_sighup_replaces_the_workers_without_a_failed_request():
    with Server("--workers", 2) as server:
        old = wait_for(lambda: len(server.workers()) == 2 and server.workers(), "two workers")
        with Load(server, new_connections=True) as load:
            server.process.send_signal(signal.SIGHUP)
            wait_for(lambda: len(load.asked) >= 4 and not old & server.workers(), "new workers")
            assert server.process.poll() is None
        assert not load.failed and not load.refused, (load.failed, load.refused)
        assert server.stop() == 0


def test_a_slow_request_survives_a_reload():
    with Server("--workers", 1) as server, contextlib.closing(server.connect()) as slow:
        old = server.workers()
        slow.sendall(b"GET /sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n")
        server.saw("sleeping")
        server.process.send_signal(signal.SIGHUP)
        assert b"200 OK" in slow.recv(4096)
        wait_for(lambda: server.workers() and not old & server.workers(), "new worker")


def test_a_new_binary_that_fails_is_not_taken():
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "site")
        shutil.copy(PROGRAM, program)
        with Server("--workers", 1, program=program) as server:
            worker = server.get()
            pathlib.Path(folder, "new").write_text("#!/bin/sh\nexit 9\n")
            pathlib.Path(folder, "new").chmod(0o755)
            pathlib.Path(folder, "new").rename(program)
            server.process.send_signal(signal.SIGHUP)
            server.saw("not reloaded: the new binary ends with status 9; the old one serves on")
            assert server.get() == worker


# ---- the access log -------------------------------------------------------------------------------


def test_lines_of_the_access_log_stay_whole():
    with Server("--workers", 2, "--access-log", 2) as server:
        with Load(server) as load:
            wait_for(lambda: sum(load.asked.values()) > 2000, "answers under load")
        server.stop()
        lines = [line for line in server.text().splitlines() if "HTTP/1.1" in line]
        form = re.compile(r'^127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET /pid HTTP/1\.1" '
                          r'200 \d+ "-" "-" \d+\.\d{6}$')
        bad = [line for line in lines if not form.match(line)]
        assert not bad and len(lines) > 2000, bad[:3]


if __name__ == "__main__":
    suite.main(globals())
