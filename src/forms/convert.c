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
#include "utils/strptime.h"

#include <nuages/decimal.h>
#include <nuages/uuid.h>

#include <arpa/inet.h>
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

bool nu__form_integer(const nu__form_field *field, nu_value in, nu_value *out)
{
    (void)field;
    if (in.kind == NU_KIND_INT) {
        *out = in;
        return true;
    }
    return whole_number(nu_trim(without_zero_fraction(nu_trim(ascii_digits(nu_string(in))))), out);
}

bool nu__form_float(const nu__form_field *field, nu_value in, nu_value *out)
{
    double number;

    (void)field;
    if (in.kind == NU_KIND_INT || in.kind == NU_KIND_FLOAT) {
        *out = nu_v_float(nu_float(in));
        return true;
    }
    if (!nu__float_try_parse(nu_trim(ascii_digits(nu_string(in))), &number))
        return false;
    *out = nu_v_float(number);
    return true;
}

nu__decimal_status nu__form_decimal(nu_value in, nu_decimal *out)
{
    nu__decimal_status status = nu__decimal_parse(nu_trim(ascii_digits(nu_string(in))), out);

    return status == NU__DECIMAL_OK && !nu__decimal_is_finite(*out) ? NU__DECIMAL_NO_NUMBER
                                                                    : status;
}

/* ---- dates and times ----------------------------------------------------------------------- */

static const char *const date_formats[] = {
    "%Y-%m-%d",  "%m/%d/%Y", "%m/%d/%y",  "%b %d %Y", "%b %d, %Y", "%d %b %Y",
    "%d %b, %Y", "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%d %B, %Y", NULL,
};
static const char *const time_formats[] = { "%H:%M:%S", "%H:%M:%S.%f", "%H:%M", NULL };
static const char *const datetime_formats[] = {
    "%Y-%m-%d %H:%M:%S",    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",       "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S.%f", "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M:%S",    "%m/%d/%y %H:%M:%S.%f",
    "%m/%d/%y %H:%M",       NULL,
};

/* By the field's own formats, else by those of the locale. */
static bool by_formats(const nu__form_field *field, nu_str text, const char *const *formats,
                       nu__strptime_result *out)
{
    for (size_t i = 0; field->input_formats && i < nu_list_len(field->input_formats); i++)
        if (nu__strptime(text, nu_string(nu_at(field->input_formats, i)), out))
            return true;
    for (size_t i = 0; !field->input_formats && formats[i]; i++)
        if (nu__strptime(text, nu_s(formats[i]), out))
            return true;
    return false;
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
    if (!by_formats(field, nu_trim(nu_string(in)), date_formats, &result))
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
    if (!by_formats(field, nu_trim(nu_string(in)), time_formats, &result))
        return false;
    *out = nu_v_time(result.time);
    return true;
}

static bool local_instant(nu_date date, nu_time time, nu_value *out)
{
    const nu_timezone *zone = nu_timezone_current();
    int64_t wall = date.ordinal * NU__US_DAY + time.us_plus_1 - 1;
    nu_datetime instant;

    if (nu__timezone_is_ambiguous_or_imaginary(zone, wall) ||
        !nu__timezone_from_wall(zone, wall, 0, &instant))
        return false;
    *out = nu_v_datetime(instant);
    return true;
}

bool nu__form_datetime(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__strptime_result result;
    nu__iso_datetime written;
    nu_datetime instant;
    nu_str text;

    if (in.kind == NU_KIND_DATETIME) {
        *out = in;
        return true;
    }
    if (in.kind == NU_KIND_DATE)
        return local_instant((nu_date){ (int32_t)in.i }, (nu_time){ 1 }, out);
    text = nu_trim(nu_string(in));
    if (!field->input_formats && nu__parse_written_datetime(text, &written) == NU__PARSED) {
        if (!written.has_offset)
            return local_instant((nu_date){ (int32_t)(written.wall_us / NU__US_DAY) },
                                 (nu_time){ written.wall_us % NU__US_DAY + 1 }, out);
        if (!nu__iso_instant(&written, nu_utc, &instant))
            return false;
        *out = nu_v_datetime(instant);
        return true;
    }
    if (!by_formats(field, text, datetime_formats, &result) &&
        (field->input_formats || !by_formats(field, text, date_formats, &result)))
        return false;
    return local_instant(result.date, result.time, out);
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

bool nu__form_uuid(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu_uuid uuid;

    (void)field;
    if (in.kind != NU_KIND_UUID && !nu_uuid_try_parse(nu_string(in), &uuid))
        return false;
    *out = in.kind == NU_KIND_UUID ? in : nu_v_uuid(uuid);
    return true;
}

bool nu__form_json(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__json_error error;

    (void)field;
    *out = in;
    return in.kind != NU_KIND_STR || nu__json_try_read(in.s, out, &error);
}

nu_str nu__form_json_text(nu_value value)
{
    static const nu__json_style style = { .spaced = true, .nan = true };
    nu__buf out = { 0 };

    nu__json_value(&out, value, &style);
    return nu__buf_str(&out);
}

bool nu__form_url(nu_str text, nu_value *out)
{
    const char *colon = memmem(text.ptr, text.len, "://", 3);

    if (colon == text.ptr)
        return false;
    *out = nu_v_str(colon ? text : nu_fmt("http://{}", text));
    return true;
}

bool nu__form_ip_address(nu_str text, nu_value *out)
{
    struct in6_addr address;
    char shortest[INET6_ADDRSTRLEN];

    if (!memchr(text.ptr, ':', text.len)) {
        *out = nu_v_str(text);
        return nu__ip_valid(text, 46);
    }
    if (inet_pton(AF_INET6, nu_copy(text).ptr, &address) != 1)
        return false;
    *out = nu_v_str(nu_copy_cstr(inet_ntop(AF_INET6, &address, shortest, sizeof shortest)));
    return true;
}

nu_value nu__form_coerce(const nu__form_field *field, nu_value value)
{
    nu_list *all;

    if (value.kind != NU_KIND_LIST)
        return nu__form_value_empty(value) ? (field->empty_null ? nu_null() : nu_v_str(S("")))
                                           : field->coerce(field, value);
    all = nu_list_new();
    for (size_t i = 0; i < nu_list_len(value.list); i++)
        nu_list_append(all, field->coerce(field, nu_at(value.list, i)));
    return nu_v_list(all);
}

/* ---- validators of the classes ------------------------------------------------------------- */

static void must(const nu__form_field *field, bool valid, nu_list *errors, nu_str message)
{
    if (!valid)
        nu__form_field_error(field, errors, "invalid", message);
}

void nu__form_check_email(const nu__form_field *field, nu_value value, nu_list *errors)
{
    must(field, nu__email_valid(value.s, NULL), errors, S("Enter a valid email address."));
}

void nu__form_check_slug(const nu__form_field *field, nu_value value, nu_list *errors)
{
    must(field, nu__slug_valid(value.s), errors,
         S("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."));
}

void nu__form_check_url(const nu__form_field *field, nu_value value, nu_list *errors)
{
    must(field, nu__url_valid(value.s, NULL), errors, S("Enter a valid URL."));
}

void nu__form_check_extension(const nu__form_field *field, nu_value value, nu_list *errors)
{
    nu_str extension;

    if (value.kind == NU_KIND_FILE &&
        !nu__image_extension_valid(nu_file_name((const nu_file *)value.p), &extension))
        nu__form_field_error(
            field, errors, "invalid_extension",
            nu_fmt("File extension “{}” is not allowed. Allowed extensions are: {}.", extension,
                   nu__image_extensions()));
}

static nu_decimal remainder_of(nu_decimal number, nu_decimal step)
{
    static const nu__decimal_context down = { NU__DECIMAL_DIGITS, NU__ROUND_DOWN };
    nu_decimal times;

    if (nu__decimal_quantize(nu_decimal_div(number, step), 0, &down, &times) != NU__DECIMAL_OK)
        return number;
    return nu_decimal_sub(number, nu_decimal_mul(times, step));
}

/* Multiples of the step, counted from the least value. */
void nu__form_check_step(const nu__form_field *field, nu_value value, nu_list *errors)
{
    nu_decimal step = nu_dec(field->step_size), from = nu_decimal_from(0, 0), second, third;
    nu_str words = nu_fmt("Ensure this value is a multiple of step size {}.", field->step_size);

    if (field->min_value.kind != NU_KIND_NULL) {
        from = nu_dec(field->min_value);
        second = nu_decimal_add(from, step);
        third = nu_decimal_add(second, step);
        words = nu_fmt("Ensure this value is a multiple of step size {}, starting from {}, e.g. "
                       "{}, {}, {}, and so on.",
                       field->step_size, field->min_value, field->min_value, second, third);
    }
    if (!nu_decimal_is_zero(remainder_of(nu_decimal_sub(nu_dec(value), from), step)))
        nu__form_field_error(field, errors, "step_size", words);
}

static void no_more(const nu__form_field *field, nu_list *errors, const char *code, int most,
                    const char *what, const char *where)
{
    nu__form_field_error(field, errors, code,
                         nu_fmt("Ensure that there are no more than {} {}{}{}.", most, what,
                                most == 1 ? "" : "s", where));
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
        no_more(field, errors, "max_digits", most, "digit", " in total");
    else if (places >= 0 && decimals > places)
        no_more(field, errors, "max_decimal_places", places, "decimal place", "");
    else if (most >= 0 && places >= 0 && digits - decimals > most - places)
        no_more(field, errors, "max_whole_digits", most - places, "digit",
                " before the decimal point");
}
