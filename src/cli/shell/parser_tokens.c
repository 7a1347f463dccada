/* What every part of the parser asks of the tokens. */
#include "cli/shell/parser.h"

#include "cli/shell/limits.h"
#include "core/arena.h"
#include "core/text.h"

#include <string.h>

nu__py_node *nu__py_node_new(const nu__py_parser *p, nu__py_node_kind kind)
{
    nu__py_node *node = nu_alloc(nu__py_node);

    node->kind = kind;
    node->line = p->at->line;
    return node;
}

void nu__py_nodes_add(nu__py_nodes *nodes, nu__py_node *node)
{
    size_t cap = nodes->cap ? nodes->cap * 2 : 4;

    if (nodes->n == nodes->cap) {
        nodes->items =
            nu__grow(nodes->items, nodes->cap * sizeof *nodes->items, cap * sizeof *nodes->items);
        nodes->cap = cap;
    }
    nodes->items[nodes->n++] = node;
}

void nu__py_nodes_into(const nu__py_nodes *nodes, nu__py_node *node)
{
    node->items = nodes->items;
    node->n = nodes->n;
}

bool nu__py_at(const nu__py_parser *p, const char *text)
{
    return (p->at->kind == NU__PY_OPERATOR || p->at->kind == NU__PY_KEYWORD) &&
           nu_eq(p->at->text, text);
}

bool nu__py_take(nu__py_parser *p, const char *text)
{
    if (!nu__py_at(p, text))
        return false;
    p->at++;
    return true;
}

void nu__py_expect(nu__py_parser *p, const char *text)
{
    if (!nu__py_take(p, text))
        nu__py_syntax(p, *text == ':' ? S("expected ':'") : S("invalid syntax"));
}

nu_str nu__py_take_name(nu__py_parser *p)
{
    if (p->at->kind != NU__PY_NAME)
        nu__py_syntax(p, S("invalid syntax"));
    return p->at++->text;
}

/* A keyword that Python has and the shell has not is named. */
static const char *left_out(const nu__py_token *token)
{
    static const char *const words[] = { "def",   "class", "return",   "yield",
                                         "async", "await", "nonlocal", "global" };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (token->kind == NU__PY_KEYWORD && nu_eq(token->text, words[i]))
            return words[i];
    return NULL;
}

/* `match` is a name as others are, until something stands behind it that can't follow a name. */
static bool after_match(const nu__py_parser *p)
{
    const nu__py_token *before = p->at - 1;

    return p->at > p->first && before->kind == NU__PY_NAME && nu_eq(before->text, "match");
}

void nu__py_syntax(const nu__py_parser *p, nu_str message)
{
    const char *word = left_out(p->at);

    if (!word && nu_eq(message, "invalid syntax") && after_match(p))
        word = "match";
    if (word)
        message = nu_fmt("the shell has no '{}': write a lambda, or a command in C", word);
    else if (nu_eq(message, "invalid syntax") && p->at->text.len)
        message = nu_fmt("invalid syntax near '{}'", nu__utf8_cut(p->at->text, 40));
    nu__py_raise(&nu__py_syntax_error, "{} (line {})", message, p->at->line);
}

void nu__py_deeper(nu__py_parser *p)
{
    if (++p->depth > 2 * NU__PY_MOST_NESTING) /* a bracket and its content count apart */
        nu__py_syntax(p, S("too many nested parentheses"));
}
