/* Expressions that descriptors hold as text: "Lower('name')". */
#include "db/models/expression_text.h"

#include "db/models/expression_words.h"
#include "db/sql/functions.h"

#include <nuages/decimal.h>
#include <nuages/expressions.h>

#include <string.h>

/* Longer than anything that a person writes. */
#define ARGUMENT_CAP 16

static nu_expr *field_named(nu__text_reader *reader, nu_str name)
{
    const nu_expr *value = reader->value_of ? reader->value_of(reader->arg, name) : NULL;

    return value ? (nu_expr *)(uintptr_t)value : F(name.ptr);
}

/* An argument of a function: a text names a field; a number stays one, for what checks it. */
static nu_value take_argument(nu__text_reader *reader)
{
    char first = nu__text_peek(reader);

    if (first == '\'' || first == '"')
        return nu_v_expr(field_named(reader, nu__text_quoted(reader)));
    if (first >= '0' && first <= '9') {
        size_t before = reader->at;
        nu_value number = nu__text_number(reader);

        if (strchr(",)", nu__text_peek(reader)))
            return number;
        reader->at = before;
    }
    return nu_v_expr(nu__text_sum(reader));
}

static nu_expr *take_case(nu__text_reader *reader)
{
    nu_when cases[ARGUMENT_CAP + 1] = { { { 0 }, NULL } };
    size_t n = 0;

    while (!nu__text_take(reader, ")")) {
        if (n == ARGUMENT_CAP)
            nu__text_fail(reader, "fewer cases");
        if (n)
            nu__text_must_take(reader, ",");
        if (nu__text_take(reader, "default=")) {
            cases[n++].then = nu__text_sum(reader);
            continue;
        }
        nu__text_must_take(reader, "When(");
        cases[n].when = (nu_cond){ .op = NU__COND_EXPR, .value = nu_v_expr(nu__text_any(reader)) };
        nu__text_must_take(reader, "then=");
        cases[n++].then = nu__text_sum(reader);
        nu__text_must_take(reader, ")");
    }
    return nu_case_(cases);
}

/* Func('starts', 'ends', function='TSTZRANGE') */
static nu_expr *take_func(nu__text_reader *reader)
{
    nu_value args[ARGUMENT_CAP];
    nu_str function;
    size_t n = 0;

    while (!nu__text_take(reader, "function=")) {
        if (n == ARGUMENT_CAP)
            nu__text_fail(reader, "fewer arguments");
        args[n++] = take_argument(reader);
        nu__text_must_take(reader, ",");
    }
    function = nu__text_quoted(reader);
    nu__text_must_take(reader, ")");
    return nu_func_(function.ptr, (nu_values){ args, n }, NULL);
}

/* RangeBoundary(inclusive_upper=True): SQL's '[]', of no type. */
static nu_expr *take_boundary(nu__text_reader *reader)
{
    static const char *const sides[] = { "inclusive_lower=", "inclusive_upper=" };
    bool inclusive[] = { true, false };

    for (size_t i = 0; !nu__text_take(reader, ")"); i++) {
        size_t side = i;

        if (i)
            nu__text_must_take(reader, ",");
        for (size_t k = 0; k < 2; k++)
            if (nu__text_take(reader, sides[k]))
                side = k;
        if (side > 1)
            nu__text_fail(reader, "two sides at most");
        inclusive[side] = nu__text_take(reader, "True");
        if (!inclusive[side])
            nu__text_must_take(reader, "False");
    }
    return nu_func_("", (nu_values){ 0 },
                    NU_DICT(("template", nu_fmt("'{}{}'", inclusive[0] ? "[" : "(",
                                                inclusive[1] ? "]" : ")"))));
}

static nu_expr *take_call(nu__text_reader *reader, nu_str name)
{
    nu_value args[ARGUMENT_CAP];
    size_t n = 0;

    if (nu_eq(name, "Case"))
        return take_case(reader);
    if (nu_eq(name, "Func"))
        return take_func(reader);
    if (nu_eq(name, "RangeBoundary"))
        return take_boundary(reader);
    if (!nu__function_find(name))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "\"{}\": there is no function {}{}", reader->text, name,
                 nu__function_suggestion(name));
    while (!nu__text_take(reader, ")")) {
        if (n == ARGUMENT_CAP)
            nu__text_fail(reader, "fewer arguments");
        if (n)
            nu__text_must_take(reader, ",");
        args[n++] = take_argument(reader);
    }
    return nu_function_(name.ptr, (nu_values){ args, n });
}

static const struct {
    const char *word;
    nu_kind kind;
    bool b;
} constants[] = { { "True", NU_KIND_BOOL, true },
                  { "False", NU_KIND_BOOL, false },
                  { "None", NU_KIND_NULL, false } };

static nu_expr *take_name(nu__text_reader *reader)
{
    nu_str name = nu__text_word(reader);
    nu_expr *expr;

    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (nu_eq(name, constants[i].word))
            return nu_value_expr((nu_value){ .kind = constants[i].kind, .b = constants[i].b });
    if (!name.len || !nu__text_take(reader, "("))
        nu__text_fail(reader, "a number, True, False, None, 'text', F(\"name\") or a function");
    if (nu_eq(name, "F")) {
        expr = field_named(reader, nu__text_quoted(reader));
        nu__text_must_take(reader, ")");
        return expr;
    }
    if (nu_eq(name, "Value")) {
        expr = nu__text_sum(reader);
        nu__text_must_take(reader, ")");
        return expr;
    }
    return take_call(reader, name);
}

static nu_expr *take_atom(nu__text_reader *reader)
{
    char first = nu__text_peek(reader);
    nu_expr *inner;

    if (first == '\'' || first == '"')
        return nu_value_expr(nu_v_str(nu__text_quoted(reader)));
    if ((first >= '0' && first <= '9') || first == '.')
        return nu_value_expr(nu__text_number(reader));
    if (!nu__text_take(reader, "("))
        return take_name(reader);
    inner = nu__text_sum(reader);
    nu__text_must_take(reader, ")");
    return inner;
}

/* A number is negated as it stands; of all else Django makes -1 times it. */
static nu_expr *negated(nu_expr *expr)
{
    if (expr->klass == &nu__literal && expr->value.kind == NU_KIND_INT)
        return nu_value_expr(nu_v_int(-expr->value.i));
    if (expr->klass == &nu__literal && expr->value.kind == NU_KIND_DECIMAL)
        return nu_value_expr(nu_v_decimal(nu_decimal_neg(nu_dec(expr->value))));
    return nu_binary_('*', expr, nu_value_expr(nu_v_int(-1)));
}

static nu_expr *take_sign(nu__text_reader *reader)
{
    nu_expr *expr;

    nu__text_deeper(reader);
    if (nu__text_take(reader, "-")) {
        expr = negated(take_sign(reader));
    } else {
        expr = take_atom(reader);
        if (nu__text_take(reader, "**"))
            expr = nu_binary_('^', expr, take_sign(reader));
    }
    reader->depth--;
    return expr;
}

/* The operator of a set that comes next, taken; 0: none. "**" is none of them. */
static int take_operator(nu__text_reader *reader, const char *operators)
{
    char next = nu__text_peek(reader);

    if (!next || !strchr(operators, next))
        return 0;
    reader->at++;
    return next;
}

static nu_expr *take_product(nu__text_reader *reader)
{
    nu_expr *expr = take_sign(reader);
    int op;

    while ((op = take_operator(reader, "*/%")))
        expr = nu_binary_(op, expr, take_sign(reader));
    return expr;
}

nu_expr *nu__text_sum(nu__text_reader *reader)
{
    nu_expr *expr;
    int op;

    nu__text_deeper(reader);
    expr = take_product(reader);
    while ((op = take_operator(reader, "+-")))
        expr = nu_binary_(op, expr, take_product(reader));
    reader->depth--;
    return expr;
}

/* OpClass(Upper('name'), name='varchar_pattern_ops') */
static nu_expr *take_indexed(nu__text_reader *reader)
{
    nu_value of;
    nu_str name;

    if (!nu__text_take(reader, "OpClass("))
        return nu__text_sum(reader);
    of = take_argument(reader);
    nu__text_must_take(reader, ",");
    nu__text_take(reader, "name=");
    name = nu__text_quoted(reader);
    nu__text_must_take(reader, ")");
    return nu__op_class_of(of, name);
}

static nu_expr *take_order(nu__text_reader *reader)
{
    nu_expr *expr = take_indexed(reader);
    bool descending = nu__text_take(reader, ".desc(");
    int nulls = 0;

    if (!descending && !nu__text_take(reader, ".asc("))
        return expr;
    if (nu__text_take(reader, "nulls_first=True"))
        nulls = -1;
    else if (nu__text_take(reader, "nulls_last=True"))
        nulls = 1;
    nu__text_must_take(reader, ")");
    return nu_order_(nu_v_expr(expr), descending, nulls);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static nu_expr *to_the_end(nu__text_reader *reader, nu_expr *(*part)(nu__text_reader *))
{
    nu_expr *expr = part(reader);

    if (nu__text_peek(reader))
        nu__text_fail(reader, "an operator or the end");
    return expr;
}

nu_expr *nu__text_condition(nu_str text)
{
    return to_the_end(&(nu__text_reader){ .text = text }, nu__text_any);
}

nu_expr *nu__text_expression_with(nu_str text, nu__text_value *value_of, void *arg)
{
    return to_the_end(&(nu__text_reader){ .text = text, .value_of = value_of, .arg = arg },
                      take_order);
}

nu_expr *nu__text_expression(nu_str text)
{
    return nu__text_expression_with(text, NULL, NULL);
}

nu_expr *nu__text_indexed(nu_expr *expr)
{
    while (expr->klass == &nu__order_by || expr->klass == &nu__op_class)
        expr = expr->args[0];
    return expr;
}

static bool collect_name(const nu_expr *expr, void *arg)
{
    if (expr->klass == &nu__f || expr->klass == &nu__condition_expr)
        nu_list_append(arg, expr->name);
    return true;
}

nu_list *nu__expression_names(const nu_expr *expr)
{
    nu_list *names = nu_list_new();

    nu__expr_walk(expr, collect_name, names);
    return names;
}
