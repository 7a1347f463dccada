"""Migrations that cannot be: each is refused with what, where and what to do, the schema as it was."""
import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
from sites import Field, Model, Site

F = Field


def shop(*fields):
    """A site with one model, its first migration made, none applied."""
    site = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    site.models["shop"]["Thing"] = Model(F("name", "CharField", ".max_length = 30"), *fields)
    site.makemigrations()
    return site


def rewrite(site, name, old, new):
    path = site.folder / f"shop/migrations/{name}.c"
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))
    site.build()


def empty(site, name):
    site.manage("makemigrations", "shop", "--empty", "--name", name)
    site.build()
    return site.migrations("shop")[-1]


def refused(site, *arguments, expected=(), status=1):
    database = databases.SQLite()
    path = pathlib.Path(site.url.removeprefix("sqlite:///"))
    before = database.schema(site.url) if path.exists() else None
    told = site.refused(*arguments, status=status)
    for text in expected:
        assert text in told, f"{text!r} is not in:\n{told}"
    if before is not None:
        assert not databases.differences(before, database.schema(site.url))
    return told


def test_a_missing_dependency():
    site = shop()
    name = empty(site, "more")
    rewrite(site, name, '"0001_initial"', '"0001_initail"')
    refused(site, "migrate", expected=["NodeNotFoundError", f"shop.{name}", "0001_initail", "Did you mean", "0001_initial"])


def test_a_circle():
    site = shop()
    name = empty(site, "more")
    rewrite(site, "0001_initial", ".operations =", f'.dependencies = {{ {{ "shop", "{name}" }} }}, .operations =')
    refused(site, "migrate", expected=["CircularDependencyError", "shop.0001_initial", f"shop.{name}"])


def test_applied_before_its_dependency():
    site = shop()
    empty(site, "more")
    site.manage("migrate")
    databases.SQLite().execute(site.url, "DELETE FROM django_migrations WHERE name = '0001_initial'")
    for command in ("migrate", "makemigrations"):
        refused(site, command, expected=["InconsistentMigrationHistory", "is applied before its dependency shop.0001_initial on database 'default'"])


def test_a_file_that_does_not_fit_the_state():
    site = shop()
    name = empty(site, "more")
    rewrite(site, name, "    { 0 },", '    RemoveField("Thing", "nmae"),\n    { 0 },')
    site.manage("migrate", "shop", "0001")
    refused(site, "migrate", expected=["MigrationError", "shop.Thing has no field nmae at this point", "Did you mean 'name'"])


def test_names_that_fit_none_or_several():
    site = shop()
    empty(site, "more")
    refused(site, "migrate", "shop", "0003", expected=["Cannot find a migration matching '0003' from app 'shop'."])
    refused(site, "migrate", "shop", "000", expected=["More than one migration matches '000' in app 'shop'. Please be more specific."])
    refused(site, "migrate", "shpo", expected=["shpo", "shop"])
    refused(site, "migrate", "--nothing", expected=["unrecognized arguments: --nothing"], status=2)
    refused(site, "migrate", "--database", "defualt", status=2,
            expected=["argument --database: invalid choice: 'defualt' (choose from 'default'", "Did you mean 'default'?"])
    refused(site, "makemigrations", "--name", "not good", expected=["must be a valid C identifier"])
    refused(site, "migrate", "--prune", expected=["Migrations can be pruned only when an app is specified."])


WHOLE = "invalid int value: '{}' (a whole number from 0 to 2147483647)"
NO_NUMBERS = ("abc", "", "-1", "1.5", "1e3", "0x10", " 1", "1 ", "2147483648", "99999999999999999999999")
SHAPES = {"--default": "is not APP.Model.field=VALUE", "--rename": "is not APP.Old=New or APP.Model.old=new"}
NO_SHAPES = {"--default": ("x", "", "=", "shop.Thing=1", "shop.Thing.name=", "shop.Thing.=1", "..=1", ".a.b=1", "a.b.c.d=1", "shop.Thing.name"),
             "--rename": ("nope", "", "=", "Thing=Ware", "shop.Thing=", "shop.=Ware", ".=x", "a.b.c.d=x")}
TWICE = "not allowed with"
USAGE = [  # what is typed, what is told; each ends with status 2
    *((("migrate", f"{option}={value}"), f"argument {option}: " + WHOLE.format(value))
      for option in ("--wait", "--retries", "--lock-timeout", "--statement-timeout") for value in NO_NUMBERS),
    *((("makemigrations", f"{option}={value}"), f"argument {option}: '{value}' {SHAPES[option]}") for option in SHAPES for value in NO_SHAPES[option]),
    (("migrate", "--wait", "abc"), "argument --wait: " + WHOLE.format("abc")),
    (("migrate", "--retries", "-1"), "argument --retries: " + WHOLE.format("-1")),
    (("makemigrations", "--rename", "shop.Nothing=Ware"), "Nothing was found to be answered by --rename shop.Nothing=Ware"),
    (("makemigrations", "--default"), "argument --default: expected a value"),
    (("showmigrations", "--list", "--plan"), f"argument --plan/-p: {TWICE} argument --list/-l"),
    (("showmigrations", "-p", "-l"), f"argument --list/-l: {TWICE} argument --plan/-p"),
    *(((command, *needed, f"{option}=1"), f"argument {named}: ignored explicit argument '1'") for command, needed, option, named in (
        ("migrate", (), "--fake", "--fake"), ("migrate", (), "--plan", "--plan"), ("makemigrations", (), "--dry-run", "--dry-run"),
        ("showmigrations", (), "--list", "--list/-l"), ("sqlmigrate", ("shop", "0001"), "--backwards", "--backwards"),
        ("squashmigrations", ("shop", "0001"), "--no-optimize", "--no-optimize"), ("optimizemigration", ("shop", "0001"), "--check", "--check"))),
    *(((command, *needed, "--database", value), f"argument --database: invalid choice: '{value}' (choose from 'default'")
      for command, needed in (("migrate", ()), ("showmigrations", ()), ("sqlmigrate", ("shop", "0001")), ("inspectdb", ())) for value in ("nope", "")),
    *(((command, *needed, "-v", value), f"argument -v/--verbosity: invalid choice: {value} (choose from 0, 1, 2, 3)")
      for command, needed in (("migrate", ()), ("makemigrations", ()), ("showmigrations", ()), ("sqlmigrate", ("shop", "0001")),
                              ("squashmigrations", ("shop", "0001")), ("optimizemigration", ("shop", "0001")), ("inspectdb", ()))
      for value in ("4", "-1", "x")),
    *(((command, *needed), f"the following arguments are required: {missing}") for command, needed, missing in (
        ("sqlmigrate", (), "app_label"), ("sqlmigrate", ("shop",), "migration_name"), ("squashmigrations", ("shop",), "migration_name"),
        ("optimizemigration", ("shop",), "migration_name"), ("collectmigrations", ("shop",), "folder"))),
    *(((command, "a", "b", "c", "d"), "unrecognized argument") for command in ("migrate", "sqlmigrate", "squashmigrations", "optimizemigration")),
    (("inspectdb", "--adopt"), "--adopt needs --project NAME"),
]


def test_arguments_that_make_no_sense():
    site, wrong = shop(), []
    for typed, expected in USAGE:
        done = site.run(*typed)
        if done.returncode != 2 or expected not in done.stderr or not done.stderr.startswith("usage: ./manage ") or done.stdout:
            wrong.append(f"{typed}: {done.returncode}, not 2 with {expected!r}\n{done.stdout}{done.stderr[-400:]}")
    assert not wrong, f"{len(wrong)} of {len(USAGE)}\n" + "\n".join(wrong)


def test_a_database_that_is_newer():
    site = shop()
    site.manage("migrate")
    databases.SQLite().execute(site.url, "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0007_later', '2024-01-01')")
    refused(site, "migrate", expected=["is newer than ./manage", "shop.0007_later", "--prune"])
    assert "Pruning shop.0007_later OK" in site.manage("migrate", "shop", "--prune")
    site.manage("migrate")


def test_source_that_is_newer_than_the_executable():
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField", ".null = true"))
    site.build()
    site.manage("makemigrations")
    refused(site, "migrate", expected=["0002_thing_size.c is newer than ./manage: build it again, then migrate."])


def test_a_table_that_is_there_already():
    site = shop()
    databases.SQLite().execute(site.url, "CREATE TABLE shop_thing (x integer)")
    refused(site, "migrate", expected=["Migration shop.0001_initial failed and was rolled back. Create model Thing", "already exists"])


def test_no_way_back():
    site = shop()
    name = empty(site, "more")
    rewrite(site, name, "    { 0 },", '    RunSQL("SELECT 1"),\n    { 0 },')
    site.manage("migrate")
    refused(site, "migrate", "shop", "zero", expected=["IrreversibleError", f"in shop.{name} is not reversible", ".reverse_sql"])
    assert "Raw SQL operation -> IRREVERSIBLE" in site.manage("migrate", "--plan", "shop", "0001")


def as_nobody(folder):
    """preexec_fn: someone who may not write; of the folder and those above it, all may be read."""
    if os.getuid():
        return None
    for path in (folder, *folder.parents):
        if not path.stat().st_mode & 0o001:
            path.chmod(path.stat().st_mode | 0o555)

    def become():
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    return become


def run_as_nobody(site, *arguments):
    return subprocess.run(["./manage", *arguments], cwd=site.folder, env=dict(os.environ, **site.environment()), capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, preexec_fn=as_nobody(site.folder), timeout=school.TIME_LIMIT)


def test_no_permission_to_make_the_file():
    site = shop()
    folder = school.fresh_folder()
    folder.chmod(0o555)
    site.url = f"sqlite:///{folder}/db.sqlite3"
    done = run_as_nobody(site, "migrate")
    assert done.returncode == 1 and str(folder) in done.stderr, done.stdout + done.stderr


def test_no_permission_to_write():
    site = shop()
    site.manage("migrate", "shop", "zero")
    path = pathlib.Path(site.url.removeprefix("sqlite:///"))
    path.chmod(0o444)
    path.parent.chmod(0o555)
    before = databases.SQLite().schema(site.url)
    done = run_as_nobody(site, "migrate")
    told = done.stdout + done.stderr
    assert done.returncode == 1 and ("readonly" in told or "Permission denied" in told) and str(path.parent) in told, told
    assert "let this user write to the file and to its folder" in told or "Permission denied" in told, told
    path.parent.chmod(0o755)
    assert not databases.differences(before, databases.SQLite().schema(site.url))


def test_a_full_disk():
    site = shop()
    site.manage("migrate", "shop", "zero")
    size = databases.SQLite().rows(site.url, "PRAGMA page_count")[0][0]
    options = f"?init_command=PRAGMA%20max_page_count%20%3D%20{size}"
    site.url, plain = site.url + options, site.url
    told = site.refused("migrate")
    assert "Migration shop.0001_initial failed and was rolled back" in told and "full" in told and "Make room on the database's disk" in told, told
    assert "shop_thing" not in databases.SQLite().schema(plain)


def test_a_disk_that_takes_no_more():
    """The file may not grow: writes end with EFBIG, as those of a full disk do with ENOSPC."""
    import resource
    site = shop()
    site.manage("migrate", "shop", "zero")
    path = pathlib.Path(site.url.removeprefix("sqlite:///"))
    before = databases.SQLite().schema(site.url)

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 4096,) * 2)

    done = subprocess.run(["./manage", "migrate"], cwd=site.folder, env=dict(os.environ, **site.environment()), capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, preexec_fn=limit, timeout=school.TIME_LIMIT)
    told = done.stdout + done.stderr
    assert done.returncode == 1 and ("disk I/O error" in told or "full" in told) and str(path) in told, told
    assert not databases.differences(before, databases.SQLite().schema(site.url))
    site.manage("migrate")


def test_a_lock_that_somebody_holds():
    import fcntl
    site = shop()
    site.manage("migrate", "shop", "zero")
    path = site.url.removeprefix("sqlite:///") + "-migrate"
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = refused(site, "migrate", "--wait", "1", expected=["another process migrates the database 'default'", "after 1", path])
        assert "waiting for it" in told
    site.manage("migrate")


def test_a_value_that_is_wanted():
    site = shop()
    site.models["shop"]["Thing"].fields.append(F("size", "IntegerField"))
    site.build()
    refused(site, "makemigrations", "--noinput", status=3, expected=["Field 'size' on model 'thing' not migrated", "--default shop.Thing.size=VALUE"])
    refused(site, "makemigrations", "--noinput", "--default", "shop.Thing.size=big", status=2, expected=["big is no number"])
    refused(site, "makemigrations", "--noinput", "--default", "shop.Thing.seize=1", "--default", "shop.Thing.size=1",
            status=2, expected=["Nothing was found to be answered by --default shop.Thing.seize=1"])
    assert site.migrations("shop") == ["0001_initial"]


def test_dangers_are_named():
    site = shop(F("size", "IntegerField", "Default(1)"))
    site.manage("migrate")
    site.models["shop"]["Thing"].remove("size")
    told = site.makemigrations()
    assert "(migrations.W102)" in told and "Instead:" in told and "SeparateDatabaseAndState" not in told.split("W102")[0], told
    checked = site.run("check")
    assert "migrations.W102" in checked.stderr, checked.stdout + checked.stderr
    plan = site.manage("migrate", "--plan")
    assert "shop_thing, 0 rows: locks the database" in plan, plan
    rewrite(site, site.migrations("shop")[-1], ".app_label =", ".reviewed = true, .app_label =")
    assert "migrations.W102" not in site.run("check").stderr


if __name__ == "__main__":
    suite.main(globals())
