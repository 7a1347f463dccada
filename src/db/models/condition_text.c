/* Conditions that descriptors hold as text: "gpa__isnull=True|gpa__gte=0". */
#include "db/models/expression_words.h"
#include "db/sql/expression.h"

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
static nu_value take_list(nu__text_reader *reader)
{
    nu_list *items = nu_list_new();

    while (!nu__text_take(reader, "]")) {
        const nu_expr *item;

        if (nu_list_len(items))
            nu__text_must_take(reader, ",");
        item = nu__text_sum(reader);
        if (item->klass != &nu__literal)
            nu__text_fail(reader, "a list of values");
        nu_list_append(items, item->value);
    }
    return V(items);
}

static nu_expr *take_lookup(nu__text_reader *reader)
{
    nu_str lookup = nu__text_word(reader);
    nu_expr *value, *condition;

    if (!lookup.len)
        nu__text_fail(reader, "a lookup such as gpa__gte");
    nu__text_must_take(reader, "=");
    condition = nu__expr_new(&nu__condition_expr, 1);
    condition->name = lookup;
    if (nu__text_take(reader, "[")) {
        condition->value = take_list(reader);
        return condition;
    }
    value = nu__text_sum(reader);
    if (value->klass == &nu__literal)
        condition->value = value->value;
    else
        condition->args[0] = value;
    return condition;
}

static nu_expr *take_one(nu__text_reader *reader)
{
    nu_expr *inner;

    nu__text_deeper(reader);
    if (nu__text_take(reader, "~")) {
        inner = node(NU__AND, NU__NEGATED);
        add(inner, take_one(reader));
    } else if (nu__text_take(reader, "Q(") || nu__text_take(reader, "(")) {
        inner = nu__text_any(reader);
        nu__text_must_take(reader, ")");
    } else {
        inner = take_lookup(reader);
    }
    reader->depth--;
    return inner;
}

/* A comma before a keyword of a call ends the condition: When(a=1, then=2). */
static bool take_and(nu__text_reader *reader)
{
    size_t comma;

    if (nu__text_take(reader, "&"))
        return true;
    comma = reader->at;
    if (!nu__text_take(reader, ","))
        return false;
    if (!nu__text_take(reader, "then="))
        return true;
    reader->at = comma;
    return false;
}

static nu_expr *take_all(nu__text_reader *reader)
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
static nu_expr *take_joined(nu__text_reader *reader, nu_expr *(*part)(nu__text_reader *),
                            const char *sign, nu__connector connector)
{
    nu_expr *first = part(reader), *q;

    if (!nu__text_take(reader, sign))
        return first;
    q = node(connector, 0);
    add(q, first);
    do
        add(q, part(reader));
    while (nu__text_take(reader, sign));
    return q;
}

static nu_expr *take_xor(nu__text_reader *reader)
{
    return take_joined(reader, take_all, "^", NU__XOR);
}

nu_expr *nu__text_any(nu__text_reader *reader)
{
    return take_joined(reader, take_xor, "|", NU__OR);
}
