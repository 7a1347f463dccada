/* Managers and query sets. */
#include "cli/shell/orm/orm.h"

#include "cli/shell/list.h"

nu__py nu__orm_queryset(const nu_query *query)
{
    return nu__py_pointer(&nu__orm_queryset_type, query);
}

/* Keyword arguments as conditions; the texts live in the arena. */
static nu_cond *conditions_of(nu__py keywords)
{
    nu_cond *out = nu_alloc_array(nu_cond, keywords.dict->len + 1);
    nu__py_entry *entry;
    size_t n = 0;

    for (size_t at = 0; (entry = nu__py_dict_next(keywords.dict, &at));)
        out[n++] = (nu_cond){ .lookup = nu_copy(entry->key.s).ptr,
                              .value = nu__py_to_value(entry->value) };
    return out;
}

static nu__py filter(nu__py self, const nu__py *args)
{
    return nu__orm_queryset(nu_filter_((nu_query *)self.cp, conditions_of(args[0])));
}

static nu__py count(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_int(nu_count((nu_query *)self.cp));
}

static nu__py all(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__orm_queryset(nu__query_clone(self.cp));
}

static const nu__py_method methods[] = {
    { "all", NULL, all },
    { "count", NULL, count },
    { "filter", "**kwargs", filter },
    { NULL, NULL, NULL },
};

static nu__py rows_of(nu__py self)
{
    return nu__py_of(nu_v_list(nu__query_results(self.cp)));
}

static nu__py iterate(nu__py self)
{
    return nu__py_iterate(rows_of(self));
}

static int64_t length(nu__py self)
{
    return (int64_t)nu_list_len(nu__query_results(self.cp));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<QuerySet {}>", nu__py_repr(rows_of(self)));
}

static void json(nu__py self, nu__buf *out)
{
    nu__py_json_items(rows_of(self), out);
}

const nu__py_type nu__orm_manager_type = { .name = "Manager", .methods = methods };
const nu__py_type nu__orm_queryset_type = {
    .name = "QuerySet",
    .methods = methods,
    .iterate = iterate,
    .length = length,
    .repr = repr,
    .json = json,
};
