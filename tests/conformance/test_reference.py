#!/usr/bin/env python3
"""The examples of docs/reference/templates/: template, context and output, run as they stand.

A block of ```django is the template, one with a name (```django base.html) another one that it
uses; ```json is the context, ```urls a route and its name a line, ```request the path that is asked
for, ```text what comes out. Every tag and filter of the tables in src/template/ has an example.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PAGES = HERE.parent.parent / "docs/reference/templates"
BLOCK = re.compile(r"^```(django|json|urls|request|text)(?: (\S+))?\n(.*?)\n?^```$", re.MULTILINE | re.DOTALL)
NOW = "2024-05-17T12:30:45+00:00"
LIBRARIES = ("i18n", "l10n", "tz", "static", "cache", "humanize")
TABLE = re.compile(r"^static const nu__(tag|filter) \w+\[\] = \{(.*?)\{ 0 \}", re.MULTILINE | re.DOTALL)
ROW = re.compile(r'\{\s*"(\w+)"')
USE = {"tag": r"\{%%-?\s*%s\b", "filter": r"\|%s\b"}


def examples(page):
    """A case for each ```text block, with what stands before it."""
    case = None
    for kind, name, text in BLOCK.findall(page.read_text()):
        if case is None:
            case = {"templates": {}, "context": {}, "now": NOW, "libraries": dict.fromkeys(LIBRARIES, "")}
        if kind == "django" and name:
            case["templates"][name] = text
        elif kind == "django":
            case["source"] = text
        elif kind == "json":
            case["context"] = json.loads(text)
        elif kind == "urls":
            case["urls"] = [dict(zip(("route", "name"), line.split()), type="path") for line in text.splitlines()]
        elif kind == "request":
            path, _, query = text.strip().partition("?")
            case["request"] = {"method": "GET", "path": path, "query": query}
        else:
            yield dict(case, output=text)
            case = None


def without_example(cases):
    """The rows of the tables that no example uses, in its template or in another that it uses."""
    texts = [text for case in cases for text in (case.get("source", ""), *case["templates"].values())]
    rows = [(kind, name) for source in sorted((HERE.parent.parent / "src/template").rglob("*.c"))
            for kind, body in TABLE.findall(source.read_text()) for name in ROW.findall(body)]
    assert len(rows) > 110, f"only {len(rows)} tags and filters were found in src/template"
    return [f"{kind} {name}" for kind, name in rows if not any(re.search(USE[kind] % name, text) for text in texts)]


def main():
    cases = []
    for page in sorted(PAGES.glob("*.md")):
        cases += [dict(case, id=f"{page.name}#{n}") for n, case in enumerate(examples(page), 1)]
    missing = without_example(cases)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "templates.jsonl"
        urlconfs = {case["id"]: case.pop("urls") for case in cases if "urls" in case}
        cases = [dict(case, urlconf=case["id"]) if case["id"] in urlconfs else case for case in cases]
        (path.parent / "urlconfs.json").write_text(json.dumps(urlconfs))
        path.write_text("".join(json.dumps(case) + "\n" for case in cases))
        run = subprocess.run([HERE / "run", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if missing:
        print(f"without an example in {PAGES}: {', '.join(missing)}\n0 passed, {len(missing)} failed")
        return 1
    print(run.stdout, end="")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
