/* From descriptors to a registry: fields, columns, relations, the models between. */
#include "db/models/registry.h"

#include "core/context.h"
#include "db/backends/base.h"
#include "db/backends/names.h"
#include "db/sql/compiled_cache.h"

#include <string.h>

#define MAX_FIELDS 129 /* 128 declared, and the implicit key */

/* ---- fields ------------------------------------------------------------------------------- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "StudentCourse" as Django's camel_case_to_spaces(): "student course". */
static nu_str camel_to_spaces(nu_str name)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool after_lower = i && name.ptr[i - 1] >= 'a' && name.ptr[i - 1] <= 'z';
        bool starts_word = i + 1 < name.len && !is_upper(name.ptr[i + 1]);

        if (i && is_upper(c) && (after_lower || starts_word))
            nu__buf_char(&out, ' ');
        nu__buf_char(&out, is_upper(c) ? (char)(c + 32) : c);
    }
    return nu__buf_str(&out);
}

/* The `id` that no one declared. */
static const nu_field *implicit_key(const nu_model *model)
{
    nu_number_field *key = nu_alloc(nu_number_field);

    if (model->size && model->id_size != sizeof(nu_id))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}.{}: no field is the primary key, and the member `id` is no nu_id; declare the "
                 "key, such as UUIDField({}, id, .primary_key = true)",
                 model->app_label, model->name, model->name);
    key->base.name = "id";
    key->base.type = NU_BIG_AUTO_FIELD;
    key->base.size = model->size ? sizeof(nu_id) : 0;
    key->base.offset = model->id_offset;
    key->base.verbose_name = "ID";
    return &key->base;
}

static bool is_key(const nu_field *def)
{
    return def->primary_key || def->type == NU_AUTO_FIELD || def->type == NU_BIG_AUTO_FIELD ||
           def->type == NU_SMALL_AUTO_FIELD;
}

/* Whether a field is, or a base brings, the primary key. */
static bool is_keyed(const nu__model_info *info, const nu_model *model)
{
    for (size_t i = 0; i < 128 && model->fields[i]; i++)
        if (is_key(model->fields[i]))
            return true;
    for (size_t i = 0; i < 4 && model->bases[i].model; i++)
        if (!model->bases[i].model->abstract || is_keyed(info, model->bases[i].model))
            return true;
    return model->bases_by_name[0] != NULL;
}

static bool is_link(const nu_field *def)
{
    return def->type == NU_ONE_TO_ONE_FIELD && ((const nu_relation_field *)def)->parent_link;
}

/* The key that no one declares is called so. */
static void refuse_other_id(const nu__model_info *info)
{
    for (size_t i = 0; i < 128 && info->model->fields[i]; i++)
        if (!strcmp(info->model->fields[i]->name, "id"))
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "(models.E004) {}: 'id' can only be used as a field name if the field also "
                     "sets 'primary_key=True'.",
                     info->label);
}

/* The place among the rows of one parent; a struct has a member for it. */
static void add_order(nu__model_info *info)
{
    nu_plain_field *order;

    for (size_t i = 0; i < info->n_fields; i++)
        if (nu_eq(info->fields[i].name, "_order"))
            return;
    if (info->model->size)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}: .order_with_respect_to needs a member `int64_t _order`, and OrderWrt({}) "
                 "among the fields",
                 info->label, info->name);
    order = nu_alloc(nu_plain_field);
    order->base.name = "_order";
    order->base.type = NU_INTEGER_FIELD;
    order->base.read_only = true;
    nu__registry_add_field(info, &order->base, 0);
}

static void add_fields(nu__model_info *info)
{
    const nu_model *model = info->model;
    size_t n = 0, inherited = nu__inherited_count(info);

    while (n < 128 && model->fields[n])
        n++;
    info->fields = nu_alloc_array(nu__field, n + inherited + 2);
    info->many = nu_alloc_array(nu__field, n + inherited + 1);
    if (!is_keyed(info, model)) {
        refuse_other_id(info);
        nu__registry_add_field(info, implicit_key(model), 0);
        info->pk->implicit = true;
    }
    nu__inherit_fields(info);
    for (size_t i = 0; i < n; i++)
        if (!is_link(model->fields[i]))
            nu__registry_add_field(info, model->fields[i], 0);
    if (model->order_with_respect_to)
        add_order(info);
}

/* ---- models ------------------------------------------------------------------------------- */

/* Parents come first. A proxy has its model's table. */
static void add_parents(nu__model_info *info)
{
    nu_base base;

    for (size_t i = 0; (base = nu__base_of(info, i)).model; i++) {
        nu__model_info *parent =
            base.model->abstract ? NULL : nu__registry_ensure(info->registry, base.model);

        if (parent && info->model->proxy)
            info->db_table = parent->db_table;
    }
}

nu__model_info *nu__registry_ensure(nu__registry *registry, const nu_model *model)
{
    for (size_t i = 0; i < registry->n_models; i++)
        if (registry->models[i]->model == model)
            return registry->models[i];
    for (size_t i = 0; registry->given[i]; i++)
        if (registry->given[i] == model)
            return nu__registry_add(registry, model);
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "{}.{}: other models come from it, but it is in no installed app's list of models",
             model->app_label ? model->app_label : "?", model->name);
}

nu_str nu__registry_table_name(nu_str of, nu_str name)
{
    return nu__truncate_name(nu_fmt("{}_{}", of, name), nu__default_name_length());
}

nu__model_info *nu__registry_add(nu__registry *registry, const nu_model *model)
{
    nu__model_info *info = nu_alloc(nu__model_info);

    if (!model->app_label)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "model {} has no .app_label", model->name);
    info->model = model;
    info->registry = registry;
    info->app_label = nu_s(model->app_label);
    info->name = nu_s(model->name);
    info->model_name = nu_lower(info->name);
    info->label = nu_fmt("{}.{}", info->app_label, info->name);
    info->db_table = model->db_table ? nu_s(model->db_table)
                                     : nu__registry_table_name(info->app_label, info->model_name);
    info->verbose_name =
        model->verbose_name ? nu_s(model->verbose_name) : camel_to_spaces(info->name);
    info->verbose_name_plural = model->verbose_name_plural ? nu_s(model->verbose_name_plural)
                                                           : nu_fmt("{}s", info->verbose_name);
    if (nu__registry_find(registry, info->label))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "two models are called {}", info->label);
    info->concrete = info;
    add_parents(info);
    info->id = (uint32_t)registry->n_models;
    registry->models[registry->n_models++] = info;
    model->meta->info = info;
    add_fields(info);
    return info;
}

/* Models made at run time have no struct of the user's: give each field its place. */
static void lay_out(nu__model_info *info)
{
    size_t at = sizeof(nu_object);

    info->size = info->model->size;
    if (info->size)
        return;
    for (size_t i = 0; i < info->n_fields; i++) {
        nu__field *field = &info->fields[i];
        size_t size = nu__member_size(field->member);

        field->offset = at;
        if (field->relation)
            size = (size + 7) / 8 * 8 + sizeof(void *);
        at += (size + 7) / 8 * 8;
    }
    for (size_t i = 0; i < info->n_parents; i++)
        for (size_t k = 0; k < info->n_fields; k++)
            if (info->fields[k].origin && nu_eq(info->fields[k].name, info->parents[i]->pk->name))
                info->parent_links[i]->offset = info->fields[k].offset;
    info->size = at;
}

/* The most many-to-many fields that a model may have of its own. */
static size_t many_of(const nu_model *model)
{
    size_t n = 0;

    for (size_t i = 0; i < 128 && model->fields[i]; i++)
        n += model->fields[i]->type == NU_MANY_TO_MANY_FIELD;
    for (size_t i = 0; i < 4 && model->bases[i].model; i++)
        n += model->bases[i].model->abstract ? many_of(model->bases[i].model) : 0;
    return n;
}

nu__registry *nu__registry_build(const nu_model *const *models, const nu_model *user_model)
{
    nu__registry *registry = nu_alloc(nu__registry);
    size_t n = 0, n_many = 0;

    for (; models[n]; n++)
        n_many += many_of(models[n]);
    registry->given = models;
    registry->models = nu_alloc_array(nu__model_info *, n + n_many + 1);
    for (size_t i = 0; i < n; i++)
        if (!models[i]->abstract)
            nu__registry_ensure(registry, models[i]);
    nu__relations_resolve(registry, user_model);
    registry->given = NULL;
    for (size_t i = 0; i < registry->n_models; i++) {
        lay_out(registry->models[i]);
        nu__names_build(registry->models[i]);
    }
    for (size_t i = 0; i < registry->n_models; i++)
        nu__generics_resolve(registry->models[i]);
    return registry;
}

/* ---- the site's own ----------------------------------------------------------------------- */

static const nu__registry *site_models;
static nu__arena *site_arena;  /* what they lie in, for the life of the process */
static nu__arena *trial_arena; /* while they are set up; still there when that has raised */

static void restore_arena(void *arena)
{
    nu__arena_use(arena);
}

void nu__models_setup(const nu_model *const *models, const nu_model *user_model)
{
    if (trial_arena) /* of a set-up that raised */
        nu__arena_free(trial_arena);
    trial_arena = nu__arena_new();
    if (!trial_arena)
        nu_raise(NU_MEMORY_ERROR, "no memory for the models");
    nu_defer(restore_arena, nu__arena_use(trial_arena));
    site_models = nu__registry_build(models, user_model);
    nu__compiled_clear();
    if (site_arena)
        nu__arena_free(site_arena);
    site_arena = trial_arena;
    trial_arena = NULL;
}

const nu__registry *nu__models(void)
{
    if (!site_models)
        nu_raise(NU_APP_REGISTRY_NOT_READY, "Models aren't loaded yet.");
    return site_models;
}

bool nu__model_is_lasting(const nu__model_info *info)
{
    return info->registry == site_models;
}

void *nu__models_try_alloc(size_t n, size_t size)
{
    return nu__arena_try_alloc(site_arena, n, size);
}

nu__model_info *nu__registry_find(const nu__registry *registry, nu_str label)
{
    nu_str wanted = nu_lower(label);

    for (size_t i = 0; i < registry->n_models; i++)
        if (nu_eq(nu_lower(registry->models[i]->label), wanted))
            return registry->models[i];
    return NULL;
}

nu__model_info *nu__model_info_of(const nu_model *model)
{
    if (!model->meta || !model->meta->info)
        nu_raise(NU_APP_REGISTRY_NOT_READY,
                 "model {} is in no installed app's list of models, or models aren't loaded yet",
                 model->name);
    return model->meta->info;
}
