"""Further expressions by templates: what is built of several parts. Windows and their frames, JSON,
parts of dates in expressions, sets of rows, subqueries in subqueries, related managers, writes that
meet what is there, and errors with their texts."""
import itertools

import orm_expressions_random

WINDOW_FUNCTIONS = ["RowNumber()", "Rank()", "DenseRank()", "PercentRank()", "CumeDist()", "Ntile(3)", "Ntile(0)", "Lag('credits')",
                    "Lead('credits', offset=2)", "Lag('credits', 1, 0)", "Lead('fee', default=Value(0))", "FirstValue('code')",
                    "LastValue('code')", "NthValue('code', 2)", "NthValue('code', 0)", "Lag('credits', offset=0)", "Sum('credits')",
                    "Avg('fee')", "Count('pk')", "Max('starts_on')", "Min(F('credits') * 2)", "Sum('credits', filter=Q(pk__gt=4))",
                    "Lower('title')", "Count('*')", "StdDev('credits')", "Lag(None)"]
PARTITIONS = ["", "partition_by='department'", "partition_by=[F('department__code')]", "partition_by=['department', 'credits']",
              "partition_by=F('starts_on__year')", "partition_by=[F('pk') % 2]"]
ORDERS = ["", "order_by='pk'", "order_by='-credits'", "order_by=['credits', '-pk']", "order_by=F('fee').desc(nulls_last=True)",
          "order_by=[F('credits').asc(), F('pk').desc()]", "order_by=5"]
FRAMES = ["RowRange()", "RowRange(start=None, end=0)", "RowRange(start=-1, end=1)", "RowRange(start=0)", "RowRange(start=-2, end=0)",
          "RowRange(end=2)", "RowRange(start=1, end=3)", "RowRange(start=-3, end=-1)", "RowRange(start='a')", "RowRange(start=1, end=-1)",
          "RowRange(start=-1, end=1, exclusion=WindowFrameExclusion.CURRENT_ROW)", "RowRange(exclusion=WindowFrameExclusion.GROUP)",
          "RowRange(start=-1, end=1, exclusion=WindowFrameExclusion.TIES)", "RowRange(exclusion=WindowFrameExclusion.NO_OTHERS)",
          "ValueRange()", "ValueRange(start=0, end=0)", "ValueRange(end=0)", "ValueRange(start=-1, end=1)", "ValueRange(start=1)",
          "RowRange(exclusion='x')", "5"]


def windows():
    for function, partition, order in itertools.product(WINDOW_FUNCTIONS, PARTITIONS[:3], ORDERS[1:4]):
        inside = ", ".join(part for part in (function, partition, order) if part)
        yield f"Course.objects.annotate(w=Window({inside})).order_by('pk').values_list('pk', 'w')"
    for partition, order in itertools.product(PARTITIONS, ORDERS):
        inside = ", ".join(part for part in ("RowNumber()", partition, order) if part)
        yield f"Course.objects.annotate(w=Window({inside})).order_by('pk').values_list('w', flat=True).count()"
        yield f"Course.objects.annotate(w=Window({inside.replace('RowNumber()', 'Sum(F(chr(112) + chr(107)))')})).filter(w__gt=6).values_list('pk', 'w').order_by('pk')"
    for frame, order in itertools.product(FRAMES, ["order_by='pk'", "order_by='-credits'", ""]):
        for function in ("Sum('credits')", "Count('pk')", "LastValue('pk')"):
            inside = ", ".join(part for part in (function, order, f"frame={frame}") if part)
            yield f"Course.objects.annotate(w=Window({inside})).order_by('pk').values_list('pk', 'w')[:6]"
    for text in ["filter(w=1)", "filter(w__lte=2)", "filter(Q(w=1) & Q(pk__lt=5))", "filter(Q(w=1) | Q(pk=1))", "exclude(w=1)",
                 "filter(~Q(w__gt=1))", "filter(w=F('credits'))", "order_by('-w', 'pk')", "order_by('w', 'pk')[:3]", "filter(w=1)[:2]",
                 "filter(w=1).count()", "filter(w=1).exists()", "filter(w=1).first()", "aggregate(Max('w'))", "aggregate(x=Sum('w'))",
                 "annotate(n=Count('tags')).filter(w=1).values_list('pk', 'n')", "values('w').annotate(n=Count('pk'))", "filter(w=1).update(credits=3)",
                 "filter(w__in=[1, 3])", "filter(w=1).filter(credits__gt=2)", "filter(w=1, department__code='cs')", "annotate(x=F('w') + 1).filter(x__gt=2)",
                 "annotate(x=Case(When(w=1, then=Value('a')), default=Value('b'))).values_list('pk', 'x')", "filter(w=1).values('pk', 'w')",
                 "annotate(x=Window(Sum('w')))", "filter(w=1).order_by('-pk').values_list('pk', flat=True)", "filter(w=1).delete()", "distinct().count()",
                 "filter(w=1).union(Course.objects.filter(pk=1)).count()", "filter(pk__in=Course.objects.filter(credits__gt=3)).values_list('pk', 'w')",
                 "filter(w=1).select_related('department')", "filter(w=1).in_bulk()", "filter(w=Max('credits'))", "values_list('w', flat=True).distinct()"]:
        yield f"Course.objects.annotate(w=Window(RowNumber(), partition_by='department', order_by='pk')).order_by('pk').{text}"


JSON_PATHS = ["address__city", "address__zip", "address__geo__lat", "address__lines__0", "address__nothing", "address__lines", "address__0", "address"]
JSON_LOOKUPS = ["='Paris'", "__isnull=True", "__isnull=False", "=None", "__contains='a'", "__icontains='A'", "__startswith='P'", "__in=['Paris', 'Oslo']",
                "__gt=10", "__lt='M'", "__has_key='city'", "__has_keys=['city', 'zip']", "__has_any_keys=['city', 'nothing']", "__regex='^[A-M]'",
                "__iexact='paris'", "__exact={'a': 1}", "__contained_by={}", "=1", "=True", "=[]", "={}", "__in=[]", "__in=[None]", "__range=[1, 2]",
                "=Value(None, JSONField())", "=F('first_name')", "=JSONObject(a='pk')", "__iendswith='s'"]


def json_values():
    for path, lookup in itertools.product(JSON_PATHS, JSON_LOOKUPS):
        yield f"Student.objects.filter({path}{lookup}).count()"
        yield f"Student.objects.exclude({path}{lookup}).count()"
    for path in JSON_PATHS:
        for text in ["values_list({p!r}, flat=True).order_by('pk')[:5]", "values({p!r}).annotate(n=Count('pk')).order_by('n', {p!r})",
                     "order_by({p!r}, 'pk').values_list('pk', flat=True)[:5]", "annotate(x=F({p!r})).order_by('pk').values_list('x', flat=True)[:4]",
                     "annotate(x=KT({p!r})).order_by('pk').values_list('x', flat=True)[:4]", "aggregate(Count({p!r}))",
                     "annotate(x=Lower(KT({p!r}))).order_by('pk').values_list('x', flat=True)[:4]", "values_list({p!r}).distinct().count()",
                     "annotate(x=Cast({p!r}, CharField())).order_by('pk').values_list('x', flat=True)[:4]", "filter(pk__in=Student.objects.filter({p}__isnull=False)).count()",
                     "annotate(x=Coalesce(KT({p!r}), Value('-'))).order_by('pk').values_list('x', flat=True)[:4]", "order_by(F({p!r}).desc(nulls_last=True), 'pk').values_list('pk', flat=True)[:4]",
                     "annotate(x=JSONObject(a={p!r}, b=F('pk'))).order_by('pk').values_list('x', flat=True)[:3]", "only({p!r}).order_by('pk')[:1]",
                     "annotate(x=JSONArray({p!r}, 'pk')).order_by('pk').values_list('x', flat=True)[:3]", "latest({p!r})", "in_bulk(field_name={p!r})"]:
            yield "Student.objects." + text.format(p=path)


PARTS = ["year", "month", "day", "week", "week_day", "iso_week_day", "iso_year", "quarter", "hour", "minute", "second", "date", "time"]
MOMENTS = {"Student": ["created_at", "date_of_birth"], "Payment": ["paid_at"], "Course": ["starts_on"], "Enrollment": ["enrolled_on", "student__created_at"],
           "Attendance": ["date", "enrollment__course__starts_on"]}


def moments():
    for model, fields in MOMENTS.items():
        for field, part in itertools.product(fields, PARTS):
            place = f"{field}__{part}"
            for text in [f"values_list('pk', {place!r}).order_by('pk')[:3]", f"order_by('-{place}', 'pk').values_list('pk', flat=True)[:4]",
                         f"values({place!r}).annotate(n=Count('pk')).order_by('n', {place!r})", f"aggregate(a=Max({place!r}), b=Count({place!r}, distinct=True))",
                         f"filter({place}=F('pk')).count()", f"filter({place}__gt=F('{place}')).count()", f"annotate(x=F({place!r})).order_by('pk').values_list('x', flat=True)[:3]",
                         f"filter({place}__isnull=True).count()", f"filter({place}__range=[1, 5]).count()", f"filter({place}='x').count()", f"exclude({place}__in=[1, 2]).count()"]:
                yield f"{model}.objects.{text}"
        for field in fields:
            for text in [f"filter({field}__lt=Now()).count()", f"annotate(x=Now() - F({field!r})).filter(x__gt=timedelta(days=1)).count()",
                         f"aggregate(x=Max({field!r}) - Min({field!r}))", f"annotate(x=Cast({field!r}, CharField())).order_by('pk').values_list('x', flat=True)[:2]",
                         f"annotate(x=Cast({field!r}, DateField())).order_by('pk').values_list('x', flat=True)[:2]", f"filter({field}='2024-13-01')", f"filter({field}='2024-1-1').count()",
                         f"annotate(x=Cast({field!r}, DateTimeField())).order_by('pk').values_list('x', flat=True)[:2]", f"filter({field}=5)", f"filter({field}__year='x')",
                         f"annotate(x=Coalesce({field!r}, Now())).filter(x__isnull=False).count()", f"annotate(x=Greatest({field!r}, {field!r})).order_by('pk').values_list('x', flat=True)[:2]",
                         f"annotate(y=ExtractYear({field!r})).values('y').annotate(n=Count('pk'), m=Max('pk')).order_by('y')", f"filter({field}__in=['2024-01-01', None]).count()",
                         f"annotate(m=TruncMonth({field!r})).values('m').annotate(n=Count('pk')).order_by('m')", f"annotate(x=Trunc({field!r}, 'nothing'))[:1]",
                         f"annotate(x=Extract({field!r}, 'nothing')).values_list('x')[:1]",
                         f"annotate(x=F({field!r}) + F('pk'))[:1]", f"annotate(x=F({field!r}) + F({field!r})).values_list('x')[:1]", f"annotate(x=F({field!r}) + Value('a')).values_list('x')[:1]",
                         f"annotate(x=ExpressionWrapper(F({field!r}) + timedelta(hours=5), output_field=DateTimeField())).order_by('pk').values_list('x', flat=True)[:2]",
                         f"dates({field!r}, 'month').reverse()[:2]", f"dates({field!r}, 'nothing')", f"datetimes({field!r}, 'month', order='x')", f"dates({field!r}, 'year').filter(pk=1).count()"]:
                yield f"{model}.objects.{text}"


SETS = ["Course.objects.filter(pk__lt=4)", "Course.objects.filter(credits__gt=3).order_by('-pk')", "Course.objects.none()", "Course.objects.all()[:3]",
        "Course.objects.values_list('pk')", "Course.objects.values('code')", "Tag.objects.values_list('pk')", "Course.objects.annotate(n=Count('tags'))",
        "Course.objects.values_list('pk', 'code').order_by('code')", "Course.objects.filter(pk=99)", "Department.objects.values_list('code', 'name')"]
AFTER_SETS = ["", ".order_by('pk')", ".order_by('-code')", ".order_by('nothing')", ".count()", ".exists()", ".first()", "[:2]", "[1:3]", ".values('pk')", ".values_list('pk', flat=True)",
              ".filter(pk=1)", ".distinct()", ".order_by(F('pk').desc())", ".last()", ".get(pk=1)", ".annotate(x=Value(1))", ".aggregate(Count('pk'))",
              ".delete()", ".update(credits=1)", ".order_by(1)", ".order_by('pk')[:2]", ".contains(Course(pk=1))", ".in_bulk()", ".earliest('pk')", ".reverse()", ".select_related('department')", ".explain() is None"]


def sets():
    for a, b, name in itertools.product(SETS, SETS, ["union", "intersection", "difference"]):
        yield f"{a}.{name}({b}).count()"
        yield f"list({a}.{name}({b}))"
    for after, name in itertools.product(AFTER_SETS, ["union", "intersection", "difference"]):
        yield f"Course.objects.filter(pk__lt=4).{name}(Course.objects.filter(pk__gt=2)){after}"
        yield f"Course.objects.order_by().filter(pk__lt=5).values('pk', 'code').{name}(Course.objects.order_by().filter(pk__gt=2).values('pk', 'code')){after}"
    for text in ["union(Course.objects.filter(pk=2), all=True)", "union(Course.objects.filter(pk=1), all=True).count()", "union()", "union(5)", "union(Course.objects.filter(pk=2), Course.objects.filter(pk=3)).order_by('-pk')",
                 "union(Course.objects.filter(pk=2)).union(Course.objects.filter(pk=3)).count()", "union(Course.objects.filter(pk=2)).difference(Course.objects.filter(pk=1)).count()",
                 "difference(Course.objects.filter(pk=2)).union(Course.objects.filter(pk=5)).count()", "union(Course.objects.none()).count()", "intersection(Course.objects.none()).count()"]:
        yield f"Course.objects.filter(pk=1).{text}"
    for outer in ["Course.objects.filter(pk__in={}.values('pk')).count()", "Course.objects.exclude(pk__in={}.values('pk')).count()", "Course.objects.filter(Exists({})).count()",
                  "Course.objects.annotate(x=Subquery({}.order_by('pk').values('pk')[:1])).values_list('x').order_by('pk')[:2]"]:
        for name in ["union", "intersection", "difference"]:
            yield outer.format(f"Course.objects.order_by().filter(pk__lt=4).{name}(Course.objects.order_by().filter(pk__gt=2))")


INNER = ["Enrollment.objects.filter(course=OuterRef('pk'))", "Enrollment.objects.filter(course=OuterRef('pk'), student__gpa__gt=2)", "Enrollment.objects.filter(course__department=OuterRef('department'))",
         "Enrollment.objects.filter(course_id=OuterRef('nothing'))", "Enrollment.objects.filter(student__in=Student.objects.filter(enrollments__course=OuterRef(OuterRef('pk'))))",
         "Enrollment.objects.exclude(course=OuterRef('pk'))", "Enrollment.objects.filter(Q(course=OuterRef('pk')) | Q(pk=1))", "Enrollment.objects.filter(course__credits__lt=OuterRef('credits') + 1)",
         "Enrollment.objects.filter(Exists(Attendance.objects.filter(enrollment=OuterRef('pk'), present=True)), course=OuterRef('pk'))", "Enrollment.objects.none()"]
AROUND = ["Course.objects.filter(Exists({})).count()", "Course.objects.filter(~Exists({})).count()", "Course.objects.annotate(x=Exists({})).order_by('pk').values_list('x', flat=True)",
          "Course.objects.annotate(x=Subquery({}.order_by('pk').values('grade')[:1])).order_by('pk').values_list('x', flat=True)", "Course.objects.annotate(x=Subquery({}.values('pk')[:1])).filter(x__gt=3).count()",
          "Course.objects.annotate(x=Subquery({}.order_by().values('course').annotate(n=Count('pk')).values('n'))).order_by('pk').values_list('x', flat=True)",
          "Course.objects.annotate(x=Coalesce(Subquery({}.order_by('-pk').values('pk')[:1]), 0)).aggregate(Sum('x'))", "Course.objects.order_by(Subquery({}.order_by('pk').values('pk')[:1]), 'pk').values_list('pk', flat=True)",
          "Course.objects.alias(x=Exists({})).filter(x=True).values_list('pk', flat=True).order_by('pk')", "Course.objects.filter(pk__in={}.values('course')).count()", "Course.objects.filter(pk=Subquery({}.values('course')[:1])).count()",
          "Course.objects.filter(Exists({}) & Q(pk__gt=2)).count()", "Course.objects.filter(Exists({}) | Q(pk__gt=2)).count()", "Course.objects.annotate(x=Case(When(Exists({}), then=Value('y')), default=Value('n'))).order_by('pk').values_list('x', flat=True)",
          "Course.objects.aggregate(x=Count('pk', filter=Exists({})))", "Course.objects.annotate(x=Exists({})).values('x').annotate(n=Count('pk')).order_by('x')", "Course.objects.filter(pk__gt=Subquery({}.values('pk').order_by('pk')[:1])).count()",
          "Course.objects.annotate(x=Subquery({}.values('pk', 'grade')[:1])).order_by('pk')[:1]", "Course.objects.filter(pk__in=Subquery({}.values('course_id'))).count()", "list({})", "Course.objects.filter(pk={}.values('course')).count()",
          "Course.objects.annotate(x=Subquery({})).order_by('pk')[:1]", "Course.objects.filter(pk__in={}).count()", "Course.objects.filter(enrollments__in={}).distinct().count()"]


def subqueries():
    for inner, around in itertools.product(INNER, AROUND):
        yield around.format(inner)
    for field in ["department__code", "enrollments__student__gpa", "tags__slug", "students__payments__amount", "nothing", "department__nothing", "title__lower", "starts_on__year", "pk", "department_id"]:
        for text in ["filter(code=F({f!r})).count()", "filter(credits__gt=F({f!r})).count()", "update(title=F({f!r}))", "annotate(x=F({f!r})).values_list('pk', 'x').order_by('pk', 'x')[:4]", "order_by(F({f!r}).asc(nulls_first=True), 'pk').values_list('pk', flat=True)[:5]",
                     "aggregate(Count({f!r}, distinct=True))", "values({f!r}).order_by({f!r}).distinct()[:6]", "annotate(n=Count({f!r})).order_by('-n', 'pk').values_list('pk', 'n')[:3]", "exclude(title=F({f!r})).count()", "annotate(x=Max({f!r})).filter(x__isnull=False).count()",
                     "values_list({f!r}, flat=True).distinct().count()", "filter(**{{{f!r}: None}}).count()", "annotate(x=Concat({f!r}, Value('!'), output_field=CharField())).values_list('x', flat=True).order_by('x')[:3]", "distinct({f!r})", "only({f!r}).order_by('pk')[:1]",
                     "defer({f!r}).order_by('pk')[:1]", "select_related({f!r})[:1]", "prefetch_related({f!r}).order_by('pk')[:1]", "get(**{{{f!r}: 'x'}})", "create(title=F({f!r}))", "in_bulk(['x'], field_name={f!r})", "bulk_update([Course(pk=1)], [{f!r}])", "get_or_create(**{{{f!r}: 1}})",
                     "update(**{{{f!r}: 1}})", "filter(**{{{f!r} + '__in': [1, 2]}}).count()", "latest({f!r})", "values(x=F({f!r})).order_by('x')[:3]", "filter(Q({f!r}))", "alias(x=F({f!r})).filter(x=1).count()", "filter(**{{{f!r} + '__isnull': 1}}).count()"]:
            area = "write" if any(word in text for word in ("update", "create")) else "read"
            yield area, "Course.objects." + text.format(f=field)


MANAGERS = {"Course.objects.get(pk=1).tags": "Tag", "Course.objects.get(pk=1).enrollments": "Enrollment", "Tag.objects.get(pk=1).courses": "Course", "Department.objects.get(pk=1).courses": "Course",
            "Student.objects.get(pk=1).courses": "Course", "Course.objects.get(pk=1).students": "Student", "Student.objects.get(pk=1).payments": "Payment", "Course().tags": "Tag", "Department().courses": "Course"}


# What Django finds wrong with these of an instance without a key differs by the order of its checks.
OF_SAVED = ("model.__name__", "db", "set(5)", "set(None)", "set(Course.objects.filter(pk__lt=3))", "aadd",
            "set(Course.objects.filter(pk__lt=3), bulk=False)", "add(1, through_defaults={'enrolled_on': '2024-01-01'})")


def managers():
    for manager, model in MANAGERS.items():
        for call in ["all()", "count()", "first()", "exists()", "get(pk=1)", "filter(pk__lt=3)", "exclude(pk=1).count()", "values_list('pk', flat=True)", "order_by('-pk')[:2]", "aggregate(Count('pk'))", "in_bulk()", "none()", "create()", "get_or_create(pk=1)",
                     "update_or_create(pk=1)", "add(1)", "add(1, 2)", "add(9999)", "add('x')", "add(None)", f"add({model}.objects.get(pk=2))", "add(Group(pk=1))", f"add({model}())", "remove(1)", f"remove({model}.objects.get(pk=1))", "remove('x')", "clear()", "set([])", "set([1, 2])",
                     f"set({model}.objects.filter(pk__lt=3))", "set([1], clear=True)", f"set({model}.objects.filter(pk__lt=3), bulk=False)", "update(pk=1)", "delete()", "bulk_create([])", "nothing()", "model.__name__", "set(5)", "set(None)", "add(1, through_defaults={'enrolled_on': '2024-01-01'})",
                     f"add({model}.objects.get(pk=1), bulk=False)", "remove(None)", "contains(5)", f"contains({model}.objects.get(pk=1))", "values('nothing')", "db", "using('default').count()", "all().query is None", "create(nothing=1)", "aadd", "remove()", "add()"]:
            if manager == "Department().courses" and call in OF_SAVED:
                continue
            writes = any(word in call for word in ("create", "add", "remove", "clear", "set", "update", "delete"))
            text = f"m = {manager}; r = m.{call}; result = [r, list(m.order_by('pk').values_list('pk', flat=True))]" if writes else f"{manager}.{call}"
            yield "write" if writes else "read", text
    for name, inner in [("tags", "Tag"), ("enrollments", "Enrollment"), ("students", "Student"), ("department", "Department")]:
        for text in [f"Prefetch('{name}')", f"Prefetch('{name}', queryset={inner}.objects.filter(pk__lt=4))", f"Prefetch('{name}', to_attr='kept')", f"Prefetch('{name}', queryset={inner}.objects.order_by('-pk')[:2], to_attr='kept')", f"Prefetch('{name}', queryset={inner}.objects.none(), to_attr='kept')",
                     f"Prefetch('{name}', queryset={inner}.objects.values('pk'))", f"Prefetch('{name}', queryset={inner}.objects.annotate(n=Count('pk')), to_attr='kept')", f"Prefetch('{name}', queryset={inner}.objects.only('pk'))",
                     f"'{name}', Prefetch('{name}', queryset={inner}.objects.filter(pk=1))", f"Prefetch('{name}__nothing')", f"Prefetch('{name}', queryset=5)", f"'{name}', '{name}'", f"Prefetch('{name}', {inner}.objects.all(), 'kept'), 'kept__pk'"]:
            yield f"[(c.pk, [o.pk for o in c.kept] if isinstance(getattr(c, 'kept', None), list) else getattr(c, 'kept', None), len(c.tags.all())) for c in Course.objects.prefetch_related({text}).order_by('pk')[:4]]"
            yield f"[c.pk for c in Course.objects.filter(pk__lt=4).prefetch_related({text}).iterator(chunk_size=2)]"


ENROLMENTS = ["student_id=1, course_id=1", "student_id=1, course_id=9", "student_id=9999, course_id=1", "pk=1", "pk=9999", "student=Student.objects.get(pk=1), course=Course.objects.get(pk=1)", "student__pk=1, course__pk=1", "grade='A'", "nothing=1", "student='x'", "course=Student.objects.get(pk=1)"]
EXTRAS = ["", ", defaults={'grade': 'B'}", ", defaults={'grade': 'B', 'enrolled_on': date(2024, 1, 1)}", ", defaults={'enrolled_on': '2024-02-30'}", ", defaults={'nothing': 1}", ", defaults={'grade': lambda: 'C', 'enrolled_on': date(2024, 1, 1)}", ", defaults=None", ", defaults={'grade': F('grade'), 'enrolled_on': date(2024, 1, 1)}"]
CREATES = [", create_defaults={'enrolled_on': date(2024, 1, 1)}", ", defaults={'grade': 'D'}, create_defaults={'grade': 'A', 'enrolled_on': date(2024, 1, 1)}", ", create_defaults={'nothing': 1}", ", create_defaults=None", ", create_defaults={}", ", defaults={'grade': 'ZZ'}"]


def upserts():
    tell = "; result = [x[1], x[0].pk, x[0].grade, Enrollment.objects.count()]"
    for keys, extra in itertools.product(ENROLMENTS, EXTRAS):
        yield "write", f"x = Enrollment.objects.get_or_create({keys}{extra}){tell}"
        yield "write", f"x = Enrollment.objects.update_or_create({keys}{extra}){tell}"
    for keys, extra in itertools.product(ENROLMENTS, CREATES):
        yield "write", f"x = Enrollment.objects.update_or_create({keys}{extra}){tell}"
    for rows in ["Tag(name='n', slug='s')", "Tag(name='Core', slug='new')", "Tag(name='n', slug='core')", "Tag(pk=1, name='n', slug='s')", "Tag(name='n', slug='s'), Tag(name='n', slug='t')", "Tag(), Tag()", "Tag(name=None, slug='s')", "Tag(name=Upper(Value('n')), slug='s')", "Tag(pk=77, name='n', slug='s'), Tag(name='m', slug='t')"]:
        for options in ["", "ignore_conflicts=True", "update_conflicts=True", "update_conflicts=True, update_fields=['name'], unique_fields=['slug']", "update_conflicts=True, update_fields=['slug'], unique_fields=['name']", "update_conflicts=True, update_fields=['name']", "update_conflicts=True, unique_fields=['slug']",
                        "update_conflicts=True, update_fields=['nothing'], unique_fields=['slug']", "update_conflicts=True, update_fields=['name'], unique_fields=['nothing']", "update_conflicts=True, update_fields=['pk'], unique_fields=['slug']", "update_conflicts=True, update_fields=['name'], unique_fields=['pk']",
                        "update_conflicts=True, ignore_conflicts=True", "batch_size=1", "batch_size=0", "update_conflicts=True, update_fields=['courses'], unique_fields=['slug']", "update_conflicts=True, update_fields=['name'], unique_fields=['courses']", "update_fields=['name']", "update_conflicts=True, update_fields=['name', 'slug'], unique_fields=['id']"]:
            yield "write", f"x = Tag.objects.bulk_create([{rows}]{', ' if options else ''}{options}); result = [[t.name for t in x], [t.pk for t in x], list(Tag.objects.order_by('pk').values_list('pk', 'name', 'slug'))]"
    for rows, fields in itertools.product(["Course.objects.order_by('pk')[:3]", "[Course(pk=1, credits=5)]", "[Course(credits=5)]", "[Course(pk=9999, credits=5)]", "[Course(pk=1, credits=F('credits') + 1)]", "[Course(pk=1, credits=5), Course(pk=1, credits=6)]", "[Course(pk=1, credits='x')]", "[Course(pk=1, title=None)]"],
                                          ["['credits']", "['credits', 'title']", "['pk']", "['id']", "['department']", "['department_id']", "['tags']", "['nothing']", "[]", "['department__code']", "'credits'", "['title'], batch_size=1", "['title'], batch_size=-1", "['description', 'starts_on', 'fee']"]):
        yield "write", f"x = Course.objects.bulk_update({rows}, {fields}); result = [x, list(Course.objects.filter(pk__lt=4).order_by('pk').values_list('pk', 'credits', 'title', 'department_id'))]"


# What SQLite can't hold, JSON's null told from SQL's, a name more than once.
EDGES = [
    'Student.objects.filter(id__in=[2**70, 1])',
    'Student.objects.filter(pk__range=(1, 2**70)).count()',
    'Student.objects.exclude(id=2**70).count()',
    'Student.objects.values_list("pk", "id", "pk").order_by("pk")[:2]',
    'Student.objects.values("pk", "id", "pk").order_by("pk")[:2]',
    'Student.objects.values_list("id", "id").distinct().count()',
    'Student.objects.values_list("status", "status").annotate(n=Count("pk")).order_by("status")',
    'Student.objects.filter(pk__in=Student.objects.values_list("pk", "pk")).count()',
    's = Student.objects.create(roll_no="X1", first_name="a", last_name="b", email="a@b.c", address=Value(None, JSONField())); result = [Student.objects.filter(address=None).count(), Student.objects.filter(address=Value(None, JSONField())).count(), Student.objects.filter(address__isnull=True).count()]',
    'x = Student.objects.filter(pk=1).update(address=Value(None, JSONField())); result = [x, Student.objects.filter(address=None).count(), Student.objects.filter(address__isnull=True).count()]',
    's = Student.objects.get(pk=1); s.address = Value(None, JSONField()); s.save(); result = Student.objects.filter(address=None).count()',
    'Student.objects.update(id=2**70)',
    'Course.objects.filter(pk=1).update(credits=2**70)',
    'Tag.objects.create(pk=2**70, name="z", slug="z")',
    'Tag.objects.filter(pk=1).update(id=-2**64)',
]


def edges():
    for text in EDGES:
        yield ("write" if any(word in text for word in ("create", "update", "save")) else "read"), text


def groups():
    """(area, expression) of each group, by its name."""
    return {name: [row if isinstance(row, tuple) else ("write" if any(w in row for w in (".delete(", ".update(")) else "read", row) for row in make()]
            for name, make in [("windows", windows), ("json", json_values), ("moments", moments), ("sets", sets), ("subqueries", subqueries),
                               ("managers", managers), ("upserts", upserts), ("edges", edges),
                               ("random", orm_expressions_random.queries)]}
