"""What a developer does with the files of migrations: written by hand, removed, renamed, copied, edited, merged from a
branch. A build takes what is there; what cannot be is told with what to do."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
import test_startproject as newcomer
from sites import Field, Model, Site, collected

BY_HAND = """#include <nuages/migrations.h>

static const nu_operation operations_of_{name}[] = {{ {operation}, {{ 0 }} }};
static const nu_migration {symbol} = {{
    .app_label = "{app}", .name = "{called}", .operations = operations_of_{name}, .dependencies = {{ {{ "{app}", "{after}" }} }},
}};
"""


def by_hand(folder, name, after, operation, called=None, app="blog", symbol=None):
    path = folder / f"{name}.c"
    path.write_text(BY_HAND.format(name=name, symbol=symbol or f"own_{name}", app=app, called=called or name, after=after, operation=operation))
    return path


def column(name):
    return f'AddField("Item", models_IntegerField("{name}", .null = true))'


# ---- a project's build -----------------------------------------------------------------------------


def project():
    made = newcomer.new_project()
    newcomer.wire(made, "blog")
    newcomer.make(made)
    newcomer.manage(made, "makemigrations", "blog")
    newcomer.make(made)
    return made


def applied(made):
    """The blog's migrations as showmigrations has them: [X] or [ ] and the name."""
    return [line.strip() for line in newcomer.manage(made, "showmigrations", "blog").splitlines()[1:]]


def fails(made, *command):
    env = {**{name: os.environ[name] for name in newcomer.KEPT if name in os.environ}, **newcomer.variables(), **newcomer.DEBUG}
    done = subprocess.run(command, cwd=made, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=school.TIME_LIMIT)
    assert done.returncode, f"{command} ends with 0:\n{done.stdout}"
    return done.stdout + done.stderr


def git(folder, *arguments):
    return newcomer.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments], folder)


def test_files_come_and_go_and_the_build_sees_it():
    made = project()
    files = made / "blog/migrations"
    assert [path.name for path in files.iterdir()] == ["0001_initial.c"], "no list that two branches could both change"
    by_hand(files, "0002_wide", "0001_initial", column("wide"))
    newcomer.make(made)
    newcomer.manage(made, "migrate")
    assert applied(made) == ["[X] 0001_initial", "[X] 0002_wide"]

    by_hand(files, "0003_high", "0002_wide", column("high"))
    assert "0003_high.c is newer than build/manage: build it again" in fails(made, "build/manage", "migrate")
    newcomer.make(made)
    by_hand(files, "0003_high", "0002_wide", column("higher"))
    assert "0003_high.c was edited after build/manage was built: build it again" in fails(made, "build/manage", "migrate")
    (files / "0003_high.c").unlink()
    assert "0003_high.c is gone, but build/manage still has the migration: build it again" in fails(made, "build/manage", "migrate")
    newcomer.make(made)
    assert applied(made) == ["[X] 0001_initial", "[X] 0002_wide"]


def test_a_renamed_file_stops_the_build_until_its_name_is_too():
    made = project()
    files = made / "blog/migrations"
    old = by_hand(files, "0002_wide", "0001_initial", column("wide"))
    new = files / "0002_broad.c"
    old.rename(new)
    told = fails(made, "make")
    for text in ("0002_broad.c:5: .name is \"0002_wide\", but the file is 0002_broad.c", 'Write .name = "0002_broad" here', "call the file 0002_wide.c"):
        assert text in told, f"{text!r} is not in:\n{told}"
    new.write_text(new.read_text().replace('.name = "0002_wide"', '.name = "0002_broad"'))
    newcomer.make(made)
    assert applied(made) == ["[ ] 0001_initial", "[ ] 0002_broad"]


def test_two_branches_of_git_merge_without_a_conflict():
    made = project()
    files = made / "blog/migrations"
    git(made, "init", "-q", "-b", "main")
    git(made, "add", ".")
    git(made, "commit", "-q", "-m", "first")
    for branch, name in (("one", "wide"), ("two", "high")):
        git(made, "checkout", "-q", "-b", branch, "main")
        by_hand(files, f"0002_{name}", "0001_initial", column(name))
        git(made, "add", ".")
        git(made, "commit", "-q", "-m", branch)
    git(made, "merge", "-q", "-m", "both", "one")
    newcomer.make(made)
    told = fails(made, "build/manage", "migrate")
    assert "multiple leaf nodes in the migration graph: (0002_high, 0002_wide in blog)" in told and "makemigrations --merge" in told, told
    newcomer.manage(made, "makemigrations", "--merge", "--noinput")
    newcomer.make(made)
    newcomer.manage(made, "migrate")
    assert sorted(applied(made)[1:]) == ["[X] 0002_high", "[X] 0002_wide", "[X] 0003_merge_0002_high_0002_wide"], applied(made)


def test_replaced_files_are_removed_after_a_squash():
    made = project()
    files = made / "blog/migrations"
    by_hand(files, "0002_wide", "0001_initial", column("wide"))
    newcomer.make(made)
    newcomer.manage(made, "migrate")
    newcomer.manage(made, "squashmigrations", "blog", "0002", "--noinput")
    newcomer.make(made)
    assert "No migrations to apply" in newcomer.manage(made, "migrate")
    for name in ("0001_initial", "0002_wide"):
        (files / f"{name}.c").unlink()
    newcomer.make(made)
    assert applied(made) == ["[X] 0001_squashed_0002_wide (2 squashed migrations)"]
    squashed = files / "0001_squashed_0002_wide.c"
    lines = squashed.read_text().splitlines(keepends=True)
    squashed.write_text("".join(line for line in lines if ".replaces" not in line))
    newcomer.make(made)
    newcomer.manage(made, "migrate", "blog", "--prune")
    assert applied(made) == ["[X] 0001_squashed_0002_wide"]
    assert "No migrations to apply" in newcomer.manage(made, "migrate")


# ---- the list --------------------------------------------------------------------------------------


def shop():
    site = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    site.models["shop"]["Item"] = Model(Field("name", "CharField", ".max_length = 30"))
    site.makemigrations()
    return site


REFUSED = (  # what stands in 0002_more.c, and what is told of it
    ("int x;", "0002_more.c has no migration: write `static const nu_migration shop_0002_more = {"),
    ("", "0002_more.c has no migration"),
    ("/* nu_migration a = { .name = */ const char *t = \"nu_migration b = {\";", "0002_more.c has no migration"),
    ('const nu_migration a = { .app_label = "shop", .name = "0002_less" };', '0002_more.c:1: .name is "0002_less", but the file is 0002_more.c'),
    ('\n// x\n#define A \\\n  "b"\nconst nu_migration a = {\n .app_label = "stall", .name = "0002_more" };',
     '0002_more.c:6: .app_label is "stall", but the file is among the migrations of shop'),
    ('const nu_migration a = { .name = "0002_more" };\nconst nu_migration b = { .name = "0002_more" };', "0002_more.c:2: a second migration in one file"),
)


def test_a_file_without_its_migration_is_told_of():
    site = shop()
    folder = site.folder / "shop/migrations"
    for text, expected in REFUSED:
        (folder / "0002_more.c").write_text(text)
        done = collected("shop", folder)
        assert done.returncode == 1 and expected in done.stderr, f"{text!r}:\n{done.stdout}{done.stderr}"
        for command in ("migrate", "makemigrations"):
            assert expected in site.refused(command)


def test_what_is_no_migration_is_left_alone():
    folder = school.fresh_folder() / "migrations"
    done = collected("shop", folder)
    assert done.returncode == 0 and "NULL" in done.stdout and "#include \"" not in done.stdout, done
    folder.mkdir()
    for name in ("_help.c", "~0001.c", ".0001.c", "notes.txt", "all.c"):
        (folder / name).write_text("no C")
    (folder / "0001_folder.c").mkdir()
    assert collected("shop", folder).stdout == done.stdout


def test_a_list_is_written_only_when_it_changes():
    site = shop()
    path = site.folder / "shop/migrations/all.c"
    os.utime(path, (1, 1))
    school.checked(collected("shop", path.parent, "--output", path))
    assert path.stat().st_mtime == 1
    by_hand(path.parent, "0002_wide", "0001_initial", column("wide"), app="shop")
    school.checked(collected("shop", path.parent, "--output", path))
    assert path.stat().st_mtime > 1 and '#include "0002_wide.c"' in path.read_text()


def test_a_list_of_the_apps_own_is_known_to_lack_a_file():
    site = shop()
    by_hand(site.folder / "shop/migrations", "0002_wide", "0001_initial", column("wide"), app="shop")
    told = site.refused("migrate")
    folder = site.folder / "shop/migrations"
    command = f"./manage collectmigrations shop {folder} --output {folder}/all.c"
    assert f"0002_wide.c is not in {folder}/all.c, which says what is built. Write that anew: {command}" in told, told
    site.manage(*command.split()[1:])
    site.build()
    assert "0002_wide... OK" in site.manage("migrate")


if __name__ == "__main__":
    suite.main(globals())
