#include "core/time.h"

#define DAYS_400_YEARS 146097
#define DAYS_100_YEARS 36524
#define DAYS_4_YEARS   1461

/* Days of the year before each month, of a common year. */
static const int days_before[] = { 0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };

bool nu__is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int nu__days_in_month(int year, int month)
{
    static const int days[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month] + (month == 2 && nu__is_leap(year));
}

static int32_t days_before_year(int year)
{
    int y = year - 1;

    return y * 365 + y / 4 - y / 100 + y / 400;
}

static int days_before_month(int year, int month)
{
    return days_before[month] + (month > 2 && nu__is_leap(year));
}

int32_t nu__ordinal_of(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > nu__days_in_month(year, month))
        return 0;
    return days_before_year(year) + days_before_month(year, month) + day;
}

static int year_of(int32_t ordinal)
{
    int32_t n = ordinal - 1;
    int n400 = n / DAYS_400_YEARS, n100, n4, n1;

    n %= DAYS_400_YEARS;
    n100 = n / DAYS_100_YEARS;
    n %= DAYS_100_YEARS;
    n4 = n / DAYS_4_YEARS;
    n %= DAYS_4_YEARS;
    n1 = n / 365;
    /* The last day of a leap year divides into one year too many. */
    return n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1 - (n100 == 4 || n1 == 4);
}

/* Years that begin with March, so that a leap day ends one: then the year of a century, and the
   month and day of a year, are each one multiplication, whose fraction tells the rest. Neri and
   Schneider, "Euclidean affine functions and their application to calendar algorithms" (2023). */
nu__ymd nu__ymd_of(int32_t ordinal)
{
    enum { TO_MARCH = 305, JANUARY = 306 }; /* 0000-03-01 is so many days before 0001-01-01 */
    uint32_t n = 4 * ((uint32_t)ordinal + TO_MARCH) + 3;
    uint32_t century = n / DAYS_400_YEARS, of_century = n % DAYS_400_YEARS | 3;
    uint64_t years = UINT64_C(2939745) * of_century;
    uint32_t year = (uint32_t)(years >> 32), day = (uint32_t)years / 2939745 / 4;
    uint32_t months = 2141 * day + 197913;
    bool next = day >= JANUARY;

    return (nu__ymd){ (int32_t)(100 * century + year + next),
                      (int32_t)((months >> 16) - (next ? 12 : 0)),
                      (int32_t)((months & 0xffff) / 2141 + 1) };
}

int nu__weekday(int32_t ordinal)
{
    return (ordinal + 6) % 7;
}

int nu__day_of_year(int32_t ordinal)
{
    return ordinal - days_before_year(year_of(ordinal));
}

/* The week of a year is the one that holds its first Thursday. */
static int32_t first_monday(int year)
{
    int32_t first = days_before_year(year) + 1;
    int weekday = (int)nu__floor_mod(first + 6, 7);

    return first - weekday + (weekday > 3 ? 7 : 0);
}

int nu__iso_week(int32_t ordinal, int *iso_year)
{
    int year = year_of(ordinal);

    if (ordinal < first_monday(year))
        year--;
    else if (ordinal >= first_monday(year + 1))
        year++;
    *iso_year = year;
    return (ordinal - first_monday(year)) / 7 + 1;
}

int32_t nu__ordinal_of_iso_week(int year, int week, int weekday)
{
    int32_t monday;

    if (year < 1 || year > 9999 || week < 1 || week > 53 || weekday < 1 || weekday > 7)
        return 0;
    monday = first_monday(year) + (week - 1) * 7;
    if (week == 53 && monday >= first_monday(year + 1))
        return 0;
    monday += weekday - 1;
    return monday >= 1 && monday <= NU__ORDINAL_MAX ? monday : 0;
}
