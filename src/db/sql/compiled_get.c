/* get() by one condition, which most are: neither narrowed nor compiled when it was seen before. */
#include "core/object.h"
#include "db/sql/compiled_cache.h"
#include "db/sql/lookups.h"

static bool is_one_plain(const nu_cond *conditions)
{
    const nu_cond *next = conditions + 1;

    if (!conditions->lookup || conditions->op || next->lookup || next->op)
        return false;
    return conditions->value.kind == NU_KIND_INT || conditions->value.kind == NU_KIND_STR;
}

/* The condition as what it was resolved to; false: the value decides otherwise this time. */
static bool resolved(const nu__get_by *by, nu_value value, nu_expr *column, nu_expr **args,
                     nu_expr *lookup)
{
    *column = by->column;
    *args = column;
    *lookup = (nu_expr){ .klass = &nu__lookup_expr,
                         .output = nu__type_of(NU_BOOLEAN_FIELD),
                         .args = args,
                         .n_args = 1,
                         .lookup = by->lookup,
                         .value = nu__lookup_value(by->lookup, column, value) };
    return lookup->value.kind == by->kind && nu__lookup_range(lookup) == NU__SQL_OK;
}

bool nu__compiled_get(const nu__tree *tree, const nu__backend *backend, const nu_cond *conditions,
                      nu__compiled *out)
{
    nu__query_key key;
    nu_expr column, *args, lookup;
    const nu__get_by *by;

    if (!is_one_plain(conditions) || !nu__query_key_of_get(tree, backend, conditions, &key))
        return false;
    by = nu__compiled_get_by(&key);
    if (!by || !by->lookup || !resolved(by, conditions->value, &column, &args, &lookup))
        return false;
    key.holes[key.n_holes++] = &lookup;
    return nu__compiled_find(&key, backend, out);
}

/* The condition that was added, where it is a column compared with a value. */
static const nu_expr *added_condition(const nu__tree *tree, const nu__tree *narrowed)
{
    const uint32_t unlike = NU__NEGATED | NU__CONTAINS_AGGREGATE | NU__CONTAINS_OVER;
    const nu_expr *where = narrowed->where, *last;

    if (where->n_args != tree->where->n_args + 1 || where->connector != NU__AND ||
        where->flags & unlike)
        return NULL;
    last = where->args[where->n_args - 1];
    if (!nu__query_key_leaves_out(last) || last->args[0]->klass != &nu__col ||
        nu__lookup_range(last) != NU__SQL_OK)
        return NULL;
    return last;
}

void nu__compiled_get_keep(const nu__tree *tree, const nu__backend *backend,
                           const nu_cond *conditions, const nu__tree *narrowed)
{
    const nu_expr *last = added_condition(tree, narrowed);
    nu__query_key key;
    nu__compiled compiled;

    if (!last || !is_one_plain(conditions) ||
        !nu__query_key_of_get(tree, backend, conditions, &key) || nu__compiled_get_by(&key) ||
        !nu__compiled_comes_again(&key))
        return;
    key.holes[key.n_holes++] = last;
    compiled = nu__compile_open(narrowed, backend, &key);
    if (compiled.open && nu__compiled_put(&key, &compiled))
        nu__compiled_put_get_by(&key,
                                (nu__get_by){ last->lookup, *last->args[0], last->value.kind });
}
