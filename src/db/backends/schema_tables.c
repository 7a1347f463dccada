#include "db/backends/names.h"
#include "db/backends/schema.h"
#include <nuages/timezone.h>

#include <string.h>

bool nu__has_db_constraint(const nu__field *field)
{
    return field->relation && !field->relation->many_to_many &&
           !((const nu_relation_field *)field->def)->no_db_constraint;
}

/* ---- columns ------------------------------------------------------------------------------ */

static nu__table_def whole(const nu__table_def *def, const nu__field *field)
{
    return def ? *def : nu__table_def_of(field->model);
}

/* A literal as it is, another expression in parentheses. */
nu_str nu__editor_db_default(const nu__editor *editor, const nu__table_def *def,
                             const nu__field *field)
{
    const nu_default *given = &field->def->db_default;
    nu__table_def table = whole(def, field);

    if (given->kind == NU_KIND_EXPR)
        return nu_fmt("({})", nu__expression_sql(editor->editor.backend, &table, given->s));
    return nu__literal_sql(editor->editor.backend, &table, field, nu__default_value(field, given));
}

static nu_str generated_sql(const nu__editor *editor, const nu__table_def *def,
                            const nu__field *field)
{
    nu__table_def table = whole(def, field);

    return nu_fmt("GENERATED ALWAYS AS ({}) {}",
                  nu__expression_sql(editor->editor.backend, &table, field->def->expression),
                  field->def->db_persist ? "STORED" : "VIRTUAL");
}

/* A key has the collation of what it refers to. */
static const char *collation_of(const nu__field *field)
{
    const nu__field *target = field->target;

    return target->type->family == NU__CHAR_OPTIONS
               ? ((const nu_char_field *)target->def)->db_collation
               : NULL;
}

nu_str nu__editor_column(const nu__editor *editor, const nu__table_def *def, const nu__field *field)
{
    nu_str type = nu__field_db_type(field, editor->editor.backend->dialect);
    const char *collation = collation_of(field);
    nu__buf out = { 0 };

    if (nu_is_null(type))
        return type;
    nu__buf_str_add(&out, type);
    if (collation)
        nu__buf_fmt(&out, " COLLATE {}", collation);
    if (field->def->db_default.kind != NU_KIND_NULL)
        nu__buf_fmt(&out, " DEFAULT {}", nu__editor_db_default(editor, def, field));
    if (field->def->expression)
        nu__buf_fmt(&out, " {}", generated_sql(editor, def, field));
    else
        nu__buf_str_add(&out, field->null ? S(" NULL") : S(" NOT NULL"));
    nu__buf_str_add(&out, field->primary_key ? S(" PRIMARY KEY")
                          : field->unique    ? S(" UNIQUE")
                                             : S(""));
    return nu__buf_str(&out);
}

/* "REFERENCES "app_table" ("id") DEFERRABLE INITIALLY DEFERRED" */
static nu_str reference_to(const nu__editor *editor, nu_str table, nu_str column)
{
    nu__buf out = { 0 };
    nu_str names[] = { table, column };
    size_t next = 0;

    for (const char *at = editor->editor.backend->schema->inline_fk; *at; at++)
        if (at[0] == '%' && at[1] == 's') {
            editor->editor.backend->operations->quote_name(&out, names[next++]);
            at++;
        } else {
            nu__buf_char(&out, *at);
        }
    return nu__buf_str(&out);
}

nu_str nu__editor_definition(const nu__editor *editor, const nu__table_def *def,
                             const nu__field *field)
{
    nu__dialect dialect = editor->editor.backend->dialect;
    nu_str column = nu__editor_column(editor, def, field);
    nu_str check = nu__field_db_check(field, dialect);
    nu_str suffix = nu__field_db_suffix(field, dialect);
    nu__buf out = { 0 };

    if (nu_is_null(column))
        return column;
    nu__buf_str_add(&out, column);
    if (check.len)
        nu__buf_fmt(&out, " CHECK ({})", check);
    if (suffix.len)
        nu__buf_fmt(&out, " {}", suffix);
    if (nu__has_db_constraint(field)) {
        const nu__field *target = field->relation->to_field;

        if (def && field->relation->to == def->model)
            target = nu__table_def_field(def, target->name);
        nu__buf_fmt(&out, " {}",
                    reference_to(editor, field->relation->to->db_table, target->column));
    }
    return nu__buf_str(&out);
}

/* auto_now and auto_now_add fields begin at the moment of the migration. */
static nu_value moment_of(const nu__field *field)
{
    switch (field->type->type) {
    case NU_DATETIME_FIELD:
        return nu_v_datetime(nu_now());
    case NU_DATE_FIELD:
        return nu_v_date(nu_today());
    case NU_TIME_FIELD:
        return nu_v_time((nu_time){ nu_now().us % 86400000000 + 1 });
    default:
        return nu_null();
    }
}

nu_value nu__editor_default(const nu__editor *editor, const nu__field *field)
{
    nu_value value = nu_null();

    if (field->def->expression)
        return value;
    if (nu__field_has_default(field))
        value = nu__field_default(field);
    else if (!field->null && field->blank && field->type->empty_strings)
        value = field->type->type == NU_BINARY_FIELD
                    ? nu_v_bytes((nu_bytes){ (const uint8_t *)"", 0 })
                    : nu_v_str(S(""));
    else if (field->auto_now || field->auto_now_add)
        value = moment_of(field);
    return value.kind == NU_KIND_NULL
               ? value
               : nu__field_db_value(field, value, editor->editor.backend->dialect);
}

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

nu_str nu__editor_list(const nu__editor *editor, const nu_str *columns, const bool *descending,
                       size_t n)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(&out, "{}{}{}", i ? ", " : "", nu__editor_quote(editor, columns[i]),
                    descending && descending[i] ? " DESC" : "");
    return nu__buf_str(&out);
}

/* ---- indexes ------------------------------------------------------------------------------ */

nu_str nu__editor_index_sql(const nu__editor *editor, const nu__deferred_index *index)
{
    nu_str name = index->name;

    if (nu_is_null(name))
        name = nu__index_name(index->table, index->columns, index->n_columns,
                              nu_s(index->suffix ? index->suffix : ""),
                              editor->editor.backend->features->max_name_length);
    return nu_fmt("CREATE {}INDEX {} ON {} ({}){}{}", index->unique ? "UNIQUE " : "",
                  nu__editor_quote(editor, name), nu__editor_quote(editor, index->table),
                  index->expressions.len ? index->expressions
                                         : nu__editor_list(editor, index->columns,
                                                           index->descending, index->n_columns),
                  index->condition.len ? " WHERE " : "",
                  index->condition.len ? index->condition : S(""));
}

static void defer(nu__editor *editor, nu__deferred_index index)
{
    nu__deferred_index *kept = nu_alloc(nu__deferred_index);

    *kept = index;
    kept->next = NULL;
    *editor->end = kept;
    editor->end = &kept->next;
}

void nu__editor_flush(nu__editor *editor)
{
    nu__deferred_index *index = editor->first;

    editor->first = NULL;
    editor->end = &editor->first;
    for (; index; index = index->next)
        nu__editor_run(editor, nu__editor_index_sql(editor, index));
}

void nu__editor_defer_field_index(nu__editor *editor, nu_str table, const nu__field *field)
{
    nu_str *column = nu_alloc(nu_str);

    if (!field->db_index || field->unique)
        return;
    *column = field->column;
    defer(editor, (nu__deferred_index){ .table = table, .columns = column, .n_columns = 1 });
}

static const char *const index_suffixes[] = {
    [NU_BTREE] = "idx", [NU_BLOOM] = "bloom", [NU_BRIN] = "brin",     [NU_GIN] = "gin",
    [NU_GIST] = "gist", [NU_HASH] = "hash",   [NU_SPGIST] = "spgist",
};

/* Names of at most 30 characters, for every database. */
nu_str nu__schema_index_name(const nu__model_info *model, const nu_index *index)
{
    nu__table_def def = nu__table_def_of(model);
    size_t n = nu__count_names(index->fields);
    nu_str *columns = nu__table_def_columns(&def, index->fields, n), table = model->db_table;
    nu_str *parts = nu_alloc_array(nu_str, n + 2), first = n ? columns[0] : S(""), name;
    nu_str suffix = nu_s(index_suffixes[index->type]);

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

nu__deferred_index nu__meta_index(const nu__editor *editor, const nu__table_def *def,
                                  const nu_index *index)
{
    size_t n = nu__count_names(index->fields);
    bool *descending = nu_alloc_array(bool, n + 1);

    for (size_t i = 0; i < n; i++)
        descending[i] = index->fields[i][0] == '-';
    return (nu__deferred_index){ .table = def->table,
                                 .name = nu__schema_index_name(def->model, index),
                                 .columns = nu__table_def_columns(def, index->fields, n),
                                 .descending = descending,
                                 .n_columns = n,
                                 .expressions = expressions_of(editor, def, index->expressions),
                                 .condition = condition_of(editor, def, index->condition) };
}

static bool index_has_field(const nu_index *index, const nu__field *field)
{
    for (size_t i = 0; i < nu__count_names(index->fields); i++)
        if (field && nu_eq(bare_name(index->fields[i]), field->name))
            return true;
    return false;
}

nu__deferred_index nu__unique_together_index(const nu__table_def *def, const char *const *names)
{
    size_t n = nu__count_names(names);

    return (nu__deferred_index){ .unique = true,
                                 .table = def->table,
                                 .columns = nu__table_def_columns(def, names, n),
                                 .n_columns = n,
                                 .suffix = "_uniq" };
}

void nu__editor_drop_index(nu__editor *editor, nu_str name)
{
    nu__editor_fmt(editor, "DROP INDEX {}", nu__editor_quote(editor, name));
}

/* ---- constraints -------------------------------------------------------------------------- */

bool nu__constraint_is_index(const nu_constraint *constraint)
{
    return !constraint->check && (constraint->condition || constraint->expressions[0] ||
                                  constraint->include[0] || constraint->opclasses[0]);
}

bool nu__constraint_is_supported(const nu__backend *backend, const nu_constraint *constraint)
{
    const nu__features *features = backend->features;

    if (constraint->check)
        return true;
    return (!constraint->excludes[0][0] || features->supports_exclusion_constraints) &&
           (!constraint->deferrable || features->supports_deferrable_unique_constraints) &&
           (!constraint->include[0] || features->supports_covering_indexes) &&
           (!constraint->nulls_distinct || features->supports_nulls_distinct);
}

static nu__deferred_index unique_index(const nu__editor *editor, const nu__table_def *def,
                                       const nu_constraint *constraint)
{
    size_t n = nu__count_names(constraint->fields);

    return (nu__deferred_index){ .unique = true,
                                 .table = def->table,
                                 .name = nu_s(constraint->name),
                                 .columns = nu__table_def_columns(def, constraint->fields, n),
                                 .n_columns = n,
                                 .expressions =
                                     expressions_of(editor, def, constraint->expressions),
                                 .condition = condition_of(editor, def, constraint->condition) };
}

void nu__editor_create_unique_index(nu__editor *editor, const nu__model_info *model,
                                    const nu_constraint *constraint)
{
    nu__table_def def = nu__table_def_of(model);
    nu__deferred_index index = unique_index(editor, &def, constraint);

    nu__editor_run(editor, nu__editor_index_sql(editor, &index));
}

/* A constraint's part of CREATE TABLE; null for one that is an index, which is put off. */
static nu_str constraint_sql(nu__editor *editor, const nu__table_def *def,
                             const nu_constraint *constraint)
{
    nu_str name = nu__editor_quote(editor, nu_s(constraint->name));
    size_t n = nu__count_names(constraint->fields);

    if (!nu__constraint_is_supported(editor->editor.backend, constraint))
        return (nu_str){ 0 };
    if (constraint->check)
        return nu_fmt("CONSTRAINT {} CHECK ({})", name,
                      nu__condition_sql(editor->editor.backend, def, constraint->check));
    if (!nu__constraint_is_index(constraint))
        return nu_fmt(
            "CONSTRAINT {} UNIQUE ({})", name,
            nu__editor_list(editor, nu__table_def_columns(def, constraint->fields, n), NULL, n));
    defer(editor, unique_index(editor, def, constraint));
    return (nu_str){ 0 };
}

/* ---- making and dropping tables ----------------------------------------------------------- */

static void add_part(nu__buf *out, nu_str part)
{
    if (out->len && part.len)
        nu__buf_lit(out, ", ");
    nu__buf_str_add(out, part);
}

static nu_str table_sql(nu__editor *editor, const nu__table_def *def)
{
    const nu_model *model = def->model->model;
    nu__buf parts = { 0 };

    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++)
        defer(editor, nu__unique_together_index(def, model->unique_together[i]));
    for (size_t i = 0; i < def->n_fields; i++) {
        nu_str definition = nu__editor_definition(editor, def, def->fields[i]);

        if (!nu_is_null(definition))
            add_part(&parts,
                     nu_fmt("{} {}", nu__editor_quote(editor, def->fields[i]->column), definition));
    }
    for (size_t i = 0; i < 16 && model->constraints[i].name; i++)
        if (!def->removed || strcmp(def->removed->name, model->constraints[i].name) != 0)
            add_part(&parts, constraint_sql(editor, def, &model->constraints[i]));
    return nu_fmt("CREATE TABLE {} ({})", nu__editor_quote(editor, def->table),
                  nu__buf_str(&parts));
}

void nu__editor_create_table(nu__editor *editor, const nu__table_def *def)
{
    const nu_model *model = def->model->model;

    nu__editor_run(editor, table_sql(editor, def));
    for (size_t i = 0; i < def->n_fields; i++)
        nu__editor_defer_field_index(editor, def->table, def->fields[i]);
    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        if (!index_has_field(&model->indexes[i], def->deleted))
            defer(editor, nu__meta_index(editor, def, &model->indexes[i]));
}

/* Forget what waits for a table, or for one of its columns where that is not null. */
static void forget(nu__editor *editor, nu_str table, nu_str column)
{
    nu__deferred_index **at = &editor->first;

    while (*at) {
        bool gone = nu_eq((*at)->table, table) && nu_is_null(column);

        for (size_t i = 0; i < (*at)->n_columns && !nu_is_null(column); i++)
            gone |= nu_eq((*at)->table, table) && nu_eq((*at)->columns[i], column);
        if (gone)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
    editor->end = at;
}

void nu__editor_forget_column(nu__editor *editor, nu_str table, nu_str column)
{
    forget(editor, table, column);
}

void nu__editor_drop_table(nu__editor *editor, nu_str table)
{
    nu__editor_fmt(editor, "DROP TABLE {}", nu__editor_quote(editor, table));
    forget(editor, table, (nu_str){ 0 });
}

void nu__editor_rename_table(nu__editor *editor, nu_str old, nu_str table)
{
    if (nu_eq(nu_lower(old), nu_lower(table)))
        return;
    nu__editor_fmt(editor, "ALTER TABLE {} RENAME TO {}", nu__editor_quote(editor, old),
                   nu__editor_quote(editor, table));
    for (nu__deferred_index *index = editor->first; index; index = index->next)
        if (nu_eq(index->table, old))
            index->table = table;
}
