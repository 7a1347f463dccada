"""Scenarios of changes, and what Django's autodetector and optimizer make of them.

Prints the scenarios as C to the file named, and what was found to standard output.
"""
import os
import pathlib
import sys
import urllib.parse
import uuid

import django
from django.conf import settings


def database(url):
    """DATABASES["default"] of an address."""
    parsed = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parsed.query))
    engine = {"sqlite": "sqlite3", "postgres": "postgresql", "mysql": "mysql"}[parsed.scheme]
    name = url.removeprefix("sqlite:///") if engine == "sqlite3" else parsed.path.lstrip("/")
    return {"ENGINE": f"django.db.backends.{engine}", "NAME": name, "USER": parsed.username, "PASSWORD": urllib.parse.unquote(parsed.password or ""),
            "HOST": query.get("unix_socket") or parsed.hostname, "PORT": str(parsed.port or "")}


settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"], USE_TZ=True,
                   DATABASES={"default": database(os.environ["DATABASE_URL"])} if "DATABASE_URL" in os.environ else {},
                   DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()

from django.db import migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.operations import (AddConstraint, AddField, AddIndex, AlterConstraint, AlterField,
                                             AlterModelOptions, AlterModelTable, AlterOrderWithRespectTo,
                                             AlterUniqueTogether, CreateModel, DeleteModel, RemoveConstraint, RemoveField,
                                             RemoveIndex, RenameField, RenameIndex, RenameModel, RunSQL)
from django.db.migrations.optimizer import MigrationOptimizer
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import c_migrations
import migration_changes
import migration_names
import migration_random

CASCADE, PROTECT, SET_NULL = models.CASCADE, models.PROTECT, models.SET_NULL
Char, Int, Text, Date, Bool = models.CharField, models.IntegerField, models.TextField, models.DateField, models.BooleanField


def key():
    return ("id", models.BigAutoField(primary_key=True))


def char(n=20, **more):
    return Char(max_length=n, **more)


def fk(to, **more):
    return models.ForeignKey(to, on_delete=CASCADE, **more)


def m2m(to, **more):
    return models.ManyToManyField(to, **more)


def model(app, name, *fields, bases=(), **options):
    """A model's state as the step that makes it."""
    return app, CreateModel(name, [key(), *fields], options=options, bases=tuple(bases) or None)


def keyless(app, name, *fields, bases=(), **options):
    return app, CreateModel(name, list(fields), options=options, bases=tuple(bases) or None)


AUTHOR = model("a", "Author", ("name", char()))
BOOK = model("a", "Book", ("title", char()), ("author", fk("a.Author")))
USER = model("auth", "User", ("username", char()))


def author(*fields, **options):
    return model("a", "Author", ("name", char()), *fields, **options)


def book(*fields, **options):
    return model("a", "Book", ("title", char()), *fields, **options)


SCENARIOS = {
    "a new app": ([], [AUTHOR]),
    "two models that refer": ([], [BOOK, AUTHOR]),
    "a chain": ([], [model("a", "C"), model("a", "B", ("c", fk("a.C"))), model("a", "A", ("b", fk("a.B")))]),
    "a circle in an app": ([], [model("a", "Egg", ("hen", fk("a.Hen"))), model("a", "Hen", ("egg", fk("a.Egg", null=True)))]),
    "a circle of three": ([], [model("a", "A", ("b", fk("a.B"))), model("a", "B", ("c", fk("a.C"))),
                               model("a", "C", ("a", fk("a.A")))]),
    "to itself": ([], [model("a", "Node", ("up", fk("a.Node", null=True)), ("near", m2m("a.Node")))]),
    "two apps": ([], [model("b", "Shelf", ("book", fk("a.Book"))), AUTHOR, BOOK]),
    "apps in a circle": ([], [model("a", "A", ("b", fk("b.B"))), model("b", "B", ("a", fk("a.A", null=True)))]),
    "three apps": ([], [model("c", "C", ("b", fk("b.B")), ("a", fk("a.A"))), model("b", "B", ("a", fk("a.A"))), model("a", "A")]),
    "apps in a circle of three": ([], [model("a", "A", ("b", fk("b.B"))), model("b", "B", ("c", fk("c.C"))),
                                       model("c", "C", ("a", fk("a.A")))]),
    "a reference to an old app": ([AUTHOR], [AUTHOR, model("b", "Shelf", ("author", fk("a.Author")))]),
    "many to many": ([], [AUTHOR, book(("authors", m2m("a.Author")))]),
    "many to many through": ([], [AUTHOR, book(("authors", m2m("a.Author", through="a.Writes"))),
                                  model("a", "Writes", ("author", fk("a.Author")), ("book", fk("a.Book")))]),
    "through another app": ([], [AUTHOR, book(("authors", m2m("a.Author", through="b.Writes"))),
                                 model("b", "Writes", ("author", fk("a.Author")), ("book", fk("a.Book")))]),
    "the site's users": ([USER], [USER, model("a", "Post", ("by", fk("auth.User")))]),
    "indexes and constraints of a new model": ([], [AUTHOR, book(
        ("author", fk("a.Author")), indexes=[models.Index(fields=["title", "author"], name="ta")],
        constraints=[models.UniqueConstraint(fields=["title", "author"], name="one")], unique_together={("title", "author")})]),
    "unique together of a new model": ([], [model("a", "P", ("x", Int()), ("y", Int()), unique_together={("x", "y")})]),
    "options of a new model": ([], [author(ordering=["name"], verbose_name="writer", db_table="writers")]),
    "order with respect to, new": ([], [AUTHOR, book(("author", fk("a.Author")), order_with_respect_to="author")]),
    "a child": ([], [AUTHOR, keyless("a", "Poet", ("author_ptr", models.OneToOneField(
        "a.Author", auto_created=True, on_delete=CASCADE, parent_link=True, primary_key=True, serialize=False)),
        ("verses", Int()), bases=["a.Author"])]),
    "a proxy": ([AUTHOR], [AUTHOR, keyless("a", "Ghost", bases=["a.Author"], proxy=True)]),
    "a proxy with its model": ([], [keyless("a", "Ghost", bases=["a.Author"], proxy=True), AUTHOR]),
    "a proxy is gone": ([AUTHOR, keyless("a", "Ghost", bases=["a.Author"], proxy=True)], [AUTHOR]),
    "unmanaged": ([], [author(managed=False)]),
    "unmanaged is gone": ([author(managed=False)], []),
    "managed now": ([author(managed=False)], [AUTHOR]),
    "unmanaged now": ([AUTHOR], [author(managed=False)]),
    "a model is gone": ([AUTHOR], []),
    "models that refer are gone": ([AUTHOR, BOOK], []),
    "a circle is gone": ([model("a", "Egg", ("hen", fk("a.Hen"))), model("a", "Hen", ("egg", fk("a.Egg", null=True)))], []),
    "what was referred to is gone": ([AUTHOR, BOOK], [book()]),
    "with unique together it is gone": ([AUTHOR, book(("author", fk("a.Author")), unique_together={("title", "author")})],
                                        [AUTHOR]),
    "through is gone": ([AUTHOR, book(("authors", m2m("a.Author", through="a.Writes"))),
                         model("a", "Writes", ("author", fk("a.Author")), ("book", fk("a.Book")))], [AUTHOR, book()]),
    "models of two apps are gone": ([AUTHOR, model("b", "Shelf", ("author", fk("a.Author")))], []),
    "a field is added": ([AUTHOR], [author(("bio", Text(blank=True)))]),
    "fields are added": ([AUTHOR], [author(("zip", Int(null=True)), ("age", Int(default=3)), ("born", Date(null=True)))]),
    "a field without a value": ([AUTHOR], [author(("age", Int()))]),
    "a field with the time": ([AUTHOR], [author(("made", models.DateTimeField(auto_now_add=True)))]),
    "a field with the time of change": ([AUTHOR], [author(("changed", models.DateTimeField(auto_now=True)))]),
    "a database default": ([AUTHOR], [author(("age", Int(db_default=7)))]),
    "a unique field with a callable": ([AUTHOR], [author(("code", models.UUIDField(default=uuid.uuid4, unique=True)))]),
    "a foreign key is added": ([AUTHOR, book()], [AUTHOR, BOOK]),
    "a key to a new model": ([book()], [AUTHOR, BOOK]),
    "a key to a new app": ([AUTHOR], [author(("shelf", fk("b.Shelf", null=True))), model("b", "Shelf")]),
    "many to many is added": ([AUTHOR, book()], [AUTHOR, book(("authors", m2m("a.Author")))]),
    "a field is removed": ([author(("age", Int()))], [AUTHOR]),
    "fields are removed and added": ([author(("zip", Int()), ("age", Int()))], [author(("town", char()), ("bio", Text(blank=True)))]),
    "a field is altered": ([AUTHOR], [model("a", "Author", ("name", char(40)))]),
    "a field becomes null": ([author(("age", Int()))], [author(("age", Int(null=True)))]),
    "a field becomes not null": ([author(("age", Int(null=True)))], [author(("age", Int()))]),
    "a default for not null": ([author(("age", Int(null=True)))], [author(("age", Int(default=1)))]),
    "choices": ([author(("kind", char()))], [author(("kind", char(choices=[("p", "Poet"), ("n", "Novelist")])))]),
    "a key becomes many": ([AUTHOR, BOOK], [AUTHOR, book(("author", m2m("a.Author")))]),
    "a key to another model": ([AUTHOR, model("a", "Person"), BOOK], [AUTHOR, model("a", "Person"), book(("author", fk("a.Person")))]),
    "a field is renamed": ([AUTHOR], [model("a", "Author", ("full_name", char()))]),
    "a renamed field keeps its column": ([AUTHOR], [model("a", "Author", ("full_name", char(db_column="name")))]),
    "a renamed field and a new one": ([AUTHOR], [model("a", "Author", ("full_name", char()), ("age", Int(null=True)))]),
    "a key is renamed": ([AUTHOR, BOOK], [AUTHOR, book(("writer", fk("a.Author")))]),
    "two fields are renamed": ([author(("age", Int()))], [model("a", "Author", ("full", char()), ("years", Int()))]),
    "a renamed field of unique together": ([model("a", "P", ("x", Int()), ("y", Text()), unique_together={("x", "y")})],
                                           [model("a", "P", ("x", Int()), ("z", Text()), unique_together={("x", "z")})]),
    "a model is renamed": ([AUTHOR], [model("a", "Writer", ("name", char()))]),
    "a referred model is renamed": ([AUTHOR, BOOK], [model("a", "Writer", ("name", char())), book(("author", fk("a.Writer")))]),
    "a model and its key are renamed": ([AUTHOR, BOOK], [model("a", "Writer", ("name", char())), book(("writer", fk("a.Writer")))]),
    "a model with many is renamed": ([AUTHOR, book(("authors", m2m("a.Author")))],
                                     [model("a", "Writer", ("name", char())), book(("authors", m2m("a.Writer")))]),
    "a model of another app is renamed": ([AUTHOR, model("b", "Shelf", ("author", fk("a.Author")))],
                                          [model("a", "Writer", ("name", char())), model("b", "Shelf", ("author", fk("a.Writer")))]),
    "a through model is renamed": ([AUTHOR, book(("authors", m2m("a.Author", through="a.Writes"))),
                                    model("a", "Writes", ("author", fk("a.Author")), ("book", fk("a.Book")))],
                                   [AUTHOR, book(("authors", m2m("a.Author", through="a.Authorship"))),
                                    model("a", "Authorship", ("author", fk("a.Author")), ("book", fk("a.Book")))]),
    "renamed and one more": ([AUTHOR], [model("a", "Writer", ("name", char())), model("a", "Other", ("n", Int()))]),
    "an index is added": ([AUTHOR], [author(indexes=[models.Index(fields=["name"], name="by_name")])]),
    "an index is removed": ([author(indexes=[models.Index(fields=["name"], name="by_name")])], [AUTHOR]),
    "an index is renamed": ([author(indexes=[models.Index(fields=["name"], name="by_name")])],
                            [author(indexes=[models.Index(fields=["name"], name="on_name")])]),
    "an index is changed": ([author(indexes=[models.Index(fields=["name"], name="by_name")])],
                            [author(indexes=[models.Index(fields=["-name"], name="by_name")])]),
    "an index of a new field": ([AUTHOR], [author(("age", Int(default=1)), indexes=[models.Index(fields=["age"], name="by_age")])]),
    "a constraint is added": ([author(("age", Int()))], [author(("age", Int()), constraints=[
        models.CheckConstraint(condition=models.Q(age__gte=0), name="old")])]),
    "a constraint is removed": ([author(("age", Int()), constraints=[
        models.CheckConstraint(condition=models.Q(age__gte=0), name="old")])], [author(("age", Int()))]),
    "a constraint is changed": ([author(("age", Int()), constraints=[
        models.CheckConstraint(condition=models.Q(age__gte=0), name="old")])], [author(("age", Int()), constraints=[
            models.CheckConstraint(condition=models.Q(age__gte=1), name="old")])]),
    "a constraint's message": ([author(("age", Int()), constraints=[
        models.CheckConstraint(condition=models.Q(age__gte=0), name="old")])], [author(("age", Int()), constraints=[
            models.CheckConstraint(condition=models.Q(age__gte=0), name="old", violation_error_message="Too young.")])]),
    "unique together is added": ([model("a", "P", ("x", Int()), ("y", Int()))],
                                 [model("a", "P", ("x", Int()), ("y", Int()), unique_together={("x", "y")})]),
    "unique together is removed": ([model("a", "P", ("x", Int()), ("y", Int()), unique_together={("x", "y")})],
                                   [model("a", "P", ("x", Int()), ("y", Int()))]),
    "unique together is changed": ([model("a", "P", ("x", Int()), ("y", Int()), ("z", Int()), unique_together={("x", "y")})],
                                   [model("a", "P", ("x", Int()), ("y", Int()), ("z", Int()), unique_together={("x", "z")})]),
    "unique together loses a field": ([model("a", "P", ("x", Int()), ("y", Int()), unique_together={("x", "y")})],
                                      [model("a", "P", ("x", Int()))]),
    "unique together gets a field": ([model("a", "P", ("x", Int()))],
                                     [model("a", "P", ("x", Int()), ("y", Int(default=0)), unique_together={("x", "y")})]),
    "options change": ([AUTHOR], [author(ordering=["-name"], verbose_name="writer")]),
    "permissions change": ([AUTHOR], [author(permissions=[("can_sign", "Can sign")])]),
    "a table is named": ([AUTHOR], [author(db_table="writers")]),
    "a table gets its own name again": ([author(db_table="writers")], [AUTHOR]),
    "a comment": ([AUTHOR], [author(db_table_comment="Who writes")]),
    "a comment changes": ([author(db_table_comment="Who writes")], [author(db_table_comment="Who wrote")]),
    "order with respect to": ([AUTHOR, BOOK], [AUTHOR, book(("author", fk("a.Author")), order_with_respect_to="author")]),
    "no order with respect to": ([AUTHOR, book(("author", fk("a.Author")), order_with_respect_to="author")], [AUTHOR, BOOK]),
    "order with respect to a new key": ([AUTHOR, book()], [AUTHOR, book(("author", fk("a.Author", null=True)),
                                                                        order_with_respect_to="author")]),
    "order goes with its key": ([AUTHOR, book(("author", fk("a.Author")), order_with_respect_to="author")], [AUTHOR, book()]),
    "many changes, a long name": ([AUTHOR, book()], [author(("biography_in_short", Text(blank=True)), ("birthday", Date(null=True))),
                                                     book(("subtitle", char(blank=True)), ("pages_in_all", Int(null=True)))]),
    "a base loses a field to its child": ([author(("verses", Int(null=True)))], [AUTHOR, keyless("a", "Poet", (
        "author_ptr", models.OneToOneField("a.Author", auto_created=True, on_delete=CASCADE, parent_link=True, primary_key=True,
                                           serialize=False)), ("verses", Int(null=True)), bases=["a.author"])]),
    "nothing": ([AUTHOR, BOOK], [AUTHOR, BOOK]),
}
SCENARIOS.update(migration_changes.SCENARIOS)
SCENARIOS.update(migration_names.SCENARIOS)


def ops(*operations):
    return [("a", op) for op in operations]


A = CreateModel("A", [key(), ("x", Int())])
OPTIMIZED = {
    "create and delete": ops(A, DeleteModel("A")),
    "create, other, delete": ops(A, CreateModel("B", [key()]), DeleteModel("A")),
    "create, referring, delete": ops(A, CreateModel("B", [key(), ("a", fk("a.A"))]), DeleteModel("B")),
    "create and rename": ops(A, RenameModel("A", "B")),
    "rename twice": ops(RenameModel("A", "B"), RenameModel("B", "C")),
    "create and add": ops(A, AddField("A", "y", Int(default=1))),
    "create, other, add": ops(A, CreateModel("B", [key()]), AddField("A", "y", Int(default=1))),
    "create, other, add a key": ops(A, CreateModel("B", [key()]), AddField("A", "b", fk("a.B"))),
    "create and alter": ops(A, AlterField("A", "x", Text())),
    "create and remove": ops(A, RemoveField("A", "x")),
    "create and rename a field": ops(A, RenameField("A", "x", "y")),
    "create and options": ops(A, AlterModelOptions("A", {"verbose_name": "z"}), AlterModelTable("A", "t")),
    "create and unique": ops(CreateModel("A", [key(), ("x", Int()), ("y", Int())]), AlterUniqueTogether("A", {("x", "y")})),
    "unique and remove": ops(CreateModel("A", [key(), ("x", Int()), ("y", Int())], options={"unique_together": {("x", "y")}}),
                             RemoveField("A", "y")),
    "unique and rename": ops(CreateModel("A", [key(), ("x", Int()), ("y", Int())], options={"unique_together": {("x", "y")}}),
                             RenameField("A", "y", "z")),
    "options twice": ops(AlterModelOptions("A", {"verbose_name": "z"}), AlterModelOptions("A", {"verbose_name": "y"})),
    "table and delete": ops(AlterModelTable("A", "t"), DeleteModel("A")),
    "add and alter": ops(AddField("A", "y", Int(default=1)), AlterField("A", "y", Text())),
    "add and remove": ops(AddField("A", "y", Int(default=1)), RemoveField("A", "y")),
    "add and rename": ops(AddField("A", "y", Int(default=1)), RenameField("A", "y", "z")),
    "add, other, remove": ops(AddField("A", "y", Int(default=1)), AddField("A", "z", Int(default=1)), RemoveField("A", "y")),
    "alter twice": ops(AlterField("A", "x", Text()), AlterField("A", "x", Int())),
    "alter and remove": ops(AlterField("A", "x", Text()), RemoveField("A", "x")),
    "alter and rename": ops(AlterField("A", "x", Text()), RenameField("A", "x", "y")),
    "alter a column and rename": ops(AlterField("A", "x", Text(db_column="x")), RenameField("A", "x", "y")),
    "rename a field twice": ops(RenameField("A", "x", "y"), RenameField("A", "y", "z")),
    "remove and delete": ops(RemoveField("A", "x"), DeleteModel("A")),
    "index and remove": ops(AddIndex("A", models.Index(fields=["x"], name="i")), RemoveIndex("A", "i")),
    "index and rename": ops(AddIndex("A", models.Index(fields=["x"], name="i")), RenameIndex("A", new_name="j", old_name="i")),
    "rename an index twice": ops(RenameIndex("A", new_name="j", old_name="i"), RenameIndex("A", new_name="k", old_name="j")),
    "create and index": ops(A, AddIndex("A", models.Index(fields=["x"], name="i"))),
    "create, index, remove": ops(A, AddIndex("A", models.Index(fields=["x"], name="i")), RemoveIndex("A", "i")),
    "create and constraint": ops(A, AddConstraint("A", models.UniqueConstraint(fields=["x"], name="u"))),
    "create, constraint, remove": ops(A, AddConstraint("A", models.UniqueConstraint(fields=["x"], name="u")), RemoveConstraint("A", "u")),
    "constraint and remove": ops(AddConstraint("A", models.UniqueConstraint(fields=["x"], name="u")), RemoveConstraint("A", "u")),
    "constraint and alter": ops(AddConstraint("A", models.UniqueConstraint(fields=["x"], name="u")),
                                AlterConstraint("A", "u", models.UniqueConstraint(fields=["x"], name="u", violation_error_message="m"))),
    "order": ops(CreateModel("A", [key()]), CreateModel("B", [key(), ("a", fk("a.A"))]), AlterOrderWithRespectTo("B", "a")),
    "sql between": ops(A, RunSQL("SELECT 1", "SELECT 1"), AddField("A", "y", Int(default=1))),
    "elidable between": ops(A, RunSQL("SELECT 1", "SELECT 1", elidable=True), AddField("A", "y", Int(default=1))),
    "elidable alone": ops(RunSQL("SELECT 1", "SELECT 1", elidable=True), RunSQL("SELECT 2", "SELECT 2")),
    "key between": ops(A, CreateModel("B", [key()]), AddField("B", "a", fk("a.A")), AddField("A", "b", fk("a.B", null=True))),
    "delete through": ops(A, CreateModel("B", [key()]), RenameModel("B", "C"), DeleteModel("A")),
    "a base": ops(A, keyless("a", "P", bases=["a.A"], proxy=True)[1], AddField("A", "y", Int(default=1))),
    "a long way": ops(A, AddField("A", "y", Int(default=1)), RenameField("A", "y", "z"), AlterField("A", "z", Text()),
                      AddIndex("A", models.Index(fields=["z"], name="i")), AlterModelOptions("A", {"ordering": ["z"]}),
                      CreateModel("B", [key(), ("a", fk("a.A"))]), RenameModel("A", "Aa"), RemoveField("B", "a"), DeleteModel("B")),
}


class Yes(MigrationQuestioner):
    def __init__(self):
        super().__init__({"ask_initial": True, "ask_rename": True, "ask_rename_model": True})

    def ask_not_null_addition(self, field_name, model_name):
        return migration_changes.one_off(field_name)

    ask_not_null_alteration = ask_auto_now_add_addition = ask_not_null_addition


def state_of(steps):
    state = ProjectState()
    for app, op in steps:
        op.state_forwards(app, state)
    return state


def graph_of(steps):
    graph = MigrationGraph()
    for app in {app for app, _ in steps}:
        graph.add_node((app, "0001_initial"), None)
    return graph


def told(op):
    """As Nuages says it: expressions in the words of migration files."""
    text = op.formatted_description()
    if isinstance(op, AddIndex) and op.index.expressions:
        text = text.replace(", ".join(map(str, op.index.expressions)),
                            ", ".join(map(c_migrations.expression_text, op.index.expressions)))
    return f"  {text}{'' if getattr(op, 'preserve_default', True) else ' (once)'}"


def detected(before, after):
    detector = MigrationAutodetector(state_of(before), state_of(after), Yes())
    for app, made in detector.changes(graph=graph_of(before)).items():
        for migration in made:
            depends = sorted((d[0] == "__setting__" or "AUTH_USER_MODEL" in str(getattr(d, "setting", "")), d[0], d[1])
                             for d in migration.dependencies)
            names = ["settings.AUTH_USER_MODEL.__first__" if users else f"{one}.{name}" for users, one, name in depends]
            yield " ".join([f" {app}.{migration.name} <-", *names])
            yield from (told(op) for op in migration.operations)


def one_offs():
    """The answers to what the values of new columns are, as C."""
    for name in migration_changes.TYPES:
        yield f'    {{ "_{name}", {{ {c_migrations.default(migration_changes.one_off(f"value_{name}"))} }} }},'


def write_c(path, scenarios=SCENARIOS):
    """The scenarios as C; without any given, those for the optimizer too."""
    out, rows = ["static const struct answer answers[] = {", *one_offs(), "};"], []

    def steps(name, given):
        out.append(f"static const struct step {name}[] = {{")
        out.extend(f'    {{ "{app}", {c_migrations.operation(op)} }},' for app, op in given)
        out.append("    { NULL, { 0 } },\n};")

    for i, (name, (before, after)) in enumerate(scenarios.items()):
        steps(f"before_{i}", before)
        steps(f"after_{i}", after)
        rows.append(f'    {{ "{name}", before_{i}, after_{i} }},')
    for i, (name, given) in enumerate(OPTIMIZED.items() if scenarios is SCENARIOS else ()):
        steps(f"given_{i}", given)
        rows.append(f'    {{ "optimized: {name}", given_{i}, NULL }},')
    out += ["static const scenario scenarios[] = {", *rows, "};"]
    pathlib.Path(path).write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    SCENARIOS.update(migration_random.SCENARIOS)  # those who run what is found take the tables' own alone
    write_c(sys.argv[1])
    for name, (before, after) in SCENARIOS.items():
        print("\n".join([name, *detected(before, after)]))
    for name, given in OPTIMIZED.items():
        print("\n".join([f"optimized: {name}", *(told(op) for op in MigrationOptimizer().optimize([op for _, op in given], "a"))]))
