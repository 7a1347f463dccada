/* Query sets that are made of others. Each clones, changes the clone and gives it. */
#include "db/models/queryset.h"

#include "core/context.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <string.h>

nu_query *nu__query_new(nu__model_info *info)
{
    nu_query *query = nu_alloc(nu_query);

    query->object.type = &nu__query_class;
    query->scratches = nu__here->scratches;
    query->tree = nu__tree_new(info);
    return query;
}

nu_query *nu__query_clone(const nu_query *query)
{
    nu_query *copy = nu_alloc(nu_query);

    *copy = *query;
    copy->results = NULL;
    copy->prefetched = false;
    copy->through_key = NULL;
    copy->scratches = nu__here->scratches;
    if (query->tree)
        copy->tree = nu__tree_clone(query->tree);
    return copy;
}

nu__tree *nu__query_tree(const nu_query *query)
{
    if (!query->tree)
        nu_raise(NU_TYPE_ERROR, "raw SQL can only be read, not narrowed or put into a query");
    return query->tree;
}

nu__model_info *nu__query_model(const nu_query *query)
{
    return query->tree ? query->tree->model : query->raw_model;
}

nu_query *nu__query_changed(const nu_query *query)
{
    nu__query_tree(query);
    return nu__query_clone(query);
}

void nu__query_not_combined(const nu_query *query, const char *what)
{
    if (query->tree->n_combined)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "Calling QuerySet.{}() after {}() is not supported.", what,
                 nu__combinator_name(query->tree->combinator));
}

static nu_str *copied_names(const char *const *names, size_t *n)
{
    nu_str *out;

    for (*n = 0; names[*n];)
        ++*n;
    out = nu_alloc_array(nu_str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        out[i] = nu_copy_cstr(names[i]);
    return out;
}

/* ---- where to begin ----------------------------------------------------------------------- */

nu_query *nu_objects_(const nu_model *model)
{
    nu__model_info *info = nu__model_info_of(model);
    const nu_manager *own = nu__manager_named(model, "objects");

    return own ? own->queryset(nu__query_new(info)) : nu__query_new(info);
}

nu_query *nu_manager_(const nu_model *model, const char *name)
{
    nu__model_info *info = nu__model_info_of(model);
    const nu_manager *manager = nu__manager_named(model, name);

    if (manager)
        return manager->queryset(nu__query_new(info));
    if (!strcmp(name, "objects"))
        return nu__query_new(info);
    nu_raise(NU_ATTRIBUTE_ERROR, "type object '{}' has no attribute '{}'{}", info->name, name,
             nu__manager_suggestion(model, name));
}

nu_query *nu_call_(nu_query *query, const char *name, nu_values args)
{
    const nu__model_info *info = nu__query_model(query);
    const nu_query_method *method = info ? nu__query_method_named(info->model, name) : NULL;

    if (!method)
        nu_raise(NU_ATTRIBUTE_ERROR, "'QuerySet' object has no attribute '{}'", name);
    return method->call(query, args);
}

/* ---- conditions --------------------------------------------------------------------------- */

/* Names that mean something to Q() itself in Python: who hands names of parameters on must not
   change how conditions are joined. */
static void check_lookups(const nu_cond *conditions)
{
    bool connector = false, negated = false;

    for (; conditions->lookup || conditions->op; conditions++) {
        if (!conditions->lookup)
            continue;
        connector |= !strcmp(conditions->lookup, "_connector");
        negated |= !strcmp(conditions->lookup, "_negated");
    }
    if (connector || negated)
        nu_raise(NU_TYPE_ERROR, "The following kwargs are invalid: {}{}{}",
                 connector ? "'_connector'" : "", connector && negated ? ", " : "",
                 negated ? "'_negated'" : "");
}

static nu_query *narrowed(const nu_query *query, const nu_cond *conditions, bool negated,
                          bool sticky)
{
    nu_query *copy = nu__query_changed(query);
    nu_expr *q = nu__q_of(conditions, NU__AND, negated);

    nu__query_not_combined(query, negated ? "exclude" : "filter");
    check_lookups(conditions);
    if (q->n_args && nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot filter a query once a slice has been taken.");
    if (sticky)
        copy->tree->keep_used = true;
    nu__tree_filter(copy->tree, q);
    copy->tree->keep_used = false;
    return copy;
}

nu_query *nu_filter_(nu_query *query, const nu_cond *conditions)
{
    return narrowed(query, conditions, false, false);
}

nu_query *nu_exclude_(nu_query *query, const nu_cond *conditions)
{
    return narrowed(query, conditions, true, false);
}

nu_query *nu__query_filter(const nu_query *query, const nu_cond *conditions, bool sticky)
{
    return narrowed(query, conditions, false, sticky);
}

nu_query *nu__query_where(const nu_query *query, nu_str lookup, nu_value value)
{
    nu_cond conditions[] = { { .lookup = nu_copy(lookup).ptr, .value = value }, { 0 } };

    return narrowed(query, conditions, false, false);
}

nu_query *nu__query_meeting(const nu_query *query, const nu_expr *condition)
{
    nu_cond conditions[] = {
        { .op = NU__COND_EXPR, .value = nu_v_expr((nu_expr *)(uintptr_t)condition) }, { 0 }
    };

    return narrowed(query, conditions, false, false);
}

nu_query *nu_none(nu_query *query)
{
    nu_query *copy = nu__query_changed(query);

    nu__tree_set_empty(copy->tree);
    return copy;
}

/* ---- order and bounds --------------------------------------------------------------------- */

static nu_query *ordered(const nu_query *query, const nu__order *items, size_t n)
{
    nu_query *copy = nu__query_changed(query);

    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot reorder a query once a slice has been taken.");
    copy->tree->n_order = 0;
    nu__tree_order(copy->tree, items, n);
    return copy;
}

nu_query *nu_order_by_(nu_query *query, const char *const *names)
{
    size_t n;
    nu_str *texts = copied_names(names, &n);
    nu__order *items = nu_alloc_array(nu__order, n + 1);

    for (size_t i = 0; i < n; i++)
        items[i].name = texts[i];
    return ordered(query, items, n);
}

nu_query *nu_order_by_expr_(nu_query *query, nu_values expressions)
{
    nu__order *items = nu_alloc_array(nu__order, expressions.len + 1);

    for (size_t i = 0; i < expressions.len; i++) {
        nu_value value = expressions.items[i];

        if (value.kind == NU_KIND_STR)
            items[i].name = nu_copy(value.s);
        else
            items[i].expr = nu__argument(value, true);
    }
    return ordered(query, items, expressions.len);
}

nu_query *nu_reversed(nu_query *query)
{
    nu_query *copy = nu__query_changed(query);

    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot reverse a query once a slice has been taken.");
    copy->tree->reversed = !copy->tree->reversed;
    return copy;
}

static nu_query *slice_of_results(const nu_query *query, int64_t from, int64_t to)
{
    nu_query *copy = nu__query_clone(query);
    nu_list *all = query->results, *part = nu_list_new();
    int64_t len = (int64_t)nu_list_len(all);

    for (int64_t i = from; i < len && (to < 0 || i < to); i++)
        nu_list_append_(part, nu_at(all, (size_t)i));
    nu__tree_slice(copy->tree, from, to);
    copy->results = part;
    return copy;
}

nu_query *nu_slice(nu_query *query, int64_t from, int64_t to)
{
    nu_query *copy;

    if (from < 0 || to < -1)
        nu_raise(NU_VALUE_ERROR, "Negative indexing is not supported.");
    if (to >= 0 && to < from)
        to = from;
    nu__query_tree(query);
    if (query->results)
        return slice_of_results(query, from, to);
    copy = nu__query_changed(query);
    nu__tree_slice(copy->tree, from, to);
    return copy;
}

nu_query *nu_distinct(nu_query *query)
{
    nu_query *copy = nu__query_changed(query);

    nu__query_not_combined(query, "distinct");
    if (nu__tree_sliced(copy->tree))
        nu_raise(NU_TYPE_ERROR, "Cannot create distinct fields once a slice has been taken.");
    copy->tree->distinct = true;
    return copy;
}

nu_query *nu_distinct_on_(nu_query *query, const char *const *names)
{
    nu_query *copy = nu_distinct(query);

    nu__tree *tree = copy->tree;
    uint32_t n = 0;

    while (names[n])
        n++;
    tree->distinct_on = nu_alloc_array(nu_str, n + 1);
    tree->n_distinct_on = n;
    for (uint32_t i = 0; i < n; i++)
        tree->distinct_on[i] = nu_copy_cstr(names[i]);
    return copy;
}

nu_query *nu_using(nu_query *query, const char *alias)
{
    nu_query *copy = nu__query_clone(query);

    copy->using = nu_copy_cstr(alias).ptr;
    return copy;
}

/* ---- columns ------------------------------------------------------------------------------ */

static bool in_names(const nu_str *names, uint32_t n, nu_str name)
{
    for (uint32_t i = 0; i < n; i++)
        if (nu_eq(names[i], name))
            return true;
    return false;
}

/* A dict has each name once; a list as often as it is asked for. */
static size_t each_once(nu_str *names, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!in_names(names, (uint32_t)kept, names[i]))
            names[kept++] = names[i];
    return kept;
}

static nu_query *with_values(const nu_query *query, const nu_str *names, size_t n, nu__shape shape)
{
    nu_query *copy = nu__query_changed(query);

    nu__tree_set_values(copy->tree, names, n);
    copy->shape = shape;
    return copy;
}

nu_query *nu_values_(nu_query *query, const char *const *names)
{
    size_t n;
    nu_str *texts = copied_names(names, &n);

    return with_values(query, texts, each_once(texts, n), NU__SHAPE_DICTS);
}

nu_query *nu_values_list_(nu_query *query, const char *const *names)
{
    size_t n;
    nu_str *texts = copied_names(names, &n);

    return with_values(query, texts, n, NU__SHAPE_LISTS);
}

nu_query *nu_values_flat(nu_query *query, const char *name)
{
    nu_str text = nu_copy_cstr(name);

    return with_values(query, &text, 1, NU__SHAPE_FLAT);
}

/* After values() only what was named there is taken. */
static void check_name(const nu_query *query, nu_str name)
{
    const nu__model_info *info = query->tree->model;
    bool taken = false;

    if (query->shape == NU__SHAPE_OBJECTS)
        taken = nu__model_name(info, name) || nu__model_reverse(info, name);
    for (uint32_t i = 0; i < query->tree->n_selected && query->shape != NU__SHAPE_OBJECTS; i++)
        taken |= nu_eq(query->tree->selected[i].name, name);
    if (taken)
        nu_raise(NU_VALUE_ERROR, "The annotation '{}' conflicts with a field on the model.", name);
}

static nu_query *annotated(const nu_query *query, const nu_var *items, bool select)
{
    nu_query *copy = nu__query_changed(query);
    bool aggregate = false;

    nu__query_not_combined(query, select ? "annotate" : "alias");
    for (; items->key; items++) {
        nu_str name = nu_copy_cstr(items->key);
        const nu__annotation *added;

        check_name(query, name);
        nu__tree_annotate(copy->tree, name, nu__argument(items->value, false), select);
        added = nu__tree_annotation(copy->tree, name);
        aggregate |= added && nu__has_aggregate(added->expr);
    }
    if (aggregate && query->shape == NU__SHAPE_OBJECTS)
        copy->tree->group_by = NU__GROUP_ALL;
    else if (aggregate)
        nu__tree_set_group_by(copy->tree, true);
    return copy;
}

nu_query *nu_annotate_(nu_query *query, const nu_var *expressions)
{
    return annotated(query, expressions, true);
}

nu_query *nu_alias_(nu_query *query, const nu_var *expressions)
{
    return annotated(query, expressions, false);
}

nu_query *nu_only_(nu_query *query, const char *const *names)
{
    nu_query *copy = nu__query_changed(query);
    size_t n;
    nu_str *texts = copied_names(names, &n);
    const nu__tree *old = query->tree;
    uint32_t kept = 0;

    nu__query_not_combined(query, "only");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR, "Cannot call only() after .values() or .values_list()");
    for (size_t i = 0; i < n; i++) /* what was deferred before stays so */
        if (old->only || !in_names(old->deferred, old->n_deferred, texts[i]))
            texts[kept++] = texts[i];
    copy->tree->deferred = texts;
    copy->tree->n_deferred = kept;
    copy->tree->only = true;
    return copy;
}

nu_query *nu_defer_fields_(nu_query *query, const char *const *names)
{
    nu_query *copy = nu__query_changed(query);
    const nu__tree *old = query->tree;
    size_t n;
    nu_str *texts = copied_names(names, &n), *all;
    uint32_t kept = 0;

    nu__query_not_combined(query, "defer");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR, "Cannot call defer() after .values() or .values_list()");
    all = nu_alloc_array(nu_str, old->n_deferred + n + 1);
    for (uint32_t i = 0; i < old->n_deferred; i++)
        if (!old->only || !in_names(texts, (uint32_t)n, old->deferred[i]))
            all[kept++] = old->deferred[i];
    for (size_t i = 0; i < n && !old->only; i++)
        all[kept++] = texts[i];
    copy->tree->deferred = all;
    copy->tree->n_deferred = kept;
    return copy;
}

/* ---- relations ---------------------------------------------------------------------------- */

nu_query *nu_select_related_(nu_query *query, const char *const *names)
{
    nu_query *copy = nu__query_changed(query);

    nu__query_not_combined(query, "select_related");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR, "Cannot call select_related() after .values() or .values_list()");
    if (!*names)
        nu__tree_select_all_related(copy->tree);
    for (; *names; names++) {
        nu__names path = nu__names_split(nu_s(*names));

        nu__tree_select_related(copy->tree, &path);
    }
    return copy;
}

nu_query *nu_prefetch_related_(nu_query *query, const nu_prefetch *prefetches)
{
    nu_query *copy = nu__query_clone(query);
    nu__prefetch *old = query->prefetches, **last = &copy->prefetches;

    if (query->tree)
        nu__query_not_combined(query, "prefetch_related");
    copy->prefetches = NULL;
    for (; old; old = old->next, last = &(*last)->next) {
        *last = nu_alloc(nu__prefetch);
        **last = *old;
        (*last)->next = NULL;
    }
    for (; prefetches->path; prefetches++, last = &(*last)->next) {
        *last = nu_alloc(nu__prefetch);
        (*last)->path = nu__names_split(nu_s(prefetches->path));
        (*last)->queryset = prefetches->queryset;
        if (prefetches->queryset &&
            (!prefetches->queryset->tree || prefetches->queryset->shape != NU__SHAPE_OBJECTS))
            nu_raise(NU_VALUE_ERROR,
                     "Prefetch querysets cannot use raw(), values(), and values_list().");
        if (prefetches->to_attr)
            (*last)->to_attr = nu_copy_cstr(prefetches->to_attr);
    }
    return copy;
}

nu_query *nu_fetch_mode(nu_query *query, nu_fetch mode)
{
    nu_query *copy = nu__query_clone(query);

    if (mode < FETCH_PEERS || mode > FETCH_RAISE)
        nu_raise(NU_VALUE_ERROR, "{} is no fetch mode: FETCH_PEERS, FETCH_ONE or FETCH_RAISE",
                 (int64_t)mode);
    copy->fetch_mode = (int)mode;
    return copy;
}

nu_query *nu_select_for_update_(nu_query *query, const nu_lock *lock)
{
    nu_query *copy = nu__query_changed(query);
    nu_lock *kept = nu_alloc(nu_lock);

    if (lock->nowait && lock->skip_locked)
        nu_raise(NU_VALUE_ERROR, "The nowait option cannot be used with skip_locked.");
    *kept = *lock;
    for (size_t i = 0; i < sizeof kept->of / sizeof *kept->of && lock->of[i]; i++)
        kept->of[i] = nu_copy_cstr(lock->of[i]).ptr;
    copy->for_update = true;
    copy->tree->lock = kept;
    return copy;
}

#define CHUNK 2000 /* Django's */

nu_query *nu_iterator(nu_query *query, int64_t chunk_size)
{
    nu_query *copy = nu__query_clone(query);

    if (chunk_size < 0 || chunk_size > INT32_MAX)
        nu_raise(NU_VALUE_ERROR, "Chunk size must be strictly positive.");
    copy->chunk = chunk_size ? (uint32_t)chunk_size : CHUNK;
    copy->prefetches = NULL;
    return copy;
}
