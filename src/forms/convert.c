#include "forms/convert.h"

#include "core/decimal.h"
#include "core/float.h"
#include "core/json.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "core/uuid.h"
#include "db/models/fields.h"
#include "db/models/validators.h"
#include "files/images/images.h"
#include "utils/dateparse.h"
#include "utils/formats.h"
#include "utils/ipv6.h"
#include "utils/numberformat.h"
#include "utils/strptime.h"
#include "utils/url.h"

#include <nuages/decimal.h>
#include <nuages/uuid.h>

#include <math.h>
#include <string.h>

int64_t nu__form_length(nu_str text)
{
    return (int64_t)nu__utf8_count(text);
}

/* ---- numbers ------------------------------------------------------------------------------- */

/* "12.00 " is 12: the fraction of zeros that number inputs of browsers send. */
static nu_str without_zero_fraction(nu_str text)
{
    size_t end = text.len;

    while (end && text.ptr[end - 1] == '0')
        end--;
    return end && text.ptr[end - 1] == '.' ? (nu_str){ text.ptr, end - 1 } : text;
}

/* int(text): a sign, digits with single underscores between; past 64 bits it stays a decimal. */
static bool whole_number(nu_str text, nu_value *out)
{
    nu__buf digits = { 0 };
    nu_decimal number;
    int64_t small;
    bool digit = false;

    for (size_t i = 0; i < text.len; i++) {
        bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        bool sign = !i && (text.ptr[i] == '-' || text.ptr[i] == '+');

        if (!is_digit && !sign && !(text.ptr[i] == '_' && digit))
            return false;
        digit = is_digit;
        if (is_digit || sign)
            nu__buf_char(&digits, text.ptr[i]);
    }
    if (!digit || !nu_decimal_try_parse(nu__buf_str(&digits), &number))
        return false;
    *out = nu__decimal_try_int(number, &small) ? nu_v_int(small) : nu_v_decimal(number);
    return true;
}

/* Digits of other scripts as those of ASCII, as Python reads numbers. */
static nu_str ascii_digits(nu_str text)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    nu__buf out = { 0 };

    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        nu__buf_utf8(&out, c >= 0x80 && nu__is_digit(c) ? '0' + (uint32_t)nu__digit_value(c) : c);
    }
    return nu__buf_str(&out);
}

/* Django's sanitize_separators(): a number as the language writes it, with a point and no groups.
 */
static bool is_plain_fraction(nu_str text, nu_str group)
{
    const char *dot = text.len ? memchr(text.ptr, '.', text.len) : NULL;

    return nu_eq(group, ".") && dot &&
           !memchr(dot + 1, '.', (size_t)(nu__str_end(text) - dot) - 1) &&
           nu__str_end(text) - dot - 1 != 3;
}

static nu_str unlocalized(const nu__form_field *field, nu_str text)
{
    const nu__locale *locale = nu__locale_current();
    nu_str point = nu_s(locale->decimal_separator), group = nu_s(locale->thousand_separator);
    nu_str fraction = { NULL, 0 };
    const char *at;

    if (!field->localize)
        return text;
    at = point.len && text.len ? memmem(text.ptr, text.len, point.ptr, point.len) : NULL;
    if (at) {
        fraction = (nu_str){ at + point.len, (size_t)(nu__str_end(text) - at) - point.len };
        text.len = (size_t)(at - text.ptr);
    }
    if (nu__use_thousand_separator() && group.len && !is_plain_fraction(text, group)) {
        text = nu__replace(text, group, S(""));
        if (nu_eq(group, "\u00a0") || nu_eq(group, "\u202f"))
            text = nu__replace(text, S(" "), S(""));
    }
    return fraction.ptr ? nu_fmt("{}.{}", text, fraction) : text;
}

bool nu__form_integer(const nu__form_field *field, nu_value in, nu_value *out)
{
    if (in.kind == NU_KIND_INT) {
        *out = in;
        return true;
    }
    return whole_number(
        nu_trim(without_zero_fraction(nu_trim(ascii_digits(unlocalized(field, nu_string(in)))))),
        out);
}

bool nu__form_float(const nu__form_field *field, nu_value in, nu_value *out)
{
    double number;

    if (in.kind == NU_KIND_INT || in.kind == NU_KIND_FLOAT || in.kind == NU_KIND_BOOL) {
        *out = nu_v_float(in.kind == NU_KIND_BOOL ? in.b : nu_float(in));
        return true;
    }
    if (!nu__float_try_parse(nu_trim(ascii_digits(unlocalized(field, nu_string(in)))), &number))
        return false;
    *out = nu_v_float(number);
    return true;
}

nu__decimal_status nu__form_decimal(const nu__form_field *field, nu_value in, nu_decimal *out)
{
    nu_str text = nu_trim(ascii_digits(unlocalized(field, nu_string(in))));
    nu__decimal_status status = nu__decimal_parse(text, out);

    return status == NU__DECIMAL_OK && !nu__decimal_is_finite(*out) ? NU__DECIMAL_NO_NUMBER
                                                                    : status;
}

/* ---- dates and times ----------------------------------------------------------------------- */

/* What is read in every language, behind the locale's own formats. */
static const char *const iso_dates[] = { "%Y-%m-%d", NULL };
static const char *const iso_times[] = { "%H:%M:%S", "%H:%M:%S.%f", "%H:%M", NULL };
static const char *const iso_datetimes[] = { "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f",
                                             "%Y-%m-%d %H:%M", "%Y-%m-%d", NULL };

/* Dates and times are read from text; digits of other scripts are as good. */
static nu_str written(nu_value in)
{
    if (in.kind != NU_KIND_STR && in.kind != NU_KIND_SAFE)
        nu_raise(NU_ATTRIBUTE_ERROR, "a date or time is read from text, not from a {}",
                 nu__kind_name(in.kind));
    return nu_trim(ascii_digits(in.s));
}

static bool by_any(nu_str text, const char *const *formats, nu__strptime_result *out)
{
    for (size_t i = 0; formats && formats[i]; i++)
        if (nu__strptime(text, nu_s(formats[i]), out))
            return true;
    return false;
}

/* By the field's own formats, else by those of the locale. */
static bool by_formats(const nu_list *own, nu_str text, const char *const *locale,
                       const char *const *iso, nu__strptime_result *out)
{
    for (size_t i = 0; own && i < nu_list_len(own); i++)
        if (nu__strptime(text, nu_string(nu_at(own, i)), out))
            return true;
    return !own && (by_any(text, locale, out) || by_any(text, iso, out));
}

bool nu__form_date(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__strptime_result result;

    if (in.kind == NU_KIND_DATETIME)
        in = nu_v_date(nu_datetime_date((nu_datetime){ in.i }, nu_timezone_current()));
    if (in.kind == NU_KIND_DATE) {
        *out = in;
        return true;
    }
    if (!by_formats(field->input_formats, written(in), nu__locale_current()->date_input_formats,
                    iso_dates, &result))
        return false;
    *out = nu_v_date(result.date);
    return true;
}

bool nu__form_time(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__strptime_result result;

    if (in.kind == NU_KIND_TIME) {
        *out = in;
        return true;
    }
    if (!by_formats(field->input_formats, written(in), nu__locale_current()->time_input_formats,
                    iso_times, &result))
        return false;
    *out = nu_v_time(result.time);
    return true;
}

bool nu__form_local_instant(nu_date date, nu_time time, nu_value *out, nu_value *wall)
{
    const nu_timezone *zone = nu_timezone_current();
    int64_t us = date.ordinal * NU__US_DAY + time.us_plus_1 - 1;
    nu_datetime instant;

    *wall = nu_v_str(nu_fmt("{} {}", date, time));
    if (nu__timezone_is_ambiguous_or_imaginary(zone, us) ||
        !nu__timezone_from_wall(zone, us, 0, &instant))
        return false;
    *out = nu_v_datetime(instant);
    return true;
}

nu_str nu__form_ambiguous_text(nu_value wall)
{
    return nu_fmt("{} couldn’t be interpreted in time zone {}; it may be ambiguous or it may not "
                  "exist.",
                  wall, nu_timezone_name(nu_timezone_current()));
}

static bool written_instant(const nu__iso_datetime *written, nu_value *out, nu_value *wall)
{
    nu_datetime instant;

    if (!written->has_offset)
        return nu__form_local_instant((nu_date){ (int32_t)(written->wall_us / NU__US_DAY) },
                                      (nu_time){ written->wall_us % NU__US_DAY + 1 }, out, wall);
    if (!nu__iso_instant(written, nu_utc, &instant))
        return false;
    *out = nu_v_datetime(instant);
    return true;
}

bool nu__form_datetime(const nu__form_field *field, nu_value in, nu_value *out, nu_value *wall)
{
    const nu__locale *locale = nu__locale_current();
    nu__strptime_result result;
    nu__iso_datetime iso;
    nu_str text;

    *wall = nu_null();
    if (in.kind == NU_KIND_DATETIME) {
        *out = in;
        return true;
    }
    if (in.kind == NU_KIND_DATE)
        return nu__form_local_instant((nu_date){ (int32_t)in.i }, (nu_time){ 1 }, out, wall);
    text = written(in);
    switch (nu__parse_written_datetime(text, &iso)) {
    case NU__PARSED:
        return written_instant(&iso, out, wall);
    case NU__PARSE_INVALID:
        return false;
    default:
        break;
    }
    if (!by_formats(field->input_formats, text, locale->datetime_input_formats, iso_datetimes,
                    &result) &&
        (field->input_formats ||
         !by_formats(NULL, text, locale->date_input_formats, iso_dates, &result)))
        return false;
    return nu__form_local_instant(result.date, result.time, out, wall);
}

nu_value nu__form_local_datetime(nu_value value)
{
    nu__moment moment = nu__moment_at((nu_datetime){ value.i }, nu_timezone_current());

    return nu_v_str(nu_fmt("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", moment.year, moment.month,
                           moment.day, moment.hour, moment.minute, moment.second));
}

bool nu__form_duration(nu_value in, nu_value *out, bool *overflow)
{
    nu_timedelta delta;

    if (in.kind == NU_KIND_TIMEDELTA) {
        *out = in;
        return true;
    }
    switch (nu__parse_duration(nu_string(in), &delta)) {
    case NU__PARSED:
        break;
    case NU__PARSE_INVALID:
        *overflow = true;
        return false;
    default:
        return false;
    }
    *out = nu_v_timedelta(delta);
    return true;
}

/* "3 02:01:00.000005": Django's duration_string(). */
nu_value nu__form_duration_text(const nu__form_field *field, nu_value value)
{
    int64_t days, rest, us;
    nu__buf out = { 0 };

    (void)field;
    if (value.kind != NU_KIND_TIMEDELTA)
        return value;
    days = nu__floor_div(value.i, NU__US_DAY);
    rest = nu__floor_mod(value.i, NU__US_DAY);
    us = rest % NU__US_SECOND;
    rest /= NU__US_SECOND;
    if (days)
        nu__buf_fmt(&out, "{} ", days);
    nu__buf_fmt(&out, "{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    if (us)
        nu__buf_fmt(&out, ".{:06}", us);
    return nu_v_str(nu__buf_str(&out));
}

/* ---- others -------------------------------------------------------------------------------- */

/* Python's UUID(): "urn:uuid:" and hyphens anywhere, braces around. */
static nu_str uuid_digits(nu_str text)
{
    nu_str hex = nu__replace(nu__replace(text, S("urn:"), S("")), S("uuid:"), S(""));

    while (hex.len && strchr("{}", hex.ptr[0]))
        hex = (nu_str){ hex.ptr + 1, hex.len - 1 };
    while (hex.len && strchr("{}", hex.ptr[hex.len - 1]))
        hex.len--;
    return nu__replace(hex, S("-"), S(""));
}

bool nu__form_uuid(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu_uuid uuid;

    (void)field;
    if (in.kind != NU_KIND_UUID && !nu_uuid_try_parse(uuid_digits(nu_trim(nu_string(in))), &uuid))
        return false;
    *out = in.kind == NU_KIND_UUID ? in : nu_v_uuid(uuid);
    return true;
}

bool nu__form_json(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__json_error error;

    *out = in;
    if (in.kind != NU_KIND_STR)
        return true;
    return field->model_field ? nu__json_try_read(in.s, out, &error) /* columns hold no NaN */
                              : nu__json_try_loads(in.s, out, &error);
}

nu_str nu__form_json_text(nu_value value)
{
    static const nu__json_style style = { .spaced = true, .nan = true };
    nu__buf out = { 0 };

    nu__json_value(&out, value, &style);
    return nu__buf_str(&out);
}

/* Text without a scheme in front gets one; "//example.com" is relative to it. */
nu_str nu__form_url(const nu__form_field *field, nu_str text)
{
    const char *scheme = field->assume_scheme ? field->assume_scheme : "http";
    const char *colon = memchr(text.ptr, ':', text.len);
    size_t len = colon ? (size_t)(colon - text.ptr) : 0;
    bool letter = len && ((text.ptr[0] | 0x20) >= 'a' && (text.ptr[0] | 0x20) <= 'z');

    if (letter && !memchr(text.ptr, '/', len))
        return text;
    return nu_fmt("{}{}{}", scheme, nu_starts_with(text, S("//")) ? ":" : "://", text);
}

bool nu__form_ipv6_address(const nu__form_field *field, nu_str text, nu_value *out)
{
    char shortest[NU__IPV6_TEXT];
    size_t longest = field->max_length >= 0 ? (size_t)field->max_length : NU__IPV6_MAX_LENGTH;
    size_t len = nu__clean_ipv6_address(shortest, text, longest, field->unpack_ipv4);

    *out = nu_v_str(nu_copy((nu_str){ shortest, len }));
    return len > 0;
}

bool nu__form_coerce(const nu__form_field *field, nu_value value, nu_value *out)
{
    const nu_error *error = nu_catch(NU_EXCEPTION, *out = field->coerce(field, value));

    if (error && error->klass != NU_VALUE_ERROR && error->klass != NU_TYPE_ERROR &&
        error->klass != NU_VALIDATION_ERROR)
        nu_raise(NU_RUNTIME_ERROR, "a choice's conversion fails: {}", error->message);
    return !error;
}

/* ---- validators of the classes ------------------------------------------------------------- */

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
