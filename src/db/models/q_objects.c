/* Conditions joined by and, or, xor, not. What they are made of is copied: their literals die with
   the caller's block. */
#include "core/object.h"
#include "db/sql/query.h"

#include <string.h>

static nu_cond joined(const nu_cond *conditions, nu__connector connector)
{
    size_t n = 0;
    nu_cond *copy;

    while (conditions[n].lookup || conditions[n].op)
        n++;
    copy = nu_alloc_array(nu_cond, n + 1);
    if (n)
        memcpy(copy, conditions, n * sizeof(*copy));
    return (nu_cond){ .op = connector, .args = copy };
}

nu_cond nu_or_(const nu_cond *conditions)
{
    return joined(conditions, NU__OR);
}

nu_cond nu_and_(const nu_cond *conditions)
{
    return joined(conditions, NU__AND);
}

nu_cond nu_xor_(const nu_cond *conditions)
{
    return joined(conditions, NU__XOR);
}

nu_cond nu_not(nu_cond condition)
{
    nu_cond *copy = nu_alloc_array(nu_cond, 2);

    copy[0] = condition;
    return (nu_cond){ .op = NU__COND_NOT, .args = copy };
}

nu_expr *nu_cond_expr(nu_cond condition)
{
    return nu__q_single(condition);
}

nu_cond nu_expr_cond(nu_expr *expr)
{
    return (nu_cond){ .op = NU__COND_EXPR, .value = nu_v_expr(expr) };
}

nu_expr *nu_order_(nu_value source, bool descending, int nulls)
{
    nu_expr *order = nu__expr_copy(nu__order_of(nu__argument(source, true), descending));

    order->flags |= nulls < 0 ? NU__NULLS_FIRST : nulls > 0 ? NU__NULLS_LAST : 0;
    return order;
}
