/**
 * @file
 * Dates, times and durations from text, as django.utils.dateparse; and durations into text, as
 * django.utils.duration. None raises or yields.
 */
#pragma once
#include "core/time.h"

typedef enum nu__parsed {
    NU__PARSED,
    NU__PARSE_NO_MATCH, /* of another form: Django gives None */
    NU__PARSE_INVALID   /* of the form, but there is no such day or time: ValueError */
} nu__parsed;

/* ISO 8601 as Python reads it, and with one-digit months, days, hours and minutes. */
nu__parsed nu__parse_date(nu_str text, nu_date *out);
nu__parsed nu__parse_time(nu_str text, nu_time *out);
/* Without an offset, by the default time zone's clocks. */
nu__parsed nu__parse_datetime(nu_str text, nu_datetime *out);
/* As written: without an offset a wall, for the caller to take by the zone of its choice. */
nu__parsed nu__parse_written_datetime(nu_str text, nu__iso_datetime *out);
/* "3 04:05:06.7", "P3DT4H", "3 days 04:05:06" */
nu__parsed nu__parse_duration(nu_str text, nu_timedelta *out);

/* "3 04:05:06.000007": what a form shows. Returns the length; NUL-terminated. */
size_t nu__duration_string(char out[NU__TIME_TEXT], nu_timedelta delta);
