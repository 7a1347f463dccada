"""sendtestemail beside Django's: the messages that it writes and sends, byte for byte but for what is drawn anew each time."""
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import smtp
import suite

DJANGO = """
import os, sys
from django.conf import settings
people = lambda name: [("", address) for address in os.environ.get(name, "").split(",") if address]
settings.configure(
    USE_TZ=True, EMAIL_BACKEND="django.core.mail.backends." + os.environ["BACKEND"] + ".EmailBackend", EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ.get("EMAIL_PORT", 25)), ADMINS=people("ADMINS"), MANAGERS=people("MANAGERS"),
    **{name: os.environ[name] for name in ("DEFAULT_FROM_EMAIL", "SERVER_EMAIL", "EMAIL_SUBJECT_PREFIX") if name in os.environ})
from django.core.management import execute_from_command_line
execute_from_command_line(["manage", *sys.argv[1:]])
"""
DRAWN = [(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?\+00:00", "NOW"),
         (r"\d{4}-\d\d-\d\d_\d\d=3A\d\d=3A\d\d\?=\n =\?utf-8\?q\?=2E\d{6}\+00=3A00", "NOW"), (r"(?m)^Date: .*$", "Date: NOW"), (r"(?m)^Message-ID: <\d+\.\d+\.\d+@\S+>$", "Message-ID: <DRAWN>")]
PEOPLE = {"ADMINS": "root@school.example,ann@school.example", "MANAGERS": "head@school.example"}
CASES = [
    (["ann@school.example"], {}),
    (["ann@school.example", "J\u00fcrgen <j@b\u00fccher.example>", "o'neil+x@school.example"], {}),
    (["--managers"], PEOPLE), (["--admins"], PEOPLE), (["--managers", "--admins", "ann@school.example"], PEOPLE),
    (["--admins"], {}), (["--managers", "ann@school.example"], {}),
    (["--admins"], {**PEOPLE, "EMAIL_SUBJECT_PREFIX": "[Schule \u00e4] ", "SERVER_EMAIL": "Wache <guard@school.example>"}),
    (["ann@school.example"], {"DEFAULT_FROM_EMAIL": "Sch\u00fcler <office@school.example>"}),
    ([], {}), ([""], {}), (["a\nb@school.example"], {}), (["no address"], {}),
]


def sides(words, **more):
    for program, backend in (([school.PROGRAM], "EMAIL_BACKEND"), ([school.venv(), "-c", DJANGO], "BACKEND")):
        environment = {**more, backend: more.get("EMAIL_BACKEND", "console"), "TZ": "UTC"}
        yield school.run([*program, "sendtestemail", *words], environment, school.scratch())


def settled(text):
    for pattern, name in DRAWN:
        text = re.sub(pattern, name, text)
    return text


def test_messages_are_django_s_byte_for_byte():
    for words, more in CASES:
        ours, theirs = sides(words, **more)
        assert bool(ours.returncode) == bool(theirs.returncode), f"{words}\n{ours}\n{theirs}"
        assert settled(ours.stdout) == settled(theirs.stdout), f"{words} {more}\n{settled(ours.stdout)}\n{settled(theirs.stdout)}"
        told = re.search(r"error: (You must specify[^,]*)", theirs.stderr)
        assert not told or told[1] in ours.stderr, ours


def test_a_server_gets_the_same_from_both():
    with smtp.Server() as server:
        for done in sides(["ann@school.example", "--admins"], EMAIL_BACKEND="smtp", EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(server.port), **PEOPLE):
            assert done.returncode == 0 and not done.stdout, done
        told = [(sender.lower(), to, settled(raw.decode().replace("\r\n", "\n"))) for sender, to, raw in server.messages]
    assert len(told) == 4 and told[:2] == told[2:], told


if __name__ == "__main__":
    suite.main(globals())
