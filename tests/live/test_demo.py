#!/usr/bin/env python3
"""`make demo` over PostgreSQL and MariaDB: the school is migrated, filled and served, and its pages are those that
it has over SQLite."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import postgresql
import school
import servers
import suite

PATHS = ["/", "/students/", "/students/?q=ada", "/students/?page=3", "/students/1/", "/courses/", "/departments/",
         "/search.json?q=fischer", "/nowhere/"]
VARIES = re.compile(r"csrfmiddlewaretoken\" value=\"\w+\"|[\w-]+ \d+, \d{4}, [\d:]+ [ap]\.m\.|\d{4}-\d\d-\d\d[T ][\d:.]+\S*")


class Demo(servers.Server):
    """What `make demo` runs after the build, over a database."""

    client = school.Site.client
    patience = school.TIME_LIMIT  # it migrates and fills before it listens

    def __init__(self, url):
        super().__init__(suite.ROOT / "examples/school/demo", mariadb.free_port(),
                         env={"DATABASE_URL": url, "MANAGE": str(school.PROGRAM), "ALLOWED_HOSTS": "school.test",
                              "MEDIA_ROOT": str(school.fresh_folder())})


def page(site, path):
    answer = site.client().get(path)
    return answer.status, VARIES.sub("", answer.text)


def in_any_order(answer):
    """For PostgreSQL, whose jsonb keeps no order of keys: the lines of a page, sorted."""
    return answer[0], sorted(answer[1].splitlines())


def check_pages(url, shape=lambda answer: answer):
    with Demo(url) as ours, Demo(f"sqlite:///{school.fresh_folder()}/db.sqlite3") as other:
        differ = [f"{path}:\n{a}\n{b}" for path in PATHS
                  for a, b in [(shape(page(ours, path)), shape(page(other, path)))] if a != b]
        assert page(ours, "/students/")[0] == 200
    assert not differ, differ[0][:3000]


def test_the_demo_over_postgresql_is_that_over_sqlite():
    with postgresql.Server("school") as server:
        check_pages(server.url, in_any_order)


def test_the_demo_over_mariadb_is_that_over_sqlite():
    with mariadb.MariaDB() as server:
        check_pages(server.url("school"))


if __name__ == "__main__":
    suite.main(globals())
