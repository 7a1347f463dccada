/* Editing tables where they stand, as all databases but SQLite do: columns come and go by ALTER
   TABLE, and foreign keys are constraints with names. */
#include "db/backends/schema.h"

#include <string.h>

/* ---- names of constraints ----------------------------------------------------------------- */

static bool is_wanted(const nu__table_constraint *constraint, nu__wanted wanted)
{
    switch (wanted) {
    case NU__ANY_UNIQUE:
        return constraint->unique && !constraint->primary_key && !constraint->in_part;
    case NU__ANY_PRIMARY:
        return constraint->primary_key;
    case NU__ANY_FOREIGN:
        return !nu_is_null(constraint->to_table);
    case NU__ANY_CHECK:
        return constraint->check;
    default:
        return constraint->index && nu_is_null(constraint->type);
    }
}

static bool is_over(const nu__table_constraint *constraint, const nu_str *columns, size_t n)
{
    if (n && constraint->n_columns != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!nu_eq(constraint->columns[i], columns[i]))
            return false;
    return true;
}

static bool is_of_meta(const nu_model *model, nu_str name)
{
    for (size_t i = 0; model && i < 16 && model->constraints[i].name; i++)
        if (nu_eq(name, model->constraints[i].name))
            return true;
    for (size_t i = 0; model && i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        if (model->indexes[i].name && nu_eq(name, model->indexes[i].name))
            return true;
    return false;
}

nu_str *nu__constraint_names(nu__editor *editor, nu_str table, const nu_str *columns, size_t n,
                             nu__wanted wanted, const nu_model *exclude, size_t *n_names)
{
    size_t n_all;
    nu__table_constraint *all = editor->editor.backend->introspection->constraints(
        editor->editor.connection, table, &n_all);
    nu_str *names = nu_alloc_array(nu_str, n_all + 1);

    *n_names = 0;
    for (size_t i = 0; i < n_all; i++)
        if (is_wanted(&all[i], wanted) && is_over(&all[i], columns, n) &&
            !is_of_meta(exclude, all[i].name))
            names[(*n_names)++] = all[i].name;
    return names;
}

const char *nu__delete_unique(nu__editor *editor, nu_str table, nu_str name)
{
    const nu__backend *backend = editor->editor.backend;
    size_t n;
    nu__table_constraint *all;

    if (!backend->schema->apart_indexes)
        return backend->schema->delete_unique;
    all = backend->introspection->constraints(editor->editor.connection, table, &n);
    for (size_t i = 0; i < n; i++)
        if (all[i].index && nu_eq(all[i].name, name))
            return backend->schema->delete_index;
    return backend->schema->delete_unique;
}

nu_str nu__reference_actions(nu__editor *editor, nu_str table, nu_str column)
{
    size_t n;
    nu__table_constraint *all =
        editor->editor.backend->introspection->constraints(editor->editor.connection, table, &n);

    for (size_t i = 0; i < n; i++)
        if (is_wanted(&all[i], NU__ANY_FOREIGN) && is_over(&all[i], &column, 1) &&
            all[i].actions.len)
            return all[i].actions;
    return S("");
}

/* ---- columns ------------------------------------------------------------------------------ */

static nu_str column_reference(nu__editor *editor, nu_str table, const nu__field *field)
{
    nu__deferred key = nu__field_reference(table, field, "_fk_%(to_table)s_%(to_column)s");

    return nu__ddl_fill(
        editor->editor.backend->schema->column_fk,
        NU__DDL_PARTS({ "name", nu__editor_quote(editor, nu__deferred_name(editor, &key)) },
                      { "column", nu__editor_quote(editor, field->column) },
                      { "to_table", nu__editor_quote(editor, key.to_table) },
                      { "to_column", nu__editor_quote(editor, key.to_column) },
                      { "deferrable", nu_s(editor->editor.backend->schema->deferrable) }));
}

static nu_str added_definition(nu__editor *editor, nu_str table, const nu__field *field)
{
    nu__dialect dialect = editor->editor.backend->dialect;
    nu_str suffix = nu__field_db_suffix(field, dialect), check = nu__field_db_check(field, dialect);
    nu__buf out = { 0 };

    nu__buf_str_add(&out, nu__editor_added_column(editor, field));
    if (suffix.len)
        nu__buf_fmt(&out, " {}", suffix);
    if (check.len)
        nu__buf_fmt(&out, " CHECK ({})", check);
    if (nu__has_db_constraint(field))
        nu__buf_fmt(&out, " {}", column_reference(editor, table, field));
    return nu__buf_str(&out);
}

static bool has_initial(const nu__editor *editor, const nu__field *field)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;

    return field->def->db_default.kind == NU_KIND_NULL &&
           (!schema->takes_default || schema->takes_default(field)) &&
           nu__editor_default_sql(editor, field).len;
}

/* The default is for the rows that are there: it does not stay. */
static void drop_initial(nu__editor *editor, nu_str table, const nu__field *field)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;
    const char *template = field->null ? schema->drop_default_null : schema->drop_default;

    nu__editor_fmt(
        editor, "ALTER TABLE {} {}", nu__editor_quote(editor, table),
        nu__ddl_fill(
            template,
            NU__DDL_PARTS({ "column", nu__editor_quote(editor, field->column) },
                          { "type", nu__field_db_type(field, editor->editor.backend->dialect) })));
}

void nu__in_place_add_field(nu__editor *editor, const nu__model_info *model, const nu__field *field)
{
    nu_str table = model->db_table;

    if (nu_is_null(nu__editor_column(editor, NULL, field)))
        return;
    nu__editor_fmt(editor, "ALTER TABLE {} ADD COLUMN {} {}", nu__editor_quote(editor, table),
                   nu__editor_quote(editor, field->column), added_definition(editor, table, field));
    if (has_initial(editor, field))
        drop_initial(editor, table, field);
    nu__editor_comment_columns(editor, table, &field, 1);
    nu__editor_defer_field_index(editor, table, field);
}

/* The statement is Django's, on PostgreSQL with CASCADE, which takes views and generated columns
   without a word; MariaDB leaves views and triggers that no longer work. It is not run where there
   are such, and the text that is printed says so. */
static void refuse_dependents(nu__editor *editor, nu_str table, nu_str column)
{
    nu_str lost =
        editor->editor.backend->introspection->dependents(editor->editor.connection, table, column);

    if (!lost.len)
        return;
    if (editor->editor.collect && !editor->editor.to_run) {
        nu_list_append(editor->editor.collected,
                       nu_fmt("-- Refused by `migrate`: it would also drop or break {}.", lost));
        return;
    }
    nu_raise(NU_VALUE_ERROR,
             "{} would be dropped, or no longer work, with the column {}.{}, on which it depends. "
             "Drop it, or make it do without the column, in a migration that comes before (RunSQL; "
             "RemoveField of a generated column), then migrate again.",
             lost, table, column);
}

static void drop_references(nu__editor *editor, nu_str table, const nu__field *field)
{
    size_t n;
    nu_str *names =
        nu__constraint_names(editor, table, &field->column, 1, NU__ANY_FOREIGN, NULL, &n);

    for (size_t i = 0; i < n; i++)
        nu__editor_ddl(editor, editor->editor.backend->schema->delete_fk,
                       { "table", nu__editor_quote(editor, table) },
                       { "name", nu__editor_quote(editor, names[i]) });
}

void nu__in_place_remove_field(nu__editor *editor, const nu__model_info *model,
                               const nu__field *field)
{
    if (nu_is_null(nu__editor_column(editor, NULL, field)))
        return;
    refuse_dependents(editor, model->db_table, field->column);
    drop_references(editor, model->db_table, field);
    if (editor->editor.backend->schema->before_column_goes)
        editor->editor.backend->schema->before_column_goes(editor, model->db_table, field->column);
    nu__editor_ddl(editor, editor->editor.backend->schema->delete_column,
                   { "table", nu__editor_quote(editor, model->db_table) },
                   { "column", nu__editor_quote(editor, field->column) });
    nu__editor_forget(editor, model->db_table, field->column);
}

/* ---- many-to-many ------------------------------------------------------------------------- */

/* The table keeps its rows: it is renamed, and its keys pointed elsewhere. */
void nu__in_place_alter_many(nu__editor *editor, const nu__field *old, const nu__field *field)
{
    const nu__relation *from = old->relation, *to = field->relation;
    nu__schema_editor *head = &editor->editor;

    nu__editor_rename_table(editor, from->through->db_table, to->through->db_table);
    nu__schema_alter_field(head, to->through, from->through_to, to->through_to);
    nu__schema_alter_field(head, to->through, from->through_from, to->through_from);
}

/* ---- constraints -------------------------------------------------------------------------- */

void nu__in_place_add_constraint(nu__editor *editor, const nu__model_info *model,
                                 const nu_constraint *constraint)
{
    nu__table_def def = nu__table_def_of(model);
    nu__deferred unique;

    if (!nu__constraint_is_supported(editor->editor.backend, constraint))
        return;
    if (constraint->check || constraint->excludes[0][0]) {
        nu__editor_fmt(editor, "ALTER TABLE {} ADD {}", nu__editor_quote(editor, def.table),
                       nu__constraint_sql(editor, &def, constraint));
        return;
    }
    unique = nu__unique_constraint(editor, &def, constraint);
    nu__editor_make(editor, &unique);
}

void nu__in_place_remove_constraint(nu__editor *editor, const nu__model_info *model,
                                    const nu_constraint *constraint)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;
    bool unique = !constraint->check && !constraint->excludes[0][0];

    if (!nu__constraint_is_supported(editor->editor.backend, constraint))
        return;
    if (unique)
        nu__editor_before_index_goes(editor, model, constraint->fields);
    nu__editor_ddl(editor,
                   !unique ? schema->delete_constraint
                   : nu__constraint_is_index(constraint)
                       ? schema->delete_index
                       : nu__delete_unique(editor, model->db_table, nu_s(constraint->name)),
                   { "table", nu__editor_quote(editor, model->db_table) },
                   { "name", nu__editor_quote(editor, nu_s(constraint->name)) });
}
