"""Settings of the environment and of .env as commands take them: forms, precedence, what is wrong is named and shows no secret;
each row of the table has an effect."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

READ_BY_NOTHING = {"broker_url": "checked when it is read; tasks are no part of this version"}
BAD_DOTENV = "write NAME=value, with quotes closed and nothing but a comment behind"
DOTENV = [  # a line, and what DEFAULT_FROM_EMAIL is then; None: it stops the start
    ("DEFAULT_FROM_EMAIL=a@b", "a@b"), ("export DEFAULT_FROM_EMAIL=a@b", "a@b"), ("export\tDEFAULT_FROM_EMAIL=a@b", "a@b"),
    ("\ufeffDEFAULT_FROM_EMAIL=a@b", "a@b"), ("  DEFAULT_FROM_EMAIL = a@b  ", "a@b"), ("DEFAULT_FROM_EMAIL=a@b # why", "a@b"),
    ("DEFAULT_FROM_EMAIL=a@b#c", "a@b#c"), ("DEFAULT_FROM_EMAIL='a@b # c' # why", "a@b # c"), ('DEFAULT_FROM_EMAIL="a \\"b\\" @c"', 'a "b" @c'),
    ("DEFAULT_FROM_EMAIL='a\\nb'", "a\\\\nb"), ("DEFAULT_FROM_EMAIL=$HOME", "$HOME"), ('DEFAULT_FROM_EMAIL="${HOME}"', "${HOME}"),
    ("# DEFAULT_FROM_EMAIL=x\r\nDEFAULT_FROM_EMAIL=a@b\r", "a@b"), ("DEFAULT_FROM_EMAIL=a\nDEFAULT_FROM_EMAIL=b", "a"), ("DEFAULT_FROM_EMAIL=", ""),
    ("DEFAULT_FROM_EMAIL='a@b' c", None), ("DEFAULT_FROM_EMAIL='a@b'c", None), ("DEFAULT_FROM_EMAIL='a@b'#c", None), ('DEFAULT_FROM_EMAIL="a@b', None),
    ("no equals sign", None), ("9NAME=x", None), ("=x", None),
]
WRONG = [  # a variable, and what the message has
    ("DATABASE_URL", "postgres://u:secret@h:port/d", "its port is no whole number from 1 to 65535"),
    ("DATABASE_URL", "postgres://u:secret@h:0/d", "its port is no whole number"), ("DATABASE_URL", "mysql://u:secret@h:65536/d", "its port is no whole number"),
    ("DATABASE_URL", "postgres://u:secret", "its port is no whole number"), ("DATABASE_URL", "u:secret@h/d", "'…@h/d' is no database URL"),
    ("DATABASE_URL", "postgres:/u:secret@h/d", "is no database URL"), ("DATABASE_URL", "orcale://u:secret@h/d", "the backend 'orcale' is not built into"),
    ("EMAIL_URL", "smtp://u:secret", "EMAIL_URL has the port “…”"), ("EMAIL_URL", "smtp://u:secret@h:99999", "EMAIL_URL has the port “99999”"),
    ("EMAIL_URL", "smtp://u:a@b:secret/c@h", "EMAIL_URL has the port “…”"),
    ("EMAIL_URL", "smtp://u:secret@h?timeout=3", "it takes no options"), ("EMAIL_URL", "smpt://u:secret@h", "Perhaps you meant smtp?"),
    ("EMAIL_URL", "u:secret@h", "no way to send mail"), ("EMAIL_PORT", "99999", "EMAIL_PORT is 99999: write one from 1 to 65535"),
    ("CACHE_URL", "locmme://", "Perhaps you meant locmem?"), ("CACHE_URL", "locmem://?tiemout=3", "CACHE_URL has the option “tiemout”"),
    ("CACHE_URL", "locmem://?timeout=x", "timeout=x: write a whole number"), ("BROKER_URL", "redsi://:secret@h", "Perhaps you meant redis?"),
    ("BROKER_URL", "redis://:secret@h/x", "Redis numbers them"), ("BROKER_URL", "redis://u:secret", "its port is “…”"),
    ("BROKER_URL", "redis://:a/secret@h/0", "its port is “…”"), ("BROKER_URL", "redis://:1/secret", "its database is “…”"),
    ("BROKER_URL", "redis://:s@1:2/secret@h/0", "its database is “…”"), ("BROKER_URL", "redis://u:secret@h:x", "its port is “x”"),
    ("BROKER_URL", "redis://h/x", "its database is “x”"), ("DEBUG", "maybe", "write 1, true, yes or on"), ("LOG_LEVEL", "inof", "allowed are debug"),
    ("CSRF_COOKIE_AGE", "1.5", "a whole number"), ("TIME_ZONE", "Europe/Atlantis", "no time zone"), ("STATIC_URL", "s", "must end with a slash"),
]


def value_of(folder, name="DEFAULT_FROM_EMAIL", **more):
    done = school.manage(folder / "db.sqlite3", "diffsettings", **more)
    found = re.search(rf"^{name} = '(.*)'", done.stdout, re.M)
    return done, found and found[1]


def test_lines_of_dotenv():
    for line, wanted in DOTENV:
        folder = school.fresh_folder()
        (folder / ".env").write_text(line + "\n")
        done, found = value_of(folder)
        if wanted is None:
            assert done.returncode == 1 and f".env:1: {BAD_DOTENV}" in done.stderr, (line, done)
        else:
            assert found == wanted, (line, done)


def test_what_the_environment_has_comes_before_dotenv_and_the_bare_name_before_the_prefixed_one():
    folder = school.fresh_folder()
    (folder / ".env").write_text("DEFAULT_FROM_EMAIL=dotenv\nSCHOOL_SERVER_EMAIL=dotenv\n")
    assert value_of(folder, DEFAULT_FROM_EMAIL="environment")[1] == "environment"
    assert value_of(folder, SCHOOL_DEFAULT_FROM_EMAIL="prefixed")[1] == "dotenv"
    assert value_of(folder, "SERVER_EMAIL")[1] == "dotenv"
    assert value_of(folder, "SERVER_EMAIL", SERVER_EMAIL="bare")[1] == "bare"


def test_what_is_wrong_stops_the_start_and_shows_no_secret():
    for name, value, words in WRONG:
        done = school.run([school.PROGRAM, "check"], {name: value}, school.scratch())
        assert done.returncode == 1 and words in done.stderr, (name, value, done)
        assert "secret" not in done.stdout + done.stderr, (name, value, done)


def test_each_setting_is_read_by_the_code():
    table = (suite.ROOT / "src/conf/settings.h").read_text()
    names = re.findall(r"^    X\((?:BOOL|INT|TEXT|LIST), (\w+),", table, re.M)
    code = "\n".join(path.read_text() for path in (suite.ROOT / "src").rglob("*.c") if path.parent.name != "conf")
    used = set(re.findall(r"(?:->|\.)(\w+)", code))
    unread = {name for name in names if name not in used}
    assert len(names) > 90 and unread == set(READ_BY_NOTHING), unread


if __name__ == "__main__":
    suite.main(globals())
