#!/usr/bin/env python3
"""`nuages template render`: a template file by itself."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import suite


def render(source, *options, others=()):
    """Exit status and both outputs."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("page.html", source), *others):
            pathlib.Path(folder, name).write_text(text)
        run = subprocess.run([suite.BUILD / "src/tool/nuages", "template", "render", f"{folder}/page.html", *options],
                             capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


def test_a_file_is_rendered_with_a_context():
    assert render("Hi {{ name }}!", "--context", '{"name": "<Ada>"}') == (0, "Hi &lt;Ada&gt;!", "")


def test_what_it_extends_lies_beside_it():
    parent = ("base.html", "[{% block a %}{% endblock %}]")
    assert render('{% extends "base.html" %}{% block a %}x{% endblock %}', others=[parent]) == (0, "[x]", "")


def test_a_mistake_is_shown_with_its_place_and_a_suggestion():
    status, output, errors = render("a\n  {{ name|uper }}")
    assert status == 1 and not output
    assert "page.html:2:3" in errors and "upper" in errors, errors


def test_an_error_while_it_is_rendered_is_shown_with_its_place():
    status, output, errors = render("a\n{% if name %}\n {{ name|timesince }}{% endif %}", "--context", '{"name": "x"}')
    assert status == 1 and not output
    assert errors.startswith("AttributeError: ") and "in the template page.html:3:2" in errors, errors


def test_a_context_must_be_an_object():
    for context, words in (("[1]", "must be an object"), ("{", "is no JSON")):
        status, _, errors = render("x", "--context", context)
        assert status == 1 and words in errors, errors


def test_languages_are_there():
    assert render('{% load i18n %}{% language "fr" %}{{ 1.5 }} {% translate "Monday" %}{% endlanguage %} {{ 1.5 }}') == (
        0, "1,5 lundi 1.5", "")


def test_integers_of_the_context_are_exact_or_refused():
    digits = "9" * 38
    for number in ("99999999999999999999", digits, f"-{digits}"):
        assert render("{{ x }}", "--context", f'{{"x":{number}}}') == (0, number, ""), number
    status, output, errors = render("{{ x }}", "--context", '{"x":%s9}' % digits)
    assert (status, output) == (1, "") and f"The number {digits}9 has more than 38 digits" in errors, errors


def run_in(folder, name):
    run = subprocess.run([suite.BUILD / "src/tool/nuages", "template", "render", name], cwd=folder, timeout=60,
                         capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


def test_a_missing_file_is_answered_with_the_nearest_of_its_folder():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "page.html").write_text("x")
        status, output, errors = run_in(folder, "pgae.html")
    assert (status, output) == (1, "")
    assert errors == ("CommandError: There is no template 'pgae.html': No such file or directory. "
                      "Did you mean 'page.html'?\n"), errors


def test_a_folder_is_no_template():
    status, output, errors = run_in("/", "/tmp")
    assert (status, output) == (1, "") and errors.startswith("CommandError: '/tmp' is no file"), errors


def test_links_that_lead_round_do_not_hide_what_is_missing():
    with tempfile.TemporaryDirectory() as folder:
        for name in "ab":
            os.symlink(".", f"{folder}/{name}")
        pathlib.Path(folder, "base.html").write_text("x")
        pathlib.Path(folder, "page.html").write_text('{% extends "bsae.html" %}')
        status, output, errors = run_in(folder, "page.html")
        missing = run_in(folder, "nope.html")
    assert (status, output) == (1, "")
    assert errors.startswith("TemplateDoesNotExist: bsae.html\n") and "Did you mean 'base.html'?" in errors, errors
    assert missing[0] == 1 and "nope.html" in missing[2], missing


if __name__ == "__main__":
    suite.main(globals())
