#!/usr/bin/env python3
"""Filters, templates, forms and validators with odd values give what the original gives: tens of
thousands of cases, made by the original (template_cases.py, template_tags.py, template_pages.py, partial_cases.py,
form_cases.py) and run by
tests/conformance/run."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import school
import suite

def is_told_as_skipped(output):
    """All that is skipped stands in the list of what C can't hold."""
    told = [line.split("\t")[1] for line in (HERE.parent / "conformance/exceptions.txt").read_text().splitlines() if "\t" in line]
    return all(any(f"skipped {one} (" in line for one in told) for line in output.splitlines() if line.startswith("skipped "))


def compare(kind, fewest, program="template_cases.py", *what, **environment):
    with tempfile.TemporaryDirectory() as folder:
        cases = pathlib.Path(folder) / f"{kind}.jsonl"
        if (suite.SHARED / "conformance/urlconfs.json").exists():
            shutil.copy(suite.SHARED / "conformance/urlconfs.json", folder)
        with open(cases, "w") as file:
            subprocess.run([school.venv(), HERE / program, *(what or [kind])], stdout=file, check=True,
                           env=dict(os.environ, PYTHONHASHSEED="0", PYTHONIOENCODING="utf-8", **environment))
        run = subprocess.run([HERE.parent / "conformance/run", cases], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
    output = run.stdout.strip()
    closing = output[output.rfind("\n") + 1:]
    assert run.returncode == 0 and (" skipped" not in closing or is_told_as_skipped(output)), output[-4000:]
    assert int(closing.split()[0]) >= fewest, closing
    print(closing)


def test_every_filter_before_every_value():
    compare("filters", 40000)


def test_filters_speak_every_language_without_catalogues_of_a_site():
    compare("filters", 9000, "template_cases.py", "spoken")


def test_every_tag_operator_and_lookup():
    compare("templates", 20000)


def test_pages_put_together_at_random():
    for seed, language in enumerate(("en-us", "de", "fr", "pl", "ar", "ja"), 1):
        compare("templates", 1900, "template_pages.py", language, str(seed))


def test_filters_with_changed_arguments():
    for seed in (1, 2):
        compare("filters", 18000, "recorded_cases.py", "filters", suite.need_shared() / "conformance/filters.jsonl", str(seed))


def test_changed_templates_and_contexts():
    for seed in (1, 2):
        compare("templates", 7700, "recorded_cases.py", "templates", suite.need_shared() / "conformance/templates.jsonl", str(seed))


def test_partials_as_the_django_that_has_them():
    for seed in (1, 2):
        compare("templates", 3000, "partial_cases.py", str(seed), PYTHONPATH=str(school.next_django()))


def test_helpers_with_changed_arguments():
    recorded = suite.need_shared() / "conformance/utils.jsonl"
    for seed in (1, 2):
        compare("utils", 20000, "utils_cases.py", recorded, str(seed))


def test_every_field_cleans_every_value():
    compare("forms", 4000, "form_cases.py", "clean")


def test_every_field_tells_what_is_wrong_in_every_language():
    compare("forms", 20000, "form_cases.py", "told")


def test_every_widget_shows_and_reads_every_value():
    compare("forms", 3000, "form_cases.py", "widgets")


def test_fields_and_widgets_of_postgresqls_types():
    compare("forms", 20000, "form_cases.py", "postgres")


def test_model_fields_of_postgresqls_types_as_form_fields():
    compare("forms", 500, "form_cases.py", "formfields")


def test_every_validator_before_every_value():
    compare("validators", 600, "form_cases.py", "validators")


if __name__ == "__main__":
    suite.main(globals())
