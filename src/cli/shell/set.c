/* set and frozenset: a dict of keys alone. */
#include "cli/shell/dict.h"

#include "cli/shell/list.h"
#include "core/text.h"

#include <stdlib.h>

static bool is_set(nu__py value)
{
    return value.type == &nu__py_set_type || value.type == &nu__py_frozenset_type;
}

static nu__py set_of(nu__py iterable, const nu__py_type *type)
{
    nu__py out = nu__py_dict_new(type), iterator = nu__py_iterate(iterable), each;

    while (nu__py_step(iterator, &each))
        nu__py_dict_set(out.dict, each, nu__py_none());
    return out;
}

static nu__py as_set(nu__py value)
{
    return is_set(value) ? value : set_of(value, &nu__py_set_type);
}

/* ---- operators ------------------------------------------------------------------------------- */

static bool kept(nu__py_operator op, bool in_b)
{
    return op == NU__PY_OR || (op == NU__PY_AND ? in_b : !in_b);
}

static nu__py combined(nu__py_operator op, nu__py a, nu__py b)
{
    nu__py out = nu__py_dict_new(a.type);
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(a.dict, &at));)
        if (kept(op, nu__py_dict_find(b.dict, entry->key) != NULL))
            nu__py_dict_set(out.dict, entry->key, nu__py_none());
    if (op != NU__PY_OR && op != NU__PY_XOR)
        return out;
    for (size_t at = 0; (entry = nu__py_dict_next(b.dict, &at));)
        if (op == NU__PY_OR || !nu__py_dict_find(a.dict, entry->key))
            nu__py_dict_set(out.dict, entry->key, nu__py_none());
    return out;
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (!is_set(a) || !is_set(b) ||
        (op != NU__PY_AND && op != NU__PY_OR && op != NU__PY_XOR && op != NU__PY_SUB))
        return false;
    *out = combined(op, a, b);
    return true;
}

static bool is_subset(nu__py a, nu__py b)
{
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(a.dict, &at));)
        if (!nu__py_dict_find(b.dict, entry->key))
            return false;
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!is_set(a) || !is_set(b))
        return false;
    *out = a.dict->len == b.dict->len && is_subset(a, b);
    return true;
}

static bool rich_compare(const char *op, nu__py a, nu__py b, bool *out)
{
    nu__py less = op[0] == '<' ? a : b, more = op[0] == '<' ? b : a;

    if (!is_set(a) || !is_set(b))
        return false;
    *out = is_subset(less, more) && (op[1] || less.dict->len < more.dict->len);
    return true;
}

static bool unhashable(nu__py self, uint64_t *out)
{
    (void)self, (void)out;
    return false;
}

static bool hash(nu__py self, uint64_t *out)
{
    nu__py_entry *entry;

    *out = self.dict->len;
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));)
        *out += entry->hash * 0x9E3779B97F4A7C15u;
    return true;
}

/* ---- methods --------------------------------------------------------------------------------- */

static nu__py fold(nu__py_operator op, nu__py self, const nu__py *args)
{
    nu__py out = combined(NU__PY_OR, self, self);

    for (size_t i = 0; i < args[0].list->len; i++)
        out = combined(op, out, as_set(args[0].list->items[i]));
    return out;
}

static nu__py union_(nu__py self, const nu__py *args)
{
    return fold(NU__PY_OR, self, args);
}

static nu__py intersection(nu__py self, const nu__py *args)
{
    return fold(NU__PY_AND, self, args);
}

static nu__py difference(nu__py self, const nu__py *args)
{
    return fold(NU__PY_SUB, self, args);
}

static nu__py symmetric_difference(nu__py self, const nu__py *args)
{
    return combined(NU__PY_XOR, self, as_set(args[0]));
}

static nu__py update(nu__py self, const nu__py *args)
{
    *self.dict = *fold(NU__PY_OR, self, args).dict;
    return nu__py_none();
}

static nu__py add(nu__py self, const nu__py *args)
{
    nu__py_dict_set(self.dict, args[0], nu__py_none());
    return nu__py_none();
}

static nu__py discard(nu__py self, const nu__py *args)
{
    nu__py_dict_remove(self.dict, args[0]);
    return nu__py_none();
}

static nu__py remove_item(nu__py self, const nu__py *args)
{
    if (!nu__py_dict_remove(self.dict, args[0]))
        nu__py_raise_key(args[0]);
    return nu__py_none();
}

static nu__py pop(nu__py self, const nu__py *args)
{
    size_t at = 0;
    const nu__py_entry *entry = nu__py_dict_next(self.dict, &at);
    nu__py out;

    (void)args;
    if (!entry)
        nu_raise(NU_KEY_ERROR, "'pop from an empty set'");
    out = entry->key;
    nu__py_dict_remove(self.dict, out);
    return out;
}

static nu__py clear(nu__py self, const nu__py *args)
{
    (void)args;
    *self.dict = (nu__py_dict){ 0 };
    return nu__py_none();
}

static nu__py copy(nu__py self, const nu__py *args)
{
    (void)args;
    return combined(NU__PY_OR, self, self);
}

static nu__py issubset(nu__py self, const nu__py *args)
{
    return nu__py_bool(is_subset(self, as_set(args[0])));
}

static nu__py issuperset(nu__py self, const nu__py *args)
{
    return nu__py_bool(is_subset(as_set(args[0]), self));
}

static nu__py isdisjoint(nu__py self, const nu__py *args)
{
    return nu__py_bool(!combined(NU__PY_AND, self, as_set(args[0])).dict->len);
}

#define READING                                                                                    \
    { "copy", NULL, copy }, { "difference", "*others", difference },                               \
        { "intersection", "*others", intersection }, { "isdisjoint", "other, /", isdisjoint },     \
        { "issubset", "other, /", issubset }, { "issuperset", "other, /", issuperset },            \
        { "symmetric_difference", "other, /", symmetric_difference },                              \
    {                                                                                              \
        "union", "*others", union_                                                                 \
    }

static const nu__py_method methods[] = {
    READING,
    { "add", "element, /", add },
    { "clear", NULL, clear },
    { "discard", "element, /", discard },
    { "pop", NULL, pop },
    { "remove", "element, /", remove_item },
    { "update", "*others", update },
    { NULL, NULL, NULL },
};
static const nu__py_method frozen_methods[] = { READING, { NULL, NULL, NULL } };

/* ---- the types ------------------------------------------------------------------------------- */

static int64_t length(nu__py self)
{
    return (int64_t)self.dict->len;
}

static bool contains(nu__py self, nu__py key)
{
    return nu__py_dict_find(self.dict, key) != NULL;
}

static nu__py iterate(nu__py self)
{
    return nu__py_dict_iterate(self.dict, NU__PY_KEYS, "set_iterator");
}

static void add_reprs(nu__py self, nu__buf *out)
{
    nu__py_entry *entry;
    const char *gap = "";

    nu__buf_char(out, '{');
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at)); gap = ", ") {
        nu__buf_str_add(out, nu_s(gap));
        nu__py_repr_to(entry->key, out);
    }
    nu__buf_char(out, '}');
}

static void repr(nu__py self, nu__buf *out)
{
    bool frozen = self.type == &nu__py_frozenset_type;

    if (frozen || !self.dict->len)
        nu__buf_fmt(out, "{}(", self.type->name);
    if (self.dict->len)
        add_reprs(self, out);
    if (frozen || !self.dict->len)
        nu__buf_char(out, ')');
}

static int by_text(const void *a, const void *b)
{
    return nu__str_compare(*(const nu_str *)a, *(const nu_str *)b);
}

/* Sorted by what is printed, so that equal sets print the same. */
static void json(nu__py self, nu__buf *out)
{
    nu_str *texts = nu_alloc_array(nu_str, self.dict->len + 1);
    nu__py_entry *entry;
    size_t n = 0;

    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));) {
        nu__buf text = { 0 };

        nu__py_json(entry->key, &text);
        texts[n++] = nu__buf_str(&text);
    }
    qsort(texts, n, sizeof *texts, by_text);
    nu__buf_lit(out, "{\"$set\": [");
    for (size_t i = 0; i < n; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        nu__buf_str_add(out, texts[i]);
    }
    nu__buf_lit(out, "]}");
}

static nu__py make(nu__py self, const nu__py *args)
{
    return nu__py_given(args[0]) ? set_of(args[0], self.class_) : nu__py_dict_new(self.class_);
}

#define COMMON                                                                                     \
    .signature = "iterable=, /", .make = make, .binary = binary, .equal = equal,                   \
    .rich_compare = rich_compare, .length = length, .contains = contains, .iterate = iterate,      \
    .repr = repr, .json = json, .copy = nu__py_dict_copied

const nu__py_type nu__py_set_type = {
    .name = "set", .methods = methods, .hash = unhashable, COMMON
};
const nu__py_type nu__py_frozenset_type = {
    .name = "frozenset", .methods = frozen_methods, .hash = hash, COMMON
};
