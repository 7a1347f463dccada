"""Expressions whose result is not Django's, each with the reason. They are run too: one that has come to
give what Django gives must leave the list, and the list holds at most one in two hundred of all."""

MOST = 0.005

OWN_CRASH = "Django ends with an error inside of its own code; here the database's error says what is wrong"
NOT_QUERIES = "of Python's library or Django's other packages: the shell evaluates query code"
PRIVATE = "an underscored or inner name of Django's, made for its own code"

LEFT_OUT = [
    ("list(Student.objects.filter(pk__lt=3).union(Student.objects.filter(pk=5)).order_by('user__username'))", OWN_CRASH),
    ("list(Enrollment.objects.filter(pk__lt=3).union(Enrollment.objects.filter(pk=5)).order_by('student__gpa'))", OWN_CRASH),
    ("list(Enrollment.objects.filter(pk__lt=3).union(Enrollment.objects.filter(pk=5)).order_by(F('student__gpa')))", OWN_CRASH),
    ("Student.objects.update(enrollments=1)", OWN_CRASH),
    ("Student.objects.annotate(x=TruncDate('date_of_birth')).order_by('pk').values_list('x', flat=True)[:3]",
     "Django's SQLite function fails on a date; here it is its own day, as on PostgreSQL with both"),
    ("Course.objects.annotate(x=TruncDate('starts_on')).filter(x__year=2024).count()", "the same"),
    ("Student.objects.prefetch_related(Prefetch('enrollments', to_attr='first_name'))[0]",
     "Django takes the field for rows that were read and reads none; here the ValueError it means to raise"),
    ("try:\n    Department.objects.get(pk=1).delete()\nexcept ProtectedError as e:\n    result = str(e)",
     "Django's text is the tuple of its arguments; here the sentence in it"),
    ("Student.objects.all()._raw_delete('default')", PRIVATE),
    ("Student.objects.get(pk=1).courses.query_field_name", PRIVATE),
    ("Q(gpa__gt=3).check({'gpa': Decimal('3.5')})", "a condition is checked by validate_constraints(), on the instance"),
    ("Q(5)", "Django takes anything and fails when the query runs; here at once"),
    ("connection.is_usable()", "the pool may hold no handle yet: one statement asks"),
    ("with connection.cursor() as c:\n    result = connection.introspection.get_relations(c, 'registry_course')",
     "one reading of all constraints, in several PRAGMAs, serves every question"),
    ("with connection.execute_wrapper(lambda execute, *args: execute(*args)):\n    result = Tag.objects.count()",
     "statements are not run through Python's functions; connection.queries and --sql tell of them"),
    ("connection.settings_dict['CONN_MAX_AGE']", "connections live as long as they work unless an age is set"),
    ("try:\n    Tag.objects.create(name='Core', slug='q')\nexcept IntegrityError as e:\n    result = str(e.__cause__)",
     "there is no error of Python's driver behind the database's own"),
    ("seen = []\nfrom django.db.models.signals import pre_init\npre_init.connect(lambda sender, **kw: seen.append(sorted(kw)), sender=Tag, weak=False)\nTag(name='x')\nresult = seen",
     "an instance of C has no positional and named arguments to tell of"),
    ("Decimal('Infinity') > 5", "decimals are numbers of 38 digits"),
    ("Student.objects.filter(**{'address__-1': 1}).count()",
     "an item from the end, as Django 6.0 has it on SQLite; 5.2 ends with SQLite's error"),
    ("from django.urls import reverse; reverse('student-page', kwargs={'pk': 1})", NOT_QUERIES),
    ("from django.core.cache import cache; cache.get('a')", NOT_QUERIES),
    ("from django.core.paginator import Paginator; Paginator(Student.objects.order_by('pk'), 10).num_pages", NOT_QUERIES),
    ("import os", NOT_QUERIES),
    ("import sys", NOT_QUERIES),
    ("import random; random.random() < 1", NOT_QUERIES),
]


def cases():
    for number, (text, reason) in enumerate(LEFT_OUT, 1):
        area = "write" if "delete(" in text or "update(" in text else "read"
        yield {"id": f"{area}.left_out.{number}", "area": area, "expression": text, "reason": reason}
