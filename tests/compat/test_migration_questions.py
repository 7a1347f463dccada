"""What makemigrations asks at a terminal, Django's beside ours: the same questions in the same order, and with the same
answers the same operations, files and exit status."""
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
import test_migration_commands as commands
from terminal import Terminal

PROMPT = re.compile(r"(\[y/N\] |yes or no: |Select an option: |valid option: |>>> )$")
# Written in each one's own language.
OWN = re.compile(r"Please enter the default value as .*?(?=Type 'exit')|(?:CommandError: )?Nothing was written[^\n]*\n", re.S)


def conversed(terminal, replies):
    """All that was told, with the replies where they were given; the exit status."""
    replies = list(replies)
    while True:
        while not PROMPT.search(terminal.told[terminal.seen:]):
            if not terminal.read(time.monotonic() + servers.PATIENCE):
                return terminal.told, terminal.process.wait(), replies
        terminal.seen = len(terminal.told)
        terminal.type(replies.pop(0)) if replies else terminal.press("D")


def at(arguments, folder, environment, replies):
    with Terminal(arguments, folder, environment) as terminal:
        told, status, left = conversed(terminal, replies)
    text = OWN.sub("", re.sub(r"\x1b\[[\d;]*m", "", told.replace("\r\n", "\n"))).replace("RunPython", "RunC")
    assert not left, f"not asked for {left}:\n{told}"
    return commands.said(subprocess.CompletedProcess([], status, text, ""))


def both_asked(both, replies, *arguments):
    """Both conversations, and the files that there are then."""
    django = at([str(school.venv()), "-m", "django", *arguments], both.folder,
                {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(both.folder), "PYTHONDONTWRITEBYTECODE": "1"}, replies)
    ours = at(["./manage", *arguments], both.site.folder, both.site.environment(), replies)
    files = [sorted(re.sub(r"_\d{8}_\d{4}", "_TIME", path.stem) for path in (folder / "shop/migrations").glob("0*")) for folder in (both.folder, both.site.folder)]
    assert (django, files[0]) == (ours, files[1]), f"{replies}\nDjango {django[0]} {files[0]}\n{django[1]}\nours {ours[0]} {files[1]}\n{ours[1]}"
    return ours


def made(*fields):
    both = commands.Both()
    both.have(*fields)
    both.do("makemigrations", "shop")
    return both


def renamed(*pairs):
    """Fields that have another name now, in the place where they were."""
    names = dict(pairs)
    both = made(*(commands.some(old) for old in names))
    fields, both.fields = both.fields, []
    both.have(*((names.get(name, name), *more) for name, *more in fields))
    return both


def changed(before, *after):
    both = made(*before)
    both.fields = both.fields[:1]
    both.have(*after)
    return both


REQUIRED = ("size", "IntegerField", "", "")


def test_renames():
    for replies in (["y"], ["n"], [""], ["YES"], ["maybe", "y"], ["maybe", "", "n"]):
        both_asked(renamed(("size", "width")), replies, "makemigrations")


def test_renames_of_several_that_are_alike():
    for replies in (["y", "y"], ["n", "y", "y"], ["n", "n", "n", "n"], ["y", "n"]):
        both_asked(renamed(("size", "width"), ("age", "years")), replies, "makemigrations")


def test_renames_are_asked_for_without_writing_too():
    for more in ("--dry-run", "--check"):
        both_asked(renamed(("size", "width")), ["y"], "makemigrations", more)


def test_values_for_new_columns():
    for replies in (["1", "7"], ["2"], ["9", "x", "1x", "", "1", "", "7"], ["1", "exit"]):
        both_asked(changed([], REQUIRED), replies, "makemigrations")
    both_asked(changed([], REQUIRED, ("age", "IntegerField", "", "")), ["1", "7", "1", "8"], "makemigrations")


def test_values_for_columns_that_lose_null():
    for replies in (["1", "7"], ["2"], ["3"]):
        both_asked(changed([commands.some("size")], REQUIRED), replies, "makemigrations")


def test_times_of_making():
    field = ("made_at", "DateTimeField", "auto_now_add=True", ".auto_now_add = true")
    for replies in (["1", ""], ["2"]):
        both_asked(changed([], field), replies, "makemigrations")


def test_merges():
    for replies, more in ((["y"], ()), (["n"], ()), ([""], ()), (["perhaps", "", "y"], ()), (["y"], ("-n", "joined")), (["y"], ("--dry-run",)), (["y"], ("-v", "0")), (["n"], ("-v", "0"))):
        both_asked(commands.state_branched(), replies, "makemigrations", "--merge", *more)


def test_merges_of_three():
    both = commands.state_branched()
    both.branch("0003_thing_deep", "0003_thing_more", ("more", "deep"))
    both_asked(both, ["y"], "makemigrations", "--merge")


if __name__ == "__main__":
    suite.main(globals())
