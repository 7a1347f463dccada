from django.contrib.postgres.fields import (
    ArrayField, BigIntegerRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, HStoreField, IntegerRangeField, RangeBoundary)
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import (
    BloomIndex, BrinIndex, BTreeIndex, GinIndex, GistIndex, HashIndex, OpClass, SpGistIndex)
from django.contrib.postgres.validators import RangeMaxValueValidator, RangeMinValueValidator
from django.db import models
from django.db.models.functions import Lower, Upper


def new_label():
    return ["new"]


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
        indexes = [
            GinIndex(name="item_tags", fields=["tags"], fastupdate=False, gin_pending_list_limit=128),
            GinIndex(name="item_name_trigrams", fields=["name"], opclasses=["gin_trgm_ops"]),
            models.Index(OpClass(Upper("name"), name="varchar_pattern_ops").desc(), OpClass("id", name="int8_ops"), name="item_upper"),
            BrinIndex(name="item_id_brin", fields=["id"], autosummarize=True, pages_per_range=4),
            HashIndex(name="item_name_hash", fields=["name"], fillfactor=50),
            BloomIndex(name="item_name_bloom", fields=["name"], length=80, columns=[4]),
        ]
        constraints = [models.CheckConstraint(name="item_named", condition=~models.Q(name="")),
                       models.CheckConstraint(name="item_allowed", condition=~models.Q(name="forbidden")),
                       models.UniqueConstraint(OpClass(Lower("name"), name="text_pattern_ops"), models.F("id"), name="item_lower")]

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
        indexes = [
            GistIndex(name="span_ints", fields=["ints"], include=["whole"], buffering=True, fillfactor=70),
            SpGistIndex(name="span_dates", fields=["dates"], condition=models.Q(whole__gt=0), fillfactor=80),
            BTreeIndex(name="span_whole", fields=["-whole", "big"], fillfactor=60, deduplicate_items=False),
            models.Index(name="span_big", fields=["big"]),
        ]
        constraints = [ExclusionConstraint(name="span_apart", expressions=[("ints", "&&"), ("whole", "=")],
                                           condition=models.Q(whole__gt=0), include=["day"],
                                           deferrable=models.Deferrable.DEFERRED),
                       ExclusionConstraint(name="span_day", expressions=[
                           (OpClass("ints", name="range_ops"), "&&"), ("id", "="),
                           (models.Func("day", "day", RangeBoundary(inclusive_upper=True), function="DATERANGE"), "&&")])]


class Note(models.Model):
    data = HStoreField(blank=True, default=dict)
    maps = optional(ArrayField, HStoreField())
    labels = ArrayField(models.CharField(max_length=5), blank=True, default=new_label)

    class Meta:
        ordering = ["id"]
