"""SQLite's tables are made anew for what it can't alter. Tables of random shapes, made by others, keep all that no model
speaks of: SQLite's own ALTER TABLE, in a copy, says what is to be expected."""
import contextlib
import pathlib
import random
import re
import shutil
import sqlite3
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "compat"), str(TESTS / "live")]
import school
import suite
import test_inspectdb

N_TABLES = 60  # all in one database, so that one build is enough

# What a column may be beside its name; {c}. The second of a pair is for STRICT tables.
COLUMNS = [
    ("TEXT COLLATE NOCASE",) * 2,
    ("INTEGER NOT NULL ON CONFLICT IGNORE DEFAULT 7",) * 2,
    ("VARCHAR(9) UNIQUE ON CONFLICT REPLACE", "TEXT UNIQUE ON CONFLICT REPLACE"),
    ("DECIMAL(9, 3) DEFAULT (1.5 + 1)", "REAL DEFAULT (1.5 + 1)"),
    ("NUMERIC CONSTRAINT {c}_low CHECK ({c} >= 0) DEFAULT 1", "ANY CONSTRAINT {c}_low CHECK ({c} >= 0) DEFAULT 1"),
    ("INTEGER GENERATED ALWAYS AS (length(plain) * 2) STORED",) * 2,
    ("TEXT AS (upper(plain) || '-') VIRTUAL COLLATE NOCASE",) * 2,
    ("INTEGER REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED",) * 2,
    ("INTEGER CONSTRAINT {c}_fk REFERENCES parent ON DELETE SET DEFAULT DEFAULT NULL",) * 2,
    ("INTEGER DEFAULT -3 /* a comment, with a comma */ CHECK ({c} < 9)",) * 2,
    ("BLOB DEFAULT x'00ff'",) * 2,
    ("BOOLEAN NOT NULL DEFAULT 1", "INT NOT NULL DEFAULT 1"),
    ("DATETIME DEFAULT CURRENT_TIMESTAMP", "TEXT DEFAULT CURRENT_TIMESTAMP"),
    ("DOUBLE PRECISION", "REAL"),
    ("TEXT DEFAULT 'it''s, (odd)'",) * 2,
    ("TEXT DEFAULT \"plain\"",) * 2,
    ("", "ANY"),
]
PLAIN = [" COLLATE NOCASE", " DEFAULT 'x'", " CHECK (length(plain) < 90)", " CONSTRAINT plain_is_short CHECK (plain <> 'bad')"]
KEYS = [("id INTEGER PRIMARY KEY", "", ""), ("id INTEGER PRIMARY KEY AUTOINCREMENT", "", ""), ("id INTEGER NOT NULL", "PRIMARY KEY (id)", ""),
        ("id INTEGER", "PRIMARY KEY (id AUTOINCREMENT)", ""), ("id INTEGER CONSTRAINT pk PRIMARY KEY ON CONFLICT REPLACE", "", ""),
        ("id TEXT NOT NULL PRIMARY KEY", "", "WITHOUT ROWID"), ("id TEXT PRIMARY KEY", "", "")]
CONSTRAINTS = ["UNIQUE (plain, keep) ON CONFLICT IGNORE", "CONSTRAINT odd CHECK (plain <> 'odd' OR keep > 0)", "CHECK (keep < 1000)",
               "FOREIGN KEY (keep) REFERENCES parent (id) ON DELETE RESTRICT ON UPDATE CASCADE",
               "FOREIGN KEY (keep, other) REFERENCES pair (a, b) ON DELETE SET NULL", "CONSTRAINT once UNIQUE (keep, other)"]
DEPENDENTS = [
    "CREATE INDEX {t}_folded ON {t} (plain COLLATE NOCASE DESC, keep)",
    "CREATE INDEX {t}_some ON {t} (plain) WHERE plain > 'a'",
    "CREATE INDEX {t}_lower ON {t} (lower(plain), keep)",
    "CREATE INDEX {t}_other ON {t} (other)",
    "CREATE UNIQUE INDEX {t}_both ON {t} (plain, other COLLATE RTRIM)",
    "CREATE TRIGGER {t}_born AFTER INSERT ON {t} BEGIN INSERT INTO log VALUES (NEW.plain, NEW.keep); END",
    "CREATE TRIGGER {t}_told BEFORE UPDATE OF plain ON {t} WHEN OLD.plain <> NEW.plain BEGIN INSERT INTO log VALUES (OLD.plain, 1); END",
    "CREATE TRIGGER {t}_from_log AFTER DELETE ON log BEGIN UPDATE {t} SET plain = OLD.word WHERE keep = OLD.number; END",
    "CREATE VIEW {t}_seen AS SELECT plain AS shown, keep FROM {t} WHERE plain <> 'hidden'",
    "CREATE VIEW {t}_all AS SELECT * FROM {t}",
    "CREATE TABLE {t}_child (id INTEGER PRIMARY KEY, up REFERENCES {t} (id) ON DELETE CASCADE)",
]
SEEN = "CREATE TRIGGER {t}_seen_in INSTEAD OF INSERT ON {t}_seen BEGIN INSERT INTO {t} (id, plain, keep) VALUES (100, NEW.shown, NEW.keep); END"


class Shape:
    """A table, what depends on it, and what is to be changed in its model."""

    def __init__(self, i, chance):
        self.table, self.model = f"t{i}", f"T{i}"
        self.change = chance.choice(["add", "alter", "null", "rename", "remove"])
        key, constraint, option = chance.choice(KEYS)
        self.strict = chance.random() < 0.25
        picked = [(f"c{n}", texts[self.strict].format(c=f"c{n}")) for n, texts in enumerate(chance.sample(COLUMNS, chance.randint(1, 8)))]
        self.own_words = [one for one in PLAIN if chance.random() < 0.4]
        plain = ("plain TEXT" if self.strict else "plain VARCHAR(20)") + " NOT NULL" + "".join(self.own_words)
        quote = chance.choice(['"{}"', "[{}]", "`{}`", "{}"])
        self.definitions = [f"{quote.format(name)} {text}".strip() for name, text in picked]
        self.constraints = chance.sample(CONSTRAINTS, chance.randint(0, 4)) + [constraint] * bool(constraint)
        columns = [key, plain, "keep INTEGER", "other INTEGER", *self.definitions, "extra INTEGER"]
        head, tail = columns[0], columns[1:]
        chance.shuffle(tail)
        options = ", ".join(one for one in (option, "STRICT" if self.strict else "") if one)
        between = chance.choice([", ", ",\n  -- a comment ) with a bracket\n  "])
        constraints = "".join(chance.choice([", ", " "]) + one if n else ", " + one for n, one in enumerate(self.constraints))
        self.made = [f"CREATE TABLE {self.table} ({between.join([head, *tail])}{constraints}) {options}"]
        rows = [(n if "INTEGER" in key else f"'k{n}'", n) for n in (1, 2, 5)]
        self.made += [f"INSERT INTO {self.table} (id, plain, keep, other) VALUES ({key}, 'p{n}', {n}, {n + 1})" for key, n in rows]
        self.made.append(f"DELETE FROM {self.table} WHERE keep = 5")
        dependents = chance.sample(DEPENDENTS, chance.randint(0, 6))
        if self.change == "rename":  # the model has this one, and makes it anew with the column's new name: as the model says
            dependents = [one for one in dependents if "_folded" not in one]
        dependents += [SEEN] * any("_seen AS" in one for one in dependents)
        self.made += [one.format(t=self.table) for one in dependents]

    def edit(self, source, header):
        """The model after the change."""
        line = rf"( *\w+\({self.model}, {{}}\b.*\n)"
        if self.change == "add":
            source = re.sub(line.format("keep"), rf"\1        IntegerField({self.model}, fresh, Default(5)),\n", source)
            header = re.sub(rf"(struct {self.model} {{\n[^}}]* keep;\n)", r"\1    int64_t fresh;\n", header)
        elif self.change == "alter" and not self.strict:
            source = re.sub(line.format("plain"), lambda found: found[0].replace("max_length = 20", "max_length = 30"), source)
        elif self.change in ("alter", "null"):
            source = re.sub(line.format("plain"), lambda found: found[0].replace("),\n", ", .null = true),\n"), source)
        elif self.change == "rename":
            source = re.sub(line.format("plain"), lambda found: found[0].replace("plain", "label"), source)
            source = re.sub(rf"(const nu_model {self.model}_model = {{.*?\n}};\n)", lambda found: re.sub('"(-?)plain"', r'"\1label"', found[0]),
                            source, flags=re.S)
            header = re.sub(rf"(struct {self.model} {{\n[^}}]*) plain;\n", r"\1 label;\n", header)
        else:
            source = re.sub(line.format("extra"), "", source)
            header = re.sub(rf"(struct {self.model} {{\n[^}}]*?)[^\n]* extra;\n", r"\1", header)
        return source, header

    def expected(self, connection):
        """What SQLite itself would do, of what others see."""
        if self.change == "rename":
            connection.execute(f'ALTER TABLE {self.table} RENAME COLUMN plain TO "label"')

    def touched(self):
        return {"add": {"fresh"}, "remove": {"extra"}, "rename": set()}.get(self.change, {"plain"})


def spaced(sql):
    return " ".join(re.sub(r"--[^\n]*\n", " ", sql).split())


def picture(connection, table, touched):
    """All that SQLite tells of a table but for the columns that are touched."""
    rows = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
    columns = {row[1]: row[2:] for row in rows(f"PRAGMA table_xinfo({table})") if row[1] not in touched}
    keys = {}
    for number, _, *key in rows(f"PRAGMA foreign_key_list({table})"):
        keys.setdefault(number, []).append(tuple(key))
    indexes = set()
    for _, name, unique, origin, partial in rows(f"PRAGMA index_list({table})"):
        parts = tuple(row[2:] for row in rows(f"PRAGMA index_xinfo({name})") if row[5])
        indexes.add(("" if name.startswith("sqlite_autoindex") else name, unique, origin, partial, parts))
    kept = sorted(name for name, (*_, hidden) in columns.items() if hidden != 1)
    names = ", ".join(f'"{name}"' for name in kept)
    sequence = rows("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'") and rows(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")
    return {"columns": columns, "keys": sorted(keys.values()), "indexes": indexes, "sequence": sequence,
            "options": rows(f"SELECT wr, strict FROM pragma_table_list WHERE name = '{table}'"),
            "rows": rows(f"SELECT {names} FROM {table} ORDER BY keep"),
            "children": rows(f"PRAGMA foreign_key_list({table}_child)"),
            "others": rows(f"SELECT type, name, replace(sql, '\"', '') FROM sqlite_master WHERE sql IS NOT NULL AND name LIKE '{table}\\_%' ESCAPE '\\' ORDER BY 1, 2")}


def without_gains(found, wanted, relations):
    """Django has an index for each column that refers to a table; a key that had one by another name has Django's."""
    gained = {one for one in found["indexes"] - wanted["indexes"] if len(one[4]) == 1 and one[4][0][0] in relations and not one[1]}
    found["indexes"] -= gained
    names = {one[0] for one in gained}
    found["others"] = [row for row in found["others"] if row[1] not in names]


def assert_same(shape, found, wanted, sql, relations):
    without_gains(found, wanted, relations)
    for part, value in wanted.items():
        assert found[part] == value, f"{shape.change} {shape.table}: {part}\n{found[part]}\n{value}\n{sql}"
    text, plain = spaced(sql), "label" if shape.change == "rename" else "plain"
    for words in (*shape.definitions, *shape.constraints, *shape.own_words):
        bare = re.sub(r'["`\[\]]', "", spaced(re.sub(r"\bplain\b(?!\")", plain, words)).replace("plain_is", f"{plain}_is"))
        bare = bare.replace(f"{plain}_is_short", "plain_is_short")
        assert bare in re.sub(r'["`\[\]]', "", text), f"{shape.change} {shape.table}: {bare}\n{sql}"


PARENTS = ["CREATE TABLE parent (id INTEGER PRIMARY KEY)", "CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (a, b))",
           "CREATE TABLE log (word TEXT, number INTEGER)", *(f"INSERT INTO parent VALUES ({n})" for n in range(1, 8)),
           *(f"INSERT INTO pair VALUES ({n}, {n + 1})" for n in range(1, 8))]


def change_all(shapes):
    """A database with the shapes, adopted, with one migration for all their changes: it, and its copy from before."""
    url = test_inspectdb.sqlite_with(*PARENTS, *(one for shape in shapes for one in shape.made))
    project = test_inspectdb.Project(url, "--adopt")
    path = pathlib.Path(url.removeprefix("sqlite:///"))
    copy = path.with_suffix(".before")
    shutil.copy(path, copy)
    (source,), header = project.folder.glob("*/models.c"), project.folder / "models.h"
    texts = source.read_text(), header.read_text()
    for shape in shapes:
        changed = shape.edit(*texts)
        assert changed != texts, f"{shape.change} of {shape.table} changes nothing"
        texts = changed
    source.write_text(texts[0])
    header.write_text(texts[1])
    project.build()
    renames = [word for shape in shapes if shape.change == "rename" for word in ("--rename", f"legacy.{shape.model}.plain=label")]
    project.manage("makemigrations", *renames)
    project.build()
    project.manage("migrate")
    assert "No changes detected" in project.manage("makemigrations", "--check")
    return path, copy


def relations_of(connection, table):
    return {row[3] for row in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()}


def test_random_tables_keep_what_no_model_speaks_of():
    seed = random.SystemRandom().randrange(10**6)
    print(f"  seed {seed}")
    check_shapes(seed)


def check_shapes(seed):
    chance = random.Random(seed)
    shapes = [Shape(i, chance) for i in range(N_TABLES)]
    path, copy = change_all(shapes)
    with contextlib.closing(sqlite3.connect(path)) as after, contextlib.closing(sqlite3.connect(copy)) as before:
        for shape in shapes:
            shape.expected(before)
        for shape in shapes:
            (sql,), = after.execute("SELECT sql FROM sqlite_master WHERE name = ?", (shape.table,)).fetchall()
            touched = shape.touched()
            assert_same(shape, picture(after, shape.table, touched), picture(before, shape.table, touched), sql,
                        relations_of(before, shape.table))
        assert after.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert not after.execute("PRAGMA foreign_key_check").fetchall()
        for name, in after.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            after.execute(f"SELECT * FROM {name}").fetchall()


if __name__ == "__main__":
    suite.main(globals())
