/* Fields and relations as attributes of a model's class: Student.gpa, Course.tags.through. */
#include "cli/shell/orm/orm.h"

typedef struct descriptor {
    const nu__field *field;       /* the model's own */
    const nu__relation *relation; /* either side's */
    bool reverse;
} descriptor;

static const descriptor *of(nu__py self)
{
    return self.cp;
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    const descriptor *d = of(self);
    nu__model_info *to = !d->relation ? NULL : d->reverse ? d->relation->from : d->relation->to;

    if (nu_eq(name, "field") && d->field)
        *out = nu__orm_field(d->field);
    else if (nu_eq(name, "through") && d->relation && d->relation->through)
        *out = nu__py_class(nu__orm_type_of(d->relation->through));
    else if (nu_eq(name, "RelatedObjectDoesNotExist") && to)
        *out = nu__py_class(nu__orm_missing_related(to));
    else
        return false;
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    const descriptor *d = of(self);

    nu__buf_fmt(out, "<descriptor of {}>", d->field ? d->field->name : d->relation->accessor);
}

static const nu__py_type descriptor_type = {
    .name = "DeferredAttribute", .module = "django.db.models.query_utils", .get = get, .repr = repr
};

bool nu__orm_descriptor(nu__model_info *info, nu_str name, nu__py *out)
{
    const nu__field *field = nu__model_field(info, name), *many = nu__model_many(info, name);
    const nu__relation *reverse = nu__model_reverse(info, name);
    descriptor *d;

    if ((!field && !many && !reverse) || nu_eq(name, "pk"))
        return false;
    d = nu_alloc(descriptor);
    d->field = field ? field : many;
    d->relation = d->field ? d->field->relation : reverse;
    d->reverse = !d->field;
    *out = nu__py_pointer(&descriptor_type, d);
    return true;
}
