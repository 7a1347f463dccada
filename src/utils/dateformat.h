/**
 * @file
 * Dates and times by Django's format characters ("N j, Y, P"), as django.utils.dateformat; words in
 * the active language.
 */
#pragma once
#include "core/buf.h"
#include "core/time.h"
#include "utils/formats.h"

/* A date, a time, or both in a zone. */
typedef struct nu__dateformat {
    nu__moment moment;
    bool has_date, has_time;
    bool zoned;      /* its offset is known: a datetime that the zone's clocks show once */
    bool naive;      /* shown without its zone */
    bool clock_only; /* a time alone is asked for: letters of dates mean nothing */
    nu_datetime instant;
} nu__dateformat;

nu__dateformat nu__dateformat_of_date(nu_date date);
nu__dateformat nu__dateformat_of_time(nu_time time);
/* Raises OverflowError where the zone leads out of the years 1 to 9999. */
nu__dateformat nu__dateformat_of_datetime(nu_datetime instant, const nu_timezone *zone);

/* Append the value as the format says: a letter is a field, a backslash keeps the next character
   as it is. 0, or the first letter that asks for what the value has not (the hour of a date). */
char nu__dateformat_to(nu__buf *buf, const nu__dateformat *value, nu_str format);

/* A DATE, DATETIME (in the zone; NULL: in the default one, without showing it) or TIME value.
   Raises TypeError or AttributeError on such a letter, as Django does, and TypeError on another
   value. */
nu_str nu__date_format(nu_value value, const nu_timezone *zone, nu_str format);
/* Of a TIME or DATETIME, without the letters of dates. */
nu_str nu__time_format(nu_value value, const nu_timezone *zone, nu_str format);
