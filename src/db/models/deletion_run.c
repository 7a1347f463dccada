/* Deleting what was collected. */
#include "core/object.h"
#include "db/models/deletion.h"

#include <nuages/signals.h>
#include <nuages/transaction.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 100 /* keys of one DELETE */

/* ---- order -------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    int order = 0;

    nu__value_compare(nu__pk_of(((const nu_value *)a)->object),
                      nu__pk_of(((const nu_value *)b)->object), &order);
    return order;
}

static void sort_objects(nu__doomed *group)
{
    size_t n = nu_list_len(group->objects);
    nu_value *items = nu_alloc_array(nu_value, n + 1);

    for (size_t i = 0; i < n; i++)
        items[i] = nu_at(group->objects, i);
    qsort(items, n, sizeof(*items), by_key);
    group->objects = nu_list_of_((nu_values){ items, n });
}

static bool is_done(const nu__doomed *done, size_t n, const nu__model_info *info)
{
    for (size_t i = 0; i < n; i++)
        if (done[i].info == info)
            return true;
    return false;
}

static bool must_wait(const nu__collector *c, const nu__model_info *info, const nu__doomed *done,
                      size_t n)
{
    for (size_t i = 0; i < c->dependencies.n; i++)
        if (c->dependencies.items[i].model == info &&
            !is_done(done, n, c->dependencies.items[i].on))
            return true;
    return false;
}

/* What refers comes before what it refers to; all stay as they came where some refer to each
   other, and the database checks at the end of the transaction. */
static void sort_groups(nu__collector *c)
{
    nu__doomed *sorted = nu_alloc_array(nu__doomed, c->groups.n + 1);
    size_t n = 0, before;

    do {
        before = n;
        for (size_t i = 0; i < c->groups.n; i++) {
            const nu__doomed *group = &c->groups.items[i];

            if (!is_done(sorted, n, group->info) && !must_wait(c, group->info, sorted, n))
                sorted[n++] = *group;
        }
    } while (n > before && n < c->groups.n);
    if (n == c->groups.n)
        c->groups.items = sorted;
}

/* ---- statements --------------------------------------------------------------------------- */

int64_t nu__delete_raw(const nu_query *query)
{
    nu__connection *connection = nu__connection_of(nu__db_for_write(query));
    nu__tree *tree = nu__tree_clone(nu__query_tree(query));
    nu__compiled compiled;

    nu__tree_clear_ordering(tree, true);
    compiled = nu__compile_delete(tree, connection->backend);
    if (compiled.result != NU__SQL_OK)
        return 0;
    return nu__db_execute(connection, compiled.sql, compiled.params, NULL);
}

static void count_rows(nu_deleted *deleted, const nu__model_info *info, int64_t n)
{
    nu_value before = nu_item(deleted->by_model, info->label.ptr);

    if (!n)
        return;
    deleted->total += n;
    nu_dict_set_str(deleted->by_model, info->label,
                    nu_v_int(n + (before.kind == NU_KIND_INT ? before.i : 0)));
}

/* The highest keys first, as Django has it. */
static int64_t delete_rows(const nu__collector *c, const nu__doomed *group)
{
    size_t n = nu_list_len(group->objects);
    int64_t deleted = 0;

    for (size_t at = 0; at < n; at += BATCH) {
        nu_list *keys = nu_list_new();
        nu_query *query = nu__query_new(group->info);

        for (size_t i = at; i < n && i < at + BATCH; i++)
            nu_list_append_(keys, nu__pk_of(nu_at(group->objects, n - 1 - i).object));
        query->using = c->using;
        deleted += nu__delete_raw(nu__query_where(query, S("pk__in"), nu_v_list(keys)));
    }
    return deleted;
}

static void run_updates(const nu__collector *c)
{
    for (size_t i = 0; i < c->updates.n; i++) {
        const nu__field_update *update = &c->updates.items[i];
        size_t n = nu_list_len(update->conditions);
        nu_cond *any = nu_alloc_array(nu_cond, n + 1), either[2] = { { 0 } };
        nu_var values[] = { { update->field->name.ptr, update->value }, { 0 } };
        nu_query *rows = nu__query_new(update->field->model);

        for (size_t k = 0; k < n; k++)
            any[k] = (nu_cond){ .lookup = nu_fmt("{}__in", update->field->name).ptr,
                                .value = nu_at(update->conditions, k) };
        either[0] = n > 1 ? nu_or_(any) : any[0];
        rows->using = c->using;
        nu_update_(nu_filter_(rows, either), values);
    }
}

/* ---- signals ------------------------------------------------------------------------------ */

static void signal_objects(const nu__collector *c, const nu__doomed *group, nu_signal signal)
{
    size_t n = nu_list_len(group->objects);

    if (group->info->auto_created || !nu_signal_has_listeners(signal, group->info->model))
        return;
    for (size_t i = 0; i < n; i++) {
        size_t at = signal == NU_PRE_DELETE ? i : n - 1 - i;

        nu_signal_send(.signal = signal, .sender = group->info->model,
                       .instance = (void *)nu_at(group->objects, at).object, .using = c->using,
                       .origin = c->origin);
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void forget_keys(const nu__collector *c)
{
    for (size_t i = 0; i < c->groups.n; i++)
        for (size_t k = 0; k < nu_list_len(c->groups.items[i].objects); k++) {
            nu_object *object = (nu_object *)nu_at(c->groups.items[i].objects, k).object;

            nu__assigned_drop(c->groups.items[i].info->pk, object);
            nu__field_set(c->groups.items[i].info->pk, object, nu_null());
        }
}

/* One row that nothing refers to needs no transaction. */
static bool is_single(const nu__collector *c)
{
    return c->groups.n == 1 && nu_list_len(c->groups.items[0].objects) == 1 &&
           nu__can_fast_delete(c->groups.items[0].info, NULL);
}

static void delete_all(nu__collector *c, nu_deleted *deleted)
{
    nu_atomic_scope(.using = c->using, .no_savepoint = true);
    for (size_t i = 0; i < c->groups.n; i++)
        signal_objects(c, &c->groups.items[i], NU_PRE_DELETE);
    for (size_t i = 0; i < c->fast.n; i++)
        count_rows(deleted, nu__query_model(c->fast.items[i]), nu__delete_raw(c->fast.items[i]));
    run_updates(c);
    for (size_t i = 0; i < c->groups.n; i++) {
        count_rows(deleted, c->groups.items[i].info, delete_rows(c, &c->groups.items[i]));
        signal_objects(c, &c->groups.items[i], NU_POST_DELETE);
    }
}

nu_deleted nu__collector_run(nu__collector *c)
{
    nu_deleted deleted = { 0, nu_dict_new() };

    for (size_t i = 0; i < c->groups.n; i++)
        nu__check_own_key(c->groups.items[i].info, "delete()");

    for (size_t i = 0; i < c->groups.n; i++)
        sort_objects(&c->groups.items[i]);
    sort_groups(c);
    if (is_single(c))
        count_rows(&deleted, c->groups.items[0].info, delete_rows(c, &c->groups.items[0]));
    else
        delete_all(c, &deleted);
    forget_keys(c);
    return deleted;
}
