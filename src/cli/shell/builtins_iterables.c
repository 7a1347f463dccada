/* Built-in functions over iterables and iterators. */
#include "cli/shell/builtins.h"

#include "cli/shell/limits.h"
#include "cli/shell/list.h"

static nu__py len(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_int(nu__py_length(args[0]));
}

static nu__py sum(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;
    nu__py total = nu__py_given(args[1]) ? args[1] : nu__py_int(0);

    (void)self;
    if (NU__PY_IS(total, str))
        nu_raise(NU_TYPE_ERROR, "sum() can't sum strings [use ''.join(seq) instead]");
    while (nu__py_step(iterator, &each))
        total = nu__py_binary(NU__PY_ADD, total, each);
    return total;
}

static nu__py extreme(const char *name, const nu__py *args, bool greatest)
{
    bool one = args[0].list->len == 1, first = true;
    nu__py iterator, each, key, best = { 0 }, best_key = { 0 };

    if (!args[0].list->len)
        nu_raise(NU_TYPE_ERROR, "{} expected at least 1 argument, got 0", name);
    iterator = nu__py_iterate(one ? args[0].list->items[0] : args[0]);
    for (; nu__py_step(iterator, &each); first = false) {
        bool plain = !nu__py_given(args[1]) || args[1].type == &nu__py_none_type;

        key = plain ? each : nu__py_apply(args[1], each);
        if (!first &&
            !(greatest ? nu__py_ordered(">", key, best_key) : nu__py_ordered("<", key, best_key)))
            continue;
        best = each;
        best_key = key;
    }
    if (first && !nu__py_given(args[2]))
        nu_raise(NU_VALUE_ERROR, "{}() arg is an empty sequence", name);
    return first ? args[2] : best;
}

static nu__py min(nu__py self, const nu__py *args)
{
    (void)self;
    return extreme("min", args, false);
}

static nu__py max(nu__py self, const nu__py *args)
{
    (void)self;
    return extreme("max", args, true);
}

static nu__py any(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;

    (void)self;
    while (nu__py_step(iterator, &each))
        if (nu__py_truth(each))
            return nu__py_bool(true);
    return nu__py_bool(false);
}

static nu__py all(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;

    (void)self;
    while (nu__py_step(iterator, &each))
        if (!nu__py_truth(each))
            return nu__py_bool(false);
    return nu__py_bool(true);
}

static nu__py sorted(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_collect(args[0], &nu__py_list_type);

    (void)self;
    nu__py_sort(out, args[1], nu__py_true_or(args[2], false));
    return out;
}

typedef struct backwards {
    nu__py of;
    int64_t at;
} backwards;

static bool backwards_next(void *state, nu__py *out)
{
    backwards *b = state;

    if (b->at-- <= 0)
        return false;
    *out = nu__py_item(b->of, nu__py_int(b->at));
    return true;
}

static nu__py reversed(nu__py self, const nu__py *args)
{
    backwards *b = nu_alloc(backwards);
    nu__py of = args[0];

    (void)self;
    if (NU__PY_IS(of, dict))
        of = nu__py_collect(of, &nu__py_list_type);
    if (!of.type->length || !of.type->item)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not reversible", of.type->name);
    *b = (backwards){ of, nu__py_length(of) };
    return nu__py_iterator("reversed", backwards_next, b);
}

/* ---- iterators ------------------------------------------------------------------------------- */

typedef struct several {
    nu__py function;
    nu__py *iterators;
    size_t n;
    int64_t count;
    bool strict;
} several;

static bool enumerate_next(void *state, nu__py *out)
{
    several *s = state;
    nu__py each;

    if (!nu__py_step(s->iterators[0], &each))
        return false;
    *out = nu__py_pair(nu__py_int(s->count++), each);
    return true;
}

static several *several_of(const nu__py *iterables, size_t n)
{
    several *s = nu_alloc(several);

    s->n = n;
    s->iterators = nu_alloc_array(nu__py, n + 1);
    for (size_t i = 0; i < n; i++)
        s->iterators[i] = nu__py_iterate(iterables[i]);
    return s;
}

static nu__py enumerate(nu__py self, const nu__py *args)
{
    several *s = several_of(args, 1);

    (void)self;
    s->count = nu__py_int_or(args[1], 0, "start");
    return nu__py_iterator("enumerate", enumerate_next, s);
}

static bool zip_next(void *state, nu__py *out)
{
    several *s = state;
    nu__py each, row = nu__py_list_new(&nu__py_tuple_type, s->n);

    for (size_t i = 0; i < s->n; i++) {
        if (nu__py_step(s->iterators[i], &each)) {
            nu__py_append(row, each);
            continue;
        }
        if (s->strict && i)
            nu_raise(NU_VALUE_ERROR, "zip() argument {} is shorter than argument{} {}", i + 1,
                     i > 1 ? "s 1-" : "", i);
        for (size_t k = 1; s->strict && k < s->n; k++)
            if (nu__py_step(s->iterators[k], &each))
                nu_raise(NU_VALUE_ERROR, "zip() argument {} is longer than argument{} {}", k + 1,
                         k > 1 ? "s 1-" : "", k);
        return false;
    }
    *out = row;
    return s->n > 0;
}

static nu__py zip(nu__py self, const nu__py *args)
{
    several *s = several_of(args[0].list->items, args[0].list->len);

    (void)self;
    s->strict = nu__py_true_or(args[1], false);
    return nu__py_iterator("zip", zip_next, s);
}

static bool map_next(void *state, nu__py *out)
{
    several *s = state;
    nu__py *items = nu_alloc_array(nu__py, s->n);

    for (size_t i = 0; i < s->n; i++)
        if (!nu__py_step(s->iterators[i], &items[i]))
            return false;
    *out = nu__py_invoke(s->function, &(nu__py_call){ .args = items, .n = s->n });
    return true;
}

static nu__py map(nu__py self, const nu__py *args)
{
    several *s = several_of(args[1].list->items, args[1].list->len);

    (void)self;
    if (!s->n)
        nu_raise(NU_TYPE_ERROR, "map() must have at least two arguments.");
    s->function = args[0];
    return nu__py_iterator("map", map_next, s);
}

static bool filter_next(void *state, nu__py *out)
{
    several *s = state;

    while (nu__py_step(s->iterators[0], out))
        if (nu__py_truth(s->function.type == &nu__py_none_type ? *out
                                                               : nu__py_apply(s->function, *out)))
            return true;
    return false;
}

static nu__py filter(nu__py self, const nu__py *args)
{
    several *s = several_of(args + 1, 1);

    (void)self;
    s->function = args[0];
    return nu__py_iterator("filter", filter_next, s);
}

static nu__py iter(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_iterate(args[0]);
}

static nu__py next(nu__py self, const nu__py *args)
{
    nu__py out;

    (void)self;
    if (nu__py_step(args[0], &out))
        return out;
    if (nu__py_given(args[1]))
        return args[1];
    nu__py_raise(&nu__py_stop_iteration, "");
}

const nu__py_method nu__py_iterable_builtins[] = {
    { "all", "iterable, /", all },
    { "any", "iterable, /", any },
    { "enumerate", "iterable, start=", enumerate },
    { "filter", "function, iterable, /", filter },
    { "iter", "iterable, /", iter },
    { "len", "object, /", len },
    { "map", "function, /, *iterables", map },
    { "max", "*args, key=, default=", max },
    { "min", "*args, key=, default=", min },
    { "next", "iterator, default=, /", next },
    { "reversed", "sequence, /", reversed },
    { "sorted", "iterable, /, *, key=, reverse=", sorted },
    { "sum", "iterable, /, start=", sum },
    { "zip", "*iterables, strict=", zip },
    { NULL, NULL, NULL },
};
