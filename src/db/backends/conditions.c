#include "db/models/check_text.h"

#include "db/backends/schema.h"

#include <string.h>

/* The conditions of constraints as SQL with literals: what a database keeps in its schema has no
 * parameters. Columns stand without their table, which may be renamed.
 */

typedef struct writer {
    const nu__backend *backend;
    const nu__table_def *def;
    nu__buf out;
} writer;

static const char *const comparisons[][2] = {
    { "exact", " = " }, { "gt", " > " }, { "gte", " >= " }, { "lt", " < " }, { "lte", " <= " },
};

static NU_NORETURN void refuse(const nu__check_text *condition, const char *why)
{
    nu_raise(NU_NOT_SUPPORTED_ERROR, "the condition \"{}\" of a constraint: {}", condition->lookup,
             why);
}

static void write_value(writer *writer, const nu__field *field, const nu__check_text *condition)
{
    nu__invalid why = { 0 };
    nu_value value;

    if (!nu_is_null(condition->field)) {
        writer->backend->operations->quote_name(
            &writer->out, nu__table_def_field(writer->def, condition->field)->column);
        return;
    }
    if (!nu__field_to_python(field, condition->value, &value, &why))
        refuse(condition, why.message.ptr);
    writer->backend->operations->quote_value(
        &writer->out, nu__field_db_value(field, value, writer->backend->dialect));
}

static void write_lookup(writer *writer, const nu__check_text *condition)
{
    const char *mark = memmem(condition->lookup.ptr, condition->lookup.len, "__", 2);
    nu_str name = { condition->lookup.ptr,
                    mark ? (size_t)(mark - condition->lookup.ptr) : condition->lookup.len };
    nu_str lookup = mark ? nu_s(mark + 2) : S("exact");
    const nu__field *field = nu__table_def_field(writer->def, name);
    bool null = condition->value.kind == NU_KIND_NULL && nu_is_null(condition->field);

    writer->backend->operations->quote_name(&writer->out, field->column);
    if (nu_eq(lookup, "isnull") || (nu_eq(lookup, "exact") && null)) {
        bool is_null = null || condition->value.b;

        nu__buf_str_add(&writer->out, is_null ? S(" IS NULL") : S(" IS NOT NULL"));
        return;
    }
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
        if (nu_eq(lookup, comparisons[i][0])) {
            nu__buf_str_add(&writer->out, nu_s(comparisons[i][1]));
            write_value(writer, field, condition);
            return;
        }
    refuse(condition, "only isnull, exact, gt, gte, lt and lte can stand there");
}

static void write_condition(writer *writer, const nu__check_text *condition);

static void write_parts(writer *writer, const nu__check_text *condition, nu_str between)
{
    nu__buf_char(&writer->out, '(');
    for (const nu__check_text *part = condition->parts; part; part = part->next) {
        if (part != condition->parts)
            nu__buf_str_add(&writer->out, between);
        write_condition(writer, part);
    }
    nu__buf_char(&writer->out, ')');
}

static void write_condition(writer *writer, const nu__check_text *condition)
{
    bool listed = condition->parts && condition->parts->op != NU__CONDITION_LOOKUP;

    switch (condition->op) {
    case NU__CONDITION_LOOKUP:
        write_lookup(writer, condition);
        break;
    case NU__CONDITION_ALL:
        write_parts(writer, condition, S(" AND "));
        break;
    case NU__CONDITION_ANY:
        write_parts(writer, condition, S(" OR "));
        break;
    case NU__CONDITION_NOT:
        nu__buf_lit(&writer->out, "NOT ");
        if (listed)
            write_condition(writer, condition->parts);
        else
            write_parts(writer, condition, S(""));
        break;
    }
}

nu_str nu__condition_sql(const nu__backend *backend, const nu__table_def *def,
                         const char *condition)
{
    writer writer = { .backend = backend, .def = def };

    write_condition(&writer, nu__check_text_parse(nu_s(condition)));
    return nu__buf_str(&writer.out);
}
