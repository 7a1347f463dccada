/**
 * @file
 * What is written down of a migration that no transaction holds: which of its operations runs, and
 * how many of its statements have. One row of nuages_migration_progress, there from its first
 * statement to its record.
 *
 *   refused   the statement after the done ones ended in an error: it has not been done, whatever
 *             the database says when it runs again
 *   else      whether it was done is not known when the process has ended: the schema's mark tells,
 *             which was taken before it ran (doubt.c)
 */
#pragma once
#include "db/migrations/executor.h"

typedef struct nu__half {
    nu_str app, name;
    bool backwards;
    int64_t operation, done; /* counted in the order in which they run */
    nu_list *operations;     /* of the migration, as C text, in that order */
    nu_list *statements;     /* of the operation; NULL: there is no row */
    nu_str mark;             /* of the schema, before the statement after the done ones */
    bool refused;
} nu__half;

/* All of them, in the arena; {none} where there is no table. Yields. */
nu__half *nu__halves(nu__connection *connection, size_t *n);
/* That of a migration; without .statements when there is none. Makes the table. Yields. */
nu__half nu__half_find(const nu__applying *a);
/* Add the row, or change it. Yields. */
void nu__half_add(nu__connection *connection, const nu__half *half);
void nu__half_save(nu__connection *connection, const nu__half *half);
/* Forget it; nothing where there is no table. Yields. */
void nu__half_forget(nu__connection *connection, const nu_migration *migration);
/* Those of an app, {NULL, 0}: of all; `graph`: only those that it has no migration of; NULL: all.
   How many they were. Yields. */
size_t nu__halves_forget(nu__connection *connection, nu_str app, const nu__graph *graph);

/* Raises MigrationError for one that the plan neither completes nor may leave as it is. Yields. */
void nu__halves_check(nu__connection *connection, nu__graph *graph, const nu__plan *plan,
                      nu_str app);
/* Was nothing of the migration done: its first statement failed? */
bool nu__half_is_nothing(const nu__half *half);
/* Texts of the operations, in the order in which they run. */
nu_list *nu__operation_texts(const nu__applying *a);
/* Raises MigrationError where what has run is no longer what the file says. May the operation that
   it stopped in be worked out anew: nothing of it was done? */
bool nu__half_may_restart(const nu__applying *a, const nu__half *half, const nu_list *texts);

/* A text that changes when the schema does. Yields. */
nu_str nu__schema_mark(nu__connection *connection);
/* Before a statement runs again: drop the invalid index of its table that PostgreSQL left of it.
   May the name's index, if any, be what the statement made? Yields. */
bool nu__clear_unfinished(nu__connection *connection, nu_str sql);
