/* What SQLite does in its own way: foreign keys, and all that wants a table made anew. */
#include "db/backends/sqlite/schema.h"

#include "db/backends/sqlite/sqlite.h"

#include <string.h>

/* ---- foreign keys ------------------------------------------------------------------------- */

static int64_t first_int(nu__connection *connection, nu_str sql)
{
    nu__rows *rows = nu__db_query(connection, sql, (nu_values){ 0 });
    int64_t number = nu__rows_next(rows) ? rows->cells[0].i : 0;

    nu__rows_close(rows);
    return number;
}

static void enter(nu__editor *editor)
{
    nu__connection *connection = editor->editor.connection;

    nu__db_execute(connection, S("PRAGMA foreign_keys = OFF"), (nu_values){ 0 }, NULL);
    if (first_int(connection, S("PRAGMA foreign_keys")))
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "SQLite schema editor cannot be used while foreign key constraint checks are "
                 "enabled. Make sure to disable them before entering a transaction.atomic() "
                 "context because SQLite does not support disabling them in the middle of a "
                 "multi-statement transaction.");
}

static void leave(nu__editor *editor)
{
    if (!nu__in_atomic_block(editor->editor.connection))
        nu__db_execute(editor->editor.connection, S("PRAGMA foreign_keys = ON"), (nu_values){ 0 },
                       NULL);
}

/* ---- fields ------------------------------------------------------------------------------- */

static bool is_strict(nu__editor *editor, nu_str table)
{
    const nu__table_text *text =
        editor->editor.collect ? NULL : nu__table_text_read(editor->editor.connection, table);

    return text && text->strict;
}

/* ALTER TABLE … ADD COLUMN can't make keys, unique columns, or defaults that are to be dropped. */
static void add_field(nu__editor *editor, const nu__model_info *model, const nu__field *field)
{
    nu_str definition;
    nu__column_text *column;

    if (field->primary_key || field->unique || !field->null ||
        nu__editor_default(editor, field).kind != NU_KIND_NULL ||
        field->def->db_default.kind == NU_KIND_EXPR) {
        nu__remake_table(editor, &(nu__remake){ .model = model, .created = field });
        return;
    }
    definition = nu__editor_definition(editor, NULL, field);
    if (nu_is_null(definition))
        return;
    if (is_strict(editor, model->db_table)) {
        column = nu__column_text_of(field->column, definition);
        nu__make_strict(column);
        definition = column->text;
    }
    nu__editor_fmt(editor, "ALTER TABLE {} ADD COLUMN {} {}",
                   nu__editor_quote(editor, model->db_table),
                   nu__editor_quote(editor, field->column), definition);
    nu__editor_defer_field_index(editor, model->db_table, field);
}

/* Has the table, made by others, something that ALTER TABLE … DROP COLUMN would stumble over? */
static bool is_named(nu__editor *editor, const nu__model_info *model, const nu__field *field)
{
    return !editor->editor.collect &&
           nu__column_is_named(editor->editor.connection, model->db_table, field->column);
}

static void remove_field(nu__editor *editor, const nu__model_info *model, const nu__field *field)
{
    if (nu_is_null(nu__editor_column(editor, NULL, field)))
        return;
    if (field->primary_key || field->unique || field->db_index || nu__has_db_constraint(field) ||
        is_named(editor, model, field)) {
        nu__remake_table(editor, &(nu__remake){ .model = model, .deleted = field });
        return;
    }
    nu__editor_fmt(editor, "ALTER TABLE {} DROP COLUMN {}",
                   nu__editor_quote(editor, model->db_table),
                   nu__editor_quote(editor, field->column));
    nu__editor_forget(editor, model->db_table, field->column);
}

static bool only_renamed(const nu__editor *editor, const nu__field *old, const nu__field *field)
{
    return !nu_eq(old->column, field->column) && !nu__has_db_constraint(old) &&
           !nu__has_db_constraint(field) &&
           nu_eq(nu__editor_column(editor, NULL, old), nu__editor_column(editor, NULL, field));
}

static void remake_following(nu__editor *editor, const nu__model_info *model,
                             const nu__field *field)
{
    nu__remake_table(editor, &(nu__remake){ .model = model, .followed = field });
}

/* Tables whose columns have the type of a key that has another type now. */
static void remake_referring(nu__editor *editor, const nu__model_info *model,
                             const nu__field *field)
{
    const nu__model_info *owner = field->model;

    for (size_t i = 0; i < owner->n_reverse; i++) {
        const nu__relation *relation = owner->reverse[i];

        if (nu_eq(relation->from->db_table, model->db_table))
            continue;
        if (!relation->many_to_many) {
            if (nu_eq(relation->field->target->name, field->name))
                remake_following(editor, relation->from, field);
        } else if (field->primary_key && relation->through->auto_created) {
            remake_following(editor, relation->through, field);
        }
    }
    for (size_t i = 0; i < owner->n_many && field->primary_key; i++) {
        const nu__relation *relation = owner->many[i].relation;

        if (relation->to != owner && relation->through->auto_created)
            remake_following(editor, relation->through, field);
    }
}

static void alter_field(nu__editor *editor, const nu__model_info *model, const nu__field *old,
                        const nu__field *field)
{
    const nu__field *altered[] = { old, field, NULL };

    if (only_renamed(editor, old, field)) {
        nu__editor_fmt(editor, "ALTER TABLE {} RENAME COLUMN {} TO {}",
                       nu__editor_quote(editor, model->db_table),
                       nu__editor_quote(editor, old->column),
                       nu__editor_quote(editor, field->column));
        return;
    }
    nu__remake_table(editor, &(nu__remake){ .model = model, .altered = altered });
    if (field->unique &&
        !nu_eq(nu__field_db_type(old, NU__SQLITE), nu__field_db_type(field, NU__SQLITE)))
        remake_referring(editor, model, field);
}

static void remake_through(nu__editor *editor, const nu__model_info *through,
                           const nu__field *const *altered)
{
    nu__remake_table(editor, &(nu__remake){ .model = through, .altered = altered });
}

/* As Django does it: a table of another name, filled from the old one. */
static void collect_moved(nu__editor *editor, const nu__relation *from, const nu__relation *to)
{
    nu__table_def def = nu__table_def_of(to->through);

    nu__editor_create_table(editor, &def);
    nu__editor_fmt(editor, "INSERT INTO {} (id, {}, {}) SELECT id, {}, {} FROM {}",
                   nu__editor_quote(editor, to->through->db_table), to->through_from->column,
                   to->through_to->column, from->through_from->column, from->through_to->column,
                   nu__editor_quote(editor, from->through->db_table));
    nu__editor_drop_table(editor, from->through->db_table);
}

/* What runs gives the table its new name first, so that what no model knows of it comes with it. */
static void alter_many(nu__editor *editor, const nu__field *old, const nu__field *field)
{
    const nu__relation *from = old->relation, *to = field->relation;
    const nu__field *altered[] = { from->through_to, to->through_to, from->through_from,
                                   to->through_from, NULL };
    nu__model_info moved;

    if (nu_eq(from->through->db_table, to->through->db_table)) {
        remake_through(editor, from->through, altered);
        return;
    }
    if (editor->editor.collect) {
        collect_moved(editor, from, to);
        return;
    }
    nu__editor_rename_table(editor, from->through->db_table, to->through->db_table);
    moved = *from->through;
    moved.db_table = to->through->db_table;
    remake_through(editor, &moved, altered);
}

/* ---- constraints -------------------------------------------------------------------------- */

/* A constraint that is made with its table. */
static bool by_table(const nu_constraint *constraint)
{
    return constraint->check || !(constraint->condition || constraint->expressions[0] ||
                                  constraint->include[0] || constraint->deferrable);
}

static void add_constraint(nu__editor *editor, const nu__model_info *model,
                           const nu_constraint *constraint)
{
    if (!by_table(constraint))
        nu__in_place_add_constraint(editor, model, constraint);
    else
        nu__remake_table(editor, &(nu__remake){ .model = model });
}

static void remove_constraint(nu__editor *editor, const nu__model_info *model,
                              const nu_constraint *constraint)
{
    if (!by_table(constraint))
        nu__in_place_remove_constraint(editor, model, constraint);
    else
        nu__remake_table(editor, &(nu__remake){ .model = model, .removed = constraint });
}

/* As tables have it that were made by others: Django's unique_together is an index. */
static bool remade_without_unique(nu__editor *editor, const nu__model_info *model,
                                  const char *const *fields, nu_str name)
{
    nu_constraint removed = { .name = name.ptr };
    const nu__table_text *table =
        editor->editor.collect ? NULL
                               : nu__table_text_read(editor->editor.connection, model->db_table);

    for (size_t i = 0; i < nu__count_names(fields); i++)
        removed.fields[i] = fields[i];
    for (const nu__clause *one = table ? table->constraints : NULL; one; one = one->next)
        if (one->kind == NU__CLAUSE_UNIQUE && nu_eq(one->name, name)) {
            nu__remake_table(editor, &(nu__remake){ .model = model, .removed = &removed });
            return true;
        }
    return false;
}

const nu__schema_ops nu__sqlite_schema = {
    .create_index = "CREATE INDEX %(name)s ON %(table)s (%(columns)s)%(condition)s",
    .create_unique_index = "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)%(condition)s",
    .create_unique = "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)",
    .delete_index = "DROP INDEX %(name)s",
    .delete_unique = "DROP INDEX %(name)s",
    .delete_table = "DROP TABLE %(table)s",
    .rename_table = "ALTER TABLE %(old_table)s RENAME TO %(new_table)s",
    .inline_fk = "REFERENCES %(to_table)s (%(to_column)s) DEFERRABLE INITIALLY DEFERRED",
    .deferrable = "",
    .bare_collations = true,
    .ignores_case = true,
    .enter = enter,
    .leave = leave,
    .check = nu__check_references,
    .add_field = add_field,
    .remove_field = remove_field,
    .alter_field = alter_field,
    .alter_many = alter_many,
    .add_constraint = add_constraint,
    .remove_constraint = remove_constraint,
    .remade_without_unique = remade_without_unique,
};
