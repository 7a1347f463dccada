/* The classes of expressions whose arguments have a shape of their own. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"

#include <limits.h>
#include <string.h>

static bool is_none(nu__py value)
{
    return !nu__py_given(value) || NU__PY_IS(value, none);
}

const nu_expr *nu__orm_typed(const nu_expr *expr, nu__py output_field)
{
    const nu_output *output = nu__orm_output_of(output_field);

    return output ? nu_typed_(expr, output) : expr;
}

static nu__py made(nu__py self, const nu_expr *expr, nu__py output_field)
{
    return nu__orm_expression(self.class_, nu__orm_typed(expr, output_field));
}

nu_query *nu__orm_query_argument(nu__py value, const char *what)
{
    nu_query *query = nu__orm_query_of(value);

    if (!query)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'query': {} takes a QuerySet",
                 value.type->name, what);
    return query;
}

/* ---- values, references, subqueries ------------------------------------------------------ */

static nu__py make_value(nu__py self, const nu__py *args)
{
    return made(self, nu_value_expr(nu__py_to_value(args[0])), args[1]);
}

static nu__py get_value(nu__py self)
{
    return nu__py_of(((const nu_expr *)self.cp)->value);
}

static const nu__py_attribute value_attributes[] = { { "value", get_value }, { 0 } };

static nu__py make_outer_ref(nu__py self, const nu__py *args)
{
    if (nu__orm_is_expression(args[0]))
        return made(self, nu_outer_ref_of((nu_expr *)args[0].cp), nu__py_none());
    return made(self, OuterRef(nu__orm_cstr(args[0], "OuterRef()")), nu__py_none());
}

static nu__py make_subquery(nu__py self, const nu__py *args)
{
    return made(self, Subquery(nu__orm_query_argument(args[0], "Subquery()")), args[1]);
}

static nu__py make_exists(nu__py self, const nu__py *args)
{
    nu_cond exists = Exists(nu__orm_query_argument(args[0], "Exists()"));

    return made(self, exists.value.p, args[1]);
}

static nu__py make_filtered(nu__py self, const nu__py *args)
{
    const char *relation = nu__orm_cstr(args[0], "FilteredRelation()");
    const nu_expr *condition = nu__q_of((nu_cond[]){ { 0 } }, NU__AND, false);

    if (relation && *relation && !is_none(args[1]) && !nu__py_is_a(args[1].type, &nu__orm_q_type))
        nu_raise(NU_VALUE_ERROR, "condition argument must be a Q() instance.");
    if (!is_none(args[1]))
        condition = args[1].cp;
    return made(self, FilteredRelation(relation, nu_expr_cond((nu_expr *)condition)),
                nu__py_none());
}

static nu__py make_raw(nu__py self, const nu__py *args)
{
    return made(self, nu_raw_sql_(nu__orm_cstr(args[0], "RawSQL()"), nu__orm_values(args[1])),
                args[2]);
}

static nu__py make_kt(nu__py self, const nu__py *args)
{
    return made(self, KT(nu__orm_cstr(args[0], "KT()")), nu__py_none());
}

/* ---- types ----------------------------------------------------------------------------------- */

static nu_value field_or_value(nu__py value)
{
    return nu_v_expr(nu__orm_operand(value, true));
}

static const nu_output *output_needed(nu__py value, const char *what)
{
    const nu_output *output = nu__orm_output_of(value);

    if (!output)
        nu_raise(NU_TYPE_ERROR, "{} needs an output_field, such as IntegerField()", what);
    return output;
}

static nu__py make_cast(nu__py self, const nu__py *args)
{
    return made(self, nu_cast_(field_or_value(args[0]), output_needed(args[1], "Cast()")),
                nu__py_none());
}

static nu__py make_wrapper(nu__py self, const nu__py *args)
{
    return made(self,
                nu_wrapped_(field_or_value(args[0]), output_needed(args[1], "ExpressionWrapper()")),
                nu__py_none());
}

static nu__py make_collate(nu__py self, const nu__py *args)
{
    return made(self, nu_collate_(field_or_value(args[0]), nu__orm_cstr(args[1], "Collate()")),
                nu__py_none());
}

/* ---- Case and When -----------------------------------------------------------------------------
 */

static nu__py make_when(nu__py self, const nu__py *args)
{
    nu_expr *when = nu__expr_new(&nu__when, 2);
    nu__py conditions = nu__py_list_new(&nu__py_tuple_type, 1);
    nu__py_entry *lookup;
    size_t at = 0;

    if (!is_none(args[0]))
        nu__py_append(conditions, args[0]);
    lookup = nu__py_dict_next(args[2].dict, &at);
    if (!lookup && is_none(args[0]))
        nu_raise(NU_TYPE_ERROR, "When() supports a Q object, a boolean expression, or lookups as a "
                                "condition.");
    if (!is_none(args[0]) && !nu__orm_is_condition(args[0]))
        nu_raise(NU_TYPE_ERROR, "When() supports a Q object, a boolean expression, or lookups as a "
                                "condition.");
    when->args[0] = (nu_expr *)nu__orm_q_node(conditions, args[2], NU__AND, false);
    if (when->args[0]->klass == &nu__q && !when->args[0]->n_args)
        nu_raise(NU_VALUE_ERROR, "An empty Q() can't be used as a When() condition.");
    when->args[1] =
        (nu_expr *)nu__orm_operand(nu__py_given(args[1]) ? args[1] : nu__py_none(), true);
    return made(self, nu__expr_done(when), nu__py_none());
}

static nu__py make_case(nu__py self, const nu__py *args)
{
    const nu__py_list *cases = args[0].list;
    nu_when *whens = nu_alloc_array(nu_when, cases->len + 2);

    for (size_t i = 0; i < cases->len; i++) {
        const nu_expr *when = cases->items[i].cp;

        if (!nu__orm_is_expression(cases->items[i]) || when->klass != &nu__when)
            nu_raise(NU_TYPE_ERROR, "Positional arguments must all be When objects.");
        whens[i] = (nu_when){ nu_expr_cond(when->args[0]), when->args[1] };
    }
    if (!is_none(args[1]))
        whens[cases->len].then = (nu_expr *)nu__orm_operand(args[1], true);
    return made(self, nu_case_(whens), args[2]);
}

/* ---- order and windows -------------------------------------------------------------------------
 */

static nu__py make_order_by(nu__py self, const nu__py *args)
{
    int nulls = nu__py_true_or(args[2], false) ? -1 : nu__py_true_or(args[3], false);

    return made(self, nu_order_(field_or_value(args[0]), nu__py_true_or(args[1], false), nulls),
                nu__py_none());
}

/* What a window is partitioned or ordered by: one of them or several. */
static nu_values several(nu__py value, bool ordering)
{
    bool sequence = NU__PY_IS(value, list) || NU__PY_IS(value, tuple);
    nu__py list = sequence ? value : nu__py_list_new(&nu__py_list_type, 1);
    nu_value *items;

    if (is_none(value))
        return (nu_values){ 0 };
    if (!sequence)
        nu__py_append(list, value);
    items = nu_alloc_array(nu_value, list.list->len + 1);
    for (size_t i = 0; i < list.list->len; i++) {
        nu__py item = list.list->items[i];
        nu_str name = NU__PY_IS(item, str) ? item.s : (nu_str){ 0 };

        if (!name.ptr && !nu__orm_is_expression(item))
            nu_raise(NU_VALUE_ERROR,
                     "Window.order_by must be either a string reference to a field, an expression, "
                     "or a list or tuple of them.");
        if (ordering && name.len && name.ptr[0] == '-')
            items[i] =
                nu_v_expr(nu_order_(nu_v_str((nu_str){ name.ptr + 1, name.len - 1 }), true, 0));
        else
            items[i] = field_or_value(item);
    }
    return (nu_values){ items, list.list->len };
}

static const nu__py_type frame_type;

static nu__py make_window(nu__py self, const nu__py *args)
{
    nu_window options = { .partition = several(args[1], false), .order = several(args[2], true) };

    if (!is_none(args[3])) {
        if (!nu__py_is_a(args[3].type, &frame_type))
            nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'resolve_expression'",
                     args[3].type->name);
        options.frame = *(const nu_frame *)args[3].cp;
    }
    return made(self, nu_window_((nu_expr *)nu__orm_operand(args[0], true), &options), args[4]);
}

static nu_opt_int bound(nu__py value, const char *what)
{
    if (is_none(value))
        return (nu_opt_int){ 0 };
    if (!NU__PY_IS(value, int) && !NU__PY_IS(value, bool))
        nu_raise(NU_VALUE_ERROR, "{} argument must be an integer, zero, or None, but got '{}'.",
                 what, nu__py_text(value));
    return nu_some_int(nu__py_as_int(value, what));
}

static nu__py make_frame(nu__py self, const nu__py *args)
{
    nu_frame *frame = nu_alloc(nu_frame);

    *frame = (nu_frame){ .set = true,
                         .range = nu_eq(nu_s(self.class_->name), "ValueRange"),
                         .start = bound(args[0], "start"),
                         .end = bound(args[1], "end") };
    if (!is_none(args[2]))
        frame->exclusion = (nu_frame_exclusion)nu__py_as_int(args[2], "exclusion");
    return nu__py_pointer(self.class_, frame);
}

static const nu__py_type frame_type = { .name = "WindowFrame",
                                        .module = "django.db.models.expressions" };

static bool exclusion_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    static const struct {
        const char *name;
        nu_frame_exclusion value;
    } rows[] = { { "CURRENT_ROW", NU_EXCLUDE_CURRENT_ROW },
                 { "GROUP", NU_EXCLUDE_GROUP },
                 { "TIES", NU_EXCLUDE_TIES },
                 { "NO_OTHERS", NU_EXCLUDE_NO_OTHERS } };

    (void)type;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (nu_eq(name, rows[i].name)) {
            *out = nu__py_int(rows[i].value);
            return true;
        }
    return false;
}

/* ---- functions whose name in SQL is given ------------------------------------------------------
 */

static nu__py make_func(nu__py self, const nu__py *args)
{
    const char *function = nu__orm_cstr(args[1], "function");
    nu_dict *options = nu__py_to_value(args[3]).dict;

    return made(self, nu_func_(function ? function : "", nu__orm_values(args[0]), options),
                args[2]);
}

static nu__py make_json_object(nu__py self, const nu__py *args)
{
    return made(self, nu_json_object_(nu__orm_vars(args[0])), nu__py_none());
}

/* ---- lookups as expressions
 * ---------------------------------------------------------------------- */

static const struct {
    const char *name, *lookup;
} lookup_names[] = {
    { "Exact", "exact" },
    { "GreaterThan", "gt" },
    { "GreaterThanOrEqual", "gte" },
    { "LessThan", "lt" },
    { "LessThanOrEqual", "lte" },
    { "IsNull", "isnull" },
    { "In", "in" },
    { "Contains", "contains" },
    { "IContains", "icontains" },
    { "StartsWith", "startswith" },
    { "IStartsWith", "istartswith" },
    { "EndsWith", "endswith" },
    { "IEndsWith", "iendswith" },
    { "IExact", "iexact" },
    { "Range", "range" },
    { "Regex", "regex" },
    { "IRegex", "iregex" },
};

/* Text on the left is a value, as Lookup.get_prep_lhs() has it; a name is F("name"). */
static nu_value left_side(nu__py value)
{
    if (nu__orm_is_expression(value) || nu__orm_query_of(value))
        return nu__py_to_value(value);
    return nu_v_expr(nu_value_expr(nu__py_to_value(value)));
}

/* Of the class, or of the one that it was made of: IntegerGreaterThan is GreaterThan. */
static const char *lookup_of(const nu__py_type *class_)
{
    for (const nu__py_type *each = class_; each; each = each->base)
        for (size_t i = 0; i < sizeof lookup_names / sizeof *lookup_names; i++)
            if (nu_eq(nu_s(each->name), lookup_names[i].name))
                return lookup_names[i].lookup;
    nu_raise(NU_TYPE_ERROR, "{} is no lookup", class_->name);
}

static nu__py make_lookup(nu__py self, const nu__py *args)
{
    return made(self,
                nu_lookup_(lookup_of(self.class_), left_side(args[0]), nu__py_to_value(args[1])),
                nu__py_none());
}

const nu__py_type *nu__orm_lookup_class(nu_str lookup)
{
    for (size_t i = 0; i < sizeof lookup_names / sizeof *lookup_names; i++)
        if (nu_eq(lookup, lookup_names[i].lookup))
            return nu__orm_class(nu_s(lookup_names[i].name));
    return NULL;
}

/* ---- Prefetch
 * ------------------------------------------------------------------------------------ */

static nu__py make_prefetch(nu__py self, const nu__py *args)
{
    nu_prefetch *prefetch = nu_alloc(nu_prefetch);

    prefetch->path = nu__orm_cstr(args[0], "Prefetch()");
    prefetch->queryset = is_none(args[1]) ? NULL : nu__orm_query_argument(args[1], "Prefetch()");
    prefetch->to_attr = nu__orm_cstr(args[2], "to_attr");
    if (prefetch->queryset &&
        (!prefetch->queryset->tree || prefetch->queryset->shape != NU__SHAPE_OBJECTS))
        nu_raise(NU_VALUE_ERROR,
                 "Prefetch querysets cannot use raw(), values(), and values_list().");
    return nu__py_pointer(self.class_, prefetch);
}

/* The path with its last name replaced by to_attr. */
static nu__py prefetch_to(nu__py self)
{
    const nu_prefetch *prefetch = self.cp;
    nu_str path = nu_s(prefetch->path), head = S("");
    const char *last = memrchr(path.ptr, '_', path.len);

    if (!prefetch->to_attr)
        return nu__py_str(path);
    if (last && last > path.ptr && last[-1] == '_')
        head = (nu_str){ path.ptr, (size_t)(last + 1 - path.ptr) };
    return nu__py_str(nu_fmt("{}{}", head, prefetch->to_attr));
}

static nu__py prefetch_through(nu__py self)
{
    return nu__py_str(nu_s(((const nu_prefetch *)self.cp)->path));
}

static nu__py prefetch_to_attr(nu__py self)
{
    const nu_prefetch *prefetch = self.cp;

    return prefetch->to_attr ? nu__py_str(nu_s(prefetch->to_attr)) : nu__py_none();
}

static const nu__py_attribute prefetch_attributes[] = { { "prefetch_to", prefetch_to },
                                                        { "prefetch_through", prefetch_through },
                                                        { "to_attr", prefetch_to_attr },
                                                        { 0 } };

static bool prefetch_equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = nu__py_equal(prefetch_to(a), prefetch_to(b));
    return true;
}

const nu__py_type nu__orm_prefetch_type = { .name = "Prefetch",
                                            .module = "django.db.models",
                                            .signature = "lookup, queryset=, to_attr=",
                                            .attributes = prefetch_attributes,
                                            .equal = prefetch_equal,
                                            .make = make_prefetch };

/* ---- the table
 * ----------------------------------------------------------------------------------- */

#define EXPRESSION(n, s, f)                                                                        \
    {                                                                                              \
        .name = (n), .base = &nu__orm_expression_type, .module = "django.db.models.expressions",   \
        .signature = (s), .make = (f)                                                              \
    }
#define LOOKUP(n) EXPRESSION(n, "lhs, rhs", make_lookup)
#define FRAME(n)                                                                                   \
    {                                                                                              \
        .name = (n), .base = &frame_type, .module = "django.db.models.expressions",                \
        .signature = "start=, end=, exclusion=", .make = make_frame                                \
    }

const nu__py_type nu__orm_classes[] = {
    { .name = "Value",
      .base = &nu__orm_expression_type,
      .module = "django.db.models.expressions",
      .signature = "value, output_field=",
      .attributes = value_attributes,
      .make = make_value },
    EXPRESSION("OuterRef", "name", make_outer_ref),
    EXPRESSION("Subquery", "queryset, output_field=", make_subquery),
    EXPRESSION("Exists", "queryset, output_field=", make_exists),
    EXPRESSION("FilteredRelation", "relation_name, *, condition=", make_filtered),
    EXPRESSION("RawSQL", "sql, params, output_field=", make_raw),
    EXPRESSION("KT", "lookup", make_kt),
    EXPRESSION("Cast", "expression, output_field", make_cast),
    EXPRESSION("ExpressionWrapper", "expression, output_field", make_wrapper),
    EXPRESSION("Collate", "expression, collation", make_collate),
    EXPRESSION("When", "condition=, then=, **lookups", make_when),
    EXPRESSION("Case", "*cases, default=, output_field=, **extra", make_case),
    EXPRESSION("OrderBy", "expression, descending=, nulls_first=, nulls_last=", make_order_by),
    EXPRESSION("Window",
               "expression, partition_by=, order_by=, frame=, output_field=", make_window),
    EXPRESSION("Func", "*expressions, function=, output_field=, **extra", make_func),
    EXPRESSION("JSONObject", "**fields", make_json_object),
    LOOKUP("Exact"),
    LOOKUP("GreaterThan"),
    LOOKUP("GreaterThanOrEqual"),
    LOOKUP("LessThan"),
    LOOKUP("LessThanOrEqual"),
    LOOKUP("IsNull"),
    LOOKUP("In"),
    LOOKUP("Contains"),
    LOOKUP("IContains"),
    LOOKUP("StartsWith"),
    LOOKUP("IStartsWith"),
    LOOKUP("EndsWith"),
    LOOKUP("IEndsWith"),
    LOOKUP("IExact"),
    LOOKUP("Range"),
    LOOKUP("Regex"),
    LOOKUP("IRegex"),
    FRAME("RowRange"),
    FRAME("ValueRange"),
    { .name = "WindowFrameExclusion",
      .module = "django.db.models.expressions",
      .get_static = exclusion_static },
    { 0 },
};
