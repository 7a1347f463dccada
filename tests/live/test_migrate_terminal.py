"""Migrations at a terminal: the questions of makemigrations and squashmigrations, and the line that tells how far a
long statement of migrate has come."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import suite
import test_migrate_commands
from sites import Field, Model
from terminal import Terminal

F = Field
shop = test_migrate_commands.shop


def at_terminal(site, *arguments, columns=0):
    return Terminal(["./manage", *arguments], site.folder, site.environment(), columns)


def answered(site, *replies, command=("makemigrations",), status=0):
    """Each question is waited for, then answered."""
    with at_terminal(site, *command) as terminal:
        for question, reply in replies:
            terminal.expect(question)
            terminal.type(reply)
        got = terminal.end()
        assert got == status, f"{got}, not {status}:\n{terminal.told}"
        return terminal.told


def changed(site):
    site.build()
    return site


# ---- renames -------------------------------------------------------------------------------------


def renamed():
    site = shop()
    site.models["shop"]["Thing"].set("name", name="title")
    return changed(site)


def test_renames_of_fields_are_asked_for():
    told = answered(renamed(), ("Was thing.name renamed to thing.title (a CharField)? [y/N] ", "y"))
    assert "~ Rename field name on thing to title" in told, told


def test_what_was_not_renamed_is_removed_and_added():
    told = answered(renamed(), ("Was thing.name renamed to thing.title (a CharField)? [y/N] ", "maybe"), ("Please answer yes or no: ", ""), ("Please answer yes or no: ", "n"),
                    ("Select an option: ", "1"), (">>> ", "'none'"))
    assert "- Remove field name from thing" in told and "+ Add field title to thing" in told, told


def test_renames_of_models_are_asked_for():
    site = shop()
    site.models["shop"]["Item"] = site.models["shop"].pop("Thing")
    told = answered(changed(site), ("Was the model shop.Thing renamed to Item? [y/N] ", "y"))
    assert "~ Rename model Thing to Item" in told, told


# ---- values for the rows that are there ----------------------------------------------------------


def sized(options="", type="IntegerField"):
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", type, options))
    return changed(site)


def test_a_value_is_asked_for():
    site = sized()
    told = answered(site, ("Select an option: ", "9"), ("Please select a valid option: ", "1"), (">>> ", "huge"),
                    ("huge is no number", "7"))
    assert "+ Add field size to thing" in told, told
    assert "Default(7)), .one_off_default = true" in (site.folder / "shop/migrations/0002_thing_size.c").read_text()
    site.build()
    site.manage("migrate")
    assert "No changes detected" in site.manage("makemigrations", "--check")


def test_one_may_quit():
    site = sized()
    told = answered(site, ("Select an option: ", "2"), status=3)
    assert "Nothing was written: give the field its default in models.c." in told, told
    assert site.migrations("shop") == ["0001_initial"]


def test_one_may_leave_the_prompt_for_the_value():
    for reply in ("exit", None):
        site = sized()
        with at_terminal(site, "makemigrations") as terminal:
            terminal.expect("Select an option: ")
            terminal.type("1")
            terminal.expect(">>> ")
            terminal.type(reply) if reply else terminal.press("D")
            assert terminal.end() == 1 and ("Nothing was written." in terminal.told or "Cancelled." in terminal.told), terminal.told
        assert site.migrations("shop") == ["0001_initial"]


def test_times_of_creation_have_one_to_accept():
    site = sized(".auto_now_add = true", "DateTimeField")
    told = answered(site, ("Select an option: ", "1"), ("[default: timezone.now] >>> ", ""))
    assert "Accept the default 'timezone.now' by pressing 'Enter'" in told, told
    assert "nu_default_now" in (site.folder / "shop/migrations/0002_thing_size.c").read_text()


def no_more_null(*replies, status=0):
    site = shop(F("size", "IntegerField", ".null = true"))
    site.manage("migrate")
    databases.SQLite().execute(site.url, "INSERT INTO shop_thing (name) VALUES ('a')")
    site.models["shop"]["Thing"].set("size", options="")
    told = answered(changed(site), *replies, status=status)
    return site, told


def test_null_gives_way_to_a_value():
    site, told = no_more_null(("Select an option: ", "1"), (">>> ", "5"))
    assert "impossible to change a nullable field 'size' on thing to non-nullable" in told, told
    site.build()
    site.manage("migrate")
    assert databases.SQLite().rows(site.url, "SELECT name, size FROM shop_thing") == [("a", "5")]


def test_null_may_be_left_to_the_one_who_asked():
    site, _ = no_more_null(("Select an option: ", "2"))
    assert "one_off_default" not in (site.folder / f"shop/migrations/{site.migrations('shop')[-1]}.c").read_text()
    site, _ = no_more_null(("Select an option: ", "3"), status=3)
    assert site.migrations("shop") == ["0001_initial"]


# ---- whether to go on ----------------------------------------------------------------------------


def test_merging_is_asked_for():
    for reply, made in (("n", 3), ("y", 4)):
        site = test_migrate_commands.branched()
        answered(site, ("Should these migration branches be merged? [y/N] ", reply), command=("makemigrations", "--merge"))
        assert len(site.migrations("shop")) == made


def test_squashing_is_asked_for():
    for reply, made in (("n", 2), ("y", 3)):
        site = shop()
        site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
        site.makemigrations()
        told = answered(site, ("Do you wish to proceed? [y/N] ", reply), command=("squashmigrations", "shop", "0002"))
        assert "Will squash the following migrations:" in told and len(site.migrations("shop")) == made, told


def test_questions_leave_the_paths_to_scripts():
    """Typed at a terminal, answered there, and the path alone on standard output."""
    site = sized()
    shell = ["sh", "-c", "./manage makemigrations --scriptable >paths"]
    with Terminal(shell, site.folder, site.environment()) as terminal:
        terminal.expect("Select an option: ")
        terminal.type("1")
        terminal.expect(">>> ")
        terminal.type("3")
        assert terminal.end() == 0, terminal.told
    (path,) = (site.folder / "paths").read_text().splitlines()
    assert path.endswith("shop/migrations/0002_thing_size.c"), path


# ---- how far a long statement has come -----------------------------------------------------------


def long(sql):
    """A second migration of one statement, which goes on until it is interrupted."""
    site = shop()
    test_migrate_commands.by_hand(site, "long", f'RunSQL("{sql}", .reverse_sql = RunSQL_noop)')
    return changed(site)


def interrupted(here, database, *words):
    """The line comes while the statement runs, is written over by the next, and Ctrl-C takes all back."""
    here.manage("migrate", "shop", "0001")
    before = database.schema(here.url)
    with at_terminal(here, "migrate") as terminal:
        terminal.expect("Applying shop.0002_long...")
        terminal.expect("\n    1 of 1: Raw SQL operation, after ")
        for word in words:
            terminal.expect(word)
        terminal.expect("\r    1 of 1: Raw SQL operation, after ")
        terminal.press("C")
        assert terminal.end() == 130 and "Interrupted: what runs is ended and rolled back." in terminal.told, terminal.told
    assert not databases.differences(before, database.schema(here.url))
    assert not database.rows(here.url, "SELECT name FROM django_migrations WHERE name = '0002_long'")


ENDLESS = ("CREATE TABLE half (x integer); INSERT INTO half WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
           "SELECT x FROM c WHERE x < 0")


def test_a_long_statement_tells_its_time_on_sqlite():
    interrupted(long(ENDLESS), databases.SQLite())


def test_the_line_keeps_to_one_line_of_a_narrow_terminal():
    with at_terminal(long(ENDLESS), "migrate", columns=30) as terminal:
        terminal.expect("\n    1 of 1: Raw SQL")
        terminal.expect("\r    1 of 1: Raw SQL")
        terminal.press("C")
        terminal.end()
    lines = [line.rstrip("\b ") for line in re.split(r"[\r\n]", terminal.told.split("^C")[0]) if "1 of 1" in line]
    assert len(lines) > 1 and all(len(line) == 29 and line.endswith("…") for line in lines), lines


SLOW = "CREATE FUNCTION slow(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT t FROM (SELECT pg_sleep(0.05)) s $$"


def test_an_index_tells_how_much_is_done_on_postgresql():
    site = long("CREATE INDEX on_slow ON shop_thing (slow(name))")
    with databases.opened("postgresql") as database:
        here = test_migrate_commands.on(site, database.fresh())
        here.manage("migrate", "shop", "0001")
        database.execute(here.url, SLOW, "INSERT INTO shop_thing (name) SELECT i FROM generate_series(1, 10000) i")
        interrupted(here, database, "building index: scanning table", " %")
        assert not database.rows(here.url, "SELECT query FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND state = 'active'")


def waits_for_a_lock(name, *words):
    with databases.opened(name) as database:
        here = test_migrate_commands.on(test_migrate_commands.altered(), database.fresh())
        here.manage("migrate", "shop", "0001")
        with test_migrate_commands.held(database, here.url, 6), at_terminal(here, "migrate") as terminal:
            terminal.expect("1 of 1: Add field size to thing, after ")
            for word in words:
                terminal.expect(word)
            assert terminal.end() == 0 and terminal.told.rstrip().endswith("OK\033[0m"), terminal.told


def test_who_is_in_the_way_is_told_on_postgresql():
    waits_for_a_lock("postgresql", "waiting for a lock of process ")


def test_what_is_waited_for_is_told_on_mariadb():
    waits_for_a_lock("mysql", "Waiting for table metadata lock")


def test_an_interrupted_migration_goes_on_on_mariadb():
    """SIGTERM, as a deployment sends it, while no transaction holds what was done."""
    with databases.opened("mysql") as database:
        here = test_migrate_commands.on(test_migrate_commands.altered(), database.fresh())
        here.manage("migrate", "shop", "0001")
        with test_migrate_commands.held(database, here.url, 6), at_terminal(here, "migrate") as terminal:
            terminal.expect("1 of 1: Add field size to thing, after ")
            terminal.process.terminate()
            assert terminal.end() == 130, terminal.told
            assert "size" not in str(database.rows(here.url, "SELECT name FROM django_migrations"))
        told = here.manage("migrate")
        assert "It was cut short before; going on at operation 1 (Add field size to thing), statement 1..." in told and "OK" in told, told
        assert "size" in str(database.schema(here.url)["shop_thing"])


def test_nothing_is_told_where_nothing_shall_be():
    with databases.opened("postgresql") as database:
        site = long("SELECT pg_sleep(4)")
        here = test_migrate_commands.on(site, database.fresh())
        with at_terminal(here, "migrate", "-v", "0") as terminal:
            assert terminal.end() == 0 and not terminal.told, terminal.told


if __name__ == "__main__":
    suite.main(globals())
