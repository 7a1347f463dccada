/**
 * @file
 * A time zone as read from a TZif file (RFC 9636), and what it says of an instant or a wall.
 *
 *   utc[]      when the offset changes, in seconds since ordinal 0
 *   walls[f][] the same as the zone's clocks show it: for fold 0 the later of the two readings, for
 *              fold 1 the earlier, so that one binary search answers for walls too
 *   types[]    index into offsets[] from that change on
 *   rule       after the last change; without one the last offset stays
 *
 * All of it is one malloc that lives as long as the process.
 */
#pragma once
#include "core/posix_tz.h"

struct nu_timezone {
    const char *name;
    size_t n_changes, n_offsets;
    int64_t *utc, *walls[2];
    uint8_t *types;
    nu__offset *offsets;
    nu__offset before; /* the first change */
    bool has_rule;
    nu__posix_rule rule;
    nu_timezone *next; /* in the list of all that were asked for */
};

/* NULL when the bytes are no TZif file or memory is out. */
nu_timezone *nu__tzif_parse(nu_str name, nu_bytes file);
/* A zone of one offset. */
nu_timezone *nu__tzif_fixed(nu_str name, int32_t seconds);
