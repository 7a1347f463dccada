/* The value of a file field: a name in the storage. */
#include "cli/shell/orm/orm.h"

static nu_str name_of(nu__py self)
{
    return *(const nu_str *)self.cp;
}

static nu__py get_name(nu__py self)
{
    return nu__py_str(name_of(self));
}

static const nu__py_attribute attributes[] = { { "name", get_name }, { 0 } };

static bool truth(nu__py self)
{
    return name_of(self).len > 0;
}

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, name_of(self));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<FieldFile: {}>", name_of(self).len ? name_of(self) : S("None"));
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (NU__PY_IS(b, str))
        *out = nu_eq(name_of(a), b.s);
    else if (a.type == b.type)
        *out = nu_eq(name_of(a), name_of(b));
    else
        return false;
    return true;
}

static const nu__py_type file_type = { .name = "FieldFile",
                                       .module = "django.db.models.fields.files",
                                       .attributes = attributes,
                                       .truth = truth,
                                       .text = text,
                                       .repr = repr,
                                       .equal = equal };

nu__py nu__orm_file(nu_str name)
{
    nu_str *kept = nu_alloc(nu_str);

    *kept = name.ptr ? name : S("");
    return nu__py_pointer(&file_type, kept);
}
