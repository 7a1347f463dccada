/* The modules functools and operator. */
#include "cli/shell/modules.h"

/* ---- functools ------------------------------------------------------------------------------- */

static nu__py reduce(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[1]), each, out = args[2];

    (void)self;
    if (!nu__py_given(out) && !nu__py_step(iterator, &out))
        nu_raise(NU_TYPE_ERROR, "reduce() of empty iterable with no initial value");
    while (nu__py_step(iterator, &each)) {
        nu__py both[] = { out, each };

        out = nu__py_invoke(args[0], &(nu__py_call){ .args = both, .n = 2 });
    }
    return out;
}

typedef struct partial {
    nu__py function, args, keywords;
} partial;

static nu__py call_partial(nu__py self, const nu__py_call *call)
{
    const partial *p = self.cp;
    nu__py args = nu__py_collect(p->args, &nu__py_list_type);
    nu__py all = nu__py_dict_new(&nu__py_dict_type);
    nu__py_keyword *keywords;
    nu__py_entry *entry;
    size_t n = 0;

    for (size_t i = 0; i < call->n; i++)
        nu__py_append(args, call->args[i]);
    nu__py_dict_update(all.dict, p->keywords);
    for (size_t i = 0; i < call->n_keywords; i++)
        nu__py_dict_set(all.dict, nu__py_str(call->keywords[i].name), call->keywords[i].value);
    keywords = nu_alloc_array(nu__py_keyword, all.dict->len + 1);
    for (size_t at = 0; (entry = nu__py_dict_next(all.dict, &at));)
        keywords[n++] = (nu__py_keyword){ entry->key.s, entry->value };
    return nu__py_invoke(p->function,
                         &(nu__py_call){ args.list->items, args.list->len, keywords, n });
}

static nu__py make_partial(nu__py self, const nu__py *args)
{
    partial *p = nu_alloc(partial);

    *p = (partial){ args[0], args[1], args[2] };
    return nu__py_pointer(self.class_, p);
}

static const nu__py_type partial_type = {
    .name = "partial",
    .module = "functools",
    .signature = "func, /, *args, **keywords",
    .make = make_partial,
    .call = call_partial,
};

const nu__py_module_row nu__py_functools_module = {
    .name = "functools",
    .functions = (const nu__py_method[]){ { "reduce", "function, iterable, initial=, /", reduce },
                                          { NULL, NULL, NULL } },
    .types = (const nu__py_type *const[]){ &partial_type, NULL },
};

/* ---- operator -------------------------------------------------------------------------------- */

#define BINARY(name, op)                                                                           \
    static nu__py name(nu__py self, const nu__py *args)                                            \
    {                                                                                              \
        (void)self;                                                                                \
        return nu__py_binary((op), args[0], args[1]);                                              \
    }
BINARY(add, NU__PY_ADD)
BINARY(sub, NU__PY_SUB)
BINARY(mul, NU__PY_MUL)
BINARY(truediv, NU__PY_DIV)
BINARY(floordiv, NU__PY_FLOORDIV)
BINARY(mod, NU__PY_MOD)
BINARY(and_, NU__PY_AND)
BINARY(or_, NU__PY_OR)
BINARY(xor_, NU__PY_XOR)

#define COMPARISON(name, test)                                                                     \
    static nu__py name(nu__py self, const nu__py *args)                                            \
    {                                                                                              \
        (void)self;                                                                                \
        return nu__py_bool(test);                                                                  \
    }
COMPARISON(eq, nu__py_equal(args[0], args[1]))
COMPARISON(ne, !nu__py_equal(args[0], args[1]))
COMPARISON(lt, nu__py_ordered("<", args[0], args[1]))
COMPARISON(le, nu__py_ordered("<=", args[0], args[1]))
COMPARISON(gt, nu__py_ordered(">", args[0], args[1]))
COMPARISON(ge, nu__py_ordered(">=", args[0], args[1]))
COMPARISON(not_, !nu__py_truth(args[0]))
COMPARISON(contains, nu__py_contains(args[0], args[1]))

static nu__py getitem(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_item(args[0], args[1]);
}

static nu__py neg(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_unary(NU__PY_NEG, args[0]);
}

/* One argument gives a value, several a tuple. */
static nu__py got(nu__py names, nu__py from, nu__py (*get)(nu__py, nu__py))
{
    nu__py out;

    if (names.list->len == 1)
        return get(from, names.list->items[0]);
    out = nu__py_list_new(&nu__py_tuple_type, names.list->len);
    for (size_t i = 0; i < names.list->len; i++)
        nu__py_append(out, get(from, names.list->items[i]));
    return out;
}

/* "a.b" follows both. */
static nu__py dotted(nu__py from, nu__py path)
{
    nu_str rest = nu__py_as_str(path, "attribute name");

    for (size_t at = 0; at <= rest.len; at++)
        if (at == rest.len || rest.ptr[at] == '.') {
            from = nu__py_get(from, (nu_str){ rest.ptr, at });
            if (at == rest.len)
                break;
            rest = (nu_str){ rest.ptr + at + 1, rest.len - at - 1 };
            at = (size_t)-1;
        }
    return from;
}

static nu__py only_argument(const nu__py_call *call, const char *name)
{
    if (call->n != 1 || call->n_keywords)
        nu_raise(NU_TYPE_ERROR, "{} expected 1 argument, got {}", name, call->n);
    return call->args[0];
}

static nu__py call_itemgetter(nu__py self, const nu__py_call *call)
{
    return got((nu__py){ .type = &nu__py_tuple_type, .list = self.p },
               only_argument(call, "itemgetter"), nu__py_item);
}

static nu__py call_attrgetter(nu__py self, const nu__py_call *call)
{
    return got((nu__py){ .type = &nu__py_tuple_type, .list = self.p },
               only_argument(call, "attrgetter"), dotted);
}

static nu__py make_getter(nu__py self, const nu__py *args)
{
    if (!args[0].list->len)
        nu_raise(NU_TYPE_ERROR, "{} expected at least 1 argument, got 0", self.class_->name);
    return nu__py_pointer(self.class_, args[0].list);
}

static const nu__py_type itemgetter = { .name = "itemgetter",
                                        .module = "operator",
                                        .signature = "*items",
                                        .make = make_getter,
                                        .call = call_itemgetter },
                         attrgetter = { .name = "attrgetter",
                                        .module = "operator",
                                        .signature = "*attributes",
                                        .make = make_getter,
                                        .call = call_attrgetter };

const nu__py_module_row nu__py_operator_module = {
    .name = "operator",
    .functions = (const nu__py_method[]){ { "add", "a, b, /", add },
                                          { "and_", "a, b, /", and_ },
                                          { "contains", "a, b, /", contains },
                                          { "eq", "a, b, /", eq },
                                          { "floordiv", "a, b, /", floordiv },
                                          { "ge", "a, b, /", ge },
                                          { "getitem", "a, b, /", getitem },
                                          { "gt", "a, b, /", gt },
                                          { "le", "a, b, /", le },
                                          { "lt", "a, b, /", lt },
                                          { "mod", "a, b, /", mod },
                                          { "mul", "a, b, /", mul },
                                          { "ne", "a, b, /", ne },
                                          { "neg", "a, /", neg },
                                          { "not_", "a, /", not_ },
                                          { "or_", "a, b, /", or_ },
                                          { "sub", "a, b, /", sub },
                                          { "truediv", "a, b, /", truediv },
                                          { "xor", "a, b, /", xor_ },
                                          { NULL, NULL, NULL } },
    .types = (const nu__py_type *const[]){ &itemgetter, &attrgetter, NULL },
};
