/* SQL of the lookups that match texts: contains, startswith, regex and their kin. */
#include "db/sql/lookup_sql.h"

#include "core/object.h"
#include "db/sql/query_key.h"

#include <string.h>

/* Text for LIKE: what means something there is escaped. */
static nu_str like_text(const nu__lookup *lookup, nu_str text)
{
    nu__buf out = { 0 };

    if (lookup->before)
        nu__buf_char(&out, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\%_", text.ptr[i]) && text.ptr[i])
            nu__buf_char(&out, '\\');
        nu__buf_char(&out, text.ptr[i]);
    }
    if (lookup->after)
        nu__buf_char(&out, '%');
    return nu__buf_str(&out);
}

/* A LIKE: not a regex, and not the "=" that PostgreSQL has for iexact, where nothing escapes. */
static bool is_like(const nu_expr *lookup, const nu__backend *backend)
{
    return !strstr(lookup->lookup->name, "regex") &&
           nu__operator_on(backend, lookup->lookup->name)->sql[0] != '=';
}

/* A UUID is stored without hyphens: look for it without them. */
static nu_str uuid_text(const nu_expr *lookup, nu_str text, const nu__backend *backend)
{
    const nu__field *type = nu__expr_output(lookup->args[0]);
    nu__buf plain = { 0 };

    if (!type || type->target->type->type != NU_UUID_FIELD || backend->features->has_native_uuids)
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '-')
            nu__buf_char(&plain, text.ptr[i]);
    return nu__buf_str(&plain);
}

nu_value nu__pattern_param(const nu_expr *lookup, const nu__backend *backend)
{
    nu_str text = uuid_text(lookup, nu_string(lookup->value), backend);

    return nu_v_str(is_like(lookup, backend) ? like_text(lookup->lookup, text) : text);
}

/* Patterns are of texts: what is none is made one. */
static nu__sql_result pattern_lhs(const nu_expr *lookup, const nu__operator *op, nu__compiler *out)
{
    const nu_expr *lhs = lookup->args[0];
    const nu__field *type = nu__expr_output(lhs);
    bool address = type && type->target->type->type == NU_GENERIC_IP_ADDRESS_FIELD;
    const char *template = address && op->ip_lhs ? op->ip_lhs : op->lhs;
    nu__sql sql = { 0 }, *outer = out->sql;
    nu__fragment piece;
    nu__sql_result result;

    if (!template)
        return nu__lookup_lhs(lookup, out);
    out->sql = &sql;
    result = lhs->klass == &nu__json_key ? nu__json_operator_text(lhs, out)
                                         : nu__lookup_lhs(lookup, out);
    out->sql = outer;
    piece = (nu__fragment){ nu__buf_str(&sql.text), { sql.params, sql.n_params } };
    if (result == NU__SQL_OK)
        nu__sql_template(out, template, &piece, 1);
    return result;
}

nu__sql_result nu__pattern_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu__operator *op = nu__operator_of(out, lookup->lookup->name);
    const char *template = op->sql;
    nu__fragment rhs;
    nu__sql_result result;

    if (lookup->n_args > 1) {
        result = nu__lookup_rhs(lookup, out, &rhs);
        if (result != NU__SQL_OK)
            return result;
        if (op->pattern_sql)
            template = op->pattern_sql;
    } else {
        rhs = nu__lookup_param(lookup, out);
    }
    if (nu__json_folds_case(lookup, out))
        rhs.text = nu_fmt("LOWER({})", rhs.text);
    result = pattern_lhs(lookup, op, out);
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" "));
    nu__sql_template(out, template, &rhs, 1);
    return NU__SQL_OK;
}
