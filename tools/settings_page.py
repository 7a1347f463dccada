#!/usr/bin/env python3
"""Write docs/reference/settings.md from the table in src/conf/settings.h; --check: fail when it differs."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE, STRUCT = ROOT / "src/conf/settings.h", ROOT / "include/nuages/conf.h"
PAGE = ROOT / "docs/reference/settings.md"
TEXTS = r'((?:"[^"]*" ?)+|NULL)'
ROW = re.compile(rf'X\((\w+), (\w+), (\w+), {TEXTS}, ([A-Z_0-9]+), {TEXTS}, {TEXTS}\)')
SECTION = re.compile(r"/\* ---- (.*) \*/")
KINDS = {"BOOL": "flag", "INT": "number", "TEXT": "text", "LIST": "list"}
HEAD = """# Settings

Every plain setting, with Django's name and default: as a member of `nu_settings`, and as a variable of
the environment under its name or the site's prefix and its name. [Settings as a topic](../topics/settings.md)
explains what counts when; apps, middleware, databases, urlconfs and the options of templates (`.templates`, see
[templates from C](templates/api.md)) are members of the struct alone ([conf.h](../../include/nuages/conf.h)).

This page is written by `tools/settings_page.py` from the table in `src/conf/settings.h`.
"""
COLUMNS = "\n| Setting | Kind | Default | |\n| --- | --- | --- | --- |\n"


def joined(text):
    """C string literals side by side as one."""
    return "".join(re.findall(r'"([^"]*)"', text))


def rows():
    table = TABLE.read_text()
    table = table[table.index("#define NU__SETTINGS(X)"):table.index("enum {")].replace("\\\n", "")
    table = re.sub(r"\s+", " ", table)
    found = ROW.findall(table)
    assert len(found) == len(re.findall(r" X\((?:BOOL|INT|TEXT|LIST),", table)), "a row of the table is not understood"
    return found


def sections():
    """{member: the struct's section that it stands in}."""
    where, found = "the site", {}
    text = STRUCT.read_text()
    for line in text[text.index("typedef struct nu_settings {"):text.index("} nu_settings;")].splitlines():
        title = SECTION.search(line)
        where = title[1] if title else where
        for name in re.findall(r"\w+", line.split("/*")[0]):
            found.setdefault(name.removeprefix("no_"), where)
    return found


def line(kind, member, site, default, allowed, about):
    names = {"NOT": f"`.no_{member}`", "NONE": "the environment only"}.get(site, f"`.{member}`")
    choices = f" One of {', '.join(f'`{word}`' for word in joined(allowed).split('|'))}." if allowed != "NULL" else ""
    default = joined(default)
    shown = f"`{default}`" if default else {"LIST": "empty", "TEXT": "none"}.get(kind, "")
    text = joined(about)
    return f"| `{member.upper()}`, {names} | {KINDS[kind]} | {shown} | {text}{'.' if choices else ''}{choices} |\n"


def page():
    """Each section of the struct once, in the table's order."""
    where, found, section = sections(), {}, "the site"
    for kind, member, site, default, _flags, allowed, about in rows():
        section = where.get(member, section)
        found.setdefault(section, []).append(line(kind, member, site, default, allowed, about))
    return HEAD + "".join(f"\n## {title[0].upper()}{title[1:].partition(':')[0]}\n{COLUMNS}{''.join(lines)}"
                          for title, lines in found.items())


def main():
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(page())
    elif PAGE.read_text() != page():
        sys.exit(f"{PAGE.relative_to(ROOT)} is not what the table says; run tools/settings_page.py")


main()
