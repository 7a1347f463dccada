/**
 * @file
 * What the filters on dates share.
 */
#pragma once
#include "template/library.h"

/* |date */
nu_value nu__date_filter(const nu__filter_call *call);
/* A date or date-time on a scale of microseconds: one without a zone by the clocks that it shows (a
   day: its midnight), one with a zone by UTC. */
typedef struct nu__wall {
    int64_t us;
    bool naive, is_date;
} nu__wall;

/* False for other values. */
bool nu__wall_of(const nu__filter_call *call, nu_value value, nu__wall *out);
/* Now on the same scale. */
int64_t nu__wall_now(bool naive);
