/**
 * @file
 * What sets of related rows and prefetching share.
 */
#pragma once
#include "db/models/queryset.h"

/* Join the table between of a many-to-many to a query over its far side; the join's number. The
   next filter() uses the join again, as Django's related managers do. */
int nu__join_through(nu__tree *tree, const nu__relation *relation, bool reverse);
