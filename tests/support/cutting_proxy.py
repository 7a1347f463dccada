"""A proxy between a client and a database server that cuts the connection at a message of its choice.

    with cutting_proxy.PostgreSQL(server.port) as proxy:
        proxy.port      where it listens
        proxy.cut(7)    the 7th message from now, of either side, is the last that passes
        proxy.cut(0)    never
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


class Proxy:
    """What the protocols share; a kind of it has messages(source, of_client), which yields them whole."""

    def __init__(self, port):
        self.target = port
        self.left = 0
        self.lock = threading.Lock()
        self.pairs = []

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.drop_all()

    def cut(self, at):
        with self.lock:
            self.left = at

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            for s in (client, server):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pairs.append((client, server))
            threading.Thread(target=self.pass_on, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pass_on, args=(server, client, False), daemon=True).start()

    def may_pass(self):
        """Counts the message; False when it was the last: then all connections are cut."""
        with self.lock:
            if not self.left:
                return True
            self.left -= 1
            return self.left > 0

    @staticmethod
    def shut(pair):
        for s in pair:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)

    def drop_all(self):
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            self.shut(pair)
            for s in pair:
                s.close()

    def pass_on(self, source, sink, of_client):
        try:
            for message in self.messages(source, of_client):
                if not self.may_pass():
                    self.drop_all()
                    return
                sink.sendall(message)
        except OSError:
            self.shut((source, sink))


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
