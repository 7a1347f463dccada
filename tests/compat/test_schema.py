"""The same models in C and in Python: makemigrations and migrate make the same tables of both."""
import functools
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import sites
import suite

HERE = pathlib.Path(__file__).parent / "schema"
FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers"]


def run(command, folder, **environment):
    return school.checked(school.run(command, environment, folder))


def described():
    env = dict(os.environ, PKG_CONFIG_PATH=str(suite.RELEASE / "meson-uninstalled"))
    return subprocess.run(["pkg-config", "--cflags", "--libs", "nuages"], env=env, check=True, capture_output=True,
                          text=True).stdout.split()


def build(folder, step, *flags):
    migrations = folder / "shop/migrations"
    if migrations.exists():
        school.checked(sites.collected("shop", migrations, "--output", migrations / "all.c"))
    run([suite.CC, *FLAGS, f"-DSTEP={step}", *flags, "manage.c", "shop/models.c", "-o", "manage", *described()], folder)


def manage(folder, *arguments):
    return run(["./manage", *arguments], folder, DATABASE_URL=f"sqlite:///{folder}/db.sqlite3",
               LD_LIBRARY_PATH=str(suite.RELEASE))


def django(folder, step, *arguments):
    return run([school.venv(), "-m", "django", *arguments], folder, DATABASE=str(folder / "db.sqlite3"),
               DJANGO_SETTINGS_MODULE="settings", PYTHONPATH=str(folder), STEP=str(step))


@functools.cache
def ours():
    """A site whose migrations of both steps are made and applied; {step: schema}."""
    folder, schemas = school.fresh_folder() / "ours", {}
    shutil.copytree(HERE, folder)
    build(folder, 1)
    for step in (1, 2):
        if step > 1:
            build(folder, step, "-DWITH_MIGRATIONS")
        manage(folder, "makemigrations", "shop", "--name", f"step{step}")
        build(folder, step, "-DWITH_MIGRATIONS")
        manage(folder, "migrate")
        schemas[step] = schema(folder)
    return folder, schemas


@functools.cache
def djangos():
    folder, schemas = school.fresh_folder() / "djangos", {}
    shutil.copytree(HERE / "django_shop", folder)
    for step in (1, 2):
        django(folder, step, "makemigrations", "shop", "--name", f"step{step}")
        django(folder, step, "migrate")
        schemas[step] = schema(folder)
    return folder, schemas


def schema(folder):
    found = school.query(folder / "db.sqlite3", "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {(kind, name): sql for kind, name, sql in found if "django_migrations" not in name}


def columns(sql):
    """The parts of a CREATE TABLE, without regard to the order of columns."""
    if not sql or not sql.startswith("CREATE TABLE"):
        return sql
    head, body = sql.split("(", 1)
    parts, depth, start = [], 0, 0
    for i, c in enumerate(body[:-1]):
        depth += (c == "(") - (c == ")")
        if c == "," and not depth:
            parts.append(body[start:i].strip())
            start = i + 1
    return head, sorted([*parts, body[start:-1].strip()])


def assert_same(step, exact):
    want, got = djangos()[1][step], ours()[1][step]
    differ = [f"{key}:\n  want {want.get(key)}\n  got  {got.get(key)}" for key in sorted({*want, *got})
              if (want.get(key) != got.get(key) if exact else columns(want.get(key)) != columns(got.get(key)))]
    assert not differ, "\n".join(differ)


def test_the_first_migration_makes_djangos_tables():
    assert_same(1, exact=True)


def test_a_later_migration_changes_them_as_django_does():
    assert_same(2, exact=False)


def test_the_models_are_what_the_migrations_say():
    folder, _ = ours()
    assert "No changes detected" in manage(folder, "makemigrations", "--check")


def test_migrations_go_back():
    folder, _ = ours()
    copy = school.fresh_folder() / "back"
    shutil.copytree(folder, copy)
    manage(copy, "migrate", "shop", "0001")
    left = {key: columns(sql) for key, sql in schema(copy).items()}
    assert left == {key: columns(sql) for key, sql in ours()[1][1].items()}
    manage(copy, "migrate", "shop", "zero")
    assert not schema(copy)


if __name__ == "__main__":
    suite.main(globals())
