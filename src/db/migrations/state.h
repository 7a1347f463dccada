/**
 * @file
 * The models as a point of history has them.
 *
 * A state is a list of descriptors. It is changed by copy: an operation replaces the descriptor of
 * the model it changes, so that keeping the state before costs one array of pointers. The registry
 * (columns, relations) is worked out at the first look. All of it lives in the fiber's arena.
 */
#pragma once
#include "db/models/options.h"

#include <nuages/migrations.h>

typedef struct nu__project_state {
    const nu_model **models; /* ends with NULL */
    size_t n, capacity;
    nu__registry *registry; /* NULL until asked for */
    const char *user_model; /* what NU_AUTH_USER_MODEL means: "auth.User" */
} nu__project_state;

nu__project_state *nu__state_new(const char *user_model);
nu__project_state *nu__state_copy(const nu__project_state *state);
/* The installed models as a state: what makemigrations compares with. */
nu__project_state *nu__state_of_site(const char *user_model);

const nu_model *nu__state_find(const nu__project_state *state, const char *app, const char *name);
/* Raises MigrationError that lists the app's models. */
nu_model *nu__state_change(nu__project_state *state, const char *app, const char *name);
void nu__state_add(nu__project_state *state, const char *app, const nu_model *model);
void nu__state_remove(nu__project_state *state, const char *app, const char *name);
/* Another name, which every relation and base that leads to the model gets too. */
void nu__state_rename_model(nu__project_state *state, const char *app, const char *old,
                            const char *name);
/* The same for a field: unique_together, order_with_respect_to, the foreign keys that hold it. */
void nu__state_rename_field(nu__project_state *state, const char *app, const char *model,
                            const char *old, const char *name);
/* Raises ImproperlyConfigured where a relation leads nowhere. */
const nu__registry *nu__state_registry(nu__project_state *state);
const nu__model_info *nu__state_info(nu__project_state *state, const char *app, const char *name);

/* The field of a descriptor by name; NULL when there is none. */
const nu_field *nu__model_field_def(const nu_model *model, const char *name);
size_t nu__model_field_count(const nu_model *model);
/* "registry.Department" of a foreign key in a model of `app`; NULL when the field is no relation.
 */
const char *nu__field_def_target(const nu_field *field, const char *app);
bool nu__same_name(const char *a, const char *b); /* without regard to case */
bool nu__same_text(const char *a, const char *b); /* NULL is equal to NULL only */
/* A copy that may be written to, in the fiber's arena. */
nu_field *nu__field_def_copy(const nu_field *field);
nu_model *nu__model_def_copy(const nu_model *model);
/* "auth.User": the label of the site's user model. */
const char *nu__user_model_label(void);
