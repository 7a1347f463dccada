"""Query code on MariaDB through Django and through `manage shell`: the recorded expressions and a
part of the generated ones give the same result, error and no more queries.

    --all runs all that are generated, ORM_PART=1 to 11 other parts; ORM_WORDS="lookup join" those whose ids have one of the words
"""
import atexit
import functools

import orm_beside
import orm
import orm_expressions
import school_mariadb
import suite

# Why each differs.
EXCEPTED = {
    "read.aggregates.281": "Django takes the deviation of times, a float, for a time: AttributeError; here a DataError",
    "read.aggregates.293": "the same",
} | {f"read.aggregates.{n}": "the same of sums, means and variances of times"
     for n in (253, 254, 255, 258, 260, 261, 262, 265, 283, 286, 288, 290)} | {
    "read.functions.322": "a decimal holds 38 digits",
    # by their text
    """from django.db.models import Func, CharField; result = Student.objects.annotate(x=Func(F("pk"), template="(%(expressions)s || '%%')", output_field=CharField()))[0].x""":
        "a template's %% is one % in Django too, which its driver then refuses; here it is a text's %, as on SQLite",
    'Student.objects.annotate(x=Extract("created_at", "nothing"))': "told before the server is asked, as on SQLite",
    'Course.objects.annotate(x=Value(datetime(2024, 1, 2, tzinfo=UTC))).values_list("x", flat=True)[:1]':
        "MySQLdb gives a datetime that stands in the query as text, over which Django fails; here it is a datetime",
} | {text: "MySQLdb gives a date or time that stands in the query as text; here it is a date or time" for text in (
    'Course.objects.annotate(x=Coalesce("starts_on", "starts_on", Value(date(2020, 5, 6)))).values_list("x", flat=True).order_by("pk")[:4]',
    'Course.objects.annotate(x=Value(time(1, 2, 3))).values_list("x", flat=True)[:1]',
    'Course.objects.aggregate(a=Max("starts_on", default=date(2000, 1, 1)), b=Min("starts_on", filter=Q(pk=0), default=date(2000, 1, 1)))',
    'Course.objects.annotate(x=Value(date(2024, 1, 2))).values_list("x", flat=True)[:1]',
    'Course.objects.annotate(x=Coalesce("starts_on", date(2000, 1, 1))).order_by("pk").values_list("x", flat=True)[:3]',
    'Course.objects.annotate(x=Coalesce("starts_on", Value(date(2000, 1, 1)))).order_by("pk").values_list("x", flat=True)[:3]',
)}


@functools.cache
def server():
    running = school_mariadb.Server()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def test_recorded_expressions_give_what_django_gives_on_mariadb():
    orm_beside.compare(server(), orm_beside.recorded(), EXCEPTED)


def test_generated_expressions_give_what_django_gives_on_mariadb():
    suite.need_shared()
    orm_beside.compare(server(), orm_beside.sample(list(orm_expressions.cases())), EXCEPTED)


def difference(case, answer):
    """Django counts executemany() as one query, though its driver sends one for each list; here they are two."""
    many = case["queries"] if "executemany" in case["expression"] else []
    return orm.difference(dict(case, queries=case["queries"] + many), answer)


def test_expressions_of_servers_give_what_django_gives_on_mariadb():
    suite.need_shared()
    orm_beside.compare(server(), list(orm_beside.lines("servers", "mariadb")), tell=difference)


EXPLAINED = """
Student.objects.filter(pk=1).explain()
Student.objects.filter(pk=1).explain(format="json")
Student.objects.filter(pk=1).explain(format="traditional")
Student.objects.filter(last_name="x").explain(format="text")
Student.objects.filter(pk=1).explain(analyze=True)
Student.objects.filter(pk=1).explain(analyze=False, format="json")
Student.objects.filter(pk=1).explain(analyze=True, format="json")[:20]
Student.objects.filter(pk=1).explain(format="xml")
Student.objects.filter(pk=1).explain(costs=True)
Student.objects.filter(pk=1).explain(**{"a; b": True})
Student.objects.none().explain()
"""


def test_explain_gives_what_django_gives_on_mariadb():
    suite.need_shared()
    orm_beside.compare(server(), [{"id": f"explain.{i}", "area": "explain", "expression": line}
                                  for i, line in enumerate(EXPLAINED.split("\n")[1:-1], 1)])


if __name__ == "__main__":
    suite.main(globals())
