/**
 * @file
 * The table django_migrations: what has been applied, as Django keeps it.
 */
#pragma once
#include "db/connection.h"
#include "db/migrations/graph.h"

/* Whether the table is there; make it. Both yield. */
bool nu__recorder_has_table(nu__connection *connection);
void nu__recorder_ensure(nu__connection *connection);
/* Mark the nodes of the graph that the table has as applied. Without a table none is. Yields. */
void nu__recorder_load(nu__connection *connection, nu__graph *graph);
void nu__recorder_add(nu__connection *connection, const nu_migration *migration);
void nu__recorder_remove(nu__connection *connection, const nu_migration *migration);
