"""The same changes of models shown to Django's autodetector and to ours: the same migrations, operations and
dependencies in the same order, under the same names. The same for the optimizer."""
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", f"-I{suite.ROOT / 'src'}"]


def described():
    env = dict(os.environ, PKG_CONFIG_PATH=str(suite.RELEASE / "meson-uninstalled"))
    return subprocess.run(["pkg-config", "--cflags", "--libs", "nuages"], env=env, check=True, capture_output=True,
                          text=True).stdout.split()


def by_scenario(text):
    """{name: [lines]}; names of models are told in small letters by both."""
    found, current = {}, None
    for line in text.splitlines():
        if not line.startswith(" "):
            current = found.setdefault(line, [])
        else:
            current.append(re.sub(r"( (?:to|on|from|for|on model|of model|from model) )(\w+)( \(|$| to)",
                                  lambda m: m[1] + m[2].lower() + m[3], line.rstrip()))
    return found


@functools.cache
def both():
    folder = school.fresh_folder()
    for name in ("detect.c", "scenarios.h"):
        shutil.copy(HERE / "migrations" / name, folder)
    django = school.checked(school.run([school.venv(), HERE / "migrations_in_django.py", folder / "scenarios.inc"], {}, folder))
    school.checked(school.run([suite.CC, *FLAGS, "detect.c", "-o", "detect", *described()], {}, folder))
    ours = school.checked(school.run([folder / "detect", "detect"], {"LD_LIBRARY_PATH": str(suite.RELEASE)}, folder))
    return by_scenario(django), by_scenario(ours)


def assert_same(names):
    want, got = both()
    differ = ["\n".join([f"{name}:", "  Django", *want[name], "  ours", *got.get(name, [])]) for name in names
              if got.get(name) != want[name]]
    assert names and not differ, f"{len(differ)} of {len(names)} differ\n" + "\n\n".join(differ)


def test_changes_are_found_as_by_django():
    assert_same([name for name in both()[0] if not name.startswith("optimized: ")])


def test_operations_are_shortened_as_by_django():
    assert_same([name for name in both()[0] if name.startswith("optimized: ")])


if __name__ == "__main__":
    suite.main(globals())
