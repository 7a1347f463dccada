/* Models and their instances. */
#include "cli/shell/orm/orm.h"

#include "core/json.h"
#include "core/object.h"

/* ---- classes --------------------------------------------------------------------------------- */

static bool class_get(const nu__py_type *type, nu_str name, nu__py *out)
{
    nu__model_info *info = (nu__model_info *)type->of;

    if (!info || !nu_eq(name, "objects"))
        return false;
    *out = nu__py_pointer(&nu__orm_manager_type, nu_objects_(info->model));
    return true;
}

const nu__py_type *nu__orm_model_class(nu__model_info *info)
{
    static _Thread_local nu_dict *classes;
    nu__py_type *type;
    nu_value found;

    if (!classes)
        classes = nu_dict_new();
    if (nu_dict_find(classes, info->label, &found))
        return found.p;
    type = nu_alloc(nu__py_type);
    type->name = nu_copy(info->name).ptr;
    type->module = nu_fmt("{}.models", info->app_label).ptr;
    type->base = &nu__orm_model_type;
    type->of = info;
    nu_dict_set_str(classes, info->label, (nu_value){ .kind = NU_KIND_CALLABLE, .p = type });
    return type;
}

/* ---- instances ------------------------------------------------------------------------------- */

nu__py nu__orm_instance(const nu_object *object)
{
    return object ? nu__py_pointer(nu__orm_model_class(nu__info_of(object)), object)
                  : nu__py_none();
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    nu_value value;

    if (nu_eq(name, "pk"))
        value = nu__pk_of(self.cp);
    else if (!nu__value_get(nu_v_object(self.cp), name, &value))
        return false;
    *out = nu__py_of(value);
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!NU__PY_IS(a, object) || a.type != b.type)
        return false;
    *out = nu__value_equal(nu_v_object(a.cp), nu_v_object(b.cp));
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    if (!nu__pk_is_set(self.cp))
        nu_raise(NU_TYPE_ERROR, "Model instances without primary key value are unhashable");
    *out = nu__py_hash(nu__py_of(nu__pk_of(self.cp)));
    return true;
}

static void text(nu__py self, nu__buf *out)
{
    nu__buf_value(out, nu_v_object(self.cp));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<{}: {}>", self.type->name, nu__py_text(self));
}

static bool truth(nu__py self)
{
    (void)self;
    return true;
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$model\": \"{}\", \"pk\": ", nu__info_of(self.cp)->label);
    nu__py_json(nu__py_of(nu__pk_of(self.cp)), out);
    nu__buf_lit(out, ", \"str\": ");
    nu__json_str(out, nu__py_text(self), &nu__json_dumps);
    nu__buf_char(out, '}');
}

const nu__py_type nu__orm_model_type = {
    .name = "Model",
    .module = "django.db.models",
    .get = get,
    .get_static = class_get,
    .equal = equal,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .text = text,
    .json = json,
};
