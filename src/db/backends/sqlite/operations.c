#include "core/object.h"
#include "core/time.h"
#include "core/uuid.h"
#include "db/backends/sqlite/sqlite.h"
#include <nuages/decimal.h>
#include <nuages/json.h>

#include <string.h>

/* ---- names and texts ---------------------------------------------------------------------- */

static void quote_name(nu__buf *out, nu_str name)
{
    char *to;

    /* Quoting once is enough. */
    if (name.len > 1 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"') {
        nu__buf_str_add(out, name);
        return;
    }
    nu__buf_reserve(out, 2 * name.len + 2);
    to = out->data + out->len;
    *to++ = '"';
    while (name.len) {
        const char *quote = memchr(name.ptr, '"', name.len);
        size_t plain = quote ? (size_t)(quote - name.ptr) + 1 : name.len;

        memcpy(to, name.ptr, plain);
        to += plain;
        if (quote)
            *to++ = '"';
        name = (nu_str){ name.ptr + plain, name.len - plain };
    }
    *to++ = '"';
    out->len = (size_t)(to - out->data);
}

static void quote_text(nu__buf *out, nu_str text)
{
    nu__buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            nu__buf_char(out, '\'');
        nu__buf_char(out, text.ptr[i]);
    }
    nu__buf_char(out, '\'');
}

static void quote_blob(nu__buf *out, nu_bytes bytes)
{
    nu__buf_lit(out, "X'");
    nu__buf_hex(out, bytes);
    nu__buf_char(out, '\'');
}

/* As Django writes a default into DDL: whole numbers and floats bare, all else as texts. */
static void quote_value(nu__buf *out, nu_value value)
{
    nu__sqlite_param param;

    switch (value.kind) {
    case NU_KIND_BOOL:
        nu__buf_char(out, value.b ? '1' : '0');
        return;
    case NU_KIND_INT:
    case NU_KIND_FLOAT:
        nu__buf_str_add(out, nu_string(value));
        return;
    default:
        param = *nu__sqlite_adapt((nu_values){ &value, 1 });
    }
    if (param.kind == NU__CELL_NULL)
        nu__buf_lit(out, "NULL");
    else if (param.kind == NU__CELL_INT)
        nu__buf_int(out, param.i);
    else if (param.kind == NU__CELL_BLOB)
        quote_blob(out, (nu_bytes){ (const uint8_t *)param.text.ptr, param.text.len });
    else
        quote_text(out, param.text);
}

/* ---- lookups ------------------------------------------------------------------------------ */

#define ESCAPED "REPLACE(REPLACE(REPLACE(%s, '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
#define LIKE    "LIKE %s ESCAPE '\\'"

static const nu__operator operators[] = {
    { "exact", "= %s", "= %s" },
    { "iexact", LIKE, LIKE },
    { "contains", LIKE, "LIKE '%' || " ESCAPED " || '%' ESCAPE '\\'" },
    { "icontains", LIKE, "LIKE '%' || UPPER(" ESCAPED ") || '%' ESCAPE '\\'" },
    { "regex", "REGEXP %s", "REGEXP %s" },
    { "iregex", "REGEXP '(?i)' || %s", "REGEXP '(?i)' || %s" },
    { "gt", "> %s", "> %s" },
    { "gte", ">= %s", ">= %s" },
    { "lt", "< %s", "< %s" },
    { "lte", "<= %s", "<= %s" },
    { "startswith", LIKE, "LIKE " ESCAPED " || '%' ESCAPE '\\'" },
    { "endswith", LIKE, "LIKE '%' || " ESCAPED " ESCAPE '\\'" },
    { "istartswith", LIKE, "LIKE UPPER(" ESCAPED ") || '%' ESCAPE '\\'" },
    { "iendswith", LIKE, "LIKE '%' || UPPER(" ESCAPED ") ESCAPE '\\'" },
    { .lookup = NULL },
};

/* ---- dates -------------------------------------------------------------------------------- */

/* The functions of functions_dates.c: the part first, the zone and the connection's last. */
static const struct {
    const char *template;
    bool part, zones;
} date_ops[] = {
    [NU__DATE_EXTRACT] = { "django_date_extract(%s, %c)", true, false },
    [NU__DATE_TRUNC] = { "django_date_trunc(%s, %c, %s, %s)", true, true },
    [NU__TIME_EXTRACT] = { "django_time_extract(%s, %c)", true, false },
    [NU__TIME_TRUNC] = { "django_time_trunc(%s, %c, %s, %s)", true, true },
    [NU__DATETIME_EXTRACT] = { "django_datetime_extract(%s, %c, %s, %s)", true, true },
    [NU__DATETIME_TRUNC] = { "django_datetime_trunc(%s, %c, %s, %s)", true, true },
    [NU__DATETIME_CAST_DATE] = { "django_datetime_cast_date(%c, %s, %s)", false, true },
    [NU__DATETIME_CAST_TIME] = { "django_datetime_cast_time(%c, %s, %s)", false, true },
};

static void date_sql(nu__date_sql *out, nu__date_op op, nu_str part, nu_str zone)
{
    out->template = date_ops[op].template;
    if (date_ops[op].part)
        out->params[out->n_params++] = nu_v_str(part);
    if (!date_ops[op].zones)
        return;
    out->params[out->n_params++] = zone.ptr ? nu_v_str(zone) : nu_null();
    out->params[out->n_params++] = zone.ptr ? nu_v_str(S("UTC")) : nu_null();
}

/* ---- arithmetic --------------------------------------------------------------------------- */

static void combine(nu__buf *out, nu_str connector, nu_str left, nu_str right)
{
    if (nu_eq(connector, "^"))
        nu__buf_fmt(out, "POWER({},{})", left, right);
    else if (nu_eq(connector, "#"))
        nu__buf_fmt(out, "BITXOR({},{})", left, right);
    else
        nu__buf_fmt(out, "{} {} {}", left, connector, right);
}

static void combine_durations(nu__buf *out, nu_str connector, nu_str left, nu_str right)
{
    if (connector.len != 1 || !strchr("+-*/", connector.ptr[0]))
        nu_raise(NU_DATABASE_ERROR, "Invalid connector for timedelta: {}.", connector);
    nu__buf_fmt(out, "django_format_dtdelta('{}', {}, {})", connector, left, right);
}

static void subtract_temporals(nu__buf *out, nu_field_type type, nu_str left, nu_str right)
{
    nu__buf_fmt(out, "{}({}, {})",
                type == NU_TIME_FIELD ? "django_time_diff" : "django_timestamp_diff", left, right);
}

/* 500 is SQLite's limit of terms of a compound SELECT, which rows of one column become. */
static size_t bulk_batch_size(size_t n_columns, size_t n_rows)
{
    if (n_columns == 0)
        return n_rows;
    return n_columns == 1 ? 500 : nu__sqlite_features.max_query_params / n_columns;
}

static nu_str cast_type(const nu__field *type)
{
    if (type->type->type == NU_CHAR_FIELD && !type->max_length)
        return S("text");
    return nu__field_db_type(type, NU__SQLITE);
}

const nu__operations nu__sqlite_operations = {
    .quote_name = quote_name,
    .placeholder = nu__question_mark,
    .convert_query = nu__question_marks,
    .operators = operators,
    .date_sql = date_sql,
    .combine = combine,
    .combine_durations = combine_durations,
    .subtract_temporals = subtract_temporals,
    .bulk_batch_size = bulk_batch_size,
    .quote_value = quote_value,
    .cast = { "CAST(", " AS ", ")" },
    .cast_type = cast_type,
    .json_cast = "",
    .default_key = "NULL",
    .no_limit = " LIMIT -1",
    .insert_or_ignore = "INSERT OR IGNORE INTO ",
    .ignore_conflicts = "",
    .explain = "EXPLAIN QUERY PLAN ",
};
