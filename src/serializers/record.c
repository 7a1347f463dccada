/* Instances as records, and natural keys. */
#include "core/object.h"
#include "db/models/queryset.h"
#include "serializers/serializer.h"
#include "utils/base64.h"

#include <nuages/managers.h>
#include <string.h>

/* ---- natural keys ---------------------------------------------------------------------------- */

static const char *const *key_names(const nu__model_info *info)
{
    return info->concrete->model->natural_key;
}

bool nu__has_natural_key(const nu__model_info *info)
{
    return key_names(info)[0] != NULL;
}

enum { MOST_NAMES = 4 };

static nu_object *referred(const nu_object *object, const nu__field *field)
{
    return nu__follow(object, field);
}

nu_list *nu__natural_key(const nu_object *object, const char *using)
{
    const nu__model_info *info = nu__info_of(object);
    nu_list *key = nu_list_new();

    for (size_t i = 0; i < MOST_NAMES && key_names(info)[i]; i++) {
        const nu__field *field = nu__model_field(info, nu_s(key_names(info)[i]));
        nu_object *other = field->relation ? referred(object, field) : NULL;
        nu_list *inner = other ? nu__natural_key(other, using) : NULL;

        if (!inner)
            nu_list_append_(key, nu__field_get(field, object));
        for (size_t k = 0; inner && k < nu_list_len(inner); k++)
            nu_list_append_(key, nu_at(inner, k));
    }
    return key;
}

/* How many values the part of a key takes that a field stands for. */
static size_t width(const nu__field *field)
{
    const nu__model_info *to = field->relation ? field->relation->to : NULL;
    size_t n = 0;

    if (!to || !nu__has_natural_key(to))
        return 1;
    for (size_t i = 0; i < MOST_NAMES && key_names(to)[i]; i++)
        n += width(nu__model_field(to, nu_s(key_names(to)[i])));
    return n;
}

static nu_query *where_part(nu_query *query, const nu__field *field, const nu_list *key, size_t at,
                            const char *using)
{
    nu_list *inner = nu_list_new();
    nu_object *other;

    if (width(field) == 1 && !(field->relation && nu__has_natural_key(field->relation->to)))
        return nu__query_where(query, field->name, nu_at(key, at));
    for (size_t i = 0; i < width(field); i++)
        nu_list_append_(inner, nu_at(key, at + i));
    other = nu__by_natural_key(field->relation->to, inner, using);
    return other ? nu__query_where(query, field->name, nu_v_object(other)) : NULL;
}

nu_object *nu__by_natural_key(const nu__model_info *info, const nu_list *key, const char *using)
{
    nu_query *query = nu__default_manager((nu__model_info *)(uintptr_t)info);
    nu_list *rows;
    size_t at = 0;

    query = nu_using(query, using);
    for (size_t i = 0; query && i < MOST_NAMES && key_names(info)[i]; i++) {
        const nu__field *field = nu__model_field(info, nu_s(key_names(info)[i]));

        query = where_part(query, field, key, at, using);
        at += width(field);
    }
    rows = query ? nu__query_results(query) : NULL;
    return nu_list_len(rows) ? (nu_object *)(uintptr_t)nu_at(rows, 0).object : NULL;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* What Django's Python serializer keeps as it is; all else is text, but JSON is what it holds. */
static nu_value shown(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_BYTES:
        return V(nu__base64_encode(value.bytes, NU__BASE64));
    case NU_KIND_UUID:
    case NU_KIND_TIMEDELTA:
        return nu__value_text(value);
    case NU_KIND_FILE:
        return nu_v_str(value.s.ptr ? value.s : S(""));
    case NU_KIND_SAFE:
        return nu_v_str(value.s);
    default:
        return value;
    }
}

/* Lists, maps and ranges of PostgreSQL's fields are texts too. */
static nu_value field_value(const nu__field *field, const nu_object *object)
{
    nu_value value = nu__field_get(field, object);
    nu_field_type type = field->type->type;

    if (value.kind != NU_KIND_NULL && (field->base || type == NU_HSTORE_FIELD))
        return nu_v_str(nu__field_text(field, value));
    return shown(value);
}

static nu_value key_of(const nu_object *object, bool natural, const char *using)
{
    if (natural)
        return V(nu__natural_key(object, using));
    return shown(nu__pk_of(object));
}

static nu_value reference(const nu__field *field, const nu_object *object, bool natural,
                          const char *using)
{
    nu_object *other = natural ? referred(object, field) : NULL;

    if (other)
        return V(nu__natural_key(other, using));
    return shown(nu__field_get(field, object));
}

static nu_value many(const nu__field *field, const nu_object *object, bool natural,
                     const char *using)
{
    nu_query *rows = nu__related_set(object, field->relation, false);
    nu_list *found = nu__query_results(nu_using(rows, using)), *keys = nu_list_new();

    for (size_t i = 0; i < nu_list_len(found); i++)
        nu_list_append_(keys, key_of(nu_at(found, i).object, natural, using));
    return V(keys);
}

static bool by_key(const nu__field *field, const nu__record_options *options)
{
    return options->natural_foreign && field->relation && nu__has_natural_key(field->relation->to);
}

nu__record nu__record_of(const nu_object *object, const nu__record_options *options)
{
    const nu__model_info *info = nu__info_of(object)->concrete;
    nu__record record = { .info = info, .pk = shown(nu__pk_of(object)) };

    record.has_pk = !options->natural_primary || !nu__has_natural_key(info);
    record.fields = nu_alloc_array(nu__record_field, info->n_fields + info->n_many + 1);
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        bool natural = by_key(field, options);

        if (field->primary_key || field->origin || field->def->expression)
            continue;
        record.fields[record.n_fields++] =
            (nu__record_field){ .field = field,
                                .natural = natural && !nu__field_is_null(field, object),
                                .value = field->relation
                                             ? reference(field, object, natural, options->using)
                                             : field_value(field, object) };
    }
    for (size_t i = 0; i < info->n_many; i++) {
        const nu__field *field = &info->many[i];
        bool natural = by_key(field, options);

        if (field->origin || !field->relation->through->auto_created)
            continue;
        record.fields[record.n_fields++] =
            (nu__record_field){ .field = field,
                                .many = true,
                                .natural = natural,
                                .value = many(field, object, natural, options->using) };
    }
    return record;
}

/* ---- the order of models --------------------------------------------------------------------- */

static bool is_among(const nu__model_info *model, nu__model_info *const *models, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (models[i] == model)
            return true;
    return false;
}

/* Whether what the model's rows refer to by natural keys is `done`, or not dumped at all. */
static bool is_ready(const nu__model_info *model, nu__model_info *const *all, size_t n,
                     nu__model_info *const *done, size_t n_done)
{
    for (size_t i = 0; i < model->n_fields + model->n_many; i++) {
        const nu__field *field =
            i < model->n_fields ? &model->fields[i] : &model->many[i - model->n_fields];
        const nu__model_info *to = field->relation ? field->relation->to : NULL;

        if (!to || to == model || !nu__has_natural_key(to))
            continue;
        if (i >= model->n_fields && !field->relation->through->auto_created)
            continue;
        if (is_among(to, all, n) && !is_among(to, done, n_done))
            return false;
    }
    return true;
}

void nu__sort_dependencies(nu__model_info **models, size_t n)
{
    nu__model_info **left = nu_alloc_array(nu__model_info *, n + 1),
                   **done = nu_alloc_array(nu__model_info *, n + 1),
                   **skipped = nu_alloc_array(nu__model_info *, n + 1);
    size_t n_left = n, n_done = 0;

    for (size_t i = 0; i < n; i++)
        left[i] = models[n - 1 - i];
    while (n_left) {
        size_t n_skipped = 0, before = n_done;

        while (n_left) {
            nu__model_info *model = left[--n_left];

            if (is_ready(model, models, n, done, n_done))
                done[n_done++] = model;
            else
                skipped[n_skipped++] = model;
        }
        if (n_done == before)
            done[n_done++] = skipped[--n_skipped];
        memcpy(left, skipped, n_skipped * sizeof *left);
        n_left = n_skipped;
    }
    memcpy(models, done, n * sizeof *models);
}
