"""What django.contrib.postgres adds gives Django's results: search, trigrams, unaccent, aggregates, distinct on,
locks, explain."""
import atexit
import functools
import re

import orm_beside
import school_postgresql
import suite
from test_orm_postgresql import difference

EXTENSIONS = "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION pgcrypto"

EXPRESSIONS = """
Course.objects.filter(title__search="algebra").values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title", "description")).filter(s="introduction").values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title", "credits", config="english", weight="A")).filter(s="5").values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title", weight="A") + SearchVector("description", weight="D")).filter(s=SearchQuery("logic | physics", search_type="raw")).values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title")).filter(s=SearchQuery("linear") & SearchQuery("algebra")).values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title")).filter(s=SearchQuery("linear") | SearchQuery("physics")).values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title")).filter(s=~SearchQuery("algebra")).values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title")).filter(s=SearchQuery("algebra", invert=True)).values_list("code", flat=True)
Course.objects.annotate(s=SearchVector("title")).filter(s=SearchQuery("linear algebra", search_type="phrase", config="english")).count()
Course.objects.annotate(s=SearchVector("title")).filter(s=SearchQuery("-linear algebra", search_type="websearch")).count()
SearchQuery("x", search_type="wrong")
Course.objects.annotate(r=SearchRank(SearchVector("title"), SearchQuery("algebra"))).order_by("-r", "code").values_list("code", "r")[:4]
Course.objects.annotate(r=SearchRank("title", "algebra", normalization=2, cover_density=True)).order_by("-r", "code").values_list("code", "r")[:4]
Course.objects.annotate(r=SearchRank("title", "algebra", weights=[0.1, 0.2, 0.4, 1.0])).order_by("-r", "code").values_list("code", "r")[:4]
Course.objects.annotate(h=SearchHeadline("title", "algebra")).order_by("code").values_list("h", flat=True)
Course.objects.annotate(h=SearchHeadline("title", SearchQuery("algebra"), config="english", start_sel="<mark>", stop_sel="</mark>", max_words=9, min_words=3)).order_by("code").values_list("h", flat=True)
Student.objects.filter(last_name__unaccent="Celik").values_list("pk", flat=True)
Student.objects.filter(last_name__unaccent__icontains="dvorak").values_list("pk", flat=True)
Student.objects.filter(first_name__unaccent__startswith="Chlo").values_list("pk", flat=True)
Student.objects.filter(last_name__trigram_similar="Almada").values_list("pk", flat=True)
Course.objects.filter(title__trigram_word_similar="algebr").values_list("code", flat=True)
Course.objects.filter(title__trigram_strict_word_similar="algebra").values_list("code", flat=True)
Student.objects.annotate(x=TrigramSimilarity("last_name", "Almada")).order_by("-x", "pk").values_list("x", flat=True)[:3]
Student.objects.annotate(x=TrigramDistance("last_name", "Almada")).order_by("x", "pk").values_list("x", flat=True)[:3]
Course.objects.annotate(x=TrigramWordSimilarity("algebr", "title"), y=TrigramWordDistance("algebr", "title")).order_by("code").values_list("x", "y")
Course.objects.annotate(x=TrigramStrictWordSimilarity("algebra", "title"), y=TrigramStrictWordDistance("algebra", "title")).order_by("code").values_list("x", "y")
Department.objects.annotate(a=ArrayAgg("courses__code", order_by="-courses__code")).order_by("pk").values_list("a", flat=True)
Department.objects.annotate(a=ArrayAgg("courses__credits", distinct=True, filter=Q(courses__credits__gt=3))).order_by("pk").values_list("a", flat=True)
Course.objects.aggregate(a=ArrayAgg("fee", order_by="fee"), d=ArrayAgg("starts_on", order_by="code"))
Course.objects.aggregate(a=BitAnd("credits"), o=BitOr("credits"), x=BitXor("credits"))
Department.objects.annotate(a=BoolAnd(Q(courses__credits__gt=3)), o=BoolOr(Q(courses__credits__gt=5))).order_by("pk").values_list("a", "o")
Department.objects.annotate(a=JSONBAgg("courses__credits", order_by="courses__code")).order_by("pk").values_list("a", flat=True)
Course.objects.aggregate(a=ArrayAgg("code", filter=Q(credits__gt=99)), b=BoolOr(Q(credits__gt=99), filter=Q(credits__gt=99)))
Course.objects.annotate(x=SHA256("code"), y=MD5("code")).order_by("code").values_list("x", "y")[:2]
Course.objects.aggregate(c=Corr("fee", "credits"), p=CovarPop("fee", "credits"), s=CovarPop("fee", "credits", sample=True))
Course.objects.aggregate(x=RegrAvgX("fee", "credits"), y=RegrAvgY("fee", "credits"), n=RegrCount("fee", "credits"), i=RegrIntercept("fee", "credits"))
Course.objects.aggregate(r=RegrR2("fee", "credits"), s=RegrSlope("fee", "credits"), a=RegrSXX("fee", "credits"), b=RegrSXY("fee", "credits"), c=RegrSYY("fee", "credits"))
Course.objects.filter(pk__lt=0).aggregate(c=Corr("fee", "credits"), n=RegrCount("fee", "credits"), d=RegrSXX("fee", "credits", default=Value(1.5)))
Course.objects.aggregate(c=Corr("fee", "credits", filter=Q(credits__gt=3)), n=RegrCount(F("credits") * 2, "credits"))
Department.objects.annotate(n=RegrCount("courses__fee", "courses__credits")).order_by("pk").values_list("n", flat=True)
Corr("fee", "")
Corr("fee")
str(Tag.objects.annotate(u=RandomUUID()).first().u)[14]
Tag.objects.annotate(now=TransactionNow()).filter(now__year__gte=2020).count()
Enrollment.objects.order_by("course", "-pk").distinct("course").values_list("pk", flat=True)
Enrollment.objects.order_by("course__code", "-pk").distinct("course__code").values_list("pk", "course_id")
Enrollment.objects.order_by("grade", "pk").distinct("grade").values_list("pk", "grade")
Enrollment.objects.order_by("course__code").distinct("course__code").count()
Enrollment.objects.values("course").annotate(n=Count("pk")).distinct("course").order_by("course")
Enrollment.objects.distinct("nothing")
Enrollment.objects.order_by("student").distinct("student").aggregate(n=Count("pk"))
Enrollment.objects.order_by("student_id", "-pk").distinct("student_id").get(student=1).pk
Enrollment.objects.order_by("student").distinct("student").get()
Enrollment.objects.distinct("student").order_by("student_id", "-pk").in_bulk([1, 2, 3, 201, 202, 203])
list(Enrollment.objects.distinct("student_id").order_by("student_id", "-pk").in_bulk(field_name="student_id").items())[:5]
Enrollment.objects.distinct("student", "course").order_by("student_id").in_bulk(field_name="student")
Student.objects.select_for_update().first()
Student.objects.select_for_update(nowait=True, skip_locked=True)
Student.objects.filter(pk=1).explain(costs=False).splitlines()[0][:10]
Student.objects.filter(pk=1).explain(format="json", analyze=True, timing=False)[:2]
Student.objects.filter(pk=1).explain(format="csv")
Student.objects.filter(pk=1).explain(test=True)
Student.objects.filter(address__contains={"floor": 1}).count()
Student.objects.filter(address__contained_by={"city": "Oslo", "floor": 1, "zip": "x"}).count()
"""

WRITES = """
with transaction.atomic(): result = [s.pk for s in Student.objects.select_for_update()[:3]]
with transaction.atomic(): result = [s.pk for s in Student.objects.select_for_update(nowait=True)[:3]]
with transaction.atomic(): result = [s.pk for s in Student.objects.select_for_update(skip_locked=True, no_key=True)[:3]]
with transaction.atomic(): result = [e.pk for e in Enrollment.objects.select_related("course__department").select_for_update(of=("self", "course__department"))[:3]]
with transaction.atomic(): result = list(Enrollment.objects.select_related("course").select_for_update(of=("student",)))
with transaction.atomic(): result = Student.objects.select_for_update().count()
Enrollment.objects.distinct("student").delete()
"""


@functools.cache
def server():
    running = school_postgresql.Server()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    running.sql(EXTENSIONS)
    return running


def cases(text, area):
    return [{"id": f"{area}.{i:03}", "area": area, "expression": line}
            for i, line in enumerate(text.strip().splitlines(), 1)]


def test_contrib_postgres_gives_what_django_gives():
    suite.need_shared()
    orm_beside.compare(server(), cases(EXPRESSIONS, "postgres"), tell=difference)


def test_examples_of_the_documentation_give_what_django_gives():
    suite.need_shared()
    page = (suite.ROOT / "docs/reference/models/postgresql.md").read_text()
    examples = "".join(re.findall(r"(?ms)^```python\n(.*?)^```$", page))
    orm_beside.compare(server(), cases(examples, "documented"), tell=difference)


def test_rows_are_locked_as_by_django():
    suite.need_shared()
    orm_beside.compare(server(), cases(WRITES, "write.postgres"), tell=difference)


if __name__ == "__main__":
    suite.main(globals())
