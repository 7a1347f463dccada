"""Each case of cases.txt is refused, with its message, by gcc and by clang."""
import os
import pathlib
import subprocess
import tempfile

import suite

HERE = pathlib.Path(__file__).parent
FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-O1", f"-I{suite.ROOT}/include", f"-I{HERE}"]


def cases():
    """(title, code, {compiler: message}); an empty dict of messages: the code must compile."""
    for block in (HERE / "cases.txt").read_text().split("\n== ")[1:]:
        title, *lines = block.strip().splitlines()
        messages = dict(line.split(": ", 1) for line in lines if line.startswith(("gcc: ", "clang: ")))
        code = "\n".join(l for l in lines if not l.startswith(("gcc: ", "clang: ", "ok:", "#")))
        yield title, code, messages


def compile_case(compiler, code, folder):
    # __attribute__((error)) speaks only when code is made, so the cases are compiled whole
    source = pathlib.Path(folder) / "case.c"
    source.write_text(f'#include "prelude.h"\n{code}\n')
    done = subprocess.run([compiler, *FLAGS, "-c", str(source), "-o", str(source) + ".o"],
                          capture_output=True, text=True, env=dict(os.environ, LC_ALL="C"))
    return done.returncode, done.stderr


def make_test(compiler, title, code, messages):
    def test():
        with tempfile.TemporaryDirectory() as folder:
            status, text = compile_case(compiler, code, folder)
        if not messages:
            assert status == 0, text
            return
        assert status != 0, f"{compiler} compiles it"
        assert messages[compiler] in text, f"{compiler} says:\n{text}"
    return test


for title, code, messages in cases():
    for compiler in ("gcc", "clang"):
        name = "test_" + compiler + "_" + title.replace(" ", "_")
        globals()[name] = make_test(compiler, title, code, messages)

if __name__ == "__main__":
    suite.main(globals())
