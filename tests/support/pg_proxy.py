"""A proxy between a client and PostgreSQL that cuts the connection at a message of its choice.

    with pg_proxy.Proxy(server.port) as proxy:
        proxy.cut(7)    the 7th message from now, of either side, is the last that passes
        proxy.cut(0)    never
"""
import socket
import struct
import threading


class Proxy:
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

    def drop_all(self):
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for s in pair:
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                s.close()

    def read(self, source, size):
        data = b""
        while len(data) < size:
            more = source.recv(size - len(data))
            if not more:
                raise OSError("the end")
            data += more
        return data

    def message(self, source, typed):
        head = self.read(source, 5 if typed else 4)
        return head + self.read(source, struct.unpack("!I", head[-4:])[0] - 4)

    def pass_on(self, source, sink, starts):
        """Message by message; a client's first, and the answer to a request for TLS, have no type."""
        try:
            while True:
                message = self.message(source, not starts)
                starts = False
                if message[4:8] == b"\x04\xd2\x16\x2f":  # a request for TLS: say no
                    source.sendall(b"N")
                    starts = True
                    continue
                if not self.may_pass():
                    self.drop_all()
                    return
                sink.sendall(message)
        except OSError:
            for s in (source, sink):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
