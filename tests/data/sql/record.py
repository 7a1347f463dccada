#!/usr/bin/env python3
"""Record the SQL that Django makes for the expressions of cases.txt.

    python3 tests/data/sql/record.py PROJECT < tests/data/sql/cases.txt > tests/data/sql/sqlite.txt

PROJECT is the folder of the school as a Django project: its models are those of
tests/unit/models/school.h. A line gives a name and the SQL, with %s for parameters and the
parameters as JSON behind it. An expression that begins with @ is run on an empty database with
one row of each model, and its last statement taken.
"""
import json
import os
import re
import sys

sys.path.insert(0, sys.argv[1])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings")
os.environ["SCHOOL_DB"] = ":memory:"

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
django.setup()

from datetime import date, datetime, time, timedelta, timezone  # noqa: E402
from decimal import Decimal  # noqa: E402
from zoneinfo import ZoneInfo  # noqa: E402

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
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


def plain(value):
    if isinstance(value, (int, float, str, type(None))):
        return value
    return str(value)


def main():
    call_command("migrate", verbosity=0)
    seed()
    for line in sys.stdin:
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        name, expression = line.split("\t")
        spy = Spy()
        with connection.execute_wrapper(spy):
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
        sql, params = spy.last
        sql = sql.replace("%%", "%").replace("\\", "\\\\")
        sql = re.sub(r"IN \('\w+','\w+','\w+'\)", "IN ('false','null','true')", sql)  # a set, in any order
        params = json.dumps([plain(p) for p in params or ()], ensure_ascii=False).replace("\\", "\\\\")
        print(f"{name}\t{sql}\t{params}".replace("\n", "\\n"))


main()
