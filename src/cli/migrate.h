/**
 * @file
 * The other parts of migrate.
 */
#pragma once
#include "cli/command.h"
#include "db/migrations/executor.h"

/* --plan: what would run, with the locks and how many rows there are. Yields. */
int nu__print_plan(const nu_command_run *run, nu__connection *connection, nu__graph *graph,
                   const nu__plan *plan);
/* --prune: forget what is recorded of an app and no longer in it. Yields. */
void nu__prune_migrations(const nu_command_run *run, nu__connection *connection,
                          const nu__graph *graph, const nu__history *history, nu_str app);
/* Labels of the apps without migrations whose models are for a database. */
nu_list *nu__unmigrated_apps(const nu__graph *graph);
/* --run-syncdb: the tables of apps without migrations that are not there; `app` null: of all. */
void nu__sync_apps(const nu_command_run *run, nu__connection *connection, const nu__graph *graph,
                   nu_str app);
