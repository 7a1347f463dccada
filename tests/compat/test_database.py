"""Django and Nuages on one database: each finds the other's tables, rows and migrations its own."""
import contextlib
import json
import pathlib
import re
import sqlite3
import sys
from functools import cache

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

APPS = ("registry", "auth", "contenttypes", "sessions")
# What the original's own apps put there beside these.
NOT_OURS = re.compile("django_admin_log|authtoken|token_blacklist|registry_nothing")
TABLES = re.compile("registry_|auth_|django_(content_type|session|migrations)")
RECORDED = suite.SHARED / "oracle/storage/sqlite3"

# The original with the apps that Nuages has, and those that its seed_demo cannot do without.
SETTINGS = """
from school.settings import *
INSTALLED_APPS = ["registry", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"{}]
SILENCED_SYSTEM_CHECKS = []
"""
TOKENS = ', "rest_framework", "rest_framework.authtoken"'
# RunPython steps: of contenttypes a RunC here; of auth they do nothing on a fresh database, and a migration of nothing
# else has no SQL.
DATA_STEP = re.compile(r"--\n-- Raw Python operation\n--\n-- THIS OPERATION CANNOT BE WRITTEN AS SQL\n")
OUR_STEP = {"contenttypes": "--\n-- Run C function RunC_noop\n--\n-- THIS OPERATION CANNOT BE WRITTEN AS SQL\n"}
NO_SQL = "BEGIN;\nCOMMIT;\n"
# Rows whose order, and so whose ids, is either side's own: compared by what they say.
BY_MEANING = {
    "django_content_type": "SELECT app_label, model FROM django_content_type",
    "auth_permission": "SELECT app_label, model, codename, p.name FROM auth_permission p"
                       " JOIN django_content_type c ON c.id = content_type_id",
    "auth_group_permissions": "SELECT g.name, codename FROM auth_group_permissions x JOIN auth_group g"
                              " ON g.id = x.group_id JOIN auth_permission p ON p.id = x.permission_id",
}


def django(database, *arguments, apps=""):
    """A command of Django over a database, with the apps that Nuages has."""
    name = "settings_with_tokens" if apps else "settings_narrow"
    (school.twin_folder() / "school" / f"{name}.py").write_text(SETTINGS.format(apps))
    return school.twin_manage(database, *arguments, "--skip-checks", DJANGO_SETTINGS_MODULE=f"school.{name}")


@cache
def by_nuages():
    """A database that our migrate made."""
    database = school.scratch() / "by-nuages.sqlite3"
    school.checked(school.manage(database, "migrate"))
    return database


@cache
def by_django():
    """A database that Django's migrate made."""
    suite.need_shared()
    database = school.scratch() / "by-django.sqlite3"
    school.checked(django(database, "migrate"))
    return database


@cache
def seeded_by_django():
    """Migrated and seeded by the original."""
    suite.need_shared()
    database = school.scratch() / "seeded-by-django.sqlite3"
    for command in ("migrate", "seed_demo"):
        school.checked(django(database, command, apps=TOKENS))
    return database


def schema(database):
    """{(type, name): SQL} of what both have."""
    found = school.query(database, "SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(kind, name): sql for kind, name, table, sql in found
            if TABLES.match(table) and not NOT_OURS.search(table)}


def recorded_schema():
    return {(row["type"], row["name"]): row["sql"] for row in json.loads((RECORDED / "schema.json").read_text())
            if TABLES.match(row["tbl_name"]) and not NOT_OURS.search(row["tbl_name"])}


def dump(database):
    connection = sqlite3.connect(database)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def assert_same(want, got, what):
    lines = [f"{key}: want {want.get(key)}, got {got.get(key)}"
             for key in sorted({*want, *got}, key=str) if want.get(key) != got.get(key)]
    assert not lines, "\n".join([f"{what} differ:", *lines[:40]])


def comparable(database, table):
    """The rows of a table that both have."""
    if table in BY_MEANING:
        return sorted(row for row in school.query(database, BY_MEANING[table]) if row[0] != "authtoken")
    return school.rows(database, table)


# ---- tables --------------------------------------------------------------------------------------


def test_migrate_makes_the_tables_that_django_makes():
    assert_same(schema(by_django()), schema(by_nuages()), "the tables")


def test_migrate_makes_the_recorded_tables():
    suite.need_shared()
    assert_same(recorded_schema(), schema(by_nuages()), "the tables")


def test_migrate_notes_what_it_applied_as_django_does():
    sql = "SELECT id, app, name, typeof(applied), length(applied) > 18 FROM django_migrations ORDER BY id"
    want, got = school.query(by_django(), sql), school.query(by_nuages(), sql)
    assert want == got, f"want {want}\ngot {got}"


def test_migrate_makes_the_content_types_and_permissions_that_django_makes():
    for table in ("django_content_type", "auth_permission"):
        want, got = comparable(by_django(), table), comparable(by_nuages(), table)
        assert want == got, f"{table}: want {want}\ngot {got}"


def test_migrate_leaves_everything_in_the_one_file():
    database = school.fresh_folder() / "db.sqlite3"
    school.checked(school.manage(database, "migrate"))
    assert [path.name for path in database.parent.iterdir()] == ["db.sqlite3"]


def test_sqlmigrate_prints_what_django_prints():
    suite.need_shared()
    for line in (RECORDED / "sqlmigrate.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["app"] not in APPS:
            continue
        got = school.checked(school.manage(by_nuages(), "sqlmigrate", row["app"], row["name"]))
        want = DATA_STEP.sub(OUR_STEP.get(row["app"], ""), row["sql"])
        want = "" if want == NO_SQL else want
        assert got == want, f"{row['app']} {row['name']}: want\n{want}\ngot\n{got}"


def test_content_types_get_their_names_back_as_django_gives_them():
    names = []
    for manage in (school.manage, django):
        database = school.copy_of(school.seed())
        school.checked(manage(database, "migrate", "contenttypes", "0001"))
        with contextlib.closing(sqlite3.connect(database)) as connection:
            names.append(connection.execute("SELECT app_label, model, name FROM django_content_type ORDER BY id").fetchall())
    assert names[0] == names[1] and ("contenttypes", "contenttype", "ContentType") in names[0], names


# ---- migrations ------------------------------------------------------------------------------------


def test_django_finds_nothing_to_do_on_our_database():
    suite.need_shared()
    database = school.copy_of(by_nuages())
    before = dump(database)
    assert "No changes detected" in school.checked(django(database, "makemigrations", "--check", "--dry-run"))
    school.checked(django(database, "migrate", "--check"))
    assert "No migrations to apply" in school.checked(django(database, "migrate"))
    assert dump(database) == before


def test_migrate_does_nothing_on_the_originals_database():
    for original in (school.seed(), by_django(), seeded_by_django()):
        database = school.copy_of(original)
        before = dump(database)
        assert "No migrations to apply" in school.checked(school.manage(database, "migrate"))
        school.checked(school.manage(database, "migrate", "--check"))
        assert dump(database) == before, original


def test_makemigrations_finds_nothing_to_do():
    assert "No changes detected" in school.checked(school.manage(by_nuages(), "makemigrations", "--check"))


def test_each_takes_over_where_the_other_stopped():
    suite.need_shared()
    ours_first, djangos_first = (school.fresh_folder() / "db.sqlite3" for _ in range(2))
    school.checked(school.manage(ours_first, "migrate", "auth", "0005"))
    school.checked(django(ours_first, "migrate"))
    school.checked(django(djangos_first, "migrate", "auth", "0005"))
    school.checked(school.manage(djangos_first, "migrate"))
    assert_same(schema(by_django()), schema(ours_first), "the tables that Django finished")
    assert_same(schema(by_django()), schema(djangos_first), "the tables that we finished")


def test_each_undoes_what_the_other_did():
    suite.need_shared()
    ours, djangos = school.copy_of(by_nuages()), school.copy_of(by_django())
    school.checked(django(ours, "migrate", "registry", "zero"))
    school.checked(school.manage(djangos, "migrate", "registry", "zero"))
    assert_same(schema(ours), schema(djangos), "the tables")
    assert not school.tables(djangos, "registry_")


# ---- rows ------------------------------------------------------------------------------------------


def test_seed_demo_makes_the_rows_that_the_originals_makes():
    tables = school.tables(seeded_by_django(), "registry_") + school.tables(seeded_by_django(), "auth_")
    ours = [table for table in tables if not NOT_OURS.search(table)]
    assert len(ours) > 12
    for table in ours:
        want, got = comparable(seeded_by_django(), table), comparable(school.seeded(), table)
        lines = [f"want {one}\ngot  {two}" for one, two in zip(want, got) if one != two]
        assert len(want) == len(got) and not lines, "\n".join([f"{table}: want {len(want)} rows, got {len(got)}", *lines[:5]])


def test_rows_that_one_writes_are_read_and_changed_by_the_other():
    form = {"roll_no": "N0001", "first_name": "Nina", "last_name": "Novák", "email": "nina@school.example",
            "date_of_birth": "2001-02-03", "status": "active", "gpa": "3.50", "address": '{"city": "Oslo"}'}
    database = school.copy_of(school.seed())
    with school.Twin(database, copy=False) as twin, school.School(database, copy=False) as ours:
        django_user, our_visitor = twin.login(), ours.client()
        created = our_visitor.post("/students/new/", form).header("Location")
        assert "Nina Novák" in django_user.get(created).text
        assert django_user.post(f"{created}edit/", {**form, "last_name": "Dvořák"}).status == 302
        assert "Nina Dvořák" in our_visitor.get(created).text
        theirs = django_user.post("/students/new/", {**form, "roll_no": "N0002", "email": "n2@school.example"})
        assert our_visitor.post(f"{theirs.header('Location')}delete/").status == 302
        assert django_user.get(theirs.header("Location")).status == 404
        assert twin.query("SELECT last_name FROM registry_student WHERE roll_no LIKE 'N%'") == [("Dvořák",)]


if __name__ == "__main__":
    suite.main(globals())
