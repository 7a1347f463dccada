/* Deleting rows and what refers to them. Django: deletion.Collector
 *
 *   collect(rows)
 *     nothing refers to the model        -> a fast delete: one statement
 *     else the rows are read into a group, and for each foreign key that refers to them
 *       CASCADE     collect its rows     PROTECT  an error
 *       SET_NULL…   an update            RESTRICT an error, unless they go too
 *   finish: fast deletes, updates, then the groups, those that refer before what they refer to
 */
#include "core/error.h"
#include "core/object.h"
#include "db/models/keys.h"
#include "db/models/queryset.h"
#include "db/sql/lookups.h"

#include <nuages/signals.h>
#include <nuages/transaction.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 100 /* keys of one DELETE */

typedef struct group {
    nu__model_info *info;
    nu_list *objects; /* each once */
    nu_list *keys;
} group;

typedef struct field_update {
    const nu__field *field;
    nu_value value;
    nu_query *rows;
} field_update;

typedef struct restricted {
    const nu__field *field;
    nu_list *objects;
} restricted;

#define LIST(T)                                                                                    \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t n, cap;                                                                             \
    }
#define ADD(list, ...)                                                                             \
    ({                                                                                             \
        __auto_type nu__l = &(list);                                                               \
        if (nu__l->n == nu__l->cap) {                                                              \
            size_t nu__cap = nu__l->cap ? 2 * nu__l->cap : 8;                                      \
            void *nu__grown = nu_alloc_(nu__cap, sizeof(*nu__l->items));                           \
            if (nu__l->n)                                                                          \
                memcpy(nu__grown, nu__l->items, nu__l->n * sizeof(*nu__l->items));                 \
            nu__l->items = nu__grown;                                                              \
            nu__l->cap = nu__cap;                                                                  \
        }                                                                                          \
        nu__l->items[nu__l->n++] = (__VA_ARGS__);                                                  \
    })

typedef struct dependency {
    const nu__model_info *model, *on; /* `model` is deleted after `on` */
} dependency;

typedef struct collector {
    const char *using;
    nu__connection *connection;
    LIST(group) groups;
    LIST(nu_query *) fast;
    LIST(field_update) updates;
    LIST(restricted) restricted;
    LIST(dependency) dependencies;
} collector;

/* ---- groups ------------------------------------------------------------------------------- */

static group *group_of(collector *c, nu__model_info *info)
{
    for (size_t i = 0; i < c->groups.n; i++)
        if (c->groups.items[i].info == info)
            return &c->groups.items[i];
    ADD(c->groups, (group){ info, nu_list_new(), nu_list_new() });
    return &c->groups.items[c->groups.n - 1];
}

static void depends(collector *c, nu__model_info *model, nu__model_info *on)
{
    for (size_t i = 0; i < c->dependencies.n; i++)
        if (c->dependencies.items[i].model == model && c->dependencies.items[i].on == on)
            return;
    ADD(c->dependencies, (dependency){ model, on });
    group_of(c, on);
}

static nu__key_index index_of(const group *g, size_t more)
{
    nu__key_index index = nu__key_index_new(nu_list_len(g->keys) + more);

    for (size_t i = 0; i < nu_list_len(g->keys); i++)
        *nu__key_index_at(&index, nu_at(g->keys, i)) = (void *)nu_at(g->objects, i).object;
    return index;
}

/* Those of `objects` that are new. */
static nu_list *add_objects(collector *c, nu__model_info *info, const nu_list *objects)
{
    group *g = group_of(c, info);
    nu__key_index index = index_of(g, nu_list_len(objects));
    nu_list *fresh = nu_list_new();

    for (size_t i = 0; i < nu_list_len(objects); i++) {
        nu_value item = nu_at(objects, i), key = nu__pk_of(item.object);
        void **at = nu__key_index_at(&index, key);

        if (!at || *at)
            continue;
        *at = (void *)item.object;
        nu_list_append_(g->objects, item);
        nu_list_append_(g->keys, key);
        nu_list_append_(fresh, item);
    }
    return fresh;
}

/* ---- what refers -------------------------------------------------------------------------- */

static bool refers(const nu__relation *relation)
{
    return !relation->many_to_many && relation->on_delete != DO_NOTHING;
}

static bool has_listeners(const nu__model_info *info)
{
    return nu_signal_has_listeners(NU_PRE_DELETE, info->model) ||
           nu_signal_has_listeners(NU_POST_DELETE, info->model);
}

/* One statement will do: nothing refers to the rows, and no one wants to hear of them. */
static bool can_fast_delete(const nu__model_info *info, const nu__relation *from)
{
    if ((from && from->on_delete != CASCADE) || has_listeners(info))
        return false;
    for (size_t i = 0; i < info->n_reverse; i++)
        if (refers(info->reverse[i]))
            return false;
    return true;
}

static nu_query *referring(const collector *c, const nu__relation *relation, nu_list *objects)
{
    nu_query *query = nu__query_new(relation->from);

    query->using = c->using;
    return nu__query_where(query, nu_fmt("{}__in", relation->field->name), nu_v_list(objects));
}

/* Only the keys are read, unless receivers get to see the objects. */
static nu_query *light(const nu__relation *relation, nu_query *query)
{
    const char *names[] = { "pk", NULL };

    return has_listeners(relation->from) ? query : nu_only_(query, names);
}

static nu_list *batch_of(const nu_list *objects, size_t from, size_t n)
{
    nu_list *batch = nu_list_new();

    for (size_t i = from; i < from + n && i < nu_list_len(objects); i++)
        nu_list_append_(batch, nu_at(objects, i));
    return batch;
}

/* ---- errors ------------------------------------------------------------------------------- */

typedef struct refusals {
    nu_list *names, *objects;
} refusals;

static void refuse(refusals *r, const nu__field *field, const nu_list *objects)
{
    nu_str name = nu_fmt("'{}.{}'", field->model->name, field->name);
    bool there = false;

    for (size_t i = 0; i < nu_list_len(r->names); i++)
        there |= nu_eq(nu_at(r->names, i).s, name);
    if (!there)
        nu_list_append(r->names, name);
    for (size_t i = 0; i < nu_list_len(objects); i++)
        nu_list_append_(r->objects, nu_at(objects, i));
}

static void raise_refusals(const nu__model_info *info, const refusals *r, nu_error_class klass,
                           const char *how)
{
    nu__buf names = { 0 };
    nu_error error = { .klass = klass, .file = __FILE__, .line = __LINE__ };

    if (!nu_list_len(r->names))
        return;
    for (size_t i = 0; i < nu_list_len(r->names); i++)
        nu__buf_fmt(&names, "{}{}", i ? ", " : "", nu_at(r->names, i));
    error.message = nu_fmt("Cannot delete some instances of model '{}' because they are "
                           "referenced through {} foreign keys: {}.",
                           info->name, how, nu__buf_str(&names));
    error.code = how;
    error.detail = nu_dict_new();
    nu_dict_set(error.detail, "objects", r->objects);
    nu__raise_like(&error);
}

/* ---- collecting --------------------------------------------------------------------------- */

typedef struct source {
    nu__model_info *model; /* whose deletion leads here; NULL: the user's own wish */
    bool nullable;
} source;

static void collect_objects(collector *c, nu__model_info *info, nu_list *objects, source from,
                            bool outermost);

static void restrict_rows(collector *c, const nu__relation *relation, nu_list *rows)
{
    ADD(c->restricted, (restricted){ relation->field, rows });
    depends(c, relation->to, relation->from);
}

static void set_rows(collector *c, const nu__relation *relation, nu_query *rows, nu_value value)
{
    ADD(c->updates, (field_update){ relation->field, value, rows });
}

static void collect_batch(collector *c, const nu__relation *relation, nu_list *batch,
                          refusals *protected)
{
    nu_query *query = referring(c, relation, batch);
    nu_list *rows;

    if (relation->on_delete == SET_NULL || relation->on_delete == SET_DEFAULT) {
        set_rows(c, relation, query,
                 relation->on_delete == SET_NULL ? nu_null() : nu__field_default(relation->field));
        return;
    }
    rows = nu__query_results(relation->on_delete == CASCADE || relation->on_delete == RESTRICT
                                 ? light(relation, query)
                                 : query);
    if (!nu_list_len(rows))
        return;
    switch (relation->on_delete) {
    case PROTECT:
        refuse(protected, relation->field, rows);
        break;
    case RESTRICT:
        restrict_rows(c, relation, rows);
        break;
    default:
        collect_objects(c, relation->from, rows, (source){ relation->to, relation->field->null },
                        false);
    }
}

static size_t batch_size(const collector *c, size_t n)
{
    size_t most = c->connection->backend->operations->bulk_batch_size(1, n);

    return most ? most : 1;
}

static void collect_related(collector *c, nu__model_info *info, nu_list *fresh)
{
    size_t n = nu_list_len(fresh), most = batch_size(c, n);
    refusals protected = { nu_list_new(), nu_list_new() };

    for (size_t i = 0; i < info->n_reverse; i++) {
        const nu__relation *relation = info->reverse[i];

        if (!refers(relation) || can_fast_delete(relation->from, relation))
            continue;
        for (size_t at = 0; at < n; at += most)
            collect_batch(c, relation, batch_of(fresh, at, most), &protected);
    }
    raise_refusals(info, &protected, NU_PROTECTED_ERROR, "protected");
    for (size_t i = 0; i < info->n_reverse; i++) {
        const nu__relation *relation = info->reverse[i];

        if (!refers(relation) || !can_fast_delete(relation->from, relation))
            continue;
        for (size_t at = 0; at < n; at += most)
            ADD(c->fast, referring(c, relation, batch_of(fresh, at, most)));
    }
}

/* Restricted rows that go too, by a cascade, restrict nothing. */
static void check_restricted(collector *c, const nu__model_info *info)
{
    refusals r = { nu_list_new(), nu_list_new() };

    for (size_t i = 0; i < c->restricted.n; i++) {
        const restricted *one = &c->restricted.items[i];
        nu__key_index gone = index_of(group_of(c, one->field->model), 0);
        nu_list *left = nu_list_new();

        for (size_t k = 0; k < nu_list_len(one->objects); k++)
            if (!nu__key_index_get(&gone, nu__pk_of(nu_at(one->objects, k).object)))
                nu_list_append_(left, nu_at(one->objects, k));
        if (nu_list_len(left))
            refuse(&r, one->field, left);
    }
    raise_refusals(info, &r, NU_RESTRICTED_ERROR, "restricted");
}

static void collect_objects(collector *c, nu__model_info *info, nu_list *objects, source from,
                            bool outermost)
{
    nu_list *fresh = add_objects(c, info, objects);

    if (!nu_list_len(fresh))
        return;
    if (from.model && !from.nullable)
        depends(c, from.model, info);
    collect_related(c, info, fresh);
    if (outermost)
        check_restricted(c, info);
}

/* ---- deleting ----------------------------------------------------------------------------- */

static int64_t run_delete(const nu_query *query)
{
    nu__connection *connection = nu__query_connection(query);
    nu__tree *tree = nu__tree_clone(nu__query_tree(query));
    nu__compiled compiled;

    nu__tree_clear_ordering(tree, true);
    compiled = nu__compile_delete(tree, connection->backend);
    if (compiled.result != NU__SQL_OK)
        return 0;
    return nu__db_execute(connection, compiled.sql, compiled.params, NULL);
}

static int compare_keys(const void *a, const void *b)
{
    int order = 0;

    nu__value_compare(nu__pk_of(((const nu_value *)a)->object),
                      nu__pk_of(((const nu_value *)b)->object), &order);
    return -order;
}

/* By key, the highest first, as Django does it. */
static nu_list *sorted(const nu_list *objects)
{
    size_t n = nu_list_len(objects);
    nu_value *items = nu_alloc_array(nu_value, n + 1);
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < n; i++)
        items[i] = nu_at(objects, i);
    qsort(items, n, sizeof(*items), compare_keys);
    for (size_t i = 0; i < n; i++)
        nu_list_append_(out, items[i]);
    return out;
}

static bool must_wait(const collector *c, const group *g, const bool *done)
{
    for (size_t i = 0; i < c->dependencies.n; i++) {
        const dependency *d = &c->dependencies.items[i];

        if (d->model != g->info)
            continue;
        for (size_t k = 0; k < c->groups.n; k++)
            if (c->groups.items[k].info == d->on && !done[k] && d->on != g->info)
                return true;
    }
    return false;
}

/* Groups in an order in which no row is deleted before those that refer to it; as they came where
   they refer to each other. */
static size_t *order_groups(const collector *c)
{
    size_t *order = nu_alloc_array(size_t, c->groups.n + 1), n = 0;
    bool *done = nu_alloc_array(bool, c->groups.n + 1);

    while (n < c->groups.n) {
        size_t before = n;

        for (size_t i = 0; i < c->groups.n; i++)
            if (!done[i] && !must_wait(c, &c->groups.items[i], done)) {
                order[n++] = i;
                done[i] = true;
            }
        for (size_t i = 0; i < c->groups.n && n == before; i++)
            if (!done[i]) {
                order[n++] = i;
                done[i] = true;
            }
    }
    return order;
}

static void signal_objects(const collector *c, const group *g, nu_signal signal)
{
    if (g->info->auto_created || !nu_signal_has_listeners(signal, g->info->model))
        return;
    for (size_t i = 0; i < nu_list_len(g->objects); i++)
        nu_signal_send(.signal = signal, .sender = g->info->model,
                       .instance = (void *)nu_at(g->objects, i).object, .using = c->using);
}

static int64_t delete_group(const collector *c, const group *g)
{
    nu_list *objects = sorted(g->objects);
    int64_t deleted = 0;

    for (size_t at = 0; at < nu_list_len(objects); at += BATCH) {
        nu_list *keys = nu_list_new(), *batch = batch_of(objects, at, BATCH);
        nu_query *query = nu__query_new(g->info);

        for (size_t i = 0; i < nu_list_len(batch); i++)
            nu_list_append_(keys, nu__pk_of(nu_at(batch, i).object));
        query->using = c->using;
        deleted += run_delete(nu__query_where(query, S("pk__in"), nu_v_list(keys)));
    }
    signal_objects(c, g, NU_POST_DELETE);
    return deleted;
}

static void run_updates(const collector *c)
{
    for (size_t i = 0; i < c->updates.n; i++) {
        const field_update *update = &c->updates.items[i];
        nu_var values[] = { { update->field->name.ptr, update->value }, { 0 } };

        nu_update_(update->rows, values);
    }
}

static void forget_keys(const collector *c)
{
    for (size_t i = 0; i < c->groups.n; i++)
        for (size_t k = 0; k < nu_list_len(c->groups.items[i].objects); k++)
            nu__field_set(c->groups.items[i].info->pk,
                          (nu_object *)nu_at(c->groups.items[i].objects, k).object, nu_null());
}

/* One row that nothing refers to needs no transaction. */
static bool is_single(const collector *c)
{
    return c->groups.n == 1 && nu_list_len(c->groups.items[0].objects) == 1 && !c->fast.n &&
           !c->updates.n && can_fast_delete(c->groups.items[0].info, NULL);
}

static int64_t delete_all(const collector *c)
{
    size_t *order = order_groups(c);
    int64_t deleted = 0;

    nu_atomic_scope(.using = c->using, .no_savepoint = true);
    for (size_t i = 0; i < c->groups.n; i++)
        signal_objects(c, &c->groups.items[order[i]], NU_PRE_DELETE);
    for (size_t i = 0; i < c->fast.n; i++)
        deleted += run_delete(c->fast.items[i]);
    run_updates(c);
    for (size_t i = 0; i < c->groups.n; i++)
        deleted += delete_group(c, &c->groups.items[order[i]]);
    return deleted;
}

static int64_t finish(const collector *c)
{
    int64_t deleted = is_single(c) ? delete_group(c, &c->groups.items[0]) : delete_all(c);

    forget_keys(c);
    return deleted;
}

/* ---- the public face ---------------------------------------------------------------------- */

int64_t nu__delete_objects(nu__model_info *info, nu_object **objects, size_t n, const char *using)
{
    collector c = { .using = using, .connection = nu__connection_of(using) };
    nu_list *list = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append(list, nu_v_object(objects[i]));
    collect_objects(&c, info, list, (source){ NULL, false }, true);
    return finish(&c);
}

int64_t nu__delete_query(const nu_query *query)
{
    nu__model_info *info = nu__query_tree(query)->model;
    nu_query *plain = nu__query_clone(query);
    collector c = { .using = nu__db_for_write(query) };

    plain->prefetches = NULL;
    plain->tree->related = NULL;
    nu__tree_clear_ordering(plain->tree, true);
    c.connection = nu__connection_of(c.using);
    if (can_fast_delete(info, NULL)) {
        ADD(c.fast, plain);
        return delete_all(&c);
    }
    collect_objects(&c, info, nu__query_results(plain), (source){ NULL, false }, true);
    return c.groups.n ? finish(&c) : 0;
}

int64_t nu_delete_all(nu_query *query)
{
    const nu__tree *tree = nu__query_tree(query);

    if (tree->n_combined)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "Calling QuerySet.delete() after union() is not supported.");
    if (nu__tree_sliced(tree))
        nu_raise(NU_TYPE_ERROR, "Cannot use 'limit' or 'offset' with delete().");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR, "Cannot call delete() after .values() or .values_list()");
    return nu__delete_query(query);
}

void nu_delete_(nu_object *object)
{
    nu__model_info *info = nu__info_of(object);

    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR,
                 "{} object can't be deleted because its {} attribute is set to None.", info->name,
                 info->pk->attname);
    nu__delete_objects(info, &object, 1, nu__router_db_for_write(info, object));
}
