"""Expressions to run through Django and through Nuages: templates over models, fields and lookups,
and the hand-written ones of tests/data/orm/*.txt (one a line; "\\n" stands for a line break)."""
import itertools
import pathlib

DATA = pathlib.Path(__file__).resolve().parent.parent / "data/orm"

MODELS = ["Department", "Tag", "Course", "Student", "Enrollment", "Attendance", "Payment", "User", "Group",
          "Permission", "ContentType"]
# Fields by model, each with values to look up; the first is one that is there.
TEXT = {
    "Department": {"name": ["Physics", "phys", "%", "_"], "code": ["cs", "CS", "c"]},
    "Tag": {"name": ["Core", "o", "Ü"], "slug": ["lab", "L"]},
    "Course": {"title": ["Topology", "to", "Probability & Statistics"], "code": ["CS-101", "cs-", "-10"],
               "description": ["", "intro"]},
    "Student": {"roll_no": ["S0007", "s00", "1"], "first_name": ["Ada", "ada", "é"],
                "last_name": ["Kim", "O'Brien", "çelik", "al"], "email": ["s0007@school.example", "SCHOOL", "01"],
                "status": ["active", "act", "nothing"], "photo": ["", "photos/"]},
    "Enrollment": {"grade": ["A", "a", "X"]},
    "Payment": {"method": ["card", "CARD", "c"]},
    "User": {"username": ["ada", "ADA", "a"], "first_name": ["Ada", "", "a"], "email": ["", "school"]},
    "Group": {"name": ["Teachers", "registrar", "e"]},
    "Permission": {"codename": ["add_student", "add", "_"], "name": ["Can add student", "can"]},
    "ContentType": {"app_label": ["registry", "AUTH"], "model": ["student", "s"]},
}
ELSEWHERE = ("User",)  # rows of apps that the school in C does not have refer to them
CHOICES = ("grade",)  # an int is an enumerator to C, and text to Django
NUMBERS = {
    "Department": {"id": ["1", "2", "99"]},
    "Course": {"id": ["3", "'3'", "3.5"], "credits": ["5", "'4'", "5.5", "Decimal('5')"],
               "fee": ["Decimal('199.00')", "'199'", "300", "398.0"]},
    "Student": {"id": ["7", "'7'", "0"], "gpa": ["Decimal('1.85')", "'1.85'", "2", "1.85"]},
    "Payment": {"amount": ["Decimal('50.25')", "100", "'402.00'"]},
}
DATES = {
    "Course": {"starts_on": ["date(2024, 9, 9)", "'2024-09-09'", "datetime(2024, 9, 9, 12, 0, tzinfo=UTC)"]},
    "Student": {"date_of_birth": ["date(1998, 1, 1)", "'2000-01-01'"]},
    "Enrollment": {"enrolled_on": ["date(2024, 2, 1)", "'2024-03-05'"]},
    "Attendance": {"date": ["date(2024, 3, 1)", "'2024-03-04'"]},
}
TIMES = {
    "Student": {"created_at": ["datetime(2024, 1, 2, 9, 1, tzinfo=UTC)", "'2024-02-01T00:00:00Z'",
                               "date(2024, 3, 1)"],
                "updated_at": ["datetime(2024, 1, 3, tzinfo=UTC)"]},
    "Payment": {"paid_at": ["datetime(2024, 1, 10, tzinfo=ZoneInfo('Asia/Tokyo'))", "'2024-02-01 10:00'"]},
}
TEXT_LOOKUPS = ["exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "gt",
                "gte", "lt", "lte", "regex", "iregex", "lower", "length__gt", "lower__contains", "length", "nothing"]
ORDER_LOOKUPS = ["exact", "gt", "gte", "lt", "lte"]
ODD_NUMBER_LOOKUPS = ["contains", "startswith", "iexact", "icontains", "endswith", "regex", "year", "nothing"]
DATE_PARTS = {"year": [2024, 1998, "'2024'"], "month": [9, 1], "day": [1, 9], "week": [1, 37], "week_day": [1, 2, 7],
              "iso_week_day": [1, 7], "quarter": [1, 3], "iso_year": [2024, 1997]}
TIME_PARTS = {"hour": [9, 0], "minute": [30, 1], "second": [0, 1]}
RELATIONS = {
    "Course": {"department": "Department", "tags": "Tag", "students": "Student", "enrollments": "Enrollment"},
    "Department": {"courses": "Course"},
    "Tag": {"courses": "Course"},
    "Student": {"courses": "Course", "enrollments": "Enrollment", "payments": "Payment", "user": "User"},
    "Enrollment": {"student": "Student", "course": "Course", "attendance": "Attendance"},
    "Attendance": {"enrollment": "Enrollment"},
    "Payment": {"student": "Student"},
    "User": {"student": "Student", "groups": "Group", "user_permissions": "Permission"},
    "Group": {"user": "User", "permissions": "Permission"},
    "Permission": {"group": "Group", "user": "User", "content_type": "ContentType"},
    "ContentType": {"permission": "Permission"},
}
FIELD_OF = {"Department": "code", "Tag": "slug", "Course": "credits", "Student": "gpa", "Enrollment": "grade",
            "Attendance": "present", "Payment": "amount", "User": "username", "Group": "name",
            "Permission": "codename", "ContentType": "model"}
AGGREGATES = ["Count", "Sum", "Avg", "Min", "Max", "StdDev", "Variance"]
TEXT_FUNCTIONS = ["Lower({})", "Upper({})", "Length({})", "Trim({})", "LTrim({})", "RTrim({})", "Reverse({})",
                  "Left({}, 3)", "Right({}, 2)", "Substr({}, 2)", "Substr({}, 1, 2)", "Concat({}, Value('-'), {})",
                  "Replace({}, Value('a'), Value('*'))", "Replace({}, Value('a'))", "StrIndex({}, Value('a'))",
                  "LPad({}, 12, Value('.'))", "RPad({}, 12)", "Repeat({}, 2)", "Ord({})", "MD5({})", "SHA1({})",
                  "SHA224({})", "SHA256({})", "SHA384({})", "SHA512({})", "Coalesce({}, Value('?'))",
                  "NullIf({}, Value('Kim'))", "Greatest({}, Value('K'))", "Least({}, Value('K'))", "Cast({}, TextField())",
                  "Cast({}, CharField(max_length=2))", "Cast({}, IntegerField())", "Collate({}, 'nocase')",
                  "Collate({}, 'bad name')", "Left({}, 0)", "Substr({}, 0)", "LPad({}, -1)"]
NUMBER_FUNCTIONS = ["Abs({})", "Ceil({})", "Floor({})", "Round({})", "Round({}, 1)", "Round({}, precision=-1)", "Sqrt({})",
                    "Sign({})", "Exp({})", "Ln({})", "Log(2, {})", "Log(Value(10), {})", "Mod({}, 3)", "Power({}, 2)",
                    "Sin({})", "Cos({})", "Tan({})", "Cot({})", "ASin({})", "ACos({})", "ATan({})", "ATan2({}, 2)",
                    "Degrees({})", "Radians({})", "Cast({}, FloatField())", "Cast({}, IntegerField())",
                    "Cast({}, CharField())", "Cast({}, DecimalField(max_digits=8, decimal_places=1))", "Greatest({}, 3)",
                    "Least({}, Value(3))", "Coalesce({}, 0)", "NullIf({}, 5)", "NullIf({}, Value(5))", "-{}", "{} + 1",
                    "{} - 1", "{} * 2", "{} / 2", "{} % 3", "{} ** 2", "1 + {}", "10 - {}", "2 * {}", "10 / {}", "7 % {}",
                    "2 ** {}", "{}.bitand(3)", "{}.bitor(8)", "{}.bitxor(5)", "{}.bitleftshift(1)", "{}.bitrightshift(1)",
                    "{} + {}", "{} * 1.5", "{} * Decimal('1.5')", "ExpressionWrapper({} * 2, output_field=FloatField())"]
EXTRACTS = ["Year", "IsoYear", "Quarter", "Month", "Week", "WeekDay", "IsoWeekDay", "Day"]
TRUNCS = ["Year", "Quarter", "Month", "Week", "Day"]


def q(value):
    return repr(value)


def fields(table):
    for model, columns in table.items():
        for field, values in columns.items():
            yield model, field, values


def lookups():
    for model, field, values in fields(TEXT):
        for lookup, value in itertools.product(TEXT_LOOKUPS, values):
            value = len(value) if lookup.startswith("length") else value
            yield f"{model}.objects.filter({field}__{lookup}={q(value)}).count()"
        yield f"{model}.objects.exclude({field}={q(values[0])}).values_list('pk', {field!r})"
        yield f"{model}.objects.filter({field}__in={values!r})"
        yield f"{model}.objects.exclude({field}__in={values!r}).count()"
        yield f"{model}.objects.filter({field}__range=({values[0]!r}, 'z')).count()"
        yield f"{model}.objects.filter({field}=None).count()"
        yield f"{model}.objects.filter({field}__isnull=False).count()"
        yield f"{model}.objects.filter({field}__isnull='x').count()"
        yield f"{model}.objects.filter({field}__gt=None)"
        if field not in CHOICES:
            yield f"{model}.objects.filter({field}=5).count()"
        yield f"{model}.objects.filter({field}__in=5)"
        yield f"{model}.objects.filter({field}__startswith=F({field!r})).count()"
        yield f"{model}.objects.order_by({field!r}, 'pk').values_list({field!r}, flat=True)"
    for model, field, values in itertools.chain(fields(NUMBERS), fields(DATES), fields(TIMES)):
        for lookup, value in itertools.product(ORDER_LOOKUPS, values):
            yield f"{model}.objects.filter({field}__{lookup}={value}).values_list('pk', {field!r})"
        for lookup in ODD_NUMBER_LOOKUPS:
            yield f"{model}.objects.filter({field}__{lookup}='1').count()"
        yield f"{model}.objects.exclude({field}__gte={values[0]}).count()"
        yield f"{model}.objects.filter({field}__in=[{', '.join(values)}])"
        yield f"{model}.objects.filter({field}__range=[{values[0]}, {values[-1]}]).count()"
        yield f"{model}.objects.filter({field}='text')"
        yield f"{model}.objects.filter({field}__gt='text')"
        yield f"{model}.objects.filter({field}__in=['text'])"
        yield f"{model}.objects.filter({field}=True)"
        yield f"{model}.objects.filter({field}=[1])"
        yield f"{model}.objects.filter({field}__lt=F({field!r})).count()"
        yield f"{model}.objects.filter({field}__isnull=True).count()"
        yield f"{model}.objects.order_by('-{field}', 'pk').values_list({field!r}, flat=True)[:5]"
        yield f"{model}.objects.aggregate(a=Min({field!r}), b=Max({field!r}), c=Count({field!r}, distinct=True))"


def dates():
    for model, field, values in itertools.chain(fields(DATES), fields(TIMES)):
        timed = field in TIMES.get(model, {})
        parts = DATE_PARTS | (TIME_PARTS if timed else {"hour": [1]})
        for part, numbers in parts.items():
            for number, more in itertools.product(numbers, ["", "__gt", "__lte"]):
                yield f"{model}.objects.filter({field}__{part}{more}={number}).count()"
            yield f"{model}.objects.filter({field}__{part}__in={[n for n in numbers if isinstance(n, int)]}).count()"
        for kind in ["year", "month", "week", "day", "hour"]:
            yield f"{model}.objects.dates({field!r}, {kind!r})"
            yield f"{model}.objects.dates({field!r}, {kind!r}, order='DESC').count()"
            yield f"{model}.objects.datetimes({field!r}, {kind!r}, order='DESC')"
        for name in EXTRACTS + (["Hour", "Minute", "Second"] if timed else ["Hour"]):
            yield f"{model}.objects.annotate(x=Extract{name}({field!r})).order_by('pk').values_list('x', flat=True)[:9]"
            yield f"{model}.objects.annotate(x=Extract({field!r}, {snake(name)!r})).order_by('pk').values_list('x', flat=True)[:3]"
        for name in TRUNCS + ["Hour"] + (["Minute", "Second", "Date", "Time"] if timed else []):
            yield f"{model}.objects.annotate(x=Trunc{name}({field!r})).order_by('pk').values_list('x', flat=True)[:9]"
        for kind in ["year", "quarter", "month", "week", "day"]:
            yield f"{model}.objects.annotate(x=Trunc({field!r}, {kind!r}, output_field=DateField())).order_by('pk').values_list('x', flat=True)[:3]"
        if timed:
            for zone, name in itertools.product(["America/New_York", "Asia/Kolkata"], ["Hour", "Day", "Month"]):
                yield f"{model}.objects.annotate(x=Trunc{name}({field!r}, tzinfo=ZoneInfo({zone!r}))).order_by('pk').values_list('x', flat=True)[:3]"
                yield f"{model}.objects.annotate(x=Extract{name}({field!r}, tzinfo=ZoneInfo({zone!r}))).order_by('pk').values_list('x', flat=True)[:3]"
            yield f"{model}.objects.filter({field}__date={values[0]}.date()).count()"
            yield f"{model}.objects.filter({field}__date__gt='2024-03-01').count()"
            yield f"{model}.objects.filter({field}__time__gte=time(9, 0)).count()"
        yield f"{model}.objects.annotate(x=F({field!r}) + timedelta(days=1, hours=2)).order_by('pk').values_list('x', flat=True)[:3]"
        yield f"{model}.objects.annotate(x=F({field!r}) - timedelta(days=1)).order_by('pk').values_list('x', flat=True)[:3]"
        yield f"{model}.objects.annotate(x=F({field!r}) - F({field!r})).order_by('pk').values_list('x', flat=True)[:3]"
        yield f"{model}.objects.latest({field!r}, 'pk')"
        yield f"{model}.objects.earliest('-{field}', 'pk')"


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name).strip("_")


def functions():
    for model, field in [("Student", "last_name"), ("Course", "title"), ("Enrollment", "grade"), ("User", "username")]:
        for template in TEXT_FUNCTIONS:
            call = template.format(*[q(field)] * template.count("{}"))
            yield f"{model}.objects.annotate(x={call}).order_by('pk').values_list('x', flat=True)[:4]"
    for model, field in [("Student", "gpa"), ("Course", "credits"), ("Course", "fee"), ("Payment", "amount"), ("Tag", "id")]:
        for template in NUMBER_FUNCTIONS:
            call = template.format(*[f"F({field!r})"] * template.count("{}"))
            yield f"{model}.objects.annotate(x={call}).order_by('pk').values_list('x', flat=True)[:4]"


def aggregates():
    for model, field in [("Student", "gpa"), ("Course", "credits"), ("Course", "fee"), ("Payment", "amount"),
                         ("Enrollment", "grade"), ("Payment", "paid_at"), ("Attendance", "present"),
                         ("Student", "last_name"), ("Course", "starts_on"), ("User", "is_staff")]:
        for name in AGGREGATES:
            yield f"{model}.objects.aggregate({name}({field!r}))"
            yield f"{model}.objects.aggregate(x={name}({field!r}, distinct=True))"
            yield f"{model}.objects.aggregate(x={name}({field!r}, filter=Q(pk__gt=5)))"
            yield f"{model}.objects.aggregate(x={name}({field!r}, default=0))"
            yield f"{model}.objects.none().aggregate(x={name}({field!r}))"
            yield f"{model}.objects.order_by('pk')[:3].aggregate(x={name}({field!r}))"
            yield f"{model}.objects.values({field!r}).annotate(x={name}('pk')).order_by({field!r})"
    for model, relations in RELATIONS.items():
        for name, other in relations.items():
            field = FIELD_OF[other]
            for aggregate in ["Count", "Min", "Max"]:
                yield f"{model}.objects.annotate(x={aggregate}('{name}__{field}')).values_list('pk', 'x')"
            yield f"{model}.objects.annotate(x=Count({name!r}, distinct=True)).filter(x__gt=1).values_list('pk', 'x')"
            yield f"{model}.objects.annotate(x=Count({name!r}, filter=Q({name}__pk__lt=4))).order_by('-x', 'pk').values_list('pk', 'x')"
            yield f"{model}.objects.annotate(x=Count({name!r})).aggregate(Sum('x'), Max('x'))"
            yield f"{model}.objects.values({name!r}).annotate(n=Count('pk')).order_by('n', {name!r})"
            yield f"{model}.objects.values('{name}__{field}').annotate(n=Count('pk')).order_by('n', '{name}__{field}')"


def relations():
    for model, names in RELATIONS.items():
        for name, other in names.items():
            field = FIELD_OF[other]
            yield f"{model}.objects.filter({name}=1).count()"
            yield f"{model}.objects.filter({name}__pk__in=[1, 2]).distinct().count()"
            yield f"{model}.objects.filter({name}__in=[1, 2, None]).count()"
            yield f"{model}.objects.filter({name}__in={other}.objects.filter(pk__lt=3)).count()"
            yield f"{model}.objects.filter({name}__isnull=True).count()"
            yield f"{model}.objects.filter({name}=None).count()"
            yield f"{model}.objects.exclude({name}=1).count()"
            yield f"{model}.objects.exclude({name}__isnull=True).count()"
            yield f"{model}.objects.exclude({name}__{field}=None).count()"
            yield f"{model}.objects.exclude(Q({name}__pk=1) | Q(pk=2)).count()"
            yield f"{model}.objects.filter({name}__pk__gt=1, {name}__pk__lt=4).count()"
            yield f"{model}.objects.filter({name}__pk__gt=1).filter({name}__pk__lt=4).count()"
            yield f"{model}.objects.filter(~Q({name}__pk__gt=1)).count()"
            yield f"{model}.objects.filter({name}__nothing=1)"
            yield f"{model}.objects.filter({name}__{field}__nothing=1)"
            yield f"{model}.objects.filter({name}='x')"
            yield f"{model}.objects.filter({name}={other}.objects.order_by('pk').first()).count()"
            yield f"{model}.objects.filter({name}={model}.objects.order_by('pk').first()).count()"
            yield f"{model}.objects.filter({name}={other}()).count()"
            yield f"{model}.objects.filter({name}__gt=1).count()"
            yield f"{model}.objects.filter({name}__contains=1).count()"
            yield f"{model}.objects.order_by({name!r}, 'pk').values_list('pk', {name!r})[:7]"
            yield f"{model}.objects.order_by('-{name}__{field}', 'pk', '{name}__pk').values('pk', '{name}__{field}')[:7]"
            yield f"{model}.objects.select_related({name!r}).order_by('pk')[:2]"
            yield f"{model}.objects.prefetch_related({name!r}).order_by('pk')[:2]"
            yield f"{model}.objects.filter(Exists({other}.objects.filter({reverse_of(model, name)}=OuterRef('pk'), pk__lt=3))).count()"
            yield f"{model}.objects.annotate(x=Subquery({other}.objects.filter({reverse_of(model, name)}=OuterRef('pk')).order_by('pk').values({field!r})[:1])).order_by('pk').values_list('x', flat=True)[:5]"
            yield f"{model}.objects.filter(pk__in={other}.objects.filter({reverse_of(model, name)}__isnull=False).values({reverse_of(model, name)!r})).count()"


def reverse_of(model, name):
    other = RELATIONS[model][name]
    found = [back for back, target in RELATIONS[other].items() if target == model]
    if (model, name) == ("User", "groups"):
        return "user"
    return found[0]


def getters():
    for model in MODELS:
        for call in ["count()", "exists()", "first()", "last()", "order_by('pk').first()", "order_by('-pk').last()", "none()",
                     "none().count()", "none().first()", "none().exists()", "all()[:3]", "all()[1:3]", "all()[::2]", "all()[1:9:3]",
                     "all()[0]", "all()[9999]", "all()[-1]", "all()[:-1]", "all()['a']", "get(pk=1)", "get(pk=9999)", "get()",
                     "get(pk__lt=3)", "in_bulk([1, 2])", "in_bulk([])", "in_bulk([9999])", "values().order_by('pk').first()",
                     "values_list().order_by('pk')[0]", "values_list('pk', flat=True)", "values_list('pk', 'id', flat=True)",
                     "values_list(flat=True)", "values('nothing')", "values_list('pk', named=True).order_by('pk')[:2]",
                     "values_list('pk', named=True, flat=True)", "only('pk').order_by('pk')[:2]",
                     "only('nothing')", "defer('nothing').order_by('pk')[:2]", "latest()", "earliest('pk')", "latest('-pk')", "latest('nothing')",
                     "order_by('?').count()", "order_by('nothing')", "order_by('pk').reverse()[:2]", "reverse()[:2]",
                     "distinct().count()", "order_by('pk').ordered", "all().ordered", "order_by().ordered", "db", "model",
                     "model.__name__", "filter(pk__gt=1).filter(pk__lt=4).count()", "exclude(pk__gt=3)",
                     "exclude(pk__gt=1, pk__lt=4).count()", "filter(Q(pk=1) | Q(pk=2))", "complex_filter({'pk': 1})",
                     "complex_filter(Q(pk=2))", "filter(pk=1).contains(objects.get(pk=1))", "iterator(0)", "using('default').count()",
                     "using('nothing').count()", "select_related().order_by('pk')[:1]", "select_for_update().get(pk=1)",
                     "extra(where=['id = 2'])", "raw('SELECT * FROM nothing')[0]", "filter(nothing=1)", "nothing()", "filter(1)",
                     "filter('pk')", "get(nothing=1)", "aggregate(Count('pk'), Max('pk'))", "aggregate(1)", "annotate(1)",
                     "annotate(id=Count('pk'))", "annotate(x=1)", "annotate(x=Value(1)).values_list('x', flat=True).order_by('pk')[:2]",
                     "annotate(x=F('pk') * 2).filter(x=4)", "alias(x=F('pk') + 1).filter(x__lt=4)", "alias(x=F('pk')).values('x')",
                     "dates('pk', 'year')", "order_by('pk')[:3].reverse()", "all()[:3].count()", "all()[2:].exists()", "all()[:3].first()",
                     "all()[:3].last()", "all()[:3].get(pk=1)", "all()[:2].filter(pk=1)", "all()[:2].order_by('pk')", "all()[:2].distinct()",
                     "all()[:2].update(pk=1)", "all()[:2].delete()", "all()[:5][1:3]", "all()[2:5][:1]", "all()[2:5][1]",
                     "filter(pk__in=[1, 2]).union(objects.filter(pk=3)).count()", "order_by().filter(pk=1).union(objects.order_by().filter(pk=2))",
                     "order_by().filter(pk__lt=3).difference(objects.order_by().filter(pk=2))",
                     "order_by().filter(pk__lt=3).intersection(objects.order_by().filter(pk=2)).values_list('pk')"]:
            area = "write" if "delete" in call or "update(" in call else "read"
            yield area, f"{model}.objects.{call.replace('(objects.', f'({model}.objects.')}"
        for expression in ["str({m}.objects.all().query)", "str({m}.objects.filter(pk=1).query)", "repr({m}.objects.order_by('pk')[:2])",
                           "len({m}.objects.all())", "bool({m}.objects.all())", "bool({m}.objects.none())", "list({m}.objects.order_by('pk')[:2])",
                           "[x.pk for x in {m}.objects.order_by('pk')[:3]]", "str({m}.objects.order_by('pk').first())",
                           "repr({m}.objects.order_by('pk').first())", "{m}.objects.get(pk=1) in {m}.objects.all()",
                           "{m}.objects.get(pk=1) == {m}.objects.get(pk=1)", "hash({m}(pk=3)) == hash({m}(pk=3))", "hash({m}())",
                           "{m}() == {m}()", "{m}(pk=1) == {m}(pk=1)", "{m}(nothing=1)", "{m}(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)",
                           "{m}._meta.label", "{m}._meta.verbose_name", "str({m}._meta.verbose_name_plural)", "{m}._meta.db_table",
                           "[f.name for f in {m}._meta.fields]", "{m}._meta.pk.name", "{m}._meta.ordering", "{m}._meta.model_name",
                           "{m}._meta.get_field('nothing')", "{m}._meta.get_field('id').name", "{m}().pk", "{m}().nothing",
                           "{m}.nothing", "{m}.DoesNotExist.__name__", "{m}.objects.get(pk=1).get_deferred_fields()",
                           "{m}.objects.only('pk').get(pk=1).get_deferred_fields()", "{m}.__name__", "{m}()._state.adding",
                           "{m}.objects.get(pk=1)._state.adding", "{m}.objects.get(pk=1)._state.db", "{m}.objects.filter(pk=1) | {m}.objects.filter(pk=2)",
                           "{m}.objects.filter(pk__lt=4) & {m}.objects.filter(pk__gt=1)", "{m}.objects.filter(pk__lt=4) ^ {m}.objects.filter(pk__gt=2, pk__lt=6)",
                           "{m}.objects.all() | 5", "{m}.objects.none() | {m}.objects.filter(pk=1)", "{m}.objects.all()[:1] | {m}.objects.all()",
                           "isinstance({m}.objects.get(pk=1), {m})", "{m}.objects.get(pk=1).serializable_value('pk')", "{m}().full_clean()",
                           "{m}().clean_fields()", "{m}().validate_unique()", "{m}().validate_constraints()", "{m}.objects.create()",
                           "{m}().delete()", "{m}().save(force_insert=True, force_update=True)", "{m}.objects.get(pk=1).refresh_from_db()",
                           "{m}.objects.get(pk=1).save(update_fields=['nothing'])", "{m}.objects.get(pk=1).save(update_fields=[])",
                           "{m}.objects.get(pk=1).delete()", "{m}.objects.filter(pk__lt=3).delete()", "{m}.objects.all().delete()",
                           "{m}.objects.get_or_create(pk=1)[1]", "{m}.objects.get_or_create(nothing=1)", "{m}.objects.update(nothing=1)",
                           "{m}.objects.update(pk=1)", "{m}.objects.filter(pk=1).update()", "{m}.objects.bulk_create([])",
                           "{m}.objects.bulk_update([], ['id'])", "{m}.objects.bulk_update([{m}()], [])", "{m}.objects.bulk_update([{m}(pk=1)], ['nothing'])",
                           "{m}.objects.bulk_create([{m}()], batch_size=-1)", "{m}.objects.delete()", "{m}.objects.values('pk').delete()",
                           "{m}(pk=1).save(force_update=True)", "{m}(pk=9999).save(force_update=True)", "{m}.objects.get(pk=1).save(); result = {m}.objects.count()",
                           "x = {m}.objects.order_by('pk').first(); x.pk = None; x.pk", "x = {m}.objects.get(pk=2); x.delete(); x.pk"]:
            writes = any(word in expression for word in ("delete", "save", "create", "update"))
            if "delete()" not in expression or model not in ELSEWHERE:
                yield "write" if writes else "read", expression.format(m=model)


def described_lines():
    """(area, expression) of the hand-written files; those named write*.txt write."""
    for path in sorted(DATA.glob("*.txt")):
        for line in path.read_text().splitlines():
            if line and not line.startswith("#"):
                yield "write" if path.name.startswith("write") else "read", line.replace("\\n", "\n")


def cases(more=None):
    """All, and further groups of (area, expression), as rows with id, area and expression."""
    groups = {name: [("read", text) for text in make()] for name, make in
              [("lookups", lookups), ("dates", dates), ("functions", functions), ("aggregates", aggregates),
               ("relations", relations)]}
    groups["getters"], groups["lines"] = list(getters()), list(described_lines())
    groups |= more or {}
    for name, rows in groups.items():
        for number, (area, text) in enumerate(dict.fromkeys(rows), 1):
            yield {"id": f"{area}.{name}.{number}", "area": area, "expression": text}
