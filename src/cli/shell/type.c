/* Types as values: type(x), int, Student. */
#include "cli/shell/object.h"

#include "cli/shell/long.h"

static nu__py type_call(nu__py self, const nu__py_call *call)
{
    const nu__py_type *type = self.class_;
    nu__py args[NU__PY_MOST_ARGUMENTS];

    while (type->base && !type->make && !type->make_any)
        type = type->base;
    if (type->make_any)
        return type->make_any(self.class_, call);
    if (!type->make)
        nu_raise(NU_TYPE_ERROR, "cannot create '{}' instances", self.class_->name);
    nu__py_bind(self.class_->name, type->signature, call, args);
    return type->make(self, args);
}

static bool static_named(const nu__py_type *type, nu_str name, nu__py *out)
{
    for (const nu__py_type *t = type; t; t = t->base) {
        for (const nu__py_method *m = t->statics; m && m->name; m++)
            if (nu_eq(name, m->name)) {
                *out = nu__py_method_of(nu__py_class(type), m);
                return true;
            }
        if (t->get_static)
            return t->get_static(type, name, out);
    }
    return false;
}

/* str.upper as a function of its first argument, for map(str.upper, …): the type it was asked of,
   the name, the type that has it. */
static nu__py call_unbound(nu__py self, const nu__py_call *call)
{
    nu__py_list *pair = self.list;
    nu__py_call rest = *call;

    if (!call->n || !nu__py_is_a(call->args[0].type, pair->items[0].class_))
        nu_raise(NU_TYPE_ERROR, "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                 pair->items[1].s, pair->items[0].class_->name,
                 call->n ? call->args[0].type->name : "missing");
    rest.args++;
    rest.n--;
    return nu__py_invoke(nu__py_get(call->args[0], pair->items[1].s), &rest);
}

static nu__py unbound_name(nu__py self)
{
    return self.list->items[1];
}

static nu__py unbound_qualname(nu__py self)
{
    return nu__py_str(nu_fmt("{}.{}", self.list->items[2].class_->name, self.list->items[1].s));
}

static void unbound_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<method '{}' of '{}' objects>", self.list->items[1].s,
                self.list->items[0].class_->name);
}

static const nu__py_type unbound_type = {
    .name = "method_descriptor",
    .attributes = (const nu__py_attribute[]){ { "__name__", unbound_name },
                                              { "__qualname__", unbound_qualname },
                                              { NULL, NULL } },
    .call = call_unbound,
    .repr = unbound_repr,
};

static bool method_of_type(const nu__py_type *type, nu_str name, nu__py *out)
{
    for (const nu__py_type *t = type; t; t = t->base)
        for (const nu__py_method *m = t->methods; m && m->name; m++)
            if (nu_eq(name, m->name)) {
                nu__py pair = nu__py_pair(nu__py_class(type), nu__py_str(nu_copy(name)));

                nu__py_append(pair, nu__py_class(t));
                pair.type = &unbound_type;
                *out = pair;
                return true;
            }
    return false;
}

static bool type_get(nu__py self, nu_str name, nu__py *out)
{
    if (nu_eq(name, "__name__") || nu_eq(name, "__qualname__")) {
        bool whole = self.class_->qualname && nu_eq(name, "__qualname__");

        *out = nu__py_str(nu_s(whole ? self.class_->qualname : self.class_->name));
        return true;
    }
    if (nu_eq(name, "__module__")) {
        *out = nu__py_str(nu_s(self.class_->module ? self.class_->module : "builtins"));
        return true;
    }
    return static_named(self.class_, name, out) || method_of_type(self.class_, name, out);
}

static void type_names(nu__py self, nu_list *out)
{
    for (const nu__py_type *t = self.class_; t; t = t->base) {
        for (const nu__py_method *m = t->statics; m && m->name; m++)
            nu_list_append(out, m->name);
        if (t->static_names)
            t->static_names(self.class_, out);
    }
}

static void type_repr(nu__py self, nu__buf *out)
{
    if (self.class_->module)
        nu__buf_fmt(out, "<class '{}.{}'>", self.class_->module, self.class_->name);
    else
        nu__buf_fmt(out, "<class '{}'>", self.class_->name);
}

static nu__py type_make(nu__py self, const nu__py *args)
{
    const nu__py_type *type = nu__py_class_of(args[0]);

    (void)self;
    return nu__py_class(type == &nu__py_long_type ? &nu__py_int_type : type);
}

const nu__py_type nu__py_type_type = {
    .name = "type",
    .signature = "object, /",
    .make = type_make,
    .get = type_get,
    .names = type_names,
    .call = type_call,
    .repr = type_repr,
};
