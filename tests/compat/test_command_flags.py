"""Each option of Django's commands is one of ours, by long and short names; what is left out is named, with the reason."""
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

COMMANDS = ["check", "dbshell", "diffsettings", "dumpdata", "loaddata", "flush", "sqlflush", "sqlsequencereset", "inspectdb",
            "findstatic", "collectstatic", "testserver", "makemessages", "compilemessages", "migrate", "showmigrations",
            "sqlmigrate", "optimizemigration", "makemigrations", "squashmigrations", "createcachetable", "sendtestemail",
            "runserver", "shell", "test", "startproject", "startapp"]
LEFT_OUT = {
    "--settings": "settings are compiled in",
    "--pythonpath": "no module is looked for at run time",
    **{f"{command} {option}": "@NAME@ is filled in wherever it stands in a template's files, whatever they are called"
       for command in ("startproject", "startapp") for option in ("--extension", "-e", "--name", "-n")},
    "runserver --nothreading": "a process has one thread, and fibers",
    "shell --interface": "there is one",
    "shell -i": "there is one",
    "shell --no-startup": "no file of a user is run at the start",
    "shell --no-imports": "nothing is imported: models are there by their names",
    "test --pdb": "gdb is the debugger of C, and takes a program: gdb --args ./manage test NAME",
    "test --testrunner": "a class to name at run time: there is one runner",
    "test --top-level-directory": "tests stand in the tables of apps; no folder is searched",
    "test -t": "as --top-level-directory",
    "test --pattern": "as --top-level-directory",
    "test -p": "as --top-level-directory",
    "test --no-faulthandler": "a test that crashes ends its process alone, and is told of",
    "diffsettings --default": "a module of settings to compare with: there is none beside the one compiled in",
}
ASK = """
import json, sys
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.staticfiles", "django.contrib.auth", "django.contrib.contenttypes"])
import django
django.setup()
from django.core.management import get_commands, load_command_class
print(json.dumps({name: [option for action in load_command_class(get_commands()[name], name).create_parser("manage", name)._actions
                         for option in action.option_strings] for name in sys.argv[1:]}))
"""


def of_django():
    done = subprocess.run([school.venv(), "-c", ASK, *COMMANDS], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def manage(*arguments):
    return school.manage(school.seeded(), *arguments)


def told_by(*arguments):
    return school.checked(manage(*arguments))


def of_ours(command):
    """As --help tells them, before the words of each: "-o, --output FILE"."""
    told = told_by(command, "--help")
    lines = re.findall(r"^  (-.*?)(?:  +|$)", told.split("\noptions:\n")[1], re.M)
    return {word for line in lines for word in re.findall(r"(?<![\w-])--?[\w-]+", line)} | {"-h", "--help"}


def test_each_option_of_django_is_there():
    missing, unused = [], set(LEFT_OUT)
    for command, options in of_django().items():
        ours = of_ours(command)
        for option in options:
            named = {option, f"{command} {option}"} & set(LEFT_OUT)
            unused -= named
            if option not in ours and not named:
                missing.append(f"{command} {option}")
            elif option in ours and named:
                missing.append(f"{command} {option} is there: take it off the list of what is left out")
    assert not missing, "\n".join(missing)
    assert not unused, f"Django has no such options: {unused}"


def test_version_and_colours_are_options_of_each_command():
    version = told_by("version")
    assert told_by("migrate", "--version") == version
    plain = told_by("check")
    assert "\033[" not in plain
    done = manage("check", "--no-color", "--force-color")
    assert done.returncode == 2 and "can't be used together" in done.stderr, done


if __name__ == "__main__":
    suite.main(globals())
