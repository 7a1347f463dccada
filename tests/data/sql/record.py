#!/usr/bin/env python3
"""Record the SQL that Django makes for the expressions of cases.txt.

    python3 tests/data/sql/record.py PROJECT < tests/data/sql/cases.txt > tests/data/sql/sqlite.txt

PROJECT is the folder of the school as a Django project: its models are those of
tests/unit/models/school.h. A line gives a name and the SQL, with %s for parameters and the
parameters as JSON behind it; or, where that raises, "!", the class of the error and its message. An expression that begins
with @ is run on an empty database with one row of each model, and its last statement taken.

For postgresql.txt and mysql.txt SCHOOL_DB_ENGINE, SCHOOL_DB_HOST and the like name an empty database of a
server, as the project's settings read them: tests/databases/test_units.py --record does all three.
"""
import json
import os
import re
import sys

sys.path.insert(0, sys.argv[1])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

if "SCHOOL_DB_ENGINE" not in os.environ:
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
django.setup()

from datetime import date, datetime, time, timedelta, timezone  # noqa: E402
from decimal import Decimal  # noqa: E402
from zoneinfo import ZoneInfo  # noqa: E402

from django.contrib.auth.models import User  # noqa: E402
from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import Error, connection  # noqa: E402
from django.db.models import *  # noqa: E402,F403
from django.db.models.expressions import RawSQL  # noqa: E402
from django.db.models.fields.json import KT  # noqa: E402
from django.db.models.functions import *  # noqa: E402,F403
from django.db.models.lookups import *  # noqa: E402,F403
from django.test.utils import CaptureQueriesContext  # noqa: E402
from registry.models import *  # noqa: E402,F403


class Spy:
    """Keeps what goes to the cursor, before parameters are put in."""

    def __init__(self):
        self.last = None

    def __call__(self, execute, sql, params, many, context):
        if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK", sql):
            self.last = (sql, params)
        return execute(sql, params, many, context)


def seed():
    department = Department.objects.create(pk=1, name="Computing", code="cs")
    tag = Tag.objects.create(pk=1, name="Core", slug="core")
    course = Course.objects.create(pk=1, title="Logic", code="CS-101", credits=3, department=department)
    Course.objects.create(pk=2, title="Sets", code="CS-102", credits=4, department=department)
    course.tags.add(tag)
    student = Student.objects.create(pk=1, roll_no="S1", first_name="Ada", last_name="L", email="a@b.cd")
    enrollment = Enrollment.objects.create(student=student, course=course, enrolled_on=date(2024, 1, 1))
    Attendance.objects.create(enrollment=enrollment, date=date(2024, 1, 2))
    Payment.objects.create(student=student, amount=1, method="cash", paid_at=datetime(2024, 1, 1, tzinfo=timezone.utc))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(sql)


def plain(value):
    if isinstance(value, (int, float, str, type(None))):
        return value
    if isinstance(value, timedelta) and connection.vendor == "postgresql":
        return value // timedelta(microseconds=1)
    if type(value).__name__ == "Jsonb":
        return json.dumps(value.obj)
    return str(value)


def run(expression):
    if expression.startswith("@"):
        try:
            connection.ensure_connection()
            connection.set_autocommit(False)
            eval(expression[1:])
        finally:
            connection.rollback()
            connection.set_autocommit(True)
    else:
        list(eval(expression))


# What stands in our statements itself: a zone and a part of a date have few values, and a statement that is
# prepared could not see that two such parameters are the same in SELECT and GROUP BY.
WORDS = re.compile(r"(?<=AT TIME ZONE )%s|(?<=DATE_TRUNC\()%s")


def with_words(sql, params):
    params, kept = list(params or ()), []
    for found in re.finditer(r"%s", sql):
        word = WORDS.match(sql, found.start())
        value = params.pop(0)
        kept += [f"'{value}'" if word else "%s"]
        if not word:
            params.append(value)
    pieces = sql.split("%s")
    return "".join(a + b for a, b in zip(pieces, kept + [""])), params


def told(expression):
    spy = Spy()
    try:
        with connection.execute_wrapper(spy):
            run(expression)
    except Error as error:
        return f"!{type(error).__name__}\t{error}"
    sql, params = with_words(*spy.last)
    sql = sql.replace("%%", "%").replace("\\", "\\\\")
    sql = re.sub(r"IN \('\w+','\w+','\w+'\)", "IN ('false','null','true')", sql)  # a set, in any order
    params = json.dumps([plain(p) for p in params], ensure_ascii=False).replace("\\", "\\\\")
    return f"{sql}\t{params}"


def main():
    call_command("migrate", verbosity=0)
    seed()
    for line in sys.stdin:
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            name, expression = line.split("\t")
            print(f"{name}\t{told(expression)}".replace("\n", "\\n"))


main()
