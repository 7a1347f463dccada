/**
 * @file
 * The tables of a database as models: what `inspectdb` writes down.
 *
 *   nu__inspect
 *     inspect_fields.c    columns as fields and relations
 *     inspect_sets.c      unique_together, indexes
 *     inspect_names.c     tables and columns as names that C and Django can have
 *     inspect_types.c     a column's declared type as a field
 *     inspect_checks.c    choices, where a check constraint shows them
 *       check_values.c      what a condition says of a column
 *
 * Every table is a descriptor as migrations have them, without a struct; guesses are noted.
 * Counterpart: django.core.management.commands.inspectdb.
 */
#pragma once
#include "db/backends/base.h"
#include "db/migrations/state.h"

typedef struct nu__inspected_field {
    nu_field *def;
    const char *note; /* what was guessed or renamed; NULL: nothing */
    nu_str column;
} nu__inspected_field;

typedef struct nu__inspected {
    nu_str table;
    char kind;       /* as nu__table has it */
    nu_model *model; /* named; fields as below */
    nu__inspected_field fields[128];
    size_t n_fields;
    const char *note;
    const char
        *contrib; /* the C name of a model that Nuages has already; NULL: it is to be written */
} nu__inspected;

typedef struct nu__inspection {
    nu__connection *connection;
    const nu_list *tables; /* those that are wanted; empty: all */
    nu_list *unknown;      /* of these tables: gets what is said of each; NULL: one is an error */
    bool views, partitions, managed;
    const char *app;      /* label of tables that no app of django_migrations has */
    nu__inspected *items; /* out: by table; those of contrib too, for relations */
    size_t n;
} nu__inspection;

/* Read the database. Raises what the database does; CommandError for a table that is not there.
   Yields. */
void nu__inspect(nu__inspection *what);

/* ---- parts --------------------------------------------------------------------------------- */

/* "StudentCard" of "registry_student_card" in the app registry. */
const char *nu__inspected_model_name(nu_str table, const char *app);
/* A name for the field of a column, not among the `n` taken, nor is a relation's with _id after it;
   what was changed, or NULL, in *note. */
const char *nu__inspected_field_name(nu_str column, bool is_relation, const char *const *taken,
                                     size_t n, const char **note);
/* A field of the column's type, without a name. *note: what was guessed. */
nu_field *nu__inspected_column(const nu__table_column *column, bool counted, const char **note);
/* The texts of the check constraints and enums of a table. Yields. */
nu_list *nu__inspected_checks(nu__connection *connection, nu_str table);
/* The values that a column may have by one of them; NULL: any. `numbers`: of whole numbers. */
const nu_choices *nu__inspected_choices(nu__dialect dialect, const nu_list *checks, nu_str column,
                                        bool numbers);
