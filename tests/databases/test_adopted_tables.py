"""Tables that others made, above all on PostgreSQL and MariaDB: what their models don't know outlives a migration, or the
migration is refused before it changes anything."""
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "compat"), str(TESTS / "live")]
import databases
import school
import sites
import suite
import test_inspectdb


def adopted(name, sql):
    """A project over a fresh database with these tables, all but its own migrations applied."""
    database = test_inspectdb.opened(name)
    url = database.fresh()
    database.server.sql(sql, database=database.database(url))
    project = test_inspectdb.Project(url, "--adopt")
    project.build()
    assert "No changes detected" in project.manage("makemigrations", "--check")
    project.manage("migrate")
    return project, database


def edited(project, models, header=("$", "")):
    """The last migration, written and built."""
    test_inspectdb.expect((project.folder / "legacy/models.c").read_text(), re.search(models[0], (project.folder / "legacy/models.c").read_text())[0])
    for path, (old, new) in ((project.folder / "legacy/models.c", models), (project.folder / "models.h", header)):
        path.write_text(re.sub(old, new, path.read_text()))
    project.build()
    project.manage("makemigrations", "--noinput")
    project.build()
    return sorted((project.folder / "legacy/migrations").glob("0*.c"))[-1].stem


def migrated(project, *edits):
    edited(project, *edits)
    project.manage("migrate")
    assert "No changes detected" in project.manage("makemigrations", "--check")


DEPENDS = """CREATE TABLE maker (id serial PRIMARY KEY, name varchar(20) NOT NULL, amount int NOT NULL CHECK (amount > 0),
  extra int UNIQUE, gen int GENERATED ALWAYS AS (amount * 2) STORED);
CREATE INDEX pair ON maker (name, amount);
CREATE VIEW shown AS SELECT id, amount FROM maker;
INSERT INTO maker (name, amount) VALUES ('Ada', 1);
CREATE MATERIALIZED VIEW summed AS SELECT sum(amount) s FROM maker;"""


def without(member, model="Maker"):
    return (rf" *\w+\({model}, {member}\b.*\n", ""), (rf" *\w+ {member};\n", "")


INDEX_AND_AMOUNT = (r"( *\w+\(Maker, amount\b.*\n| *\{ \.name = \"pair\".*\n)", ""), without("amount")[1]


def test_a_column_that_others_depend_on_is_not_dropped():
    project, database = adopted("postgresql", DEPENDS)
    name = edited(project, *INDEX_AND_AMOUNT)
    told = project.run("migrate")
    words = told.stdout + told.stderr
    assert told.returncode == 1, words
    test_inspectdb.expect(words, "view shown", "materialized view summed", "column gen of table maker", "RunSQL")
    assert database.rows(project.url, "SELECT amount, gen FROM maker") == [("1", "2")], "nothing is lost"
    assert database.rows(project.url, "SELECT s FROM summed") == [("1",)]
    printed = project.manage("sqlmigrate", "legacy", name)
    test_inspectdb.expect(printed, "Refused by `migrate`", "view shown", 'DROP COLUMN "amount" CASCADE')
    planned = project.manage("migrate", "--plan")
    test_inspectdb.expect(planned, "goes with it: ", "check maker_amount_check", "index pair", "depends on it: `migrate` refuses: ", "view shown")
    database.execute(project.url, "DROP VIEW shown", "DROP MATERIALIZED VIEW summed", "ALTER TABLE maker ALTER COLUMN gen DROP EXPRESSION")
    project.manage("migrate")
    assert "Refused" not in project.manage("sqlmigrate", "legacy", name)


def test_nor_in_a_migration_that_no_transaction_holds():
    project, database = adopted("postgresql", DEPENDS)
    path = project.folder / f"legacy/migrations/{edited(project, *INDEX_AND_AMOUNT)}.c"
    path.write_text(path.read_text().replace('.app_label = "legacy"', '.app_label = "legacy", .non_atomic = true'))
    project.build()
    told = project.run("migrate")
    assert told.returncode == 1 and "view shown" in told.stderr, told
    assert database.rows(project.url, "SELECT amount, gen FROM maker") == [("1", "2")], "nothing is lost"


NAMED = """CREATE TABLE maker (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL, amount INT NOT NULL, code INT NOT NULL UNIQUE,
  gen INT AS (amount * 2) STORED, other INT, UNIQUE KEY once (name, other), KEY pair (other, code));
CREATE TABLE part (id INT AUTO_INCREMENT PRIMARY KEY, code INT, CONSTRAINT odd FOREIGN KEY (code) REFERENCES maker (code));
CREATE VIEW shown AS SELECT m.id, m.amount AS n FROM maker m;
CREATE VIEW beside AS SELECT p.id, m.name AS amount FROM part p JOIN maker m ON m.code = p.code;
CREATE TRIGGER checks BEFORE INSERT ON maker FOR EACH ROW SET NEW.amount = 3;
INSERT INTO maker (name, amount, code, other) VALUES ('Ada', 1, 1, 1), ('Ada', 1, 2, 2);"""


def test_what_names_a_column_on_mariadb_is_not_broken():
    project, database = adopted("mysql", NAMED)
    edited(project, *without("amount"))
    told = project.run("migrate")
    assert told.returncode == 1 and "column gen, trigger checks, view shown would be dropped, or no longer work, with the column maker.amount" in told.stderr, told
    planned = project.manage("migrate", "--plan")
    test_inspectdb.expect(planned, "depends on it: `migrate` refuses: column gen, trigger checks, view shown\n")
    database.execute(project.url, "DROP VIEW shown", "DROP TRIGGER checks", "ALTER TABLE maker MODIFY gen INT")
    project.manage("migrate")
    edited(project, (r"( *\w+\(Maker, other\b.*\n| *\.unique_together = .*\n| *\{ \.name = \"pair\".*\n)", ""), (r" *\w+ other;\n", ""))
    test_inspectdb.expect(project.manage("makemigrations", "--check"), "No changes detected")
    test_inspectdb.expect(project.run("check").stderr, "the indexes and keys over it; `migrate --plan` names them")
    database.execute(project.url, "CREATE UNIQUE INDEX twice ON maker (other, name)")
    test_inspectdb.expect(project.manage("migrate", "--plan"), "unique key twice")
    project.manage("migrate")
    assert database.rows(project.url, "SELECT count(*) FROM maker") == [("2",)]
    assert not [one for one in database.schema(project.url)["maker"] if "twice" in one], "two rows of one name stay"


SEEN = """CREATE TABLE maker (id {key}, name varchar(20) NOT NULL, code integer);
CREATE TABLE log (id integer, name varchar(20));
CREATE VIEW shown AS SELECT name FROM maker;
CREATE VIEW counted AS SELECT count(*) AS n FROM maker;
CREATE VIEW beside AS SELECT name AS maker_name FROM log;
"""
KEYS = {"sqlite": "integer PRIMARY KEY", "postgresql": "serial PRIMARY KEY", "mysql": "integer AUTO_INCREMENT PRIMARY KEY"}
TRIGGERS = {"sqlite": ["CREATE TRIGGER on_log AFTER INSERT ON log BEGIN DELETE FROM maker; END", "CREATE TRIGGER own AFTER INSERT ON maker BEGIN DELETE FROM log; END"],
            "postgresql": [], "mysql": ["CREATE TRIGGER own AFTER INSERT ON maker FOR EACH ROW DELETE FROM log"]}
GONE = """#include <nuages/migrations.h>
static const nu_operation legacy_0002_gone_operations[] = {{ {operations}, {{ 0 }} }};
const nu_migration legacy_0002_gone = {{ .app_label = "legacy", .name = "0002_gone", .dependencies = {{ {{ "legacy", "0001_adopted" }} }},
    .operations = legacy_0002_gone_operations }};
"""


def planned_by_hand(name, operations):
    """What the plan says of a migration, and what the database says where it runs."""
    database = test_inspectdb.opened(name)
    url = database.fresh()
    database.execute(url, *(one.strip() for one in SEEN.format(key=KEYS[name]).split(";") if one.strip()), *TRIGGERS[name])
    project = test_inspectdb.Project(url, "--adopt")
    (project.folder / "legacy/migrations/0002_gone.c").write_text(GONE.format(operations=operations))
    project.build()
    project.manage("migrate", "legacy", "0001")
    return project, database, [line.strip() for line in project.manage("migrate", "legacy", "--plan").splitlines()]


def test_views_of_a_model_that_is_deleted_are_told_by_the_plan():
    fate = "names it, and no longer works without it: "
    for name, told in (("sqlite", f"{fate}trigger on_log, view counted, view shown"), ("postgresql", "goes with it: view counted, view shown"),
                       ("mysql", f"{fate}view counted, view shown")):
        project, database, lines = planned_by_hand(name, 'DeleteModel("Maker")')
        assert told in lines and "beside" not in str(lines) and "own" not in str(lines).split(), f"{name}: {lines}"
        project.manage("migrate", "legacy")
        if name == "postgresql":
            assert database.rows(project.url, "SELECT count(*) FROM pg_views WHERE viewname IN ('shown', 'counted')") == [("0",)], "as it was told"
        assert not [line for line in project.manage("migrate", "legacy", "0001", "--plan").splitlines() if "names it" in line], "what is made again takes nothing"


def test_views_of_a_column_that_changes_its_type_are_told_by_the_plan():
    for operations, told in (('AlterField("Maker", models_CharField("name", .max_length = 40))', True), ('AlterField("Maker", models_BigIntegerField("code", .null = true))', False),
                             ('AlterField("Maker", models_CharField("name", .max_length = 20, .verbose_name = "Name"))', False)):
        project, database, lines = planned_by_hand("postgresql", operations)
        assert ("depends on its type: PostgreSQL refuses: view shown" in lines) == told, lines
        done = project.run("migrate", "legacy")
        assert (done.returncode == 1) == told and ("view shown depends on column" in done.stderr) == told, f"{operations}: {done.stderr}"
    for name in ("sqlite", "mysql"):
        project, database, lines = planned_by_hand(name, 'AlterField("Maker", models_CharField("name", .max_length = 40))')
        assert not [line for line in lines if "depends" in line], f"{name}: {lines}"
        project.manage("migrate", "legacy")
        assert database.rows(project.url, "SELECT n FROM counted") == [("0",)]


def test_a_column_that_only_its_own_depends_on_is_dropped():
    project, database = adopted("postgresql", DEPENDS)
    migrated(project, *without("extra"))
    assert database.rows(project.url, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'maker'::regclass AND attname = 'extra'") == [("0",)]


INDEXED = """CREATE TABLE staff (id serial PRIMARY KEY, name varchar(20) NOT NULL, code varchar(5) NOT NULL);
CREATE TABLE store (id serial PRIMARY KEY, manager_id int NOT NULL REFERENCES staff (id), city varchar(9), street varchar(9));
CREATE UNIQUE INDEX one_store ON store (manager_id);
CREATE UNIQUE INDEX one_name ON staff (name);
CREATE UNIQUE INDEX short_name ON staff (name) WHERE length(name) < 4;
ALTER TABLE staff ADD CONSTRAINT one_code UNIQUE (code);
CREATE UNIQUE INDEX one_place ON store (city, street);"""


def test_what_a_unique_index_keeps_is_given_up():
    project, database = adopted("postgresql", INDEXED)
    migrated(project, (r"OneToOneField\(Store, manager", "ForeignKey(Store, manager"))
    migrated(project, (r"(\(Staff, name, .*), \.unique = true", r"\1"))
    migrated(project, (r"(\(Staff, code, .*), \.unique = true", r"\1"))
    migrated(project, (r" *\.unique_together = .*\n", ""))
    left = {name for name, in database.rows(project.url, "SELECT indexname FROM pg_indexes WHERE tablename IN ('staff', 'store') AND indexdef LIKE 'CREATE UNIQUE%'")}
    assert left == {"staff_pkey", "store_pkey", "short_name"}, left


ACTIONS = {"postgresql": ("CREATE TABLE maker (id serial PRIMARY KEY);", "serial", "int",
                          "SELECT confdeltype::text || confupdtype::text FROM pg_constraint WHERE contype = 'f' AND conrelid = 'part'::regclass", [("cc",)]),
           "mysql": ("CREATE TABLE maker (id INT AUTO_INCREMENT PRIMARY KEY);", "INT AUTO_INCREMENT", "INT",
                     "SELECT delete_rule, update_rule FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND table_name = 'part'",
                     [("CASCADE", "CASCADE")])}


def test_a_key_that_is_altered_still_cascades():
    for name, (maker, counted, key, asked, answer) in ACTIONS.items():
        project, database = adopted(name, f"""{maker} CREATE TABLE part (id {counted} PRIMARY KEY, maker_id {key} NOT NULL,
          CONSTRAINT odd FOREIGN KEY (maker_id) REFERENCES maker (id) ON DELETE CASCADE ON UPDATE CASCADE);""")
        assert database.rows(project.url, asked) == answer
        migrated(project, (r"(\(Part, maker, Maker, )", r"\1.null = true, "))
        assert database.rows(project.url, asked) == answer, name
        migrated(project, (r"AutoField\(Maker, id", "BigAutoField(Maker, id"))
        assert database.rows(project.url, asked) == answer, name


UNSIGNED = """CREATE TABLE maker (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'Bonn',
  updated TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, size INT UNSIGNED NOT NULL DEFAULT 7,
  kind ENUM('a', 'b') NOT NULL DEFAULT 'b');
CREATE TABLE tiny (id TINYINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE part (id INT AUTO_INCREMENT PRIMARY KEY, maker_id INT UNSIGNED NOT NULL, n INT,
  CONSTRAINT odd FOREIGN KEY (maker_id) REFERENCES maker (id) ON DELETE CASCADE);
INSERT INTO maker (name) VALUES ('Ada');
INSERT INTO part (maker_id) VALUES (1);"""


def column(database, project, table, name):
    rows = database.rows(project.url, "SELECT column_type, is_nullable, column_default, extra FROM information_schema.columns "
                         f"WHERE table_schema = DATABASE() AND table_name = '{table}' AND column_name = '{name}'")
    return tuple(str(cell) for cell in rows[0])


def test_keys_follow_unsigned_ones_on_mariadb():
    project, database = adopted("mysql", UNSIGNED)
    migrated(project, (r"(    IntegerField\(Part, n\b.*\n)", r'\1        ForeignKey(Part, other, Maker, .on_delete = DO_NOTHING, .null = true, .related_name = "others"),\n'
                       r"        ForeignKey(Part, tiny, Tiny, .on_delete = DO_NOTHING, .null = true),\n"),
             (r"(    nu_opt_int n;)", r"\1\n    Maker_ref other;\n    Tiny_ref tiny;"))
    assert column(database, project, "part", "other_id")[0] == "int(10) unsigned"
    assert column(database, project, "part", "tiny_id")[0] == "tinyint(3) unsigned"
    migrated(project, (r"(\(Part, maker, Maker, )", r"\1.null = true, "))
    assert column(database, project, "part", "maker_id")[:2] == ("int(10) unsigned", "YES")
    keys = database.rows(project.url, "SELECT delete_rule FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND table_name = 'part' ORDER BY 1")
    assert keys[0] == ("CASCADE",) and len(keys) == 3, keys


def test_altering_a_column_keeps_what_no_model_says_on_mariadb():
    project, database = adopted("mysql", UNSIGNED)
    migrated(project, (r"CharField\(Maker, name, \.max_length = 20", "CharField(Maker, name, .max_length = 30"))
    assert column(database, project, "maker", "name") == ("varchar(30)", "NO", "'Bonn'", ""), column(database, project, "maker", "name")
    for name, kept in (("kind", ("enum('a','b')", "YES", "'b'", "")), ("size", ("int(10) unsigned", "YES", "7", "")),
                       ("updated", ("timestamp", "YES", "current_timestamp()", "on update current_timestamp()"))):
        migrated(project, (rf"(\(Maker, {name})\b", r"\1, .null = true"), (rf"nu_(str|datetime) {name};|int64_t {name};",
                                                                            lambda m: m[0].replace("int64_t", "nu_opt_int")))
        assert column(database, project, "maker", name) == kept, column(database, project, "maker", name)


SAID_AGAIN = """CREATE TABLE maker (id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'counted', amount INT NOT NULL DEFAULT 1 CHECK (amount > 0),
  hidden INT NOT NULL DEFAULT 3 INVISIBLE, code VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'x' COMMENT 'it''s odd',
  seen DATETIME(6) NULL ON UPDATE CURRENT_TIMESTAMP(6), size INT UNSIGNED NOT NULL DEFAULT 2 COMMENT 'of shoes' CHECK (size < 90)) DEFAULT CHARSET utf8mb4;
INSERT INTO maker (amount) VALUES (5);"""


def definition(database, project, name, table="maker"):
    text = database.rows(project.url, f"SHOW CREATE TABLE {table}")[0][1]
    return next(line.strip(" ,") for line in re.split(r"\\n|\n", text) if line.strip().startswith(f"`{name}`"))


def test_altering_a_column_says_all_of_it_again_on_mariadb():
    project, database = adopted("mysql", SAID_AGAIN)
    null = lambda name, old, new: migrated(project, (rf"(\(Maker, {name})\b", r"\1, .null = true"), (rf"{old} {name};", f"{new} {name};"))
    null("amount", "int64_t", "nu_opt_int")
    null("hidden", "int64_t", "nu_opt_int")
    null("size", "int64_t", "nu_opt_int")
    null("code", "nu_str", "nu_str")
    migrated(project, (r"(\(Maker, seen, )", r'\1.db_comment = "when", '))
    for name, words in (("amount", ("DEFAULT 1", "CHECK (`amount` > 0)")), ("hidden", ("INVISIBLE", "DEFAULT 3")),
                        ("size", ("int(10) unsigned", "DEFAULT 2", "COMMENT 'of shoes'", "CHECK (`size` < 90)")),
                        ("code", ("latin1_bin", "DEFAULT 'x'", "COMMENT 'it''s odd'")), ("seen", ("ON UPDATE current_timestamp(6)", "COMMENT 'when'"))):
        found = definition(database, project, name)
        assert all(word in found for word in words) and "NOT NULL" not in found, found
    migrated(project, (r"(CharField\(Maker, code\b.*)\.max_length = 9(.*)\)", r'\1.max_length = 12\2, .db_column = "signed")'))
    found = definition(database, project, "signed")
    assert all(word in found for word in ("varchar(12)", "latin1_bin", "DEFAULT 'x'", "COMMENT 'it''s odd'")), found
    migrated(project, (r"IntegerField\(Maker, amount\b(.*)\)", r'BigIntegerField(Maker, amount\1, .db_column = "sum of it")'))
    found = definition(database, project, "sum of it")
    assert "bigint" in found and "CHECK (`sum of it` > 0)" in found, found
    assert database.rows(project.url, "SELECT `sum of it`, hidden, signed, size FROM maker") == [("5", "3", "x", "2")]


BESIDE = {"sqlite": ("CREATE TABLE log (x int)", "CREATE TRIGGER told AFTER INSERT ON shop_item_tags BEGIN INSERT INTO log VALUES (new.extra); END"),
          "postgresql": ("ALTER TABLE shop_item_tags ADD CONSTRAINT positive CHECK (extra > 0)",), "mysql": ("ALTER TABLE shop_item_tags ADD CONSTRAINT positive CHECK (extra > 0)",)}


def many(database):
    """A site whose second migration gives the table of a many-to-many another name, with the first applied."""
    site = sites.Site(school.fresh_folder() / "site", database.fresh(), ["shop"])
    tags = sites.Field("tags", "ManyToManyField", to="Tag")
    site.models["shop"] = {"Tag": sites.Model(sites.Field("name", "CharField", ".max_length = 9")), "Item": sites.Model(tags)}
    site.makemigrations()
    tags.options = '.db_table = "tagged"'
    site.makemigrations()
    site.build()
    site.manage("migrate", "shop", "0001")
    database.execute(site.url, "ALTER TABLE shop_item_tags ADD COLUMN extra int DEFAULT 3", "CREATE INDEX odd ON shop_item_tags (extra)", *BESIDE[database.name],
                     "INSERT INTO shop_tag (name) VALUES ('a')", "INSERT INTO shop_item (id) VALUES (1)", "INSERT INTO shop_item_tags (item_id, tag_id, extra) VALUES (1, 1, 7)")
    return site


def unquoted(schema):
    return {table: {fact.replace('"', "") for fact in facts} for table, facts in schema.items()}


def test_a_many_to_many_that_gets_another_table_keeps_what_no_model_says():
    for name in ("sqlite", "postgresql", "mysql"):
        database = test_inspectdb.opened(name)
        site = many(database)
        before = database.schema(site.url)
        site.manage("migrate")
        assert database.rows(site.url, "SELECT item_id, tag_id, extra FROM tagged") == [("1", "1", "7")], name
        facts = " ".join(database.schema(site.url)["tagged"])
        assert "odd" in facts and ("told" in facts if name == "sqlite" else "extra > 0" in facts.replace("`", "")), facts
        site.manage("migrate", "shop", "0001")
        assert database.rows(site.url, "SELECT extra FROM shop_item_tags") == [("7",)], name
        wrong = databases.differences(unquoted(before), unquoted(database.schema(site.url)))
        assert not wrong, wrong


def test_an_index_that_includes_columns_is_read_as_such():
    project, _ = adopted("postgresql", "CREATE TABLE maker (id serial PRIMARY KEY, name text, code int); CREATE INDEX inc ON maker (code DESC) INCLUDE (name);")
    test_inspectdb.expect((project.folder / "legacy/models.c").read_text(), '{ .name = "inc", .fields = { "-code" }, .include = { "name" } }')


if __name__ == "__main__":
    suite.main(globals())
