"""Each option of Django's commands is one of ours, by long and short names; what is left out is named, with the reason."""
import json
import pathlib
import re
import socket
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
OWN_WORDS = {"sendtestemail", "findstatic", "loaddata", "sqlsequencereset"}  # the status is Django's, the last line tells it in our words
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


def test_arguments_that_do_not_fit_end_as_in_django():
    """check over apps, recipients that lack, commands that there are not."""
    for words in (["check", "registry"], ["check", "auth", "registry", "--fail-level", "WARNING"], ["check", "registri"],
                  ["check", "registry", "--tag", "nosuch"], ["sendtestemail"], ["sqlsequencereset", "registri"], ["sqlsequencereset"],
                  ["loaddata"], ["findstatic"], ["sqlmigrate"], ["sqlflush", "more"], ["loaddata", "x", "-v", "9"], ["migrat"], ["nosuch"],
                  ["help", "nosuch"]):
        database = school.copy_of(school.seed())
        ours, theirs = manage(*words), school.twin_manage(database, *words)
        assert ours.returncode == theirs.returncode, f"{words}\n{ours}\n{theirs}"
        assert ours.stdout == theirs.stdout, f"{words}\n{ours}\n{theirs}"
        told = [re.findall("(?m): error: .*$|^Unknown command.*$", done.stderr) for done in (ours, theirs)]
        assert told[0] == told[1] or (words[0] in OWN_WORDS and told[0]), told


def test_static_files_are_found_as_verbosely_as_by_django():
    """The folders that are looked in are the sites' own; the school has its files compiled in, too, which is no second place."""
    for words in (["--first", "registry/school.css"], ["registry/school.css"], ["nowhere.css"]):
        for verbosity in "012":
            told = []
            for manage_of in (school.manage, school.twin_manage):
                done = manage_of(school.copy_of(school.seed()), "findstatic", "-v", verbosity, *words)
                told.append((done.returncode, re.sub("(?m)^((?:  )?)/.*?([^/]*)$", r"\1\2", done.stdout).split("Looking in"),
                             re.sub("(?m)^  /.*", "", done.stderr).rstrip().split("\n")[:3]))
            assert told[0][0] == told[1][0] and told[0][1][0] == told[1][1][0] and told[0][2] == told[1][2], (words, verbosity, told)
            assert len(told[0][1]) == len(told[1][1])


def test_the_tags_of_checks_are_told_in_order():
    tags = told_by("check", "--list-tags").splitlines()
    assert tags == sorted(tags) and "models" in tags and "security" not in tags
    assert "security" in told_by("check", "--list-tags", "--deploy").splitlines()


def test_a_check_that_finds_something_says_it_all_to_standard_error():
    database = school.copy_of(school.seed())
    for level, first in (("ERROR", "System check identified"), ("WARNING", "SystemCheckError: System check identified")):
        words = ["check", "--deploy", "--tag", "security", "--fail-level", level]
        for done in (manage(*words), school.twin_manage(database, *words)):
            lines = done.stderr.splitlines()
            assert done.stdout == "" and lines[0] == f"{first} some issues:" and done.returncode == (level == "WARNING"), done
            assert re.fullmatch(r"System check identified \d+ issues \(0 silenced\)\.", lines[-1]), done


def test_a_flush_that_other_tables_forbid_says_so_and_takes_nothing():
    """The seed has tables of Django's apps that refer to users, and no model here."""
    database = school.copy_of(school.seed())
    before = school.rows(database, "registry_student")
    done = school.manage(database, "flush", "--noinput")
    assert done.returncode == 1 and "couldn't be flushed" in done.stderr and "sqlflush" in done.stderr, done
    assert before and school.rows(database, "registry_student") == before


def test_without_an_address_a_test_server_is_for_this_machine_alone():
    """The port is taken, so that the command ends, naming its address."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        except OSError:
            pass  # by another program, which serves as well
        for words in (["testserver"], ["runserver", "--noreload", ""]):
            done = manage(*words)
            assert done.returncode and "127.0.0.1:8000" in done.stdout + done.stderr, done


def test_a_dotenv_that_cannot_be_read_stops_the_start():
    folder = school.fresh_folder()
    (folder / ".env").mkdir()
    done = school.manage(folder / "db.sqlite3", "check")
    assert done.returncode == 1 and ".env is there but cannot be read" in done.stderr, done
    (folder / ".env").rmdir()
    (folder / ".env").write_text(f"SCHOOL_LONG='{'x' * 10000}'\nSCHOOL_DEBUGG=1\n")
    done = school.manage(folder / "db.sqlite3", "check")
    assert done.returncode == 0 and "SCHOOL_DEBUGG names no setting" in done.stderr, done


if __name__ == "__main__":
    suite.main(globals())
