"""`nuages inspectdb` over databases of others: the project builds, its models read every row, and there is
nothing to migrate."""
import atexit
import contextlib
import functools
import json
import pathlib
import re
import sqlite3
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "compat")]
import databases
import school
import sites
import suite
import test_round_trip

NUAGES = suite.RELEASE / "src/tool/nuages"
SHAPES = suite.ROOT / "tests/data/inspectdb"
FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-O0"]


def nuages(folder, *arguments):
    return school.run([NUAGES, *arguments], {"LD_LIBRARY_PATH": str(suite.RELEASE)}, folder)


class Project:
    """A project made of a database."""

    def __init__(self, url, *arguments, name="site"):
        self.url, self.folder = url, school.fresh_folder() / name
        self.told = school.checked(nuages(self.folder.parent, "inspectdb", "--database", url, "--project", name, *arguments))
        self.apps = [path.parent.name for path in sorted(self.folder.glob("*/app.c"))]

    def build(self):
        """As the project's meson.build does."""
        sources = ["manage.c", *(path for path in self.folder.glob("site/*.c")),
                   *(self.folder / app / name for app in self.apps for name in ("app.c", "models.c", "migrations/all.c"))]
        paths = [f'-D{app.upper()}_PATH="{self.folder / app}"' for app in self.apps]
        school.checked(school.run([suite.CC, *FLAGS, *paths, *sources, "-o", "manage", *sites.described()], {}, self.folder))

    def run(self, *arguments):
        return school.run(["./manage", *arguments], {"DATABASE_URL": self.url, "DEBUG": "1", "LD_LIBRARY_PATH": str(suite.RELEASE)},
                          self.folder)

    def manage(self, *arguments):
        return school.checked(self.run(*arguments))

    def models(self):
        """{name of the model: its table}"""
        found = {}
        for app in self.apps:
            for block in (self.folder / app / "models.c").read_text().split("const nu_model ")[1:]:
                name = re.search(r'MODEL_AS\(\w+, "(\w+)"\)', block)[1]
                table = re.search(r'\.db_table = "([^"]*)"', block)
                found[name] = table[1] if table else f"{app}_{name.lower()}"
        return found

    def count(self, name):
        return int(self.manage("shell", "-c", f"len(list({name}.objects.all()))").strip())


def sqlite_of(script):
    path = school.fresh_folder() / "db.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript((SHAPES / script).read_text())
    return f"sqlite:///{path}"


@functools.cache
def opened(name):
    """The database by name, with a server that runs to the end of the tests."""
    context = databases.opened(name)
    atexit.register(context.__exit__, None, None, None)
    return context.__enter__()


def of_script(name, script):
    """A fresh database with what a script makes."""
    if name == "sqlite":
        return sqlite_of(script)
    database, path = opened(name), SHAPES / name / script
    url = database.fresh()
    sql = path.read_text() if path.exists() else ported(name, (SHAPES / script).read_text())
    database.server.sql(sql, database=database.database(url))
    return url


# What the scripts for SQLite say otherwise elsewhere; in their order.
PORTED = {
    "postgresql": (("[", '"'), ("]", '"'), ("NVARCHAR", "VARCHAR"), ("DATETIME", "TIMESTAMP"), ("BLOB", "BYTEA"), ("DOUBLE", "DOUBLE PRECISION"),
                   ("GEOMETRY", "POINT"), ("'POINT'", "'(1,2)'"), ("INTEGER PRIMARY KEY AUTOINCREMENT", "SERIAL PRIMARY KEY"),
                   ("INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "SERIAL PRIMARY KEY"), ("BOOLEAN NOT NULL DEFAULT 0", "BOOLEAN NOT NULL DEFAULT false")),
    "mysql": (("[", '"'), ("]", '"'), ("NVARCHAR", "VARCHAR"), ("'POINT'", "ST_GeomFromText('POINT(1 2)')"), ("AUTOINCREMENT", "AUTO_INCREMENT"),
              (" TEXT NOT NULL DEFAULT 'x'", " VARCHAR(20) NOT NULL DEFAULT 'x'"), ('"', "`")),
}


def ported(name, sql):
    for old, new in PORTED[name]:
        sql = sql.replace(old, new)
    quote = "`" if name == "mysql" else '"'
    sql = re.sub(r"INSERT INTO (\w+)", rf"INSERT INTO {quote}\1{quote}", sql)
    return in_order(sql, quote)


def in_order(sql, quote):
    """Tables before those that refer to them."""
    statements = [one.strip() for one in sql.split(";\n") if one.strip()]
    made = [one for one in statements if "CREATE TABLE" in one]
    names = {one: re.search(rf"CREATE TABLE {quote}([^{quote}]+)", one)[1] for one in made}
    done, out = set(), []
    while made:
        ready = next(one for one in made if all(name in done or name == names[one] or f"REFERENCES {quote}{name}{quote}" not in one
                                                for name in names.values()))
        made.remove(ready)
        done.add(names[ready])
        out.append(ready)
    return ";\n".join([*out, *(one for one in statements if one not in out)]) + ";"


def assert_reads_all(project, database):
    for name, table in project.models().items():
        want = database.rows(project.url, f'SELECT COUNT(*) FROM "{table}"')
        assert [(str(project.count(name)),)] == want, f"{name}: {project.count(name)} of {want}"


def assert_adopted(url, database, before):
    """Built, checked, clean, read; and the tables are as they were."""
    project = Project(url, "--adopt")
    project.build()
    assert "no issues" in project.manage("check"), project.manage("check")
    assert "No changes detected" in project.manage("makemigrations", "--check")
    assert_reads_all(project, database)
    assert not databases.differences(before, database.schema(url))
    return project


@functools.cache
def adopted(script, name="sqlite"):
    url, database = of_script(name, script), opened(name)
    return assert_adopted(url, database, database.schema(url))


def source(project):
    return "".join((project.folder / app / "models.c").read_text() for app in project.apps) + (project.folder / "models.h").read_text()


def test_the_shape_of_sakila():
    text = source(adopted("sakila.sql"))
    assert 'Choices(("G", "G"), ("PG", "PG"), ("PG-13", "PG-13"), ("R", "R"), ("NC-17", "NC-17"))' in text, text
    assert "The key has several columns" in text and '.unique_together = { { "actor", "film" } }' in text
    assert "ForeignKey(Film, original_language, Language" in text and "on_delete is a guess" in text


def test_the_shape_of_chinook():
    text = source(adopted("chinook.sql"))
    assert "ForeignKey(Employee, reportsto, Employee, .on_delete = SET_NULL" in text, text
    assert ".max_digits = 10, .decimal_places = 2" in text


def test_the_shape_of_northwind_and_odd_names():
    text = source(adopted("northwind.sql"))
    for expected in ('.db_column = "case"', '.db_column = "2nd address"', '.db_column = "Ship__To"', '.db_column = "_hidden"',
                     '.db_column = "end_"', '.db_column = "object"', '.db_column = "größe"', '.db_table = "Order Details"',
                     '.db_table = "3rd party"', "There is no primary key", 'The type is a guess: the database has "GEOMETRY"',
                     "OneToOneField(Profile, customer, Customers"):
        assert expected in text, f"{expected}\n{text}"


def expect(text, *expected):
    for part in expected:
        assert part in text, f"{part}\n{text}"


def test_the_shape_of_pagila():
    expect(source(adopted("pagila.sql", "postgresql")), 'Choices(("G", "G"), ("PG", "PG"), ("PG-13", "PG-13"), ("R", "R"), ("NC-17", "NC-17"))',
           'Choices(("new", "new"), ("old", "old"), ("it\'s", "it\'s"))', 'ArrayField(Film, special_features, models_TextField(',
           'SearchVectorField(Film, fulltext', "IntegerField(Film, release_year", '.db_comment = "As on the box"', '.db_table_comment = "What is let"',
           '.db_collation = "C"', "DurationField(Film, cut", "UUIDField(Staff, badge", "JSONField(Staff, settings", "GenericIPAddressField(Staff, host",
           "BigAutoField(Film, film_id", "SmallAutoField(Category, category_id", "OneToOneField(Store, manager_staff, Staff",
           'The type is a guess: the database has "point"', "The key has several columns")


def test_partitions_and_views_are_taken_when_asked_for():
    url = of_script("postgresql", "pagila.sql")
    plain = school.checked(nuages(school.scratch(), "inspectdb", "--database", url))
    assert "struct Payment {" in plain and "PaymentP202201" not in plain and "ActorInfo" not in plain, plain
    more = school.checked(nuages(school.scratch(), "inspectdb", "--database", url, "--include-partitions", "--include-views"))
    expect(more, "struct PaymentP202201 {", "/* A partition. */", "struct ActorInfo {", "struct RentalByCategory {", "/* A view. */")


def test_the_shape_of_sakila_on_mariadb():
    expect(source(adopted("sakila.sql", "mysql")), 'Choices(("G", "G"), ("PG", "PG"), ("PG-13", "PG-13"), ("R", "R"), ("NC-17", "NC-17"))',
           'The type is a guess: the database has "geometry"', "IntegerField(Film, release_year", "PositiveSmallIntegerField(Film, length",
           "PositiveBigIntegerField(Film, views", "BooleanField(Address, active", 'Choices(("a", "a"), ("b", "b"))', "JSONField(Film, extra",
           "UUIDField(Film, badge", '.db_comment = "As in the titles"', '.db_table_comment = "Who plays"', '.db_collation = "utf8mb4_bin"',
           '.unique_together = { { "district", "phone" } }')


def on_servers(script, *expected):
    for name in ("postgresql", "mysql"):
        expect(source(adopted(script, name)), *expected)


def test_the_shape_of_chinook_on_servers():
    on_servers("chinook.sql", "ForeignKey(Employee, reportsto, Employee, .on_delete = SET_NULL", ".max_digits = 10, .decimal_places = 2")


def test_the_shape_of_northwind_on_servers():
    on_servers("northwind.sql", '.db_column = "case"', '.db_column = "2nd address"', '.db_column = "Ship__To"', '.db_column = "größe"',
               '.db_table = "Order Details"', '.db_table = "3rd party"', "There is no primary key", "OneToOneField(Profile, customer, Customers")


def test_rows_can_be_changed_through_the_models():
    project = adopted("chinook.sql")
    project.manage("shell", "-c", 'Artist.objects.create(name="Aerosmith"); Artist.objects.filter(name="Accept").update(name="ACCEPT")')
    rows = databases.SQLite().rows(project.url, "SELECT ArtistId, Name FROM Artist ORDER BY 1")
    assert rows == [("1", "AC/DC"), ("2", "ACCEPT"), ("3", "Aerosmith")], rows


def test_a_database_that_django_made():
    url, database = f"sqlite:///{school.copy_of(school.seed())}", databases.SQLite()
    history = database.rows(url, "SELECT app, name FROM django_migrations ORDER BY id")
    project = assert_adopted(url, database, database.schema(url))
    assert {"registry", "authtoken", "token_blacklist"} <= set(project.apps), project.apps
    assert "NU_DECLARE_MODEL(Student);" in source(project) and "ForeignKey(Course, department, Department" in source(project)
    after = database.rows(url, "SELECT app, name FROM django_migrations ORDER BY id")
    assert after[:len(history)] == history, "the history is left as it is"
    assert ("registry", "0002_adopted") in after[len(history):], after
    assert "No migrations to apply" in project.manage("migrate")
    told = json.loads(project.manage("shell", "--json", "-c", 'Student.objects.order_by("roll_no").values("roll_no").first()'))
    assert told["roll_no"] == database.rows(url, "SELECT roll_no FROM registry_student ORDER BY 1")[0][0], told


def adopt_what_django_made(name):
    """The twin's tables and Django's contrib ones, as its migrations leave them."""
    database = opened(name)
    url = database.fresh()
    school.checked(test_round_trip.django(url, "migrate"))
    history = database.rows(url, "SELECT app, name FROM django_migrations ORDER BY id")
    before = database.schema(url)
    project = assert_adopted(url, database, before)
    after = database.rows(url, "SELECT app, name FROM django_migrations ORDER BY id")
    assert after[:len(history)] == history and ("registry", "0002_adopted") in after[len(history):], after
    project.manage("shell", "-c", 'Department.objects.create(name="Music", code="mus")')
    assert database.rows(url, "SELECT name FROM registry_department") == [("Music",)]


def test_a_postgresql_database_that_django_made():
    adopt_what_django_made("postgresql")


def test_a_mariadb_database_that_django_made():
    adopt_what_django_made("mysql")


def test_models_are_printed_without_a_project():
    url = sqlite_of("sakila.sql")
    text = school.checked(nuages(school.scratch(), "inspectdb", "--database", url, "language", "film_list", "--include-views"))
    assert "struct Language {" in text and "const nu_model FilmList_model" in text and "Actor" not in text, text
    assert ".unmanaged = true" in text
    assert ".unmanaged = true" not in school.checked(nuages(school.scratch(), "inspectdb", "--database", url, "language", "--managed"))


def test_what_is_wrong_is_said():
    url = sqlite_of("chinook.sql")
    for arguments, expected in ((("--database", url, "Artists"), "The database has no table Artists. Did you mean 'Artist'?"),
                                (("--database", "nowhere"), "Give the database by its address"),
                                (("--database", "sqlite:////nowhere/db.sqlite3"), "/nowhere/db.sqlite3"),
                                (("--database", url, "--adopt"), "--adopt needs --project"),
                                (("--database", url, "--project", "my-site"), "is not a valid name")):
        done = nuages(school.scratch(), "inspectdb", *arguments)
        assert done.returncode == 1 and expected in done.stderr, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"


if __name__ == "__main__":
    suite.main(globals())
