/* WHERE: nodes of AND, OR, XOR and NOT, and the Q trees that they are made from. */
#include "core/arena.h"
#include "db/sql/compiler.h"

#include <string.h>

/* ---- building ----------------------------------------------------------------------------- */

static nu_expr *node_new(const nu__expr_class *klass, nu__connector connector, bool negated)
{
    nu_expr *node = nu__expr_new(klass, 0);

    node->connector = connector;
    node->flags = negated ? NU__NEGATED : 0;
    return node;
}

nu_expr *nu__where_new(nu__connector connector, bool negated)
{
    return node_new(&nu__where, connector, negated);
}

static void append(nu_expr *node, nu_expr *const *children, uint32_t n)
{
    nu_expr **args = nu_alloc_array(nu_expr *, node->n_args + n + 1);

    if (node->n_args)
        memcpy(args, node->args, node->n_args * sizeof(*args));
    if (n)
        memcpy(args + node->n_args, children, n * sizeof(*args));
    node->args = args;
    node->n_args += n;
    nu__expr_done(node);
}

void nu__where_add(nu_expr *node, const nu_expr *child, nu__connector connector)
{
    bool is_node = child->klass == node->klass;

    if (node->connector != connector) {
        nu_expr *whole = nu__expr_copy(node), *both[] = { whole, (nu_expr *)child };

        node->connector = connector;
        node->n_args = 0;
        append(node, both, 2);
    } else if (is_node && !(child->flags & NU__NEGATED) &&
               (child->connector == connector || child->n_args == 1)) {
        append(node, child->args, child->n_args);
    } else {
        append(node, (nu_expr *const *)&child, 1);
    }
}

nu_expr *nu__where_of(const nu_expr *child)
{
    nu_expr *node = nu__where_new(NU__AND, false);

    append(node, (nu_expr *const *)&child, 1);
    return node;
}

/* ---- Q ------------------------------------------------------------------------------------ */

/* A deep copy of a value: what a condition keeps must outlive the caller's block. Texts in an
   arena or literals are the caller's to keep, as everywhere. */
static nu_expr *leaf_of(const nu_cond *condition)
{
    nu_expr *leaf = nu__expr_new(&nu__condition_expr, 1);

    leaf->name = nu_copy_cstr(condition->lookup);
    if (condition->value.kind != NU_KIND_EXPR) {
        leaf->value = condition->value;
        return leaf;
    }
    leaf->args[0] = (nu_expr *)condition->value.p;
    leaf->depth = (uint16_t)(leaf->args[0]->depth + 1);
    return leaf;
}

static nu_expr *q_of(const nu_cond *condition, int depth);

static nu_expr *q_node(const nu_cond *conditions, nu__connector connector, int depth)
{
    nu_expr *node = node_new(&nu__q, connector, false);

    for (; conditions->lookup || conditions->op; conditions++) {
        nu_expr *child = q_of(conditions, depth);

        if (child->klass != &nu__q || child->n_args)
            nu__where_add(node, child, connector);
    }
    return node;
}

static nu_expr *q_of(const nu_cond *condition, int depth)
{
    if (depth > NU__MAX_DEPTH)
        nu__expr_too_deep();
    switch (condition->op) {
    case NU__COND_LOOKUP:
        return leaf_of(condition);
    case NU__COND_EXPR:
        return (nu_expr *)condition->value.p;
    case NU__COND_NOT: {
        nu_expr *inner = q_of(&condition->args[0], depth + 1),
                *node = node_new(&nu__q, NU__AND, false);

        if (inner->klass != &nu__q && inner->klass != &nu__condition_expr) {
            node = nu__expr_new(&nu__negated, 1);
            node->args[0] = inner;
            return nu__expr_done(node);
        }
        if (inner->klass == &nu__q) {
            inner = nu__expr_copy(inner);
            inner->flags ^= NU__NEGATED;
            return inner;
        }
        append(node, &inner, 1);
        node->flags |= NU__NEGATED;
        return node;
    }
    default:
        return q_node(condition->args, (nu__connector)condition->op, depth + 1);
    }
}

nu_expr *nu__q_of(const nu_cond *conditions, nu__connector connector, bool negated)
{
    nu_expr *node = q_node(conditions, connector, 0);

    if (negated)
        node->flags |= NU__NEGATED;
    return node;
}

nu_expr *nu__q_single(nu_cond condition)
{
    nu_expr *q = q_of(&condition, 0), *node;

    if (q->klass != &nu__condition_expr)
        return q;
    node = node_new(&nu__q, NU__AND, false);
    append(node, &q, 1);
    return node;
}

/* A Q used as an expression. New joins become outer ones, so that no row is filtered away. */
static const nu_expr *resolve_q(const nu_expr *q, const nu__resolver *with)
{
    nu__joins inner = 0;
    nu__filtering how = { .reuse = with->reuse,
                          .allow_joins = with->allow_joins,
                          .summarize = with->summarize };
    nu_expr *clause = nu__tree_add_q(with->query, q, how, &inner);

    nu__tree_promote(with->query, inner);
    return clause;
}

static const nu_expr *resolve_where(const nu_expr *where, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(where);

    for (uint32_t i = 0; i < where->n_args; i++)
        copy->args[i] = (nu_expr *)nu__expr_resolve(where->args[i], with);
    if (!with->depth)
        copy->flags |= NU__RESOLVED;
    return nu__expr_done(copy);
}

/* ---- SQL ---------------------------------------------------------------------------------- */

/* Without a XOR of the database: (a OR b OR …) AND the number of true ones is odd. */
static const nu_expr *xor_as_sum(const nu_expr *where)
{
    nu_expr *either = nu__where_new(NU__OR, false);
    nu_expr *both = nu__where_new(NU__AND, where->flags & NU__NEGATED);
    const nu_expr *sum = NULL, *odd[2];

    append(either, where->args, where->n_args);
    for (uint32_t i = 0; i < where->n_args; i++) {
        nu_expr *when = nu__expr_new(&nu__when, 2), *one = nu__expr_new(&nu__case, 2);

        when->args[0] = where->args[i];
        when->args[1] = (nu_expr *)nu__literal_of(nu_v_int(1), nu__type_of(NU_INTEGER_FIELD));
        one->args[0] = nu__expr_done(when);
        one->args[1] = (nu_expr *)nu__literal_of(nu_v_int(0), nu__type_of(NU_INTEGER_FIELD));
        nu__expr_done(one);
        sum = sum ? nu_binary_('+', (nu_expr *)sum, one) : one;
    }
    if (where->n_args > 2)
        sum = nu_function_("Mod", NU_ARGS((nu_expr *)sum, 2));
    odd[0] = nu__literal_of(nu_v_int(1), nu__type_of(NU_INTEGER_FIELD));
    odd[1] = sum;
    {
        nu__names none = { .n = 0 };
        nu_expr *children[] = { either,
                                (nu_expr *)nu__build_lookup(&none, 0, odd[0], odd[1], nu_null()) };

        append(both, children, 2);
    }
    return both;
}

static nu__sql_result where_sql(const nu_expr *where, nu__compiler *out)
{
    bool and = where->connector == NU__AND, negated = where->flags & NU__NEGATED;
    bool xor = where->connector == NU__XOR;
    int full_needed = and? (int)where->n_args : 1, empty_needed = and? 1 : (int)where->n_args;
    nu__sql_mark start = nu__sql_mark_take(out);
    int written = 0;

    if (xor&&!out->backend->features->has_xor)
        return nu__compile(xor_as_sum(where), out);
    nu__sql_text(out, negated ? S("NOT (") : S("("));
    for (uint32_t i = 0; i < where->n_args; i++) {
        nu__sql_mark before = nu__sql_mark_take(out);
        nu__sql_result result;

        if (written)
            nu__sql_text(out, and? S(" AND ") : xor? S(" XOR ") : S(" OR "));
        result = nu__compile(where->args[i], out);
        if (result == NU__SQL_OK)
            written++;
        else
            nu__sql_mark_release(out, before);
        empty_needed -= result == NU__SQL_EMPTY;
        full_needed -= result == NU__SQL_FULL;
        if (!empty_needed || !full_needed) {
            nu__sql_mark_release(out, start);
            return !empty_needed == !negated ? NU__SQL_EMPTY : NU__SQL_FULL;
        }
    }
    if (!written) {
        nu__sql_mark_release(out, start);
        return NU__SQL_FULL;
    }
    if (negated || written > 1 || where->flags & NU__RESOLVED)
        nu__sql_text(out, S(")"));
    else
        nu__sql_cut(out, start, 1);
    return NU__SQL_OK;
}

static void group_by_children(const nu_expr *expr, nu__exprs *out)
{
    for (uint32_t i = 0; i < expr->n_args; i++)
        nu__expr_group_by(expr->args[i], out);
}

static const nu__field *boolean(const nu_expr *expr)
{
    (void)expr;
    return nu__type_of(NU_BOOLEAN_FIELD);
}

static nu__sql_result nothing_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr, (void)out;
    return NU__SQL_EMPTY;
}

static nu__sql_result negated_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result;

    nu__sql_text(out, S("NOT "));
    result = nu__compile(expr->args[0], out);
    if (result != NU__SQL_EMPTY)
        return result;
    nu__sql_mark_release(out, start);
    nu__sql_param(out, nu_v_bool(true));
    return NU__SQL_OK;
}

const nu__expr_class nu__negated = { "NegatedExpression", NULL,
                                     negated_sql,         boolean,
                                     group_by_children,   .key = nu__key_plain,
                                     .conditional = true };
const nu__expr_class nu__where = { "WhereNode",        resolve_where,
                                   where_sql,          boolean,
                                   group_by_children,  .key = nu__key_plain,
                                   .conditional = true };
const nu__expr_class nu__q = { "Q", resolve_q, NULL, boolean, NULL, .conditional = true };
const nu__expr_class nu__condition_expr = {
    "Q", resolve_q, NULL, boolean, NULL, .conditional = true
};
const nu__expr_class nu__nothing = { "NothingNode",      NULL,
                                     nothing_sql,        boolean,
                                     group_by_children,  .key = nu__key_plain,
                                     .conditional = true };
