from django.contrib.postgres.fields import (
    ArrayField, BigIntegerRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, HStoreField, IntegerRangeField)
from django.contrib.postgres.validators import RangeMaxValueValidator, RangeMinValueValidator
from django.db import models


def optional(field, *arguments, **options):
    return field(*arguments, null=True, blank=True, **options)


class Item(models.Model):
    name = models.CharField(max_length=20)
    tags = ArrayField(models.CharField(max_length=10), size=4, blank=True, default=list)
    scores = optional(ArrayField, models.IntegerField())
    grid = optional(ArrayField, ArrayField(models.IntegerField(), size=2))
    days = optional(ArrayField, models.DateField())
    times = optional(ArrayField, models.DateTimeField())
    prices = optional(ArrayField, models.DecimalField(max_digits=6, decimal_places=2))
    tokens = optional(ArrayField, models.UUIDField())
    documents = optional(ArrayField, models.JSONField())
    periods = optional(ArrayField, IntegerRangeField())
    places = optional(ArrayField, models.GenericIPAddressField())

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name


class Span(models.Model):
    ints = optional(IntegerRangeField, validators=[RangeMinValueValidator(0), RangeMaxValueValidator(100)])
    bigs = optional(BigIntegerRangeField)
    decimals = optional(DecimalRangeField, default_bounds="[]")
    times = optional(DateTimeRangeField)
    dates = optional(DateRangeField)
    whole = models.IntegerField(default=0)
    small = models.SmallIntegerField(default=0)
    big = models.BigIntegerField(default=0)
    ratio = models.FloatField(default=0)
    price = optional(models.DecimalField, max_digits=6, decimal_places=2)
    day = optional(models.DateField)
    moment = optional(models.DateTimeField)

    class Meta:
        ordering = ["id"]


class Note(models.Model):
    data = HStoreField(blank=True, default=dict)
    maps = optional(ArrayField, HStoreField())

    class Meta:
        ordering = ["id"]
