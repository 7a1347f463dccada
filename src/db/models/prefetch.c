/* prefetch_related(): lookups, level by level. Django: prefetch_related_objects() */
#include "db/models/prefetch.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <string.h>

/* A lookup on its way. Where `to` differs from `through`, the last level is kept under another
   name, by which later lookups may go on from it. */
typedef struct lookup {
    nu__names through, to;
    bool renamed; /* to_attr was given, be it the same name */
    nu_query *queryset;
    struct lookup *next;
} lookup;

typedef struct done {
    nu_str to;
    nu__level level;
    struct done *next;
} done;

typedef struct run {
    nu__level instances;
    lookup *waiting;
    done *done;
} run;

/* ---- lookups ------------------------------------------------------------------------------ */

static nu__names joined(const nu__names *prefix, const nu__names *names)
{
    nu__names all = { .items = nu_alloc_array(nu_str, prefix->n + names->n + 1), .n = prefix->n };

    for (uint32_t i = 0; i < prefix->n; i++)
        all.items[i] = prefix->items[i];
    for (uint32_t i = 0; i < names->n; i++)
        all.items[all.n++] = names->items[i];
    return all;
}

static lookup *lookup_of(const nu__prefetch *prefetch, const nu__names *prefix_through,
                         const nu__names *prefix_to)
{
    lookup *l = nu_alloc(lookup);
    nu__names none = { 0 }, own = joined(&none, &prefetch->path); /* a copy */

    l->through = joined(prefix_through, &prefetch->path);
    if (prefetch->to_attr.ptr)
        own.items[own.n - 1] = prefetch->to_attr;
    l->to = joined(prefix_to, &own);
    l->renamed = prefetch->to_attr.ptr != NULL;
    l->queryset = prefetch->queryset;
    return l;
}

/* In front of those that wait, in their own order. */
static void add_lookups(run *r, const nu__prefetch *prefetches, const lookup *after, uint32_t level)
{
    nu__names through = { 0 }, to = { 0 };
    lookup *first = NULL, **last = &first;

    if (after) {
        through = (nu__names){ after->through.items, level + 1 };
        to = (nu__names){ after->to.items, level + 1 };
    }
    for (; prefetches; prefetches = prefetches->next) {
        *last = lookup_of(prefetches, &through, &to);
        last = &(*last)->next;
    }
    *last = r->waiting;
    r->waiting = first;
}

static nu_str key_of(const lookup *l, uint32_t level)
{
    return nu__names_join(&l->to, 0, level + 1);
}

static const nu__level *done_at(const run *r, nu_str to)
{
    for (const done *d = r->done; d; d = d->next)
        if (nu_eq(d->to, to))
            return &d->level;
    return NULL;
}

static void put_done(run *r, nu_str to, nu__level level)
{
    done *d = nu_alloc(done);

    *d = (done){ to, level, r->done };
    r->done = d;
}

/* ---- one level ---------------------------------------------------------------------------- */

static NU_NORETURN void no_attribute(const nu__model_info *info, const lookup *l, uint32_t level)
{
    nu_raise(NU_ATTRIBUTE_ERROR,
             "Cannot find '{}' on {} object, '{}' is an invalid parameter to prefetch_related()",
             l->through.items[level], info->name, nu__names_join(&l->through, 0, l->through.n));
}

static NU_NORETURN void no_prefetching(const lookup *l)
{
    nu_raise(NU_VALUE_ERROR,
             "'{}' does not resolve to an item that supports prefetching - this is an invalid "
             "parameter to prefetch_related().",
             nu__names_join(&l->through, 0, l->through.n));
}

/* false: the name is something else that the instances have. */
static bool relation_named(const nu__model_info *info, nu_str name, nu__prefetch_step *step)
{
    const nu__field *field = nu__model_field(info, name), *many = nu__model_many(info, name);
    const nu__relation *back = nu__model_reverse(info, name);

    if (many)
        step->relation = many->relation;
    else if (back)
        step->relation = back, step->reverse = true;
    else if (field && field->relation && nu_eq(field->name, name))
        step->relation = field->relation;
    step->generic_key = nu__model_generic_key(info, name);
    step->generic = nu__model_generic_relation(info, name);
    return step->relation || step->generic_key || step->generic;
}

static void check_to_attr(const nu__model_info *info, nu_str name)
{
    if (nu__model_field(info, name) || nu__model_many(info, name) || nu__model_reverse(info, name))
        nu_raise(NU_VALUE_ERROR, "to_attr={} conflicts with a field on the {} model.", name,
                 info->name);
}

static bool step_of(const nu__model_info *info, const nu_object *first, const lookup *l,
                    uint32_t level, nu__prefetch_step *step)
{
    nu_str name = l->through.items[level], to = l->to.items[level];
    bool last = level + 1 == l->through.n, plain;
    nu_value value;

    *step = (nu__prefetch_step){ .keep_as = to, .to_attr = last && !nu_eq(name, to) };
    if (last)
        step->queryset = l->queryset;
    if (relation_named(info, name, step)) {
        if (last && l->renamed)
            check_to_attr(info, to);
        return true;
    }
    plain = nu__model_ops.get(first, name, &value);
    if (!plain)
        no_attribute(info, l, level);
    if (last)
        no_prefetching(l);
    return false;
}

/* What the instances have already is gone through. */
static nu__level present_level(const nu__level *from, nu_str name)
{
    nu_list *all = nu_list_new(), *items;
    nu_value value;

    for (size_t i = 0; i < from->n; i++) {
        nu__kept *kept = nu__kept_find(from->items[i], name);

        items = kept ? kept->list : NULL;
        if (!items && (!nu__model_ops.get(from->items[i], name, &value) ||
                       (value.kind != NU_KIND_OBJECT && value.kind != NU_KIND_LIST)))
            continue;
        if (!items && value.kind == NU_KIND_LIST)
            items = value.list;
        if (!items)
            items = nu_list_of_((nu_values){ &value, 1 });
        for (size_t k = 0; k < nu_list_len(items); k++)
            nu_list_append_(all, nu_at(items, k));
    }
    return nu__level_of(all);
}

static nu__level lacking(const nu__prefetch_step *step, const nu__level *from)
{
    nu__level some = { nu_alloc_array(nu_object *, from->n + 1), 0 };

    for (size_t i = 0; i < from->n; i++)
        if (!nu__prefetch_is_done(step, from->items[i]))
            some.items[some.n++] = from->items[i];
    return some;
}

/* The next level; with what its query asks for in turn put in front. */
static nu__level go_down(run *r, const lookup *l, uint32_t level, const nu__level *from)
{
    const nu__model_info *info = nu__info_of(from->items[0]);
    nu_str to = key_of(l, level);
    nu__prefetch *more = NULL;
    nu__prefetch_step step;
    nu__level some = { 0 }, next;

    if (step_of(info, from->items[0], l, level, &step))
        some = lacking(&step, from);
    if (!some.n)
        return present_level(from, step.to_attr ? step.keep_as : l->through.items[level]);
    next = nu__prefetch_fetch(&step, &some, &more);
    put_done(r, to, next);
    add_lookups(r, more, l, level);
    return next;
}

/* ---- all of them -------------------------------------------------------------------------- */

static void follow(run *r, const lookup *l)
{
    nu__level at = r->instances;

    if (done_at(r, key_of(l, l->to.n - 1))) {
        if (l->queryset)
            nu_raise(NU_VALUE_ERROR,
                     "'{}' lookup was already seen with a different queryset. You may need to "
                     "adjust the ordering of your lookups.",
                     nu__names_join(&l->to, 0, l->to.n));
        return;
    }
    for (uint32_t level = 0; level < l->through.n && at.n; level++) {
        const nu__level *before = done_at(r, key_of(l, level));

        at = before ? *before : go_down(r, l, level, &at);
    }
}

void nu__prefetch_related(nu_object **objects, size_t n, const nu__prefetch *prefetch)
{
    run r = { .instances = { objects, n } };

    add_lookups(&r, prefetch, NULL, 0);
    while (r.waiting) {
        const lookup *l = r.waiting;

        r.waiting = l->next;
        follow(&r, l);
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
