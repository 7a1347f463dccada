"""The unit tests of the model layer, which run on SQLite in memory, on PostgreSQL."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import postgresql
import suite

TIME_LIMIT = 300  # seconds for one program


def programs():
    found = sorted(p for p in (suite.BUILD / "tests").glob("unit-models-*") if p.is_file())
    if not found:
        raise suite.Skip(f"{suite.BUILD} has no unit tests")
    return found


def test_the_model_layer_works_on_postgresql():
    failed = {}
    with postgresql.Server() as server:
        environment = dict(os.environ, NUAGES_TEST_DATABASE=server.url)
        for program in programs():
            done = subprocess.run([program], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=TIME_LIMIT)
            if done.returncode:
                failed[program.name] = done.stdout.decode(errors="replace")[-3000:]
    assert not failed, "\n".join(f"{name}:\n{output}" for name, output in failed.items())


if __name__ == "__main__":
    suite.main(globals())
