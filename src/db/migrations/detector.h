/**
 * @file
 * What the files of the autodetector share.
 */
#pragma once
#include "db/migrations/autodetector.h"
#include "db/migrations/operations.h"

typedef enum nu__dependency_type {
    NU__DEPENDS_ON_CREATE, /* of a model, or a field */
    NU__DEPENDS_ON_REMOVE,
    NU__DEPENDS_ON_ALTER, /* of a field */
    NU__DEPENDS_ON_REMOVE_ORDER,
    NU__DEPENDS_ON_ALTER_TOGETHER,
} nu__dependency_type;

/* What must come before an operation. `app` NU_AUTH_USER_MODEL stands for whatever the site's users
   are. */
typedef struct nu__dependency {
    const char *app, *model, *field; /* field NULL: the model itself */
    nu__dependency_type type;
} nu__dependency;

typedef struct nu__dependencies {
    nu__dependency *items;
    size_t n, capacity;
} nu__dependencies;

typedef struct nu__generated {
    nu_operation op;
    nu__dependencies deps;
} nu__generated;

typedef struct nu__app_operations {
    const char *app;
    nu__generated **items;
    size_t n, capacity;
} nu__app_operations;

/* A model before and after. */
typedef struct nu__kept_model {
    const nu_model *from, *to;
} nu__kept_model;

typedef struct nu__kept_models {
    nu__kept_model *items;
    size_t n;
} nu__kept_models;

typedef enum nu__model_kind {
    NU__MANAGED_MODEL,
    NU__PROXY_MODEL,
    NU__UNMANAGED_MODEL
} nu__model_kind;

typedef struct nu__renamed {
    const char *app, *model; /* model NULL: a model itself was renamed */
    const char *old, *name;
} nu__renamed;

typedef struct nu__detector {
    nu__project_state *from, *to;
    nu__graph *graph;
    const nu__questioner *ask;
    const nu__detection *what;
    nu__app_operations *apps;
    size_t n_apps;
    nu__renamed *renamed;
    size_t n_renamed, renamed_capacity;
    nu__kept_models kept, proxies, unmanaged, switched; /* sorted by app and name */
} nu__detector;

/* ---- models -------------------------------------------------------------------------------- */

nu__model_kind nu__kind_of_model(const nu_model *model);
/* By app label and lower-case name. */
int nu__compare_models(const nu_model *a, const nu_model *b);
/* Whether an app's models are looked at: it has migrations, or was named. */
bool nu__app_is_watched(const nu__detector *d, const char *app);

void nu__remember_renamed(nu__detector *d, nu__renamed renamed);
/* Of a model now called `name`, what it was called; NULL: it was not renamed. */
const char *nu__renamed_model(const nu__detector *d, const char *app, const char *name);
const char *nu__renamed_field(const nu__detector *d, const nu_model *model, const char *name);
/* Whether a field of before lives on under another name. */
bool nu__is_renamed_away(const nu__detector *d, const nu_model *model, const char *old);

/* Those of `kind` in one state that the other lacks, in their order; ends with NULL. */
const nu_model **nu__models_only_in(const nu__detector *d, const nu__project_state *state,
                                    const nu__project_state *other, nu__model_kind kind);
bool nu__is_relation(const nu_field *field);
/* Names of a model's fields in their order. */
const char **nu__sorted_field_names(const nu_model *model, size_t *n);

/* ---- comparing ----------------------------------------------------------------------------- */

bool nu__same_field(const nu_field *a, const nu_field *b);
/* A field of before as the renaming of what it refers to leaves it. */
const nu_field *nu__after_renames(const nu__detector *d, const nu_field *field);
bool nu__same_index(const nu_index *a, const nu_index *b);
bool nu__same_constraint(const nu_constraint *a, const nu_constraint *b);

/* ---- operations with what they depend on --------------------------------------------------- */

void nu__depend(nu__dependencies *deps, const char *app, const char *model, const char *field,
                nu__dependency_type type);
/* On what a relation refers to. */
void nu__depend_on_relation(nu__dependencies *deps, const char *app, const nu_field *field);
/* On what all of a model's relations refer to. */
void nu__depend_on_relations(nu__dependencies *deps, const nu_model *model);
void nu__detected(nu__detector *d, const char *app, nu_operation op, nu__dependencies deps);
void nu__detected_first(nu__detector *d, const char *app, nu_operation op, nu__dependencies deps);
bool nu__depends_on(const nu__dependency *dep, const nu_operation *op);
/* With the app and the model that NU_AUTH_USER_MODEL stands for. */
nu__dependency nu__resolved(const nu__dependency *dep);

/* ---- steps --------------------------------------------------------------------------------- */

void nu__detect_renamed_models(nu__detector *d);
void nu__detect_kept_models(nu__detector *d);
void nu__detect_deleted_models(nu__detector *d);
void nu__detect_created_models(nu__detector *d);
void nu__detect_deleted_proxies(nu__detector *d);
void nu__detect_created_proxies(nu__detector *d);
void nu__detect_options(nu__detector *d);
void nu__detect_table_comments(nu__detector *d);
void nu__detect_tables(nu__detector *d);
void nu__detect_order(nu__detector *d);
void nu__detect_removed_unique_together(nu__detector *d);
void nu__detect_unique_together(nu__detector *d);
void nu__find_renamed_fields(nu__detector *d);
void nu__detect_renamed_fields(nu__detector *d);
void nu__detect_removed_fields(nu__detector *d);
void nu__detect_added_fields(nu__detector *d);
void nu__detect_altered_fields(nu__detector *d);
void nu__detect_removed_constraints(nu__detector *d);
void nu__detect_removed_indexes(nu__detector *d);
void nu__detect_renamed_indexes(nu__detector *d);
void nu__detect_added_indexes(nu__detector *d);
void nu__detect_added_constraints(nu__detector *d);
void nu__detect_altered_constraints(nu__detector *d);

/* ---- arranging ----------------------------------------------------------------------------- */

/* Sort the operations of an app so that each comes after what it depends on there. Raises
   CircularDependencyError. */
void nu__sort_operations(nu__app_operations *app);
/* The error of an app whose changes depend on each other. */
NU_NORETURN void nu__raise_circle(const char *app);
nu__new_migration *nu__arrange(nu__detector *d, size_t *n);
