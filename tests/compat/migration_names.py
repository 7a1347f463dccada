"""Changes of models whose tables, columns, indexes, constraints and sequences have names longer than a database takes."""
from django.db import models

from migration_changes import char, fk, m2m, model, number

# With the app's name before it, more than the 64 characters of MariaDB and the 63 bytes of PostgreSQL.
LONG = "AnUncommonlyLongNameOfAModelThatNobodyInHisRightMindWouldEverChooseForATable"
OTHER = LONG.replace("Uncommonly", "Unusually")
COLUMN = "a_column_whose_name_nearly_fills_all_that_a_database_takes"
SCRIPT = "größenangabe_für_übermäßig_große_bücher_und_außergewöhnliches"


def long(*more, name=LONG, **options):
    return model("a", name, ("name", char()), *more, **options)


def book(*more, **options):
    return model("a", "Book", ("title", char()), *more, **options)


PAIR = {"unique_together": {("name", COLUMN)}}
NAMED = {"indexes": [models.Index(fields=["name"], name="i" * 30)],
         "constraints": [models.CheckConstraint(condition=models.Q(**{COLUMN + "__gte": 0}), name="c" * 60),
                         models.UniqueConstraint(fields=["name", COLUMN], name="u" * 63)]}

SCENARIOS = {f"long names: {name}": given for name, given in {
    "a model": ([], [long((COLUMN, number(db_index=True)))]),
    "a model of unique and referring columns": ([], [long((COLUMN, char(unique=True))), book(("of", fk("a." + LONG)))]),
    "many to many": ([], [long(), book((COLUMN, m2m("a." + LONG)))]),
    "many to many of itself": ([], [long((COLUMN, m2m("a." + LONG)))]),
    "a column": ([long()], [long((COLUMN, number(default=1, db_index=True)))]),
    "a column of other letters": ([long()], [long((SCRIPT, char(default="x", unique=True)))]),
    "a column is gone": ([long((COLUMN, number(unique=True)))], [long()]),
    "unique together": ([long((COLUMN, number()))], [long((COLUMN, number()), **PAIR)]),
    "no more unique together": ([long((COLUMN, number()), **PAIR)], [long((COLUMN, number()))]),
    "becomes unique": ([long((COLUMN, number()))], [long((COLUMN, number(unique=True)))]),
    "is unique no more": ([long((COLUMN, number(unique=True)))], [long((COLUMN, number()))]),
    "an index": ([long((COLUMN, number()))], [long((COLUMN, number(db_index=True)))]),
    "no index": ([long((COLUMN, number(db_index=True)))], [long((COLUMN, number()))]),
    "named ones": ([long((COLUMN, number()))], [long((COLUMN, number()), **NAMED)]),
    "a check": ([long((COLUMN, number()))], [long((COLUMN, models.PositiveIntegerField()))]),
    "a key": ([long(), book()], [long(), book((COLUMN, fk("a." + LONG, null=True)))]),
    "a key is gone": ([long(), book((COLUMN, fk("a." + LONG)))], [long(), book()]),
    "a key turns elsewhere": ([long(), long(name=OTHER), book((COLUMN, fk("a." + LONG)))],
                              [long(), long(name=OTHER), book((COLUMN, fk("a." + OTHER)))]),
    "a model goes by another name": ([long((COLUMN, number(db_index=True)))], [long((COLUMN, number(db_index=True)), name=OTHER)]),
    "many to many goes by another name": ([long(), book((COLUMN, m2m("a." + LONG)))], [long(), book((COLUMN[2:], m2m("a." + LONG)))]),
    "a table of its own": ([long()], [long(db_table="t" * 60)]),
}.items()}
