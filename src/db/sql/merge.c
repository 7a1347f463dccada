/* Two queries over one model as one whose rows are in both, in either, or in one of them only.
   Django: Query.combine() */
#include "db/sql/query.h"

#include <string.h>

/* ---- the second query's expressions over the first one's joins ---------------------------- */

typedef struct renumbering {
    int16_t joins[NU__MAX_JOINS]; /* by number in the second query */
    uint16_t depth;               /* subqueries around the expression at hand */
} renumbering;

static const nu_expr *renumbered(const nu_expr *expr, const renumbering *map);

/* A subquery may name columns of the query around it. */
static nu__tree *renumbered_tree(const nu__tree *tree, const renumbering *outer)
{
    nu__tree *copy = nu__tree_clone(tree);
    renumbering map = *outer;
    const nu_expr **select = nu_alloc_array(const nu_expr *, tree->n_select + 1);

    map.depth++;
    copy->where = (nu_expr *)renumbered(copy->where, &map);
    for (uint32_t i = 0; i < copy->n_annotations; i++)
        copy->annotations[i].expr = renumbered(copy->annotations[i].expr, &map);
    for (uint32_t i = 0; i < copy->n_select; i++)
        select[i] = renumbered(copy->select[i], &map);
    copy->select = select;
    for (uint32_t i = 0; i < copy->n_combined; i++)
        copy->combined[i] = renumbered_tree(copy->combined[i], outer);
    return copy;
}

static bool is_query(const nu_expr *expr)
{
    return expr->klass == &nu__subquery || expr->klass == &nu__exists ||
           expr->klass == &nu__query_expr;
}

static const nu_expr *renumbered(const nu_expr *expr, const renumbering *map)
{
    nu_expr *copy;

    if (!expr)
        return NULL;
    copy = nu__expr_copy(expr);
    if (expr->klass == &nu__col && expr->level == map->depth)
        copy->join = map->joins[expr->join];
    if (is_query(expr))
        copy->query = renumbered_tree(expr->query, map);
    for (uint32_t i = 0; i < copy->n_args; i++)
        copy->args[i] = (nu_expr *)renumbered(copy->args[i], map);
    return copy;
}

/* ---- joins ---------------------------------------------------------------------------------- */

static nu__joins inner_joins(const nu__tree *tree)
{
    nu__joins found = 0;

    for (uint32_t i = 0; i < tree->n_joins; i++)
        if (tree->joins[i].type == NU__INNER)
            found |= nu__join_bit((int)i);
    return found;
}

/* Make the second query's joins in the first; gives those that it needs to be inner. */
static nu__joins take_joins(nu__tree *tree, const nu__tree *other, nu__connector connector,
                            renumbering *map)
{
    nu__joins reuse = connector == NU__AND ? 0 : ~(nu__joins)0, inner = 0;

    for (uint32_t i = 1; i < other->n_joins; i++) {
        const nu__join *join = &other->joins[i];
        nu__step step = {
            .from = other->joins[join->parent].model,
            .to = join->model,
            .key = join->key,
            .direct = join->direct,
        };
        uint32_t before = tree->n_joins;
        int own = nu__tree_join(tree, map->joins[join->parent], &step, &reuse);
        bool made = tree->n_joins > before;

        map->joins[i] = (int16_t)own;
        reuse &= ~nu__join_bit(own);
        /* A new join that may find no row starts as an outer one, whatever it was. */
        if ((made ? tree->joins[own].type : join->type) == NU__INNER)
            inner |= nu__join_bit(own);
        if (!join->refs)
            tree->joins[own].refs--;
    }
    return inner;
}

/* In an OR a join that one side does not need must be outer; in an AND one side is enough. */
static void settle_joins(nu__tree *tree, nu__joins a, nu__joins b, nu__connector connector)
{
    if (connector == NU__OR)
        nu__tree_promote(tree, a ^ b);
    if (connector == NU__OR)
        nu__tree_demote(tree, a & b);
    else if (connector == NU__AND)
        nu__tree_demote(tree, a | b);
}

static void check_alike(const nu__tree *tree, const nu__tree *other)
{
    if (tree->model != other->model)
        nu_raise(NU_TYPE_ERROR, "Cannot combine queries on two different base models.");
    if (nu__tree_sliced(tree) || nu__tree_sliced(other))
        nu_raise(NU_TYPE_ERROR, "Cannot combine queries once a slice has been taken.");
    if (tree->distinct != other->distinct)
        nu_raise(NU_TYPE_ERROR, "Cannot combine a unique query with a non-unique query.");
}

void nu__tree_merge(nu__tree *tree, const nu__tree *other, nu__connector connector)
{
    renumbering map = { .depth = 0 };
    nu__joins own, inner;
    const nu_expr **select;

    check_alike(tree, other);
    nu__tree_base(tree);
    own = inner_joins(tree);
    inner = take_joins(tree, other, connector, &map);
    settle_joins(tree, own, inner, connector);
    tree->prefixes |= other->prefixes;
    nu__where_add(tree->where, renumbered(other->where, &map), connector);
    select = nu_alloc_array(const nu_expr *, other->n_select + 1);
    for (uint32_t i = 0; i < other->n_select; i++)
        select[i] = renumbered(other->select[i], &map);
    tree->select = other->n_select ? select : NULL;
    tree->n_select = other->n_select;
    if (other->n_order) {
        tree->order_by = other->order_by;
        tree->n_order = other->n_order;
    }
}
