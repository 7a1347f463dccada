/* Calls, lambdas, comprehensions and generators. */
#include "cli/shell/evaluator.h"

#include "cli/shell/limits.h"
#include "core/arena.h"

/* ---- calls ----------------------------------------------------------------------------------- */

typedef struct keywords {
    nu__py_keyword *items;
    size_t n, cap;
} keywords;

static nu_str name_of(nu__py callee)
{
    nu__py name;

    return nu__py_find(callee, S("__name__"), &name) ? nu__py_text(name) : nu__py_text(callee);
}

static void add_keyword(keywords *out, nu_str name, nu__py value, nu__py callee)
{
    size_t cap = out->cap ? out->cap * 2 : 4;

    for (size_t i = 0; i < out->n; i++)
        if (nu_eq(out->items[i].name, name))
            nu_raise(NU_TYPE_ERROR, "{}() got multiple values for keyword argument '{}'",
                     name_of(callee), name);
    if (out->n == out->cap) {
        out->items = nu__grow(out->items, out->cap * sizeof *out->items, cap * sizeof *out->items);
        out->cap = cap;
    }
    out->items[out->n++] = (nu__py_keyword){ name, value };
}

static void spread_keywords(keywords *out, nu__py mapping, nu__py callee)
{
    nu__py_entry *entry;

    if (!NU__PY_IS(mapping, dict))
        nu_raise(NU_TYPE_ERROR, "{}() argument after ** must be a mapping, not {}", name_of(callee),
                 mapping.type->name);
    for (size_t at = 0; (entry = nu__py_dict_next(mapping.dict, &at));) {
        if (!NU__PY_IS(entry->key, str))
            nu_raise(NU_TYPE_ERROR, "keywords must be strings");
        add_keyword(out, entry->key.s, entry->value, callee);
    }
}

static void take_argument(nu__py_scope *scope, const nu__py_node *node, nu__py callee, nu__py args,
                          keywords *named)
{
    nu__py value = nu__py_evaluate(
        scope, node->kind == NU__PY_STARRED || node->kind == NU__PY_ARGUMENT ? node->a : node);
    nu__py each, iterator;

    if (node->kind == NU__PY_STARRED) {
        if (!nu__py_is_iterable(value.type))
            nu_raise(NU_TYPE_ERROR, "{}() argument after * must be an iterable, not {}",
                     name_of(callee), value.type->name);
        iterator = nu__py_iterate(value);
        while (nu__py_step(iterator, &each))
            nu__py_append(args, each);
    } else if (node->kind != NU__PY_ARGUMENT) {
        nu__py_append(args, value);
    } else if (node->name.ptr) {
        add_keyword(named, node->name, value, callee);
    } else {
        spread_keywords(named, value, callee);
    }
}

nu__py nu__py_call_node(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py callee = nu__py_evaluate(scope, node->a);
    nu__py args = nu__py_list_new(&nu__py_list_type, node->n);
    keywords named = { 0 };

    for (size_t i = 0; i < node->n; i++)
        take_argument(scope, node->items[i], callee, args, &named);
    return nu__py_invoke(callee, &(nu__py_call){ .args = args.list->items,
                                                 .n = args.list->len,
                                                 .keywords = named.items,
                                                 .n_keywords = named.n });
}

/* ---- lambda ---------------------------------------------------------------------------------- */

typedef struct function {
    nu__py_scope *scope;
    const nu__py_node *node;
    const char *signature;
    nu__py *defaults; /* by parameter */
} function;

static void add_parameter(const nu__py_node *parameter, bool *bare_star, nu__buf *out)
{
    if (out->len)
        nu__buf_lit(out, ", ");
    if (parameter->op == 'o' && !*bare_star)
        nu__buf_lit(out, "*, ");
    *bare_star |= parameter->op == 'o' || parameter->op == '*';
    if (parameter->op == '*' || parameter->op == 'k')
        nu__buf_str_add(out, parameter->op == 'k' ? S("**") : S("*"));
    nu__buf_str_add(out, parameter->name);
    if (parameter->a)
        nu__buf_char(out, '=');
}

nu__py nu__py_lambda_new(nu__py_scope *scope, const nu__py_node *node)
{
    function *f = nu_alloc(function);
    nu__buf signature = { 0 };
    bool bare_star = false;

    *f = (function){ scope, node, NULL, nu_alloc_array(nu__py, node->n + 1) };
    for (size_t i = 0; i < node->n; i++) {
        add_parameter(node->items[i], &bare_star, &signature);
        if (node->items[i]->a)
            f->defaults[i] = nu__py_evaluate(scope, node->items[i]->a);
    }
    f->signature = nu__buf_str(&signature).ptr;
    return nu__py_pointer(&nu__py_function_type, f);
}

static nu__py call_function(nu__py self, const nu__py_call *call)
{
    const function *f = self.cp;
    nu__py args[NU__PY_MOST_ARGUMENTS];
    nu__py_scope *scope = nu__py_scope_new(f->scope);

    nu__py_bind("<lambda>", f->signature, call, args);
    for (size_t i = 0; i < f->node->n; i++)
        nu__py_assign(scope, f->node->items[i]->name,
                      nu__py_given(args[i]) ? args[i] : f->defaults[i]);
    return nu__py_evaluate(scope, f->node->a);
}

static void repr_function(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "<function <lambda>>");
}

static nu__py function_name(nu__py self)
{
    (void)self;
    return nu__py_str(S("<lambda>"));
}

const nu__py_type nu__py_function_type = {
    .name = "function",
    .attributes = (const nu__py_attribute[]){ { "__name__", function_name },
                                              { "__qualname__", function_name },
                                              { NULL, NULL } },
    .call = call_function,
    .repr = repr_function,
};

/* ---- comprehensions -------------------------------------------------------------------------- */

/* `for a in b if c for d in e …` as a machine that stops after each element: a stack of iterators,
   one a clause. */
typedef struct generator {
    nu__py_scope *scope;
    const nu__py_node *node;
    nu__py *iterators; /* by clause */
    size_t level;      /* clauses that are begun, 0: none yet */
    bool done, running;
} generator;

static bool conditions_hold(nu__py_scope *scope, const nu__py_node *clause)
{
    for (size_t i = 0; i < clause->n; i++)
        if (!nu__py_truth(nu__py_evaluate(scope, clause->items[i])))
            return false;
    return true;
}

/* The variables' next values; false: there are no more. */
static bool advance(generator *g)
{
    nu__py value;

    while (g->level) {
        const nu__py_node *clause = g->node->items[g->level - 1];

        if (!nu__py_step(g->iterators[g->level - 1], &value)) {
            g->level--;
            continue;
        }
        nu__py_bind_target(g->scope, clause->a, value);
        if (!conditions_hold(g->scope, clause))
            continue;
        if (g->level == g->node->n)
            return true;
        g->iterators[g->level] =
            nu__py_iterate(nu__py_evaluate(g->scope, g->node->items[g->level]->b));
        g->level++;
    }
    return false;
}

static bool generator_next(nu__py self, nu__py *out)
{
    generator *g = self.p;

    if (g->running)
        nu_raise(NU_VALUE_ERROR, "generator already executing");
    if (g->done)
        return false;
    g->running = g->done = true; /* an error ends it */
    if (advance(g)) {
        *out = nu__py_evaluate(g->scope, g->node->a);
        g->done = false;
    }
    g->running = false;
    return !g->done;
}

static void repr_generator(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "<generator object <genexpr>>");
}

const nu__py_type nu__py_generator_type = {
    .name = "generator",
    .next = generator_next,
    .repr = repr_generator,
};

/* The first iterable is evaluated at once, outside of the comprehension's scope. */
static generator *generator_new(nu__py_scope *scope, const nu__py_node *node)
{
    generator *g = nu_alloc(generator);

    *g = (generator){ .scope = nu__py_scope_new(scope),
                      .node = node,
                      .iterators = nu_alloc_array(nu__py, node->n),
                      .level = 1 };
    g->scope->comprehension = true;
    g->iterators[0] = nu__py_iterate(nu__py_evaluate(scope, node->items[0]->b));
    return g;
}

nu__py nu__py_comprehend(nu__py_scope *scope, const nu__py_node *node)
{
    generator *g = generator_new(scope, node);
    nu__py out, key;

    if (node->kind == NU__PY_GENERATOR)
        return nu__py_pointer(&nu__py_generator_type, g);
    out = node->kind == NU__PY_LIST_OF  ? nu__py_list_new(&nu__py_list_type, 8)
          : node->kind == NU__PY_SET_OF ? nu__py_dict_new(&nu__py_set_type)
                                        : nu__py_dict_new(&nu__py_dict_type);
    while (advance(g)) {
        key = nu__py_evaluate(g->scope, node->a);
        if (node->kind == NU__PY_LIST_OF)
            nu__py_append(out, key);
        else
            nu__py_dict_set(out.dict, key,
                            node->b ? nu__py_evaluate(g->scope, node->b) : nu__py_none());
    }
    return out;
}
