/* Renaming in a state: the name itself, and all that refers to it. */
#include "db/migrations/references.h"

#include <string.h>

/* The position of each field that refers to the model, with the model that has it. */
typedef struct referring {
    nu__project_state *state;
    size_t model, field;
} referring;

static bool next_referring(referring *at, const char *app, const char *name, const char *field)
{
    for (; at->model < at->state->n; at->model++, at->field = 0) {
        const nu_model *model = at->state->models[at->model];

        while (at->field < nu__model_field_count(model))
            if (nu__field_refers_to(model->fields[at->field++], model->app_label, app, name, field))
                return true;
    }
    return false;
}

/* The field that was met, in a model that may be written to. */
static nu_relation_field *change_met(referring *at)
{
    const nu_model *was = at->state->models[at->model];
    nu_model *model = nu__state_change(at->state, was->app_label, was->name);
    nu_field *copy = nu__field_def_copy(model->fields[at->field - 1]);

    model->fields[at->field - 1] = copy;
    return (nu_relation_field *)copy;
}

static void repoint_fields(nu__project_state *state, const char *app, const char *old,
                           const char *label)
{
    referring at = { state, 0, 0 };

    while (next_referring(&at, app, old, NULL)) {
        const char *own = state->models[at.model]->app_label;
        nu_relation_field *field = change_met(&at);
        nu__reference reference = nu__reference_of(&field->base, own);

        if (nu__label_is(reference.to, app, old) &&
            !nu__same_text(field->to_name, NU_AUTH_USER_MODEL))
            field->to_name = label;
        if (nu__label_is(reference.through, app, old))
            field->through_name = label;
    }
}

static void repoint_bases(nu__project_state *state, const char *app, const char *old,
                          const char *label)
{
    for (size_t i = 0; i < state->n; i++)
        for (size_t k = 0; k < 4 && state->models[i]->bases_by_name[k]; k++) {
            const nu_model *model = state->models[i];

            if (nu__label_is(nu__label(model->app_label, model->bases_by_name[k]), app, old))
                nu__state_change(state, model->app_label, model->name)->bases_by_name[k] = label;
        }
}

void nu__state_rename_model(nu__project_state *state, const char *app, const char *old,
                            const char *name)
{
    const char *label = nu_fmt("{}.{}", app, name).ptr;
    nu_model *model = nu__state_change(state, app, old);

    if (!nu__same_name(old, name) && nu__state_find(state, app, name))
        nu_raise(NU_MIGRATION_ERROR,
                 "the migrations of {} have a model {} already: {} cannot be "
                 "renamed to it",
                 app, name, old);
    repoint_fields(state, app, old, label);
    repoint_bases(state, app, old, label);
    model = nu__state_change(state, app, old);
    model->name = name;
    model->klass.name = name;
    if (nu__label_is(state->user_model, app, old))
        state->user_model = label;
}

/* ---- fields -------------------------------------------------------------------------------- */

static void rename_in_options(nu_model *model, const char *old, const char *name)
{
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 8 && model->unique_together[i][k]; k++)
            if (!strcmp(model->unique_together[i][k], old))
                model->unique_together[i][k] = name;
    if (nu__same_text(model->order_with_respect_to, old))
        model->order_with_respect_to = name;
}

static void rename_in_keys(nu__project_state *state, const char *app, const char *model,
                           const char *old, const char *name)
{
    referring at = { state, 0, 0 };

    while (next_referring(&at, app, model, old)) {
        nu_relation_field *field = change_met(&at);

        if (nu__same_text(field->to_field, old))
            field->to_field = name;
        for (size_t i = 0; i < 2; i++)
            if (nu__same_text(field->through_fields[i], old))
                field->through_fields[i] = name;
    }
}

void nu__state_rename_field(nu__project_state *state, const char *app, const char *model_name,
                            const char *old, const char *name)
{
    nu_model *model = nu__state_change(state, app, model_name);
    size_t at = 0, n = nu__model_field_count(model);
    nu_field *field;

    while (at < n && strcmp(model->fields[at]->name, old))
        at++;
    if (at == n)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{}.{} has no field named '{}'", app, model_name, old);
    if (nu__model_field_def(model, name))
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has a field {} already: {} cannot be renamed to it",
                 app, model_name, name, old);
    field = nu__field_def_copy(model->fields[at]);
    field->name = name;
    memmove(&model->fields[at], &model->fields[at + 1], (n - at - 1) * sizeof *model->fields);
    model->fields[n - 1] = field; /* last, as in Django */
    rename_in_options(model, old, name);
    rename_in_keys(state, app, model_name, old, name);
}
