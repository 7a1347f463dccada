/* Which columns and related objects a query set reads, and how. */
#include "db/models/queryset.h"

#include <nuages/managers.h>

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
    nu_str *texts = nu__copied_names(names, &n);

    return with_values(query, texts, each_once(texts, n), NU__SHAPE_DICTS);
}

nu_query *nu_values_list_(nu_query *query, const char *const *names)
{
    size_t n;
    nu_str *texts = nu__copied_names(names, &n);

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
    nu_str *texts = nu__copied_names(names, &n);
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
    nu_str *texts = nu__copied_names(names, &n), *all;
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
