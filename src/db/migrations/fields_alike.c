/* Whether a field is the same as before, models and fields called otherwise left aside. */
#include "db/migrations/detector.h"

#include "core/text.h"
#include "db/migrations/writer.h"

#include <string.h>

static const char *lower_label(const char *label)
{
    return label ? nu_lower(nu_s(label)).ptr : NULL;
}

/* Models are the same in any case; those that Django wrote are in small letters. */
static void write_alike(nu__buf *out, const nu_field *field)
{
    nu_relation_field *copy;

    if (!field->to_name) {
        nu__write_field(out, field);
        return;
    }
    copy = (nu_relation_field *)nu__field_def_copy(field);
    if (strcmp(copy->to_name, NU_AUTH_USER_MODEL))
        copy->to_name = lower_label(copy->to_name);
    copy->through_name = lower_label(copy->through_name);
    nu__write_field(out, &copy->base);
}

bool nu__same_field(const nu_field *a, const nu_field *b)
{
    nu__buf x = { 0 }, y = { 0 };

    write_alike(&x, a);
    write_alike(&y, b);
    return nu_eq(nu__buf_str(&x), nu__buf_str(&y));
}

/* A label as it would be after the models were renamed. */
static const char *label_now(const nu__detector *d, const char *label)
{
    for (size_t i = 0; label && i < d->n_renamed; i++)
        if (!d->renamed[i].model && nu__label_is(label, d->renamed[i].app, d->renamed[i].old))
            return nu_fmt("{}.{}", d->renamed[i].app, d->renamed[i].name).ptr;
    return label;
}

static const char *field_now(const nu__detector *d, const char *label, const char *field)
{
    for (size_t i = 0; label && i < d->n_renamed; i++)
        if (d->renamed[i].model && nu__label_is(label, d->renamed[i].app, d->renamed[i].model) &&
            nu__same_text(field, d->renamed[i].old))
            return d->renamed[i].name;
    return field;
}

const nu_field *nu__after_renames(const nu__detector *d, const nu_field *field)
{
    nu_relation_field *copy;

    if (!field->to_name)
        return field;
    copy = (nu_relation_field *)nu__field_def_copy(field);
    copy->to_name = label_now(d, copy->to_name);
    copy->through_name = label_now(d, copy->through_name);
    copy->to_field = field_now(d, copy->to_name, copy->to_field);
    for (size_t i = 0; i < 2; i++)
        copy->through_fields[i] = field_now(d, copy->through_name, copy->through_fields[i]);
    return &copy->base;
}
