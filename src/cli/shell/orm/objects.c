/* Objects of the library that are no instances of models, such as a field's file: what templates
   may read of them. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"

static nu_value value_of(nu__py self)
{
    return nu_v_object(self.cp);
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    nu_value value;

    if (!nu__value_truth(value_of(self)) &&
        (nu_eq(name, "url") || nu_eq(name, "size") || nu_eq(name, "path")))
        nu_raise(NU_VALUE_ERROR, "the field has no file associated with it: it has no {}", name);
    if (!nu__value_get(value_of(self), name, &value))
        return false;
    *out = nu__py_of(value);
    return true;
}

static bool truth(nu__py self)
{
    return nu__value_truth(value_of(self));
}

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_string(value_of(self)));
}

static void repr(nu__py self, nu__buf *out)
{
    nu_str shown = nu_string(value_of(self));

    nu__buf_fmt(out, "<{}: {}>", ((const nu_class *)((const nu_object *)self.cp)->type)->name,
                shown.len ? shown : S("None"));
}

static const nu__py_type object_type = { .name = "FieldFile",
                                         .module = "django.db.models.fields.files",
                                         .get = get,
                                         .truth = truth,
                                         .text = text,
                                         .repr = repr };

nu__py nu__orm_object_of(const nu_object *object)
{
    return nu__py_pointer(&object_type, object);
}
