/* Indexes, unique constraints and foreign keys: what they are called, their statements, and how
   they wait. */
#include "db/backends/names.h"
#include "db/backends/schema.h"

#include <string.h>

/* ---- templates ---------------------------------------------------------------------------- */

static bool take_part(nu__buf *out, const char **at, const nu__ddl_part *parts)
{
    nu_str rest = nu_s(*at + 2);

    for (; parts->name; parts++) {
        size_t len = strlen(parts->name);

        if (nu_starts_with(rest, nu_s(parts->name)) && strncmp(rest.ptr + len, ")s", 2) == 0) {
            nu__buf_str_add(out, parts->text);
            *at += 2 + len + 2;
            return true;
        }
    }
    return false;
}

nu_str nu__ddl_fill(const char *template, const nu__ddl_part *parts)
{
    nu__buf out = { 0 };

    for (const char *at = template; *at;)
        if (at[0] != '%' || at[1] != '(' || !take_part(&out, &at, parts))
            nu__buf_char(&out, *at++);
    return nu__buf_str(&out);
}

/* ---- of models and fields ----------------------------------------------------------------- */

static const char *const index_methods[] = {
    [NU_BTREE] = "btree", [NU_BLOOM] = "bloom", [NU_BRIN] = "brin",     [NU_GIN] = "gin",
    [NU_GIST] = "gist",   [NU_HASH] = "hash",   [NU_SPGIST] = "spgist", [NU_BTREE_INDEX] = "btree",
};

/* Names of at most 30 characters, for every database. */
nu_str nu__schema_index_name(const nu__model_info *model, const nu_index *index)
{
    nu__table_def def = nu__table_def_of(model);
    size_t n = nu__count_names(index->fields);
    nu_str *columns = nu__table_def_columns(&def, index->fields, n), table = model->db_table;
    nu_str *parts = nu_alloc_array(nu_str, n + 2), first = n ? columns[0] : S(""), name;
    nu_str suffix = index->type == NU_BTREE ? S("idx") : nu_s(index_methods[index->type]);

    if (index->name)
        return nu_s(index->name);
    parts[0] = table;
    for (size_t i = 0; i < n; i++)
        parts[i + 1] = nu_fmt("{}{}", index->fields[i][0] == '-' ? "-" : "", columns[i]);
    parts[n + 1] = suffix;
    table.len = table.len < 11 ? table.len : 11;
    first.len = first.len < 7 ? first.len : 7;
    name = nu_fmt("{}_{}_{}_{}", table, first, nu__names_digest(parts, n + 2, 6), suffix);
    if (name.ptr[0] == '_' || (name.ptr[0] >= '0' && name.ptr[0] <= '9'))
        name = nu_fmt("D{}", nu_s(name.ptr + 1));
    return name;
}

/* The expressions of an index or constraint, with commas between; null: there are none. */
static nu_str expressions_of(const nu__editor *editor, const nu__table_def *def,
                             const char *const expressions[4])
{
    nu__buf out = { 0 };

    if (!expressions[0])
        return (nu_str){ 0 };
    for (int i = 0; i < 4 && expressions[i]; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "",
                    nu__index_expression_sql(editor->editor.backend, def, expressions[i]));
    return nu__buf_str(&out);
}

static nu_str condition_of(const nu__editor *editor, const nu__table_def *def,
                           const char *condition)
{
    return condition ? nu__condition_sql(editor->editor.backend, def, condition) : (nu_str){ 0 };
}

/* The options of an index in Django's order. */
#define NUMBER(member)                                                                             \
    {                                                                                              \
#member, offsetof(nu_index, member), false                                                 \
    }
#define SWITCH(member)                                                                             \
    {                                                                                              \
#member, offsetof(nu_index, member), true                                                  \
    }
static const struct {
    const char *name;
    size_t offset;
    bool is_switch;
} index_options[] = {
    NUMBER(length),          SWITCH(autosummarize),
    NUMBER(pages_per_range), NUMBER(gin_pending_list_limit),
    SWITCH(fastupdate),      SWITCH(buffering),
    NUMBER(fillfactor),      SWITCH(deduplicate_items),
};

static void add_option(nu__buf *out, nu_str name, nu_str value)
{
    nu__buf_fmt(out, "{}{} = {}", out->len ? ", " : " WITH (", name, value);
}

static nu_str options_of(const nu_index *index)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < sizeof index_options / sizeof *index_options; i++) {
        int value = *(const int *)((const char *)index + index_options[i].offset);

        if (value)
            add_option(&out, nu_s(index_options[i].name),
                       !index_options[i].is_switch ? nu_fmt("{}", value)
                       : value == NU_ON            ? S("on")
                                                   : S("off"));
        for (int k = 0; !i && k < 8 && index->columns[k]; k++)
            add_option(&out, nu_fmt("col{}", k + 1), nu_fmt("{}", index->columns[k]));
    }
    if (!out.len)
        return S("");
    nu__buf_char(&out, ')');
    return nu__buf_str(&out);
}

static size_t count_some(const char *const names[4])
{
    size_t n = 0;

    while (n < 4 && names[n])
        n++;
    return n;
}

static void take_include(nu__deferred *out, const nu__table_def *def, const char *const include[4])
{
    out->n_include = count_some(include);
    out->include = nu__table_def_columns(def, include, out->n_include);
}

nu__deferred nu__meta_index(const nu__editor *editor, const nu__table_def *def,
                            const nu_index *index)
{
    size_t n = nu__count_names(index->fields);
    bool *descending = nu_alloc_array(bool, n + 1);
    nu__deferred out = { .kind = NU__INDEX,
                         .table = def->table,
                         .name = nu__schema_index_name(def->model, index),
                         .columns = nu__table_def_columns(def, index->fields, n),
                         .descending = descending,
                         .n_columns = n,
                         .opclasses = index->opclasses[0] ? index->opclasses : NULL,
                         .method = index->type == NU_BTREE ? NULL : index_methods[index->type],
                         .with = options_of(index),
                         .expressions = expressions_of(editor, def, index->expressions),
                         .condition = condition_of(editor, def, index->condition) };

    for (size_t i = 0; i < n; i++)
        descending[i] = index->fields[i][0] == '-';
    take_include(&out, def, index->include);
    return out;
}

nu__deferred nu__unique_constraint(const nu__editor *editor, const nu__table_def *def,
                                   const nu_constraint *constraint)
{
    size_t n = nu__count_names(constraint->fields);
    nu__deferred out = { .kind =
                             nu__constraint_is_index(constraint) ? NU__UNIQUE_INDEX : NU__UNIQUE,
                         .table = def->table,
                         .name = nu_s(constraint->name),
                         .columns = nu__table_def_columns(def, constraint->fields, n),
                         .n_columns = n,
                         .opclasses = constraint->opclasses[0] ? constraint->opclasses : NULL,
                         .deferrable = constraint->deferrable,
                         .nulls_distinct = constraint->nulls_distinct,
                         .expressions = expressions_of(editor, def, constraint->expressions),
                         .condition = condition_of(editor, def, constraint->condition) };

    take_include(&out, def, constraint->include);
    return out;
}

nu__deferred nu__unique_together(const nu__table_def *def, const char *const *names)
{
    size_t n = nu__count_names(names);

    return (nu__deferred){ .kind = NU__UNIQUE,
                           .table = def->table,
                           .columns = nu__table_def_columns(def, names, n),
                           .n_columns = n,
                           .suffix = "_uniq" };
}

static nu__deferred of_field(nu__deferred_kind kind, nu_str table, const nu__field *field,
                             const char *suffix)
{
    nu_str *column = nu_alloc(nu_str);

    *column = field->column;
    return (nu__deferred){
        .kind = kind, .table = table, .columns = column, .n_columns = 1, .suffix = suffix
    };
}

nu__deferred nu__field_index(nu_str table, const nu__field *field)
{
    return of_field(NU__INDEX, table, field, "");
}

nu__deferred nu__field_unique(nu_str table, const nu__field *field)
{
    return of_field(NU__UNIQUE, table, field, "_uniq");
}

nu__deferred nu__field_reference(nu_str table, const nu__field *field, const char *suffix)
{
    nu__deferred out = of_field(NU__FOREIGN_KEY, table, field, suffix);

    out.to_table = field->relation->to->db_table;
    out.to_column = field->relation->to_field->column;
    return out;
}

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
