"""Tables on MariaDB: migrate and sqlmigrate make Django's, to the letter."""
import json
import os
import re
import sys
import pathlib

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "support")]
import functools

import mariadb
import school
import suite

APPS = ("contenttypes", "auth", "registry", "sessions")  # that the school in C has
OURS = ("nuages_migration_progress",)  # where a migration stopped, as DDL commits by itself here


@functools.cache
def server():
    import atexit

    running = mariadb.MariaDB()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def manage(database, *arguments):
    return school.checked(school.run([school.PROGRAM, *arguments], {"DATABASE_URL": server().url(database)},
                                     school.fresh_folder()))


@functools.cache
def migrated():
    manage("ours", "migrate")
    return "ours"


def tables(database):
    names = server().sql(f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{database}'").split()
    return {name: creation(server().sql(f"SHOW CREATE TABLE `{name}`", database)) for name in names if name not in OURS}


def creation(text):
    return re.sub(r" AUTO_INCREMENT=\d+", "", text.split("\t", 1)[1]).replace("\\n", "\n").strip()


def recorded(name):
    return (suite.need_shared() / "oracle/storage/mysql" / name).read_text()


def test_migrate_makes_the_tables_that_django_made():
    want = {re.match(r"CREATE TABLE `(\w+)`", text)[1]: re.sub(r" AUTO_INCREMENT=\d+", "", text.rstrip(";\n"))
            for text in recorded("schema.sql").split(";\n") if text.startswith("CREATE TABLE")}
    got = tables(migrated())
    differ = [f"want {want.get(name)}\ngot  {text}" for name, text in got.items() if want.get(name) != text]
    assert len(got) >= 15 and not differ, "\n".join(differ)


def statements(text):
    """Without comments, and without the names of operations, which are the migration's own."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("--")]


def test_sqlmigrate_words_each_migration_as_django_does():
    migrated()
    compared, differ = 0, []
    for row in map(json.loads, recorded("sqlmigrate.jsonl").splitlines()):
        if row["app"] not in APPS:
            continue
        want, got = statements(row["sql"]), statements(manage("ours", "sqlmigrate", row["app"], row["name"]))
        compared += 1
        differ += [f"{row['app']}.{row['name']}:\n  want {w}\n  got  {g}" for w, g in
                   zip([*want, *[None] * (len(got) - len(want))], [*got, *[None] * (len(want) - len(got))]) if w != g]
    assert compared > 10 and not differ, "\n".join(differ)


def test_a_second_migrate_finds_nothing_to_do():
    assert "No migrations to apply" in manage(migrated(), "migrate")


def test_fixtures_may_refer_forwards_and_flush_empties():
    manage("loaded", "migrate")
    manage("loaded", "loaddata", "-i", str(suite.need_shared() / "oracle/storage/seed.json"))
    assert server().sql("SELECT COUNT(*) FROM registry_enrollment", "loaded").strip() == "600"
    manage("loaded", "flush", "--no-input")
    assert server().sql("SELECT COUNT(*) FROM registry_enrollment", "loaded").strip() == "0"


def test_djangos_own_check_finds_nothing_to_change_in_our_tables():
    """Django's migrate over a database that Nuages made is a no-op."""
    manage("both", "migrate")
    before = tables("both")
    environment = dict(os.environ, SCHOOL_DB_ENGINE="mysql", SCHOOL_DB_NAME="both", SCHOOL_DB_USER="nuages",
                       SCHOOL_DB_PASSWORD=mariadb.PASSWORD, SCHOOL_DB_HOST=str(server().socket))
    school.checked(school.run([school.venv(), "manage.py", "migrate", "registry"], environment, school.twin_folder()))
    after = tables("both")
    assert {name: after.get(name) for name in before} == before


if __name__ == "__main__":
    suite.main(globals())
