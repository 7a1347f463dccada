#!/usr/bin/env python3
"""Nuages' own catalogues have all that its sources ask for: each text in the C sources that the original's
catalogues translate, of the core and of humanize, stands in each language's .po with the same words."""
import ast
import gettext
import pathlib
import re
import runpy
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "support"))
import school
import suite

LITERAL = r'"(?:[^"\\\n]|\\.)*"'
TEXT = re.compile(rf"{LITERAL}(?:\s*{LITERAL})*")
ASKING = ("template", "forms", "utils", "i18n", "db/models", "views", "auth", "http")
CATALOGUES = sorted((ROOT / "src/i18n/locale").glob("*.po"))


def texts_of(source):
    return {"".join(ast.literal_eval(one) for one in re.findall(LITERAL, found[0])) for found in TEXT.finditer(source)}


def used_texts():
    return set().union(*(texts_of(path.read_text()) for folder in ASKING for path in (ROOT / "src" / folder).rglob("*.[ch]")))


def original_folder():
    asked = subprocess.run([school.venv(), "-c", "import django; print(django.__path__[0])"], stdout=subprocess.PIPE, text=True, check=True)
    return pathlib.Path(asked.stdout.strip())


def translations(path):
    """Of a .mo: the original with its context, and whether it has plural forms; to the words, or the function of a number."""
    with open(path, "rb") as file:
        catalogue = gettext.GNUTranslations(file)
    words = {}
    for key, text in catalogue._catalog.items():
        original, form = key if isinstance(key, tuple) else (key, None)
        words.setdefault((original, form is not None), {})[form] = text
    return catalogue, words


def own(path):
    """As the build compiles it: by the same program."""
    embed = runpy.run_path(str(ROOT / "tools/embed_catalogues.py"), run_name="embed")
    return {original.decode().split("\0")[0]: (b"\0" in original, text.decode().split("\0")) for original, text in embed["texts"](path)}, rule_of(embed["texts"](path)[0][1])


def rule_of(header):
    plural = re.search(rb"plural=(?!s)(.*?);?\n", re.sub(rb"nplurals=\d+;", b"", header))
    return gettext.c2py(plural[1].decode().strip())


NUMBERS = [*range(0, 201), 1000, 1011, 10**6, 2 * 10**6, 10**6 + 1]


def differing(path, folder, used):
    """What a catalogue lacks or says otherwise."""
    ours, rule = own(path)
    catalogue, words = translations(folder / path.stem / "LC_MESSAGES/django.mo")
    for (original, plural), forms in words.items():
        message = original.rpartition("\4")[2]
        if not message or message not in used:
            continue
        if original not in ours:
            yield f"{path.stem}: no entry of {original!r}"
        elif ours[original][0] != plural:
            yield f"{path.stem}: {original!r} has plural forms at one side alone"
        else:
            pairs = [(ours[original][1][rule(n)], forms[catalogue.plural(n)]) for n in NUMBERS] if plural else [(ours[original][1][0], forms[None])]
            yield from (f"{path.stem}: {original!r} is {mine!r}, in the original {theirs!r}" for mine, theirs in sorted(set(pairs)) if mine != theirs)


def test_every_text_of_the_sources_stands_in_every_language():
    used, folder = used_texts(), original_folder()
    wrong = [line for part in ("conf", "contrib/humanize") for path in CATALOGUES for line in differing(path, folder / part / "locale", used)]
    assert len(CATALOGUES) == 10 and {"an hour ago", "%(value)s million", "Monday", "This field is required."} <= used
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])


if __name__ == "__main__":
    suite.main(globals())
