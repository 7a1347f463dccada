/* The methods of query sets that write. */
#include "cli/shell/orm/instance_methods.h"
#include "cli/shell/orm/json_members.h"
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"

#include <nuages/managers.h>

static const nu__model_info *model_of(nu__py self)
{
    return nu__query_model(nu__orm_self(self));
}

/* ---- one row --------------------------------------------------------------------------------- */

nu__py nu__orm_create(nu__py self, const nu__py *args)
{
    return nu__orm_instance(
        nu_create_in_(nu__orm_self(self), nu__orm_field_vars(model_of(self), args[0])));
}

static nu__py with_flag(const nu_object *object, bool created)
{
    return nu__py_pair(nu__orm_instance(object), nu__py_bool(created));
}

nu__py nu__orm_get_or_create(nu__py self, const nu__py *args)
{
    bool created = false;
    const nu_object *object =
        nu_get_or_create_in_(nu__orm_self(self), nu__orm_field_vars(model_of(self), args[1]),
                             nu__orm_defaults(model_of(self), args[0]), &created);

    return with_flag(object, created);
}

nu__py nu__orm_update_or_create(nu__py self, const nu__py *args)
{
    bool created = false;
    const nu_object *object = nu_update_or_create_in_(
        nu__orm_self(self), nu__orm_field_vars(model_of(self), args[2]),
        nu__orm_defaults(model_of(self), args[0]),
        nu__orm_is_none(args[1]) ? NULL : nu__orm_defaults(model_of(self), args[1]), &created);

    return with_flag(object, created);
}

/* ---- many rows
 * ----------------------------------------------------------------------------------- */

/* The first field of the model that the object has not. */
static void check_model(const nu__model_info *model, const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < model->n_fields && !nu__model_is_a(info, model); i++)
        if (!nu__model_field(info, model->fields[i].name))
            nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '{}'", info->name,
                     model->fields[i].attname);
    if (!nu__model_is_a(info, model))
        nu_raise(NU_TYPE_ERROR, "{} is no {}", info->label, model->label);
}

static nu_object *const *objects_of(const nu__model_info *model, nu__py list)
{
    nu_object **objects = nu_alloc_array(nu_object *, list.list->len + 1);

    for (size_t i = 0; i < list.list->len; i++) {
        objects[i] = nu__orm_object(list.list->items[i]);
        if (!objects[i])
            nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'pk'",
                     list.list->items[i].type->name);
        check_model(model, objects[i]);
        nu__orm_json_back(objects[i]);
    }
    return objects;
}

static int batch_size_of(nu__py value, const char *refusal)
{
    int64_t size = nu__py_int_or(value, 0, "batch_size");

    if (!nu__orm_is_none(value) && size <= 0)
        nu_raise(NU_VALUE_ERROR, "{}", refusal);
    return size > INT32_MAX ? INT32_MAX : (int)size;
}

static void take_names(nu__py value, const char *what, const char **out, size_t most)
{
    const char *const *names;

    if (nu__orm_is_none(value))
        return;
    names = nu__orm_names_of(value, what);
    for (size_t i = 0; names[i]; i++) {
        if (i == most)
            nu_raise(NU_VALUE_ERROR, "{} takes at most {} names", what, most);
        out[i] = names[i];
    }
}

nu__py nu__orm_bulk_create(nu__py self, const nu__py *args)
{
    nu_query *rows = nu__orm_self(self); /* before all: a manager's parent may have no key yet */
    nu__py list = nu__py_collect(args[0], &nu__py_list_type);
    nu_bulk options = { .batch_size =
                            batch_size_of(args[1], "Batch size must be a positive integer."),
                        .ignore_conflicts = nu__py_true_or(args[2], false) };
    bool update = nu__py_true_or(args[3], false);

    take_names(args[4], "update_fields", options.update_fields,
               sizeof options.update_fields / sizeof *options.update_fields);
    take_names(args[5], "unique_fields", options.unique_fields,
               sizeof options.unique_fields / sizeof *options.unique_fields);
    options.update_conflicts = update;
    if (!update)
        options.update_fields[0] = NULL;
    if (list.list->len)
        nu_bulk_create_in_(rows, objects_of(model_of(self), list), list.list->len, &options);
    return list;
}

nu__py nu__orm_bulk_update(nu__py self, const nu__py *args)
{
    int batch = batch_size_of(args[2], "Batch size must be a positive integer.");
    const char *const *names = nu__orm_names_of(args[1], "bulk_update()");
    nu__py list;

    if (!names[0]) /* before the rows are read */
        nu_raise(NU_VALUE_ERROR, "Field names must be given to bulk_update().");
    list = nu__py_collect(args[0], &nu__py_list_type);
    return nu__py_int(nu_bulk_update_(nu__orm_self(self), objects_of(model_of(self), list),
                                      list.list->len, names, batch));
}

nu__py nu__orm_update(nu__py self, const nu__py *args)
{
    return nu__py_int(nu_update_(nu__orm_self(self), nu__orm_field_vars(model_of(self), args[0])));
}

nu__py nu__orm_deleted(nu_deleted deleted)
{
    return nu__py_pair(nu__py_int(deleted.total), nu__py_of(nu_v_dict(deleted.by_model)));
}

nu__py nu__orm_delete(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__orm_deleted(nu_delete_all_counted(nu__orm_self(self)));
}
