"""What goes wrong from outside: requests, forms, databases, ports, settings, workers that are killed.
Each gets a clear answer, and nothing else is lost."""
import http.client
import os
import pathlib
import re
import signal
import sqlite3
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
from servers import wait_for

HEAD = b"Host: school.test\r\nConnection: close\r\n"
BODY_LIMIT = 2621440  # DATA_UPLOAD_MAX_MEMORY_SIZE
LOCK_PATIENCE = 20  # seconds within which a request gives up on a locked database

MALFORMED = {
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: school.test\r\nHost: school.test\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two blanks": b"GET  / HTTP/1.1\r\nHost: school.test\r\n\r\n",
    "a bare line feed": b"GET / HTTP/1.1\nHost: school.test\n\n",
    "a NUL in the path": b"GET /\0 HTTP/1.1\r\nHost: school.test\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nHost: school.test\r\nX: a\0b\r\n\r\n",
    "a blank before a colon": b"GET / HTTP/1.1\r\nHost : school.test\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: school.test\r\nX: a\r\n b\r\n\r\n",
    "an empty header name": b"GET / HTTP/1.1\r\nHost: school.test\r\n: a\r\n\r\n",
    "a length that is no number": b"POST / HTTP/1.1\r\nHost: school.test\r\nContent-Length: x\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: school.test\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: school.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: school.test\r\nContent-Length: 5\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
}
WRONG_METHODS = [("DELETE", "/students/", "GET, HEAD, OPTIONS"), ("POST", "/courses/", "GET, HEAD, OPTIONS"),
                 ("PATCH", "/students/new/", "GET, POST"), ("PUT", "/theme/set/", "POST"), ("GET", "/theme/set/", "POST"),
                 ("POST", "/search.json", "GET"), ("DELETE", "/catalogue.tsv", "GET, HEAD")]
UNKNOWN_PAGES = ["/nothing/", "/students/9999/", "/students/x/", "/students/-1/", "/students/9223372036854775808/",
                 "/students/?page=99", "/students.json?page=11", "/students.json?page=x",
                 "/students.json?page=99999999999999999999", "/%FF/", "/%00/", "/students/%00/", "/static/registry/", "/media/none.png", "/../../etc/passwd"]
WAYS_OUT = ["/static/../manage.c", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/registry/%2e%2e/%2e%2e/manage.c",
            "/media/../db.sqlite3", "/media/%2e%2e/db.sqlite3", "/static//etc/passwd", "/media/..%2fdb.sqlite3"]

STUDENT = {"roll_no": "N0001", "first_name": "Nina", "last_name": "Novák", "email": "nina@school.example",
           "date_of_birth": "2001-02-03", "status": "active", "gpa": "3.50", "address": "{}"}
WRONG_FORMS = [
    ({"roll_no": ""}, "This field is required."),
    ({"status": ""}, "This field is required."),
    ({"roll_no": "x" * 21}, "Ensure this value has at most 20 characters (it has 21)."),
    ({"email": "nowhere"}, "Enter a valid email address."),
    ({"date_of_birth": "2001-02-30"}, "Enter a valid date."),
    ({"status": "expelled"}, "Select a valid choice. expelled is not one of the available choices."),
    ({"gpa": "good"}, "Enter a number."),
    ({"gpa": "0.555"}, "Ensure that there are no more than 2 decimal places."),
    ({"gpa": "9"}, "The GPA lies between 0 and 4."),
    ({"address": "{"}, "Enter a valid JSON."),
    ({"roll_no": "S0001"}, "Student with this Roll number already exists."),
    ({"email": "s0001@school.example"}, "Student with this Email already exists."),
    ({"first_name": "a\0b"}, "Null characters are not allowed."),
    ({"first_name": "Same", "last_name": "Same"}, "First and last name are the same."),
]
WRONG_SETTINGS = [
    ({"SCHOOL_DEBUG": "perhaps"}, "DEBUG"),
    ({"SCHOOL_SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SCHOOL_X_FRAME_OPTIONS": "NEVER"}, "X_FRAME_OPTIONS"),
    ({"SCHOOL_DATA_UPLOAD_MAX_MEMORY_SIZE": "much"}, "DATA_UPLOAD_MAX_MEMORY_SIZE"),
    ({"SCHOOL_TIME_ZONE": "Mars/Base"}, "TIME_ZONE"),
    ({"DATABASE_URL": "nothing://x"}, "nothing"),
    ({"SCHOOL_REQUEST_DELAY": "1001"}, "REQUEST_DELAY"),
]

ODD_SETTINGS = [
    ({"SCHOOL_LANGUAGE_CODE": "klingon"}, "LANGUAGE_CODE setting that is not in the LANGUAGES setting. It is 'klingon'."),
    ({"SCHOOL_MEDIA_ROOT": "/no/such/media"}, "The directory '/no/such/media' in the MEDIA_ROOT setting does not exist"),
    ({"SCHOOL_STATICFILES_DIRS": "/no/such/static"}, "The directory '/no/such/static' in the STATICFILES_DIRS setting "
                                                    "does not exist."),
    ({"SCHOOL_LOCALE_PATHS": "/no/locale"}, "The directory '/no/locale' in the LOCALE_PATHS setting does not exist."),
    ({"SCHOOL_ALOWED_HOSTS": "*"}, "SCHOOL_ALOWED_HOSTS names no setting. Perhaps you meant SCHOOL_ALLOWED_HOSTS?"),
]


def exchange(site, request):
    """Send bytes; (status, headers and body) until the server closes."""
    with site.connect() as s:
        s.sendall(request)
        answer = b"".join(iter(lambda: s.recv(65536), b""))
    return int(answer.split()[1]) if answer else None, answer


def assert_serves(site):
    answer = site.client().get("/students/")
    assert answer.status == 200 and "200 found" in answer.text


def assert_slow_body_is_refused(site):
    token = site.client().token()
    head = (f"POST /students/3/delete/ HTTP/1.1\r\nHost: school.test\r\nCookie: csrftoken={token}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n")
    status, answer = exchange(site, head.encode() + b"csrfmiddlewaretoken=")
    assert status == 408 and b"Connection: close" in answer, answer


# ---- requests --------------------------------------------------------------------------------------


def test_malformed_requests_get_400_and_their_connection_is_closed():
    with school.School() as site:
        for what, request in MALFORMED.items():
            status, answer = exchange(site, request)
            assert status == 400 and b"Connection: close" in answer, (what, answer[:300])
        assert_serves(site)


def test_a_malformed_request_takes_no_earlier_answer_with_it():
    with school.School() as site:
        _, answer = exchange(site, b"GET /search.json HTTP/1.1\r\nHost: school.test\r\n\r\nGET /\0 HTTP/1.1\r\n\r\n")
        assert answer.count(b"HTTP/1.1 200 OK") == 1 and answer.count(b"HTTP/1.1 400 Bad Request") == 1, answer


def test_a_host_that_is_not_the_sites_gets_400():
    with school.School() as site:
        assert exchange(site, b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")[0] == 400
        site.saw("ALLOWED_HOSTS")


def test_a_body_over_the_limit_gets_413():
    with school.School() as site:
        visitor = site.client()
        answer = visitor.post("/courses/new/", {"title": "x" * BODY_LIMIT})
        assert answer.status == 413 and "<h1>Request Entity Too Large (413)</h1>" in answer.text, answer.text
        answer = visitor.post("/students/new/", {**STUDENT, "address": "x" * BODY_LIMIT}, as_multipart=True)
        assert answer.status == 413, answer.status
        assert_serves(site)


def test_too_many_fields_get_400():
    with school.School() as site:
        answer = site.client().post("/courses/new/", {"tags": [str(n) for n in range(1001)]})
        assert answer.status == 400, answer.status


def test_a_body_that_ends_early_changes_nothing():
    with school.School() as site:
        token = site.client().token()
        form = f"csrfmiddlewaretoken={token}"
        head = (f"POST /students/3/delete/ HTTP/1.1\r\nHost: school.test\r\nCookie: csrftoken={token}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form) + 100}\r\n\r\n")
        with site.connect() as s:
            s.sendall((head + form).encode())
        assert_serves(site)


def test_a_body_that_comes_too_slowly_gets_408():
    with school.School(SCHOOL_REQUEST_BODY_TIMEOUT="1") as site:
        assert_slow_body_is_refused(site)
        assert_serves(site)


def test_a_head_that_comes_too_slowly_gets_408():
    with school.School(SCHOOL_REQUEST_HEAD_TIMEOUT="1") as site:
        status, answer = exchange(site, b"GET / HTTP/1.1\r\nHost: school.test\r\n")
        assert status == 408 and b"Connection: close" in answer, answer
        assert_serves(site)


def test_unknown_pages_get_404():
    with school.School() as site:
        for path in UNKNOWN_PAGES:
            status, answer = exchange(site, b"GET %s HTTP/1.1\r\n%s\r\n" % (path.encode(), HEAD))
            assert status == 404, (path, status, answer[:300])


def test_paths_that_lead_out_of_the_folders_of_files_are_refused():
    with school.School() as site:
        for path in WAYS_OUT:
            status, answer = exchange(site, b"GET %s HTTP/1.1\r\n%s\r\n" % (path.encode(), HEAD))
            assert status in (400, 404), (path, status)
            assert b"root:" not in answer and b"SQLite format" not in answer, path


def test_wrong_methods_get_405_with_what_is_allowed():
    with school.School() as site:
        visitor = site.client()
        for method, path, allowed in WRONG_METHODS:
            answer = visitor.send(method, path, headers={"X-CSRFToken": visitor.token()})
            got = answer.header("Allow") or ""
            assert answer.status == 405 and set(allowed.split(", ")) <= set(got.split(", ")), (method, path, answer.status, got)
            assert method not in got.split(", ")


def test_invalid_utf8_in_a_path_a_query_and_a_form_is_replaced():
    with school.School() as site:
        assert exchange(site, b"GET /\xff\xfe/ HTTP/1.1\r\n%s\r\n" % HEAD)[0] == 404
        status, page = exchange(site, b"GET /students/?q=%%ff%%fe HTTP/1.1\r\n%s\r\n" % HEAD)
        assert status == 200 and b'value="\xef\xbf\xbd\xef\xbf\xbd"' in page
        token = site.client().token()
        for kind, form in (
                (b"application/x-www-form-urlencoded", b"csrfmiddlewaretoken=%s&title=%%ff" % token.encode()),
                (b"multipart/form-data; boundary=B", b'--B\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"'
                 b'\r\n\r\n%s\r\n--B\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xff\r\n--B--\r\n' % token.encode())):
            status, page = exchange(site, b"POST /courses/new/ HTTP/1.1\r\n%sCookie: csrftoken=%s\r\nContent-Type: %s\r\n"
                                    b"Content-Length: %d\r\n\r\n%s" % (HEAD, token.encode(), kind, len(form), form))
            assert status == 200 and b'value="\xef\xbf\xbd"' in page, (kind, status)


# ---- forms -----------------------------------------------------------------------------------------


def test_a_form_with_wrong_values_comes_back_with_djangos_messages():
    with school.School() as site:
        visitor = site.client()
        for changes, message in WRONG_FORMS:
            answer = visitor.post("/students/new/", {**STUDENT, **changes})
            assert answer.status == 200 and message in answer.text, (changes, answer.status)
            kept = "Nina" if "first_name" not in changes else "Novák" if "last_name" not in changes else "Same"
            assert f'value="{kept}"' in answer.text, changes
        assert site.query("SELECT count(*) FROM registry_student") == [(200,)]


def test_numbers_too_large_for_any_column_come_back_in_the_form():
    with school.School() as site:
        visitor = site.client()
        for fields in ({"credits": "9" * 20}, {"credits": "9" * 5000}, {"department": "9" * 20}, {"tags": ["9" * 20]},
                       {"fee": "9" * 500}, {"fee": "1e999999999"}, {"fee": "1e-999999999"}):
            assert visitor.post("/courses/new/", {"title": "Large", **fields}).status == 200, fields


def test_forms_without_their_token_are_refused():
    with school.School() as site:
        visitor = site.client()
        for fields in ({"csrfmiddlewaretoken": ""}, {"csrfmiddlewaretoken": "x" * 32}, {"csrfmiddlewaretoken": "\0"}):
            assert visitor.post("/students/3/delete/", fields).status == 403, fields
        assert_serves(site)


# ---- databases -------------------------------------------------------------------------------------


def test_a_database_without_tables_is_told_and_served_once_it_has_them():
    database = school.fresh_folder() / "db.sqlite3"
    with school.School(database, copy=False) as site:
        assert site.client().get("/students/").status == 500
        site.saw("no such table: registry_student")
        assert site.client().get("/static/registry/school.css").status == 200
        school.checked(school.manage(database, "migrate"))
        assert site.client().get("/students/").status == 200


def test_a_database_that_cannot_be_opened_is_told_by_its_path():
    missing = school.fresh_folder() / "no" / "folder" / "db.sqlite3"
    done = school.manage(missing, "migrate")
    assert done.returncode == 1 and str(missing) in done.stderr, done.stderr
    with school.School(missing, copy=False) as site:
        assert site.client().get("/students/").status == 500
        site.saw(str(missing))


def test_a_file_that_is_no_database_is_told_and_left_as_it_is():
    database = school.fresh_folder() / "db.sqlite3"
    database.write_bytes(b"not a database at all\n" * 200)
    before = database.read_bytes()
    done = school.manage(database, "migrate")
    assert done.returncode == 1 and "not a database" in done.stderr, done.stderr
    assert database.read_bytes() == before


def test_a_locked_database_fails_the_change_alone():
    with school.School() as site:
        visitor = site.client()
        other = sqlite3.connect(site.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert visitor.post("/students/4/delete/").status == 500
        site.saw("database is locked")
        assert_serves(site)
        other.execute("ROLLBACK")
        assert visitor.post("/students/4/delete/").status == 302
        assert site.query("SELECT count(*) FROM registry_student") == [(199,)]


def test_a_lock_that_ends_in_time_is_waited_for():
    with school.School() as site:
        visitor = site.client()
        visitor.token()
        other = sqlite3.connect(site.database, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        answers = []
        change = threading.Thread(target=lambda: answers.append(visitor.post("/students/4/delete/").status))
        change.start()
        assert_serves(site)
        assert not answers, "the change did not wait"
        other.execute("ROLLBACK")
        change.join(LOCK_PATIENCE)
        assert answers == [302], answers


def test_a_migration_that_fails_in_the_middle_is_rolled_back_and_its_reason_printed():
    database = school.fresh_folder() / "db.sqlite3"
    school.checked(school.manage(database, "migrate", "auth"))
    other = sqlite3.connect(database)
    other.executescript("CREATE TABLE registry_payment (kept TEXT); INSERT INTO registry_payment VALUES ('a row')")
    other.close()
    done = school.manage(database, "migrate")
    assert done.returncode == 1, done.stdout
    assert 'table "registry_payment" already exists' in done.stderr and "registry.0001_initial" in done.stdout + done.stderr
    assert school.tables(database, "registry_") == ["registry_payment"]
    assert school.query(database, "SELECT * FROM registry_payment") == [("a row",)]
    assert not school.query(database, "SELECT * FROM django_migrations WHERE app = 'registry'")
    other = sqlite3.connect(database)
    other.executescript("DROP TABLE registry_payment")
    other.close()
    school.checked(school.manage(database, "migrate"))
    assert "registry_student" in school.tables(database)


# ---- start-up and workers --------------------------------------------------------------------------


def test_a_port_in_use_is_told_and_its_owner_serves_on():
    with school.School() as site:
        done = school.manage(school.seeded(), "serve", site.address)
        assert done.returncode == 1
        assert f"can't listen at {site.address}: the port is in use" in done.stdout + done.stderr, done.stderr
        assert_serves(site)


def test_a_wrong_setting_is_named_at_start_up():
    for variables, name in WRONG_SETTINGS:
        done = school.manage(school.seeded(), "serve", "127.0.0.1:0", **variables)
        assert done.returncode == 1, variables
        assert name in done.stderr and "ImproperlyConfigured" in done.stderr, (variables, done.stderr)


def test_settings_that_can_hardly_be_meant_are_named_at_start_up():
    for variables, message in ODD_SETTINGS:
        with school.School(**variables) as site:
            site.saw(message)
            assert_serves(site)
        told_by_check = message.split(" It is ")[0]  # Django's own words, without the value
        assert told_by_check in school.manage(school.seeded(), "check", **variables).stderr, variables


def ports_served_by(pid, port):
    """The clients' ports of the connections that a process has to a server's port."""
    sockets = set()
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(fd))
        sockets |= {found[1]} if found else set()
    rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[2].split(":")[1], 16) for row in rows if row[9] in sockets and int(row[1].split(":")[1], 16) == port}


class Visitor(threading.Thread):
    """Asks for a page all the time over one connection; a new one when it breaks."""

    def __init__(self, site):
        super().__init__()
        self.site, self.over, self.answers, self.failed, self.wrong = site, False, 0, [], []

    def run(self):
        while not self.over:
            connection = http.client.HTTPConnection(self.site.address, timeout=30)
            connection.connect()
            port = connection.sock.getsockname()[1]
            try:
                while not self.over:
                    connection.request("GET", "/search.json?q=ada", headers={"Host": "school.test"})
                    answer = connection.getresponse()
                    if answer.status != 200 or b"S0001 Ada Almeida" not in answer.read():
                        self.wrong.append(answer.status)
                    self.answers += 1
            except (OSError, http.client.HTTPException):
                self.failed.append(port)
            finally:
                connection.close()


def test_kill_9_of_a_worker_under_load_loses_no_request_of_the_other_workers():
    with school.School(workers=2) as site:
        visitors = [Visitor(site) for _ in range(12)]
        for visitor in visitors:
            visitor.start()
        try:
            workers = wait_for(lambda: len(site.workers()) == 2 and site.workers(), "two workers")
            wait_for(lambda: all(visitor.answers > 3 for visitor in visitors), "answers for all")
            victim = max(workers, key=lambda pid: len(ports_served_by(pid, int(site.address.split(":")[1]))))
            os.kill(victim, signal.SIGSTOP)
            lost = ports_served_by(victim, int(site.address.split(":")[1]))
            os.kill(victim, signal.SIGKILL)
            wait_for(lambda: len(site.workers() - {victim}) == 2, "a new worker")
            before = [visitor.answers for visitor in visitors]
            wait_for(lambda: all(v.answers > n for v, n in zip(visitors, before)), "answers for all again")
        finally:
            for visitor in visitors:
                visitor.over = True
            for visitor in visitors:
                visitor.join()
        failed = {port for visitor in visitors for port in visitor.failed}
        assert lost and failed <= lost, f"the killed worker had {lost}; these failed: {failed}"
        assert not any(visitor.wrong for visitor in visitors)
        site.saw("was ended by signal 9")


if __name__ == "__main__":
    suite.main(globals())
