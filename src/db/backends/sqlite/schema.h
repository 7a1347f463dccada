/**
 * @file
 * Tables of SQLite that are made anew, as they can't be altered in place.
 */
#pragma once
#include "db/backends/schema.h"

/* What the new table has that the old one has not. All but `model` may be NULL. */
typedef struct nu__remake {
    const nu__model_info *model;
    const nu__field *created, *deleted;
    const nu_constraint *removed;
    const nu__field *const *altered; /* pairs of old and new; NULL at the end */
} nu__remake;

/* A new table with the rows of the old one, in its place, with its indexes. Yields. */
void nu__remake_table(nu__editor *editor, const nu__remake *remake);
