"""The models of tests/live/wrong_site.c, for Django."""
from django.db import models

long = "x" * 250


class Target(models.Model):
    item_set = models.CharField(max_length=9)
    code = models.CharField(max_length=9)


class Item(models.Model):
    bad_ = models.TextField()
    two__parts = models.TextField()
    address = models.GenericIPAddressField(blank=True)
    folder = models.FilePathField(path="/tmp", allow_files=False)
    document = models.FileField(upload_to="/files")
    price = models.DecimalField(max_digits=2, decimal_places=4)
    bare = models.DecimalField(decimal_places=1)
    day = models.DateField(auto_now=True, auto_now_add=True)
    first = models.ForeignKey(Target, on_delete=models.CASCADE)
    second = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="ends_")
    third = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="two__words")
    fourth = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="+", unique=True)
    fifth = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="same", related_query_name="one")
    sixth = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="same", related_query_name="other")
    by_code = models.ForeignKey(Target, on_delete=models.CASCADE, to_field="code", related_name="no-name")
    many = models.ManyToManyField(Target, null=True, unique=True, db_comment="c", related_name="m")
    friends = models.ManyToManyField("self", related_name="f")

    class Meta:
        ordering = ["nothing", "-first__nowhere"]
        unique_together = [("bad_", "missing"), ("many",)]
        indexes = [models.Index(fields=["absent"], name="starts_wrongly"), models.Index(fields=["bad_"], name="short_at_first")]
        permissions = [("view_item", "Again"), ("sell", "Sell"), ("sell", "Sell twice"), ("long", long + "x" * 20), ("x" * 100 + "y", "Short")]


class Twin(models.Model):
    name = models.TextField()
    again = models.TextField(db_column="name")
    a_name_of_a_column_that_is_longer_than_any_database_would_take_it_at_all = models.TextField()
    of_no_length = models.CharField()
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="twins")

    class Meta:
        db_table = "wrong_item"
        verbose_name = long
        indexes = [models.Index(fields=["name"], name="one_name"), models.Index(fields=["again"], name="one_name")]


class Odd__Name(models.Model):
    class Meta:
        default_permissions = ()


Item._meta.indexes[0].name = "_starts_wrongly"  # refused where it is made
Item._meta.indexes[1].name = "a_name_that_is_longer_than_thirty"
