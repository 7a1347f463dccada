/* Adding to and removing from a many-to-many. Django: create_forward_many_to_many_manager() */
#include "core/object.h"
#include "db/models/insert.h"
#include "db/models/keys.h"
#include "db/models/queryset.h"

#include <nuages/signals.h>
#include <nuages/transaction.h>

#include <stdlib.h>
#include <string.h>

/* A relation from one instance's side. */
typedef struct side {
    nu_object *object;
    const nu__relation *relation;
    const nu__field *near, *far; /* of the model between */
    bool reverse;
    const char *using;
} side;

static side side_of(nu_object *object, size_t offset)
{
    nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_many; i++)
        if (info->many[i].offset == offset) {
            const nu__relation *relation = info->many[i].relation;

            if (!nu__pk_is_set(object))
                nu_raise(NU_VALUE_ERROR,
                         "\"{}\" needs to have a value for field \"{}\" before this many-to-many "
                         "relationship can be used.",
                         nu_v_object(object), info->pk->name);
            return (side){ object,
                           relation,
                           relation->through_from,
                           relation->through_to,
                           false,
                           nu__router_db_for_write(relation->through, object) };
        }
    nu_raise(NU_TYPE_ERROR, "{}: the member is no many-to-many of the model", info->label);
}

static nu_value key_of(const side *s, nu_value item)
{
    const nu__model_info *to = s->far->relation->to;
    nu_value key;
    nu__invalid why;

    if (item.kind == NU_KIND_OBJECT) {
        if (item.object->type != to->model)
            nu_raise(NU_TYPE_ERROR, "'{}' instance expected, got {!r}", to->name, item);
        if (!nu__router_allow_relation(item.object, s->object))
            nu_raise(NU_VALUE_ERROR,
                     "Cannot add \"{!r}\": instance is on database \"{}\", value is on database "
                     "\"{}\"",
                     item, nu__row_of(s->object)->db, nu__row_of(item.object)->db);
        if (!nu__pk_is_set(item.object))
            nu_raise(NU_VALUE_ERROR, "Cannot add \"{!r}\": the value for field \"{}\" is None",
                     item, s->far->name);
        return nu__pk_of(item.object);
    }
    if (!nu__field_to_python(to->pk, item, &key, &why))
        nu_raise(NU_TYPE_ERROR, "{}", why.message);
    return key;
}

static nu_list *keys_of(const side *s, nu_values items)
{
    nu__key_index seen = nu__key_index_new(items.len);
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < items.len; i++) {
        nu_value key = key_of(s, items.items[i]);
        void **at = nu__key_index_at(&seen, key);

        if (at && !*at) {
            *at = (void *)s;
            nu_list_append_(keys, key);
        }
    }
    return keys;
}

static void forget_prefetched(const side *s)
{
    nu__kept_drop(s->object, s->relation->field->name);
}

static void send(const side *s, const char *action, const nu_list *keys)
{
    nu_value *pks = nu_alloc_array(nu_value, nu_list_len(keys) + 1);

    if (!nu_signal_has_listeners(NU_M2M_CHANGED, s->relation->through->model))
        return;
    for (size_t i = 0; i < nu_list_len(keys); i++)
        pks[i] = nu_at(keys, i);
    nu_signal_send(.signal = NU_M2M_CHANGED, .sender = s->relation->through->model,
                   .instance = s->object, .action = action, .reverse = s->reverse,
                   .model = s->far->relation->to->model,
                   .pks = (nu_values){ pks, nu_list_len(keys) }, .using = s->using);
}

static nu_query *rows_between(const side *s)
{
    nu_query *query = nu__query_new(s->relation->through);

    query->using = s->using;
    return nu__query_where(query, s->near->attname, nu__pk_of(s->object));
}

/* ---- add ---------------------------------------------------------------------------------- */

/* With receivers, and with a through model of the user's, what is there is asked for first. */
static nu_list *missing_keys(const side *s, nu_list *keys)
{
    nu__key_index there = nu__key_index_new(nu_list_len(keys));
    nu_list *out = nu_list_new(), *found;

    found = nu__query_results(nu_values_flat(
        nu__query_where(rows_between(s), nu_fmt("{}__in", s->far->attname), nu_v_list(keys)),
        s->far->attname.ptr));
    for (size_t i = 0; i < nu_list_len(found); i++)
        *nu__key_index_at(&there, nu_at(found, i)) = found;
    for (size_t i = 0; i < nu_list_len(keys); i++)
        if (!nu__key_index_get(&there, nu_at(keys, i)))
            nu_list_append_(out, nu_at(keys, i));
    return out;
}

static void insert_links(const side *s, const nu_list *keys, bool ignore)
{
    const nu__field *fields[] = { s->near, s->far };
    size_t n = nu_list_len(keys);
    nu_value *values = nu_alloc_array(nu_value, 2 * n + 1);
    nu__insert insert = {
        .info = s->relation->through, .fields = fields, .n_fields = 2, .ignore_conflicts = ignore
    };

    for (size_t i = 0; i < n; i++) {
        values[2 * i] = nu__pk_of(s->object);
        values[2 * i + 1] = nu_at(keys, i);
    }
    if (n)
        nu__insert_rows(nu__connection_of(s->using), &insert, values, n);
}

static int by_number(const void *a, const void *b)
{
    const nu_value *x = a, *y = b;

    return x->i < y->i ? -1 : x->i > y->i;
}

/* Numbers in ascending order, as Django's set of them gives; other keys as they come. */
static nu_list *in_order(const nu_list *keys)
{
    size_t n = nu_list_len(keys);
    nu_value *sorted = nu_alloc_array(nu_value, n + 1);
    nu_list *out = nu_list_new();
    bool numbers = true;

    for (size_t i = 0; i < n; i++) {
        sorted[i] = nu_at(keys, i);
        numbers &= sorted[i].kind == NU_KIND_INT;
    }
    if (numbers)
        qsort(sorted, n, sizeof *sorted, by_number);
    for (size_t i = 0; i < n; i++)
        nu_list_append_(out, sorted[i]);
    return out;
}

static void add_keys(const side *s, nu_list *keys)
{
    bool automatic = s->relation->through->auto_created != NULL;
    bool heard = nu_signal_has_listeners(NU_M2M_CHANGED, s->relation->through->model);
    bool ignore =
        automatic && nu__connection_of(s->using)->backend->features->supports_ignore_conflicts;

    if (!nu_list_len(keys))
        return;
    if (!automatic || heard || !ignore)
        keys = missing_keys(s, keys);
    keys = in_order(keys);
    send(s, "pre_add", keys);
    insert_links(s, keys, ignore);
    send(s, "post_add", keys);
}

static side mirrored(const side *s)
{
    side m = *s;

    m.near = s->far;
    m.far = s->near;
    return m;
}

/* The way back of a symmetrical relation. */
static void add_mirrored(const side *s, const nu_list *keys)
{
    const nu__field *fields[] = { s->far, s->near };
    size_t n = nu_list_len(keys);
    nu_value *values = nu_alloc_array(nu_value, 2 * n + 1);
    nu__insert insert = {
        .info = s->relation->through, .fields = fields, .n_fields = 2, .ignore_conflicts = true
    };

    for (size_t i = 0; i < n; i++) {
        values[2 * i] = nu__pk_of(s->object);
        values[2 * i + 1] = nu_at(keys, i);
    }
    if (n)
        nu__insert_rows(nu__connection_of(s->using), &insert, values, n);
}

void nu_many_add_(nu_object *object, size_t offset, nu_values items)
{
    side s = side_of(object, offset);
    nu_list *keys;

    forget_prefetched(&s);
    nu_atomic_scope(.using = s.using, .no_savepoint = true);
    keys = keys_of(&s, items);
    add_keys(&s, keys);
    if (s.relation->symmetrical)
        add_mirrored(&s, keys);
}

/* ---- remove, clear, set ------------------------------------------------------------------- */

static void remove_keys(const side *s, nu_list *keys)
{
    side m = mirrored(s);

    if (!nu_list_len(keys))
        return;
    send(s, "pre_remove", keys);
    nu__delete_query(
        nu__query_where(rows_between(s), nu_fmt("{}__in", s->far->attname), nu_v_list(keys)));
    if (s->relation->symmetrical)
        nu__delete_query(
            nu__query_where(rows_between(&m), nu_fmt("{}__in", m.far->attname), nu_v_list(keys)));
    send(s, "post_remove", keys);
}

void nu_many_remove_(nu_object *object, size_t offset, nu_values items)
{
    side s = side_of(object, offset);

    forget_prefetched(&s);
    nu_atomic_scope(.using = s.using, .no_savepoint = true);
    remove_keys(&s, keys_of(&s, items));
}

void nu_many_clear_(nu_object *object, size_t offset)
{
    side s = side_of(object, offset), m = mirrored(&s);
    nu_list *none = nu_list_new();

    forget_prefetched(&s);
    nu_atomic_scope(.using = s.using, .no_savepoint = true);
    send(&s, "pre_clear", none);
    nu__delete_query(rows_between(&s));
    if (s.relation->symmetrical)
        nu__delete_query(rows_between(&m));
    send(&s, "post_clear", none);
}

void nu_many_set_(nu_object *object, size_t offset, nu_query *query)
{
    side s = side_of(object, offset);
    nu_list *wanted, *present, *gone = nu_list_new(), *fresh = nu_list_new();
    nu__key_index have;

    forget_prefetched(&s);
    nu_atomic_scope(.using = s.using, .no_savepoint = true);
    present = nu__query_results(nu_values_flat(rows_between(&s), s.far->attname.ptr));
    wanted = nu_list_new();
    for (size_t i = 0; i < nu_list_len(nu__query_results(query)); i++)
        nu_list_append_(wanted, key_of(&s, nu_at(nu__query_results(query), i)));
    have = nu__key_index_new(nu_list_len(wanted) + nu_list_len(present));
    for (size_t i = 0; i < nu_list_len(wanted); i++)
        *nu__key_index_at(&have, nu_at(wanted, i)) = wanted;
    for (size_t i = 0; i < nu_list_len(present); i++) {
        void **at = nu__key_index_at(&have, nu_at(present, i));

        if (!*at)
            nu_list_append_(gone, nu_at(present, i));
        *at = present;
    }
    for (size_t i = 0; i < nu_list_len(wanted); i++)
        if (nu__key_index_get(&have, nu_at(wanted, i)) == wanted)
            nu_list_append_(fresh, nu_at(wanted, i));
    remove_keys(&s, gone);
    add_keys(&s, fresh);
    if (s.relation->symmetrical)
        add_mirrored(&s, fresh);
}
