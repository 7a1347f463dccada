#include "core/time.h"
#include "core/tzif.h"
#include "table.h"

#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>

static int64_t number(nu_str text)
{
    return strtoll(text.ptr, NULL, 10);
}

/* ---- the system's zones ------------------------------------------------------------------- */

static bool check_at(const nu_timezone *zone, const nu_str cells[TABLE_CELLS])
{
    nu__moment moment = nu__moment_at((nu_datetime){ number(cells[2]) }, zone);
    char text[NU__TIME_TEXT];

    nu__moment_iso(text, &moment, 'T');
    return CHECK_STR((const char *)text, cells[3]) && CHECK_STR(moment.zone, cells[4]) &&
           CHECK_INT(moment.dst, number(cells[5]));
}

static bool check_wall(const nu_timezone *zone, const nu_str cells[TABLE_CELLS])
{
    int64_t wall = number(cells[2]), first = number(cells[3]), second = number(cells[4]);

    return CHECK_INT(nu__timezone_offset_of_wall(zone, wall, 0).seconds, first) &&
           CHECK_INT(nu__timezone_offset_of_wall(zone, wall, 1).seconds, second) &&
           CHECK_INT(nu__timezone_is_ambiguous_or_imaginary(zone, wall), first != second);
}

static bool check_zone(const nu_str cells[TABLE_CELLS], size_t n)
{
    const nu_timezone *zone = nu_timezone_get(cells[1].ptr);

    (void)n;
    return nu_eq(cells[0], "at") ? check_at(zone, cells) : check_wall(zone, cells);
}

static void zones_show_what_python_shows(void)
{
    bool missing;

    if (!nu__timezone_find(S("Europe/Berlin"), &missing)) {
        printf("skipped: no time zone data on this machine (package tzdata)\n");
        return;
    }
    table_each("time/zones.txt", check_zone);
}

static void names_that_are_none_are_refused(void)
{
    static const char *const bad[] = {
        "",        "Europe/Atlantis", "../../etc/passwd", "/etc/passwd",
        "Europe/", "Europe//Berlin",  "Europe",           "a b",
        "..",      "Europe/../UTC",   "posixrules\n"
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_RAISES(NU_VALUE_ERROR, "No time zone found with key", nu_timezone_get(bad[i]));
}

/* ---- fixed offsets and the current zone --------------------------------------------------- */

static void fixed_offsets_are_named_as_django_names_them(void)
{
    CHECK_STR(nu_timezone_name(nu_timezone_fixed(330)), "+0530");
    CHECK_STR(nu_timezone_name(nu_timezone_fixed(-5)), "-0005");
    CHECK(nu_timezone_fixed(330) == nu_timezone_fixed(330));
    CHECK_STR(nu_timezone_name(nu_timezone_fixed(0)), "+0000");
    CHECK_RAISES(NU_VALUE_ERROR, "not less than a day", nu_timezone_fixed(1440));
}

static void the_activated_zone_tells_the_day(void)
{
    nu__clock_stop_at(nu_datetime_of(2024, 5, 17, 23, 30, 0));
    CHECK_INT(nu_today().ordinal, nu_date_of(2024, 5, 17).ordinal);
    nu_timezone_activate(nu_timezone_fixed(60));
    CHECK_INT(nu_today().ordinal, nu_date_of(2024, 5, 18).ordinal);
    nu_timezone_deactivate();
    CHECK(nu_timezone_current() == nu_timezone_default());
    nu__clock_stop_at((nu_datetime){ 0 });
}

static void a_wrong_setting_is_named(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Incorrect setting TIME_ZONE: \"Mars/Base\"",
                 nu__timezone_set_default("Mars/Base"));
    nu__timezone_set_default("UTC");
}

static void a_wall_becomes_an_instant(void)
{
    const nu_timezone *india = nu_timezone_fixed(330);
    nu_datetime instant = nu_make_aware(nu_date_of(2024, 5, 17), nu_time_of(0, 0, 0, 0), india);

    CHECK_INT(instant.us, nu_datetime_of(2024, 5, 16, 18, 30, 0).us);
    CHECK_INT(nu_datetime_date(instant, india).ordinal, nu_date_of(2024, 5, 17).ordinal);
    CHECK_RAISES(NU_OVERFLOW_ERROR, "out of range",
                 nu_make_aware(nu_date_of(1, 1, 1), nu_time_of(0, 0, 0, 0), india));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "out of range",
                 nu_datetime_date(nu_datetime_of(9999, 12, 31, 23, 0, 0), india));
}

/* ---- rules and files ---------------------------------------------------------------------- */

static void rules_are_read_in_all_their_forms(void)
{
    static const char *const good[] = { "UTC0",
                                        "EST5",
                                        "CET-1CEST,M3.5.0,M10.5.0/3",
                                        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                                        "IST-1GMT0,M10.5.0,M3.5.0/1",
                                        "XXX3YYY,J60/0,300/-1:30",
                                        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0" };
    static const char *const bad[] = { "",
                                       "X",
                                       "UTC",
                                       "CET-1CEST",
                                       "CET-1CEST,M3.5.0",
                                       "CET-1CEST,M13.5.0,M10.5.0",
                                       "CET-1CEST,M3.6.0,M10.5.0",
                                       "CET-200",
                                       "<+1",
                                       "CET-1CEST,J0,J5",
                                       "UTC0x",
                                       "CET-1CEST,M3.5.7,M10.5.0" };
    nu__posix_rule rule;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!CHECK(nu__posix_parse(nu_s(good[i]), &rule)))
            printf("      %s\n", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK(!nu__posix_parse(nu_s(bad[i]), &rule)))
            printf("      %s\n", bad[i]);
}

/* ---- a file, byte by byte ----------------------------------------------------------------- */

typedef struct {
    uint8_t bytes[256];
    size_t len;
} file;

static void put(file *f, const char *bytes, size_t len)
{
    memcpy(f->bytes + f->len, bytes, len);
    f->len += len;
}

/* Counts of changes, of kinds of time, and of bytes of their names. */
static void put_header(file *f, char changes, char kinds, char names)
{
    char header[44] = "TZif2";

    header[35] = changes;
    header[39] = kinds;
    header[43] = names;
    put(f, header, sizeof header);
}

/* From UTC to "ABC", an hour ahead, as 1970 begins. */
static file small_file(void)
{
    file f = { .len = 0 };

    put_header(&f, 0, 1, 1);
    put(&f, "\0\0\0\0\0\0\0", 7);
    put_header(&f, 1, 2, 8);
    put(&f, "\0\0\0\0\0\0\0\0\1", 9);
    put(&f, "\0\0\0\0\0\0\0\0\x0e\x10\0\4UTC\0ABC\0", 20);
    return f;
}

static nu_timezone *parsed(const file *f, size_t len)
{
    uint8_t *part = malloc(len + 1); /* of its own, so that reading past the end is seen */
    nu_timezone *zone;

    memcpy(part, f->bytes, len);
    zone = nu__tzif_parse(S("Test/Zone"), (nu_bytes){ part, len });
    free(part);
    return zone;
}

static void a_file_cut_short_is_no_zone(void)
{
    file f = small_file();

    for (size_t len = 0; len < f.len; len++)
        CHECK(!parsed(&f, len));
    put(&f, "\nABC", 4); /* the rule's line does not end */
    CHECK(!parsed(&f, f.len));
}

static void a_file_tells_its_changes(void)
{
    file f = small_file();
    nu_timezone *zone;
    nu_datetime change = nu_datetime_of(1970, 1, 1, 0, 0, 0);

    put(&f, "\nABC-1\n", 7);
    zone = parsed(&f, f.len);
    if (!CHECK(zone != NULL))
        return;
    CHECK_INT(nu__timezone_offset(zone, (nu_datetime){ change.us - 1 }).seconds, 0);
    CHECK_INT(nu__timezone_offset(zone, change).seconds, 3600);
    CHECK_STR(nu__timezone_offset(zone, nu_datetime_of(2024, 1, 1, 0, 0, 0)).abbreviation, "ABC");
    free(zone);
}

static void a_file_with_wrong_indexes_is_no_zone(void)
{
    static const size_t places[] = { 104, 115 }; /* a change's kind, a kind's name */

    for (size_t i = 0; i < 2; i++) {
        file f = small_file();

        f.bytes[places[i]] = 9;
        CHECK(!parsed(&f, f.len));
    }
}

HARNESS(zones_show_what_python_shows, names_that_are_none_are_refused,
        fixed_offsets_are_named_as_django_names_them, the_activated_zone_tells_the_day,
        a_wrong_setting_is_named, a_wall_becomes_an_instant, rules_are_read_in_all_their_forms,
        a_file_cut_short_is_no_zone, a_file_tells_its_changes, a_file_with_wrong_indexes_is_no_zone)
