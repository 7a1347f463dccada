"""A bug made on purpose, and what the developer sees for it in the browser and in the terminal; the server goes
on with the next request. Pictures of it all are left in screenshots/ of the build folder."""
import html
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
import test_startproject as newcomer
from browser import Browser
from client import Client
from terminal import Terminal

PROGRAM = suite.BUILD / "tests/live/buggy-site"
PICTURES = suite.BUILD / "screenshots"
SOURCE = pathlib.Path(__file__).parent / "buggy_site.c"
DESKTOP, PHONE = 1280, 500
# Notes of undefined behaviour are pages, too: the tests' own setting ends the process at the first.
SANITIZERS = {"UBSAN_OPTIONS": "print_stacktrace=1"}


class Site(servers.Server):
    crashes = True  # that is what it is for

    def __init__(self, folder=None):
        self.folder = folder or school.fresh_folder()
        variables = {"DEBUG": "1", "SECRET_KEY": "k" * 60, **SANITIZERS}
        school.checked(school.run([PROGRAM, "migrate", "--run-syncdb", "-v0"], variables, self.folder))
        super().__init__(PROGRAM, "runserver", "127.0.0.1:0", "--noreload", cwd=self.folder, env=variables)

    def get(self, path, **headers):
        return Client(self.address, host="localhost").get(path, **headers)


def lines_of(text):
    """Several where chance decides, as it does of the last bytes of a stack: a frame's, or the next call's."""
    return [number for number, line in enumerate(SOURCE.read_text().splitlines(), 1) if text in line]


# Path; the page's title; what the site's line says; what the terminal says.
BUGS = [
    ("/null/7/", "SEGV at /null/7/", "/* NULL */", "AddressSanitizer: SEGV"),
    ("/heap/", "heap-buffer-overflow at /heap/", "/* one too many */", "AddressSanitizer: heap-buffer-overflow"),
    ("/stack/?name=longer-than-eight", "stack-buffer-overflow at /stack/", "/* longer than name */",
     "AddressSanitizer: stack-buffer-overflow"),
    ("/arena/", "use-after-poison at /arena/", "/* past the piece of the arena */", "AddressSanitizer: use-after-poison"),
    ("/freed/", "heap-use-after-free at /freed/", "/* freed */", "freed by thread T0 here"),
    ("/integer/2/", "Signed integer overflow at /integer/2/", "/* past INT_MAX */", "runtime error: signed integer overflow"),
    ("/recursion/", "stack-overflow at /recursion/", "/* without an end */", "AddressSanitizer: stack-overflow"),
    ("/leak/", "detected memory leaks at /leak/", "/* lost */", "LeakSanitizer: detected memory leaks"),
]


def first_marked(page):
    """The line of source that the page marks first, without its number."""
    found = re.search(r'<span class="at">\s*(\d+)(.*?)</span>', page, re.S)
    assert found, page
    return int(found[1]), html.unescape(found[2])


def test_each_bug_of_memory_is_a_page_with_the_sites_line_first():
    with Site() as site:
        for path, title, line, terminal in BUGS:
            answer = site.get(path)
            assert answer.status == 500 and f"<title>{title}</title>" in answer.text, (path, answer.status, answer.text[:3000])
            number, text = first_marked(answer.text)
            assert line in text and number in lines_of(line), (path, number, text)
            assert ("<h2>The sanitizer" in answer.text) == ("runtime error" not in terminal), path
            assert "<h2>Settings</h2>" in answer.text and "<h2>Request headers</h2>" in answer.text
            assert site.get("/").text == "<p>1</p>", f"after {path} the server does not go on"
            assert terminal in site.text(), (path, site.text()[-3000:])


def test_what_a_worker_tells_of_once_is_a_page_each_time():
    with Site() as site:
        for path, title in (("/integer/2/", "Signed integer overflow"), ("/leak/", "detected memory leaks")) * 3:
            page = site.get(path)
            assert f"<title>{title} at {path}</title>" in page.text, (path, page.text[:500])


def test_both_stacks_of_a_use_after_free_are_shown():
    with Site() as site:
        page = site.get("/freed/").text
        for text in ("<h2>freed by thread T0 here:</h2>", "<h2>previously allocated by thread T0 here:</h2>", "<summary>forget ",
                     "<summary>use_after_free "):
            assert text in page, (text, page)


def test_the_page_has_the_arguments_of_the_view():
    with Site() as site:
        page = site.get("/null/7/").text
        assert "<h2>Arguments of the view</h2>" in page
        assert re.search(r"<th scope=.row.>number</th><td>7</td>", page), page
        assert re.search(r"<th scope=.row.>Raised during</th><td>null</td>", page), page


def variables(page, function):
    """The table of local variables of a function's frame."""
    frame = re.search(rf"<summary>{function} .*?</details>", page, re.S)
    assert frame, page
    return {html.unescape(name): html.unescape(text)
            for name, text in re.findall(r"<th scope=.row.>(.*?)</th><td>(.*?)</td>", frame[0], re.S)}


def test_frames_show_their_local_variables():
    with Site() as site:
        shown = variables(site.get("/locals/?who=Ada").text, "with_locals")
        assert shown["count"] == "42" and shown["kind"] == "'cumulus'" and shown["who"] == "'Ada'", shown
        assert "hunter2" not in shown["api_token"] and "***" in shown["api_token"], shown
        assert shown["nobody"] == "NULL", shown
        shown = variables(site.get("/null/7/").text, "null_dereference")
        assert shown["cloud"] == "NULL", shown


def test_a_client_that_wants_no_html_gets_text():
    with Site() as site:
        page = site.get("/heap/", Accept="application/json")
        assert page.text.startswith("heap-buffer-overflow at /heap/\n") and "<h1" not in page.text


def test_errors_of_templates_and_queries_are_pages_that_say_what_to_write():
    with Site() as site:
        page = site.get("/template/").text
        assert "<title>TemplateSyntaxError at /template/</title>" in page and "Did you mean &#x27;lower&#x27;?" in page, page
        assert "broken.html, line 4" in page and "cloud|lowr" in html.unescape(first_marked(page)[1]), page
        page = site.get("/lookup/").text
        assert "/* a typo */" in first_marked(page)[1], page
        assert "FieldError at /lookup/" in page and "perhaps you meant contains or icontains?" in page, page
        page = site.get("/sql/").text
        assert "/* no such column */" in first_marked(page)[1], page
        assert "OperationalError at /sql/" in page and "no such column: nme" in page, page
        assert site.get("/").status == 200


def migration_that_fails():
    """A folder, and the variables for `migrate` in it."""
    folder = school.fresh_folder()
    with sqlite3.connect(folder / "db.sqlite3") as connection:
        connection.execute("CREATE TABLE auth_group (id INTEGER)")
    return folder, {"DEBUG": "1", "SECRET_KEY": "k" * 60}


def failing_migration():
    folder, variables = migration_that_fails()
    return subprocess.run([PROGRAM, "migrate"], cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True)


def test_a_failing_migration_says_which_and_why():
    done = failing_migration()
    assert done.returncode == 1, done
    assert "Applying auth.0001_initial..." in done.stdout and "OK" not in done.stdout.splitlines()[-1], done.stdout
    assert 'table "auth_group" already exists' in done.stderr, done.stderr


def test_at_a_terminal_the_error_of_a_migration_has_a_line_of_its_own():
    folder, variables = migration_that_fails()
    with Terminal([str(PROGRAM), "migrate", "--no-color"], folder, variables) as terminal:
        assert terminal.end() == 1, terminal.told
    lines = terminal.told.splitlines()
    at = next(i for i, line in enumerate(lines) if "Applying auth.0001_initial..." in line)
    assert lines[at].endswith("Applying auth.0001_initial..."), lines
    assert "OperationalError" in lines[at + 1] and "already exists" in lines[at + 1], lines


def test_a_browser_shows_the_pages():
    with Site() as site, Browser(site) as browser:
        for path, title, line, _ in BUGS:
            browser.go(path)
            assert browser.run("return document.title") == title, path
            shown = browser.run("const e = document.querySelector('pre.source .at'); const r = e.getBoundingClientRect();"
                                "return r.height > 0 && r.width > 0 && e.textContent")
            assert shown and line in shown, (path, shown)
            picture(browser, path)
        for path, text in (("/template/", "Did you mean 'lower'?"), ("/lookup/", "perhaps you meant"), ("/sql/", "no such column")):
            browser.go(path)
            assert text in browser.text("#summary"), (path, browser.text("#summary"))
            picture(browser, path)


def test_a_terminal_shows_a_failing_migration_in_few_lines():
    done = failing_migration()
    shown = f"$ ./manage migrate\n{done.stdout}{done.stderr}"
    assert len(shown.splitlines()) < 12, shown
    folder = school.fresh_folder()
    (folder / "terminal.html").write_text("<style>body{margin:0;background:#111}pre{color:#eee;padding:16px;font:14px/1.5 monospace;"
                                          f"white-space:pre-wrap}}</style><pre>{html.escape(shown)}</pre>")
    with Site() as site, Browser(site) as browser:
        browser.open((folder / "terminal.html").as_uri())
        assert "already exists" in browser.text("pre")
        picture(browser, "/migration/")


class Development(servers.Server):
    crashes = True

    def __init__(self, project):
        super().__init__(project / "build/manage", "runserver", "127.0.0.1:0", cwd=project,
                         env={**newcomer.variables(), **newcomer.DEBUG, **SANITIZERS})

    def page(self):
        return Client(self.address, host="localhost").get("/").text


def test_a_new_project_has_the_sanitizers_where_their_library_is_installed():
    root = newcomer.installed()
    newcomer.run(["meson", "install", "-C", suite.BUILD, "--no-rebuild", "--quiet", "--destdir", school.scratch() / "sanitized"],
                 school.scratch())
    description = next((school.scratch() / "sanitized").rglob("nuages-sanitized.pc"))
    libraries = (school.scratch() / "sanitized").rglob("libnuages-sanitized.so*")
    target = next(root.rglob("nuages.pc")).parent
    (target / description.name).write_text(re.sub(r"^prefix=.*$", f"prefix={root}", description.read_text(), flags=re.M))
    for library in libraries:
        shutil.copy(library, target.parent, follow_symlinks=False)
    try:
        project = newcomer.new_project("watched")
        newcomer.make(project)
        urls = project / "watched/urls.c"
        with Development(project) as site:
            assert "It works." in site.page()
            fine = urls.read_text()
            urls.write_text(fine.replace("    (void)req;\n", "    const int *nobody = req ? NULL : &(int){ 1 };\n\n"
                                         "    if (*nobody) /* a bug */\n        return NULL;\n"))
            servers.wait_for(lambda: "<title>SEGV at /</title>" in site.page(), "page of the crash")
            assert "/* a bug */" in first_marked(site.page())[1]
            urls.write_text(fine)
            servers.wait_for(lambda: "It works." in site.page(), "page of the mended site")
    finally:
        (target / description.name).unlink()


# Pointers that an optimizer sees to be NULL, at whose dereference it may go on with anything else.
KNOWN_NULLS = """
#include <stddef.h>
int main(int argc, char **argv)
{
    struct cloud { int id, size; } *none = NULL;
    int *number = NULL, one = 1;
    const int *nobody = argc > 1 ? NULL : &one;
    volatile int got = 0;

    switch (argv[1][0]) {
    case 'm': got = none->size; break;
    case 'r': got = *number; break;
    case 'c': got = *nobody ? 2 : 3; break;
    case 'w': *number = 1; break;
    }
    return got > 100;
}
"""


def test_a_known_null_faults_in_development_builds_of_each_compiler():
    project = newcomer.new_project("nulls")
    flags = re.findall(r"'(-f[^']*)'", (project / "meson.build").read_text())
    (project / "nulls.c").write_text(KNOWN_NULLS)
    compilers = [name for name in ("gcc", "clang") if shutil.which(name)]
    for compiler in compilers:
        newcomer.run([compiler, "-O2", "-g", "-w", "-fsanitize=address,undefined", *flags, "nulls.c", "-o", compiler], project)
        for kind in "mrcw":
            done = subprocess.run([project / compiler, kind], capture_output=True, text=True, env=SANITIZERS)
            assert "null pointer" in done.stderr and "AddressSanitizer: SEGV" in done.stderr, (compiler, kind, done.stderr)
    assert compilers


def picture(browser, path):
    browser.resize(DESKTOP, 800)
    wide = browser.run("return document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{path}: the page is {wide} pixels wider than the window"
    browser.resize(PHONE, 800)
    shares = browser.run("return [...document.querySelectorAll('section td')].filter(cell => cell.offsetParent)"
                         ".map(cell => cell.offsetWidth / window.innerWidth)")
    assert all(share > 0.6 for share in shares), f"{path}: values stand in columns of {shares} of a narrow window"
    browser.resize(DESKTOP, 800)
    browser.resize(DESKTOP, browser.run("return document.documentElement.scrollHeight"))
    browser.screenshot(PICTURES / f"{path.split('/')[1]}.png")
    browser.resize(DESKTOP, 800)


if __name__ == "__main__":
    suite.main(globals())
