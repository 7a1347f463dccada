/**
 * @file
 * The other half of makemigrations.
 */
#pragma once
#include "cli/command.h"
#include "db/migrations/graph.h"

/* --merge: one migration after the branches of each app, if they are said not to conflict. */
int nu__merge_migrations(const nu_command_run *run, nu__graph *graph, const nu_list *labels,
                         nu_str name);
