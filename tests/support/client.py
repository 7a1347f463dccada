"""A visitor of a site: keeps cookies, sends forms as a browser does."""
import http.client
import mimetypes
import re
import urllib.parse

TIMEOUT = 60
BOUNDARY = "----------------------------nuages-test"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def multipart(fields, files):
    """The body of a form with files: {name: (file name, bytes)}."""
    parts = []
    for name, value in fields:
        parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value.encode())
    for name, (filename, data) in files.items():
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + data)
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def pairs(fields):
    """{name: text or list of texts} as a list of pairs."""
    return [(name, str(one)) for name, value in fields.items()
            for one in (value if isinstance(value, list) else [value])]


class Client:
    """A visitor of the site at `address` ("127.0.0.1:8000"); `cookies` are the site's."""

    def __init__(self, address, host="school.test"):
        self.address, self.host, self.cookies = address, host, {}

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        all_headers = {"Host": self.host, "Accept": "text/html", **(headers or {})}
        if self.cookies:
            all_headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, all_headers)
            answer = connection.getresponse()
            answer = Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()
        self.take_cookies(answer)
        return answer

    def take_cookies(self, answer):
        for key, line in answer.headers:
            if key.lower() != "set-cookie":
                continue
            name, _, rest = line.partition("=")
            value = rest.split(";")[0]
            self.cookies[name] = value
            if value in ("", '""') or re.search("max-age=0", line, re.I):
                del self.cookies[name]

    def get(self, path, **headers):
        return self.send("GET", path, headers=headers)

    def token(self, page="/theme/"):
        """The CSRF token, from a page with a form where none was given yet."""
        if "csrftoken" not in self.cookies:
            self.get(page)
        return self.cookies["csrftoken"]

    def post(self, path, fields=None, files=None, as_multipart=False):
        """Send a form; with files or `as_multipart` as multipart/form-data."""
        fields = pairs({"csrfmiddlewaretoken": self.token(), **(fields or {})})
        if files or as_multipart:
            return self.send("POST", path, multipart(fields, files or {}),
                             {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
        return self.send("POST", path, urllib.parse.urlencode(fields),
                         {"Content-Type": "application/x-www-form-urlencoded"})
