#include "db/models/instance.h"

void *nu_object_of_(nu_value value, const nu_model *model)
{
    if (value.kind != NU_KIND_OBJECT || !value.object || nu__info_of(value.object)->model != model)
        nu_raise(NU_TYPE_ERROR, "{!r} is no {}", value, model->name);
    return (void *)value.object;
}
