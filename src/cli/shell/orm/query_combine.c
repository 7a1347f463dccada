/* Query sets of query sets: union() and its kin, `&`, `|`, `^`; extra(); attributes. */
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"

#include <string.h>

/* ---- union, intersection, difference -----------------------------------------------------------
 */

static const nu_query *const *with_others(nu__py self, nu__py others)
{
    const nu_query **queries = nu_alloc_array(const nu_query *, others.list->len + 1);

    queries[0] = nu__orm_self(self);
    for (size_t i = 0; i < others.list->len; i++) {
        queries[i + 1] = nu__orm_query_of(others.list->items[i]);
        if (!queries[i + 1])
            nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'query'",
                     others.list->items[i].type->name);
    }
    return queries;
}

nu__py nu__orm_union(nu__py self, const nu__py *args)
{
    return nu__orm_derived(self, nu_union_(with_others(self, args[0]), args[0].list->len + 1,
                                           nu__py_true_or(args[1], false)));
}

nu__py nu__orm_intersection(nu__py self, const nu__py *args)
{
    return nu__orm_derived(self,
                           nu_intersection_(with_others(self, args[0]), args[0].list->len + 1));
}

nu__py nu__orm_difference(nu__py self, const nu__py *args)
{
    return nu__orm_derived(self, nu_difference_(with_others(self, args[0]), args[0].list->len + 1));
}

/* ---- & | ^
 * ----------------------------------------------------------------------------------------- */

bool nu__orm_combine(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    static nu_query *(*const joins[])(nu_query *, nu_query *) = {
        [NU__PY_AND] = nu_query_and, [NU__PY_OR] = nu_query_or, [NU__PY_XOR] = nu_query_xor
    };
    nu_query *left = nu__orm_query_of(a), *right;

    if ((op != NU__PY_AND && op != NU__PY_OR && op != NU__PY_XOR) || !left)
        return false;
    right = nu__orm_query_of(b);
    if (!right)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'query'", b.type->name);
    *out = nu__orm_derived(a, joins[op](left, right));
    return true;
}

/* ---- extra
 * --------------------------------------------------------------------------------------- */

static const nu_list *list_or_null(nu__py value)
{
    return nu__orm_is_none(value) ? NULL
                                  : nu__py_to_value(nu__py_collect(value, &nu__py_list_type)).list;
}

nu__py nu__orm_extra(nu__py self, const nu__py *args)
{
    nu__extra extra = { .select = nu__orm_is_none(args[0]) ? NULL : nu__py_to_value(args[0]).dict,
                        .where = list_or_null(args[1]),
                        .params = list_or_null(args[2]),
                        .tables = list_or_null(args[3]),
                        .order_by = list_or_null(args[4]),
                        .select_params = list_or_null(args[5]) };

    return nu__orm_derived(self, nu__query_extra(nu__orm_self(self), &extra));
}

/* ---- attributes
 * -------------------------------------------------------------------------------------- */

static nu__py get_db(nu__py self)
{
    return nu__py_str(nu_s(nu__db_for_read(nu__orm_query_of(self))));
}

static nu__py get_model(nu__py self)
{
    return nu__py_class(nu__orm_type_of(nu__query_model(nu__orm_query_of(self))));
}

static nu__py get_ordered(nu__py self)
{
    return nu__py_bool(nu__query_ordered(nu__orm_query_of(self)));
}

/* str(queryset.query): the statement with its parameters in it, for reading only. */
static void sql_text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu__query_sql((const nu_query *)self.cp));
}

static void sql_json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$repr\": \"<django.db.models.sql.query.Query object>\"}}");
    (void)self;
}

static nu__py sql_with_params(nu__py self, const nu__py *args)
{
    nu__fragment sql = nu__query_sql_with_params(self.cp);
    nu__py params = nu__py_list_new(&nu__py_tuple_type, sql.params.len);

    (void)args;
    for (size_t i = 0; i < sql.params.len; i++)
        nu__py_append(params, nu__py_of(sql.params.items[i]));
    return nu__py_pair(nu__py_str(sql.text), params);
}

static const nu__py_type sql_query_type = {
    .name = "Query",
    .module = "django.db.models.sql.query",
    .methods = (const nu__py_method[]){ { "sql_with_params", NULL, sql_with_params }, { 0 } },
    .text = sql_text,
    .json = sql_json,
};

/* raw("…").query: the statement as it was written. */
static nu__py raw_sql(nu__py self)
{
    return nu__py_str(((const nu_query *)self.cp)->raw_sql);
}

static const nu__py_type raw_query_type = {
    .name = "RawQuery",
    .module = "django.db.models.sql.query",
    .attributes = (const nu__py_attribute[]){ { "sql", raw_sql }, { 0 } },
    .text = sql_text,
    .json = sql_json,
};

static nu__py get_query(nu__py self)
{
    nu_query *query = nu__orm_query_of(self);

    return nu__py_pointer(query->tree ? &sql_query_type : &raw_query_type, query);
}

const nu__py_attribute nu__orm_query_attributes[] = { { "db", get_db },
                                                      { "model", get_model },
                                                      { "ordered", get_ordered },
                                                      { "query", get_query },
                                                      { 0 } };
