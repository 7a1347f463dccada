/* Tables: what is in them, making, renaming and dropping them. */
#include "db/backends/schema.h"

#include <string.h>

/* ---- tables ------------------------------------------------------------------------------- */

nu__table_def nu__table_def_of(const nu__model_info *model)
{
    const nu__field **fields = nu_alloc_array(const nu__field *, model->n_fields);

    size_t n = 0;

    for (size_t i = 0; i < model->n_fields; i++)
        if (!model->fields[i].origin)
            fields[n++] = &model->fields[i];
    return (
        nu__table_def){ .model = model, .table = model->db_table, .fields = fields, .n_fields = n };
}

const nu__field *nu__table_def_field(const nu__table_def *def, nu_str name)
{
    for (const nu__field *const *pair = def->renamed; pair && *pair; pair += 2)
        if (nu_eq(pair[0]->name, name) || nu_eq(pair[0]->attname, name))
            return pair[1];
    for (size_t i = 0; i < def->n_fields; i++)
        if (nu_eq(def->fields[i]->name, name) || nu_eq(def->fields[i]->attname, name) ||
            (def->fields[i]->primary_key && nu_eq(name, "pk")))
            return def->fields[i];
    nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", def->model->label, name);
}

size_t nu__count_names(const char *const *names)
{
    size_t n = 0;

    while (n < 8 && names[n])
        n++;
    return n;
}

static nu_str bare_name(const char *name)
{
    return nu_s(name + (*name == '-'));
}

nu_str *nu__table_def_columns(const nu__table_def *def, const char *const *names, size_t n)
{
    nu_str *columns = nu_alloc_array(nu_str, n);

    for (size_t i = 0; i < n; i++)
        columns[i] = nu__table_def_field(def, bare_name(names[i]))->column;
    return columns;
}

/* ---- making and dropping tables ----------------------------------------------------------- */

static void add_part(nu__buf *out, nu_str part)
{
    if (out->len && part.len)
        nu__buf_lit(out, ", ");
    nu__buf_str_add(out, part);
}

static void add_columns(nu__buf *parts, nu__editor *editor, const nu__table_def *def)
{
    for (size_t i = 0; i < def->n_fields; i++) {
        const nu__field *field = def->fields[i];
        nu_str definition =
            def->parts ? def->parts->definitions[i] : nu__editor_definition(editor, def, field);

        if (nu__has_db_constraint(field) && !editor->editor.backend->schema->inline_fk)
            nu__editor_defer(
                editor, nu__field_reference(def->table, field, "_fk_%(to_table)s_%(to_column)s"));
        if (!nu_is_null(definition))
            add_part(parts, nu_fmt("{}{}{}", nu__editor_quote(editor, field->column),
                                   definition.len ? " " : "", definition));
    }
}

static nu_str meta_sql(nu__editor *editor, const nu__table_def *def, size_t i)
{
    const nu_constraint *constraint = &def->model->model->constraints[i];

    if (def->removed && strcmp(def->removed->name, constraint->name) == 0)
        return (nu_str){ 0 };
    if (def->parts && !nu_is_null(def->parts->meta[i]))
        return def->parts->meta[i];
    return nu__constraint_sql(editor, def, constraint);
}

static nu_str table_sql(nu__editor *editor, const nu__table_def *def)
{
    const nu__table_parts nothing = { .options = S("") };
    const nu__table_parts *kept = def->parts ? def->parts : &nothing;
    const nu_model *model = def->model->model;
    nu__buf parts = { 0 };

    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++)
        if (!kept->together[i])
            nu__editor_defer(editor, nu__unique_together(def, model->unique_together[i]));
    add_columns(&parts, editor, def);
    nu__buf_str_add(&parts, kept->columns);
    for (size_t i = 0; i < 16 && model->constraints[i].name; i++)
        add_part(&parts, meta_sql(editor, def, i));
    nu__buf_str_add(&parts, kept->constraints);
    return nu_fmt("CREATE TABLE {} ({}){}", nu__editor_quote(editor, def->table),
                  nu__buf_str(&parts), kept->options);
}

static bool index_has_field(const nu_index *index, const nu__field *field)
{
    for (size_t i = 0; i < nu__count_names(index->fields); i++)
        if (field && nu_eq(bare_name(index->fields[i]), field->name))
            return true;
    return false;
}

void nu__editor_create_table(nu__editor *editor, const nu__table_def *def)
{
    const nu_model *model = def->model->model;

    nu__editor_run(editor, table_sql(editor, def));
    for (size_t i = 0; i < def->n_fields; i++)
        nu__editor_defer_field_index(editor, def->table, def->fields[i]);
    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        if (!index_has_field(&model->indexes[i], def->deleted) &&
            nu__index_is_supported(editor->editor.backend, &model->indexes[i]))
            nu__editor_defer(editor, nu__meta_index(editor, def, &model->indexes[i]));
}

void nu__editor_drop_table(nu__editor *editor, nu_str table)
{
    nu__editor_ddl(editor, editor->editor.backend->schema->delete_table,
                   { "table", nu__editor_quote(editor, table) });
    nu__editor_forget(editor, table, (nu_str){ 0 });
}

void nu__editor_rename_table(nu__editor *editor, nu_str old, nu_str table)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;

    if (nu_eq(old, table) || (schema->ignores_case && nu_eq(nu_lower(old), nu_lower(table))))
        return;
    nu__editor_ddl(editor, schema->rename_table, { "old_table", nu__editor_quote(editor, old) },
                   { "new_table", nu__editor_quote(editor, table) });
    for (nu__deferred *waiting = editor->first; waiting; waiting = waiting->next) {
        if (nu_eq(waiting->table, old))
            waiting->table = table;
        if (nu_eq(waiting->to_table, old))
            waiting->to_table = table;
    }
}
