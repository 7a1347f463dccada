/* Tables of a query: finding, making and promoting joins. */
#include "db/sql/query.h"

#include <string.h>

#define MAX_PREFIXES 62 /* as deep as Django's subqueries go */

static nu_str prefix_text(uint8_t number)
{
    char letters[2] = { (char)('T' + number), '\0' };
    int second = number - ('Z' - 'T' + 1);

    if (second < 0)
        return nu_copy((nu_str){ letters, 1 });
    letters[0] = (char)('A' + second / 26);
    letters[1] = (char)('A' + second % 26);
    return nu_copy((nu_str){ letters, 2 });
}

/* The first occurrence of a table goes by its own name; later ones by a letter and a number. */
static nu_str alias_for(const nu__tree *tree, nu_str table)
{
    for (uint32_t i = 0; i < tree->n_joins; i++)
        if (nu_eq(tree->joins[i].model->db_table, table))
            return nu_fmt("{}{}", prefix_text(tree->prefix), (int64_t)tree->n_joins + 1);
    return table;
}

static int add_join(nu__tree *tree, nu__join join)
{
    if (tree->n_joins == NU__MAX_JOINS)
        nu_raise(NU_OPERATIONAL_ERROR, "at most {} tables in a join: the query over {} has more",
                 NU__MAX_JOINS, tree->model->label);
    if (tree->n_joins == tree->cap_joins) {
        uint32_t cap = tree->cap_joins ? 2 * tree->cap_joins : 4;
        nu__join *grown = nu_alloc_array(nu__join, cap);

        if (tree->n_joins)
            memcpy(grown, tree->joins, tree->n_joins * sizeof(*grown));
        tree->joins = grown;
        tree->cap_joins = cap;
    }
    join.alias = join.filtered ? join.filtered->alias : alias_for(tree, join.model->db_table);
    join.refs = 1;
    tree->joins[tree->n_joins++] = join;
    return (int)tree->n_joins - 1;
}

int nu__tree_base(nu__tree *tree)
{
    if (!tree->n_joins)
        return add_join(tree, (nu__join){ .model = tree->model, .parent = -1 });
    tree->joins[0].refs++;
    return 0;
}

int nu__tree_join(nu__tree *tree, int parent, const nu__step *step, const nu__joins *reuse)
{
    bool nullable = step->direct ? step->key->null : true;
    int found = -1;

    for (uint32_t i = 1; i < tree->n_joins; i++) {
        const nu__join *join = &tree->joins[i];

        if ((!reuse || *reuse & nu__join_bit((int)i)) && join->type != NU__BASE &&
            join->model == step->to && join->parent == parent && join->key == step->key &&
            join->direct == step->direct && join->filtered == step->filtered)
            found = (int)i;
    }
    if (found >= 0) {
        tree->joins[found].refs++;
        return found;
    }
    found =
        add_join(tree, (nu__join){
                           .model = step->to,
                           .type = tree->joins[parent].type == NU__LOUTER || nullable ? NU__LOUTER
                                                                                      : NU__INNER,
                           .nullable = nullable,
                           .direct = step->direct,
                           .parent = (int16_t)parent,
                           .key = step->key,
                           .filtered = step->filtered,
                       });
    if (!step->direct && step->key->relation && step->key->relation->generic)
        tree->joins[found].condition = nu__generic_condition(step->key->relation, found);
    if (step->filtered) {
        const nu_expr *condition = nu__filtered_condition(tree, step->filtered, found, reuse);

        tree->joins[found].condition = condition;
        if ((int)tree->n_joins - 1 > found)
            tree->joins[found].behind = (int16_t)(tree->n_joins - 1);
    }
    return found;
}

/* An inner join must not hang on an outer one: what hangs on a promoted join is looked at again. */
void nu__tree_promote(nu__tree *tree, nu__joins joins)
{
    while (joins) {
        int i = nu__first_join(joins);
        nu__join *join = &tree->joins[i];

        joins &= joins - 1;
        if (join->type != NU__INNER ||
            !(join->nullable || tree->joins[join->parent].type == NU__LOUTER))
            continue;
        join->type = NU__LOUTER;
        for (uint32_t k = 0; k < tree->n_joins; k++)
            if (tree->joins[k].parent == i)
                joins |= nu__join_bit((int)k);
    }
}

void nu__tree_demote(nu__tree *tree, nu__joins joins)
{
    while (joins) {
        int i = nu__first_join(joins);
        nu__join *join = &tree->joins[i];

        joins &= joins - 1;
        if (join->type != NU__LOUTER)
            continue;
        join->type = NU__INNER;
        if (tree->joins[join->parent].type == NU__INNER)
            joins |= nu__join_bit(join->parent);
    }
}

void nu__tree_bump_prefix(nu__tree *inner, nu__tree *outer)
{
    uint8_t prefix = inner->prefix;
    nu_str text;

    if (inner->prefix != outer->prefix)
        return;
    do {
        if (++prefix > MAX_PREFIXES)
            nu_raise(NU_RUNTIME_ERROR, "Maximum recursion depth exceeded: too many subqueries.");
    } while (inner->prefixes & ((uint64_t)1 << prefix));
    inner->prefix = prefix;
    inner->prefixes |= (uint64_t)1 << prefix;
    outer->prefixes |= inner->prefixes;
    text = prefix_text(prefix);
    for (uint32_t i = 0; i < inner->n_joins; i++)
        inner->joins[i].alias = nu_fmt("{}{}", text, (int64_t)i);
}
