/**
 * @file
 * Running one test, in a fiber of its own.
 *
 *   nu__case_run                 the driver's fiber
 *     in_fiber                   the test's
 *       a transaction around each database, fixtures, body
 *       live server, settings, clock; rolled back, or emptied
 *     what was left              fibers, descriptors, memory
 */
#pragma once
#include "test/run.h"

typedef struct nu__case_result {
    nu__outcome outcome;
    double seconds;
    char *told;         /* malloc'd, NUL-terminated; NULL: nothing to tell */
    bool leaked_memory; /* the process must end: what leaked is found at each look */
} nu__case_result;

/* What the command gives, since it knows how. May raise. */
typedef struct nu__case_hooks {
    void (*load_fixtures)(const char *const *names);
    void (*flush)(const char *alias); /* empty every table */
} nu__case_hooks;
extern nu__case_hooks nu__case_hooks_installed;

/* Yields. Raises MemoryError at most. */
void nu__case_run(const nu_test_def *def, nu__case_result *result);
