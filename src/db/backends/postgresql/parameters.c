/* Values as parameters: the type that each is declared with, and its bytes. */
#include "db/backends/postgresql/postgresql.h"
#include "db/backends/postgresql/put.h"

#include "core/arena.h"
#include "core/object.h"
#include "core/time.h"
#include "core/wide_int.h"
#include "db/models/postgres_values.h"
#include <nuages/decimal.h>
#include <nuages/json.h>
#include <nuages/uuid.h>

#include <math.h>
#include <string.h>

enum {
    BOOL = 16,
    BYTEA = 17,
    INT8 = 20,
    INT2 = 21,
    INT4 = 23,
    TEXT = 25,
    JSON = 114,
    FLOAT8 = 701,
    DATE = 1082,
    TIME = 1083,
    TIMESTAMP = 1114,
    TIMESTAMPTZ = 1184,
    INTERVAL = 1186,
    NUMERIC = 1700,
    UUID = 2950,
    JSONB = 3802,
};

/* ---- types -------------------------------------------------------------------------------- */

/* As psycopg declares them: what it leaves open is found by the server, as with a literal. */
nu__oid nu__pg_declare(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_BOOL:
        return BOOL;
    case NU_KIND_INT:
        return value.i == (int32_t)value.i ? INT4 : INT8;
    case NU_KIND_UINT:
    case NU_KIND_DECIMAL:
        return NUMERIC;
    case NU_KIND_FLOAT:
        return FLOAT8;
    case NU_KIND_DATE:
        return DATE;
    case NU_KIND_DATETIME:
        return TIMESTAMPTZ;
    case NU_KIND_TIME:
        return TIME;
    case NU_KIND_TIMEDELTA:
        return INTERVAL;
    case NU_KIND_UUID:
        return UUID;
    case NU_KIND_BYTES:
        return BYTEA;
    case NU_KIND_OBJECT:
        return nu__is_too_wide(value) ? NUMERIC : 0;
    default:
        return 0;
    }
}

static bool holds(nu__oid type, int64_t number)
{
    return type == INT8 || (type == INT4 && number == (int32_t)number) ||
           (type == INT2 && number == (int16_t)number);
}

bool nu__pg_accepts(nu__oid declared, nu__oid inferred, nu_value value)
{
    nu__oid wanted = nu__pg_declare(value);

    if (value.kind == NU_KIND_NULL || wanted == declared)
        return true;
    if (!wanted)
        return declared == TEXT;
    if (value.kind == NU_KIND_INT && !declared)
        return holds(inferred, value.i);
    return !declared && wanted == inferred;
}

/* ---- texts -------------------------------------------------------------------------------- */

static nu_str temporal_text(nu_value value)
{
    char text[NU__TIME_TEXT];
    nu_str plain = { text, 0 };
    size_t len;

    if (value.kind == NU_KIND_DATE)
        len = nu__date_iso(text, (nu_date){ (int32_t)value.i });
    else if (value.kind == NU_KIND_TIME)
        len = nu__time_iso(text, (nu_time){ value.i + 1 });
    else
        len = nu__datetime_naive(text, (nu_datetime){ value.i });
    plain.len = len;
    return nu_fmt("{}{}", plain, value.kind == NU_KIND_DATETIME ? "+00" : "");
}

static nu_str interval_text(int64_t us)
{
    return nu_fmt("{} days {} microseconds", nu__floor_div(us, NU__US_DAY),
                  nu__floor_mod(us, NU__US_DAY));
}

static nu_str float_text(double number)
{
    if (isnan(number))
        return S("NaN");
    if (isinf(number))
        return number > 0 ? S("Infinity") : S("-Infinity");
    return nu_string(nu_v_float(number));
}

static nu_str bytes_text(nu_bytes bytes)
{
    nu__buf out = { 0 };

    nu__buf_reserve(&out, 2 * bytes.len + 2);
    nu__buf_lit(&out, "\\x");
    nu__buf_hex(&out, bytes);
    return nu__buf_str(&out);
}

/* {1,2,NULL,"a \"b\""} */
static nu_str array_text(const nu_list *list)
{
    nu__buf out = { 0 };

    nu__buf_char(&out, '{');
    for (size_t i = 0; i < nu_list_len(list); i++) {
        nu_value item = nu_at(list, i);

        if (i)
            nu__buf_char(&out, ',');
        if (item.kind == NU_KIND_NULL)
            nu__buf_lit(&out, "NULL");
        else if (item.kind == NU_KIND_LIST)
            nu__buf_str_add(&out, array_text(item.list));
        else
            nu__put_quoted(&out, nu__pg_text(item, 0));
    }
    nu__buf_char(&out, '}');
    return nu__buf_str(&out);
}

static void put_end(nu__buf *out, nu_value end)
{
    if (end.kind != NU_KIND_NULL)
        nu__put_quoted(out, nu__pg_text(end, 0));
}

/* ["1","5") */
static nu_str range_text(const nu_range *range)
{
    nu__buf out = { 0 };

    if (!range->bounds[0])
        return S("empty");
    nu__buf_char(&out, range->bounds[0]);
    put_end(&out, range->lower);
    nu__buf_char(&out, ',');
    put_end(&out, range->upper);
    nu__buf_char(&out, range->bounds[1]);
    return nu__buf_str(&out);
}

/* psycopg's words. */
static nu_str checked(nu_str text)
{
    if (text.len && memchr(text.ptr, 0, text.len))
        nu_raise(NU_DATA_ERROR, "PostgreSQL text fields cannot contain NUL (0x00) bytes");
    return text;
}

nu_str nu__pg_text(nu_value value, nu__oid type)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        return (nu_str){ 0 };
    case NU_KIND_BOOL:
        return value.b ? S("t") : S("f");
    case NU_KIND_FLOAT:
        return float_text(value.f);
    case NU_KIND_DECIMAL:
        return nu_decimal_str(*value.decimal);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return checked(value.s);
    case NU_KIND_DATE:
    case NU_KIND_TIME:
    case NU_KIND_DATETIME:
        return temporal_text(value);
    case NU_KIND_TIMEDELTA:
        return interval_text(value.i);
    case NU_KIND_BYTES:
        return bytes_text(value.bytes);
    case NU_KIND_LIST:
        return checked(type == JSON || type == JSONB ? nu_to_json_(value) : array_text(value.list));
    case NU_KIND_DICT:
        return checked(nu_to_json_(value));
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_UUID:
        return nu_string(value);
    case NU_KIND_OBJECT:
        if (nu_as_range(value))
            return checked(range_text(nu_as_range(value)));
        if (nu__is_too_wide(value))
            return nu_string(value);
        nu_raise(NU_PROGRAMMING_ERROR, "cannot adapt type '{}' to PostgreSQL",
                 nu__kind_name(value.kind));
    default:
        nu_raise(NU_PROGRAMMING_ERROR, "cannot adapt type '{}' to PostgreSQL",
                 nu__kind_name(value.kind));
    }
}

/* ---- bytes -------------------------------------------------------------------------------- */

#define EPOCH_DAY 730120
#define EPOCH_US  (EPOCH_DAY * NU__US_DAY)

/* A value as the bytes of a type; 0: it has none, and goes as text. */
typedef struct binary {
    uint8_t len;
    uint64_t bits;
} binary;

static binary float_bits(double number)
{
    binary out = { .len = 8 };

    memcpy(&out.bits, &number, sizeof number);
    return out;
}

static binary int_bits(int64_t number, nu__oid type)
{
    uint8_t len = type == INT8 ? 8 : type == INT4 ? 4 : 2;

    if (type == FLOAT8)
        return float_bits((double)number);
    return holds(type, number) ? (binary){ len, (uint64_t)number } : (binary){ 0 };
}

static binary binary_of(nu_value value, nu__oid type)
{
    if (value.kind == NU_KIND_INT)
        return int_bits(value.i, type);
    if (value.kind == NU_KIND_BOOL && type == BOOL)
        return (binary){ 1, value.b };
    if (value.kind == NU_KIND_FLOAT && type == FLOAT8)
        return float_bits(value.f);
    if (value.kind == NU_KIND_DATE && type == DATE)
        return (binary){ 4, (uint64_t)(value.i - EPOCH_DAY) };
    if (value.kind == NU_KIND_DATETIME && (type == TIMESTAMPTZ || type == TIMESTAMP))
        return (binary){ 8, (uint64_t)(value.i - EPOCH_US) };
    if (value.kind == NU_KIND_TIME && type == TIME)
        return (binary){ 8, (uint64_t)value.i };
    return (binary){ 0 };
}

static void put_bits(nu__pg *pg, binary binary)
{
    uint64_t swapped = __builtin_bswap64(binary.bits);

    nu__pg_put32(pg, binary.len);
    nu__pg_put(pg, (const char *)&swapped + 8 - binary.len, binary.len);
}

/* UUIDs and bytes have their own bytes. */
static nu_str own_bytes(const nu_value *value, nu__oid type)
{
    if (value->kind == NU_KIND_UUID && type == UUID)
        return (nu_str){ (const char *)&value->uuid, sizeof value->uuid };
    if (value->kind == NU_KIND_BYTES && type == BYTEA)
        return (nu_str){ value->bytes.len ? (const char *)value->bytes.ptr : "", value->bytes.len };
    return (nu_str){ 0 };
}

nu__pg_param *nu__pg_params(const nu__pg_statement *statement, nu_values values)
{
    nu__pg_param *params = nu_alloc_array(nu__pg_param, values.len + 1);
    const nu__oid *types = statement->params;

    if (values.len != statement->n_params)
        nu_raise(NU_PROGRAMMING_ERROR,
                 "the query has {} placeholders but {} parameters were passed",
                 (int64_t)statement->n_params, (int64_t)values.len);
    for (size_t i = 0; i < values.len; i++) {
        nu__pg_param *param = &params[i];
        binary binary = binary_of(values.items[i], types[i]);

        param->null = values.items[i].kind == NU_KIND_NULL;
        param->fixed = binary.len;
        param->bits = binary.bits;
        if (param->null || param->fixed)
            continue;
        param->bytes = own_bytes(&values.items[i], types[i]);
        param->raw = param->bytes.ptr;
        if (!param->raw)
            param->bytes = nu__pg_text(values.items[i], types[i]);
        if (param->bytes.len > INT32_MAX)
            nu_raise(NU_DATA_ERROR, "parameter {} is longer than PostgreSQL takes",
                     (int64_t)(i + 1));
    }
    return params;
}

void nu__pg_put_params(nu__pg *pg, const nu__pg_param *params, size_t n)
{
    nu__pg_put16(pg, (uint16_t)n);
    for (size_t i = 0; i < n; i++)
        nu__pg_put16(pg, params[i].fixed || params[i].raw);
    nu__pg_put16(pg, (uint16_t)n);
    for (size_t i = 0; i < n; i++) {
        if (params[i].null) {
            nu__pg_put32(pg, UINT32_MAX);
        } else if (params[i].fixed) {
            put_bits(pg, (binary){ params[i].fixed, params[i].bits });
        } else {
            nu__pg_put32(pg, (uint32_t)params[i].bytes.len);
            nu__pg_put(pg, params[i].bytes.ptr, params[i].bytes.len);
        }
    }
}
