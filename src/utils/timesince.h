/**
 * @file
 * "2 weeks, 3 days": the time between two readings of a zone's clocks, as django.utils.timesince.
 */
#pragma once
#include "core/time.h"

/* From `then` to `now`, both as walls of one zone in microseconds (a date: its midnight), in up to
   `depth` units that follow each other; "0 minutes" where it is not in the past. The spaces inside
   of a unit are non-breaking. `context`: that of the units' translations; NULL: none. Raises
   ValueError for a depth below 1. */
nu_str nu__timesince(int64_t then_us, int64_t now_us, int depth, const char *context);
