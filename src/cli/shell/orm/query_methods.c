/* The methods of query sets and managers that make another query set. */
#include "cli/shell/orm/query_methods.h"
#include "cli/shell/orm/fetch_modes.h"
#include "core/object.h"

#include <string.h>

bool nu__orm_is_none(nu__py value)
{
    return !nu__py_given(value) || NU__PY_IS(value, none);
}

nu_query *nu__orm_self(nu__py self)
{
    return nu__orm_query_of(self);
}

static nu__py derived(nu__py self, nu_query *query)
{
    return nu__orm_derived(self, query);
}

/* ---- conditions ------------------------------------------------------------------------------ */

static nu__py filter(nu__py self, const nu__py *args)
{
    return derived(self, nu_filter_(nu__orm_self(self), nu__orm_conditions(args[0], args[1])));
}

static nu__py exclude(nu__py self, const nu__py *args)
{
    return derived(self, nu_exclude_(nu__orm_self(self), nu__orm_conditions(args[0], args[1])));
}

static nu__py complex_filter(nu__py self, const nu__py *args)
{
    nu__py none = nu__py_list_new(&nu__py_tuple_type, 1);

    if (NU__PY_IS(args[0], dict))
        return derived(self, nu_filter_(nu__orm_self(self), nu__orm_conditions(none, args[0])));
    nu__py_append(none, args[0]);
    return derived(self, nu_filter_(nu__orm_self(self), nu__orm_conditions(none, (nu__py){ 0 })));
}

static nu__py all(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self), *copy = nu__query_clone(query);

    (void)args;
    if (query->prefetched) /* a prefetched set is read again without asking */
        copy->results = query->results;
    return derived(self, copy);
}

static nu__py none(nu__py self, const nu__py *args)
{
    (void)args;
    return derived(self, nu_none(nu__orm_self(self)));
}

/* ---- columns --------------------------------------------------------------------------------- */

/* "courses__count": the name of an aggregate of one field that was given none. */
static const char *default_alias(nu__py value, bool aggregating)
{
    const nu_expr *expr = value.cp, *source;

    if (!nu__orm_is_expression(value))
        nu_raise(NU_TYPE_ERROR, "QuerySet.{}() received non-expression(s): {}.",
                 aggregating ? "aggregate" : "annotate", nu__py_text(value));
    source = expr->n_args == 1 ? expr->args[0] : NULL;
    if (expr->klass != &nu__aggregate || !source || !source->name.len)
        nu_raise(NU_TYPE_ERROR, "Complex {} require an alias",
                 aggregating ? "aggregates" : "annotations");
    return nu_fmt("{}__{}", source->name, nu_lower(nu_s(value.type->name))).ptr;
}

static bool is_among(const nu_var *items, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(items[i].key, name))
            return true;
    return false;
}

/* Positional expressions under their own names, then those of the keywords. */
nu_var *nu__orm_expressions(nu__py args, nu__py kwargs, bool aggregating)
{
    const nu_var *named = nu__orm_vars(kwargs);
    size_t n = args.list->len, m = 0, used = 0;
    nu_var *out;

    while (named[m].key)
        m++;
    out = nu_alloc_array(nu_var, n + m + 1);
    for (size_t i = 0; i < n; i++) {
        nu_var item = { default_alias(args.list->items[i], aggregating),
                        nu_v_expr(args.list->items[i].cp) };

        if (!aggregating && is_among(named, m, item.key))
            nu_raise(NU_VALUE_ERROR,
                     "The named annotation '{}' conflicts with the default name "
                     "for another annotation.",
                     item.key);
        if (!is_among(out, used, item.key))
            out[used++] = item;
    }
    for (size_t i = 0; i < m; i++) {
        if (named[i].value.kind != NU_KIND_EXPR && named[i].value.kind != NU_KIND_QUERY)
            nu_raise(NU_TYPE_ERROR, "QuerySet.{}() received non-expression(s): {}.",
                     aggregating ? "aggregate" : "annotate", nu_string(named[i].value));
        if (is_among(out, used, named[i].key))
            continue;
        out[used] = named[i];
        if (named[i].value.kind == NU_KIND_QUERY)
            out[used].value = nu_v_expr(Subquery((nu_query *)named[i].value.p));
        used++;
    }
    return out;
}

static nu__py annotate(nu__py self, const nu__py *args)
{
    return derived(self,
                   nu_annotate_(nu__orm_self(self), nu__orm_expressions(args[0], args[1], false)));
}

static nu__py alias(nu__py self, const nu__py *args)
{
    return derived(self,
                   nu_alias_(nu__orm_self(self), nu__orm_expressions(args[0], args[1], false)));
}

/* "lower1", "courses__count1": an expression among names is an annotation of a name of its own. */
static const char *name_of_expression(nu__py value, const nu__py_list *given, int *counter)
{
    bool aggregate = ((const nu_expr *)value.cp)->klass == &nu__aggregate, taken;
    nu_str head = aggregate ? nu_s(default_alias(value, false)) : nu_lower(nu_s(value.type->name)),
           name;

    do {
        name = nu_fmt("{}{}", head, (*counter)++);
        taken = false;
        for (size_t i = 0; i < given->len; i++)
            taken |= NU__PY_IS(given->items[i], str) && nu_eq(given->items[i].s, name);
    } while (taken);
    return name.ptr;
}

/* The query with expressions annotated; *names get what is to be selected. */
static nu_query *select_expressions(nu__py self, const nu__py *args, const char ***names)
{
    const nu__py_list *given = args[0].list;
    const nu_var *named = nu__orm_vars(args[1]);
    nu_query *query = nu__orm_self(self);
    size_t n = given->len, m = 0, extra = 0;
    int counter = 1;
    nu_var *annotations;

    while (named[m].key)
        m++;
    annotations = nu_alloc_array(nu_var, n + m + 1);
    *names = nu_alloc_array(const char *, n + m + 1);
    for (size_t i = 0; i < n; i++) {
        nu__py value = given->items[i];

        if (!nu__orm_is_expression(value)) {
            (*names)[i] = nu__orm_cstr(value, "values()");
            continue;
        }
        (*names)[i] = name_of_expression(value, given, &counter);
        annotations[extra++] = (nu_var){ (*names)[i], nu_v_expr(value.cp) };
    }
    for (size_t i = 0; i < m; i++) {
        (*names)[n + i] = named[i].key;
        annotations[extra++] = named[i];
    }
    return extra ? nu_annotate_(query, annotations) : query;
}

static nu__py values(nu__py self, const nu__py *args)
{
    const char **names;
    nu_query *query;

    for (size_t i = 0; i < args[0].list->len; i++)
        if (nu__orm_is_expression(args[0].list->items[i]))
            nu_raise(NU_TYPE_ERROR,
                     "values() takes names of fields, and expressions under a name: "
                     "values(name={})",
                     nu__py_repr(args[0].list->items[i]));
    query = select_expressions(self, args, &names);
    return derived(self, nu_values_(query, names));
}

static nu__py values_list(nu__py self, const nu__py *args)
{
    bool flat = nu__py_true_or(args[1], false), named = nu__py_true_or(args[2], false);
    nu__py empty[2] = { args[0], { 0 } }, made;
    const char **names;
    nu_query *query;

    if (flat && named)
        nu_raise(NU_TYPE_ERROR, "'flat' and 'named' can't be used together.");
    if (flat && args[0].list->len > 1)
        nu_raise(NU_TYPE_ERROR,
                 "'flat' is not valid when values_list is called with more than one field.");
    query = select_expressions(self, empty, &names);
    query = nu_values_list_(query, names);
    if (flat) {
        if (!args[0].list->len) /* as in Django, the first column of all */
            query = nu_values_list(query, nu__query_model(query)->fields[0].attname.ptr);
        query->shape = NU__SHAPE_FLAT;
    }
    made = derived(self, query);
    ((nu__orm_set *)made.p)->named = named;
    return made;
}

/* Whether a list of names is the single None that takes a restriction back. */
static bool only_none(nu__py args)
{
    return args.list->len == 1 && NU__PY_IS(args.list->items[0], none);
}

static nu__py only(nu__py self, const nu__py *args)
{
    if (only_none(args[0]))
        nu_raise(NU_TYPE_ERROR, "Cannot pass None as an argument to only().");
    return derived(self, nu_only_(nu__orm_self(self), nu__orm_names_of(args[0], "only()")));
}

static nu__py defer(nu__py self, const nu__py *args)
{
    nu_query *copy;

    if (!only_none(args[0]))
        return derived(self,
                       nu_defer_fields_(nu__orm_self(self), nu__orm_names_of(args[0], "defer()")));
    copy = nu_defer_fields(nu__orm_self(self));
    copy->tree->n_deferred = 0;
    copy->tree->only = false;
    return derived(self, copy);
}

/* ---- order -------------------------------------------------------------------------------------
 */

static nu__py order_by(nu__py self, const nu__py *args)
{
    const nu__py_list *given = args[0].list;
    nu__py wrong = nu__py_list_new(&nu__py_list_type, 1);

    for (size_t i = 0; i < given->len; i++)
        if (!NU__PY_IS(given->items[i], str) && !nu__orm_is_expression(given->items[i]) &&
            !nu__orm_query_of(given->items[i]))
            nu__py_append(wrong, given->items[i]);
    if (wrong.list->len)
        nu_raise(NU_FIELD_ERROR, "Invalid order_by arguments: {}", nu__py_repr(wrong));
    return derived(self, nu_order_by_expr_(nu__orm_self(self), nu__orm_values(args[0])));
}

static nu__py reverse(nu__py self, const nu__py *args)
{
    (void)args;
    return derived(self, nu_reversed(nu__orm_self(self)));
}

static nu__py distinct(nu__py self, const nu__py *args)
{
    const char *const *names = nu__orm_names_of(args[0], "distinct()");

    return derived(self, names[0] ? nu_distinct_on_(nu__orm_self(self), names)
                                  : nu_distinct(nu__orm_self(self)));
}

/* ---- relations ---------------------------------------------------------------------------------
 */

static nu__py select_related(nu__py self, const nu__py *args)
{
    nu_query *copy;

    if (!only_none(args[0]))
        return derived(self, nu_select_related_(nu__orm_self(self),
                                                nu__orm_names_of(args[0], "select_related()")));
    copy = nu__query_clone(nu__orm_self(self));
    copy->tree->related = NULL;
    return derived(self, copy);
}

const nu_prefetch *nu__orm_prefetches(const nu__py_list *given)
{
    nu_prefetch *out = nu_alloc_array(nu_prefetch, given->len + 1);

    for (size_t i = 0; i < given->len; i++) {
        if (nu__py_is_a(given->items[i].type, &nu__orm_prefetch_type))
            out[i] = *(const nu_prefetch *)given->items[i].cp;
        else
            out[i].path = nu__orm_cstr(given->items[i], "prefetch_related()");
    }
    return out;
}

static nu__py prefetch_related(nu__py self, const nu__py *args)
{
    nu_query *copy;

    if (only_none(args[0])) {
        copy = nu__query_clone(nu__orm_self(self));
        copy->prefetches = NULL;
        return derived(self, copy);
    }
    return derived(self,
                   nu_prefetch_related_(nu__orm_self(self), nu__orm_prefetches(args[0].list)));
}

static nu__py select_for_update(nu__py self, const nu__py *args)
{
    nu_lock lock = { .nowait = nu__py_true_or(args[0], false),
                     .skip_locked = nu__py_true_or(args[1], false),
                     .no_key = nu__py_true_or(args[3], false) };

    if (nu__py_given(args[2])) {
        const char *const *of = nu__orm_names_of(args[2], "select_for_update(of=)");

        for (size_t i = 0; of[i]; i++) {
            if (i == sizeof lock.of / sizeof *lock.of)
                nu_raise(NU_VALUE_ERROR, "select_for_update(of=) takes at most {} names", i);
            lock.of[i] = of[i];
        }
    }
    return derived(self, nu_select_for_update_(nu__orm_self(self), &lock));
}

static nu__py using_(nu__py self, const nu__py *args)
{
    const char *alias = nu__orm_cstr(args[0], "using()");
    nu_query *copy =
        alias ? nu_using(nu__orm_self(self), alias) : nu__query_clone(nu__orm_self(self));

    if (!alias)
        copy->using = NULL;
    return derived(self, copy);
}

/* Columns, and the fields that they are. */
static const nu_dict *translations(nu__py given)
{
    nu_dict *names = nu_dict_new();

    for (const nu_var *each = nu__orm_vars(given); each->key; each++)
        nu_dict_set_str(names, nu_s(each->key), each->value);
    return names;
}

static nu__py raw(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self), *made;
    nu_str sql = nu__py_as_str(args[0], "raw()");
    nu_values params = nu__orm_params(args[1], &sql);

    made = nu_raw_translated_(nu__query_model(query)->model, nu_copy(sql).ptr, params,
                              translations(args[2]));
    made->using = nu__orm_is_none(args[3]) ? query->using : nu__orm_cstr(args[3], "raw(using=)");
    return nu__orm_queryset(made);
}

static const nu__py_method methods[] = {
    { "all", NULL, all },
    { "none", NULL, none },
    { "filter", "*args, **kwargs", filter },
    { "exclude", "*args, **kwargs", exclude },
    { "complex_filter", "filter_obj", complex_filter },
    { "annotate", "*args, **kwargs", annotate },
    { "alias", "*args, **kwargs", alias },
    { "values", "*fields, **expressions", values },
    { "values_list", "*fields, flat=, named=", values_list },
    { "only", "*fields", only },
    { "defer", "*fields", defer },
    { "order_by", "*field_names", order_by },
    { "reverse", NULL, reverse },
    { "distinct", "*field_names", distinct },
    { "select_related", "*fields", select_related },
    { "prefetch_related", "*lookups", prefetch_related },
    { "select_for_update", "nowait=, skip_locked=, of=, no_key=", select_for_update },
    { "using", "alias", using_ },
    { "fetch_mode", "fetch_mode", nu__orm_fetch_mode },
    { "raw", "raw_query, params=, translations=, using=", raw },
    /* query_reads.c */
    { "get", "*args, **kwargs", nu__orm_get },
    { "first", NULL, nu__orm_first },
    { "last", NULL, nu__orm_last },
    { "earliest", "*fields", nu__orm_earliest },
    { "latest", "*fields", nu__orm_latest },
    { "count", NULL, nu__orm_count },
    { "exists", NULL, nu__orm_exists },
    { "contains", "obj", nu__orm_contains },
    { "in_bulk", "id_list=, *, field_name=", nu__orm_in_bulk },
    { "aggregate", "*args, **kwargs", nu__orm_aggregate },
    { "iterator", "chunk_size=", nu__orm_iterator },
    { "dates", "field_name, kind, order=", nu__orm_dates },
    { "datetimes", "field_name, kind, order=, tzinfo=", nu__orm_datetimes },
    { "explain", "*, format=, **options", nu__orm_explain },
    /* query_combine.c */
    { "union", "*other_qs, all=", nu__orm_union },
    { "intersection", "*other_qs", nu__orm_intersection },
    { "difference", "*other_qs", nu__orm_difference },
    { "extra", "select=, where=, params=, tables=, order_by=, select_params=", nu__orm_extra },
    /* query_writes.c */
    { "create", "**kwargs", nu__orm_create },
    { "get_or_create", "defaults=, **kwargs", nu__orm_get_or_create },
    { "update_or_create", "defaults=, create_defaults=, **kwargs", nu__orm_update_or_create },
    { "bulk_create",
      "objs, batch_size=, ignore_conflicts=, update_conflicts=, update_fields=, unique_fields=",
      nu__orm_bulk_create },
    { "bulk_update", "objs, fields, batch_size=", nu__orm_bulk_update },
    { "update", "**kwargs", nu__orm_update },
    { 0 },
};

const nu__py_type nu__orm_rows_type = { .name = "BaseManager",
                                        .module = "django.db.models.manager",
                                        .methods = methods,
                                        .attributes = nu__orm_query_attributes };
