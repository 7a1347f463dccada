/* The methods of dict, and its views. */
#include "cli/shell/dict.h"

typedef struct view {
    nu__py dict;
    nu__py_part part;
} view;

/* ---- views ----------------------------------------------------------------------------------- */

static nu__py view_iterate(nu__py self)
{
    static const char *const names[] = { "dict_keyiterator", "dict_valueiterator",
                                         "dict_itemiterator" };
    const view *v = self.cp;

    return nu__py_dict_iterate(v->dict.dict, v->part, names[v->part]);
}

static int64_t view_length(nu__py self)
{
    return (int64_t)((const view *)self.cp)->dict.dict->len;
}

static void view_repr(nu__py self, nu__buf *out)
{
    static const char *const names[] = { "dict_keys", "dict_values", "dict_items" };
    const view *v = self.cp;

    nu__buf_fmt(out, "{}({})", names[v->part],
                nu__py_repr(nu__py_collect(self, &nu__py_list_type)));
}

static nu__py as_set(nu__py value)
{
    nu__py out = nu__py_dict_new(&nu__py_set_type), iterator = nu__py_iterate(value), each;

    while (nu__py_step(iterator, &each))
        nu__py_dict_set(out.dict, each, nu__py_none());
    return out;
}

static bool set_operator(nu__py_operator op, nu__py a, nu__py b, nu__py *out);
static bool view_equal(nu__py a, nu__py b, bool *out);

static const nu__py_type views[] = {
    [NU__PY_KEYS] = { .name = "dict_keys",
                      .iterate = view_iterate,
                      .length = view_length,
                      .binary = set_operator,
                      .equal = view_equal,
                      .repr = view_repr },
    [NU__PY_VALUES] = { .name = "dict_values",
                        .iterate = view_iterate,
                        .length = view_length,
                        .repr = view_repr },
    [NU__PY_ITEMS] = { .name = "dict_items",
                       .iterate = view_iterate,
                       .length = view_length,
                       .binary = set_operator,
                       .equal = view_equal,
                       .repr = view_repr },
};

static bool is_setlike(nu__py value)
{
    return value.type == &views[NU__PY_KEYS] || value.type == &views[NU__PY_ITEMS] ||
           value.type == &nu__py_set_type || value.type == &nu__py_frozenset_type;
}

/* keys() & other, as sets */
static bool set_operator(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (op != NU__PY_AND && op != NU__PY_OR && op != NU__PY_SUB && op != NU__PY_XOR)
        return false;
    *out = nu__py_binary(op, as_set(a), as_set(b));
    return true;
}

static bool view_equal(nu__py a, nu__py b, bool *out)
{
    if (!is_setlike(a) || !is_setlike(b))
        return false;
    *out = nu__py_equal(as_set(a), as_set(b));
    return true;
}

static nu__py view_of(nu__py dict, nu__py_part part)
{
    view *v = nu_alloc(view);

    *v = (view){ dict, part };
    return nu__py_pointer(&views[part], v);
}

static nu__py keys(nu__py self, const nu__py *args)
{
    (void)args;
    return view_of(self, NU__PY_KEYS);
}

static nu__py values(nu__py self, const nu__py *args)
{
    (void)args;
    return view_of(self, NU__PY_VALUES);
}

static nu__py items(nu__py self, const nu__py *args)
{
    (void)args;
    return view_of(self, NU__PY_ITEMS);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static nu__py get(nu__py self, const nu__py *args)
{
    nu__py *found = nu__py_dict_find(self.dict, args[0]);

    return found ? *found : nu__py_given(args[1]) ? args[1] : nu__py_none();
}

static nu__py pop(nu__py self, const nu__py *args)
{
    nu__py *found = nu__py_dict_find(self.dict, args[0]), out;

    if (!found && nu__py_given(args[1]))
        return args[1];
    if (!found)
        nu__py_raise_key(args[0]);
    out = *found;
    nu__py_dict_remove(self.dict, args[0]);
    return out;
}

static nu__py popitem(nu__py self, const nu__py *args)
{
    nu__py_dict *dict = self.dict;

    (void)args;
    for (size_t i = dict->used; i-- > 0;)
        if (nu__py_given(dict->entries[i].key)) {
            nu__py out = nu__py_pair(dict->entries[i].key, dict->entries[i].value);

            nu__py_dict_remove(dict, dict->entries[i].key);
            return out;
        }
    nu_raise(NU_KEY_ERROR, "'popitem(): dictionary is empty'");
}

static nu__py setdefault(nu__py self, const nu__py *args)
{
    nu__py *found = nu__py_dict_find(self.dict, args[0]);
    nu__py value = nu__py_given(args[1]) ? args[1] : nu__py_none();

    if (found)
        return *found;
    nu__py_dict_set(self.dict, args[0], value);
    return value;
}

static nu__py update(nu__py self, const nu__py *args)
{
    if (nu__py_given(args[0]))
        nu__py_dict_update(self.dict, args[0]);
    nu__py_dict_update(self.dict, args[1]);
    return nu__py_none();
}

static nu__py copy(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    (void)args;
    nu__py_dict_update(out.dict, self);
    return out;
}

static nu__py clear(nu__py self, const nu__py *args)
{
    (void)args;
    *self.dict = (nu__py_dict){ 0 };
    return nu__py_none();
}

static nu__py fromkeys(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type), iterator = nu__py_iterate(args[0]), key;

    (void)self;
    while (nu__py_step(iterator, &key))
        nu__py_dict_set(out.dict, key, nu__py_given(args[1]) ? args[1] : nu__py_none());
    return out;
}

const nu__py_method nu__py_dict_methods[] = {
    { "clear", NULL, clear },
    { "copy", NULL, copy },
    { "get", "key, default=, /", get },
    { "items", NULL, items },
    { "keys", NULL, keys },
    { "pop", "key, default=, /", pop },
    { "popitem", NULL, popitem },
    { "setdefault", "key, default=, /", setdefault },
    { "update", "iterable=, /, **kwargs", update },
    { "values", NULL, values },
    { NULL, NULL, NULL },
};

const nu__py_method nu__py_dict_statics[] = {
    { "fromkeys", "iterable, value=, /", fromkeys },
    { NULL, NULL, NULL },
};
