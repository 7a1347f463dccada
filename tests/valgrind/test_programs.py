"""The programs that are no unit tests under valgrind: the school's commands and its server among good
and bad requests, the HTTP driver's test server, recorded cases of Django."""
import http.client
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "live"))
import school
import suite
import test_school_bad_input as bad_input

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
    """But for seed_demo: its users' passwords are hashed a million times over."""
    database = school.fresh_folder() / "db.sqlite3"
    for command in (["migrate"], ["showmigrations"], ["sqlmigrate", "registry", "0001"], ["check"],
                    ["makemigrations", "--check"], ["migrate", "registry", "zero"], ["help"]):
        done = manage(database, *command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert manage(database, "migrate", "nowhere").returncode


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
