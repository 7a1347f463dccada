"""The models of shop/models.c, in Python."""
import os
import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Now, Upper

LATER = os.environ.get("STEP") == "2"
SERVER = os.environ.get("ENGINE", "sqlite3") != "sqlite3"  # which has no generated columns that are not stored


class Stamped(models.Model):
    created = models.DateTimeField(db_default=Now())
    note = models.CharField(max_length=20, blank=True, db_comment="Any text.")

    class Meta:
        abstract = True


class Category(Stamped):
    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=40, db_collation="NOCASE", db_index=True)
    slug = models.SlugField(allow_unicode=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="category_lower_name"),
            models.UniqueConstraint(fields=["slug"], condition=Q(parent__isnull=True), name="category_root"),
        ]


class Product(models.Model):
    name = models.CharField(max_length=60, db_default="thing's")
    status = models.CharField(max_length=8, choices=[("new", "New"), ("Past", [("old", "Old")])], default="new")
    price = models.DecimalField(max_digits=8, decimal_places=2, db_default=1)
    quantity = models.IntegerField(db_default=Value(1) + Value(1))
    total = models.GeneratedField(expression=F("quantity") * 2 + 1, output_field=models.IntegerField(), db_persist=True)
    label = models.GeneratedField(expression=Upper("name"), output_field=models.CharField(max_length=60),
                                  db_persist=SERVER)
    rank = models.IntegerField(null=True)
    categories = models.ManyToManyField(Category, blank=True)
    if LATER:
        seen = models.DateTimeField(db_default=Now())
        weight = models.IntegerField(db_default=7)
        double_weight = models.GeneratedField(expression=F("weight") + F("weight"),
                                              output_field=models.IntegerField(), db_persist=True)

    class Meta:
        indexes = [
            models.Index(fields=["name", "-price"]),
            models.Index(fields=["price"], condition=Q(price__lt=10, status="new"), name="product_cheap"),
            models.Index(Upper("name").desc(), F("price"), name="product_upper"),
        ] + ([models.Index(F("weight") % 10, name="product_weight")] if LATER else [])
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0) | ~Q(quantity__gte=F("rank")), name="product_prices"),
            models.UniqueConstraint(fields=["name", "status"], name="product_once"),
            models.UniqueConstraint(fields=["rank"], deferrable=models.Deferrable.DEFERRED, name="product_late"),
        ] + ([models.CheckConstraint(condition=Q(weight__gte=F("quantity") - 100), name="product_weighs")]
             if LATER else [])


class Book(Product):
    isbn = models.CharField(max_length=13, unique=True)
    shelf = models.ForeignKey(Category, on_delete=models.PROTECT, db_constraint=False, db_index=False)


class CheapProduct(Product):
    class Meta:
        proxy = True
        ordering = ["price"]


class Everything(models.Model):
    big = models.BigIntegerField()
    small = models.SmallIntegerField()
    pos = models.PositiveIntegerField()
    pos_big = models.PositiveBigIntegerField()
    pos_small = models.PositiveSmallIntegerField()
    binary = models.BinaryField(max_length=10)
    maybe = models.BooleanField(null=True)
    yes = models.BooleanField(db_default=True)
    day = models.DateField(auto_now=True)
    published = models.DateField(unique_for_year="day", db_column="pub")
    hour = models.TimeField(auto_now_add=True)
    span = models.DurationField()
    ratio = models.FloatField(db_default=1.5)
    email = models.EmailField()
    url = models.URLField()
    ip = models.GenericIPAddressField(protocol="IPv4")
    path = models.FilePathField(path="/tmp")
    text = models.TextField()
    file = models.FileField(upload_to="f/")
    picture = models.FileField(upload_to="p/")
    json = models.JSONField(default=dict)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        db_table = "all_of_it"
        unique_together = [("big", "small")]
