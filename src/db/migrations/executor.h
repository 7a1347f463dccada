/**
 * @file
 * Running migrations, forwards and backwards.
 *
 *   nu__executor_plan       what must run to reach the targets
 *   nu__executor_run        each migration: its own schema editor and transaction
 *     -> operation forwards/backwards, states before and after kept in step
 *     -> recorded in the same transaction
 *     a raise rolls the migration back, and names migration and operation
 *
 * Counterpart: MigrationExecutor.
 */
#pragma once
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

/* What the command shows. Either may be NULL. */
typedef struct nu__progress {
    void (*before)(void *self, const nu__plan_step *step, bool fake);
    void (*after)(void *self, const nu__plan_step *step, bool fake);
    void *self;
} nu__progress;

/* Raises the error of the step that failed, with "app.name: what it did: " before it. Yields. */
void nu__executor_run(nu__connection *connection, nu__graph *graph, const nu__plan *plan, bool fake,
                      const nu__progress *progress);
/* The SQL of one migration, as `sqlmigrate` prints it. Yields. */
nu_str nu__executor_sql(nu__connection *connection, nu__graph *graph, nu__node *node,
                        bool backwards);
