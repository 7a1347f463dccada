/* Q: conditions, and what filter() and its like are given. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"

#include <stdlib.h>
#include <string.h>

/* ---- one condition ------------------------------------------------------------------------- */

static nu_cond lookup_of(nu__py name, nu__py value)
{
    return (nu_cond){ .lookup = nu__orm_name(nu__py_as_str(name, "a lookup"), "a lookup"),
                      .value = nu__py_to_value(value) };
}

static bool is_condition(nu__py value)
{
    return nu__orm_is_expression(value);
}

/* A pair ("gpa__gt", 3), as Q() takes it beside keywords. */
static nu_cond pair_of(nu__py value)
{
    nu__py pair;

    if (!NU__PY_IS(value, tuple) && !NU__PY_IS(value, list) && !NU__PY_IS(value, str))
        nu_raise(NU_TYPE_ERROR, "cannot unpack non-iterable {} object", value.type->name);
    pair = nu__py_collect(value, &nu__py_tuple_type);
    if (pair.list->len < 2)
        nu_raise(NU_VALUE_ERROR, "not enough values to unpack (expected 2, got {})",
                 pair.list->len);
    if (pair.list->len > 2)
        nu_raise(NU_VALUE_ERROR, "too many values to unpack (expected 2)");
    return lookup_of(pair.list->items[0], pair.list->items[1]);
}

static nu_cond condition_of(nu__py value)
{
    return is_condition(value) ? nu_expr_cond((nu_expr *)value.cp) : pair_of(value);
}

static int by_name(const void *a, const void *b)
{
    const nu_cond *x = a, *y = b;

    return strcmp(x->lookup, y->lookup);
}

const nu_cond *nu__orm_conditions(nu__py args, nu__py kwargs)
{
    size_t n = args.list->len, named = nu__py_given(kwargs) ? kwargs.dict->len : 0, at = 0;
    nu_cond *out = nu_alloc_array(nu_cond, n + named + 1);
    nu__py_entry *entry;

    for (size_t i = 0; i < n; i++)
        out[i] = condition_of(args.list->items[i]);
    for (size_t i = n; i < n + named; i++) {
        entry = nu__py_dict_next(kwargs.dict, &at);
        out[i] = lookup_of(entry->key, entry->value);
    }
    qsort(out + n, named, sizeof *out, by_name); /* Django sorts them: it tells the joins' order */
    return out;
}

const nu_expr *nu__orm_q_node(nu__py args, nu__py kwargs, nu__connector connector, bool negated)
{
    return nu__q_of(nu__orm_conditions(args, kwargs), connector, negated);
}

/* ---- Q --------------------------------------------------------------------------------------- */

static const char *const connector_names[] = {
    [NU__AND] = "AND", [NU__OR] = "OR", [NU__XOR] = "XOR"
};

static nu__connector connector_of(nu__py value)
{
    nu_str text;

    if (!nu__py_given(value) || NU__PY_IS(value, none))
        return NU__AND;
    text = nu__py_as_str(value, "_connector");
    for (int i = NU__AND; i <= NU__XOR; i++)
        if (nu_eq(text, connector_names[i]))
            return (nu__connector)i;
    nu_raise(NU_VALUE_ERROR, "_connector must be one of 'AND', 'OR', 'XOR', or None.");
}

static nu__py make_q(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__orm_expression(
        &nu__orm_q_type,
        nu__orm_q_node(args[0], args[3], connector_of(args[1]), nu__py_true_or(args[2], false)));
}

static const nu__connector connectors[] = {
    [NU__PY_AND] = NU__AND, [NU__PY_OR] = NU__OR, [NU__PY_XOR] = NU__XOR
};

static const nu_expr *as_node(const nu_expr *expr)
{
    nu_cond conditions[] = { nu_expr_cond((nu_expr *)expr), { 0 } };

    return expr->klass == &nu__q ? expr : nu__q_of(conditions, NU__AND, false);
}

/* An empty Q adds nothing: the other side is the whole. */
static const nu_expr *joined(const nu_expr *a, const nu_expr *b, nu__connector connector)
{
    nu_cond conditions[] = { nu_expr_cond((nu_expr *)a), nu_expr_cond((nu_expr *)b), { 0 } };

    if (a->klass == &nu__q && !a->n_args)
        return as_node(b);
    if (b->klass == &nu__q && !b->n_args)
        return as_node(a);
    return nu__q_of(conditions, connector, false);
}

bool nu__orm_is_condition(nu__py value)
{
    return nu__orm_is_expression(value) &&
           (((const nu_expr *)value.cp)->klass->conditional ||
            nu__expr_output_or_null(value.cp) == nu__type_of(NU_BOOLEAN_FIELD));
}

bool nu__orm_join_conditions(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (op == NU__PY_INVERT) {
        *out = nu__orm_expression(a.type, nu_cond_expr(nu_not(nu_expr_cond((nu_expr *)a.cp))));
        return true;
    }
    if ((op != NU__PY_AND && op != NU__PY_OR && op != NU__PY_XOR) || !nu__orm_is_condition(a) ||
        !nu__orm_is_condition(b))
        return false;
    *out = nu__orm_expression(&nu__orm_q_type, joined(a.cp, b.cp, connectors[op]));
    return true;
}

static bool q_binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    bool joining = op == NU__PY_AND || op == NU__PY_OR || op == NU__PY_XOR;

    if (joining && a.type == &nu__orm_q_type && !nu__orm_is_condition(b))
        nu_raise(NU_TYPE_ERROR, "{}", nu__py_text(b));
    return nu__orm_join_conditions(op, a, b, out);
}

static bool q_static(const nu__py_type *type, nu_str name, nu__py *out)
{
    (void)type;
    for (int i = NU__AND; i <= NU__XOR; i++)
        if (nu_eq(name, connector_names[i])) {
            *out = nu__py_str(nu_s(connector_names[i]));
            return true;
        }
    return false;
}

static bool q_truth(nu__py self)
{
    return ((const nu_expr *)self.cp)->n_args > 0;
}

static int64_t q_length(nu__py self)
{
    return ((const nu_expr *)self.cp)->n_args;
}

static nu__py q_connector(nu__py self)
{
    return nu__py_str(nu_s(connector_names[((const nu_expr *)self.cp)->connector]));
}

static nu__py q_negated(nu__py self)
{
    return nu__py_bool(((const nu_expr *)self.cp)->flags & NU__NEGATED);
}

/* A lookup is a pair of its name and value, as in Q(…). */
static nu__py child_of(const nu_expr *expr)
{
    if (expr->klass == &nu__condition_expr)
        return nu__py_pair(nu__py_str(expr->name), nu__py_of(expr->value));
    return nu__orm_expression(expr->klass == &nu__q ? &nu__orm_q_type : &nu__orm_expression_type,
                              expr);
}

static nu__py q_children(nu__py self)
{
    const nu_expr *q = self.cp;
    nu__py out = nu__py_list_new(&nu__py_list_type, q->n_args);

    for (uint32_t i = 0; i < q->n_args; i++)
        nu__py_append(out, child_of(q->args[i]));
    return out;
}

static bool q_contains(nu__py self, nu__py item)
{
    return nu__py_contains(q_children(self), item);
}

/* The fields of the model itself that a Q is about. */
static void add_base_fields(const nu_expr *expr, nu__py set)
{
    const char *end;

    if (expr->klass == &nu__condition_expr) {
        end = strstr(expr->name.ptr, "__");
        nu__py_dict_set(set.dict,
                        nu__py_str(end ? (nu_str){ expr->name.ptr, (size_t)(end - expr->name.ptr) }
                                       : expr->name),
                        nu__py_none());
    }
    for (uint32_t i = 0; expr->klass == &nu__q && i < expr->n_args; i++)
        add_base_fields(expr->args[i], set);
}

static nu__py q_base_fields(nu__py self)
{
    nu__py out = nu__py_dict_new(&nu__py_set_type);

    add_base_fields(self.cp, out);
    return out;
}

/* (path, args, kwargs), from which Q() makes it again. */
static nu__py q_deconstruct(nu__py self, const nu__py *args)
{
    const nu_expr *q = self.cp;
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 3), named = nu__py_dict_new(&nu__py_dict_type);

    (void)args;
    if (q->connector != NU__AND)
        nu__py_dict_set(named.dict, nu__py_str(S("_connector")), q_connector(self));
    if (q->flags & NU__NEGATED)
        nu__py_dict_set(named.dict, nu__py_str(S("_negated")), nu__py_bool(true));
    nu__py_append(out, nu__py_str(S("django.db.models.Q")));
    nu__py_append(out, nu__py_collect(q_children(self), &nu__py_tuple_type));
    nu__py_append(out, named);
    return out;
}

static const nu__py_method q_methods[] = { { "deconstruct", NULL, q_deconstruct }, { 0 } };

static const nu__py_attribute q_attributes[] = {
    { "connector", q_connector },
    { "negated", q_negated },
    { "children", q_children },
    { "referenced_base_fields", q_base_fields },
    { 0 },
};

const nu__py_type nu__orm_q_type = {
    .name = "Q",
    .base = &nu__orm_expression_type,
    .module = "django.db.models.query_utils",
    .signature = "*args, _connector=, _negated=, **kwargs",
    .make = make_q,
    .methods = q_methods,
    .attributes = q_attributes,
    .get_static = q_static,
    .binary = q_binary,
    .truth = q_truth,
    .contains = q_contains,
    .length = q_length,
};
