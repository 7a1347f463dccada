"""Django's side of the ORM's measurements: the models of bench/orm, and the site that serves them.

DATABASE is a file of SQLite or an address of PostgreSQL or MariaDB.

    orm_tables.py make DATABASE        the tables, with ten thousand books
    orm_tables.py bulk DATABASE        the CPU time of inserting 100,000 books, in microseconds
"""
import datetime
import os
import random
import sys
import time
import urllib.parse
from decimal import Decimal

import django
from django.http import HttpResponse, JsonResponse
from django.urls import path

import django_site

NAME = os.environ.get("BENCH_DATABASE") or sys.argv[2]
ENGINES = {"postgres": "django.db.backends.postgresql", "mysql": "django.db.backends.mysql"}
at = urllib.parse.urlsplit(NAME)
if at.scheme in ENGINES:
    DATABASE = {"ENGINE": ENGINES[at.scheme], "NAME": at.path[1:], "USER": at.username,
                "PASSWORD": urllib.parse.unquote(at.password or ""), "PORT": at.port,
                "HOST": dict(urllib.parse.parse_qsl(at.query)).get("unix_socket", at.hostname), "CONN_MAX_AGE": None}
else:
    DATABASE = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None, "NAME": NAME}

django_site.configure(
    __name__, DATABASE, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [os.path.join(os.path.dirname(os.path.abspath(__file__)), "../site/templates")]}],
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402  (models need the settings)
from django.shortcuts import render  # noqa: E402


class Publisher(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "bench"


class Author(models.Model):
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    publisher = models.ForeignKey(Publisher, models.CASCADE, related_name="authors")

    class Meta:
        app_label = "bench"


class Book(models.Model):
    title = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    published = models.DateField()
    created = models.DateTimeField()
    in_stock = models.BooleanField()
    pages = models.IntegerField()
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")

    class Meta:
        app_label = "bench"


class World(models.Model):
    random_number = models.IntegerField()

    class Meta:
        app_label = "bench"


class Fortune(models.Model):
    message = models.CharField(max_length=2048)

    class Meta:
        app_label = "bench"


def one_row(request):
    world = World.objects.get(pk=random.randint(1, 10000))
    return JsonResponse({"id": world.id, "randomNumber": world.random_number})


def twenty_queries(request):
    worlds = [World.objects.get(pk=random.randint(1, 10000)) for _ in range(20)]
    return JsonResponse([{"id": w.id, "randomNumber": w.random_number} for w in worlds], safe=False)


def twenty_rows(request):
    start = random.randint(1, 9980)
    return JsonResponse(list(Book.objects.filter(pk__gte=start).order_by("pk").values()[:20]), safe=False)


def twenty_updates(request):
    worlds = []
    for _ in range(20):
        world = World.objects.get(pk=random.randint(1, 10000))
        world.random_number = random.randint(1, 10000)
        world.save(update_fields=["random_number"])
        worlds.append({"id": world.id, "randomNumber": world.random_number})
    return JsonResponse(worlds, safe=False)


def fortunes(request):
    rows = list(Fortune.objects.all())
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=lambda row: row.message)
    return render(request, "fortunes.html", {"fortunes": rows})


def plaintext(request):
    return HttpResponse("Hello, World!", content_type="text/plain")


urlpatterns = [path("plaintext", plaintext), path("row", one_row), path("queries", twenty_queries),
               path("updates", twenty_updates), path("together", twenty_queries), path("rows", twenty_rows), path("fortunes", fortunes)]

FORTUNES = [
    "fortune: No such file or directory",
    "A computer scientist is someone who fixes things that aren't broken.",
    "After enough decimal places, nobody gives a damn.",
    "A bad random number generator: 1, 1, 1, 1, 1, 4.33e+67, 1, 1, 1",
    "A computer program does what you tell it to do, not what you want it to do.",
    "Emacs is a nice operating system, but I prefer UNIX. — Tom Christaensen",
    "Any program that runs right is obsolete.",
    "A list is only as strong as its weakest link. — Donald Knuth",
    "Feature: A bug with seniority.",
    "Computers make very fast, very accurate mistakes.",
    '<script>alert("This should not be displayed in a browser alert box.");</script>',
    "フレームワークのベンチマーク",
]


def books(first, n, title):
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    return [Book(title=title(i), price=Decimal(i % 5000 + 100) / 100, published=datetime.date(2000, 1, 1 + i % 28),
                 created=start + datetime.timedelta(minutes=i), in_stock=bool(i % 3), pages=100 + i % 700,
                 author_id=1 + i % 100) for i in range(first, first + n)]


def make():
    with connection.schema_editor() as editor:
        for model in (Publisher, Author, Book, World, Fortune):
            editor.create_model(model)
    with transaction.atomic():
        Publisher.objects.bulk_create(Publisher(name=f"Publisher {i}") for i in range(10))
        Author.objects.bulk_create(Author(name=f"Author {i}", country="DE", publisher_id=1 + i % 10)
                                   for i in range(100))
        Book.objects.bulk_create(books(0, 10000, lambda i: f'The "Great" Book of Chapter & Verse, vol. {i}'))
        World.objects.bulk_create(World(random_number=random.randint(1, 10000)) for _ in range(10000))
        Fortune.objects.bulk_create(Fortune(message=message) for message in FORTUNES)


def bulk():
    made = books(10000, 100000, lambda i: 'The "Great" Book of Chapter & Verse')
    before = time.process_time()
    Book.objects.bulk_create(made)
    print(f"{(time.process_time() - before) * 1e6:.3f}")
    Book.objects.filter(pk__gt=10000)._raw_delete("default")


if __name__ == "__main__":
    {"make": make, "bulk": bulk}[sys.argv[1]]()
else:
    from django.core.wsgi import get_wsgi_application
    application = get_wsgi_application()
