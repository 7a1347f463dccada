/* Values of any kind as a field's own: Field.to_python(). */
#include "db/models/field_values.h"

#include "core/decimal.h"
#include "core/float.h"
#include "core/object.h"
#include "core/wide_int.h"
#include "db/models/options.h"
#include "db/models/validators.h"
#include "utils/translation.h"

#include <nuages/decimal.h>
#include <nuages/uuid.h>

#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool nu__refuse_written(nu__invalid *why, const char *code, nu_value value, const char *rest)
{
    const nu__message_param params[] = { { "value", nu_v_str(nu_string(value)) },
                                         { NULL, nu_null() } };

    *why =
        (nu__invalid){ code, nu__message_translated(nu_fmt("“%(value)s” {}", rest).ptr, params) };
    return false;
}

bool nu__to_text(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN];

    *out = nu__is_text(in) ? in : nu_v_str(nu_string(in));
    if (field->type->type != NU_GENERIC_IP_ADDRESS_FIELD)
        return true;
    out->s = nu_trim(out->s);
    if (!memchr(out->s.ptr, ':', out->s.len))
        return true;
    if (inet_pton(AF_INET6, nu_copy(out->s).ptr, &address) != 1) {
        *why = (nu__invalid){ "invalid", nu__message_of_ip(46) };
        return false;
    }
    *out = nu_v_str(nu_copy_cstr(inet_ntop(AF_INET6, &address, text, sizeof(text))));
    return true;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* int(text): surrounding space, a sign, digits with single underscores between. */
static bool integer_text(nu_str text)
{
    bool digit = false;

    for (size_t i = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+'); i < text.len; i++) {
        bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';

        if (!is_digit && (text.ptr[i] != '_' || !digit))
            return false;
        digit = is_digit;
    }
    return digit;
}

/* A whole decimal: int where it fits, else it stays a decimal, so that a range check can tell. */
static nu_value whole(nu_decimal number)
{
    int64_t small;

    return nu__decimal_try_int(number, &small) ? nu_v_int(small) : nu_v_decimal(number);
}

static bool truncated(nu_decimal number, nu_value *out)
{
    static const nu__decimal_context toward_zero = { NU__DECIMAL_DIGITS, NU__ROUND_DOWN };
    nu_decimal integral = number;

    if (!nu__decimal_is_finite(number))
        return false;
    if (nu__decimal_unpack(number).exponent < 0 &&
        nu__decimal_quantize(number, 0, &toward_zero, &integral) != NU__DECIMAL_OK)
        return false;
    *out = whole(integral);
    return true;
}

bool nu__to_integer(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_decimal number;

    (void)field;
    *out = in;
    if (nu__is_too_wide(in))
        return true;
    switch (in.kind) {
    case NU_KIND_INT:
    case NU_KIND_UINT:
        return true;
    case NU_KIND_BOOL:
        *out = nu_v_int(in.b);
        return true;
    case NU_KIND_FLOAT:
        if (isinf(in.f))
            nu_raise(NU_OVERFLOW_ERROR, "cannot convert float infinity to integer");
        if (isfinite(in.f) && fabs(in.f) < 1e38 && truncated(nu_decimal_from_float(in.f), out))
            return true;
        break;
    case NU_KIND_DECIMAL:
        if (truncated(*in.decimal, out))
            return true;
        break;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        if (integer_text(nu_trim(in.s)) && nu__decimal_parse(in.s, &number) == NU__DECIMAL_OK) {
            *out = whole(number);
            return true;
        }
        break;
    default:
        break;
    }
    return nu__refuse_written(why, "invalid", in, "value must be an integer.");
}

bool nu__to_float(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    double number;

    (void)field;
    if (nu__is_too_wide(in))
        in = nu_v_str(nu_string(in));
    if (nu__is_text(in)) {
        if (!nu__float_try_parse(in.s, &number))
            return nu__refuse_written(why, "invalid", in, "value must be a float.");
    } else if (in.kind == NU_KIND_BOOL) {
        number = in.b;
    } else if (in.kind == NU_KIND_INT || in.kind == NU_KIND_UINT || in.kind == NU_KIND_FLOAT ||
               in.kind == NU_KIND_DECIMAL) {
        number = nu_float(in);
    } else {
        return nu__refuse_written(why, "invalid", in, "value must be a float.");
    }
    *out = nu_v_float(number);
    return true;
}

/* Decimal(context).create_decimal_from_float(): of the double's exact value, so many digits. */
static bool decimal_of_float(double number, int digits, nu_decimal *out)
{
    char text[64];
    int len;

    if (!isfinite(number))
        return false;
    if (digits < 1 || digits > NU__DECIMAL_DIGITS)
        digits = NU__DECIMAL_PRECISION;
    len = snprintf(text, sizeof(text), "%.*e", digits - 1, number);
    if (nu__decimal_parse((nu_str){ text, (size_t)len }, out) != NU__DECIMAL_OK)
        return false;
    *out = nu__decimal_normalize(*out);
    return true;
}

bool nu__to_decimal(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_decimal number;
    bool ok = false;

    if (in.kind == NU_KIND_DECIMAL) {
        number = *in.decimal;
        ok = true;
    } else if (nu__is_too_wide(in)) {
        number = nu__wide_int_rounded(in);
        ok = true;
    } else if (in.kind == NU_KIND_FLOAT) {
        ok = decimal_of_float(in.f, field->max_digits, &number);
    } else if (in.kind == NU_KIND_INT || in.kind == NU_KIND_UINT || nu__is_text(in)) {
        ok = nu__decimal_parse(nu_string(in), &number) == NU__DECIMAL_OK;
    } else if (in.kind == NU_KIND_BOOL) {
        number = nu_decimal_from(in.b, 0);
        ok = true;
    }
    if (!ok || !nu__decimal_is_finite(number))
        return nu__refuse_written(why, "invalid", in, "value must be a decimal number.");
    *out = nu_v_decimal(number);
    return true;
}

bool nu__to_boolean(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    static const struct {
        const char *text;
        bool value;
    } texts[] = { { "t", true },  { "True", true },   { "1", true },
                  { "f", false }, { "False", false }, { "0", false } };

    if (field->null && nu__field_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    for (int truth = 0; truth < 2; truth++)
        if (nu__value_equal(in, nu_v_bool(truth))) {
            *out = nu_v_bool(truth);
            return true;
        }
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts) && nu__is_text(in); i++)
        if (nu_eq(in.s, texts[i].text)) {
            *out = nu_v_bool(texts[i].value);
            return true;
        }
    return nu__refuse_written(why, "invalid", in,
                              field->null ? "value must be either True, False, or None."
                                          : "value must be either True or False.");
}

/* ---- the rest ----------------------------------------------------------------------------- */

/* UUID(int=…): a whole number of 128 bits, as its decimal text; false: it is negative or has more.
 */
static bool uuid_of_digits(nu_str digits, nu_uuid *out)
{
    unsigned __int128 number = 0;

    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9' ||
            __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (unsigned)(digits.ptr[i] - '0'), &number))
            return false;
    for (int i = 15; i >= 0; i--, number >>= 8)
        out->bytes[i] = (uint8_t)number;
    return true;
}

/* Numbers of 64 bits, and an int that has more; a decimal that is none is no number of a UUID. */
static bool whole_digits(nu_value in, nu_str *out)
{
    if (in.kind == NU_KIND_BOOL)
        in = nu_v_int(in.b);
    *out = nu_string(in);
    return in.kind == NU_KIND_INT || in.kind == NU_KIND_UINT || nu__is_wide_int(in);
}

bool nu__to_uuid(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_uuid uuid;
    nu_str digits;

    (void)field;
    if (in.kind == NU_KIND_UUID) {
        *out = in;
        return true;
    }
    if (whole_digits(in, &digits) && uuid_of_digits(digits, &uuid)) {
        *out = nu_v_uuid(uuid);
        return true;
    }
    if (nu__is_text(in) && nu_uuid_try_parse(in.s, &uuid)) {
        *out = nu_v_uuid(uuid);
        return true;
    }
    return nu__refuse_written(why, "invalid", in, "is not a valid UUID.");
}

bool nu__to_json(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    (void)field, (void)why;
    *out = in;
    return true;
}

bool nu__to_bytes(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    (void)field;
    if (nu__is_text(in))
        *out = nu_v_bytes((nu_bytes){ (const uint8_t *)in.s.ptr, in.s.len });
    else if (in.kind == NU_KIND_BYTES)
        *out = in;
    else
        return nu__refuse_written(why, "invalid", in, "value must be bytes.");
    return true;
}

bool nu__field_to_python(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    *out = in;
    if (in.kind == NU_KIND_NULL || field->member == NU__MEMBER_NONE)
        return true;
    if (in.kind == NU_KIND_OBJECT && field->relation)
        in = nu__field_get(field->target, in.object);
    if (field->target->type->type == NU_JSON_FIELD)
        nu__wide_int_refuse(in);
    return field->target->type->to_python(field->target, in, out, why);
}
