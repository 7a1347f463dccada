/* Values in a statement's text: more of them than the protocol has room for beside it. */
#include "db/backends/postgresql/run.h"

#include "core/buf.h"

#include <ctype.h>
#include <string.h>

/* The type that a parameter would be declared with; what is not here is left to the server. */
static const struct {
    nu_kind kind;
    const char *type;
} types[] = {
    { NU_KIND_BOOL, "boolean" },       { NU_KIND_INT, "bigint" },
    { NU_KIND_UINT, "numeric" },       { NU_KIND_DECIMAL, "numeric" },
    { NU_KIND_FLOAT, "float8" },       { NU_KIND_DATE, "date" },
    { NU_KIND_TIME, "time" },          { NU_KIND_DATETIME, "timestamptz" },
    { NU_KIND_UUID, "uuid" },          { NU_KIND_BYTES, "bytea" },
    { NU_KIND_TIMEDELTA, "interval" },
};

static const char *type_of(nu_kind kind)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].kind == kind)
            return types[i].type;
    return NULL;
}

/* E'…', whatever the session says of back-slashes. */
static void put_quoted(nu__buf *out, nu_str text)
{
    nu__buf_lit(out, "E'");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
            nu__buf_char(out, text.ptr[i]);
        nu__buf_char(out, text.ptr[i]);
    }
    nu__buf_char(out, '\'');
}

static void put_value(nu__buf *out, nu_value value)
{
    const char *type = type_of(value.kind);

    if (value.kind == NU_KIND_NULL) {
        nu__buf_lit(out, "NULL");
        return;
    }
    if (value.kind == NU_KIND_INT && value.i >= 0 && value.i <= INT32_MAX) {
        nu__buf_fmt(out, "{}", value.i);
        return;
    }
    put_quoted(out, nu__pg_text(value, 0));
    if (type)
        nu__buf_fmt(out, "::{}", type);
}

/* "$12": which, and how long it is written; 0: no placeholder. */
static size_t placeholder(nu_str rest, size_t *number)
{
    size_t len = 1;

    for (*number = 0; len < rest.len && len < 8 && isdigit((unsigned char)rest.ptr[len]); len++)
        *number = 10 * *number + (size_t)(rest.ptr[len] - '0');
    return rest.ptr[0] == '$' && len > 1 ? len : 0;
}

/* How long a text or quoted name is; doubled quotes make two of it. */
static size_t quoted(nu_str rest)
{
    const char *end = rest.len > 1 ? memchr(rest.ptr + 1, rest.ptr[0], rest.len - 1) : NULL;

    if (rest.ptr[0] != '\'' && rest.ptr[0] != '"')
        return 0;
    return end ? (size_t)(end - rest.ptr) + 1 : rest.len;
}

nu_str nu__pg_with_literals(nu_str sql, nu_values params)
{
    nu__buf out = { 0 };

    for (size_t i = 0, len; i < sql.len; i += len) {
        nu_str rest = { sql.ptr + i, sql.len - i };
        size_t number;

        len = placeholder(rest, &number);
        if (len && number && number <= params.len) {
            put_value(&out, params.items[number - 1]);
            continue;
        }
        len = quoted(rest);
        len = len ? len : 1;
        nu__buf_str_add(&out, (nu_str){ rest.ptr, len });
    }
    return nu__buf_str(&out);
}
