"""A newcomer's first site: installed library, `nuages startproject`, `startapp`, a page with a model
behind it; all outside of this tree."""
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
from client import Client

DEBUG = {"DEBUG": "1"}  # as the project's Makefile runs it: no SECRET_KEY needed
KEPT = ("PATH", "LANG", "TERM", "TMPDIR")  # of the environment: a newcomer has none of the tests' variables


def run(command, folder, **variables):
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    done = subprocess.run([str(part) for part in command], cwd=folder, env={**env, **variables},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=school.TIME_LIMIT)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


@functools.cache
def installed():
    """The prefix that the library and its tool were installed to."""
    root = school.scratch() / "root"
    run(["meson", "install", "-C", suite.RELEASE, "--no-rebuild", "--quiet", "--destdir", root], school.scratch())
    for description in root.rglob("nuages*.pc"):
        prefix = re.search(r"^prefix=(.*)$", description.read_text(), re.M)[1]
        here = root / prefix.lstrip("/")
        description.write_text(description.read_text().replace(f"prefix={prefix}", f"prefix={here}", 1))
    return here


def variables():
    """What a newcomer sets for a prefix of their own."""
    libraries = next(installed().rglob("nuages.pc")).parent
    return {"PKG_CONFIG_PATH": str(libraries), "LD_LIBRARY_PATH": str(libraries.parent),
            "PATH": f"{installed() / 'bin'}:{os.environ['PATH']}", "CC": suite.CC}


def make(folder):
    run(["make"], folder, **variables())


def manage(folder, *arguments):
    return run(["build/manage", *arguments], folder, **variables(), **DEBUG)


class Site(servers.Server):
    def __init__(self, folder):
        super().__init__(folder / "build/manage", "serve", "127.0.0.1:0", "--workers", 1, cwd=folder,
                         env={**variables(), **DEBUG})

    def client(self):
        return Client(self.address, host="localhost")


def new_project(name="mysite"):
    where = school.fresh_folder()
    told = run(["nuages", "startproject", name], where, **variables())
    assert f"cd {name}" in told, told
    return where / name


def insert(path, before, line):
    """Add a line above the one that has `before`, as a newcomer does by hand."""
    text = path.read_text()
    assert before in text, f"{path} has no {before!r}:\n{text}"
    at = text.rindex("\n", 0, text.index(before)) + 1
    path.write_text(text[:at] + line + "\n" + text[at:])


def edit(path, old, new):
    text = path.read_text()
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new))


def wire(project, app):
    """The steps that startapp prints, done."""
    told = run(["nuages", "startapp", app], project, **variables())
    for step in (f"subdir('{app}')", f'#include "../{app}/app.h"', f"&{app}_app", f'#include "../{app}/urls.h"',
                 f'include("{app}/", {app}_urls)', f"makemigrations {app}"):
        assert step in told, f"{step!r} is not among the steps:\n{told}"
    settings, urls = project / project.name / "settings.c", project / project.name / "urls.c"
    insert(project / "meson.build", "executable(", f"subdir('{app}')")
    insert(settings, '#include "urls.h"', f'#include "../{app}/app.h"')
    settings.write_text(settings.read_text().replace("&sessions_app }", f"&sessions_app, &{app}_app }}"))
    insert(urls, "#include <nuages/nuages.h>", f'#include "../{app}/urls.h"')
    insert(urls, 'path("",', f'        include("{app}/", {app}_urls),')


# ---- tests -----------------------------------------------------------------------------------------


def test_what_is_installed_is_found_by_pkg_config():
    told = run(["pkg-config", "--cflags", "--libs", "nuages"], school.scratch(), **variables())
    assert "-lnuages" in told and str(installed()) in told, told
    assert (installed() / "include/nuages-0/nuages/nuages.h").is_file() and "include/nuages-0" in told, told
    assert list(installed().rglob("libnuages.so")) and list(installed().rglob("libnuages.a"))


def test_a_new_project_builds_migrates_and_serves():
    project = new_project()
    make(project)
    assert "Applying auth.0001_initial... OK" in manage(project, "migrate")
    with Site(project) as site:
        answer = site.client().get("/")
        assert answer.status == 200 and "It works." in answer.text, answer.body


def test_a_new_app_has_a_form_whose_row_shows_on_its_page():
    project = new_project()
    wire(project, "blog")
    make(project)
    manage(project, "makemigrations", "blog")
    assert (project / "blog/migrations/0001_initial.c").is_file()
    make(project)
    manage(project, "migrate")
    assert "No changes detected" in manage(project, "makemigrations", "--check")
    with Site(project) as site:
        visitor = site.client()
        assert "Nothing yet." in visitor.get("/blog/").text
        assert "This field is required." in post(visitor, {"title": ""}).text
        assert post(visitor, {"title": "Hello & <welcome>"}).status == 302
        assert "Hello &amp; &lt;welcome&gt;" in visitor.get("/blog/").text
    assert school.query(project / "db.sqlite3", "SELECT title FROM blog_item") == [("Hello & <welcome>",)]


def post(visitor, fields):
    visitor.token("/blog/")
    return visitor.post("/blog/", fields)


def test_a_field_that_is_added_later_gets_a_migration():
    project = new_project("later")
    wire(project, "blog")
    make(project)
    manage(project, "makemigrations", "blog")
    make(project)
    manage(project, "migrate")
    insert(project / "blog/models.h", "nu_datetime created_at;", "    nu_str body;")
    insert(project / "blog/models.c", "DateTimeField(Item, created_at", "        TextField    (Item, body, .blank = true),")
    make(project)
    assert "body" in manage(project, "makemigrations", "blog")
    make(project)
    manage(project, "migrate")
    columns = [row[1] for row in school.query(project / "db.sqlite3", "PRAGMA table_info(blog_item)")]
    assert "body" in columns, columns


def test_the_tests_of_a_new_project_and_app_pass():
    project = new_project("tested")
    wire(project, "blog")
    make(project)
    manage(project, "makemigrations", "blog")
    told = run(["make", "test"], project, **variables())
    names = run(["build/manage", "test", "--list"], project, **variables())
    assert names.split() == ["tested.the_home_page_answers", "blog.items_are_listed", "blog.an_item_needs_a_title"], names


def test_what_gcc_only_warns_of_is_an_error_of_the_line():
    """Also where the prefix is a folder that compilers know, as /usr/local is."""
    project = new_project("careless")
    make(project)
    urls = project / "careless/urls.c"
    kept = urls.read_text()
    known = {"C_INCLUDE_PATH": str(installed() / "include")}
    for old, new, words in ((kept[kept.index("S(\"<!doc"):kept.index("));") + 1], '"Hello"', "braces"),
                            ("return nu_http", "nu_http", "return"),
                            (".name = \"home\"),", ".name = \"home\") path(\"x/\", welcome),", "nu__a_comma_is_missing_before_this")):
        assert old in kept, old
        urls.write_text(kept.replace(old, new))
        done = subprocess.run(["make"], cwd=project, env={**os.environ, **variables(), **known}, capture_output=True, text=True)
        # clang says what stands in the way in a note below
        told = rf"error: (.*{words}|expected(.*\n)*.*note: (.*\n)*.*{words})"
        assert done.returncode and re.search(rf"urls.c:\d+(.*\n)*.*{told}|{told}(.*\n)*.*urls.c:\d+", done.stdout), done.stdout


def test_a_test_that_dereferences_null_tells_its_line_without_the_sanitizers_too():
    project = new_project("crashing")
    with open(project / "crashing/tests.c", "a") as tests:
        tests.write("\nnu_test(reads_nothing)\n{\n    int *volatile nothing = NULL;\n\n    nu_assert(*nothing);\n}\n"
                    "NU_TESTS(more_tests, reads_nothing)\n")
    edit(project / "crashing/settings.c", ".tests = { site_tests }", ".tests = { site_tests, more_tests }")
    insert(project / "crashing/settings.c", "/* What belongs", "extern const nu_test_def *const more_tests[];")
    make(project)
    done = subprocess.run(["build/manage", "test"], cwd=project, env={**os.environ, **variables()}, capture_output=True, text=True)
    line = (project / "crashing/tests.c").read_text().splitlines().index("    nu_assert(*nothing);") + 1
    # the dots of the tests before are another process's: one may stand before the line
    assert re.search(rf"^\.?  \S*crashing/tests.c:{line}, in reads_nothing_body$", done.stderr, re.M), done.stderr
    assert "ERROR: crashing.reads_nothing" in done.stderr and "Segmentation fault" in done.stderr, done.stderr


def test_a_release_leaves_the_tests_out():
    project = new_project("released")
    run(["make", "release"], project, **variables())
    done = subprocess.run(["build-release/manage", "test"], cwd=project, env={**os.environ, **variables()},
                          capture_output=True, text=True)
    assert done.returncode == 1 and "Found 0 test(s)." in done.stderr, done.stderr


def test_a_new_project_has_what_tools_look_for():
    project = new_project("complete")
    for file in ("Dockerfile", ".dockerignore", ".gitignore", ".clangd", ".github/workflows/test.yml", "Makefile", ".nuages-version"):
        assert (project / file).is_file(), file
    assert "@NAME@" not in "".join(file.read_text() for file in project.rglob("*") if file.is_file())
    make(project)
    assert (project / "build/compile_commands.json").is_file()
    assert "Nothing is to be changed." in run(["nuages", "check-project"], project, **variables())
    makefile = project / "Makefile"
    makefile.write_text(makefile.read_text().replace("manage test", "manage tset"))
    done = subprocess.run(["nuages", "check-project"], cwd=project, env={**os.environ, **variables()}, capture_output=True,
                          text=True)
    assert done.returncode == 1 and "Makefile (since 0.1.0): add the target `test`" in done.stdout, done.stdout
    (project / ".dockerignore").unlink()
    done = subprocess.run(["nuages", "check-project"], cwd=project, env={**os.environ, **variables()}, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout.count(".dockerignore (since 0.1.0): ") == 1, done.stdout


def test_the_files_of_a_container_and_of_ci_are_for_the_projects_database():
    where = school.fresh_folder()
    clients = {"sqlite:///db.sqlite3": "", "postgres://me@localhost/x": "libpq5", "mariadb://me@localhost/x": "libmariadb3"}
    for number, (url, client) in enumerate(clients.items()):
        name = f"site{number}"
        run(["nuages", "startproject", name, "--database", url, *(["--api"] if number else [])], where, **variables())
        container, ci = (where / name / "Dockerfile").read_text(), (where / name / ".github/workflows/test.yml").read_text()
        last = container[container.rindex("FROM "):]
        assert {word for word in ("libpq5", "libmariadb3") if word in last} == ({client} - {""}), last
        assert ("VOLUME /data" in last) == ("DATABASE_URL" not in ci) == (not client), (last, ci)
        makefile = (where / name / "Makefile").read_text()
        single = re.findall("^DATABASES = (.*)$", makefile, re.M)
        assert single == ["sqlite3,mysql" if client == "libmariadb3" else "sqlite3,postgresql"], "`make single` lacks the backend"
        assert not re.search("@[A-Z]+@", container + ci + makefile)
        kept_out = (where / name / ".dockerignore").read_text().splitlines()
        assert {".env", "build", "build-*", "*.sqlite3"} <= set(kept_out), "a key, or a build of other paths, would go into the image"


def test_commands_of_a_new_project_need_nothing_of_the_environment():
    projects = [new_project("one"), new_project("two")]
    make(projects[0])
    told = run(["build/manage", "check"], projects[0], **variables())
    assert "no issues" in told and "SECRET_KEY" not in told, told
    keys = {(project / ".env").read_text() for project in projects}
    assert {(project / ".env").stat().st_mode & 0o777 for project in projects} == {0o600}, "a key is nobody else's"
    assert len(keys) == 2 and all(len(key) > 50 for key in keys), keys
    assert "/.env" in (projects[0] / ".gitignore").read_text().splitlines()


def test_a_database_that_is_none_is_refused_before_anything_is_written():
    where = school.fresh_folder()
    for url, words in (("postgrsql://me@localhost/x", "'postgrsql' names no database that Nuages knows (sqlite, mysql, postgresql). "
                                                      "Did you mean 'postgresql'?"),
                       ("mongodb://localhost/x", "'mongodb' names no database"),
                       ("db.sqlite3", "'db.sqlite3' is no database URL; write, say, sqlite:///db.sqlite3"),
                       ("sqlite:///it's.sqlite3", "write a quote as %27")):
        done = subprocess.run(["nuages", "startproject", "kept", "--database", url], cwd=where, env={**os.environ, **variables()},
                              capture_output=True, text=True)
        assert done.returncode == 1 and words in done.stderr, (url, done)
        assert not (where / "kept").exists(), url


def test_the_database_of_a_new_project_goes_to_its_dotenv():
    where = school.fresh_folder()
    run(["nuages", "startproject", "kept", "--database", "sqlite:///elsewhere.sqlite3"], where, **variables())
    project = where / "kept"
    make(project)
    manage(project, "migrate")
    assert (project / "elsewhere.sqlite3").is_file() and not (project / "db.sqlite3").exists()


def test_a_misspelt_name_in_dotenv_is_told():
    project = new_project()
    make(project)
    with open(project / ".env", "a") as dotenv:
        dotenv.write("ALOWED_HOSTS=example.com\nSHOP_TOKEN=ours\n")
    done = subprocess.run(["build/manage", "check"], cwd=project, env={**os.environ, **variables(), **DEBUG}, capture_output=True, text=True)
    assert "ALOWED_HOSTS names no setting. Perhaps you meant ALLOWED_HOSTS?" in done.stderr, done.stderr
    assert "SHOP_TOKEN" not in done.stderr, "a site may have names of its own"


def test_a_project_is_made_from_a_template_of_ones_own():
    where = school.fresh_folder()
    (where / "mine/@NAME@").mkdir(parents=True)
    (where / "mine/@NAME@/hello.c").write_text("int @NAME@_@UPPER@;\n")
    (where / "mine/@NAME@/deploy").write_text("#!/bin/sh\n")
    (where / "mine/@NAME@/deploy").chmod(0o755)
    (where / "mine/drafts").mkdir()
    (where / "mine/drafts/old.c").write_text("")
    run(["nuages", "startproject", "ours", "--template", "mine", "-x", "drafts"], where, **variables())
    assert (where / "ours/ours/hello.c").read_text() == "int ours_OURS;\n" and not (where / "ours/drafts").exists()
    assert os.access(where / "ours/ours/deploy", os.X_OK) and not os.access(where / "ours/ours/hello.c", os.X_OK)


def sent(site, path, method="GET", body=None):
    """Status and JSON of an answer."""
    asked = urllib.request.Request(f"http://{site.address}{path}", json.dumps(body).encode() if body is not None else None,
                                   {"Host": "localhost", "Content-Type": "application/json"}, method=method)
    try:
        answer = urllib.request.urlopen(asked, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read()
    return answer.status, json.loads(text) if text else None


def test_a_project_with_an_api_answers_json():
    where = school.fresh_folder()
    run(["nuages", "startproject", "served", "--api"], where, **variables())
    project = where / "served"
    assert not [file for file in project.rglob("*") if file.is_file() and re.search("@[A-Z]+@", file.read_text())]
    make(project)
    assert "No changes detected" in manage(project, "makemigrations", "--check")
    run(["make", "test"], project, **variables())
    assert "curl -X PATCH" in (project / "README.md").read_text()
    manage(project, "migrate")
    key = {"SECRET_KEY": "k" * 60}
    with servers.Server(project / "build/manage", "serve", "127.0.0.1:0", "--workers", 1, cwd=project,
                        env={**variables(), **key}) as site:
        status, item = sent(site, "/api/items/", "POST", {"title": "First"})
        assert status == 201 and sorted(item) == ["created_at", "id", "title"] and item["title"] == "First", item
        assert sent(site, "/api/items/1/") == (200, item)
        assert sent(site, "/api/items/1/", "PUT", {}) == (400, {"title": ["This field is required."]})
        assert sent(site, "/api/items/1/", "PATCH", {"title": 3}) == (400, {"title": ["Not a valid string."]})
        assert sent(site, "/api/items/1/", "PATCH", {"title": ""})[0] == 400
        assert sent(site, "/api/items/1/", "PATCH", {"title": "Once"})[1]["title"] == "Once"
        for number in range(20):
            sent(site, "/api/items/", "POST", {"title": f"More {number}"})
        status, page = sent(site, "/api/items/?page=2&a=b")
        assert (page["count"], page["next"], len(page["results"])) == (21, None, 1), page
        assert page["previous"].endswith("/api/items/?a=b"), page
        assert sent(site, "/api/items/")[1]["next"].endswith("/api/items/?page=2")
        assert sent(site, "/api/items/?page=9") == (404, {"detail": "Not found."})
        assert sent(site, "/api/items/99/") == (404, {"detail": "Not found."})
        assert sent(site, "/api/items/", "POST", [1]) == (400, {"detail": "Malformed request."})
        assert sent(site, "/api/items/1/", "DELETE") == (204, None)
        assert sent(site, "/api/items/", "DELETE")[0] == 405


def test_names_and_folders_that_will_not_do_are_refused():
    project = new_project("taken")
    for arguments, text in ((["startproject", "my-site"], "is not a valid name"), (["startproject", "taken"], "not empty"),
                            (["startproject", "build"], "the folder that `make` builds in"), (["startapp", "auth"], "an app of Nuages"),
                            (["startproject"], "name"), (["startprojet", "x"], "startproject"),
                            (["startproject", "api", "--api"], "is named api"),
                            (["startproject", "x", "--api", "--template", "."], "exclude each other")):
        done = subprocess.run(["nuages", *arguments], cwd=project.parent, env=dict(os.environ, **variables()),
                              capture_output=True, text=True)
        assert done.returncode and text in done.stdout + done.stderr, (arguments, done.stdout, done.stderr)


if __name__ == "__main__":
    suite.main(globals())
