/* Functions and methods of the rows, bound to what they are of. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"

typedef struct bound {
    nu__py self;
    const nu__py_method *method;
} bound;

nu__py nu__py_method_of(nu__py self, const nu__py_method *method)
{
    bound *b = nu_alloc(bound);

    *b = (bound){ self, method };
    return nu__py_pointer(&nu__py_builtin_type, b);
}

const nu__py_method *nu__py_method_named(const nu__py_method *methods, nu_str name)
{
    for (; methods && methods->name; methods++)
        if (nu_eq(name, methods->name))
            return methods;
    return NULL;
}

/* "str.upper" in messages; functions of modules go by their own name. */
static const char *full_name(const bound *b)
{
    if (b->self.type == &nu__py_none_type || b->self.type == &nu__py_module_type)
        return b->method->name;
    return nu_fmt("{}.{}",
                  b->self.type == &nu__py_type_type ? b->self.class_->name : b->self.type->name,
                  b->method->name)
        .ptr;
}

static nu__py call_bound(nu__py self, const nu__py_call *call)
{
    const bound *b = self.cp;
    nu__py args[NU__PY_MOST_ARGUMENTS];

    nu__py_bind(full_name(b), b->method->signature, call, args);
    return b->method->call(b->self, args);
}

static void repr_bound(nu__py self, nu__buf *out)
{
    const bound *b = self.cp;

    if (b->self.type == &nu__py_none_type || b->self.type == &nu__py_module_type)
        nu__buf_fmt(out, "<built-in function {}>", b->method->name);
    else
        nu__buf_fmt(out, "<built-in method {} of {} object>", b->method->name, b->self.type->name);
}

static bool bound_equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = a.cp == b.cp;
    return true;
}

static nu__py bound_name(nu__py self)
{
    return nu__py_str(nu_s(((const bound *)self.cp)->method->name));
}

static bool has_method(const nu__py_type *type, const nu__py_method *method)
{
    return nu__py_method_named(type->methods, nu_s(method->name)) == method;
}

/* "QuerySet.filter": by the type that has the method. */
static nu__py bound_qualname(nu__py self)
{
    const bound *b = self.cp;
    const nu__py_type *type = b->self.type;

    if (type == &nu__py_none_type || type == &nu__py_module_type)
        return bound_name(self);
    while (type->base && !has_method(type, b->method))
        type = type->base;
    if (NU__PY_IS(b->self, type))
        type = b->self.class_;
    return nu__py_str(
        nu_fmt("{}.{}", type->qualname ? type->qualname : type->name, b->method->name));
}

const nu__py_type nu__py_builtin_type = {
    .name = "builtin_function_or_method",
    .attributes = (const nu__py_attribute[]){ { "__name__", bound_name },
                                              { "__qualname__", bound_qualname },
                                              { NULL, NULL } },
    .call = call_bound,
    .equal = bound_equal,
    .repr = repr_bound,
};
