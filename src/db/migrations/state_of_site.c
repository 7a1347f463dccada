/* The installed models as a state. */
#include "conf/settings.h"
#include "db/backends/base.h"
#include "db/migrations/state.h"

#include <string.h>

/* A choice's default is an enumerator in C, and the value itself in a historical field. */
static void default_of_choice(nu_field *field)
{
    for (int i = 0; field->default_.kind == NU_KIND_INT && i < field->choices->len; i++) {
        const nu_choice *choice = &field->choices->items[i];

        if (choice->number != field->default_.i)
            continue;
        if (field->choices->text)
            field->default_ = (nu_default){ .kind = NU_KIND_STR, .s = choice->value };
        return;
    }
}

static const nu_field *historical_field(const nu_field *field, const char *app,
                                        const char *user_model)
{
    nu_field *copy = nu__field_def_copy(field);

    if (copy->type == NU_CHOICE_FIELD) {
        copy->type = copy->choices->text ? NU_CHAR_FIELD : NU_INTEGER_FIELD;
        default_of_choice(copy);
    }
    if (field->to && field->to->swappable)
        copy->to_name = user_model;
    else if (field->to || field->to_name)
        copy->to_name = nu__field_def_target(field, app);
    copy->to = NULL;
    copy->size = copy->offset = 0;
    memset(copy->validators, 0, sizeof copy->validators);
    if (field->type == NU_MANY_TO_MANY_FIELD) {
        nu_relation_field *many = (nu_relation_field *)copy;

        if (many->through)
            many->through_name = nu_fmt("{}.{}", many->through->app_label, many->through->name).ptr;
        many->through = NULL;
    }
    return copy;
}

/* The key that no one declared is written out, as Django's migrations do. */
static const nu_field *implicit_key(void)
{
    nu_number_field *key = nu_alloc(nu_number_field);

    key->base.name = "id";
    key->base.type = NU_BIG_AUTO_FIELD;
    key->base.primary_key = true;
    key->base.verbose_name = "ID";
    return &key->base;
}

/* The column that .order_with_respect_to brings by itself. */
static bool is_order(const nu__model_info *info, const char *name)
{
    return info->model->order_with_respect_to && !strcmp(name, "_order");
}

/* A key that the site does not declare, and fields of abstract bases, are the model's own in a
   migration, as in Django's. */
static size_t add_inherited(const nu__model_info *info, const char *user_model,
                            const nu_field **fields)
{
    const char *app = info->model->app_label;
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if (!info->fields[i].origin && !is_order(info, info->fields[i].def->name))
            fields[n++] = historical_field(info->fields[i].def, app, user_model);
    for (size_t i = 0; i < info->n_many; i++)
        if (!info->many[i].origin)
            fields[n++] = historical_field(info->many[i].def, app, user_model);
    return n;
}

static size_t add_own(const nu__model_info *info, const char *user_model, const nu_field **fields)
{
    size_t n = 0;

    if (info->pk->implicit)
        fields[n++] = implicit_key();
    for (size_t i = 0; i < nu__model_field_count(info->model); i++)
        if (!is_order(info, info->model->fields[i]->name))
            fields[n++] =
                historical_field(info->model->fields[i], info->model->app_label, user_model);
    return n;
}

/* Bases by name; abstract ones leave nothing but their fields. */
static void name_bases(nu_model *historical, const nu_model *model)
{
    size_t n = 0;

    memset(historical->bases, 0, sizeof historical->bases);
    for (size_t i = 0; i < 4 && model->bases[i].model; i++)
        if (!model->bases[i].model->abstract)
            historical->bases_by_name[n++] =
                nu_fmt("{}.{}", model->bases[i].model->app_label, model->bases[i].model->name).ptr;
}

static void add_site_model(nu__project_state *state, const nu__model_info *info)
{
    nu_model historical;

    memcpy(&historical, info->model, sizeof historical);
    memset(historical.fields, 0, sizeof historical.fields);
    historical.size = historical.align = historical.id_size = historical.id_offset = 0;
    name_bases(&historical, info->model);
    if (info->model->order_with_respect_to)
        memset(historical.ordering, 0, sizeof historical.ordering); /* said by that */
    else
        memcpy(historical.ordering, nu__model_ordering(info), sizeof historical.ordering);
    if (info->model->bases[0].model)
        add_inherited(info, state->user_model, historical.fields);
    else
        add_own(info, state->user_model, historical.fields);
    for (size_t i = 0; i < 16 && nu__index_is_there(&historical.indexes[i]); i++)
        if (!historical.indexes[i].name)
            historical.indexes[i].name = nu__schema_index_name(info, &historical.indexes[i]).ptr;
    nu__state_add(state, info->model->app_label, &historical);
}

nu__project_state *nu__state_of_site(const char *user_model)
{
    const nu__registry *registry = nu__models();
    nu__project_state *state = nu__state_new(user_model);

    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created && !registry->models[i]->model->swappable)
            add_site_model(state, registry->models[i]);
    return state;
}

const char *nu__user_model_label(void)
{
    const nu_model *user = nu__settings.site ? nu__settings.site->auth_user_model : NULL;

    return user ? nu_fmt("{}.{}", user->app_label, user->name).ptr : "auth.User";
}
