/* Joins with a condition in the ON clause: FilteredRelation, which joins a relation under a name of
   its own, and generic relations. */
#include "db/models/content_types.h"
#include "db/models/router.h"
#include "db/sql/query.h"

#include <string.h>

/* args[0]: the condition; name: the relation */
const nu__expr_class nu__filtered_relation = { "FilteredRelation", NULL, NULL, NULL, NULL };

nu_expr *FilteredRelation(const char *relation_name, nu_cond condition)
{
    nu_expr *expr = nu__expr_new(&nu__filtered_relation, 1);

    if (!relation_name || !*relation_name)
        nu_raise(NU_VALUE_ERROR, "relation_name cannot be empty.");
    expr->name = nu_copy_cstr(relation_name);
    expr->args[0] = nu__q_single(condition);
    if (expr->args[0]->klass != &nu__q)
        nu_raise(NU_VALUE_ERROR, "condition argument must be a Q() instance.");
    return nu__expr_done(expr);
}

const nu__filtered *nu__tree_filtered(const nu__tree *tree, nu_str alias)
{
    for (uint32_t i = 0; i < tree->n_filtered; i++)
        if (nu_eq(tree->filtered[i]->alias, alias))
            return tree->filtered[i];
    return NULL;
}

/* ---- checks ------------------------------------------------------------------------------- */

/* Conditions may speak of the relation, of what leads to it, and of one relation more. */
static void check_lookup(const nu__tree *tree, const nu__names *relation, nu_str relation_name,
                         nu_str lookup)
{
    nu__names names = nu__names_split(lookup);
    nu__path path;
    uint32_t last;

    nu__tree_path(tree, &names, tree->model, true, &path);
    last = path.n_names == names.n ? 2 : 1;
    for (uint32_t i = 0; i + last < path.n_names && i < relation->n; i++)
        if (!nu_eq(relation->items[i], names.items[i]))
            nu_raise(NU_VALUE_ERROR,
                     "FilteredRelation's condition doesn't support relations outside the {!r} "
                     "(got {!r}).",
                     relation_name, lookup);
    if (path.n_names > relation->n + 1)
        nu_raise(NU_VALUE_ERROR,
                 "FilteredRelation's condition doesn't support nested relations deeper than the "
                 "relation_name (got {!r} for {!r}).",
                 lookup, relation_name);
}

static void check_condition(const nu__tree *tree, const nu__names *relation, nu_str relation_name,
                            const nu_expr *q)
{
    if (q->klass == &nu__condition_expr)
        check_lookup(tree, relation, relation_name, q->name);
    for (uint32_t i = 0; i < q->n_args && q->klass == &nu__q; i++)
        check_condition(tree, relation, relation_name, q->args[i]);
}

/* ---- adding ------------------------------------------------------------------------------- */

/* The relation's name in lookups becomes the alias. */
static nu_str renamed_lookup(nu_str lookup, nu_str relation, nu_str alias)
{
    const char *at = memmem(lookup.ptr, lookup.len, relation.ptr, relation.len);
    nu_str before, after;

    if (!at)
        return lookup;
    before = (nu_str){ lookup.ptr, (size_t)(at - lookup.ptr) };
    after = (nu_str){ at + relation.len, lookup.len - before.len - relation.len };
    return nu_fmt("{}{}{}", before, alias, after);
}

static nu_expr *renamed(const nu_expr *q, nu_str relation, nu_str alias)
{
    nu_expr *copy = nu__expr_copy(q);

    if (q->klass == &nu__condition_expr)
        copy->name = renamed_lookup(q->name, relation, alias);
    for (uint32_t i = 0; i < q->n_args && q->klass == &nu__q; i++)
        copy->args[i] = renamed(q->args[i], relation, alias);
    return copy;
}

void nu__tree_add_filtered(nu__tree *tree, nu_str alias, const nu_expr *expr)
{
    nu__filtered *entry = nu_alloc(nu__filtered);
    const nu__filtered **grown = nu_alloc_array(const nu__filtered *, tree->n_filtered + 1);
    nu__path path;

    if (memchr(alias.ptr, '.', alias.len))
        nu_raise(NU_VALUE_ERROR,
                 "FilteredRelation doesn't support aliases with periods (got {!r}).", alias);
    nu__check_alias(alias);
    entry->alias = alias;
    entry->relation = nu__names_split(expr->name);
    nu__tree_path(tree, &entry->relation, tree->model, true, &path);
    if (path.n_names < entry->relation.n)
        nu_raise(NU_VALUE_ERROR,
                 "FilteredRelation's relation_name cannot contain lookups (got {!r}).", expr->name);
    check_condition(tree, &entry->relation, expr->name, expr->args[0]);
    entry->condition = renamed(expr->args[0], expr->name, alias);
    if (tree->n_filtered)
        memcpy(grown, tree->filtered, tree->n_filtered * sizeof(*grown));
    grown[tree->n_filtered++] = entry;
    tree->filtered = grown;
}

/* The join's condition, in terms of the join itself. */
const nu_expr *nu__filtered_condition(nu__tree *tree, const nu__filtered *filtered, int join,
                                      const nu__joins *reuse)
{
    nu__joins may = (reuse ? *reuse : 0) | nu__join_bit(join), inner;
    nu__filtering how = { .reuse = reuse ? &may : NULL,
                          .allow_joins = true,
                          .check_filterable = true };

    return nu__tree_clause(tree, filtered->condition, how, &inner);
}

const nu_expr *nu__generic_condition(const nu__relation *relation, int join)
{
    const nu__generic *generic = relation->generic;
    nu__names exact = { .items = (nu_str[]){ S("exact") }, .n = 1 };
    const char *using = nu__router_db_for_read(generic->content_type->relation->to, NULL);
    int64_t id = nu__content_type_id(nu__generic_type_of(generic, relation->to), using);

    return nu__build_lookup(&exact, 0, nu__col_of(join, generic->content_type, NULL), NULL,
                            nu_v_int(id));
}
