"""The school in a real browser: every page at desktop and phone width, light and dark; students
searched, created, edited and deleted by its forms."""
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import browser
import school
import suite

SCREENSHOTS = suite.BUILD / "screenshots"
CHECKS = pathlib.Path(__file__).with_name("page_checks.js").read_text()
CHECKED = ("overflow", "labels", "structure", "loaded", "contrast")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
COLOURS = ("light", "dark")
TABS = 14  # presses of the tab key that the focus is followed for

PAGES = {
    "home": "/",
    "students": "/students/",
    "students-found": "/students/?q=ada&status=active",
    "students-last": "/students/?page=last",
    "students-none": "/students/?q=nobody+at+all",
    "student": "/students/1/",
    "student-new": "/students/new/",
    "student-edit": "/students/3/edit/",
    "student-delete": "/students/3/delete/",
    "enroll": "/students/3/enroll/",
    "courses": "/courses/",
    "course": "/courses/8/",
    "course-new": "/courses/new/",
    "course-edit": "/courses/8/edit/",
    "departments": "/departments/",
    "department-delete": "/departments/1/delete/",
    "theme": "/theme/",
    "not-found": "/nothing/",
}
STUDENT = {"roll_no": "n0001", "first_name": "Nina", "last_name": "Novák", "email": "nina@school.example",
           "date_of_birth": "2001-02-03", "status": "active", "gpa": "3.50", "address": '{"city": "Oslo"}'}


@contextlib.contextmanager
def window(size="desktop", colours="light"):
    """A browser on a fresh school."""
    with school.School() as site, browser.Browser(site) as page:
        page.resize(*SIZES[size])
        page.prefer(colours)
        yield page


def ask(page, check):
    return page.run(f"{CHECKS}\nreturn checks[arguments[0]]()", check)


def complaints(page, name):
    """What is wrong with the page that shows."""
    found = [f"{check}: {line}" for check in CHECKED for line in ask(page, check)]
    console = [line for line in page.complaints() if name != "not-found" or "404" not in line]
    return found + [f"console: {line}" for line in console]


def look_at_all(size, colours):
    with window(size, colours) as page:
        found, links = [], set()
        for name, path in PAGES.items():
            page.go(path)
            page.screenshot(SCREENSHOTS / f"{name}-{size}-{colours}.png")
            found += [f"{path} {line}" for line in complaints(page, name)]
            links |= set(ask(page, "links"))
        visitor = page.site.client()
        found += [f"dead link {link}" for link in sorted(links - {PAGES["not-found"]})
                  if visitor.get(link).status >= 400]
    assert len(links) > 20 and not found, "\n".join([f"{size}, {colours}:", *found[:40]])


def test_pages_on_a_desktop_in_light_colours():
    look_at_all("desktop", "light")


def test_pages_on_a_desktop_in_dark_colours():
    look_at_all("desktop", "dark")


def test_pages_on_a_phone_in_light_colours():
    look_at_all("phone", "light")


def test_pages_on_a_phone_in_dark_colours():
    look_at_all("phone", "dark")


def test_the_focus_shows_wherever_the_tab_key_takes_it():
    for colours in COLOURS:
        with window(colours=colours) as page:
            for path in ("/", "/students/", "/students/new/", "/courses/"):
                page.go(path)
                for number in range(TABS):
                    page.press(browser.TAB)
                    assert not ask(page, "focus"), (path, number, ask(page, "focus"))


def test_the_first_tab_offers_a_way_past_the_navigation():
    with window() as page:
        page.go("/students/")
        page.press(browser.TAB)
        page.run("document.activeElement.click()")
        assert page.path().endswith("#main")


# ---- students --------------------------------------------------------------------------------------


def submit(page, label="Save"):
    """Send the form past the browser's own checks, as a client without them does."""
    page.run("for (const form of document.forms) form.noValidate = true")
    page.choose(label)


def errors(page):
    """{field: its messages} as the form shows them."""
    return page.run("""return Object.fromEntries([...document.querySelectorAll('.errorlist')].map(list =>
        [list.id.replace(/^id_|_error$/g, '') || 'form', [...list.children].map(item => item.innerText)]))""")


def test_the_browser_itself_stops_a_form_without_what_is_required():
    with window() as page:
        page.go("/students/new/")
        page.click("main button")
        assert page.path() == "/students/new/" and not errors(page)
        assert page.run("return document.activeElement.name") == "roll_no"


def test_a_form_with_wrong_values_comes_back_with_messages_at_its_fields():
    with window() as page:
        page.go("/students/new/")
        page.fill({**STUDENT, "roll_no": "S0001", "email": "nowhere", "gpa": "7", "address": "{"})
        submit(page)
        assert errors(page) == {
            "roll_no": ["Student with this Roll number already exists."], "email": ["Enter a valid email address."],
            "address": ["Enter a valid JSON."], "form": ["The GPA lies between 0 and 4."]}, errors(page)
        assert page.count("[name='email'][aria-invalid='true']") == 1
        assert page.run("return document.querySelector('[name=first_name]').value") == "Nina"
        assert not complaints(page, "student-new"), complaints(page, "student-new")
        page.screenshot(SCREENSHOTS / "student-new-errors-desktop-light.png")


def test_a_message_about_the_whole_form_stands_above_it():
    with window() as page:
        page.go("/students/new/")
        page.fill({**STUDENT, "last_name": "Nina"})
        submit(page)
        assert "First and last name are the same." in page.text("[role='alert']")


def test_a_student_is_created_edited_and_deleted():
    with window() as page:
        page.go("/students/")
        page.choose("Add a student")
        page.fill(STUDENT)
        page.choose("Save")
        assert page.text("[role='status']") == "Nina Novák was added."
        assert "N0001" in page.text() and "3.50" in page.text() and "Oslo" in page.text()
        created = page.path()

        page.choose("Edit")
        page.fill({"last_name": "Dvořák", "status": "graduated", "gpa": ""})
        submit(page)
        assert errors(page) == {"gpa": ["A graduate needs a GPA."]}, errors(page)
        page.fill({"gpa": "3.9"})
        page.choose("Save")
        assert page.path() == created and page.text("[role='status']") == "Nina Dvořák was saved."
        assert "Graduated" in page.text("h1") and "3.90" in page.text()
        page.go(created)
        assert page.count("[role='status']") == 0, "a message shows once"

        page.choose("Delete")
        assert "cannot be undone" in page.text()
        page.choose("Delete")
        assert page.path() == "/students/" and page.text("[role='status']") == "The student was deleted."
        page.go(created)
        assert "Not found" in page.text("h1")
        assert page.site.query("SELECT count(*) FROM registry_student") == [(200,)]


def test_a_student_enrolls_in_a_course_once():
    with window() as page:
        for message in ("Enrolled in CS-102.", "The student takes this course already."):
            page.go("/students/1/")
            page.fill({"course": "2", "enrolled_on": "2025-01-31"})
            page.choose("Enroll")
            assert message in page.text()


def test_students_are_searched_filtered_ordered_and_paged():
    with window() as page:
        page.go("/students/")
        page.fill({"q": "ada"})
        page.choose("Search")
        assert all("Ada" in name for name in page.texts("tbody td:nth-child(2)")) and "10 found" in page.text()

        page.fill({"q": "", "status": "graduated"})
        page.choose("Search")
        assert set(page.texts("tbody .badge")) == {"Graduated"} and "20 found" in page.text()

        page.go("/students/")
        page.choose("GPA")
        ascending = page.texts("tbody td:nth-child(5)")
        assert ascending == sorted(ascending) and page.count("th[aria-sort='ascending']") == 1
        page.follow("th[aria-sort] a")
        descending = page.texts("tbody td:nth-child(5)")
        assert descending == sorted(descending, reverse=True) and page.count("th[aria-sort='descending']") == 1

        page.follow("a[rel='next']")
        assert "Page 2 of 10" in page.text(".pager") and page.count("th[aria-sort='descending']") == 1
        assert page.texts("tbody td:nth-child(5)")[0] <= descending[-1]
        page.follow("a[rel='prev']")
        assert page.texts("tbody td:nth-child(5)") == descending


def test_the_colours_are_chosen_and_kept():
    with window(colours="light") as page:
        page.go("/")
        background = "return getComputedStyle(document.body).backgroundColor"
        light = page.run(background)
        page.follow("[name='theme'][value='dark']")
        assert page.path() == "/" and page.run(background) != light
        page.go("/courses/")
        assert page.run("return document.documentElement.dataset.theme") == "dark"
        page.prefer("dark")
        page.follow("[name='theme'][value='light']")
        assert page.path() == "/courses/" and page.run(background) == light


def test_the_dashboard_counts_and_plots():
    with window() as page:
        page.go("/")
        tiles = page.texts(".tiles strong")
        assert tiles[:4] == ["200", "12", "3", "600"], tiles
        bars = page.run("return [...document.querySelectorAll('.plot rect')].map(e => e.getBoundingClientRect().height)")
        assert len(bars) == 5 and max(bars) > min(bars) > 0, bars
        average, = page.site.query("SELECT round(avg(gpa), 2) FROM registry_student")
        assert float(tiles[4]) == average[0], tiles


if __name__ == "__main__":
    suite.main(globals())
