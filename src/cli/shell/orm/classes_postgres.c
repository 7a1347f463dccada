/* Expressions of django.contrib.postgres whose arguments have a shape of their own. */
#include "cli/shell/orm/orm.h"

#include <nuages/postgres.h>

static nu__py make_array_subquery(nu__py self, const nu__py *args)
{
    nu_expr *array = ArraySubquery(nu__orm_query_argument(args[0], "ArraySubquery()"));

    return nu__orm_expression(self.class_, nu__orm_typed(array, args[1]));
}

static nu__py make_key(nu__py self, const nu__py *args)
{
    const nu_expr *source = nu__orm_operand(args[1], true);

    return nu__orm_expression(
        self.class_, nu_hstore_key_(nu__orm_cstr(args[0], "KeyTransform()"), nu_v_expr(source)));
}

#define EXPRESSION(n, m, s, f)                                                                     \
    {                                                                                              \
        .name = (n), .base = &nu__orm_expression_type, .module = "django.contrib.postgres." m,     \
        .signature = (s), .make = (f)                                                              \
    }

const nu__py_type nu__orm_postgres_classes[] = {
    EXPRESSION("ArraySubquery", "expressions", "queryset, output_field=", make_array_subquery),
    EXPRESSION("KeyTransform", "fields.hstore", "key_name, expression", make_key),
    { 0 },
};
