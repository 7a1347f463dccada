"""The three databases behind one set of functions: a fresh one, its rows, its schema.

A schema is {table: set of facts}: columns, indexes and constraints with their names, without the order
in which they were made.
"""
import contextlib
import itertools
import re
import sqlite3

import school

NUMBERS = itertools.count(1)


class SQLite:
    name = "sqlite"

    def fresh(self):
        return f"sqlite:///{school.fresh_folder()}/db.sqlite3"

    def execute(self, url, *statements):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
            for sql in statements:
                connection.execute(sql)
            connection.commit()

    def rows(self, url, sql):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
            return [tuple("" if value is None else str(value) for value in row) for row in connection.execute(sql).fetchall()]

    def schema(self, url):
        found = self.rows(url, "SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        tables = {}
        for table, kind, name, sql in found:
            tables.setdefault(table, set()).update(parts(sql) if kind == "table" else {f"{kind} {name}: {sql}"})
        return without_own(tables)


def parts(sql):
    """The columns and constraints of a CREATE TABLE."""
    body, depth, start, found = sql.split("(", 1)[1], 0, 0, set()
    for i, c in enumerate(body):
        depth += (c == "(") - (c == ")")
        if depth < 0 or (c == "," and not depth):
            found.add(body[start:i].strip())
            start = i + 1
        if depth < 0:
            break
    return found


def without_own(tables):
    """Without the tables of the migrations themselves."""
    own = ("django_migrations", "nuages_migration_progress")
    return {table: facts for table, facts in tables.items() if table not in own}


class PostgreSQL:
    name = "postgresql"

    def __init__(self, server):
        self.server = server

    def fresh(self):
        database = f"test_{next(NUMBERS)}"
        self.server.sql(f"CREATE DATABASE {database}", database="postgres")
        return self.server.address(database)

    @staticmethod
    def database(url):
        return url.rsplit("/", 1)[1].split("?")[0]

    def execute(self, url, *statements):
        self.server.sql("; ".join(statements), database=self.database(url))

    def rows(self, url, sql):
        found = self.server.sql(sql, database=self.database(url))
        return [tuple({"t": "1", "f": "0"}.get(value, value) for value in line.split("|")) for line in found.splitlines()]

    def schema(self, url):
        tables = {}
        for table, *fact in self.rows(url, """
                SELECT c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                       coalesce(pg_get_expr(d.adbin, d.adrelid), '')
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind = 'r'
                UNION ALL SELECT tablename, 'index', indexname, indexdef, true, '', '' FROM pg_indexes WHERE schemaname = 'public'
                UNION ALL SELECT c.relname, 'constraint', o.conname, pg_get_constraintdef(o.oid), true, '', ''
                FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
                     JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' WHERE o.contype <> 'n'"""):
            tables.setdefault(table, set()).add(" ".join(fact))
        return without_own(tables)


class MariaDB:
    name = "mysql"

    def __init__(self, server):
        self.server = server

    def fresh(self):
        return self.server.url(f"test_{next(NUMBERS)}")

    @staticmethod
    def database(url):
        return url.rsplit("/", 1)[1].split("?")[0]

    def execute(self, url, *statements):
        self.server.sql(";\n".join(statements) + ";", database=self.database(url))

    def rows(self, url, sql):
        found = self.server.sql(sql.replace('"', "`"), database=self.database(url))
        return [tuple("" if value == "NULL" else value for value in line.split("\t")) for line in found.splitlines()]

    def schema(self, url):
        tables = {}
        for (table,) in self.rows(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"):
            text = self.server.sql(f"SHOW CREATE TABLE `{table}`", database=self.database(url)).split("\t", 1)[1]
            lines = text.replace("\\n", "\n").splitlines()[1:]
            tables[table] = {re.sub(r" AUTO_INCREMENT=\d+", "", line.strip().rstrip(",")) for line in lines}
        return without_own(tables)


@contextlib.contextmanager
def opened(name):
    """The database by name; skips where its server is not installed."""
    if name == "sqlite":
        yield SQLite()
    elif name == "postgresql":
        import postgresql
        with postgresql.Server() as server:
            yield PostgreSQL(server)
    else:
        import mariadb
        with mariadb.MariaDB() as server:
            yield MariaDB(server)


def differences(want, got):
    """Two schemas told side by side; empty when they are the same."""
    lines = []
    for table in sorted({*want, *got}):
        lost, more = want.get(table, set()) - got.get(table, set()), got.get(table, set()) - want.get(table, set())
        lines += [f"{table}: {sign} {fact}" for sign, facts in (("-", lost), ("+", more)) for fact in sorted(facts)]
    return "\n".join(lines)


