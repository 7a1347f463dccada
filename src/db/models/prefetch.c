/* prefetch_related(): the rows of a relation for many instances in one statement. */
#include "core/object.h"
#include "db/models/keys.h"
#include "db/models/related.h"
#include "db/sql/lookups.h"

#include <nuages/managers.h>

/* The instances at one level of a path. */
typedef struct level {
    nu_object **items;
    size_t n;
} level;

/* What is asked for: a relation of the instances, seen from one side. */
typedef struct step {
    const nu__relation *relation;
    bool reverse;
    nu_str keep_as;
    nu_query *queryset; /* NULL: all rows */
    bool to_attr;
} step;

static NU_NORETURN void no_relation(const nu__model_info *info, const nu__prefetch *prefetch,
                                    uint32_t i)
{
    nu_raise(NU_ATTRIBUTE_ERROR,
             "Cannot find '{}' on {} object, '{}' is an invalid parameter to prefetch_related()",
             prefetch->path.items[i], info->name,
             nu__names_join(&prefetch->path, 0, prefetch->path.n));
}

static step step_of(const nu__model_info *info, const nu__prefetch *prefetch, uint32_t i)
{
    nu_str name = prefetch->path.items[i];
    const nu__field *field = nu__model_field(info, name);
    const nu__field *many = nu__model_many(info, name);
    const nu__relation *back = nu__model_reverse(info, name);
    bool last = i + 1 == prefetch->path.n;
    step s = { .keep_as = name };

    if (many)
        s.relation = many->relation;
    else if (back)
        s.relation = back, s.reverse = true;
    else if (field && field->relation && nu_eq(field->name, name))
        s.relation = field->relation;
    else
        no_relation(info, prefetch, i);
    if (last) {
        s.queryset = prefetch->queryset;
        s.to_attr = prefetch->to_attr.ptr != NULL;
        if (s.to_attr)
            s.keep_as = prefetch->to_attr;
    }
    return s;
}

static nu_query *base_query(const step *s, nu__model_info *model, const level *from)
{
    nu_query *query = s->queryset ? nu__query_clone(s->queryset) : nu__query_new(model);

    if (nu__query_model(query) != model)
        nu_raise(NU_VALUE_ERROR, "Prefetch('{}'): the queryset is over {}, not {}", s->keep_as,
                 nu__query_model(query)->label, model->label);
    if (nu__tree_sliced(nu__query_tree(query)))
        nu_raise(NU_NOT_SUPPORTED_ERROR, "Prefetch('{}') takes no sliced query", s->keep_as);
    if (!query->using)
        query->using = nu__router_db_for_read(model, from->items[0]);
    return query;
}

static nu_list *keys_of(const level *from)
{
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < from->n; i++)
        nu_list_append_(keys, nu__pk_of(from->items[i]));
    return keys;
}

static level level_of(nu_list *results)
{
    level to = { .n = nu_list_len(results) };

    to.items = nu_alloc_array(nu_object *, to.n + 1);
    for (size_t i = 0; i < to.n; i++)
        to.items[i] = (nu_object *)nu_at(results, i).object;
    return to;
}

/* Each instance with the rows that have its key. */
static void keep_lists(const step *s, const level *from, nu__key_index *lists)
{
    for (size_t i = 0; i < from->n; i++) {
        nu_list *own = nu__key_index_get(lists, nu__pk_of(from->items[i]));

        nu__kept_put(from->items[i], s->keep_as)->list = own ? own : nu_list_new();
    }
}

static nu_list *list_at(nu__key_index *lists, nu_value key)
{
    void **at = nu__key_index_at(lists, key);

    if (at && !*at)
        *at = nu_list_new();
    return at ? *at : NULL;
}

/* ---- foreign keys of others, one-to-one's other side --------------------------------------- */

static level fetch_reverse(const step *s, const level *from)
{
    const nu__field *key = s->relation->field;
    nu_query *query = nu__query_where(base_query(s, s->relation->from, from),
                                      nu_fmt("{}__in", key->name), nu_v_list(keys_of(from)));
    level to = level_of(nu__query_results(query));
    nu__key_index lists = nu__key_index_new(from->n), owners = nu__key_index_new(from->n);

    for (size_t i = 0; i < from->n; i++)
        *nu__key_index_at(&owners, nu__pk_of(from->items[i])) = from->items[i];
    for (size_t i = 0; i < to.n; i++) {
        nu_value owner = nu__field_get(key, to.items[i]);
        nu_list *list = list_at(&lists, owner);

        *nu__field_cached(key, to.items[i]) = nu__key_index_get(&owners, owner);
        if (list)
            nu_list_append(list, nu_v_object(to.items[i]));
    }
    if (!s->relation->one_to_one) {
        keep_lists(s, from, &lists);
        return to;
    }
    for (size_t i = 0; i < from->n; i++) {
        nu_list *own = nu__key_index_get(&lists, nu__pk_of(from->items[i]));

        nu__kept_put(from->items[i], s->keep_as)->object =
            own ? (nu_object *)nu_at(own, 0).object : NULL;
    }
    return to;
}

/* ---- foreign keys of one's own ------------------------------------------------------------- */

/* As Django writes it; but databases limit how deep an OR may be. */
#define MAX_OR 100

static nu_query *with_keys(nu_query *query, nu_list *keys)
{
    size_t n = nu_list_len(keys);
    nu_cond any[MAX_OR + 1] = { { 0 } }, either[2] = { { 0 } };

    if (!n || n > MAX_OR) {
        query = nu__query_where(query, S("pk__in"), nu_v_list(keys));
    } else {
        for (size_t i = 0; i < n; i++)
            any[i] = (nu_cond){ .lookup = "pk", .value = nu_at(keys, i) };
        either[0] = nu_or_(any);
        query = nu_filter_(query, either);
    }
    nu__tree_clear_ordering(query->tree, false);
    return query;
}

static level fetch_forward(const step *s, const level *from)
{
    const nu__field *key = s->relation->field;
    nu__key_index found = nu__key_index_new(from->n);
    nu_list *keys = nu_list_new();
    level to;

    for (size_t i = 0; i < from->n; i++) {
        nu_value value = nu__field_get(key, from->items[i]);
        void **at = nu__key_index_at(&found, value);

        if (at && !*at) {
            nu_list_append_(keys, value);
            *at = from->items[i];
        }
    }
    to = level_of(nu__query_results(with_keys(base_query(s, s->relation->to, from), keys)));
    found = nu__key_index_new(to.n);
    for (size_t i = 0; i < to.n; i++)
        *nu__key_index_at(&found, nu__pk_of(to.items[i])) = to.items[i];
    for (size_t i = 0; i < from->n; i++) {
        nu_object *other = nu__key_index_get(&found, nu__field_get(key, from->items[i]));

        if (s->to_attr)
            nu__kept_put(from->items[i], s->keep_as)->object = other;
        else if (other)
            *nu__field_cached(key, from->items[i]) = other;
    }
    return to;
}

/* ---- many-to-many -------------------------------------------------------------------------- */

static level fetch_many(const step *s, const level *from)
{
    const nu__relation *relation = s->relation;
    nu__model_info *model = s->reverse ? relation->from : relation->to;
    const nu__field *near = s->reverse ? relation->through_to : relation->through_from;
    nu_query *query = base_query(s, model, from);
    int join = nu__join_through(query->tree, relation, s->reverse);
    const nu_expr *column = nu__col_of(join, near, near->relation->to->pk);
    nu__names in = { .items = { S("in") }, .n = 1 };
    nu_str name = nu_fmt("_prefetch_related_val_{}", near->attname);
    nu_expr *extra = nu__expr_new(&nu__wrapper, 1);
    nu__key_index lists = nu__key_index_new(from->n);
    level to;

    extra->args[0] = (nu_expr *)column;
    query->tree->extra = (nu__annotation){ name, nu__expr_done(extra), true };
    nu__where_add(query->tree->where,
                  nu__build_lookup(&in, 0, column, NULL, nu_v_list(keys_of(from))), NU__AND);
    to = level_of(nu__query_results(query));
    for (size_t i = 0; i < to.n; i++) {
        nu_list *list = list_at(&lists, nu_attr_(to.items[i], name.ptr));

        if (list)
            nu_list_append(list, nu_v_object(to.items[i]));
    }
    keep_lists(s, from, &lists);
    return to;
}

/* ---- levels -------------------------------------------------------------------------------- */

static bool is_fetched(const step *s, const nu_object *object)
{
    nu__kept *kept = nu__kept_find(object, s->keep_as);

    if (!s->relation->many_to_many && !s->reverse && !s->to_attr)
        return *nu__field_cached(s->relation->field, object) != NULL;
    return kept != NULL;
}

/* What was fetched before (by another prefetch, or select_related) is gone through, not fetched
   again. */
static level fetched_level(const step *s, const level *from)
{
    nu_list *all = nu_list_new();

    for (size_t i = 0; i < from->n; i++) {
        nu__kept *kept = nu__kept_find(from->items[i], s->keep_as);
        nu_object *one = kept ? kept->object : NULL;

        if (!s->relation->many_to_many && !s->reverse && !s->to_attr)
            one = *nu__field_cached(s->relation->field, from->items[i]);
        if (one)
            nu_list_append(all, nu_v_object(one));
        for (size_t k = 0; kept && kept->list && k < nu_list_len(kept->list); k++)
            nu_list_append(all, nu_at(kept->list, k));
    }
    return level_of(all);
}

static level fetch(const step *s, const level *from)
{
    if (is_fetched(s, from->items[0]))
        return fetched_level(s, from);
    if (s->relation->many_to_many)
        return fetch_many(s, from);
    return s->reverse ? fetch_reverse(s, from) : fetch_forward(s, from);
}

void nu__prefetch_related(nu_object **objects, size_t n, const nu__prefetch *prefetch)
{
    for (; prefetch; prefetch = prefetch->next) {
        level at = { objects, n };

        for (uint32_t i = 0; i < prefetch->path.n && at.n; i++) {
            step s = step_of(nu__info_of(at.items[0]), prefetch, i);

            at = fetch(&s, &at);
        }
    }
}

void nu_prefetch_objects_(nu_object *const *objects, size_t n, const nu_prefetch *prefetches)
{
    nu_query *query;

    if (!n)
        return;
    query = nu_prefetch_related_(nu__query_new(nu__info_of(objects[0])), prefetches);
    nu__prefetch_related((nu_object **)objects, n, query->prefetches);
}
