/* What the autodetector and the optimizer make of the scenarios in scenarios.inc, one line for each
   migration and operation. */
#include "db/migrations/autodetector.h"
#include "db/migrations/reduce.h"

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

static void zero(void *self, const nu_model *model, const nu_field *field, nu__one_off *out)
{
    (void)self;
    (void)model;
    (void)field;
    *out = (nu__one_off){ .value = { .kind = NU_KIND_INT } };
}

static nu__answer zero_answer(void *self, const nu_model *model, const nu_field *field,
                              nu__one_off *out)
{
    zero(self, model, field, out);
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
                                           .not_null_addition = zero,
                                           .not_null_alteration = zero_answer,
                                           .auto_now_add_addition = zero,
                                           .unique_callable = go_on };

static void print_operations(const nu_operation *op)
{
    for (; op->kind; op++)
        printf("  %s%s\n", nu__operation_signed(op).ptr, op->one_off_default ? " (once)" : "");
}

static void print_detected(const scenario *s)
{
    nu__detection what = { .from = state_of(s->before), .to = state_of(s->after) };
    nu__new_migration *made;
    size_t n;

    what.graph = graph_of(what.from);
    what.questioner = &questioner;
    made = nu__autodetect(&what, &n);
    for (size_t i = 0; i < n; i++) {
        printf(" %s.%s <-", made[i].app_label, made[i].migration.name);
        for (size_t k = 0; made[i].migration.dependencies[k][0]; k++)
            printf(" %s.%s", made[i].migration.dependencies[k][0],
                   made[i].migration.dependencies[k][1]);
        printf("\n");
        print_operations(made[i].operations);
    }
}

/* Without an `after`: the steps of the first app, made shorter. */
static void print_optimized(const scenario *s)
{
    nu_operation operations[128];
    size_t n = 0;

    for (; s->before[n].app; n++)
        operations[n] = s->before[n].op;
    operations[n] = (nu_operation){ 0 };
    print_operations(nu__optimize(operations, s->before[0].app));
}

static int detect(const nu_command_run *run)
{
    (void)run;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        printf("%s\n", scenarios[i].name);
        if (scenarios[i].after)
            print_detected(&scenarios[i]);
        else
            print_optimized(&scenarios[i]);
    }
    return 0;
}

static const nu_command detect_command = { .name = "detect",
                                           .help = "Print what is found.",
                                           .run = detect };
static const nu_app tools_app = { .name = "tools", .commands = { &detect_command } };
static const nu_settings settings = {
    .secret_key = "for-this-test-only-0123456789abcdefghijklmnopqrstuvwxyz",
    .debug = true,
    .installed_apps = { &tools_app },
    .databases = { Database("default", .engine = "sqlite3", .name = ":memory:") },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
