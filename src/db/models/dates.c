#include "db/models/dates.h"

#include "core/time.h"

/* Whether a text has the form: '9' stands for digits, at least one and at most as many as follow
   each other, anything else for itself. */
static bool has_form(nu_str text, const char *form)
{
    size_t at = 0;

    while (*form) {
        size_t digits = 0, most = 0;

        if (*form != '9') {
            if (at == text.len || text.ptr[at++] != *form++)
                return false;
            continue;
        }
        for (; *form == '9'; form++)
            most++;
        for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' && digits < most; at++)
            digits++;
        if (!digits)
            return false;
    }
    return at == text.len;
}

/* A number of digits from the text, and past the character behind it. */
static int take_number(nu_str *text)
{
    int number = 0;
    size_t at = 0;

    for (; at < text->len && text->ptr[at] >= '0' && text->ptr[at] <= '9'; at++)
        number = number * 10 + (text->ptr[at] - '0');
    at += at < text->len;
    *text = (nu_str){ text->ptr + at, text->len - at };
    return number;
}

nu__parsed nu__parse_date(nu_str text, nu_date *out)
{
    int year, month, day;

    if (nu__date_from_iso(text, out))
        return NU__PARSED;
    if (!has_form(text, "9999-99-99"))
        return NU__PARSE_NO_MATCH;
    year = take_number(&text);
    month = take_number(&text);
    day = take_number(&text);
    out->ordinal = nu__ordinal_of(year, month, day);
    return out->ordinal ? NU__PARSED : NU__PARSE_INVALID;
}

nu__parsed nu__parse_time(nu_str text, nu_time *out)
{
    if (nu__time_from_iso(text, out))
        return NU__PARSED;
    return has_form(text, "99:99") || has_form(text, "99:99:99") ? NU__PARSE_INVALID
                                                                 : NU__PARSE_NO_MATCH;
}

nu__parsed nu__parse_datetime(nu_str text, nu_datetime *out)
{
    nu__iso_datetime parsed;
    nu_date date;

    if (nu__date_from_iso(text, &date))
        return NU__PARSE_NO_MATCH;
    if (nu__datetime_from_iso(text, &parsed) &&
        nu__iso_instant(&parsed, nu_timezone_default(), out))
        return NU__PARSED;
    return has_form(text, "9999-99-99 99:99") || has_form(text, "9999-99-99T99:99") ||
                   has_form(text, "9999-99-99 99:99:99") || has_form(text, "9999-99-99T99:99:99")
               ? NU__PARSE_INVALID
               : NU__PARSE_NO_MATCH;
}

nu__parsed nu__parse_duration(nu_str text, nu_timedelta *out)
{
    nu_time time;

    if (!nu__time_from_iso(text, &time))
        return NU__PARSE_NO_MATCH;
    *out = (nu_timedelta){ time.us_plus_1 - 1, true };
    return NU__PARSED;
}
