#!/usr/bin/env python3
"""Filters and templates with odd values give what the original gives: tens of thousands of cases,
made by the original (template_cases.py, template_tags.py) and run by tests/conformance/run."""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import school
import suite

FEWEST = {"filters": 40000, "templates": 20000}


def compare(kind):
    with tempfile.TemporaryDirectory() as folder:
        cases = pathlib.Path(folder) / f"{kind}.jsonl"
        with open(cases, "w") as file:
            subprocess.run([school.venv(), HERE / "template_cases.py", kind], stdout=file, check=True,
                           env=dict(os.environ, PYTHONHASHSEED="0", PYTHONIOENCODING="utf-8"))
        run = subprocess.run([HERE.parent / "conformance/run", cases], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
    output = run.stdout.strip()
    closing = output[output.rfind("\n") + 1:]
    assert run.returncode == 0 and " skipped" not in closing, output[-4000:]
    assert int(closing.split()[0]) >= FEWEST[kind], closing


def test_every_filter_before_every_value():
    compare("filters")


def test_every_tag_operator_and_lookup():
    compare("templates")


if __name__ == "__main__":
    suite.main(globals())
