"""What commands say at terminals of several widths: help and usage fit, and say the same as where there is no terminal."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
from terminal import Terminal

WIDTHS = (120, 80, 60, 40)
VARIABLES = {"SECRET_KEY": "k" * 60, "DEBUG": "1", "TERM": "xterm"}
COMMANDS = (["help"], ["help", "migrate"], ["runserver", "--help"], ["startapp", "--help"])


def at_terminal(columns, arguments, **variables):
    """The lines, without colours, and the exit status."""
    with Terminal([str(school.PROGRAM), *arguments], school.scratch(), {**VARIABLES, **variables}, columns) as terminal:
        status = terminal.end()
    return re.sub(r"\x1b\[[\d;]*m", "", terminal.told).replace("\r\n", "\n"), status


def too_wide(line, columns):
    """A line of several words, or of options in brackets, of which the last should stand in the next."""
    return len(line) >= columns and len(re.sub(r"\[[^]]*\]", "option", line).split()) > 1


def test_help_fits_the_terminal_and_loses_no_word():
    for arguments in COMMANDS:
        whole = school.run([school.PROGRAM, *arguments], VARIABLES, school.scratch()).stdout
        for columns in WIDTHS:
            told, status = at_terminal(columns, arguments)
            assert status == 0 and told.split() == whole.split(), (arguments, columns, told)
            # The folder's name may take a line of its own.
            wide = [line for line in told.splitlines() if too_wide(line, columns) and str(school.PROGRAM) not in line]
            assert not wide, (arguments, columns, wide)


def test_a_long_option_has_its_explanation_below_it():
    told, _ = at_terminal(80, ["migrate", "--help"])
    assert re.search(r"\n  --lock-timeout MILLISECONDS\n {29}how long a statement waits", told), told
    assert "\n  -h, --help                 show this help message and exit\n" in told, told
    assert "\n\nBring the database to where the migrations are.\n\narguments:\n" in told, told


def test_columns_by_the_environment_as_in_python():
    told, _ = at_terminal(120, ["migrate", "--help"], COLUMNS="50")
    assert max(len(line) for line in told.splitlines() if str(school.PROGRAM) not in line) < 50, told


def test_a_wrong_argument_has_usage_and_the_word():
    told, status = at_terminal(60, ["migrate", "--nonsense"])
    assert status == 2 and "error: " in told and "--nonsense" in told.splitlines()[-1], told
    assert all(len(line) < 60 for line in told.splitlines()[1:-1]), told


if __name__ == "__main__":
    suite.main(globals())
