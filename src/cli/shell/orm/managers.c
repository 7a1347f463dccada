/* Managers: of models, and of related rows. */
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <string.h>

static nu__orm_set *set_of(nu__py value)
{
    return value.p;
}

static bool is_manager(nu__py value)
{
    return nu__py_is_a(value.type, &nu__orm_manager_type);
}

nu_query *nu__orm_query_of(nu__py value)
{
    nu__orm_set *set = value.p;

    if (nu__py_is_a(value.type, &nu__orm_queryset_type))
        return set->query;
    if (!is_manager(value))
        return NULL;
    if (set->relation)
        return nu__related_set(set->instance, set->relation, set->reverse);
    return nu_objects_(set->info->model);
}

nu__py nu__orm_manager(nu__model_info *info)
{
    nu__orm_set *set = nu_alloc(nu__orm_set);

    set->info = info;
    return nu__py_pointer(&nu__orm_manager_type, set);
}

nu__py nu__orm_related_manager(nu_object *instance, const nu__relation *relation, bool reverse)
{
    nu__orm_set *set = nu_alloc(nu__orm_set);

    set->info = reverse ? relation->from : relation->to;
    set->instance = instance;
    set->relation = relation;
    set->reverse = reverse;
    set->name = nu_copy(reverse ? relation->accessor : relation->field->name);
    nu__related_set(instance, relation, reverse); /* ValueError for one without a key */
    return nu__py_pointer(&nu__orm_related_manager_type, set);
}

/* ---- named queries
 * ------------------------------------------------------------------------------- */

static nu__py call_named(nu__py self, const nu__py_call *call)
{
    const nu__orm_set *set = self.p;
    const nu_manager *manager = NULL;

    for (int i = 0; i < 8 && set->info->model->managers[i].name; i++)
        if (nu_eq(set->name, set->info->model->managers[i].name))
            manager = &set->info->model->managers[i];
    if (call->n || call->n_keywords)
        nu_raise(NU_TYPE_ERROR, "{}() takes no arguments ({} given)", set->name,
                 call->n + call->n_keywords);
    return nu__orm_queryset(manager->queryset(set->query));
}

static const nu__py_type named_query_type = { .name = "method", .call = call_named };

bool nu__orm_named_query(nu__py self, nu_str name, nu__py *out)
{
    nu_query *query = NULL;
    const nu__model_info *info = set_of(self)->info;
    nu__orm_set *set;

    for (int i = 0; info && i < 8 && info->model->managers[i].name; i++)
        if (nu_eq(name, info->model->managers[i].name)) {
            query = nu__orm_query_of(self);
            set = nu_alloc(nu__orm_set);
            *set = (nu__orm_set){ .query = query,
                                  .info = (nu__model_info *)info,
                                  .name = nu_copy(name) };
            *out = nu__py_pointer(&named_query_type, set);
            return true;
        }
    return false;
}

/* ---- related rows
 * ---------------------------------------------------------------------------------- */

static nu_relating relating_of(nu__py through_defaults, nu__py bulk)
{
    return (nu_relating){ .through_defaults = nu__orm_is_none(through_defaults)
                                                  ? NULL
                                                  : nu__orm_vars(through_defaults),
                          .one_by_one = !nu__py_true_or(bulk, true) };
}

static nu__py add(nu__py self, const nu__py *args)
{
    const nu__orm_set *set = set_of(self);
    nu_relating how = relating_of(args[2], args[1]);

    nu_related_add_(set->instance, set->name.ptr, nu__orm_values(args[0]), &how);
    return nu__py_none();
}

static nu__py remove_(nu__py self, const nu__py *args)
{
    const nu__orm_set *set = set_of(self);
    nu_relating how = relating_of((nu__py){ 0 }, args[1]);

    nu_related_remove_(set->instance, set->name.ptr, nu__orm_values(args[0]), &how);
    return nu__py_none();
}

static nu__py clear(nu__py self, const nu__py *args)
{
    const nu__orm_set *set = set_of(self);
    nu_relating how = relating_of((nu__py){ 0 }, args[0]);

    nu_related_clear_(set->instance, set->name.ptr, &how);
    return nu__py_none();
}

static nu__py set(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(args[3], args[1]);

    how.clear = nu__py_true_or(args[2], false);
    nu_related_set_(own->instance, own->name.ptr,
                    nu__py_to_value(nu__py_collect(args[0], &nu__py_list_type)), &how);
    return nu__py_none();
}

static nu__py create(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(args[0], (nu__py){ 0 });

    return nu__orm_instance(
        nu_related_create_(own->instance, own->name.ptr, nu__orm_vars(args[1]), &how));
}

static nu__py get_or_create(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(args[1], (nu__py){ 0 });
    bool created = false;
    nu_object *object = nu_related_get_or_create_(
        own->instance, own->name.ptr, nu__orm_vars(args[2]), nu__orm_vars(args[0]), &how, &created);

    return nu__py_pair(nu__orm_instance(object), nu__py_bool(created));
}

static nu__py update_or_create(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(args[2], (nu__py){ 0 });
    bool created = false;
    nu_object *object = nu_related_update_or_create_(
        own->instance, own->name.ptr, nu__orm_vars(args[3]), nu__orm_vars(args[0]),
        nu__orm_is_none(args[1]) ? NULL : nu__orm_vars(args[1]), &how, &created);

    return nu__py_pair(nu__orm_instance(object), nu__py_bool(created));
}

static const nu__py_method related_methods[] = {
    { "add", "*objs, bulk=, through_defaults=", add },
    { "remove", "*objs, bulk=", remove_ },
    { "clear", "*, bulk=", clear },
    { "set", "objs, *, bulk=, clear=, through_defaults=", set },
    { "create", "through_defaults=, **kwargs", create },
    { "get_or_create", "defaults=, through_defaults=, **kwargs", get_or_create },
    { "update_or_create", "defaults=, create_defaults=, through_defaults=, **kwargs",
      update_or_create },
    { 0 },
};

/* ---- text
 * -------------------------------------------------------------------------------------------- */

static void manager_text(nu__py self, nu__buf *out)
{
    const nu__orm_set *own = set_of(self);

    if (own->relation)
        nu__buf_fmt(out, "{}.None", own->info->label);
    else
        nu__buf_fmt(out, "{}.objects", own->info->label);
}

static bool manager_get(nu__py self, nu_str name, nu__py *out)
{
    if (nu_eq(name, "get_queryset")) {
        nu__py all;

        if (!nu__py_find(self, S("all"), &all))
            return false;
        *out = all;
        return true;
    }
    return nu__orm_named_query(self, name, out);
}

const nu__py_type nu__orm_manager_type = {
    .name = "Manager",
    .module = "django.db.models.manager",
    .base = &nu__orm_rows_type,
    .get = manager_get,
    .text = manager_text,
    .repr = manager_text,
};

const nu__py_type nu__orm_related_manager_type = {
    .name = "RelatedManager",
    .base = &nu__orm_manager_type,
    .module = "django.db.models.fields.related_descriptors",
    .methods = related_methods,
};
