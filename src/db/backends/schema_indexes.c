/* Indexes, unique constraints and foreign keys: what models and fields have, and what they are
 * called. */
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

bool nu__index_type_of(nu_str method, nu_index_type *type)
{
    for (size_t i = 0; i < sizeof index_methods / sizeof *index_methods; i++)
        if (nu_eq(method, index_methods[i])) {
            *type = (nu_index_type)i;
            return true;
        }
    return false;
}

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
