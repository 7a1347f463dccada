#include "db/models/expression_text.h"

#include "db/sql/functions.h"

#include <nuages/decimal.h>
#include <nuages/expressions.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Deeper, or longer, than anything that a person writes. */
#define DEPTH_CAP    32
#define ARGUMENT_CAP 16

typedef struct reader {
    nu_str text;
    size_t at;
    int depth;
    nu__text_value *value_of;
    void *arg;
} reader;

static nu_expr *take_any(reader *reader);
static nu_expr *take_sum(reader *reader);

/* ---- words -------------------------------------------------------------------------------- */

static NU_NORETURN void fail(const reader *reader, const char *expected)
{
    nu_raise(NU_IMPROPERLY_CONFIGURED, "\"{}\" is wrong at character {}: {} expected", reader->text,
             (int64_t)reader->at + 1, expected);
}

static char peek(reader *reader)
{
    while (reader->at < reader->text.len && reader->text.ptr[reader->at] == ' ')
        reader->at++;
    return reader->at < reader->text.len ? reader->text.ptr[reader->at] : '\0';
}

static bool take(reader *reader, const char *word)
{
    size_t len = strlen(word);

    peek(reader);
    if (reader->text.len - reader->at < len ||
        memcmp(reader->text.ptr + reader->at, word, len) != 0)
        return false;
    reader->at += len;
    return true;
}

static void must_take(reader *reader, const char *word)
{
    if (!take(reader, word))
        fail(reader, nu_fmt("\"{}\"", word).ptr);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static nu_str take_word(reader *reader)
{
    size_t from;

    peek(reader);
    from = reader->at;
    while (reader->at < reader->text.len && is_word(reader->text.ptr[reader->at]))
        reader->at++;
    return nu_copy((nu_str){ reader->text.ptr + from, reader->at - from });
}

/* 'text' or "text"; no escapes. */
static nu_str take_quoted(reader *reader)
{
    char quote = peek(reader);
    const char *from = reader->text.ptr + reader->at + 1, *end;

    if (quote != '\'' && quote != '"')
        fail(reader, "a quote");
    end = memchr(from, quote, reader->text.len - reader->at - 1);
    if (!end)
        fail(reader, "a closing quote");
    reader->at += (size_t)(end - from) + 2;
    return nu_copy((nu_str){ from, (size_t)(end - from) });
}

/* Fractions are exact: a decimal field's limit never passes through a double. */
static nu_value take_number(reader *reader)
{
    size_t from = reader->at;
    bool whole = true;
    nu_decimal decimal;
    nu_str digits;
    int64_t number;
    char *end;

    while (reader->at < reader->text.len && strchr(".0123456789eE", reader->text.ptr[reader->at])) {
        whole &= !strchr(".eE", reader->text.ptr[reader->at]);
        reader->at++;
    }
    digits = nu_copy((nu_str){ reader->text.ptr + from, reader->at - from });
    errno = 0;
    number = strtoll(digits.ptr, &end, 10);
    if (whole && !errno && !*end)
        return nu_v_int(number);
    if (!nu_decimal_try_parse(digits, &decimal))
        fail(reader, "a number");
    return nu_v_decimal(decimal);
}

static void deeper(reader *reader)
{
    if (++reader->depth > DEPTH_CAP)
        fail(reader, "less nesting");
}

/* ---- expressions -------------------------------------------------------------------------- */

static nu_expr *field_named(reader *reader, nu_str name)
{
    const nu_expr *value = reader->value_of ? reader->value_of(reader->arg, name) : NULL;

    return value ? (nu_expr *)(uintptr_t)value : F(name.ptr);
}

/* An argument of a function: a text names a field; a number stays one, for what checks it. */
static nu_value take_argument(reader *reader)
{
    char first = peek(reader);

    if (first == '\'' || first == '"')
        return nu_v_expr(field_named(reader, take_quoted(reader)));
    if (first >= '0' && first <= '9') {
        size_t before = reader->at;
        nu_value number = take_number(reader);

        if (strchr(",)", peek(reader)))
            return number;
        reader->at = before;
    }
    return nu_v_expr(take_sum(reader));
}

static nu_expr *take_case(reader *reader)
{
    nu_when cases[ARGUMENT_CAP + 1] = { { { 0 }, NULL } };
    size_t n = 0;

    while (!take(reader, ")")) {
        if (n == ARGUMENT_CAP)
            fail(reader, "fewer cases");
        if (n)
            must_take(reader, ",");
        if (take(reader, "default=")) {
            cases[n++].then = take_sum(reader);
            continue;
        }
        must_take(reader, "When(");
        cases[n].when = (nu_cond){ .op = NU__COND_EXPR, .value = nu_v_expr(take_any(reader)) };
        must_take(reader, "then=");
        cases[n++].then = take_sum(reader);
        must_take(reader, ")");
    }
    return nu_case_(cases);
}

/* Func('starts', 'ends', function='TSTZRANGE') */
static nu_expr *take_func(reader *reader)
{
    nu_value args[ARGUMENT_CAP];
    nu_str function;
    size_t n = 0;

    while (!take(reader, "function=")) {
        if (n == ARGUMENT_CAP)
            fail(reader, "fewer arguments");
        args[n++] = take_argument(reader);
        must_take(reader, ",");
    }
    function = take_quoted(reader);
    must_take(reader, ")");
    return nu_func_(function.ptr, (nu_values){ args, n }, NULL);
}

/* RangeBoundary(inclusive_upper=True): SQL's '[]', of no type. */
static nu_expr *take_boundary(reader *reader)
{
    static const char *const sides[] = { "inclusive_lower=", "inclusive_upper=" };
    bool inclusive[] = { true, false };

    for (size_t i = 0; !take(reader, ")"); i++) {
        size_t side = i;

        if (i)
            must_take(reader, ",");
        for (size_t k = 0; k < 2; k++)
            if (take(reader, sides[k]))
                side = k;
        if (side > 1)
            fail(reader, "two sides at most");
        inclusive[side] = take(reader, "True");
        if (!inclusive[side])
            must_take(reader, "False");
    }
    return nu_func_("", (nu_values){ 0 },
                    NU_DICT(("template", nu_fmt("'{}{}'", inclusive[0] ? "[" : "(",
                                                inclusive[1] ? "]" : ")"))));
}

static nu_expr *take_call(reader *reader, nu_str name)
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
    while (!take(reader, ")")) {
        if (n == ARGUMENT_CAP)
            fail(reader, "fewer arguments");
        if (n)
            must_take(reader, ",");
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

static nu_expr *take_name(reader *reader)
{
    nu_str name = take_word(reader);
    nu_expr *expr;

    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (nu_eq(name, constants[i].word))
            return nu_value_expr((nu_value){ .kind = constants[i].kind, .b = constants[i].b });
    if (!name.len || !take(reader, "("))
        fail(reader, "a number, True, False, None, 'text', F(\"name\") or a function");
    if (nu_eq(name, "F")) {
        expr = field_named(reader, take_quoted(reader));
        must_take(reader, ")");
        return expr;
    }
    if (nu_eq(name, "Value")) {
        expr = take_sum(reader);
        must_take(reader, ")");
        return expr;
    }
    return take_call(reader, name);
}

static nu_expr *take_atom(reader *reader)
{
    char first = peek(reader);
    nu_expr *inner;

    if (first == '\'' || first == '"')
        return nu_value_expr(nu_v_str(take_quoted(reader)));
    if ((first >= '0' && first <= '9') || first == '.')
        return nu_value_expr(take_number(reader));
    if (!take(reader, "("))
        return take_name(reader);
    inner = take_sum(reader);
    must_take(reader, ")");
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

static nu_expr *take_sign(reader *reader)
{
    nu_expr *expr;

    deeper(reader);
    if (take(reader, "-")) {
        expr = negated(take_sign(reader));
    } else {
        expr = take_atom(reader);
        if (take(reader, "**"))
            expr = nu_binary_('^', expr, take_sign(reader));
    }
    reader->depth--;
    return expr;
}

/* The operator of a set that comes next, taken; 0: none. "**" is none of them. */
static int take_operator(reader *reader, const char *operators)
{
    char next = peek(reader);

    if (!next || !strchr(operators, next))
        return 0;
    reader->at++;
    return next;
}

static nu_expr *take_product(reader *reader)
{
    nu_expr *expr = take_sign(reader);
    int op;

    while ((op = take_operator(reader, "*/%")))
        expr = nu_binary_(op, expr, take_sign(reader));
    return expr;
}

static nu_expr *take_sum(reader *reader)
{
    nu_expr *expr;
    int op;

    deeper(reader);
    expr = take_product(reader);
    while ((op = take_operator(reader, "+-")))
        expr = nu_binary_(op, expr, take_product(reader));
    reader->depth--;
    return expr;
}

/* OpClass(Upper('name'), name='varchar_pattern_ops') */
static nu_expr *take_indexed(reader *reader)
{
    nu_value of;
    nu_str name;

    if (!take(reader, "OpClass("))
        return take_sum(reader);
    of = take_argument(reader);
    must_take(reader, ",");
    take(reader, "name=");
    name = take_quoted(reader);
    must_take(reader, ")");
    return nu__op_class_of(of, name);
}

static nu_expr *take_order(reader *reader)
{
    nu_expr *expr = take_indexed(reader);
    bool descending = take(reader, ".desc(");
    int nulls = 0;

    if (!descending && !take(reader, ".asc("))
        return expr;
    if (take(reader, "nulls_first=True"))
        nulls = -1;
    else if (take(reader, "nulls_last=True"))
        nulls = 1;
    must_take(reader, ")");
    return nu_order_(nu_v_expr(expr), descending, nulls);
}

/* ---- conditions --------------------------------------------------------------------------- */

static nu_expr *node(nu__connector connector, uint32_t flags)
{
    nu_expr *q = nu__expr_new(&nu__q, 0);

    q->connector = connector;
    q->flags = flags;
    return q;
}

static void add(nu_expr *q, const nu_expr *part)
{
    nu__exprs list = { q->args, q->n_args, q->n_args };

    nu__exprs_add(&list, part);
    q->args = list.items;
    q->n_args = list.n;
}

/* [1, 2]: what `in` and `range` compare with. */
static nu_value take_list(reader *reader)
{
    nu_list *items = nu_list_new();

    while (!take(reader, "]")) {
        const nu_expr *item;

        if (nu_list_len(items))
            must_take(reader, ",");
        item = take_sum(reader);
        if (item->klass != &nu__literal)
            fail(reader, "a list of values");
        nu_list_append(items, item->value);
    }
    return V(items);
}

static nu_expr *take_lookup(reader *reader)
{
    nu_str lookup = take_word(reader);
    nu_expr *value, *condition;

    if (!lookup.len)
        fail(reader, "a lookup such as gpa__gte");
    must_take(reader, "=");
    condition = nu__expr_new(&nu__condition_expr, 1);
    condition->name = lookup;
    if (take(reader, "[")) {
        condition->value = take_list(reader);
        return condition;
    }
    value = take_sum(reader);
    if (value->klass == &nu__literal)
        condition->value = value->value;
    else
        condition->args[0] = value;
    return condition;
}

static nu_expr *take_one(reader *reader)
{
    nu_expr *inner;

    deeper(reader);
    if (take(reader, "~")) {
        inner = node(NU__AND, NU__NEGATED);
        add(inner, take_one(reader));
    } else if (take(reader, "Q(") || take(reader, "(")) {
        inner = take_any(reader);
        must_take(reader, ")");
    } else {
        inner = take_lookup(reader);
    }
    reader->depth--;
    return inner;
}

/* A comma before a keyword of a call ends the condition: When(a=1, then=2). */
static bool take_and(reader *reader)
{
    size_t comma;

    if (take(reader, "&"))
        return true;
    comma = reader->at;
    if (!take(reader, ","))
        return false;
    if (!take(reader, "then="))
        return true;
    reader->at = comma;
    return false;
}

static nu_expr *take_all(reader *reader)
{
    nu_expr *first = take_one(reader), *q;

    if (!take_and(reader))
        return first;
    q = node(NU__AND, 0);
    add(q, first);
    do
        add(q, take_one(reader));
    while (take_and(reader));
    return q;
}

/* Parts joined by one sign. */
static nu_expr *take_joined(reader *reader, nu_expr *(*part)(struct reader *), const char *sign,
                            nu__connector connector)
{
    nu_expr *first = part(reader), *q;

    if (!take(reader, sign))
        return first;
    q = node(connector, 0);
    add(q, first);
    do
        add(q, part(reader));
    while (take(reader, sign));
    return q;
}

static nu_expr *take_xor(reader *reader)
{
    return take_joined(reader, take_all, "^", NU__XOR);
}

static nu_expr *take_any(reader *reader)
{
    return take_joined(reader, take_xor, "|", NU__OR);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static nu_expr *to_the_end(reader *reader, nu_expr *(*part)(struct reader *))
{
    nu_expr *expr = part(reader);

    if (peek(reader))
        fail(reader, "an operator or the end");
    return expr;
}

nu_expr *nu__text_condition(nu_str text)
{
    return to_the_end(&(reader){ .text = text }, take_any);
}

nu_expr *nu__text_expression_with(nu_str text, nu__text_value *value_of, void *arg)
{
    return to_the_end(&(reader){ .text = text, .value_of = value_of, .arg = arg }, take_order);
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
