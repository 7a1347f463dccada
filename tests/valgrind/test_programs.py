"""The programs that are no unit tests under valgrind: the school's commands and its server among good
and bad requests, the HTTP driver and the server's processes by tests of live/, a site's own tests,
recorded cases of Django."""
import contextlib
import http.client
import inspect
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "live"))
import school
import suite
import test_http
import test_school_bad_input as bad_input
import test_server_processes

MANAGE = suite.RELEASE / "examples/school/manage"
CASES = 120  # of each recorded file; valgrind is slow
FOUND = 9
PAGES = ["/", "/students/", "/students/?q=ada&status=active&o=-gpa", "/students/1/", "/students/new/", "/students/3/edit/",
         "/students/3/delete/", "/students/3/enroll/", "/courses/", "/courses/?page=2", "/courses/1/", "/courses/new/",
         "/courses/1/edit/", "/departments/", "/departments/1/delete/", "/catalogue.tsv", "/search.json?q=a", "/students.json?page=3",
         "/students/5.json", "/theme/", "/static/registry/school.css", "/accounts/login/?next=/students/"]
QUERIES = ["Student.objects.filter(Q(gpa__gte=3.5) | ~Q(status='active')).annotate(n=Count('enrollments')).values('id', 'n')[:5]",
           "[s.first_name.upper() for s in Student.objects.prefetch_related('enrollments__course')[:20]]",
           "Course.objects.aggregate(Avg('credits'), Max('fee'))", "Student.objects.get(pk=99999)", "Student.objects.filter(nope=1)",
           "Student.objects.filter(pk__in=Enrollment.objects.values('student')).exclude(enrollments__grade='A').count()",
           "Student.objects.bulk_create([Student(roll_no=f'V{n}', email=f'v{n}@x.example') for n in range(30)])",
           "Course.objects.filter(pk__lte=3).delete()", "Student.objects.dates('date_of_birth', 'year')", "1 +"]


PATIENCE = 120  # seconds for what a server does at once elsewhere
# Of live/test_http.py: those that measure time, or move more than valgrind does in some seconds.
TOO_SLOW = ["a_server_that_stops", "pieces_of_a_stream_arrive", "large_bodies_reach", "does_not_read", "keep_alive_answers_many"]
PROCESSES = ["a_killed_worker_is_restarted", "recycled_by_the_number", "sigterm_lets", "a_unix_socket", "a_slow_request_survives",
             "lines_of_the_access_log"]
# OpenSSL's own loop, once instead of a million times.
ONE_ITERATION = """
#define _GNU_SOURCE
#include <dlfcn.h>
typedef int hash_fn(const char *, int, const unsigned char *, int, int, const void *, int, unsigned char *);
int PKCS5_PBKDF2_HMAC(const char *pass, int len, const unsigned char *salt, int salt_len, int iterations,
                      const void *digest, int key_len, unsigned char *out)
{
    hash_fn *hash;

    (void)iterations;
    *(void **)&hash = dlsym(RTLD_NEXT, "PKCS5_PBKDF2_HMAC");
    return hash(pass, len, salt, salt_len, 1, digest, key_len, out);
}
"""


def valgrind(logs):
    return ["valgrind", "-q", f"--error-exitcode={FOUND}", "--leak-check=full", "--errors-for-leak-kinds=definite",
            "--show-leak-kinds=definite", f"--log-file={logs}/%p.log"]


def check(logs):
    """Fails with what valgrind said of any process."""
    said = {file.name: file.read_text(errors="replace") for file in pathlib.Path(logs).glob("*.log")}
    assert said, "valgrind has not run"
    found = {name: text[:6000] for name, text in said.items() if "==" in text}
    assert not found, "\n".join(f"{name}:\n{text}" for name, text in found.items())


def run(command, **options):
    with tempfile.TemporaryDirectory() as logs:
        done = subprocess.run([*valgrind(logs), *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=school.TIME_LIMIT, **options)
        check(logs)
    return done


# ---- commands ------------------------------------------------------------------------------------


def manage(database, *arguments):
    return run([MANAGE, *arguments], env=school.os.environ | school.environment(database), cwd=school.home_of(database))


def test_the_schools_commands():
    database = school.fresh_folder() / "db.sqlite3"
    for command in (["migrate"], ["showmigrations"], ["sqlmigrate", "registry", "0001"], ["check"],
                    ["makemigrations", "--check"], ["migrate", "registry", "zero"], ["help"]):
        done = manage(database, *command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert manage(database, "migrate", "nowhere").returncode


def test_seed_demo():
    """But for the length of OpenSSL's loop over passwords."""
    folder = school.fresh_folder()
    library, source, database = folder / "one.so", folder / "one.c", folder / "db.sqlite3"
    source.write_text(ONE_ITERATION)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    assert manage(database, "migrate").returncode == 0
    done = run([MANAGE, "seed_demo"], cwd=folder,
               env=school.os.environ | school.environment(database) | {"LD_PRELOAD": str(library)})
    assert "200 students" in done.stdout, (done.stdout, done.stderr)
    assert school.query(database, "SELECT count(*) FROM auth_user WHERE password LIKE 'pbkdf2_sha256$1000000$%'") == [(7,)]


def test_expressions_of_the_shell():
    database = school.copy_of(school.seeded())
    for query in QUERIES:
        assert manage(database, "shell", "--json", "--rollback", "-c", query).stdout, query


# ---- the server ----------------------------------------------------------------------------------


class Slow(school.School):
    """A worker under valgrind, which follows the fork."""

    def __init__(self, logs, **more):
        self.under = valgrind(logs)
        school.PROGRAM = MANAGE
        super().__init__(**more)


def good_requests(site):
    visitor = site.client()
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status in (200, 302), (path, answer.status)
    for fields in ({**bad_input.STUDENT}, {**bad_input.STUDENT, "roll_no": "N0002", "email": "second@school.example"}):
        assert visitor.post("/students/new/", fields).status == 302, fields
    assert visitor.post("/students/3/edit/", {**bad_input.STUDENT, "roll_no": "N3", "email": "three@school.example"}).status == 302
    assert visitor.post("/students/4/delete/").status == 302
    assert visitor.post("/courses/new/", {"title": "Drawing", "tags": ["1", "2"]}, as_multipart=True).status == 200


def bad_requests(site):
    visitor = site.client()
    for what, request in bad_input.MALFORMED.items():
        assert bad_input.exchange(site, request)[0] == 400, what
    for path in bad_input.UNKNOWN_PAGES + bad_input.WAYS_OUT:
        assert bad_input.exchange(site, b"GET %s HTTP/1.1\r\n%s\r\n" % (path.encode(), bad_input.HEAD))[0] in (400, 404), path
    for method, path, _ in bad_input.WRONG_METHODS:
        assert visitor.send(method, path, headers={"X-CSRFToken": visitor.token()}).status == 405, path
    for changes, message in bad_input.WRONG_FORMS:
        assert message in visitor.post("/students/new/", {**bad_input.STUDENT, **changes}).text, changes
    assert visitor.post("/courses/new/", {"title": "x" * bad_input.BODY_LIMIT}).status == 413
    assert visitor.post("/students/3/delete/", {"csrfmiddlewaretoken": "x"}).status == 403
    with site.connect() as gone:
        gone.sendall(b"POST /students/3/delete/ HTTP/1.1\r\nHost: school.test\r\nContent-Length: 100\r\n\r\nhalf")


def pipelined(site):
    client = http.client.HTTPConnection(site.address)
    for _ in range(20):
        client.request("GET", "/students/", headers={"Host": "school.test", "Accept-Encoding": "gzip"})
        assert client.getresponse().read()
    client.close()


def test_the_schools_server():
    with tempfile.TemporaryDirectory() as logs:
        with Slow(logs, SCHOOL_REQUEST_BODY_TIMEOUT="2") as site:
            bad_requests(site)
            good_requests(site)
            pipelined(site)
            bad_input.assert_slow_body_is_refused(site)
        assert site.process.returncode == 0, site.text()
        check(logs)


def test_the_schools_server_without_its_tables_and_under_debug():
    with tempfile.TemporaryDirectory() as logs:
        database = school.fresh_folder() / "db.sqlite3"
        with Slow(logs, database=database, copy=False, SCHOOL_DEBUG="1") as site:
            for path in ("/students/", "/nothing/", "/static/registry/school.css", "/theme/"):
                assert site.client().get(path).status in (200, 404, 500), path
        check(logs)


# ---- tests of live/ ------------------------------------------------------------------------------


def tests_of(module, chosen):
    return [test for name, test in vars(module).items() if name.startswith("test_") and inspect.isfunction(test) and chosen(name)]


def test_the_http_driver():
    """The tests of live/test_http.py that need no server of their own, with one server."""
    def chosen(name):
        source = inspect.getsource(getattr(test_http, name))
        alone = "wait_line" in source or "with server() as" not in source
        return not alone and not any(word in name for word in TOO_SLOW)

    test_http.PROGRAM = suite.RELEASE / "tests/live/live-http"
    with tempfile.TemporaryDirectory() as logs:
        test_http.Server.under = valgrind(logs)
        with test_http.server(timeout=PATIENCE) as running:
            test_http.server = lambda: contextlib.nullcontext(running)
            tests = tests_of(test_http, chosen)
            assert len(tests) > 25, tests
            for test in tests:
                test()
        check(logs)


def test_the_servers_processes():
    with tempfile.TemporaryDirectory() as logs:
        test_server_processes.PROGRAM = suite.RELEASE / "tests/live/live-server"
        test_server_processes.Server.under = valgrind(logs)
        tests = tests_of(test_server_processes, lambda name: any(word in name for word in PROCESSES))
        assert len(tests) == len(PROCESSES), tests
        for test in tests:
            test()
        check(logs)


def test_a_sites_own_tests():
    """Tests that pass, that fail, over rows and pages; each kind in processes of its own."""
    site, folder = suite.RELEASE / "tests/live/testkit-site", school.fresh_folder()
    for arguments, last in ((["--tag", "good"], "OK"), (["--tag", "isolation", "--parallel", "2"], "OK"),
                            (["html_differs", "view_raises", "form_is_right", "leads_elsewhere"], "FAILED")):
        done = run([site, "test", *arguments], cwd=folder)
        assert last in done.stdout + done.stderr, (done.stdout, done.stderr)


# ---- recorded cases ------------------------------------------------------------------------------


def test_recorded_cases_of_django():
    folder = suite.need_shared() / "oracle"
    files = sorted(file for file in folder.rglob("*.jsonl") if file.parent.name not in ("http", "orm"))
    with tempfile.TemporaryDirectory() as name:
        chosen = []
        for file in files:
            lines = file.read_text().splitlines(keepends=True)
            chosen.append(pathlib.Path(name, file.name))
            chosen[-1].write_text("".join(lines[::max(1, len(lines) // CASES)]))
        run([suite.RELEASE / "tests/conformance/conformance", *chosen])


if __name__ == "__main__":
    suite.main(globals())
