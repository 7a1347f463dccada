/**
 * @file
 * What a test has left behind: descriptors and fibers; loop/leak_check.h has the memory.
 */
#pragma once
#include "core/buf.h"

enum { NU__MOST_DESCRIPTORS = 1024 };

typedef struct nu__belongings {
    bool open[NU__MOST_DESCRIPTORS];
    size_t fibers;
} nu__belongings;

void nu__belongings_count(nu__belongings *belongings);
/* What was opened since `since` counts as there before. */
void nu__belongings_keep(nu__belongings *before, const nu__belongings *since);
/* Append a line for each thing that is there now and was not then; databases' files don't count,
   since their handles are kept. */
void nu__belongings_compare(const nu__belongings *before, nu__buf *told);
