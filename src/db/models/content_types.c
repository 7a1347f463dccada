#include "db/models/content_types.h"

#include "core/fault.h"
#include "core/object.h"
#include "db/sql/compiled_cache.h"

#include <nuages/managers.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is known ------------------------------------------------------------------------ */

typedef struct known {
    char *alias, *app_label, *model;
    int64_t id;
} known;

static known *all;
static size_t n_all, cap_all;

static const known *find_type(const char *using, nu_str app_label, nu_str model)
{
    for (size_t i = 0; i < n_all; i++)
        if (!strcmp(all[i].alias, using) && nu_eq(app_label, all[i].app_label) &&
            nu_eq(model, all[i].model))
            return &all[i];
    return NULL;
}

static const known *find_id(const char *using, int64_t id)
{
    for (size_t i = 0; i < n_all; i++)
        if (all[i].id == id && !strcmp(all[i].alias, using))
            return &all[i];
    return NULL;
}

static void release(known *one)
{
    free(one->alias);
    free(one->app_label);
    free(one->model);
}

static bool grow(void)
{
    size_t cap = cap_all ? 2 * cap_all : 32;
    known *grown = nu__fault_now() ? NULL : realloc(all, cap * sizeof(*grown));

    if (!grown)
        return false;
    all = grown;
    cap_all = cap;
    return true;
}

/* Without memory it is asked for again the next time. */
static void keep_type(const char *using, nu_str app_label, nu_str model, int64_t id)
{
    known one = { strdup(using), strndup(app_label.ptr, app_label.len),
                  strndup(model.ptr, model.len), id };

    if (!one.alias || !one.app_label || !one.model || (n_all == cap_all && !grow())) {
        release(&one);
        return;
    }
    all[n_all++] = one;
}

void nu__content_types_forget(void)
{
    for (size_t i = 0; i < n_all; i++)
        release(&all[i]);
    free(all);
    all = NULL;
    n_all = cap_all = 0;
    nu__compiled_clear(); /* joins over generic relations have the numbers in them */
}

/* ---- the table ---------------------------------------------------------------------------- */

static nu_query *types(const nu__registry *registry, const char *using)
{
    nu__model_info *info = nu__registry_find(registry, S("contenttypes.ContentType"));
    nu_query *query;

    if (!info)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "a generic relation needs contenttypes_app in settings.installed_apps");
    query = nu__query_new(info);
    query->using = using;
    return query;
}

/* One that this transaction made may be rolled back: it is not kept. */
int64_t nu__content_type_id(const nu__model_info *info, const char *using)
{
    const known *one = find_type(using, info->app_label, info->model_name);
    nu_var lookup[] = { { "app_label", nu_v_str(info->app_label) },
                        { "model", nu_v_str(info->model_name) },
                        { 0 } };
    nu_var nothing[1] = { { 0 } };
    nu_object *type;
    bool created;
    int64_t id;

    if (one)
        return one->id;
    type = nu_get_or_create_in_(types(info->registry, using), lookup, nothing, &created);
    id = nu_int(nu__pk_of(type));
    if (!created)
        keep_type(using, info->app_label, info->model_name, id);
    return id;
}

/* Q(app_label=…, model=…) of each that is not known; an empty list: all are. */
static const nu_cond *unknown(const nu__model_info *const *infos, size_t n, const char *using)
{
    nu_cond *conditions = nu_alloc_array(nu_cond, n + 1);
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        const nu_cond one[] = { { .lookup = "app_label", .value = nu_v_str(infos[i]->app_label) },
                                { .lookup = "model", .value = nu_v_str(infos[i]->model_name) },
                                { 0 } };

        if (!find_type(using, infos[i]->app_label, infos[i]->model_name))
            conditions[len++] = nu_expr_cond(nu__q_of(one, NU__AND, false));
    }
    return conditions;
}

static void keep_found(const nu_cond *wanted, const nu__registry *registry, const char *using)
{
    nu_list *found = nu__query_results(
        nu__query_meeting(types(registry, using), nu__q_of(wanted, NU__OR, false)));

    for (size_t i = 0; i < nu_list_len(found); i++) {
        nu_object *type = (nu_object *)(uintptr_t)nu_at(found, i).object;

        keep_type(using, nu_string(nu_field_get_(type, "app_label")),
                  nu_string(nu_field_get_(type, "model")), nu_int(nu__pk_of(type)));
    }
}

void nu__content_types_learn(const nu__model_info *const *infos, size_t n, const char *using)
{
    const nu_cond *wanted;

    if (!n)
        return;
    if (!using)
        using = nu__router_db_for_read(
            nu__registry_find(infos[0]->registry, S("contenttypes.ContentType")), NULL);
    wanted = unknown(infos, n, using);
    if (wanted->op)
        keep_found(wanted, infos[0]->registry, using);
}

nu__model_info *nu__content_type_model(int64_t id, const char *using)
{
    const known *one = find_id(using, id);
    nu_cond condition[] = { { .lookup = "pk", .value = nu_v_int(id) }, { 0 } };
    nu_query *query;
    nu_object *type;
    nu_str app_label, model;

    if (one)
        return nu__registry_find(nu__models(), nu_fmt("{}.{}", one->app_label, one->model));
    query = types(nu__models(), using);
    type = nu_get_(query, nu__query_model(query)->model, condition);
    app_label = nu_string(nu_field_get_(type, "app_label"));
    model = nu_string(nu_field_get_(type, "model"));
    keep_type(using, app_label, model, id);
    return nu__registry_find(nu__models(), nu_fmt("{}.{}", app_label, model));
}
