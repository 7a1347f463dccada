/* Atoms: names, literals, brackets, comprehensions, lambda. */
#include "cli/shell/parser.h"

/* ---- targets --------------------------------------------------------------------------------- */

static const char *described(const nu__py_node *node)
{
    switch (node->kind) {
    case NU__PY_CONSTANT:
    case NU__PY_FORMATTED:
        return node->value.type == &nu__py_bool_type   ? (node->value.b ? "True" : "False")
               : node->value.type == &nu__py_none_type ? "None"
                                                       : "literal";
    case NU__PY_CALL:
        return "function call";
    case NU__PY_COMPARE:
        return "comparison";
    case NU__PY_LAMBDA:
        return "lambda";
    case NU__PY_TERNARY:
        return "conditional expression";
    case NU__PY_DICT:
        return "dict literal";
    case NU__PY_SET:
        return "set display";
    default:
        return "expression";
    }
}

void nu__py_check_target(const nu__py_parser *p, const nu__py_node *target, const char *how)
{
    switch (target->kind) {
    case NU__PY_VARIABLE:
    case NU__PY_ATTRIBUTE:
    case NU__PY_SUBSCRIPT:
        return;
    case NU__PY_STARRED:
        nu__py_check_target(p, target->a, how);
        return;
    case NU__PY_TUPLE:
    case NU__PY_LIST:
        for (size_t i = 0, stars = 0; i < target->n; i++) {
            nu__py_check_target(p, target->items[i], how);
            stars += target->items[i]->kind == NU__PY_STARRED;
            if (stars > 1)
                nu__py_syntax(p, S("multiple starred expressions in assignment"));
        }
        return;
    default:
        nu__py_syntax(p, nu_fmt("cannot {} {}", how, described(target)));
    }
}

/* What stands between `for` and `in`. */
nu__py_node *nu__py_target_list(nu__py_parser *p)
{
    nu__py_nodes items = { 0 };
    nu__py_node *node = nu__py_node_new(p, NU__PY_TUPLE), *each;
    bool comma = false;

    do {
        if (comma && nu__py_at(p, "in"))
            break;
        if (nu__py_at(p, "*")) {
            each = nu__py_node_new(p, NU__PY_STARRED);
            p->at++;
            each->a = nu__py_bitwise(p);
        } else {
            each = nu__py_bitwise(p);
        }
        nu__py_check_target(p, each, "assign to");
        nu__py_nodes_add(&items, each);
    } while (nu__py_at(p, ",") && (comma = true, p->at++));
    if (!comma)
        return items.items[0];
    nu__py_nodes_into(&items, node);
    return node;
}

/* ---- comprehensions -------------------------------------------------------------------------- */

/* What follows `in` or `if` in a comprehension: no ternary without brackets, as its `if` would be
   the next condition. */
static nu__py_node *without_ternary(nu__py_parser *p)
{
    return nu__py_at(p, "lambda") ? nu__py_lambda(p) : nu__py_disjunction(p);
}

static nu__py_node *clause(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_CLAUSE);
    nu__py_nodes conditions = { 0 };

    node->a = nu__py_target_list(p);
    nu__py_expect(p, "in");
    node->b = without_ternary(p);
    while (nu__py_take(p, "if"))
        nu__py_nodes_add(&conditions, without_ternary(p));
    nu__py_nodes_into(&conditions, node);
    return node;
}

nu__py_node *nu__py_comprehension(nu__py_parser *p, nu__py_node_kind kind, nu__py_node *key,
                                  nu__py_node *value)
{
    nu__py_node *node;
    nu__py_nodes clauses = { 0 };

    if (!nu__py_at(p, "for"))
        return NULL;
    node = nu__py_node_new(p, kind);
    node->a = key;
    node->b = value;
    while (nu__py_take(p, "for"))
        nu__py_nodes_add(&clauses, clause(p));
    nu__py_nodes_into(&clauses, node);
    return node;
}

/* ---- brackets -------------------------------------------------------------------------------- */

static nu__py_node *starred(nu__py_parser *p)
{
    nu__py_node *node;

    if (!nu__py_at(p, "*"))
        return nu__py_expression(p);
    node = nu__py_node_new(p, NU__PY_STARRED);
    p->at++;
    node->a = nu__py_bitwise(p);
    return node;
}

static void rest_of_items(nu__py_parser *p, nu__py_nodes *items, const char *close)
{
    while (!nu__py_take(p, close)) {
        if (!nu__py_take(p, ","))
            nu__py_syntax(p, S("invalid syntax. Perhaps you forgot a comma?"));
        if (!nu__py_at(p, close))
            nu__py_nodes_add(items, starred(p));
    }
}

static nu__py_node *parentheses(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_TUPLE), *first, *generator;
    nu__py_nodes items = { 0 };

    if (nu__py_take(p, ")"))
        return node;
    first = starred(p);
    generator = nu__py_comprehension(p, NU__PY_GENERATOR, first, NULL);
    if (generator) {
        nu__py_expect(p, ")");
        return generator;
    }
    if (nu__py_take(p, ")")) {
        if (first->kind == NU__PY_STARRED)
            nu__py_syntax(p, S("cannot use starred expression here"));
        return first;
    }
    nu__py_nodes_add(&items, first);
    rest_of_items(p, &items, ")");
    nu__py_nodes_into(&items, node);
    return node;
}

static nu__py_node *list(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_LIST), *first, *made;
    nu__py_nodes items = { 0 };

    if (nu__py_take(p, "]"))
        return node;
    first = starred(p);
    made = nu__py_comprehension(p, NU__PY_LIST_OF, first, NULL);
    if (made) {
        nu__py_expect(p, "]");
        return made;
    }
    nu__py_nodes_add(&items, first);
    rest_of_items(p, &items, "]");
    nu__py_nodes_into(&items, node);
    return node;
}

static nu__py_node *set(nu__py_parser *p, nu__py_node *first)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_SET);
    nu__py_node *made = nu__py_comprehension(p, NU__PY_SET_OF, first, NULL);
    nu__py_nodes items = { 0 };

    if (made) {
        nu__py_expect(p, "}");
        return made;
    }
    nu__py_nodes_add(&items, first);
    rest_of_items(p, &items, "}");
    nu__py_nodes_into(&items, node);
    return node;
}

/* "key: value" or "**mapping" */
static void entry(nu__py_parser *p, nu__py_nodes *items)
{
    if (nu__py_take(p, "**")) {
        nu__py_nodes_add(items, NULL);
        nu__py_nodes_add(items, nu__py_bitwise(p));
        return;
    }
    nu__py_nodes_add(items, nu__py_plain_expression(p));
    if (!nu__py_take(p, ":"))
        nu__py_syntax(p, S("':' expected after dictionary key"));
    nu__py_nodes_add(items, nu__py_plain_expression(p));
}

static nu__py_node *braces(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_DICT), *first, *made;
    nu__py_nodes items = { 0 };

    if (nu__py_take(p, "}"))
        return node;
    if (nu__py_at(p, "**")) {
        entry(p, &items);
    } else {
        first = starred(p);
        if (!nu__py_take(p, ":"))
            return set(p, first);
        nu__py_nodes_add(&items, first);
        nu__py_nodes_add(&items, nu__py_plain_expression(p));
        made = nu__py_comprehension(p, NU__PY_DICT_OF, first, items.items[1]);
        if (made) {
            nu__py_expect(p, "}");
            return made;
        }
    }
    while (!nu__py_take(p, "}")) {
        nu__py_expect(p, ",");
        if (!nu__py_at(p, "}"))
            entry(p, &items);
    }
    nu__py_nodes_into(&items, node);
    return node;
}

/* ---- lambda ---------------------------------------------------------------------------------- */

static nu__py_node *parameter(nu__py_parser *p, bool *keyword_only)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_PARAMETER);

    if (nu__py_take(p, "**")) {
        node->op = 'k';
    } else if (nu__py_take(p, "*")) {
        *keyword_only = true;
        if (nu__py_at(p, ","))
            return NULL;
        node->op = '*';
    } else if (*keyword_only) {
        node->op = 'o';
    }
    node->name = nu__py_take_name(p);
    if (nu__py_take(p, "="))
        node->a = nu__py_plain_expression(p);
    return node;
}

nu__py_node *nu__py_lambda(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_LAMBDA), *each;
    nu__py_nodes parameters = { 0 };
    bool keyword_only = false;

    nu__py_expect(p, "lambda");
    while (!nu__py_take(p, ":")) {
        each = parameter(p, &keyword_only);
        if (each)
            nu__py_nodes_add(&parameters, each);
        if (!nu__py_at(p, ":"))
            nu__py_expect(p, ",");
    }
    if (parameters.n > NU__PY_MOST_ARGUMENTS)
        nu__py_syntax(p, S("a lambda of the shell has at most 16 parameters"));
    nu__py_nodes_into(&parameters, node);
    node->a = nu__py_plain_expression(p);
    return node;
}

/* ---- atoms ----------------------------------------------------------------------------------- */

static nu__py_node *constant(nu__py_parser *p, nu__py value)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_CONSTANT);

    node->value = value;
    p->at++;
    return node;
}

static nu__py_node *bracketed(nu__py_parser *p)
{
    nu__py_node *node;

    nu__py_deeper(p);
    node = nu__py_take(p, "(")   ? parentheses(p)
           : nu__py_take(p, "[") ? list(p)
           : nu__py_take(p, "{") ? braces(p)
                                 : NULL;
    p->depth--;
    return node;
}

static nu__py_node *word(nu__py_parser *p)
{
    if (nu__py_at(p, "None"))
        return constant(p, nu__py_none());
    if (nu__py_at(p, "True") || nu__py_at(p, "False"))
        return constant(p, nu__py_bool(nu__py_at(p, "True")));
    if (nu__py_at(p, "..."))
        return constant(p, (nu__py){ .type = &nu__py_ellipsis_type });
    return NULL;
}

nu__py_node *nu__py_atom(nu__py_parser *p)
{
    nu__py_node *node = NULL;

    if (p->at->kind == NU__PY_NAME) {
        node = nu__py_node_new(p, NU__PY_VARIABLE);
        node->name = p->at++->text;
        return node;
    }
    if (p->at->kind == NU__PY_NUMBER)
        return nu__py_number(p);
    if (p->at->kind == NU__PY_STRING)
        return nu__py_strings(p);
    node = word(p);
    if (!node)
        node = bracketed(p);
    if (!node)
        nu__py_syntax(p, S("invalid syntax"));
    return node;
}
