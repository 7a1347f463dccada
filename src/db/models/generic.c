#include "db/models/generic.h"

#include "core/object.h"
#include "core/suggest.h"
#include "db/models/content_types.h"
#include "db/models/keys.h"
#include "db/models/registry.h"

#include <nuages/transaction.h>
#include <string.h>

/* ---- start-up ----------------------------------------------------------------------------- */

static const nu__field *field_of(const nu__model_info *on, const char *name, const char *what)
{
    const nu__field *field = nu__model_field(on, nu_s(name));

    if (!field)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{}: the {} of a generic relation is no field: '{}'",
                 on->label, what, name);
    return field;
}

static nu__generic resolved(nu__model_info *on, const char *name, const char *content_type,
                            const char *object_id, bool for_proxies)
{
    nu__generic generic = { nu_s(name), on, field_of(on, content_type, "content type"),
                            field_of(on, object_id, "object id"), for_proxies };

    if (!generic.content_type->relation ||
        !nu_eq(generic.content_type->relation->to->label, "contenttypes.ContentType"))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "(contenttypes.E003) {}.{} is not a ForeignKey to nu_content_type.", on->label,
                 content_type);
    return generic;
}

/* To lookups the object id is a foreign key to this model. */
static void add_to_lookups(nu__model_info *info, const nu__generic *generic)
{
    nu__relation *relation = nu_alloc(nu__relation);
    nu__field *key = nu_alloc(nu__field);

    *key = *generic->object_id;
    key->relation = relation;
    key->target = info->pk;
    *relation = (nu__relation){ .field = key,
                                .from = generic->on,
                                .to = info,
                                .to_field = info->pk,
                                .on_delete = CASCADE,
                                .hidden = true,
                                .query_name = generic->name,
                                .generic = generic,
                                .id = info->registry->n_relations++ };
    nu__names_add_generic(info, key);
}

const nu__model_info *nu__generic_type_of(const nu__generic *generic, const nu__model_info *info)
{
    return generic->for_proxies ? info : info->concrete;
}

void nu__generics_resolve(nu__model_info *info)
{
    const nu_model *model = info->model;
    size_t n_keys = 0, n_relations = 0;

    while (n_keys < 4 && model->generic_keys[n_keys].name)
        n_keys++;
    while (n_relations < 8 && model->generic_relations[n_relations].name)
        n_relations++;
    info->generic_keys = nu_alloc_array(nu__generic, n_keys + 1);
    info->generic_relations = nu_alloc_array(nu__generic, n_relations + 1);
    for (size_t i = 0; i < n_keys; i++) {
        const nu_generic_key *def = &model->generic_keys[i];

        info->generic_keys[info->n_generic_keys++] = resolved(
            info, def->name, def->content_type, def->object_id, def->not_for_concrete_model);
    }
    for (size_t i = 0; i < n_relations; i++) {
        const nu_generic_relation *def = &model->generic_relations[i];
        nu__model_info *to =
            nu__registry_find(info->registry, nu_fmt("{}.{}", def->to->app_label, def->to->name));

        if (!to)
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "{}.{}: the model {} of the generic relation is in no installed app",
                     info->label, def->name, def->to->name);
        info->generic_relations[info->n_generic_relations++] =
            resolved(to, def->name, def->content_type, def->object_id, def->not_for_concrete_model);
        add_to_lookups(info, &info->generic_relations[i]);
    }
}

static const nu__generic *named(const nu__generic *all, size_t n, nu_str name)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq(all[i].name, name))
            return &all[i];
    return NULL;
}

const nu__generic *nu__model_generic_key(const nu__model_info *info, nu_str name)
{
    return named(info->generic_keys, info->n_generic_keys, name);
}

const nu__generic *nu__model_generic_relation(const nu__model_info *info, nu_str name)
{
    return named(info->generic_relations, info->n_generic_relations, name);
}

/* ---- the key ------------------------------------------------------------------------------ */

static const char *alias_of(const nu_object *object, const nu__model_info *info)
{
    const char *db = nu__row_of(object)->db;

    return db ? db : nu__router_db_for_read(info, object);
}

/* The object's key in the kind of another field; null when it can't be. */
static nu_value as_key(const nu__field *pk, nu_value value)
{
    nu__invalid why;
    nu_value key;

    return nu__field_to_python(pk, value, &key, &why) ? key : nu_null();
}

static bool still_refers(const nu_object *object, const nu__generic *key, const nu_object *other)
{
    const nu__model_info *to = nu__info_of(other);
    nu_value type = nu__field_get(key->content_type, object);

    return type.kind == NU_KIND_INT &&
           type.i == nu__content_type_id(nu__generic_type_of(key, to), alias_of(object, key->on)) &&
           nu__value_equal(as_key(to->pk, nu__instance_value(key->object_id, object)),
                           nu__pk_of(other));
}

static nu_object *load(const nu_object *object, const nu__generic *key, nu_value type)
{
    const char *using = alias_of(object, key->on);
    nu__model_info *to = nu__content_type_model(type.i, using);
    nu_cond condition[] = { { .lookup = "pk", .value = nu__instance_value(key->object_id, object) },
                            { 0 } };
    nu_query *query;

    if (!to)
        return NULL;
    query = nu__query_new(to);
    query->using = using;
    query->fetch_mode = nu__fetch_mode_of(object);
    return nu_find_(query, to->model, condition);
}

nu_object *nu__generic_follow(const nu_object *object, const nu__generic *key)
{
    nu__kept *kept = nu__kept_find(object, key->name);
    nu_value type;
    nu_object *other = NULL;

    nu__load_deferred((nu_object *)object, key->content_type);
    nu__load_deferred((nu_object *)object, key->object_id);
    type = nu__field_get(key->content_type, object);
    if (kept && (!kept->object || still_refers(object, key, kept->object)))
        return kept->object;
    if (type.kind == NU_KIND_INT) {
        const nu__peers *peers = nu__row_of(object)->peers;

        nu__fetch_allowed(object, key->name);
        if (!kept && peers && peers->mode == FETCH_PEERS && peers->n > 1 && nu__may_keep(object)) {
            nu__generic_fetch_keys(key, &(nu__level){ peers->items, peers->n });
            return nu__kept_find(object, key->name)->object;
        }
        other = load(object, key, type);
    }
    if (nu__may_keep(object))
        nu__kept_put(object, key->name)->object = other;
    return other;
}

void nu__generic_set(const nu__generic *key, nu_object *object, nu_value value)
{
    nu_value type = nu_null(), id = nu_null();
    const nu_object *other = value.kind == NU_KIND_OBJECT ? value.object : NULL;

    if (other) {
        type = nu_v_int(nu__content_type_id(nu__generic_type_of(key, nu__info_of(other)),
                                            alias_of(other, key->on)));
        id = nu__pk_of(other);
    } else if (value.kind != NU_KIND_NULL) {
        nu_raise(NU_TYPE_ERROR, "Cannot assign \"{!r}\": \"{}.{}\" must be a model instance.",
                 value, key->on->name, key->name);
    }
    nu__instance_set(key->content_type, object, type);
    nu__instance_set(key->object_id, object, id);
    nu__kept_put(object, key->name)->object = (nu_object *)other;
}

void nu__generic_check(const nu__model_info *info, const nu_object *object, const char *operation)
{
    for (size_t i = 0; i < info->n_generic_keys; i++) {
        nu__kept *kept = nu__kept_find(object, info->generic_keys[i].name);

        if (kept && kept->object && !nu__pk_is_set(kept->object))
            nu_raise(NU_VALUE_ERROR,
                     "{}() prohibited to prevent data loss due to unsaved related object '{}'.",
                     operation, info->generic_keys[i].name);
    }
}

/* ---- prefetching -------------------------------------------------------------------------- */

/* The rows of one model that some of the instances refer to. */
static void fetch_type(const nu__generic *key, const nu__level *from, int64_t type, nu_list *all)
{
    const char *using = alias_of(from->items[0], key->on);
    nu__model_info *to = nu__content_type_model(type, using);
    nu__key_index found = nu__key_index_new(from->n);
    nu_list *keys = nu_list_new(), *rows;
    nu_query *query;

    for (size_t i = 0; to && i < from->n; i++) {
        nu_value own = nu__field_get(key->content_type, from->items[i]);

        if (own.kind == NU_KIND_INT && own.i == type)
            nu_list_append_(keys,
                            as_key(to->pk, nu__instance_value(key->object_id, from->items[i])));
    }
    if (!nu_list_len(keys))
        return;
    query = nu__query_new(to);
    query->using = using;
    rows = nu__query_results(nu__query_where(query, S("pk__in"), nu_v_list(keys)));
    for (size_t i = 0; i < nu_list_len(rows); i++) {
        *nu__key_index_at(&found, nu__pk_of(nu_at(rows, i).object)) = (void *)nu_at(rows, i).object;
        nu_list_append_(all, nu_at(rows, i));
    }
    for (size_t i = 0; i < from->n; i++) {
        nu_value own = nu__field_get(key->content_type, from->items[i]);

        if (own.kind == NU_KIND_INT && own.i == type)
            nu__kept_put(from->items[i], key->name)->object = nu__key_index_get(
                &found, as_key(to->pk, nu__instance_value(key->object_id, from->items[i])));
    }
}

nu__level nu__generic_fetch_keys(const nu__generic *key, const nu__level *from)
{
    nu__level lacking = { nu_alloc_array(nu_object *, from->n + 1), 0 };
    nu__key_index seen = nu__key_index_new(from->n);
    nu_list *all = nu_list_new();

    for (size_t i = 0; i < from->n; i++)
        if (!nu__kept_find(from->items[i], key->name))
            lacking.items[lacking.n++] = from->items[i];
    for (size_t i = 0; i < lacking.n; i++) {
        nu_value type = nu__field_get(key->content_type, lacking.items[i]);
        void **at = nu__key_index_at(&seen, type);

        nu__kept_put(lacking.items[i], key->name);
        if (!at || *at)
            continue;
        *at = all;
        fetch_type(key, &lacking, type.i, all);
    }
    return nu__level_of(all);
}
