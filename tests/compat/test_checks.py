"""What the system checks say of wrong models and settings, beside Django's: the same ids, objects, words and hints."""
import functools
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import school
import suite

SITE = suite.BUILD / "tests/live/wrong-site"
SETTINGS = """
import os, sys
from django.conf import settings
flag = lambda name, otherwise: os.environ.get(name, otherwise) == "1"
listed = lambda name: [each for each in os.environ.get(name, "").split(",") if each]
settings.configure(
    INSTALLED_APPS=["wrong", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.staticfiles"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"], ALLOWED_HOSTS=["localhost"], SECRET_KEY=os.environ["SECRET_KEY"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SESSION_COOKIE_SECURE=flag("SESSION_COOKIE_SECURE", "0"),
    SESSION_COOKIE_HTTPONLY=flag("SESSION_COOKIE_HTTPONLY", "1"), FILE_UPLOAD_TEMP_DIR=os.environ.get("FILE_UPLOAD_TEMP_DIR"),
    LANGUAGE_CODE=os.environ.get("LANGUAGE_CODE", "en-us"), STATICFILES_DIRS=listed("STATICFILES_DIRS"), STATIC_URL="static/",
    STATIC_ROOT=os.environ.get("STATIC_ROOT"), SILENCED_SYSTEM_CHECKS=listed("SILENCED_SYSTEM_CHECKS"),
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    **({"LANGUAGES": [(code, code) for code in listed("LANGUAGES")]} if "LANGUAGES" in os.environ else {}))
"""
DJANGO = SETTINGS + """
from django.core.management import execute_from_command_line
execute_from_command_line(["manage", *sys.argv[1:]])
"""
OWN_HINTS = "\tHINT: Name the folder of the sources in STATICFILES_DIRS"  # where Django gives none
SETTINGS_CASES = [
    (["--tag", "files"], {"FILE_UPLOAD_TEMP_DIR": "/nowhere/at/all"}), (["--tag", "files"], {"FILE_UPLOAD_TEMP_DIR": "/tmp"}),
    (["--tag", "translation"], {"LANGUAGE_CODE": "de-at"}), (["--tag", "translation"], {"LANGUAGE_CODE": "es", "LANGUAGES": "de,fr"}),
    (["--tag", "translation"], {"LANGUAGE_CODE": "en-us", "LANGUAGES": "de,fr"}),
    (["--tag", "translation"], {"LANGUAGE_CODE": "de-ch", "LANGUAGES": "de,fr"}),
    (["--tag", "translation"], {"LANGUAGE_CODE": "pt", "LANGUAGES": "pt-br"}),
    (["--tag", "staticfiles"], {"STATICFILES_DIRS": "/nowhere/at/all"}),
    (["--tag", "staticfiles"], {"STATICFILES_DIRS": "/tmp", "STATIC_ROOT": "/tmp"}),
    (["--tag", "security", "--deploy"], {}), (["--tag", "security", "--deploy"], {"SESSION_COOKIE_HTTPONLY": "0"}),
    (["--tag", "security", "--deploy"], {"SESSION_COOKIE_SECURE": "1", "SECRET_KEY": "short"}),
    (["--tag", "security", "--deploy", "--fail-level", "WARNING"], {"SILENCED_SYSTEM_CHECKS": "security.W012,security.W001"}),
]


@functools.cache
def models_folder():
    """A folder that has them as those of an app `wrong`."""
    package = school.fresh_folder() / "wrong"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(HERE / "wrong_models.py", package / "models.py")
    return package.parent


def sides(words, **more):
    for program in ([SITE], [school.venv(), "-c", DJANGO]):
        environment = {"SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-0123456789", "DATABASE_URL": "sqlite:///:memory:", "LOG_LEVEL": "critical", "PYTHONPATH": str(models_folder()), **more}
        yield school.run([*program, "check", *words], environment, school.scratch())


def messages(text):
    """{(object, id): [words with their hints]} of each level."""
    found, level, last = {}, None, None
    for line in text.splitlines():
        if re.fullmatch("[A-Z]+:", line):
            level = line
        elif match := re.match(r"(.*?): \(([a-z]+\.[A-Z]\d+)\) (.*)", line):
            last = found.setdefault((level, match[1], match[2]), [])
            last.append(match[3])
        elif line.startswith("\tHINT: ") and not line.startswith(OWN_HINTS):
            last[-1] += line
    return {key: sorted(told) for key, told in found.items()}


def compared(words, **more):
    ours, theirs = sides(words, **more)
    mine, other = messages(ours.stderr), messages(theirs.stderr)
    differ = [f"{key}\n  ours   {mine.get(key)}\n  theirs {other.get(key)}" for key in sorted({*mine, *other}, key=str) if mine.get(key) != other.get(key)]
    assert ours.returncode == theirs.returncode, f"{ours}\n{theirs}"
    return differ, mine, ours, theirs


def test_what_is_wrong_with_models_is_said_in_django_s_words():
    differ, mine, ours, theirs = compared(["--tag", "models"])
    assert len({key[2] for key in mine}) > 25, sorted(mine)
    assert not differ, "\n".join(differ)


def test_a_column_s_name_that_a_database_would_cut_is_told_where_it_is_asked_for():
    """Django's words are in django/db/models/base.py; its backends ask the server for more, and none is there."""
    for url, most in (("postgresql://u@127.0.0.1:1/d", 63), ("mysql://u@127.0.0.1:1/d", 64)):
        done = next(sides(["--tag", "models", "--database", "default"], DATABASE_URL=url))
        (told,) = messages(done.stderr)["ERRORS:", "wrong.Twin", "models.E018"]
        assert told.startswith('Autogenerated column name too long for field "a_name_of_') and told.endswith(
            f'Maximum length is "{most}" for database "default".\tHINT: Set the column name manually using \'db_column\'.'), told
    assert not any(key[2] == "models.E018" for key in messages(next(sides(["--tag", "models", "--database", "default"])).stderr))


def test_a_text_without_a_length_is_told_where_the_database_needs_one():
    """Django's words are in django/db/models/fields/__init__.py."""
    told = {url: messages(next(sides(["--tag", "models", "--database", "default"], DATABASE_URL=url)).stderr)
            for url in ("postgresql://u@127.0.0.1:1/d", "mysql://u@127.0.0.1:1/d", "sqlite:///:memory:")}
    found = {url: each.get(("ERRORS:", "wrong.Twin.of_no_length", "fields.E120")) for url, each in told.items()}
    assert found == {"postgresql://u@127.0.0.1:1/d": None, "sqlite:///:memory:": None,
                     "mysql://u@127.0.0.1:1/d": ["CharFields must define a 'max_length' attribute."]}, found


def test_what_is_wrong_with_settings_is_said_in_django_s_words():
    for words, more in SETTINGS_CASES:
        differ, _, ours, theirs = compared(words, **more)
        assert not differ, f"{words} {more}\n" + "\n".join(differ)
        assert ours.stderr.splitlines()[-1:] == theirs.stderr.splitlines()[-1:], f"{ours}\n{theirs}"


if __name__ == "__main__":
    suite.main(globals())
