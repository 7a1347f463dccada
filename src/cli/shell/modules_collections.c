/* The module collections: defaultdict, Counter, OrderedDict. */
#include "cli/shell/dict.h"
#include "cli/shell/list.h"
#include "cli/shell/modules.h"

/* ---- defaultdict ----------------------------------------------------------------------------- */

static nu__py default_item(nu__py self, nu__py key)
{
    nu__py *found = nu__py_dict_find(self.dict, key), made;

    if (found)
        return *found;
    if (self.dict->missing.type == &nu__py_none_type)
        nu__py_raise_key(key);
    made = nu__py_invoke(self.dict->missing, &(nu__py_call){ 0 });
    nu__py_dict_set(self.dict, key, made);
    return made;
}

static nu__py make_default(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(self.class_);

    out.dict->missing = nu__py_given(args[0]) ? args[0] : nu__py_none();
    if (nu__py_given(args[1]))
        nu__py_dict_update(out.dict, args[1]);
    nu__py_dict_update(out.dict, args[2]);
    return out;
}

static void repr_default(nu__py self, nu__buf *out)
{
    nu__py plain = { .type = &nu__py_dict_type, .dict = self.dict };
    nu__buf inside = { 0 };

    nu__py_dict_type.repr(plain, &inside);
    nu__buf_fmt(out, "defaultdict({}, {})", nu__py_repr(self.dict->missing), nu__buf_str(&inside));
}

static const nu__py_type defaultdict = {
    .name = "defaultdict",
    .module = "collections",
    .base = &nu__py_dict_type,
    .signature = "default_factory=, iterable=, /, **kwargs",
    .make = make_default,
    .item = default_item,
    .repr = repr_default,
};

/* ---- Counter --------------------------------------------------------------------------------- */

static void add_count(nu__py counter, nu__py key, nu__py n)
{
    nu__py *found = nu__py_dict_find(counter.dict, key);

    nu__py_dict_set(counter.dict, key, found ? nu__py_binary(NU__PY_ADD, *found, n) : n);
}

static void count_all(nu__py counter, nu__py from)
{
    nu__py iterator, each;
    nu__py_entry *entry;

    if (NU__PY_IS(from, dict)) {
        for (size_t at = 0; (entry = nu__py_dict_next(from.dict, &at));)
            add_count(counter, entry->key, entry->value);
        return;
    }
    iterator = nu__py_iterate(from);
    while (nu__py_step(iterator, &each))
        add_count(counter, each, nu__py_int(1));
}

static nu__py make_counter(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(self.class_);

    if (nu__py_given(args[0]) && args[0].type != &nu__py_none_type)
        count_all(out, args[0]);
    count_all(out, args[1]);
    return out;
}

static nu__py counter_item(nu__py self, nu__py key)
{
    nu__py *found = nu__py_dict_find(self.dict, key);

    return found ? *found : nu__py_int(0);
}

static nu__py count_of(nu__py self, const nu__py *args)
{
    (void)self;
    return args[0].list->items[1];
}

static nu__py by_count(nu__py counter)
{
    static const nu__py_method key = { "count", "pair, /", count_of };
    nu__py out = nu__py_list_new(&nu__py_list_type, counter.dict->len);
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(counter.dict, &at));)
        nu__py_append(out, nu__py_pair(entry->key, entry->value));
    nu__py_sort(out, nu__py_method_of(nu__py_none(), &key), true);
    return out;
}

static nu__py most_common(nu__py self, const nu__py *args)
{
    nu__py all = by_count(self);
    int64_t n = nu__py_int_or(args[0], (int64_t)all.list->len, "n");

    if (n >= 0 && (uint64_t)n < all.list->len)
        all.list->len = (size_t)n;
    return all;
}

static nu__py total(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_int(0);
    nu__py_entry *entry;

    (void)args;
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));)
        out = nu__py_binary(NU__PY_ADD, out, entry->value);
    return out;
}

static nu__py elements(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8);
    nu__py_entry *entry;

    (void)args;
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));)
        for (int64_t n = nu__py_as_int(entry->value, "count"); n > 0; n--)
            nu__py_append(out, entry->key);
    return nu__py_iterate(out);
}

static nu__py update(nu__py self, const nu__py *args)
{
    if (nu__py_given(args[0]))
        count_all(self, args[0]);
    count_all(self, args[1]);
    return nu__py_none();
}

/* Counts that are not above 0 are dropped. */
static bool combine(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    nu__py all;
    nu__py_entry *entry;

    if (a.type != b.type || (op != NU__PY_ADD && op != NU__PY_SUB))
        return false;
    all = nu__py_dict_new(a.type);
    count_all(all, a);
    for (size_t at = 0; (entry = nu__py_dict_next(b.dict, &at));)
        add_count(all, entry->key,
                  op == NU__PY_ADD ? entry->value : nu__py_unary(NU__PY_NEG, entry->value));
    *out = nu__py_dict_new(a.type);
    for (size_t at = 0; (entry = nu__py_dict_next(all.dict, &at));)
        if (nu__py_less(nu__py_int(0), entry->value))
            nu__py_dict_set(out->dict, entry->key, entry->value);
    return true;
}

static void repr_counter(nu__py self, nu__buf *out)
{
    nu__py sorted = nu__py_dict_new(&nu__py_dict_type);
    nu__buf inside = { 0 };

    nu__py_dict_update(sorted.dict, by_count(self));
    nu__py_dict_type.repr(sorted, &inside);
    nu__buf_fmt(out, "Counter({})", self.dict->len ? nu__buf_str(&inside) : S(""));
}

static const nu__py_type counter = {
    .name = "Counter",
    .module = "collections",
    .base = &nu__py_dict_type,
    .methods = (const nu__py_method[]){ { "elements", NULL, elements },
                                        { "most_common", "n=", most_common },
                                        { "total", NULL, total },
                                        { "update", "iterable=, /, **kwargs", update },
                                        { NULL, NULL, NULL } },
    .signature = "iterable=, /, **kwargs",
    .make = make_counter,
    .item = counter_item,
    .binary = combine,
    .repr = repr_counter,
};

/* ---- OrderedDict: every dict keeps its order ------------------------------------------------- */

static nu__py make_ordered(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(self.class_);

    if (nu__py_given(args[0]))
        nu__py_dict_update(out.dict, args[0]);
    nu__py_dict_update(out.dict, args[1]);
    return out;
}

static void repr_ordered(nu__py self, nu__buf *out)
{
    nu__py pairs = nu__py_list_new(&nu__py_list_type, self.dict->len);
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));)
        nu__py_append(pairs, nu__py_pair(entry->key, entry->value));
    nu__buf_fmt(out, "OrderedDict({})", self.dict->len ? nu__py_repr(pairs) : S(""));
}

static const nu__py_type ordered = {
    .name = "OrderedDict",
    .module = "collections",
    .base = &nu__py_dict_type,
    .signature = "iterable=, /, **kwargs",
    .make = make_ordered,
    .repr = repr_ordered,
};

const nu__py_module_row nu__py_collections_module = {
    .name = "collections",
    .types = (const nu__py_type *const[]){ &counter, &defaultdict, &ordered, NULL },
};
