"""What is done to tables, a row a kind of operation, for test_impacts.py: each app has its own Thing (with ROWS rows),
Place and Visit, and one migration on top of them.

    Row(what, operations, given=…)    `given` are operations that come before, once the tables have rows
"""
import dataclasses

ROWS = 300

CREATED = """
    CreateModel(.name = "Place", .fields = {
        models_BigAutoField("id", .primary_key = true), models_CharField("name", .max_length = 20),
    }),
    CreateModel(.name = "Thing", .fields = {
        models_BigAutoField("id", .primary_key = true),
        models_CharField("name", .max_length = 30, .null = true),
        models_CharField("title", .max_length = 50, .null = true, .db_index = true),
        models_CharField("code", .max_length = 20, .unique = true),
        models_CharField("long", .max_length = 300, .null = true),
        models_TextField("text", Default("x")),
        models_CharField("kind", .max_length = 9, .null = true, Choices(("a", "A"), ("b", "B"))),
        models_IntegerField("number"),
        models_PositiveIntegerField("age"),
        models_DecimalField("price", .max_digits = 6, .decimal_places = 2),
        models_DateTimeField("seen", .null = true),
        models_BooleanField("is_on", DbDefault(1)),
        models_ForeignKey("place", "{app}.Place", .on_delete = CASCADE),
        models_ForeignKey("far", "{app}.Place", .on_delete = SET_NULL, .null = true, .no_db_constraint = true, .no_db_index = true, .related_name = "+"),
        models_ManyToManyField("tags", "{app}.Place", .related_name = "tagged"),
    }, .indexes = { NamedIndex("{app}_number", "number") },
       .constraints = { UniqueConstraint("{app}_both", "number", "code"), CheckConstraint("{app}_low", "number__lt=100000") }),
    CreateModel(.name = "Visit", .fields = {
        models_BigAutoField("id", .primary_key = true),
        models_ForeignKey("thing", "{app}.Thing", .on_delete = CASCADE),
    }),
"""


@dataclasses.dataclass
class Row:
    what: str
    operations: str
    given: str = ""
    non_atomic: bool = False
    renamed: tuple = ()  # what a later operation calls a table of the row, and what it is called before
    one_way: bool = False  # back, rows would have no value for a column that is not null
    skip: tuple = ()  # databases that have no such thing


def added(what, field, **more):
    return Row(f"add {what}", f'AddField("Thing", {field})', **more)


def altered(what, field, **more):
    return Row(f"alter {what}", f'AlterField("Thing", {field})', **more)


TOGETHER = 'AlterUniqueTogether("Thing", { "name", "code" })'
ONLY_POSTGRESQL = ("sqlite", "mysql")
ALL = [
    # models and tables
    Row("create a model", 'CreateModel(.name = "New", .fields = { models_BigAutoField("id", .primary_key = true) })'),
    Row("create a model that refers to one", 'CreateModel(.name = "New", .fields = { models_BigAutoField("id", .primary_key = true), '
        'models_ForeignKey("thing", "{app}.Thing", .on_delete = CASCADE) })'),
    Row("create a model with many", 'CreateModel(.name = "New", .fields = { models_BigAutoField("id", .primary_key = true), '
        'models_ManyToManyField("things", "{app}.Thing") })'),
    Row("delete a model that others refer to", 'RemoveField("Visit", "thing"), DeleteModel("Thing")', one_way=True),
    Row("delete a model that refers to another", 'DeleteModel("Visit")'),
    Row("rename a model", 'RenameModel("Thing", "Object")'),
    Row("rename a model and add to it", 'RenameModel("Visit", "Stay"), AddField("Stay", models_IntegerField("n", .null = true))', renamed=("{app}_stay", "{app}_visit")),
    Row("rename a table", 'AlterModelTable("Visit", "{app}_stays")'),
    Row("a comment on a table", 'AlterModelTableComment("Visit", "who came")'),
    Row("options", 'AlterModelOptions("Thing", .ordering = { "name" })'),
    Row("an order with respect to", 'AlterOrderWithRespectTo("Thing", "place")'),
    Row("unique together", TOGETHER),
    Row("no unique together", 'AlterUniqueTogether("Thing")', given=TOGETHER + ","),
    # columns that come
    added("null", 'models_IntegerField("n", .null = true)'),
    added("with a default", 'models_IntegerField("n", Default(1))'),
    added("with a default of the database", 'models_IntegerField("n", DbDefault(1))'),
    added("with the time as default", 'models_DateTimeField("n", DbDefaultExpression("Now()"))'),
    added("with a random default", 'models_FloatField("n", DbDefaultExpression("Random()"))', skip=("sqlite",)),
    added("with a check", 'models_PositiveIntegerField("n", .null = true)'),
    added("with a check and a default", 'models_PositiveIntegerField("n", Default(1))'),
    added("unique", 'models_IntegerField("n", .null = true, .unique = true)'),
    added("with an index", 'models_IntegerField("n", .null = true, .db_index = true)'),
    added("a text with an index", 'models_CharField("n", .max_length = 20, .null = true, .db_index = true)'),
    added("a long text", 'models_TextField("n", Default(""))'),
    added("a comment", 'models_IntegerField("n", .null = true, .db_comment = "how many")'),
    added("a key that is null", 'models_ForeignKey("n", "{app}.Place", .null = true, .on_delete = CASCADE, .related_name = "+")'),
    added("a key with a default", 'models_ForeignKey("n", "{app}.Place", Default(1), .on_delete = CASCADE, .related_name = "+")'),
    added("a key that is not checked", 'models_ForeignKey("n", "{app}.Place", .null = true, .on_delete = CASCADE, .related_name = "+", .no_db_constraint = true)'),
    added("a one to one", 'models_OneToOneField("n", "{app}.Place", .null = true, .on_delete = CASCADE, .related_name = "+")'),
    added("many", 'models_ManyToManyField("n", "{app}.Place", .related_name = "+")'),
    added("a generated one that is stored", 'models_IntegerField("n", .expression = "F(\'number\') + 1", .db_persist = true)'),
    # that go
    Row("remove a field", 'RemoveField("Thing", "name")'),
    Row("remove one with an index", 'RemoveField("Thing", "title")'),
    Row("remove one that is checked", 'RemoveField("Thing", "age")', one_way=True),
    Row("remove a key", 'RemoveField("Visit", "thing")', one_way=True),
    Row("remove many", 'RemoveField("Thing", "tags")'),
    # that change
    Row("rename a field", 'RenameField("Thing", "name", "label")'),
    Row("rename a key", 'RenameField("Visit", "thing", "object")'),
    altered("to what is the same", 'models_CharField("name", .max_length = 30, .null = true, .help_text = "what")'),
    altered("longer", 'models_CharField("name", .max_length = 60, .null = true)'),
    altered("much longer", 'models_CharField("name", .max_length = 500, .null = true)'),
    altered("longer than 255 bytes", 'models_CharField("title", .max_length = 100, .null = true, .db_index = true)'),
    altered("the long one longer", 'models_CharField("long", .max_length = 400, .null = true)'),
    altered("shorter", 'models_CharField("name", .max_length = 10, .null = true)'),
    altered("to a text", 'models_TextField("name", .null = true)'),
    altered("an indexed one to a text", 'models_TextField("title", .null = true)'),
    altered("not null", 'models_CharField("name", .max_length = 30)', given='RunSQL("UPDATE {app}_thing SET name = \'\'", .reverse_sql = RunSQL_noop),'),
    altered("not null with a default", 'models_CharField("name", .max_length = 30, Default("x"))'),
    altered("null", 'models_IntegerField("number", .null = true)'),
    altered("another default of the database", 'models_BooleanField("is_on", DbDefault(0))'),
    altered("no default of the database", 'models_BooleanField("is_on")'),
    altered("to a bigger number", 'models_BigIntegerField("number")'),
    altered("to a smaller number", 'models_SmallIntegerField("number")'),
    altered("more digits", 'models_DecimalField("price", .max_digits = 9, .decimal_places = 2)'),
    altered("more decimal places", 'models_DecimalField("price", .max_digits = 9, .decimal_places = 3)'),
    altered("to a date", 'models_DateField("seen", .null = true)'),
    altered("no check", 'models_IntegerField("age")'),
    altered("with a check", 'models_PositiveIntegerField("number")'),
    altered("a collation", 'models_CharField("name", .max_length = 30, .null = true, .db_collation = {collation})'),
    altered("a collation of an indexed one", 'models_CharField("title", .max_length = 50, .null = true, .db_index = true, .db_collation = {collation})'),
    altered("a comment", 'models_CharField("name", .max_length = 30, .null = true, .db_comment = "what")'),
    altered("with an index", 'models_CharField("name", .max_length = 30, .null = true, .db_index = true)'),
    altered("without its index", 'models_CharField("title", .max_length = 50, .null = true)'),
    altered("unique", 'models_IntegerField("age", .unique = true)'),
    altered("not unique", 'models_CharField("code", .max_length = 20)'),
    altered("another column", 'models_CharField("name", .max_length = 30, .null = true, .db_column = "label")'),
    altered("another column and type", 'models_TextField("name", .null = true, .db_column = "label")'),
    altered("a key that is checked", 'models_ForeignKey("far", "{app}.Place", .on_delete = SET_NULL, .null = true, .no_db_index = true, .related_name = "+")'),
    altered("a key that is not checked", 'models_ForeignKey("place", "{app}.Place", .on_delete = CASCADE, .no_db_constraint = true)'),
    altered("the target of a key", 'models_ForeignKey("place", "{app}.Visit", .on_delete = CASCADE, .related_name = "+")'),
    altered("the target of many", 'models_ManyToManyField("tags", "{app}.Visit", .related_name = "tagged")'),
    Row("another key of a model that others refer to", 'AlterField("Thing", models_AutoField("id", .primary_key = true))'),
    # indexes and constraints
    Row("an index", 'AddIndex("Thing", { .name = "{app}_i", .fields = { "name" } })'),
    Row("an index at leisure", 'AddIndexConcurrently("Thing", { .name = "{app}_i", .fields = { "name" } })', non_atomic=True),
    Row("no index", 'RemoveIndex("Thing", "{app}_number")'),
    Row("no index at leisure", 'RemoveIndexConcurrently("Thing", "{app}_number")', non_atomic=True),
    Row("an index by another name", 'RenameIndex("Thing", "{app}_number", "{app}_n")'),
    Row("a unique constraint", 'AddConstraint("Thing", { .name = "{app}_u", .fields = { "age", "code" } })'),
    Row("a unique constraint at leisure", 'AddConstraintConcurrently("Thing", { .name = "{app}_u", .fields = { "age", "code" } })', non_atomic=True),
    Row("a unique constraint of some rows", 'AddConstraint("Thing", { .name = "{app}_u", .fields = { "age" }, .condition = "number__gt=5" })', skip=("mysql",)),
    Row("no unique constraint", 'RemoveConstraint("Thing", "{app}_both")'),
    Row("a check", 'AddConstraint("Thing", { .name = "{app}_c", .check = "number__gte=0" })'),
    Row("a check of new rows", 'AddConstraintNotValid("Thing", { .name = "{app}_c", .check = "number__gte=0" })'),
    Row("a check of the other rows", 'ValidateConstraint("Thing", "{app}_c")', given='AddConstraintNotValid("Thing", { .name = "{app}_c", .check = "number__gte=0" }),'),
    Row("no check", 'RemoveConstraint("Thing", "{app}_low")'),
    Row("not null that is known", 'AlterField("Thing", models_CharField("name", .max_length = 30))', given='RunSQL("UPDATE {app}_thing SET name = \'\'", .reverse_sql = RunSQL_noop), '
        'AddConstraint("Thing", { .name = "{app}_c", .check = "name__isnull=False" }),', ),
    Row("an exclusion", 'AddConstraint("Thing", ExclusionConstraint("{app}_x", { "code", "=" }))', given='BtreeGistExtension(),', skip=ONLY_POSTGRESQL),
    # SQL of the site's own
    Row("SQL that writes", 'RunSQL("UPDATE {app}_thing SET number = number + 1", .reverse_sql = RunSQL_noop)'),
    Row("SQL of many statements", 'RunSQL("ALTER TABLE {app}_visit ADD COLUMN n integer; CREATE INDEX {app}_vn ON {app}_visit (n)", .reverse_sql = "DROP INDEX {app}_vn{on_visit}")'),
    Row("a key that is checked later", 'RunSQL("ALTER TABLE {app}_thing ADD CONSTRAINT {app}_fk FOREIGN KEY (far_id) REFERENCES {app}_place (id) NOT VALID", .reverse_sql = RunSQL_noop)', skip=ONLY_POSTGRESQL),
    Row("the check of a key", 'RunSQL("ALTER TABLE {app}_thing VALIDATE CONSTRAINT {app}_fk", .reverse_sql = RunSQL_noop)', skip=ONLY_POSTGRESQL,
        given='RunSQL("ALTER TABLE {app}_thing ADD CONSTRAINT {app}_fk FOREIGN KEY (far_id) REFERENCES {app}_place (id) NOT VALID", .reverse_sql = RunSQL_noop),'),
    Row("state and database apart", 'SeparateDatabaseAndState(.database_operations = Operations(AddIndex("Thing", { .name = "{app}_i", .fields = { "name" } }), { 0 }))'),
]


# ---- the linter's advice ----

@dataclasses.dataclass
class Advice:
    """A dangerous operation, and the steps to take instead, a migration each."""
    id: str
    danger: str
    steps: tuple
    hurts: tuple = ()  # where it locks the table for as long as its rows take
    on: tuple = ("sqlite", "postgresql", "mysql")  # where the steps are for
    mended: str = ""  # what is true of no row of Thing once they are done


SERVERS = ("postgresql", "mysql")
FORGET = "SeparateDatabaseAndState(.state_operations = Operations({}, {{ 0 }}))".format
FILL = 'RunSQL("UPDATE {app}_thing SET n = id", .reverse_sql = RunSQL_noop)'
KEY = 'models_ForeignKey("n", "{app}.Place", .null = true, .on_delete = CASCADE, .no_db_index = true, .related_name = "+"'
REFERENCE = "ADD CONSTRAINT {app}_fk FOREIGN KEY (n_id) REFERENCES {app}_place (id)"


def dropped(what):
    return f'RunSQL("{what}", .reverse_sql = RunSQL_noop)'


def referred(sql):
    """The database's part by SQL, and the models' by the operation that it stands for."""
    return ('SeparateDatabaseAndState(.state_operations = Operations(AlterField("Thing", ' + KEY + ')), { 0 }), '
            f'.database_operations = Operations(RunSQL("{sql}", .reverse_sql = "ALTER TABLE {{app}}_thing DROP CONSTRAINT {{app}}_fk"), {{ 0 }}))')


ADVICE = [
    Advice("W101", 'DeleteModel("Visit")', (FORGET('DeleteModel("Visit")'), dropped("DROP TABLE {app}_visit"))),
    Advice("W102", 'RemoveField("Thing", "price")',
           ('AlterField("Thing", models_DecimalField("price", .max_digits = 6, .decimal_places = 2, .null = true))',
            FORGET('RemoveField("Thing", "price")'), dropped("ALTER TABLE {app}_thing DROP COLUMN price"))),
    Advice("W102", 'RemoveField("Thing", "tags")', (FORGET('RemoveField("Thing", "tags")'), dropped("DROP TABLE {app}_thing_tags"))),
    Advice("W103", 'RenameModel("Visit", "Stay")', ('AlterModelTable("Visit", "{app}_visit"), RenameModel("Visit", "Stay")',)),
    Advice("W104", 'RenameField("Thing", "name", "label")',
           ('AlterField("Thing", models_CharField("name", .max_length = 30, .null = true, .db_column = "name")), RenameField("Thing", "name", "label")',)),
    Advice("W105", 'AddField("Thing", models_IntegerField("n", Default(1)))', ('AddField("Thing", models_IntegerField("n", Default(1), DbDefault(1)))',)),
    Advice("W105", 'AlterOrderWithRespectTo("Visit", "thing")',
           ('AlterOrderWithRespectTo("Visit", "thing"), ' + dropped("ALTER TABLE {app}_visit ALTER COLUMN _order SET DEFAULT 0"),), on=SERVERS),
    Advice("W106", 'AddField("Thing", models_FloatField("n", DbDefaultExpression("Random()")))',
           ('AddField("Thing", models_FloatField("n", .null = true))', 'AlterField("Thing", models_FloatField("n", .null = true, DbDefaultExpression("Random()")))', FILL),
           hurts=("postgresql",), on=SERVERS),
    Advice("W106", 'AddField("Thing", models_IntegerField("n", .expression = "F(\'number\') + 1", .db_persist = true))',
           ('AddField("Thing", models_IntegerField("n", .null = true))', FILL), hurts=SERVERS),
    Advice("W107", 'AddField("Thing", models_IntegerField("n", .null = true, .unique = true))',
           ('AddField("Thing", models_IntegerField("n", .null = true))', FILL, 'AddConstraintConcurrently("Thing", { .name = "{app}_u", .fields = { "n" } })'), hurts=("postgresql",)),
    Advice("W107", 'AlterField("Thing", models_IntegerField("number", .unique = true))',
           ('AddConstraintConcurrently("Thing", { .name = "{app}_u", .fields = { "number" } })',), hurts=("postgresql",)),
    Advice("W108", 'AlterField("Thing", models_DateField("seen", .null = true))',
           ('AddField("Thing", models_DateField("day", .null = true))', dropped("UPDATE {app}_thing SET day = DATE(seen)"), FORGET('RemoveField("Thing", "seen")'),
            dropped("ALTER TABLE {app}_thing DROP COLUMN seen")), hurts=SERVERS),
    Advice("W110", 'AlterField("Thing", models_CharField("name", .max_length = 30))',
           (dropped("UPDATE {app}_thing SET name = ''"), 'AddConstraintNotValid("Thing", { .name = "{app}_c", .check = "name__isnull=False" })',
            'ValidateConstraint("Thing", "{app}_c")', 'AlterField("Thing", models_CharField("name", .max_length = 30)), RemoveConstraint("Thing", "{app}_c")'),
           hurts=("postgresql",), on=("postgresql",)),
    Advice("W110", 'AlterField("Thing", models_CharField("name", .max_length = 30))',
           (dropped("UPDATE {app}_thing SET name = ''"), 'AlterField("Thing", models_CharField("name", .max_length = 30))'), on=("sqlite", "mysql")),
    Advice("W111", 'AddIndex("Thing", { .name = "{app}_i", .fields = { "name" } })', ('AddIndexConcurrently("Thing", { .name = "{app}_i", .fields = { "name" } })',), hurts=("postgresql",)),
    Advice("W111", 'AddField("Thing", models_IntegerField("n", .null = true, .db_index = true))',
           ('AddField("Thing", models_IntegerField("n", .null = true))', 'AddIndexConcurrently("Thing", { .name = "{app}_i", .fields = { "n" } })'), hurts=("postgresql",)),
    Advice("W111", 'AlterField("Thing", models_PositiveIntegerField("age", .db_index = true))', ('AddIndexConcurrently("Thing", { .name = "{app}_i", .fields = { "age" } })',), hurts=("postgresql",)),
    Advice("W112", 'AddField("Thing", ' + KEY + "))",
           ('AddField("Thing", ' + KEY + ", .no_db_constraint = true))", referred("ALTER TABLE {app}_thing " + REFERENCE + " NOT VALID"),
            dropped("ALTER TABLE {app}_thing VALIDATE CONSTRAINT {app}_fk")), on=("postgresql",)),
    Advice("W112", 'AddField("Thing", ' + KEY + "))",
           ('AddField("Thing", ' + KEY + ", .no_db_constraint = true))",
            referred("SET foreign_key_checks = 0; ALTER TABLE {app}_thing " + REFERENCE + "; SET foreign_key_checks = 1")), hurts=("mysql",), on=("mysql",)),
    Advice("W112", 'AddField("Thing", models_PositiveIntegerField("n", .null = true))',
           ('AddField("Thing", models_IntegerField("n", .null = true))', 'AddConstraintNotValid("Thing", { .name = "{app}_c", .check = "n__gte=0" })', 'ValidateConstraint("Thing", "{app}_c")'),
           hurts=("postgresql",), on=("postgresql",)),
    Advice("W112", 'AlterField("Thing", models_PositiveIntegerField("number"))',
           ('AddConstraintNotValid("Thing", { .name = "{app}_c", .check = "number__gte=0" })', 'ValidateConstraint("Thing", "{app}_c")'), hurts=SERVERS, on=("postgresql",)),
    Advice("W112", 'AddConstraint("Thing", { .name = "{app}_c", .check = "number__gte=0" })',
           ('AddConstraintNotValid("Thing", { .name = "{app}_c", .check = "number__gte=0" })', 'ValidateConstraint("Thing", "{app}_c")'), hurts=SERVERS, on=("postgresql",)),
    Advice("W112", 'AddConstraint("Thing", { .name = "{app}_u", .fields = { "age", "code" } })',
           ('AddConstraintConcurrently("Thing", { .name = "{app}_u", .fields = { "age", "code" } })',), hurts=("postgresql",)),
    Advice("W109", 'AlterField("Thing", models_CharField("title", .max_length = 20, .null = true, .db_index = true))',
           (dropped("UPDATE {app}_thing SET title = SUBSTR(title, 1, 4)"),), hurts=SERVERS, mended="LENGTH(title) > 4"),
    Advice("W113", 'AddField("Thing", models_IntegerField("n", .null = true)), RunC(fill, RunC_reverse(RunC_noop))',
           ('AddField("Thing", models_IntegerField("n", .null = true))', "RunC(fill, RunC_reverse(RunC_noop))")),
    Advice("W114", 'RunSQL("UPDATE {app}_thing SET number = number + 1")',
           ('RunSQL("UPDATE {app}_thing SET number = number + 1", .reverse_sql = "UPDATE {app}_thing SET number = number - 1")',)),
    Advice("W114", "RunC(fill)", ("RunC(fill, RunC_reverse(RunC_noop))",)),
    Advice("W115", 'AlterField("Thing", models_CharField("kind", .max_length = 9, .null = true, Choices(("a", "A"))))',
           ("RunC({app}_without_b, RunC_reverse(RunC_noop))",
            'AlterField("Thing", models_CharField("kind", .max_length = 9, .null = true, Choices(("a", "A"))))'), mended="kind <> 'a'"),
    Advice("W112", TOGETHER, ('AddConstraintConcurrently("Thing", { .name = "{app}_u", .fields = { "name", "code" } })',), hurts=("postgresql",)),
]
