#!/usr/bin/env python3
"""Mail to a server: TLS, logging in, what is refused, what breaks; files and the console; errors of requests
as mail to the admins."""
import email
import email.policy
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import certificates
import servers
import smtp
import suite

SITE = suite.BUILD / "tests/live/mail-site"
QUIET = {"SECRET_KEY": "k", "LOG_LEVEL": "warning"}


def message(**given):
    return {"subject": "Grüße", "body": "One\n.two\n..three\nÜmlaut\n", "from": "Ada <ada@example.com>", "to": ["bob@example.com"], "cc": [],
            "bcc": [], "reply_to": [], "headers": {}, "attachments": [], "alternatives": [], **given}


def manage(*arguments, input="", **env):
    done = subprocess.run([SITE, *arguments], input=input, capture_output=True, text=True, timeout=120,
                          env={**os.environ, **QUIET, **{name: str(value) for name, value in env.items()}})
    servers.check_sanitizers(done.stderr)
    return done


def send(server, *messages, host="127.0.0.1", **env):
    """What the site says of sending them: {"sent": n} or {"error": …}."""
    done = manage("mailsend", input="".join(json.dumps(each) + "\n" for each in messages or [message()]), EMAIL_HOST=host,
                  EMAIL_PORT=server.port, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def fails(server, *words, messages=(), **env):
    answer, _ = send(server, *messages, **env)
    assert all(word in answer.get("error", "") for word in words), answer
    return answer["error"]


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


# ---- sending -----------------------------------------------------------------------------------------


def test_a_message_arrives_as_it_was_written():
    with smtp.Server() as server:
        assert send(server, message(cc=["Cleo <c@example.com>"], bcc=["hidden@exämple.com"]))[0] == {"sent": 1}
        (sender, recipients, raw), = server.messages
    assert sender == "<ada@example.com>"
    assert recipients == ["<bob@example.com>", "<c@example.com>", "<hidden@xn--exmple-cua.com>"]
    found = parsed(raw)
    assert found["Subject"] == "Grüße" and "hidden" not in raw.decode()
    assert found.get_content().replace("\r\n", "\n") == message()["body"]
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert any("body=8BITMIME" in line and "size=" in line for line in server.commands), server.commands


def test_several_go_over_one_connection():
    with smtp.Server() as server:
        assert send(server, message(), message(to=[]), message())[0] == {"sent": 2}
        assert len(server.messages) == 2 and server.commands.count("QUIT") == 1
        assert sum(line.startswith("EHLO") for line in server.commands) == 1


def test_an_old_server_is_greeted_as_one():
    with smtp.Server(say={"EHLO": "502 what?"}) as server:
        assert send(server)[0] == {"sent": 1}


def test_a_long_message_arrives_whole():
    body = ("x" * 70 + "\n") * 40000
    with smtp.Server() as server:
        assert send(server, message(body=body))[0] == {"sent": 1}
        assert parsed(server.messages[0][2]).get_content().replace("\r\n", "\n") == body


# ---- TLS and logging in ------------------------------------------------------------------------------


def test_tls_begins_when_it_is_asked_for_and_before_the_password():
    with certificates.Folder() as made:
        tls = smtp.context(made.cert, made.key)
        for implicit, setting in ((False, "EMAIL_USE_TLS"), (True, "EMAIL_USE_SSL")):
            for way in ("PLAIN", "LOGIN", "CRAM-MD5"):
                with smtp.Server(tls=tls, implicit=implicit, ways=[way]) as server:
                    found = send(server, host="localhost", SSL_CERT_FILE=made.ca, EMAIL_HOST_USER=smtp.USER,
                                 EMAIL_HOST_PASSWORD=smtp.PASSWORD, **{setting: "1"})
                    assert found[0] == {"sent": 1}, found
                    plain = [line for line, secure in zip(server.commands, server.secure) if not secure]
                    assert not any(line.startswith(("AUTH", "MAIL")) for line in plain), plain


def test_a_url_says_all_of_it():
    with certificates.Folder() as made, smtp.Server(tls=smtp.context(made.cert, made.key), ways=["PLAIN"]) as server:
        url = f"smtp+tls://{smtp.USER}:p%C3%A4ssword@localhost:{server.port}"
        assert send(server, EMAIL_URL=url, SSL_CERT_FILE=made.ca)[0] == {"sent": 1}
        assert server.secure[-1]


def test_a_certificate_that_is_not_the_server_s_is_refused():
    with certificates.Folder() as made, smtp.Server(tls=smtp.context(made.cert, made.key)) as server:
        fails(server, "ConnectionError", "TLS", host="localhost", EMAIL_USE_TLS=1, SSL_CERT_FILE=made.other_ca)
        fails(server, "ConnectionError", "mismatch", host="127.0.0.1", EMAIL_USE_TLS=1, SSL_CERT_FILE=made.ca)
        assert not server.messages


def test_mail_is_not_sent_in_the_clear_where_tls_is_wanted():
    with smtp.Server() as server:
        fails(server, "SMTPNotSupportedError", "STARTTLS", EMAIL_USE_TLS=1)
        fails(server, "TLS", EMAIL_USE_SSL=1, EMAIL_TIMEOUT=5)
        assert not server.messages
    with certificates.Folder() as made, smtp.Server(tls=smtp.context(made.cert, made.key), smuggle=b"250 AUTH PLAIN\r\n") as server:
        fails(server, "SMTPResponseException", "in the clear", host="localhost", EMAIL_USE_TLS=1, SSL_CERT_FILE=made.ca)


def test_a_wrong_password_is_told_and_not_shown():
    login = dict(EMAIL_HOST_USER=smtp.USER, EMAIL_HOST_PASSWORD="not-this-one")
    with smtp.Server(ways=["CRAM-MD5", "PLAIN", "LOGIN"]) as server:
        error = fails(server, "SMTPAuthenticationError", "535", **login)
        assert "not-this-one" not in error
    with smtp.Server(ways=["GSSAPI"]) as server:
        fails(server, "SMTPNotSupportedError", "GSSAPI", **login)
    with smtp.Server() as server:
        fails(server, "SMTPNotSupportedError", "AUTH", **login)


# ---- what goes wrong ---------------------------------------------------------------------------------


def test_recipients_are_refused_one_by_one():
    with smtp.Server(refuse=["no@example.com"]) as server:
        answer, log = send(server, message(to=["no@example.com", "yes@example.com"]))
        assert answer == {"sent": 1} and "no@example.com" in log
        fails(server, "SMTPRecipientsRefused", "no@example.com", "550", messages=[message(to=["no@example.com"])])
        assert [recipients for _, recipients, _ in server.messages] == [["<yes@example.com>"]]


def test_refusals_have_django_s_classes():
    for command, answer, name in (("CONNECT", "554 go away", "SMTPConnectError"), ("MAIL", "550 not you", "SMTPSenderRefused"),
                                  ("DATA", "451 full", "SMTPDataError"), ("MESSAGE", "554 spam", "SMTPDataError"),
                                  ("CONNECT", "hello", "SMTPResponseException")):
        with smtp.Server(say={command: answer}) as server:
            fails(server, name)
    with smtp.Server(say={"EHLO": "500 no", "HELO": "501 no"}) as server:
        fails(server, "SMTPHeloError")


def test_a_cut_connection_is_told_at_each_step():
    for command in ("EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"):
        with smtp.Server(cut=command) as server:
            fails(server, "SMTPServerDisconnected")
    with smtp.Server(cut="QUIT") as server:
        assert send(server)[0] == {"sent": 1}


def test_a_silent_server_is_left_in_time():
    with smtp.Server(hold=threading.Event()) as server:
        fails(server, "TimeoutError", EMAIL_TIMEOUT=1)


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = manage("sendtestemail", "a@example.com", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port)
    assert done.returncode == 1 and "ConnectionError" in done.stderr or "refused" in done.stderr, done.stderr


def test_commands_can_not_be_smuggled_through_addresses():
    with smtp.Server() as server:
        for bad in ({"from": "a@example.com>\r\nRCPT TO:<x@example.com"}, {"to": ["a@example.com\r\nDATA"]}, {"to": ["a b@example.com"]},
                    {"to": ["a@b@example.com"]}, {"to": ["<>"]}, {"to": ["ü" * 200 + "@example.com"]}):
            error = fails(server, "Error", messages=[message(**bad)])
            assert error.startswith(("ValueError", "BadHeaderError")), error
        assert not server.messages


# ---- other backends, settings ------------------------------------------------------------------------


def test_sendtestemail_has_django_s_flags():
    people = dict(EMAIL_BACKEND="console", ADMINS="Ada <ada@example.com>, boss@example.com", MANAGERS="m@example.com")
    shown = manage("sendtestemail", "x@example.com", "--managers", "--admins", **people).stdout
    assert shown.count("-" * 79 + "\n") == 3
    assert "To: x@example.com\n" in shown and "To: m@example.com\n" in shown and "To: Ada <ada@example.com>, boss@example.com\n" in shown
    assert "Subject: [Django] Test email from" in shown and "From: root@localhost" in shown and "From: webmaster@localhost" in shown
    none = manage("sendtestemail", **people)
    assert none.returncode == 2 and "You must specify some email recipients" in none.stderr, none.stderr


def test_files_hold_what_was_sent():
    with tempfile.TemporaryDirectory() as folder:
        for way in (dict(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend", EMAIL_FILE_PATH=f"{folder}/a/b"),
                    dict(EMAIL_URL=f"file://{folder}/a/b")):
            assert manage("sendtestemail", "x@example.com", **way).returncode == 0
        written = sorted(pathlib.Path(folder, "a/b").iterdir())
        assert len(written) == 2 and all("To: x@example.com\n" in each.read_text() for each in written)
        assert all(each.stat().st_mode & 0o077 == 0 for each in written)
        done = manage("sendtestemail", "x@example.com", EMAIL_BACKEND="file", EMAIL_FILE_PATH=written[0])
        assert done.returncode == 1 and "is not a directory" in done.stderr


def test_wrong_settings_stop_the_start_with_a_suggestion():
    for env, words in ((dict(EMAIL_BACKEND="consol"), ("EMAIL_BACKEND", "Perhaps you meant console?")),
                       (dict(EMAIL_BACKEND="file"), ("EMAIL_FILE_PATH",)),
                       (dict(EMAIL_USE_TLS=1, EMAIL_USE_SSL=1), ("mutually exclusive",)),
                       (dict(EMAIL_URL="smpt://h"), ("smpt", "Perhaps you meant smtp?")),
                       (dict(EMAIL_URL="smtp://user:topsecret@h:99999"), ("port", "99999"))):
        done = manage("check", **env)
        assert done.returncode and all(word in done.stderr for word in words), done.stderr
        assert "topsecret" not in done.stderr


# ---- errors of requests ------------------------------------------------------------------------------


def fetch(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code


def serving(server, **env):
    env = {**QUIET, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "ADMINS": "Ada <ada@example.com>", "LOG_LEVEL": "info", **env}
    return servers.Server(SITE, "serve", "127.0.0.1:0", "--workers", "1", env=env)


def test_an_error_is_mailed_to_the_admins_once_and_without_secrets():
    with smtp.Server() as server, serving(server) as site:
        base = f"http://{site.address}"
        assert fetch(base + "/broken/?page=7", Cookie="sessionid=verysecret", Authorization="Bearer verysecret") == 500
        assert fetch(base + "/broken/") == 500
        servers.wait_for(lambda: server.messages, "mail")
        assert fetch(base + "/other/?q=zz") == 500
        servers.wait_for(lambda: len(server.messages) == 2, "second mail")
        (_, recipients, raw), (_, _, second) = server.messages
    assert recipients == ["<ada@example.com>"]
    found = parsed(raw)
    text = found.get_content()
    assert found["Subject"] == "[Django] ERROR (EXTERNAL IP): Internal Server Error: /broken/", found["Subject"]
    assert "ValueError" in text and "no such thing" in text and "page" in text and "mail_site.c" in text
    assert "verysecret" not in text and "KeyError" in parsed(second).get_content()


def test_the_visitor_does_not_wait_for_the_mail():
    with smtp.Server(hold=threading.Event()) as server, serving(server) as site:
        assert fetch(f"http://{site.address}/broken/") == 500
        assert server.asked.wait(30) and not server.hold.is_set()
        assert fetch(f"http://{site.address}/nowhere/") == 404
        server.hold.set()
        servers.wait_for(lambda: server.messages, "mail")


def test_under_debug_nothing_is_mailed():
    with smtp.Server() as server, serving(server, DEBUG="1") as site:
        assert fetch(f"http://{site.address}/broken/") == 500 and fetch(f"http://{site.address}/nowhere/") == 404
        assert not server.messages and not server.asked.is_set()


if __name__ == "__main__":
    suite.main(globals())
