/* Expressions: their operators, methods, and text. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"
#include "db/sql/functions.h"

nu__py nu__orm_expression(const nu__py_type *type, const nu_expr *expr)
{
    return nu__py_pointer(type, expr);
}

bool nu__orm_is_expression(nu__py value)
{
    return nu__py_is_a(value.type, &nu__orm_expression_type);
}

const nu_expr *nu__orm_operand(nu__py value, bool text_is_field)
{
    return nu__argument(nu__py_to_value(value), text_is_field);
}

/* ---- operators ------------------------------------------------------------------------------- */

static const nu__py_type combined_type = { .name = "CombinedExpression",
                                           .base = &nu__orm_expression_type,
                                           .module = "django.db.models.expressions" };

static const char arithmetic[] = {
    [NU__PY_ADD] = '+', [NU__PY_SUB] = '-', [NU__PY_MUL] = '*',
    [NU__PY_DIV] = '/', [NU__PY_MOD] = '%', [NU__PY_POW] = '^',
};

static nu__py combine(int op, nu__py a, nu__py b)
{
    return nu__orm_expression(&combined_type, nu_binary_(op, (nu_expr *)nu__orm_operand(a, false),
                                                         (nu_expr *)nu__orm_operand(b, false)));
}

static bool is_search_query(nu__py value)
{
    return nu__orm_is_expression(value) && nu__is_search_query((const nu_expr *)value.cp);
}

/* Queries of full text search are met together, or one of them, or not. */
static bool join_searches(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (!is_search_query(a) || (op != NU__PY_INVERT && !is_search_query(b)) || op == NU__PY_XOR)
        return false;
    *out = op == NU__PY_INVERT
               ? nu__orm_expression(&combined_type, nu__search_inverted((const nu_expr *)a.cp))
               : combine(op == NU__PY_AND ? '&' : '|', a, b);
    return true;
}

static bool expression_binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (op == NU__PY_NEG) {
        *out = combine('*', a, nu__py_int(-1));
        return true;
    }
    if (op < sizeof arithmetic && arithmetic[op]) {
        *out = combine(arithmetic[op], a, b);
        return true;
    }
    if (op == NU__PY_AND || op == NU__PY_OR || op == NU__PY_XOR || op == NU__PY_INVERT) {
        if (join_searches(op, a, b, out) || nu__orm_join_conditions(op, a, b, out))
            return true;
        nu_raise(NU_NOT_IMPLEMENTED_ERROR,
                 "Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.");
    }
    return false;
}

/* F("name")[1:3], F("name")[0]: part of a text. */
static nu__py expression_item(nu__py self, nu__py key)
{
    const nu__py_slice *slice = key.p;
    int64_t from;

    if (NU__PY_IS(key, int)) {
        from = nu__py_as_int(key, "an index");
        if (from < 0)
            nu_raise(NU_VALUE_ERROR, "Negative indexing is not supported.");
        return nu__orm_expression(&nu__orm_expression_type,
                                  nu_slice_of((nu_expr *)self.cp, from, from + 1));
    }
    if (!NU__PY_IS(key, slice))
        nu_raise(NU_TYPE_ERROR, "Argument to slice must be either int or slice instance.");
    if (nu__py_given(slice->step) && !NU__PY_IS(slice->step, none))
        nu_raise(NU_VALUE_ERROR, "Step argument is not supported.");
    from = nu__py_int_or(slice->from, 0, "a slice");
    return nu__orm_expression(
        &nu__orm_expression_type,
        nu_slice_of((nu_expr *)self.cp, from, nu__py_int_or(slice->to, -1, "a slice")));
}

static bool expression_equal(nu__py a, nu__py b, bool *out)
{
    if (!nu__orm_is_expression(a) || !nu__orm_is_expression(b))
        return false;
    *out = nu__expr_same(a.cp, b.cp);
    return true;
}

/* ---- methods --------------------------------------------------------------------------------- */

static nu__py bits(int op, nu__py self, nu__py other)
{
    return combine(op, self, other);
}

static nu__py bitand(nu__py self, const nu__py *args)
{
    return bits('&', self, args[0]);
}

static nu__py bitor (nu__py self, const nu__py *args)
{
    return bits('|', self, args[0]);
}

static nu__py bitxor(nu__py self, const nu__py *args)
{
    return bits('#', self, args[0]);
}

static nu__py bitleftshift(nu__py self, const nu__py *args)
{
    return bits('<', self, args[0]);
}

static nu__py bitrightshift(nu__py self, const nu__py *args)
{
    return bits('>', self, args[0]);
}

static const nu__py_type order_by_type = { .name = "OrderBy",
                                           .base = &nu__orm_expression_type,
                                           .module = "django.db.models.expressions" };

static nu__py order(nu__py self, const nu__py *args, bool descending)
{
    bool first = nu__py_true_or(args[0], false), last = nu__py_true_or(args[1], false);

    if (first && last)
        nu_raise(NU_VALUE_ERROR, "nulls_first and nulls_last are mutually exclusive");
    if ((nu__py_given(args[0]) && NU__PY_IS(args[0], bool) && !first) ||
        (nu__py_given(args[1]) && NU__PY_IS(args[1], bool) && !last))
        nu_raise(NU_VALUE_ERROR, "nulls_first and nulls_last values must be True or None.");
    return nu__orm_expression(&order_by_type,
                              nu_order_(nu_v_expr(self.cp), descending, first ? -1 : last));
}

static nu__py asc(nu__py self, const nu__py *args)
{
    return order(self, args, false);
}

static nu__py desc(nu__py self, const nu__py *args)
{
    return order(self, args, true);
}

static nu__py get_name(nu__py self)
{
    return nu__py_str(((const nu_expr *)self.cp)->name);
}

static const nu__py_method methods[] = {
    { "bitand", "other", bitand},
    { "bitor", "other", bitor },
    { "bitxor", "other", bitxor },
    { "bitleftshift", "other", bitleftshift },
    { "bitrightshift", "other", bitrightshift },
    { "asc", "*, nulls_first=, nulls_last=", asc },
    { "desc", "*, nulls_first=, nulls_last=", desc },
    { 0 },
};

/* ---- text ------------------------------------------------------------------------------------ */

static void expression_repr(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu__expr_repr(self.cp));
}

static void expression_text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu__expr_str(self.cp));
}

/* Equal values have one, be they 1, 1.0 or True; of what can't be hashed it is the text's. */
static uint64_t hash_of_value(nu_value value)
{
    bool container = value.kind == NU_KIND_LIST || value.kind == NU_KIND_DICT;

    if (container || value.kind == NU_KIND_QUERY || value.kind == NU_KIND_OBJECT)
        return nu__py_hash(nu__py_str(nu_fmt("{!r}", value)));
    return value.kind == NU_KIND_EXPR ? 0 : nu__py_hash(nu__py_of(value));
}

/* Of what nu__expr_same() compares. */
static uint64_t hash_of(const nu_expr *expr)
{
    uint64_t hash = nu__py_hash(nu__py_str(nu_s(nu__expr_class_name(expr))));

    hash = hash * 31 + nu__py_hash(nu__py_str(expr->name.ptr ? expr->name : S("")));
    hash = hash * 31 + hash_of_value(expr->value);
    for (uint32_t i = 0; i < expr->n_args; i++)
        hash = hash * 31 + (expr->args[i] ? hash_of(expr->args[i]) : 0);
    return hash;
}

static bool expression_hash(nu__py self, uint64_t *out)
{
    *out = hash_of(self.cp);
    return true;
}

const nu__py_type nu__orm_expression_type = {
    .name = "Expression",
    .module = "django.db.models.expressions",
    .methods = methods,
    .binary = expression_binary,
    .item = expression_item,
    .equal = expression_equal,
    .hash = expression_hash,
    .repr = expression_repr,
    .text = expression_text,
};

/* ---- F --------------------------------------------------------------------------------------- */

static nu__py make_f(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__orm_expression(&nu__orm_f_type, F(nu__orm_cstr(args[0], "F()")));
}

static void f_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "F({})", ((const nu_expr *)self.cp)->name);
}

static const nu__py_attribute f_attributes[] = { { "name", get_name }, { 0 } };

const nu__py_type nu__orm_f_type = {
    .name = "F",
    .base = &nu__orm_expression_type,
    .module = "django.db.models.expressions",
    .signature = "name",
    .make = make_f,
    .attributes = f_attributes,
    .repr = f_repr,
};
