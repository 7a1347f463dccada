"""What cannot be, typed to Django and to ours: the same message and the same exit status."""
import functools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
from sites import Field, Model, Site

MODELS = "from django.db import models\nclass Thing(models.Model):\n    name = models.CharField(max_length=30)\n"
SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
# Where ours speaks of C, or knows that the app is installed.
OTHERWISE = {
    "makemigrations shop --name not-good": (1, "CommandError: The migration name must be a valid C identifier: letters, digits and _."),
    "sqlmigrate shop 0009": (1, "CommandError: Cannot find a migration matching '0009' from app 'shop'."),
}
# Typed after the app's migrations 0001_initial and 0002_more were made, none applied.
TYPED = (
    "migrate nope", "migrate nope 0001", "migrate shop 0009", "migrate shop 000", "migrate --prune",
    "migrate shop --run-syncdb", "migrate --database nope",
    "makemigrations nope", "makemigrations --empty", "makemigrations shop --name not-good", "makemigrations --merge",
    "makemigrations --check", "makemigrations shop nope",
    "showmigrations nope", "showmigrations nope nix", "showmigrations --plan nope", "showmigrations --database nope",
    "sqlmigrate nope 0001", "sqlmigrate shop 0009", "sqlmigrate shop 000", "sqlmigrate shop 0001 --database nope",
    "squashmigrations nope 0001", "squashmigrations shop 0009", "squashmigrations shop 000", "squashmigrations shop 0002 0001",
    "squashmigrations shop 0009 0002",
    "optimizemigration nope 0001", "optimizemigration shop 0009", "optimizemigration shop 000",
    "check --database nope", "flush --database nope", "dbshell --database nope", "dumpdata --database nope", "loaddata x --database nope",
    "createcachetable --database nope", "sqlflush --database nope", "sqlsequencereset shop --database nope",
)


def django(folder, *arguments):
    return school.run([school.venv(), "-m", "django", *arguments], {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}, folder)


@functools.cache
def both():
    """The folder of Django's project, and the site."""
    folder = school.fresh_folder()
    (folder / "shop").mkdir()
    for path, text in (("settings.py", SETTINGS), ("shop/__init__.py", ""), ("shop/models.py", MODELS)):
        (folder / path).write_text(text)
    school.checked(django(folder, "makemigrations", "shop"))
    school.checked(django(folder, "makemigrations", "shop", "--empty", "--name", "more"))
    site = Site(school.fresh_folder() / "site", databases.SQLite().fresh(), ["shop"])
    site.models["shop"]["Thing"] = Model(Field("name", "CharField", ".max_length = 30"))
    site.makemigrations()
    site.manage("makemigrations", "shop", "--empty", "--name", "more")
    site.build()
    return folder, site


def last(done):
    """The exit status and the message: Django's traceback has it in its last line."""
    # Before "error: " argparse has the program's name.
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return done.returncode, lines[-1].split("error: ")[-1] if lines else ""


def test_messages_and_statuses_are_djangos():
    folder, site = both()
    differ = []
    for line in TYPED:
        want, got = last(django(folder, *line.split())), last(site.run(*line.split()))
        want = OTHERWISE.get(line, want)
        if want != got:
            differ.append(f"{line}\n  Django {want}\n  ours   {got}")
    assert not differ, f"{len(differ)} of {len(TYPED)} differ\n" + "\n".join(differ)


if __name__ == "__main__":
    suite.main(globals())
