/* Validators of limits, lengths, steps and digits. */
#include "db/models/validators.h"

#include "core/decimal.h"
#include "core/object.h"
#include "core/text.h"
#include "utils/translation.h"

#include <nuages/decimal.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- limits ------------------------------------------------------------------------------- */

/* A number by its digits where the text is one, else the double that the compiler made of it. */
static nu_value number_of(const char *text, double number)
{
    nu_decimal decimal;
    int64_t whole;

    if (text && nu_decimal_try_parse(nu_s(text), &decimal))
        return nu__decimal_unpack(decimal).exponent == 0 && nu__decimal_try_int(decimal, &whole)
                   ? nu_v_int(whole)
                   : nu_v_decimal(decimal);
    if (number >= -9e15 && number <= 9e15 && number == (double)(int64_t)number)
        return nu_v_int((int64_t)number);
    return nu_v_float(number);
}

nu_value nu__validator_limit(const nu_validator *self)
{
    return self->limit_call ? self->limit_call() : number_of(self->text, self->limit);
}

static NU_NORETURN void refuse_limit(const nu_validator *self, const char *code,
                                     const char *message, nu_value value, nu_value shown)
{
    const nu__message_param params[] = { { "limit_value", nu__validator_limit(self) },
                                         { "show_value", shown },
                                         { "value", value },
                                         { NULL, nu_null() } };

    nu__refuse(self, code, message, params);
}

/* Fails where the two are ordered as `wrong` says; what can't be compared is a TypeError. */
static bool exceeds(const nu_validator *self, nu_value value, int wrong)
{
    int order;

    if (!nu__value_compare(value, nu__validator_limit(self), &order))
        nu_raise(NU_TYPE_ERROR, "{!r} cannot be compared with the limit {}", value,
                 nu__validator_limit(self));
    return order == wrong;
}

void nu__min(const nu_validator *self, nu_value value)
{
    if (exceeds(self, value, -1))
        refuse_limit(self, "min_value",
                     "Ensure this value is greater than or equal to %(limit_value)s.", value,
                     value);
}

void nu__max(const nu_validator *self, nu_value value)
{
    if (exceeds(self, value, 1))
        refuse_limit(self, "max_value",
                     "Ensure this value is less than or equal to %(limit_value)s.", value, value);
}

static int64_t length_of(nu_value value)
{
    int64_t length = nu__value_length(value);

    if (length < 0)
        nu_raise(NU_TYPE_ERROR, "{!r} has no length", value);
    return length;
}

nu_str nu__message_of_length(bool too_long, int64_t limit, const nu__message_param *params)
{
    return too_long ? nu__message_counted("Ensure this value has at most %(limit_value)d character "
                                          "(it has %(show_value)d).",
                                          "Ensure this value has at most %(limit_value)d "
                                          "characters (it has %(show_value)d).",
                                          limit, params)
                    : nu__message_counted("Ensure this value has at least %(limit_value)d "
                                          "character (it has %(show_value)d).",
                                          "Ensure this value has at least %(limit_value)d "
                                          "characters (it has %(show_value)d).",
                                          limit, params);
}

static void check_length(const nu_validator *self, nu_value value, bool too_long)
{
    nu_value length = nu_v_int(length_of(value)), limit = nu__validator_limit(self);
    const nu__message_param params[] = {
        { "limit_value", limit }, { "show_value", length }, { "value", value }, { NULL, nu_null() }
    };

    if (exceeds(self, length, too_long ? 1 : -1))
        nu__validator_refuse(self, too_long ? "max_length" : "min_length",
                             nu__message_of_length(too_long, nu_int(limit), params), params);
}

void nu__min_length(const nu_validator *self, nu_value value)
{
    check_length(self, value, false);
}

void nu__max_length(const nu_validator *self, nu_value value)
{
    check_length(self, value, true);
}

/* ---- steps -------------------------------------------------------------------------------- */

static bool is_number(nu_value value)
{
    return value.kind == NU_KIND_INT || value.kind == NU_KIND_UINT || value.kind == NU_KIND_BOOL ||
           value.kind == NU_KIND_FLOAT || value.kind == NU_KIND_DECIMAL;
}

/* The offset in the value's own kind, as the message has it. */
static nu_value offset_like(nu_value value, nu_value offset)
{
    if (value.kind == NU_KIND_FLOAT)
        return nu_v_float(nu_float(offset));
    if (value.kind == NU_KIND_DECIMAL || offset.kind == NU_KIND_INT)
        return offset;
    return nu_v_int((int64_t)nu_float(offset));
}

static nu_value plus(nu_value offset, nu_value step, int times)
{
    double sum = nu_float(offset) + times * nu_float(step);

    if (offset.kind == NU_KIND_INT && step.kind == NU_KIND_INT)
        return nu_v_int(offset.i + times * step.i);
    return nu_v_float(sum);
}

void nu__step_value(const nu_validator *self, nu_value value)
{
    nu_value step = nu__validator_limit(self), offset = nu_v_int(0);
    double rest;

    if (self->offset)
        offset = strchr(self->offset, '.') ? nu_v_float(strtod(self->offset, NULL))
                                           : nu_v_int(strtoll(self->offset, NULL, 10));
    if (!is_number(value) || (value.kind == NU_KIND_DECIMAL && offset.kind == NU_KIND_FLOAT))
        nu_raise(NU_TYPE_ERROR, "{!r} is no number that has a step", value);
    rest = remainder(nu_float(value) - nu_float(offset), nu_float(step));
    if (fabs(rest) <= 1e-9)
        return;
    if (!self->offset)
        refuse_limit(self, "step_size",
                     "Ensure this value is a multiple of step size %(limit_value)s.", value, value);
    if (value.kind == NU_KIND_DECIMAL && step.kind == NU_KIND_FLOAT)
        nu_raise(NU_TYPE_ERROR, "the step {} is no decimal", step);
    offset = offset_like(value, offset);
    {
        const nu__message_param params[] = { { "limit_value", step },
                                             { "offset", offset },
                                             { "valid_value1", plus(offset, step, 1) },
                                             { "valid_value2", plus(offset, step, 2) },
                                             { "value", value },
                                             { NULL, nu_null() } };

        nu__refuse(self, "step_size",
                   "Ensure this value is a multiple of step size %(limit_value)s, starting from "
                   "%(offset)s, e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on.",
                   params);
    }
}

/* ---- decimals ----------------------------------------------------------------------------- */

static const char *const digit_messages[][3] = {
    { "max_digits", "Ensure that there are no more than %(max)s digit in total.",
      "Ensure that there are no more than %(max)s digits in total." },
    { "max_decimal_places", "Ensure that there are no more than %(max)s decimal place.",
      "Ensure that there are no more than %(max)s decimal places." },
    { "max_whole_digits",
      "Ensure that there are no more than %(max)s digit before the decimal point.",
      "Ensure that there are no more than %(max)s digits before the decimal point." },
};

nu_str nu__message_of_digits(const char *code, int max, const nu__message_param *params)
{
    size_t i = 0;

    while (strcmp(digit_messages[i][0], code) != 0)
        i++;
    return nu__message_counted(digit_messages[i][1], digit_messages[i][2], max, params);
}

static void refuse_digits(const nu_validator *self, const char *code, int max, nu_value value)
{
    const nu__message_param params[] = { { "max", nu_v_int(max) },
                                         { "value", value },
                                         { NULL, nu_null() } };

    nu__validator_refuse(self, code, nu__message_of_digits(code, max, params), params);
}

void nu__decimal_digits(const nu_validator *self, nu_value value)
{
    int max_digits = (int)self->limit, places = self->flags, digits, decimals = 0;
    nu_decimal number =
        value.kind == NU_KIND_FLOAT && !isfinite(value.f) ? (nu_decimal){ 0 } : nu_dec(value);
    nu__decimal_parts parts;

    if (!nu__decimal_is_finite(number))
        nu__refuse_value(self, "Enter a number.", value);
    parts = nu__decimal_unpack(number);
    digits = nu__decimal_count_digits(parts.coefficient);
    if (parts.exponent >= 0) {
        if (parts.coefficient)
            digits += parts.exponent;
    } else {
        decimals = -parts.exponent;
        if (decimals > digits)
            digits = decimals;
    }
    if (max_digits >= 0 && digits > max_digits)
        refuse_digits(self, "max_digits", max_digits, value);
    if (places >= 0 && decimals > places)
        refuse_digits(self, "max_decimal_places", places, value);
    if (max_digits >= 0 && places >= 0 && digits - decimals > max_digits - places)
        refuse_digits(self, "max_whole_digits", max_digits - places, value);
}
