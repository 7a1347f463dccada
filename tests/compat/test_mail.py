#!/usr/bin/env python3
"""Messages as MIME, byte for byte as Django and Python's email package write them. Boundaries are drawn at
random by both and are compared by their places."""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import mail_cases
import school
import suite
from json_lines import answers

BOUNDARY = re.compile(r"={15}\d{19}==")


def ours(cases):
    return answers([str(suite.BUILD / "tests/live/mail-site"), "mailrender"], cases, SECRET_KEY="k", EMAIL_BACKEND="dummy")


def theirs(cases):
    return answers([str(school.venv()), str(HERE / "mail_in_django.py")], cases)


def numbered(text):
    """Each boundary as its number in order of appearance."""
    seen = {}
    return BOUNDARY.sub(lambda match: seen.setdefault(match[0], f"BOUNDARY{len(seen)}"), text)


def shown(mine, other):
    """Where the two part."""
    mine, other = (numbered(each.get("text") or each["error"]) for each in (mine, other))
    at = next((i for i, (a, b) in enumerate(zip(mine, other)) if a != b), min(len(mine), len(other)))
    return f"\n  ours   {mine[max(at - 80, 0):at + 120]!r}\n  theirs {other[max(at - 80, 0):at + 120]!r}"


def test_messages_are_django_s_byte_for_byte():
    cases = mail_cases.all_cases(400)
    differ, refused = [], 0
    for case, mine, other in zip(cases, ours(cases), theirs(cases)):
        if "error" in other:  # by class: what is refused there is refused here
            refused += 1
            same = mine.get("error", "").split(":")[0] == other["error"].split(":")[0]
        else:
            same = numbered(mine.get("text", mine.get("error", ""))) == numbered(other["text"])
        if not same:
            differ.append((case, mine, other))
    print(f"{len(cases)} messages, {refused} of them refused, {len(differ)} differ")
    for case, mine, other in differ[:12]:
        print(json.dumps(case)[:300], shown(mine, other))
    assert refused > 5 and not differ


if __name__ == "__main__":
    suite.main(globals())
