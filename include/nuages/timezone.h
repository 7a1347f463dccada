/**
 * @file
 * Dates, times and time zones, as Python's datetime and django.utils.timezone.
 *
 * A nu_datetime is always an instant (UTC); there are no naive ones. A zone matters where an
 * instant becomes the text or the calendar day that a person sees: there the current time zone is
 * meant, the one activated for the fiber or else the default (setting TIME_ZONE). Zones come from
 * the system's zoneinfo, are read once and live as long as the process.
 */
#pragma once
#include <nuages/errors.h>

/** Now, by the system's clock. Django: timezone.now() */
nu_datetime nu_now(void);
/** `seconds` before now. */
nu_datetime nu_ago(double seconds);
/** The day it is in the current time zone. Django: timezone.localdate() */
nu_date nu_today(void);
/** Seconds on a clock that never jumps; for intervals only. */
double nu_monotonic(void);

/** Raises ValueError when there is no such day in the years 1 to 9999. */
nu_date nu_date_of(int year, int month, int day);
nu_time nu_time_of(int hour, int minute, int second, int microsecond);
/** An instant by its UTC calendar. Raises ValueError. */
nu_datetime nu_datetime_of(int year, int month, int day, int hour, int minute, int second);
/** To the microsecond, half to even. Raises OverflowError. */
nu_timedelta nu_seconds(double seconds);
nu_timedelta nu_days(int64_t days);

/** All raise OverflowError outside of the years 1 to 9999, TypeError on null. */
nu_datetime nu_datetime_add(nu_datetime instant, nu_timedelta delta);
nu_timedelta nu_datetime_sub(nu_datetime a, nu_datetime b);
nu_date nu_date_add(nu_date date, int64_t days);
double nu_timedelta_seconds(nu_timedelta delta);
/** Seconds since 1970-01-01 UTC, both ways. Python: datetime.timestamp() */
double nu_datetime_timestamp(nu_datetime instant);
nu_datetime nu_datetime_from_timestamp(double seconds);

typedef struct nu_timezone nu_timezone;
extern const nu_timezone *const nu_utc;

/** A zone by its IANA name, "Europe/Berlin". Raises ValueError when there is none of that name, and
 * ImproperlyConfigured when the machine has no zoneinfo at all (Debian: package tzdata). */
const nu_timezone *nu_timezone_get(const char *name);
/** A fixed offset east of UTC, named as Django does: "+0530". Raises ValueError past a day. */
const nu_timezone *nu_timezone_fixed(int minutes);
/** The IANA name, or "+0530"; borrowed for the life of the process. */
nu_str nu_timezone_name(const nu_timezone *zone);
const nu_timezone *nu_timezone_default(void);
const nu_timezone *nu_timezone_current(void);
/** For the rest of the fiber, or until deactivated. Django: timezone.activate() */
void nu_timezone_activate(const nu_timezone *zone);
void nu_timezone_deactivate(void);

/** The calendar day of an instant in a zone. */
nu_date nu_datetime_date(nu_datetime instant, const nu_timezone *zone);
/** The instant at which the zone's clocks show this day and time. Where they show it twice, the
 * first time; where they skip it, by the offset before the gap. Raises OverflowError. Django:
 * make_aware() */
nu_datetime nu_make_aware(nu_date date, nu_time time, const nu_timezone *zone);
