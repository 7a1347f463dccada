"""Changes of models on real databases, beside Django: what its autodetector finds and its operations make, ours do
too, forwards and backwards: columns, indexes, constraints, comments, sequences, and the rows.

All changes of tests/compat/migrations_in_django.py are applied, some 1,870, and sixty histories by chance, the same in
each run (tests/compat/migration_random.py); MIGRATIONS_EVERY=9 takes every ninth.
"""
import collections
import os
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "compat")]
import databases
import school
import suite
import test_autodetector

EVERY = os.environ.get("MIGRATIONS_EVERY", "1")
# Where the original itself raises, and ours need not.
DJANGO_FAILS = {
    "a field of order_with_respect_to is renamed": "FieldDoesNotExist: its SQLite editor takes the old name for the new state",
}
# And on one database alone.
DJANGO_FAILS_ON = {
    "mysql": {"uuid null to a database default": "ProgrammingError: it quotes the default of a UUID as no text",
              "uuid null to a database default, back": "the same"},
}

# What the original raises for a name that a state has not, and what ours does.
RAISED_AS = {"KeyError": "MigrationError"}
BY_CHANCE = 40  # so many of the histories by chance go there and back; in others rows stand in the way, on both sides


def facts(text):
    """The parts of a line that may come in any order, as the columns of a remade table do."""
    if text.startswith("table CREATE TABLE"):
        return {f"{text.split('(')[0]}{part}" for part in databases.parts(text)}
    if text.startswith("CREATE TABLE `"):
        head, body = text.split("(", 1)
        body, options = body.rsplit(") ENGINE", 1)
        options = re.sub(r" AUTO_INCREMENT=\d+", "", options)
        return {f"{head}{part.strip()}" for part in body.split(",   ")} | {f"{head}{options}"}
    return {text}


def by_stage(output):
    """{(scenario, stage): facts}"""
    found = collections.defaultdict(set)
    for line in output.splitlines():
        name, stage, text = line.split("|", 2)
        found[name, stage] |= {RAISED_AS.get(text, text)} if stage == "raises" else facts(text)
    return found


def django(url, folder):
    script = HERE.parent / "compat/migrations_executed.py"
    environment = {"DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(sys.path[:2])}
    return by_stage(school.checked(school.run([school.venv(), script, folder, EVERY], environment, folder)))


def ours(url, folder):
    for name in ("execute.c", "scenarios.h"):
        shutil.copy(HERE.parent / "compat/migrations" / name, folder)
    school.checked(school.run([suite.CC, *test_autodetector.FLAGS, "execute.c", "-o", "execute",
                               *test_autodetector.described()], {}, folder))
    return by_stage(school.checked(school.run([folder / "execute", "execute"], {
        "DATABASE_URL": url, "LD_LIBRARY_PATH": str(suite.RELEASE)}, folder)))


def told(key, want, got):
    signed = [f"- {fact}" for fact in sorted(want - got)] + [f"+ {fact}" for fact in sorted(got - want)]
    return "\n  ".join([" | ".join(key), *signed])


def compare(name):
    with databases.opened(name) as database:
        folder = school.fresh_folder()
        want = django(database.fresh(), folder)
        got = ours(database.fresh(), folder)
    differ = [told(key, want[key], got[key]) for key in sorted({*want, *got})
              if want[key] != got[key] and key[0] not in {**DJANGO_FAILS, **DJANGO_FAILS_ON.get(name, {})}]
    assert len(want) > 100 and not differ, f"{len(differ)} of {len(want)} differ\n" + "\n".join(differ)
    whole = [key for key in got if key[1] == "backwards" and key[0].startswith("by chance ")]
    assert EVERY != "1" or len(whole) >= BY_CHANCE, f"{len(whole)} histories by chance went there and back"


def test_on_sqlite():
    compare("sqlite")


def test_on_postgresql():
    compare("postgresql")


def test_on_mariadb():
    compare("mysql")


if __name__ == "__main__":
    suite.main(globals())
