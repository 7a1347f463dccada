#include "db/backends/sqlite/functions.h"
#include "core/text.h"
#include "utils/regex.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* The SQL functions that SQLite lacks and Django's Python registers, but for those of dates. */

void nu__function_refuse(sqlite3_context *context)
{
    sqlite3_result_error(context, "user-defined function raised exception", -1);
}

nu_str nu__function_text(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);

    return (nu_str){ text, text ? (size_t)sqlite3_value_bytes(value) : 0 };
}

bool nu__function_any_null(int n, sqlite3_value **arguments)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(arguments[i]) == SQLITE_NULL)
            return true;
    return false;
}

/* ---- regular expressions ------------------------------------------------------------------ */

static void free_pattern(void *pattern)
{
    nu__re_free(pattern);
}

/* The pattern is compiled once for each statement that has it as a constant. */
static void regexp(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu__re *pattern = sqlite3_get_auxdata(context, 0);
    char why[96];

    if (nu__function_any_null(n, arguments))
        return;
    if (!pattern) {
        pattern = nu__re_compile(nu__function_text(arguments[0]), 0, why);
        if (!pattern) {
            nu__function_refuse(context);
            return;
        }
        sqlite3_set_auxdata(context, 0, pattern, free_pattern);
        pattern = sqlite3_get_auxdata(context, 0);
    }
    if (pattern)
        sqlite3_result_int(context, nu__re_test(pattern, nu__function_text(arguments[1])));
    else
        sqlite3_result_error_nomem(context);
}

/* ---- texts: lengths count characters ------------------------------------------------------ */

/* The bytes of the first n characters. */
static size_t head(nu_str text, size_t n)
{
    return nu__utf8_slice(text, 0, n).len;
}

/* Large enough for any honest use; SQLite's own limit is as high. */
#define TEXT_CAP ((size_t)1000000000)

static char *room(sqlite3_context *context, size_t bytes)
{
    char *out = bytes <= TEXT_CAP ? sqlite3_malloc64(bytes + 1) : NULL;

    if (bytes > TEXT_CAP)
        sqlite3_result_error_toobig(context);
    else if (!out)
        sqlite3_result_error_nomem(context);
    return out;
}

static size_t repeat_into(char *out, nu_str text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * text.len, text.ptr, text.len);
    return times * text.len;
}

static void pad(sqlite3_context *context, sqlite3_value **arguments, bool left)
{
    nu_str text = nu__function_text(arguments[0]), fill = nu__function_text(arguments[2]);
    int64_t asked = sqlite3_value_int64(arguments[1]);
    size_t length = asked > 0 ? (size_t)asked : 0, have = nu__utf8_count(text);
    size_t missing = length > have ? length - have : 0, per = nu__utf8_count(fill);
    size_t whole = per ? missing / per : 0, rest = per ? head(fill, missing % per) : 0, bytes;
    char *out;

    if (!missing || !per) {
        sqlite3_result_text64(context, text.ptr, head(text, length), SQLITE_TRANSIENT, SQLITE_UTF8);
        return;
    }
    if (__builtin_mul_overflow(whole, fill.len, &bytes) ||
        __builtin_add_overflow(bytes, rest + text.len, &bytes))
        bytes = SIZE_MAX;
    out = room(context, bytes);
    if (!out)
        return;
    if (!left)
        memcpy(out, text.ptr, text.len);
    repeat_into(out + (left ? 0 : text.len), fill, whole);
    memcpy(out + (left ? 0 : text.len) + whole * fill.len, fill.ptr, rest);
    if (left)
        memcpy(out + whole * fill.len + rest, text.ptr, text.len);
    sqlite3_result_text64(context, out, bytes, sqlite3_free, SQLITE_UTF8);
}

static void lpad(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    if (!nu__function_any_null(n, arguments))
        pad(context, arguments, true);
}

static void rpad(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    if (!nu__function_any_null(n, arguments))
        pad(context, arguments, false);
}

static void repeat(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str text = nu__function_text(arguments[0]);
    int64_t times = sqlite3_value_int64(arguments[1]);
    size_t bytes;
    char *out;

    if (nu__function_any_null(n, arguments))
        return;
    if (times < 0)
        times = 0;
    if (__builtin_mul_overflow((size_t)times, text.len, &bytes))
        bytes = SIZE_MAX;
    out = room(context, bytes);
    if (!out)
        return;
    repeat_into(out, text, text.len ? (size_t)times : 0);
    sqlite3_result_text64(context, out, bytes, sqlite3_free, SQLITE_UTF8);
}

static void reverse(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    nu_str text = nu__function_text(arguments[0]);
    char *out, *top;

    if (nu__function_any_null(n, arguments))
        return;
    out = room(context, text.len);
    if (!out)
        return;
    top = out + text.len;
    while (text.len) {
        size_t bytes = head(text, 1);

        top -= bytes;
        memcpy(top, text.ptr, bytes);
        text = (nu_str){ text.ptr + bytes, text.len - bytes };
    }
    sqlite3_result_text64(context, out, (uint64_t)sqlite3_value_bytes(arguments[0]), sqlite3_free,
                          SQLITE_UTF8);
}

/* The function's own data is the name of the digest. */
static void digest(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    char text[2 * EVP_MAX_MD_SIZE];
    unsigned len = 0;
    nu_str in = nu__function_text(arguments[0]);
    const EVP_MD *type = EVP_get_digestbyname(sqlite3_user_data(context));

    if (nu__function_any_null(n, arguments))
        return;
    if (!type || !EVP_Digest(in.ptr, in.len, bytes, &len, type, NULL)) {
        nu__function_refuse(context);
        return;
    }
    nu__put_hex(text, bytes, len);
    sqlite3_result_text(context, text, (int)len * 2, SQLITE_TRANSIENT);
}

/* ---- numbers ------------------------------------------------------------------------------ */

static void bitxor(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    if (!nu__function_any_null(n, arguments))
        sqlite3_result_int64(context,
                             sqlite3_value_int64(arguments[0]) ^ sqlite3_value_int64(arguments[1]));
}

static void cotangent(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    double tangent = tan(sqlite3_value_double(arguments[0]));

    if (nu__function_any_null(n, arguments))
        return;
    if (tangent == 0)
        nu__function_refuse(context);
    else
        sqlite3_result_double(context, 1 / tangent);
}

static void sign(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    double number = sqlite3_value_double(arguments[0]);

    if (!nu__function_any_null(n, arguments))
        sqlite3_result_int(context, (number > 0) - (number < 0));
}

static void rand_unit(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    uint64_t bits;

    (void)n;
    (void)arguments;
    sqlite3_randomness(sizeof bits, &bits);
    sqlite3_result_double(context, (double)(bits >> 11) * 0x1p-53);
}

/* Where SQLite was built without its mathematical functions. The data is the C function. */
typedef double unary(double);
typedef double binary(double, double);

static void result_number(sqlite3_context *context, double number)
{
    if (isfinite(number))
        sqlite3_result_double(context, number);
    else
        nu__function_refuse(context);
}

typedef union math_function {
    unary *one;
    binary *two;
} math_function;

static double degrees(double x)
{
    return x * (180 / M_PI);
}

static double radians(double x)
{
    return x * (M_PI / 180);
}

static double log_base(double base, double x)
{
    return log(x) / log(base);
}

static const math_function math_functions[] = {
    { .one = acos },     { .one = asin },    { .one = atan }, { .two = atan2 },   { .one = ceil },
    { .one = cos },      { .one = degrees }, { .one = exp },  { .one = floor },   { .one = log },
    { .two = log_base }, { .two = fmod },    { .two = pow },  { .one = radians }, { .one = sin },
    { .one = sqrt },     { .one = tan },
};

static void math_one(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    const math_function *function = sqlite3_user_data(context);

    if (!nu__function_any_null(n, arguments))
        result_number(context, function->one(sqlite3_value_double(arguments[0])));
}

static void math_two(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    const math_function *function = sqlite3_user_data(context);

    if (!nu__function_any_null(n, arguments))
        result_number(context, function->two(sqlite3_value_double(arguments[0]),
                                             sqlite3_value_double(arguments[1])));
}

static void pi(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    (void)n;
    (void)arguments;
    sqlite3_result_double(context, M_PI);
}

/* ---- the tables --------------------------------------------------------------------------- */

static const nu__function functions[] = {
    { "regexp", 2, regexp, NULL, false },     { "BITXOR", 2, bitxor, NULL, false },
    { "COT", 1, cotangent, NULL, false },     { "LPAD", 3, lpad, NULL, false },
    { "RPAD", 3, rpad, NULL, false },         { "REPEAT", 2, repeat, NULL, false },
    { "REVERSE", 1, reverse, NULL, false },   { "MD5", 1, digest, "MD5", false },
    { "SHA1", 1, digest, "SHA1", false },     { "SHA224", 1, digest, "SHA224", false },
    { "SHA256", 1, digest, "SHA256", false }, { "SHA384", 1, digest, "SHA384", false },
    { "SHA512", 1, digest, "SHA512", false }, { "SIGN", 1, sign, NULL, false },
    { "RAND", 0, rand_unit, NULL, true },
};

static const nu__function math[] = {
    { "ACOS", 1, math_one, &math_functions[0], false },
    { "ASIN", 1, math_one, &math_functions[1], false },
    { "ATAN", 1, math_one, &math_functions[2], false },
    { "ATAN2", 2, math_two, &math_functions[3], false },
    { "CEILING", 1, math_one, &math_functions[4], false },
    { "COS", 1, math_one, &math_functions[5], false },
    { "DEGREES", 1, math_one, &math_functions[6], false },
    { "EXP", 1, math_one, &math_functions[7], false },
    { "FLOOR", 1, math_one, &math_functions[8], false },
    { "LN", 1, math_one, &math_functions[9], false },
    { "LOG", 2, math_two, &math_functions[10], false },
    { "MOD", 2, math_two, &math_functions[11], false },
    { "POWER", 2, math_two, &math_functions[12], false },
    { "RADIANS", 1, math_one, &math_functions[13], false },
    { "SIN", 1, math_one, &math_functions[14], false },
    { "SQRT", 1, math_one, &math_functions[15], false },
    { "TAN", 1, math_one, &math_functions[16], false },
    { "PI", 0, pi, NULL, false },
};

int nu__functions_add(sqlite3 *db, const nu__function *table, size_t n)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = sqlite3_create_function(db, table[i].name, table[i].n_arguments,
                                       SQLITE_UTF8 | (table[i].varies ? 0 : SQLITE_DETERMINISTIC),
                                       (void *)(uintptr_t)table[i].data, table[i].call, NULL, NULL);
    return code;
}

int nu__sqlite_functions(sqlite3 *db)
{
    int code = nu__functions_add(db, functions, sizeof functions / sizeof *functions);

    if (code == SQLITE_OK && !sqlite3_compileoption_used("ENABLE_MATH_FUNCTIONS"))
        code = nu__functions_add(db, math, sizeof math / sizeof *math);
    if (code == SQLITE_OK)
        code = nu__sqlite_date_functions(db);
    if (code == SQLITE_OK)
        code = nu__sqlite_duration_functions(db);
    if (code == SQLITE_OK)
        code = nu__sqlite_aggregates(db);
    if (code == SQLITE_OK)
        code = nu__sqlite_own_functions(db);
    return code;
}
