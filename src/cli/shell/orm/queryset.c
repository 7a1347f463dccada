/* Query sets as values: rows, items, operators, text. */
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"
#include "db/backends/base.h"

#include <string.h>

static nu__orm_set *set_of(nu__py value)
{
    return value.p;
}

nu__py nu__orm_queryset(nu_query *query)
{
    nu__orm_set *set = nu_alloc(nu__orm_set);

    set->query = query;
    set->info = nu__query_model(query);
    return nu__py_pointer(query->tree ? &nu__orm_queryset_type : &nu__orm_raw_type, set);
}

nu__py nu__orm_derived(nu__py from, nu_query *query)
{
    nu__py made = nu__orm_queryset(query);

    set_of(made)->named = nu__py_is_a(from.type, &nu__orm_queryset_type) && set_of(from)->named;
    return made;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* A tuple whose items have names: values_list(named=True). */
typedef struct named_row {
    nu__py_list items;
    nu_str *names;
} named_row;

static bool row_get(nu__py self, nu_str name, nu__py *out)
{
    const named_row *row = self.p;

    for (size_t i = 0; i < row->items.len; i++)
        if (nu_eq(row->names[i], name)) {
            *out = row->items.items[i];
            return true;
        }
    return false;
}

static nu__py row_fields(nu__py self)
{
    const named_row *row = self.p;
    nu__py out = nu__py_list_new(&nu__py_tuple_type, row->items.len);

    for (size_t i = 0; i < row->items.len; i++)
        nu__py_append(out, nu__py_str(row->names[i]));
    return out;
}

static nu__py row_as_dict(nu__py self, const nu__py *args)
{
    const named_row *row = self.p;
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    (void)args;
    for (size_t i = 0; i < row->items.len; i++)
        nu__py_dict_set(out.dict, nu__py_str(row->names[i]), row->items.items[i]);
    return out;
}

static void row_repr(nu__py self, nu__buf *out)
{
    const named_row *row = self.p;

    nu__buf_lit(out, "Row(");
    for (size_t i = 0; i < row->items.len; i++) {
        nu__buf_fmt(out, "{}{}=", i ? ", " : "", row->names[i]);
        nu__py_repr_to(row->items.items[i], out);
    }
    nu__buf_lit(out, ")");
}

static const nu__py_type row_type = {
    .name = "Row",
    .base = &nu__py_tuple_type,
    .methods = (const nu__py_method[]){ { "_asdict", NULL, row_as_dict }, { 0 } },
    .attributes = (const nu__py_attribute[]){ { "_fields", row_fields }, { 0 } },
    .get = row_get,
    .repr = row_repr,
};

/* The name of a column: what was selected, or a field of the model, as all of them are. */
static nu_str column_name(const nu__tree *tree, size_t i)
{
    if (tree->has_selected)
        return i < tree->n_selected ? tree->selected[i].name : S("");
    return i < tree->model->n_fields ? tree->model->fields[i].attname : S("");
}

static nu__py named(nu__py tuple, const nu__tree *tree)
{
    named_row *row = nu_alloc(named_row);

    row->items = *tuple.list;
    row->names = nu_alloc_array(nu_str, row->items.len + 1);
    for (size_t i = 0; i < row->items.len; i++)
        row->names[i] = column_name(tree, i);
    return nu__py_pointer(&row_type, row);
}

/* A time that was cut in a zone is shown in it. */
static void show_in_zone(const nu__tree *tree, nu_str name, nu__py *value)
{
    const nu__annotation *annotation = nu__tree_annotation(tree, name);
    const nu_timezone *zone = annotation ? nu__expr_zone(annotation->expr) : NULL;

    if (zone && NU__PY_IS(*value, datetime))
        *value = nu__py_datetime(nu__py_instant(*value), zone);
}

static void show_in_zones(const nu__orm_set *set, nu__py *row)
{
    const nu__tree *tree = set->query->tree;

    for (uint32_t i = 0; tree && i < tree->n_selected; i++) {
        nu_str name = tree->selected[i].name;
        nu__py *found = NULL;

        if (set->query->shape == NU__SHAPE_FLAT)
            found = row;
        else if (set->query->shape == NU__SHAPE_DICTS)
            found = nu__py_dict_find(row->dict, nu__py_str(name));
        else if (i < row->list->len)
            found = &row->list->items[i];
        if (found)
            show_in_zone(tree, name, found);
    }
}

/* One row of the library as one of the shell. */
static nu__py row_of(const nu__orm_set *set, nu_value value)
{
    nu__py row = nu__py_of(value), tuple;

    if (set->query->shape != NU__SHAPE_OBJECTS)
        show_in_zones(set, &row);
    if (set->query->shape != NU__SHAPE_LISTS || value.kind != NU_KIND_LIST)
        return row;
    tuple = nu__py_collect(row, &nu__py_tuple_type);
    return set->named && set->query->tree ? named(tuple, set->query->tree) : tuple;
}

nu__py nu__orm_rows(nu__py queryset)
{
    const nu__orm_set *set = set_of(queryset);
    const nu_list *rows = nu__query_results(set->query);
    nu__py out = nu__py_list_new(&nu__py_list_type, nu_list_len(rows));

    for (size_t i = 0; i < nu_list_len(rows); i++)
        nu__py_append(out, row_of(set, nu_at(rows, i)));
    return out;
}

static nu__py iterate(nu__py self)
{
    return nu__py_iterate(nu__orm_rows(self));
}

static int64_t length(nu__py self)
{
    return (int64_t)nu_list_len(nu__query_results(set_of(self)->query));
}

static bool truth(nu__py self)
{
    return length(self) > 0;
}

static bool contains(nu__py self, nu__py item)
{
    return nu__py_contains(nu__orm_rows(self), item);
}

/* ---- items -------------------------------------------------------------------------------------
 */

static int64_t bound(nu__py value, int64_t otherwise)
{
    int64_t number = nu__py_int_or(value, otherwise, "a slice");

    if (number < 0 && nu__py_given(value) && !NU__PY_IS(value, none))
        nu_raise(NU_VALUE_ERROR, "Negative indexing is not supported.");
    return number;
}

static nu__py sliced(nu__py self, const nu__py_slice *slice)
{
    int64_t from = bound(slice->from, 0), to = bound(slice->to, -1);
    bool stepped = nu__py_given(slice->step) && !NU__PY_IS(slice->step, none);
    nu_query *query = set_of(self)->query;
    nu__py part;

    if (query->results || !query->tree) /* what was read is a list; raw SQL can't be cut */
        return nu__py_item(nu__orm_rows(self), nu__py_pointer(&nu__py_slice_type, slice));
    part = nu__orm_derived(self, nu_slice(query, from, to));
    if (!stepped)
        return part;
    return nu__py_item(
        nu__orm_rows(part),
        nu__py_pointer(&nu__py_slice_type,
                       &(nu__py_slice){ nu__py_none(), nu__py_none(), slice->step }));
}

static nu__py item(nu__py self, nu__py key)
{
    nu_query *query = set_of(self)->query;
    int64_t index;

    if (NU__PY_IS(key, slice))
        return sliced(self, key.cp);
    if (!NU__PY_IS(key, int))
        nu_raise(NU_TYPE_ERROR, "QuerySet indices must be integers or slices, not {}.",
                 key.type->name);
    index = nu__py_as_int(key, "an index");
    if (index < 0)
        nu_raise(NU_VALUE_ERROR, "Negative indexing is not supported.");
    if (query->results || !query->tree)
        return nu__py_item(nu__orm_rows(self), key);
    return nu__py_item(nu__orm_rows(nu__orm_derived(self, nu_slice(query, index, index + 1))),
                       nu__py_int(0));
}

/* ---- text
 * ---------------------------------------------------------------------------------------- */

#define SHOWN 20

/* A model with queries of its own has a class for them: StudentQuerySet. */
static bool has_own_class(const nu_query *query)
{
    return query->tree && query->tree->model->model->query_methods[0].name;
}

static void repr(nu__py self, nu__buf *out)
{
    nu_query *query = set_of(self)->query;
    nu__py rows = query->results
                      ? nu__orm_rows(self)
                      : nu__orm_rows(nu__orm_derived(self, nu_slice(query, 0, SHOWN + 1)));

    nu__buf_fmt(out, "<{}QuerySet [", has_own_class(query) ? nu__query_model(query)->name : S(""));
    for (size_t i = 0; i < rows.list->len && i < SHOWN; i++) {
        nu__buf_str_add(out, i ? S(", ") : S(""));
        nu__py_repr_to(rows.list->items[i], out);
    }
    if (rows.list->len > SHOWN)
        nu__buf_lit(out, ", '...(remaining elements truncated)...'");
    nu__buf_lit(out, "]>");
}

static void json(nu__py self, nu__buf *out)
{
    nu__py_json(nu__orm_rows(self), out);
}

/* copy.copy() takes the rows along, which are read for it; copy.deepcopy() reads anew. */
static nu__py copy(nu__py self, nu__py_dict *memo)
{
    const nu_list *rows = memo ? NULL : nu__query_results(set_of(self)->query);
    nu_query *query = nu__query_clone(set_of(self)->query);

    if (rows)
        query->results = nu_list_new();
    for (size_t i = 0; rows && i < nu_list_len(rows); i++)
        nu_list_append(query->results, nu_at(rows, i));
    return nu__orm_derived(self, query);
}

/* StudentQuerySet of a model that has queries of its own. */
static const nu__py_type *class_of(nu__py self)
{
    nu_query *query = set_of(self)->query;
    nu__py_type like = { .base = &nu__orm_queryset_type, .module = "django.db.models.query" };

    if (!has_own_class(query))
        return self.type;
    return nu__orm_type_kept(&like, nu_fmt("{}QuerySet", nu__query_model(query)->name).ptr);
}

static bool same(nu__py a, nu__py b, bool *out)
{
    *out = a.type == b.type && a.p == b.p;
    return true;
}

/* delete() belongs to query sets alone: managers keep whole tables from a slip. */
static const nu__py_method own_methods[] = { { "delete", NULL, nu__orm_delete }, { 0 } };

const nu__py_type nu__orm_queryset_type = {
    .name = "QuerySet",
    .base = &nu__orm_rows_type,
    .module = "django.db.models.query",
    .methods = own_methods,
    .get = nu__orm_own_method,
    .names = nu__orm_own_method_names,
    .binary = nu__orm_combine,
    .class_of = class_of,
    .copy = copy,
    .equal = same,
    .truth = truth,
    .length = length,
    .item = item,
    .contains = contains,
    .iterate = iterate,
    .repr = repr,
    .json = json,
};

/* ---- raw() --------------------------------------------------------------------------------------
 */

/* The columns that the statement gives, by the names of the fields they go to. */
static nu__py raw_columns(nu__py self)
{
    nu_query *query = set_of(self)->query;
    nu__rows *rows = nu__db_query(
        nu__query_connection(query),
        nu__query_connection(query)->backend->operations->convert_query(query->raw_sql),
        query->raw_params);
    nu__py out = nu__py_list_new(&nu__py_list_type, rows->n_columns);

    for (uint32_t i = 0; i < rows->n_columns; i++)
        nu__py_append(out, nu__py_str(nu_copy(nu__rows_name(rows, i))));
    nu__rows_close(rows);
    return out;
}

static nu__py raw_sql(nu__py self)
{
    return nu__py_str(set_of(self)->query->raw_sql);
}

/* The statement with its parameters in it. */
static void raw_repr(nu__py self, nu__buf *out)
{
    const nu_query *query = set_of(self)->query;
    nu_str sql = query->raw_sql;
    size_t next = 0;

    nu__buf_lit(out, "<RawQuerySet: ");
    for (size_t i = 0; i < sql.len; i++) {
        bool param = next < query->raw_params.len && sql.ptr[i] == '%' && i + 1 < sql.len;

        if (param && sql.ptr[i + 1] == 's')
            nu__buf_str_add(out, nu_string(query->raw_params.items[next++]));
        else
            nu__buf_char(out, sql.ptr[i]);
        i += param && (sql.ptr[i + 1] == 's' || sql.ptr[i + 1] == '%');
    }
    nu__buf_char(out, '>');
}

const nu__py_type nu__orm_raw_type = {
    .name = "RawQuerySet",
    .base = &nu__orm_queryset_type,
    .module = "django.db.models.query",
    .attributes =
        (const nu__py_attribute[]){ { "columns", raw_columns }, { "raw_query", raw_sql }, { 0 } },
    .repr = raw_repr,
};
