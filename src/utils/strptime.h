/**
 * @file
 * Dates and times by Python's strftime letters: how form inputs are read and shown.
 */
#pragma once
#include <nuages/timezone.h>

/* What strptime() found; what the format does not name keeps 1900-01-01 00:00. */
typedef struct nu__strptime_result {
    nu_date date;
    nu_time time;
} nu__strptime_result;

/* %Y %y %m %d %j %b %B %H %M %S %f %p %I and plain text; false when the text does not match, to its
   last byte, or there is no such day. Python: datetime.strptime() */
bool nu__strptime(nu_str text, nu_str format, nu__strptime_result *out);
/* The same letters the other way. A DATETIME is shown in the current time zone. */
nu_str nu__strftime(nu_value value, nu_str format);
