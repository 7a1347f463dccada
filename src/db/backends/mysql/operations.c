#include "core/object.h"
#include "core/time.h"
#include "db/backends/mysql/mysql.h"
#include <nuages/decimal.h>

#include <string.h>

/* ---- names and texts ---------------------------------------------------------------------- */

/* A back-tick in a name is not doubled by Django either; checks refuse such names. Here it is, so
   that no name can end its quotes. */
static void quote_name(nu__buf *out, nu_str name)
{
    /* Quoting once is enough. */
    if (name.len > 1 && name.ptr[0] == '`' && name.ptr[name.len - 1] == '`') {
        nu__buf_str_add(out, name);
        return;
    }
    nu__buf_char(out, '`');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '`')
            nu__buf_char(out, '`');
        nu__buf_char(out, name.ptr[i]);
    }
    nu__buf_char(out, '`');
}

/* As mysql_real_escape_string() does where back-slashes escape. */
static const struct {
    char c, escaped;
} escapes[] = {
    { '\0', '0' },  { '\n', 'n' }, { '\r', 'r' },   { '\\', '\\' },
    { '\'', '\'' }, { '"', '"' },  { '\x1a', 'Z' },
};

static void quote_text(nu__buf *out, nu_str text)
{
    nu__buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        for (size_t k = 0; k < sizeof escapes / sizeof *escapes; k++)
            if (escapes[k].c == c) {
                nu__buf_char(out, '\\');
                c = escapes[k].escaped;
                break;
            }
        nu__buf_char(out, c);
    }
    nu__buf_char(out, '\'');
}

static void quote_blob(nu__buf *out, nu_bytes bytes)
{
    nu__buf_lit(out, "X'");
    nu__buf_hex(out, bytes);
    nu__buf_char(out, '\'');
}

/* A float is told from a decimal by its exponent. */
static void quote_float(nu__buf *out, nu_value value)
{
    nu_str text = nu_string(value);

    nu__buf_str_add(out, text);
    if (!memchr(text.ptr, 'e', text.len))
        nu__buf_lit(out, "e0");
}

static void quote_value(nu__buf *out, nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        nu__buf_lit(out, "NULL");
        break;
    case NU_KIND_BOOL:
        nu__buf_char(out, value.b ? '1' : '0');
        break;
    case NU_KIND_INT:
    case NU_KIND_TIMEDELTA:
        nu__buf_int(out, value.i);
        break;
    case NU_KIND_UINT:
        nu__buf_uint(out, value.u);
        break;
    case NU_KIND_FLOAT:
        quote_float(out, value);
        break;
    case NU_KIND_DECIMAL:
        nu__buf_str_add(out, nu_decimal_str(*value.decimal));
        break;
    case NU_KIND_BYTES:
        quote_blob(out, value.bytes);
        break;
    default:
        quote_text(out, nu__mysql_text(value));
    }
}

/* ---- lookups ------------------------------------------------------------------------------ */

/* What Django's str.format() makes of its pattern_esc: one back-slash where it wrote two. */
#define ESCAPED "REPLACE(REPLACE(REPLACE(%s, '\\\\', '\\\\\\\\'), '%', '\\%'), '_', '\\_')"

static const nu__operator operators[] = {
    { "exact", "= %s", "= %s" },
    { "iexact", "LIKE %s", "LIKE %s" },
    { "contains", "LIKE BINARY %s", "LIKE BINARY CONCAT('%', " ESCAPED ", '%')" },
    { "icontains", "LIKE %s", "LIKE CONCAT('%', " ESCAPED ", '%')" },
    { "regex", "REGEXP BINARY %s", "REGEXP BINARY %s" },
    { "iregex", "REGEXP %s", "REGEXP %s" },
    { "gt", "> %s", "> %s" },
    { "gte", ">= %s", ">= %s" },
    { "lt", "< %s", "< %s" },
    { "lte", "<= %s", "<= %s" },
    { "startswith", "LIKE BINARY %s", "LIKE BINARY CONCAT(" ESCAPED ", '%')" },
    { "endswith", "LIKE BINARY %s", "LIKE BINARY CONCAT('%', " ESCAPED ")" },
    { "istartswith", "LIKE %s", "LIKE CONCAT(" ESCAPED ", '%')" },
    { "iendswith", "LIKE %s", "LIKE CONCAT('%', " ESCAPED ")" },
    { NULL, NULL, NULL },
};

/* ---- dates -------------------------------------------------------------------------------- */

/* Django's: parts of dates that EXTRACT does not have, or counts in another way. */
static const struct {
    const char *part, *sql;
} extracts[] = {
    { "week_day", "DAYOFWEEK(%c)" },
    { "iso_week_day", "WEEKDAY(%c) + 1" },
    { "week", "WEEK(%c, 3)" },
    { "iso_year", "TRUNCATE(YEARWEEK(%c, 3), -2) / 100" },
    { "year", "EXTRACT(YEAR FROM %c)" },
    { "quarter", "EXTRACT(QUARTER FROM %c)" },
    { "month", "EXTRACT(MONTH FROM %c)" },
    { "day", "EXTRACT(DAY FROM %c)" },
    { "hour", "EXTRACT(HOUR FROM %c)" },
    { "minute", "EXTRACT(MINUTE FROM %c)" },
    { "second", "EXTRACT(SECOND FROM %c)" },
};

/* What is cut off, by a format that is a parameter: NULL, none. */
static const struct {
    nu__date_op op;
    const char *part, *sql, *format;
} truncs[] = {
    { NU__DATE_TRUNC, "year", "CAST(DATE_FORMAT(%c, %s) AS DATE)", "%Y-01-01" },
    { NU__DATE_TRUNC, "month", "CAST(DATE_FORMAT(%c, %s) AS DATE)", "%Y-%m-01" },
    { NU__DATE_TRUNC, "quarter",
      "MAKEDATE(YEAR(%c), 1) + INTERVAL QUARTER(%c) QUARTER - INTERVAL 1 QUARTER", NULL },
    { NU__DATE_TRUNC, "week", "DATE_SUB(%c, INTERVAL WEEKDAY(%c) DAY)", NULL },
    { NU__DATE_TRUNC, NULL, "DATE(%c)", NULL },
    { NU__TIME_TRUNC, "hour", "CAST(DATE_FORMAT(%c, %s) AS TIME)", "%H:00:00" },
    { NU__TIME_TRUNC, "minute", "CAST(DATE_FORMAT(%c, %s) AS TIME)", "%H:%i:00" },
    { NU__TIME_TRUNC, "second", "CAST(DATE_FORMAT(%c, %s) AS TIME)", "%H:%i:%s" },
    { NU__TIME_TRUNC, NULL, "TIME(%c)", NULL },
    { NU__DATETIME_TRUNC, "year", "CAST(DATE_FORMAT(%c, %s) AS DATETIME)", "%Y-01-01 00:00:00" },
    { NU__DATETIME_TRUNC, "quarter",
      "CAST(DATE_FORMAT(MAKEDATE(YEAR(%c), 1) + INTERVAL QUARTER(%c) QUARTER - INTERVAL 1 QUARTER, "
      "%s) AS DATETIME)",
      "%Y-%m-01 00:00:00" },
    { NU__DATETIME_TRUNC, "month", "CAST(DATE_FORMAT(%c, %s) AS DATETIME)", "%Y-%m-01 00:00:00" },
    { NU__DATETIME_TRUNC, "week",
      "CAST(DATE_FORMAT(DATE_SUB(%c, INTERVAL WEEKDAY(%c) DAY), %s) AS DATETIME)",
      "%Y-%m-%d 00:00:00" },
    { NU__DATETIME_TRUNC, "day", "CAST(DATE_FORMAT(%c, %s) AS DATETIME)", "%Y-%m-%d 00:00:00" },
    { NU__DATETIME_TRUNC, "hour", "CAST(DATE_FORMAT(%c, %s) AS DATETIME)", "%Y-%m-%d %H:00:00" },
    { NU__DATETIME_TRUNC, "minute", "CAST(DATE_FORMAT(%c, %s) AS DATETIME)", "%Y-%m-%d %H:%i:00" },
    { NU__DATETIME_TRUNC, "second", "CAST(DATE_FORMAT(%c, %s) AS DATETIME)", "%Y-%m-%d %H:%i:%s" },
    { NU__DATETIME_TRUNC, NULL, "%c", NULL },
    { NU__DATETIME_CAST_DATE, NULL, "DATE(%c)", NULL },
    { NU__DATETIME_CAST_TIME, NULL, "TIME(%c)", NULL },
};

/* "Etc/GMT-3+05:30" and the like: Django's split_tzname_delta(); the offset alone counts. */
static nu_str zone_for_server(nu_str zone)
{
    for (size_t i = zone.len; i-- > 0;)
        if (zone.ptr[i] == '+' || zone.ptr[i] == '-') {
            nu_str offset = { zone.ptr + i + 1, zone.len - i - 1 };

            if (offset.len == 5 && offset.ptr[2] == ':')
                return (nu_str){ zone.ptr + i, offset.len + 1 };
        }
    return zone;
}

/* Each column of the template in the zone; a datetime's is UTC. */
static const char *in_zone(nu__date_sql *out, const char *template, nu_str zone)
{
    nu__buf text = { 0 };
    const char *at = template, *sign;

    if (!zone.ptr || nu_eq(zone, "UTC"))
        return template;
    for (; (sign = strstr(at, "%c")); at = sign + 2) {
        nu__buf_add(&text, at, (size_t)(sign - at));
        nu__buf_lit(&text, "CONVERT_TZ(%c, %s, %s)");
        out->params[out->n_params++] = nu_v_str(S("UTC"));
        out->params[out->n_params++] = nu_v_str(zone_for_server(zone));
    }
    nu__buf_str_add(&text, nu_s(at));
    return nu__buf_str(&text).ptr;
}

static void extract_sql(nu__date_sql *out, nu_str part, nu_str zone)
{
    for (size_t i = 0; i < sizeof extracts / sizeof *extracts; i++)
        if (nu_eq(part, extracts[i].part)) {
            out->template = in_zone(out, extracts[i].sql, zone);
            return;
        }
    nu_raise(NU_VALUE_ERROR, "Invalid lookup type: {!r}", part);
}

static void date_sql(nu__date_sql *out, nu__date_op op, nu_str part, nu_str zone)
{
    if (op == NU__DATE_EXTRACT || op == NU__TIME_EXTRACT || op == NU__DATETIME_EXTRACT) {
        extract_sql(out, part, zone);
        return;
    }
    for (size_t i = 0; i < sizeof truncs / sizeof *truncs; i++)
        if (truncs[i].op == op && (!truncs[i].part || nu_eq(part, truncs[i].part))) {
            out->template = in_zone(out, truncs[i].sql, zone);
            if (truncs[i].format)
                out->params[out->n_params++] = nu_v_str(nu_s(truncs[i].format));
            return;
        }
}

/* ---- arithmetic --------------------------------------------------------------------------- */

/* The server's operators on bits give numbers without a sign. */
static void combine(nu__buf *out, nu_str connector, nu_str left, nu_str right)
{
    if (nu_eq(connector, "^"))
        nu__buf_fmt(out, "POW({},{})", left, right);
    else if (nu_eq(connector, "#"))
        nu__buf_fmt(out, "CONVERT({}^{}, SIGNED)", left, right);
    else if (nu_eq(connector, "&") || nu_eq(connector, "|") || nu_eq(connector, "<<"))
        nu__buf_fmt(out, "CONVERT({}{}{}, SIGNED)", left, connector, right);
    else if (nu_eq(connector, ">>"))
        nu__buf_fmt(out, "FLOOR({} / POW(2, {}))", left, right);
    else
        nu__buf_fmt(out, "{} {} {}", left, connector, right);
}

static void combine_durations(nu__buf *out, nu_str connector, nu_str left, nu_str right)
{
    combine(out, connector, left, right);
}

static void subtract_temporals(nu__buf *out, nu_field_type type, nu_str left, nu_str right)
{
    if (type == NU_TIME_FIELD)
        nu__buf_fmt(out, "CAST((TIME_TO_SEC({}) - TIME_TO_SEC({})) * 1000000 AS SIGNED)", left,
                    right);
    else
        /* Django swaps the sides; their parameters stay in order here. */
        nu__buf_fmt(out, "-TIMESTAMPDIFF(MICROSECOND, {}, {})", left, right);
}

/* As many as the protocol has parameters: Django, which sends literals, sends all at once. */
static size_t bulk_batch_size(size_t n_columns, size_t n_rows)
{
    return n_columns ? NU__MYSQL_MAX_PARAMS / n_columns : n_rows;
}

/* CAST knows few types. */
static nu_str cast_type(const nu__field *type)
{
    bool whole = type->type->max || type->type->type == NU_DURATION_FIELD;

    if (whole)
        return type->type->min == 0 && type->type->max ? S("unsigned integer")
                                                       : S("signed integer");
    if (type->type->type == NU_TEXT_FIELD ||
        (type->type->type == NU_CHAR_FIELD && !type->max_length))
        return S("char");
    if (type->type->type == NU_CHAR_FIELD)
        return nu_fmt("char({})", type->max_length);
    if (type->type->type == NU_DECIMAL_FIELD)
        return nu_fmt("decimal({}, {})", type->max_digits, type->decimal_places);
    return nu__field_db_type(type, NU__MYSQL);
}

static bool cast_otherwise(const nu__field *type, const char **before, const char **after)
{
    static const struct {
        nu_field_type type;
        const char *before, *after;
    } casts[] = { { NU_FLOAT_FIELD, "(", " + 0.0)" },
                  { NU_JSON_FIELD, "JSON_EXTRACT(", ", '$')" } };

    for (size_t i = 0; i < sizeof casts / sizeof *casts; i++)
        if (casts[i].type == type->type->type) {
            *before = casts[i].before;
            *after = casts[i].after;
            return true;
        }
    return false;
}

static const char *const explain_formats[] = { "JSON", "TEXT", "TRADITIONAL", NULL };
static const char *const explain_options[] = { "ANALYZE", NULL };

/* ANALYZE runs the statement too, and says what it met. */
static nu_str explain_prefix(const char *format, bool analyze)
{
    nu_str verb = analyze ? S("ANALYZE ") : S("EXPLAIN ");

    if (!format)
        return verb;
    return nu_fmt("{}FORMAT={} ", verb, strcmp(format, "TEXT") == 0 ? "TRADITIONAL" : format);
}

const nu__operations nu__mysql_operations = {
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
    .cast_otherwise = cast_otherwise,
    .json_cast = "",
    .default_key = "NULL",
    .no_limit = " LIMIT 18446744073709551615",
    .insert_or_ignore = "INSERT IGNORE INTO ",
    .ignore_conflicts = "",
    .explain = "EXPLAIN ",
    .explain_formats = explain_formats,
    .explain_options = explain_options,
    .explain_prefix = explain_prefix,
    .disable_constraints = "SET foreign_key_checks=0",
    .enable_constraints = "SET foreign_key_checks=1",
    .interval = "INTERVAL %s MICROSECOND",
};
