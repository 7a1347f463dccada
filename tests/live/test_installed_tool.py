"""What is installed beside the tool: its manual page, which knows every command, and what shells complete."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
import test_startproject as newcomer

COMMON = {"help", "verbosity", "traceback", "no-color", "force-color", "skip-checks", "version"}


def told(*arguments):
    return newcomer.run(["nuages", *arguments], school.scratch(), **newcomer.variables())


def commands():
    return re.findall(r"^    ([a-z-]+)  ", told("help"), re.M)


def test_the_manual_page_has_every_command_with_its_options():
    page = (newcomer.installed() / "share/man/man1/nuages.1").read_text()
    parts = dict(re.findall(r"^\.It Cm (\S+)(.*)$", page, re.M))
    assert sorted(parts) == sorted(commands()), parts
    for command, line in parts.items():
        options = set(re.findall(r"^  (?:-\w, )?--([\w-]+)", told("help", command), re.M)) - COMMON
        assert options == set(re.findall(r"-([a-z][\w-]+)", re.sub(r"Ar \S+", "", line))), (command, options, line)
    common = page[page.index("All commands take"):page.index(".Sh ENVIRONMENT")].replace(".Bl -tag -width Ds", "")
    assert COMMON == set(re.findall(r"-([a-z][\w-]+)", common)), common


def test_groff_has_nothing_to_say_about_the_manual_page():
    page = newcomer.installed() / "share/man/man1/nuages.1"
    try:
        done = subprocess.run(["groff", "-mandoc", "-z", "-ww", page], capture_output=True, text=True)
    except FileNotFoundError:
        raise suite.Skip("groff is not installed") from None
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_what_shells_complete_is_installed_and_is_what_the_tool_prints():
    share = newcomer.installed() / "share"
    for shell, place in (("bash", "bash-completion/completions/nuages"), ("fish", "fish/vendor_completions.d/nuages.fish"),
                         ("zsh", "zsh/site-functions/_nuages")):
        without_hint = lambda text: [line for line in text.splitlines() if not line.startswith("# ")]
        assert without_hint((share / place).read_text()) == without_hint(told("completion", shell)), shell


if __name__ == "__main__":
    suite.main(globals())
