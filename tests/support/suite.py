"""The smallest test runner that the Python suites share: functions named test_* of a module.

    if __name__ == "__main__":
        suite.main(globals())

A test fails by raising; it skips by raising Skip with the reason. Ends with the line that
tests/run reads.
"""
import inspect
import os
import pathlib
import sys
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("NUAGES_BUILD", ROOT / "build"))
RELEASE = pathlib.Path(os.environ.get("NUAGES_RELEASE", ROOT / "build"))
SHARED = pathlib.Path(os.environ.get("NUAGES_SHARED", ROOT.parent / "shared"))
CC = os.environ.get("NUAGES_CC", "gcc")


class Skip(Exception):
    """Raised by a test that cannot run here, with the reason."""


def need_shared():
    """Skip unless the recordings of the originals lie beside the project."""
    if not SHARED.is_dir():
        raise Skip("../shared is absent")
    return SHARED


def run_all(names):
    words = sys.argv[1:]
    passed = failed = skipped = 0
    for name, test in list(names.items()):
        if not name.startswith("test_") or not inspect.isfunction(test):
            continue
        if words and not any(word in name for word in words):
            continue
        try:
            test()
            passed += 1
        except Skip as reason:
            skipped += 1
            print(f"skipped {name}: {reason}")
        except Exception:
            failed += 1
            print(f"FAIL {name}")
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    return passed, failed, skipped


def long_or_short(names, **long):
    """The tests that take long with --long, all others without."""
    if "--long" not in sys.argv:
        return names
    sys.argv.remove("--long")
    return long


def main(names):
    passed, failed, skipped = run_all(names)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)
