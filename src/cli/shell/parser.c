/* Expressions: operators by precedence, calls, items. */
#include "cli/shell/parser.h"

#include "cli/shell/limits.h"
#include "core/arena.h"
#include "core/text.h"

#include <string.h>

/* ---- operators ------------------------------------------------------------------------------- */

static const struct binary {
    const char *text;
    int precedence;
    nu__py_operator op;
} binaries[] = {
    { "|", 1, NU__PY_OR },        { "^", 2, NU__PY_XOR },     { "&", 3, NU__PY_AND },
    { "<<", 4, NU__PY_LSHIFT },   { ">>", 4, NU__PY_RSHIFT }, { "+", 5, NU__PY_ADD },
    { "-", 5, NU__PY_SUB },       { "*", 6, NU__PY_MUL },     { "/", 6, NU__PY_DIV },
    { "//", 6, NU__PY_FLOORDIV }, { "%", 6, NU__PY_MOD },     { "@", 6, NU__PY_MATMUL },
};

static const struct binary *binary_at(const nu__py_parser *p)
{
    for (size_t i = 0; i < sizeof(binaries) / sizeof(*binaries); i++)
        if (nu__py_at(p, binaries[i].text))
            return &binaries[i];
    return NULL;
}

static nu__py_node *unary(nu__py_parser *p);

static nu__py_node *binary(nu__py_parser *p, int least)
{
    nu__py_node *left = unary(p), *node;
    const struct binary *b;

    while ((b = binary_at(p)) && b->precedence >= least) {
        node = nu__py_node_new(p, NU__PY_BINARY);
        p->at++;
        node->op = (int)b->op;
        node->a = left;
        node->b = binary(p, b->precedence + 1);
        left = node;
    }
    return left;
}

nu__py_node *nu__py_bitwise(nu__py_parser *p)
{
    return binary(p, 1);
}

/* ---- calls, items, attributes ---------------------------------------------------------------- */

static nu__py_node *argument(nu__py_parser *p)
{
    nu__py_node *node, *value;

    if (nu__py_at(p, "*") || nu__py_at(p, "**")) {
        node = nu__py_node_new(p, nu__py_at(p, "*") ? NU__PY_STARRED : NU__PY_ARGUMENT);
        p->at++;
        node->a = nu__py_plain_expression(p);
        return node;
    }
    if (p->at->kind == NU__PY_NAME && p->at[1].kind == NU__PY_OPERATOR &&
        nu_eq(p->at[1].text, "=")) {
        node = nu__py_node_new(p, NU__PY_ARGUMENT);
        node->name = p->at->text;
        p->at += 2;
        node->a = nu__py_plain_expression(p);
        return node;
    }
    value = nu__py_expression(p);
    node = nu__py_comprehension(p, NU__PY_GENERATOR, value, NULL);
    return node ? node : value;
}

static void check_argument_order(const nu__py_parser *p, const nu__py_nodes *before,
                                 const nu__py_node *next)
{
    for (size_t i = 0; i < before->n; i++) {
        const nu__py_node *one = before->items[i];

        if (one->kind != NU__PY_ARGUMENT)
            continue;
        if (next->kind == NU__PY_STARRED && !one->name.ptr)
            nu__py_syntax(p, S("iterable argument unpacking follows keyword argument unpacking"));
        if (next->kind != NU__PY_ARGUMENT && next->kind != NU__PY_STARRED)
            nu__py_syntax(p, one->name.ptr
                                 ? S("positional argument follows keyword argument")
                                 : S("positional argument follows keyword argument unpacking"));
        if (next->name.ptr && one->name.ptr && nu_eq(next->name, one->name) &&
            next->kind == NU__PY_ARGUMENT)
            nu__py_syntax(p, nu_fmt("keyword argument repeated: {}", next->name));
    }
}

static nu__py_node *call(nu__py_parser *p, nu__py_node *callee)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_CALL), *each;
    nu__py_nodes args = { 0 };

    node->a = callee;
    while (!nu__py_take(p, ")")) {
        each = argument(p);
        check_argument_order(p, &args, each);
        nu__py_nodes_add(&args, each);
        if (!nu__py_at(p, ")"))
            nu__py_expect(p, ",");
    }
    nu__py_nodes_into(&args, node);
    return node;
}

static nu__py_node *slice_or_index(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_SLICE), *first = NULL;
    nu__py_nodes parts = { 0 };

    if (!nu__py_at(p, ":")) {
        first = nu__py_expression(p);
        if (!nu__py_at(p, ":"))
            return first;
    }
    nu__py_nodes_add(&parts, first);
    for (int i = 0; i < 2; i++) {
        bool more = nu__py_take(p, ":");

        nu__py_nodes_add(&parts,
                         more && !nu__py_at(p, ":") && !nu__py_at(p, "]") && !nu__py_at(p, ",")
                             ? nu__py_plain_expression(p)
                             : NULL);
    }
    nu__py_nodes_into(&parts, node);
    return node;
}

static nu__py_node *subscript(nu__py_parser *p, nu__py_node *of)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_SUBSCRIPT), *key = slice_or_index(p), *tuple;
    nu__py_nodes keys = { 0 };

    node->a = of;
    if (nu__py_at(p, ",")) {
        tuple = nu__py_node_new(p, NU__PY_TUPLE);
        nu__py_nodes_add(&keys, key);
        while (nu__py_take(p, ",") && !nu__py_at(p, "]"))
            nu__py_nodes_add(&keys, slice_or_index(p));
        nu__py_nodes_into(&keys, tuple);
        key = tuple;
    }
    node->b = key;
    nu__py_expect(p, "]");
    return node;
}

static nu__py_node *postfix(nu__py_parser *p)
{
    nu__py_node *node = nu__py_atom(p), *attribute;

    for (;;) {
        if (nu__py_take(p, "(")) {
            node = call(p, node);
        } else if (nu__py_take(p, "[")) {
            node = subscript(p, node);
        } else if (nu__py_take(p, ".")) {
            attribute = nu__py_node_new(p, NU__PY_ATTRIBUTE);
            attribute->name = nu__py_take_name(p);
            attribute->a = node;
            node = attribute;
        } else {
            return node;
        }
    }
}

static nu__py_node *power(nu__py_parser *p)
{
    nu__py_node *base = postfix(p), *node;

    if (!nu__py_at(p, "**"))
        return base;
    nu__py_deeper(p);
    node = nu__py_node_new(p, NU__PY_BINARY);
    p->at++;
    node->op = NU__PY_POW;
    node->a = base;
    node->b = unary(p);
    p->depth--;
    return node;
}

static nu__py_node *unary(nu__py_parser *p)
{
    nu__py_node *node;

    if (!nu__py_at(p, "-") && !nu__py_at(p, "+") && !nu__py_at(p, "~"))
        return power(p);
    nu__py_deeper(p);
    node = nu__py_node_new(p, NU__PY_UNARY);
    node->op = nu__py_at(p, "-") ? NU__PY_NEG : nu__py_at(p, "+") ? NU__PY_POS : NU__PY_INVERT;
    p->at++;
    node->a = unary(p);
    p->depth--;
    return node;
}

/* ---- comparisons, not, and, or --------------------------------------------------------------- */

static const char *comparison_at(nu__py_parser *p)
{
    static const char *const plain[] = { "<", ">", "==", ">=", "<=", "!=", "in" };

    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
        if (nu__py_take(p, plain[i]))
            return plain[i];
    if (nu__py_take(p, "is"))
        return nu__py_take(p, "not") ? "is not" : "is";
    if (nu__py_at(p, "not") && p->at[1].kind == NU__PY_KEYWORD && nu_eq(p->at[1].text, "in")) {
        p->at += 2;
        return "not in";
    }
    return NULL;
}

static nu__py_node *comparison(nu__py_parser *p)
{
    nu__py_node *first = nu__py_bitwise(p), *node, *each;
    nu__py_nodes rest = { 0 };
    const char *op;

    node = nu__py_node_new(p, NU__PY_COMPARE);
    while ((op = comparison_at(p))) {
        each = nu__py_node_new(p, NU__PY_COMPARAND);
        each->name = nu_s(op);
        each->a = nu__py_bitwise(p);
        nu__py_nodes_add(&rest, each);
    }
    if (!rest.n)
        return first;
    node->a = first;
    nu__py_nodes_into(&rest, node);
    return node;
}

static nu__py_node *inversion(nu__py_parser *p)
{
    nu__py_node *node;

    if (!nu__py_at(p, "not"))
        return comparison(p);
    nu__py_deeper(p);
    node = nu__py_node_new(p, NU__PY_NOT);
    p->at++;
    node->a = inversion(p);
    p->depth--;
    return node;
}

/* `a and b and c` is one BOTH of three, so that a long chain nests no deeper than a short one. */
static nu__py_node *chain(nu__py_parser *p, const char *word, nu__py_node_kind kind,
                          nu__py_node *(*part)(nu__py_parser *))
{
    nu__py_node *first = part(p), *node;
    nu__py_nodes parts = { 0 };

    if (!nu__py_at(p, word))
        return first;
    node = nu__py_node_new(p, kind);
    nu__py_nodes_add(&parts, first);
    while (nu__py_take(p, word))
        nu__py_nodes_add(&parts, part(p));
    nu__py_nodes_into(&parts, node);
    return node;
}

static nu__py_node *conjunction(nu__py_parser *p)
{
    return chain(p, "and", NU__PY_BOTH, inversion);
}

nu__py_node *nu__py_disjunction(nu__py_parser *p)
{
    return chain(p, "or", NU__PY_EITHER, conjunction);
}

nu__py_node *nu__py_plain_expression(nu__py_parser *p)
{
    nu__py_node *node, *value;

    nu__py_deeper(p);
    if (nu__py_at(p, "lambda")) {
        node = nu__py_lambda(p);
        p->depth--;
        return node;
    }
    value = nu__py_disjunction(p);
    if (nu__py_at(p, "if")) {
        node = nu__py_node_new(p, NU__PY_TERNARY);
        p->at++;
        node->a = value;
        node->b = nu__py_disjunction(p);
        if (!nu__py_take(p, "else"))
            nu__py_syntax(p, S("expected 'else' after 'if' expression"));
        node->c = nu__py_plain_expression(p);
        value = node;
    }
    p->depth--;
    return value;
}

nu__py_node *nu__py_expression(nu__py_parser *p)
{
    nu__py_node *node;

    if (p->at->kind != NU__PY_NAME || p->at[1].kind != NU__PY_OPERATOR ||
        !nu_eq(p->at[1].text, ":="))
        return nu__py_plain_expression(p);
    node = nu__py_node_new(p, NU__PY_NAMED);
    node->name = p->at->text;
    p->at += 2;
    node->a = nu__py_plain_expression(p);
    return node;
}

static nu__py_node *starred_or_expression(nu__py_parser *p)
{
    nu__py_node *node;

    if (!nu__py_at(p, "*"))
        return nu__py_expression(p);
    node = nu__py_node_new(p, NU__PY_STARRED);
    p->at++;
    node->a = nu__py_bitwise(p);
    return node;
}

static bool at_end_of_list(const nu__py_parser *p)
{
    return p->at->kind == NU__PY_NEWLINE || p->at->kind == NU__PY_END || nu__py_at(p, ")") ||
           nu__py_at(p, "]") || nu__py_at(p, "}") || nu__py_at(p, "=") || nu__py_at(p, ":") ||
           nu__py_at(p, ";");
}

nu__py_node *nu__py_expression_list(nu__py_parser *p)
{
    nu__py_node *first = starred_or_expression(p), *node;
    nu__py_nodes items = { 0 };

    if (!nu__py_at(p, ",")) {
        if (first->kind == NU__PY_STARRED)
            nu__py_syntax(p, S("can't use starred expression here"));
        return first;
    }
    node = nu__py_node_new(p, NU__PY_TUPLE);
    nu__py_nodes_add(&items, first);
    while (nu__py_take(p, ",") && !at_end_of_list(p))
        nu__py_nodes_add(&items, starred_or_expression(p));
    nu__py_nodes_into(&items, node);
    return node;
}
