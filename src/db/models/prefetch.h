/**
 * @file
 * Prefetching: the relation of one level of a lookup, fetched for many instances in one statement.
 */
#pragma once
#include "db/models/keys.h"
#include "db/models/queryset.h"

/* The instances at one level of a path, all of one model. */
typedef struct nu__level {
    nu_object **items;
    size_t n;
} nu__level;

/* What is asked for: a relation of the instances, seen from one side. */
typedef struct nu__prefetch_step {
    const nu__relation *relation;
    const nu__generic *generic_key, *generic; /* instead: a generic foreign key, or relation */
    bool reverse;
    nu_str keep_as;
    nu_query *queryset; /* NULL: all rows */
    bool to_attr;
} nu__prefetch_step;

/* Bounds of a query that are meant for the rows of each instance. */
typedef struct nu__prefetch_bounds {
    int64_t low, high; /* high: -1 for none */
} nu__prefetch_bounds;

/* The step's query, or all rows; without its bounds and its own prefetches, which are given back.
 */
nu_query *nu__prefetch_query(const nu__prefetch_step *step, nu__model_info *model,
                             const nu__level *from, nu__prefetch_bounds *each, nu__prefetch **more);
/* An object into the list of its key; nowhere when that is null. */
void nu__prefetch_list_add(nu__key_index *lists, nu_value key, const nu_object *object);
/* Each instance with the rows that have its key; all of these rows are the next level. */
nu__level nu__prefetch_keep_lists(const nu__prefetch_step *step, const nu__level *from,
                                  nu__key_index *lists, nu__prefetch_bounds each, nu__level all);

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
