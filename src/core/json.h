/**
 * @file
 * JSON for the library's own parts.
 *
 * Reading keeps a stack of open containers in the arena, never on the fiber's: depth costs no call.
 * Writing goes straight into a buffer: the pieces below let a serializer write rows without a tree
 * of values, and nu__json_value writes a tree with them.
 */
#pragma once
#include "core/buf.h"

#include <nuages/json.h>

#define NU__JSON_DEPTH 512
#define NU__JSON_BYTES (128u << 20)

/* ---- reading ------------------------------------------------------------------------------ */

typedef struct nu__json_error {
    const char *message;           /* Python's: "Expecting value" */
    size_t line, column, position; /* in characters; line and column from 1, position from 0 */
    bool refused; /* it is JSON to Python: too deep, too long, out of range, half a character */
} nu__json_error;

/* Raises nothing but MemoryError. */
bool nu__json_try_read(nu_str text, nu_value *out, nu__json_error *error);
/* The same by Python's rules: NaN, Infinity and -Infinity, and numbers beyond them, are floats. */
bool nu__json_try_loads(nu_str text, nu_value *out, nu__json_error *error);
/* By the strict rules, but integers past 64 bits are exact decimals; those of more digits than one
   has are refused, for a template's context. */
bool nu__json_try_read_exact(nu_str text, nu_value *out, nu__json_error *error);
/* The same of what a JSON field holds: integers past 64 bits are wide_int.h's, as far as a decimal
   goes; beyond that floats. JSONDecodeError. */
bool nu__json_try_wide(nu_str text, nu_value *out, nu__json_error *error);
NU_NORETURN void nu__json_raise(const nu__json_error *error);

/* ---- writing ------------------------------------------------------------------------------ */

typedef struct nu__json_style {
    bool spaced;       /* ", " and ": " */
    bool ascii;        /* else UTF-8 as it is, but for U+2028 and U+2029 */
    bool nan;          /* NaN and Infinity; else ValueError */
    bool milliseconds; /* cut times there, as Django; else microseconds, as REST framework */
    bool plain;        /* only what json.dumps() takes by itself: no dates, decimals, UUIDs */
} nu__json_style;

extern const nu__json_style nu__json_django;  /* JsonResponse, DjangoJSONEncoder */
extern const nu__json_style nu__json_rest;    /* REST framework's JSONRenderer */
extern const nu__json_style nu__json_compact; /* signing: plain, without spaces */
extern const nu__json_style nu__json_dumps;   /* json.dumps() */

void nu__json_value(nu__buf *buf, nu_value value, const nu__json_style *style);
/* With its quotes. */
void nu__json_str(nu__buf *buf, nu_str text, const nu__json_style *style);
/* The same where there is room for six times its length and NU__JSON_SLACK: where it ends. */
enum { NU__JSON_SLACK = 32 };
char *nu__json_put_str(char *to, nu_str text, const nu__json_style *style);
void nu__json_float(nu__buf *buf, double number, const nu__json_style *style);
/* In quotes; null for null. */
void nu__json_decimal(nu__buf *buf, nu_decimal number);
void nu__json_date(nu__buf *buf, nu_date date);
void nu__json_time(nu__buf *buf, nu_time time, const nu__json_style *style);
void nu__json_datetime(nu__buf *buf, nu_datetime instant, const nu__json_style *style);
void nu__json_timedelta(nu__buf *buf, nu_timedelta delta);
void nu__json_uuid(nu__buf *buf, nu_uuid uuid);

static inline void nu__json_bool(nu__buf *buf, bool b)
{
    if (b)
        nu__buf_lit(buf, "true");
    else
        nu__buf_lit(buf, "false");
}

static inline void nu__json_null(nu__buf *buf)
{
    nu__buf_lit(buf, "null");
}
