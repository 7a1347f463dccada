/* The names that are always there: functions, types, exceptions. */
#include "cli/shell/builtins.h"

#include "cli/shell/int.h"
#include "cli/shell/limits.h"
#include "cli/shell/list.h"
#include "core/decimal.h"
#include "core/list.h"
#include "core/text.h"

#include <stdio.h>

/* ---- attributes and types -------------------------------------------------------------------- */

/* An attribute; absent where there is none, or where looking for it says so. */
static nu__py attribute_or_absent(nu__py value, nu_str name)
{
    nu__py out = { 0 };
    bool found = false;
    const nu_error *error = nu_catch(NU_ATTRIBUTE_ERROR, found = nu__py_find(value, name, &out));

    return !error && found ? out : (nu__py){ 0 };
}

static nu__py getattr(nu__py self, const nu__py *args)
{
    nu_str name = nu__py_as_str(args[1], "getattr(): attribute name");
    nu__py out;

    (void)self;
    if (!nu__py_given(args[2]))
        return nu__py_get(args[0], name);
    out = attribute_or_absent(args[0], name);
    return nu__py_given(out) ? out : args[2];
}

static nu__py setattr(nu__py self, const nu__py *args)
{
    (void)self;
    nu__py_set(args[0], nu__py_as_str(args[1], "setattr(): attribute name"), args[2]);
    return nu__py_none();
}

static nu__py hasattr(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(nu__py_given(
        attribute_or_absent(args[0], nu__py_as_str(args[1], "hasattr(): attribute name"))));
}

/* `value` absent: of the class itself. */
static bool is_instance(const nu__py_type *type, nu__py value, nu__py classes, const char *name)
{
    if (classes.type == &nu__py_tuple_type) {
        bool found = false;

        nu__py_enter();
        for (size_t i = 0; i < classes.list->len && !found; i++)
            found = is_instance(type, value, classes.list->items[i], name);
        nu__py_exit();
        return found;
    }
    if (!nu__py_is_a(classes.type, &nu__py_type_type))
        nu_raise(NU_TYPE_ERROR, "{}() arg 2 must be a type, a tuple of types, or a union", name);
    return nu__py_is_a(type, classes.class_) ||
           (nu__py_given(value) && type->instance_of && type->instance_of(value, classes.class_));
}

static nu__py isinstance(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(is_instance(args[0].type, args[0], args[1], "isinstance"));
}

static nu__py issubclass(nu__py self, const nu__py *args)
{
    (void)self;
    if (!nu__py_is_a(args[0].type, &nu__py_type_type))
        nu_raise(NU_TYPE_ERROR, "issubclass() arg 1 must be a class");
    return nu__py_bool(is_instance(args[0].class_, (nu__py){ 0 }, args[1], "issubclass"));
}

static nu__py callable(nu__py self, const nu__py *args)
{
    const nu__py_type *type = args[0].type;

    (void)self;
    while (type->base && !type->call)
        type = type->base;
    return nu__py_bool(type->call != NULL);
}

static nu__py dir(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_of(nu_v_list(nu__py_dir(args[0])));
}

static nu__py vars_of(nu__py self, const nu__py *args)
{
    nu__py out = attribute_or_absent(args[0], S("__dict__"));

    (void)self;
    if (!nu__py_given(out))
        nu_raise(NU_TYPE_ERROR, "vars() argument must have __dict__ attribute");
    return out;
}

static nu__py hash(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_int((int64_t)(nu__py_hash(args[0]) >> 2));
}

/* ---- text ------------------------------------------------------------------------------------ */

static nu__py repr(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_str(nu__py_repr(args[0]));
}

static nu__py format(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_str(nu__py_format(
        args[0], nu__py_given(args[1]) ? nu__py_as_str(args[1], "format() argument 2") : S("")));
}

static nu_str text_or(nu__py value, nu_str otherwise)
{
    return nu__py_given(value) && value.type != &nu__py_none_type
               ? nu__py_as_str(value, "print() argument")
               : otherwise;
}

static nu__py print(nu__py self, const nu__py *args)
{
    nu_str sep = text_or(args[1], S(" ")), end = text_or(args[2], S("\n"));
    nu__buf out = { 0 };

    (void)self;
    for (size_t i = 0; i < args[0].list->len; i++) {
        if (i)
            nu__buf_str_add(&out, sep);
        nu__buf_str_add(&out, nu__py_text(args[0].list->items[i]));
    }
    nu__buf_str_add(&out, end);
    nu__py_print(nu__buf_str(&out));
    return nu__py_none();
}

/* help(): what there is; help(x): what x has. */
static nu__py help(nu__py self, const nu__py *args)
{
    static const char guide[] =
        "Code as at Django's shell: Student.objects.filter(gpa__gte=3).order_by(\"-gpa\")[:5]\n"
        "  Tab          completes names, fields and lookups\n"
        "  help(x)      the attributes and methods of a value; dir(x) as a list\n"
        "  import       finds more: from django.db import connection\n"
        "  _            the last value\n"
        "  Ctrl-C       gives up a line, or ends what runs; Ctrl-D or exit ends the session\n"
        "What a piece of code writes is committed at its end, or nothing is when it fails.\n";
    const nu_list *names;
    nu__buf out = { 0 };

    (void)self;
    if (!nu__py_given(args[0])) {
        nu__py_print(nu_s(guide));
        return nu__py_none();
    }
    names = nu__py_dir(args[0]);
    nu__buf_fmt(&out, "{}\n", nu__py_repr(args[0]));
    for (size_t i = 0; i < nu_list_len(names); i++)
        if (nu_at(names, i).s.ptr[0] != '_')
            nu__buf_fmt(&out, "  {}\n", nu_at(names, i).s);
    nu__py_print(nu__buf_str(&out));
    return nu__py_none();
}

/* ---- the tables ------------------------------------------------------------------------------ */

static const nu__py_method functions[] = {
    { "ascii", "object, /", repr },
    { "callable", "object, /", callable },
    { "dir", "object, /", dir },
    { "format", "value, format_spec=, /", format },
    { "getattr", "object, name, default=, /", getattr },
    { "hasattr", "object, name, /", hasattr },
    { "hash", "object, /", hash },
    { "help", "request=", help },
    { "isinstance", "object, class_or_tuple, /", isinstance },
    { "issubclass", "cls, class_or_tuple, /", issubclass },
    { "print", "*args, sep=, end=, flush=", print },
    { "repr", "object, /", repr },
    { "setattr", "object, name, value, /", setattr },
    { "vars", "object, /", vars_of },
    { NULL, NULL, NULL },
};

static const nu__py_method *const tables[] = { functions, nu__py_number_builtins,
                                               nu__py_iterable_builtins };

static const nu__py_type *const types[] = {
    &nu__py_bool_type,
    &nu__py_int_type,
    &nu__py_float_type,
    &nu__py_str_type,
    &nu__py_bytes_type,
    &nu__py_list_type,
    &nu__py_tuple_type,
    &nu__py_dict_type,
    &nu__py_set_type,
    &nu__py_frozenset_type,
    &nu__py_range_type,
    &nu__py_slice_type,
    &nu__py_type_type,
    &nu__py_object_type,
    &nu__py_base_exception,
    &nu__py_name_error,
    &nu__py_syntax_error,
    &nu__py_indentation_error,
    &nu__py_assertion_error,
    &nu__py_stop_iteration,
    &nu__py_import_error,
    &nu__py_recursion_error,
    &nu__py_keyboard_interrupt,
    &nu__py_system_exit,
    &nu__py_module_not_found_error,
    &nu__py_unicode_decode_error,
};

/* Python's own among the library's classes stand before ValidationError in their list. */
static bool error_named(nu_str name, nu__py *out)
{
    for (int i = NU_EXCEPTION; i < NU_VALIDATION_ERROR; i++)
        if (i != NU_INVALID_OPERATION && i != NU_JSON_DECODE_ERROR &&
            nu_eq(name, nu__py_errors[i].name)) {
            *out = nu__py_class(&nu__py_errors[i]);
            return true;
        }
    return false;
}

bool nu__py_builtin(nu_str name, nu__py *out)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const nu__py_method *f = tables[i]; f->name; f++)
            if (nu_eq(name, f->name)) {
                *out = nu__py_method_of(nu__py_none(), f);
                return true;
            }
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (nu_eq(name, types[i]->name)) {
            *out = nu__py_class(types[i]);
            return true;
        }
    if (nu_eq(name, "Ellipsis")) {
        *out = (nu__py){ .type = &nu__py_ellipsis_type };
        return true;
    }
    return error_named(name, out);
}

void nu__py_builtin_names(nu_list *out)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const nu__py_method *f = tables[i]; f->name; f++)
            nu_list_append(out, f->name);
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        nu_list_append(out, types[i]->name);
    for (int i = NU_EXCEPTION; i < NU_VALIDATION_ERROR; i++)
        nu_list_append(out, nu__py_errors[i].name);
}
