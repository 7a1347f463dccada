/* Query sets and related managers as templates and JSON see them. */
#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/queryset.h"
#include "db/models/related_manager.h"

#include <string.h>

/* ---- what a template may call ------------------------------------------------------------- */

static nu_value call_all(const void *self)
{
    const nu_query *query = self;
    nu_query *copy = nu__query_clone(query);

    if (query->prefetched)
        copy->results = query->results;
    return nu_v_query(copy);
}

static nu_value call_count(const void *self)
{
    return nu_v_int(nu_count((nu_query *)self));
}

static nu_value call_exists(const void *self)
{
    return nu_v_bool(nu_exists((nu_query *)self));
}

static nu_value end_value(const nu_query *query, bool last)
{
    nu_list *rows;
    size_t n;

    if (query->results) {
        n = nu_list_len(query->results);
        return n ? nu_at(query->results, last ? n - 1 : 0) : nu_null();
    }
    rows = nu__query_results(nu__query_end(query, last));
    return nu_list_len(rows) ? nu_at(rows, 0) : nu_null();
}

static nu_value call_first(const void *self)
{
    return end_value(self, false);
}

static nu_value call_last(const void *self)
{
    return end_value(self, true);
}

static nu_value call_reverse(const void *self)
{
    return nu_v_query(nu_reversed((nu_query *)self));
}

static nu_value call_distinct(const void *self)
{
    return nu_v_query(nu_distinct((nu_query *)self));
}

static nu_value call_none(const void *self)
{
    return nu_v_query(nu_none((nu_query *)self));
}

static nu_value call_values(const void *self)
{
    return nu_v_query(nu_values((nu_query *)self));
}

static const struct {
    const char *name;
    nu_value (*call)(const void *self);
} methods[] = {
    { "all", call_all },     { "count", call_count },       { "exists", call_exists },
    { "first", call_first }, { "last", call_last },         { "reverse", call_reverse },
    { "none", call_none },   { "distinct", call_distinct }, { "values", call_values },
};

typedef struct named_query {
    const nu_query *query;
    const nu_manager *manager;
} named_query;

static nu_value call_named(const void *self)
{
    const named_query *named = self;

    return nu_v_query(named->manager->queryset(nu__query_clone(named->query)));
}

static bool query_get(const nu_object *self, nu_str name, nu_value *out)
{
    const nu_query *query = (const nu_query *)self;
    const nu__model_info *info = nu__query_model(query);
    named_query *named;

    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods) && query->tree; i++)
        if (nu_eq(name, methods[i].name)) {
            *out = nu__callable_value(methods[i].call, query);
            return true;
        }
    if (query->tree && nu_eq(name, "ordered")) {
        *out = V(nu__query_ordered(query));
        return true;
    }
    for (int i = 0; info && i < 8 && info->model->managers[i].name; i++)
        if (nu_eq(name, info->model->managers[i].name)) {
            named = nu_alloc(named_query);
            *named = (named_query){ query, &info->model->managers[i] };
            *out = nu__callable_value(call_named, named);
            return true;
        }
    return false;
}

/* ---- rows --------------------------------------------------------------------------------- */

static nu_list *query_items(const nu_object *self)
{
    return nu__query_results((const nu_query *)self);
}

static int64_t query_length(const nu_object *self)
{
    return (int64_t)nu_list_len(query_items(self));
}

static bool query_truth(const nu_object *self)
{
    return query_length(self) > 0;
}

static bool query_at(const nu_object *self, int64_t index, nu_value *out)
{
    const nu_query *query = (const nu_query *)self;
    nu_list *rows;

    if (index < 0)
        return false;
    if (query->results || !query->tree)
        rows = nu_list_len(query_items(self)) > (size_t)index
                   ? NU_LIST(nu_at(query_items(self), (size_t)index))
                   : nu_list_new();
    else
        rows = nu__query_results(nu_slice((nu_query *)query, index, index + 1));
    if (!nu_list_len(rows))
        return false;
    *out = nu_at(rows, 0);
    return true;
}

static nu_str row_repr(nu_value row)
{
    const nu_class *klass = row.kind == NU_KIND_OBJECT ? row.object->type : NULL;

    if (klass && klass->ops == &nu__model_ops)
        return nu_fmt("<{}: {}>", klass->name, row);
    return nu_fmt("{!r}", row);
}

#define SHOWN 20

static nu_value query_text(const nu_object *self)
{
    nu_query *query = (nu_query *)self;
    nu_list *rows = query->results || !query->tree
                        ? query_items(self)
                        : nu__query_results(nu_slice(query, 0, SHOWN + 1));
    nu__buf out = { 0 };

    nu__buf_lit(&out, "<QuerySet [");
    for (size_t i = 0; i < nu_list_len(rows) && i < SHOWN; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "", row_repr(nu_at(rows, i)));
    if (nu_list_len(rows) > SHOWN)
        nu__buf_lit(&out, ", '...(remaining elements truncated)...'");
    nu__buf_lit(&out, "]>");
    return nu_v_str(nu__buf_str(&out));
}

static nu_value query_json(const nu_object *self)
{
    return nu_v_list(query_items(self));
}

static const nu_object_ops query_ops = {
    .kind = "query",
    .get = query_get,
    .text = query_text,
    .truth = query_truth,
    .items = query_items,
    .length = query_length,
    .at = query_at,
    .json = query_json,
    .write_json = nu__query_write_json,
};

const nu_class nu__query_class = { &query_ops, "QuerySet" };

/* ---- related managers --------------------------------------------------------------------- */

typedef struct manager {
    nu_object object;
    const nu_object *instance;
    const nu__relation *relation;
    bool reverse;
    const nu__generic *generic; /* instead of a relation */
} manager;

static bool manager_get(const nu_object *self, nu_str name, nu_value *out)
{
    const manager *m = (const manager *)self;
    nu_query *set = m->generic ? nu__generic_rows(m->instance, m->generic)
                               : nu__related_set(m->instance, m->relation, m->reverse);

    return query_get(&set->object, name, out);
}

static nu_value manager_text(const nu_object *self)
{
    const manager *m = (const manager *)self;
    const nu__model_info *info = m->generic   ? m->generic->on
                                 : m->reverse ? m->relation->from
                                              : m->relation->to;

    return nu_v_str(nu_fmt("{}.None", info->label));
}

static bool manager_equal(const nu_object *self, const nu_object *other)
{
    const manager *a = (const manager *)self, *b = (const manager *)other;

    return a->instance == b->instance && a->relation == b->relation && a->reverse == b->reverse &&
           a->generic == b->generic;
}

static const nu_object_ops manager_ops = {
    .kind = "manager",
    .get = manager_get,
    .text = manager_text,
    .equal = manager_equal,
};
static const nu_class manager_class = { &manager_ops, "RelatedManager" };

const nu_object *nu__related_manager(const nu_object *instance, const nu__relation *relation,
                                     bool reverse)
{
    manager *m = nu_alloc(manager);

    m->object.type = &manager_class;
    m->instance = instance;
    m->relation = relation;
    m->reverse = reverse;
    return &m->object;
}

const nu_object *nu__generic_manager(const nu_object *instance, const nu__generic *relation)
{
    manager *m = nu_alloc(manager);

    m->object.type = &manager_class;
    m->instance = instance;
    m->generic = relation;
    return &m->object;
}
