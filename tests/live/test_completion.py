"""What `manage completion` prints lets bash, zsh and fish complete: each shell is asked as its own keys would."""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
from terminal import Terminal

PROGRAM = suite.BUILD / "examples/school/manage"
# What stands before the key, and what must and must not be offered.
CASES = [
    ("manage mig", {"migrate"}, {"makemigrations"}),
    ("manage hel", {"help"}, set()),
    ("manage migrate --fake", {"--fake", "--fake-initial"}, {"--database"}),
    ("manage migrate --no-c", {"--no-color"}, set()),
    ("manage migrate reg", {"registry"}, {"sessions"}),
    ("manage check --fail-level ", {"ERROR", "CRITICAL"}, {"--deploy", "registry"}),
    ("manage migrate --database ", {"default"}, {"registry", "--fake"}),
    ("manage dumpdata registry.St", {"registry.Student"}, {"registry.Course", "registry"}),
    ("manage dumpdata --exclude auth.", {"auth.Group", "auth.Permission", "auth.User"}, {"registry.Student", "--indent"}),
    ("manage loaddata --exclude registry.Pay", {"registry.Payment"}, set()),
    ("manage migrate auth 0001", {"0001_initial"}, {"0002_alter_permission_name_max_length"}),
    ("manage migrate auth ", {"0001_initial", "0012_alter_user_first_name_max_length"}, {"registry", "--fake"}),
    ("manage sqlmigrate registry ", {"0001_initial"}, {"0012_alter_user_first_name_max_length"}),
    ("manage showmigrations auth ", {"registry"}, {"0001_initial"}),
    ("manage completion ", {"bash", "zsh", "fish"}, set()),
    ("manage completion z", {"zsh"}, {"bash"}),
]


def script(shell):
    done = subprocess.run([PROGRAM, "completion", shell], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
    path = school.fresh_folder() / f"completion.{shell}"
    path.write_text(done.stdout)
    return path


def need(shell):
    if not shutil.which(shell):
        raise suite.Skip(f"{shell} is not installed")


def check(offered_for):
    for line, wanted, refused in CASES:
        offered = offered_for(line)
        assert wanted <= offered and not refused & offered, (line, offered)


def test_bash():
    path = script("bash")
    ask = 'source "$1"; read -ra COMP_WORDS <<<"$2"; [[ "$2" == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); ' \
          '_manage; printf "%s\\n" "${COMPREPLY[@]}"'
    check(lambda line: set(subprocess.run(["bash", "-c", ask, "bash", path, line], capture_output=True, text=True, check=True).stdout.split()))


def test_bash_completes_at_a_terminal():
    with Terminal(["bash", "--norc", "--noprofile"], school.fresh_folder(), {"PS1": "> ", "TERM": "dumb"}) as terminal:
        terminal.type(f"source {script('bash')}; manage() {{ echo ran \"$@\"; }}")
        terminal.type("manage showm\t --pl\t")
        terminal.expect("ran showmigrations --plan")
        terminal.press("D")


def test_fish():
    need("fish")
    path = script("fish")
    home = school.fresh_folder()
    ask = lambda line: subprocess.run(["fish", "-c", f"source {path}; complete -C {line!r}"], capture_output=True, text=True, check=True,
                                      env={"HOME": str(home), "PATH": "/usr/bin:/bin"}).stdout
    check(lambda line: {offer.split("\t")[0] for offer in ask(line).splitlines()})
    assert "migrate\t" in ask("manage mig"), "fish shows what a command does"


def test_zsh():
    """It has no way to be asked: a terminal of its own, and the key twice lists what there is."""
    need("zsh")
    path = script("zsh")
    for line, wanted, refused in CASES:
        folder = school.fresh_folder()
        with Terminal(["zsh", "-f", "-i"], folder, {"PS1": "> ", "TERM": "dumb", "HOME": str(folder)}) as terminal:
            terminal.type(f"autoload -Uz compinit && compinit -u -D; source {path}; "
                          "manage() { echo \"ran:$*:\" }; bindkey '^I' list-choices; bindkey '^T' complete-word; echo re''ady")
            terminal.expect("ready")
            before = len(terminal.told)
            if len(wanted) > 1 or line.endswith(" "):
                terminal.type(line + "\t")
                terminal.expect("ran:")
                offered = set(terminal.told[before:].replace("\r", " ").split())
            else:
                terminal.type(line + "\x14")
                terminal.expect("ran:")
                terminal.expect(":")
                offered = set(terminal.told[terminal.told.rindex("ran:") + 4:].split(":")[0].split())
            assert wanted <= offered and not refused & offered, (line, offered, terminal.told)
            terminal.press("D")


def test_zsh_finds_it_in_a_folder_of_its_own():
    """As packages install it: there the file is the function, and the first key has to do."""
    need("zsh")
    folder = school.fresh_folder()
    (folder / "_manage").write_text(script("zsh").read_text())
    with Terminal(["zsh", "-f", "-i"], folder, {"PS1": "> ", "TERM": "dumb", "HOME": str(folder)}) as terminal:
        terminal.type(f"fpath=({folder} $fpath); autoload -Uz compinit && compinit -u -D; manage() {{ echo \"ran:$*:\" }}; "
                      "bindkey '^T' complete-word; echo re''ady")
        terminal.expect("ready")
        terminal.type("manage showm\x14")
        terminal.expect("ran:showmigrations")
        terminal.press("D")


if __name__ == "__main__":
    suite.main(globals())
