"""What Django makes of the scenarios on a real database: models made, rows put in, the change applied and taken
back. Prints the schema and the rows after each, `scenario|stage|text` a line.

    DATABASE_URL=… migrations_executed.py FOLDER EVERY     writes scenarios.inc and queries.inc for execute.c
"""
import copy
import datetime
import pathlib
import sys

import migrations_in_django as beside
from django.db import connection, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ProjectState

import c_migrations
import migration_changes
import migration_random

FOLDER, EVERY = pathlib.Path(sys.argv[1]), int(sys.argv[2])
# Not those that put the moment of the migration into rows, or need the models of the site's users.
LEFT_OUT = ("a field with the time", "a field with the time of change", "the site's users")
# Every fifth of those by chance: a bounded number, the same in each run.
CHANCE = 5
ALL = {**beside.SCENARIOS, **dict(list(migration_random.SCENARIOS.items())[::CHANCE])}
SCENARIOS = {name: given for i, (name, given) in enumerate(ALL.items()) if i % EVERY == 0 and name not in LEFT_OUT}

# By database: what empties it, and what tells schema and rows. (query, whether it gives queries to run)
# Keys are not checked while tables go and rows come: some refer in circles.
UNCHECKED = {"sqlite": ["PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF"], "mysql": ["SET FOREIGN_KEY_CHECKS = 0"],
             "postgresql": ["SET session_replication_role = replica"]}
CHECKED = {"sqlite": ["PRAGMA foreign_keys = ON"], "mysql": ["SET FOREIGN_KEY_CHECKS = 1"],
           "postgresql": ["SET session_replication_role = DEFAULT"]}
RESETS = {
    "sqlite": ["""SELECT 'DROP TABLE "' || name || '"' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"""],
    "mysql": ["SELECT CONCAT('DROP TABLE `', table_name, '`') FROM information_schema.tables WHERE table_schema = DATABASE()"],
    "postgresql": ["SELECT 'DROP SCHEMA public CASCADE' UNION ALL SELECT 'CREATE SCHEMA public'"],
}
DUMPS = {
    "sqlite": [
        ("SELECT type || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name", False),
        ("""SELECT 'SELECT ''' || m.name || ': ''' || group_concat(' || ''' || c.name || '='' || quote("' || c.name || '")', '|| '' ''')
            || ' FROM "' || m.name || '" ORDER BY 1' FROM sqlite_master m JOIN (SELECT m2.name AS t, i.name FROM sqlite_master m2
            JOIN pragma_table_info(m2.name) i WHERE m2.type = 'table' ORDER BY i.name) c ON c.t = m.name
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name""", True)],
    "mysql": [
        ("SELECT CONCAT('SHOW CREATE TABLE `', table_name, '`') FROM information_schema.tables WHERE table_schema = DATABASE() "
         "ORDER BY 1", True),
        ("""SELECT CONCAT('SELECT CONCAT_WS('' '', ''', table_name, ':'', ', GROUP_CONCAT(CONCAT('CONCAT(''', column_name,
            '='', COALESCE(CAST(`', column_name, '` AS CHAR), ''NULL''))') ORDER BY column_name), ') FROM `', table_name, '` ORDER BY 1')
            FROM information_schema.columns WHERE table_schema = DATABASE() GROUP BY table_name""", True)],
    "postgresql": [
        ("""SELECT concat_ws(' ', c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                   pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum), o.collname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation o ON o.oid = a.attcollation
            WHERE c.relkind = 'r' ORDER BY 1""", False),
        ("SELECT concat_ws(' ', relname, obj_description(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
         "WHERE n.nspname = 'public' ORDER BY 1", False),
        ("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1", False),
        ("""SELECT concat_ws(' ', c.relname, o.conname, pg_get_constraintdef(o.oid)) FROM pg_constraint o
            JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
            WHERE o.contype <> 'n' ORDER BY 1""", False),
        ("SELECT concat_ws(' ', sequencename, data_type, start_value, increment_by, last_value) FROM pg_sequences "
         "WHERE schemaname = 'public' ORDER BY 1", False),
        ("""SELECT format('SELECT concat(%L, %s) FROM public.%I t ORDER BY 1', c.relname || ':',
                   string_agg(format('%L, %I', ' ' || a.attname || '=', a.attname), ', ' ORDER BY a.attname), c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind = 'r' GROUP BY c.relname ORDER BY 1""", True)],
}


# ---- rows -------------------------------------------------------------------------------------------

BY_CLASS = {cls: values for cls, _, _, values in migration_changes.TYPES.values()}


def literal(value):
    vendor = connection.vendor
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'" if vendor == "postgresql" else f"X'{value.hex()}'"
    if isinstance(value, datetime.timedelta):
        microseconds = value // datetime.timedelta(microseconds=1)
        return f"'{microseconds} microseconds'" if vendor == "postgresql" else str(microseconds)
    if isinstance(value, datetime.datetime):
        return f"'{value.replace(tzinfo=None)}{'+00' if vendor == 'postgresql' else ''}'"
    if hasattr(value, "hex") and hasattr(value, "int"):
        return f"'{value if connection.features.has_native_uuid_field else value.hex}'"
    return str(value) if isinstance(value, (int, float)) or hasattr(value, "quantize") else "'" + str(value).replace("'", "''") + "'"


def value_of(field, i):
    """The value of the `i`th row."""
    if field.is_relation:
        return value_of(field.target_field, i)
    if isinstance(field, (models.AutoField, models.BigAutoField, models.SmallAutoField)):
        return i + 1
    return BY_CLASS[type(field)][i]


def inserts(state):
    """Two rows for each model; referring ones to the first and the second. One where many refer to many."""
    for model in state.apps.get_models(include_auto_created=True):
        options = model._meta
        if options.proxy or not options.managed or options.app_label not in "abc":
            continue
        for i in range(1 if options.auto_created else 2):
            fields = [field for field in options.local_fields if not field.generated]
            listed = ", ".join(connection.ops.quote_name(field.column) for field in fields)
            values = ", ".join(literal(0 if field.column == "_order" else value_of(field, i)) for field in fields)
            yield f"INSERT INTO {connection.ops.quote_name(options.db_table)} ({listed}) VALUES ({values})"


# ---- running ----------------------------------------------------------------------------------------


def texts_of(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[-1] for row in cursor.fetchall()]


def run(statements):
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def begin_anew():
    """As a process does: an editor that fails at its end leaves its transaction open."""
    connection.in_atomic_block = connection.needs_rollback = connection.closed_in_transaction = False
    connection.savepoint_ids.clear()
    connection.atomic_blocks.clear()
    connection.close()
    connection.connect()


def reset():
    run(UNCHECKED[connection.vendor])
    for sql in RESETS[connection.vendor]:
        run(texts_of(sql))
    run(CHECKED[connection.vendor])


def print_all(name, stage):
    for sql, again in DUMPS[connection.vendor]:
        for text in texts_of(sql):
            for told in texts_of(text) if again else [text]:
                print(f"{name}|{stage}|" + str(told).replace("\n", " "))


def operations(before, after):
    """Of all migrations, those that others depend on first."""
    before, after = copy.deepcopy((before, after))
    detector = MigrationAutodetector(beside.state_of(before), beside.state_of(after), beside.Yes())
    made = [migration for found in detector.changes(graph=beside.graph_of(before)).values() for migration in found]
    names = {(migration.app_label, migration.name) for migration in made}
    done = set()
    while made:
        for migration in made:
            if all((d[0], d[1]) not in names or (d[0], d[1]) in done for d in migration.dependencies):
                yield from ((migration.app_label, op) for op in migration.operations)
                done.add((migration.app_label, migration.name))
                made.remove(migration)
                break
        else:
            raise AssertionError(f"a circle: {made}")


def apply(ops, backwards=False):
    with connection.schema_editor(atomic=True) as editor:
        for app, op, before, after in reversed(ops) if backwards else ops:
            if backwards:
                op.database_backwards(app, editor, after, before)
            else:
                op.database_forwards(app, editor, before, after)


def with_states(state, ops):
    """With the states before and after each. As `migrate` does, models are made before the first."""
    made = []
    state.apps  # noqa: B018
    for app, op in ops:
        after = state.clone()
        op.state_forwards(app, after)
        made.append((app, op, state, after))
        state = after
    return state, made


def rows_of(before):
    """The statements that put rows in."""
    return list(inserts(beside.state_of(copy.deepcopy(before))))


def go_through(name, before, after, rows):
    reset()
    state, made = with_states(ProjectState(), copy.deepcopy(list(operations([], before))))
    apply(made)
    for statements in (UNCHECKED[connection.vendor], rows, CHECKED[connection.vendor]):
        run(statements)
    _, changes = with_states(state, copy.deepcopy(list(operations(before, after))))
    apply(changes)
    print_all(name, "forwards")
    apply(changes, backwards=True)
    print_all(name, "backwards")


# ---- for execute.c ----------------------------------------------------------------------------------


def array(name, texts):
    return f"static const char *const {name}[] = {{ " + ", ".join([*map(c_migrations.text, texts), "NULL"]) + " };"


def queries(name, given):
    rows = "".join(f"    {{ {c_migrations.text(sql)}, {str(again).lower()} }},\n" for sql, again in given)
    return f"static const query {name}[] = {{\n{rows}    {{ NULL, false }},\n}};"


def write_queries(rows):
    vendor = connection.vendor
    out = [array("unchecked", UNCHECKED[vendor]), array("checked", CHECKED[vendor]),
           queries("resets", [(sql, True) for sql in RESETS[vendor]]), queries("dumps", DUMPS[vendor])]
    out += [array(f"rows_{i}", statements) for i, statements in enumerate(rows)]
    out.append("static const char *const *const rows_of[] = { " + ", ".join(f"rows_{i}" for i in range(len(rows))) + " };")
    (FOLDER / "queries.inc").write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    beside.write_c(FOLDER / "scenarios.inc", SCENARIOS)
    rows = [rows_of(before) for before, _ in SCENARIOS.values()]
    write_queries(rows)
    for (name, (before, after)), statements in zip(SCENARIOS.items(), rows):
        try:
            go_through(name, before, after, statements)
        except Exception as error:
            print(f"{name}|raises|{type(error).__name__}")
            print(f"{name}: {error}", file=sys.stderr)
            begin_anew()
