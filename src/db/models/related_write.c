/* Related rows by the relation's name: which relation it is, and whose turn then. */
#include "core/object.h"
#include "db/models/generic.h"

#include <string.h>

/* A set of related rows. */
typedef struct target {
    const nu__relation *relation;
    bool reverse;
    const nu__generic *generic; /* instead of a relation */
} target;

static target target_of(const nu_object *object, const char *name)
{
    nu__model_info *info = nu__info_of(object);
    const nu__field *many = nu__model_many(info, nu_s(name));
    const nu__relation *relation = many ? many->relation : nu__model_reverse(info, nu_s(name));
    const nu__generic *generic = nu__model_generic_relation(info, nu_s(name));

    if (generic)
        return (target){ .generic = generic };
    if (!relation || (!many && relation->one_to_one))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no related set '{}'", info->name, name);
    return (target){ .relation = relation, .reverse = !many };
}

static bool is_many(const target *t)
{
    return t->relation && t->relation->many_to_many;
}

static bool one_by_one(const nu_relating *options)
{
    return options && options->one_by_one;
}

void nu_related_add_(nu_object *object, const char *name, nu_values items,
                     const nu_relating *options)
{
    target t = target_of(object, name);
    nu__many_end side;

    if (t.generic) {
        nu__generic_add(object, t.generic, items, one_by_one(options));
        return;
    }
    if (!is_many(&t)) {
        nu__referring_add(object, t.relation, items, one_by_one(options));
        return;
    }
    side = nu__many_side(object, t.relation, t.reverse);
    nu__many_add(&side, items, options);
}

void nu_related_remove_(nu_object *object, const char *name, nu_values items,
                        const nu_relating *options)
{
    target t = target_of(object, name);
    nu__many_end side;

    if (t.generic) {
        nu__generic_remove(object, t.generic, items, one_by_one(options));
        return;
    }
    if (!is_many(&t)) {
        nu__referring_remove(object, t.relation, items, one_by_one(options));
        return;
    }
    side = nu__many_side(object, t.relation, t.reverse);
    nu__many_remove(&side, items);
}

void nu_related_clear_(nu_object *object, const char *name, const nu_relating *options)
{
    target t = target_of(object, name);
    nu__many_end side;

    if (t.generic) {
        nu__generic_clear(object, t.generic, one_by_one(options));
        return;
    }
    if (!is_many(&t)) {
        nu__referring_clear(object, t.relation, one_by_one(options));
        return;
    }
    side = nu__many_side(object, t.relation, t.reverse);
    nu__many_clear(&side);
}

static nu_values all_of(nu_value items)
{
    nu_list *list = items.kind == NU_KIND_NULL ? nu_list_new() : nu__value_items(items);
    size_t n = nu_list_len(list);
    nu_value *out = nu_alloc_array(nu_value, n + 1);

    if (!list)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(items.kind));
    for (size_t i = 0; i < n; i++)
        out[i] = nu_at(list, i);
    return (nu_values){ out, n };
}

void nu_related_set_(nu_object *object, const char *name, nu_value items,
                     const nu_relating *options)
{
    target t = target_of(object, name);
    nu__many_end side;

    if (t.generic) {
        nu__generic_replace(object, t.generic, all_of(items), options);
        return;
    }
    if (!is_many(&t)) {
        nu__referring_set(object, t.relation, all_of(items), options);
        return;
    }
    side = nu__many_side(object, t.relation, t.reverse);
    nu__many_set(&side, all_of(items), options);
}

/* ---- new rows ----------------------------------------------------------------------------- */

/* The rows as a query that is written through; a prefetched set is asked for anew. */
static nu_query *rows_of(nu_object *object, const target *t)
{
    nu_query *query;

    if (t->relation && !is_many(t))
        nu__referring_check(object, t->relation);
    query = nu__query_clone(t->generic ? nu__generic_rows(object, t->generic)
                                       : nu__related_set(object, t->relation, t->reverse));
    query->using = nu__db_for_write(query);
    return query;
}

/* With what refers to the instance, where that is the rows' own. */
static const nu_var *with_key(const nu_object *object, const target *t, const nu_var *values)
{
    size_t n = 0, n_own = 1;
    nu_var own[] = { { t->relation ? t->relation->field->name.ptr : NULL, nu_v_object(object) },
                     { 0 } };
    nu_var *out;

    if (is_many(t))
        return values;
    while (values[n].key)
        n++;
    out = nu_alloc_array(nu_var, n + 3);
    if (n)
        memcpy(out, values, n * sizeof(*out));
    if (t->generic)
        n_own = 2;
    memcpy(out + n, t->generic ? nu__generic_values(object, t->generic) : own,
           n_own * sizeof(*out));
    return out;
}

static void add_made(nu_object *object, const target *t, const nu_object *made,
                     const nu_relating *options)
{
    nu_value item = nu_v_object(made);
    nu__many_end side;

    if (!is_many(t))
        return;
    side = nu__many_side(object, t->relation, t->reverse);
    nu__many_add(&side, (nu_values){ &item, 1 }, options);
}

nu_object *nu_related_create_(nu_object *object, const char *name, const nu_var *values,
                              const nu_relating *options)
{
    target t = target_of(object, name);
    nu_query *rows = rows_of(object, &t);
    nu_object *made;

    if (!is_many(&t))
        nu__kept_drop(object, t.generic ? t.generic->name : t.relation->accessor);
    made = nu_create_in_(rows, with_key(object, &t, values));
    add_made(object, &t, made, options);
    return made;
}

nu_object *nu_related_get_or_create_(nu_object *object, const char *name, const nu_var *lookup,
                                     const nu_var *defaults, const nu_relating *options,
                                     bool *created)
{
    target t = target_of(object, name);
    bool made = false;
    nu_object *found =
        nu_get_or_create_in_(rows_of(object, &t), with_key(object, &t, lookup), defaults, &made);

    if (made)
        add_made(object, &t, found, options);
    if (created)
        *created = made;
    return found;
}

nu_object *nu_related_update_or_create_(nu_object *object, const char *name, const nu_var *lookup,
                                        const nu_var *defaults, const nu_var *create_defaults,
                                        const nu_relating *options, bool *created)
{
    target t = target_of(object, name);
    bool made = false;
    nu_object *found = nu_update_or_create_in_(rows_of(object, &t), with_key(object, &t, lookup),
                                               defaults, create_defaults, &made);

    if (made)
        add_made(object, &t, found, options);
    if (created)
        *created = made;
    return found;
}
