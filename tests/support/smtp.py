"""A mail server of the tests' own: it takes what it is told to take and does wrong what it is told to.

    with smtp.Server(tls=context) as server:
        server.port, server.messages     [(sender, recipients, bytes)]
        server.commands                  every line that clients sent, but for messages
"""
import base64
import hashlib
import hmac
import socket
import ssl
import threading

USER, PASSWORD = "ada", "pässword"
CHALLENGE = b"<1896.697170952@tests>"


class Server:
    """`ways`: of AUTH, offered where TLS is on or `tls` is None. `refuse`: recipients. `cut`: a command before whose
    answer the connection ends. `say`: {command: answer} instead of the usual. `smuggle`: bytes behind the answer to
    STARTTLS. `implicit`: TLS from the start. `hold`: an event before the greeting."""

    def __init__(self, tls=None, implicit=False, ways=(), refuse=(), cut=None, say=None, smuggle=b"", offers=("8BITMIME", "SIZE 1000000"),
                 hold=None):
        self.tls, self.implicit, self.ways, self.refuse, self.cut = tls, implicit, ways, refuse, cut
        self.say, self.smuggle, self.offers, self.hold = say or {}, smuggle, offers, hold
        self.messages, self.commands, self.secure = [], [], []
        self.asked = threading.Event()  # somebody has connected

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        if self.hold:
            self.hold.set()
        self.listener.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            connection.settimeout(60)
            Talk(self, connection).run()
        except (OSError, EOFError):
            pass
        finally:
            connection.close()


class Talk:
    def __init__(self, server, connection):
        self.server, self.connection, self.file = server, connection, None
        self.sender, self.recipients, self.is_secure = None, [], False

    def wrap(self):
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.is_secure = True
        self.file = self.connection.makefile("rb")

    def answer(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError
        return line[:-2].decode("utf-8", "replace")

    def run(self):
        self.server.asked.set()
        if self.server.hold:
            self.server.hold.wait(60)
        self.file = self.connection.makefile("rb")
        if self.server.implicit:
            self.wrap()
        self.answer(self.server.say.get("CONNECT", "220 tests ESMTP"))
        while True:
            line = self.line()
            self.server.commands.append(line)
            self.server.secure.append(self.is_secure)
            verb = line.split(" ")[0].upper()
            if verb == self.server.cut:
                return
            if verb in self.server.say:
                self.answer(self.server.say[verb])
            elif getattr(self, "do_" + verb.lower(), self.unknown)(line) == "end":
                return

    def unknown(self, _):
        self.answer("500 what?")

    def do_ehlo(self, _):
        lines = ["tests", *self.server.offers]
        if self.server.tls and not self.is_secure:
            lines.append("STARTTLS")
        elif self.server.ways:
            lines.append("AUTH " + " ".join(self.server.ways))
        for line in lines[:-1]:
            self.answer("250-" + line)
        self.answer("250 " + lines[-1])

    def do_helo(self, _):
        self.answer("250 tests")

    def do_starttls(self, _):
        self.connection.sendall(b"220 go on\r\n" + self.server.smuggle)
        if not self.server.smuggle:
            self.wrap()

    def do_auth(self, line):
        way, *rest = line.split(" ")[1:]
        if way == "PLAIN":
            good = base64.b64decode(rest[0]) == f"\0{USER}\0{PASSWORD}".encode()
        elif way == "LOGIN":
            self.answer("334 " + base64.b64encode(b"Password:").decode())
            good = base64.b64decode(rest[0]) == USER.encode() and base64.b64decode(self.line()) == PASSWORD.encode()
        else:
            self.answer("334 " + base64.b64encode(CHALLENGE).decode())
            digest = hmac.new(PASSWORD.encode(), CHALLENGE, hashlib.md5).hexdigest()
            good = base64.b64decode(self.line()) == f"{USER} {digest}".encode()
        self.answer("235 welcome" if good else "535 wrong")

    def do_mail(self, line):
        self.sender, self.recipients = line.split(":", 1)[1].split(" ")[0], []
        self.answer("250 ok")

    def do_rcpt(self, line):
        to = line.split(":", 1)[1]
        if to.strip("<>") in self.server.refuse:
            self.answer("550 nobody here")
            return
        self.recipients.append(to)
        self.answer("250 ok")

    def do_data(self, _):
        self.answer("354 go on")
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.cut == "MESSAGE":
            raise EOFError
        self.server.messages.append((self.sender, self.recipients, b"".join(lines)))
        self.answer(self.server.say.get("MESSAGE", "250 taken"))

    def do_rset(self, _):
        self.answer("250 ok")

    def do_quit(self, _):
        self.answer("221 bye")
        return "end"


def context(cert, key):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(cert, key)
    return made
