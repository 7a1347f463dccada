/* The manager of ContentType: types by model, by number, by name. */
#include "db/models/content_types.h"
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"

#include <nuages/contenttypes.h>

static const char *using_of(nu__py self)
{
    return ((const nu__orm_set *)self.cp)->using;
}

static nu__model_info *model_argument(nu__py value)
{
    nu__model_info *info = nu__orm_object(value) ? nu__info_of(nu__orm_object(value)) : NULL;

    if (value.type == &nu__py_type_type)
        info = nu__orm_model_of(value.class_);
    if (!info)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '_meta'", value.type->name);
    return info;
}

static const nu_model *model_meant(nu__py model, nu__py concrete)
{
    nu__model_info *info = model_argument(model);

    return (nu__py_true_or(concrete, true) ? info->concrete : info)->model;
}

static nu__py get_for_model(nu__py self, const nu__py *args)
{
    return nu__orm_instance(
        (nu_object *)nu_content_type_for(model_meant(args[0], args[1]), using_of(self)));
}

static nu__py get_for_models(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    size_t n = args[0].list->len;
    const nu__model_info **infos = nu_alloc_array(const nu__model_info *, n + 1);

    for (size_t i = 0; i < n; i++)
        infos[i] = nu__model_info_of(model_meant(args[0].list->items[i], args[1]));
    nu__content_types_learn(infos, n, using_of(self));
    for (size_t i = 0; i < n; i++)
        nu__py_dict_set(
            out.dict, args[0].list->items[i],
            nu__orm_instance((nu_object *)nu_content_type_for(infos[i]->model, using_of(self))));
    return out;
}

static nu__py get_for_id(nu__py self, const nu__py *args)
{
    return nu__orm_instance(
        (nu_object *)nu_content_type_for_id(nu__py_as_int(args[0], "id"), using_of(self)));
}

static nu__py get_by_natural_key(nu__py self, const nu__py *args)
{
    return nu__orm_instance((nu_object *)nu_content_type_by_natural_key(
        nu__py_as_str(args[0], "app_label"), nu__py_as_str(args[1], "model"), using_of(self)));
}

static nu__py clear_cache(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    nu_content_types_clear_cache();
    return nu__py_none();
}

static const nu__py_method methods[] = {
    { "get_for_model", "model, for_concrete_model=", get_for_model },
    { "get_for_models", "*models, for_concrete_models=", get_for_models },
    { "get_for_id", "id", get_for_id },
    { "get_by_natural_key", "app_label, model", get_by_natural_key },
    { "clear_cache", NULL, clear_cache },
    { 0 },
};

bool nu__orm_content_types_get(nu__py self, nu_str name, nu__py *out)
{
    const nu__orm_set *set = self.cp;

    if (!set->info || set->relation || !nu_eq(set->info->label, "contenttypes.ContentType"))
        return false;
    for (const nu__py_method *method = methods; method->name; method++)
        if (nu_eq(name, method->name)) {
            *out = nu__py_method_of(self, method);
            return true;
        }
    return false;
}

/* ---- of an instance -----------------------------------------------------------------------------
 */

static nu__model_info *model_of(nu__py self)
{
    const nu_model *model = nu_content_type_model_class((const nu_content_type *)self.cp);

    return model ? nu__model_info_of(model) : NULL;
}

static nu__model_info *model_needed(nu__py self)
{
    nu__model_info *info = model_of(self);

    if (!info)
        nu_raise(NU_ATTRIBUTE_ERROR, "the model of {} is no longer installed", nu__py_repr(self));
    return info;
}

static nu__py model_class(nu__py self, const nu__py *args)
{
    nu__model_info *info = model_of(self);

    (void)args;
    return info ? nu__py_class(nu__orm_type_of(info)) : nu__py_none();
}

static nu__py objects_of(nu__py self, nu__py using, nu__py named)
{
    nu_query *query = nu_objects_(model_needed(self)->model);
    nu__py none = nu__py_list_new(&nu__py_tuple_type, 1);

    if (!nu__orm_is_none(using))
        query = nu_using(query, nu__orm_cstr(using, "using"));
    return nu__orm_queryset(nu_filter_(query, nu__orm_conditions(none, named)));
}

static nu__py get_object(nu__py self, const nu__py *args)
{
    nu__py none = nu__py_list_new(&nu__py_tuple_type, 1);

    return nu__orm_get(objects_of(self, args[0], nu__py_dict_new(&nu__py_dict_type)),
                       (const nu__py[]){ none, args[1] });
}

static nu__py get_all_objects(nu__py self, const nu__py *args)
{
    return objects_of(self, (nu__py){ 0 }, args[0]);
}

static nu__py natural_key(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_pair(nu__py_get(self, S("app_label")), nu__py_get(self, S("model")));
}

static const nu__py_method instance_methods[] = {
    { "model_class", NULL, model_class },
    { "get_object_for_this_type", "using=, **kwargs", get_object },
    { "get_all_objects_for_this_type", "**kwargs", get_all_objects },
    { "natural_key", NULL, natural_key },
    { 0 },
};

bool nu__orm_content_type_get(nu__py self, nu_str name, nu__py *out)
{
    const nu__model_info *info = nu__orm_model_of(self.type);

    if (!info || !nu_eq(info->label, "contenttypes.ContentType"))
        return false;
    for (const nu__py_method *method = instance_methods; method->name; method++)
        if (nu_eq(name, method->name)) {
            *out = nu__py_method_of(self, method);
            return true;
        }
    if (!nu_eq(name, "name"))
        return false;
    *out = model_of(self) ? nu__py_str(model_of(self)->verbose_name) : nu__py_get(self, S("model"));
    return true;
}
