/* Making values; None and what is like it. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"
#include "cli/shell/long.h"
#include "cli/shell/orm/orm.h"
#include "core/list.h"
#include "core/object.h"
#include "core/time.h"
#include "core/wide_int.h"

/* ---- making ---------------------------------------------------------------------------------- */

nu__py nu__py_none(void)
{
    return (nu__py){ .type = &nu__py_none_type };
}

nu__py nu__py_bool(bool value)
{
    return (nu__py){ .type = &nu__py_bool_type, .b = value };
}

nu__py nu__py_int(int64_t value)
{
    return (nu__py){ .type = &nu__py_int_type, .i = value };
}

nu__py nu__py_float(double value)
{
    return (nu__py){ .type = &nu__py_float_type, .f = value };
}

nu__py nu__py_str(nu_str text)
{
    return text.ptr ? (nu__py){ .type = &nu__py_str_type, .s = text } : nu__py_none();
}

nu__py nu__py_decimal(nu_decimal number)
{
    nu_decimal *copy = nu_alloc(nu_decimal);

    *copy = number;
    return (nu__py){ .type = &nu__py_decimal_type, .decimal = copy };
}

nu__py nu__py_bytes(nu_bytes bytes)
{
    return (nu__py){ .type = &nu__py_bytes_type, .bytes = bytes };
}

nu__py nu__py_uuid(nu_uuid uuid)
{
    return (nu__py){ .type = &nu__py_uuid_type, .uuid = uuid };
}

nu__py nu__py_class(const nu__py_type *type)
{
    return (nu__py){ .type = &nu__py_type_type, .class_ = type };
}

nu__py nu__py_pointer(const nu__py_type *type, const void *p)
{
    return (nu__py){ .type = type, .cp = p };
}

/* ---- None, ... ------------------------------------------------------------------------------- */

static bool none_truth(nu__py self)
{
    (void)self;
    return false;
}

static void none_repr(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "None");
}

static void none_json(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "null");
}

const nu__py_type nu__py_none_type = {
    .name = "NoneType", .truth = none_truth, .repr = none_repr, .json = none_json
};

static void ellipsis_repr(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "Ellipsis");
}

const nu__py_type nu__py_ellipsis_type = { .name = "ellipsis", .repr = ellipsis_repr };
