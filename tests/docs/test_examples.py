"""Each public function and macro has an example that is compiled and run.

Examples are the ```c blocks of the reference, the topics and the tutorial, the sites in examples/ and tests/samples/, and what
startproject writes. A new function needs one at once.
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import suite

HEADERS = suite.ROOT / "include/nuages"
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
TEXT_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|' + COMMENT.pattern, re.S)
FENCE = re.compile(r"^```c(?: [^\n]*)?\n(.*?)^```$", re.M | re.S)
SITES = ["examples", "tests/samples", "src/cli/scaffold"]


def public_names():
    """Functions and macros with arguments; those for the macros' own use end with _ or begin with nu__ or NU__."""
    names = {}
    for header in sorted(HEADERS.glob("*.h")):
        text = COMMENT.sub(" ", header.read_text())
        macros = re.findall(r"^#define (\w+)\(", text, re.M)
        code = re.sub(r"^#.*?(?<!\\)$", "", text, flags=re.M | re.S)
        functions = re.findall(r"\b(nu_\w+)\(", re.sub(r"\(\*\s*\w+\)\([^()]*\)", "", code))
        for name in [*macros, *functions]:
            if not name.endswith("_") and not name.lower().startswith("nu__"):
                names.setdefault(name, header.name)
    return names


def macro_bodies():
    """What each macro of the headers stands for, as names: an example of it is one of these, too."""
    bodies = {}
    for header in sorted(HEADERS.glob("*.h")):
        text = COMMENT.sub(" ", header.read_text()).replace("\\\n", " ")
        for name, body in re.findall(r"^#define (\w+)(.*)$", text, re.M):
            bodies.setdefault(name, set()).update(re.findall(r"\w+", body))
    return bodies


def example_text():
    pages = [path for folder in ("reference", "topics", "tutorial", "how-to") for path in (suite.ROOT / "docs" / folder).rglob("*.md")]
    code = [block for page in pages for block in FENCE.findall(page.read_text())]
    code += [path.read_text() for folder in SITES for kind in ("*.c", "*.h") for path in (suite.ROOT / folder).rglob(kind)]
    used, bodies = set(), macro_bodies()
    waiting = set(re.findall(r"\w+", TEXT_OR_COMMENT.sub(" ", "\n".join(code))))
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting |= bodies.get(name, set())
    return used


def without_example():
    used = example_text()
    return {name: header for name, header in public_names().items() if name not in used}


def test_each_public_name_has_an_example():
    missing = [f"{header}: {name}" for name, header in without_example().items()]
    assert not missing, "no example is compiled and run for:\n" + "\n".join(sorted(missing))


def test_a_name_without_example_is_seen():
    names = public_names()
    assert len(names) > 600 and names["nu_filter"] and "CharField" in names and "nu_filter_" not in names
    assert "nu_filter" in example_text() and "nu_no_such_function" not in example_text()


if __name__ == "__main__":
    suite.main(globals())
