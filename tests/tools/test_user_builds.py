"""Who builds the library to use it, with whatever compiler, is not stopped by what that one warns of."""
import json
import pathlib
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite


def compiled(folder, source):
    """How the library's own flags take a source."""
    commands = json.loads((folder / "compile_commands.json").read_text())
    command = next(each for each in commands if each["file"].endswith("src/http/h1_write.c") and "libnuages" in each["output"])
    words = shlex.split(command["command"])
    words[words.index("-c") + 1] = str(source)
    words[words.index("-o") + 1] = str(source.with_suffix(".o"))
    return subprocess.run(words, cwd=command["directory"], capture_output=True, text=True)


def stops_at_a_warning(*options):
    where = school.fresh_folder()
    done = subprocess.run(["meson", "setup", where / "build", *options], cwd=suite.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
    (where / "careless.c").write_text("static int unused;\n")
    told = compiled(where / "build", where / "careless.c")
    assert told.returncode == 0 or "unused" in told.stderr, told.stderr
    return told.returncode != 0


def test_warnings_stop_the_builds_of_the_tests_alone():
    sanitizers = ("-Db_sanitize=address,undefined", "-Db_lundef=false", "--buildtype=debugoptimized")
    assert not stops_at_a_warning("-Dtests=false")
    assert not stops_at_a_warning("-Dtests=false", *sanitizers), "make sanitized"
    assert stops_at_a_warning(), "the tests' own build"


if __name__ == "__main__":
    suite.main(globals())
