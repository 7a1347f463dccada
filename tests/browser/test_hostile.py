"""Hostile data in a real browser: nothing of it runs, on any page of the school."""
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import browser
import hostile
import school
import suite

PAGES = ["/", "/students/", "/students/new/", "/courses/", "/departments/", "/theme/", *(f"/students/{pk}{rest}" for pk in range(1, 12) for rest in ("/", "/edit/", "/enroll/")),
         *(f"/courses/{pk}/" for pk in range(1, 9)), *(f"/students/?q={urllib.parse.quote(text)}" for text in hostile.TEXTS)]


def look_at_all(templates=None, but=()):
    database = school.copy_of(school.seeded())
    hostile.poison(database, but)
    with school.School(database, copy=False, templates=templates) as site, browser.Browser(site) as page:
        page.go("/students/new/")
        page.run(hostile.RUNS)
        assert page.run("return window.fired") == 1, "the test would not see it"
        shown = 0
        for path in PAGES:
            page.go(path)
            shown += page.run("return document.documentElement.innerHTML.includes(arguments[0])", hostile.MARK)
            assert page.run("return window.fired === undefined"), f"{path}: hostile data ran"
            assert page.run("return document.querySelectorAll('img[src=x], svg[onload]').length") == 0, path
    assert shown > len(PAGES) // 2, f"hostile data was seen on {shown} of {len(PAGES)} pages"
    print(f"{shown} of {len(PAGES)} pages had hostile data, none ran")


def test_nothing_runs_on_the_schools_pages():
    look_at_all()


def test_nothing_runs_in_the_twins_templates():
    look_at_all(school.twin_templates(), hostile.TWIN_SHOWS_RAW)


if __name__ == "__main__":
    suite.main(globals())
