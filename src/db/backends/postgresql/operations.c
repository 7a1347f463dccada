#include "db/backends/postgresql/dialect.h"
#include "db/backends/postgresql/postgresql.h"

#include "core/time.h"
#include <nuages/decimal.h>
#include <nuages/json.h>
#include <nuages/uuid.h>

#include <string.h>

/* ---- names and texts ---------------------------------------------------------------------- */

static void put_quoted(nu__buf *out, nu_str text, char quote)
{
    nu__buf_char(out, quote);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == quote)
            nu__buf_char(out, quote);
        nu__buf_char(out, text.ptr[i]);
    }
    nu__buf_char(out, quote);
}

static void quote_name(nu__buf *out, nu_str name)
{
    /* Quoting once is enough. */
    if (name.len > 1 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
        nu__buf_str_add(out, name);
    else
        put_quoted(out, name, '"');
}

static void placeholder(nu__buf *out, uint32_t number)
{
    nu__buf_char(out, '$');
    nu__buf_int(out, number);
}

static nu_str convert_query(nu_str sql)
{
    nu__buf out = { 0 };
    uint32_t number = 0;

    for (size_t i = 0; i < sql.len; i++) {
        char mark = sql.ptr[i] == '%' && i + 1 < sql.len ? sql.ptr[i + 1] : '\0';

        if (mark == 's')
            placeholder(&out, ++number);
        else
            nu__buf_char(&out, sql.ptr[i]);
        i += mark == 's' || mark == '%';
    }
    return nu__buf_str(&out);
}

/* ---- literals ----------------------------------------------------------------------------- */

/* A text literal; one with backslashes is written so that no setting changes its meaning. */
static void quote_text(nu__buf *out, nu_str text)
{
    if (text.len && memchr(text.ptr, 0, text.len))
        nu_raise(NU_DATA_ERROR, "PostgreSQL text fields cannot contain NUL (0x00) bytes");
    if (!text.len || !memchr(text.ptr, '\\', text.len)) {
        put_quoted(out, text, '\'');
        return;
    }
    nu__buf_lit(out, " E");
    nu__buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
            nu__buf_char(out, text.ptr[i]);
        nu__buf_char(out, text.ptr[i]);
    }
    nu__buf_char(out, '\'');
}

static void quote_bytes(nu__buf *out, nu_bytes bytes)
{
    nu__buf_lit(out, "'\\x");
    nu__buf_hex(out, bytes);
    nu__buf_lit(out, "'::bytea");
}

/* A minus must not make a comment of the one before. */
static void quote_number(nu__buf *out, nu_value value)
{
    nu_str text = nu_string(value);

    if (text.len && (nu_eq(text, "inf") || nu_eq(text, "-inf") || nu_eq(text, "nan")))
        nu__buf_fmt(out, "'{}'::float8", text);
    else
        nu__buf_fmt(out, "{}{}", text.len && text.ptr[0] == '-' ? " " : "", text);
}

static void quote_interval(nu__buf *out, int64_t us)
{
    nu__buf_fmt(out, "'{} days {} microseconds'::interval", nu__floor_div(us, NU__US_DAY),
                nu__floor_mod(us, NU__US_DAY));
}

/* Kinds whose literal is a text with a type behind it. */
static const char *const cast_kinds[NU_KIND_JSON + 1] = {
    [NU_KIND_DATE] = "::date",
    [NU_KIND_DATETIME] = "::timestamptz",
    [NU_KIND_TIME] = "::time",
    [NU_KIND_UUID] = "::uuid",
};

static void quote_value(nu__buf *out, nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        nu__buf_lit(out, "NULL");
        return;
    case NU_KIND_BOOL:
        nu__buf_str_add(out, value.b ? S("true") : S("false"));
        return;
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_FLOAT:
    case NU_KIND_DECIMAL:
        quote_number(out, value);
        return;
    case NU_KIND_BYTES:
        quote_bytes(out, value.bytes);
        return;
    case NU_KIND_TIMEDELTA:
        quote_interval(out, value.i);
        return;
    case NU_KIND_LIST:
    case NU_KIND_OBJECT: /* arrays and ranges */
        quote_text(out, nu__pg_text(value, 0));
        return;
    default:
        quote_text(out, nu_string(value));
    }
    if (cast_kinds[value.kind])
        nu__buf_str_add(out, nu_s(cast_kinds[value.kind]));
}

/* ---- lookups ------------------------------------------------------------------------------ */

#define ESCAPED                                                                                    \
    "REPLACE(REPLACE(REPLACE(%s, E'\\\\', E'\\\\\\\\'), E'%', E'\\\\%'), E'_', E'\\\\_')"
#define TEXT  .lhs = "%s::text", .ip_lhs = "HOST(%s)"
#define UPPER .lhs = "UPPER(%s::text)", .ip_lhs = "UPPER(HOST(%s))"

/* clang-format off */
static const nu__operator operators[] = {
    { "exact", "= %s", "= %s" },
    { "iexact", "= UPPER(%s)", "= UPPER(%s)", UPPER },
    { "contains", "LIKE %s", "LIKE '%' || " ESCAPED " || '%'", TEXT },
    { "icontains", "LIKE UPPER(%s)", "LIKE '%' || UPPER(" ESCAPED ") || '%'", UPPER },
    { "regex", "~ %s", "~ %s", TEXT },
    { "iregex", "~* %s", "~* %s", TEXT },
    { "gt", "> %s", "> %s" },
    { "gte", ">= %s", ">= %s" },
    { "lt", "< %s", "< %s" },
    { "lte", "<= %s", "<= %s" },
    { "startswith", "LIKE %s", "LIKE " ESCAPED " || '%'", TEXT },
    { "endswith", "LIKE %s", "LIKE '%' || " ESCAPED, TEXT },
    { "istartswith", "LIKE UPPER(%s)", "LIKE UPPER(" ESCAPED ") || '%'", UPPER },
    { "iendswith", "LIKE UPPER(%s)", "LIKE '%' || UPPER(" ESCAPED ")", UPPER },
    { "trigram_similar", "% %s", "% %s" },
    { "trigram_word_similar", "%> %s", "%> %s" },
    { "trigram_strict_word_similar", "%>> %s", "%>> %s" },
    { .lookup = NULL },
};
/* clang-format on */

/* clang-format off */
static const nu__operator container_operators[] = {
    { "contains", "@> %s" },
    { "contained_by", "<@ %s" },
    { "exact", "= %s" },
    { "overlap", "&& %s" },
    { "fully_lt", "<< %s" },
    { "fully_gt", ">> %s" },
    { "not_lt", "&> %s" },
    { "not_gt", "&< %s" },
    { "adjacent_to", "-|- %s" },
    { "has_key", "? %s" },
    { "has_keys", "?& %s" },
    { "has_any_keys", "?| %s" },
    { .lookup = NULL },
};
/* clang-format on */

/* ---- dates -------------------------------------------------------------------------------- */

/* "Asia/Kolkata" as it is; what is so and so far from a zone the other way round, by POSIX. */
static nu_str zone_for_server(nu_str zone)
{
    nu_str copy = nu_copy(zone);

    for (size_t i = zone.len; i-- > 0;) {
        nu_str name = { zone.ptr, i }, offset = { zone.ptr + i + 1, zone.len - i - 1 };

        if ((zone.ptr[i] == '+' || zone.ptr[i] == '-') && offset.len &&
            strspn(copy.ptr + i + 1, "0123456789:") == offset.len)
            return nu_fmt("{}{}{}{}", name, zone.ptr[i] == '+' ? "-" : "+", offset,
                          memchr(offset.ptr, ':', offset.len) ? "" : ":00");
    }
    return zone;
}

/* The column, at a zone. Parts and zones are literals: they are few, and an expression that is
   selected and grouped by must be the same to the server in both places. */
static nu_str column_in(nu_str zone)
{
    nu__buf out = { 0 };

    if (!zone.ptr)
        return S("%c");
    nu__buf_lit(&out, "%c AT TIME ZONE ");
    quote_text(&out, zone_for_server(zone));
    return nu__buf_str(&out);
}

static nu_str extract_sql(nu_str part, nu_str column)
{
    static const char *const parts[][2] = { { "week_day", "DOW" }, /* Sunday is 1 everywhere */
                                            { "iso_week_day", "ISODOW" },
                                            { "iso_year", "ISOYEAR" } };
    nu_str name = nu_upper(part);

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (nu_eq(part, parts[i][0]))
            name = nu_s(parts[i][1]);
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] != '_' && (name.ptr[i] < 'A' || name.ptr[i] > 'Z'))
            nu_raise(NU_VALUE_ERROR, "Invalid lookup type: {!r}", part);
    return nu_fmt("EXTRACT({} FROM {}){}", name, column,
                  nu_eq(part, "week_day") ? S(" + 1") : S(""));
}

static nu_str trunc_sql(nu_str part, nu_str column, const char *cast)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "DATE_TRUNC(");
    quote_text(&out, part);
    nu__buf_fmt(&out, ", {}){}", column, cast);
    return nu__buf_str(&out);
}

static nu_str template_of(nu__date_op op, nu_str part, nu_str column)
{
    switch (op) {
    case NU__DATETIME_EXTRACT:
    case NU__TIME_EXTRACT:
        if (nu_eq(part, "second")) /* without its fraction */
            column = trunc_sql(part, column, "");
        return extract_sql(part, column);
    case NU__DATE_TRUNC:
    case NU__DATETIME_TRUNC:
        return trunc_sql(part, column, "");
    case NU__TIME_TRUNC:
        return trunc_sql(part, column, "::time");
    case NU__DATETIME_CAST_DATE:
        return nu_fmt("({})::date", column);
    case NU__DATETIME_CAST_TIME:
        return nu_fmt("({})::time", column);
    default:
        return extract_sql(part, column);
    }
}

static void date_sql(nu__date_sql *out, nu__date_op op, nu_str part, nu_str zone)
{
    out->template = template_of(op, part, column_in(zone)).ptr;
}

/* ---- arithmetic --------------------------------------------------------------------------- */

static void combine(nu__buf *out, nu_str connector, nu_str left, nu_str right)
{
    nu__buf_fmt(out, "{} {} {}", left, connector, right);
}

static void subtract_temporals(nu__buf *out, nu_field_type type, nu_str left, nu_str right)
{
    if (type == NU_DATE_FIELD)
        nu__buf_fmt(out, "(interval '1 day' * ({} - {}))", left, right);
    else
        nu__buf_fmt(out, "({} - {})", left, right);
}

static size_t bulk_batch_size(size_t n_columns, size_t n_rows)
{
    return n_columns ? NU__PG_MOST_PARAMETERS / n_columns : n_rows;
}

/* Counted keys are whole numbers elsewhere, and brackets need no repeating. */
static nu_str cast_type(const nu__field *type)
{
    return nu__field_cast_type(type, NU__POSTGRESQL);
}

/* Branches that are all plain texts make a text of CASE, which these can't be made of silently. */
static nu_str unified_type(const nu__field *type)
{
    switch (type->type->type) {
    case NU_GENERIC_IP_ADDRESS_FIELD:
    case NU_TIME_FIELD:
    case NU_UUID_FIELD:
        return nu__field_db_type(type, NU__POSTGRESQL);
    default:
        return (nu_str){ 0 };
    }
}

static const char *const explain_formats[] = { "JSON", "TEXT", "XML", "YAML", NULL };
static const char *const explain_options[] = { "ANALYZE", "BUFFERS",  "COSTS",   "GENERIC_PLAN",
                                               "MEMORY",  "SETTINGS", "SUMMARY", "TIMING",
                                               "VERBOSE", "WAL",      NULL };

const nu__operations nu__pg_operations = {
    .quote_name = quote_name,
    .placeholder = placeholder,
    .convert_query = convert_query,
    .operators = operators,
    .container_operators = container_operators,
    .date_sql = date_sql,
    .combine = combine,
    .combine_durations = combine,
    .subtract_temporals = subtract_temporals,
    .bulk_batch_size = bulk_batch_size,
    .quote_value = quote_value,
    .cast_type = cast_type,
    .unified_type = unified_type,
    .json_cast = "::jsonb",
    .default_key = "DEFAULT",
    .cast = { "(", ")::", "" },
    .no_limit = "",
    .insert_or_ignore = "INSERT INTO ",
    .ignore_conflicts = " ON CONFLICT DO NOTHING",
    .explain = "EXPLAIN ",
    .explain_formats = explain_formats,
    .explain_options = explain_options,
    .explains_in_json = true,
};
