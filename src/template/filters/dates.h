/**
 * @file
 * What the filters on dates share.
 */
#pragma once
#include "template/library.h"

/* |date */
nu_value nu__date_filter(const nu__filter_call *call);
/* A DATE or DATETIME on one scale of microseconds: a day its midnight, an instant UTC. False for
   other values. */
bool nu__wall_of(nu_value value, bool *is_date, int64_t *wall);
/* Now on the same scale. */
int64_t nu__wall_now(bool of_date);
