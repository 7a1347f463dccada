"""How a site comes to its PostgreSQL: TLS, passwords, service files, several hosts of which one writes."""
import atexit
import contextlib
import functools
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import certificates
import postgresql
import school
import servers
import suite

PASSWORD = "sécret: p@ss/wörd"
ENCODED = "s%C3%A9cret%3A%20p%40ss%2Fw%C3%B6rd"
HBA = """
local    all  postgres                   trust
host     all  postgres     127.0.0.1/32  trust
hostssl  all  certified    127.0.0.1/32  cert
hostssl  all  +tls         127.0.0.1/32  scram-sha-256
host     all  plain        127.0.0.1/32  scram-sha-256
"""
USERS = f"""
CREATE ROLE tls; CREATE ROLE certified LOGIN;
CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE secure LOGIN PASSWORD '{PASSWORD}' IN ROLE tls
"""
WHO = """
with connection.cursor() as c:
    c.execute("SELECT current_user, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), inet_server_port(), "
              "pg_is_in_recovery()")
    result = c.fetchone()
"""


@functools.cache
def made():
    """A server with TLS and users, and its certificates."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    files = stack.enter_context(certificates.Folder(postgresql.account()))
    settings = (f"ssl = on\nssl_ca_file = '{files.ca}'\nssl_cert_file = '{files.cert}'\nssl_key_file = '{files.key}'\n"
                "password_encryption = 'scram-sha-256'\n")
    server = stack.enter_context(postgresql.Server(settings=settings, hba=HBA))
    server.sql(USERS)
    return server, files


def asked(url, **env):
    """[user, TLS, port, standby] of a connection to the address; or what the error says."""
    done = school.run([school.PROGRAM, "shell", "--json", "-c", WHO], {"DATABASE_URL": url, **env}, school.scratch())
    answer = json.loads(done.stdout)
    assert isinstance(answer, list) or answer["error"] == "OperationalError", answer
    return answer if isinstance(answer, list) else answer["message"]


def address(options, user="secure", password=ENCODED, host="localhost", port=None):
    server, _ = made()
    return f"postgres://{user}:{password}@{host}:{port or server.port}/{server.database}?{options}"


def expect_refusal(url, *words, **env):
    told = asked(url, **env)
    assert isinstance(told, str) and all(word in told for word in words), f"{url}: {told}"


# ---- TLS -------------------------------------------------------------------------------------------


def test_each_sslmode_checks_what_it_promises():
    server, files = made()
    encrypted = ["secure", True, server.port, False]
    assert asked(address("sslmode=require")) == encrypted
    assert asked(address(f"sslmode=verify-ca&sslrootcert={files.ca}", host="127.0.0.1")) == encrypted
    assert asked(address(f"sslmode=verify-full&sslrootcert={files.ca}")) == encrypted
    expect_refusal(address("sslmode=disable"), "no pg_hba.conf entry", "no encryption")
    expect_refusal(address(f"sslmode=verify-full&sslrootcert={files.ca}", host="127.0.0.1"),
                   'server certificate for "localhost"', 'does not match host name "127.0.0.1"')


def test_a_certificate_that_nobody_vouches_for_is_refused():
    _, files = made()
    expect_refusal(address(f"sslmode=verify-ca&sslrootcert={files.other_ca}"), "certificate verify failed")
    expect_refusal(address(f"sslmode=verify-full&sslrootcert={files.other_ca}"), "certificate verify failed")
    expect_refusal(address("sslmode=verify-ca&sslrootcert=/nowhere/ca.crt"), "root certificate file", "does not exist")


def test_a_client_shows_its_certificate():
    server, files = made()
    own = f"sslmode=require&sslcert={files.client_cert}&sslkey={files.client_key}"
    assert asked(address(own, user="certified")) == ["certified", True, server.port, False]
    expect_refusal(address("sslmode=require", user="certified"), "connection requires a valid client certificate")


def test_large_answers_and_requests_pass_through_tls():
    _, files = made()
    code = ("with connection.cursor() as c:\n    c.execute('SELECT repeat(%s, 300000), length(%s)', ['abcdefghij', 'x' * 2000000])\n"
            "    row = c.fetchone()\n    result = [len(row[0]), row[0][-3:], row[1]]")
    done = school.run([school.PROGRAM, "shell", "--json", "-c", code],
                      {"DATABASE_URL": address(f"sslmode=verify-full&sslrootcert={files.ca}")}, school.scratch())
    assert json.loads(done.stdout) == [3000000, "hij", 2000000], done.stdout[:500] + done.stderr[-2000:]


# ---- passwords -------------------------------------------------------------------------------------


def test_scram_takes_the_right_password_and_no_other():
    server, _ = made()
    assert server.sql("SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'plain'") == "t"
    assert asked(address("sslmode=disable", user="plain")) == ["plain", False, server.port, False]
    assert asked(address("sslmode=require&channel_binding=require")) == ["secure", True, server.port, False]
    expect_refusal(address("sslmode=disable", user="plain", password="wrong"), 'password authentication failed for user "plain"')
    expect_refusal(address("sslmode=disable&channel_binding=require", user="plain"), "channel binding required")
    expect_refusal(address("sslmode=disable", user="plain").replace(f":{ENCODED}", ""), "no password supplied")


def test_a_password_file_is_read():
    server, _ = made()
    file = school.fresh_folder() / "pgpass"
    escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
    file.write_text(f"localhost:{server.port}:*:plain:{escaped}\n")
    file.chmod(0o600)
    without = address("", user="plain").replace(f":{ENCODED}", "")
    assert asked(f"{without}passfile={file}")[0] == "plain"
    assert asked(without, PGPASSFILE=str(file))[0] == "plain"


# ---- service files ---------------------------------------------------------------------------------


def test_a_service_file_names_the_server():
    server, _ = made()
    file = school.fresh_folder() / "pg_service.conf"
    file.write_text(f"[registry]\nhost=localhost\nport={server.port}\ndbname={server.database}\nuser=plain\n"
                    f"password={PASSWORD}\n")
    env = {"PGSERVICEFILE": str(file)}
    assert asked("postgres://?service=registry", **env) == ["plain", True, server.port, False]
    assert asked("postgres://postgres@/?service=registry", **env)[0] == "postgres"
    expect_refusal("postgres://?service=nowhere", 'definition of service "nowhere" not found', **env)


# ---- several hosts ---------------------------------------------------------------------------------


def both(first, second, options=""):
    return f"postgres://postgres@127.0.0.1:{first.port},127.0.0.1:{second.port}/{first.database}?{options}"


def test_several_hosts_and_a_fail_over():
    with postgresql.Server() as primary, postgresql.Standby(primary) as standby:
        assert asked(both(standby, primary, "target_session_attrs=read-write"))[2:] == [primary.port, False]
        assert asked(both(primary, standby, "target_session_attrs=standby"))[2:] == [standby.port, True]
        assert asked(both(primary, standby, "target_session_attrs=prefer-standby"))[2:] == [standby.port, True]
        assert asked(both(standby, primary, "target_session_attrs=any"))[2:] == [standby.port, True]
        expect_refusal(f"{standby.url}?target_session_attrs=read-write", "session is read-only")
        site_lives_through_a_fail_over(primary, standby)
        assert asked(both(primary, standby, "target_session_attrs=read-write"))[2:] == [standby.port, False]


def site_lives_through_a_fail_over(primary, standby):
    url = both(primary, standby, "target_session_attrs=read-write&connect_timeout=5")
    for command in (("migrate", "-v", "0"), ("seed_demo", "--students", "5")):
        school.checked(school.run([school.PROGRAM, *command], {"DATABASE_URL": url}, school.scratch()))
    standby.catch_up()
    with servers.Server(school.PROGRAM, "serve", "127.0.0.1:0", "--workers", 1, env={"DATABASE_URL": url},
                        cwd=school.scratch()) as site:
        visitor = school.Client(site.address)
        before = visitor.get("/students/")
        assert before.status == 200, before.text
        primary.kill()
        assert visitor.get("/students/").status == 500
        standby.promote()
        after = visitor.get("/students/")
        assert after.status == 200, site.text()[-3000:]
        assert after.text.count("/students/") == before.text.count("/students/")


if __name__ == "__main__":
    suite.main(globals())
