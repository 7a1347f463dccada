"""Twice the input, at most a little over twice the work: instructions counted by valgrind.

Inputs are the ones that make readers of text go over the same bytes again: runs of one delimiter,
tags that never close, names that all differ. The cases are the rows of linear.c.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import suite

LIMIT = 2.2  # for twice the input
FLOOR = 20000  # instructions: less is noise
# Large blocks grow by moving pages, whatever the heap looks like: else what is counted depends on that.
TUNABLES = "glibc.malloc.mmap_threshold=131072"
TOTALS = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


def counted_runs():
    """Every (name, size, instructions), in the order of the calls."""
    program = suite.RELEASE / "tests" / "tools" / "linear"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=linear_run",
                               "--dump-after=linear_run", f"--callgrind-out-file={folder}/out", str(program)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=dict(os.environ, GLIBC_TUNABLES=TUNABLES))
        if done.returncode:
            raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
        calls = [line.split() for line in done.stdout.splitlines()]
        dumps = sorted(pathlib.Path(folder).glob("out.*"), key=lambda path: int(path.suffix[1:]))
        counts = [int(TOTALS.search(path.read_text()).group(1)) for path in dumps]
    if len(counts) < len(calls):
        raise AssertionError(f"{len(calls)} calls, but valgrind counted {len(counts)}")
    return [(name, int(size), count) for (name, size), count in zip(calls, counts)]


def test_twice_the_input_takes_twice_the_work():
    if not shutil.which("valgrind"):
        raise suite.Skip("valgrind is absent")
    runs = counted_runs()
    slow = []
    for (name, size, count), (next_name, _, next_count) in zip(runs, runs[1:]):
        if name == next_name and next_count > LIMIT * max(count, FLOOR):
            slow.append(f"{name}: {count} instructions for {size} bytes, {next_count} for twice as many")
    if slow:
        raise AssertionError("\n" + "\n".join(slow))
    print(f"{len({name for name, _, _ in runs})} kinds of input")


REFUSE_TEXT = {"divisibleby", "language_bidi", "language_name", "language_name_local", "language_name_translated",
               "timesince", "timeuntil"}


def test_every_filter_takes_ten_megabytes():
    program = suite.RELEASE / "tests" / "tools" / "linear"
    done = subprocess.run([str(program), "large"], stdout=subprocess.PIPE, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    failed = [f"{name}: {what}" for name, what, _ in lines
              if what != "rendered" and name not in REFUSE_TEXT]
    assert not failed, "\n".join(failed)
    print(f"{len(lines)} of 10 MB, the slowest {max(float(seconds) for _, _, seconds in lines):.2f} s")


if __name__ == "__main__":
    suite.main(globals())
