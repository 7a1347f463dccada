/**
 * @file
 * What each operation of a migration does: to the state, to the database, in words.
 *
 * One row a kind. `forwards` finds the state before and after it; `backwards` the same two, and
 * goes from the one after to the one before. Counterpart: django.db.migrations.operations.
 */
#pragma once
#include "db/backends/base.h"
#include "db/migrations/state.h"

typedef struct nu__operation_run {
    nu__schema_editor *editor;
    const char *app;
    nu__project_state *before, *after;
} nu__operation_run;

typedef struct nu__operation_type {
    nu_operation_kind kind;
    const char *name; /* as migration files write it: "CreateModel" */
    void (*state)(nu__project_state *state, const char *app, const nu_operation *op);
    void (*forwards)(const nu__operation_run *run, const nu_operation *op);
    void (*backwards)(const nu__operation_run *run, const nu_operation *op);
    nu_str (*describe)(const nu_operation *op); /* "Create model Student" */
} nu__operation_type;

const nu__operation_type *nu__operation_type_of(const nu_operation *op);
/* Whether migrations look after the table of the operation's model. */
bool nu__operation_is_managed(const nu__operation_run *run, const nu_operation *op);
