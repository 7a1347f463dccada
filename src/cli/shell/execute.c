/* Statements: one function a kind of node. */
#include "cli/shell/evaluator.h"

#include "cli/shell/limits.h"

typedef enum flow { GOES_ON, BREAKS, CONTINUES } flow;
typedef flow executor(nu__py_scope *scope, const nu__py_node *node);

static flow execute(nu__py_scope *scope, const nu__py_node *node);

static flow block(nu__py_scope *scope, const nu__py_node *node)
{
    flow f = GOES_ON;

    for (size_t i = 0; i < node->n && f == GOES_ON; i++)
        f = execute(scope, node->items[i]);
    return f;
}

/* ---- targets --------------------------------------------------------------------------------- */

static nu__py parts_of(nu__py value)
{
    if (!nu__py_is_iterable(value.type))
        nu_raise(NU_TYPE_ERROR, "cannot unpack non-iterable {} object", value.type->name);
    return nu__py_collect(value, &nu__py_list_type);
}

static void unpack(nu__py_scope *scope, const nu__py_node *target, nu__py value)
{
    nu__py parts = parts_of(value), rest;
    size_t n = parts.list->len, star = target->n, extra = 0;

    for (size_t i = 0; i < target->n; i++)
        if (target->items[i]->kind == NU__PY_STARRED)
            star = i;
    if (n < target->n - (star < target->n))
        nu_raise(NU_VALUE_ERROR, "not enough values to unpack (expected {}{}, got {})",
                 star < target->n ? "at least " : "", target->n - (star < target->n), n);
    if (star == target->n && n > target->n)
        nu_raise(NU_VALUE_ERROR, "too many values to unpack (expected {})", target->n);
    for (size_t i = 0; i < target->n; i++) {
        if (i != star) {
            nu__py_bind_target(scope, target->items[i], parts.list->items[i + extra]);
            continue;
        }
        rest = nu__py_list_new(&nu__py_list_type, n);
        for (size_t k = 0; k < n - (target->n - 1); k++)
            nu__py_append(rest, parts.list->items[i + k]);
        nu__py_bind_target(scope, target->items[i]->a, rest);
        extra = n - target->n;
    }
}

void nu__py_bind_target(nu__py_scope *scope, const nu__py_node *target, nu__py value)
{
    nu__py of;

    switch (target->kind) {
    case NU__PY_VARIABLE:
        nu__py_assign(scope, target->name, value);
        break;
    case NU__PY_ATTRIBUTE:
        nu__py_set(nu__py_evaluate(scope, target->a), target->name, value);
        break;
    case NU__PY_SUBSCRIPT:
        of = nu__py_evaluate(scope, target->a);
        nu__py_set_item(of, nu__py_evaluate(scope, target->b), value);
        break;
    default:
        unpack(scope, target, value);
    }
}

static flow assign(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py value = nu__py_evaluate(scope, node->a);

    for (size_t i = 0; i < node->n; i++)
        nu__py_bind_target(scope, node->items[i], value);
    return GOES_ON;
}

static flow augment(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py of, key, value;

    switch (node->a->kind) {
    case NU__PY_ATTRIBUTE:
        of = nu__py_evaluate(scope, node->a->a);
        value = nu__py_get(of, node->a->name);
        value = nu__py_augmented((nu__py_operator)node->op, value, nu__py_evaluate(scope, node->b));
        nu__py_set(of, node->a->name, value);
        break;
    case NU__PY_SUBSCRIPT:
        of = nu__py_evaluate(scope, node->a->a);
        key = nu__py_evaluate(scope, node->a->b);
        value = nu__py_item(of, key);
        value = nu__py_augmented((nu__py_operator)node->op, value, nu__py_evaluate(scope, node->b));
        nu__py_set_item(of, key, value);
        break;
    default:
        value = nu__py_evaluate(scope, node->a);
        value = nu__py_augmented((nu__py_operator)node->op, value, nu__py_evaluate(scope, node->b));
        nu__py_bind_target(scope, node->a, value);
    }
    return GOES_ON;
}

static void delete_one(nu__py_scope *scope, const nu__py_node *target)
{
    nu__py of;

    switch (target->kind) {
    case NU__PY_VARIABLE:
        if (!nu__py_dict_remove(scope->names, nu__py_str(target->name)))
            nu__py_raise(&nu__py_name_error, "name '{}' is not defined", target->name);
        break;
    case NU__PY_SUBSCRIPT:
        of = nu__py_evaluate(scope, target->a);
        nu__py_del_item(of, nu__py_evaluate(scope, target->b));
        break;
    case NU__PY_ATTRIBUTE:
        nu__py_del(nu__py_evaluate(scope, target->a), target->name);
        break;
    default:
        for (size_t i = 0; i < target->n; i++)
            delete_one(scope, target->items[i]);
    }
}

static flow delete (nu__py_scope *scope, const nu__py_node *node)
{
    for (size_t i = 0; i < node->n; i++)
        delete_one(scope, node->items[i]);
    return GOES_ON;
}

/* ---- simple ---------------------------------------------------------------------------------- */

static flow expression(nu__py_scope *scope, const nu__py_node *node)
{
    (void)nu__py_evaluate(scope, node->a);
    return GOES_ON;
}

static flow pass(nu__py_scope *scope, const nu__py_node *node)
{
    (void)scope, (void)node;
    return GOES_ON;
}

static flow breaks(nu__py_scope *scope, const nu__py_node *node)
{
    (void)scope, (void)node;
    return BREAKS;
}

static flow continues(nu__py_scope *scope, const nu__py_node *node)
{
    (void)scope, (void)node;
    return CONTINUES;
}

static flow assert_(nu__py_scope *scope, const nu__py_node *node)
{
    if (nu__py_truth(nu__py_evaluate(scope, node->a)))
        return GOES_ON;
    nu__py_raise(&nu__py_assertion_error, "{}",
                 node->b ? nu__py_text(nu__py_evaluate(scope, node->b)) : S(""));
}

static flow import(nu__py_scope *scope, const nu__py_node *node)
{
    for (size_t i = 0; i < node->n; i++) {
        const nu__py_node *each = node->items[i];
        const char *dot = memchr(each->name.ptr, '.', each->name.len);
        nu__py module = nu__py_module(each->name);
        nu_str first = { each->name.ptr, dot ? (size_t)(dot - each->name.ptr) : each->name.len };

        if (each->alias.ptr)
            nu__py_assign(scope, each->alias, module);
        else
            nu__py_assign(scope, first, dot ? nu__py_module(first) : module);
    }
    return GOES_ON;
}

static flow from(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py module = nu__py_module(node->name), value;
    nu_list *names;

    if (!node->n) {
        names = nu__py_dir(module);
        for (size_t i = 0; i < nu_list_len(names); i++)
            nu__py_assign(scope, nu_at(names, i).s, nu__py_get(module, nu_at(names, i).s));
    }
    for (size_t i = 0; i < node->n; i++) {
        const nu__py_node *each = node->items[i];

        if (!nu__py_find(module, each->name, &value))
            nu__py_raise(&nu__py_import_error, "cannot import name '{}' from '{}'{}", each->name,
                         node->name, nu__py_did_you_mean(each->name, nu__py_dir(module)));
        nu__py_assign(scope, each->alias.ptr ? each->alias : each->name, value);
    }
    return GOES_ON;
}

/* ---- conditions and loops -------------------------------------------------------------------- */

static flow if_(nu__py_scope *scope, const nu__py_node *node)
{
    if (nu__py_truth(nu__py_evaluate(scope, node->a)))
        return block(scope, node->b);
    return node->c ? execute(scope, node->c) : GOES_ON;
}

static flow while_(nu__py_scope *scope, const nu__py_node *node)
{
    while (nu__py_truth(nu__py_evaluate(scope, node->a))) {
        nu__py_tick();
        if (block(scope, node->b) == BREAKS)
            return GOES_ON;
    }
    return node->c ? block(scope, node->c) : GOES_ON;
}

static flow for_(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py iterator = nu__py_iterate(nu__py_evaluate(scope, node->items[1])), value;

    while (nu__py_step(iterator, &value)) {
        nu__py_bind_target(scope, node->items[0], value);
        if (block(scope, node->b) == BREAKS)
            return GOES_ON;
    }
    return node->c ? block(scope, node->c) : GOES_ON;
}

/* ---- what is run under a catch --------------------------------------------------------------- */

/* In memory of the arena, as nu_catch() asks for. */
typedef struct guarded {
    nu__py_scope *scope;
    const nu__py_node *node;
    flow flow;
} guarded;

static void run_guarded(void *arg)
{
    guarded *g = arg;

    g->flow = block(g->scope, g->node);
}

static const nu_error *catch_block(guarded *g)
{
    int depth = nu__py_depth();
    const nu_error *error = nu_catch(NU_EXCEPTION, run_guarded(g));

    nu__py_restore_depth(depth);
    return error;
}

static guarded *guard(nu__py_scope *scope, const nu__py_node *node)
{
    guarded *g = nu_alloc(guarded);

    *g = (guarded){ scope, node, GOES_ON };
    return g;
}

/* ---- with ------------------------------------------------------------------------------------ */

static flow with(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py manager = nu__py_evaluate(scope, node->a), entered = nu__py_none(), caught;
    guarded *g = guard(scope, node->b);
    const nu__py_type *type = manager.type;
    const nu_error *error;

    while (type->base && !type->around && !type->enter)
        type = type->base;
    if (!type->around && !type->enter)
        nu_raise(NU_TYPE_ERROR, "'{}' object does not support the context manager protocol",
                 manager.type->name);
    if (type->enter)
        entered = type->enter(manager);
    if (node->c)
        nu__py_bind_target(scope, node->c, entered);
    if (type->around) {
        type->around(manager, run_guarded, g);
        return g->flow;
    }
    error = catch_block(g);
    caught = error ? nu__py_exception_of(error) : (nu__py){ 0 };
    if (!type->leave(manager, caught) && error)
        nu__py_throw(caught);
    return g->flow;
}

/* ---- try ------------------------------------------------------------------------------------- */

static bool matches(nu__py_scope *scope, const nu__py_node *handler, nu__py caught)
{
    nu__py classes;

    if (!handler->a)
        return true;
    classes = nu__py_evaluate(scope, handler->a);
    return nu__py_exception_is(caught, classes);
}

typedef struct handling {
    nu__py_scope *scope;
    const nu__py_node *node;
    nu__py caught, before;
    flow flow;
    bool handled;
} handling;

static void handle(void *arg)
{
    handling *h = arg;

    for (size_t i = 0; i < h->node->n && !h->handled; i++) {
        const nu__py_node *handler = h->node->items[i];

        if (!matches(h->scope, handler, h->caught))
            continue;
        h->handled = true;
        h->before = nu__py_handling(h->caught);
        if (handler->name.ptr)
            nu__py_assign(h->scope, handler->name, h->caught);
        h->flow = block(h->scope, handler->b);
        if (handler->name.ptr)
            nu__py_dict_remove(h->scope->names, nu__py_str(handler->name));
    }
}

/* The body, then the handlers or `else`; what is raised is raised on. */
static flow body_and_handlers(nu__py_scope *scope, const nu__py_node *node)
{
    guarded *g = guard(scope, node->b);
    const nu_error *error = catch_block(g);
    nu__py raised = { 0 };
    handling *h;

    if (!error)
        return g->flow == GOES_ON && node->c ? block(scope, node->c) : g->flow;
    h = nu_alloc(handling);
    *h = (handling){ .scope = scope, .node = node, .caught = nu__py_exception_of(error) };
    error = nu_catch(NU_EXCEPTION, handle(h));
    if (error)
        raised = nu__py_exception_of(error); /* while the other is handled still: its context */
    if (h->handled)
        (void)nu__py_handling(h->before);
    if (error)
        nu__py_throw(raised);
    if (!h->handled)
        nu__py_throw(h->caught);
    return h->flow;
}

typedef struct trying {
    nu__py_scope *scope;
    const nu__py_node *node;
    flow flow;
} trying;

static void run_trying(void *arg)
{
    trying *t = arg;

    t->flow = body_and_handlers(t->scope, t->node);
}

static void run_finally(trying *t)
{
    t->flow = block(t->scope, t->node->a);
}

/* The `finally` of a body that raised: what is raised there has it as its context. */
static flow finally_of_raised(trying *t, nu__py caught)
{
    nu__py before = nu__py_handling(caught), raised = { 0 };
    const nu_error *error = nu_catch(NU_EXCEPTION, run_finally(t));

    if (error)
        raised = nu__py_exception_of(error);
    (void)nu__py_handling(before);
    if (error)
        nu__py_throw(raised);
    if (t->flow == GOES_ON)
        nu__py_throw(caught);
    return t->flow;
}

static flow try_(nu__py_scope *scope, const nu__py_node *node)
{
    trying *t = nu_alloc(trying);
    int depth = nu__py_depth();
    const nu_error *error;
    flow last;

    *t = (trying){ scope, node, GOES_ON };
    if (!node->a)
        return body_and_handlers(scope, node);
    error = nu_catch(NU_EXCEPTION, run_trying(t));
    nu__py_restore_depth(depth);
    if (error)
        return finally_of_raised(t, nu__py_exception_of(error));
    last = block(scope, node->a);
    return last != GOES_ON ? last : t->flow;
}

static flow raise(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py value, cause = { 0 };

    if (!node->a)
        nu__py_throw_again();
    value = nu__py_evaluate(scope, node->a);
    if (node->b)
        cause = nu__py_evaluate(scope, node->b);
    nu__py_throw_from(value, cause);
}

/* ---- the table ------------------------------------------------------------------------------- */

static executor *const executors[] = {
    [NU__PY_BLOCK] = block,        [NU__PY_EXPRESSION] = expression,
    [NU__PY_ASSIGN] = assign,      [NU__PY_AUGMENT] = augment,
    [NU__PY_DELETE] = delete,      [NU__PY_IF] = if_,
    [NU__PY_WHILE] = while_,       [NU__PY_FOR] = for_,
    [NU__PY_WITH] = with,          [NU__PY_TRY] = try_,
    [NU__PY_RAISE] = raise,        [NU__PY_ASSERT] = assert_,
    [NU__PY_PASS] = pass,          [NU__PY_BREAK] = breaks,
    [NU__PY_CONTINUE] = continues, [NU__PY_IMPORT] = import,
    [NU__PY_FROM] = from,
};

static flow execute(nu__py_scope *scope, const nu__py_node *node)
{
    flow f;

    nu__py_enter();
    f = executors[node->kind](scope, node);
    nu__py_exit();
    return f;
}

nu__py nu__py_run(nu__py_scope *scope, nu_str source)
{
    const nu__py_node *all = nu__py_parse(source);
    nu__py out = { 0 };

    nu__py_begin();
    for (size_t i = 0; i < all->n; i++) {
        if (i + 1 == all->n && all->items[i]->kind == NU__PY_EXPRESSION)
            out = nu__py_evaluate(scope, all->items[i]->a);
        else
            (void)execute(scope, all->items[i]);
    }
    return out;
}
