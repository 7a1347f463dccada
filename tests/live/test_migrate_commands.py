"""What the commands of migrations do with their options: concurrent indexes, lock time-outs and retries, tables
without migrations, states told apart from the database, going back, merging, updating, optimizing beside Django."""
import contextlib
import functools
import pathlib
import re
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import servers
import suite
from sites import Field, Model, Site

F = Field


def shop(*fields):
    """A site with one model, its first migration made, none applied."""
    site = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    site.models["shop"]["Thing"] = Model(F("name", "CharField", ".max_length = 30"), *fields)
    site.makemigrations()
    return site


def by_hand(site, name, operations, more=""):
    """A further migration with these operations."""
    site.manage("makemigrations", "shop", "--empty", "--name", name)
    path = site.folder / f"shop/migrations/{site_migration(site, name)}.c"
    text = path.read_text().replace("    { 0 },", f"    {operations},\n    {{ 0 }},", 1)
    path.write_text(text.replace(".app_label =", f"{more} .app_label =", 1))


def site_migration(site, name):
    return next(one for one in site.migrations("shop") if one.endswith(name))


def on(site, url):
    """The same program over another database."""
    other = Site(site.folder, url)
    other.models = site.models
    return other


# ---- concurrent indexes --------------------------------------------------------------------------


def test_concurrent_indexes_need_a_migration_without_a_transaction():
    site = shop()
    by_hand(site, "atomic", 'AddIndexConcurrently("Thing", { .name = "by_name", .fields = { "name" } })')
    site.build()
    with databases.opened("postgresql") as database:
        here = on(site, database.fresh())
        here.manage("migrate", "shop", "0001")
        before = database.schema(here.url)
        told = here.refused("migrate")
        assert "AddIndexConcurrently" in told and "non_atomic" in told and "shop.0002_atomic" in told, told
        assert not databases.differences(before, database.schema(here.url))


def test_concurrent_indexes_come_and_go():
    site = shop()
    by_hand(site, "added", 'AddIndexConcurrently("Thing", { .name = "on_name", .fields = { "name" } })', ".non_atomic = true,")
    site.build()
    by_hand(site, "removed", 'RemoveIndexConcurrently("Thing", "on_name")', ".non_atomic = true,")
    site.build()
    with databases.opened("postgresql") as database:
        here = on(site, database.fresh())
        for target, there in (("0002", True), ("0003", False), ("0002", True), ("0001", False)):
            here.manage("migrate", "shop", target)
            found = database.rows(here.url, "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                                            "WHERE c.relname = 'on_name' AND i.indisvalid")
            assert found == [("on_name",)] * there, (target, found)
        assert "CREATE INDEX CONCURRENTLY" in here.manage("sqlmigrate", "shop", "0002")
        assert "DROP INDEX CONCURRENTLY" in here.manage("sqlmigrate", "shop", "0002", "--backwards")
    site.manage("migrate", "shop", "0002")  # SQLite: an ordinary one
    assert "on_name" in str(databases.SQLite().schema(site.url)["shop_thing"])


# ---- locks ---------------------------------------------------------------------------------------


@functools.cache
def altered():
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
    site.makemigrations()
    return site


HOLD = {"postgresql": "BEGIN; LOCK TABLE shop_thing; SELECT 'held'; SELECT pg_sleep({}); COMMIT",
        "mysql": "LOCK TABLES shop_thing WRITE; SELECT 'held'; DO SLEEP({}); UNLOCK TABLES"}
WAITING = {"postgresql": "SELECT 1 FROM pg_locks WHERE relation = 'shop_thing'::regclass AND granted AND mode = 'AccessExclusiveLock'",
           "mysql": "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'"}


@contextlib.contextmanager
def held(database, url, seconds):
    """The table is locked by somebody else."""
    sql = HOLD[database.name].format(seconds)
    thread = threading.Thread(target=lambda: database.server.sql(sql, database=database.database(url)), daemon=True)
    thread.start()
    servers.wait_for(lambda: database.rows(url, WAITING[database.name]), "lock of the other session")
    yield
    thread.join(servers.PATIENCE)


def locks(name):
    with databases.opened(name) as database:
        site = on(altered(), database.fresh())
        site.manage("migrate", "shop", "0001")
        before = database.schema(site.url)
        with held(database, site.url, 8):
            told = site.refused("migrate", "--lock-timeout", "1000", "--retries", "1")
            assert "shop.0002_thing_size" in told and "trying again (1)" in told and "lock" in told.lower(), told
            assert not databases.differences(before, database.schema(site.url))
        with held(database, site.url, 3):
            told = site.manage("migrate", "--lock-timeout", "1000", "--retries", "30")
            assert "trying again" in told and "Applying shop.0002_thing_size..." in told and "OK" in told, told
        assert "size" in str(database.schema(site.url)["shop_thing"])


NAP = {"postgresql": "SELECT pg_sleep(CASE WHEN (SELECT count(*) FROM shop_thing) > 0 THEN 20 ELSE 0 END)",
       "mysql": "UPDATE shop_thing SET size = SLEEP(20)"}


def statements_take_too_long(name):
    """A statement that takes its time as long as the table has a row."""
    site = shop(F("size", "IntegerField", ".null = true"))
    by_hand(site, "slow", f'RunSQL("{NAP[name]}", .reverse_sql = RunSQL_noop)')
    site.build()
    with databases.opened(name) as database:
        here = on(site, database.fresh())
        here.manage("migrate", "shop", "0001")
        database.execute(here.url, "INSERT INTO shop_thing (name) VALUES ('a')")
        before = database.schema(here.url)
        told = here.refused("migrate", "--statement-timeout", "300", "--retries", "1")
        assert "shop.0002_slow" in told and "trying again (1)" in told and "trying again (2)" not in told, told
        assert "statement timeout" in told or "max_statement_time" in told, told
        assert not databases.differences(before, database.schema(here.url))
        assert "slow" not in str(database.rows(here.url, "SELECT name FROM django_migrations WHERE app = 'shop'"))
        database.execute(here.url, "DELETE FROM shop_thing")
        told = here.manage("migrate", "--statement-timeout", "5000")
        assert "Applying shop.0002_slow..." in told and "OK" in told, told


def test_statements_that_take_too_long_on_postgresql():
    statements_take_too_long("postgresql")


def test_statements_that_take_too_long_on_mariadb():
    statements_take_too_long("mysql")


def test_a_long_migration_tells_where_it_is():
    """More than two seconds of it are over as its second operation begins."""
    site = shop()
    by_hand(site, "long", 'RunSQL("SELECT pg_sleep(2.1)", .reverse_sql = RunSQL_noop),\n    RunSQL("SELECT 1", .reverse_sql = RunSQL_noop)')
    site.build()
    with databases.opened("postgresql") as database:
        here = on(site, database.fresh())
        told = here.manage("migrate")
        assert re.search(r"Applying shop.0002_long\.\.\.\n    2 of 2: Raw SQL operation, after 2 s\.\.\. OK", told), told
        assert "1 of 2" not in told, told


def test_statements_have_no_limit_on_sqlite():
    told = shop().refused("migrate", "--statement-timeout", "300")
    assert "has no limit for a statement's time" in told, told


def test_locks_on_postgresql():
    locks("postgresql")


def test_locks_on_mariadb():
    locks("mysql")


def test_locks_on_sqlite():
    database = databases.SQLite()
    site = on(altered(), database.fresh())
    site.manage("migrate", "shop", "0001")
    with contextlib.closing(sqlite3.connect(site.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = site.refused("migrate", "--lock-timeout", "200", "--retries", "1")
        assert "locked" in told and "size" not in str(database.schema(site.url)["shop_thing"]), told
        other.execute("ROLLBACK")
    assert "OK" in site.manage("migrate", "--lock-timeout", "200")


def test_the_plan_tells_locks_and_rows():
    for name in ("postgresql", "mysql"):
        with databases.opened(name) as database:
            site = on(altered(), database.fresh())
            site.manage("migrate", "shop", "0001")
            database.execute(site.url, *[f"INSERT INTO shop_thing (name) VALUES ('{i}')" for i in range(3)])
            plan = site.manage("migrate", "--plan")
            assert "Add field size to thing" in plan and re.search(r"shop_thing, (about )?\d+ rows?: ", plan), plan


# ---- tables without migrations -------------------------------------------------------------------


def test_apps_without_migrations_are_made_when_asked_for():
    site = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["plain"])
    site.models["plain"]["Note"] = Model(F("text", "CharField", ".max_length = 30"), F("near", "ManyToManyField", "", "Note"))
    site.build()
    for name in ("sqlite", "postgresql", "mysql"):
        with databases.opened(name) as database:
            here = on(site, database.fresh())
            here.manage("migrate")
            assert "plain_note" not in database.schema(here.url)
            told = here.manage("migrate", "--run-syncdb")
            assert "Synchronize unmigrated apps: plain" in told and "Creating table plain_note" in told, told
            assert {"plain_note", "plain_note_near"} <= set(database.schema(here.url))
            before = database.schema(here.url)
            assert "Creating table" not in here.manage("migrate", "--run-syncdb").replace("Creating tables", "")
            assert not databases.differences(before, database.schema(here.url))


# ---- state and database --------------------------------------------------------------------------


def test_state_and_database_are_told_apart():
    site = shop(F("size", "IntegerField", "Default(1)"))
    by_hand(site, "state_only", 'SeparateDatabaseAndState(.state_operations = Operations(RemoveField("Thing", "size"), { 0 }))')
    site.models["shop"]["Thing"].remove("size")
    site.build()
    by_hand(site, "database_only", 'SeparateDatabaseAndState(.database_operations = Operations(RunSQL("ALTER TABLE shop_thing DROP COLUMN '
                                   'size", .reverse_sql = "ALTER TABLE shop_thing ADD COLUMN size integer"), { 0 }))')
    site.build()
    assert "No changes detected" in site.manage("makemigrations", "--check")
    for name in ("sqlite", "postgresql", "mysql"):
        with databases.opened(name) as database:
            here = on(site, database.fresh())
            for target, there in (("0001", True), ("0002", True), ("0003", False), ("0002", True)):
                here.manage("migrate", "shop", target)
                columns = " ".join(database.schema(here.url)["shop_thing"])
                assert ("size" in columns) == there, (name, target, columns)


# ---- writing -------------------------------------------------------------------------------------


def test_nothing_is_written_where_nothing_shall_be():
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
    site.build()
    assert "0002_thing_size" in site.manage("makemigrations", "--dry-run")
    assert 'models_IntegerField("size"' in site.manage("makemigrations", "--dry-run", "-v", "3")
    site.refused("makemigrations", "--check")
    assert site.migrations("shop") == ["0001_initial"]
    site.manage("makemigrations", "--name", "sized")
    assert site.migrations("shop") == ["0001_initial", "0002_sized"]


def test_a_script_gets_the_paths_alone():
    """Standard output has the path of each file, standard error all that is said."""
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
    site.build()
    told = site.run("makemigrations", "--scriptable")
    assert told.returncode == 0 and "Migrations for 'shop':" in told.stderr and "+ Add field size to thing" in told.stderr, told
    (path,) = told.stdout.splitlines()
    assert path.endswith("shop/migrations/0002_thing_size.c") and (site.folder / path).exists(), told
    site.build()
    told = site.run("makemigrations", "--scriptable")
    assert not told.stdout and "No changes detected" in told.stderr, told


def test_files_may_not_tell_who_wrote_them():
    site = shop()
    folder = site.folder / "shop/migrations"
    assert "Written by makemigrations" in (folder / "0001_initial.c").read_text()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
    site.build()
    site.manage("makemigrations", "--no-header")
    site.build()
    site.manage("squashmigrations", "--no-header", "--noinput", "shop", "0002")
    site.build()
    for name in ("0002_thing_size", "0001_squashed_0002_thing_size"):
        assert "Written by" not in (folder / f"{name}.c").read_text(), name
    assert "No changes detected" in site.manage("makemigrations", "--check")


def test_the_last_migration_is_updated():
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
    site.makemigrations()
    site.models["shop"]["Thing"].set("size", type="BigIntegerField")
    site.models["shop"]["Thing"].fields.append(F("note", "TextField", ".blank = true"))
    site.build()
    told = site.manage("makemigrations", "--update")
    assert "0002_thing_note_thing_size.c" in told or "0002_thing_size_thing_note.c" in told, told
    assert "Deleted" in told and "0002_thing_size.c" in told, told
    site.build()
    assert len(site.migrations("shop")) == 2 and "No changes detected" in site.manage("makemigrations", "--check")
    text = (site.folder / f"shop/migrations/{site.migrations('shop')[-1]}.c").read_text()
    assert text.count("AddField") == 2 and "AlterField" not in text, text
    site.manage("migrate")
    site.models["shop"]["Thing"].remove("note")
    site.build()
    told = site.refused("makemigrations", "--update")
    assert f"Cannot update applied migration 'shop.{site.migrations('shop')[-1]}'." in told, told


def branched():
    """A site with two last migrations, as two people's work leaves it."""
    site = shop()
    by_hand(site, "left", 'AddField("Thing", models_IntegerField("wide", .null = true))')
    by_hand_file = site.folder / "shop/migrations/0002_left.c"
    right = by_hand_file.read_text().replace("0002_left", "0002_right").replace("wide", "high")
    (site.folder / "shop/migrations/0002_right.c").write_text(right)
    site.models["shop"]["Thing"].fields += [F("wide", "IntegerField", ".null = true"), F("high", "IntegerField", ".null = true")]
    site.build()
    return site


def test_branches_are_merged():
    site = branched()
    assert "Conflicting migrations detected" in site.refused("migrate")
    assert "Conflicting migrations detected" in site.refused("makemigrations")
    site.manage("makemigrations", "--merge", "--noinput")
    site.build()
    assert [name for name in site.migrations("shop") if "merge" in name], site.migrations("shop")
    site.manage("migrate")
    assert "No changes detected" in site.manage("makemigrations", "--check")


def test_all_of_an_app_is_taken_back():
    for name in ("sqlite", "postgresql", "mysql"):
        with databases.opened(name) as database:
            site = on(altered(), database.fresh())
            site.manage("migrate")
            assert "BEGIN;" in site.manage("sqlmigrate", "shop", "0002") or name == "mysql"
            assert "DROP COLUMN" in site.manage("sqlmigrate", "shop", "0002", "--backwards")
            told = site.manage("migrate", "shop", "zero")
            assert "Unapply all migrations: shop" in told and "Unapplying shop.0001_initial" in told, told
            assert "shop_thing" not in database.schema(site.url)


# ---- optimizing, beside Django -------------------------------------------------------------------

DJANGOS = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField("thing", "a", models.IntegerField(null=True)),
        migrations.AddField("thing", "b", models.IntegerField(null=True)),
        migrations.RenameField("thing", "a", "c"),
        migrations.AlterField("thing", "c", models.TextField(null=True)),
        migrations.RemoveField("thing", "b"),
    ]
"""
FIRST = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=30))])]
"""
OURS = """AddField("Thing", models_IntegerField("a", .null = true)),
    AddField("Thing", models_IntegerField("b", .null = true)),
    RenameField("Thing", "a", "c"),
    AlterField("Thing", models_TextField("c", .null = true)),
    RemoveField("Thing", "b")"""


def optimized_by_django(*arguments):
    folder = school.fresh_folder()
    package = folder / "shop/migrations"
    package.mkdir(parents=True)
    for path, text in (("__init__.py", ""), ("0001_initial.py", FIRST), ("0002_much.py", DJANGOS)):
        (package / path).write_text(text)
    (folder / "shop/__init__.py").write_text("")
    (folder / "settings.py").write_text('SECRET_KEY = "x"\nINSTALLED_APPS = ["shop"]\nDATABASES = {"default": {"ENGINE": '
                                        '"django.db.backends.sqlite3", "NAME": ":memory:"}}\n')
    done = school.run([school.venv(), "-m", "django", "optimizemigration", "shop", "0002", *arguments],
                      {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}, folder)
    return done, re.findall(r"migrations\.(\w+)\(", (package / "0002_much.py").read_text())


def test_a_migration_is_optimized_as_by_django():
    site = shop()
    by_hand(site, "much", OURS)
    site.build()
    theirs, _ = optimized_by_django("--check")
    checked = site.run("optimizemigration", "shop", "0002", "--check")
    assert (theirs.returncode, theirs.stdout) == (checked.returncode, checked.stdout), (theirs, checked)
    done, operations = optimized_by_django()
    told = site.manage("optimizemigration", "shop", "0002")
    assert told.splitlines()[0] == done.stdout.splitlines()[0] == "Optimizing from 5 operations to 1 operations.", told + done.stdout
    assert told.splitlines()[1].startswith("Optimized migration ") and done.stdout.splitlines()[1].startswith("Optimized migration ")
    text = (site.folder / "shop/migrations/0002_much.c").read_text()
    assert re.findall(r"^    (\w+)\(", text, re.M) == operations == ["AddField"], text
    site.build()
    assert "No optimizations possible." in site.manage("optimizemigration", "shop", "0002")


# ---- a long history ------------------------------------------------------------------------------


def test_a_long_history_needs_no_more_memory_than_a_short_one():
    """Each migration gives back what it took: 300 of them stay below what a fiber may hold."""
    site = shop()
    folder = site.folder / "shop/migrations"
    first = (folder / "0001_initial.c").read_text()
    names = ["0001_initial"]
    for i in range(2, 301):
        name = f"{i:04}_more"
        (folder / f"{name}.c").write_text(f"""#include <nuages/migrations.h>
static const nu_operation shop_{name}_operations[] = {{ AlterField("Thing", models_CharField("name", .max_length = {i + 30})), {{ 0 }} }};
const nu_migration shop_{name} = {{ .app_label = "shop", .name = "{name}", .operations = shop_{name}_operations,
    .dependencies = {{ {{ "shop", "{names[-1]}" }} }} }};
""")
        names.append(name)
    assert "shop_0001_initial" in first
    site.models["shop"]["Thing"].set("name", options=".max_length = 330")
    site.build()
    done = subprocess.run(["/usr/bin/env", "sh", "-c", "ulimit -v 600000; exec ./manage migrate"], cwd=site.folder, text=True,
                          env={**site.environment(), "PATH": "/usr/bin:/bin"}, capture_output=True, timeout=school.TIME_LIMIT)
    assert done.returncode == 0 and "Applying shop.0300_more... OK" in done.stdout, done.stdout[-600:] + done.stderr
    assert "No changes detected" in site.manage("makemigrations", "--check")


if __name__ == "__main__":
    suite.main(globals())
