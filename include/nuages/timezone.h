/**
 * @file
 * Dates, times, time zones, as django.utils.timezone.
 */
#pragma once
#include <nuages/errors.h>

/* ---- time, decimal, json
 * ---------------------------------------------------------------------------------------------- */
nu_datetime nu_now(void), nu_ago(double seconds), nu_datetime_add(nu_datetime, nu_timedelta);
nu_date nu_today(void);
double nu_monotonic(void);
nu_timedelta nu_seconds(double);
