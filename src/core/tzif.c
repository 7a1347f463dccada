#include "core/tzif.h"

#include <stdlib.h>
#include <string.h>

#define HEADER 44

/* The counts of a header, in the file's order. */
typedef struct {
    size_t isut, isstd, leap, time, type, chars;
} counts;

static uint64_t big_endian(const uint8_t *at, int n)
{
    uint64_t number = 0;

    while (n--)
        number = number << 8 | *at++;
    return number;
}

static bool read_header(nu_bytes file, size_t at, counts *out)
{
    size_t *count[] = { &out->isut, &out->isstd, &out->leap, &out->time, &out->type, &out->chars };

    if (file.len < at + HEADER || memcmp(file.ptr + at, "TZif", 4) != 0)
        return false;
    for (size_t i = 0; i < 6; i++)
        *count[i] = (size_t)big_endian(file.ptr + at + 20 + 4 * i, 4);
    return out->type && out->type < 256 && out->chars && out->time < 100000 &&
           out->chars < 100000 && out->leap < 100000 && out->isut < 256 && out->isstd < 256;
}

static size_t block_size(const counts *c, size_t time_size)
{
    return c->time * time_size + c->time + c->type * 6 + c->chars + c->leap * (time_size + 4) +
           c->isstd + c->isut;
}

/* ---- one allocation ----------------------------------------------------------------------- */

static nu_timezone *new_zone(nu_str name, size_t n_changes, size_t n_offsets, size_t chars,
                             char **abbreviations)
{
    size_t bytes = sizeof(nu_timezone) + n_offsets * sizeof(nu__offset) +
                   n_changes * (3 * sizeof(int64_t) + 1) + chars + 1 + name.len + 1;
    nu_timezone *zone = calloc(1, bytes);
    char *at;

    if (!zone)
        return NULL;
    zone->n_changes = n_changes;
    zone->n_offsets = n_offsets;
    zone->offsets = (nu__offset *)(zone + 1);
    zone->utc = (int64_t *)(zone->offsets + n_offsets);
    zone->walls[0] = zone->utc + n_changes;
    zone->walls[1] = zone->walls[0] + n_changes;
    zone->types = (uint8_t *)(zone->walls[1] + n_changes);
    *abbreviations = (char *)zone->types + n_changes;
    at = *abbreviations + chars + 1;
    memcpy(at, name.ptr, name.len);
    zone->name = at;
    return zone;
}

nu_timezone *nu__tzif_fixed(nu_str name, int32_t seconds)
{
    char *abbreviation;
    nu_timezone *zone = new_zone(name, 0, 1, 0, &abbreviation);

    if (zone)
        zone->offsets[0] = zone->before = (nu__offset){ seconds, false, zone->name };
    return zone;
}

/* ---- reading ------------------------------------------------------------------------------ */

static bool fill_offsets(nu_timezone *zone, const counts *c, const uint8_t *at,
                         const char *abbreviations)
{
    for (size_t i = 0; i < c->type; i++, at += 6) {
        size_t abbreviation = at[5];

        if (abbreviation >= c->chars)
            return false;
        zone->offsets[i] = (nu__offset){ (int32_t)(uint32_t)big_endian(at, 4), at[4] != 0,
                                         abbreviations + abbreviation };
        if (abs(zone->offsets[i].seconds) >= 86400)
            return false;
    }
    return true;
}

static bool fill_changes(nu_timezone *zone, const counts *c, const uint8_t *times,
                         const uint8_t *types)
{
    for (size_t i = 0; i < c->time; i++) {
        int64_t unix_seconds = (int64_t)big_endian(times + 8 * i, 8);

        if (types[i] >= c->type)
            return false;
        if (unix_seconds < -(1LL << 40) ||
            unix_seconds > 1LL << 40) /* the Big Bang, in old files */
            unix_seconds = unix_seconds < 0 ? -(1LL << 40) : 1LL << 40;
        zone->utc[i] = unix_seconds + NU__ORDINAL_EPOCH * 86400LL;
        zone->types[i] = types[i];
    }
    return true;
}

static void fill_walls(nu_timezone *zone)
{
    int32_t before = zone->offsets[0].seconds;

    for (size_t i = 0; i < zone->n_changes; i++) {
        int32_t after = zone->offsets[zone->types[i]].seconds;

        zone->walls[0][i] = zone->utc[i] + (after > before ? after : before);
        zone->walls[1][i] = zone->utc[i] + (after > before ? before : after);
        before = after;
    }
}

static void choose_before(nu_timezone *zone)
{
    zone->before = zone->offsets[0];
    for (size_t i = 0; i < zone->n_offsets; i++)
        if (!zone->offsets[i].dst) {
            zone->before = zone->offsets[i];
            return;
        }
}

/* The footer: a line of its own. */
static bool fill_rule(nu_timezone *zone, nu_bytes file, size_t at)
{
    const char *start = (const char *)file.ptr + at + 1;
    const char *end;

    if (at + 2 > file.len || file.ptr[at] != '\n')
        return true;
    end = memchr(start, '\n', file.len - at - 1);
    if (!end)
        return false;
    if (end == start)
        return true;
    zone->has_rule = nu__posix_parse((nu_str){ start, (size_t)(end - start) }, &zone->rule);
    return zone->has_rule;
}

nu_timezone *nu__tzif_parse(nu_str name, nu_bytes file)
{
    counts c;
    size_t at = HEADER, types;
    char *abbreviations;
    nu_timezone *zone;

    if (!read_header(file, 0, &c) || file.ptr[4] < '2')
        return NULL;
    at += block_size(&c, 4);
    if (!read_header(file, at, &c) || file.len < at + HEADER + block_size(&c, 8))
        return NULL;
    at += HEADER;
    zone = new_zone(name, c.time, c.type, c.chars, &abbreviations);
    if (!zone)
        return NULL;
    types = at + c.time * 8;
    memcpy(abbreviations, file.ptr + types + c.time + c.type * 6, c.chars);
    if (!fill_changes(zone, &c, file.ptr + at, file.ptr + types) ||
        !fill_offsets(zone, &c, file.ptr + types + c.time, abbreviations) ||
        !fill_rule(zone, file, at + block_size(&c, 8))) {
        free(zone);
        return NULL;
    }
    fill_walls(zone);
    choose_before(zone);
    return zone;
}
