#!/usr/bin/env python3
"""makemessages finds in an app what Django's finds there: each text with its context, plural, places, comments for
translators, and whether it is for Python's %."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

REPEATED = {
    "templates/a.html": """{% trans "dup" %}{% trans "dup" %}
{% trans "day" %}
{% blocktrans count n=n %}day{% plural %}days{% endblocktrans %}
{% blocktrans count n=n %}day{% plural %}others{% endblocktrans %}
{% trans "day" context "c" %}{% trans "day" context "c" %}
{% blocktrans trimmed count n=n context "c" %} day {% plural %}
 days {% endblocktrans %}
""",
    "templates/b.txt": """{# Translators: from b #}
{% trans "dup" %}
{% trans "days" %}
{% trans "in code" %}
{% blocktrans count n=n %}letter{% plural %}letters{% endblocktrans %}
{% trans "pen" %}
""",
}
CODE = ("// Translators: from code", 'gettext("in code");', 'gettext("dup");', 'gettext("letter");', 'ngettext("pen", "pens", 2);',
        'pgettext("c", "dup");')
COMMENTS = {"templates/a.html": """{% comment %}Translators: first form{% endcomment %}
{% trans "with comment" %} {% trans "the next" %}
{# Translators: hash form #}
{% trans "with hash" %}
{# Translators: on a line #}
{% trans "with comment" %}
{# Translators: on a line #}
{% trans "with comment" %}
{% comment %}
 ignored
 Translators: long
   second {% trans "no" %} line

{% endcomment %}

{% blocktrans %}long comment{% endblocktrans %}
{# Translators: far away #}
some text
{% trans "no comment" %}
{# Translators: a #}{# Translators: b #}
{# Translators: c #}
{# other #}
{% trans "abc" %}
{# Translators: x #}{% trans "not last" %}
{# Translators: y #}
{{ x }}
{% trans "past a variable" %}
{# Translators: z #}
{{ x|upper }}
{% trans "past a filter" %}
{# Translators: z #}
{% if x %}
{% trans "past a tag" %}{% endif %}
"""}
FORMATS = {"templates/a.html": """{% trans "50 %" %}{% trans "%s d" %}{% trans "100% sure" %}
{% blocktrans %}{{ a }} of 5%{% endblocktrans %}
{{ _("50%") }} {{ _("%(a)s b") }} {{ _("%d b") }} {{ _("%q b") }} {{ _("%-5.2f") }} {{ _("%s %(a)s") }}
{{ _("%(a") }} {{ _("%((a)b)s") }} {{ _("% discount") }} {{ _("%.*f") }} {{ _("%(a)*d") }} {{ _("%ld %Lf") }} {{ _("%") }}
{% blocktrans count n=n %}one{% plural %}{{ n }} ones{% endblocktrans %}
"""}
CONSTANTS = {"templates/a.html": r"""{% firstof _("fo")|upper %}
{{ _("fv")|default:_("arg") }} {{ y|default:_("arg2")|x:"_('no')" }}
{% if _("it")==_('is a') %}{% endif %}{% firstof _("a \"b\" c") %}
{% trans "x"|upper as y %}{% trans "noop" noop %}{% trans 'f'|default:"d" context "c" %}{% trans v context "no" %}
{% trans _("odd") %}{% translate "new" context 'c' as v %}{% trans  "wide"   context   "c" %}
{% firstof _("open %}{% firstof _('open %}{% trans "open %}
{% blocktrans with a=_("w")|upper b="context 'k'" %}q{% endblocktrans %}
{% blocktrans with a="b trimmed c" %}
 r{% endblocktrans %}{% blocktrans context "c" asvar x trimmed %}
 s
{% endblocktrans %}
"""}


def keep(folder, files):
    (folder / "locale").mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(folder, *command):
    return subprocess.run([*map(str, command), "makemessages", "-l", "de", "--keep-pot", "--no-wrap"], cwd=folder, timeout=120,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)


def of_django(folder):
    return run(folder, school.venv().parent / "django-admin")


def of_ours(folder):
    return run(folder, suite.BUILD / "tests/live/texts-site")


def entries(folder):
    """Of the .pot: {context, text, plural: comments, places, flags}."""
    found = {}
    for entry in (folder / "locale/django.pot").read_text().strip().replace('"\n"', "").split("\n\n")[1:]:
        lines = entry.strip().split("\n")
        key = "\n".join(line for line in lines if not line.startswith("#"))
        places = " ".join(line[3:] for line in lines if line.startswith("#: "))
        assert key not in found, key
        found[key] = (sorted(line for line in lines if line.startswith("#.")),
                      sorted(re.sub(r"code\.(py|c):", "code:", places).split()),
                      [line for line in lines if line.startswith("#,")])
    return found


def compare(fewest, files, theirs=(), ours=()):
    with tempfile.TemporaryDirectory() as temporary:
        folders = pathlib.Path(temporary) / "theirs", pathlib.Path(temporary) / "ours"
        for folder, more, makes in zip(folders, (theirs, ours), (of_django, of_ours)):
            keep(folder, dict(files, **dict(more)))
            done = makes(folder)
            assert done.returncode == 0, done
        expected, found = map(entries, folders)
        differ = [f"{key}\n  Django: {expected.get(key)}\n  here: {found.get(key)}"
                  for key in {**expected, **found} if expected.get(key) != found.get(key)]
        assert not differ, "\n".join(differ)
        assert len(found) >= fewest, found
        assert (folders[1] / "locale/de/LC_MESSAGES/django.po").exists()


def needs_gettext():
    if not shutil.which("xgettext"):
        raise suite.Skip("GNU gettext is absent")


def test_a_repeated_text_stands_once():
    needs_gettext()
    compare(8, REPEATED, {"code.py": "\n".join(CODE).replace("//", "#").replace(";", "") + "\n"},
            {"code.c": "\n".join(CODE) + "\n"})


def test_comments_for_translators():
    needs_gettext()
    compare(10, COMMENTS)


def test_what_is_python_format():
    needs_gettext()
    compare(16, FORMATS)


def test_constants_and_contexts():
    needs_gettext()
    compare(16, CONSTANTS)


def test_a_tag_in_a_block_is_named_with_file_and_line():
    needs_gettext()
    wrong = {"templates/a.html": "\n\n{% blocktrans %}{% if x %}{% endblocktrans %}\n"}
    with tempfile.TemporaryDirectory() as temporary:
        for name, makes in (("theirs", of_django), ("ours", of_ours)):
            folder = pathlib.Path(temporary) / name
            keep(folder, wrong)
            done = makes(folder)
            assert done.returncode, done
            assert re.search(r"Translation blocks must not include other block tags: if x \(file (\./)?templates/a\.html, line 3\)",
                             done.stderr), done


def test_without_texts_catalogues_stay_as_they_are():
    needs_gettext()
    translated = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "day"\nmsgstr "Tag"\n'
    with tempfile.TemporaryDirectory() as temporary:
        for name, makes in (("theirs", of_django), ("ours", of_ours)):
            folder = pathlib.Path(temporary) / name
            keep(folder, {"templates/a.html": "<p>no text</p>"})
            catalogue = folder / "locale/de/LC_MESSAGES/django.po"
            done = makes(folder)
            assert done.returncode == 0 and not catalogue.exists() and not (folder / "locale/django.pot").exists(), (name, done)
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            catalogue.write_text(translated)
            assert makes(folder).returncode == 0 and catalogue.read_text() == translated, name


if __name__ == "__main__":
    suite.main(globals())
