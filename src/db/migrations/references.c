#include "db/migrations/references.h"

#include <string.h>

const char *nu__label(const char *app, const char *name)
{
    return strchr(name, '.') ? name : nu_fmt("{}.{}", app, name).ptr;
}

bool nu__label_is(const char *label, const char *app, const char *name)
{
    return label && nu__same_name(label, nu_fmt("{}.{}", app, name).ptr);
}

const char *nu__label_app(const char *label)
{
    const char *dot = strchr(label, '.');

    return nu_copy((nu_str){ label, dot ? (size_t)(dot - label) : strlen(label) }).ptr;
}

const char *nu__label_name(const char *label)
{
    const char *dot = strchr(label, '.');

    return dot ? dot + 1 : label;
}

static const nu_relation_field *relation_of(const nu_field *field)
{
    return nu__field_type_row(field->type)->family == NU__RELATION_OPTIONS
               ? (const nu_relation_field *)field
               : NULL;
}

nu__reference nu__reference_of(const nu_field *field, const char *app)
{
    const nu_relation_field *relation = relation_of(field);
    nu__reference reference = { NULL, NULL };

    if (!relation)
        return reference;
    reference.to = nu__field_def_target(field, app);
    if (reference.to && !strcmp(reference.to, NU_AUTH_USER_MODEL))
        reference.to = nu__user_model_label();
    if (relation->through_name)
        reference.through = nu__label(app, relation->through_name);
    return reference;
}

static bool names_field(const char *const fields[2], const char *name)
{
    return !fields[0] || nu__same_name(fields[0], name) || nu__same_name(fields[1], name);
}

bool nu__field_refers_to(const nu_field *field, const char *app, const char *to_app,
                         const char *to_model, const char *to_field)
{
    const nu_relation_field *relation = relation_of(field);
    nu__reference reference = nu__reference_of(field, app);

    if (nu__label_is(reference.to, to_app, to_model) &&
        (!to_field || !relation->to_field || nu__same_name(relation->to_field, to_field)))
        return true;
    return nu__label_is(reference.through, to_app, to_model) &&
           (!to_field || names_field(relation->through_fields, to_field));
}
