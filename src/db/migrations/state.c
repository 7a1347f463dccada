#include "db/migrations/state.h"

#include "core/suggest.h"

#include <string.h>
#include <strings.h>

bool nu__same_name(const char *a, const char *b)
{
    return a && b && !strcasecmp(a, b);
}

bool nu__same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* ---- descriptors --------------------------------------------------------------------------- */

nu_field *nu__field_def_copy(const nu_field *field)
{
    size_t size = nu__field_def_size(field);

    return memcpy(nu_alloc_(1, size), field, size);
}

nu_model *nu__model_def_copy(const nu_model *model)
{
    nu_model *copy = nu_alloc(nu_model);

    memcpy(copy, model, sizeof *copy);
    copy->meta = nu_alloc(nu_meta);
    return copy;
}

size_t nu__model_field_count(const nu_model *model)
{
    size_t n = 0;

    while (n < sizeof model->fields / sizeof *model->fields && model->fields[n])
        n++;
    return n;
}

const nu_field *nu__model_field_def(const nu_model *model, const char *name)
{
    for (size_t i = 0; i < nu__model_field_count(model); i++)
        if (!strcmp(model->fields[i]->name, name))
            return model->fields[i];
    return NULL;
}

const char *nu__field_def_target(const nu_field *field, const char *app)
{
    if (field->to)
        return nu_fmt("{}.{}", field->to->app_label, field->to->name).ptr;
    if (!field->to_name || strchr(field->to_name, '.'))
        return field->to_name;
    return nu_fmt("{}.{}", app, field->to_name).ptr;
}

/* ---- states -------------------------------------------------------------------------------- */

nu__project_state *nu__state_new(const char *user_model)
{
    nu__project_state *state = nu_alloc(nu__project_state);

    state->capacity = 64;
    state->models = nu_alloc_array(const nu_model *, state->capacity);
    state->user_model = user_model;
    return state;
}

nu__project_state *nu__state_copy(const nu__project_state *state)
{
    nu__project_state *copy = nu_alloc(nu__project_state);

    *copy = *state;
    copy->models = nu_alloc_array(const nu_model *, state->capacity);
    memcpy(copy->models, state->models, state->n * sizeof *state->models);
    return copy;
}

static size_t position(const nu__project_state *state, const char *app, const char *name)
{
    size_t i = 0;

    while (i < state->n && !(nu__same_name(state->models[i]->app_label, app) &&
                             nu__same_name(state->models[i]->name, name)))
        i++;
    return i;
}

const nu_model *nu__state_find(const nu__project_state *state, const char *app, const char *name)
{
    size_t i = position(state, app, name);

    return i < state->n ? state->models[i] : NULL;
}

static size_t must_find(const nu__project_state *state, const char *app, const char *name)
{
    size_t i = position(state, app, name), n = 0;
    const char *names[64];

    if (i < state->n)
        return i;
    for (size_t k = 0; k < state->n && n < 64; k++)
        if (nu__same_name(state->models[k]->app_label, app))
            names[n++] = state->models[k]->name;
    nu_raise(NU_MIGRATION_ERROR, "the migrations of {} have no model {} at this point{}", app, name,
             nu__suggestion(nu_s(name), names, n));
}

nu_model *nu__state_change(nu__project_state *state, const char *app, const char *name)
{
    size_t i = must_find(state, app, name);
    nu_model *copy = nu__model_def_copy(state->models[i]);

    state->models[i] = copy;
    state->registry = NULL;
    return copy;
}

void nu__state_add(nu__project_state *state, const char *app, const nu_model *model)
{
    nu_model *copy;

    if (position(state, app, model->name) < state->n)
        nu_raise(NU_MIGRATION_ERROR, "the migrations of {} create the model {} twice", app,
                 model->name);
    if (state->n + 1 == state->capacity) {
        const nu_model **models = nu_alloc_array(const nu_model *, state->capacity * 2);

        memcpy(models, state->models, state->n * sizeof *models);
        state->models = models;
        state->capacity *= 2;
    }
    copy = nu__model_def_copy(model);
    copy->klass = (nu_class){ &nu__model_ops, copy->name };
    copy->app_label = app;
    state->models[state->n++] = copy;
    state->models[state->n] = NULL;
    state->registry = NULL;
}

void nu__state_remove(nu__project_state *state, const char *app, const char *name)
{
    size_t i = must_find(state, app, name);

    memmove(&state->models[i], &state->models[i + 1], (state->n - i) * sizeof *state->models);
    state->n--;
    state->registry = NULL;
}

/* A descriptor whose relations to the site's users name the model that they are. */
static const nu_model *with_user_model(const nu_model *model, const char *user_model)
{
    nu_model *copy = NULL;

    for (size_t i = 0; i < nu__model_field_count(model); i++) {
        const nu_field *field = model->fields[i];
        nu_field *named;

        if (!field->to_name || strcmp(field->to_name, NU_AUTH_USER_MODEL))
            continue;
        if (!copy)
            copy = nu__model_def_copy(model);
        named = nu__field_def_copy(field);
        named->to_name = user_model;
        copy->fields[i] = named;
    }
    return copy ? copy : model;
}

const nu__registry *nu__state_registry(nu__project_state *state)
{
    const nu_model **models;

    if (state->registry)
        return state->registry;
    models = nu_alloc_array(const nu_model *, state->n + 1);
    for (size_t i = 0; i < state->n; i++)
        models[i] = with_user_model(state->models[i], state->user_model);
    return state->registry = nu__registry_build(models, NULL);
}

const nu__model_info *nu__state_info(nu__project_state *state, const char *app, const char *name)
{
    must_find(state, app, name);
    return nu__registry_find(nu__state_registry(state), nu_fmt("{}.{}", app, name));
}
