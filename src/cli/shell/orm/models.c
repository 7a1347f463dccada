/* Models as classes: their types, objects, exceptions, and making instances. */
#include "apps/registry.h"
#include "cli/shell/orm/instance_dict.h"
#include "cli/shell/orm/instance_methods.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <string.h>

/* ---- types ----------------------------------------------------------------------------------- */

/* "registry.models"; the apps that Django has too go by its names. */
static const char *module_of(const nu__model_info *info)
{
    const nu__app_config *app = nu__app_find(info->app_label);
    nu_str name = app ? app->name : info->app_label, own = S("nuages.");

    if (nu_starts_with(name, own)) {
        name = (nu_str){ name.ptr + own.len, name.len - own.len };
        return nu_fmt("django.{}.models", name).ptr;
    }
    return nu_fmt("{}.models", name).ptr;
}

const nu__py_type *nu__orm_type_of(nu__model_info *info)
{
    nu__py_type like = nu__orm_model_type;

    like.base = &nu__orm_model_type;
    like.of = info;
    like.module = module_of(info);
    return nu__orm_type_kept(&like, info->name.ptr);
}

/* "Student.DoesNotExist" */
static const nu__py_type *error_like(nu__model_info *info, const nu__py_type *base,
                                     nu_error_class klass)
{
    nu__py_type like = { .base = base, .error = klass, .of = info, .module = module_of(info) };

    like.qualname = nu_fmt("{}.{}", info->name, nu_error_class_name(klass)).ptr;

    return nu__orm_type_kept(&like, nu_error_class_name(klass));
}

const nu__py_type *nu__orm_error_of(nu__model_info *info, nu_error_class klass)
{
    return error_like(info, &nu__py_errors[klass], klass);
}

const nu__py_type *nu__orm_missing_related(nu__model_info *to)
{
    return error_like(to, nu__orm_error_of(to, NU_DOES_NOT_EXIST),
                      NU_RELATED_OBJECT_DOES_NOT_EXIST);
}

nu__model_info *nu__orm_model_of(const nu__py_type *type)
{
    return nu__py_is_a(type, &nu__orm_model_type) ? (nu__model_info *)type->of : NULL;
}

static nu__model_info *model_needed(const nu__py_type *type)
{
    nu__model_info *info = nu__orm_model_of(type);

    if (!info)
        nu_raise(NU_TYPE_ERROR, "Model instances cannot be made of Model itself");
    return info;
}

/* ---- making instances ------------------------------------------------------------------------ */

static nu_var positional(const nu__model_info *info, size_t i, nu__py value)
{
    if (i >= info->n_fields)
        nu_raise(NU_INDEX_ERROR, "Number of args exceeds number of fields");
    return (nu_var){ info->fields[i].attname.ptr, nu__py_to_value(value) };
}

/* "pk" counts for more than the key's own name: it is set behind the fields. */
static void key_last(nu_var *values)
{
    size_t n = 0, at = 0;
    nu_var key;

    while (values[n].key)
        n++;
    while (at < n && !nu_eq(nu_s(values[at].key), "pk"))
        at++;
    if (at == n)
        return;
    key = values[at];
    for (; at + 1 < n; at++)
        values[at] = values[at + 1];
    values[n - 1] = key;
}

static nu__py make_instance(const nu__py_type *type, const nu__py_call *call)
{
    nu__model_info *info = model_needed(type);
    nu_var *values = nu_alloc_array(nu_var, call->n + call->n_keywords + 1);

    for (size_t i = 0; i < call->n; i++)
        values[i] = positional(info, i, call->args[i]);
    for (size_t i = 0; i < call->n_keywords; i++) {
        const nu__field *field = nu__model_field(info, call->keywords[i].name);

        if (field && field->index < call->n)
            nu_raise(NU_TYPE_ERROR,
                     "{}() got both positional and keyword arguments for field '{}'.", info->name,
                     field->name);
        values[call->n + i] =
            (nu_var){ nu_copy(call->keywords[i].name).ptr,
                      nu__orm_field_value(info, call->keywords[i].name, call->keywords[i].value) };
    }
    key_last(values);
    return nu__orm_instance(nu_new_by_name(info->model, values));
}

/* Values by column, as the database gave them: those that are not among the names are left out. */
static nu__py from_db(nu__py self, const nu__py *args)
{
    nu__model_info *info = model_needed(self.class_);
    nu__py names = args[1], values = nu__py_collect(args[2], &nu__py_list_type);
    bool all = values.list->len == info->n_fields;
    nu_var *given = nu_alloc_array(nu_var, info->n_fields + 1);
    nu__field_bits deferred = { { 0 } };
    size_t n = 0;
    nu_object *object;

    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!all && !nu__py_contains(names, nu__py_str(field->attname))) {
            nu__set_add(&deferred, (uint32_t)i);
            continue;
        }
        if (n == values.list->len)
            nu__py_raise(&nu__py_stop_iteration, "{}", S(""));
        given[n] = (nu_var){ field->attname.ptr,
                             nu__orm_field_value(info, field->name, values.list->items[n]) };
        n++;
    }
    object = nu_new_by_name(info->model, given);
    nu__row_of(object)->deferred = deferred;
    nu__row_of(object)->db = nu__orm_cstr(args[0], "from_db()");
    nu_set_adding_(object, false);
    return nu__orm_instance(object);
}

static const nu__py_method model_statics[] = { { "from_db", "db, field_names, values", from_db },
                                               { 0 } };

/* ---- attributes of the class
 * --------------------------------------------------------------------- */

static bool named_manager(nu__model_info *info, nu_str name, nu__py *out)
{
    const nu_manager *managers = info->model->managers;

    for (int i = 0; i < 8 && managers[i].name; i++)
        if (nu_eq(name, managers[i].name)) {
            *out = nu__orm_manager(info, managers[i].queryset(nu_objects_(info->model)));
            return true;
        }
    return false;
}

static bool model_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    nu__model_info *info = nu__orm_model_of(type);

    if (!info)
        return false;
    if (nu_eq(name, "objects") || nu_eq(name, "_default_manager") || nu_eq(name, "_base_manager"))
        *out = nu__orm_manager(info, NULL);
    else if (nu_eq(name, "_meta"))
        *out = nu__orm_meta(info);
    else if (nu_eq(name, "DoesNotExist"))
        *out = nu__py_class(nu__orm_error_of(info, NU_DOES_NOT_EXIST));
    else if (nu_eq(name, "MultipleObjectsReturned"))
        *out = nu__py_class(nu__orm_error_of(info, NU_MULTIPLE_OBJECTS_RETURNED));
    else
        return named_manager(info, name, out) || nu__orm_choices(info, name, out) ||
               nu__orm_descriptor(info, name, out);
    return true;
}

static void model_static_names(const nu__py_type *type, nu_list *out)
{
    static const char *const names[] = { "objects", "_meta", "DoesNotExist",
                                         "MultipleObjectsReturned" };

    for (size_t i = 0; nu__orm_model_of(type) && i < sizeof names / sizeof *names; i++)
        nu_list_append(out, names[i]);
}

const nu__py_type nu__orm_model_type = {
    .name = "Model",
    .module = "django.db.models.base",
    .methods = nu__orm_instance_methods,
    .attributes = nu__orm_instance_attributes,
    .statics = model_statics,
    .make_any = make_instance,
    .get = nu__orm_instance_get,
    .set = nu__orm_instance_set,
    .del = nu__orm_instance_del,
    .copy = nu__orm_instance_copy,
    .names = nu__orm_instance_names,
    .get_static = model_static,
    .static_names = model_static_names,
    .equal = nu__orm_instance_equal,
    .hash = nu__orm_instance_hash,
    .repr = nu__orm_instance_repr,
    .text = nu__orm_instance_text,
    .json = nu__orm_instance_json,
};
