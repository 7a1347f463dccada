/* What waits until all tables stand, as the statements that make it: Django runs them last. */
#include "db/backends/names.h"
#include "db/backends/schema.h"

#include <string.h>

/* ---- statements --------------------------------------------------------------------------- */

nu_str nu__deferred_name(const nu__editor *editor, const nu__deferred *deferred)
{
    nu_str suffix = nu_s(deferred->suffix ? deferred->suffix : "");

    if (!nu_is_null(deferred->name))
        return deferred->name;
    suffix = nu__ddl_fill(suffix.ptr, NU__DDL_PARTS({ "to_table", deferred->to_table },
                                                    { "to_column", deferred->to_column }));
    return nu__index_name(deferred->table, deferred->columns, deferred->n_columns, suffix,
                          editor->editor.backend->features->max_name_length);
}

nu_str nu__editor_list(const nu__editor *editor, const nu_str *columns, const bool *descending,
                       size_t n)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(&out, "{}{}{}", i ? ", " : "", nu__editor_quote(editor, columns[i]),
                    descending && descending[i] ? " DESC" : "");
    return nu__buf_str(&out);
}

static nu_str columns_of(const nu__editor *editor, const nu__deferred *index)
{
    bool classes = index->opclasses && editor->editor.backend->features->supports_opclasses;
    nu__buf out = { 0 };

    if (index->expressions.len)
        return index->expressions;
    for (size_t i = 0; i < index->n_columns; i++)
        nu__buf_fmt(&out, "{}{}{}{}{}", i ? ", " : "", nu__editor_quote(editor, index->columns[i]),
                    classes ? " " : "", classes ? index->opclasses[i] : "",
                    index->descending && index->descending[i] ? " DESC" : "");
    return nu__buf_str(&out);
}

nu_str nu__deferrable_sql(nu_deferrable deferrable)
{
    static const char *const texts[] = {
        [NU_NOT_DEFERRABLE] = "",
        [NU_DEFERRED] = " DEFERRABLE INITIALLY DEFERRED",
        [NU_IMMEDIATE] = " DEFERRABLE INITIALLY IMMEDIATE",
    };

    return nu_s(texts[deferrable]);
}

static const char *const nulls[] = {
    [NU_NULLS_AS_EVER] = "",
    [NU_NULLS_DISTINCT] = " NULLS DISTINCT",
    [NU_NULLS_NOT_DISTINCT] = " NULLS NOT DISTINCT",
};

static nu_str include_of(const nu__editor *editor, const nu__deferred *index)
{
    if (!index->n_include || !editor->editor.backend->features->supports_covering_indexes)
        return S("");
    return nu_fmt(" INCLUDE ({})", nu__editor_list(editor, index->include, NULL, index->n_include));
}

/* Options belong to a method, which only some databases are told. */
static nu_str with_of(const nu__editor *editor, const nu__deferred *index)
{
    bool told = strstr(editor->editor.backend->schema->create_index, "%(using)s") != NULL;

    return told && index->with.len ? index->with : S("");
}

static const char *template_of(const nu__editor *editor, nu__deferred_kind kind)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;

    switch (kind) {
    case NU__UNIQUE_INDEX:
        return schema->create_unique_index;
    case NU__UNIQUE:
        return schema->create_unique;
    case NU__FOREIGN_KEY:
        return schema->create_fk;
    default:
        return schema->create_index;
    }
}

nu_str nu__deferred_sql(const nu__editor *editor, const nu__deferred *deferred)
{
    bool reference = deferred->kind == NU__FOREIGN_KEY;
    nu_str columns = columns_of(editor, deferred);
    const nu__ddl_part parts[] = {
        { "table", nu__editor_quote(editor, deferred->table) },
        { "name", nu__editor_quote(editor, nu__deferred_name(editor, deferred)) },
        { "columns", columns },
        { "column", columns },
        { "using", deferred->method ? nu_fmt(" USING {}", deferred->method) : S("") },
        { "include", include_of(editor, deferred) },
        { "extra", with_of(editor, deferred) },
        { "condition", deferred->condition.len ? nu_fmt(" WHERE {}", deferred->condition) : S("") },
        { "nulls_distinct", nu_s(nulls[deferred->nulls_distinct]) },
        { "actions", deferred->actions.len ? deferred->actions : S("") },
        { "deferrable", reference ? nu_s(editor->editor.backend->schema->deferrable)
                                  : nu__deferrable_sql(deferred->deferrable) },
        { "to_table", reference ? nu__editor_quote(editor, deferred->to_table) : S("") },
        { "to_column", reference ? nu__editor_quote(editor, deferred->to_column) : S("") },
        { NULL, { NULL, 0 } },
    };

    return nu__ddl_fill(template_of(editor, deferred->kind), parts);
}

void nu__editor_make(nu__editor *editor, const nu__deferred *deferred)
{
    nu__editor_run(editor, nu__deferred_sql(editor, deferred));
}

bool nu__index_is_supported(const nu__backend *backend, const nu_index *index)
{
    return !index->expressions[0] || !backend->features->lacks_expression_indexes;
}

void nu__editor_before_index_goes(nu__editor *editor, const nu__model_info *model,
                                  const char *const *fields)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;

    if (schema->before_index_goes && fields[0])
        schema->before_index_goes(editor, model, fields[0]);
}

void nu__editor_drop_index(nu__editor *editor, nu_str table, nu_str name)
{
    nu__editor_ddl(editor, editor->editor.backend->schema->delete_index,
                   { "table", nu__editor_quote(editor, table) },
                   { "name", nu__editor_quote(editor, name) });
}

/* ---- waiting ------------------------------------------------------------------------------ */

void nu__editor_defer(nu__editor *editor, nu__deferred deferred)
{
    nu__deferred *kept = nu_alloc(nu__deferred);

    *kept = deferred;
    kept->next = NULL;
    *editor->end = kept;
    editor->end = &kept->next;
}

void nu__editor_flush(nu__editor *editor)
{
    nu__deferred *deferred = editor->first;

    editor->first = NULL;
    editor->end = &editor->first;
    for (; deferred; deferred = deferred->next)
        nu__editor_make(editor, deferred);
}

bool nu__field_is_indexed(const nu__editor *editor, const nu__field *field)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;

    return field->db_index && !field->unique &&
           (!schema->field_indexed || schema->field_indexed(editor, field));
}

void nu__editor_defer_field_index(nu__editor *editor, nu_str table, const nu__field *field)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;
    nu__deferred extra;

    if (nu__field_is_indexed(editor, field))
        nu__editor_defer(editor, nu__field_index(table, field));
    if (schema->extra_index && schema->extra_index(editor, table, field, &extra))
        nu__editor_defer(editor, extra);
}

static bool has_column(const nu__deferred *deferred, nu_str table, nu_str column)
{
    if (nu_eq(deferred->to_table, table) && nu_eq(deferred->to_column, column))
        return true;
    for (size_t i = 0; i < deferred->n_columns && nu_eq(deferred->table, table); i++)
        if (nu_eq(deferred->columns[i], column))
            return true;
    return false;
}

void nu__editor_forget(nu__editor *editor, nu_str table, nu_str column)
{
    nu__deferred **at = &editor->first;

    while (*at) {
        bool of_table = nu_eq((*at)->table, table) || nu_eq((*at)->to_table, table);

        if (nu_is_null(column) ? of_table : has_column(*at, table, column))
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
    editor->end = at;
}

void nu__editor_forget_named(nu__editor *editor, nu_str name)
{
    nu__deferred **at = &editor->first;

    while (*at)
        if (nu_eq(nu__deferred_name(editor, *at), name))
            *at = (*at)->next;
        else
            at = &(*at)->next;
    editor->end = at;
}

/* A column has a new name. */
void nu__editor_rename_waiting(nu__editor *editor, nu_str table, nu_str old, nu_str column)
{
    for (nu__deferred *waiting = editor->first; waiting; waiting = waiting->next) {
        for (size_t i = 0; i < waiting->n_columns && nu_eq(waiting->table, table); i++)
            if (nu_eq(waiting->columns[i], old))
                waiting->columns[i] = column;
        if (nu_eq(waiting->to_table, table) && nu_eq(waiting->to_column, old))
            waiting->to_column = column;
    }
}
