"""Every page that a logged-in user of the original sees: the original and the school, over copies
of one database, answer the same but for the navigation, and leave the same rows behind."""
import contextlib
import datetime
import os
import pathlib
import re
import sqlite3
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import images
import pages
import school
import suite

MOST = 120  # lines of differences that a failure shows

# ---- tables of cases -----------------------------------------------------------------------------

SEARCHES = [
    {"q": "ada"}, {"q": "ADA"}, {"q": "s0001"}, {"q": "S001"}, {"q": "chloé"}, {"q": "CHLOÉ"}, {"q": "o'brien"},
    {"q": "müller tomás"}, {"q": "  ada   almeida "}, {"q": "s0012@school"}, {"q": "@school"}, {"q": "%"},
    {"q": "_"}, {"q": "\\"}, {"q": "<b>&\"'"}, {"q": "nobody at all"}, {"q": "x" * 50}, {"q": "x" * 51}, {"q": ""},
    {"q": "a\0b"}, {"q": "çelik"}, {"q": "ø"}, {"q": "a", "page": "2"}, {"q": "a", "page": "99"}, {"q": "+"},
    {"status": "active"}, {"status": "graduated"}, {"status": "suspended"}, {"status": ""}, {"status": "expelled"},
    {"status": "Active"}, {"status": "active", "page": "8"}, {"q": "ada", "status": "graduated"},
    {"q": "an", "status": "active", "page": "2"}, {"status": ["active", "graduated"]}, {"q": ["ada", "bruno"]},
    {"page": "1"}, {"page": "2"}, {"page": "10"}, {"page": "11"}, {"page": "0"}, {"page": "-1"}, {"page": "last"},
    {"page": "LAST"}, {"page": "x"}, {"page": ""}, {"page": "1.0"}, {"page": " 2 "}, {"page": "2", "other": "é&="},
    {"page": ["2", "3"]}, {"page": "99999999999999999999"}, {"page": "٢"}, {"other": "1"},
]
COURSE_PAGES = ["", "?page=1", "?page=2", "?page=3", "?page=last", "?page=0", "?page=x"]
OTHERS = [
    "/", "/departments/", "/departments/1/delete/", "/departments/4/delete/", "/departments/99/delete/",
    "/students/new/", "/courses/new/", "/theme/", "/catalogue.tsv", "/search.json", "/search.json?q=ada",
    "/search.json?q=m%C3%BCller", "/search.json?q=%00", "/static/registry/school.css", "/static/registry/none.css",
    "/nothing/", "/students", "/students/1", "/students/0/", "/students/9999/", "/students/x/", "/students/-1/",
    "/students/9223372036854775807/", "/students/9223372036854775808/", "/students/99999999999999999999999/",
    "/students/1/edit", "/students/9999/edit/", "/students/9999/delete/", "/students/9999/enroll/", "/courses/0/",
    "/courses/99/", "/courses/99/edit/", "//students/", "/students//", "/%C3%A9/", "/a%2Fb/", "/%3Cb%3E/",
]
METHODS = [(method, path) for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
           for path in ("/", "/students/", "/students/1/", "/students/new/", "/students/1/edit/",
                        "/students/1/delete/", "/students/2/enroll/", "/courses/", "/departments/",
                        "/departments/1/delete/", "/catalogue.tsv", "/search.json", "/theme/set/", "/nothing/")]
# A department with courses: the original deletes without asking its form, and fails with a page for
# "Server Error (500)"; the school leaves the message that it leaves for POST.
METHODS.remove(("DELETE", "/departments/1/delete/"))

STUDENT = {"roll_no": "N0001", "first_name": "Nina", "last_name": "Novák", "email": "nina@school.example",
           "date_of_birth": "2001-02-03", "status": "active", "gpa": "3.50", "address": '{"city": "Oslo"}'}
LONG_NAME = "x" * 60 + "@" + ".".join(["y" * 60] * 4) + ".example"
WRONG_STUDENTS = [
    *[{"email": "x", name: value} for value in (None, "", "   ", "a\0b", ["one", "two"]) for name in STUDENT],
    {name: None for name in STUDENT},
    {"roll_no": "x" * 21}, {"roll_no": "é" * 21}, {"roll_no": "S0001"}, {"roll_no": "s0001"}, {"roll_no": " S0001 "},
    {"first_name": "x" * 61}, {"last_name": "x" * 61}, {"first_name": "x" * 500, "last_name": "y" * 500},
    {"first_name": "Nina", "last_name": "Nina"}, {"first_name": "<b>&\"'</b>", "last_name": "", "gpa": "x"},
    {"email": "x"}, {"email": "x@"}, {"email": "@school.example"}, {"email": "a b@school.example"},
    {"email": "a@b"}, {"email": "a@localhost", "gpa": "x"}, {"email": "a@-b.example"}, {"email": "a@b..example"},
    {"email": '"a b"@school.example', "gpa": "x"}, {"email": "a@[127.0.0.1]", "gpa": "x"}, {"email": LONG_NAME},
    {"email": "x" * 400 + "@school.example"}, {"email": "s0001@school.example"}, {"email": "é@school.example"},
    {"email": "a@é.example", "gpa": "x"}, {"roll_no": "S0001", "email": "s0001@school.example"},
    {"date_of_birth": "2001-02-30"}, {"date_of_birth": "03.02.2001"}, {"date_of_birth": "2001-2-3", "gpa": "x"},
    {"date_of_birth": "02/03/2001", "gpa": "x"}, {"date_of_birth": "2/3/01", "gpa": "x"},
    {"date_of_birth": "Feb 3 2001", "gpa": "x"}, {"date_of_birth": "3 February, 2001", "gpa": "x"},
    {"date_of_birth": "10000-01-01"}, {"date_of_birth": "0000-01-01"}, {"date_of_birth": "<today>"},
    {"status": "expelled"}, {"status": "Active"}, {"status": "graduated", "gpa": ""},
    {"status": "graduated", "gpa": "x"}, {"status": "<b>"},
    {"gpa": "x"}, {"gpa": "4.01"}, {"gpa": "-0.01"}, {"gpa": "-1"}, {"gpa": "3.501"}, {"gpa": "33.5"}, {"gpa": "333"},
    {"gpa": "NaN"}, {"gpa": "sNaN"}, {"gpa": "Infinity"}, {"gpa": "-inf"}, {"gpa": "1e1"}, {"gpa": "1e400"},
    {"gpa": "3,5"}, {"gpa": "1_0"}, {"gpa": "٣", "roll_no": ""}, {"gpa": "0x1"}, {"gpa": "+3.5", "roll_no": ""},
    {"gpa": ".5", "roll_no": ""}, {"gpa": "3.", "roll_no": ""}, {"gpa": "1e-1", "roll_no": ""}, {"gpa": "9" * 400},
    {"address": "{"}, {"address": "x"}, {"address": "{'a': 1}"}, {"address": '{"a": 1,}'}, {"address": "[1, 2"},
    {"address": '{"a": [1, {"b": "é"}]}', "gpa": "x"},
    {"address": '"<b>"', "gpa": "x"}, {"address": "null", "gpa": "x"}, {"address": "1.50", "gpa": "x"},
    {"address": '{"z": 1, "a": 2, "z": 3}', "gpa": "x"}, {"address": '"\\u00e9\\ud83d\\ude00"', "gpa": "x"},
    {"unknown": "field", "gpa": "x"},
]
WRONG_PHOTOS = [("photo.png", b"no picture"), ("photo.png", b""), ("photo.png", images.png()[:40]),
                ("photo.txt", images.png()), ("photo", images.png()), ("x" * 200 + ".png", images.png()),
                ("photo.exe", b"MZ"), ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")]

COURSE = {"title": "Set Theory", "code": "MA-401", "credits": "4", "department": "2", "tags": ["2", "4"],
          "description": "Ordinals,\r\ncardinals.", "starts_on": "2025-09-01", "fee": "120.50"}
WRONG_COURSES = [
    *[{name: None} for name in COURSE if name not in ("tags", "description", "starts_on")],
    *[{name: ""} for name in COURSE if name not in ("tags", "description", "starts_on")],
    *[{name: "a\0b"} for name in COURSE],
    {name: None for name in COURSE},
    {"title": "x" * 121}, {"title": "<i>&", "code": ""}, {"code": "CS-101"}, {"code": "ma-401"}, {"code": "MA401"},
    {"code": "MA-4011"}, {"code": "MA-401\n", "title": ""}, {"code": "ABCDE-401"}, {"code": "x" * 13}, {"code": "MA-٤٠١", "title": ""},
    {"credits": "0"}, {"credits": "13"}, {"credits": "-1"}, {"credits": "x"}, {"credits": "6.0", "code": ""},
    {"credits": "6.5"}, {"credits": "1e1"}, {"credits": "99999999999999999999"}, {"credits": "32768"},
    {"credits": " 6 ", "code": ""}, {"credits": "9" * 5000},
    {"department": "99"}, {"department": "x"}, {"department": "0"}, {"department": "9223372036854775808"},
    {"department": "1.0"}, {"tags": ["99"]}, {"tags": ["1", "99", "98"]}, {"tags": ["x"]}, {"tags": ["1", "1"], "code": ""},
    {"tags": [""]}, {"tags": None, "code": ""}, {"tags": ["5", "1", "3"], "code": ""},
    {"starts_on": "x"}, {"starts_on": "2025-13-01"}, {"starts_on": "", "code": ""},
    {"fee": "-0.01"}, {"fee": "1.234"}, {"fee": "1234567.00"}, {"fee": "123456789"}, {"fee": "x"}, {"fee": "1e5", "code": ""},
    {"fee": "1,000"}, {"description": "x" * 100000, "code": ""}, {"description": "<p>\n\n&", "code": ""},
]
ENROLLMENT = {"course": "2", "enrolled_on": "2025-01-31"}
WRONG_ENROLLMENTS = [
    *[{name: value} for name in ENROLLMENT for value in (None, "", "x", "a\0b", "99", "0")],
    {"course": None, "enrolled_on": None}, {"course": "1"}, {"course": "6"}, {"course": "1", "enrolled_on": "x"},
    {"enrolled_on": "2025-02-29"}, {"enrolled_on": "1/31/2025", "course": ""},
]

# What the original fails over, with a page for "Server Error (500)", and the school says in the form.
FAILURES_OF_THE_ORIGINAL = [
    {"address": '{"a": NaN}'},  # Python's reader takes it, SQLite's JSON does not
    {"address": "[" * 5000},  # deeper than Python's stack
]

# Texts that follow the order of a Python set, or the image library that the original finds.
LIKE_ANOTHER = [
    (r"Select a valid choice\. (98|99) is not", "Select a valid choice. 9X is not"),
    (r"Allowed extensions are: [a-z0-9, ]+\.", "Allowed extensions are: those of the library."),
]

# ---- the two, side by side -----------------------------------------------------------------------


def unusual_rows(database):
    """Rows that the demonstration data lacks: an empty department, texts to be escaped."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO registry_department (name, code) VALUES ('Arts & <Crafts>', 'arts')")
        connection.execute("INSERT INTO registry_student (roll_no, first_name, last_name, email, date_of_birth, status,"
                           " gpa, photo, address, created_at, updated_at) VALUES ('<X&1>', 'A\"b''c', '<i>Éé</i>',"
                           " 'x+y@school.example', '0999-12-31', 'suspended', 0, 'photos/a b&é.png',"
                           " '{\"a\": null, \"b\": true, \"é<\": [1.50, {\"c\": \"d''\"}], \"n\": 1e20}',"
                           " '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59')")
    return database


class Pair:
    """The original, where the visitor is logged in as admin, and the school beside it."""

    def __init__(self, twin, ours):
        self.twin, self.ours = twin, ours
        self.visitors = twin.login(), ours.client()
        for visitor in self.visitors:
            visitor.token()
        self.checked, self.found = 0, {}

    def databases(self):
        return self.twin.database, self.ours.database

    def note(self, what, lines):
        """Keep what differs; the same difference of several answers once, with how many they are."""
        self.checked += 1
        if lines:
            key = tuple(line for line in lines if not line.startswith("@@"))
            self.found.setdefault(key, []).append(what[:150])

    def report(self):
        lines = [f"{self.checked} compared; these differ:"]
        for difference, answers in self.found.items():
            lines += [f"{answers[0]}" + (f" and {len(answers) - 1} more" if len(answers) > 1 else "")]
            lines += [f"    {line}" for line in difference]
        return "\n".join(lines[:MOST])

    def compare(self, what, ask):
        """Ask both the same; what the original answered."""
        answers = [ask(visitor) for visitor in self.visitors]
        both = [pages.but_for_login(pages.normalised(a.status, a.headers, a.body, {"masks": masks()})) for a in answers]
        self.note(what, pages.differences(*both))
        return answers[0]

    def compare_words(self, what, ask):
        """For pages that each draws in its own way: the status and all that a reader sees."""
        answers = [ask(visitor) for visitor in self.visitors]
        want, got = ([f"status {a.status}", *pages.words(a.text)] for a in answers)
        self.note(what, pages.text_difference("\n".join(want), "\n".join(got)) if want != got else [])

    def get(self, path, **headers):
        return self.compare(f"GET {path} {headers or ''}", lambda visitor: visitor.get(path, **headers))

    def post(self, path, fields=None, **options):
        """Post a form; where the answer leads on, that page too."""
        answer = self.compare(f"POST {path} {fields}", lambda visitor: visitor.post(path, fields, **options))
        if answer.status == 302:
            self.get(answer.header("Location"))
        return answer

    def compare_rows(self, after):
        """Compare every row of the school's tables, and the uploaded files."""
        for table in school.tables(self.databases()[0], "registry_"):
            want, got = (comparable_rows(database, table) for database in self.databases())
            self.note(f"{table} after {after}", row_differences(want, got))
        want, got = (uploaded(database) for database in self.databases())
        self.note(f"uploaded files after {after}", [] if want == got else [f"want {want}", f"got {got}"])


@contextlib.contextmanager
def pair():
    """Both over one database's copies; at the end no answer and no row differed."""
    data = unusual_rows(school.copy_of(school.seed()))
    with school.Twin(data) as twin, school.School(data, templates=school.twin_templates()) as ours:
        both = Pair(twin, ours)
        yield both
    assert both.checked, "nothing was compared"
    assert not both.found, both.report()


def masks():
    """What differs from run to run: rows made by a test carry its own time."""
    days = "|".join(str(datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=n)) for n in (0, 1))
    return [{"regex": rf"Since ({days}) \d\d:\d\d", "with": "Since <now>"},
            *({"regex": pattern, "with": text} for pattern, text in LIKE_ANOTHER)]


def comparable_rows(database, table):
    """Rows of a table; times of the last minutes without their digits."""
    recent = str(datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1))[:19]
    rows = school.rows(database, table)
    for row in rows:
        for name in ("created_at", "updated_at"):
            kind, value = row.get(name, ("", ""))
            if value > recent:
                row[name] = kind, re.sub(r"\d", "9", value)
    return rows


def row_differences(want, got):
    lines = [f"want {len(want)} rows, got {len(got)}"] if len(want) != len(got) else []
    for one, two in zip(want, got):
        lines += [f"row {one['id'][1]}, {name}: want {one[name]}, got {two.get(name)}"
                  for name in one if one[name] != two.get(name)]
    return lines[:10]


def uploaded(database):
    folder = pathlib.Path(database).parent / "media"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def as_of_one_time(database):
    """Give each uploaded file the same time, which its answer names: they were written one after the other."""
    for path in (pathlib.Path(database).parent / "media").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


def changed(form, changes):
    """A form's fields with some changed; None leaves a field out."""
    return {name: value for name, value in {**form, **changes}.items() if value is not None}


# ---- reading -------------------------------------------------------------------------------------


def test_the_list_of_students_with_searches_filters_and_pages():
    with pair() as both:
        both.get("/students/")
        for search in SEARCHES:
            both.get("/students/?" + urllib.parse.urlencode(search, doseq=True))


def test_every_student():
    with pair() as both:
        for pk in range(1, 203):
            both.get(f"/students/{pk}/")
        for pk in [*range(1, 30), 201]:
            for page in ("edit", "delete", "enroll"):
                both.get(f"/students/{pk}/{page}/")


def test_every_course():
    with pair() as both:
        for query in COURSE_PAGES:
            both.get(f"/courses/{query}")
        for pk in range(1, 14):
            both.get(f"/courses/{pk}/")
            both.get(f"/courses/{pk}/edit/")


def test_other_pages_and_pages_that_are_not_there():
    with pair() as both:
        for path in OTHERS:
            both.get(path)
        both.get("/theme/", Cookie="theme=dark; csrftoken=" + "z" * 32)


def test_conditional_requests():
    with pair() as both:
        answer = both.get("/catalogue.tsv")
        etag, modified = answer.header("ETag"), answer.header("Last-Modified")
        for headers in ({"If-None-Match": etag}, {"If-None-Match": f"W/{etag}"}, {"If-None-Match": '"other"'},
                        {"If-None-Match": "*"}, {"If-None-Match": f'"other", {etag}'}, {"If-Match": etag},
                        {"If-Match": '"other"'}, {"If-Modified-Since": modified}, {"If-Unmodified-Since": modified},
                        {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
                        {"If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}, {"If-Modified-Since": "x"},
                        {"If-None-Match": etag, "If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}):
            both.get("/catalogue.tsv", **headers)


def test_other_methods():
    with pair() as both:
        for method, path in METHODS:
            both.compare(f"{method} {path}", lambda visitor: visitor.send(
                method, path, headers={"X-CSRFToken": visitor.token()}))


# ---- forms with wrong values -----------------------------------------------------------------------


def post_all(both, path, form, cases, **options):
    for changes in cases:
        answer = both.post(path, changed(form, changes), **options)
        assert answer.status != 302, f"no wrong values: {changes}"
    both.compare_rows(f"wrong values at {path}")


def test_wrong_values_for_a_new_student():
    with pair() as both:
        post_all(both, "/students/new/", STUDENT, WRONG_STUDENTS)


def test_what_the_original_fails_over_is_said_in_the_form():
    with pair() as both:
        for changes in FAILURES_OF_THE_ORIGINAL:
            original, ours = (visitor.post("/students/new/", changed(STUDENT, changes)) for visitor in both.visitors)
            assert original.status == 500, f"compare this one: the original answers {original.status} to {changes}"
            assert ours.status == 200 and "Enter a valid JSON." in ours.text, f"{ours.status} {ours.text[:2000]}"
        both.compare_rows("values that fail")


def test_wrong_values_for_a_new_student_with_files():
    with pair() as both:
        for changes in WRONG_STUDENTS[::7]:
            both.post("/students/new/", changed(STUDENT, {"email": "x", **changes}), as_multipart=True)
        for filename, data in WRONG_PHOTOS:
            both.post("/students/new/", changed(STUDENT, {"gpa": "x"}), files={"photo": (filename, data)})
        both.compare_rows("wrong files")


def damaged(name, data):
    """Pictures that something happened to: cut short, or one byte of another value. Of a TIFF only
    the first: which of its tags may be wrong follows the library's tables of them."""
    cuts = [0, 3, 10, 20, 30, *(len(data) * part // 10 for part in (3, 6, 9)), len(data) - 1]
    places = [*range(0, 64, 3), *(len(data) * part // 10 for part in range(3, 10)), len(data) - 2]
    yield from (data[:cut] for cut in cuts)
    if not name.endswith(".tif"):
        yield from (data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1:] for at in places if at < len(data))


def test_pictures_whole_and_damaged():
    folder = school.fresh_folder()
    school.checked(school.run([school.venv(), suite.ROOT / "tests/support/pictures.py", folder], {}, folder))
    with pair() as both:
        for path in sorted(folder.iterdir()):
            whole = path.read_bytes()
            for number, data in enumerate([whole, *damaged(path.name, whole)]):
                want, got = ("Upload a valid image" not in visitor.post(
                    "/students/new/", changed(STUDENT, {"gpa": "x"}), files={"photo": (path.name, data)}).text
                    for visitor in both.visitors)
                both.note(f"{path.name}, damage {number}",
                          [] if want == got else [f"damage {number}: {'only the original' if want else 'only ours'} takes it"])


def test_wrong_values_for_a_student():
    with pair() as both:
        for pk in (3, 201):
            post_all(both, f"/students/{pk}/edit/", STUDENT, WRONG_STUDENTS[::3])
        post_all(both, "/students/9999/edit/", STUDENT, [{}])
        post_all(both, "/students/201/edit/", STUDENT, [{"photo-clear": "on", "gpa": "x"}])


def test_wrong_values_for_courses():
    with pair() as both:
        post_all(both, "/courses/new/", COURSE, WRONG_COURSES)
        post_all(both, "/courses/3/edit/", COURSE, WRONG_COURSES[::2])


def test_wrong_values_for_an_enrollment():
    with pair() as both:
        post_all(both, "/students/1/enroll/", ENROLLMENT, WRONG_ENROLLMENTS)
        post_all(both, "/students/9999/enroll/", ENROLLMENT, [{}])


# ---- changes ---------------------------------------------------------------------------------------


def test_a_student_is_created_edited_and_deleted():
    with pair() as both:
        for number, changes in enumerate([
                {}, {"gpa": "", "date_of_birth": "", "address": None}, {"status": "graduated", "gpa": "4"},
                {"roll_no": "lower-1", "first_name": " Søren ", "last_name": "<b>&'\""}, {"gpa": "1e-1"},
                {"date_of_birth": "2/3/2001"}, {"address": '{"b": [1, 2.50, null, true], "a": {"é": "<"}}'},
                {"email": "a+b@sub.school.example"}, {"email": "A@SCHOOL.example"}, {"gpa": "٣"}]):
            form = changed({**STUDENT, "roll_no": f"N{number}", "email": f"n{number}@school.example"}, changes)
            assert both.post("/students/new/", form, as_multipart=number % 2).status == 302, form
        both.compare_rows("new students")
        both.post("/students/3/edit/", changed(STUDENT, {"roll_no": "S0003"}))
        both.post("/students/202/edit/", changed(STUDENT, {"roll_no": "n0", "gpa": "", "address": "[]"}))
        both.compare_rows("edited students")
        for pk in (1, 120, 201, 205):
            assert both.post(f"/students/{pk}/delete/").status == 302
            assert both.get(f"/students/{pk}/").status == 404
        both.compare_rows("deleted students")


def test_a_photo_is_uploaded_shown_and_cleared():
    with pair() as both:
        both.post("/students/4/edit/", changed(STUDENT, {"roll_no": "S0004"}), files={"photo": ("my photo.png", images.png())})
        both.post("/students/5/edit/", changed(STUDENT, {"roll_no": "S0005", "email": "e@school.example"}),
                  files={"photo": ("../é/a.gif", images.gif())})
        both.compare_rows("photos")
        for database in both.databases():
            as_of_one_time(database)
        both.get("/media/photos/my_photo.png")
        both.get("/students/4/edit/")
        both.post("/students/4/edit/", changed(STUDENT, {"roll_no": "S0004", "photo-clear": "on"}),
                  files={"photo": ("other.png", images.png())})
        both.post("/students/4/edit/", changed(STUDENT, {"roll_no": "S0004", "photo-clear": "on"}))
        both.compare_rows("a cleared photo")


def test_courses_are_created_and_edited():
    with pair() as both:
        for number, changes in enumerate([
                {}, {"tags": None, "description": None, "starts_on": "", "fee": "0"}, {"tags": ["5", "1", "3"]},
                {"credits": "12", "fee": "999999.99"}, {"title": "<i>&", "description": "a\r\n\r\nb <c>"}]):
            both.post("/courses/new/", changed({**COURSE, "code": f"MA-40{number}"}, changes))
        both.post("/courses/3/edit/", changed(COURSE, {"code": "CS-201", "tags": ["1", "2"]}))
        both.post("/courses/4/edit/", changed(COURSE, {"code": "CS-202", "tags": None}))
        both.compare_rows("courses")
        for query in COURSE_PAGES:
            both.get(f"/courses/{query}")


def test_a_student_enrolls():
    with pair() as both:
        for pk in (1, 2, 201):
            both.post(f"/students/{pk}/enroll/", ENROLLMENT)
            both.post(f"/students/{pk}/enroll/", ENROLLMENT)
        both.compare_rows("enrollments")
        both.get("/courses/2/")


def test_departments_are_deleted_unless_they_have_courses():
    with pair() as both:
        both.post("/departments/1/delete/")
        both.post("/departments/4/delete/")
        both.post("/departments/4/delete/")
        both.compare_rows("deleted departments")
        both.get("/")


def test_a_department_with_courses_stays_whatever_the_method():
    with pair() as both:
        original, ours = (visitor.send("DELETE", "/departments/1/delete/", headers={"X-CSRFToken": visitor.token()})
                          for visitor in both.visitors)
        assert original.status == 500, f"compare this one: the original answers {original.status}"
        assert (ours.status, ours.header("Location")) == (302, "/departments/"), f"{ours.status} {ours.headers}"
        both.compare_rows("departments that were not deleted")


def test_the_theme_is_kept_in_a_cookie():
    with pair() as both:
        for fields in ({"theme": "dark"}, {"theme": "light"}, {}, {"theme": "pink"}, {"theme": ["pink", "dark"]}):
            both.compare(f"POST /theme/set/ {fields}", lambda visitor: visitor.post("/theme/set/", fields))


def test_forms_without_the_right_token_are_refused():
    with pair() as both:
        for fields in ({"csrfmiddlewaretoken": ""}, {"csrfmiddlewaretoken": "wrong"}, {"csrfmiddlewaretoken": "x" * 64}, {"csrfmiddlewaretoken": "é"}):
            both.compare_words("POST", lambda visitor: visitor.post("/students/3/delete/", fields))
        for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Cookie": ""}):
            both.compare_words("POST", lambda visitor: visitor.send("POST", "/students/3/delete/", "", headers))
        both.compare_rows("refused forms")


if __name__ == "__main__":
    suite.main(globals())
