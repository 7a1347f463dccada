/* Changes of models, and what the autodetector is told about them. scenarios.inc is written by
   migrations_in_django.py. */
#pragma once
#include "db/migrations/autodetector.h"
#include "db/migrations/operations.h"

#include <nuages/cli.h>
#include <nuages/nuages.h>

#include <stdio.h>
#include <string.h>

typedef struct scenario {
    const char *name;
    struct step {
        const char *app;
        nu_operation op;
    } const *before, *after; /* each ends with an app of NULL */
} scenario;

/* What is answered when a new column called so needs a value. */
struct answer {
    const char *ending;
    nu_field field;
};

#include "scenarios.inc"

static nu__project_state *state_of(const struct step *step)
{
    nu__project_state *state = nu__state_new("auth.User");

    for (; step->app; step++)
        nu__operation_type_of(&step->op)->state(state, step->app, &step->op);
    return state;
}

/* One migration for each app that has models. */
static nu__graph *graph_of(const nu__project_state *state)
{
    nu__graph *graph = nu__graph_build(NULL);

    graph->nodes = nu_alloc_array(nu__node, state->n + 1);
    for (size_t i = 0; i < state->n; i++) {
        const char *app = state->models[i]->app_label;
        nu_migration *migration = nu_alloc(nu_migration);

        if (nu__graph_has_app(graph, nu_s(app)))
            continue;
        *migration = (nu_migration){ .app_label = app, .name = "0001_initial" };
        graph->nodes[graph->n++].migration = migration;
    }
    return graph;
}

static bool yes_initial(void *self, const char *app)
{
    (void)self;
    (void)app;
    return true;
}

static bool yes_model(void *self, const nu_model *old, const nu_model *model)
{
    (void)self;
    (void)old;
    (void)model;
    return true;
}

static bool yes_field(void *self, const nu_model *model, const nu_field *old, const nu_field *field)
{
    (void)self;
    (void)model;
    (void)old;
    (void)field;
    return true;
}

/* By the field's name, which ends with its type; else 0. */
static void value_of(void *self, const nu_model *model, const nu_field *field, nu__one_off *out)
{
    (void)self;
    (void)model;
    *out = (nu__one_off){ .value = { .kind = NU_KIND_INT } };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strchr(field->name, '_') && !strcmp(strchr(field->name, '_'), answers[i].ending))
            *out = (nu__one_off){ answers[i].field.default_, answers[i].field.default_call };
}

static nu__answer value_answer(void *self, const nu_model *model, const nu_field *field,
                               nu__one_off *out)
{
    value_of(self, model, field, out);
    return NU__ANSWER_VALUE;
}

static void go_on(void *self, const nu_model *model, const nu_field *field)
{
    (void)self;
    (void)model;
    (void)field;
}

static const nu__questioner questioner = { .initial = yes_initial,
                                           .rename_model = yes_model,
                                           .rename_field = yes_field,
                                           .not_null_addition = value_of,
                                           .not_null_alteration = value_answer,
                                           .auto_now_add_addition = value_of,
                                           .unique_callable = go_on };

static nu__new_migration *detected(const scenario *s, size_t *n)
{
    nu__detection what = { .from = state_of(s->before), .to = state_of(s->after) };

    what.graph = graph_of(what.from);
    what.questioner = &questioner;
    return nu__autodetect(&what, n);
}
