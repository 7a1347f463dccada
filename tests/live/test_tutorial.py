"""The tutorial as a newcomer types it, in a clean folder against the installed library.

Of docs/tutorial/README.md, in the order of the page:

    ```sh               commands; `cd` and `export` hold for what follows
    ```LANGUAGE FILE    the whole content of a file
    ```page PATH        the site, started for it, answers 200 with each of these lines
    ```form PATH        fields of a form that is sent; after `->` the status, the place it leads to, and
                        lines of the answer
"""
import contextlib
import pathlib
import re
import shlex
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
import test_startproject as newcomer

PAGE = suite.ROOT / "docs/tutorial/README.md"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


class Reader:
    """Who types: a folder, variables, and the site while it runs."""

    def __init__(self):
        self.folder, self.variables, self.site = school.fresh_folder(), {}, None
        self.stack = contextlib.ExitStack()

    def stop(self):
        self.stack.close()
        self.site = None

    def visitor(self):
        if not self.site:
            self.site = self.stack.enter_context(newcomer.Site(self.folder))
        return self.site.client()

    def sh(self, _, text):
        self.stop()
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["cd"]:
                self.folder = self.folder / words[1]
            elif words[:1] == ["export"]:
                self.variables.update([words[1].split("=", 1)])
            elif words:
                newcomer.run(words, self.folder, **{**newcomer.variables(), **self.variables})

    def page(self, path, text):
        answer = self.visitor().get(path)
        assert answer.status == 200, f"{path}: {answer.status}\n{answer.text}"
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

    def write(self, name, text):
        self.stop()
        path = self.folder / name
        assert path.parent.is_dir(), f"{name}: there is no folder {path.parent.name} yet"
        path.write_text(text)


def test_the_tutorial_works_as_it_is_written():
    reader = Reader()
    steps = {"sh": reader.sh, "page": reader.page, "form": reader.form}
    with reader.stack:
        for language, name, text in FENCE.findall(PAGE.read_text()):
            steps.get(language, reader.write)(name, text)


if __name__ == "__main__":
    suite.main(globals())
