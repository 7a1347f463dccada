#!/usr/bin/env python3
"""`nuages template render`: a template file by itself."""
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


if __name__ == "__main__":
    suite.main(globals())
