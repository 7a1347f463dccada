/**
 * @file
 * The table django_migrations: what has been applied, as Django keeps it.
 */
#pragma once
#include "db/connection.h"
#include "db/migrations/graph.h"

/* Whether the database has a table of this name. Yields. */
bool nu__has_table(nu__connection *connection, nu_str name);
/* Whether a table that is there has a column of this name. Yields. */
bool nu__has_column(nu__connection *connection, nu_str table, nu_str name);
/* Make the table of a model, unless it is there. Yields. */
void nu__ensure_table(nu__connection *connection, const nu_model *model);

/* A statement with %s and with names in "", as the dialect quotes and counts them. */
nu_str nu__dialect_sql(const nu__connection *connection, const char *sql);

/* Make the table django_migrations, unless it is there. Yields. */
void nu__recorder_ensure(nu__connection *connection);
/* All that it has; without a table nothing. Yields. */
nu__history nu__recorder_history(nu__connection *connection);
/* One row; of a squashed migration those of all that it replaces as well. All yield. */
void nu__recorder_add(nu__connection *connection, const nu_migration *migration);
void nu__recorder_remove(nu__connection *connection, const nu_migration *migration);
void nu__recorder_add_name(nu__connection *connection, const char *app, const char *name);
void nu__recorder_remove_name(nu__connection *connection, const char *app, const char *name);
