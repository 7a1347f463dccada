/* Adding to and removing from a many-to-many. Django: create_forward_many_to_many_manager() */
#include "core/object.h"
#include "db/models/keys.h"
#include "db/models/related_write.h"

#include <nuages/signals.h>
#include <nuages/transaction.h>

#include <stdlib.h>
#include <string.h>

nu__many_end nu__many_side(nu_object *object, const nu__relation *relation, bool reverse)
{
    nu__many_end side = { object,
                          relation,
                          reverse ? relation->through_to : relation->through_from,
                          reverse ? relation->through_from : relation->through_to,
                          reverse,
                          nu__router_db_for_write(relation->through, object) };

    nu__many_check(object);
    return side;
}

static const char *database_of(const nu_object *object)
{
    const char *db = nu__row_of(object)->db;

    return db ? db : "None";
}

static nu_value key_of(const nu__many_end *s, nu_value item)
{
    const nu__model_info *to = s->far->relation->to;

    if (item.kind == NU_KIND_OBJECT) {
        if (item.object->type != to->model)
            nu_raise(NU_TYPE_ERROR, "'{}' instance expected, got {!r}", to->name, item);
        if (!nu__row_of(item.object)->db || !nu__router_allow_relation(item.object, s->object))
            nu_raise(NU_VALUE_ERROR,
                     "Cannot add \"{!r}\": instance is on database \"{}\", value is on database "
                     "\"{}\"",
                     item, database_of(s->object), database_of(item.object));
        if (!nu__pk_is_set(item.object))
            nu_raise(NU_VALUE_ERROR, "Cannot add \"{!r}\": the value for field \"{}\" is None",
                     item, s->far->name);
        return nu__pk_of(item.object);
    }
    return nu__prepare(to->pk, item);
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
    bool numbers = true;

    for (size_t i = 0; i < n; i++) {
        sorted[i] = nu_at(keys, i);
        numbers &= sorted[i].kind == NU_KIND_INT;
    }
    if (numbers)
        qsort(sorted, n, sizeof *sorted, by_number);
    return nu_list_of_((nu_values){ sorted, n });
}

/* Each key once; null too, which the database is to judge of. */
static nu_list *keys_of(const nu__many_end *s, nu_values items)
{
    nu__key_index seen = nu__key_index_new(items.len);
    nu_list *keys = nu_list_new();
    bool null_seen = false;

    for (size_t i = 0; i < items.len; i++) {
        nu_value key = key_of(s, items.items[i]);
        void **at = nu__key_index_at(&seen, key);
        bool again = key.kind == NU_KIND_NULL ? null_seen : !at || *at;

        null_seen |= key.kind == NU_KIND_NULL;
        if (at)
            *at = (void *)s;
        if (!again)
            nu_list_append_(keys, key);
    }
    return in_order(keys);
}

static void forget_prefetched(const nu__many_end *s)
{
    nu__kept_drop(s->object, s->reverse ? s->relation->accessor : s->relation->field->name);
}

static void send(const nu__many_end *s, const char *action, const nu_list *keys)
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

static nu_query *all_between(const nu__many_end *s)
{
    nu_query *query = nu__query_new(s->relation->through);

    query->using = s->using;
    return query;
}

static nu__many_end mirrored(const nu__many_end *s)
{
    nu__many_end m = *s;

    m.near = s->far;
    m.far = s->near;
    return m;
}

/* ---- add ---------------------------------------------------------------------------------- */

static nu_list *missing_keys(const nu__many_end *s, const nu_list *keys)
{
    nu_cond own = { .lookup = s->near->name.ptr, .value = nu__pk_of(s->object) };
    nu_cond among = { .lookup = nu_fmt("{}__in", s->far->name).ptr, .value = nu_v_list(keys) };
    bool far_first = strcmp(among.lookup, own.lookup) < 0;
    nu_cond conditions[] = { far_first ? among : own, far_first ? own : among, { 0 } };
    nu__key_index there = nu__key_index_new(nu_list_len(keys));
    nu_list *out = nu_list_new(), *found;

    found =
        nu__query_results(nu_values_flat(nu_filter_(all_between(s), conditions), s->far->name.ptr));
    for (size_t i = 0; i < nu_list_len(found); i++)
        *nu__key_index_at(&there, nu_at(found, i)) = found;
    for (size_t i = 0; i < nu_list_len(keys); i++)
        if (!nu__key_index_get(&there, nu_at(keys, i)))
            nu_list_append_(out, nu_at(keys, i));
    return out;
}

static nu_object *link_of(const nu__many_end *s, nu_value key, const nu_var *defaults)
{
    size_t n = 0;
    nu_var *values;

    while (defaults && defaults[n].key)
        n++;
    values = nu_alloc_array(nu_var, n + 3);
    if (n)
        memcpy(values, defaults, n * sizeof(*values));
    values[n++] = (nu_var){ s->near->attname.ptr, nu__pk_of(s->object) };
    values[n] = (nu_var){ s->far->attname.ptr, key };
    return nu_new_by_name(s->relation->through->model, values);
}

static void insert_links(const nu__many_end *s, const nu_list *keys, const nu_var *defaults,
                         bool ignore)
{
    size_t n = nu_list_len(keys);
    nu_object **links = nu_alloc_array(nu_object *, n + 1);

    for (size_t i = 0; i < n; i++)
        links[i] = link_of(s, nu_at(keys, i), defaults);
    nu_bulk_create_in_(all_between(s), links, n, &(nu_bulk){ .ignore_conflicts = ignore });
}

/* Rows that are there can be ignored only where no user's own column may conflict. With receivers,
   which want to know what is added, they are asked for first. */
static void add_keys(const nu__many_end *s, const nu_list *keys, const nu_var *defaults, bool tell)
{
    bool automatic = s->relation->through->auto_created != NULL;
    bool heard = tell && nu_signal_has_listeners(NU_M2M_CHANGED, s->relation->through->model);
    bool ignore =
        automatic && nu__connection_of(s->using)->backend->features->supports_ignore_conflicts;

    if (!nu_list_len(keys))
        return;
    if (ignore && !heard) {
        insert_links(s, keys, NULL, true);
        return;
    }
    keys = missing_keys(s, keys);
    if (heard)
        send(s, "pre_add", keys);
    insert_links(s, keys, defaults, ignore);
    if (heard)
        send(s, "post_add", keys);
}

static const nu_var *called(const nu_var *defaults)
{
    size_t n = 0;
    nu_var *out;

    while (defaults && defaults[n].key)
        n++;
    out = nu_alloc_array(nu_var, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (nu_var){ defaults[i].key, nu__value_called(defaults[i].value) };
    return out;
}

void nu__many_add(const nu__many_end *s, nu_values items, const nu_relating *options)
{
    const nu_var *defaults = options ? called(options->through_defaults) : NULL;
    nu__many_end m = mirrored(s);
    nu_list *keys;

    forget_prefetched(s);
    nu_atomic_scope(.using = s->using, .no_savepoint = true);
    keys = keys_of(s, items);
    add_keys(s, keys, defaults, true);
    if (s->relation->symmetrical)
        add_keys(&m, keys, defaults, s->reverse);
}

/* ---- remove, clear, set ------------------------------------------------------------------- */

/* The rows between that tie the instance to these, or to any; from both ends where the relation
   goes both ways. */
static nu_query *links_to(const nu__many_end *s, const nu_list *keys)
{
    nu__many_end sides[] = { *s, mirrored(s) };
    nu_cond ways[3] = { { 0 } }, either[2] = { { 0 } };
    nu_cond pairs[2][3] = { { { 0 } }, { { 0 } } };

    for (int i = 0; i < 2; i++) {
        nu__many_end *side = &sides[i];

        pairs[i][0] = (nu_cond){ .lookup = side->near->attname.ptr, .value = nu__pk_of(s->object) };
        if (keys)
            pairs[i][1] = (nu_cond){ .lookup = nu_fmt("{}__in", side->far->attname).ptr,
                                     .value = nu_v_list(keys) };
    }
    if (!s->relation->symmetrical)
        return nu_filter_(all_between(s), pairs[0]);
    ways[0] = nu_and_(pairs[0]);
    ways[1] = nu_and_(pairs[1]);
    either[0] = nu_or_(ways);
    return nu_filter_(all_between(s), either);
}

static void expect_rows_of(const nu__model_info *to, nu_values items)
{
    for (size_t i = 0; i < items.len; i++)
        if (items.items[i].kind == NU_KIND_OBJECT && items.items[i].object->type != to->model)
            nu_raise(NU_VALUE_ERROR, "Cannot query \"{}\": Must be \"{}\" instance.",
                     nu_string(items.items[i]), to->name);
}

void nu__many_remove(const nu__many_end *s, nu_values items)
{
    nu_list *keys;

    forget_prefetched(s);
    if (!items.len)
        return;
    expect_rows_of(s->far->relation->to, items);
    keys = keys_of(s, items);
    nu_atomic_scope(.using = s->using, .no_savepoint = true);
    send(s, "pre_remove", keys);
    nu__delete_query(links_to(s, keys));
    send(s, "post_remove", keys);
}

void nu__many_clear(const nu__many_end *s)
{
    nu_atomic_scope(.using = s->using, .no_savepoint = true);
    send(s, "pre_clear", NULL);
    forget_prefetched(s);
    nu__delete_query(links_to(s, NULL));
    send(s, "post_clear", NULL);
}

static nu_values values_of(const nu_list *list)
{
    size_t n = nu_list_len(list);
    nu_value *items = nu_alloc_array(nu_value, n + 1);

    for (size_t i = 0; i < n; i++)
        items[i] = nu_at(list, i);
    return (nu_values){ items, n };
}

/* Take away what is too much, add what is missing. */
static void set_difference(const nu__many_end *s, nu_values items, const nu_relating *options)
{
    nu_query *rows = nu__query_clone(nu__related_set(s->object, s->relation, s->reverse));
    nu_list *wanted = keys_of(s, items), *gone = nu_list_new(), *fresh = nu_list_new(), *present;
    nu__key_index have;

    rows->using = s->using;
    present = nu__query_results(nu_values_flat(rows, s->far->relation->to_field->attname.ptr));
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
    nu__many_remove(s, values_of(gone));
    nu__many_add(s, values_of(fresh), options);
}

void nu__many_set(const nu__many_end *s, nu_values items, const nu_relating *options)
{
    nu_atomic_scope(.using = s->using, .no_savepoint = true);
    if (options && options->clear) {
        nu__many_clear(s);
        nu__many_add(s, items, options);
    } else {
        set_difference(s, items, options);
    }
}

/* ---- by member ---------------------------------------------------------------------------- */

static nu__many_end side_at(nu_object *object, size_t offset)
{
    nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_many; i++)
        if (info->many[i].offset == offset)
            return nu__many_side(object, info->many[i].relation, false);
    nu_raise(NU_TYPE_ERROR, "{}: the member is no many-to-many of the model", info->label);
}

void nu_many_add_(nu_object *object, size_t offset, nu_values items)
{
    nu__many_end s = side_at(object, offset);

    nu__many_add(&s, items, NULL);
}

void nu_many_remove_(nu_object *object, size_t offset, nu_values items)
{
    nu__many_end s = side_at(object, offset);

    nu__many_remove(&s, items);
}

void nu_many_clear_(nu_object *object, size_t offset)
{
    nu__many_end s = side_at(object, offset);

    nu__many_clear(&s);
}

void nu_many_set_(nu_object *object, size_t offset, nu_query *query)
{
    nu__many_end s = side_at(object, offset);

    nu__many_set(&s, values_of(nu__query_results(query)), NULL);
}
