/**
 * @file
 * Prefetching: the relation of one level of a lookup, fetched for many instances in one statement.
 */
#pragma once
#include "db/models/queryset.h"

/* The instances at one level of a path, all of one model. */
typedef struct nu__level {
    nu_object **items;
    size_t n;
} nu__level;

/* What is asked for: a relation of the instances, seen from one side. */
typedef struct nu__prefetch_step {
    const nu__relation *relation;
    bool reverse;
    nu_str keep_as;
    nu_query *queryset; /* NULL: all rows */
    bool to_attr;
} nu__prefetch_step;

nu__level nu__level_of(const nu_list *results);
/* Has the instance what the step would fetch? */
bool nu__prefetch_is_done(const nu__prefetch_step *step, const nu_object *object);
/**
 * Fetch it and keep it with the instances.
 *
 * @param more  out: what the query that was given asks to prefetch in turn
 * @return      the related instances
 * Yields.
 */
nu__level nu__prefetch_fetch(const nu__prefetch_step *step, const nu__level *from,
                             nu__prefetch **more);
