#include "cli/shell/orm/json_members.h"
#include "cli/shell/orm/instance_dict.h"
#include "core/object.h"

#include <nuages/managers.h>

typedef struct shown {
    nu__py value;
    const void *made_of; /* what the member held then: another one means that it was set in C */
} shown;

static const void *inside(nu_value value)
{
    return value.kind == NU_KIND_LIST     ? (const void *)value.list
           : value.kind == NU_KIND_DICT   ? (const void *)value.dict
           : value.kind == NU_KIND_OBJECT ? (const void *)value.object
                                          : NULL;
}

static const nu__field *json_field(const nu_object *object, nu_str name)
{
    const nu__field *field = nu__model_field(nu__info_of(object), name);

    return field && field->type->type == NU_JSON_FIELD ? field : NULL;
}

static void show(nu_object *object, const nu__field *field, nu__py value)
{
    shown *s = nu_alloc(shown);

    *s = (shown){ value, inside(nu__field_get(field, object)) };
    nu__kept_put(object, field->name)->shown = s;
}

bool nu__orm_json_member(nu_object *object, nu_str name, nu__py *out)
{
    const nu__field *field = json_field(object, name);
    const nu__kept *kept = field ? nu__kept_find(object, field->name) : NULL;
    const shown *s = kept ? kept->shown : NULL;
    nu_value value;

    if (!field || !nu__model_ops.get(object, name, &value) || !inside(value))
        return false;
    if (!s || s->made_of != inside(nu__field_get(field, object))) {
        *out = nu__py_of(value);
        show(object, field, *out);
    } else {
        *out = s->value;
    }
    return true;
}

void nu__orm_json_assigned(nu_object *object, nu_str name, nu__py value)
{
    const nu__field *field = json_field(object, name);

    if (field && inside(nu__field_get(field, object)))
        show(object, field, value);
}

void nu__orm_json_back(nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);

    nu__orm_dict_back(object);
    for (nu__kept *kept = nu__row_of(object)->kept; kept; kept = kept->next) {
        shown *s = kept->shown;
        const nu__field *field = s ? nu__model_field(info, kept->name) : NULL;

        if (!field || s->made_of != inside(nu__field_get(field, object)))
            continue;
        nu_field_set_(object, field->name.ptr, nu__orm_field_value(info, field->name, s->value));
        s->made_of = inside(nu__field_get(field, object));
    }
}
