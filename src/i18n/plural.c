#include "i18n/plural.h"

#include "core/text.h"

#include <string.h>

/* Operators of two characters under one: '=' is ==, '!' between operands !=, 'l' <=, 'g' >=, '&'
   &&,
   '|' ||; '~' is the unary !, '?' has three operands. */
typedef struct parser {
    const char *at, *end;
    nu__plural_rule *rule;
    int depth;
    bool failed;
} parser;

static uint8_t ternary(parser *p);

static void skip_space(parser *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
        p->at++;
}

static bool accept(parser *p, const char *token)
{
    size_t len = strlen(token);

    skip_space(p);
    if ((size_t)(p->end - p->at) < len || memcmp(p->at, token, len) != 0)
        return false;
    p->at += len;
    return true;
}

static uint8_t node(parser *p, nu__plural_node made)
{
    if (p->rule->n_nodes == NU__PLURAL_NODES) {
        p->failed = true;
        return 0;
    }
    p->rule->nodes[p->rule->n_nodes] = made;
    return (uint8_t)p->rule->n_nodes++;
}

static uint8_t number(parser *p)
{
    uint64_t value = 0;

    if (p->at == p->end || *p->at < '0' || *p->at > '9') {
        p->failed = true;
        return 0;
    }
    while (p->at < p->end && *p->at >= '0' && *p->at <= '9' && value < UINT32_MAX)
        value = value * 10 + (uint64_t)(*p->at++ - '0');
    if (value > INT32_MAX)
        p->failed = true;
    return node(p, (nu__plural_node){ .op = '0', .number = (uint32_t)value });
}

static uint8_t primary(parser *p)
{
    uint8_t inner;

    if (p->failed || ++p->depth > NU__PLURAL_DEPTH) {
        p->failed = true;
        return 0;
    }
    if (accept(p, "!"))
        inner = node(p, (nu__plural_node){ .op = '~', .a = primary(p) });
    else if (accept(p, "n"))
        inner = node(p, (nu__plural_node){ .op = 'n' });
    else if (accept(p, "(")) {
        inner = ternary(p);
        p->failed |= !accept(p, ")");
    } else
        inner = number(p);
    p->depth--;
    return inner;
}

/* By precedence, the loosest first; of operators that begin alike the longer one first. */
static const struct {
    const char *token;
    char op;
    int level;
} operators[] = {
    { "||", '|', 0 }, { "&&", '&', 1 }, { "==", '=', 2 }, { "!=", '!', 2 }, { "<=", 'l', 3 },
    { ">=", 'g', 3 }, { "<", '<', 3 },  { ">", '>', 3 },  { "+", '+', 4 },  { "-", '-', 4 },
    { "*", '*', 5 },  { "/", '/', 5 },  { "%", '%', 5 },
};
enum { OPERATORS = sizeof operators / sizeof *operators, TIGHTEST = 5 };

static char operator_at(parser *p, int level)
{
    for (size_t i = 0; i < OPERATORS; i++)
        if (operators[i].level == level && accept(p, operators[i].token))
            return operators[i].op;
    return 0;
}

static uint8_t binary(parser *p, int level)
{
    uint8_t left = level > TIGHTEST ? primary(p) : binary(p, level + 1);
    char op;

    if (level > TIGHTEST)
        return left;
    while (!p->failed && (op = operator_at(p, level)))
        left =
            node(p, (nu__plural_node){ .op = (uint8_t)op, .a = left, .b = binary(p, level + 1) });
    return left;
}

static uint8_t ternary(parser *p)
{
    nu__plural_node made = { .op = '?' };
    uint8_t condition;

    if (p->failed || ++p->depth > NU__PLURAL_DEPTH) {
        p->failed = true;
        return 0;
    }
    condition = binary(p, 0);
    if (accept(p, "?")) {
        made.a = condition;
        made.b = ternary(p);
        p->failed |= !accept(p, ":");
        made.c = ternary(p);
        condition = node(p, made);
    }
    p->depth--;
    return condition;
}

/* What stands behind "name=" up to the semicolon; {NULL, 0}: it isn't there. */
static nu_str setting(nu_str header, nu_str name)
{
    ptrdiff_t at = nu__find(header, name), end;
    nu_str rest;

    if (at < 0)
        return (nu_str){ 0 };
    rest = nu__sub(header, (size_t)at + name.len, header.len);
    end = nu__find(rest, S(";"));
    return end < 0 ? rest : nu__sub(rest, 0, (size_t)end);
}

void nu__plural_rule_default(nu__plural_rule *rule)
{
    nu__plural_rule_parse(rule, S("nplurals=2; plural=n!=1;"));
}

bool nu__plural_rule_parse(nu__plural_rule *rule, nu_str header)
{
    nu_str count = setting(header, S("nplurals=")), text = setting(header, S("plural="));
    parser p = { text.ptr, nu__str_end(text), rule, 0, !count.len || !text.len };

    memset(rule, 0, sizeof *rule);
    if (p.failed)
        return false;
    rule->n_forms = 0;
    for (size_t i = 0; i < count.len && count.ptr[i] >= '0' && count.ptr[i] <= '9'; i++)
        rule->n_forms = rule->n_forms * 10 + (uint32_t)(count.ptr[i] - '0');
    if (!rule->n_forms || rule->n_forms > 16)
        return false;
    rule->root = ternary(&p);
    skip_space(&p);
    return !p.failed && p.at == p.end;
}

/* Python's %, for a divisor above 0. */
static int64_t floored_rest(int64_t a, int64_t b)
{
    int64_t rest = a % b;

    return rest < 0 ? rest + b : rest;
}

static int64_t value(const nu__plural_rule *rule, uint8_t at, int64_t n)
{
    const nu__plural_node *node = &rule->nodes[at];
    int64_t a, b;

    if (node->op == 'n')
        return n;
    if (node->op == '0')
        return node->number;
    a = value(rule, node->a, n);
    if (node->op == '~')
        return !a;
    if (node->op == '?')
        return value(rule, a ? node->b : node->c, n);
    if (node->op == '&' && !a)
        return 0;
    if (node->op == '|' && a)
        return 1;
    b = value(rule, node->b, n);
    switch (node->op) {
    case '&':
    case '|':
        return b != 0;
    case '=':
        return a == b;
    case '!':
        return a != b;
    case '<':
        return a < b;
    case '>':
        return a > b;
    case 'l':
        return a <= b;
    case 'g':
        return a >= b;
    case '+':
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case '-':
        return (int64_t)((uint64_t)a - (uint64_t)b);
    case '*':
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case '/':
        return b > 0 ? (a - floored_rest(a, b)) / b : 0;
    default:
        return b > 0 ? floored_rest(a, b) : 0;
    }
}

uint32_t nu__plural_form(const nu__plural_rule *rule, int64_t number)
{
    int64_t form = value(rule, rule->root, number);

    return form < 0 || form >= rule->n_forms ? 0 : (uint32_t)form;
}
