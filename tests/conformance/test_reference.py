#!/usr/bin/env python3
"""The examples of docs/reference/templates/: template, context and output, run as they stand.

A block of ```django is the template, one with a name (```django base.html) another one that it
uses; ```json is the context, ```text what comes out.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PAGES = HERE.parent.parent / "docs/reference/templates"
BLOCK = re.compile(r"^```(django|json|text)(?: (\S+))?\n(.*?)\n?^```$", re.MULTILINE | re.DOTALL)
NOW = "2024-05-17T12:30:45+00:00"
LIBRARIES = ("i18n", "l10n", "tz", "static", "cache", "humanize")
FEWEST = 80


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
        else:
            yield dict(case, output=text)
            case = None


def main():
    cases = []
    for page in sorted(PAGES.glob("*.md")):
        cases += [dict(case, id=f"{page.name}#{n}") for n, case in enumerate(examples(page), 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "templates.jsonl"
        path.write_text("".join(json.dumps(case) + "\n" for case in cases))
        run = subprocess.run([HERE / "run", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if len(cases) < FEWEST:
        print(f"only {len(cases)} examples in {PAGES}\n0 passed, 1 failed")
        return 1
    print(run.stdout, end="")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
