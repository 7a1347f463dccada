"""What DEBUG shows: errors with the site's own line, queries, secrets masked, the toolbar, the log of the
development server; and what is shown without it."""
import contextlib
import pathlib
import re
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
from client import Client

PROGRAM = suite.BUILD / "tests/live/testkit-site"
SOURCE = pathlib.Path(__file__).parent / "testkit_site.c"


class Site(servers.Server):
    def __init__(self, debug):
        self.folder = folder = school.fresh_folder()
        variables = {"DEBUG": "1"} if debug else {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "localhost"}
        school.checked(school.run([PROGRAM, "migrate", "-v0"], {"SECRET_KEY": "k" * 60}, folder))
        command = ["runserver", "127.0.0.1:0", "--noreload"] if debug else ["serve", "127.0.0.1:0", "--workers", 1]
        super().__init__(PROGRAM, *command, cwd=folder, env=variables)

    def client(self):
        return Client(self.address, host="localhost")


def test_an_error_page_shows_the_sites_line_and_what_led_to_it():
    with Site(debug=True) as site:
        page = site.client().get("/broken/")
        assert page.status == 500
        assert "<title>ZeroDivisionError at /broken/</title>" in page.text
        line = next(n for n, text in enumerate(SOURCE.read_text().splitlines(), 1) if "division by zero" in text)
        assert f"testkit_site.c:{line}" in page.text, page.text
        if "<summary>broken" in page.text:  # built with libdw
            marked = re.search(r'<details open><summary>broken .*?<span class="at">(.*?)</span>', page.text, re.S)
            assert marked and "division by zero" in marked[1], page.text
        assert re.search(r"<th scope=.row.>SECRET_KEY</th><td>\*+</td>", page.text)
        text = site.client().get("/broken/", Accept="text/plain").text
        assert text.startswith("ZeroDivisionError at /broken/") and "<" not in text.split("Traceback")[0], text


def test_a_forgotten_migration_is_told_with_what_to_do():
    with Site(debug=True) as site:
        with contextlib.closing(sqlite3.connect(site.folder / "site.sqlite3")) as database:
            for statement, message, what in (
                    ("ALTER TABLE site_page RENAME COLUMN title TO name", "no such column: site_page.title", "column site_page.title"),
                    ("DROP TABLE site_page", "no such table: site_page", "table site_page")):
                database.execute(statement)
                database.commit()
                page = site.client().get("/", Accept="text/plain")
                assert page.status == 500 and f"\n{message}\n" in page.text, page.text
                assert f"The database has no {what} of the model site.Page: run `manage makemigrations site`" in page.text, page.text
                assert "sqlite_master" not in page.text and "PRAGMA" not in page.text, page.text  # no query of the site's


def test_a_page_that_is_not_there_lists_the_routes():
    with Site(debug=True) as site:
        page = site.client().get("/nowhere/")
        assert page.status == 404 and "moved/" in page.text and "broken/" in page.text
        assert "<li><code>&#x27;&#x27; [name=&#x27;home&#x27;]</code>" in page.text, page.text  # the empty route


def test_the_toolbar_has_queries_and_templates():
    with Site(debug=True) as site:
        page = site.client().get("/")
        assert page.status == 200 and page.text.count('id="nu-bar"') == 1, page.text
        for text in ("SQL: 1 query in", "Templates: 2", "home.html", "base.html", "SELECT &quot;site_page&quot;"):
            assert text in page.text, (text, page.text)
        assert int(page.header("Content-Length")) == len(page.body)


def test_pages_of_errors_have_the_toolbar_once_before_their_end():
    with Site(debug=True) as site:
        for method, path, status in (("POST", "/", 403), ("GET", "/denied/", 403), ("GET", "/nowhere/", 404), ("GET", "/broken/", 500)):
            page = site.client().send(method, path, b"title=x" if method == "POST" else None)
            assert (page.status, page.text.count('id="nu-bar"'), page.text.count("</body>")) == (status, 1, 1), (path, page.text)
            assert page.text.index('id="nu-bar"') < page.text.index("</body>"), page.text
            assert int(page.header("Content-Length")) == len(page.body)


def test_the_toolbar_has_what_was_asked_of_caches():
    with Site(debug=True) as site:
        page = site.client().get("/counted/")
        assert "Cache: 5 calls, 1 hit, 2 missed in " in page.text, page.text
        for text in ("· miss</td><td>get :1:visits  [default]", "<td>set :1:visits  [default]", "· 1 of 2 hit</td><td>get_many :1:visits, :1:nobody"):
            assert text in page.text, (text, page.text)


def test_the_toolbar_has_headers_with_secrets_masked():
    with Site(debug=True) as site:
        page = site.client().get("/", Cookie="sessionid=topsecret", Referer="http://localhost/")
        assert "topsecret" not in page.text and "→ Cookie</td><td>***" in page.text, page.text
        assert "→ Referer</td><td>http://localhost/</td>" in page.text and "← Content-Type</td><td>text/html" in page.text
        page = site.client().get("/heard/")
        assert page.header("X-Auth-Token") == "made up here" and "made up here" not in page.text and "← X-Auth-Token</td><td>***" in page.text


def test_the_toolbar_has_signals_and_the_time_of_each_middleware():
    with Site(debug=True) as site:
        page = site.client().get("/heard/")
        assert page.status == 200 and "Signals: 1" in page.text, page.text
        assert re.search(r"<td>[\d.]+ ms</td><td>post_save of site.Page → (page_made|a receiver)</td>", page.text), page.text
        assert re.search(r"<td>[\d.]+ ms</td><td>the view</td>", page.text), page.text
        assert len(re.findall(r"<td>[\d.]+ ms</td><td>(?:\w+Middleware|a middleware)</td>", page.text)) == 2, page.text


def test_the_log_has_status_time_and_queries():
    with Site(debug=True) as site:
        site.client().get("/")
        found = servers.wait_for(lambda: re.search(r'\[\d\d/\w{3}/\d{4} \d\d:\d\d:\d\d\] "GET / HTTP/1\.1" 200 \d+ '
                                                   r'\([\d.]+ ms, 1 query\)', site.text()), "line of the log")
        assert found


class Development(servers.Server):
    def __init__(self, debug, *flags):
        folder = school.fresh_folder()
        super().__init__(PROGRAM, "runserver", *flags, "--noreload", cwd=folder,
                         env={"DEBUG": "1" if debug else "0", "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "localhost"})

    def status_of_a_static_file(self):
        return Client(self.address, host="localhost").get("/static/site.css").status


def test_static_files_are_served_under_debug_and_as_the_flags_say():
    for debug, flags, status in ((True, [], 200), (True, ["--nostatic"], 404), (False, [], 404), (False, ["--insecure"], 200)):
        with Development(debug, "127.0.0.1:0", *flags) as site:
            assert site.status_of_a_static_file() == status, (debug, flags)


def test_ipv6_is_listened_at_on_demand():
    with Development(True, "0", "--ipv6") as site:
        assert site.address.startswith("[::1]:"), site.address
    done = school.run([PROGRAM, "runserver", "-6", "127.0.0.1:0", "--noreload"], {"DEBUG": "1"}, school.fresh_folder())
    assert done.returncode == 1 and '"127.0.0.1:0" is not a valid IPv6 address' in done.stderr, done


def test_without_debug_hosts_must_be_named():
    done = school.run([PROGRAM, "runserver", "127.0.0.1:0", "--noreload"], {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": ""}, school.fresh_folder())
    assert done.returncode == 1 and "You must set settings.ALLOWED_HOSTS if DEBUG is False." in done.stderr, done


class Temporary(servers.Server):
    def __init__(self, folder):
        super().__init__(PROGRAM, "testserver", "pages", "--addrport", "127.0.0.1:0", cwd=folder,
                         env={"DEBUG": "1", "TMPDIR": str(folder)})


def test_a_test_server_has_the_fixtures_and_leaves_nothing():
    folder = school.fresh_folder()
    (folder / "pages.json").write_text('[{"model": "site.page", "pk": 1, "fields": {"title": "From a fixture"}}]')
    with Temporary(folder) as site:
        assert "From a fixture" in Client(site.address, host="localhost").get("/").text
    assert [path.name for path in folder.iterdir()] == ["pages.json"]


def test_without_debug_nothing_is_told():
    with Site(debug=False) as site:
        page = site.client().get("/broken/")
        assert page.status == 500 and "Division" not in page.text and "testkit" not in page.text, page.text
        assert "nu-bar" not in site.client().get("/").text
        assert "ZeroDivisionError: division by zero" in site.text()


if __name__ == "__main__":
    suite.main(globals())
