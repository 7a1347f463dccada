#!/usr/bin/env python3
"""Run every recorded file of which the kind is known; see tests/conformance/run.

The recordings lie beside the repository, in ../shared/conformance; without them this test is
skipped.
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = pathlib.Path(os.environ.get("NUAGES_SHARED", HERE.parents[2] / "shared")) / "conformance"
KINDS = ("utils", "signing", "urls")

files = [path for name in KINDS if (path := RECORDED / f"{name}.jsonl").exists()]
if not files:
    print(f"skipped: no recordings in {RECORDED}")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)
sys.exit(subprocess.run([HERE / "run", *files]).returncode)
