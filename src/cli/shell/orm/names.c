/* The names that the shell begins with, and the modules of Django's that it knows. */
#include "cli/shell/orm/orm.h"

void nu__orm_globals(nu__py_scope *scope)
{
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++)
        nu__py_assign(scope, registry->models[i]->name,
                      nu__py_class(nu__orm_model_class(registry->models[i])));
}

const nu__py_module_row *const nu__orm_modules[] = { NULL };

/* ---- values ---------------------------------------------------------------------------------- */

nu__py nu__orm_of(nu_value value)
{
    if (value.kind == NU_KIND_QUERY)
        return nu__orm_queryset(value.p);
    if (value.kind == NU_KIND_OBJECT)
        return nu__orm_instance(value.object);
    nu_raise(NU_TYPE_ERROR, "the shell has no value for a {}", nu_string(value));
}

nu_value nu__orm_to_value(nu__py value)
{
    if (nu__py_is_a(value.type, &nu__orm_model_type))
        return nu_v_object(value.cp);
    if (nu__py_is_a(value.type, &nu__orm_queryset_type))
        return nu_v_query(value.cp);
    nu_raise(NU_TYPE_ERROR, "Object of type {} can't be used in a query", value.type->name);
}
