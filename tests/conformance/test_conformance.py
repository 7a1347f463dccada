#!/usr/bin/env python3
"""Run every recorded file of which the kind is known; see tests/conformance/run.

A file passes when no case fails and nothing is skipped but what exceptions.txt names, at most 0.5%
of its cases. The recordings lie beside the repository, in ../shared/conformance; without them this
test is skipped.
"""
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = pathlib.Path(os.environ.get("NUAGES_SHARED", HERE.parents[2] / "shared")) / "conformance"
KINDS = ("templates", "filters", "utils", "signing", "urls", "validators", "forms")
MOST_SKIPPED = 0.005


def exceptions(kind):
    lines = (HERE / "exceptions.txt").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {what for file, what, why in rows if file == kind and why}


def judge(kind, output):
    """Passed, and what is wrong."""
    counts = re.search(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output)
    if not counts:
        return 0, [f"{kind}: the runner ended without a count: {output[-500:]}"]
    passed, failed, skipped = counts.groups(default="0")
    wrong = [line for line in output.splitlines() if line.startswith(("FAIL", "    "))]
    reasons = re.findall(r"^skipped (.*) \(\d+\)$", output, re.M)
    wrong += [f"skipped without a row in exceptions.txt: {kind}: {reason}"
              for reason in reasons if reason not in exceptions(kind)]
    if int(skipped) > MOST_SKIPPED * (int(passed) + int(skipped)):
        wrong.append(f"{kind}: {skipped} cases are skipped")
    if int(failed) and not wrong:
        wrong.append(f"{kind}: {failed} failed")
    return int(passed), wrong


def main():
    files = [path for kind in KINDS if (path := RECORDED / f"{kind}.jsonl").exists()]
    if not files:
        print(f"skipped: no recordings in {RECORDED}")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    total, faults = 0, []
    for path in files:
        run = subprocess.run([HERE / "run", path], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
        output = run.stdout.strip()
        passed, wrong = judge(path.stem, output)
        print(f"{path.stem}: {output[output.rfind(chr(10)) + 1:]}")
        total += passed
        faults += wrong
    print("\n".join(faults), end="\n" if faults else "")
    print(f"{total} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
