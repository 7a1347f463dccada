/* From an instance to what its relations lead to. */
#include "db/models/related.h"
#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/keys.h"
#include "db/sql/lookups.h"

#include <nuages/managers.h>
#include <string.h>

/* ---- foreign keys ------------------------------------------------------------------------- */

/* What the member keeps is what its key says, or was assigned before it had a key. */
static nu_object *cached(const nu_object *object, const nu__field *field)
{
    nu_object *other = *nu__field_cached(field, object);

    if (!other || !other->type ||
        nu__value_equal(nu__referred_value(field->relation, other), nu__field_get(field, object)))
        return other;
    return NULL;
}

static nu_query *rows_of(const nu_object *object, nu__model_info *to)
{
    nu_query *query = nu__base_manager(to);

    query->using = nu__router_db_for_read(to, object);
    query->fetch_mode = nu__fetch_mode_of(object);
    return query;
}

static nu_object *load_one(const nu_object *object, const nu__field *field, nu_value key)
{
    nu__model_info *to = field->relation->to;
    nu_cond conditions[] = { { .lookup = field->relation->to_field->name.ptr, .value = key },
                             { 0 } };

    return nu_get_(rows_of(object, to), to->model, conditions);
}

/* One row for each key: in what order does not matter. */
static nu_list *unordered(nu_query *query)
{
    nu__tree_clear_ordering(query->tree, true);
    return nu__query_results(query);
}

static bool is_known(const nu_object *object, const nu__field *field)
{
    return cached(object, field) || nu__kept_find(object, field->name);
}

/* The others of the same result that lack it too, each key once. */
static nu_list *keys_of_peers(const nu__peers *peers, const nu__field *field)
{
    nu__key_index seen = nu__key_index_new(peers->n);
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < peers->n; i++) {
        nu_value key = nu__field_get(field, peers->items[i]);
        void **at;

        if (key.kind == NU_KIND_NULL || is_known(peers->items[i], field))
            continue;
        at = nu__key_index_at(&seen, key);
        if (!*at)
            nu_list_append_(keys, key);
        *at = (void *)peers;
    }
    return keys;
}

/* The other side of a one-to-one knows the way back. */
static void keep_forward(const nu__field *field, nu_object *object, nu_object *other)
{
    *nu__field_cached(field, object) = other;
    if (field->relation->one_to_one && field->relation->accessor.ptr)
        nu__kept_put(other, field->relation->accessor)->object = object;
}

static void load_peers(const nu__peers *peers, const nu__field *field, nu_list *keys)
{
    nu_query *query = rows_of(peers->items[0], field->relation->to);
    nu_list *found = unordered(
        nu__query_where(query, nu_fmt("{}__in", field->relation->to_field->name), nu_v_list(keys)));
    nu__key_index index = nu__key_index_new(nu_list_len(found));

    for (size_t i = 0; i < nu_list_len(found); i++) {
        const nu_object *other = nu_at(found, i).object;

        *nu__key_index_at(&index, nu__referred_value(field->relation, other)) = (void *)other;
    }
    for (size_t i = 0; i < peers->n; i++) {
        nu_object *peer = peers->items[i], *other;

        if (is_known(peer, field))
            continue;
        other = nu__key_index_get(&index, nu__field_get(field, peer));
        if (other)
            keep_forward(field, peer, other);
    }
}

static bool has_peers(const nu_object *object)
{
    const nu__peers *peers = nu__row_of(object)->peers;

    return peers && peers->mode == FETCH_PEERS && peers->n > 1;
}

/* Prefetched with a query that left it out. */
static nu_object *known_none(const nu__field *field)
{
    if (!field->null)
        nu_raise(NU_DOES_NOT_EXIST, "{} has no {}.", field->model->name, field->name);
    return NULL;
}

nu_object *nu__follow(const nu_object *object, const nu__field *field)
{
    nu_object *other;
    nu_value key;
    nu_list *keys;

    nu__load_deferred((nu_object *)object, field);
    other = cached(object, field);
    key = nu__field_get(field, object);
    if (other || key.kind == NU_KIND_NULL)
        return other;
    if (nu__kept_find(object, field->name))
        return known_none(field);
    nu__fetch_allowed(object, field->name);
    if (!nu__may_keep(object))
        return load_one(object, field, key);
    keys = has_peers(object) ? keys_of_peers(nu__row_of(object)->peers, field) : NULL;
    if (nu_list_len(keys) > 1) {
        load_peers(nu__row_of(object)->peers, field, keys);
        other = cached(object, field);
    }
    if (!other) {
        other = load_one(object, field, key);
        keep_forward(field, (nu_object *)object, other);
    }
    return other;
}

void *nu_follow_(const nu_object *object, size_t offset)
{
    nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_fields; i++)
        if (info->fields[i].relation && info->fields[i].offset == offset)
            return nu__follow(object, &info->fields[i]);
    nu_raise(NU_TYPE_ERROR, "{}: the member is no foreign key of the model", info->label);
}

/* ---- the way back ------------------------------------------------------------------------- */

static void keep_one(const nu_object *object, const nu__relation *relation, nu_object *other)
{
    nu__kept_put(object, relation->accessor)->object = other;
    if (other)
        *nu__field_cached(relation->field, other) = (nu_object *)object;
}

static bool lacks_one(const nu_object *peer, const nu__relation *relation)
{
    return nu__pk_is_set(peer) && !nu__kept_find(peer, relation->accessor);
}

/* For the peers that lack it too. */
static void load_ones(const nu__peers *peers, const nu__relation *relation)
{
    nu__key_index others = nu__key_index_new(peers->n);
    nu_list *lacking = nu_list_new(), *found;
    nu_query *query = rows_of(peers->items[0], relation->from);

    for (size_t i = 0; i < peers->n; i++)
        if (lacks_one(peers->items[i], relation))
            nu_list_append(lacking, nu_v_object(peers->items[i]));
    found = unordered(
        nu__query_where(query, nu_fmt("{}__in", relation->field->name), nu_v_list(lacking)));
    for (size_t i = 0; i < nu_list_len(found); i++) {
        const nu_object *other = nu_at(found, i).object;
        void **at = nu__key_index_at(&others, nu__field_get(relation->field, other));

        if (at)
            *at = (void *)other;
    }
    for (size_t i = 0; i < peers->n; i++)
        if (lacks_one(peers->items[i], relation))
            keep_one(peers->items[i], relation,
                     nu__key_index_get(&others, nu__referred_value(relation, peers->items[i])));
}

nu_object *nu__related_one(const nu_object *object, const nu__relation *relation)
{
    nu__kept *kept = nu__kept_find(object, relation->accessor);
    nu_cond conditions[] = { { .lookup = relation->field->name.ptr, .value = nu_v_object(object) },
                             { 0 } };
    nu_object *other;

    if (kept)
        return kept->object;
    if (!nu__pk_is_set(object))
        return NULL;
    nu__fetch_allowed(object, relation->accessor);
    if (nu__may_keep(object) && has_peers(object)) {
        load_ones(nu__row_of(object)->peers, relation);
        return nu__kept_find(object, relation->accessor)->object;
    }
    other = nu_find_(rows_of(object, relation->from), relation->from->model, conditions);
    if (nu__may_keep(object))
        keep_one(object, relation, other);
    else if (other)
        *nu__field_cached(relation->field, other) = (nu_object *)object;
    return other;
}

void nu__many_check(const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);

    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR,
                 "\"<{}: {}>\" needs to have a value for field \"{}\" before this many-to-many "
                 "relationship can be used.",
                 info->name, nu_v_object(object), info->pk->name);
}

static void need_key(const nu_object *object, const nu__relation *relation)
{
    if (relation->many_to_many)
        nu__many_check(object);
    if (nu__pk_is_set(object))
        return;
    nu_raise(NU_VALUE_ERROR,
             "'{}' instance needs to have a primary key value before this relationship can be "
             "used.",
             nu__info_of(object)->name);
}

static nu_query *many_to_one_set(const nu_object *object, const nu__relation *relation)
{
    nu_query *query = nu__query_where(rows_of(object, relation->from), relation->field->name,
                                      nu_v_object(object));

    query->known = (nu__known){ relation->field, (nu_object *)object };
    return query;
}

/* The table between, joined by the key that leads to the query's model. */
int nu__join_through(nu__tree *tree, const nu__relation *relation, bool reverse)
{
    const nu__field *far = reverse ? relation->through_from : relation->through_to;
    nu__step step = { .from = tree->model, .to = relation->through, .key = far, .many = true };
    int join = nu__tree_join(tree, nu__tree_base(tree), &step, NULL);

    tree->joins[join].type = NU__INNER;
    tree->used = nu__join_bit(join) | 1;
    tree->sticky = true;
    return join;
}

static nu_query *many_to_many_set(const nu_object *object, const nu__relation *relation,
                                  bool reverse)
{
    nu_query *query = rows_of(object, reverse ? relation->from : relation->to);
    const nu__field *near = reverse ? relation->through_to : relation->through_from;
    int join = nu__join_through(query->tree, relation, reverse);
    nu__names exact = { .items = (nu_str[]){ S("exact") }, .n = 1 };
    nu_value key = nu__pk_of(object);

    nu__where_add(
        query->tree->where,
        nu__build_lookup(&exact, 0, nu__col_of(join, near, near->relation->to_field), NULL, key),
        NU__AND);
    query->through_key = near;
    query->through_pk = key;
    return query;
}

nu_query *nu__related_set(const nu_object *object, const nu__relation *relation, bool reverse)
{
    nu_str name = reverse ? relation->accessor : relation->field->name;
    nu__kept *kept = name.ptr ? nu__kept_find(object, name) : NULL;
    nu_query *query;

    need_key(object, relation);
    query = relation->many_to_many ? many_to_many_set(object, relation, reverse)
                                   : many_to_one_set(object, relation);
    if (kept && kept->list) {
        query->results = kept->list;
        query->prefetched = true;
    }
    return query;
}

nu_query *nu_related_(const nu_object *object, const char *name)
{
    nu__model_info *info = nu__info_of(object);
    nu__relation *relation = nu__model_reverse(info, nu_s(name));
    nu__field *many = nu__model_many(info, nu_s(name));

    if (nu__model_generic_relation(info, nu_s(name)))
        return nu__generic_rows(object, nu__model_generic_relation(info, nu_s(name)));
    if (many)
        return nu__related_set(object, many->relation, false);
    if (relation && !relation->one_to_one)
        return nu__related_set(object, relation, true);
    nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no related set '{}'{}", info->name, name,
             relation ? S("; it is one-to-one: use nu_field_get()") : S(""));
}

nu_query *nu_many_(const nu_object *object, size_t offset)
{
    nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_many; i++)
        if (info->many[i].offset == offset)
            return nu__related_set(object, info->many[i].relation, false);
    nu_raise(NU_TYPE_ERROR, "{}: the member is no many-to-many of the model", info->label);
}
