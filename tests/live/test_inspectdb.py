"""`nuages inspectdb` over databases of others: the project builds, its models read every row, and there is
nothing to migrate."""
import atexit
import contextlib
import functools
import json
import pathlib
import re
import socket
import sqlite3
import subprocess
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
                   *(self.folder / app / name for app in self.apps for name in ("app.c", "models.c", "migrations.c"))]
        for app in self.apps:
            school.checked(sites.collected(app, self.folder / app / "migrations", "--output", self.folder / app / "migrations.c"))
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
                table = re.search(r'\.db_table = ("(?:[^"\\]|\\.)*")', block)
                found[name] = json.loads(table[1]) if table else f"{app}_{name.lower()}"
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
        quoted = table.replace('"', '""')
        want = database.rows(project.url, f'SELECT COUNT(*) FROM "{quoted}"')
        assert [(str(project.count(name)),)] == want, f"{name}: {project.count(name)} of {want}"


def assert_adopted(url, database, before):
    """Built, checked, clean, read, views too; and the tables are as they were."""
    project = Project(url, "--adopt", "--include-views")
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
    expect(more, "struct PaymentP202201 {", "/* A partition. ", "struct ActorInfo {", "struct RentalByCategory {", "/* A view. ")


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


# Of odd.sql, on each database: what the models say, and what is asked through them.
ODD = ('Choices(("1", "1"), ("2", "2"), ("-3", "-3"))', 'Choices(("red", "red"), ("blue", "blue"))', 'Choices(("m", "m"), ("it\'s", "it\'s"))',
       "/* tenant, code together refer to node: no field here, follow it by nu_filter(). */", 'ForeignKey(City, dial, Country, .on_delete = DO_NOTHING, .related_name = "city_dial_set", .to_field = "dial_number"',
       "NU_DECLARE_REF(Country, iso_code, nu_str);", "Country_iso_code_ref iso;", "ForeignKeyTo(City, iso, Country, iso_code, .on_delete = DO_NOTHING", "The key has several columns, tenant, code; the first stands for it.",
       "There is no primary key; a stands for the key.", "CharField(Ticket, number, .max_length = 9, .primary_key = true)", ".shared_key = true")
UNIQUE = "There is no primary key; number stands for the key, as it is unique. */"  # MariaDB takes such a column for the key itself
NO_CHOICES = ("notin", "part")
ASKED = (('Leaf.objects.filter(code="b").count()', "1"), ('City.objects.select_related("dial").first().dial.pk', "1"),
         ('City.objects.filter(dial__iso_code="IT").count()', "1"), ('City.objects.select_related("iso").first().iso.dial_number', "39"),
         ('City.objects.get(iso=Country.objects.get(pk=1)).iso_id', "'IT'"), ('City.objects.first().iso.pk', "1"), ('Node.objects.filter(tenant=1, code="b").count()', "1"),
         ('Ticket.objects.get(pk="A-1").opened is None', "True"))
REFUSED = (('Node.objects.get(tenant=1, code="a").delete()', "several rows of node may have one tenant, and delete() would reach them all"),
           ('Node.objects.get(tenant=1, code="a").save()', "and save() would reach them all"),
           ('Node.objects.bulk_update([Node.objects.get(tenant=1, code="a")], ["name"])', "and bulk_update() would reach them all"))


COMPUTED = "The database computes it"


def odd(name, *expected):
    project = adopted("odd.sql", name)
    text = source(project)
    expect(text, *ODD, *expected)
    for member in NO_CHOICES:
        assert re.search(rf"CharField\(Checks, {member}, .max_length = 5, .null = true, .blank = true\),", text), text
    for question, answer in ASKED:
        assert project.manage("shell", "-c", question).strip() == answer, question
    for statement, why in REFUSED:
        done = project.run("shell", "-c", statement)
        assert "NotSupportedError" in done.stderr and why in done.stderr, f"{statement}: {done.stdout}{done.stderr}"
    rows = opened(name).rows(project.url, "SELECT code FROM node ORDER BY tenant, code")
    assert rows == [("a",), ("b",), ("a",)], f"what was refused has changed nothing: {rows}"
    return project


def test_odd_tables():
    project = odd("sqlite", UNIQUE, COMPUTED, 'The type is a guess: the database has "FOO / * x * / BAR".', 'MODEL_AS(File, "File")', "struct FilmActor {",
                  '.db_column = "/*"', '.db_column = "*/"', '.db_column = "new\\nline"', '.db_column = "back\\\\slash"', '.db_column = ""')
    project.manage("shell", "-c", 'Node.objects.create(tenant=1, code="c"); Node.objects.filter(tenant=1, code="c").update(name="four")')
    assert project.manage("shell", "-c", 'Node.objects.filter(tenant=1, code="c", name="four").delete()')
    assert databases.SQLite().rows(project.url, "SELECT count(*) FROM node") == [("3",)]


def test_odd_tables_on_postgresql():
    project = odd("postgresql", UNIQUE, 'Choices(("earth", "earth"), ("it\'s", "it\'s"), ("a\\\\b", "a\\\\b"))', 'Choices(("red", "red"), ("VALUE", "VALUE"))',
                  'The type is a guess: the database has "int4multirange"', 'The type is a guess: the database has "jsonpath"',
                  "ArrayField(Types, grid, models_ArrayField(NULL, models_IntegerField(NULL))", '.db_column = "NAME"', "struct Mixed2 {",
                  COMPUTED)
    for member, type_ in (("tint", "TextField"), ("deep", "TextField"), ("deepest", "CharField"), ("place", "TextField")):
        words = "".join(re.findall(rf"\w+\(Checks, {member}, .*", source(project)))
        assert words.startswith(type_) and ('"earth"' if member == "place" else '"red"') in words, words
    assert 'CharField(Checks, deepest, .max_length = 7' in source(project)
    for asked, answer in (('place__contains="art"', 1), ('place__startswith="x"', 0), ('deepest="blue"', 1), ('deepest="red"', 0)):
        assert project.manage("shell", "-c", f"Checks.objects.filter({asked}).count()").strip() == str(answer), asked
    assert project.manage("shell", "-c", 'Checks.objects.filter(home="it\'s", every="day", tint="red").count()').strip() == "1"
    assert project.manage("shell", "-c", 'Types.objects.filter(few__isnull=False).values_list("many", "grid", "price")').count("[[1, 2], [3, 4]]") == 1


def test_odd_tables_on_mariadb():
    project = odd("mysql", 'Choices(("earth", "earth"), ("it\'s", "it\'s"), ("a\\\\b", "a\\\\b"))', 'Choices(("on", "on"), ("off", "off")), .db_column = "check"',
                  "CharField(Checks, several, .max_length = 6", 'The type is a guess: the database has "bit(9)"', "GenericIPAddressField(Types, ip",
                  "IntegerField(Types, y2", "DecimalField(Types, d, .max_digits = 9, .decimal_places = 3", COMPUTED)
    assert project.manage("shell", "-c", 'Checks.objects.filter(home="it\'s", several="it\'s,z").count()').strip() == "1"


# Of each database: what it has that a model has no words for, and what the models say of it.
UNSAID = {
    "sqlite": (
        ("CREATE TABLE maker (id INTEGER PRIMARY KEY, name TEXT NOT NULL, code VARCHAR(9) NOT NULL)", "CREATE INDEX maker_plain ON maker (code)",
         "CREATE INDEX maker_nocase ON maker (code, name COLLATE NOCASE DESC)", "CREATE UNIQUE INDEX maker_low ON maker (lower(name))",
         "CREATE INDEX maker_some ON maker (code) WHERE id > 9"),
        ("maker_nocase (name COLLATE NOCASE)", "unique maker_low (of some rows, or over an expression)", "maker_some (of some rows, or over an expression)"),
        ('{ .name = "maker_plain", .fields = { "code" } }',)),
    "postgresql": (
        ("CREATE TABLE maker (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, turn integer GENERATED BY DEFAULT AS IDENTITY, "
         "once bigint GENERATED ALWAYS AS IDENTITY, number serial, name varchar(30) NOT NULL, code varchar(9) NOT NULL UNIQUE, spot point, words tsvector)",
         "CREATE INDEX maker_like ON maker (name varchar_pattern_ops, turn)", "CREATE INDEX maker_spot ON maker USING gist (spot)",
         "CREATE INDEX maker_words ON maker USING gin (words)", "CREATE INDEX maker_c ON maker (name COLLATE \"C\")",
         "CREATE INDEX maker_code_like ON maker (code varchar_pattern_ops)", "CREATE INDEX maker_full ON maker (number) WITH (fillfactor = 70)",
         "CREATE INDEX maker_some ON maker (turn) WHERE turn > 9"),
        ("maker_c (name COLLATE C)", "maker_full (WITH (fillfactor=70))", "maker_some (of some rows, or over an expression)",
         "/* GENERATED ALWAYS AS IDENTITY: the database refuses a key that is given, by create() or a fixture. */\n        AutoField(Maker, id",
         "leave the field out to save rows. */\n        BigIntegerField(Maker, once",
         "or leave the field out. */\n        IntegerField(Maker, turn", "or leave the field out. */\n        IntegerField(Maker, number"),
        ('.name = "maker_like", .fields = { "name", "turn" }, .opclasses = { "varchar_pattern_ops", "int4_ops" }',
         '.name = "maker_spot", .fields = { "spot" }, .type = NU_GIST', '.name = "maker_words", .fields = { "words" }, .type = NU_GIN')),
    "mysql": (
        ("CREATE TABLE maker (id int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(200) NOT NULL, code varchar(9) NOT NULL, body text, spot point NOT NULL, "
         "FULLTEXT KEY maker_words (name, body), KEY maker_head (code, body(10)), UNIQUE KEY maker_once (name(20)), SPATIAL KEY maker_spot (spot), KEY maker_plain (code))",),
        ("maker_words (FULLTEXT)", "maker_head (body(10))", "unique maker_once (name(20))", "maker_spot (SPATIAL)",
         "/* The database has int(10) unsigned; one that these migrations make from nothing counts with a sign. */\n        AutoField(Maker, id"),
        ('{ .name = "maker_plain", .fields = { "code" } }', "CharField(Maker, name, .max_length = 200)")),
}


def unsaid(name):
    statements, notes, said = UNSAID[name]
    database = opened(name)
    url = database.fresh()
    database.execute(url, *statements)
    before = database.schema(url)
    project = Project(url, "--adopt", "--managed")
    text = source(project)
    expect(text, *notes, *said)
    for index in ("maker_nocase", "maker_low", "maker_some", "maker_words", "maker_c", "maker_head", "maker_code_like"):
        assert f'.name = "{index}"' not in text or any(index in one for one in said), f"{index} is said to be what it is not: {text}"
    expect(school.checked(nuages(school.scratch(), "inspectdb", "--database", url)), *notes)
    project.build()
    assert "No changes detected" in project.manage("makemigrations", "--check")
    assert not databases.differences(before, database.schema(url))
    return project


def test_what_no_model_says_is_noted():
    unsaid("sqlite")


def test_what_no_model_says_is_noted_on_postgresql():
    project = unsaid("postgresql")
    given = 'Maker.objects.create({}name="a", code="a", turn=1, once=1, number=1)'.format
    assert "cannot insert a non-DEFAULT value" in project.run("shell", "-c", given("")).stderr, "as the note of `once` says"
    opened("postgresql").execute(project.url, "ALTER TABLE maker ALTER once DROP IDENTITY")
    assert "cannot insert a non-DEFAULT value" in project.run("shell", "-c", given("id=7, ")).stderr, "as the note of the key says"
    project.manage("shell", "-c", given(""))


def test_what_no_model_says_is_noted_on_mariadb():
    project, database = unsaid("mysql"), opened("mysql")
    database.execute(project.url, "INSERT INTO maker (name, code, spot) VALUES ('a', 'b', ST_GeomFromText('POINT(1 2)'))")
    done = migrated(project, c=(r"( *CharField\(Maker, name.*\n)", r"\1        ForeignKey(Maker, boss, Maker, .null = true, .blank = true, .on_delete = SET_NULL),\n"),
                    h=(r"(    nu_str name;\n)", r"\1    Maker_ref boss;\n"))
    school.checked(done)
    types = dict(database.rows(project.url, "SELECT column_name, column_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'maker'"))
    assert types["id"] == types["boss_id"] == "int(10) unsigned", f"a key that refers to it is as it is: {types}"
    assert "`id` integer AUTO_INCREMENT" in project.manage("sqlmigrate", "legacy", "0001"), "as the note of the key says"


def words_of_headers():
    """What the public headers call anything, but for their own prefix."""
    text = "".join(f"#include <nuages/{name}.h>\n" for name in ("auth", "contenttypes", "nuages", "postgres"))
    flags = [flag for flag in sites.described() if flag.startswith("-I")]
    found = set()
    for how in ([], ["-dM"]):
        done = subprocess.run([suite.CC, "-std=gnu17", "-E", *how, *flags, "-x", "c", "-"], input=text, capture_output=True, text=True, check=True)
        found |= set(re.findall(r"\b[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*\b", done.stdout))
    return sorted(word for word in found if not word.lower().startswith("nu") and len(word) < 60)


def sqlite_with(*statements):
    path = school.fresh_folder() / "db.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(";\n".join(statements))
    return f"sqlite:///{path}"


def test_columns_and_tables_called_as_the_headers_call_things():
    words = words_of_headers()
    columns = sorted({word.lower() for word in words} - {"row_id"})
    tables = list({word.lower(): word for word in words if word[0].isupper() and "_" not in word}.values())
    assert len(columns) > 1000 and len(tables) > 300, "words were found"
    texts = [f'"{name}" TEXT' for name in columns]
    holders = [f"CREATE TABLE holder_{i} (row_id INTEGER PRIMARY KEY, {', '.join(texts[i:i + 110])})" for i in range(0, len(texts), 110)]
    for statements in (holders, [f'CREATE TABLE "{name}" (id INTEGER PRIMARY KEY)' for name in tables]):
        project = Project(sqlite_with(*statements))
        project.build()
        assert "no issues" in project.manage("check")
    wanted = ["legacy", *(f"legacy_{i}" for i in range(2, -(-len(tables) // 128) + 1))]
    assert project.apps == wanted, f"an app has room for 128 models: {len(tables)} in {project.apps}"


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


OWN = """
CREATE TABLE maker (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL DEFAULT 'Bonn', born INTEGER NOT NULL DEFAULT 1900
  CHECK (born > 1000), died INTEGER, code TEXT NOT NULL, mark TEXT NOT NULL, extra INTEGER NOT NULL CHECK (extra <> 13), CONSTRAINT lived CHECK (died IS NULL OR (died >= born)),
  CONSTRAINT code_and_city UNIQUE (code, city), CHECK (length(mark) < 5));
CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX maker_lower ON maker (lower(name));
CREATE UNIQUE INDEX maker_alive ON maker (name) WHERE died IS NULL;
CREATE INDEX maker_extra ON maker (extra, abs(extra));
CREATE TRIGGER maker_log AFTER INSERT ON maker BEGIN INSERT INTO log (name) VALUES (NEW.name); END;
INSERT INTO maker (id, name, code, mark, extra) VALUES (1, 'Ada', 'a', 'x', 1)
"""


def migrated(project, *options, **edits):
    """After a change of the models.c that has what is changed, and of models.h."""
    for path in (project.folder / "models.h", *(project.folder / app / "models.c" for app in project.apps)):
        old, new = edits[path.suffix[1:]]
        path.write_text(re.sub(old, new, path.read_text()))
    project.build()
    project.manage("makemigrations", *options)
    project.build()
    return project.run("migrate")


def with_a_number(project, model, after):
    """A field that can't be added in place, behind another."""
    return migrated(project, c=(rf"(\w+\({model}, {after}\b.*\n)", rf"\1        IntegerField({model}, fresh, Default(5)),\n"),
                    h=(rf"(struct {model} {{\n[^}}]* {after};\n)", r"\1    int64_t fresh;\n"))


def refused_by_sqlite(url, statement, constraint):
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        try:
            connection.execute(statement)
        except sqlite3.IntegrityError as error:
            assert constraint in str(error), error
            return
    raise AssertionError(f"taken: {statement}")


def test_what_no_model_knows_outlives_a_migration():
    database, url = databases.SQLite(), sqlite_with(*OWN.split(";\n"))
    project = Project(url, "--adopt")
    project.build()
    others = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'maker' AND sql IS NOT NULL AND type <> 'table' ORDER BY 1, 2"
    before = database.rows(url, others)
    assert len(before) == 4, before
    school.checked(with_a_number(project, "Maker", "mark"))
    assert [row for row in database.rows(url, others) if "_uniq" not in row[1]] == before, database.rows(url, others)
    made = "INSERT INTO maker (name, code, mark, extra, fresh, born, died) VALUES ('{}', '{}', '{}', {}, 1, {}, {})"
    for values, constraint in ((("B", "b", "x", 13, 1950, "NULL"), "CHECK"), (("B", "b", "x", 1, 999, "NULL"), "CHECK"),
                               (("B", "b", "x", 1, 1950, 1949), "lived"), (("B", "b", "long mark", 1, 1950, "NULL"), "CHECK"),
                               (("B", "a", "x", 1, 1950, "NULL"), "maker.code, maker.city"), (("Ada", "b", "x", 1, 1950, "NULL"), "maker.name")):
        refused_by_sqlite(url, made.format(*values), constraint)
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("INSERT INTO maker (name, code, mark, extra, fresh) VALUES ('Bo', 'b', 'y', 2, 1)")
        assert connection.execute("SELECT born, city FROM maker WHERE name = 'Bo'").fetchall() == [(1900, "Bonn")]
        assert connection.execute("SELECT name FROM log").fetchall() == [("Ada",), ("Bo",)]
        connection.rollback()


def test_columns_that_no_model_has_stay_with_what_is_in_them():
    database, url = databases.SQLite(), sqlite_with(*OWN.split(";\n"))
    project = Project(url, "--adopt")
    project.build()
    database.execute(url, "ALTER TABLE maker ADD COLUMN secret TEXT COLLATE NOCASE DEFAULT 's'", "UPDATE maker SET secret = 'of Ada'",
                     "ALTER TABLE maker ADD COLUMN twice TEXT AS (name || name)")
    school.checked(with_a_number(project, "Maker", "mark"))
    assert database.rows(url, "SELECT secret, twice, fresh FROM maker") == [("of Ada", "AdaAda", "5")]


def test_a_field_does_not_take_the_place_of_a_column_that_no_model_has():
    database, url = databases.SQLite(), sqlite_with(*OWN.split(";\n"))
    project = Project(url, "--adopt")
    project.build()
    database.execute(url, "ALTER TABLE maker ADD COLUMN fresh TEXT DEFAULT 'mine'")
    done = with_a_number(project, "Maker", "mark")
    told = done.stdout + done.stderr
    assert done.returncode == 1 and 'has a column "fresh" already' in told and "SeparateDatabaseAndState" in told, told
    assert database.rows(url, "SELECT fresh FROM maker") == [("mine",)]


def test_a_unique_constraint_that_is_a_part_of_its_table_can_be_dropped():
    database, url = databases.SQLite(), sqlite_with(*OWN.split(";\n"))
    project = Project(url, "--adopt")
    project.build()
    school.checked(migrated(project, c=(r"\.unique_together = .*\n", ""), h=("$", "")))
    ((sql,),) = database.rows(url, "SELECT sql FROM sqlite_master WHERE name = 'maker'")
    assert "code_and_city" not in sql and "lived" in sql and "born > 1000" in sql, sql
    database.execute(url, *["INSERT INTO maker (name, code, mark, extra) VALUES ('Bo', 'a', 'y', 2)"])


def test_what_is_about_a_removed_field_goes_with_it():
    database, url = databases.SQLite(), sqlite_with(*OWN.replace("extra INTEGER NOT NULL", "extra INTEGER NOT NULL UNIQUE").split(";\n"))
    project = Project(url, "--adopt")
    project.build()
    school.checked(migrated(project, c=(r" *\w+\(Maker, extra\b.*\n", ""), h=(r" *int64_t extra;\n", "")))
    ((sql,),) = database.rows(url, "SELECT sql FROM sqlite_master WHERE name = 'maker'")
    assert "extra" not in sql and "lived" in sql and "born > 1000" in sql and "DEFAULT 'Bonn'" in sql and "code_and_city" in sql, sql
    indexes = database.rows(url, "SELECT name FROM sqlite_master WHERE tbl_name = 'maker' AND type = 'index' AND sql IS NOT NULL ORDER BY 1")
    assert indexes == [("maker_alive",), ("maker_lower",)], indexes


OF_KEEPER = ("CREATE TABLE maker (id INTEGER PRIMARY KEY)", "INSERT INTO maker VALUES (1)", "CREATE TABLE log (keeper INTEGER)",
             "CREATE TABLE dog (id INTEGER PRIMARY KEY, keeper_id INTEGER NOT NULL REFERENCES maker (id) ON DELETE CASCADE, CHECK (keeper_id > 0))",
             "CREATE INDEX dog_twice ON dog (keeper_id * 2)", "CREATE VIEW kept AS SELECT keeper_id AS keeper FROM dog",
             "CREATE TRIGGER dog_in AFTER INSERT ON dog BEGIN INSERT INTO log VALUES (NEW.keeper_id); END")


def test_what_names_a_column_that_gets_another_name_follows():
    database, url = databases.SQLite(), sqlite_with(*OF_KEEPER)
    project = Project(url, "--adopt")
    project.build()
    school.checked(migrated(project, "--rename", "legacy.Dog.keeper=holder", c=("keeper", "holder"), h=("keeper", "holder")))
    texts = dict(database.rows(url, "SELECT name, sql FROM sqlite_master WHERE name IN ('dog', 'dog_twice', 'kept', 'dog_in')"))
    assert all("holder_id" in text and "keeper_id" not in text for text in texts.values()) and len(texts) == 4, texts
    assert "ON DELETE CASCADE" in texts["dog"] and 'CHECK ("holder_id" > 0)' in texts["dog"], texts
    database.execute(url, "INSERT INTO dog (holder_id) VALUES (1)")
    assert database.rows(url, "SELECT * FROM log") == [("1",)] == database.rows(url, "SELECT keeper FROM kept")


def test_a_collated_index_outlives_the_new_names_of_its_columns():
    database, url = databases.SQLite(), sqlite_with(
        "CREATE TABLE maker (id INTEGER PRIMARY KEY)",
        "CREATE TABLE dog (id INTEGER PRIMARY KEY, name TEXT NOT NULL, keeper_id INTEGER NOT NULL REFERENCES maker (id))",
        "CREATE INDEX dog_by ON dog (name COLLATE NOCASE, keeper_id)", "CREATE UNIQUE INDEX dog_once ON dog (name COLLATE NOCASE)")
    project = Project(url, "--adopt", "--managed")
    project.build()
    for old, new in (("keeper", "holder"), ("name", "label")):  # the first makes the table anew
        school.checked(migrated(project, "--rename", f"legacy.Dog.{old}={new}", c=(rf"\(Dog, {old}\b", f"(Dog, {new}"), h=(rf" {old};", f" {new};")))
    indexes = dict(database.rows(url, "SELECT name, replace(sql, '\"', '') FROM sqlite_master WHERE tbl_name = 'dog' AND name LIKE 'dog\\_%' ESCAPE '\\'"))
    assert indexes["dog_by"] == "CREATE INDEX dog_by ON dog (label COLLATE NOCASE, holder_id)", indexes
    assert indexes["dog_once"] == "CREATE UNIQUE INDEX dog_once ON dog (label COLLATE NOCASE)", indexes
    assert "No changes detected" in project.manage("makemigrations", "--check")


def test_what_would_break_a_view_or_a_trigger_is_refused():
    for kind, what in (("VIEW seen AS SELECT extra FROM maker", 'the view "seen"'),
                       ("TRIGGER t AFTER DELETE ON log BEGIN UPDATE maker SET extra = 1; END", 'a trigger of "log"')):
        database, url = databases.SQLite(), sqlite_with(
            "CREATE TABLE log (id INTEGER PRIMARY KEY)", "CREATE TABLE maker (id INTEGER PRIMARY KEY, extra INTEGER)", "INSERT INTO maker VALUES (1, 2)",
            f"CREATE {kind}")
        project = Project(url, "--adopt")
        project.build()
        before = database.rows(url, "SELECT name, sql FROM sqlite_master WHERE name IN ('maker', 'new__maker', 'seen', 't') ORDER BY 1")
        done = migrated(project, c=(r" *\w+\(Maker, extra\b.*\n", ""), h=(r" *nu_opt_int extra;\n", ""))
        told = done.stdout + done.stderr
        assert done.returncode == 1, told
        for part in ('"maker"', what, "no such column: extra", "RunSQL"):
            assert part in told, told
        assert database.rows(url, "SELECT name, sql FROM sqlite_master WHERE name IN ('maker', 'new__maker', 'seen', 't') ORDER BY 1") == before
        assert database.rows(url, "SELECT extra FROM maker") == [("2",)]


def test_checks_of_an_adopted_django_table_outlive_a_migration():
    database, url = databases.SQLite(), f"sqlite:///{school.copy_of(school.seed())}"
    project = Project(url, "--adopt")
    project.build()
    school.checked(with_a_number(project, "Student", "roll_no"))
    ((sql,),) = database.rows(url, "SELECT sql FROM sqlite_master WHERE name = 'registry_student'")
    assert sql.count("student_gpa_range") == 1 and sql.upper().count("JSON_VALID") == 1, sql


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


FURTHER_APPS = """
from school.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sites", "django.contrib.flatpages", "django.contrib.redirects"]
SITE_ID = 1
"""
FURTHER_ROWS = """
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
site = Site.objects.get()
FlatPage.objects.create(url="/about/", title="About").sites.add(site)
Redirect.objects.create(site=site, old_path="/old/", new_path="/new/")
"""
FURTHER_ASKED = [
    ('DjangoFlatpage.objects.get(url="/about/").title', '"About"'), ("DjangoFlatpageSites.objects.get().site.domain", '"example.com"'),
    ('DjangoRedirect.objects.get(site__domain="example.com", old_path="/old/").new_path', '"/new/"'), ("DjangoAdminLog.objects.count()", "0"),
]


def contrib_apps(name):
    """Tables of all of Django's contrib apps: sites, flatpages and redirects beside those that its own projects begin with."""
    database, folder = opened(name), school.fresh_folder()
    (folder / "further.py").write_text(FURTHER_APPS)
    url, env = database.fresh(), {"DJANGO_SETTINGS_MODULE": "further", "PYTHONPATH": str(folder)}
    school.checked(test_round_trip.django(url, "migrate", **env))
    school.checked(test_round_trip.django(url, "shell", "-c", FURTHER_ROWS, **env))
    history = database.rows(url, "SELECT app, name FROM django_migrations ORDER BY id")
    project = assert_adopted(url, database, database.schema(url))
    assert {"django_site", "django_flatpage", "django_flatpage_sites", "django_redirect", "django_admin_log"} <= set(project.models().values())
    for question, answer in FURTHER_ASKED:
        told = project.manage("shell", "-c", question).strip()
        assert told.replace("'", '"') == answer or told == answer.strip('"'), f"{question}: {told}"
    assert database.rows(url, "SELECT app, name FROM django_migrations ORDER BY id")[:len(history)] == history, "the history is left as it is"
    assert "No changes detected" in school.checked(test_round_trip.django(url, "makemigrations", "--check", **env))
    assert "No migrations to apply" in school.checked(test_round_trip.django(url, "migrate", **env))


def test_djangos_further_apps():
    contrib_apps("sqlite")


def test_djangos_further_apps_on_postgresql():
    contrib_apps("postgresql")


def test_djangos_further_apps_on_mariadb():
    contrib_apps("mysql")


def test_models_are_printed_without_a_project():
    url = sqlite_of("sakila.sql")
    text = school.checked(nuages(school.scratch(), "inspectdb", "--database", url, "language", "film_list", "--include-views"))
    assert "struct Language {" in text and "const nu_model FilmList_model" in text and "Actor" not in text, text
    assert ".unmanaged = true" in text
    assert ".unmanaged = true" not in school.checked(nuages(school.scratch(), "inspectdb", "--database", url, "language", "--managed"))


def test_what_is_wrong_is_said():
    url = sqlite_of("chinook.sql")
    for arguments, status, expected in (
            (("--database", url, "--project", "own", "Artists"), 1, "The database has no table Artists. Did you mean 'Artist'?"),
            (("--database", "nowhere"), 2, "Give the database by its address"),
            (("--database", "sqlite:////nowhere/db.sqlite3"), 1, "/nowhere/db.sqlite3"),
            (("--database", url, "--adopt"), 2, "--adopt needs --project"),
            (("--database", url, "--project", "my-site"), 1, "is not a valid name")):
        done = nuages(school.scratch(), "inspectdb", *arguments)
        assert done.returncode == status and expected in done.stderr, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"


def test_a_table_that_is_not_there_is_a_comment_beside_the_others():
    told = school.checked(nuages(school.scratch(), "inspectdb", "--database", sqlite_of("chinook.sql"), "Artists", "Artist"))
    assert "/* Unable to inspect table 'Artists'" in told and "Did you mean 'Artist'?" in told and "struct Artist {" in told, told


def refused(arguments, *expected, folder=None):
    folder = folder or school.fresh_folder()
    done = nuages(folder, "inspectdb", *arguments)
    assert done.returncode == 1, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    for part in expected:
        assert part in done.stderr, f"{arguments}: {part}\n{done.stdout}{done.stderr}"
    assert not done.stdout and not list(folder.iterdir()), f"{arguments}: nothing is left behind: {done.stdout}{list(folder.iterdir())}"


def test_a_database_without_tables():
    for name in ("sqlite", "postgresql", "mysql"):
        url = opened(name).fresh() if name != "sqlite" else sqlite_with("CREATE TABLE x (id INTEGER)", "DROP TABLE x")
        for more in ((), ("--project", "site")):
            refused(("--database", url, *more), "CommandError: The database has no tables")


def test_a_database_of_views_alone():
    url = sqlite_with("CREATE VIEW one AS SELECT 1 AS a")
    refused(("--database", url, "--project", "site"), "CommandError: The database has no tables", "--include-views")
    assert "struct One {" in school.checked(nuages(school.scratch(), "inspectdb", "--database", url, "--include-views"))


def test_what_is_no_database():
    path = school.fresh_folder() / "text.sqlite3"
    path.write_text("This is a letter, and has been for " + 50 * "many years. ")
    refused(("--database", f"sqlite:///{path}", "--project", "site"), "file is not a database", str(path))
    refused(("--database", f"sqlite:///{path.parent}/none.sqlite3", "--project", "site"), "none.sqlite3")


def test_a_server_that_is_not_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for scheme in ("postgres", "mysql"):
            refused(("--database", f"{scheme}://someone:secret@127.0.0.1:{port}/shop", "--project", "site"), "OperationalError", "127.0.0.1")


READERS = {"postgresql": ("CREATE ROLE looker LOGIN PASSWORD 'x'", "REVOKE ALL ON SCHEMA public FROM public", "GRANT USAGE ON SCHEMA public TO looker",
                          "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", "CREATE ROLE stranger LOGIN PASSWORD 'x'"),
           "mysql": ("CREATE USER looker@'%' IDENTIFIED BY 'x'", "GRANT SELECT ON `{0}`.* TO looker@'%'", "CREATE USER stranger@'%' IDENTIFIED BY 'x'")}


def without_a_right(name, cannot_create, cannot_see):
    """Who may only read can have models, but no --adopt; a stranger has nothing."""
    url, database = of_script(name, "chinook.sql"), opened(name)
    where = database.database(url)
    database.server.sql("; ".join(READERS[name]).format(where), database=where)
    looker, stranger = (re.sub(r"://[^@/]*@", f"://{who}:x@", url) for who in ("looker", "stranger"))
    assert "struct Artist {" in school.checked(nuages(school.scratch(), "inspectdb", "--database", looker))
    refused(("--database", looker, "--project", "site", "--adopt"), cannot_create, "django_migrations")
    for more in ((), ("--project", "site"), ("--project", "site", "--adopt")):
        refused(("--database", stranger, *more), cannot_see)


def test_no_permission_on_postgresql():
    without_a_right("postgresql", "permission denied for schema public", "The database has no tables to write models for")


def test_no_permission_on_mariadb():
    without_a_right("mysql", "CREATE command denied to user 'looker'", "grant the user this database")


def test_labels_that_lead_out_of_the_folder():
    """What a table of the history says is no path."""
    url = sqlite_with("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL, applied DATETIME NOT NULL)",
                      "INSERT INTO django_migrations (app, name, applied) VALUES ('../../evil', '0001_initial', '2026-01-01 00:00:00'), ('a b', '0001_initial', '2026-01-01 00:00:00')",
                      'CREATE TABLE "../../evil_table" (id INTEGER PRIMARY KEY)', 'CREATE TABLE "a b_table" (id INTEGER PRIMARY KEY)')
    project = Project(url)
    assert project.apps == ["legacy"], project.apps
    project.build()
    for label in ("../up", "a b", "1st", ""):
        refused(("--database", url, "--project", "site", "--app", label), "is not a valid name")


if __name__ == "__main__":
    suite.main(globals())
