#!/usr/bin/env python3
"""How a site comes to its MariaDB: TLS, and passwords by each plugin that the server has."""
import atexit
import contextlib
import functools
import json
import pathlib
import pwd
import os
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import certificates
import mariadb
import school
import suite

PASSWORD = "sécret: p@ss/wörd"
ENCODED = "s%C3%A9cret%3A%20p%40ss%2Fw%C3%B6rd"
PLUGINS = ("mysql_native_password", "ed25519")
WHO = """
with connection.cursor() as c:
    c.execute("SELECT SUBSTRING_INDEX(USER(), '@', 1), "
              "(SELECT variable_value != '' FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher')")
    result = c.fetchone()
"""


@functools.cache
def made():
    """A server with TLS, a user of each plugin and one who must use TLS; its certificates."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    files = stack.enter_context(certificates.Folder(None if os.getuid() else pwd.getpwnam(mariadb.unprivileged())))
    server = stack.enter_context(mariadb.MariaDB(f"--ssl-ca={files.ca}", f"--ssl-cert={files.cert}", f"--ssl-key={files.key}"))
    server.sql("INSTALL SONAME 'auth_ed25519'; CREATE DATABASE site CHARACTER SET utf8mb4")
    for plugin in PLUGINS:
        server.sql(f"CREATE USER {plugin} IDENTIFIED VIA {plugin} USING PASSWORD('{PASSWORD}')")
    server.sql(f"CREATE USER secure IDENTIFIED BY '{PASSWORD}' REQUIRE SSL")
    server.sql(f"CREATE USER certified IDENTIFIED BY '{PASSWORD}' REQUIRE SUBJECT '/CN=certified'")
    for user in (*PLUGINS, "secure", "certified"):
        server.sql(f"GRANT ALL ON site.* TO {user}")
    return server, files


def asked(url):
    """[user, TLS] of a connection to the address; or what the error says."""
    done = school.run([school.PROGRAM, "shell", "--json", "-c", WHO], {"DATABASE_URL": url}, school.scratch())
    answer = json.loads(done.stdout)
    assert isinstance(answer, list) or answer["error"] == "OperationalError", answer
    return answer if isinstance(answer, list) else answer["message"]


def address(options, user="secure", password=ENCODED, host="127.0.0.1"):
    return f"mysql://{user}:{password}@{host}:{made()[0].port}/site?{options}"


def expect_refusal(url, *words):
    told = asked(url)
    assert isinstance(told, str) and all(word in told for word in words), f"{url}: {told}"


# ---- TLS -------------------------------------------------------------------------------------------


def test_each_ssl_mode_checks_what_it_promises():
    _, files = made()
    assert asked(address("ssl_mode=REQUIRED")) == ["secure", 1]
    expect_refusal(address("ssl_mode=DISABLED"), "1045", "Access denied for user 'secure'")
    assert asked(address("ssl_mode=DISABLED", user=PLUGINS[0])) == [PLUGINS[0], 0]


def test_a_verified_server_has_the_name_that_was_asked_for():
    _, files = made()
    for options in (f"ssl_ca={files.ca}", f"ssl_mode=VERIFY_IDENTITY&ssl_ca={files.ca}"):
        expect_refusal(address(options), "Validation of SSL server certificate failed", "ssl_ca", "host")
        assert asked(address(options, host="LOCALHOST")) == ["secure", 1]  # in small letters it is the socket


def test_a_certificate_that_nobody_vouches_for_is_refused():
    _, files = made()
    for options in (f"ssl_ca={files.other_ca}", f"ssl_mode=VERIFY_CA&ssl_ca={files.other_ca}",
                    f"ssl_mode=REQUIRED&ssl_ca={files.other_ca}"):
        expect_refusal(address(options), "self-signed certificate", "ssl_ca")
    expect_refusal(address("ssl_ca=/nowhere/ca.crt"), "TLS/SSL error", "No such file", "ssl_ca")


def test_a_client_shows_its_certificate():
    _, files = made()
    own = f"ssl_mode=REQUIRED&ssl_ca={files.ca}&ssl_cert={files.client_cert}&ssl_key={files.client_key}"
    assert asked(address(own, user="certified")) == ["certified", 1]
    expect_refusal(address("ssl_mode=REQUIRED", user="certified"), "Access denied for user 'certified'")


def test_large_answers_and_requests_pass_through_tls():
    code = ("with connection.cursor() as c:\n    c.execute('SELECT REPEAT(%s, 300000), LENGTH(%s)', ['abcdefghij', 'x' * 2000000])\n"
            "    row = c.fetchone()\n    result = [len(row[0]), row[0][-3:], row[1]]")
    done = school.run([school.PROGRAM, "shell", "--json", "-c", code], {"DATABASE_URL": address("ssl_mode=REQUIRED")},
                      school.scratch())
    assert json.loads(done.stdout) == [3000000, "hij", 2000000], done.stdout[:500] + done.stderr[-2000:]


# ---- passwords -------------------------------------------------------------------------------------


def test_each_plugin_takes_the_right_password_and_no_other():
    for plugin in PLUGINS:
        assert asked(address("", user=plugin))[0] == plugin
        expect_refusal(address("", user=plugin, password="wrong"), "1045", f"Access denied for user '{plugin}'")
        expect_refusal(address("", user=plugin).replace(f":{ENCODED}", ""), "1045", "look at user and password")


if __name__ == "__main__":
    suite.main(globals())
