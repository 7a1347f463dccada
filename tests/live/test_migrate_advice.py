"""What a migration meets on SQLite, PostgreSQL and MariaDB, and what is told to do about it: the database's own words,
the advice on a line of its own, exit status 1, the schema as it was."""
import contextlib
import functools
import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
import test_migrate_commands
from sites import Field, Model, Site

F = Field
SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mysql"
ALL = (SQLITE, POSTGRESQL, MARIADB)
# Each a further migration of an app that has Thing with a name, applied up to 0001: by its name its operations.
OPERATIONS = {
    "size": 'AddField("Thing", models_IntegerField("size", .null = true))',
    "strict": 'AlterField("Thing", models_CharField("note", .max_length = 30))',
    "unique": 'AlterField("Thing", models_CharField("name", .max_length = 30, .unique = true))',
    "checked": """AddConstraint("Thing", { .name = "named", .check = "name__gt='m'" })""",
    "index": 'AddIndex("Thing", { .name = "by_name", .fields = { "name" } })',
    "gone": 'RemoveField("Thing", "note")',
    "table": 'CreateModel(.name = "Other", .fields = { models_BigAutoField("id", .primary_key = true) })',
    "owner": 'AlterField("Thing", models_ForeignKey("owner", "shop.Owner", .on_delete = CASCADE, .null = true))',
    "narrow": 'AlterField("Thing", models_CharField("name", .max_length = 2))',
}
ROW = "INSERT INTO shop_thing (name) VALUES ('abc')"
# What is done to the database first, the migration, the words of each database, what to do.
CASES = (
    (["CREATE TABLE shop_other (x integer)"], "table", "already exists",
     "The name is taken by what is there already. Where that is what shop.0002_table would make, `manage migrate shop 0002_table --fake` records"),
    (["ALTER TABLE shop_thing ADD COLUMN size integer"], "size", ("duplicate column name: size", "already exists", "Duplicate column name 'size'"),
     "The name is taken by what is there already"),
    (["CREATE INDEX by_name ON shop_thing (note)"], "index", ("by_name already exists", "already exists", "Duplicate key name 'by_name'"),
     "choose another name in the models"),
    ([ROW], "strict", ("NOT NULL constraint failed: new__shop_thing.note", 'column "note" of relation "shop_thing" contains null values', "note"),
     ("Rows have no value for shop.Thing.note: give the migration's field a Default(…), as `makemigrations --default shop.Thing.note=VALUE`",
      "Rows have no value for shop.Thing.note", ("Rows have NULL in shop.Thing.note", "Rows have no value for shop.Thing.note"))),
    ([ROW, ROW], "unique", ("UNIQUE constraint failed", "is duplicated", "Duplicate entry"), "Rows share what is to be unique in shop.Thing.name: make them differ"),
    ([ROW], "checked", ("CHECK constraint failed", "is violated by some row", "failed for"), "Rows break the constraint of shop.Thing: mend them"),
    (["ALTER TABLE shop_thing DROP COLUMN note"], "gone", ("note", "does not exist", "check that"),
     "The database is not what the migrations before shop.0002_gone make: one of them was edited or faked after it was applied"),
    (["INSERT INTO shop_thing (name, owner_id) VALUES ('abc', 7)"], "owner", ("foreign key", "foreign key", "foreign key"),
     ("Rows refer to rows that are not there: mend or delete them", *2 * ("Rows of shop.Thing.owner refer to rows that are not there",))),
    ([ROW], "narrow", (None, "value too long", ("Data too long", "Data truncated")), "Rows have NULL in shop.Thing.name, or values that the column cannot hold"),
)


@functools.cache
def sites():
    """{name of a migration: a site that has it after 0001}"""
    made = {}
    first = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    first.models["shop"]["Owner"] = Model(F("name", "CharField", ".max_length = 30"))
    first.models["shop"]["Thing"] = Model(F("name", "CharField", ".max_length = 30"), F("note", "CharField", ".max_length = 30, .null = true"),
                                          F("owner", "ForeignKey", ".on_delete = CASCADE, .null = true, .no_db_constraint = true", to="Owner"))
    first.makemigrations()
    for name, operation in OPERATIONS.items():
        site = first.copy(school.fresh_folder() / name, first.url)
        site.build()
        test_migrate_commands.by_hand(site, name, operation)
        site.build()
        made[name] = site
    return made


def of(what, database):
    """What is said for one of the databases, in one of several wordings."""
    one = what if isinstance(what, str) else what[ALL.index(database.name)]
    return (one,) if isinstance(one, str) or one is None else one


def told_wrongly(database, case):
    statements, name, words, advice = case
    if of(words, database) == (None,):
        return None
    here = test_migrate_commands.on(sites()[name], database.fresh())
    here.manage("migrate", "shop", "0001")
    database.execute(here.url, *statements)
    before = database.schema(here.url)
    done = here.run("migrate")
    lines = done.stderr.strip().splitlines()
    problems = [
        (done.returncode == 1, f"ends with {done.returncode}"),
        (len(lines) == 2 + done.stderr.count("DETAIL:"), "is not the database's words and a line of advice"),
        (f"Migration shop.0002_{name}" in lines[0] and any(one in "\n".join(lines[:-1]) for one in of(words, database)), f"has not {words}"),
        (any(one in lines[-1] for one in of(advice, database)), f"advises not {advice}"),
        (not databases.differences(before, database.schema(here.url)), "changed the schema"),
    ]
    wrong = [text for good, text in problems if not good]
    return f"{database.name}, {name}: {'; '.join(wrong)}\n{done.stdout}{done.stderr}" if wrong else None


def on(name):
    with databases.opened(name) as database:
        wrong = [text for text in (told_wrongly(database, case) for case in CASES) if text]
    assert not wrong, f"{len(wrong)} of {len(CASES)}\n" + "\n".join(wrong)


def test_on_sqlite():
    on(SQLITE)


def test_on_postgresql():
    on(POSTGRESQL)


def test_on_mariadb():
    on(MARIADB)


# ---- what no statement says ------------------------------------------------------------------------


def advised(site, words, advice, *arguments):
    told = site.refused(*(arguments or ("migrate",))).strip().splitlines()
    assert words in told[-2] and advice in told[-1], "\n".join(told)


def test_a_lock_that_a_transaction_holds():
    site = sites()["size"]
    here = test_migrate_commands.on(site, databases.SQLite().fresh())
    here.manage("migrate", "shop", "0001")
    with contextlib.closing(sqlite3.connect(here.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        advised(here, "database is locked", "Others use what it wants: end what holds it", "migrate", "--lock-timeout", "50", "--retries", "1")
    here.manage("migrate")


def test_dependencies_that_cannot_be():
    site = sites()["size"].copy(school.fresh_folder() / "site", databases.SQLite().fresh())
    path = site.folder / "shop/migrations/0002_size.c"
    text = path.read_text()
    for old, new, words, advice in (
            ('"0001_initial"', '"0001_intial"', "Migration shop.0002_size dependencies reference nonexistent parent node ('shop', '0001_intial')",
             f"Name one that is there in .dependencies or .run_before of {site.folder}/shop/migrations/0002_size.c"),
            (".operations =", '.run_before = { { "shop", "0001_initial" } }, .operations =', "CircularDependencyError: shop.0001_initial, shop.0002_size",
             "These migrations depend on each other in a circle: take one of their .dependencies or .run_before away"),
            ('"size", .null', '"name", .null', "shop.Thing", "Migration shop.0002_size says so in its operation <Add field name to thing>")):
        path.write_text(text.replace(old, new, 1))
        site.build()
        advised(site, words, advice)


def third(site, name, operation):
    """Another third migration than before, built."""
    for old in (site.folder / "shop/migrations").glob("0003_*.c"):
        old.unlink()
    site.build()
    test_migrate_commands.by_hand(site, name, operation)
    site.build()


def test_a_file_edited_after_it_was_applied_shows_in_the_database():
    for name in ALL:
        with databases.opened(name) as database:
            site = sites()["size"].copy(school.fresh_folder() / "site", database.fresh())
            site.build()
            site.manage("migrate")
            assert "has not all" not in site.manage("migrate")
            path = site.folder / "shop/migrations/0002_size.c"
            path.write_text(path.read_text().replace('AddField("Thing"', 'AddField("Thing", models_IntegerField("depth", .null = true)), AddField("Thing"', 1))
            site.build()
            told, lacking = site.refused("migrate"), "has not all that its applied migrations make: shop_thing has no column depth (shop.Thing.depth)."
            assert lacking in told and "make by hand what is missing ('./manage sqlmigrate APP NAME' prints how)" in told, told

            third(site, "more", 'AddField("Thing", models_IntegerField("more", .null = true))')
            before = database.schema(site.url)
            assert lacking in site.refused("migrate"), "with something to apply as well"
            assert not databases.differences(before, database.schema(site.url))
            third(site, "less", 'RemoveField("Thing", "depth")')
            assert lacking not in site.run("migrate").stderr, "what goes anyway is no reason to stop"
            third(site, "mended", 'RunSQL("ALTER TABLE shop_thing ADD COLUMN depth integer NULL")')
            site.manage("migrate")

            database.execute(site.url, "DROP TABLE shop_thing")
            assert "there is no table shop_thing (shop.Thing)" in site.refused("migrate")


def test_a_column_or_table_that_only_the_model_has_is_told_by_each_database():
    for name in ALL:
        with databases.opened(name) as database:
            url = database.fresh()
            shell = functools.partial(school.run, environment={"DATABASE_URL": url}, cwd=school.fresh_folder())
            school.checked(shell([school.PROGRAM, "migrate", "-v0"]))
            database.execute(url, "ALTER TABLE registry_tag RENAME COLUMN slug TO slog", "DROP TABLE registry_attendance")
            for code, missing in (("Tag.objects.first()", "column registry_tag.slug of the model registry.Tag"),
                                  ("Tag.objects.update(slug='x')", "column registry_tag.slug of the model registry.Tag"),
                                  ("Tag.objects.create(name='a', slug='b')", "column registry_tag.slug of the model registry.Tag"),
                                  ("Attendance.objects.count()", "table registry_attendance of the model registry.Attendance"),
                                  ("connection.cursor().execute('SELECT slgu FROM registry_tag')", None)):
                told = shell([school.PROGRAM, "shell", "-c", code]).stderr
                assert ("run `manage makemigrations registry`" in told) == bool(missing), (name, told)
                assert f"The database has no {missing}: " in told or not missing, (name, told)


if __name__ == "__main__":
    suite.main(globals())
