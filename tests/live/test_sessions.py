"""Sessions of a running site beside Django's, over one database and SECRET_KEY: each reads, goes on with and ends what
the other began; the language and the time zone of a visitor come from there."""
import contextlib
import http.cookies
import json
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import servers
import suite
from client import Client

PROGRAM = suite.BUILD / "tests/live/session-site"  # tests/live/session_site.c
DB, COOKIES = "django.contrib.sessions.backends.db", "django.contrib.sessions.backends.signed_cookies"
KEPT = {"visits": 3, "name": "Ünï \"<b>\"", "list": [1, 2.5, None, True], "dict": {"a": {"b": "c"}}}
HERE = pathlib.Path(__file__).resolve().parent


class Visitor(Client):
    def session(self, **asked):
        answer = self.send("POST", "/session/", json.dumps(asked), {"Content-Type": "application/json"})
        self.answer = answer
        return json.loads(answer.text) if answer.status == 200 else answer

    def cookie(self):
        return self.cookies.get("sessionid", "")

    def attributes(self):
        """Of the session's cookie in the last answer; None where it set none."""
        jar = http.cookies.SimpleCookie()
        for key, line in self.answer.headers:
            if key.lower() == "set-cookie":
                jar.load(line)
        return jar.get("sessionid")


class Site(servers.Server):
    def __init__(self, engine=DB, **env):
        self.engine, self.database = engine, school.fresh_folder() / "db.sqlite3"
        django(self, "", migrate=True)
        super().__init__(PROGRAM, "serve", "127.0.0.1:0", "--workers", 1, cwd=self.database.parent,
                         env={"SECRET_KEY": "k" * 60, "SESSION_ENGINE": engine, "DATABASE_URL": f"sqlite:///{self.database}", **env})

    def visitor(self, cookie=""):
        visitor = Visitor(self.address, host="localhost")
        if cookie:
            visitor.cookies["sessionid"] = cookie
        return visitor

    def keys(self):
        return self.column("session_key")

    def column(self, name):
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return [one for one, in connection.execute(f"SELECT {name} FROM django_session")]

    def execute(self, sql):
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            connection.execute(sql)
            connection.commit()


def django(site, cookie, **asked):
    done = subprocess.run([school.venv(), HERE / "sessions_in_django.py", site.database, site.engine, cookie],
                          input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


# ---- beside Django -------------------------------------------------------------------------------


def both_ways(engine):
    with Site(engine) as site:
        theirs = django(site, "", set=KEPT)
        visitor = site.visitor(theirs["cookie"])
        assert visitor.session()["session"] == KEPT
        assert visitor.session(set={"visits": 4}, delete="list")["session"] == {**{k: v for k, v in KEPT.items() if k != "list"}, "visits": 4}
        assert django(site, visitor.cookie())["session"] == visitor.session()["session"]
        ours = site.visitor()
        ours.session(set=KEPT)
        assert django(site, ours.cookie())["session"] == KEPT
        told = django(site, ours.cookie(), expiry=90)
        assert (told["age"], told["browser"]) == (90, False)
        ours = site.visitor(told["cookie"] or ours.cookie())
        assert ours.session()["session"] == {**KEPT, "_session_expiry": 90} and ours.session()["age"] == 90


def test_each_reads_and_goes_on_with_the_others_session_in_the_table():
    both_ways(DB)


def test_each_reads_and_goes_on_with_the_others_session_in_its_cookie():
    both_ways(COOKIES)


def test_instants_of_expiry_and_test_cookies_are_the_same_on_both_sides():
    with Site() as site:
        visitor = site.visitor()
        assert 3590 <= visitor.session(do="end_in_an_hour")["age"] <= 3600
        assert 3580 <= django(site, visitor.cookie())["age"] <= 3600
        visitor.session(do="set_test_cookie")
        assert django(site, visitor.cookie())["worked"] and visitor.session()["worked"]
        assert not visitor.session(do="delete_test_cookie")["worked"]
        assert django(site, visitor.cookie(), do="flush")["session"] == {} and site.keys() == []
        assert visitor.session()["session"] == {} and visitor.cookie() == ""


# ---- when it is read, written and sent -----------------------------------------------------------


def test_a_session_that_nobody_asks_for_costs_nothing_and_an_unchanged_one_is_not_written():
    with Site() as site:
        visitor = site.visitor()
        assert visitor.session()["session"] == {} and visitor.attributes() is None and site.keys() == []
        visitor.session(set={"a": 1})
        data = site.column("session_data")
        assert visitor.session()["session"] == {"a": 1} and visitor.attributes() is None
        assert site.column("session_data") == data
        assert "Cookie" in visitor.answer.header("Vary")


def test_the_cookie_is_djangos():
    with Site() as site:
        visitor = site.visitor()
        visitor.session(set={"a": 1})
        sent, theirs = visitor.attributes(), django(site, "", set={"a": 1})
        assert sent["max-age"] == str(theirs["max_age"]) == "1209600" and sent["httponly"] and sent["samesite"] == "Lax" and sent["path"] == "/"
        assert len(visitor.cookie()) == len(theirs["cookie"]) == 32
        visitor.session(do="end_with_browser")
        assert visitor.attributes()["max-age"] == "" and visitor.session()["browser"]
        visitor.session(do="end_in_a_minute")
        assert visitor.attributes()["max-age"] == "60"
        visitor.session(do="reset_expiry")
        assert visitor.attributes()["max-age"] == "1209600"


def test_settings_name_the_cookie_and_how_long_it_lives():
    with Site(SESSION_COOKIE_NAME="sid", SESSION_COOKIE_AGE="70", SESSION_SAVE_EVERY_REQUEST="1", SESSION_COOKIE_SECURE="1") as site:
        visitor = site.visitor()
        visitor.session(set={"a": 1})
        visitor.session()
        line = next(value for key, value in visitor.answer.headers if key.lower() == "set-cookie")
        assert line.startswith("sid=") and "Max-Age=70" in line and "Secure" in line, line
    with Site(SESSION_EXPIRE_AT_BROWSER_CLOSE="1") as site:
        visitor = site.visitor()
        assert visitor.session(set={"a": 1})["browser"] and visitor.attributes()["max-age"] == ""


def test_a_new_key_keeps_the_values_and_the_old_one_is_worth_nothing():
    with Site() as site:
        visitor = site.visitor()
        visitor.session(set={"a": 1})
        old = visitor.cookie()
        assert visitor.session(do="cycle_key")["session"] == {"a": 1}
        assert visitor.cookie() != old and site.keys() == [visitor.cookie()]
        stranger = site.visitor(old)
        assert stranger.session()["session"] == {} and stranger.cookie() == ""


def test_flush_forgets_the_row_and_the_cookie_and_clear_the_values_alone():
    with Site() as site:
        visitor = site.visitor()
        visitor.session(set={"a": 1})
        assert visitor.session(do="clear")["session"] == {} and site.keys() == [visitor.cookie()]
        assert visitor.session(do="flush")["session"] == {}
        assert visitor.cookie() == "" and site.keys() == []


def test_what_failed_is_not_saved_and_a_session_deleted_meanwhile_is_told():
    with Site() as site:
        visitor = site.visitor()
        visitor.session(set={"a": 1})
        assert visitor.session(do="fail").status == 500
        assert visitor.session()["session"] == {"a": 1}
        answer = visitor.session(do="interrupt")
        assert answer.status == 400 and site.keys() == []
        site.saw("The request's session was deleted before the request completed")


def test_an_expired_session_is_none_and_clearsessions_deletes_it():
    with Site() as site:
        visitor = site.visitor()
        visitor.session(set={"a": 1})
        fresh = site.visitor()
        fresh.session(set={"b": 2})
        site.execute(f"UPDATE django_session SET expire_date = '2020-01-01 00:00:00' WHERE session_key = '{visitor.cookie()}'")
        expired = visitor.cookie()
        assert visitor.session()["session"] == {} and visitor.cookie() == ""
        school.checked(school.run([PROGRAM, "clearsessions"], {"SECRET_KEY": "k" * 60, "DATABASE_URL": f"sqlite:///{site.database}"}, site.database.parent))
        assert expired not in site.keys() and site.keys() == [fresh.cookie()]


def test_whatever_cookie_comes_it_is_a_visitor_without_a_session():
    for engine in (DB, COOKIES):
        with Site(engine) as site:
            good = site.visitor()
            good.session(set={"a": 1})
            for cookie in ("x", "x" * 32, "a" * 7000, "a.b.c:d:e", good.cookie()[:-1] + "!", "\u00fcber" * 4, "%00" * 11, "' OR 1=1 --"):
                visitor = site.visitor()
                visitor.cookies["sessionid"] = cookie.encode().decode("latin-1")
                assert visitor.session()["session"] == {}, cookie
            assert good.session()["session"] == {"a": 1}


# ---- the language and the time zone --------------------------------------------------------------


def page(visitor, **headers):
    answer = visitor.get("/page/", **headers)
    assert answer.status == 200, answer.text
    return answer


def test_the_language_is_the_sessions_before_the_cookies_and_the_browsers():
    for engine in (DB, COOKIES):
        with Site(engine) as site:
            visitor = site.visitor()
            assert page(visitor, **{"Accept-Language": "fr"}).text.startswith("vendredi")
            visitor.cookies["django_language"] = "en"
            assert page(visitor, **{"Accept-Language": "fr"}).text.startswith("Friday")
            visitor.cookies["sessionid"] = django(site, "", set={"_language": "de"})["cookie"]
            answer = page(visitor, **{"Accept-Language": "fr"})
            assert answer.text.startswith("Freitag") and answer.header("Content-Language") == "de"
            assert "Cookie" in answer.header("Vary")
            for unknown in ("tlh", 7, None, "x" * 400, "../de"):
                visitor.cookies["sessionid"] = django(site, "", set={"_language": unknown})["cookie"]
                assert page(visitor).text.startswith("Friday"), unknown


def test_set_language_writes_session_and_cookie():
    with Site() as site:
        visitor = site.visitor()
        answer = visitor.send("POST", "/setlang/", "language=de&next=/page/", {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 302 and visitor.cookies["django_language"] == "de"
        assert django(site, visitor.cookie())["session"] == {"_language": "de"}
        del visitor.cookies["django_language"]
        assert page(visitor).text.startswith("Freitag")


def test_the_time_zone_is_the_visitors():
    with Site() as site:
        visitor, other = site.visitor(), site.visitor()
        assert page(visitor).text.startswith("Friday 22:30")
        for zone, shown in (("Europe/Berlin", "Saturday 00:30"), ("America/New_York", "Friday 18:30"), ("Asia/Kolkata", "Saturday 04:00")):
            answer = visitor.send("POST", "/timezone/", f"timezone={zone}", {"Content-Type": "application/x-www-form-urlencoded"})
            assert answer.status == 302
            assert page(visitor).text.startswith(shown), zone
            assert page(other).text.startswith("Friday 22:30")
        answer = visitor.send("POST", "/timezone/", "timezone=Mars/Olympus", {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 400 and page(visitor).text.startswith("Saturday 04:00")
        visitor = site.visitor(django(site, "", set={"django_timezone": "Asia/Tokyo"})["cookie"])
        assert page(visitor).text.startswith("Saturday 07:30")


def test_templates_read_the_session():
    with Site() as site:
        visitor = site.visitor()
        assert "never" in page(visitor).text
        visitor.session(set={"visits": 3, "name": "<b>"})
        assert "3 visits=3;name=&lt;b&gt;;" in page(visitor).text


if __name__ == "__main__":
    suite.main(globals())
