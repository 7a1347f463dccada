"""How-to pages as a stranger types them, in a clean folder against the installed library: docs/how-to/test.md and
translate.md. Their blocks are those of the tutorial, and

    page testserver FIXTURE PATH    the site as `manage testserver FIXTURE` serves it
    page LANGUAGE PATH              for a visitor who asks for this language
"""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import servers
import suite
import test_tutorial as tutorial
from client import Client

FOLDER = suite.ROOT / "docs/how-to"


class TestServer(servers.Server):
    def __init__(self, reader, fixture):
        super().__init__(reader.folder / "build/manage", "testserver", fixture, "--addrport", "127.0.0.1:0", cwd=reader.folder,
                         env={**reader.variables, "TMPDIR": str(reader.folder)})


class Reader(tutorial.Reader):
    def answer(self, words):
        if words[0] == "testserver":
            self.stop()
            with TestServer(self, words[1]) as site:
                return Client(site.address, host="localhost").get(words[2])
        language = {"Accept-Language": words[0]} if len(words) > 1 else {}
        return self.visitor().get(words[-1], **language)

    def page(self, where, text):
        answer = self.answer(where.split())
        assert answer.status == 200, f"{where}: {answer.status}\n{answer.text}"
        for line in text.splitlines():
            assert line in answer.text, f"{where} has no {line!r}:\n{answer.text}"


def follow(name, **variables):
    reader, typed = Reader(), 0
    reader.variables.update(variables)
    steps = {"sh": reader.sh, "console": reader.console, "page": reader.page, "edit": reader.edit}
    with reader.stack:
        for language, what, text in tutorial.FENCE.findall((FOLDER / name).read_text()):
            try:
                steps.get(language, reader.write)(what, text)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from None
            typed += 1
    assert typed >= 10
    return reader


def test_tests_coverage_results_and_a_server_over_fixtures():
    if not shutil.which("gcovr"):
        raise suite.Skip("gcovr is not installed")
    reader = follow("test.md", CC="gcc")  # whose lines the page's coverage counts
    assert not list(reader.folder.glob("nuages-testserver-*")), "the test server's database stays"
    assert not (reader.folder / ".nuages-failed").exists()


def test_a_site_is_translated():
    if not shutil.which("msgfmt"):
        raise suite.Skip("gettext is not installed")
    follow("translate.md")


if __name__ == "__main__":
    suite.main(globals())
