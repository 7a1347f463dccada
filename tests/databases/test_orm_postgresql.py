"""Query code on PostgreSQL through Django and through `manage shell`: the recorded expressions and a
part of the generated ones give the same result, error and no more queries.

    --all runs all that are generated, ORM_PART=1 to 11 other parts; ORM_WORDS="lookup join" those whose ids have one of the words
"""
import atexit
import decimal
import functools
import re

import orm_beside
import orm
import orm_expressions
import school_postgresql
import suite


# Where values of C can't be Python's: a datetime here is always an instant, so that a time without a
# zone (a date plus a duration) is one of UTC; and of a decimal that was computed as a double 15 digits
# are kept, not the double's whole binary expansion.
# And what differs for other reasons:
BEYOND = "a decimal holds 38 digits before its exponent, and no infinity"
EXCEPTED = {
    "read.functions.166": BEYOND,
    "read.functions.267": BEYOND,
    "read.functions.322": BEYOND,
    # by their text
    """from django.db.models import Func, CharField; result = Student.objects.annotate(x=Func(F("pk"), template="(%(expressions)s || '%%')", output_field=CharField()))[0].x""":
        "a template's %% is one % in Django too, which its driver then refuses; here it is a text's %, as on SQLite",
    'Student.objects.annotate(x=Concat("first_name", Value(None), "last_name")).order_by("pk").values_list("x", flat=True)[:2]':
        "Django can't tell the type of None there; here it is a text, as on SQLite",
    'Tag.objects.annotate(x=Q(pk__in=[])).values_list("x", flat=True)': "Django gives the 0 of its SQL; here it is False, as on SQLite",
    """transaction.set_autocommit(False)
Tag.objects.create(name="a", slug="a")
transaction.rollback()
result = Tag.objects.count(), transaction.get_autocommit()
transaction.set_autocommit(True)""": "psycopg refuses that while a transaction is open; here it is committed, as on SQLite and MariaDB",
}
NAIVE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+$")
DIGITS = 15


def representable(value):
    if isinstance(value, list):
        return [representable(item) for item in value]
    if not isinstance(value, dict):
        return value
    if NAIVE.match(str(value.get("$datetime", ""))):
        return {"$datetime": value["$datetime"] + "+00:00"}
    if len(str(value.get("$decimal", "")).strip("-0.").replace(".", "")) >= DIGITS:
        return {"$decimal": format(decimal.Decimal(value["$decimal"]), f".{DIGITS}g").rstrip("0")}
    return {name: representable(item) for name, item in value.items()}


def difference(case, answer):
    told = orm.difference(case, answer)
    if not told or "result" not in case or "result" not in answer.value:
        return told
    return orm.difference(dict(case, result=representable(case["result"])),
                          answer._replace(value={"result": representable(answer.value["result"])}))


@functools.cache
def server():
    running = school_postgresql.Server()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def test_recorded_expressions_give_what_django_gives_on_postgresql():
    orm_beside.compare(server(), orm_beside.recorded(), tell=difference)


def test_generated_expressions_give_what_django_gives_on_postgresql():
    suite.need_shared()
    orm_beside.compare(server(), orm_beside.sample(list(orm_expressions.cases())), EXCEPTED, difference)


def test_expressions_of_servers_give_what_django_gives_on_postgresql():
    suite.need_shared()
    orm_beside.compare(server(), list(orm_beside.lines("servers", "postgresql")), tell=difference)


if __name__ == "__main__":
    suite.main(globals())
