/* The validators that fields may have, as django.core.validators. */
#include "db/models/validators.h"

#include "core/decimal.h"
#include "core/error.h"
#include "core/object.h"
#include "core/text.h"
#include "db/backends/base.h"
#include "utils/regex.h"
#include "utils/translation.h"

#include <nuages/decimal.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- refusing ----------------------------------------------------------------------------- */

nu_str nu__message_expand(const char *message, const nu__message_param *params)
{
    nu__buf out = { 0 };

    while (*message) {
        const nu__message_param *found = NULL;

        for (const nu__message_param *p = params; p->name && message[0] == '%' && message[1] == '(';
             p++) {
            size_t len = strlen(p->name);

            if (!strncmp(message + 2, p->name, len) && message[2 + len] == ')' && message[3 + len])
                found = p;
        }
        if (!found) {
            nu__buf_char(&out, *message++);
            continue;
        }
        if (message[strlen(found->name) + 3] == 'r')
            nu__buf_repr(&out, found->value);
        else
            nu__buf_str_add(&out, nu_string(found->value));
        message += strlen(found->name) + 4;
    }
    return nu__buf_str(&out);
}

nu_str nu__message_translated(const char *message, const nu__message_param *params)
{
    return nu__message_expand(nu__gettext(nu_s(message)).ptr, params);
}

nu_str nu__message_counted(const char *message, const char *plural, int64_t count,
                           const nu__message_param *params)
{
    return nu__message_expand(nu__ngettext(nu_s(message), nu_s(plural), count).ptr, params);
}

NU_NORETURN void nu__validator_refuse(const nu_validator *self, const char *code, nu_str message,
                                      const nu__message_param *params)
{
    const nu_error error = {
        .klass = NU_VALIDATION_ERROR,
        .code = self->code ? self->code : code,
        .message = self->message ? nu__message_expand(self->message, params) : message,
        .file = __FILE__,
        .line = __LINE__,
    };

    nu__raise_like(&error);
}

static NU_NORETURN void refuse(const nu_validator *self, const char *code, const char *message,
                               const nu__message_param *params)
{
    nu__validator_refuse(self, code, nu__message_translated(message, params), params);
}

static NU_NORETURN void refuse_value(const nu_validator *self, const char *message, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    refuse(self, "invalid", message, params);
}

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

    refuse(self, code, message, params);
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

        refuse(self, "step_size",
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
        refuse_value(self, "Enter a number.", value);
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

/* ---- patterns ----------------------------------------------------------------------------- */

/* Patterns are literals of descriptors: each is compiled once, and lives as long as the process. */
static const nu__re *compiled(const char *pattern, int flags)
{
    static struct {
        const char *pattern;
        int flags;
        nu__re *re;
    } * known;
    static size_t n;
    char why[96] = "";
    nu__re *re;

    for (size_t i = 0; i < n; i++)
        if (known[i].flags == flags && !strcmp(known[i].pattern, pattern))
            return known[i].re;
    re = nu__re_compile(nu_s(pattern), flags & NU_RE_IGNORECASE ? NU__RE_IGNORECASE : 0, why);
    if (!re)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "Regex(\"{}\"): {}", pattern, (const char *)why);
    known = reallocarray(known, n + 1, sizeof(*known));
    if (!known)
        nu_raise(NU_MEMORY_ERROR, "no memory for a pattern");
    known[n].pattern = strdup(pattern);
    if (!known[n].pattern)
        nu_raise(NU_MEMORY_ERROR, "no memory for a pattern");
    known[n].flags = flags;
    known[n++].re = re;
    return re;
}

void nu__regex(const nu_validator *self, nu_value value)
{
    nu_str text = value.kind == NU_KIND_NULL ? S("None") : nu_string(value);

    if (nu__re_test(compiled(self->text, self->flags), text) == self->inverse_match)
        refuse_value(self, "Enter a valid value.", value);
}

void nu__validate_integer(const nu_validator *self, nu_value value)
{
    if (!nu__re_test(compiled("^-?\\d+\\Z", 0), nu_string(value)))
        refuse_value(self, "Enter a valid integer.", value);
}

void nu__validate_int_list(const nu_validator *self, nu_value value)
{
    const char *sign = self->flags & 1 ? "-?" : "";
    nu__buf pattern = { 0 };

    nu__buf_fmt(&pattern, "^{}\\d+(?:", sign);
    for (const char *at = self->text; *at; at++)
        nu__buf_fmt(&pattern, "\\x{:02x}", (int64_t)(unsigned char)*at);
    nu__buf_fmt(&pattern, "{}\\d+)*\\Z", sign);
    if (!nu__re_test(compiled(nu__buf_str(&pattern).ptr, 0), nu_string(value)))
        refuse_value(self, "Enter only digits separated by commas.", value);
}

/* ---- texts -------------------------------------------------------------------------------- */

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

void nu__validate_email(const nu_validator *self, nu_value value)
{
    if (!is_text(value) || !nu__email_valid(value.s, self->words))
        refuse_value(self, "Enter a valid email address.", value);
}

void nu__validate_url(const nu_validator *self, nu_value value)
{
    if (!is_text(value) || !nu__url_valid(value.s, self->words))
        refuse_value(self, "Enter a valid URL.", value);
}

void nu__validate_domain(const nu_validator *self, nu_value value)
{
    if (!is_text(value) || !nu__domain_valid(value.s, !self->inverse_match))
        refuse_value(self, "Enter a valid domain name.", value);
}

void nu__validate_slug(const nu_validator *self, nu_value value)
{
    if (!nu__slug_valid(nu_string(value)))
        refuse_value(self,
                     "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                     value);
}

void nu__validate_unicode_slug(const nu_validator *self, nu_value value)
{
    if (!nu__unicode_slug_valid(nu_string(value)))
        refuse_value(self,
                     "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or "
                     "hyphens.",
                     value);
}

nu_str nu__message_of_ip(int protocol)
{
    nu_str name = nu__gettext(protocol == 4   ? S("IPv4")
                              : protocol == 6 ? S("IPv6")
                                              : S("IPv4 or IPv6"));
    const nu__message_param params[] = { { "protocol", nu_v_str(name) }, { NULL, nu_null() } };

    return nu__message_translated("Enter a valid %(protocol)s address.", params);
}

void nu__validate_ip(const nu_validator *self, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    if (!is_text(value) || !nu__ip_valid(value.s, self->flags))
        nu__validator_refuse(self, "invalid", nu__message_of_ip(self->flags), params);
}

void nu__validate_no_null(const nu_validator *self, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };
    nu_str text = nu_string(value);

    if (text.len && memchr(text.ptr, 0, text.len))
        refuse(self, "null_characters_not_allowed", "Null characters are not allowed.", params);
}

/* ---- files -------------------------------------------------------------------------------- */

/* No library that opens images is linked: as Django's without Pillow. */
const char *const nu_image_extensions[] = { NULL };

/* What follows the last dot of a file's name, in lower case; a name that begins with the dot has
   none. */
static nu_str extension_of(nu_str path)
{
    const char *slash = path.len ? memrchr(path.ptr, '/', path.len) : NULL;
    nu_str name = path;
    size_t dot;

    if (slash)
        name = (nu_str){ slash + 1, path.len - (size_t)(slash + 1 - path.ptr) };
    dot = name.len;
    while (dot && name.ptr[dot - 1] != '.')
        dot--;
    if (dot < 2 || strspn(name.ptr, ".") >= dot)
        return S("");
    return nu_lower((nu_str){ name.ptr + dot, name.len - dot });
}

void nu__validate_extension(const nu_validator *self, nu_value value)
{
    nu_str extension = extension_of(nu_string(value));
    nu__buf allowed = { 0 };

    for (const char *const *word = self->words; word && *word; word++) {
        nu_str lower = nu_lower(nu_s(*word));

        if (nu_eq(lower, extension))
            return;
        nu__buf_fmt(&allowed, "{}{}", word == self->words ? "" : ", ", lower);
    }
    if (!self->words)
        return;
    {
        const nu__message_param params[] = { { "extension", nu_v_str(extension) },
                                             { "allowed_extensions",
                                               nu_v_str(nu__buf_str(&allowed)) },
                                             { "value", value },
                                             { NULL, nu_null() } };

        refuse(self, "invalid_extension",
               "File extension “%(extension)s” is not allowed. Allowed extensions are: "
               "%(allowed_extensions)s.",
               params);
    }
}

/* ---- columns ------------------------------------------------------------------------------ */

nu__range nu__field_range(const nu__field *field)
{
    const nu__field_type *type = field->type;

    if (nu__connection_of(NULL)->backend->features->keeps_any_integer)
        return (nu__range){ type->min < 0 ? INT64_MIN : 0, INT64_MAX };
    return (nu__range){ type->min, type->max };
}
