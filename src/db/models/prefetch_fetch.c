/* The rows of a relation for many instances in one statement.
   Django: get_prefetch_querysets() of the related descriptors and managers */
#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/keys.h"
#include "db/models/related.h"
#include "db/sql/lookups.h"

nu__level nu__level_of(const nu_list *results)
{
    nu__level to = { .n = nu_list_len(results) };

    to.items = nu_alloc_array(nu_object *, to.n + 1);
    for (size_t i = 0; i < to.n; i++)
        to.items[i] = (nu_object *)nu_at(results, i).object;
    return to;
}

static bool is_forward(const nu__prefetch_step *step)
{
    return step->relation && !step->relation->many_to_many && !step->reverse;
}

bool nu__prefetch_is_done(const nu__prefetch_step *step, const nu_object *object)
{
    if (is_forward(step) && !step->to_attr && *nu__field_cached(step->relation->field, object))
        return true;
    return nu__kept_find(object, step->keep_as) != NULL;
}

nu_query *nu__prefetch_query(const nu__prefetch_step *s, nu__model_info *model,
                             const nu__level *from, nu__prefetch_bounds *each, nu__prefetch **more)
{
    nu_query *query = s->queryset ? nu__query_clone(s->queryset) : nu__query_new(model);
    nu__tree *tree = nu__query_tree(query);

    if (nu__query_model(query) != model)
        nu_raise(NU_FIELD_ERROR,
                 "Prefetch('{}') leads to {}, and its queryset is over {}. Choices are: {}",
                 s->keep_as, model->label, nu__query_model(query)->label,
                 nu__model_choices(nu__query_model(query)));
    if (!query->using)
        query->using = nu__router_db_for_read(model, from->items[0]);
    if (!s->queryset)
        query->fetch_mode = nu__fetch_mode_of(from->items[0]);
    *each = (nu__prefetch_bounds){ tree->low, tree->high };
    tree->low = 0;
    tree->high = -1;
    *more = query->prefetches;
    query->prefetches = NULL;
    return query;
}

static nu_list *keys_of(const nu__prefetch_step *s, const nu__level *from)
{
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < from->n; i++)
        nu_list_append_(keys, nu__referred_value(s->relation, from->items[i]));
    return keys;
}

/* The foreign key's value, loaded when it was left out. */
static nu_value key_value(const nu__field *key, nu_object *object)
{
    nu__load_deferred(object, key);
    return nu__field_get(key, object);
}

/* ---- lists of each instance ----------------------------------------------------------------- */

void nu__prefetch_list_add(nu__key_index *lists, nu_value key, const nu_object *object)
{
    void **at = nu__key_index_at(lists, key);

    if (at && !*at)
        *at = nu_list_new();
    if (at)
        nu_list_append(*at, nu_v_object(object));
}

static nu_list *within(nu_list *own, nu__prefetch_bounds each)
{
    nu_list *part;
    size_t n = nu_list_len(own);

    if (!own)
        return nu_list_new();
    if (!each.low && each.high < 0)
        return own;
    part = nu_list_new();
    for (size_t i = (size_t)each.low; i < n && (each.high < 0 || (int64_t)i < each.high); i++)
        nu_list_append_(part, nu_at(own, i));
    return part;
}

nu__level nu__prefetch_keep_lists(const nu__prefetch_step *s, const nu__level *from,
                                  nu__key_index *lists, nu__prefetch_bounds each, nu__level all)
{
    nu_list *kept = nu_list_new();

    if ((each.low || each.high >= 0) && !s->to_attr)
        nu_raise(NU_TYPE_ERROR, "Cannot filter a query once a slice has been taken. Keep the rows "
                                "of a sliced Prefetch under a name: .to_attr");
    for (size_t i = 0; i < from->n; i++) {
        nu_object *object = from->items[i];
        nu_value key = s->relation ? nu__referred_value(s->relation, object) : nu__pk_of(object);
        nu_list *own = within(nu__key_index_get(lists, key), each);

        nu__kept_put(object, s->keep_as)->list = own;
        for (size_t k = 0; k < nu_list_len(own); k++)
            nu_list_append_(kept, nu_at(own, k));
    }
    return each.low || each.high >= 0 ? nu__level_of(kept) : all;
}

/* ---- foreign keys of others, one-to-one's other side ---------------------------------------- */

static void keep_ones(const nu__prefetch_step *s, const nu__level *from, nu__key_index *lists)
{
    for (size_t i = 0; i < from->n; i++) {
        nu_list *own = nu__key_index_get(lists, nu__referred_value(s->relation, from->items[i]));

        nu__kept_put(from->items[i], s->keep_as)->object =
            own ? (nu_object *)nu_at(own, 0).object : NULL;
    }
}

static nu__level fetch_reverse(const nu__prefetch_step *s, const nu__level *from,
                               nu__prefetch **more)
{
    const nu__field *key = s->relation->field;
    nu__prefetch_bounds each;
    nu_query *query = nu__prefetch_query(s, s->relation->from, from, &each, more);
    nu__level to;
    nu__key_index lists = nu__key_index_new(from->n), owners = nu__key_index_new(from->n);

    query = nu__query_where(query, nu_fmt("{}__in", key->name), nu_v_list(keys_of(s, from)));
    if (s->relation->one_to_one)
        nu__tree_clear_ordering(query->tree, false);
    to = nu__level_of(nu__query_results(query));
    for (size_t i = 0; i < from->n; i++) {
        void **at = nu__key_index_at(&owners, nu__referred_value(s->relation, from->items[i]));

        if (at)
            *at = from->items[i];
    }
    for (size_t i = 0; i < to.n; i++) {
        nu_value owner = key_value(key, to.items[i]);

        if (!*nu__field_cached(key, to.items[i]))
            *nu__field_cached(key, to.items[i]) = nu__key_index_get(&owners, owner);
        nu__prefetch_list_add(&lists, owner, to.items[i]);
    }
    if (!s->relation->one_to_one)
        return nu__prefetch_keep_lists(s, from, &lists, each, to);
    keep_ones(s, from, &lists);
    return to;
}

/* ---- foreign keys of one's own -------------------------------------------------------------- */

/* As Django writes it; but databases limit how deep an OR may be. */
#define MAX_OR 100

static nu_query *with_keys(nu_query *query, const nu__field *target, nu_list *keys)
{
    size_t n = nu_list_len(keys);
    nu_cond any[MAX_OR + 1] = { { 0 } }, either[2] = { { 0 } };

    if (!n || n > MAX_OR) {
        query = nu__query_where(query, nu_fmt("{}__in", target->name), nu_v_list(keys));
    } else {
        for (size_t i = 0; i < n; i++)
            any[i] = (nu_cond){ .lookup = target->name.ptr, .value = nu_at(keys, i) };
        either[0] = nu_or_(any);
        query = nu_filter_(query, either);
    }
    nu__tree_clear_ordering(query->tree, false);
    return query;
}

/* The keys, each once, and which instance has it. */
static nu_list *own_keys(const nu__field *key, const nu__level *from, nu__key_index *owners)
{
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < from->n; i++) {
        nu_value value = key_value(key, from->items[i]);
        void **at = nu__key_index_at(owners, value);

        if (at && !*at)
            nu_list_append_(keys, value);
        if (at)
            *at = from->items[i];
    }
    return keys;
}

/* None is kept too: a query that leaves the row out is not asked again. */
static void keep_forward(const nu__prefetch_step *s, nu_object *object, nu_object *other)
{
    if (other && !s->to_attr)
        *nu__field_cached(s->relation->field, object) = other;
    else
        nu__kept_put(object, s->keep_as)->object = other;
}

static nu__level fetch_forward(const nu__prefetch_step *s, const nu__level *from,
                               nu__prefetch **more)
{
    const nu__field *key = s->relation->field;
    nu__key_index owners = nu__key_index_new(from->n), found;
    nu_list *keys = own_keys(key, from, &owners);
    nu__prefetch_bounds each;
    nu_query *query = nu__prefetch_query(s, s->relation->to, from, &each, more);
    nu__level to;

    if (each.low || each.high >= 0)
        nu_raise(NU_TYPE_ERROR, "Cannot filter a query once a slice has been taken.");
    to = nu__level_of(nu__query_results(with_keys(query, s->relation->to_field, keys)));
    found = nu__key_index_new(to.n);
    for (size_t i = 0; i < to.n; i++) {
        nu_value own = nu__referred_value(s->relation, to.items[i]);

        *nu__key_index_at(&found, own) = to.items[i];
        if (s->relation->one_to_one && s->relation->accessor.ptr)
            nu__kept_put(to.items[i], s->relation->accessor)->object =
                nu__key_index_get(&owners, own);
    }
    for (size_t i = 0; i < from->n; i++)
        keep_forward(s, from->items[i],
                     nu__key_index_get(&found, nu__field_get(key, from->items[i])));
    return to;
}

/* ---- many-to-many --------------------------------------------------------------------------- */

static nu__level fetch_many(const nu__prefetch_step *s, const nu__level *from, nu__prefetch **more)
{
    const nu__relation *relation = s->relation;
    nu__model_info *model = s->reverse ? relation->from : relation->to;
    const nu__field *near = s->reverse ? relation->through_to : relation->through_from;
    nu__prefetch_bounds each;
    nu_query *query = nu__prefetch_query(s, model, from, &each, more);
    int join = nu__join_through(query->tree, relation, s->reverse);
    const nu_expr *column = nu__col_of(join, near, near->relation->to_field);
    nu__names in = { .items = (nu_str[]){ S("in") }, .n = 1 };
    nu_str name = nu_fmt("_prefetch_related_val_{}", near->attname);
    nu_expr *extra = nu__expr_new(&nu__wrapper, 1);
    nu__key_index lists = nu__key_index_new(from->n);
    nu__level to;

    extra->args[0] = (nu_expr *)column;
    query->tree->extra = (nu__annotation){ name, nu__expr_done(extra), true };
    nu__where_add(query->tree->where,
                  nu__build_lookup(&in, 0, column, NULL, nu_v_list(keys_of(s, from))), NU__AND);
    to = nu__level_of(nu__query_results(query));
    for (size_t i = 0; i < to.n; i++)
        nu__prefetch_list_add(&lists, nu_attr_(to.items[i], name.ptr), to.items[i]);
    return nu__prefetch_keep_lists(s, from, &lists, each, to);
}

nu__level nu__prefetch_fetch(const nu__prefetch_step *step, const nu__level *from,
                             nu__prefetch **more)
{
    if (step->generic_key)
        return nu__generic_fetch_keys(step->generic_key, from);
    if (step->generic)
        return nu__generic_fetch_rows(step, from, more);
    if (step->relation->many_to_many)
        return fetch_many(step, from, more);
    return step->reverse ? fetch_reverse(step, from, more) : fetch_forward(step, from, more);
}
