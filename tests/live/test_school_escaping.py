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
import school_tour
import suite

# Where the data must have been seen, or the test has looked at nothing.
PLACES = {"a", "td", "h1", "title", "input value", "option", "textarea"}
JSON_PAGES = ["/students.json", "/students/1.json", "/students/2.json"]


def look(found, places, path, answer):
    page = hostile.Page(answer.text)
    places |= page.places
    found += [f"{path}: {fault}" for fault in page.faults]


def poisoned(but=()):
    database = school.copy_of(school.seeded())
    hostile.poison(database, but)
    return database


def see_all(templates=None, but=()):
    found, places = [], set()
    with school.School(poisoned(but), copy=False, templates=templates) as site:
        for path, answer in school_tour.tour(site, hostile.TEXTS):
            look(found, places, path, answer)
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
