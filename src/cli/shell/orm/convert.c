/* Values of the shell as the library's, and back. */
#include "cli/shell/dict.h"
#include "cli/shell/limits.h"
#include "cli/shell/long.h"
#include "cli/shell/orm/json_members.h"
#include "cli/shell/orm/orm.h"
#include "cli/shell/orm/query_methods.h"
#include "core/buf.h"
#include "core/object.h"
#include "core/wide_int.h"

#include <string.h>

nu__py nu__orm_instance(const nu_object *object)
{
    if (!object)
        return nu__py_none();
    return nu__py_pointer(nu__orm_type_of(nu__info_of(object)), object);
}

nu_object *nu__orm_object(nu__py value)
{
    return nu__py_is_a(value.type, &nu__orm_model_type) ? value.p : NULL;
}

/* ---- to the library ------------------------------------------------------------------------ */

nu_value nu__orm_to_value(nu__py value)
{
    nu_query *query;

    if (nu__orm_is_expression(value))
        return nu_v_expr(value.cp);
    if (nu__orm_object(value))
        nu__orm_json_back(value.p);
    if (nu__orm_object(value) || value.type == &nu__orm_range_type)
        return nu_v_object(value.cp);
    query = nu__orm_query_of(value);
    if (query)
        return nu_v_query(query);
    if (nu__py_is_iterable(value.type))
        return nu__py_to_value(nu__py_collect(value, &nu__py_list_type));
    nu_raise(NU_TYPE_ERROR, "Object of type {} can't be used in a query", value.type->name);
}

nu_values nu__orm_values(nu__py sequence)
{
    nu__py list = nu__py_collect(sequence, &nu__py_list_type);
    nu_value *items = nu_alloc_array(nu_value, list.list->len + 1);

    for (size_t i = 0; i < list.list->len; i++)
        items[i] = nu__py_to_value(list.list->items[i]);
    return (nu_values){ items, list.list->len };
}

static nu_value named_param(const nu__py_dict *dict, nu_str name)
{
    const nu__py *value = nu__py_dict_find(dict, nu__py_str(name));

    if (!value)
        nu__py_raise_key(nu__py_str(name));
    return nu__py_to_value(*value);
}

/* "%%" stays for what follows; a name that stands twice is given twice. */
static nu_values named_params(const nu__py_dict *dict, nu_str *sql)
{
    nu_value *items = nu_alloc_array(nu_value, sql->len / 4 + 1);
    nu__buf out = { 0 };
    size_t n = 0;

    for (const char *at = sql->ptr, *end = at + sql->len; at < end; at++) {
        size_t left = (size_t)(end - at);
        const char *close = left > 2 && !memcmp(at, "%(", 2) ? memmem(at, left, ")s", 2) : NULL;

        if (close) {
            items[n++] = named_param(dict, (nu_str){ at + 2, (size_t)(close - at) - 2 });
            nu__buf_lit(&out, "%s");
            at = close + 1;
            continue;
        }
        nu__buf_char(&out, *at);
        if (left > 1 && !memcmp(at, "%%", 2))
            nu__buf_char(&out, *++at);
    }
    *sql = nu__buf_str(&out);
    return (nu_values){ items, n };
}

nu_values nu__orm_params(nu__py params, nu_str *sql)
{
    if (nu__orm_is_none(params))
        return (nu_values){ 0 };
    return NU__PY_IS(params, dict) ? named_params(params.dict, sql) : nu__orm_values(params);
}

const nu_var *nu__orm_vars(nu__py dict)
{
    nu__py_entry *entry;
    nu_var *out;
    size_t at = 0, n = 0;

    if (!nu__py_given(dict) || NU__PY_IS(dict, none))
        return nu_alloc(nu_var);
    out = nu_alloc_array(nu_var, dict.dict->len + 1);
    while ((entry = nu__py_dict_next(dict.dict, &at)))
        out[n++] = (nu_var){ nu__orm_name(nu__py_as_str(entry->key, "keywords"), "keywords"),
                             nu__py_to_value(entry->value) };
    return out;
}

/* ---- what JSON fields take --------------------------------------------------------------------
 */

/* What json.dumps() refuses: it is kept as it is, and raises its error when it is written. */
typedef struct unwritable {
    nu_object object;
    nu_str why;
} unwritable;

static nu_value unwritable_json(const nu_object *self)
{
    nu_raise(NU_TYPE_ERROR, "{}", ((const unwritable *)self)->why);
}

static nu_value refused_json(nu_str why)
{
    static const nu_object_ops ops = { .kind = "object", .json = unwritable_json };
    static const nu_class class_ = { .ops = &ops, .name = "object" };
    unwritable *out = nu_alloc(unwritable);

    *out = (unwritable){ { .type = &class_ }, why };
    return nu_v_object(out);
}

/* The containers that stand around a value: json.dumps() finds by them what contains itself. */
typedef struct around {
    const void *container;
    const struct around *next;
} around;

static nu_value json_value(nu__py value, const around *outer);

static nu_value json_items(nu__py sequence, const around *outer)
{
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < sequence.list->len; i++)
        nu_list_append_(out, json_value(sequence.list->items[i], outer));
    return nu_v_list(out);
}

static bool is_json_key(nu__py key)
{
    return NU__PY_IS(key, str) || NU__PY_IS(key, int) || NU__PY_IS(key, float) ||
           NU__PY_IS(key, bool) || NU__PY_IS(key, none);
}

static nu_value json_dict(const nu__py_dict *dict, const around *outer)
{
    nu_dict *out = nu_dict_new();
    nu__py_entry *entry;
    size_t at = 0;

    while ((entry = nu__py_dict_next(dict, &at))) {
        if (!is_json_key(entry->key))
            return refused_json(nu_fmt("keys must be str, int, float, bool or None, not {}",
                                       nu__py_shown(entry->key.type)));
        nu_dict_set_str(out, nu__py_key_text(entry->key), json_value(entry->value, outer));
    }
    return nu_v_dict(out);
}

static bool is_json_scalar(nu__py value)
{
    return NU__PY_IS(value, none) || NU__PY_IS(value, bool) || NU__PY_IS(value, int) ||
           NU__PY_IS(value, float) || NU__PY_IS(value, str) || nu__orm_is_expression(value);
}

static nu_value json_inside(nu__py container, const around *outer)
{
    const around here = { container.cp, outer };
    nu_value out;

    for (; outer; outer = outer->next)
        if (outer->container == container.cp)
            nu_raise(NU_VALUE_ERROR, "Circular reference detected");
    nu__py_enter();
    out = NU__PY_IS(container, dict) ? json_dict(container.dict, &here)
                                     : json_items(container, &here);
    nu__py_exit();
    return out;
}

/* json.dumps() knows no more than these; expressions are the database's. */
static nu_value json_value(nu__py value, const around *outer)
{
    if (NU__PY_IS(value, list) || NU__PY_IS(value, tuple) || NU__PY_IS(value, dict))
        return json_inside(value, outer);
    if (is_json_scalar(value))
        return nu__py_to_value(value);
    return refused_json(nu_fmt("Object of type {} is not JSON serializable", value.type->name));
}

nu_value nu__orm_field_value(const nu__model_info *info, nu_str name, nu__py value)
{
    const nu__field *field = nu__model_field(info, name);

    if (field && field->type->type == NU_JSON_FIELD && !nu__orm_query_of(value))
        return json_value(value, NULL);
    return nu__py_to_value(value);
}

const nu_var *nu__orm_field_vars(const nu__model_info *info, nu__py dict)
{
    nu__py_entry *entry;
    nu_var *out;
    size_t at = 0, n = 0;

    if (nu__orm_is_none(dict))
        return nu_alloc(nu_var);
    out = nu_alloc_array(nu_var, dict.dict->len + 1);
    while ((entry = nu__py_dict_next(dict.dict, &at))) {
        nu_str name = nu__py_as_str(entry->key, "keywords");

        out[n++] = (nu_var){ nu__orm_name(name, "keywords"),
                             nu__orm_field_value(info, name, entry->value) };
    }
    return out;
}

static nu_value call_default(const void *function)
{
    nu__py_call call = { 0 };

    return nu__py_to_value(nu__py_invoke(*(const nu__py *)function, &call));
}

const nu_var *nu__orm_defaults(const nu__model_info *info, nu__py dict)
{
    nu__py plain = nu__py_dict_new(&nu__py_dict_type), *function;
    nu__py_entry *entry;
    nu_var *out, *last;
    size_t at = 0;

    if (nu__orm_is_none(dict))
        return nu__orm_vars(dict);
    while ((entry = nu__py_dict_next(dict.dict, &at)))
        if (!entry->value.type->call)
            nu__py_dict_set(plain.dict, entry->key, entry->value);
    out = nu_alloc_array(nu_var, dict.dict->len + 1);
    last = out;
    for (const nu_var *item = nu__orm_field_vars(info, plain); item->key; item++)
        *last++ = *item;
    for (at = 0; (entry = nu__py_dict_next(dict.dict, &at));) {
        if (!entry->value.type->call)
            continue;
        function = nu_alloc(nu__py);
        *function = entry->value;
        *last++ = (nu_var){ nu_copy(nu__py_as_str(entry->key, "keywords")).ptr,
                            nu__callable_value(call_default, function) };
    }
    return out;
}

const char *nu__orm_name(nu_str name, const char *what)
{
    if (name.len && memchr(name.ptr, '\0', name.len))
        nu_raise(NU_VALUE_ERROR, "{}: {!r} has a null character", what, name);
    return nu_copy(name).ptr;
}

const char *nu__orm_cstr(nu__py value, const char *what)
{
    if (!nu__py_given(value) || NU__PY_IS(value, none))
        return NULL;
    return nu__orm_name(nu__py_as_str(value, what), what);
}

const char *const *nu__orm_names_of(nu__py sequence, const char *what)
{
    nu__py list = nu__py_collect(sequence, &nu__py_list_type);
    const char **names = nu_alloc_array(const char *, list.list->len + 1);

    for (size_t i = 0; i < list.list->len; i++)
        names[i] = nu__orm_name(nu__py_as_str(list.list->items[i], what), what);
    return names;
}

/* ---- from the library ------------------------------------------------------------------------ */

static bool is_instance(const nu_object *object)
{
    return object->type && ((const nu_class *)object->type)->ops == &nu__model_ops;
}

nu__py nu__orm_of(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_QUERY:
        return nu__orm_queryset((nu_query *)value.p);
    case NU_KIND_EXPR:
        return nu__orm_expression(&nu__orm_expression_type, value.p);
    case NU_KIND_OBJECT:
        if (value.object->type == &nu__query_class)
            return nu__orm_queryset((nu_query *)value.p);
        if (nu__is_too_wide(value))
            return nu__py_long_value(nu__py_long_parse(nu_string(value), 10));
        if (nu_as_range(value))
            return nu__py_pointer(&nu__orm_range_type, value.object);
        return is_instance(value.object) ? nu__orm_instance(value.object)
                                         : nu__orm_object_of(value.object);
    case NU_KIND_FILE:
        return nu__py_str(value.s);
    default:
        nu_raise(NU_TYPE_ERROR, "the shell has no value for a {}", nu_string(value));
    }
}
