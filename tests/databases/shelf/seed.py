"""Rows for the shelf, made by Django: run by its manage.py shell."""
import datetime as d
import uuid
from decimal import Decimal as D

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange, NumericRange
from shelf.models import Item, Note, Span

utc = d.timezone.utc
Item.objects.create(name="all", tags=["red", "blue"], scores=[1, 2, 3], grid=[[1, 2], [3, 4]], days=[d.date(2024, 2, 29)],
                    times=[d.datetime(2024, 5, 1, 8, 30, 0, 250000, utc)], prices=[D("1.50"), D("20.00")],
                    tokens=[uuid.UUID(int=7)], documents=[{"a": [1, None]}, "x", 5], periods=[NumericRange(1, 5)],
                    places=["10.0.0.1", "2001:db8::1"])
Item.objects.create(name="odd", tags=['a"b', "c\\d", "e,f", "{}"], scores=[None, 7], grid=[[5, 6]], days=[], documents=[None])
Item.objects.create(name="none", tags=[])
Item.objects.create(name="words", tags=["NULL", "null", " x ", ""], scores=[], prices=[None, D("0.10")])
Item.objects.create(name="wide", tags=["ÄÖÜ", "日本"], scores=[2, 3, 4, 5], grid=[[1, 2], [3, 4], [5, 6]])
day, at = d.date(2024, 3, 1), d.datetime(2024, 3, 1, 12, tzinfo=utc)
Span.objects.create(ints=NumericRange(1, 5), bigs=NumericRange(1, 2**40), decimals=NumericRange(D("1.5"), D("2.50"), "[]"),
                    times=DateTimeTZRange(at, at + d.timedelta(hours=3)), dates=DateRange(day, day + d.timedelta(7)),
                    whole=3, small=3, big=3, ratio=1.75, price=D("2.00"), day=day, moment=at)
Span.objects.create(ints=NumericRange(5, 10, "(]"), bigs=NumericRange(None, 3), decimals=NumericRange(D("2"), None, "(]"),
                    times=DateTimeTZRange(None, at), dates=DateRange(day, None), whole=11, small=-1, big=2**41, ratio=9.5,
                    price=D("9.99"), day=day - d.timedelta(1), moment=at - d.timedelta(1))
Span.objects.create(ints=NumericRange(empty=True), decimals=NumericRange(None, None), whole=7)
Span.objects.create(whole=-4)
Note.objects.create(data={"a": "1", "b": None, "wood": "oak"}, maps=[{"x": "1"}, {"y": None}])
Note.objects.create(data={'q"uote': 'back\\slash', "comma, =>": "NULL", "ä": ""})
Note.objects.create(data={})
Note.objects.create(data={"a": "2", "keys": "k"}, maps=[])
