#!/usr/bin/env python3
"""The HTTP driver over real sockets: what clients, slow clients and broken clients get."""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import servers, suite  # noqa: E402

PROGRAM = suite.BUILD / "tests" / "live" / "live-http"


class Server:
    """tests/live/http_server.c, running."""

    under = ()  # a command that runs it: valgrind
    environment = {}

    def __init__(self, timeout=10, folder="."):
        self.process = subprocess.Popen([*self.under, PROGRAM, str(timeout), folder], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, bufsize=0, env=os.environ | self.environment)
        self.port = int(self.process.stdout.readline())

    def connect(self, timeout=20):
        client = socket.create_connection(("127.0.0.1", self.port), timeout)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def wait_line(self, seconds=10):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return self.process.stdout.readline().decode().strip() if ready else None

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, (self.process.returncode, err.decode())
        assert b"ERROR: AddressSanitizer" not in err and b"runtime error" not in err, err.decode()
        return out.decode()


@contextlib.contextmanager
def server(**options):
    running = Server(**options)
    try:
        yield running
    except BaseException:
        running.process.kill()
        print(running.process.communicate()[1].decode())
        raise
    else:
        running.stop()


def read_all(client):
    """Everything until the server closes."""
    pieces = []
    while piece := client.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


class Reader:
    """Responses off a socket, one by one."""

    def __init__(self, client):
        self.client, self.bytes = client, b""

    def more(self):
        piece = self.client.recv(65536)
        if not piece:
            raise EOFError(f"closed after {self.bytes[:200]!r}")
        self.bytes += piece

    def until(self, mark):
        while mark not in self.bytes:
            self.more()
        head, self.bytes = self.bytes.split(mark, 1)
        return head

    def exactly(self, n):
        while len(self.bytes) < n:
            self.more()
        taken, self.bytes = self.bytes[:n], self.bytes[n:]
        return taken

    def response(self, head_only=False):
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
        if head_only or status in (204, 304) or status < 200:
            return status, headers, b""
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self.until(b"\r\n"), 16):
                body += self.exactly(size)
                assert self.exactly(2) == b"\r\n"
            assert self.exactly(2) == b"\r\n"
            return status, headers, body
        return status, headers, self.exactly(int(headers["content-length"]))


def ask(running, request, head_only=False):
    with running.connect() as client:
        client.sendall(request)
        return Reader(client).response(head_only)


def get(path, *headers, method="GET", version="1.1"):
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def post(path, body, *headers):
    return get(path, f"Content-Length: {len(body)}", *headers, method="POST") + body


def chunked(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


# ---- requests and responses ------------------------------------------------------------------


def test_a_page_has_date_type_and_length():
    with server() as running:
        status, headers, body = ask(running, get("/"))
        assert (status, body) == (200, b"Hello, World!")
        assert headers["content-type"] == "text/plain" and headers["content-length"] == "13"
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", headers["date"])
        assert "connection" not in headers


def test_keep_alive_answers_many_requests_on_one_connection():
    with server() as running, running.connect() as client:
        reader = Reader(client)
        for i in range(50):
            client.sendall(get(f"/page/{i}?x={i}"))
            assert reader.response()[2] == f"GET /page/{i} x={i}".encode()


def test_pipelined_requests_are_answered_in_order_with_one_write():
    with server() as running, running.connect() as client:
        client.sendall(b"".join(get(f"/{i}") for i in range(40)))
        first = client.recv(1 << 20)
        assert first.count(b"HTTP/1.1 200 OK") == 40, first.count(b"HTTP/1.1")
        assert re.findall(rb"GET /(\d+) ", first) == [b"%d" % i for i in range(40)]


def test_pipelined_requests_that_wait_keep_their_order():
    with server() as running, running.connect() as client:
        client.sendall(get("/a") + get("/sleep?ms=60&id=s1") + get("/b") + get("/sleep?ms=5&id=s2")
                       + post("/echo", b"body") + get("/c"))
        reader = Reader(client)
        bodies = [reader.response()[2] for _ in range(6)]
        assert bodies == [b"GET /a ", b"s1", b"GET /b ", b"s2", b"body", b"GET /c "], bodies


def test_a_request_may_come_byte_by_byte():
    with server() as running, running.connect() as client:
        for byte in post("/echo", b"hello", "X: y"):
            client.sendall(bytes([byte]))
            time.sleep(0.0005)
        assert Reader(client).response()[2] == b"hello"


def test_head_has_the_length_of_get_and_no_body():
    with server() as running, running.connect() as client:
        client.sendall(get("/fixed?n=5000", method="HEAD") + get("/"))
        reader = Reader(client)
        status, headers, _ = reader.response(head_only=True)
        assert status == 200 and headers["content-length"] == "5000"
        assert reader.response()[2] == b"Hello, World!"


def test_204_has_neither_body_nor_length():
    with server() as running, running.connect() as client:
        client.sendall(get("/204") + get("/"))
        reader = Reader(client)
        status, headers, _ = reader.response()
        assert status == 204 and "content-length" not in headers
        assert reader.response()[0] == 200


def test_connection_close_closes():
    with server() as running, running.connect() as client:
        client.sendall(get("/", "Connection: close"))
        answer = read_all(client)
        assert b"\r\nConnection: close\r\n" in answer and answer.endswith(b"Hello, World!")


def test_http_1_0_closes_unless_it_asks_to_stay():
    with server() as running:
        with running.connect() as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert read_all(client).endswith(b"Hello, World!")
        with running.connect() as client:
            reader = Reader(client)
            for _ in range(2):
                client.sendall(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                assert reader.response()[1]["connection"] == "keep-alive"


def test_large_bodies_reach_slow_clients_whole():
    with server() as running, running.connect() as client:
        size = 20_000_000
        client.sendall(get(f"/fixed?n={size}") + get("/"))
        time.sleep(0.2)
        reader = Reader(client)
        assert reader.response()[2] == b"x" * size
        assert reader.response()[2] == b"Hello, World!"


def test_pipelining_waits_for_a_client_that_does_not_read():
    with server() as running, running.connect() as client:
        count, request = 3000, get("/fixed?n=3000")
        client.settimeout(0.5)
        left = request * count
        with contextlib.suppress(socket.timeout):
            while left:
                left = left[client.send(left[:65536]):]
        client.settimeout(20)
        reader = Reader(client)
        for _ in range(count):
            assert reader.response()[2] == b"x" * 3000
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                left = left[client.send(left[:65536]):]
            client.settimeout(20)
        assert not left


def test_cookies_are_read_and_set():
    with server() as running:
        _, headers, body = ask(running, get("/cookie", 'Cookie: x=1; a="v\\054w"'))
        assert body == b"v,w"
        assert headers["set-cookie"] == 'b="c d"; HttpOnly; Path=/'


def test_an_error_in_a_handler_is_its_response():
    with server() as running, running.connect() as client:
        client.sendall(get("/boom") + get("/"))
        reader = Reader(client)
        assert reader.response()[0] == 500
        assert reader.response()[0] == 200


# ---- streams -------------------------------------------------------------------------------------


def test_a_stream_is_chunked_and_the_connection_stays():
    with server() as running, running.connect() as client:
        client.sendall(get("/stream?n=100") + get("/"))
        reader = Reader(client)
        _, headers, body = reader.response()
        assert headers["transfer-encoding"] == "chunked" and "content-length" not in headers
        assert body == b"".join(b"line %d\n" % i for i in range(100))
        assert reader.response()[2] == b"Hello, World!"


def test_pieces_of_a_stream_arrive_as_they_are_written():
    with server() as running, running.connect() as client:
        client.sendall(get("/stream?n=5&slow=1"))
        time.sleep(0.08)
        first = client.recv(65536)
        assert b"line 0" in first and b"line 4" not in first


def test_a_stream_to_http_1_0_ends_with_the_connection():
    with server() as running, running.connect() as client:
        client.sendall(b"GET /stream?n=2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        head, body = read_all(client).split(b"\r\n\r\n", 1)
        assert body == b"line 0\nline 1\n" and b"chunked" not in head


def test_a_stream_that_fails_is_cut_without_its_end():
    with server() as running, running.connect() as client:
        client.sendall(get("/stream?n=2&fail=1"))
        with contextlib.suppress(ConnectionResetError):
            assert not read_all(client).endswith(b"0\r\n\r\n")


def test_head_of_a_stream_runs_none_of_it():
    with server() as running, running.connect() as client:
        client.sendall(get("/stream?n=2", method="HEAD") + get("/"))
        reader = Reader(client)
        assert reader.response(head_only=True)[0] == 200
        assert reader.response()[2] == b"Hello, World!"


# ---- request bodies --------------------------------------------------------------------------------


def test_chunked_bodies_are_joined():
    with server() as running, running.connect() as client:
        head = get("/echo", "Transfer-Encoding: chunked", method="POST")
        client.sendall(head + chunked(b"hello", b" ", b"world" * 1000) + get("/"))
        reader = Reader(client)
        assert reader.response()[2] == b"hello " + b"world" * 1000
        assert reader.response()[2] == b"Hello, World!"


def test_a_body_may_come_in_pieces():
    with server() as running, running.connect() as client:
        body = os.urandom(300_000)
        client.sendall(post("/echo", body)[:1000])
        for at in range(1000 - (len(post("/echo", body)) - len(body)), len(body), 50_000):
            time.sleep(0.005)
            client.sendall(body[at:at + 50_000])
        assert Reader(client).response()[2] == body


def test_expect_100_continue_is_answered_when_the_body_is_asked_for():
    with server() as running, running.connect() as client:
        request = post("/echo", b"hello", "Expect: 100-continue")
        client.sendall(request[:-5])
        reader = Reader(client)
        assert reader.response()[0] == 100
        client.sendall(b"hello")
        assert reader.response()[2] == b"hello"


def test_expect_100_continue_is_not_answered_when_nobody_reads_the_body():
    with server() as running, running.connect() as client:
        client.sendall(post("/ignore", b"hello", "Expect: 100-continue")[:-5])
        reader = Reader(client)
        status, headers, body = reader.response()
        assert (status, body, headers["connection"]) == (200, b"ignored", "close")


def test_a_body_that_nobody_read_is_dropped():
    with server() as running, running.connect() as client:
        client.sendall(post("/ignore", b"x" * 200_000) + get("/"))
        reader = Reader(client)
        assert reader.response()[2] == b"ignored"
        assert reader.response()[2] == b"Hello, World!"
        client.sendall(get("/ignore", "Transfer-Encoding: chunked", method="POST")
                       + chunked(b"a" * 5000, b"b") + get("/"))
        assert reader.response()[2] == b"ignored"
        assert reader.response()[2] == b"Hello, World!"


def test_a_large_body_that_nobody_read_closes_after_the_answer():
    with server() as running, running.connect() as client:
        client.sendall(get("/ignore", "Content-Length: 10000000", method="POST") + b"x" * 100_000)
        _, headers, body = Reader(client).response()
        assert body == b"ignored" and headers["connection"] == "close"


def test_a_body_over_the_limit_of_the_site_gets_413():
    with server() as running, running.connect() as client:
        client.sendall(post("/echo", b"x" * 2_700_000))
        assert Reader(client).response()[0] == 413


def test_a_length_over_the_limit_of_the_server_gets_413_at_once():
    with server() as running, running.connect() as client:
        client.sendall(get("/echo", "Content-Length: 99999999999", method="POST"))
        status, headers, _ = Reader(client).response()
        assert status == 413 and headers["connection"] == "close"


def test_a_malformed_chunk_gets_400_and_the_end():
    with server() as running, running.connect() as client:
        client.sendall(get("/echo", "Transfer-Encoding: chunked", method="POST") + b"0x5\r\nhello")
        assert read_all(client).startswith(b"HTTP/1.1 400 ")


# ---- uploads ---------------------------------------------------------------------------------------


def multipart(fields, boundary=b"BoUnDaRy"):
    body = b""
    for name, filename, content in fields:
        body += b"--" + boundary + b'\r\nContent-Disposition: form-data; name="' + name + b'"'
        if filename:
            body += b'; filename="' + filename + b'"\r\nContent-Type: application/octet-stream'
        body += b"\r\n\r\n" + content + b"\r\n"
    return body + b"--" + boundary + b"--\r\n"


def upload(running, content, name=b"a.bin"):
    body = multipart([(b"field", None, b"value"), (b"file", name, content)])
    with running.connect() as client:
        client.sendall(post("/upload", body, "Content-Type: multipart/form-data; boundary=BoUnDaRy"))
        status, _, answer = Reader(client).response()
    assert status == 200, answer
    return json.loads(answer)


def upload_files(running):
    """Those that the server has open for uploads; some have no name, but a number."""
    found = []
    for descriptor in pathlib.Path(f"/proc/{running.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            name = os.readlink(descriptor)
            found += [name] if "nuages" in name or "#" in name else []
    return found


def test_small_uploads_stay_in_memory():
    with server() as running:
        got = upload(running, b"hello")
        assert got == {"name": "a.bin", "size": 5, "field": "value",
                       "sha256": hashlib.sha256(b"hello").hexdigest()}


def test_large_uploads_go_to_disk_whole():
    content = os.urandom(20_000_003)
    with server() as running:
        got = upload(running, content, b"C:\\dir\\../../name.bin")
        assert got["size"] == len(content) and got["name"] == "name.bin"
        assert got["sha256"] == hashlib.sha256(content).hexdigest()
        servers.wait_for(lambda: not upload_files(running), "end of the upload's file")


def test_an_upload_that_breaks_off_leaves_nothing_open():
    with server() as running:
        with running.connect() as client:
            body = multipart([(b"file", b"a", b"x" * 4_000_000)])
            request = post("/upload", body, "Content-Type: multipart/form-data; boundary=BoUnDaRy")
            client.sendall(request[:3_500_000])
            servers.wait_for(lambda: upload_files(running), "file of an upload")
        servers.wait_for(lambda: not upload_files(running), "end of the upload's file")
        assert ask(running, get("/"))[0] == 200


# ---- static files --------------------------------------------------------------------------------


def connections_of(running):
    """How many descriptors of accepted connections the server has open."""
    rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {f"socket:[{row[9]}]" for row in rows if row[3] != "0A" and int(row[1].split(":")[1], 16) == running.port}
    count = 0
    for file in pathlib.Path(f"/proc/{running.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            count += os.readlink(file) in ours
    return count


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "this does not come true within 20 s"
        time.sleep(0.02)


@contextlib.contextmanager
def files(**options):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "www").mkdir()
        (folder / "secret").write_text("no")
        (folder / "www" / "a.css").write_text("body {}")
        (folder / "www" / "big.bin").write_bytes(bytes(range(256)) * 4000)
        (folder / "www" / "empty").write_text("")
        (folder / "www" / "dir").mkdir()
        with server(folder=str(folder / "www"), **options) as running:
            yield running, folder / "www"


def test_files_have_type_time_and_length():
    with files() as (running, _):
        status, headers, body = ask(running, get("/static/a.css"))
        assert (status, body, headers["content-type"]) == (200, b"body {}", "text/css")
        assert "last-modified" in headers and headers["content-length"] == "7"
        assert ask(running, get("/static/empty"))[2] == b""


def test_large_files_are_sent_whole_and_by_range():
    with files() as (running, folder):
        content = (folder / "big.bin").read_bytes()
        assert ask(running, get("/static/big.bin"))[2] == content
        status, headers, body = ask(running, get("/static/big.bin", "Range: bytes=1000-500999"))
        assert (status, body) == (206, content[1000:501000])
        assert headers["content-range"] == f"bytes 1000-500999/{len(content)}"
        assert ask(running, get("/static/big.bin", "Range: bytes=-5"))[2] == content[-5:]
        assert ask(running, get("/static/a.css", "Range: bytes=5-"))[2] == b"{}"
        status, headers, _ = ask(running, get("/static/a.css", "Range: bytes=100-"))
        assert status == 416 and headers["content-range"] == "bytes */7"
        assert ask(running, get("/static/a.css", "Range: bytes=0-1,3-4"))[0] == 200


def test_a_file_larger_than_the_kernel_buffers_waits_for_its_client():
    content = os.urandom(1 << 20) * 24
    with files() as (running, folder):
        (folder / "huge.bin").write_bytes(content)
        with running.connect() as slow:
            slow.sendall(get("/static/huge.bin") + get("/"))
            time.sleep(0.3)
            assert ask(running, get("/"))[2] == b"Hello, World!", "the others are served meanwhile"
            reader = Reader(slow)
            assert reader.response()[2] == content
            assert reader.response()[2] == b"Hello, World!", "the connection goes on"
        assert ask(running, get("/static/huge.bin", "Range: bytes=700000-20000000"))[2] == content[700000:20000001]


def test_a_client_that_leaves_or_stops_in_the_middle_of_a_file_is_let_go():
    content = bytes(24 << 20)
    with files(timeout=0.5) as (running, folder):
        (folder / "huge.bin").write_bytes(content)
        for _ in range(5):
            with running.connect() as client:
                client.sendall(get("/static/huge.bin"))
                client.recv(100000)
        until(lambda: not connections_of(running))
        with running.connect() as stopped:
            stopped.sendall(get("/static/huge.bin"))
            until(lambda: connections_of(running))
            until(lambda: not connections_of(running))
        assert ask(running, get("/"))[2] == b"Hello, World!"


def test_head_of_a_file_has_its_length():
    with files() as (running, _):
        status, headers, _ = ask(running, get("/static/big.bin", method="HEAD"), head_only=True)
        assert status == 200 and headers["content-length"] == "1024000"


def test_unchanged_files_get_304():
    with files() as (running, _):
        stamp = ask(running, get("/static/a.css"))[1]["last-modified"]
        with running.connect() as client:
            client.sendall(get("/static/a.css", f"If-Modified-Since: {stamp}") + get("/"))
            reader = Reader(client)
            assert reader.response()[0] == 304
            assert reader.response()[2] == b"Hello, World!"


def test_paths_never_lead_out_of_the_folder():
    with files() as (running, _):
        for path in ("../secret", "..%2fsecret", "dir/../../secret", "%2e%2e/secret"):
            assert ask(running, get(f"/static/{path}"))[0] == 400, path
        for path in ("missing", "dir", "", "/etc/passwd", "a.css%00"):
            assert ask(running, get(f"/static/{path}"))[0] == 404, path


# ---- clients that misbehave ------------------------------------------------------------------------


def test_malformed_requests_get_400_and_the_end():
    bad = [b"GET /\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n",
           b"GET / HTTP/1.1\nHost: a\n\n",
           b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"]
    with server() as running:
        for request in bad:
            with running.connect() as client:
                client.sendall(request)
                answer = read_all(client)
                assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), (request, answer)
                assert b"\r\nConnection: close\r\n" in answer


def test_what_precedes_a_malformed_request_is_answered_first():
    with server() as running, running.connect() as client:
        client.sendall(get("/") + b"nonsense\r\n\r\n" + get("/"))
        answer = read_all(client)
        assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"400"]


def test_each_limit_has_its_status():
    cases = [(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
             (get("/", "X: " + "y" * 9000), 431),
             (get("/", *["X: y"] * 200), 431),
             (get("/", method="BREW"), 501),
             (b"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505)]
    with server() as running:
        for request, status in cases:
            with running.connect() as client:
                client.sendall(request)
                assert read_all(client).startswith(b"HTTP/1.1 %d " % status), status


def test_a_slow_head_gets_408():
    with server(timeout=0.5) as running, running.connect() as client:
        began = time.time()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100:
                client.sendall(bytes([byte]))
                time.sleep(0.05)
                if select.select([client], [], [], 0)[0]:
                    break
        answer = read_all(client)
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n"), answer
        assert 0.3 < time.time() - began < 2


def test_a_silent_client_is_closed_without_a_word():
    with server(timeout=0.3) as running:
        with running.connect() as client:
            assert read_all(client) == b""
        with running.connect() as client:
            client.sendall(get("/"))
            assert read_all(client).endswith(b"Hello, World!")


def test_a_slow_body_gets_408():
    with server(timeout=0.4) as running, running.connect() as client:
        client.sendall(get("/echo", "Content-Length: 100", method="POST") + b"x")
        assert read_all(client).startswith(b"HTTP/1.1 408 ")


def test_a_body_must_keep_up_a_rate():
    with server(timeout=0.4) as running, running.connect() as client:
        client.sendall(get("/echo", "Content-Length: 1000", method="POST"))
        began = time.time()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while not select.select([client], [], [], 0)[0] and time.time() - began < 5:
                client.sendall(b"x")
                time.sleep(0.05)
        assert 0.3 < time.time() - began < 2


def sockets_of(running):
    folder = pathlib.Path(f"/proc/{running.process.pid}/fd")
    return sum("socket:" in os.readlink(file) for file in folder.iterdir())


def test_a_client_that_takes_nothing_is_dropped():
    with server(timeout=0.4) as running:
        before = sockets_of(running)
        with running.connect() as client:
            client.sendall(get("/fixed?n=20000000"))
            time.sleep(0.2)
            assert sockets_of(running) == before + 1
            time.sleep(1.5)
            assert sockets_of(running) == before


def test_a_client_that_takes_little_at_a_time_gets_all():
    """The kernel tells of room when a third of its buffer is free, which may take such a client longer than a write."""
    with files(timeout=0.5) as (running, folder):
        (folder / "huge.bin").write_bytes(bytes(16 << 20))
        for path in ("/fixed?n=16777216", "/static/huge.bin"):
            with running.connect() as slow:
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 131072)
                slow.sendall(get(path, "Connection: close"))
                taken = b""
                for _ in range(30):
                    taken += slow.recv(60000)
                    time.sleep(0.1)
                body = (taken + read_all(slow)).split(b"\r\n\r\n", 1)[1]
                assert len(body) == 16 << 20, (path, len(body))


def test_reading_ends_when_the_client_goes_away():
    with server() as running:
        with running.connect() as client:
            client.sendall(get("/sleep?ms=20000"))
            time.sleep(0.1)
        assert running.wait_line() == "fiber ended"
        with running.connect() as client:
            client.sendall(get("/sleep?ms=200", "Content-Length: 0", method="POST"))
            time.sleep(0.05)
        assert running.wait_line() == "slept"
        assert running.wait_line() == "fiber ended"


def test_sigterm_lets_open_requests_finish():
    running = Server()
    busy, idle = running.connect(), running.connect()
    idle.sendall(get("/"))
    assert Reader(idle).response()[0] == 200
    busy.sendall(get("/sleep?ms=300&id=done"))
    time.sleep(0.1)
    running.process.send_signal(signal.SIGTERM)
    time.sleep(0.05)
    assert read_all(idle) == b""
    try:
        socket.create_connection(("127.0.0.1", running.port), 1)
        refused = False
    except ConnectionRefusedError:
        refused = True
    assert refused
    _, headers, body = Reader(busy).response()
    assert body == b"done" and headers["connection"] == "close"
    busy.close()
    idle.close()
    assert running.stop().endswith("drained\n")


def test_a_drain_ends_connections_whose_answers_had_begun():
    """Their heads could not say that the connection closes."""
    with server(timeout=600) as running, running.connect() as streamed, running.connect() as large:
        streamed.sendall(get("/stream?n=6&slow=1"))
        large.sendall(get("/fixed?n=20000000"))
        Reader(streamed).until(b"line 0")
        head = Reader(large)
        head.until(b"\r\n\r\n")
        running.process.send_signal(signal.SIGTERM)
        assert read_all(streamed).endswith(b"0\r\n\r\n")
        assert len(head.bytes) + len(read_all(large)) == 20000000


def test_a_thousand_connections_hold_no_memory_of_requests():
    with server() as running:
        clients = [running.connect() for _ in range(800)]
        for client in clients:
            client.sendall(get("/fixed?n=10000"))
        for client in clients:
            assert len(Reader(client).response()[2]) == 10000
        for client in clients:
            client.close()
        assert ask(running, get("/"))[0] == 200


def reset(client):
    """Close with an RST rather than a FIN."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


STORM = [get("/"), get("/fixed?n=300000"), get("/") * 20, get("/sleep?ms=20"), get("/stream"), post("/echo", b"x" * 40000),
         post("/echo", b"x" * 40000)[:-100], get("/fixed?n=3000000"), get("/")[:10], b"nonsense\r\n\r\n", get("/boom")]
LEAVING = [lambda client: client.close(), reset, lambda client: client.shutdown(socket.SHUT_WR),
           lambda client: select.select([client], [], [], 0.02)[0] and client.recv(1000), lambda client: None]


def test_clients_of_all_kinds_that_leave_at_any_time_leave_nothing_behind():
    """Every request with every way to leave, many at a time; those that stay beside them are answered."""
    with server() as running:
        steady = running.connect()
        for _ in range(3):
            clients = [(running.connect(), leave) for leave in LEAVING for _ in STORM]
            for (client, _), request in zip(clients, STORM * len(LEAVING)):
                client.sendall(request)
            for client, leave in reversed(clients):
                leave(client)
                steady.sendall(get("/fixed?n=10"))
            reader = Reader(steady)
            assert all(reader.response()[0] == 200 for _ in clients)
            for client, _ in clients:
                client.close()
        until(lambda: connections_of(running) == 1)


def without_io_uring(test):
    """The same where the kernel has no io_uring, or the site does not want it."""
    def run():
        Server.environment = {"IO_URING": "0"}
        try:
            test()
        finally:
            Server.environment = {}
    return run


if __name__ == "__main__":
    tests = {name: test for name, test in globals().items() if name.startswith("test_")}
    suite.main(tests | {f"{name}_without_io_uring": without_io_uring(test) for name, test in tests.items()})
