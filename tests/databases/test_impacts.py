"""`migrate --plan` against what the databases do: every kind of operation of impact_rows.py, forwards and backwards.

PostgreSQL   the statements run in a transaction that stays open: pg_locks has the modes and the tables, the statistics
             how many rows were read, the file's number whether the table was written again
MariaDB      the most lenient ALGORITHM and LOCK that the server accepts for each statement
SQLite       whether the work grows with the rows, and whether a table is made anew
"""
import collections
import contextlib
import functools
import pathlib
import re
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import impact_rows
import mariadb
import school
import servers
import sites
import suite

COLLATIONS = {"sqlite": '"NOCASE"', "postgresql": '"C"', "mysql": '"utf8mb4_bin"'}
# Said of tables that a statement does not name: test_who_writes_to_a_parent_of_mariadb_waits().
BY_THEMSELVES = ("writing waits for a moment",)
HEAD = """#include <nuages/cli.h>
#include <nuages/migrations.h>
#include <nuages/nuages.h>
#include <nuages/postgres.h>

#include <stdlib.h>

__attribute__((unused)) static void fill(const nu_apps *apps, const char *database)
{
    (void)apps;
    (void)database;
}
"""


# Beside each app: what W115 says to do before a choice goes.
WITHOUT_B = """
__attribute__((unused)) static void {app}_without_b(const nu_apps *apps, const char *database)
{
    nu_query *things = nu_using(nu_objects_(nu_historical_model(apps, "{app}", "Thing")), database);

    nu_update(nu_filter(things, Q("kind", "b")), ("kind", "a"));
}
"""


# ---- the site ----

def filled(text, app, database):
    on_visit = f" ON {app}_visit" if database == "mysql" else ""
    for name, value in {"app": app, "collation": COLLATIONS[database], "on_visit": on_visit}.items():
        text = text.replace("{" + name + "}", value)
    return text


def migration(app, name, operations, dependency, options=""):
    symbol = f"{app}_{name}"
    needs = f'.dependencies = {{ {{ "{app}", "{dependency}" }} }}, ' if dependency else ".initial = true, "
    return (f"static const nu_operation {symbol}_operations[] = {{ {operations.strip().rstrip(',')}, {{ 0 }} }};\n"
            f'static const nu_migration {symbol} = {{ .app_label = "{app}", .name = "{name}", {needs}{options}'
            f".operations = {symbol}_operations }};\n")


def app_of(app, row, database):
    """C of an app whose third migration is the row's; of advice each step is one."""
    steps = row.steps if isinstance(row, impact_rows.Advice) else (row.operations,)
    given = getattr(row, "given", "") or 'RunSQL("", .reverse_sql = RunSQL_noop)'
    names, text = ["0001_initial", "0002_given"], WITHOUT_B + migration(app, "0001_initial", impact_rows.CREATED, None)
    text += migration(app, "0002_given", given, "0001_initial")
    for i, operations in enumerate(steps):
        names.append(f"{i + 3:04}_step")
        text += migration(app, names[-1], operations, names[-2], ".non_atomic = true, " if "Concurrently(" in operations else "")
    listed = ", ".join(f"&{app}_{name}" for name in names)
    return filled(text, app, database) + (
        f"static const nu_migration *const {app}_migrations[] = {{ {listed}, NULL }};\n"
        f'static const nu_app {app}_app = {{ .name = "{app}", .migrations = {app}_migrations }};\n')


PART = 25  # a site's installed apps are not that many


def settings(part):
    apps = ", ".join(f"&{app}_app" for app in part)
    return f"""    {{
        .secret_key = "for-this-test-only-0123456789abcdefghijklmnopqrst",
        .installed_apps = {{ {apps} }},
        .databases = {{ Database("default", .engine = "sqlite3", .url_env = "DATABASE_URL") }},
    }},
"""


def program(rows, database):
    """A site for each PART of the apps; the environment says which one it is."""
    apps = list(rows)
    parts = "".join(settings(apps[i:i + PART]) for i in range(0, len(apps), PART))
    return HEAD + "\n".join(app_of(app, row, database) for app, row in rows.items()) + f"""
static const nu_settings settings[] = {{
{parts}}};

int main(int argc, char **argv)
{{
    return nu_main(argc, argv, &settings[atoi(getenv("PART"))]);
}}
"""


class Site:
    """Every row's app, migrated up to its tables, which have rows."""

    def __init__(self, database, name, rows=None):
        self.database, self.name = database, name
        self.rows = rows or {f"r{i:02}": row for i, row in enumerate(row for row in impact_rows.ALL if name not in row.skip)}
        self.folder, self.url = school.fresh_folder(), database.fresh()
        (self.folder / "manage.c").write_text(program(self.rows, name))
        school.checked(school.run([suite.CC, *sites.FLAGS, "manage.c", "-o", "manage", *sites.described()], {}, self.folder))
        for app, row in self.rows.items():
            given = getattr(row, "given", "")
            self.manage("migrate", app, "0001" if given else "0002")
            self.database.execute(self.url, *fillings(app, impact_rows.ROWS, name))
            if given:
                self.manage("migrate", app, "0002")

    def run(self, part, *arguments):
        environment = {"DATABASE_URL": self.url, "LD_LIBRARY_PATH": str(suite.RELEASE), "PART": str(part)}
        return school.run(["./manage", *arguments], environment, self.folder)

    def manage(self, command, app, *arguments):
        return school.checked(self.run(list(self.rows).index(app) // PART, command, app, *arguments))

    def check(self):
        return "".join(self.run(part, "check").stderr for part in range(-(-len(self.rows) // PART)))

    def told(self, app, target):
        """{table: words}"""
        lines = self.manage("migrate", app, target, "--plan").splitlines()
        found = [re.match(r" {8}(\w+), (about )?\d+ rows?: (.*)", line) for line in lines
                 if line.startswith(" " * 8) and not line.startswith(GOES)]
        assert all(found), lines
        names = [name.replace("{app}", app) for name in getattr(self.rows[app], "renamed", ())]
        called = dict([names]) if target == "0003" and names else dict([names[::-1]]) if names else {}
        told = {}
        for match in found:
            if match[3] not in BY_THEMSELVES:
                told.setdefault(called.get(match[1], match[1]), []).append(shortened(match[3]))
        if self.name == "sqlite":  # one lock, of the file: of several operations the longest counts
            return {table: max(words, key=lambda one: (MANY in one) + 2 * ("anew" in one)) for table, words in told.items()}
        return {table: " and ".join(dict.fromkeys(words)) for table, words in told.items()}

    def statements(self, app, backwards):
        text = self.manage("sqlmigrate", app, "0003", *(["--backwards"] if backwards else []))
        lines = [line for line in text.splitlines() if line and not line.startswith("--") and line not in ("BEGIN;", "COMMIT;")]
        return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]

    def compare(self, real, *how):
        """Each row both ways: `real` says {table: words} of statements; `how` is what `migrate` is told then."""
        differ, compared = [], 0
        for app, row in self.rows.items():
            for target, backwards in (("0003", False), ("0002", True))[:1 if row.one_way else 2]:
                told, statements = self.told(app, target), self.statements(app, backwards)
                got = real(self, app, row, statements)
                compared += 1
                if not agree(told, got):
                    differ.append("\n  ".join([f"{row.what}{', back' * backwards}", f"told {told}", f"real {got}", *statements]))
                if not backwards:
                    self.manage("migrate", app, "0003", *how)
        assert compared > 150 and not differ, f"{len(differ)} of {compared} differ\n" + "\n".join(differ)


GOES = " " * 8 + "goes with it: "  # test_adopted_tables.py asks what does
REFERRED = "while the rows that refer to it are read"  # this table's own are found by an index, or all read


def agree(told, got):
    return told.keys() == got.keys() and all(
        words == got[table] or (words.endswith(REFERRED) and words.split(" while ")[0] == re.split(" for | while ", got[table])[0])
        for table, words in told.items())


def fillings(app, rows, database):
    code = "CONCAT('c', i)" if database == "mysql" else "'c' || i"
    numbers = (f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})")
    return (f"INSERT INTO {app}_place (name) {numbers} SELECT 'here' FROM n",
            f"INSERT INTO {app}_thing (title, code, text, kind, number, age, price, place_id) "
            f"{numbers} SELECT 'title', {code}, 'x', 'b', i, i, 1, i FROM n",
            f"INSERT INTO {app}_thing_tags (thing_id, place_id) {numbers} SELECT i, i FROM n",
            f"INSERT INTO {app}_visit (thing_id) {numbers} SELECT i FROM n")


def shortened(words):
    """Up to who waits, which the words before say already."""
    return gone_through(words.split(":")[0]) if words.startswith("locks the database") else words.split(":")[0]


# ---- PostgreSQL ----

MODES = {"RowShareLock": "ROW SHARE", "RowExclusiveLock": "ROW EXCLUSIVE", "ShareUpdateExclusiveLock": "SHARE UPDATE EXCLUSIVE",
         "ShareLock": "SHARE", "ShareRowExclusiveLock": "SHARE ROW EXCLUSIVE", "AccessExclusiveLock": "ACCESS EXCLUSIVE"}
BEFORE = """CREATE TEMP TABLE before ON COMMIT DROP AS SELECT oid, relname, relfilenode FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
AFTER = """SELECT b.relname, l.mode, pg_stat_get_xact_tuples_returned(b.oid), pg_stat_get_xact_tuples_updated(b.oid),
        coalesce(c.relfilenode, b.relfilenode) <> b.relfilenode
    FROM before b JOIN pg_locks l ON l.relation = b.oid AND l.pid = {pid} LEFT JOIN pg_class c ON c.oid = b.oid"""


def postgresql_work(read, updated, rewritten):
    if rewritten == "t":
        return "while the table is made anew"
    if int(updated):
        return "while rows are written"
    return "while all rows are read" if int(read) >= impact_rows.ROWS else "for a moment"


def locks_of(output):
    """{table: the strongest mode, and how long it is held}"""
    order, found = list(MODES), collections.defaultdict(list)
    for line in output.splitlines():
        if line.count("|") == 4:
            table, mode, *work = line.split("|")
            if mode in MODES:
                found[table].append((order.index(mode), postgresql_work(*work)))
    return {table: f"{MODES[order[max(all_)[0]]]} {max(all_)[1]}" for table, all_ in found.items()}


def concurrent_locks(site, statement):
    """What runs in no transaction waits for those that write: it is looked at then."""
    server, name = site.database.server, site.database.database(site.url)
    table = re.search(r'(r\d\d)_', statement)[1] + "_thing"
    holder = subprocess.Popen([server.bin / "psql", "-X", "-q", "-A", "-t", "-h", str(server.folder), "-p", str(server.port), "-U", "postgres", "-d", name],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write(f"BEGIN; UPDATE {table} SET number = number WHERE id = 1 RETURNING 'held';\n")
    holder.stdin.flush()
    assert holder.stdout.readline().strip() == "held"
    runner = threading.Thread(target=server.sql, args=(statement, name))
    runner.start()
    look = (f"SELECT relation::regclass, mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation AND c.relkind = 'r' JOIN pg_stat_activity a ON a.pid = l.pid "
            f"WHERE a.query LIKE '%CONCURRENTLY%' AND a.pid <> pg_backend_pid() AND l.granted AND relation = '{table}'::regclass AND EXISTS (SELECT 1 FROM pg_locks w WHERE w.pid = l.pid AND NOT w.granted)")
    servers.wait_for(lambda: server.sql(look, name), "wait of the statement for who writes")
    found = server.sql(look, name).splitlines()
    holder.communicate("COMMIT;\n")
    runner.join()
    modes = [line.split("|")[1] for line in found]
    work = "while all rows are read" if statement.startswith("CREATE") else "for a moment"
    return {table: f"{MODES[max(modes, key=list(MODES).index)]} {work}"}


def on_postgresql(site, app, row, statements):
    name = site.database.database(site.url)
    concurrent = [sql for sql in statements if "CONCURRENTLY" in sql]
    ordinary = "; ".join(sql for sql in statements if sql not in concurrent)
    found = {}
    for sql in concurrent:
        found.update(concurrent_locks(site, sql))
    if ordinary:
        output = site.database.server.sql(f"BEGIN; {BEFORE}; {ordinary}; {AFTER.format(pid='pg_backend_pid()')}; ROLLBACK", name)
        for table, words in locks_of(output).items():
            found[table] = " and ".join([*([found[table]] if table in found else []), words])
    for sql in concurrent:
        if sql.startswith("CREATE"):
            site.database.server.sql("DROP INDEX " + re.search(r'"(\w+)"', sql)[1], name)
    return found


def test_the_locks_of_postgresql():
    with databases.opened("postgresql") as database:
        Site(database, "postgresql").compare(on_postgresql)


# ---- MariaDB ----

ALGORITHMS = ("INSTANT", "NOCOPY", "INPLACE", "COPY")


def accepted(site, statement):
    """The first algorithm that the server takes, with who may go on meanwhile; the statement has run then."""
    statement = re.sub(r"^DROP INDEX (\S+) ON (\S+)$", r"ALTER TABLE \2 DROP INDEX \1", statement)
    separator = "," if statement.startswith("ALTER") else ""
    for algorithm in ALGORITHMS:
        for lock in ("NONE", "SHARED"):
            with contextlib.suppress(AssertionError):
                site.database.execute(site.url, f"{statement}{separator} ALGORITHM={algorithm}{separator} LOCK={lock}")
                assert (lock == "SHARED") == (algorithm == "COPY"), f"{algorithm} and {lock}"
                return algorithm
    raise AssertionError(f"no algorithm is accepted for {statement}")


def on_mysql(site, app, row, statements):
    found = {}
    existing = {table for (table,) in site.database.rows(site.url, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")}
    names = {}
    for sql in statements:
        table = re.match(r"(?:ALTER TABLE|RENAME TABLE|DROP TABLE|UPDATE|CREATE TABLE|(?:CREATE|DROP)(?: UNIQUE)? INDEX \S+ ON) `?(\w+)`?", sql)[1]
        if re.match("UPDATE|DROP TABLE|RENAME|CREATE TABLE", sql):
            site.database.execute(site.url, sql)
            work = "rows are written" if sql.startswith("UPDATE") else "INSTANT"
        else:
            work = accepted(site, sql)
        if sql.startswith("RENAME"):
            names[re.search(r"TO `(\w+)`", sql)[1]] = table
        table = names.get(table, table)
        order = ["INSTANT", "rows are written", "NOCOPY", "INPLACE", "COPY"]
        if table in existing:
            found[table] = max(work, found.get(table, "INSTANT"), key=order.index)
    return found


def test_the_algorithms_of_mariadb():
    with databases.opened("mysql") as database:
        Site(database, "mysql").compare(on_mysql, "--fake")


PARENTS = ("add a key that is null", "remove a key", "an index", "rename a table", "delete a model that refers to another", "alter null",
           "a comment on a table")


def held(server, database, sql):
    """A session whose transaction has run a statement."""
    session = subprocess.Popen([mariadb.program("mariadb"), "--no-defaults", "-uroot", f"--socket={server.socket}", "--batch", "--skip-column-names", "-n", database],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    session.stdin.write(f"BEGIN; {sql}; SELECT 'held';\n")
    session.stdin.flush()
    assert session.stdout.readline().strip() == "held"
    return session


def waits_for(site, held_sql, statement):
    database = site.database.database(site.url)
    session = held(site.database.server, database, held_sql)
    try:
        site.database.server.sql(f"SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1; {statement}", database)
        return False
    except AssertionError as error:
        assert "Lock wait timeout" in str(error), error
        return True
    finally:
        session.communicate("ROLLBACK;\n")


def test_who_writes_to_a_parent_of_mariadb_waits():
    rows = {f"p{i:02}": next(row for row in impact_rows.ALL if row.what == what) for i, what in enumerate(PARENTS)}
    with databases.opened("mysql") as database:
        site, differ = Site(database, "mysql", rows), []
        for app, row in rows.items():
            plan, statement = site.manage("migrate", app, "0003", "--plan"), next(sql for sql in site.statements(app, False) if not sql.startswith("CREATE TABLE"))
            writing = {table: f"UPDATE {app}_{table} SET {column} = 'held' WHERE id = 1" for table, column in {"place": "name", "thing": "text"}.items()
                       if not re.search(rf"`?{app}_{table}`?( |$)", statement.split("REFERENCES")[0])}
            told = {table for table in writing if re.search(rf"{app}_{table}, .*writing waits for a moment", plan)}
            differ += [f"{row.what}: {table} is told, and nobody waits: {statement}" for table in told if not waits_for(site, writing[table], statement)]
            others = "; ".join(sql for table, sql in writing.items() if table not in told)
            if others and waits_for(site, others, statement):
                differ.append(f"{row.what}: {others} waits, and is not told: {statement}")
    assert not differ, "\n".join(differ)


# ---- SQLite ----

def counted(connection, sql):
    """How many tens of its machine's instructions SQLite takes for a statement."""
    count = [0]

    def one_more():
        count[0] += 1

    connection.set_progress_handler(one_more, 10)
    connection.execute(sql)
    connection.set_progress_handler(None, 0)
    return count[0] * 10


@contextlib.contextmanager
def copied(path, app):
    """Two databases in memory with an app's tables: with their rows, and without."""
    with contextlib.closing(sqlite3.connect(path)) as original, contextlib.ExitStack() as stack:
        full, empty = (stack.enter_context(contextlib.closing(sqlite3.connect(":memory:", isolation_level=None))) for _ in range(2))
        made = original.execute("SELECT type, name, sql FROM sqlite_master WHERE tbl_name LIKE ? AND sql IS NOT NULL ORDER BY type DESC", [f"{app}_%"])
        for kind, name, sql in made.fetchall():
            full.execute(sql)
            empty.execute(sql)
            if kind == "table":  # without columns that are worked out
                columns = [column[1] for column in original.execute(f'PRAGMA table_info("{name}")')]
                listed, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
                full.executemany(f'INSERT INTO "{name}" ({listed}) VALUES ({marks})', original.execute(f'SELECT {listed} FROM "{name}"').fetchall())
        yield full, empty


STATEMENT = r'(?:ALTER TABLE|DROP TABLE|UPDATE|CREATE TABLE|INSERT INTO|DROP INDEX|CREATE(?: UNIQUE)? INDEX \S+ ON) "?(\w+)"?'
FILLED = r'INSERT INTO "(\w+)" .* FROM "(\w+)"$'
MANY = "while all rows are gone through"


def sqlite_words(full, empty, sql, existing, indexed):
    """The table of a statement that was there before, and what it means for that."""
    more, match = counted(full, sql) - counted(empty, sql), re.match(STATEMENT, sql)
    filled_from = re.match(FILLED, sql, re.S)
    if filled_from and filled_from[1] not in existing:
        return filled_from[2], "while the table is made anew"
    return match and indexed.get(match[1], match[1]), MANY if more > impact_rows.ROWS else "for a moment"


def on_sqlite(site, app, row, statements):
    order, found, names = ["for a moment", MANY, "while the table is made anew"], {}, {}
    with copied(site.url.removeprefix("sqlite:///"), app) as (full, empty):
        existing = {name for (name,) in full.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        indexed = dict(full.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'").fetchall())
        for sql in statements:
            table, words = sqlite_words(full, empty, sql, existing, indexed)
            renamed = re.match(r'ALTER TABLE "(\w+)" RENAME TO "(\w+)"', sql)
            if renamed:
                names[renamed[2]] = names.get(renamed[1], renamed[1])
            table = table if table in existing else names.get(table)
            if table in existing:
                found[table] = max(words, found.get(table, order[0]), key=order.index)
    return {table: f"locks the database for writing {words}" for table, words in found.items()}


def gone_through(words):
    return re.sub("while (all rows are read|rows are written)", MANY, words)


def test_the_tables_of_sqlite_that_are_made_anew():
    with databases.opened("sqlite") as database:
        Site(database, "sqlite").compare(on_sqlite)


# ---- the linter's advice ----

def lasting(told):
    """Where those who read or write wait as long as a table's rows take."""
    return {table: words for table, words in told.items()
            if words == "COPY" or re.search("(SHARE|SHARE ROW EXCLUSIVE|ACCESS EXCLUSIVE) while", re.sub("SHARE UPDATE EXCLUSIVE|ROW SHARE", "-", words))}


def follow(site, app, advice):
    """What still hurts when each step is a migration of its own."""
    hurt = {}
    for i in range(len(advice.steps)):
        hurt.update(lasting(site.told(app, f"{i + 3:04}")))
        site.manage("migrate", app, f"{i + 3:04}")
    return hurt


def follow_all(name):
    kept = [advice for advice in impact_rows.ADVICE if name in advice.on]
    rows = {f"d{i:02}": impact_rows.Row(advice.id, advice.danger) for i, advice in enumerate(kept)}
    rows |= {f"s{i:02}": advice for i, advice in enumerate(kept)}
    with databases.opened(name) as database:
        site, wrong = Site(database, name, rows), []
        checked = site.check()
        for i, advice in enumerate(kept):
            if f"d{i:02}.0003_step: (migrations.{advice.id})" not in checked:
                wrong.append(f"{advice.danger}: {advice.id} is not said")
            hurts, still = lasting(site.told(f"d{i:02}", "0003")), follow(site, f"s{i:02}", advice)
            if bool(hurts) != (name in advice.hurts) or still:
                wrong.append(f"{advice.danger}: {hurts}, and {still} when the advice is followed")
            left = advice.mended and database.rows(site.url, f"SELECT COUNT(*) FROM s{i:02}_thing WHERE {advice.mended}")
            if left not in ("", [("0",)]):
                wrong.append(f"{advice.danger}: {left} rows are {advice.mended} once the advice was followed")
    assert len(kept) > 10 and not wrong, "\n".join(wrong)


def test_the_advice_can_be_followed_on_postgresql():
    follow_all("postgresql")


def test_the_advice_can_be_followed_on_mariadb():
    follow_all("mysql")


def test_the_advice_can_be_followed_on_sqlite():
    follow_all("sqlite")


if __name__ == "__main__":
    suite.main(globals())
