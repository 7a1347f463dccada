"""The commands of migrations and their options in many states, Django's beside ours: the same words and exit status."""
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
from sites import Field, Model, Site

F = Field
SETTINGS = """
SECRET_KEY = "x"
USE_TZ = True
INSTALLED_APPS = ["shop", "plain"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
PLAIN = "from django.db import models\nclass Box(models.Model):\n    size = models.IntegerField()\n"


class AsDjangos(Site):
    """An app without files of migrations has none, as in Django: the site's own is looked at by makemigrations."""

    def main(self, every):
        text = super().main(every)
        for app in self.models:
            if not (self.folder / app / "migrations/all.c").exists():
                text = text.replace(f"static const nu_migration *const {app}_migrations[] = {{ NULL }};\n", "")
                text = text.replace(f".migrations = {app}_migrations,", "")
        return text


class Both:
    """One project twice. A field is told as (name, type, Django's options, ours)."""

    def __init__(self):
        self.folder = school.fresh_folder()
        self.site = AsDjangos(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop", "plain"])
        self.fields = []
        for path, text in (("settings.py", SETTINGS), ("shop/__init__.py", ""), ("plain/__init__.py", ""), ("plain/models.py", PLAIN)):
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path).write_text(text)
        self.site.models["plain"]["Box"] = Model(F("size", "IntegerField"))
        self.have(("name", "CharField", "max_length=30", ".max_length = 30"))

    def have(self, *fields):
        self.fields += fields
        rows = "".join(f"    {name} = models.{kind}({options})\n" for name, kind, options, _ in self.fields)
        (self.folder / "shop/models.py").write_text(f"from django.db import models\nclass Thing(models.Model):\n{rows}")
        self.site.models["shop"]["Thing"] = Model(*(F(name, kind, options) for name, kind, _, options in self.fields))
        self.site.build()

    def django(self, *arguments):
        return school.run([school.venv(), "-m", "django", *arguments],
                          {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}, self.folder)

    def do(self, *arguments):
        school.checked(self.django(*arguments))
        self.site.manage(*arguments)
        self.site.build()

    def add(self, *fields):
        self.have(*fields)
        self.do("makemigrations", "shop")

    def branch(self, name, of, field):
        """A further migration after `of`, as another branch of the repository has it."""
        for folder, ending in ((self.folder, "py"), (self.site.folder, "c")):
            files = folder / "shop/migrations"
            text = (files / f"{of}.{ending}").read_text().replace(of, name).replace(field[0], field[1])
            (files / f"{name}.{ending}").write_text(text)
        self.site.build()


def some(name):
    return name, "IntegerField", "null=True", ".null = true"


def state_new():
    return Both()


def state_made():
    both = Both()
    both.do("makemigrations", "shop")
    both.add(some("size"))
    both.add(some("more"))
    return both


def state_changed():
    both = state_made()
    both.have(some("other"))
    return both


def state_half():
    both = state_made()
    both.do("migrate", "shop", "0002")
    return both


def state_applied():
    both = state_made()
    both.do("migrate")
    return both


def state_wanting():
    both = state_applied()
    both.have(("wanted", "IntegerField", "", ""))
    return both


def state_wanting_a_time():
    both = state_applied()
    both.have(("made_at", "DateTimeField", "auto_now_add=True", ".auto_now_add = true"))
    return both


def state_stricter():
    both = state_applied()
    both.fields = [field for field in both.fields if field[0] != "size"]
    both.have(("size", "IntegerField", "", ""))
    return both


def state_squashed():
    both = state_made()
    both.do("squashmigrations", "shop", "0002", "--noinput")
    return both


def state_squashed_half():
    both = state_made()
    both.do("migrate", "shop", "0001")
    both.do("squashmigrations", "shop", "0002", "--noinput")
    return both


def state_squashed_applied():
    both = state_applied()
    both.do("squashmigrations", "shop", "0002", "--noinput")
    return both


def state_branched():
    both = state_made()
    both.branch("0003_thing_wide", "0003_thing_more", ("more", "wide"))
    return both


# Per state the command lines. Each runs on a copy of it.
TYPED = {
    state_new: """
        makemigrations shop --dry-run --noinput | makemigrations --check | makemigrations shop --check --dry-run | makemigrations shop --update
        makemigrations shop -n own | makemigrations shop --empty | makemigrations plain shop --dry-run | showmigrations | showmigrations shop
        showmigrations --plan | migrate | migrate shop | migrate plain | migrate --run-syncdb | migrate plain --run-syncdb | migrate --plan
        migrate --check | migrate shop zero | migrate shop --prune | sqlmigrate shop 0001 | squashmigrations shop 0001
        optimizemigration shop 0001 | makemigrations --merge | inspectdb nope | inspectdb nope_2 nope_3""",
    state_made: """
        makemigrations | makemigrations shop | makemigrations shop plain | makemigrations --check | makemigrations --dry-run
        makemigrations shop --empty | makemigrations shop --empty -n own --dry-run | makemigrations shop --merge | makemigrations shop --update
        makemigrations --scriptable | makemigrations shop --empty --scriptable -v 0
        showmigrations | showmigrations -v 2 | showmigrations --plan | showmigrations --plan -v 2 | showmigrations -l | showmigrations -p -l
        showmigrations --list --plan | showmigrations plain | showmigrations plain shop | showmigrations shop plain --plan
        migrate | migrate -v 0 | migrate shop 0002 | migrate shop zero | migrate --fake | migrate shop 0001 --fake | migrate --fake-initial
        migrate --plan | migrate --check | migrate --check --plan | migrate shop 0001 --check | migrate --run-syncdb | migrate shop --prune
        migrate shop --prune --plan | migrate shop --prune --check | migrate plain 0001 | migrate shop 0001 --plan | migrate --prune shop -v 0
        sqlmigrate shop 0001 | sqlmigrate shop 0001 --backwards | sqlmigrate plain 0001
        squashmigrations shop 0003 --noinput | squashmigrations shop 0002 0003 --noinput | squashmigrations shop 0003 --noinput --no-optimize
        squashmigrations shop 0003 --noinput --squashed-name one | squashmigrations shop 0002 0003 --noinput --squashed-name one
        squashmigrations shop 0003 --noinput --no-header | squashmigrations shop 0003 --noinput -v 0 | squashmigrations plain 0001
        optimizemigration shop 0001 | optimizemigration shop 0001 --check | optimizemigration plain 0001""",
    state_changed: """
        makemigrations | makemigrations --dry-run | makemigrations --check | makemigrations shop --update | makemigrations --update --dry-run
        makemigrations plain | makemigrations --scriptable | makemigrations -v 0 | makemigrations --no-header -n own | makemigrations --merge
        migrate | migrate --check""",
    state_half: """
        showmigrations | showmigrations --plan | migrate | migrate shop | migrate shop 0003 | migrate shop 0001 | migrate shop zero
        migrate --plan | migrate shop 0001 --plan | migrate --check | migrate shop 0002 --check | migrate shop 0002 | migrate --fake
        migrate shop zero --fake | makemigrations shop --update""",
    state_applied: """
        migrate | migrate -v 0 | migrate --plan | migrate --check | migrate shop 0003 | migrate shop zero --plan | migrate --fake
        migrate --run-syncdb | migrate shop --prune | showmigrations | showmigrations -v 2 | showmigrations -v 3 shop | makemigrations shop --update
        showmigrations --plan -v 2""",
    state_wanting: """
        makemigrations --noinput | makemigrations --noinput --dry-run | makemigrations --noinput --check | makemigrations --dry-run
        makemigrations --check | makemigrations --noinput -v 0 | makemigrations --noinput --scriptable | makemigrations --noinput --update | migrate""",
    state_wanting_a_time: """
        makemigrations --noinput | makemigrations --noinput --dry-run | makemigrations --noinput --check | makemigrations --dry-run""",
    state_stricter: """
        makemigrations --noinput | makemigrations --noinput --dry-run | makemigrations --noinput --check | makemigrations --dry-run""",
    state_squashed: """
        showmigrations | showmigrations --plan | migrate | migrate --plan | migrate shop 0001 | migrate shop 0003 | migrate shop zero | migrate --fake
        sqlmigrate shop 0001_i | sqlmigrate shop 0001_s | sqlmigrate shop 0001 | sqlmigrate shop 0002 | squashmigrations shop 0003 --noinput
        squashmigrations shop 0001 | squashmigrations shop 0002 --noinput | optimizemigration shop 0001 | optimizemigration shop 0001_s
        migrate shop 0001_squashed | makemigrations --check | makemigrations shop --update""",
    state_squashed_half: """
        showmigrations | showmigrations --plan | migrate | migrate --plan | migrate shop 0001 | migrate shop 0001_s | migrate shop 0002
        migrate shop zero | migrate --check | sqlmigrate shop 0001_s""",
    state_squashed_applied: """
        showmigrations | showmigrations --plan | showmigrations -v 2 | migrate | migrate --plan | migrate --check | migrate shop zero
        migrate shop zero --plan""",
    state_branched: """
        migrate | migrate --plan | migrate --check | migrate shop 0001 | migrate shop zero | makemigrations | makemigrations shop | makemigrations plain
        makemigrations --merge --noinput | makemigrations --merge --noinput --dry-run | makemigrations --merge --noinput -n joined
        makemigrations --merge --noinput --no-header | makemigrations --merge plain | makemigrations --merge --noinput --scriptable
        makemigrations --check | makemigrations shop --empty | showmigrations | showmigrations --plan
        sqlmigrate shop 0003 | squashmigrations shop 0003 | optimizemigration shop 0003""",
}
# Lines that one of the two has by design, and the other not.
OF_ONE = (
    r"  Rendering model states\.\.\. DONE",            # Django's: ours renders none
    r"        \w+, \d+ rows?: .*",                   # ours: migrate --plan tells locks and rows
    r"  \w+\.\w+: \(migrations\.W\d+\) .*", r"    Instead: .*",  # ours: the linter
    r"Give it Default\(.*", r"\S+ stands for it now: .*", r"Look at .*",  # ours: what to do, after Django's words
)
# Where ours differs in substance, and why.
OTHERWISE = {
    # Django links its documentation.
    ("state_squashed", "squashmigrations shop 0003 --noinput"): (
        1, "Will squash the following migrations:\n - 0001_squashed_0002_thing_size\n - 0003_thing_more\n\n"
           "CommandError: You cannot squash squashed migrations! Please transition shop.0001_squashed_0002_thing_size to a normal "
           "migration first: take its .replaces away, and delete those that it replaced."),
    # The comment of a C file.
    ("state_new", "inspectdb nope"): (
        0, "/* Unable to inspect table 'nope'\n   The error was: the database has no table of this name. */"),
    ("state_new", "inspectdb nope_2 nope_3"): (
        0, "/* Unable to inspect table 'nope_2'\n   The error was: the database has no table of this name. */\n"
           "/* Unable to inspect table 'nope_3'\n   The error was: the database has no table of this name. */"),
}


def common(text):
    return [line for line in text.strip().splitlines() if not any(re.fullmatch(pattern, line) for pattern in OF_ONE)]


def said(done):
    """Status, standard output, the last line of the other: with what each says in its own language."""
    last = (common(done.stderr) or [""])[-1].split("error: ")[-1]
    text = "\n".join(common(done.stdout)) + "\n\n" + re.sub(r"^[\w.]+\.(\w+Error|\w+History):", r"\1:", last)
    for pattern, ours in ((r"(?:python )?manage\.py", "./manage"), (r"'manage ", "'./manage "), (r"models\.py", "models.c"),
                          (r"\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"), (r"/\S*/(shop|plain)/", r"\1/"), (r"\.py\b", ".c"),
                          (r"_\d{8}_\d{4}", "_TIME"), (r"\(\d+\.\d+s\)", "(TIME)"), (r" +$", "")):
        text = re.sub(pattern, ours, text, flags=re.M)
    return done.returncode, text.strip()


def lines():
    for state, text in TYPED.items():
        yield state, [line.strip() for row in text.strip().splitlines() for line in row.split("|") if line.strip()]


def kept(folder):
    """A function that makes the folder what it is now."""
    copy = school.fresh_folder() / "copy"
    shutil.copytree(folder, copy)

    def restore():
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)  # with the times of the files, which say what is older than what
    return restore


def check(state, typed):
    both, differ = state(), []
    folders = both.folder, both.site.folder, pathlib.Path(both.site.url.removeprefix("sqlite:///")).parent
    restores = [kept(folder) for folder in folders]
    for line in typed:
        want, got = said(both.django(*line.split())), said(both.site.run(*line.split()))
        for restore in restores:
            restore()
        want = OTHERWISE.get((state.__name__, line), want)
        if want != got:
            differ.append(f"---- {state.__name__}: {line}\nDjango {want[0]}\n{want[1]}\nours {got[0]}\n{got[1]}")
    assert not differ, f"{len(differ)} of {len(typed)} differ\n" + "\n".join(differ)


def a_test_of(state, typed):
    return lambda: check(state, typed)


globals().update({f"test_{state.__name__}_{len(typed)}_command_lines": a_test_of(state, typed) for state, typed in lines()})


# ---- what is checked before a command ---------------------------------------------------------------

CHECKED = ["makemigrations", "makemigrations --check", "migrate", "migrate --plan", "showmigrations", "sqlmigrate shop 0001", "squashmigrations shop 0002",
           "optimizemigration shop 0001", "flush --noinput", "sqlflush", "dumpdata", "loaddata none", "sqlsequencereset shop", "sendtestemail a@example.org"]
UNCHECKED = ["diffsettings", "inspectdb nope", "createcachetable"]


def telling(django, options="", *fields):
    """The project with a model of which a check tells something: Django's lines more, ours."""
    both = state_made()
    thing = both.site.models["shop"]["Thing"]
    thing.options = options
    thing.fields += fields
    with (both.folder / "shop/models.py").open("a") as models:
        models.write(django)
    both.site.build()
    return both


def test_errors_of_the_models_stop_each_command_that_django_checks_before():
    both = telling('    class Meta:\n        unique_together = [("nosuch", "name")]\n', '.unique_together = { { "nosuch", "name" } }')
    files = both.site.migrations("shop")
    for line in CHECKED:
        want, got = both.django(*line.split()), both.site.run(*line.split())
        assert want.returncode == got.returncode == 1, f"{line}\n{want}\n{got}"
        assert want.stdout == got.stdout == "", f"{line}\n{want}\n{got}"
        assert "SystemCheckError" in want.stderr and "(models.E012)" in want.stderr, want.stderr
        assert got.stderr == want.stderr, f"{line}\n{want.stderr}\n{got.stderr}"
    want = both.django("test")
    for line, told in (("test", want.stdout), ("runserver --noreload 127.0.0.1:0", "Performing system checks...\n\n")):
        got = both.site.run(*line.split(), DEBUG="1")
        assert want.returncode == got.returncode == 1 and want.stderr.startswith("SystemCheckError"), f"{want}\n{got}"
        assert want.stderr in got.stderr.replace("Found 0 test(s).\n", "") and "Starting" not in got.stdout, f"{want}\n{got}"
        assert told in got.stdout + got.stderr, f"{want}\n{got}"
    for line in UNCHECKED:
        for done in (both.django(*line.split()), both.site.run(*line.split())):
            assert done.returncode == 0 and "models.E012" not in done.stderr, f"{line}\n{done}"
    for run in (both.django, both.site.run):
        done = run("showmigrations", "--skip-checks")
        assert done.returncode == 0 and "models.E012" not in done.stderr and "[ ] 0001_initial" in done.stdout, done
    assert both.site.migrations("shop") == files, "nothing is written"


def test_warnings_are_told_and_stop_nothing():
    both = telling('    owner = models.ForeignKey("self", models.CASCADE, null=True, unique=True)\n', "",
                   F("owner", "ForeignKey", ".on_delete = CASCADE, .null = true, .unique = true", to="Thing"))
    for line in ("showmigrations", "migrate shop 0001", "sqlflush"):
        want, got = both.django(*line.split()), both.site.run(*line.split())
        assert want.returncode == got.returncode == 0, f"{line}\n{want}\n{got}"
        assert "shop.Thing.owner: (fields.W342)" in want.stderr, want.stderr
        assert got.stderr == want.stderr, f"{line}\n{want.stderr}\n{got.stderr}"
        done = both.site.run(*line.split(), "--skip-checks")
        assert done.returncode == 0 and not done.stderr, done


if __name__ == "__main__":
    suite.main(globals())
