"""A history of more than forty changes of models over three apps: step by step, in one go, backwards,
squashed, branched and merged; the schema ends the same, and the rows are kept."""
import functools
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite
from sites import Field, Model, Site

F = Field
CASCADE = ".on_delete = CASCADE"


def history():
    """Steps: (what, change, arguments of makemigrations, SQL that is run after)."""
    def library(m):
        return m["library"]

    def author(m):
        m["library"]["Author"] = Model(F("name", "CharField", ".max_length = 60"))

    def book(m):
        m["library"]["Book"] = Model(F("title", "CharField", ".max_length = 100"), F("author", "ForeignKey", CASCADE, "Author"))

    def person(m):
        m["people"]["Person"] = Model(F("name", "CharField", ".max_length = 60"))

    def order(m):
        m["shop"]["Order"] = Model(F("number", "IntegerField"), F("customer", "ForeignKey", CASCADE, "Person"))

    def item(m):
        m["shop"]["Item"] = Model(F("order", "ForeignKey", CASCADE, "Order"), F("book", "ForeignKey", CASCADE, "Book"),
                                  F("quantity", "IntegerField", "Default(1)"))

    def add(app, model, *field):
        return lambda m: m[app][model].fields.append(F(*field))

    def change(app, model, name, /, **changes):
        return lambda m: m[app][model].set(name, **changes)

    def options(app, model, text):
        def run(m):
            m[app][model].options = text
        return run

    def rename_customer(m):
        m["people"] = {"Customer": m["people"]["Person"]}
        m["shop"]["Order"].set("customer", to="Customer")

    def tags(m):
        m["library"]["Tag"] = Model(F("word", "CharField", ".max_length = 30, .unique = true"))
        m["library"]["Book"].fields.append(F("tags", "ManyToManyField", ".blank = true", "Tag"))

    def label(m):
        m["library"]["Label"] = m["library"].pop("Tag")
        m["library"]["Book"].set("tags", to="Label")

    def profile(m):
        m["people"]["Profile"] = Model(F("customer", "OneToOneField", CASCADE, "Customer"), F("bio", "TextField", ".blank = true"))

    def proxy(m):
        m["people"]["Regular"] = Model(proxy_of="Customer", options='.ordering = { "full_name" }')

    def remove(app, model, name):
        return lambda m: m[app][model].remove(name)

    def drop(app, model):
        return lambda m: m[app].pop(model)

    def ordered(m):
        m["shop"]["Item"].fields.append(F("_order", "OrderWrt"))
        m["shop"]["Item"].options = '.order_with_respect_to = "order",' + m["shop"]["Item"].options

    def unordered(m):
        m["shop"]["Item"].remove("_order")
        m["shop"]["Item"].options = m["shop"]["Item"].options.replace('.order_with_respect_to = "order",', "")

    def through(m):
        m["shop"]["Order"].fields.append(F("books", "ManyToManyField", ".through = &Item_model", "Book"))

    assert library
    checks = '.constraints = { CheckConstraint("item_quantity", "quantity__gte=0"%s), UniqueConstraint("item_once", "order", "book") }'
    return [
        ("authors", author, [], []),
        ("books", book, [], ["""INSERT INTO library_author (name) VALUES ('Ada'), ('Bob')""",
                             """INSERT INTO library_book (title, author_id) VALUES ('Engines', 1), ('Bricks', 2), ('Notes', 1)"""]),
        ("people", person, [], ["INSERT INTO people_person (name) VALUES ('Cleo'), ('Dan')"]),
        ("a column that may be null", add("library", "Book", "pages", "IntegerField", ".null = true"), [],
         ["UPDATE library_book SET pages = 300 WHERE title = 'Engines'"]),
        ("a text", add("library", "Book", "isbn", "CharField", '.max_length = 20, .blank = true, Default("")'), [], []),
        ("a date", add("library", "Author", "born", "DateField", ".null = true"), [],
         ["UPDATE library_author SET born = '1815-12-10' WHERE name = 'Ada'"]),
        ("an app that refers to another", order, [], ["INSERT INTO shop_order (number, customer_id) VALUES (17, 1), (18, 2)"]),
        ("one that refers to two", item, [],
         ["INSERT INTO shop_item (order_id, book_id, quantity) VALUES (1, 1, 2), (1, 2, 1), (2, 1, 5)"]),
        ("a longer column", change("library", "Book", "title", options=".max_length = 200"), [], []),
        ("an index", options("library", "Book", '.indexes = { NamedIndex("book_title", "title") }'), [], []),
        ("an index by another name", options("library", "Book", '.indexes = { NamedIndex("title_of_book", "title") }'), [], []),
        ("an index of two", options("library", "Book", '.indexes = { NamedIndex("title_of_book", "title"), '
                                    'NamedIndex("book_author_title", "author", "-title") }'), [], []),
        ("unique", options("shop", "Item", '.constraints = { UniqueConstraint("item_once", "order", "book") }'), [], []),
        ("a check", options("shop", "Item", checks % ""), [], []),
        ("its message", options("shop", "Item", checks % ', .violation_error_message = "Not that few."'), [], []),
        ("a field by another name", lambda m: change("people", "Person", "name", name="full_name")(m),
         ["--rename", "people.Person.name=full_name"], []),
        ("a model by another name", rename_customer, ["--rename", "people.Person=Customer"], []),
        ("a column that must have a value", add("people", "Customer", "email", "EmailField", ".max_length = 100"),
         ["--default", "people.Customer.email='nobody@example.org'"], []),
        ("a flag", add("people", "Customer", "active", "BooleanField", "Default(true)"), [], []),
        ("many to many", tags, [], ["INSERT INTO library_tag (word) VALUES ('old'), ('new')",
                                    "INSERT INTO library_book_tags (book_id, tag_id) VALUES (1, 1), (2, 2), (3, 1)"]),
        ("its model by another name", label, ["--rename", "library.Tag=Label"], []),
        ("its table by another name", options("library", "Label", '.db_table = "labels"'), [], []),
        ("an order of rows", options("library", "Author", '.ordering = { "name" }'), [], []),
        ("a name for people", options("library", "Author", '.ordering = { "name" }, .verbose_name = "writer"'), [], []),
        ("unique together", options("library", "Label", '.db_table = "labels", .unique_together = { { "word", "id" } }'), [], []),
        ("no more of it", options("library", "Label", '.db_table = "labels"'), [], []),
        ("a column less", remove("library", "Book", "isbn"), [], []),
        ("no more null", change("library", "Book", "pages", options="Default(0)"), [], []),
        ("a decimal", add("library", "Book", "price", "DecimalField", '.max_digits = 8, .decimal_places = 2, Default("0.00")'), [],
         ["UPDATE library_book SET price = 12.50 WHERE title = 'Engines'"]),
        ("a decimal that may be null", add("shop", "Item", "price", "DecimalField", ".max_digits = 8, .decimal_places = 2, .null = true"),
         [], []),
        ("the time of making", add("shop", "Order", "placed_at", "DateTimeField", ".auto_now_add = true"),
         ["--default", "shop.Order.placed_at=timezone.now"], []),
        ("choices", add("shop", "Order", "status", "CharField",
                        '.max_length = 10, Choices(("new", "New"), ("sent", "Sent")), Default("new")'), [], []),
        ("an index of one column", change("shop", "Order", "status", options='.max_length = 10, Choices(("new", "New"), '
                                          '("sent", "Sent")), Default("new"), .db_index = true'), [], []),
        ("a note", add("shop", "Order", "note", "CharField", '.max_length = 50, .blank = true, Default("")'), [],
         ["UPDATE shop_order SET note = 'In a hurry' WHERE number = 17"]),
        ("of any length", change("shop", "Order", "note", type="TextField", options='.blank = true, Default("")'), [], []),
        ("a larger number", change("shop", "Item", "quantity", type="BigIntegerField", options="Default(1)"), [], []),
        ("to itself", add("people", "Customer", "referrer", "ForeignKey", ".on_delete = SET_NULL, .null = true", "Customer"), [],
         ["UPDATE people_customer SET referrer_id = 1 WHERE full_name = 'Dan'"]),
        ("one to one", profile, [], ["INSERT INTO people_profile (customer_id, bio) VALUES (2, 'Reads.')"]),
        ("a proxy", proxy, [], []),
        ("a circle", add("library", "Author", "favourite", "ForeignKey", '.on_delete = SET_NULL, .null = true, .related_name = "+"',
                         "Book"), [], ["UPDATE library_author SET favourite_id = 3 WHERE name = 'Bob'"]),
        ("rows in their order", ordered, [], []),
        ("in none", unordered, [], []),
        ("through a model", through, [], []),
        ("a column that keeps its name", lambda m: m["library"]["Author"].set(
            "born", name="birthday", options='.null = true, .db_column = "born"'), ["--rename", "library.Author.born=birthday"], []),
        ("a check less", options("shop", "Item", '.constraints = { UniqueConstraint("item_once", "order", "book") }'), [], []),
        ("a model that goes", lambda m: m["shop"].update(Voucher=Model(F("code", "CharField", ".max_length = 8"))), [], []),
        ("is gone", drop("shop", "Voucher"), [], []),
        ("a comment", options("people", "Profile", '.db_table_comment = "What they tell of themselves"'), [], []),
    ]


CODE = """
static void shout(const nu_apps *apps, const char *database)
{
    const nu_model *book = nu_historical_model(apps, "library", "Book");
    nu_list *all = nu_values_list(nu_order_by(nu_using(nu_objects_(book), database), "id"), "id", "title") == NULL
        ? NULL : nu_list_new();

    (void)all;
    nu_update(nu_using(nu_filter(nu_objects_(book), Q("title", "Notes")), database), ("title", "NOTES"));
}

static void whisper(const nu_apps *apps, const char *database)
{
    const nu_model *book = nu_historical_model(apps, "library", "Book");

    nu_update(nu_using(nu_filter(nu_objects_(book), Q("title", "NOTES")), database), ("title", "Notes"));
}

"""
CODE = CODE.replace("""    nu_list *all = nu_values_list(nu_order_by(nu_using(nu_objects_(book), database), "id"), "id", "title") == NULL
        ? NULL : nu_list_new();

    (void)all;
""", "\n")

ROWS = {
    "authors": "SELECT name, birthday_ FROM library_author ORDER BY 1",
    "books": "SELECT b.title, a.name, b.pages, b.price FROM library_book b JOIN library_author a ON a.id = b.author_id ORDER BY 1",
    "labels": "SELECT b.title, l.word FROM library_book_tags t JOIN library_book b ON b.id = t.book_id "
              "JOIN labels l ON l.id = t.label_id ORDER BY 1",
    "customers": "SELECT c.full_name, c.email, c.active, r.full_name FROM people_customer c "
                 "LEFT JOIN people_customer r ON r.id = c.referrer_id ORDER BY 1",
    "orders": "SELECT o.number, c.full_name, o.status, o.note FROM shop_order o JOIN people_customer c ON c.id = o.customer_id ORDER BY 1",
    "items": "SELECT o.number, b.title, i.quantity FROM shop_item i JOIN shop_order o ON o.id = i.order_id "
             "JOIN library_book b ON b.id = i.book_id ORDER BY 1, 2",
    "profiles": "SELECT c.full_name, p.bio FROM people_profile p JOIN people_customer c ON c.id = p.customer_id",
    "favourites": "SELECT a.name, b.title FROM library_author a JOIN library_book b ON b.id = a.favourite_id",
}
ROWS["authors"] = "SELECT name, born FROM library_author ORDER BY 1"
KEPT = {
    "authors": [("Ada", "1815-12-10"), ("Bob", "")],
    "books": [("Bricks", "Bob", "0", "0"), ("Engines", "Ada", "300", "12.5"), ("NOTES", "Ada", "0", "0")],
    "labels": [("Bricks", "new"), ("Engines", "old"), ("NOTES", "old")],
    "customers": [("Cleo", "nobody@example.org", "1", ""), ("Dan", "nobody@example.org", "1", "Cleo")],
    "orders": [("17", "Cleo", "new", "In a hurry"), ("18", "Dan", "new", "")],
    "items": [("17", "Bricks", "1"), ("17", "Engines", "2"), ("18", "Engines", "5")],
    "profiles": [("Dan", "Reads.")],
    "favourites": [("Bob", "NOTES")],
}


def plain(row):
    """Numbers as they are, without the zeros that a database adds."""
    return tuple(value.rstrip("0").rstrip(".") if "." in value and value.replace(".", "").isdigit() else value for value in row)


def insert_operation(site, app, name, text, code=""):
    """What a person writes into the file of --empty."""
    path = site.folder / app / f"migrations/{name}.c"
    source = path.read_text().replace("    { 0 },", f"    {text},\n    {{ 0 }},")
    path.write_text(source.replace("static const nu_operation", code + "static const nu_operation", 1))


@functools.cache
def written():
    """The site with all of its migrations, made on SQLite; and the SQL after each migration."""
    database = databases.SQLite()
    site = Site(school.fresh_folder() / "site", database.fresh(), ["library", "people", "shop"])
    steps = []
    for what, change, arguments, sql in history():
        had = {app: site.migrations(app) for app in site.models}
        change(site.models)
        told = site.makemigrations(*arguments)
        made = [(app, name) for app in site.models for name in site.migrations(app) if name not in had[app]]
        assert made, f"{what}: no migration\n{told}"
        steps.append((what, made, sql))
    site.manage("makemigrations", "library", "--empty", "--name", "shout")
    name = site.migrations("library")[-1]
    insert_operation(site, "library", name, "RunC(shout, RunC_reverse(whisper))", CODE)
    steps.append(("code", [("library", name)], []))
    site.build()
    site.manage("makemigrations", "shop", "--empty", "--name", "sql")
    name = site.migrations("shop")[-1]
    insert_operation(site, "shop", name, "RunSQL(\"UPDATE shop_order SET note = 'None; yet' WHERE note = 'x'; "
                     "UPDATE shop_order SET note = 'y' WHERE note = 'z';\", .reverse_sql = RunSQL_noop)")
    steps.append(("SQL", [("shop", name)], []))
    site.build()
    assert "No changes detected" in site.manage("makemigrations", "--check")
    return site, steps


def assert_kept(database, url):
    for what, sql in ROWS.items():
        got = [plain(row) for row in database.rows(url, sql)]
        assert got == KEPT[what], f"{database.name}: {what}: {got}"


def assert_same(want, got, what):
    differ = databases.differences(want, got)
    assert not differ, f"{what}:\n{differ}"


def stepwise(database):
    """Each migration by itself, rows in between; {(app, name): the schema after it}."""
    site, steps = written()
    site.url = database.fresh()
    schemas = []
    for what, made, sql in steps:
        for app, name in made:
            site.manage("migrate", app, name)
            schemas.append(((app, name), database.schema(site.url)))
        if sql:
            database.execute(site.url, *sql)
    assert_kept(database, site.url)
    return site, schemas


def in_one_go(database, site, want):
    site.url = database.fresh()
    site.manage("migrate")
    assert_same(want, database.schema(site.url), "in one go")


def without_key_names(schema):
    """MariaDB gives a foreign key an index by itself, under the key's name; once another index has stood for it, the
    one that comes back is made by name, as Django's is."""
    return {table: {re.sub(r"^(KEY `\w+_[0-9a-f]{8})_fk_\w+`", r"\1`", fact) for fact in facts} for table, facts in schema.items()}


def without_made_names(schema):
    """What was made under an earlier name of its table or column keeps that in its own name where the database does
    not make tables anew; a squashed history never had the earlier names. Django does the same."""
    return {table: {re.sub(r"\b\w+_[0-9a-f]{8}\w*", "made_name", fact) for fact in facts} for table, facts in schema.items()}


WEIGHT = F("weight", "IntegerField", ".null = true")
COLOUR = F("colour", "CharField", '.max_length = 9, Default("")')


def branch(*fields):
    """A copy of the site, in whose library books have more fields."""
    site, _ = written()
    made = site.copy(school.fresh_folder() / "branch", databases.SQLite().fresh())
    made.models = {app: dict(models) for app, models in site.models.items()}
    book = site.models["library"]["Book"]
    made.models["library"]["Book"] = Model(*book.fields, *fields, options=book.options)
    return made


@functools.cache
def forked():
    """The history with a migration of each of two people after its last."""
    one, other = branch(WEIGHT), branch(COLOUR)
    one.makemigrations()
    other.makemigrations()
    name = other.migrations("library")[-1]
    made = one.copy(school.fresh_folder() / "forked", databases.SQLite().fresh())
    made.models = {**one.models, "library": dict(one.models["library"])}
    (made.folder / f"library/migrations/{name}.c").write_text((other.folder / f"library/migrations/{name}.c").read_text())
    book = one.models["library"]["Book"]
    made.models["library"]["Book"] = Model(*book.fields, COLOUR, options=book.options)
    made.build()
    return made


@functools.cache
def branches():
    """One person's site before the merge, the one after it, and the migration that both began at."""
    one, site = branch(WEIGHT), written()[0]
    one.makemigrations()
    merged = forked().copy(school.fresh_folder() / "merged")
    merged.build()
    assert "Created new merge migration" in merged.manage("makemigrations", "--merge", "--noinput")
    merged.build()
    assert "No changes detected" in merged.manage("makemigrations", "--check")
    return one, merged, site.migrations("library")[-1]


def branched_and_merged(database, url, want):
    """A database that has one person's branch already gets the other's, and loses both; the rows stay."""
    one, merged, base = branches()
    one.url = merged.url = url
    one.manage("migrate")
    told = merged.manage("migrate")
    assert "_colour... OK" in told and "_merge_" in told and told.count("Applying") == 2, told
    columns = " ".join(database.schema(url)["library_book"])
    assert "weight" in columns and "colour" in columns, columns
    assert_kept(database, url)
    merged.manage("migrate", "library", base)
    assert_kept(database, url)
    assert_same(want, database.schema(url), "branched, merged, and back")


# How many rows there are from the step on that makes the table.
COUNTS = {"library_author": 2, "library_book": 3, "shop_item": 3}


def assert_rows_are_there(database, url, schema, what):
    for table in COUNTS.keys() & schema.keys():
        got = int(database.rows(url, f"SELECT count(*) FROM {table}")[0][0])
        assert got == COUNTS[table], f"{database.name}, {what}: {got} rows of {table}, not {COUNTS[table]}"


def back(database, site, schemas):
    """From the last to nothing, each by itself, the rows kept as long as their table is there; and forwards again."""
    for i in range(len(schemas) - 1, -1, -1):
        (app, name), _ = schemas[i]
        earlier = [other for (one, other), _ in schemas[:i] if one == app]
        site.manage("migrate", app, earlier[-1] if earlier else "zero")
        want = schemas[i - 1][1] if i else {}
        assert_same(without_key_names(want), without_key_names(database.schema(site.url)), f"back before {app}.{name}")
        assert_rows_are_there(database, site.url, want, f"back before {app}.{name}")
    site.manage("migrate")
    assert_same(schemas[-1][1], database.schema(site.url), "forwards again")


def squashed(database, site, want):
    """Where all are applied the squashed ones count as applied; elsewhere they make the same."""
    old, short = site.url, site.copy(school.fresh_folder() / "squashed")
    short.build()
    # the renamed model of people needs the first ones of shop, and is needed by the others
    for app, *names in (("library", "0022"), ("shop", "0005"), ("people", "0002", "0009"), ("shop", "0006", "0019")):
        told = short.manage("squashmigrations", "--noinput", app, *names)
        assert "Created new squashed migration" in told, told
        short.build()
    short.url = old
    assert "No migrations to apply" in short.manage("migrate")
    assert_same(want, database.schema(old), "after squashing")
    assert_kept(database, old)
    assert "squashed migrations)" in short.manage("showmigrations")
    short.url = database.fresh()
    told = short.manage("migrate")
    assert told.count("Applying") < 20, told
    assert_same(without_made_names(want), without_made_names(database.schema(short.url)), "squashed")
    assert "No changes detected" in short.manage("makemigrations", "--check")


def run_history(name):
    with databases.opened(name) as database:
        site, schemas = stepwise(database)
        stepwise_url = site.url
        in_one_go(database, site, schemas[-1][1])
        branched_and_merged(database, stepwise_url, schemas[-1][1])
        site.url = stepwise_url
        squashed(database, site, schemas[-1][1])
        back(database, site, schemas)


def test_there_are_forty_changes_over_three_apps():
    _, steps = written()
    assert len(steps) >= 40 and {app for _, made, _ in steps for app, _ in made} == {"library", "people", "shop"}


def test_on_sqlite():
    run_history("sqlite")


def test_on_postgresql():
    run_history("postgresql")


def test_on_mariadb():
    run_history("mysql")


def test_two_branches_are_refused_until_they_are_merged():
    one, merged, _ = branches()
    for command in ("migrate", "makemigrations"):
        told = forked().refused(command)
        assert "Conflicting migrations detected" in told and "makemigrations --merge" in told, told
    assert len(merged.migrations("library")) == len(one.migrations("library")) + 2


if __name__ == "__main__":
    suite.main(globals())
