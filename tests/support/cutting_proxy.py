"""A proxy between a client and a database server that cuts the connection at a message of its choice.

    with cutting_proxy.PostgreSQL(server.port) as proxy:
        proxy.port      where it listens
        proxy.cut(7)    instead of the 7th message from now, of either side, all connections end
        proxy.reset(7)  the 7th still passes, and right behind it all connections are reset
        proxy.cut(0)    never

Each of the calls returns when the connections that have been cut are closed on both sides.
"""
import contextlib
import socket
import struct
import threading


def read(source, size):
    data = b""
    while len(data) < size:
        more = source.recv(size - len(data))
        if not more:
            raise OSError("the end")
        data += more
    return data


class Pair:
    """A client's connection and the server's. Each direction has a thread, and the last of the two that ends
    closes both: a socket closed under another thread's read leaves its number to the next connection, whose
    bytes that thread would then take."""

    def __init__(self, client, server):
        self.sockets = (client, server)
        self.lock = threading.Lock()
        self.directions = 2
        self.over, self.closed = False, threading.Event()
        for s in self.sockets:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def end(self, resets):
        if self.over:
            return
        self.over = True
        for s in self.sockets:
            with contextlib.suppress(OSError):
                if resets:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.shutdown(socket.SHUT_RD if resets else socket.SHUT_RDWR)

    def leave(self):
        with self.lock:
            self.directions -= 1
            last = not self.directions
        if last:
            for s in self.sockets:
                s.close()
            self.closed.set()


class Proxy:
    """What the protocols share; a kind of it has messages(source, of_client), which yields them whole."""

    def __init__(self, port):
        self.target = port
        self.left, self.resets = 0, False
        self.lock = threading.Lock()
        self.pairs = set()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.end_all(False)

    def cut(self, at):
        self.count(at, False)

    def reset(self, at):
        self.count(at, True)

    def count(self, left, resets):
        with self.lock:
            self.left, self.resets = left, resets
            over = [pair for pair in self.pairs if pair.over]
        for pair in over:
            assert pair.closed.wait(30), "a connection that was cut is still open"
        with self.lock:
            self.pairs.difference_update(over)

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            pair = Pair(client, socket.create_connection(("127.0.0.1", self.target)))
            with self.lock:
                self.pairs.add(pair)
            for of_client in (True, False):
                threading.Thread(target=self.pass_on, args=(pair, of_client), daemon=True).start()

    def is_last(self):
        """Counts the message; True when it is the last: then all connections are cut."""
        with self.lock:
            last = self.left == 1
            self.left = max(self.left - 1, 0)
            return last

    def end_all(self, resets):
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            pair.end(resets)

    def pass_on(self, pair, of_client):
        source, sink = pair.sockets if of_client else reversed(pair.sockets)
        try:
            for message in self.messages(source, of_client):
                last = self.is_last()
                if self.resets or not last:
                    sink.sendall(message)
                if last:
                    self.end_all(self.resets)
        except OSError:
            pass  # one side has gone: so does the other
        finally:
            pair.end(False)
            pair.leave()


class PostgreSQL(Proxy):
    REQUEST_FOR_TLS = b"\x04\xd2\x16\x2f"

    @staticmethod
    def message(source, typed):
        head = read(source, 5 if typed else 4)
        return head + read(source, struct.unpack("!I", head[-4:])[0] - 4)

    def messages(self, source, of_client):
        """A client's first has no type; the request for TLS, which comes before it, is refused."""
        first = of_client
        while first:
            message = self.message(source, False)
            first = message[4:8] == self.REQUEST_FOR_TLS
            if first:
                source.sendall(b"N")
            else:
                yield message
        while True:
            yield self.message(source, True)


class MariaDB(Proxy):
    def messages(self, source, of_client):
        """Packets: three bytes of length, one that counts them."""
        while True:
            head = read(source, 4)
            yield head + read(source, int.from_bytes(head[:3], "little"))
