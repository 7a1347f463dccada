#!/usr/bin/env python3
"""The school over MariaDB: migrated, filled and served, its pages are those of the school over SQLite."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import school
import servers
import suite

PATHS = ["/", "/students/", "/students/?q=ada", "/students/?page=3", "/students/1/", "/courses/", "/departments/",
         "/search.json?q=fischer", "/nowhere/"]
VARIES = re.compile(r"csrfmiddlewaretoken\" value=\"\w+\"|[\w-]+ \d+, \d{4}, [\d:]+ [ap]\.m\.|\d{4}-\d\d-\d\d[T ][\d:.]+\S*")


class OnServer(servers.Server):
    """The school over a database of a server."""

    def __init__(self, url):
        super().__init__(school.PROGRAM, "serve", "127.0.0.1:0", "--workers", 1, "--access-log", "0",
                         env={"DATABASE_URL": url}, cwd=school.scratch())

    client = school.Site.client


def page(site, path):
    answer = site.client().get(path)
    return answer.status, VARIES.sub("", answer.text)


def test_the_schools_pages_over_mariadb_are_those_over_sqlite():
    with mariadb.MariaDB() as server:
        url = server.url("school")
        for command in ("migrate", "seed_demo"):
            school.checked(school.run([school.PROGRAM, command], {"DATABASE_URL": url}, school.scratch()))
        with OnServer(url) as ours, school.School() as other:
            differ = [f"{path}:\n{a}\n{b}" for path in PATHS for a, b in [(page(ours, path), page(other, path))] if a != b]
    assert not differ, differ[0][:3000]


if __name__ == "__main__":
    suite.main(globals())
