/* A column: its type, default, null, key, and what it refers to. */
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

const char *nu__field_collation(const nu__field *field)
{
    const nu__field *target = field->target;

    return target->type->family == NU__CHAR_OPTIONS
               ? ((const nu_char_field *)target->def)->db_collation
               : NULL;
}

nu_str nu__editor_collation(const nu__editor *editor, const nu__field *field)
{
    const char *collation = nu__field_collation(field);

    if (!collation)
        return S("");
    if (editor->editor.backend->schema->bare_collations)
        return nu_fmt("COLLATE {}", collation);
    return nu_fmt("COLLATE {}", nu__editor_quote(editor, nu_s(collation)));
}

nu_str nu__editor_type(const nu__editor *editor, const nu__field *field)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;
    nu_str type = nu__field_db_type(field, editor->editor.backend->dialect);

    return type.len && field->relation && schema->reference_type
               ? schema->reference_type(editor, field, type)
               : type;
}

/* `initial`: the default for rows that are there; "" when there is none. */
static nu_str column_sql(const nu__editor *editor, const nu__table_def *def, const nu__field *field,
                         nu_str initial)
{
    nu_str type = nu__editor_type(editor, field);
    nu_str collation = nu__editor_collation(editor, field);
    nu__buf out = { 0 };

    if (nu_is_null(type))
        return type;
    nu__buf_str_add(&out, type);
    if (collation.len)
        nu__buf_fmt(&out, " {}", collation);
    nu__buf_str_add(&out, nu__editor_inline_comment(editor, field));
    if (field->def->db_default.kind != NU_KIND_NULL)
        nu__buf_fmt(&out, " DEFAULT {}", nu__editor_db_default(editor, def, field));
    else if (initial.len)
        nu__buf_fmt(&out, " DEFAULT {}", initial);
    if (field->def->expression)
        nu__buf_fmt(&out, " {}", generated_sql(editor, def, field));
    else
        nu__buf_str_add(&out, field->null ? S(" NULL") : S(" NOT NULL"));
    nu__buf_str_add(&out, field->primary_key ? S(" PRIMARY KEY")
                          : field->unique    ? S(" UNIQUE")
                                             : S(""));
    return nu__buf_str(&out);
}

nu_str nu__editor_column(const nu__editor *editor, const nu__table_def *def, const nu__field *field)
{
    return column_sql(editor, def, field, S(""));
}

nu_str nu__editor_added_column(const nu__editor *editor, const nu__field *field)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;
    bool takes = !schema->takes_default || schema->takes_default(field);

    return column_sql(editor, NULL, field, takes ? nu__editor_default_sql(editor, field) : S(""));
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
    if (nu__has_db_constraint(field) && editor->editor.backend->schema->inline_fk) {
        const nu__field *target = field->relation->to_field;

        if (def && field->relation->to == def->model)
            target = nu__table_def_field(def, target->name);
        nu__buf_fmt(
            &out, " {}",
            nu__ddl_fill(editor->editor.backend->schema->inline_fk,
                         NU__DDL_PARTS({ "to_table",
                                         nu__editor_quote(editor, field->relation->to->db_table) },
                                       { "to_column", nu__editor_quote(editor, target->column) })));
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
    if (editor->editor.backend->features->counts_on_zero && field->target->auto_key &&
        value.kind == NU_KIND_INT && !value.i)
        nu_raise(NU_VALUE_ERROR,
                 "The database backend does not accept 0 as a value for AutoField.");
    return value.kind == NU_KIND_NULL
               ? value
               : nu__field_db_value(field, value, editor->editor.backend->dialect);
}

nu_str nu__editor_default_sql(const nu__editor *editor, const nu__field *field)
{
    nu_value value = nu__editor_default(editor, field);
    bool json = field->target->type->type == NU_JSON_FIELD;

    if (value.kind == NU_KIND_NULL)
        return S("");
    return nu_fmt("{}{}", nu__editor_literal(editor, value),
                  json ? editor->editor.backend->operations->json_cast : "");
}
