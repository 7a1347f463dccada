#include "db/migrations/state.h"

#include "conf/settings.h"
#include "core/suggest.h"
#include "db/backends/base.h"

#include <string.h>
#include <strings.h>

bool nu__same_name(const char *a, const char *b)
{
    return a && b && !strcasecmp(a, b);
}

/* ---- descriptors --------------------------------------------------------------------------- */

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
    nu_model *copy = nu_alloc(nu_model);

    memcpy(copy, state->models[i], sizeof *copy);
    copy->meta = nu_alloc(nu_meta);
    state->models[i] = copy;
    state->registry = NULL;
    return copy;
}

void nu__state_add(nu__project_state *state, const char *app, const nu_model *model)
{
    nu_model *copy = nu_alloc(nu_model);

    if (position(state, app, model->name) < state->n)
        nu_raise(NU_MIGRATION_ERROR, "the migrations of {} create the model {} twice", app,
                 model->name);
    if (state->n + 1 == state->capacity) {
        const nu_model **models = nu_alloc_array(const nu_model *, state->capacity * 2);

        memcpy(models, state->models, state->n * sizeof *models);
        state->models = models;
        state->capacity *= 2;
    }
    memcpy(copy, model, sizeof *copy);
    copy->klass = (nu_class){ &nu__model_ops, copy->name };
    copy->meta = nu_alloc(nu_meta);
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
        if (!copy) {
            copy = nu_alloc(nu_model);
            memcpy(copy, model, sizeof *copy);
            copy->meta = nu_alloc(nu_meta);
        }
        named = memcpy(nu_alloc_(1, nu__field_def_size(field)), field, nu__field_def_size(field));
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

/* ---- the site's models --------------------------------------------------------------------- */

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
    size_t size = nu__field_def_size(field);
    nu_field *copy = memcpy(nu_alloc_(1, size), field, size);

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

/* A key that the site does not declare, and fields of abstract bases, are the model's own in a
   migration, as in Django's. */
static size_t add_inherited(const nu__model_info *info, const char *user_model,
                            const nu_field **fields)
{
    const char *app = info->model->app_label;
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if (!info->fields[i].origin)
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
        fields[n++] = historical_field(info->model->fields[i], info->model->app_label, user_model);
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
