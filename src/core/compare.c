/* Python's == and < between values: numbers of all kinds exactly, the others with their like. */
#include "core/decimal.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "core/wide_int.h"

#include <math.h>
#include <stdio.h>

enum { DEPTH_MAX = 100, EXACT_DIGITS = 768, EXACT_TEXT = EXACT_DIGITS + 16 };

/* ---- numbers --------------------------------------------------------------------------------- */

static bool is_integral(nu_value value)
{
    return value.kind == NU_KIND_BOOL || value.kind == NU_KIND_INT || value.kind == NU_KIND_UINT;
}

static bool is_number(nu_value value)
{
    return is_integral(value) || value.kind == NU_KIND_FLOAT || value.kind == NU_KIND_DECIMAL;
}

static __int128 integer_of(nu_value value)
{
    if (value.kind == NU_KIND_UINT)
        return value.u;
    return value.kind == NU_KIND_BOOL ? value.b : value.i;
}

static bool order_of_doubles(double a, double b, int *order)
{
    *order = (a > b) - (a < b);
    return !isnan(a) && !isnan(b);
}

/* An integer of 65 bits against a double. */
static bool compare_integer_float(__int128 a, double b, int *order)
{
    double whole = trunc(b);

    if (isnan(b))
        return false;
    if (fabs(b) >= 0x1p65) {
        *order = b > 0 ? -1 : 1;
        return true;
    }
    *order = (a > (__int128)whole) - (a < (__int128)whole);
    if (!*order)
        *order = (whole > b) - (whole < b);
    return true;
}

static nu_decimal decimal_of(nu_value value)
{
    __int128 integer = integer_of(value);

    if (value.kind == NU_KIND_DECIMAL)
        return *value.decimal;
    return (nu_decimal){ (int64_t)(integer >> 64), (uint64_t)integer, 0, 1 };
}

/* Digits of a coefficient, without trailing zeros, and where the point stands before them. */
static int coefficient_digits(nu__decimal_parts parts, char digits[40], int *point)
{
    char reversed[40];
    int n = 0, len;

    for (; parts.coefficient; parts.coefficient /= 10)
        reversed[n++] = (char)('0' + (int)(parts.coefficient % 10));
    for (int i = 0; i < n; i++)
        digits[i] = reversed[n - 1 - i];
    *point = n + parts.exponent;
    for (len = n; len && digits[len - 1] == '0';)
        len--;
    return len;
}

/* All digits of a double, which has at most 767. */
static int exact_digits(double number, char digits[EXACT_TEXT], int *point)
{
    char text[EXACT_TEXT];
    int len = snprintf(text, sizeof(text), "%.*e", EXACT_DIGITS - 1, number), n = 0, exponent = 0;
    const char *e = memchr(text, 'e', (size_t)len);

    for (const char *at = text; at < e; at++)
        if (*at >= '0' && *at <= '9')
            digits[n++] = *at;
    for (const char *at = e + 2; *at; at++)
        exponent = exponent * 10 + (*at - '0');
    *point = (e[1] == '-' ? -exponent : exponent) + 1;
    while (n && digits[n - 1] == '0')
        n--;
    return n;
}

static int compare_digits(const char *a, int a_len, const char *b, int b_len)
{
    int order = memcmp(a, b, (size_t)(a_len < b_len ? a_len : b_len));

    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* The sizes of two numbers above 0. */
static int compare_sizes(nu__decimal_parts a, double b)
{
    char a_digits[40], b_digits[EXACT_TEXT];
    int a_point, b_point, a_len = coefficient_digits(a, a_digits, &a_point);
    int b_len = exact_digits(b, b_digits, &b_point);

    if (a_point != b_point)
        return a_point < b_point ? -1 : 1;
    return compare_digits(a_digits, a_len, b_digits, b_len);
}

static bool compare_decimal_float(nu_decimal a, double b, int *order)
{
    nu__decimal_parts parts = nu__decimal_unpack(a);
    int a_sign = !parts.coefficient ? 0 : parts.negative ? -1 : 1, b_sign = (b > 0) - (b < 0);

    if (!nu__decimal_is_finite(a) || isnan(b))
        return false;
    if (isinf(b) || a_sign != b_sign || !a_sign) {
        *order = isinf(b) ? -b_sign : a_sign - b_sign;
        return true;
    }
    *order = a_sign * compare_sizes(parts, fabs(b));
    return true;
}

static bool compare_numbers(nu_value a, nu_value b, int *order)
{
    bool ok;

    if (is_integral(a) && is_integral(b)) {
        *order = (integer_of(a) > integer_of(b)) - (integer_of(a) < integer_of(b));
        return true;
    }
    if (a.kind == NU_KIND_FLOAT && b.kind == NU_KIND_FLOAT)
        return order_of_doubles(a.f, b.f, order);
    if (b.kind != NU_KIND_FLOAT && a.kind != NU_KIND_FLOAT)
        return nu__decimal_compare(decimal_of(a), decimal_of(b), order) == NU__DECIMAL_OK;
    if (b.kind == NU_KIND_FLOAT)
        return is_integral(a) ? compare_integer_float(integer_of(a), b.f, order)
                              : compare_decimal_float(*a.decimal, b.f, order);
    ok = compare_numbers(b, a, order);
    *order = -*order;
    return ok;
}

/* ---- equality -------------------------------------------------------------------------------- */

static bool equal(nu_value a, nu_value b, int depth);

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE || value.kind == NU_KIND_FILE;
}

static nu__sequence sequence_of(const nu_list *list)
{
    return list ? list->sequence : NU__LIST;
}

static bool equal_lists(const nu_list *a, const nu_list *b, int depth)
{
    if (nu_list_len(a) != nu_list_len(b) || sequence_of(a) != sequence_of(b))
        return false;
    for (size_t i = 0; i < nu_list_len(a); i++)
        if (!equal(nu_at(a, i), nu_at(b, i), depth + 1))
            return false;
    return true;
}

static bool equal_dicts(const nu_dict *a, const nu_dict *b, int depth)
{
    nu_value other;

    if (nu_dict_len(a) != nu_dict_len(b))
        return false;
    for (size_t i = 0; i < nu_dict_len(a); i++)
        if (!nu_dict_find(b, nu_dict_key(a, i), &other) ||
            !equal(nu_dict_value(a, i), other, depth + 1))
            return false;
    return true;
}

static bool equal_objects(nu_value a, nu_value b)
{
    const nu_object_ops *ops = nu__value_ops(a);

    return a.p == b.p || (ops && ops->equal && nu__value_ops(b) == ops && ops->equal(a.p, b.p));
}

static bool equal_of_kind(nu_value a, nu_value b, int depth)
{
    switch (a.kind) {
    case NU_KIND_NULL:
        return true;
    case NU_KIND_UUID:
        return memcmp(&a.uuid, &b.uuid, sizeof(a.uuid)) == 0;
    case NU_KIND_BYTES:
        return a.bytes.len == b.bytes.len &&
               (!a.bytes.len || memcmp(a.bytes.ptr, b.bytes.ptr, a.bytes.len) == 0);
    case NU_KIND_LIST:
        return equal_lists(a.list, b.list, depth);
    case NU_KIND_DICT:
        return equal_dicts(a.dict, b.dict, depth);
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
    case NU_KIND_TIMEDELTA:
        return a.i == b.i;
    default:
        return equal_objects(a, b);
    }
}

static bool equal(nu_value a, nu_value b, int depth)
{
    int order;

    if (depth > DEPTH_MAX)
        return false;
    if (is_number(a) && is_number(b))
        return compare_numbers(a, b, &order) && order == 0;
    if (is_text(a) && is_text(b))
        return nu_eq(a.s, b.s);
    return a.kind == b.kind && equal_of_kind(a, b, depth);
}

bool nu__value_equal(nu_value a, nu_value b)
{
    return equal(a, b, 0);
}

/* ---- order ----------------------------------------------------------------------------------- */

static bool compare(nu_value a, nu_value b, int *order, int depth);

/* By the first items that differ, as Python's lists. */
static bool compare_lists(const nu_list *a, const nu_list *b, int *order, int depth)
{
    size_t i = 0;

    while (i < nu_list_len(a) && i < nu_list_len(b) && equal(nu_at(a, i), nu_at(b, i), depth))
        i++;
    if (i < nu_list_len(a) && i < nu_list_len(b))
        return compare(nu_at(a, i), nu_at(b, i), order, depth + 1);
    *order = (nu_list_len(a) > nu_list_len(b)) - (nu_list_len(a) < nu_list_len(b));
    return true;
}

static bool compare_objects(nu_value a, nu_value b, int *order)
{
    const nu_object_ops *ops = nu__value_ops(a);

    return ops && ops->compare && nu__value_ops(b) == ops &&
           ops->compare(a.object, b.object, order);
}

static nu_value number_of(nu_value value)
{
    return nu__is_too_wide(value) ? nu_v_decimal(nu__wide_int_rounded(value)) : value;
}

static bool compare(nu_value a, nu_value b, int *order, int depth)
{
    if (depth > DEPTH_MAX)
        return false;
    if (is_number(a) && is_number(b))
        return compare_numbers(a, b, order);
    if (is_text(a) && is_text(b)) {
        *order = nu__str_compare(a.s, b.s);
        return true;
    }
    if (nu__is_too_wide(a) != nu__is_too_wide(b)) /* past every other number */
        return compare_numbers(number_of(a), number_of(b), order);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
    case NU_KIND_TIMEDELTA:
        *order = (a.i > b.i) - (a.i < b.i);
        return true;
    case NU_KIND_UUID:
        *order = memcmp(&a.uuid, &b.uuid, sizeof(a.uuid));
        return true;
    case NU_KIND_BYTES:
        *order = nu__str_compare((nu_str){ (const char *)a.bytes.ptr, a.bytes.len },
                                 (nu_str){ (const char *)b.bytes.ptr, b.bytes.len });
        return true;
    case NU_KIND_OBJECT:
        return compare_objects(a, b, order);
    case NU_KIND_LIST:
        return sequence_of(a.list) == sequence_of(b.list) &&
               compare_lists(a.list, b.list, order, depth);
    default:
        return false;
    }
}

bool nu__value_compare(nu_value a, nu_value b, int *order)
{
    bool comparable;

    *order = 0;
    comparable = compare(a, b, order, 0);
    *order = (*order > 0) - (*order < 0);
    return comparable;
}

bool nu__value_contains(nu_value container, nu_value item)
{
    const nu_list *items;

    if (is_text(container))
        return is_text(item) && nu__find(container.s, item.s) >= 0;
    if (container.kind == NU_KIND_DICT)
        return is_text(item) && nu_dict_find(container.dict, item.s, NULL);
    items = nu__value_items(container);
    for (size_t i = 0; i < nu_list_len(items); i++)
        if (nu__value_equal(nu_at(items, i), item))
            return true;
    return false;
}
