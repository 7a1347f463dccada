/* Expressions: one function a kind of node. */
#include "cli/shell/evaluator.h"

#include "cli/shell/limits.h"
#include "core/list.h"

typedef nu__py evaluator(nu__py_scope *scope, const nu__py_node *node);

/* ---- scopes ---------------------------------------------------------------------------------- */

nu__py_scope *nu__py_scope_new(nu__py_scope *outer)
{
    nu__py_scope *scope = nu_alloc(nu__py_scope);

    scope->outer = outer;
    scope->names = nu__py_dict_new(&nu__py_dict_type).dict;
    return scope;
}

bool nu__py_lookup(const nu__py_scope *scope, nu_str name, nu__py *out)
{
    for (; scope; scope = scope->outer) {
        nu__py *found = nu__py_dict_find(scope->names, nu__py_str(name));

        if (found) {
            *out = *found;
            return true;
        }
    }
    return nu__py_builtin(name, out);
}

void nu__py_assign(nu__py_scope *scope, nu_str name, nu__py value)
{
    nu__py_dict_set(scope->names, nu__py_str(name), value);
}

nu_list *nu__py_names(const nu__py_scope *scope)
{
    nu_list *names = nu_list_new();
    nu__py_entry *entry;

    for (; scope; scope = scope->outer)
        for (size_t at = 0; (entry = nu__py_dict_next(scope->names, &at));)
            nu_list_append(names, entry->key.s);
    nu__py_builtin_names(names);
    return names;
}

/* ---- names and literals ---------------------------------------------------------------------- */

static nu__py constant(nu__py_scope *scope, const nu__py_node *node)
{
    (void)scope;
    return node->value;
}

static nu__py variable(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py out;

    if (nu__py_lookup(scope, node->name, &out))
        return out;
    nu__py_raise(&nu__py_name_error, "name '{}' is not defined{}", node->name,
                 nu__py_did_you_mean(node->name, nu__py_names(scope)));
}

static nu__py named(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py value = nu__py_evaluate(scope, node->a);

    while (scope->comprehension && scope->outer)
        scope = scope->outer;
    nu__py_assign(scope, node->name, value);
    return value;
}

static nu__py converted(nu__py value, int conversion)
{
    if (conversion == 'r' || conversion == 'a')
        return nu__py_str(nu__py_repr(value));
    return conversion == 's' ? nu__py_str(nu__py_text(value)) : value;
}

static nu__py formatted(nu__py_scope *scope, const nu__py_node *node)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < node->n; i++) {
        const nu__py_node *part = node->items[i];
        nu_str spec = S("");
        nu__py value;

        if (part->kind == NU__PY_CONSTANT) {
            nu__buf_str_add(&out, part->value.s);
            continue;
        }
        value = nu__py_evaluate(scope, part->a);
        if (part->b)
            spec = nu__py_evaluate(scope, part->b).s;
        value = converted(value, part->op);
        nu__buf_str_add(&out, nu__py_format(value, spec));
    }
    return nu__py_str(nu__buf_str(&out));
}

/* Items with the starred ones spread out. */
static nu__py items_of(nu__py_scope *scope, const nu__py_node *node, const nu__py_type *type)
{
    nu__py out = nu__py_list_new(type, node->n), iterator, each;

    for (size_t i = 0; i < node->n; i++) {
        if (node->items[i]->kind != NU__PY_STARRED) {
            nu__py_append(out, nu__py_evaluate(scope, node->items[i]));
            continue;
        }
        iterator = nu__py_iterate(nu__py_evaluate(scope, node->items[i]->a));
        while (nu__py_step(iterator, &each))
            nu__py_append(out, each);
    }
    return out;
}

static nu__py tuple(nu__py_scope *scope, const nu__py_node *node)
{
    return items_of(scope, node, &nu__py_tuple_type);
}

static nu__py list(nu__py_scope *scope, const nu__py_node *node)
{
    return items_of(scope, node, &nu__py_list_type);
}

static nu__py set(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py items = items_of(scope, node, &nu__py_list_type);
    nu__py out = nu__py_dict_new(&nu__py_set_type);

    for (size_t i = 0; i < items.list->len; i++)
        nu__py_dict_set(out.dict, items.list->items[i], nu__py_none());
    return out;
}

static nu__py dict(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type), key, value;

    for (size_t i = 0; i < node->n; i += 2) {
        if (node->items[i]) {
            key = nu__py_evaluate(scope, node->items[i]);
            nu__py_dict_set(out.dict, key, nu__py_evaluate(scope, node->items[i + 1]));
            continue;
        }
        value = nu__py_evaluate(scope, node->items[i + 1]);
        nu__py_dict_update(out.dict, value);
    }
    return out;
}

/* ---- attributes, items ----------------------------------------------------------------------- */

static nu__py attribute(nu__py_scope *scope, const nu__py_node *node)
{
    return nu__py_get(nu__py_evaluate(scope, node->a), node->name);
}

static nu__py subscript(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py of = nu__py_evaluate(scope, node->a);

    return nu__py_item(of, nu__py_evaluate(scope, node->b));
}

static nu__py slice(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py_slice *out = nu_alloc(nu__py_slice);
    nu__py *parts[] = { &out->from, &out->to, &out->step };

    for (size_t i = 0; i < 3; i++)
        *parts[i] = node->items[i] ? nu__py_evaluate(scope, node->items[i]) : nu__py_none();
    return nu__py_pointer(&nu__py_slice_type, out);
}

static nu__py starred(nu__py_scope *scope, const nu__py_node *node)
{
    (void)scope;
    nu__py_raise(&nu__py_syntax_error, "can't use starred expression here (line {})", node->line);
}

/* ---- operators ------------------------------------------------------------------------------- */

static nu__py unary(nu__py_scope *scope, const nu__py_node *node)
{
    return nu__py_unary((nu__py_operator)node->op, nu__py_evaluate(scope, node->a));
}

static nu__py binary(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py left = nu__py_evaluate(scope, node->a);

    return nu__py_binary((nu__py_operator)node->op, left, nu__py_evaluate(scope, node->b));
}

static nu__py not(nu__py_scope * scope, const nu__py_node *node)
{
    return nu__py_bool(!nu__py_truth(nu__py_evaluate(scope, node->a)));
}

static nu__py both(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py value = nu__py_none();

    for (size_t i = 0; i < node->n; i++) {
        value = nu__py_evaluate(scope, node->items[i]);
        if (i + 1 < node->n && !nu__py_truth(value))
            break;
    }
    return value;
}

static nu__py either(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py value = nu__py_none();

    for (size_t i = 0; i < node->n; i++) {
        value = nu__py_evaluate(scope, node->items[i]);
        if (i + 1 < node->n && nu__py_truth(value))
            break;
    }
    return value;
}

static nu__py ternary(nu__py_scope *scope, const nu__py_node *node)
{
    return nu__py_evaluate(scope,
                           nu__py_truth(nu__py_evaluate(scope, node->b)) ? node->a : node->c);
}

static bool compared(nu_str op, nu__py a, nu__py b)
{
    if (nu_eq(op, "=="))
        return nu__py_equal(a, b);
    if (nu_eq(op, "!="))
        return !nu__py_equal(a, b);
    if (nu_eq(op, "is"))
        return nu__py_same(a, b);
    if (nu_eq(op, "is not"))
        return !nu__py_same(a, b);
    if (nu_eq(op, "in"))
        return nu__py_contains(b, a);
    if (nu_eq(op, "not in"))
        return !nu__py_contains(b, a);
    return nu__py_ordered(op.ptr, a, b);
}

static nu__py compare(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py left = nu__py_evaluate(scope, node->a), right;

    for (size_t i = 0; i < node->n; i++) {
        right = nu__py_evaluate(scope, node->items[i]->a);
        if (!compared(node->items[i]->name, left, right))
            return nu__py_bool(false);
        left = right;
    }
    return nu__py_bool(true);
}

/* ---- the table ------------------------------------------------------------------------------- */

static evaluator *const evaluators[] = {
    [NU__PY_CONSTANT] = constant,
    [NU__PY_VARIABLE] = variable,
    [NU__PY_FORMATTED] = formatted,
    [NU__PY_TUPLE] = tuple,
    [NU__PY_LIST] = list,
    [NU__PY_SET] = set,
    [NU__PY_DICT] = dict,
    [NU__PY_LIST_OF] = nu__py_comprehend,
    [NU__PY_SET_OF] = nu__py_comprehend,
    [NU__PY_DICT_OF] = nu__py_comprehend,
    [NU__PY_GENERATOR] = nu__py_comprehend,
    [NU__PY_LAMBDA] = nu__py_lambda_new,
    [NU__PY_CALL] = nu__py_call_node,
    [NU__PY_ATTRIBUTE] = attribute,
    [NU__PY_SUBSCRIPT] = subscript,
    [NU__PY_SLICE] = slice,
    [NU__PY_STARRED] = starred,
    [NU__PY_UNARY] = unary,
    [NU__PY_NOT] = not,
    [NU__PY_BINARY] = binary,
    [NU__PY_BOTH] = both,
    [NU__PY_EITHER] = either,
    [NU__PY_COMPARE] = compare,
    [NU__PY_TERNARY] = ternary,
    [NU__PY_NAMED] = named,
};

nu__py nu__py_evaluate(nu__py_scope *scope, const nu__py_node *node)
{
    nu__py out;

    nu__py_enter();
    out = evaluators[node->kind](scope, node);
    nu__py_exit();
    return out;
}
