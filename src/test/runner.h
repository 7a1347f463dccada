/**
 * @file
 * Choosing tests, running them in processes, telling how they went.
 *
 *   nu__test_main                    runner.c: the parent
 *     nu__tests_select               select.c: labels, -k, tags, the last failed, order
 *     workers                        workers.c: fork; a pipe each
 *       a loop, a database, nu__case_run() for each number taken from the shared counter
 *       a record a test: number, outcome, seconds, what was told
 *     nu__report_*                   report.c: dots, failures, counts; junit.c
 *
 * A process that dies takes one test with it: its successor goes on with the rest.
 */
#pragma once
#include "apps/registry.h"
#include "test/case.h"

typedef struct nu__test_options {
    const nu_list *labels, *patterns, *tags, *exclude_tags;
    bool failfast, keepdb, reverse, shuffle, buffer, last_failed, list, debug_mode;
    bool debug_sql, timing;
    bool colour;
    int64_t seed, processes, verbosity, durations;
    double time_limit; /* seconds a test may take; 0: no limit */
    nu_str junit;      /* the file; null: none is written */
    /* In each process, before its first test: bring the databases up to the migrations. */
    void (*migrate)(const char *alias);
    /* Once, before the first test, in a process without a loop: is the site sane enough? */
    bool (*check)(void *self);
    void *self;
} nu__test_options;

/* A test that was chosen, and what became of it. */
typedef struct nu__chosen {
    const nu_test_def *def;
    const nu_app *app;
    nu_str label;
    bool ran;
    nu__outcome outcome;
    double seconds;
    nu_str told;
} nu__chosen;

typedef struct nu__tests {
    nu__chosen *items;
    size_t n;
} nu__tests;

/* The exit status: 0, or 1 where a test failed or none was found. Raises CommandError for labels
   and tags that match nothing. */
int nu__test_main(const nu__test_options *options);

/* ---- select.c -------------------------------------------------------------------------------- */

nu__tests nu__tests_select(const nu__test_options *options);
/* Remember which failed, in .nuages-failed of the working folder; those that failed earlier and
   did not run stay there. Raises OSError. */
void nu__tests_remember(const nu__tests *tests);

/* ---- workers.c ------------------------------------------------------------------------------- */

/* Run them all, telling `report` of each as it ends. */
void nu__workers_run(nu__tests *tests, const nu__test_options *options,
                     void (*report)(const nu__chosen *test));

/* ---- sql_log.c ------------------------------------------------------------------------------- */

/* From now on each statement is written to the file, a line each, at most so many bytes; until the
   end. */
void nu__sql_log_begin(int file, size_t most);
void nu__sql_log_end(void);

/* ---- timing.c -------------------------------------------------------------------------------- */

/* In the parent, before the processes; without it nothing is noted. */
void nu__timing_share(void);
/* In a process, numbered from 1. */
void nu__timing_of_process(int number);
void nu__timing_made(nu_str alias, double seconds);
void nu__timing_dropped(double seconds);
/* In the parent, at the end; `total`: seconds of the whole run. */
void nu__timing_print(double total);

/* ---- databases.c ----------------------------------------------------------------------------- */

/* Point each alias at a database of the tests' own. `number`: of the process, from 1; 0: the only
   one. Raises OperationalError. */
void nu__test_databases_make(const nu__test_options *options, int number);
void nu__test_databases_drop(const nu__test_options *options);

/* ---- report.c -------------------------------------------------------------------------------- */

void nu__report_begin(const nu__tests *tests, const nu__test_options *options);
void nu__report_one(const nu__chosen *test);
/* The exit status. */
int nu__report_end(const nu__tests *tests, double seconds);
void nu__junit_write(const nu__tests *tests, nu_str file, double seconds);
