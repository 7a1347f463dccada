/* The rows of another model whose foreign key refers to an instance.
   Django: create_reverse_many_to_one_manager() */
#include "core/object.h"
#include "db/models/related_write.h"

#include <nuages/transaction.h>
#include <string.h>

void nu__referring_check(const nu_object *object, const nu__relation *relation)
{
    const nu__model_info *info = nu__info_of(object);

    (void)relation;
    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR,
                 "\"<{}: {}>\" needs to have a value for field \"{}\" before this relationship can "
                 "be used.",
                 info->name, nu_v_object(object), info->pk->attname);
}

static const char *alias_of(const nu_object *object, const nu__relation *relation)
{
    return nu__router_db_for_write(relation->from, object);
}

static nu_query *all_of(const nu_object *object, const nu__relation *relation)
{
    nu_query *query = nu__query_new(relation->from);

    query->using = alias_of(object, relation);
    return query;
}

static nu_query *own_rows(const nu_object *object, const nu__relation *relation)
{
    nu_query *query = all_of(object, relation);

    return nu__query_where(query, relation->field->name, nu_v_object(object));
}

static nu_object *expect(const nu__relation *relation, nu_value item)
{
    if (item.kind != NU_KIND_OBJECT || item.object->type != relation->from->model)
        nu_raise(NU_TYPE_ERROR, "'{}' instance expected, got {!r}", relation->from->name, item);
    return (nu_object *)item.object;
}

/* ---- add ---------------------------------------------------------------------------------- */

static void need_saved(nu_value item, const char *using)
{
    const char *db = nu__row_of(item.object)->db;

    if (!db || strcmp(db, using))
        nu_raise(NU_VALUE_ERROR,
                 "{!r} instance isn't saved. Use bulk=False or save the object first.", item);
}

static void add_at_once(nu_object *object, const nu__relation *relation, nu_values items)
{
    const char *using = alias_of(object, relation);
    nu_list *keys = nu_list_new();
    nu_var values[] = { { relation->field->name.ptr, nu_v_object(object) }, { 0 } };

    for (size_t i = 0; i < items.len; i++) {
        nu__field_set(relation->field, expect(relation, items.items[i]), nu_v_object(object));
        need_saved(items.items[i], using);
        nu_list_append_(keys, nu__pk_of(items.items[i].object));
    }
    nu_update_(nu__query_where(all_of(object, relation), S("pk__in"), nu_v_list(keys)), values);
}

static void add_each(nu_object *object, const nu__relation *relation, nu_values items)
{
    nu_atomic_scope(.using = alias_of(object, relation), .no_savepoint = true);
    for (size_t i = 0; i < items.len; i++) {
        nu_object *item = expect(relation, items.items[i]);

        nu__field_set(relation->field, item, nu_v_object(object));
        nu__save(item, &(nu__saving){ 0 });
    }
}

void nu__referring_add(nu_object *object, const nu__relation *relation, nu_values items,
                       bool one_by_one)
{
    nu__referring_check(object, relation);
    nu__kept_drop(object, relation->accessor);
    (one_by_one ? add_each : add_at_once)(object, relation, items);
}

/* ---- remove, clear, set ------------------------------------------------------------------- */

static void need_null(const nu__relation *relation, const char *method)
{
    if (!relation->field->null)
        nu_raise(NU_ATTRIBUTE_ERROR, "'RelatedManager' object has no attribute '{}'", method);
}

static void clear_rows(nu_object *object, const nu__relation *relation, nu_query *rows,
                       bool one_by_one)
{
    const char *names[] = { relation->field->name.ptr, NULL };
    nu_var values[] = { { names[0], nu_null() }, { 0 } };
    nu_list *items;

    nu__kept_drop(object, relation->accessor);
    if (!one_by_one) {
        nu_update_(rows, values);
        return;
    }
    nu_atomic_scope(.using = alias_of(object, relation), .no_savepoint = true);
    items = nu__query_results(rows);
    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_object *item = (nu_object *)nu_at(items, i).object;

        nu__field_set(relation->field, item, nu_null());
        nu_save_(item, names);
    }
}

void nu__referring_remove(nu_object *object, const nu__relation *relation, nu_values items,
                          bool one_by_one)
{
    nu_list *keys = nu_list_new();

    need_null(relation, "remove");
    if (!items.len)
        return;
    nu__referring_check(object, relation);
    for (size_t i = 0; i < items.len; i++) {
        const nu_object *item = expect(relation, items.items[i]);

        if (!nu__value_equal(nu__field_get(relation->field, item),
                             nu__referred_value(relation, object)))
            nu_raise(NU_DOES_NOT_EXIST, "{!r} is not related to {!r}.", items.items[i],
                     nu_v_object(object));
        nu_list_append_(keys, nu__pk_of(item));
    }
    clear_rows(object, relation,
               nu__query_where(own_rows(object, relation), S("pk__in"), nu_v_list(keys)),
               one_by_one);
}

void nu__referring_clear(nu_object *object, const nu__relation *relation, bool one_by_one)
{
    need_null(relation, "clear");
    nu__referring_check(object, relation);
    clear_rows(object, relation, own_rows(object, relation), one_by_one);
}

static bool take_equal(nu_value *from, size_t n, nu_value item)
{
    for (size_t i = 0; i < n; i++)
        if (from[i].kind == NU_KIND_OBJECT && nu__value_equal(from[i], item)) {
            from[i] = nu_null();
            return true;
        }
    return false;
}

nu__difference nu__difference_of(const nu_list *present, nu_values items)
{
    size_t n = nu_list_len(present), n_gone = 0, n_fresh = 0;
    nu_value *old = nu_alloc_array(nu_value, n + 1), *gone = nu_alloc_array(nu_value, n + 1);
    nu_value *fresh = nu_alloc_array(nu_value, items.len + 1);

    for (size_t i = 0; i < n; i++)
        old[i] = nu_at(present, i);
    for (size_t i = 0; i < items.len; i++)
        if (!take_equal(old, n, items.items[i]))
            fresh[n_fresh++] = items.items[i];
    for (size_t i = 0; i < n; i++)
        if (old[i].kind == NU_KIND_OBJECT)
            gone[n_gone++] = old[i];
    return (nu__difference){ { gone, n_gone }, { fresh, n_fresh } };
}

void nu__referring_set(nu_object *object, const nu__relation *relation, nu_values items,
                       const nu_relating *options)
{
    bool one_by_one = options && options->one_by_one;
    nu__difference change;

    nu__referring_check(object, relation);
    if (!relation->field->null) {
        nu__referring_add(object, relation, items, one_by_one);
        return;
    }
    nu_atomic_scope(.using = alias_of(object, relation), .no_savepoint = true);
    if (options && options->clear) {
        nu__referring_clear(object, relation, one_by_one);
        nu__referring_add(object, relation, items, one_by_one);
    } else {
        change = nu__difference_of(nu__query_results(own_rows(object, relation)), items);
        nu__referring_remove(object, relation, change.gone, one_by_one);
        nu__referring_add(object, relation, change.fresh, one_by_one);
    }
}
