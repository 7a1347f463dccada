"""Changes of models that are made by tables: each type of field with each change of its options, types that
become others, relations, renames, options of models, indexes and constraints.

SCENARIOS is {name: (before, after)}; both are lists of (app, operation that makes a model). The field that is
changed is called after its type, so that the one who is asked for a value knows one that fits.
"""
import copy
import datetime
import decimal
import uuid

from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.models.functions import Lower, Upper

CASCADE = models.CASCADE
F, Q = models.F, models.Q
UTC = datetime.timezone.utc

# ---- types: what a field needs, a default, and two values that rows have ----------------------------

TYPES = {
    "char": (models.CharField, {"max_length": 20}, "x", ("1", "2")),
    "text": (models.TextField, {}, "x", ("1", "2")),
    "email": (models.EmailField, {}, "x@example.org", ("a@example.org", "b@example.org")),
    "slug": (models.SlugField, {}, "x", ("1", "2")),
    "url": (models.URLField, {}, "http://x.org/", ("http://a.org/", "http://b.org/")),
    "path": (models.FilePathField, {"path": "/tmp"}, "x", ("1", "2")),
    "file": (models.FileField, {"upload_to": "a"}, "x", ("1", "2")),
    "image": (models.ImageField, {"upload_to": "a"}, "x", ("1", "2")),
    "bool": (models.BooleanField, {}, False, (False, True)),
    "int": (models.IntegerField, {}, 5, (1, 2)),
    "big": (models.BigIntegerField, {}, 5, (1, 2)),
    "small": (models.SmallIntegerField, {}, 5, (1, 2)),
    "posint": (models.PositiveIntegerField, {}, 5, (1, 2)),
    "posbig": (models.PositiveBigIntegerField, {}, 5, (1, 2)),
    "possmall": (models.PositiveSmallIntegerField, {}, 5, (1, 2)),
    "float": (models.FloatField, {}, 1.5, (1.0, 2.0)),
    "decimal": (models.DecimalField, {"max_digits": 8, "decimal_places": 2}, decimal.Decimal("1.50"),
                (decimal.Decimal("1.00"), decimal.Decimal("2.00"))),
    "date": (models.DateField, {}, datetime.date(2020, 1, 2), (datetime.date(2001, 2, 3), datetime.date(2002, 2, 3))),
    "datetime": (models.DateTimeField, {}, datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
                 (datetime.datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC), datetime.datetime(2002, 2, 3, 4, 5, 6, tzinfo=UTC))),
    "time": (models.TimeField, {}, datetime.time(3, 4, 5), (datetime.time(1, 2, 3), datetime.time(2, 2, 3))),
    "duration": (models.DurationField, {}, datetime.timedelta(days=1), (datetime.timedelta(1), datetime.timedelta(2))),
    "uuid": (models.UUIDField, {}, uuid.UUID(int=7), (uuid.UUID(int=1), uuid.UUID(int=2))),
    "json": (models.JSONField, {}, dict, ("[1]", "[2]")),
    "binary": (models.BinaryField, {}, b"x", (b"1", b"2")),
    "ip": (models.GenericIPAddressField, {}, "10.0.0.7", ("10.0.0.1", "10.0.0.2")),
}

NO_DB_DEFAULT = ("json", "binary", "duration", "file", "image", "path")
NO_INDEX = ("text", "binary", "json")
EVERY = {"null": True, "blank": True, "unique": True, "db_index": True, "db_column": "kept_as", "db_comment": "What it is",
         "verbose_name": "some name", "help_text": "Say it's \"so\" - 100%.", "editable": False,
         "error_messages": {"null": "Say something."}, "unique_for_date": "day"}
OWN = {
    "char": {"max_length": (20, 40), "db_collation": "C", "choices": [("1", "One"), ("2", "Two")]},
    "text": {"max_length": (None, 200), "db_collation": "C"},
    "email": {"max_length": (254, 100)}, "slug": {"max_length": (50, 80), "allow_unicode": True},
    "url": {"max_length": (200, 300)},
    "path": {"match": "x.*", "recursive": True, "allow_files": False, "allow_folders": True, "max_length": (100, 50),
             "path": ("/tmp", "/var")},
    "file": {"max_length": (100, 120), "upload_to": ("a", "b/%Y")},
    "image": {"width_field": "wide", "height_field": "high", "max_length": (100, 80)},
    "decimal": {"max_digits": (8, 12), "decimal_places": (2, 3)},
    "int": {"choices": [(1, "One"), (2, "Two")]},
    "small": {"choices": [(1, "One"), (2, "Two")]},
    "date": {"auto_now": True, "auto_now_add": True}, "datetime": {"auto_now": True, "auto_now_add": True},
    "time": {"auto_now": True, "auto_now_add": True},
    "ip": {"protocol": ("both", "IPv4"), "unpack_ipv4": True},
    "binary": {"max_length": (None, 30)},
}


def made(type_name, **more):
    cls, needed, _, _ = TYPES[type_name]
    return cls(**{**needed, **more})


def key():
    return ("id", models.BigAutoField(primary_key=True))


def model(app, name, *fields, bases=(), **options):
    return app, CreateModel(name, [key(), *fields], options=options, bases=tuple(bases) or None)


def keyless(app, name, *fields, bases=(), **options):
    return app, CreateModel(name, list(fields), options=options, bases=tuple(bases) or None)


def thing(*fields, **options):
    return [model("a", "Thing", *fields, **options)]


def fk(to, **more):
    return models.ForeignKey(to, **{"on_delete": CASCADE, **more})


def one(to, **more):
    return models.OneToOneField(to, **{"on_delete": CASCADE, **more})


def m2m(to, **more):
    return models.ManyToManyField(to, **more)


def char(n=20, **more):
    return models.CharField(max_length=n, **more)


def number(**more):
    return models.IntegerField(**more)


SCENARIOS = {}


def change(name, before, after, back=True):
    """A change and, unless that makes no sense, the way back as one of its own."""
    SCENARIOS[name] = (before, after)
    if back:
        SCENARIOS[f"{name}, back"] = copy.deepcopy((after, before))


def one_off(field_name):
    """What is answered when a value for the rows that are there is asked for."""
    kind = TYPES.get(field_name.partition("_")[2])
    return 0 if kind is None else "{}" if kind[2] is dict else kind[2]


# ---- fields -----------------------------------------------------------------------------------------


def options_of(type_name):
    """(name of the option, arguments without, arguments with)"""
    default = TYPES[type_name][2]
    for option, value in EVERY.items():
        if option == "unique" and type_name in NO_INDEX or option == "db_index" and type_name in NO_INDEX:
            continue
        yield option, {}, {option: value}
    yield "default", {}, {"default": default}
    if type_name not in NO_DB_DEFAULT:
        yield "db_default", {}, {"db_default": default}
        yield "null to a database default", {"null": True}, {"db_default": default}
    yield "null with a default", {"null": True, "default": default}, {"default": default}
    if type_name not in NO_INDEX:
        yield "unique to index", {"unique": True}, {"db_index": True}
        yield "unique and null", {}, {"unique": True, "null": True}
    for option, value in OWN.get(type_name, {}).items():
        without, given = value if isinstance(value, tuple) else (None, value)
        yield option, {} if without is None else {option: without}, {option: given}


def fields():
    for type_name in TYPES:
        name = f"value_{type_name}"
        change(f"{type_name} is added", thing(), thing((name, made(type_name))))
        change(f"{type_name} is added, null", thing(), thing((name, made(type_name, null=True))), back=False)
        change(f"{type_name} is added, default", thing(), thing((name, made(type_name, default=TYPES[type_name][2]))), back=False)
        change(f"{type_name} is renamed", thing((name, made(type_name))), thing((f"other_{type_name}", made(type_name))), back=False)
        change(f"{type_name} is renamed, null", thing((name, made(type_name, null=True))),
               thing((f"other_{type_name}", made(type_name, null=True, db_column=name))))

        def more():
            return [("wide", number(null=True)), ("high", number(null=True)), ("day", models.DateField(null=True))]

        for option, without, given in options_of(type_name):
            change(f"{type_name} {option}", thing((name, made(type_name, **without)), *more()),
                   thing((name, made(type_name, **given)), *more()))


# Types whose values the databases can make into each other.
ALIKE = (("char", "text", "slug", "url", "email", "file"), ("int", "big", "small", "posint", "posbig", "possmall", "float", "decimal", "char", "text"),
         ("date", "datetime"), ("char", "uuid"), ("bool", "int", "char"), ("int", "duration"), ("time", "char"), ("text", "json"), ("char", "ip"),
         ("char", "binary"), ("date", "char"), ("datetime", "time"))


def types():
    for group in ALIKE:
        for a in group:
            for b in group:
                if a != b and f"{a} becomes {b}" not in SCENARIOS:
                    change(f"{a} becomes {b}", thing(("value", made(a))), thing(("value", made(b))), back=False)
                    change(f"{a} becomes {b}, null and unique", thing(("value", made(a, null=True))), thing(
                        ("value", made(b, null=True, **({} if b in NO_INDEX else {"unique": True})))), back=False)


def keys():
    counted = {"auto": models.AutoField, "big auto": models.BigAutoField, "small auto": models.SmallAutoField,
               "int": models.IntegerField, "char": lambda **more: char(**more), "uuid": models.UUIDField}
    for a, was in counted.items():
        for b, now in counted.items():
            if a != b and "uuid" not in (a, b):
                change(f"the key {a} becomes {b}", [keyless("a", "Thing", ("id", was(primary_key=True)))],
                       [keyless("a", "Thing", ("id", now(primary_key=True)))], back=False)
                change(f"the key {a} that is referred to becomes {b}",
                       [keyless("a", "Thing", ("id", was(primary_key=True))), model("a", "Part", ("of", fk("a.Thing")))],
                       [keyless("a", "Thing", ("id", now(primary_key=True))), model("a", "Part", ("of", fk("a.Thing")))], back=False)
    change("the key is renamed", [keyless("a", "Thing", ("code", char(primary_key=True))), model("a", "Part", ("of", fk("a.Thing")))],
           [keyless("a", "Thing", ("word", char(primary_key=True))), model("a", "Part", ("of", fk("a.Thing")))], back=False)
    change("the key gets longer", [keyless("a", "Thing", ("code", char(primary_key=True))), model("a", "Part", ("of", fk("a.Thing")))],
           [keyless("a", "Thing", ("code", char(40, primary_key=True))), model("a", "Part", ("of", fk("a.Thing")))])


# ---- relations --------------------------------------------------------------------------------------

def others():
    return [model("a", "Author", ("name", char()), ("code", char(unique=True))), model("a", "Person", ("name", char()))]


def book(*more, **options):
    return [*others(), model("a", "Book", ("title", char()), *more, **options)]


RELATION_OPTIONS = {
    "null": {"null": True}, "blank": {"blank": True}, "on_delete": {"on_delete": models.PROTECT},
    "on_delete=DO_NOTHING": {"on_delete": models.DO_NOTHING}, "on_delete=RESTRICT": {"on_delete": models.RESTRICT},
    "on_delete=SET_NULL": {"on_delete": models.SET_NULL, "null": True}, "related_name": {"related_name": "books"},
    "no related_name": {"related_name": "+"}, "related_query_name": {"related_query_name": "tome"},
    "no constraint": {"db_constraint": False}, "to_field": {"to_field": "code"}, "db_column": {"db_column": "writer"},
    "limit_choices_to": {"limit_choices_to": {"name": "x"}}, "verbose_name": {"verbose_name": "writer"},
    "help_text": {"help_text": "Who"}, "editable": {"editable": False}, "db_comment": {"db_comment": "Who wrote it"},
}


def relations():
    for kind, relation in (("key", fk), ("one", one)):
        for option, given in RELATION_OPTIONS.items():
            change(f"{kind} {option}", book(("by", relation("a.Author"))), book(("by", relation("a.Author", **given))))
        change(f"{kind} is added, null", book(), book(("by", relation("a.Author", null=True))))
        change(f"{kind} is renamed", book(("by", relation("a.Author"))), book(("writer", relation("a.Author"))), back=False)
        change(f"{kind} is renamed, its column kept", book(("by", relation("a.Author"))),
               book(("writer", relation("a.Author", db_column="by_id"))))
        change(f"{kind} to another model", book(("by", relation("a.Author"))), book(("by", relation("a.Person"))))
        change(f"{kind} to itself", book(("by", relation("a.Author", null=True))), book(("by", relation("a.Book", null=True))))
        change(f"int becomes {kind}", book(("by", number())), book(("by", relation("a.Author"))))
        change(f"big becomes {kind}", book(("by_id", models.BigIntegerField())), book(("by", relation("a.Author"))))
        change(f"char becomes {kind} to_field", book(("by", char())), book(("by", relation("a.Author", to_field="code"))))
        change(f"{kind} becomes many", book(("by", relation("a.Author"))), book(("by", m2m("a.Author"))))
        change(f"{kind} becomes a model of its own", book(("by", relation("a.Author"))),
               [*book(), model("a", "Writes", ("book", fk("a.Book")), ("author", fk("a.Author")))])
    change("key db_index", book(("by", fk("a.Author"))), book(("by", fk("a.Author", db_index=False))))
    change("key unique", book(("by", fk("a.Author"))), book(("by", fk("a.Author", unique=True))))
    change("key becomes one", book(("by", fk("a.Author"))), book(("by", one("a.Author"))))
    change("key, null, becomes one", book(("by", fk("a.Author", null=True))), book(("by", one("a.Author"))))
    change("a key is the key", [*others(), keyless("a", "Card", ("author", one("a.Author", primary_key=True)))],
           [*others(), keyless("a", "Card", ("author", one("a.Author", primary_key=True, on_delete=models.PROTECT)))])
    for option, given in {"related_name": {"related_name": "books"}, "blank": {"blank": True}, "verbose_name": {"verbose_name": "x"},
                          "limit_choices_to": {"limit_choices_to": {"name": "x"}}, "db_table": {"db_table": "between"},
                          "no constraint": {"db_constraint": False}, "related_query_name": {"related_query_name": "tome"}}.items():
        change(f"many {option}", book(("by", m2m("a.Author"))), book(("by", m2m("a.Author", **given))))
    change("many is added", book(), book(("by", m2m("a.Author"))))
    change("many is renamed", book(("by", m2m("a.Author"))), book(("writers", m2m("a.Author"))), back=False)
    change("many to another model", book(("by", m2m("a.Author"))), book(("by", m2m("a.Person"))))
    change("many becomes text", book(("by", m2m("a.Author"))), book(("by", char(null=True))))
    change("many to itself", book(), book(("near", m2m("a.Book"))))

    def through(*more):
        return model("a", "Writes", ("book", fk("a.Book")), ("author", fk("a.Author")), *more)

    change("many of another name, through", [*book(("by", m2m("a.Author")))],
           [*book(("writers", m2m("a.Author", through="a.Writes"))), through()])
    change("through gets a field", [*book(("by", m2m("a.Author", through="a.Writes"))), through()],
           [*book(("by", m2m("a.Author", through="a.Writes"))), through(("place", number(default=0)))])


# ---- renames ----------------------------------------------------------------------------------------


def renames():
    def writer(*more, name="Author", **options):
        return model("a", name, ("name", char()), ("code", char(unique=True)), *more, **options)

    for what, fields_to in (
            ("with a key", lambda to: [("by", fk(to))]),
            ("with a one to one", lambda to: [("by", one(to))]),
            ("with many", lambda to: [("by", m2m(to))]),
            ("with to_field", lambda to: [("by", fk(to, to_field="code"))]),
            ("with two keys", lambda to: [("by", fk(to, related_name="b")), ("ed", fk(to, null=True, related_name="e"))]),
            ("with a null key", lambda to: [("by", fk(to, null=True))]),
            ("with a key and no way back", lambda to: [("by", fk(to, related_name="+"))])):
        for app, where in (("a", ""), ("b", " elsewhere")):
            change(f"a model {what}{where} is renamed", [writer(), model(app, "Book", *fields_to("a.Author"))],
                   [writer(name="Writer"), model(app, "Book", *fields_to("a.Writer"))])
    change("a model with options is renamed", [writer(db_table="t", ordering=["name"], verbose_name="w")],
           [writer(name="Writer", db_table="t", ordering=["name"], verbose_name="w")])
    change("a model with an index is renamed", [writer(indexes=[models.Index(fields=["name"], name="ix")])],
           [writer(name="Writer", indexes=[models.Index(fields=["name"], name="ix")])])
    change("a model with unique together is renamed", [writer(unique_together={("name", "code")})],
           [writer(name="Writer", unique_together={("name", "code")})])
    change("a model with a constraint is renamed", [writer(constraints=[models.UniqueConstraint(fields=["name"], name="u")])],
           [writer(name="Writer", constraints=[models.UniqueConstraint(fields=["name"], name="u")])])
    change("a model to itself is renamed", [model("a", "Node", ("up", fk("a.Node", null=True)), ("name", char()))],
           [model("a", "Knot", ("up", fk("a.Knot", null=True)), ("name", char()))])
    change("a model with many to itself is renamed", [model("a", "Node", ("near", m2m("a.Node")), ("name", char()))],
           [model("a", "Knot", ("near", m2m("a.Knot")), ("name", char()))])
    change("a model with an own many is renamed", [writer(), model("a", "Book", ("by", m2m("a.Author")), ("n", number()))],
           [writer(), model("a", "Tome", ("by", m2m("a.Author")), ("n", number()))])
    change("both sides are renamed", [writer(), model("a", "Book", ("by", fk("a.Author")), ("n", number()))],
           [writer(name="Writer"), model("a", "Tome", ("by", fk("a.Writer")), ("n", number()))])
    change("a model is renamed by its case", [writer()], [writer(name="AUTHOR")])
    for what, options in (
            ("unique together", lambda n: {"unique_together": {(n, "pages")}}),
            ("an index", lambda n: {"indexes": [models.Index(fields=[n, "-pages"], name="ix")]}),
            ("a unique constraint", lambda n: {"constraints": [models.UniqueConstraint(fields=[n, "pages"], name="u")]}),
            ("a check", lambda n: {"constraints": [models.CheckConstraint(condition=Q(**{f"{n}__gte": 0}), name="c")]}),
            ("ordering", lambda n: {"ordering": [n]})):
        change(f"a field of {what} is renamed", thing(("size", number()), ("pages", number()), **options("size")),
               thing(("width", number()), ("pages", number()), **options("width")), back=False)
    change("a field of order_with_respect_to is renamed", book(("by", fk("a.Author")), order_with_respect_to="by"),
           book(("writer", fk("a.Author")), order_with_respect_to="writer"), back=False)
    change("what a key holds is renamed", book(("by", fk("a.Author", to_field="code"))), [
        model("a", "Author", ("name", char()), ("word", char(unique=True))), others()[1],
        model("a", "Book", ("title", char()), ("by", fk("a.Author", to_field="word")))], back=False)
    change("renamed and altered", thing(("size", number())), thing(("width", models.BigIntegerField())))
    change("renamed, then one of the old name", thing(("size", number())), thing(("width", number()), ("size", char(default=""))))
    change("two swap their names", thing(("a1", number()), ("b1", char())), thing(("b1", number()), ("a1", char())), back=False)


# ---- models -----------------------------------------------------------------------------------------

OPTIONS = {
    "ordering": ["name"], "verbose_name": "thing one", "verbose_name_plural": "things", "db_table": "other_table",
    "db_table_comment": "What's in it", "default_related_name": "all_things", "get_latest_by": "name",
    "permissions": [("can_see", "Can see")], "default_permissions": ["add"], "select_on_save": True, "managed": False,
    "base_manager_name": "objects", "default_manager_name": "objects", "required_db_vendor": "sqlite",
    "unique_together": {("name", "size")},
}


def models_and_options():
    def plain(**options):
        return thing(("name", char()), ("size", number()), **options)

    for option, value in OPTIONS.items():
        change(f"the option {option}", plain(), plain(**{option: value}))
    change("no default permissions", plain(), plain(default_permissions=[]))
    change("ordering of several", plain(ordering=["name"]), plain(ordering=["-size", "name"]))
    change("a table's name with capitals", plain(), plain(db_table="Some Table"))
    change("a table with many is named", book(("by", m2m("a.Author"))), book(("by", m2m("a.Author")), db_table="tomes"))
    change("a table that is referred to is named", [*book(("by", fk("a.Author"))), model("a", "Page", ("book", fk("a.Book")))],
           [*book(("by", fk("a.Author")), db_table="tomes"), model("a", "Page", ("book", fk("a.Book")))])
    change("a table and options", plain(), plain(db_table="t2", ordering=["size"], verbose_name="x", unique_together={("name", "size")}))
    change("two sets of unique together", plain(unique_together={("name", "size")}), plain(unique_together={("name", "size"), ("id", "name")}))
    change("order with respect to", book(("by", fk("a.Author"))), book(("by", fk("a.Author")), order_with_respect_to="by"))
    change("order with respect to another", book(("by", fk("a.Author")), ("of", fk("a.Person")), order_with_respect_to="by"),
           book(("by", fk("a.Author")), ("of", fk("a.Person")), order_with_respect_to="of"))
    change("a proxy is made", plain(), [*plain(), keyless("a", "Ghost", bases=["a.Thing"], proxy=True)])
    change("a proxy gets options", [*plain(), keyless("a", "Ghost", bases=["a.Thing"], proxy=True)],
           [*plain(), keyless("a", "Ghost", bases=["a.Thing"], proxy=True, ordering=["name"], verbose_name="ghost")])
    change("a proxy becomes a model", [*plain(), keyless("a", "Ghost", bases=["a.Thing"], proxy=True)],
           [*plain(), model("a", "Ghost", ("name", char()))])
    change("a key to a proxy", [*plain(), keyless("a", "Ghost", bases=["a.Thing"], proxy=True), model("a", "Card", ("of", fk("a.Thing")))],
           [*plain(), keyless("a", "Ghost", bases=["a.Thing"], proxy=True), model("a", "Card", ("of", fk("a.Ghost")))])

    def child(*more):
        link = ("thing_ptr", one("a.Thing", auto_created=True, parent_link=True, primary_key=True, serialize=False))
        return keyless("a", "Child", link, *more, bases=["a.thing"])

    change("a child is made", plain(), [*plain(), child(("age", number()))])
    change("a child gets a field", [*plain(), child()], [*plain(), child(("age", number(default=3)))])
    change("a child with a key", plain(), [*plain(), child(), model("a", "Card", ("of", fk("a.Child")))])
    change("a model moves to another app", [model("a", "Author", ("name", char())), model("a", "Book", ("by", fk("a.Author")))],
           [model("b", "Author", ("name", char())), model("a", "Book", ("by", fk("b.Author")))], back=False)
    change("managed and a field", plain(managed=False), thing(("name", char()), ("size", number()), ("age", number(null=True))))
    change("unmanaged gets a field", plain(managed=False), thing(("name", char()), ("size", number()), ("age", number()), managed=False))
    change("a circle is made", [model("a", "A"), model("a", "B")],
           [model("a", "A", ("b", fk("a.B", null=True))), model("a", "B", ("a", fk("a.A", null=True)))])
    change("a circle over apps is made", [], [model("a", "A", ("b", fk("b.B", null=True))), model("b", "B", ("a", fk("a.A", null=True)))], back=False)
    change("a circle of many", [], [model("a", "A", ("bs", m2m("a.B"))), model("a", "B", ("as_of", m2m("a.A", related_name="+")))], back=False)
    change("everything at once", [], [*book(("by", fk("a.Author")), ("near", m2m("a.Book")), ("of", one("a.Person", null=True)),
                                            ("n", number(db_index=True)), unique_together={("title", "by")}, ordering=["n"],
                                            indexes=[models.Index(fields=["n", "-title"], name="nt")],
                                            constraints=[models.CheckConstraint(condition=Q(n__gte=0), name="pos")])], back=False)
    change("a long name", [], [model("a", "AnIncrediblyLongNameOfAModelThatNobodyWouldEverChooseForOne", (
        "an_incredibly_long_name_of_a_field_that_nobody_would_choose", char(db_index=True, unique=True)),
        ("another_incredibly_long_name_of_a_field_that_leads_to_itself", fk(
            "a.AnIncrediblyLongNameOfAModelThatNobodyWouldEverChooseForOne", null=True)))], back=False)


# ---- indexes and constraints ------------------------------------------------------------------------

INDEXES = {
    "one": models.Index(fields=["name"], name="ix"), "two": models.Index(fields=["name", "size"], name="ix"),
    "descending": models.Index(fields=["-size", "name"], name="ix"), "condition": models.Index(
        fields=["size"], name="ix", condition=Q(size__gt=3)),
    "expression": models.Index(Lower("name"), name="ix"), "expressions": models.Index(Upper("name").desc(), "size", name="ix"),
    "arithmetic": models.Index(F("size") * 2, name="ix"),
    "condition of two": models.Index(fields=["size"], name="ix", condition=Q(size__gt=3, name="x")),
    "include": models.Index(fields=["name"], name="ix", include=["size"]),
}
CONSTRAINTS = {
    "unique": models.UniqueConstraint(fields=["name"], name="co"), "unique, two": models.UniqueConstraint(fields=["name", "size"], name="co"),
    "unique, condition": models.UniqueConstraint(fields=["name"], name="co", condition=Q(size__gt=3)),
    "unique, expression": models.UniqueConstraint(Lower("name"), name="co"),
    "unique, deferred": models.UniqueConstraint(fields=["name"], name="co", deferrable=models.Deferrable.DEFERRED),
    "unique, include": models.UniqueConstraint(fields=["name"], name="co", include=["size"]),
    "unique, nulls": models.UniqueConstraint(fields=["name"], name="co", nulls_distinct=False),
    "check": models.CheckConstraint(condition=Q(size__gte=0), name="co"),
    "check, two": models.CheckConstraint(condition=Q(size__gte=0, size__lt=100), name="co"),
    "check, null": models.CheckConstraint(condition=Q(size__isnull=False), name="co"),
    "check, in": models.CheckConstraint(condition=Q(size__in=[1, 2]), name="co"),
}


def indexes_and_constraints():
    def plain(**options):
        return thing(("name", char()), ("size", number()), **options)

    for kind, table, first in (("indexes", INDEXES, "one"), ("constraints", CONSTRAINTS, "unique")):
        for what, given in table.items():
            change(f"{kind}: {what}", plain(), plain(**{kind: [given]}))
            if what != first:
                change(f"{kind}: {first} becomes {what}", plain(**{kind: [table[first]]}), plain(**{kind: [given]}))
            renamed = given.clone()
            renamed.name = "other"
            change(f"{kind}: {what} is renamed", plain(**{kind: [given]}), plain(**{kind: [renamed]}), back=False)
            change(f"{kind}: {what} with its field", thing(), plain(**{kind: [given]}), back=False)
    change("a message of a constraint", plain(constraints=[CONSTRAINTS["unique"]]), plain(constraints=[models.UniqueConstraint(
        fields=["name"], name="co", violation_error_message="Taken.", violation_error_code="taken")]))
    change("unique together becomes an index", plain(unique_together={("name", "size")}), plain(indexes=[INDEXES["two"]]))
    change("unique together becomes a constraint", plain(unique_together={("name", "size")}), plain(constraints=[CONSTRAINTS["unique, two"]]))
    change("db_index becomes an index", thing(("name", char(db_index=True)), ("size", number())), plain(indexes=[INDEXES["one"]]))
    change("unique becomes a constraint", thing(("name", char(unique=True)), ("size", number())), plain(constraints=[CONSTRAINTS["unique"]]))
    for what, field, option, constraint in (
            ("unique", lambda **more: char(**more), {"unique": True}, models.UniqueConstraint(fields=["value"], name="co")),
            ("positive", lambda **more: models.PositiveIntegerField(**more), {}, models.CheckConstraint(condition=Q(value__gte=0), name="co"))):
        both = thing(("value", field(**option)), constraints=[constraint])
        change(f"{what} gets a constraint that says the same", thing(("value", field(**option))), both)
        change(f"{what} leaves a constraint that says the same", both, thing(("value", number() if what == "positive" else field()),
                                                                              constraints=[constraint]))
        change(f"{what} with a constraint that says the same gets a default", both, thing(
            ("value", field(**option)), ("more", number(default=1)), constraints=[constraint]))
    change("two indexes swap", plain(indexes=[INDEXES["one"], models.Index(fields=["size"], name="jx")]),
           plain(indexes=[models.Index(fields=["size"], name="ix"), models.Index(fields=["name"], name="jx")]), back=False)
    change("an indexed field is removed", plain(indexes=[INDEXES["two"]]), thing(("name", char())), back=False)
    conditional = {"indexes": [INDEXES["condition"]], "constraints": [CONSTRAINTS["unique, condition"], models.CheckConstraint(condition=Q(size__gte=0), name="least")]}
    for what, field in (("digits", models.DecimalField(max_digits=8, decimal_places=2)), ("a broken number", models.FloatField())):
        change(f"a field of conditions becomes {what}", plain(**conditional), thing(("name", char()), ("size", field), **conditional))
    change("an indexed field changes its type", plain(indexes=[INDEXES["two"]], constraints=[CONSTRAINTS["unique"]]),
           thing(("name", char(60)), ("size", models.BigIntegerField()),
                 indexes=[INDEXES["two"]], constraints=[CONSTRAINTS["unique"]]))


for part in (fields, types, keys, relations, renames, models_and_options, indexes_and_constraints):
    part()
