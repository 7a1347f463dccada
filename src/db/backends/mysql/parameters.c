#include "db/backends/mysql/mysql.h"

#include "core/arena.h"
#include "core/object.h"
#include "core/time.h"
#include "core/uuid.h"
#include "core/wide_int.h"
#include <nuages/decimal.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Values go as what Django writes into its SQL: numbers as such, decimals as decimals, all else as
 * texts that the server reads as what it compares them with.
 */

static nu_str time_text(nu_value value)
{
    char text[NU__TIME_TEXT];
    size_t len;

    if (value.kind == NU_KIND_DATE)
        len = nu__date_iso(text, (nu_date){ (int32_t)value.i });
    else if (value.kind == NU_KIND_DATETIME)
        len = nu__datetime_naive(text, (nu_datetime){ value.i });
    else
        len = nu__time_iso(text, (nu_time){ value.i + 1 });
    return nu_copy((nu_str){ text, len });
}

static nu_str uuid_text(nu_uuid uuid)
{
    char *text = nu__alloc_raw(NU__UUID_TEXT);

    nu__uuid_text(text, uuid);
    return (nu_str){ text, NU__UUID_TEXT - 1 };
}

nu_str nu__mysql_text(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return value.s;
    case NU_KIND_DECIMAL:
        return nu_decimal_str(*value.decimal);
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
        return time_text(value);
    case NU_KIND_UUID:
        return uuid_text(value.uuid);
    case NU_KIND_OBJECT:
        if (nu__is_too_wide(value))
            return nu_string(value);
        nu__raise_unbindable(value, 0);
    default:
        nu__raise_unbindable(value, 0);
    }
}

static void bind_bytes(MYSQL_BIND *bind, enum enum_field_types type, const void *bytes, size_t len)
{
    bind->buffer_type = type;
    bind->buffer = (void *)(uintptr_t)(len ? bytes : "");
    bind->buffer_length = len;
    bind->length = &bind->buffer_length;
}

static void bind_int(MYSQL_BIND *bind, int64_t number, bool is_unsigned)
{
    int64_t *kept = nu_alloc(int64_t);

    *kept = number;
    bind->buffer_type = MYSQL_TYPE_LONGLONG;
    bind->buffer = kept;
    bind->is_unsigned = is_unsigned;
}

/* A whole number past int64_t, which is an integer to the server as long as 64 bits hold it. */
static bool is_unsigned(nu_value value, uint64_t *number)
{
    const char *text;
    char *end;

    if (value.kind != NU_KIND_DECIMAL || !value.plain)
        return false;
    text = nu_copy(nu_decimal_str(*value.decimal)).ptr;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *text != '-' && !errno && !*end;
}

static bool is_digits(nu_value value)
{
    return value.kind == NU_KIND_DECIMAL || nu__is_too_wide(value);
}

static void bind_one(MYSQL_BIND *bind, nu_value value)
{
    double *number;
    uint64_t whole;
    nu_str text;

    switch (value.kind) {
    case NU_KIND_NULL:
        bind->buffer_type = MYSQL_TYPE_NULL;
        return;
    case NU_KIND_BOOL:
        bind_int(bind, value.b, false);
        return;
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_TIMEDELTA:
        bind_int(bind, value.i, value.kind == NU_KIND_UINT);
        return;
    case NU_KIND_FLOAT:
        number = nu_alloc(double);
        *number = value.f;
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        bind->buffer = number;
        return;
    case NU_KIND_BYTES:
        bind_bytes(bind, MYSQL_TYPE_BLOB, value.bytes.ptr, value.bytes.len);
        return;
    default:
        if (is_unsigned(value, &whole)) {
            bind_int(bind, (int64_t)whole, true);
            return;
        }
        text = nu__mysql_text(value);
        bind_bytes(bind, is_digits(value) ? MYSQL_TYPE_NEWDECIMAL : MYSQL_TYPE_STRING, text.ptr,
                   text.len);
    }
}

MYSQL_BIND *nu__mysql_bind(nu_values values)
{
    MYSQL_BIND *binds = nu_alloc_array(MYSQL_BIND, values.len + 1);

    for (size_t i = 0; i < values.len; i++)
        bind_one(&binds[i], values.items[i]);
    return binds;
}

/* ---- as text ------------------------------------------------------------------------------ */

static size_t end_of_quoted(nu_str sql, size_t at)
{
    char quote = sql.ptr[at++];

    while (at < sql.len && sql.ptr[at] != quote)
        at += quote != '`' && sql.ptr[at] == '\\' ? 2 : 1;
    return at < sql.len ? at + 1 : sql.len;
}

nu_str nu__mysql_literals(nu_str sql, nu_values values)
{
    nu__buf out = { 0 };
    size_t next = 0;

    for (size_t i = 0; i < sql.len;) {
        size_t end = i + 1;

        if (sql.ptr[i] == '\'' || sql.ptr[i] == '"' || sql.ptr[i] == '`')
            end = end_of_quoted(sql, i);
        if (sql.ptr[i] == '?' && next < values.len)
            nu__mysql_operations.quote_value(&out, values.items[next++]);
        else
            nu__buf_add(&out, sql.ptr + i, end - i);
        i = end;
    }
    return nu__buf_str(&out);
}
