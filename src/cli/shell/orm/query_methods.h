/**
 * @file
 * The methods of query sets, which managers have too: a row of nu__orm_query_methods each. Their
 * arguments stand in the order of the row's signature.
 */
#pragma once
#include "cli/shell/orm/orm.h"

bool nu__orm_is_none(nu__py value); /* None, or not given */
nu_query *nu__orm_self(nu__py self);
/* Positional expressions under their own names, then those of the keywords. TypeError for what is
   no expression, and for one that has no name of its own. */
nu_var *nu__orm_expressions(nu__py args, nu__py kwargs, bool aggregating);

/* Paths and Prefetch objects, as prefetch_related() takes them; ends with an empty one. */
const nu_prefetch *nu__orm_prefetches(const nu__py_list *given);

/* reading */
nu__py_function nu__orm_get, nu__orm_first, nu__orm_last, nu__orm_earliest, nu__orm_latest,
    nu__orm_count, nu__orm_exists, nu__orm_contains, nu__orm_in_bulk, nu__orm_aggregate,
    nu__orm_dates, nu__orm_datetimes, nu__orm_iterator, nu__orm_explain;
/* combining */
nu__py_function nu__orm_union, nu__orm_intersection, nu__orm_difference, nu__orm_extra;
/* writing */
nu__py_function nu__orm_create, nu__orm_get_or_create, nu__orm_update_or_create,
    nu__orm_bulk_create, nu__orm_bulk_update, nu__orm_update, nu__orm_delete;
