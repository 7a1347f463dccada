/* Attributes, calls, items and iteration of any value. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"
#include "core/list.h"
#include "core/suggest.h"
#include "core/text.h"

#include <stdlib.h>

/* The function in a type's row or in that of the nearest ancestor that has one. */
#define SLOT(type_, slot)                                                                          \
    ({                                                                                             \
        const nu__py_type *nu__t = (type_);                                                        \
        while (nu__t->base && !nu__t->slot)                                                        \
            nu__t = nu__t->base;                                                                   \
        nu__t->slot;                                                                               \
    })

bool nu__py_is_a(const nu__py_type *type, const nu__py_type *ancestor)
{
    for (; type; type = type->base)
        if (type == ancestor)
            return true;
    return ancestor == &nu__py_object_type;
}

/* ---- attributes ------------------------------------------------------------------------------ */

static bool find_in_tables(nu__py self, nu_str name, nu__py *out)
{
    for (const nu__py_type *type = self.type; type; type = type->base) {
        const nu__py_method *method = nu__py_method_named(type->methods, name);

        if (method) {
            *out = nu__py_method_of(self, method);
            return true;
        }
        for (const nu__py_attribute *a = type->attributes; a && a->name; a++)
            if (nu_eq(name, a->name)) {
                *out = a->get(self);
                return true;
            }
    }
    return false;
}

bool nu__py_find(nu__py self, nu_str name, nu__py *out)
{
    if (find_in_tables(self, name, out))
        return true;
    for (const nu__py_type *type = self.type; type; type = type->base)
        if (type->get) {
            if (type->get(self, name, out))
                return true;
            break;
        }
    if (nu_eq(name, "__class__")) {
        *out = nu__py_class(nu__py_class_of(self));
        return true;
    }
    return false;
}

const nu__py_type *nu__py_class_of(nu__py value)
{
    for (const nu__py_type *type = value.type; type; type = type->base)
        if (type->class_of)
            return type->class_of(value);
    return value.type;
}

static int by_text(const void *a, const void *b)
{
    return nu__str_compare(((const nu_value *)a)->s, ((const nu_value *)b)->s);
}

static void add_names(nu__py self, nu_list *names)
{
    for (const nu__py_type *type = self.type; type; type = type->base) {
        for (const nu__py_method *m = type->methods; m && m->name; m++)
            nu_list_append(names, m->name);
        for (const nu__py_attribute *a = type->attributes; a && a->name; a++)
            nu_list_append(names, a->name);
        if (type->names)
            type->names(self, names);
    }
}

nu_list *nu__py_dir(nu__py self)
{
    nu_list *names = nu_list_new(), *unique = nu_list_new();

    add_names(self, names);
    if (names->len)
        qsort(names->items, names->len, sizeof *names->items, by_text);
    for (size_t i = 0; i < names->len; i++)
        if (!i || !nu_eq(names->items[i].s, names->items[i - 1].s))
            nu_list_append(unique, names->items[i]);
    return unique;
}

nu_str nu__py_did_you_mean(nu_str name, const nu_list *names)
{
    const char **candidates = nu_alloc_array(const char *, names->len + 1), *best;

    for (size_t i = 0; i < names->len; i++)
        candidates[i] = nu_copy(names->items[i].s).ptr;
    best = nu__suggest(name, candidates, names->len);
    return best ? nu_fmt(". Did you mean: '{}'?", best) : S("");
}

static nu_str attribute_holder(nu__py self)
{
    if (self.type == &nu__py_type_type)
        return nu_fmt("type object '{}'", self.class_->name);
    if (self.type == &nu__py_module_type)
        return nu_fmt("module '{}'", nu__py_text(self));
    return nu_fmt("'{}' object", nu__py_shown(self.type));
}

/* Types that Python has in C are named with their module. */
const char *nu__py_shown(const nu__py_type *type)
{
    static const char *const modules[] = { "datetime", "decimal", "zoneinfo" };

    for (size_t i = 0; type->module && i < sizeof(modules) / sizeof(*modules); i++)
        if (nu_eq(nu_s(type->module), modules[i]))
            return nu_fmt("{}.{}", type->module, type->name).ptr;
    return type->name;
}

nu__py nu__py_get(nu__py self, nu_str name)
{
    nu__py out;

    if (nu__py_find(self, name, &out))
        return out;
    nu_raise(NU_ATTRIBUTE_ERROR, "{} has no attribute '{}'{}", attribute_holder(self), name,
             nu__py_did_you_mean(name, nu__py_dir(self)));
}

void nu__py_set(nu__py self, nu_str name, nu__py value)
{
    nu__py there;

    for (const nu__py_type *type = self.type; type; type = type->base)
        if (type->set && type->set(self, name, value))
            return;
    if (nu__py_find(self, name, &there))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object attribute '{}' is read-only", self.type->name,
                 name);
    nu_raise(NU_ATTRIBUTE_ERROR, "{} has no attribute '{}'", attribute_holder(self), name);
}

void nu__py_del(nu__py self, nu_str name)
{
    nu__py there;

    for (const nu__py_type *type = self.type; type; type = type->base)
        if (type->del && type->del(self, name))
            return;
    if (nu__py_find(self, name, &there))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object attribute '{}' can't be deleted", self.type->name,
                 name);
    nu_raise(NU_ATTRIBUTE_ERROR, "{} has no attribute '{}'", attribute_holder(self), name);
}

/* ---- calls ----------------------------------------------------------------------------------- */

const nu__py_type nu__py_object_type = { .name = "object" };

nu__py nu__py_invoke(nu__py callable, const nu__py_call *call)
{
    nu__py (*function)(nu__py, const nu__py_call *) = SLOT(callable.type, call);

    if (!function)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not callable", callable.type->name);
    nu__py_enter();
    {
        nu__py result = function(callable, call);

        nu__py_exit();
        return result;
    }
}

nu__py nu__py_apply(nu__py callable, nu__py argument)
{
    return nu__py_invoke(callable, &(nu__py_call){ .args = &argument, .n = 1 });
}

/* ---- items ----------------------------------------------------------------------------------- */

int64_t nu__py_length(nu__py value)
{
    int64_t (*length)(nu__py) = SLOT(value.type, length);

    if (!length)
        nu_raise(NU_TYPE_ERROR, "object of type '{}' has no len()", value.type->name);
    return length(value);
}

bool nu__py_truth(nu__py value)
{
    bool (*truth)(nu__py) = SLOT(value.type, truth);

    if (truth)
        return truth(value);
    return !SLOT(value.type, length) || nu__py_length(value) != 0;
}

nu__py nu__py_item(nu__py self, nu__py key)
{
    nu__py (*item)(nu__py, nu__py) = SLOT(self.type, item);

    if (!item)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not subscriptable", self.type->name);
    return item(self, key);
}

void nu__py_set_item(nu__py self, nu__py key, nu__py value)
{
    void (*set_item)(nu__py, nu__py, nu__py) = SLOT(self.type, set_item);

    if (!set_item)
        nu_raise(NU_TYPE_ERROR, "'{}' object does not support item assignment", self.type->name);
    set_item(self, key, value);
}

void nu__py_del_item(nu__py self, nu__py key)
{
    void (*del_item)(nu__py, nu__py) = SLOT(self.type, del_item);

    if (!del_item)
        nu_raise(NU_TYPE_ERROR, "'{}' object doesn't support item deletion", self.type->name);
    del_item(self, key);
}

static bool found_by_iteration(nu__py container, nu__py item)
{
    nu__py iterator = nu__py_iterate(container), each;

    while (nu__py_step(iterator, &each))
        if (nu__py_same(each, item) || nu__py_equal(each, item))
            return true;
    return false;
}

bool nu__py_contains(nu__py container, nu__py item)
{
    bool (*contains)(nu__py, nu__py) = SLOT(container.type, contains);

    if (contains)
        return contains(container, item);
    if (!SLOT(container.type, iterate) && !SLOT(container.type, next))
        nu_raise(NU_TYPE_ERROR, "argument of type '{}' is not iterable", container.type->name);
    return found_by_iteration(container, item);
}

/* ---- iteration ------------------------------------------------------------------------------- */

typedef struct iterator {
    const char *name;
    nu__py_next *next;
    void *state;
} iterator;

nu__py nu__py_iterator(const char *type_name, nu__py_next *next, void *state)
{
    iterator *it = nu_alloc(iterator);

    *it = (iterator){ type_name, next, state };
    return nu__py_pointer(&nu__py_iterator_type, it);
}

static bool iterator_next(nu__py self, nu__py *out)
{
    iterator *it = self.p;

    return it->next(it->state, out);
}

static void iterator_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<{} object>", ((const iterator *)self.cp)->name);
}

const nu__py_type nu__py_iterator_type = {
    .name = "iterator",
    .next = iterator_next,
    .repr = iterator_repr,
};

bool nu__py_is_iterable(const nu__py_type *type)
{
    return SLOT(type, next) || SLOT(type, iterate);
}

nu__py nu__py_iterate(nu__py iterable)
{
    nu__py (*iterate)(nu__py) = SLOT(iterable.type, iterate);

    if (SLOT(iterable.type, next))
        return iterable;
    if (!iterate)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", iterable.type->name);
    return iterate(iterable);
}

bool nu__py_step(nu__py it, nu__py *out)
{
    bool (*next)(nu__py, nu__py *) = SLOT(it.type, next);
    bool more;

    if (!next)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not an iterator", it.type->name);
    nu__py_enter();
    more = next(it, out);
    nu__py_exit();
    return more;
}

nu__py nu__py_collect(nu__py iterable, const nu__py_type *type)
{
    nu__py list = nu__py_list_new(type, 8), iterator = nu__py_iterate(iterable), item;

    while (nu__py_step(iterator, &item))
        nu__py_append(list, item);
    return list;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* The containers that are being written: one inside of itself is not written again. A raise leaves
   entries behind; they are of a greater depth, and are written over. */
static bool begin_repr(nu__py value, const void ***slot)
{
    static _Thread_local const void *open[NU__PY_MOST_DEPTH + 1];
    int depth = nu__py_depth();

    if (!NU__PY_IS(value, list) && !NU__PY_IS(value, tuple) && !NU__PY_IS(value, dict))
        return true;
    for (int i = 0; i < depth; i++)
        if (open[i] == value.cp)
            return false;
    open[depth] = value.cp;
    *slot = &open[depth];
    return true;
}

void nu__py_repr_to(nu__py value, nu__buf *out)
{
    void (*repr)(nu__py, nu__buf *) = SLOT(value.type, repr);
    const void **slot = NULL;

    nu__py_enter();
    if (!repr)
        nu__buf_fmt(out, "<{} object>", value.type->name);
    else if (!begin_repr(value, &slot))
        nu__buf_str_add(out, value.type->length && value.type->set_item && !NU__PY_IS(value, list)
                                 ? S("{...}")
                             : NU__PY_IS(value, tuple) ? S("(...)")
                                                       : S("[...]"));
    else
        repr(value, out);
    if (slot)
        *slot = NULL;
    nu__py_exit();
}

nu_str nu__py_repr(nu__py value)
{
    nu__buf out = { 0 };

    nu__py_repr_to(value, &out);
    return nu__buf_str(&out);
}

nu_str nu__py_text(nu__py value)
{
    void (*text)(nu__py, nu__buf *) = SLOT(value.type, text);
    nu__buf out = { 0 };

    if (value.type == &nu__py_str_type)
        return value.s;
    if (!text)
        return nu__py_repr(value);
    text(value, &out);
    return nu__buf_str(&out);
}

nu_str nu__py_format(nu__py value, nu_str spec)
{
    nu_str (*format)(nu__py, nu_str) = SLOT(value.type, format);

    if (!spec.len)
        return nu__py_text(value);
    if (!format)
        nu_raise(NU_TYPE_ERROR, "unsupported format string passed to {}.__format__",
                 value.type->name);
    return format(value, spec);
}
