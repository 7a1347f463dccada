/* The module itertools. */
#include "cli/shell/modules.h"

#include "cli/shell/limits.h"

/* ---- one after the other --------------------------------------------------------------------- */

typedef struct state {
    nu__py iterator, inner, function, value;
    nu__py *iterators;
    size_t n;
    int64_t at, stop, step;
    bool begun, done;
} state;

static state *new_state(nu__py iterable)
{
    state *s = nu_alloc(state);

    if (nu__py_given(iterable))
        s->iterator = nu__py_iterate(iterable);
    return s;
}

static bool chain_next(void *arg, nu__py *out)
{
    state *s = arg;
    nu__py next;

    for (;;) {
        if (nu__py_given(s->inner) && nu__py_step(s->inner, out))
            return true;
        if (!nu__py_step(s->iterator, &next))
            return false;
        s->inner = nu__py_iterate(next);
    }
}

static nu__py make_chain(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_iterator("itertools.chain", chain_next, new_state(args[0]));
}

static const nu__py_type chain = {
    .name = "chain",
    .module = "itertools",
    .signature = "*iterables",
    .make = make_chain,
    .statics = (const nu__py_method[]){ { "from_iterable", "iterable, /", make_chain },
                                        { NULL, NULL, NULL } },
};

static bool islice_next(void *arg, nu__py *out)
{
    state *s = arg;

    while (s->stop < 0 || s->at < s->stop) {
        bool wanted = s->at++ == s->step;

        if (!nu__py_step(s->iterator, out))
            return false;
        if (!wanted)
            continue;
        s->step += s->n;
        return true;
    }
    return false;
}

static int64_t bound(nu__py value, int64_t otherwise)
{
    int64_t out = nu__py_int_or(value, otherwise, "islice() bound");

    if (out < 0 && out != otherwise)
        nu_raise(NU_VALUE_ERROR, "Indices for islice() must be None or an integer: 0 <= x <= "
                                 "sys.maxsize.");
    return out;
}

static nu__py islice(nu__py self, const nu__py *args)
{
    state *s = new_state(args[0]);
    bool one = !nu__py_given(args[2]);

    (void)self;
    s->step = one ? 0 : bound(args[1], 0); /* the next that is wanted */
    s->stop = bound(one ? args[1] : args[2], -1);
    s->n = (size_t)bound(args[3], 1);
    if (!s->n)
        nu_raise(NU_VALUE_ERROR, "Step for islice() must be a positive integer or None.");
    return nu__py_iterator("itertools.islice", islice_next, s);
}

static bool count_next(void *arg, nu__py *out)
{
    state *s = arg;

    *out = s->value;
    s->value = nu__py_binary(NU__PY_ADD, s->value, s->inner);
    return true;
}

static nu__py count(nu__py self, const nu__py *args)
{
    state *s = new_state((nu__py){ 0 });

    (void)self;
    s->value = nu__py_given(args[0]) ? args[0] : nu__py_int(0);
    s->inner = nu__py_given(args[1]) ? args[1] : nu__py_int(1);
    return nu__py_iterator("itertools.count", count_next, s);
}

static bool repeat_next(void *arg, nu__py *out)
{
    state *s = arg;

    *out = s->value;
    return s->stop < 0 || s->at++ < s->stop;
}

static nu__py repeat(nu__py self, const nu__py *args)
{
    state *s = new_state((nu__py){ 0 });

    (void)self;
    s->value = args[0];
    s->stop = nu__py_int_or(args[1], -1, "times");
    return nu__py_iterator("itertools.repeat", repeat_next, s);
}

static bool takewhile_next(void *arg, nu__py *out)
{
    state *s = arg;

    if (!s->done && nu__py_step(s->iterator, out) && nu__py_truth(nu__py_apply(s->function, *out)))
        return true;
    s->done = true;
    return false;
}

static bool dropwhile_next(void *arg, nu__py *out)
{
    state *s = arg;

    while (nu__py_step(s->iterator, out))
        if (s->begun || !nu__py_truth(nu__py_apply(s->function, *out))) {
            s->begun = true;
            return true;
        }
    return false;
}

static bool starmap_next(void *arg, nu__py *out)
{
    state *s = arg;
    nu__py row;

    if (!nu__py_step(s->iterator, &row))
        return false;
    row = nu__py_collect(row, &nu__py_list_type);
    *out =
        nu__py_invoke(s->function, &(nu__py_call){ .args = row.list->items, .n = row.list->len });
    return true;
}

#define OVER(python, name, next)                                                                   \
    static nu__py python(nu__py self, const nu__py *args)                                          \
    {                                                                                              \
        state *s = new_state(args[1]);                                                             \
                                                                                                   \
        (void)self;                                                                                \
        s->function = args[0];                                                                     \
        return nu__py_iterator("itertools." name, next, s);                                        \
    }
OVER(takewhile, "takewhile", takewhile_next)
OVER(dropwhile, "dropwhile", dropwhile_next)
OVER(starmap, "starmap", starmap_next)

static bool accumulate_next(void *arg, nu__py *out)
{
    state *s = arg;
    nu__py each, both[2];

    if (!s->begun && nu__py_given(s->value)) {
        s->begun = true;
        *out = s->value;
        return true;
    }
    if (!nu__py_step(s->iterator, &each))
        return false;
    both[0] = s->value;
    both[1] = each;
    s->value = !nu__py_given(s->value) ? each
               : nu__py_given(s->function)
                   ? nu__py_invoke(s->function, &(nu__py_call){ .args = both, .n = 2 })
                   : nu__py_binary(NU__PY_ADD, s->value, each);
    s->begun = true;
    *out = s->value;
    return true;
}

static nu__py accumulate(nu__py self, const nu__py *args)
{
    state *s = new_state(args[0]);

    (void)self;
    if (nu__py_given(args[1]) && args[1].type != &nu__py_none_type)
        s->function = args[1];
    s->value = args[2];
    return nu__py_iterator("itertools.accumulate", accumulate_next, s);
}

static bool zip_longest_next(void *arg, nu__py *out)
{
    state *s = arg;
    bool any = false;

    *out = nu__py_list_new(&nu__py_tuple_type, s->n);
    for (size_t i = 0; i < s->n; i++) {
        nu__py each = s->value;

        any |= nu__py_step(s->iterators[i], &each);
        nu__py_append(*out, each);
    }
    return any;
}

static nu__py zip_longest(nu__py self, const nu__py *args)
{
    state *s = new_state((nu__py){ 0 });

    (void)self;
    s->n = args[0].list->len;
    s->iterators = nu_alloc_array(nu__py, s->n + 1);
    s->value = nu__py_given(args[1]) ? args[1] : nu__py_none();
    for (size_t i = 0; i < s->n; i++)
        s->iterators[i] = nu__py_iterate(args[0].list->items[i]);
    return nu__py_iterator("itertools.zip_longest", zip_longest_next, s);
}

/* Groups are read as they are given, so that one that was not looked at is not lost. */
static bool groupby_next(void *arg, nu__py *out)
{
    state *s = arg;
    nu__py each, key, group, group_key;

    if (s->done || (!nu__py_given(s->value) && !nu__py_step(s->iterator, &s->value)))
        return false;
    group = nu__py_list_new(&nu__py_list_type, 4);
    group_key = nu__py_given(s->function) ? nu__py_apply(s->function, s->value) : s->value;
    nu__py_append(group, s->value);
    s->value = (nu__py){ 0 };
    s->done = true;
    while (nu__py_step(s->iterator, &each)) {
        key = nu__py_given(s->function) ? nu__py_apply(s->function, each) : each;
        if (!nu__py_equal(key, group_key)) {
            s->value = each;
            s->done = false;
            break;
        }
        nu__py_append(group, each);
    }
    *out = nu__py_pair(group_key, nu__py_iterate(group));
    return true;
}

static nu__py groupby(nu__py self, const nu__py *args)
{
    state *s = new_state(args[0]);

    (void)self;
    if (nu__py_given(args[1]) && args[1].type != &nu__py_none_type)
        s->function = args[1];
    return nu__py_iterator("itertools.groupby", groupby_next, s);
}

/* ---- selections ------------------------------------------------------------------------------ */

/* Numbers of items, counted up as an odometer is; `ok` says which of them are wanted. */
typedef struct odometer {
    nu__py *pools; /* lists */
    size_t *digits, n;
    bool (*ok)(const size_t *digits, size_t n);
    bool begun;
} odometer;

static bool ascending(const size_t *digits, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (digits[i] <= digits[i - 1])
            return false;
    return true;
}

static bool distinct(const size_t *digits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (digits[i] == digits[k])
                return false;
    return true;
}

static bool turn(odometer *o)
{
    if (!o->begun) {
        o->begun = true;
        for (size_t i = 0; i < o->n; i++)
            if (!o->pools[i].list->len)
                return false;
        return true;
    }
    for (size_t i = o->n; i-- > 0; o->digits[i] = 0)
        if (++o->digits[i] < o->pools[i].list->len)
            return true;
    return false;
}

static bool odometer_next(void *arg, nu__py *out)
{
    odometer *o = arg;

    do {
        nu__py_tick();
        if (!turn(o))
            return false;
    } while (o->ok && !o->ok(o->digits, o->n));
    *out = nu__py_list_new(&nu__py_tuple_type, o->n);
    for (size_t i = 0; i < o->n; i++)
        nu__py_append(*out, o->pools[i].list->items[o->digits[i]]);
    return true;
}

static odometer *odometer_of(size_t n, bool (*ok)(const size_t *, size_t))
{
    odometer *o = nu_alloc(odometer);

    nu__py_check_size(n);
    *o = (odometer){ nu_alloc_array(nu__py, n + 1), nu_alloc_array(size_t, n + 1), n, ok, false };
    return o;
}

static nu__py product(nu__py self, const nu__py *args)
{
    size_t times = (size_t)nu__py_int_or(args[1], 1, "repeat"), n = args[0].list->len;
    odometer *o;

    (void)self;
    nu__py_check_size((uint64_t)times);
    o = odometer_of(n * times, NULL);
    for (size_t i = 0; i < o->n; i++)
        o->pools[i] =
            i < n ? nu__py_collect(args[0].list->items[i], &nu__py_list_type) : o->pools[i - n];
    return nu__py_iterator("itertools.product", odometer_next, o);
}

static nu__py selection(const nu__py *args, const char *name, bool (*ok)(const size_t *, size_t))
{
    nu__py pool = nu__py_collect(args[0], &nu__py_list_type);
    int64_t r = nu__py_int_or(args[1], (int64_t)pool.list->len, "r");
    odometer *o;

    if (r < 0)
        nu_raise(NU_VALUE_ERROR, "r must be non-negative");
    o = odometer_of((size_t)r, ok);
    for (size_t i = 0; i < o->n; i++)
        o->pools[i] = pool;
    return nu__py_iterator(name, odometer_next, o);
}

static nu__py combinations(nu__py self, const nu__py *args)
{
    (void)self;
    return selection(args, "itertools.combinations", ascending);
}

static nu__py permutations(nu__py self, const nu__py *args)
{
    (void)self;
    return selection(args, "itertools.permutations", distinct);
}

const nu__py_module_row nu__py_itertools_module = {
    .name = "itertools",
    .functions =
        (const nu__py_method[]){ { "accumulate", "iterable, func=, *, initial=", accumulate },
                                 { "combinations", "iterable, r", combinations },
                                 { "count", "start=, step=", count },
                                 { "dropwhile", "predicate, iterable, /", dropwhile },
                                 { "groupby", "iterable, key=", groupby },
                                 { "islice", "iterable, start, stop=, step=, /", islice },
                                 { "permutations", "iterable, r=", permutations },
                                 { "product", "*iterables, repeat=", product },
                                 { "repeat", "object, times=", repeat },
                                 { "starmap", "function, iterable, /", starmap },
                                 { "takewhile", "predicate, iterable, /", takewhile },
                                 { "zip_longest", "*iterables, fillvalue=", zip_longest },
                                 { NULL, NULL, NULL } },
    .types = (const nu__py_type *const[]){ &chain, NULL },
};
