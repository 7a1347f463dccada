"""The schemas of PostgreSQL: migrate makes what Django makes, first and later, of the school and of models
with everything, as pg_dump tells it."""
import atexit
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "compat")]
import postgresql
import school
import suite
import test_schema

# A collation that takes upper and lower case for the same, as the models name it.
NOCASE = "CREATE COLLATION \"NOCASE\" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
# Apps that the school in C does not have.
OTHER = ("authtoken*", "token_blacklist*", "django_admin_log*")


@functools.cache
def server():
    running = postgresql.Server(database="ours")
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def database(name):
    if name != "ours":
        server().sql(f'CREATE DATABASE "{name}"', database="postgres")
    server().sql(NOCASE, database=name)


def dump(name, leave_out=()):
    """The statements of pg_dump, without its session's settings, in an order of their own."""
    done = subprocess.run([server().bin / "pg_dump", "--schema-only", "-h", server().folder, "-p", str(server().port),
                           "-U", "postgres", *(f"--exclude-table={table}" for table in leave_out), name],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = re.sub(r"(?m)^(--.*|SET .*|SELECT pg_catalog.*|\\.*)\n", "", done.stdout)
    return sorted(part.strip() for part in text.split(";\n") if part.strip())


def assert_same(ours, djangos):
    differ = [f"- {part}" for part in djangos if part not in ours] + [f"+ {part}" for part in ours if part not in djangos]
    assert ours and not differ, "\n".join(differ)


# ---- models with everything, in two steps ----------------------------------------------------------


def manage(folder, *arguments):
    return school.checked(school.run(["./manage", *arguments], dict(DATABASE_URL=server().address("ours"),
                                                                      LD_LIBRARY_PATH=str(suite.RELEASE)), folder))


def django(folder, step, *arguments):
    environment = dict(ENGINE="postgresql", DATABASE="djangos", HOST="127.0.0.1", PORT=str(server().port),
                       DBUSER="postgres", DJANGO_SETTINGS_MODULE="settings", PYTHONPATH=str(folder), STEP=str(step))
    return school.checked(school.run([school.venv(), "-m", "django", *arguments], environment, folder))


@functools.cache
def ours():
    folder, schemas = school.fresh_folder() / "ours", {}
    database("ours")
    shutil.copytree(test_schema.HERE, folder)
    test_schema.build(folder, 1, "-DSERVER=true")
    for step in (1, 2):
        if step > 1:
            test_schema.build(folder, step, "-DSERVER=true", "-DWITH_MIGRATIONS")
        manage(folder, "makemigrations", "shop", "--name", f"step{step}")
        test_schema.build(folder, step, "-DSERVER=true", "-DWITH_MIGRATIONS")
        manage(folder, "migrate")
        schemas[step] = dump("ours")
    return folder, schemas


@functools.cache
def djangos():
    folder, schemas = school.fresh_folder() / "djangos", {}
    database("djangos")
    shutil.copytree(test_schema.HERE / "django_shop", folder)
    for step in (1, 2):
        django(folder, step, "makemigrations", "shop", "--name", f"step{step}")
        django(folder, step, "migrate")
        schemas[step] = dump("djangos")
    return schemas


def test_the_first_migration_makes_djangos_tables():
    assert_same(ours()[1][1], djangos()[1])


def test_a_later_migration_changes_them_as_django_does():
    assert_same(ours()[1][2], djangos()[2])


def test_migrations_go_back():
    folder, schemas = ours()
    manage(folder, "migrate", "shop", "0001")
    assert_same(dump("ours"), schemas[1])
    manage(folder, "migrate", "shop", "zero")
    assert not [part for part in dump("ours") if "all_of_it" in part or "shop_" in part]


# ---- the school ------------------------------------------------------------------------------------


def test_the_school_has_djangos_schema():
    suite.need_shared()
    for name in ("school", "twin"):
        server().sql(f'CREATE DATABASE "{name}"', database="postgres")
    twin = dict(os.environ, SCHOOL_DB_ENGINE="postgresql", SCHOOL_DB_NAME="twin", SCHOOL_DB_USER="postgres",
                SCHOOL_DB_HOST="127.0.0.1", SCHOOL_DB_PORT=str(server().port))
    school.checked(school.run([school.venv(), "manage.py", "migrate", "-v", "0"], twin, school.twin_folder()))
    school.checked(school.run([school.PROGRAM, "migrate"], dict(DATABASE_URL=server().address("school")),
                              school.fresh_folder()))
    assert_same(dump("school"), dump("twin", OTHER))


if __name__ == "__main__":
    suite.main(globals())
