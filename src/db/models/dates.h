/**
 * @file
 * Texts of dates and times as Django's dateparse reads them, where "no such day" must be told from
 * "not a date".
 */
#pragma once
#include <nuages/timezone.h>

typedef enum nu__parsed {
    NU__PARSED,
    NU__PARSE_NO_MATCH, /* of another form */
    NU__PARSE_INVALID,  /* of the form, but no such day or time */
} nu__parsed;

nu__parsed nu__parse_date(nu_str text, nu_date *out);
nu__parsed nu__parse_time(nu_str text, nu_time *out);
/* Without an offset, by the default time zone's clocks. */
nu__parsed nu__parse_datetime(nu_str text, nu_datetime *out);
nu__parsed nu__parse_duration(nu_str text, nu_timedelta *out);
