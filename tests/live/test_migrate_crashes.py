"""A process that migrates is killed at each of its statements; the next one completes what it began, and
nothing runs twice. Ten that start together: each operation runs once."""
import functools
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
from sites import Field, Model, Site

F = Field

# Ends the process, as a kill does, before or after the statement whose number is asked for.
KILLER = """
#include "db/connection.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static long statements;

static void count_and_die(void *arg, const nu__connection *connection, nu_str sql, nu_values params, double seconds)
{
    (void)arg; (void)connection; (void)params; (void)seconds; (void)sql;
    if (++statements == atol(getenv("DIE_AFTER") ? getenv("DIE_AFTER") : "0"))
        _exit(9);
    if (getenv("COUNT_TO")) {
        FILE *out = fopen(getenv("COUNT_TO"), "w");

        fprintf(out, "%ld", statements);
        fclose(out);
    }
}

static void listen(void)
{
    nu__db_listen((nu__query_listener){ count_and_die, NULL });
}
"""


@functools.cache
def site():
    """Two migrations: the second has a bit of everything, and code."""
    made = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    made.models["shop"]["Maker"] = Model(F("name", "CharField", ".max_length = 30"))
    made.models["shop"]["Thing"] = Model(F("name", "CharField", ".max_length = 30"), F("size", "IntegerField", ".null = true"),
                                         F("maker", "ForeignKey", ".on_delete = CASCADE", "Maker"))
    made.makemigrations()
    made.models["shop"]["Tag"] = Model(F("word", "CharField", ".max_length = 30"))
    thing = made.models["shop"]["Thing"]
    thing.set("size", options="Default(1)")
    thing.set("name", name="title")
    thing.fields += [F("tags", "ManyToManyField", "", "Tag"), F("price", "DecimalField", '.max_digits = 6, .decimal_places = 2, Default("1.50")')]
    thing.options = ('.indexes = { NamedIndex("thing_size", "size") }, '
                     '.constraints = { UniqueConstraint("thing_once", "title", "maker"), CheckConstraint("thing_size_ok", "size__gte=0") }')
    made.makemigrations("--rename", "shop.Thing.name=title")
    name = made.migrations("shop")[-1]
    path = made.folder / f"shop/migrations/{name}.c"
    code = """
static void grow(const nu_apps *apps, const char *database)
{
    nu_update(nu_using(nu_objects_(nu_historical_model(apps, "shop", "Maker")), database), ("name", Concat(F("name"), Value("!"))));
}

"""
    text = path.read_text().replace("    { 0 },", "    RunC(grow, RunC_reverse(RunC_noop)),\n    { 0 },", 1)
    path.write_text(text.replace("static const nu_operation", code + "static const nu_operation", 1))
    made.head = KILLER
    made.write()
    source = made.folder / "manage.c"
    source.write_text(source.read_text().replace("    return nu_main", "    listen();\n    return nu_main"))
    school.checked(school.run([suite.CC, "-std=gnu17", "-O0", "-Wno-missing-field-initializers", f"-I{suite.ROOT / 'src'}", "manage.c",
                               "-o", "manage", *described()], {}, made.folder))
    return made


def described():
    import sites
    return sites.described()


def non_atomic():
    """The same, with a second migration that no transaction holds."""
    made = site().copy(school.fresh_folder() / "stepwise", databases.SQLite().fresh())
    path = made.folder / f"shop/migrations/{made.migrations('shop')[-1]}.c"
    path.write_text(path.read_text().replace(".app_label =", ".non_atomic = true, .app_label =", 1))
    made.head = KILLER
    school.checked(school.run(["sed", "-i", f"s#{site().folder}#{made.folder}#g", "manage.c"], {}, made.folder))
    school.checked(school.run([suite.CC, "-std=gnu17", "-O0", "-Wno-missing-field-initializers", f"-I{suite.ROOT / 'src'}", "manage.c",
                               "-o", "manage", *described()], {}, made.folder))
    return made


def prepared(made, database):
    """A database with the first migration and rows."""
    url = database.fresh()
    made.url = url
    made.manage("migrate", "shop", "0001")
    database.execute(url, "INSERT INTO shop_maker (name) VALUES ('Ada')",
                     "INSERT INTO shop_thing (name, size, maker_id) VALUES ('Engine', NULL, 1), ('Loom', 7, 1)")
    return url


def outcome(database, url):
    """What must be the same however it came to be."""
    things = database.rows(url, "SELECT title, size, maker_id FROM shop_thing ORDER BY 1")
    return database.schema(url), things, database.rows(url, "SELECT name FROM shop_maker"), \
        database.rows(url, "SELECT app, name FROM django_migrations ORDER BY 1, 2")


def snapshot(database, url):
    """For SQLite a copy of the file; elsewhere a fresh database again."""
    path = pathlib.Path(url.removeprefix("sqlite:///"))
    return school.copy_of(path)


def restored(made, database, kept):
    if database.name != "sqlite":
        return prepared(made, database)
    path = school.fresh_folder() / "db.sqlite3"
    shutil.copy(kept, path)
    made.url = f"sqlite:///{path}"
    return made.url


def kill_everywhere(made, database):
    url = prepared(made, database)
    kept = snapshot(database, url) if database.name == "sqlite" else None
    count = made.folder / "count"
    made.manage("migrate", "-v", "0", COUNT_TO=str(count))  # without the watch, which asks how far a long statement is
    want, total = outcome(database, url), int(count.read_text())
    assert want[2] == [("Ada!",)] and total > 20, (want[2], total)
    killed = 0
    for number in range(1, total + 1):
        url = restored(made, database, kept)
        done = made.run("migrate", "-v", "0", DIE_AFTER=str(number))
        assert done.returncode == 9, f"statement {number}: {done.returncode}\n{done.stdout}{done.stderr}"
        killed += 1
        made.manage("migrate")
        got = outcome(database, url)
        differ = databases.differences(want[0], got[0])
        assert not differ, f"killed after statement {number} of {total}:\n{differ}"
        assert got[1:] == want[1:], f"killed after statement {number} of {total}: {got[1:]}, not {want[1:]}"
    return killed


def test_killed_at_each_statement_of_a_transaction():
    assert kill_everywhere(site(), databases.SQLite()) > 20


def test_killed_at_each_statement_without_a_transaction():
    assert kill_everywhere(non_atomic(), databases.SQLite()) > 40


def test_killed_at_each_statement_on_postgresql():
    with databases.opened("postgresql") as database:
        assert kill_everywhere(site(), database) > 20
        assert kill_everywhere(non_atomic(), database) > 40


def test_killed_at_each_statement_on_mariadb():
    with databases.opened("mysql") as database:
        assert kill_everywhere(site(), database) > 20
        assert kill_everywhere(non_atomic(), database) > 40


def test_it_says_where_it_goes_on():
    made, database = non_atomic(), databases.SQLite()
    prepared(made, database)
    for number in range(30, 60):
        made.run("migrate", DIE_AFTER=str(number))
        told = made.manage("migrate")
        if "It was cut short before; going on at operation" in told:
            assert "statement" in told, told
            return
        prepared(made, database)
    raise AssertionError("no run was cut short in the middle of an operation")


def ten_at_once(database):
    made = site()
    url = prepared(made, database)
    env = dict(os.environ, **made.environment())
    running = [subprocess.Popen(["./manage", "migrate"], cwd=made.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True) for _ in range(10)]
    told = [process.communicate(timeout=school.TIME_LIMIT)[0] for process in running]
    assert all(process.returncode == 0 for process in running), "\n".join(told)
    applied = sum(text.count("Applying shop.0002") for text in told)
    assert applied == 1, "\n".join(told)
    assert database.rows(url, "SELECT name FROM shop_maker") == [("Ada!",)]
    assert len(database.rows(url, "SELECT name FROM django_migrations WHERE app = 'shop'")) == 2


def test_ten_at_once():
    ten_at_once(databases.SQLite())
    assert not list(pathlib.Path(site().url.removeprefix("sqlite:///")).parent.glob("*-migrate")), "the lock's file is left"


def test_ten_at_once_on_postgresql():
    with databases.opened("postgresql") as database:
        ten_at_once(database)


def test_ten_at_once_on_mariadb():
    with databases.opened("mysql") as database:
        ten_at_once(database)


if __name__ == "__main__":
    suite.main(globals())
