"""Data that would run in a page which forgot to escape it, and a look at what became of it.

`fired` is set by whatever runs; the marker tells the data in a page."""
import contextlib
import html.parser
import json
import re
import sqlite3

MARK = "h0stile"
RUNS = "window.fired=1"
TEXTS = [
    f"{MARK}\"><img src=x onerror={RUNS}>",
    f"{MARK}'><svg onload={RUNS}>",
    f"{MARK}</title><script>{RUNS}</script>",
    f"{MARK}</script><script>{RUNS}</script>",
    f"{MARK}\" autofocus onfocus={RUNS} x=\"",
    f"{MARK}' onmouseover='{RUNS}' x='",
    f"{MARK}--><script>{RUNS}</script>",
    f"{MARK}&lt;script&gt;{RUNS}&lt;/script&gt;",
    f"{MARK}{{{{ 7|add:7 }}}}{{% now 'Y' %}}",
    f"{MARK}\u2028\\\"];{RUNS}//",
    f"javascript:{RUNS}//{MARK}",
]
URL_ATTRIBUTES = {"href", "src", "action", "formaction", "data", "poster"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Every text that a page may show, by table; each row gets another of TEXTS.
COLUMNS = {"registry_student": ("roll_no", "first_name", "last_name", "email", "photo"), "registry_course": ("title", "code", "description"),
           "registry_department": ("name", "code"), "registry_tag": ("name", "slug"), "auth_user": ("username",)}


# The twin's page of a course shows this one with escaping switched off, as an example of that.
TWIN_SHOWS_RAW = ("registry_course", "title")


def poison(database, but=(), texts=TEXTS):
    """Put hostile (or other) texts into every column of text, past all validators; `but` (table, column)."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for table, columns in COLUMNS.items():
            for row, in connection.execute(f"SELECT id FROM {table}").fetchall():
                for place, column in enumerate(columns):
                    if (table, column) == but:
                        continue
                    text = texts[(row + place) % len(texts)]
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (f"{text} {row}", row))
        for row, in connection.execute("SELECT id FROM registry_student").fetchall():
            address = json.dumps({"city": texts[row % len(texts)], texts[(row + 1) % len(texts)]: "key"})
            connection.execute("UPDATE registry_student SET address = ? WHERE id = ?", (address, row))
        connection.commit()


class Page(html.parser.HTMLParser):
    """Where the marker stands in a page, and what of it would run."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.places, self.faults, self.open = set(), [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            value = value or ""
            if MARK in value or RUNS in value:
                self.places.add(f"{tag} {name}")
            if name.startswith("on") and (RUNS in value or MARK in value):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in URL_ATTRIBUTES and re.match(r"[\s\x00-\x20]*javascript:", value, re.IGNORECASE):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if MARK in name or RUNS in name:
                self.faults.append(f"<{tag} {name}>")
        if (tag, ("src", "x")) in [(tag, one) for one in attributes]:
            self.faults.append(f"<{tag} src=x>")

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, text):
        inside = self.open[-1] if self.open else ""
        if MARK in text:
            self.places.add(inside)
        if inside in ("script", "style") and (MARK in text or RUNS in text):
            if not ("script" == inside and is_json(text)):
                self.faults.append(f"<{inside}>: {text[:80]!r}")
        if "14" in re.findall(rf"{MARK}(\d+)", text):
            self.faults.append(f"a template ran in the data: {text[:80]!r}")

    def handle_comment(self, text):
        if RUNS in text:
            self.faults.append(f"comment: {text[:80]!r}")


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
