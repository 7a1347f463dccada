/* The rows that refer to an instance by a generic foreign key.
   Django: create_generic_related_manager() */
#include "core/object.h"
#include "db/models/content_types.h"
#include "db/models/generic.h"
#include "db/models/keys.h"

#include <nuages/transaction.h>
#include <string.h>

static void need_key(const nu_object *object)
{
    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR,
                 "'{}' instance needs to have a primary key value before this relationship can be "
                 "used.",
                 nu__info_of(object)->name);
}

static nu_query *narrowed(nu_query *query, const nu__model_info *info, const nu__generic *relation,
                          nu_value keys, bool many)
{
    const char *id = relation->object_id->name.ptr;
    nu_cond conditions[] = {
        { .lookup = relation->content_type->name.ptr,
          .value =
              nu_v_int(nu__content_type_id(nu__generic_type_of(relation, info), query->using)) },
        { .lookup = many ? nu_fmt("{}__in", id).ptr : id, .value = keys },
        { 0 },
    };

    return nu_filter_(query, conditions);
}

nu_query *nu__generic_rows(const nu_object *object, const nu__generic *relation)
{
    nu__kept *kept = nu__kept_find(object, relation->name);
    nu_query *query = nu__query_new(relation->on);

    need_key(object);
    query->using = nu__router_db_for_read(relation->on, object);
    query->fetch_mode = nu__fetch_mode_of(object);
    query = narrowed(query, nu__info_of(object), relation, nu__pk_of(object), false);
    if (kept && kept->list) {
        query->results = kept->list;
        query->prefetched = true;
    }
    return query;
}

nu_query *nu__generic_rows_of(const nu__model_info *info, const nu__generic *relation,
                              nu_list *objects, const char *using)
{
    nu_list *keys = nu_list_new();
    nu_query *query = nu__query_new(relation->on);

    for (size_t i = 0; i < nu_list_len(objects); i++)
        nu_list_append_(keys, nu__pk_of(nu_at(objects, i).object));
    query->using = using;
    return narrowed(query, info, relation, nu_v_list(keys), true);
}

/* ---- writing ------------------------------------------------------------------------------ */

static const char *alias_of(const nu_object *object, const nu__generic *relation)
{
    return nu__router_db_for_write(relation->on, object);
}

nu_var *nu__generic_values(const nu_object *object, const nu__generic *relation)
{
    nu_var *values = nu_alloc_array(nu_var, 3);

    need_key(object);
    values[0] =
        (nu_var){ relation->content_type->attname.ptr,
                  nu_v_int(nu__content_type_id(nu__generic_type_of(relation, nu__info_of(object)),
                                               alias_of(object, relation))) };
    values[1] = (nu_var){ relation->object_id->name.ptr, nu__pk_of(object) };
    return values;
}

static nu_object *expect(const nu__generic *relation, nu_value item)
{
    if (item.kind != NU_KIND_OBJECT || item.object->type != relation->on->model)
        nu_raise(NU_TYPE_ERROR, "'{}' instance expected, got {!r}", relation->on->name, item);
    return (nu_object *)item.object;
}

static void refer(nu_object *item, const nu_var *values)
{
    for (; values->key; values++)
        nu_field_set_(item, values->key, values->value);
}

static void add_at_once(nu_object *object, const nu__generic *relation, nu_values items)
{
    const char *using = alias_of(object, relation);
    const nu_var *values = nu__generic_values(object, relation);
    nu_query *query = nu__query_new(relation->on);
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < items.len; i++) {
        nu_object *item = expect(relation, items.items[i]);
        const char *db = nu__row_of(item)->db;

        if (!db || strcmp(db, using))
            nu_raise(NU_VALUE_ERROR,
                     "{!r} instance isn't saved. Use bulk=False or save the object first.",
                     items.items[i]);
        refer(item, values);
        nu_list_append_(keys, nu__pk_of(item));
    }
    query->using = using;
    nu_update_(nu__query_where(query, S("pk__in"), nu_v_list(keys)), values);
}

void nu__generic_add(nu_object *object, const nu__generic *relation, nu_values items,
                     bool one_by_one)
{
    const nu_var *values = nu__generic_values(object, relation);

    nu__kept_drop(object, relation->name);
    if (!one_by_one) {
        add_at_once(object, relation, items);
        return;
    }
    nu_atomic_scope(.using = alias_of(object, relation), .no_savepoint = true);
    for (size_t i = 0; i < items.len; i++) {
        nu_object *item = expect(relation, items.items[i]);

        refer(item, values);
        nu_save_(item, NULL);
    }
}

static void delete_rows(nu_object *object, const nu__generic *relation, nu_query *rows,
                        bool one_by_one)
{
    nu_list *items;

    nu__kept_drop(object, relation->name);
    nu_atomic_scope(.using = rows->using, .no_savepoint = true);
    if (!one_by_one) {
        nu__delete_query(rows);
        return;
    }
    items = nu__query_results(rows);
    for (size_t i = 0; i < nu_list_len(items); i++)
        nu_delete_((nu_object *)nu_at(items, i).object);
}

static nu_query *own_rows(nu_object *object, const nu__generic *relation)
{
    nu_query *rows = nu__query_clone(nu__generic_rows(object, relation));

    rows->using = alias_of(object, relation);
    return rows;
}

void nu__generic_remove(nu_object *object, const nu__generic *relation, nu_values items,
                        bool one_by_one)
{
    nu_list *keys = nu_list_new();

    if (!items.len)
        return;
    for (size_t i = 0; i < items.len; i++)
        nu_list_append_(keys, nu__pk_of(expect(relation, items.items[i])));
    delete_rows(object, relation,
                nu__query_where(own_rows(object, relation), S("pk__in"), nu_v_list(keys)),
                one_by_one);
}

void nu__generic_clear(nu_object *object, const nu__generic *relation, bool one_by_one)
{
    delete_rows(object, relation, own_rows(object, relation), one_by_one);
}

void nu__generic_replace(nu_object *object, const nu__generic *relation, nu_values items,
                         const nu_relating *options)
{
    bool one_by_one = options && options->one_by_one;
    nu__difference change;

    nu_atomic_scope(.using = alias_of(object, relation), .no_savepoint = true);
    if (options && options->clear) {
        nu__generic_clear(object, relation, one_by_one);
        nu__generic_add(object, relation, items, one_by_one);
        return;
    }
    change = nu__difference_of(nu__query_results(own_rows(object, relation)), items);
    nu__generic_remove(object, relation, change.gone, one_by_one);
    nu__generic_add(object, relation, change.fresh, one_by_one);
}

/* ---- prefetching -------------------------------------------------------------------------- */

nu__level nu__generic_fetch_rows(const nu__prefetch_step *step, const nu__level *from,
                                 nu__prefetch **more)
{
    const nu__generic *relation = step->generic;
    const nu__model_info *info = nu__info_of(from->items[0]);
    nu__key_index lists = nu__key_index_new(from->n);
    nu_list *keys = nu_list_new();
    nu__prefetch_bounds each;
    nu_query *query = nu__prefetch_query(step, relation->on, from, &each, more);
    nu__level to;

    for (size_t i = 0; i < from->n; i++)
        nu_list_append_(keys, nu__pk_of(from->items[i]));
    to = nu__level_of(nu__query_results(narrowed(query, info, relation, nu_v_list(keys), true)));
    for (size_t i = 0; i < to.n; i++) {
        nu_value key = nu__instance_value(relation->object_id, to.items[i]);
        nu_value own = nu_null();
        nu__invalid why;

        if (nu__field_to_python(info->pk, key, &own, &why))
            nu__prefetch_list_add(&lists, own, to.items[i]);
    }
    return nu__prefetch_keep_lists(step, from, &lists, each, to);
}
