"""The same databases read by Django's inspectdb and by ours: the same models, columns, types, keys, relations, comments
and collations, but for what GUESSED_BETTER names."""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "live")]
import school
import suite
import test_inspectdb
import test_round_trip

# (what Django says, what ours does): the reason
GUESSED_BETTER = {
    ("IntegerField", "BooleanField"): "MariaDB's tinyint(1) is what Django itself makes of a BooleanField",
    ("TextField", "IntegerField"): "MariaDB's year is a number",
    ("TextField", "ArrayField"): "PostgreSQL's arrays have a field",
    ("TextField", "SearchVectorField"): "PostgreSQL's tsvector has a field",
    ("TextField", "BinaryField"): "MariaDB's blobs are bytes; Django's MySQLdb tells them from texts by a flag that it passes over",
    ("IntegerField", "SmallIntegerField"): "MariaDB's tinyint is the smallest",
    ("IntegerField", "PositiveSmallIntegerField"): "so is tinyint unsigned",
    ("PositiveIntegerField", "PositiveSmallIntegerField"): "so is tinyint unsigned",
    ("AutoField", "BigAutoField"): "SQLite's key of type bigint",
    ("AutoField", "SmallAutoField"): "a key of type tinyint or smallint",
    ("ForeignKey", "OneToOneField"): "the first part of a key of several columns stands for it",
    ("TextField", "DateTimeField"): "SQLite's timestamp",
    ("TextField", "CharField"): "SQLite's nvarchar",
    ("TextField", "DecimalField"): "SQLite's numeric",
    ("BigAutoField", "BigIntegerField"): "only the key of a model may be counted up",
    ("JSONField", "CharField"): "Django takes another check of a MariaDB column for that of a JSONField",
}
DJANGO = """
import re, sys
sys.path.insert(0, %r)
import migrations_in_django
from django.core.management import call_command
call_command("inspectdb", *sys.argv[1:])
"""


class Recorder:
    """`models` for what inspectdb prints: fields as tuples of their class and options."""

    class Model:
        pass

    DO_NOTHING = "DO_NOTHING"

    def __getattr__(self, name):
        return lambda *args, **options: (name, [getattr(one, "__name__", one) for one in args], options)


def djangos(url, *arguments):
    """{table: {column: (type, options)}}"""
    env = {"DATABASE_URL": url, "PYTHONPATH": str(HERE.parent / "support")}
    text = school.checked(school.run([school.venv(), "-c", DJANGO % str(HERE), *arguments], env, school.scratch()))
    text = re.sub(r"(?m)^from django.*$", "", text)
    space = {"models": Recorder()}
    exec(text, space)  # noqa: S102
    models = {value.__name__: value for value in space.values() if isinstance(value, type)}
    tables = {name: model.Meta.db_table for name, model in models.items()}
    return {table: dict(fields_of(models[name], {**tables, "self": table})) for name, table in tables.items()}


def fields_of(model, tables):
    keyed = any(isinstance(value, tuple) and (value[2].get("primary_key") or value[0] == "CompositePrimaryKey")
                for value in vars(model).values())
    if not keyed:
        yield "id", ("AutoField", {"primary_key": True})
    for name, value in vars(model).items():
        if not isinstance(value, tuple) or value[0] == "CompositePrimaryKey":
            continue
        kind, args, options = value
        relation = kind in ("ForeignKey", "OneToOneField")
        if relation:
            options["to"] = tables[args[0]]
        yield options.pop("db_column", f"{name}_id" if relation else name), (kind, options)


OURS = re.compile(r"^        (\w+)\((\w+), (\w+)(?:, models_\w+\(.*?\))?(?:, (\w+))?((?:, \.\w+ = .*)?)\),$", re.M)
OPTION = re.compile(r'\.(\w+) = ("(?:[^"\\]|\\.)*"|\w+)')


def table_of(block):
    named = re.search(r'\.db_table = "((?:[^"\\]|\\.)*)"', block)
    if named:
        return named[1]
    return "_".join(re.search(r'MODEL_AS\(\w+, "(\w+)"\), .app_label = "(\w+)"', block).groups()[::-1]).lower()


def ours(url, *arguments):
    text = school.checked(test_inspectdb.nuages(school.scratch(), "inspectdb", "--database", url, *arguments))
    blocks = {table_of(block): block for block in text.split("const nu_model ")[1:]}
    tables = {block.split("_model")[0]: table for table, block in blocks.items()}
    tables |= {"nu_user": "auth_user", "nu_content_type": "django_content_type", "nu_group": "auth_group", "nu_permission": "auth_permission"}
    found = {}
    for table, block in blocks.items():
        found[table] = {}
        for kind, _, name, to, rest in OURS.findall(block.split(".fields = {")[1]):
            options = {key: eval(value, {"true": True}, {}) if value[0] in '"t' or value.isdigit() else value  # noqa: S307
                       for key, value in OPTION.findall(rest)}
            if to:
                options["to"] = tables[to]
            found[table][options.pop("db_column", f"{name}_id" if to else name)] = (kind, options)
    return found


COMPARED = ("max_length", "max_digits", "decimal_places", "null", "unique", "primary_key", "db_comment", "db_collation", "to")


# SQLite's types in capitals say nothing to Django, and a key is null where no one wrote NOT NULL.
ONLY_SMALL = ("max_length", "max_digits", "decimal_places", "null")


def differences(want, got, keys, capitals):
    for table, columns in want.items():
        if table not in got:
            yield f"{table} is missing"
            continue
        for column, (kind, options) in columns.items():
            mine, given = got[table].get(column, (None, {}))
            if kind != mine and (kind, mine) not in GUESSED_BETTER:
                yield f"{table}.{column}: {kind}, ours {mine}"
            for option in COMPARED if (kind, mine) not in GUESSED_BETTER else ():
                a, b = options.get(option) or None, given.get(option)  # ours does not write 0
                if a != b and not (option in ("primary_key", "null", "unique") and (table, column) in keys) and (
                        not capitals or option not in ONLY_SMALL):
                    yield f"{table}.{column}: {option}={a!r}, ours {b!r}"


def parts_of_keys(got):
    """Columns that stand for a key of several, or for one that is not there."""
    return {(table, column) for table, columns in got.items() for column, (_, options) in columns.items() if options.get("primary_key")}


def compare(url, *arguments, capitals=False):
    want, got = djangos(url, *arguments), ours(url, *arguments)
    own = [table for table in want if table.startswith(("auth_", "django_"))]  # models that Nuages has already
    want = {table: columns for table, columns in want.items() if table not in own}
    several = parts_of_keys(got) - {(table, column) for table, columns in want.items() for column, (_, options) in columns.items()
                                    if options.get("primary_key")}
    differ = list(differences(want, got, several, capitals))
    assert want and not differ, "\n".join(differ)


# Those whose names Django makes a class of.
NORTHWIND = ("Categories", "Customers", "Orders", "Products", "Region", "profile")


def shapes(name, first):
    capitals = name == "sqlite"
    compare(test_inspectdb.of_script(name, first), capitals=capitals)
    compare(test_inspectdb.of_script(name, "chinook.sql"), capitals=capitals)
    compare(test_inspectdb.of_script(name, "northwind.sql"), *NORTHWIND, capitals=capitals)


def test_sqlite():
    shapes("sqlite", "sakila.sql")


def test_postgresql():
    shapes("postgresql", "pagila.sql")


def test_mariadb():
    shapes("mysql", "sakila.sql")


def made_by_django(name):
    url = test_inspectdb.opened(name).fresh()
    school.checked(test_round_trip.django(url, "migrate"))
    compare(url)


def test_what_django_made_on_sqlite():
    made_by_django("sqlite")


def test_what_django_made_on_postgresql():
    made_by_django("postgresql")


def test_what_django_made_on_mariadb():
    made_by_django("mysql")


if __name__ == "__main__":
    suite.main(globals())
