/* Making values; None, type, module; what the library's own values are to the shell and back. */
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

/* ---- type ------------------------------------------------------------------------------------ */

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

/* ---- from the library ------------------------------------------------------------------------ */

static nu__py of_list(const nu_list *list)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, nu_list_len(list));

    for (size_t i = 0; i < nu_list_len(list); i++)
        nu__py_append(out, nu__py_of(nu_at(list, i)));
    return out;
}

static nu__py of_dict(const nu_dict *dict)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu__py_dict_set(out.dict, nu__py_str(nu_dict_key(dict, i)),
                        nu__py_of(nu_dict_value(dict, i)));
    return out;
}

static nu__py of_callable(nu_value value)
{
    const nu__callable *callable = value.p;

    return nu__py_of(callable->call(callable->self));
}

nu__py nu__py_of(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_BOOL:
        return nu__py_bool(value.b);
    case NU_KIND_INT:
        return nu__py_int(value.i);
    case NU_KIND_UINT:
        return nu__py_long_value(nu__py_long_parse(nu_fmt("{}", value), 10));
    case NU_KIND_FLOAT:
        return nu__py_float(value.f);
    case NU_KIND_DECIMAL:
        if (value.plain)
            return nu__py_long_value(nu__py_long_parse(nu_string(value), 10));
        return nu__py_decimal(*value.decimal);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return nu__py_str(value.s);
    case NU_KIND_DATE:
        return nu__py_date((nu_date){ (int32_t)value.i });
    case NU_KIND_DATETIME:
        return nu__py_datetime((nu_datetime){ value.i }, nu_utc);
    case NU_KIND_TIME:
        return nu__py_time((nu_time){ value.i + 1 });
    case NU_KIND_TIMEDELTA:
        return nu__py_timedelta(value.i);
    case NU_KIND_UUID:
        return nu__py_uuid(value.uuid);
    case NU_KIND_BYTES:
        return nu__py_bytes(value.bytes);
    case NU_KIND_LIST:
        return of_list(value.list);
    case NU_KIND_DICT:
        return of_dict(value.dict);
    case NU_KIND_CALLABLE:
        return of_callable(value);
    case NU_KIND_NULL:
        return nu__py_none();
    default:
        return nu__orm_of(value);
    }
}

/* ---- to the library -------------------------------------------------------------------------- */

static nu_value from_items(nu__py value)
{
    nu_list *out = nu_list_new();
    nu__py iterator = nu__py_iterate(value), each;

    while (nu__py_step(iterator, &each))
        nu_list_append_(out, nu__py_to_value(each));
    return nu_v_list(out);
}

/* As json.dumps() writes keys: of None and booleans their words. */
nu_str nu__py_key_text(nu__py key)
{
    if (NU__PY_IS(key, str))
        return key.s;
    if (NU__PY_IS(key, none))
        return S("null");
    if (key.type == &nu__py_bool_type)
        return key.b ? S("true") : S("false");
    return nu__py_text(key);
}

static nu_value from_dict(const nu__py_dict *dict)
{
    nu_dict *out = nu_dict_new();
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(dict, &at));) {
        if (NU__PY_IS(entry->key, tuple))
            nu_raise(NU_TYPE_ERROR, "keys must be str, int, float, bool or None, not tuple");
        nu_dict_set_str(out, nu__py_key_text(entry->key), nu__py_to_value(entry->value));
    }
    return nu_v_dict(out);
}

/* An unsigned number of 64 bits, or a wider one. */
static nu_value from_long(nu__py value)
{
    nu__py_long number = nu__py_long_of(value);

    if (!number.negative && number.n == 2)
        return nu_v_uint(number.limbs[0] | (uint64_t)number.limbs[1] << 32);
    return nu__wide_int(nu__py_text(value));
}

static nu_value from_datetime(nu__py value)
{
    return nu_v_datetime(nu__py_instant(value));
}

static nu_value to_value(nu__py value)
{
    const nu__py_type *type = value.type;

    if (type == &nu__py_none_type)
        return nu_null();
    if (type == &nu__py_bool_type)
        return nu_v_bool(value.b);
    if (type == &nu__py_long_type)
        return from_long(value);
    if (NU__PY_IS(value, int))
        return (nu_value){ .kind = NU_KIND_INT, .plain = true, .i = value.i };
    if (type == &nu__py_float_type)
        return nu_v_float(value.f);
    if (NU__PY_IS(value, str))
        return nu_v_str(value.s);
    if (type == &nu__py_decimal_type)
        return nu_v_decimal(*value.decimal);
    if (type == &nu__py_datetime_type)
        return from_datetime(value);
    if (type == &nu__py_date_type)
        return nu_v_date((nu_date){ (int32_t)value.i });
    if (type == &nu__py_time_type)
        return nu_v_time((nu_time){ value.i + 1 });
    if (type == &nu__py_timedelta_type)
        return nu_v_timedelta((nu_timedelta){ value.i, true });
    if (type == &nu__py_uuid_type)
        return nu_v_uuid(value.uuid);
    if (type == &nu__py_bytes_type)
        return nu_v_bytes(value.bytes);
    if (NU__PY_IS(value, dict))
        return from_dict(value.dict);
    if (type == &nu__py_set_type || type == &nu__py_frozenset_type) {
        nu_value out = from_items(value);

        out.plain = true;
        return out;
    }
    if (NU__PY_IS(value, list) || NU__PY_IS(value, tuple) || type == &nu__py_range_type ||
        type->next)
        return from_items(value);
    return nu__orm_to_value(value);
}

nu_value nu__py_to_value(nu__py value)
{
    nu_value out;

    nu__py_enter();
    out = to_value(value);
    nu__py_exit();
    return out;
}
