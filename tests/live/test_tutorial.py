"""The tutorial as a newcomer types it, part after part, in a clean folder against the installed library.

Of docs/tutorial/part1.md to part7.md, in their order:

    ```sh                   commands; `cd` and `export` hold for what follows
    ```console              the same after `$ `, and what each prints; `…` stands for any text of a line, a line
                            of it for any lines; `-> 1` at the end is the exit status
    ```LANGUAGE FILE        the whole content of a file
    ```edit FILE            `before TEXT`: the lines go above the one that has TEXT; `replace TEXT`: in its place
    ```page [PROGRAM] PATH  the site, started for it, answers 200 (or what follows `->`) with each of these lines
    ```form PATH            fields of a form that is sent; after `->` the status, the place it leads to, and
                            lines of the answer
"""
import contextlib
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
import test_startproject as newcomer
from client import Client

FOLDER = suite.ROOT / "docs/tutorial"
FENCE = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.M | re.S)


def matches(printed, expected):
    """Whether what was printed is what the page shows."""
    parts = ["(?:.*\n)*?" if line == "…" else "[^\n]*".join(map(re.escape, line.split("…"))) + "\n"
             for line in expected.splitlines()]
    return re.fullmatch("".join(parts), "".join(line.rstrip() + "\n" for line in printed.splitlines()))


class Site(servers.Server):
    def __init__(self, folder, program, variables):
        super().__init__(folder / program, "serve", "127.0.0.1:0", "--workers", 1, cwd=folder, env=variables)


class Reader:
    """Who types: a folder, variables, and the site while it runs."""

    def __init__(self):
        self.folder, self.variables, self.site = school.fresh_folder(), newcomer.variables(), None
        self.stack = contextlib.ExitStack()

    def stop(self):
        self.stack.close()
        self.site = None

    def visitor(self, program="build/manage"):
        if not self.site:
            if program == "build/manage":
                self.command("make")  # as `make run` has done since the last file was saved
            self.site = self.stack.enter_context(Site(self.folder, program, self.variables))
            self.client = Client(self.site.address, host="localhost")
        return self.client

    def command(self, line, status=0):
        """Run it; what it prints."""
        self.stop()
        words = shlex.split(line, comments=True)
        if words[:1] == ["cd"]:
            self.folder = self.folder / words[1]
            return ""
        if words[:1] == ["export"]:
            self.variables.update([words[1].split("=", 1)])
            return ""
        env = {name: value for name, value in newcomer.os.environ.items() if name in newcomer.KEPT} | self.variables
        done = subprocess.run(["sh", "-c", line], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=school.TIME_LIMIT)
        assert done.returncode == status, f"{line}: {done.returncode}\n{done.stdout[-6000:]}"
        return done.stdout

    def sh(self, _, text):
        for line in text.splitlines():
            self.command(line)

    def console(self, _, text):
        for block in re.split(r"^\$ ", text, flags=re.M)[1:]:
            line, _, expected = block.partition("\n")
            status = re.search(r"^-> (\d+)\n\Z", expected, re.M)
            if status:
                expected = expected[:status.start()]
            printed = self.command(line, int(status[1]) if status else 0)
            if expected or "make" not in line:
                assert matches(printed, expected), f"$ {line}\n{printed}\n---- and the page says\n{expected}"

    def page(self, where, text):
        address, _, status = where.partition(" -> ")
        *program, path = address.split()
        answer = self.visitor(*program).get(path)
        assert answer.status == int(status or 200), f"{path}: {answer.status}\n{answer.text}"
        for line in text.splitlines():
            assert line in answer.text, f"{path} has no {line!r}:\n{answer.text}"

    def form(self, path, text):
        fields, _, told = text.partition("-> ")
        visitor = self.visitor()
        visitor.token(path)
        answer = visitor.post(path, dict(line.split("=", 1) for line in fields.splitlines()))
        want, *lines = told.splitlines()
        got = " ".join([str(answer.status), *filter(None, [answer.header("Location")])])
        assert got == want, f"{path} answers {got}, not {want}:\n{answer.text}"
        for line in lines:
            assert line in answer.text, f"{path} has no {line!r}:\n{answer.text}"

    def edit(self, name, text):
        self.stop()
        path = self.folder / name
        how, lines = text.split("\n", 1)
        verb, _, place = how.partition(" ")
        content = path.read_text()
        assert content.count(place) >= 1, f"{name} has no {place!r}:\n{content}"
        if verb == "replace":
            path.write_text(content.replace(place, lines.rstrip("\n"), 1))
        else:
            at = content.rfind("\n", 0, content.index(place)) + 1
            path.write_text(content[:at] + lines + content[at:])

    def write(self, name, text):
        self.stop()
        path = self.folder / name
        assert path.parent.is_dir(), f"{name}: there is no folder {path.parent.name} yet"
        path.write_text(text)


def test_the_tutorial_works_as_it_is_written():
    reader = Reader()
    steps = {"sh": reader.sh, "console": reader.console, "page": reader.page, "form": reader.form, "edit": reader.edit}
    parts = sorted(FOLDER.glob("part*.md"))
    assert len(parts) == 7, parts
    with reader.stack:
        for part in parts:
            for language, name, text in FENCE.findall(part.read_text()):
                try:
                    steps.get(language, reader.write)(name, text)
                except AssertionError as error:
                    raise AssertionError(f"{part.name}: {error}") from None


def test_what_is_printed_must_be_what_the_page_shows():
    assert matches("one 12 s\ntwo\n", "one … s\ntwo\n") and matches("a\nb\nc\n", "a\n…\nc\n") and matches("", "")
    assert not matches("one\n", "two\n") and not matches("a\nb\n", "a\n") and not matches("", "a\n")


if __name__ == "__main__":
    suite.main(globals())
