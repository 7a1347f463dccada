/* The validators that field classes bring along. */
#include "forms/convert.h"

#include "db/models/validators.h"
#include "files/images/images.h"
#include "utils/url.h"

#include <math.h>
#include <nuages/decimal.h>

static void must(const nu__form_field *field, bool valid, nu_list *errors, nu_str message)
{
    if (!valid)
        nu__form_field_error(field, errors, "invalid", message, NULL);
}

void nu__form_check_email(const nu__form_field *field, nu_value value, nu_list *errors)
{
    must(field, nu__email_valid(value.s, NULL), errors, S("Enter a valid email address."));
}

void nu__form_check_slug(const nu__form_field *field, nu_value value, nu_list *errors)
{
    if (!field->allow_unicode) {
        must(field, nu__slug_valid(value.s), errors,
             S("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."));
        return;
    }
    must(field, nu__unicode_slug_valid(value.s), errors,
         S("Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or "
           "hyphens."));
}

void nu__form_check_url(const nu__form_field *field, nu_value value, nu_list *errors)
{
    nu__url parts;

    must(field, nu__urlsplit(value.s, &parts) && nu__url_valid(value.s, NULL), errors,
         S("Enter a valid URL."));
}

void nu__form_check_extension(const nu__form_field *field, nu_value value, nu_list *errors)
{
    nu_str extension, allowed = nu__image_extensions();

    if (value.kind == NU_KIND_FILE &&
        !nu__image_extension_valid(nu_file_name((const nu_file *)value.p), &extension))
        nu__form_field_error(
            field, errors, "invalid_extension",
            S("File extension “%(extension)s” is not allowed. Allowed extensions are: "
              "%(allowed_extensions)s."),
            NU__PARAMS({ "extension", V(extension) }, { "allowed_extensions", V(allowed) },
                       { "value", V(value) }));
}

void nu__form_check_ip_address(const nu__form_field *field, nu_value value, nu_list *errors)
{
    int protocol = field->protocol ? field->protocol : 46;

    if (!nu__ip_valid(value.s, protocol))
        nu__form_field_tell(field, errors, "invalid", nu__message_of_ip(protocol), NULL);
}

static double as_double(nu_value number)
{
    return number.kind == NU_KIND_DECIMAL ? nu_decimal_to_float(*number.decimal) : nu_float(number);
}

/* `from` plus so many steps, as a number of the kind that is checked. */
static nu_value steps_from(nu_value from, nu_value step, int64_t n, nu_kind kind)
{
    if (kind == NU_KIND_FLOAT)
        return nu_v_float(as_double(from) + (double)n * as_double(step));
    return nu_v_decimal(
        nu_decimal_add(nu_dec(from), nu_decimal_mul(nu_decimal_from(n, 0), nu_dec(step))));
}

/* Multiples of the step, counted from the least value. */
void nu__form_check_step(const nu__form_field *field, nu_value value, nu_list *errors)
{
    nu_value step = field->step_size, from = field->min_value;
    bool offset = from.kind != NU_KIND_NULL;
    double rest = remainder(as_double(value) - (offset ? as_double(from) : 0), as_double(step));

    if (fabs(rest) <= 1e-9)
        return;
    if (!offset) {
        nu__form_field_error(field, errors, "step_size",
                             S("Ensure this value is a multiple of step size %(limit_value)s."),
                             NU__PARAMS({ "limit_value", step }, { "value", value }));
        return;
    }
    from = value.kind == NU_KIND_FLOAT ? nu_v_float(as_double(from)) : from;
    nu__form_field_error(
        field, errors, "step_size",
        S("Ensure this value is a multiple of step size %(limit_value)s, starting from "
          "%(offset)s, e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on."),
        NU__PARAMS({ "limit_value", step }, { "offset", from },
                   { "valid_value1", steps_from(from, step, 1, value.kind) },
                   { "valid_value2", steps_from(from, step, 2, value.kind) }, { "value", value }));
}

void nu__form_no_more(const nu__form_field *field, nu_list *errors, const char *code, int most)
{
    const nu__message_param *params = NU__PARAMS({ "max", V(most) });

    nu__form_field_tell(field, errors, code, nu__message_of_digits(code, most, params), params);
}

/* DecimalValidator: digits in all, after the point, before it. */
void nu__form_check_digits(const nu__form_field *field, nu_decimal value, nu_list *errors)
{
    nu__decimal_parts parts = nu__decimal_unpack(value);
    int digits = nu__decimal_count_digits(parts.coefficient), decimals = 0;
    int most = field->max_digits, places = field->decimal_places;

    if (parts.exponent >= 0) {
        digits += parts.coefficient ? parts.exponent : 0;
    } else {
        decimals = -parts.exponent;
        digits = decimals > digits ? decimals : digits;
    }
    if (most >= 0 && digits > most)
        nu__form_no_more(field, errors, "max_digits", most);
    else if (places >= 0 && decimals > places)
        nu__form_no_more(field, errors, "max_decimal_places", places);
    else if (most >= 0 && places >= 0 && digits - decimals > most - places)
        nu__form_no_more(field, errors, "max_whole_digits", most - places);
}
