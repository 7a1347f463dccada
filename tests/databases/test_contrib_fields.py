"""Arrays, ranges and hstore give Django's results, on rows of Django's making and on our own."""
import atexit
import functools
import json
import re
import subprocess

import orm_beside
import orm
import school
import shelf_postgresql
import suite

READS = """
Item.objects.values()
Item.objects.values_list("tags", "scores", "grid")
[i.tags for i in Item.objects.all()], [i.times for i in Item.objects.all()]
Item.objects.filter(tags__contains=["red"]).values_list("name", flat=True)
Item.objects.filter(tags__contains=["red", "blue"]).count(), Item.objects.filter(tags__contains=[]).count()
Item.objects.filter(tags__contained_by=["red", "blue", "green"]).values_list("name", flat=True)
Item.objects.filter(tags__overlap=["blue", 'a"b', "NULL"]).values_list("name", flat=True)
Item.objects.filter(tags=["red", "blue"]).values_list("name", flat=True)
Item.objects.filter(tags=[]).values_list("name", flat=True)
Item.objects.exclude(tags__contains=["red"]).values_list("name", flat=True)
Item.objects.filter(tags__len=2).values_list("name", flat=True)
Item.objects.filter(tags__len__gte=2).values_list("name", flat=True)
Item.objects.filter(scores__len=0).values_list("name", flat=True)
Item.objects.filter(scores__isnull=True).values_list("name", flat=True)
Item.objects.filter(tags__0="red").values_list("name", flat=True)
Item.objects.filter(tags__1__icontains="LU").values_list("name", flat=True)
Item.objects.filter(tags__9="red").count()
Item.objects.filter(scores__0=1).values_list("name", flat=True)
Item.objects.filter(scores__0__gt=1).values_list("name", flat=True)
Item.objects.filter(scores__0__isnull=True).values_list("name", flat=True)
Item.objects.filter(scores__0_2=[1, 2]).values_list("name", flat=True)
Item.objects.filter(scores__1_3__contains=[3]).values_list("name", flat=True)
Item.objects.filter(scores__contains=[2]).filter(scores__overlap=[5, 6]).values_list("name", flat=True)
Item.objects.filter(scores__contained_by=[1, 2, 3]).values_list("name", flat=True)
Item.objects.filter(scores__in=[[1, 2, 3], [7]]).values_list("name", flat=True)
Item.objects.filter(scores__in=[]).count()
Item.objects.filter(scores__gt=[1, 2]).values_list("name", flat=True)
Item.objects.filter(scores__lte=[2]).values_list("name", flat=True)
Item.objects.filter(scores__overlap=Item.objects.values_list("scores__1")).values_list("name", flat=True)
Item.objects.filter(grid__0__1=2).values_list("name", flat=True)
Item.objects.filter(grid__contains=[[1, 2]]).values_list("name", flat=True)
Item.objects.filter(grid=[[5, 6]]).values_list("name", flat=True)
Item.objects.filter(grid__len=2).values_list("name", flat=True)
Item.objects.filter(grid__0_1=[[1, 2]]).values_list("name", flat=True)
Item.objects.filter(days__contains=[date(2024, 2, 29)]).values_list("name", flat=True)
Item.objects.filter(days__0__year=2024).values_list("name", flat=True)
Item.objects.filter(times__0__hour=8).values_list("name", flat=True)
Item.objects.filter(times__contains=[datetime(2024, 5, 1, 8, 30, 0, 250000, UTC)]).count()
Item.objects.filter(prices__contains=[Decimal("1.5")]).values_list("name", flat=True)
Item.objects.filter(prices__0__lt=5).values_list("name", flat=True)
Item.objects.filter(tokens__contains=[UUID(int=7)]).values_list("name", flat=True)
Item.objects.filter(places__contains=["10.0.0.1"]).values_list("name", flat=True)
Item.objects.values_list("periods", "places", "documents")
Item.objects.values_list("tags__0", flat=True)
Item.objects.values_list("tags__0_2", "scores__len")
Item.objects.annotate(first=F("tags__0"), n=F("scores__len")).values_list("first", "n")
Item.objects.order_by("scores__0", "pk").values_list("name", flat=True)
Item.objects.order_by("-tags__len", "pk").values_list("name", flat=True)
Item.objects.filter(tags__contains=[F("name")]).count()
Item.objects.filter(tags__0=F("tags__1")).count()
Item.objects.filter(tags__contains=F("tags")).count()
Item.objects.filter(tags__icontains="RED").values_list("name", flat=True)
Item.objects.filter(tags__startswith="{red").values_list("name", flat=True)
Item.objects.filter(tags__overlap=["x", F("name")]).count()
Item.objects.filter(scores=["x"])
Item.objects.filter(scores__contains=["x"])
Item.objects.filter(scores__contains=["7"]).values_list("name", flat=True)
Item.objects.filter(tags__nothing=1)
Item.objects.filter(tags__0__nothing=1)
Item.objects.filter(days=["x"])
Item.objects.values("scores__len").annotate(n=Count("pk")).order_by("n", "scores__len")
Item.objects.values("tags__0").annotate(n=Count("pk")).order_by("tags__0")
Item.objects.aggregate(a=ArrayAgg("tags", filter=Q(tags__len=2)), m=Max("scores"))
Item.objects.aggregate(a=ArrayAgg("name", order_by="-pk"), b=ArrayAgg("pk", filter=Q(pk__lt=0), default=[0]))
Item.objects.annotate(a=ArrayAgg("name")).filter(a__contains=["all"]).count()
Item.objects.values("scores__len").annotate(a=ArrayAgg("pk")).filter(a__len=2).count()
Item.objects.annotate(others=ArraySubquery(Item.objects.filter(pk__lt=OuterRef("pk")).order_by("pk").values("name"))).values_list("others", flat=True)
Item.objects.annotate(others=ArraySubquery(Item.objects.order_by("pk").values("scores__0"))).filter(others__contains=[2]).count()
Item.objects.annotate(x=Cast("scores", ArrayField(BigIntegerField()))).values_list("x", flat=True)
Item.objects.annotate(x=Value([1, 2], output_field=ArrayField(IntegerField()))).values_list("x", flat=True)[:1]
Item.objects.annotate(x=Func(F("tags"), Value("z"), function="array_append", output_field=ArrayField(CharField()))).values_list("x", flat=True)
Item.objects.filter(Q(tags__contains=["red"]) | Q(scores__0=2)).values_list("name", flat=True)
Item.objects.distinct("scores__len").order_by("scores__len", "pk").values_list("name", flat=True)
Item.objects.get(name="odd").tags[3], Item.objects.only("tags").get(name="all").scores
Item.objects.raw("SELECT * FROM shelf_item ORDER BY id")[0].grid
Span.objects.values()
Span.objects.values_list("ints", flat=True)
[s.times for s in Span.objects.all()], [str(s.dates) for s in Span.objects.all()], [repr(s.ints) for s in Span.objects.all()]
Span.objects.get(pk=1).ints.lower, Span.objects.get(pk=1).ints.upper_inc, Span.objects.get(pk=3).ints.isempty, 3 in Span.objects.get(pk=1).ints
Span.objects.get(pk=2).decimals.upper_inf, Span.objects.get(pk=2).decimals.lower_inc, bool(Span.objects.get(pk=3).ints)
NumericRange(1, 5) == Span.objects.get(pk=1).ints, NumericRange(1, 5, "[]") == NumericRange(1, 6), NumericRange(2, 1) < NumericRange(3)
NumericRange(1, 5, "x")
Span.objects.filter(ints=NumericRange(1, 5)).values_list("pk", flat=True)
Span.objects.filter(ints=(1, 5)).values_list("pk", flat=True)
Span.objects.filter(ints__contains=3).values_list("pk", flat=True)
Span.objects.filter(ints__contains=NumericRange(2, 4)).values_list("pk", flat=True)
Span.objects.filter(ints__contains=(2, 4)).values_list("pk", flat=True)
Span.objects.filter(ints__contains=F("whole")).values_list("pk", flat=True)
Span.objects.filter(ints__contains=Value(7)).values_list("pk", flat=True)
Span.objects.filter(ints__contained_by=NumericRange(0, 8)).values_list("pk", flat=True)
Span.objects.filter(ints__overlap=NumericRange(4, 6)).values_list("pk", flat=True)
Span.objects.filter(ints__fully_lt=NumericRange(5, 10)).values_list("pk", flat=True)
Span.objects.filter(ints__fully_gt=NumericRange(0, 3)).values_list("pk", flat=True)
Span.objects.filter(ints__not_lt=NumericRange(2, 3)).values_list("pk", flat=True)
Span.objects.filter(ints__not_gt=NumericRange(2, 6)).values_list("pk", flat=True)
Span.objects.filter(ints__adjacent_to=NumericRange(5, 6)).values_list("pk", flat=True)
Span.objects.filter(ints__startswith=1).values_list("pk", flat=True)
Span.objects.filter(ints__startswith__gt=1).values_list("pk", flat=True)
Span.objects.filter(ints__endswith=F("whole")).values_list("pk", flat=True)
Span.objects.filter(ints__isempty=True).values_list("pk", flat=True)
Span.objects.filter(ints__isempty=False).values_list("pk", flat=True)
Span.objects.filter(ints__isnull=True).values_list("pk", flat=True)
Span.objects.filter(bigs__lower_inf=True).values_list("pk", flat=True), Span.objects.filter(decimals__upper_inf=True).values_list("pk", flat=True)
Span.objects.filter(decimals__lower_inc=True).values_list("pk", flat=True), Span.objects.filter(decimals__upper_inc=True).values_list("pk", flat=True)
Span.objects.filter(bigs__contains=2**39).values_list("pk", flat=True)
Span.objects.filter(bigs__contained_by=NumericRange(None, 5)).values_list("pk", flat=True)
Span.objects.filter(decimals=(Decimal("1.5"), Decimal("2.5"))).values_list("pk", flat=True)
Span.objects.filter(decimals__startswith__lte=2).values_list("pk", flat=True)
Span.objects.filter(dates__contains=date(2024, 3, 5)).values_list("pk", flat=True)
Span.objects.filter(dates__contains=datetime(2024, 3, 5, 1, tzinfo=UTC)).values_list("pk", flat=True)
Span.objects.filter(dates__contains=F("day")).values_list("pk", flat=True)
Span.objects.filter(dates__contains=DateRange(date(2024, 3, 2), date(2024, 3, 4))).values_list("pk", flat=True)
Span.objects.filter(dates__startswith__year=2024).values_list("pk", flat=True)
Span.objects.filter(times__contains=datetime(2024, 3, 1, 13, tzinfo=UTC)).values_list("pk", flat=True)
Span.objects.filter(times__contains=date(2024, 3, 1)).values_list("pk", flat=True)
Span.objects.filter(times__contains=F("moment")).values_list("pk", flat=True)
Span.objects.filter(times__contained_by=DateTimeTZRange(None, datetime(2024, 3, 2, tzinfo=UTC))).values_list("pk", flat=True)
Span.objects.filter(times__endswith__hour=12).values_list("pk", flat=True)
Span.objects.filter(times__overlap=F("times")).values_list("pk", flat=True)
Span.objects.filter(whole__contained_by=NumericRange(0, 8)).values_list("pk", flat=True)
Span.objects.filter(whole__contained_by=F("ints")).values_list("pk", flat=True)
Span.objects.filter(small__contained_by=NumericRange(0, 8)).values_list("pk", flat=True)
Span.objects.filter(big__contained_by=NumericRange(3, 2**42)).values_list("pk", flat=True)
Span.objects.filter(pk__contained_by=NumericRange(1, 3)).values_list("pk", flat=True)
Span.objects.filter(ratio__contained_by=NumericRange(1, 3)).values_list("pk", flat=True)
Span.objects.filter(price__contained_by=NumericRange(1, 3)).values_list("pk", flat=True)
Span.objects.filter(day__contained_by=DateRange(date(2024, 3, 1), date(2024, 3, 2))).values_list("pk", flat=True)
Span.objects.filter(moment__contained_by=DateTimeTZRange(datetime(2024, 3, 1, tzinfo=UTC), None)).values_list("pk", flat=True)
Span.objects.filter(moment__contained_by=F("times")).values_list("pk", flat=True)
Span.objects.filter(ints__nothing=1)
Span.objects.filter(ints__gt=NumericRange(1, 5)).values_list("pk", flat=True)
Span.objects.filter(ints__in=[NumericRange(1, 5), NumericRange(6, 11)]).values_list("pk", flat=True)
Span.objects.order_by("ints", "pk").values_list("pk", flat=True)
Span.objects.order_by("-dates__startswith", "pk").values_list("pk", "dates__startswith", "times__endswith")
Span.objects.annotate(low=F("decimals__startswith"), empty=F("ints__isempty")).values_list("low", "empty")
Span.objects.aggregate(n=Count("ints", distinct=True), m=Max("dates__startswith"))
Note.objects.values()
Note.objects.values_list("data", "maps")
[n.data for n in Note.objects.all()]
Note.objects.filter(data__contains={"a": "1"}).values_list("pk", flat=True)
Note.objects.filter(data__contains={"a": 1}).values_list("pk", flat=True)
Note.objects.filter(data__contained_by={"a": "2", "keys": "k", "z": "z"}).values_list("pk", flat=True)
Note.objects.filter(data={"a": "2", "keys": "k"}).values_list("pk", flat=True)
Note.objects.filter(data={}).values_list("pk", flat=True)
Note.objects.filter(data__has_key="wood").values_list("pk", flat=True)
Note.objects.filter(data__has_keys=["a", "wood"]).values_list("pk", flat=True)
Note.objects.filter(data__has_any_keys=["ä", "wood"]).values_list("pk", flat=True)
Note.objects.filter(data__wood="oak").values_list("pk", flat=True)
Note.objects.filter(data__wood__icontains="A").values_list("pk", flat=True)
Note.objects.filter(data__a__in=["1", "2"]).values_list("pk", flat=True)
Note.objects.filter(data__b__isnull=True).values_list("pk", flat=True)
Note.objects.filter(data__keys=["a", "keys"]).values_list("pk", flat=True)
Note.objects.filter(data__keys__contains=["a"]).values_list("pk", flat=True)
Note.objects.filter(data__values__overlap=["oak", "k"]).values_list("pk", flat=True)
Note.objects.filter(data__values__contains=["1"]).values_list("pk", flat=True)
Note.objects.order_by("data__a", "pk").values_list("pk", "data__a")
Note.objects.order_by(KeyTransform("a", "data"), "pk").values_list("pk", flat=True)
Note.objects.annotate(w=KeyTransform("wood", "data"), k=F("data__keys")).values_list("w", "k")
Note.objects.filter(maps__0__x="1").values_list("pk", flat=True)
Note.objects.filter(maps__0__has_key="x").values_list("pk", flat=True)
Note.objects.filter(data__icontains="OAK").values_list("pk", flat=True)
Note.objects.values("data__a").annotate(n=Count("pk")).order_by("data__a")
"""

WRITES = """
i = Item.objects.create(name="n", tags=("x", "y,z"), scores=[None, 1], grid=[[1, 2]], documents=[{"a": 1}, None], prices=[Decimal("1.234")], periods=[(1, 3)]); Item.objects.filter(pk=i.pk).values()
Item.objects.create(name="n", tags=[]); Item.objects.last().tags
Item.objects.create(name="n", scores=["1", True]); Item.objects.last().scores
Item.objects.create(name="n", scores=["x"])
Item.objects.create(name="n", grid=[[1], [2, 3]])
Item.objects.filter(name="all").update(tags=["new"], scores=None); Item.objects.filter(name="all").values_list("tags", "scores")
Item.objects.filter(name="all").update(scores=F("grid__0_2")); Item.objects.filter(name="odd").count()
Item.objects.update(scores=[F("pk"), 2]); Item.objects.values_list("scores", flat=True)
Item.objects.bulk_create([Item(name=str(n), tags=["a", str(n)], scores=[n, None], days=[date(2024, 1, n)]) for n in range(1, 9)]); Item.objects.filter(tags__0="a").values_list("tags", "scores", "days")
items = list(Item.objects.all()); items[0].tags = ["bulk"]; items[1].scores = [9]; Item.objects.bulk_update(items, ["tags", "scores"]); Item.objects.values_list("tags", "scores")
Item(name="").full_clean()
Item(name="x", tags=["1", "2", "3", "4", "5"]).full_clean()
Item(name="x", tags=["x" * 12, "ok"]).full_clean()
Item(name="x", tags=["ok", None]).full_clean()
Item(name="x", tags=["ok", ""]).full_clean()
Item(name="x", grid=[[1, 2, 3]]).full_clean()
Item(name="x", grid=[[1], [2, 3]]).full_clean()
Item(name="x", scores=[1, None]).full_clean()
Item(name="x", scores=[1, 2**40]).full_clean()
Item(name="x", places=["nowhere", "10.0.0.1"]).full_clean()
Item(name="x", prices=[Decimal("1.234")]).full_clean()
Item(name="x", tags='["a", "b"]').full_clean()
Item(name="x", days='["2024-01-01", "x"]').full_clean()
i = Item(name="x", scores='[1, 2]'); i.full_clean(); result = i.scores
Span.objects.create(ints=(1, 9), decimals=[Decimal(1), Decimal(2)], dates=(date(2024, 1, 1), None)); Span.objects.filter(whole=0).values_list("ints", "decimals", "dates")
Span.objects.create(ints=NumericRange(5, 1))
Span.objects.create(times=DateTimeTZRange(datetime(2024, 1, 1, 5, tzinfo=UTC), None, "()")).pk; Span.objects.last().times
Span.objects.update(ints=NumericRange(0, 3), bigs=None); Span.objects.values_list("ints", "bigs")
Span.objects.update(ints=F("ints")); Span.objects.filter(pk=1).update(dates=(date(2024, 1, 1), date(2024, 1, 5))); Span.objects.get(pk=1).dates
Span.objects.bulk_create([Span(ints=NumericRange(n, n + 2), times=DateTimeTZRange(datetime(2024, 1, n, tzinfo=UTC), None)) for n in range(1, 6)]); Span.objects.filter(pk__gt=4).values_list("ints", "times")
Span(ints=NumericRange(-1, 5)).full_clean()
Span(ints=NumericRange(1, 500)).full_clean()
Span(ints=NumericRange(None, 5)).full_clean()
s = Span(ints=[2, 4]); s.full_clean(); result = s.ints
s = Span(ints='{"lower": 1, "upper": "4"}'); s.full_clean(); result = s.ints
s = Span(dates='{"lower": "2024-01-01", "upper": null, "bounds": "(]"}'); s.full_clean(); result = s.dates
Span(dates='{"lower": "x"}').full_clean()
Note.objects.create(data={"a": 5, "b": None, "c": True}); Note.objects.last().data
Note.objects.create(data={"x": "y"}, maps=[{"a": "1"}, {"b": None}]); Note.objects.filter(data__x="y").values()
Note.objects.update(data={"n": 1}); Note.objects.values_list("data", flat=True)
Note.objects.bulk_create([Note(data={"k": str(n)}, maps=[{"m": "v"}]) for n in range(5)]); Note.objects.filter(data__has_key="k").values_list("data", "maps")
Note(data={"a": 1}).full_clean()
Note(data={"a": "1", "b": None}).full_clean()
n = Note(data='{"a": "1"}'); n.full_clean(); result = n.data
Note(data=None).full_clean()
Span(ints=NumericRange(2, 4), whole=3).full_clean()
Span(ints=NumericRange(2, 4), whole=-4).full_clean()
Span(ints=NumericRange(20, 40), whole=3).full_clean()
s = Span.objects.get(pk=1); s.full_clean(); result = s.pk
with transaction.atomic(): Span.objects.create(ints=NumericRange(2, 4), whole=3); result = 1
"""


@functools.cache
def server():
    running = shelf_postgresql.Server()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def cases(text, area):
    return [{"id": f"{area}.{i:03}", "area": area, "expression": line}
            for i, line in enumerate(text.strip().splitlines(), 1)]


def compare(text, area):
    orm_beside.compare(server(), cases(text, area), tell=functools.partial(orm.difference, messages=area == "read"),
                       program=shelf_postgresql.RELEASE)


def test_what_django_wrote_reads_as_by_django():
    compare(READS, "read")


def test_writes_and_validation_give_what_django_gives():
    compare(WRITES, "write.fields")


def test_fixtures_are_djangos_byte_for_byte_both_ways():
    arguments = ("dumpdata", "shelf", "--indent", "1")
    for kind in ("json", "xml"):
        ours, theirs = server().shelf(*arguments, "--format", kind), server().django("manage.py", *arguments, "--format", kind)
        assert ours == theirs, f"ours:\n{ours[:1500]}\nDjango's:\n{theirs[:1500]}"
        file = school.scratch() / f"shelf.{kind}"
        file.write_text(theirs)
        server().copy("loaded")
        try:
            for table in ("item", "span", "note"):
                server().sql(f"TRUNCATE shelf_{table} RESTART IDENTITY", database="loaded")
            server().shelf("loaddata", file, database="loaded")
            again = server().django("manage.py", *arguments, "--format", kind, database="loaded")
            assert again == theirs, f"after our loaddata Django dumps:\n{again[:1500]}"
        finally:
            server().drop("loaded")


def test_rows_that_we_wrote_read_in_django_as_they_were_meant():
    write = "; ".join(line for line in WRITES.splitlines() if "bulk_create([Item" in line or "documents=" in line)
    server().copy("ours")
    try:
        server().shelf("shell", "-c", "Item.objects.all().delete(); Note.objects.all().delete(); " + write,
                       database="ours")
        read = "import json; from shelf.models import *; print(json.dumps(list(Item.objects.values_list('tags', 'scores', 'grid')), default=str))"
        theirs = json.loads(server().django("manage.py", "shell", "-v", "0", "-c", read, database="ours"))
        ours = json.loads(server().shelf("shell", "--json", "-c", "list(Item.objects.values_list('tags', 'scores', 'grid'))",
                                         database="ours"))
        assert ours == theirs and len(theirs) == 9, (ours, theirs)
    finally:
        server().drop("ours")


def test_examples_of_the_documentation_give_what_django_gives():
    page = (suite.ROOT / "docs/reference/models/postgresql.md").read_text()
    compare("".join(re.findall(r"(?ms)^```python shelf\n(.*?)^```$", page)), "read")


# ---- migrations ------------------------------------------------------------------------------------


def schema(name):
    done = subprocess.run([server().bin / "pg_dump", "--schema-only", "-h", server().folder, "-p", str(server().port), "-U",
                           "postgres", "-n", "public", "-T", "auth_*", "-T", "django_*", "-T", "nuages_*",
                           name], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = re.sub(r"(?m)^(--.*|SET .*|SELECT pg_catalog.*|\\.*)\n", "", done.stdout)
    return sorted(part.strip() for part in text.split(";\n") if part.strip())


@functools.cache
def migrated():
    server().sql('CREATE DATABASE "made"', database="postgres")
    server().shelf("migrate", database="made")
    return "made"


def test_migrations_make_djangos_schema():
    ours, theirs = schema(migrated()), schema(server().database)
    assert ours == theirs and len(ours) > 20, "\n".join([f"- {part}" for part in theirs if part not in ours]
                                                        + [f"+ {part}" for part in ours if part not in theirs])


def test_neither_finds_a_change_in_the_others_database():
    assert "No changes detected" in server().shelf("makemigrations", "--check", "--dry-run", database=migrated())
    assert "No changes detected" in server().django("manage.py", "makemigrations", "--check", "--dry-run", database=migrated())
    assert "No migrations to apply" in server().django("manage.py", "migrate", "shelf", "--fake-initial", database=server().database)


def test_migrations_go_back_step_by_step():
    server().sql('CREATE DATABASE "back"', database="postgres")
    server().shelf("migrate", database="back")
    for step in ("0005", "0004", "0003", "0002", "0001"):
        server().shelf("migrate", "shelf", step, database="back")
    assert server().sql("SELECT collname FROM pg_collation WHERE collname = 'nocase'", database="back") == ""
    server().shelf("migrate", "shelf", "zero", database="back")
    assert server().sql("SELECT count(*) FROM pg_extension WHERE extname IN ('hstore', 'bloom')", database="back") == "0"
    server().shelf("migrate", database="back")
    assert schema("back") == schema(migrated())


def test_an_unchecked_constraint_lets_old_rows_be_and_validating_finds_them():
    server().sql('CREATE DATABASE "unchecked"', database="postgres")
    server().shelf("migrate", "shelf", "0002", database="unchecked")
    server().sql("INSERT INTO shelf_item (name, tags) VALUES ('forbidden', '{}')", database="unchecked")
    server().shelf("migrate", "shelf", "0003", database="unchecked")
    told = server().run_shelf("migrate", "shelf", "0004", database="unchecked")
    assert told.returncode and 'check constraint "item_allowed" of relation "shelf_item" is violated' in told.stderr + told.stdout
    told = server().run_shelf("shell", "-c", "Item.objects.create(name='forbidden')", database="unchecked")
    assert "item_allowed" in told.stdout + told.stderr


def test_an_index_without_locks_is_made_beside_an_open_transaction_that_reads():
    server().sql('CREATE DATABASE "open"', database="postgres")
    server().shelf("migrate", "shelf", "0004", database="open")
    reading = subprocess.Popen([server().bin / "psql", "-X", "-q", "-h", server().folder, "-p", str(server().port), "-U",
                                "postgres", "open"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    reading.stdin.write("BEGIN; SELECT count(*) FROM shelf_span; UPDATE shelf_note SET data = data;\n")
    reading.stdin.flush()
    assert reading.stdout.readline()
    try:
        writes = server().run_shelf("sqlmigrate", "shelf", "0005", database="open").stdout
    finally:
        reading.communicate("ROLLBACK;\n")
    assert 'CREATE INDEX CONCURRENTLY "span_big" ON "shelf_span" ("big")' in writes, writes
    assert 'DROP INDEX CONCURRENTLY IF EXISTS "span_big_old"' in writes, writes
    server().shelf("migrate", database="open")
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'span_big'::regclass"
    assert server().sql(valid, database="open") == "t"
    assert server().sql("SELECT to_regclass('span_big_old') IS NULL", database="open") == "t"


def test_inspectdb_tells_the_fields():
    told = server().run_shelf("inspectdb", database=server().database).stdout
    for line in ("#include <nuages/postgres.h>", "nu_list *tags;", "const nu_range *ints;", "nu_dict *data;",
                 "ArrayField(Item, tags, models_CharField(NULL, .max_length = 10)",
                 "DateTimeRangeField(Span, times, ", "HStoreField(Note, data"):
        assert line in told, f"{line}\n{told[:6000]}"


if __name__ == "__main__":
    suite.main(globals())
