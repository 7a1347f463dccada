#include "core/wide_int.h"

#include "core/decimal.h"
#include "core/error.h"

#include <nuages/decimal.h>

typedef struct wide {
    nu_object object;
    nu_str digits;
} wide;

static nu_value wide_text(const nu_object *self)
{
    return nu_v_str(((const wide *)self)->digits);
}

static bool wide_equal(const nu_object *self, const nu_object *other)
{
    return nu_eq(((const wide *)self)->digits, ((const wide *)other)->digits);
}

static NU_NORETURN void refuse(nu_str digits)
{
    nu_raise(NU_OVERFLOW_ERROR,
             "Python int too large to convert to SQLite INTEGER: {} has {} digits, and a number at "
             "most 38",
             digits, (int64_t)digits.len);
}

static nu_value wide_json(const nu_object *self)
{
    refuse(((const wide *)self)->digits);
}

static const nu_object_ops ops = {
    .kind = "int", .text = wide_text, .repr = wide_text, .equal = wide_equal, .json = wide_json
};
static const nu_class wide_class = { .ops = &ops, .name = "int" };

nu_value nu__wide_int(nu_str digits)
{
    nu_decimal decimal;
    nu_value value;
    wide *number;

    if (nu_decimal_try_parse(digits, &decimal)) {
        value = nu_v_decimal(decimal);
        value.plain = true;
        return value;
    }
    number = nu_alloc(wide);
    *number = (wide){ { .type = &wide_class }, digits };
    return nu_v_object(number);
}

static bool is_object(nu_value value)
{
    return nu__value_ops(value) == &ops;
}

bool nu__is_wide_int(nu_value value)
{
    return (value.kind == NU_KIND_DECIMAL && value.plain) || is_object(value);
}

bool nu__is_too_wide(nu_value value)
{
    return is_object(value);
}

nu_decimal nu__wide_int_rounded(nu_value value)
{
    nu_decimal out;

    nu__decimal_status status = nu__decimal_parse(((const wide *)value.object)->digits, &out);

    if (status != NU__DECIMAL_OK && status != NU__DECIMAL_TOO_MANY_DIGITS)
        refuse(((const wide *)value.object)->digits);
    return out;
}

void nu__wide_int_refuse(nu_value value)
{
    if (is_object(value))
        refuse(((const wide *)value.object)->digits);
}
