/**
 * @file
 * Which field refers to which model and field: what renaming must follow, and what the optimizer
 * must not reorder. Counterpart: django.db.migrations.utils.
 */
#pragma once
#include "db/migrations/state.h"

/* "app.Model" of a name that may lack its app. */
const char *nu__label(const char *app, const char *name);
bool nu__label_is(const char *label, const char *app, const char *name);
/* "registry" of "registry.Student", "Student" of it. */
const char *nu__label_app(const char *label);
const char *nu__label_name(const char *label);

/* What a field of a model of `app` refers to, as labels; NULL: nothing. */
typedef struct nu__reference {
    const char *to, *through;
} nu__reference;
nu__reference nu__reference_of(const nu_field *field, const char *app);
/* Does it refer to the model, and (unless NULL) to the field of that name there? */
bool nu__field_refers_to(const nu_field *field, const char *app, const char *to_app,
                         const char *to_model, const char *to_field);
