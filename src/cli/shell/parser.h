/**
 * @file
 * What the files of the parser share.
 */
#pragma once
#include "cli/shell/lexer.h"
#include "cli/shell/syntax.h"

typedef struct nu__py_parser {
    const nu__py_token *at, *first;
    int depth, loops;
} nu__py_parser;

/* A growing array of nodes. */
typedef struct nu__py_nodes {
    nu__py_node **items;
    size_t n, cap;
} nu__py_nodes;

nu__py_node *nu__py_node_new(const nu__py_parser *p, nu__py_node_kind kind);
void nu__py_nodes_add(nu__py_nodes *nodes, nu__py_node *node);
void nu__py_nodes_into(const nu__py_nodes *nodes, nu__py_node *node);

bool nu__py_at(const nu__py_parser *p, const char *text); /* an operator or keyword */
bool nu__py_take(nu__py_parser *p, const char *text);
void nu__py_expect(nu__py_parser *p, const char *text);
nu_str nu__py_take_name(nu__py_parser *p);
NU_NORETURN void nu__py_syntax(const nu__py_parser *p, nu_str message);
/* One level of nesting; SyntaxError past the most. */
void nu__py_deeper(nu__py_parser *p);

/* "a, *b, c": a TUPLE where there is a comma, else the one. */
nu__py_node *nu__py_expression_list(nu__py_parser *p);
nu__py_node *nu__py_expression(nu__py_parser *p);       /* with := */
nu__py_node *nu__py_plain_expression(nu__py_parser *p); /* without */
nu__py_node *nu__py_disjunction(nu__py_parser *p);      /* no ternary */
nu__py_node *nu__py_bitwise(nu__py_parser *p);          /* above comparisons: `for` targets */
nu__py_node *nu__py_atom(nu__py_parser *p);
nu__py_node *nu__py_target_list(nu__py_parser *p);
/* `for … in … if …` after an element; NULL: there is none. */
nu__py_node *nu__py_comprehension(nu__py_parser *p, nu__py_node_kind kind, nu__py_node *key,
                                  nu__py_node *value);
nu__py_node *nu__py_strings(nu__py_parser *p);
nu__py_node *nu__py_number(nu__py_parser *p);
nu__py_node *nu__py_lambda(nu__py_parser *p);
/* Raises SyntaxError when it is nothing that can be assigned to. */
void nu__py_check_target(const nu__py_parser *p, const nu__py_node *target, const char *how);
/* The expression of an f-string's braces, as deep as `p` is. */
nu__py_node *nu__py_parse_field(const nu__py_parser *p, nu_str source);
