/**
 * @file
 * Running migrations, forwards and backwards.
 *
 *   nu__executor_plan       what must run to reach the targets
 *   nu__executor_run        each migration
 *     atomic                  one schema editor and transaction; recorded in the same
 *                             a raise rolls the migration back; a lock that was not had is tried
 *                             for again
 *     else                    steps.c: statement by statement, each one written down, so that a run
 *                             that was cut short goes on where it was
 *     soft_applied.c          --fake-initial: the tables are there already
 *
 * Counterpart: MigrationExecutor.
 */
#pragma once
#include "db/migrations/operations.h"
#include "db/migrations/recorder.h"

typedef struct nu__plan_step {
    nu__node *node;
    bool backwards;
} nu__plan_step;

typedef struct nu__plan {
    nu__plan_step *steps;
    size_t n;
} nu__plan;

/* To `app` at `name` ("zero": none of it; {NULL, 0}: its last), or, app {NULL, 0}, everything. */
nu__plan nu__executor_plan(nu__graph *graph, nu_str app, nu_str name);

/* All models that are there just before a step: those of the applied migrations, of every app;
   backwards only of those that come before. A step that is taken has its node marked. */
nu__project_state *nu__executor_state_before(nu__graph *graph, const nu__plan_step *step);

/* What the command shows. Any may be NULL. */
typedef struct nu__progress {
    void (*before)(void *self, const nu__plan_step *step);
    void (*after)(void *self, const nu__plan_step *step, bool faked);
    /* An operation begins: the `i`th of `n`. */
    void (*operation)(void *self, const nu_operation *op, size_t i, size_t n);
    /* A migration that was cut short goes on at this operation and statement, counted from 1. */
    void (*resumed)(void *self, const nu_operation *op, int64_t operation, int64_t statement);
    /* Another process had what was needed: the `i`th retry. */
    void (*retry)(void *self, const nu_error *error, int64_t i);
    void *self;
} nu__progress;

typedef struct nu__execution {
    nu__connection *connection;
    nu__graph *graph;
    bool fake, fake_initial;
    int64_t retries; /* of one migration, when a lock was not to be had */
    nu__progress progress;
} nu__execution;

/* Raises the error of the step that failed, with the migration and the operation before it, and
   what became of it. Yields. */
void nu__executor_run(const nu__execution *execution, const nu__plan *plan);
/* Squashed migrations all of whose parts are applied count as applied. Yields. */
void nu__executor_check_replacements(nu__connection *connection, const nu__graph *graph,
                                     const nu__history *history);
/* The SQL of one migration, as `sqlmigrate` prints it. Yields. */
nu_str nu__executor_sql(nu__connection *connection, nu__graph *graph, nu__node *node,
                        bool backwards);

/* One migration that is being applied. */
typedef struct nu__applying {
    const nu__execution *execution; /* NULL: sqlmigrate */
    const nu_migration *migration;
    const nu_operation *operation; /* the one that runs: for the message when it fails */
    nu__project_state **states;    /* before the first operation, and after each */
    size_t n;                      /* operations */
    bool backwards;
    bool begun;   /* an operation has run, or runs */
    bool is_half; /* cut short before, and to go on statement by statement */
} nu__applying;

/* Run a migration without a transaction around it; one that was cut short goes on. Yields. */
void nu__run_stepwise(nu__applying *a);
/* Has an initial migration been applied without being recorded: are its tables and columns there?
   Yields. */
bool nu__is_soft_applied(nu__connection *connection, const nu_migration *migration,
                         nu__project_state *after);
