#include "db/migrations/detector.h"

#include "apps/registry.h"

#include <string.h>

/* ---- without a person to ask --------------------------------------------------------------- */

static bool no_initial(void *self, const char *app)
{
    (void)self;
    (void)app;
    return false;
}

static bool no_rename_model(void *self, const nu_model *old, const nu_model *model)
{
    (void)self;
    (void)old;
    (void)model;
    return false;
}

static bool no_rename_field(void *self, const nu_model *model, const nu_field *old,
                            const nu_field *field)
{
    (void)self;
    (void)model;
    (void)old;
    (void)field;
    return false;
}

static void no_value(void *self, const nu_model *model, const nu_field *field, nu__one_off *out)
{
    (void)self;
    (void)model;
    (void)field;
    *out = (nu__one_off){ .call = NULL };
}

static nu__answer no_alteration(void *self, const nu_model *model, const nu_field *field,
                                nu__one_off *out)
{
    no_value(self, model, field, out);
    return NU__ANSWER_NONE;
}

static void no_question(void *self, const nu_model *model, const nu_field *field)
{
    (void)self;
    (void)model;
    (void)field;
}

const nu__questioner nu__silent_questioner = {
    .initial = no_initial,
    .rename_model = no_rename_model,
    .rename_field = no_rename_field,
    .not_null_addition = no_value,
    .not_null_alteration = no_alteration,
    .auto_now_add_addition = no_value,
    .unique_callable = no_question,
};

/* ---- what is compared ---------------------------------------------------------------------- */

nu__detection nu__detection_of_site(nu__graph *graph)
{
    return (nu__detection){ .from = nu__graph_state(graph, NULL, false),
                            .to = nu__state_of_site(nu__user_model_label()),
                            .graph = graph };
}

/* The stand-in for the site's users is in the migrations of its app, whatever model they are. */
static void keep_swapped(nu__detector *d)
{
    for (size_t i = 0; i < d->from->n; i++) {
        const nu_model *model = d->from->models[i];

        if (model->swappable && !nu__state_find(d->to, model->app_label, model->name))
            nu__state_add(d->to, model->app_label, model);
    }
}

/* The key that the site's users have here is said by its setting on both sides. */
static void name_users_by_setting(nu__project_state *state)
{
    const char *users = nu__user_model_label();

    for (size_t i = 0; i < state->n; i++) {
        const nu_model *model = state->models[i];

        for (size_t k = 0; k < nu__model_field_count(model); k++) {
            const nu_field *field = model->fields[k];
            nu_field *named;

            if (!field->to_name ||
                !nu__same_name(nu__label(model->app_label, field->to_name), users))
                continue;
            named = nu__field_def_copy(field);
            named->to_name = NU_AUTH_USER_MODEL;
            nu__state_change(state, model->app_label, model->name)->fields[k] = named;
            model = state->models[i];
        }
    }
}

nu__new_migration *nu__autodetect(const nu__detection *what, size_t *n)
{
    nu__detector d = { .from = nu__state_copy(what->from),
                       .to = nu__state_copy(what->to),
                       .graph = what->graph,
                       .what = what,
                       .ask = what->questioner ? what->questioner : &nu__silent_questioner };

    d.apps = nu_alloc_array(nu__app_operations, d.from->n + d.to->n + 1);
    keep_swapped(&d);
    name_users_by_setting(d.from);
    name_users_by_setting(d.to);
    nu__detect_renamed_models(&d);
    nu__detect_kept_models(&d);
    nu__detect_deleted_models(&d);
    nu__detect_created_models(&d);
    nu__detect_deleted_proxies(&d);
    nu__detect_created_proxies(&d);
    nu__detect_options(&d);
    nu__detect_table_comments(&d);
    nu__find_renamed_fields(&d);
    nu__detect_removed_constraints(&d);
    nu__detect_removed_indexes(&d);
    nu__detect_renamed_fields(&d);
    nu__detect_renamed_indexes(&d);
    nu__detect_removed_unique_together(&d);
    nu__detect_removed_fields(&d);
    nu__detect_added_fields(&d);
    nu__detect_altered_fields(&d);
    nu__detect_order(&d);
    nu__detect_unique_together(&d);
    nu__detect_added_indexes(&d);
    nu__detect_added_constraints(&d);
    nu__detect_altered_constraints(&d);
    nu__detect_tables(&d);
    return nu__arrange(&d, n);
}
