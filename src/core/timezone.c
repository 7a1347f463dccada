#include "core/context.h"
#include "core/tzif.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static nu__offset utc_offset[] = { { 0, false, "UTC" } };
static nu_timezone utc = {
    .name = "UTC", .n_offsets = 1, .offsets = utc_offset, .before = { 0, false, "UTC" }
};
const nu_timezone *const nu_utc = &utc;

/* Zones are looked up from the threads of databases too. */
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;
static nu_timezone *known = &utc;
static const nu_timezone *by_setting = &utc;

/* ---- finding zones ------------------------------------------------------------------------ */

#define NAME_CAP 64
#define FILE_CAP (1 << 20)

static const char *const folders[] = { NULL /* $TZDIR */, "/usr/share/zoneinfo",
                                       "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
                                       "/etc/zoneinfo" };

/* A name of zoneinfo, never a way out of its folder. */
static bool is_name(nu_str name)
{
    if (!name.len || name.len > NAME_CAP)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool first = i == 0 || name.ptr[i - 1] == '/';

        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            continue;
        if (first || (c != '/' && c != '_' && c != '-' && c != '+'))
            return false;
    }
    return name.ptr[name.len - 1] != '/';
}

static nu_timezone *read_zone(nu_str name, FILE *file)
{
    uint8_t *bytes = malloc(FILE_CAP);
    nu_timezone *zone = NULL;

    if (bytes)
        zone = nu__tzif_parse(name, (nu_bytes){ bytes, fread(bytes, 1, FILE_CAP, file) });
    free(bytes);
    return zone;
}

static nu_timezone *load_from(const char *folder, nu_str name)
{
    char path[512];
    FILE *file;
    nu_timezone *zone;

    if (snprintf(path, sizeof path, "%s/%.*s", folder, (int)name.len, name.ptr) >= (int)sizeof path)
        return NULL;
    file = fopen(path, "rbe");
    if (!file)
        return NULL;
    zone = read_zone(name, file);
    fclose(file);
    return zone;
}

static bool is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static nu_timezone *load(nu_str name, bool *missing)
{
    *missing = true;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *folder = folders[i] ? folders[i] : getenv("TZDIR");
        nu_timezone *zone;

        if (!folder || !is_folder(folder))
            continue;
        *missing = false;
        zone = load_from(folder, name);
        if (zone)
            return zone;
    }
    return NULL;
}

static const nu_timezone *remember(nu_timezone *zone)
{
    if (zone) {
        zone->next = known;
        known = zone;
    }
    return zone;
}

static const nu_timezone *recall(nu_str name)
{
    for (nu_timezone *zone = known; zone; zone = zone->next)
        if (strlen(zone->name) == name.len && memcmp(zone->name, name.ptr, name.len) == 0)
            return zone;
    return NULL;
}

const nu_timezone *nu__timezone_find(nu_str name, bool *missing)
{
    const nu_timezone *zone;

    *missing = false;
    pthread_mutex_lock(&known_lock);
    zone = recall(name);
    if (!zone && is_name(name))
        zone = remember(load(name, missing));
    pthread_mutex_unlock(&known_lock);
    return zone;
}

static NU_NORETURN void raise_missing(nu_str name)
{
    nu_raise(
        NU_IMPROPERLY_CONFIGURED,
        "Cannot look up the time zone \"{}\": this machine has no time zone data in "
        "/usr/share/zoneinfo. Install the package tzdata, or point TZDIR at a zoneinfo folder.",
        name);
}

const nu_timezone *nu_timezone_get(const char *name)
{
    bool missing;
    const nu_timezone *zone = nu__timezone_find(nu_s(name), &missing);

    if (!zone && missing)
        raise_missing(nu_s(name));
    if (!zone)
        nu_raise(NU_VALUE_ERROR,
                 "No time zone found with key \"{}\": names are those of the IANA time zone "
                 "database, such as \"Europe/Berlin\"",
                 name);
    return zone;
}

const nu_timezone *nu_timezone_fixed(int minutes)
{
    int size = minutes < 0 ? -minutes : minutes;
    char name[16];
    const nu_timezone *zone;

    if (size >= 24 * 60)
        nu_raise(NU_VALUE_ERROR, "the offset of {} minutes from UTC is not less than a day",
                 minutes);
    snprintf(name, sizeof name, "%c%02d%02d", minutes < 0 ? '-' : '+', size / 60, size % 60);
    pthread_mutex_lock(&known_lock);
    zone = recall(nu_s(name));
    if (!zone)
        zone = remember(nu__tzif_fixed(nu_s(name), minutes * 60));
    pthread_mutex_unlock(&known_lock);
    if (!zone)
        nu_raise(NU_MEMORY_ERROR, "out of memory for the time zone {}", nu_s(name));
    return zone;
}

nu_str nu_timezone_name(const nu_timezone *zone)
{
    return nu_s(zone->name);
}

/* ---- the current zone --------------------------------------------------------------------- */

const nu_timezone *nu_timezone_default(void)
{
    return by_setting;
}

const nu_timezone *nu_timezone_current(void)
{
    const nu_timezone *activated = nu__here ? nu__here->locals[NU__LOCAL_TIMEZONE] : NULL;

    return activated ? activated : by_setting;
}

void nu_timezone_activate(const nu_timezone *zone)
{
    nu__here->locals[NU__LOCAL_TIMEZONE] = (void *)zone;
}

void nu_timezone_deactivate(void)
{
    nu__here->locals[NU__LOCAL_TIMEZONE] = NULL;
}

void nu__timezone_set_default(const char *name)
{
    bool missing;
    const nu_timezone *zone = nu__timezone_find(nu_s(name), &missing);

    if (!zone && missing)
        raise_missing(nu_s(name));
    if (!zone)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "Incorrect setting TIME_ZONE: \"{}\" is no time zone of the IANA database, such "
                 "as \"Europe/Berlin\" or \"UTC\"",
                 name);
    by_setting = zone;
}

/* ---- offsets ------------------------------------------------------------------------------ */

/* How many changes lie at or before. */
static size_t count_until(const int64_t *changes, size_t n, int64_t seconds)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (changes[middle] <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static nu__offset by_rule(const nu_timezone *zone, int dst)
{
    return (nu__offset){ zone->rule.offsets[dst], dst == 1, zone->rule.names[dst] };
}

nu__offset nu__timezone_offset(const nu_timezone *zone, nu_datetime instant)
{
    int64_t seconds = nu__floor_div(instant.us, NU__US_SECOND);
    size_t n = count_until(zone->utc, zone->n_changes, seconds);

    if (n == zone->n_changes && zone->has_rule)
        return by_rule(zone, nu__posix_at(&zone->rule, seconds));
    return n ? zone->offsets[zone->types[n - 1]] : zone->before;
}

nu__offset nu__timezone_offset_of_wall(const nu_timezone *zone, int64_t wall_us, int fold)
{
    int64_t seconds = nu__floor_div(wall_us, NU__US_SECOND);
    size_t n = count_until(zone->walls[fold], zone->n_changes, seconds);

    if (n == zone->n_changes && zone->has_rule)
        return by_rule(zone, nu__posix_at_wall(&zone->rule, seconds, fold));
    return n ? zone->offsets[zone->types[n - 1]] : zone->before;
}

bool nu__timezone_from_wall(const nu_timezone *zone, int64_t wall_us, int fold, nu_datetime *out)
{
    nu__offset offset = nu__timezone_offset_of_wall(zone, wall_us, fold);

    out->us = wall_us - offset.seconds * NU__US_SECOND;
    return nu__instant_in_range(out->us);
}

bool nu__timezone_is_ambiguous_or_imaginary(const nu_timezone *zone, int64_t wall_us)
{
    return nu__timezone_offset_of_wall(zone, wall_us, 0).seconds !=
           nu__timezone_offset_of_wall(zone, wall_us, 1).seconds;
}
