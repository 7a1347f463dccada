"""Every output of the school's templates, read from the templates themselves, shown with hostile data.

The site shows a copy of its templates in which each output is marked, once with hostile data and once with
harmless data of the same length. So each output is seen with what it wrote: one that no page shows is told,
and one where a text of a user's comes out as anything but a text."""
import collections
import html.parser
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import hostile
import outputs
import school
import school_tour
import suite

OWN = suite.ROOT / "examples/school/registry/templates"
HARMLESS = [re.sub(r"\W", "o", text) for text in hostile.TEXTS]
TOKENS = re.compile(r"\b[0-9A-Za-z]{64}\b")  # against forged forms: new in each page
# Outputs where nobody can get: no view of the school refuses a visitor, and it has no accounts.
NOBODY_REFUSED = [r"403\.html:.*"]
NO_ACCOUNTS = [r"registration/.*", r"registry/base\.html:\d+: .*('student-list-page'|'logout'|get_username|csrf_token).*"]
TWIN_SHOWS_RAW = ["{{ course.title }}"]


class Markup(html.parser.HTMLParser):
    """The elements with their attributes, and what of the characters of HTML stands raw beside them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.elements, self.stray = set(), ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements |= {(tag, name) for name, _ in attributes} | {(tag, "")}
        self.stray += "".join(re.findall("[<>]", self.get_starttag_text()[1:-1]))

    def handle_endtag(self, tag):
        self.elements.add((tag, ""))

    def handle_data(self, data):
        self.stray += "".join(re.findall("[<>\"']", data))

    def handle_comment(self, data):
        self.elements.add(("!--", data))


def seen_in(templates, texts):
    """The texts of each output, by number, on a tour with `texts` in the database and in what is sent."""
    database = school.copy_of(school.seeded())
    hostile.poison(database, texts=texts)
    seen = collections.defaultdict(set)
    with school.School(database, copy=False, templates=templates) as site:
        for _, answer in school_tour.tour(site, texts):
            for number, text in outputs.values(answer.text):
                seen[number].add(TOKENS.sub("", text))
    return seen


def users_texts():
    """Texts of the seeded rows: where one is still shown, a column was not made hostile."""
    found = [school.query(school.seeded(), f"SELECT {column} FROM {table}") for table, columns in hostile.COLUMNS.items() for column in columns]
    return {text.casefold() for rows in found for text, in rows if text and len(text) > 3}


def reached(texts):
    return any(hostile.MARK in html.unescape(text).casefold() for text in texts)


def shapes(texts):
    return {re.sub(r"\d+", "0", text) for text in texts}


def faults_of_text(output, text, usual):
    """What is wrong with one text of an output that writes the elements `usual` with harmless data."""
    page = Markup(text)
    if output.context in ("script", "style", "unquoted") and reached([text]):
        yield "text of a user's in a place where escaping does not protect"
    if output.context == "URL" and re.match(r"[\s\x00-\x20]*javascript:", html.unescape(text), re.IGNORECASE):
        yield "the data chose the scheme of the link"
    if output.context == "text" and (more := page.elements - usual):
        yield f"elements that came with the data: {sorted(more)}"
    if page.stray if output.context == "text" else re.search("[<>\"']", text):
        yield "characters of HTML that are not escaped"


def faults_of(output, bad, good, users):
    """What is wrong with an output that wrote the texts `bad` with hostile data and `good` with harmless."""
    usual = set().union(*(Markup(text).elements for text in good))
    for text in sorted(bad):
        yield from (f"{fault}: {text[:160]!r}" for fault in faults_of_text(output, text, usual))
    if reached(bad):
        return
    if reached(good):
        yield "text of a user's gets here, but no hostile one did"
    for text in sorted(bad):
        yield from (f"shows {user!r}, which was not made hostile" for user in users if user in html.unescape(text).casefold())
    if shapes(bad) - shapes(good):  # neither numbers, nor dates, nor what the program says
        yield f"changes with the data, though no hostile text got here: {sorted(shapes(bad) - shapes(good))[:3]}"


def look_at_all(templates, beyond=()):
    """The faults of all outputs; `beyond` are patterns of those that no page can show."""
    folder = school.fresh_folder()
    places = outputs.marked_copy(templates, folder)
    bad, good = seen_in(folder, hostile.TEXTS), seen_in(folder, HARMLESS)
    users, found = users_texts(), []
    for number, output in enumerate(places):
        hidden = any(re.fullmatch(pattern, str(output)) for pattern in beyond)
        if hidden != (number not in bad):
            found.append(f"{output}: " + ("is shown, though said to be out of reach" if hidden else "no page shows it"))
        if not output.raw:
            faults = list(faults_of(output, bad[number], good[number], users))
            found += [f"{output}: {fault} (and {len(faults) - 1} like it)" for fault in faults[:1]]
    print(f"{len(places)} outputs, {len([1 for texts in bad.values() if reached(texts)])} with hostile text; "
          f"{dict(collections.Counter(output.context for output in places))}")
    return places, found


def test_the_schools_own_templates():
    places, found = look_at_all(OWN, NOBODY_REFUSED)
    assert not found, "\n".join(found)
    assert not [output for output in places if output.raw]


def test_the_twins_templates():
    places, found = look_at_all(school.twin_templates(), NO_ACCOUNTS)
    assert not found, "\n".join(found)
    assert [output.text for output in places if output.raw] == TWIN_SHOWS_RAW


def test_what_is_wrong_is_told():
    """An output that was marked as safe by mistake, and one that no page shows."""
    wrong = school.fresh_folder() / "templates"
    shutil.copytree(OWN, wrong)
    for file, old, new in (("registry/students/list.html", "{{ student.email }}", "{{ student.email|safe }}"),
                           ("registry/home.html", "{% endblock %}", "{% if nobody %}{{ nobody.name }}{% endif %}{% endblock %}")):
        text = (wrong / file).read_text()
        assert text.count(old) == 1, (file, old)
        (wrong / file).write_text(text.replace(old, new))
    _, found = look_at_all(wrong, NOBODY_REFUSED)
    assert len(found) == 2, "\n".join(found)
    assert re.match(r"registry/home\.html:\d+: \{\{ nobody\.name }} \(text\): no page shows it", found[0]), found
    assert re.match(r"registry/students/list\.html:\d+: \{\{ student\.email\|safe }} \(text\): (elements|characters) ", found[1]), found


if __name__ == "__main__":
    suite.main(globals())
