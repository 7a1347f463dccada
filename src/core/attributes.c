#include "core/attributes.h"

#include "core/decimal.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"

#include <math.h>
#include <nuages/decimal.h>
#include <nuages/timezone.h>

typedef nu_value getter(nu_value value);

/* ---- dates and times ------------------------------------------------------------------------- */

static int32_t ordinal_of(nu_value value)
{
    return (int32_t)(value.kind == NU_KIND_DATE ? value.i : value.i / NU__US_DAY);
}

static int64_t clock_of(nu_value value)
{
    return value.i % NU__US_DAY;
}

static nu_value date_year(nu_value value)
{
    return nu_v_int(nu__ymd_of(ordinal_of(value)).year);
}

static nu_value date_month(nu_value value)
{
    return nu_v_int(nu__ymd_of(ordinal_of(value)).month);
}

static nu_value date_day(nu_value value)
{
    return nu_v_int(nu__ymd_of(ordinal_of(value)).day);
}

static nu_value date_weekday(nu_value value)
{
    return nu_v_int(nu__weekday(ordinal_of(value)));
}

static nu_value date_isoweekday(nu_value value)
{
    return nu_v_int(nu__weekday(ordinal_of(value)) + 1);
}

static nu_value date_toordinal(nu_value value)
{
    return nu_v_int(ordinal_of(value));
}

static nu_value time_hour(nu_value value)
{
    return nu_v_int(clock_of(value) / NU__US_HOUR);
}

static nu_value time_minute(nu_value value)
{
    return nu_v_int(clock_of(value) / NU__US_MINUTE % 60);
}

static nu_value time_second(nu_value value)
{
    return nu_v_int(clock_of(value) / NU__US_SECOND % 60);
}

static nu_value time_microsecond(nu_value value)
{
    return nu_v_int(clock_of(value) % NU__US_SECOND);
}

static nu_value datetime_date(nu_value value)
{
    return nu_v_date((nu_date){ ordinal_of(value) });
}

static nu_value datetime_time(nu_value value)
{
    return nu_v_time((nu_time){ clock_of(value) + 1 });
}

static nu_value datetime_timestamp(nu_value value)
{
    return nu_v_float(nu_datetime_timestamp((nu_datetime){ value.i }));
}

static nu_value datetime_utcoffset(nu_value value)
{
    (void)value;
    return nu_v_timedelta((nu_timedelta){ 0, true });
}

static nu_value datetime_tzinfo(nu_value value)
{
    (void)value;
    return nu_v_cstr("UTC");
}

static nu_value isoformat(nu_value value)
{
    char text[NU__TIME_TEXT];
    size_t len = value.kind == NU_KIND_DATE ? nu__date_iso(text, (nu_date){ ordinal_of(value) })
                 : value.kind == NU_KIND_TIME
                     ? nu__time_iso(text, (nu_time){ value.i + 1 })
                     : nu__datetime_iso(text, (nu_datetime){ value.i }, 'T');

    return nu_v_str(nu_copy((nu_str){ text, len }));
}

static nu_value delta_days(nu_value value)
{
    return nu_v_int(nu__floor_div(value.i, NU__US_DAY));
}

static nu_value delta_seconds(nu_value value)
{
    return nu_v_int(nu__floor_mod(value.i, NU__US_DAY) / NU__US_SECOND);
}

static nu_value delta_microseconds(nu_value value)
{
    return nu_v_int(nu__floor_mod(value.i, NU__US_DAY) % NU__US_SECOND);
}

static nu_value delta_total_seconds(nu_value value)
{
    return nu_v_float(nu_timedelta_seconds((nu_timedelta){ value.i, true }));
}

/* ---- text ------------------------------------------------------------------------------------ */

static nu_value text_upper(nu_value value)
{
    return nu_v_str(nu_upper(value.s));
}

static nu_value text_lower(nu_value value)
{
    return nu_v_str(nu_lower(value.s));
}

static nu_value text_casefold(nu_value value)
{
    return nu_v_str(nu__casefold(value.s));
}

static nu_value text_title(nu_value value)
{
    return nu_v_str(nu__title(value.s));
}

static nu_value text_capitalize(nu_value value)
{
    return nu_v_str(nu__capfirst(nu_lower(value.s)));
}

static nu_value text_strip(nu_value value)
{
    return nu_v_str(nu_trim(value.s));
}

static nu_value text_lstrip(nu_value value)
{
    nu_str trimmed = nu_trim(value.s);

    return nu_v_str(trimmed.len
                        ? (nu_str){ trimmed.ptr, (size_t)(nu__str_end(value.s) - trimmed.ptr) }
                        : S(""));
}

static nu_value text_rstrip(nu_value value)
{
    nu_str trimmed = nu_trim(value.s);

    return nu_v_str(trimmed.len
                        ? (nu_str){ value.s.ptr, (size_t)(nu__str_end(trimmed) - value.s.ptr) }
                        : S(""));
}

static nu_value text_split(nu_value value)
{
    return nu_v_list(nu__split_space(value.s));
}

static nu_value text_encode(nu_value value)
{
    return nu_v_bytes((nu_bytes){ (const uint8_t *)value.s.ptr, value.s.len });
}

/* The text has characters, and each of them is so. */
static nu_value all(nu_str text, bool (*is)(uint32_t c))
{
    const char *at = text.ptr, *end = nu__str_end(text);

    while (at < end)
        if (!is(nu__utf8_next(&at, end)))
            return nu_v_bool(false);
    return nu_v_bool(text.len);
}

static bool is_alphanumeric(uint32_t c)
{
    return nu__is_alpha(c) || nu__is_digit(c);
}

static nu_value text_isdigit(nu_value value)
{
    return all(value.s, nu__is_digit);
}

static nu_value text_isalpha(nu_value value)
{
    return all(value.s, nu__is_alpha);
}

static nu_value text_isalnum(nu_value value)
{
    return all(value.s, is_alphanumeric);
}

static nu_value text_isspace(nu_value value)
{
    return all(value.s, nu__is_space);
}

static nu_value text_isascii(nu_value value)
{
    return nu_v_bool(nu__is_ascii(value.s));
}

static nu_value text_isprintable(nu_value value)
{
    return nu_v_bool(!value.s.len || all(value.s, nu__is_printable).b);
}

/* Of the text's letters with case, and there are some. */
static bool is_all_cased(nu_str text, nu_str changed)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    bool cased = false;

    while (at < end && !cased)
        cased = nu__is_cased(nu__utf8_next(&at, end));
    return cased && nu_eq(text, changed);
}

static nu_value text_isupper(nu_value value)
{
    return nu_v_bool(is_all_cased(value.s, nu_upper(value.s)));
}

static nu_value text_islower(nu_value value)
{
    return nu_v_bool(is_all_cased(value.s, nu_lower(value.s)));
}

static nu_value text_istitle(nu_value value)
{
    return nu_v_bool(is_all_cased(value.s, nu__title(value.s)));
}

/* ---- numbers --------------------------------------------------------------------------------- */

static nu_value number_real(nu_value value)
{
    return value.kind == NU_KIND_BOOL ? nu_v_int(value.b) : value;
}

static nu_value number_imag(nu_value value)
{
    return value.kind == NU_KIND_FLOAT ? nu_v_float(0) : nu_v_int(0);
}

static nu_value int_denominator(nu_value value)
{
    (void)value;
    return nu_v_int(1);
}

static uint64_t size_of(nu_value value)
{
    if (value.kind == NU_KIND_BOOL)
        return value.b;
    return value.kind == NU_KIND_INT && value.i < 0 ? -(uint64_t)value.i : value.u;
}

static nu_value int_bit_length(nu_value value)
{
    return nu_v_int(size_of(value) ? 64 - __builtin_clzll(size_of(value)) : 0);
}

static nu_value int_bit_count(nu_value value)
{
    return nu_v_int(__builtin_popcountll(size_of(value)));
}

static nu_value float_is_integer(nu_value value)
{
    return nu_v_bool(isfinite(value.f) && value.f == trunc(value.f));
}

static nu_value decimal_is_zero(nu_value value)
{
    return nu_v_bool(nu_decimal_is_zero(*value.decimal));
}

static nu_value decimal_is_nan(nu_value value)
{
    return nu_v_bool(!nu__decimal_is_finite(*value.decimal));
}

static nu_value decimal_is_finite(nu_value value)
{
    return nu_v_bool(nu__decimal_is_finite(*value.decimal));
}

static nu_value decimal_is_infinite(nu_value value)
{
    (void)value;
    return nu_v_bool(false);
}

static nu_value decimal_is_signed(nu_value value)
{
    return nu_v_bool(nu__decimal_unpack(*value.decimal).negative);
}

static nu_value decimal_normalize(nu_value value)
{
    return nu_v_decimal(nu__decimal_normalize(*value.decimal));
}

/* ---- containers and files -------------------------------------------------------------------- */

static nu_value dict_items(nu_value value)
{
    return nu_v_list(nu__dict_items(value.dict));
}

static nu_value dict_keys(nu_value value)
{
    return nu_v_list(nu__dict_keys(value.dict));
}

static nu_value dict_values(nu_value value)
{
    return nu_v_list(nu__dict_values(value.dict));
}

static nu_value itself(nu_value value)
{
    return value;
}

static nu_value file_name(nu_value value)
{
    return nu_v_str(value.s);
}

/* ---- the table ------------------------------------------------------------------------------- */

enum {
    DATE = 1 << NU_KIND_DATE,
    DATETIME = 1 << NU_KIND_DATETIME,
    DAYS = DATE | DATETIME,
    TIME = 1 << NU_KIND_TIME,
    CLOCKS = TIME | DATETIME,
    DELTA = 1 << NU_KIND_TIMEDELTA,
    LIST = 1 << NU_KIND_LIST,
    DICT = 1 << NU_KIND_DICT,
    TEXT = 1 << NU_KIND_STR | 1 << NU_KIND_SAFE,
    FILE_REF = 1 << NU_KIND_FILE,
    INTEGER = 1 << NU_KIND_INT | 1 << NU_KIND_UINT | 1 << NU_KIND_BOOL,
    FLOAT = 1 << NU_KIND_FLOAT,
    DECIMAL = 1 << NU_KIND_DECIMAL,
    NUMBER = INTEGER | FLOAT | DECIMAL,
};

static const struct {
    const char *name;
    uint32_t kinds;
    getter *get;
} attributes[] = {
    { "items", DICT, dict_items },
    { "keys", DICT, dict_keys },
    { "values", DICT, dict_values },
    { "copy", DICT | LIST, itself },
    { "year", DAYS, date_year },
    { "month", DAYS, date_month },
    { "day", DAYS, date_day },
    { "weekday", DAYS, date_weekday },
    { "isoweekday", DAYS, date_isoweekday },
    { "toordinal", DAYS, date_toordinal },
    { "isoformat", DAYS | TIME, isoformat },
    { "hour", CLOCKS, time_hour },
    { "minute", CLOCKS, time_minute },
    { "second", CLOCKS, time_second },
    { "microsecond", CLOCKS, time_microsecond },
    { "date", DATETIME, datetime_date },
    { "time", DATETIME, datetime_time },
    { "timestamp", DATETIME, datetime_timestamp },
    { "utcoffset", DATETIME, datetime_utcoffset },
    { "tzinfo", DATETIME, datetime_tzinfo },
    { "days", DELTA, delta_days },
    { "seconds", DELTA, delta_seconds },
    { "microseconds", DELTA, delta_microseconds },
    { "total_seconds", DELTA, delta_total_seconds },
    { "upper", TEXT, text_upper },
    { "lower", TEXT, text_lower },
    { "casefold", TEXT, text_casefold },
    { "title", TEXT, text_title },
    { "capitalize", TEXT, text_capitalize },
    { "strip", TEXT, text_strip },
    { "lstrip", TEXT, text_lstrip },
    { "rstrip", TEXT, text_rstrip },
    { "split", TEXT, text_split },
    { "encode", TEXT, text_encode },
    { "isdigit", TEXT, text_isdigit },
    { "isdecimal", TEXT, text_isdigit },
    { "isalpha", TEXT, text_isalpha },
    { "isalnum", TEXT, text_isalnum },
    { "isspace", TEXT, text_isspace },
    { "isascii", TEXT, text_isascii },
    { "isprintable", TEXT, text_isprintable },
    { "isupper", TEXT, text_isupper },
    { "islower", TEXT, text_islower },
    { "istitle", TEXT, text_istitle },
    { "real", NUMBER, number_real },
    { "imag", NUMBER, number_imag },
    { "conjugate", NUMBER, number_real },
    { "numerator", INTEGER, number_real },
    { "denominator", INTEGER, int_denominator },
    { "bit_length", INTEGER, int_bit_length },
    { "bit_count", INTEGER, int_bit_count },
    { "is_integer", FLOAT, float_is_integer },
    { "is_zero", DECIMAL, decimal_is_zero },
    { "is_nan", DECIMAL, decimal_is_nan },
    { "is_finite", DECIMAL, decimal_is_finite },
    { "is_infinite", DECIMAL, decimal_is_infinite },
    { "is_signed", DECIMAL, decimal_is_signed },
    { "normalize", DECIMAL, decimal_normalize },
    { "name", FILE_REF, file_name },
};

bool nu__value_attribute(nu_value value, nu_str name, nu_value *out)
{
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (attributes[i].kinds >> value.kind & 1 && nu_eq(name, attributes[i].name)) {
            *out = attributes[i].get(value);
            return true;
        }
    return false;
}
