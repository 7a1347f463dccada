"""Migrations that no transaction holds and that stop halfway: what has not been done is never taken for done, and
nothing goes past them as if they were whole."""
import contextlib
import functools
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
from sites import Field, Model, Site

F = Field
UNIQUE = 'AddConstraintConcurrently("Item", { .name = "one_name", .fields = { "name" } })'
INDEX = 'AddIndexConcurrently("Item", { .name = "by_name", .fields = { "name" } })'
ADDED = ('AddField("Item", models_IntegerField("a", Default(1)))', 'AddField("Item", models_IntegerField("u", Default(7), .unique = true))',
         'AddField("Item", models_IntegerField("b", Default(2)))')
TWO_ROWS = "INSERT INTO shop_item (name) VALUES ('x'), ('x')"


@functools.cache
def first():
    """A site with its first migration."""
    made = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    made.models["shop"]["Item"] = Model(F("name", "CharField", ".max_length = 60"))
    made.makemigrations()
    return made


def second(site, *operations):
    """Write the second migration, and build."""
    text = ",\n    ".join((*operations, "{ 0 }"))
    (site.folder / "shop/migrations/0002_more.c").write_text(
        f"static const nu_operation shop_0002_more_operations[] = {{\n    {text},\n}};\n\n"
        'const nu_migration shop_0002_more = {\n    .app_label = "shop", .name = "0002_more", .non_atomic = true,\n'
        '    .dependencies = { { "shop", "0001_initial" } },\n    .operations = shop_0002_more_operations,\n};\n')
    site.build()


def prepared(database, *operations):
    """A site with the first migration applied, the second written, and two equal rows."""
    site = first().copy(school.fresh_folder() / "half", database.fresh())
    second(site, *operations)
    site.manage("migrate", "shop", "0001")
    database.execute(site.url, TWO_ROWS)
    return site


def applied(database, site):
    return [name for (name,) in database.rows(site.url, "SELECT name FROM django_migrations WHERE app = 'shop' ORDER BY 1")]


def progress(database, site):
    return database.rows(site.url, "SELECT app, name FROM nuages_migration_progress")


def columns(database, site):
    if database.name == "sqlite":
        return {name for (name,) in database.rows(site.url, "SELECT name FROM pragma_table_info('shop_item')")}
    return {fact.split()[1 if database.name != "mysql" else 0].strip("`") for fact in database.schema(site.url)["shop_item"]
            if fact.startswith(("column", "`"))}


def validity(database, site, index):
    return [valid for (valid,) in database.rows(site.url, f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{index}')")]


@contextlib.contextmanager
def writing(site):
    """A transaction that has written to the table; it ends with the block."""
    process = subprocess.Popen(["psql", "-q", "-At", site.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write("BEGIN; UPDATE shop_item SET name = name; SELECT 'has it';\n")
    process.stdin.flush()
    assert process.stdout.readline().strip() == "has it"
    try:
        yield process
    finally:
        process.communicate("ROLLBACK;\n", timeout=school.TIME_LIMIT)


# ---- a name that is taken ----

def taken_names(database):
    for operation, sql in (('CreateModel(.name = "Tag", .fields = { models_BigAutoField("id", .primary_key = true) })', "CREATE TABLE shop_tag (x int)"),
                           (ADDED[0], "ALTER TABLE shop_item ADD COLUMN a int"),
                           ('AddIndex("Item", { .name = "by_name", .fields = { "name" } })', "CREATE INDEX by_name ON shop_item (id)")):
        if database.name == "sqlite" and "ADD COLUMN" in sql:
            continue  # the table is made anew, and the column with it
        site = prepared(database, operation)
        database.execute(site.url, sql)
        for _ in range(3):
            told = site.refused("migrate")
            assert "The name is taken" in told, told
        database.execute(site.url, "CREATE TABLE beside (x int)")  # the schema is no longer what it was
        assert "The name is taken" in site.refused("migrate")
        assert applied(database, site) == ["0001_initial"]


# ---- going on, going back, giving up ----

def stopped(database):
    """At the second of three operations."""
    site = prepared(database, *ADDED)
    site.refused("migrate")
    assert columns(database, site) == {"id", "name", "a"}, columns(database, site)
    return site


def shown(site):
    listed, planned = site.manage("showmigrations", "shop").splitlines()[1:], site.manage("showmigrations", "--plan").splitlines()
    assert [line.replace("]  shop.", "] ") for line in planned] == [line[1:] for line in listed], planned
    return listed


def no_way_past(database):
    site = stopped(database)
    for target in ("0001", "zero"):
        told = site.refused("migrate", "shop", target)
        assert "shop.0002_more was cut short at operation 2 while it was applied: `manage migrate shop 0002_more` goes on" in told, told
    assert columns(database, site) == {"id", "name", "a"}
    assert shown(site) == [" [X] 0001_initial", " [~] 0002_more (half applied)"], shown(site)
    database.execute(site.url, "DELETE FROM shop_item")
    told = site.manage("migrate")
    assert "going on at operation 2" in told, told
    assert shown(site) == [" [X] 0001_initial", " [X] 0002_more"], shown(site)
    site.manage("migrate", "shop", "zero")
    assert not progress(database, site)
    site.manage("migrate")
    assert columns(database, site) == {"id", "name", "a", "u", "b"}


def nothing_done(database):
    """Where the first statement failed there is nothing half."""
    site = prepared(database, 'RunSQL("INSERT INTO nowhere VALUES (1)", .reverse_sql = RunSQL_noop)')
    site.refused("migrate")
    assert shown(site) == [" [X] 0001_initial", " [ ] 0002_more"], shown(site)
    path = site.folder / "shop/migrations/0002_more.c"
    text = path.read_text()
    path.unlink()
    site.build()
    assert "No migrations to apply" in site.manage("migrate")
    site.manage("migrate", "shop", "zero")
    path.write_text(text.replace("INSERT INTO nowhere VALUES (1)", "CREATE TABLE nowhere (x int)"))
    site.build()
    site.manage("migrate")
    assert "nowhere" in database.schema(site.url) and not progress(database, site)


def fakes_forget(database):
    site = stopped(database)
    site.manage("migrate", "--fake")
    assert not progress(database, site) and applied(database, site) == ["0001_initial", "0002_more"]
    site = stopped(database)
    site.manage("migrate", "shop", "0001", "--fake")
    database.execute(site.url, "ALTER TABLE shop_item DROP COLUMN a", "DELETE FROM shop_item")
    if database.name == "sqlite":
        database.execute(site.url, "DROP TABLE new__shop_item")  # of the table that was being made anew
    site.manage("migrate", "shop", "zero")
    site.manage("migrate")
    assert columns(database, site) == {"id", "name", "a", "u", "b"}


def pruned_ones_forget(database):
    site = stopped(database)
    (site.folder / "shop/migrations/0002_more.c").unlink()
    site.build()
    told = site.refused("migrate")
    assert "its file is gone" in told and "`manage migrate shop --prune`" in told, told
    site.manage("migrate", "shop", "--prune")
    assert not progress(database, site)
    assert "No migrations to apply" in site.manage("migrate")


def edited_files(database):
    site = stopped(database)
    second(site, 'AddField("Item", models_IntegerField("z", Default(5)))', *ADDED)
    told = site.refused("migrate")
    assert "Migration shop.0002_more cannot go on: its file was changed after it was cut short at operation 2. Operation 1 was" in told, told
    assert 'Operation 1 was `AddField("Item", models_IntegerField("a", Default(1)))`, and is `AddField("Item", models_IntegerField("z"' in told, told
    assert columns(database, site) == {"id", "name", "a"}
    if database.name == "sqlite":  # the table that is made anew is there: the operation has begun
        second(site, ADDED[0], 'AddField("Item", models_IntegerField("u", Default(7)))', ADDED[2])
        assert "Operation 2 was" in site.refused("migrate")
        return
    second(site, ADDED[0], 'AddField("Item", models_IntegerField("u", Default(7)))', ADDED[2])  # what failed is mended
    site.manage("migrate")
    assert columns(database, site) == {"id", "name", "a", "u", "b"} and not progress(database, site)


ON_ALL = (taken_names, no_way_past, nothing_done, fakes_forget, pruned_ones_forget, edited_files)


def all_of_them(name):
    with databases.opened(name) as database:
        for check in ON_ALL:
            check(database)


def test_sqlite():
    all_of_them("sqlite")


def test_mariadb():
    all_of_them("mysql")
    with databases.opened("mysql") as database:
        stopped_on_the_way_back(database)


def test_postgresql():
    all_of_them("postgresql")
    with databases.opened("postgresql") as database:
        for check in (duplicates, locked_out, index_of_another_table, stopped_on_the_way_back):
            check(database)


def stopped_on_the_way_back(database):
    """Taken back, the first operation drops a table, the second makes what is null not null."""
    site = prepared(database, 'AlterField("Item", models_CharField("name", .max_length = 60, .null = true))',
                    'CreateModel(.name = "Tag", .fields = { models_BigAutoField("id", .primary_key = true) })')
    site.manage("migrate")
    database.execute(site.url, "INSERT INTO shop_item (name) VALUES (NULL)")
    site.refused("migrate", "shop", "0001")
    assert "shop_tag" not in database.schema(site.url)
    assert shown(site) == [" [X] 0001_initial", " [~] 0002_more (half taken back)"], shown(site)
    for command in (["migrate"], ["migrate", "--check"], ["migrate", "shop", "0002"]):
        told = site.refused(*command)
        assert "cut short at operation 2 while it was taken back: `manage migrate shop 0001_initial` goes on" in told, told
    database.execute(site.url, "DELETE FROM shop_item")
    site.manage("migrate", "shop", "0001")
    site.manage("migrate")
    assert "shop_tag" in database.schema(site.url) and not progress(database, site)


# ---- indexes that PostgreSQL has not finished ----

def duplicates(database):
    site = prepared(database, UNIQUE)
    site.refused("migrate")
    assert validity(database, site, "one_name") == ["0"]
    assert "Rows share" in site.refused("migrate"), "the rows are as they were"
    database.execute(site.url, "UPDATE shop_item SET name = name || id")
    site.manage("migrate")
    unique = database.rows(site.url, "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = 'shop_item'::regclass")
    assert unique == [("one_name",)], unique


def locked_out(database):
    for limit in ("--lock-timeout", "--statement-timeout"):
        site = prepared(database, INDEX)
        with writing(site):
            site.refused("migrate", limit, "300", "--retries", "1")
            assert "0002_more" not in applied(database, site)
        site.manage("migrate")
        assert validity(database, site, "by_name") == ["1"]


def index_of_another_table(database):
    site = prepared(database, INDEX)
    database.execute(site.url, "CREATE TABLE other (x int)", "CREATE INDEX by_name ON other (x)")
    for _ in range(2):
        assert "The name is taken" in site.refused("migrate")
    assert validity(database, site, "by_name") == ["1"] and "0002_more" not in applied(database, site)


if __name__ == "__main__":
    suite.main(globals())
