/**
 * @file
 * What each operation of a migration does: to the state, to the database, in words.
 *
 * One row a kind. `forwards` finds the state before and after it; `backwards` the same two, and
 * goes from the one after to the one before. Counterpart: django.db.migrations.operations.
 */
#pragma once
#include "db/backends/base.h"
#include "db/migrations/references.h"

typedef struct nu__operation_run {
    nu__schema_editor *editor;
    const char *app;
    nu__project_state *before, *after;
} nu__operation_run;

typedef struct nu__operation_type {
    nu_operation_kind kind;
    const char *name; /* as migration files write it: "CreateModel" */
    char sign;        /* what comes, goes, changes: '+', '-', '~'; 's' SQL, 'p' code, '?' all */
    void (*state)(nu__project_state *state, const char *app, const nu_operation *op);
    void (*forwards)(const nu__operation_run *run, const nu_operation *op);
    void (*backwards)(const nu__operation_run *run, const nu_operation *op);
    nu_str (*describe)(const nu_operation *op); /* "Create model Student" */
    nu_str (*fragment)(const nu_operation *op); /* of a migration's name; null: none */
} nu__operation_type;

const nu__operation_type *nu__operation_type_of(const nu_operation *op);
/* "+ Create model Student" */
nu_str nu__operation_signed(const nu_operation *op);
/* What the operation does to the state. Raises MigrationError, with the migration and what to do,
   where the state has not what it names. */
void nu__operation_change_state(const nu_operation *op, const nu_migration *migration,
                                nu__project_state *state);
/* What migrations look after there: the operation runs, if it is for this database. */
void nu__operation_apply(const nu__operation_run *run, const nu_operation *op, bool backwards);
bool nu__operation_is_managed(const nu__operation_run *run, const nu_operation *op);
/* Whether there is a way back, and whether SQL can tell all of it. */
bool nu__operation_is_reversible(const nu_operation *op);
bool nu__operation_is_sql(const nu_operation *op);
/* Of a list that ends with { 0 }; NULL has none. */
size_t nu__operation_count(const nu_operation *operations);

/* The model that an operation is of, or NULL; of a field operation the field's name. */
const char *nu__operation_model(const nu_operation *op);
const char *nu__operation_field(const nu_operation *op);
bool nu__is_field_operation(const nu_operation *op);
