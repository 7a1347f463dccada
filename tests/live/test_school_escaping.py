"""Hostile data in every column, form, search and path of the school: no page lets it out of its place.

Each page is taken apart as HTML: the data may stand in text and in values of attributes, never in a
script, a handler, a name or the scheme of a link. The twin's templates are shown with it too."""
import json
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import hostile
import school
import suite

PAGES = ["/", "/students/", "/students/?page=2", "/students/?page=last", "/students/new/", "/courses/", "/courses/?page=2", "/courses/new/",
         "/departments/", "/theme/", *(f"/students/{pk}{rest}" for pk in range(1, 12) for rest in ("/", "/edit/", "/delete/", "/enroll/")),
         *(f"/courses/{pk}{rest}" for pk in range(1, 9) for rest in ("/", "/edit/")), *(f"/departments/{pk}/delete/" for pk in range(1, 4))]
# Where the data must have been seen, or the test has looked at nothing.
PLACES = {"a", "td", "h1", "title", "input value", "option", "textarea"}
JSON_PAGES = ["/students.json", "/students/1.json", "/students/2.json"]
FORMS = {"/students/new/": ("roll_no", "first_name", "last_name", "email", "date_of_birth", "status", "gpa", "address"),
         "/courses/new/": ("title", "code", "credits", "description", "starts_on", "fee", "department", "tags"),
         "/students/1/enroll/": ("course", "grade", "enrolled_on")}


def look(found, places, path, answer):
    page = hostile.Page(answer.text)
    places |= page.places
    found += [f"{path}: {fault}" for fault in page.faults]


def poisoned(but=()):
    database = school.copy_of(school.seeded())
    hostile.poison(database, but)
    return database


def see_pages(site, found, places):
    visitor = site.client()
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status in (200, 404), (path, answer.status)
        if answer.status == 200:
            look(found, places, path, answer)


def see_searches(site, found, places):
    visitor = site.client()
    for text in hostile.TEXTS:
        asked = urllib.parse.quote(text)
        for path in (f"/students/?q={asked}", f"/students/?status={asked}", f"/students/?o={asked}&order={asked}", f"/students/?page={asked}",
                     f"/courses/?page={asked}", f"/{asked}/", f"/students/{asked}/", f"/students/?{asked}={asked}"):
            look(found, places, path, visitor.get(path))


def see_forms(site, found, places):
    """What was sent wrongly comes back in its fields, and in the messages about them."""
    visitor = site.client()
    for path, names in FORMS.items():
        visitor.get(path)
        for text in hostile.TEXTS:
            look(found, places, f"POST {path}", visitor.post(path, dict.fromkeys(names, text)))


def see_messages(site, found, places):
    """A message that names what was made, over the next page."""
    visitor = site.client()
    visitor.get("/students/new/")
    for number, text in enumerate(hostile.TEXTS):
        sent = {"roll_no": f"H{number:04}", "first_name": text, "last_name": text[::-1], "email": f"h{number}@school.example",
                "date_of_birth": "2001-02-03", "status": "active", "gpa": "3.50", "address": json.dumps({text: text})}
        answer = visitor.post("/students/new/", sent)
        assert answer.status == 302, answer.text[-2000:]
        look(found, places, "after a student was added", visitor.get(answer.header("Location")))
        visitor.cookies["theme"] = urllib.parse.quote(text)
        look(found, places, "/theme/", visitor.get("/theme/"))


def see_all(templates=None, but=()):
    found, places = [], set()
    with school.School(poisoned(but), copy=False, templates=templates) as site:
        for see in (see_pages, see_searches, see_forms, see_messages):
            see(site, found, places)
    assert not found, "\n".join(found[:40])
    assert places >= PLACES, f"nothing hostile was seen in {PLACES - places}; it was in {places}"
    print(f"hostile data in {len(places)} kinds of places")


def test_the_schools_own_pages():
    see_all()


def test_the_twins_templates():
    see_all(school.twin_templates(), hostile.TWIN_SHOWS_RAW)


def test_json_stays_json():
    with school.School(poisoned(), copy=False) as site:
        visitor = site.client()
        for path in [*JSON_PAGES, *(f"/search.json?q={urllib.parse.quote(text)}" for text in hostile.TEXTS)]:
            answer = visitor.get(path)
            json.loads(answer.text)
            assert answer.header("Content-Type") == "application/json", (path, answer.header("Content-Type"))
            assert answer.header("X-Content-Type-Options") == "nosniff", path


if __name__ == "__main__":
    suite.main(globals())
