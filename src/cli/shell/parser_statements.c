/* Statements: one row a keyword. */
#include "cli/shell/parser.h"

#include "core/text.h"

#include <string.h>

static nu__py_node *statement(nu__py_parser *p, nu__py_nodes *out);

/* ---- simple statements ----------------------------------------------------------------------- */

static bool at_statement_end(const nu__py_parser *p)
{
    return p->at->kind == NU__PY_NEWLINE || p->at->kind == NU__PY_END || nu__py_at(p, ";");
}

static nu__py_node *bare(nu__py_parser *p, nu__py_node_kind kind)
{
    nu__py_node *node = nu__py_node_new(p, kind);

    p->at++;
    return node;
}

static nu__py_node *pass(nu__py_parser *p)
{
    return bare(p, NU__PY_PASS);
}

static nu__py_node *break_(nu__py_parser *p)
{
    if (!p->loops)
        nu__py_syntax(p, S("'break' outside loop"));
    return bare(p, NU__PY_BREAK);
}

static nu__py_node *continue_(nu__py_parser *p)
{
    if (!p->loops)
        nu__py_syntax(p, S("'continue' not properly in loop"));
    return bare(p, NU__PY_CONTINUE);
}

static nu__py_node *raise(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_RAISE);

    if (at_statement_end(p))
        return node;
    node->a = nu__py_plain_expression(p);
    if (nu__py_take(p, "from"))
        node->b = nu__py_plain_expression(p);
    return node;
}

static nu__py_node *assert_(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_ASSERT);

    node->a = nu__py_expression(p);
    if (nu__py_take(p, ","))
        node->b = nu__py_plain_expression(p);
    return node;
}

static nu__py_node *del(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_DELETE), *target;
    nu__py_nodes items = { 0 };

    do {
        target = nu__py_bitwise(p);
        nu__py_check_target(p, target, "delete");
        nu__py_nodes_add(&items, target);
    } while (nu__py_take(p, ","));
    nu__py_nodes_into(&items, node);
    return node;
}

static nu_str dotted_name(nu__py_parser *p)
{
    nu_str name = nu__py_take_name(p);

    while (nu__py_take(p, "."))
        name = nu_fmt("{}.{}", name, nu__py_take_name(p));
    return name;
}

static nu__py_node *alias(nu__py_parser *p, bool dotted)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_ALIAS);

    node->name = dotted ? dotted_name(p) : nu__py_take_name(p);
    if (nu__py_take(p, "as"))
        node->alias = nu__py_take_name(p);
    return node;
}

static nu__py_node *import(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_IMPORT);
    nu__py_nodes items = { 0 };

    do
        nu__py_nodes_add(&items, alias(p, true));
    while (nu__py_take(p, ","));
    nu__py_nodes_into(&items, node);
    return node;
}

static nu__py_node *from(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_FROM);
    nu__py_nodes items = { 0 };
    bool brackets;

    node->name = dotted_name(p);
    nu__py_expect(p, "import");
    if (nu__py_take(p, "*"))
        return node;
    brackets = nu__py_take(p, "(");
    do
        nu__py_nodes_add(&items, alias(p, false));
    while (nu__py_take(p, ",") && !(brackets && nu__py_at(p, ")")));
    if (brackets)
        nu__py_expect(p, ")");
    nu__py_nodes_into(&items, node);
    return node;
}

/* ---- expressions and assignments ------------------------------------------------------------- */

static int augmented_at(nu__py_parser *p)
{
    static const char *const texts[] = { "+=", "-=", "*=", "/=",  "//=", "%=", "**=",
                                         "&=", "|=", "^=", "<<=", ">>=", "@=" };
    static const nu__py_operator ops[] = { NU__PY_ADD,   NU__PY_SUB,      NU__PY_MUL,
                                           NU__PY_DIV,   NU__PY_FLOORDIV, NU__PY_MOD,
                                           NU__PY_POW,   NU__PY_AND,      NU__PY_OR,
                                           NU__PY_XOR,   NU__PY_LSHIFT,   NU__PY_RSHIFT,
                                           NU__PY_MATMUL };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (nu__py_take(p, texts[i]))
            return (int)ops[i];
    return -1;
}

static nu__py_node *augmented(nu__py_parser *p, nu__py_node *target, int op)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_AUGMENT);

    if (target->kind == NU__PY_TUPLE || target->kind == NU__PY_LIST)
        nu__py_syntax(p, nu_fmt("'{}' is an illegal expression for augmented assignment",
                                target->kind == NU__PY_TUPLE ? "tuple" : "list"));
    nu__py_check_target(p, target, "assign to");
    node->op = op;
    node->a = target;
    node->b = nu__py_expression_list(p);
    return node;
}

/* "a = b = value"; with an annotation, "a: int = value". */
static nu__py_node *assignment(nu__py_parser *p, nu__py_node *first)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_ASSIGN), *last = first;
    nu__py_nodes targets = { 0 };

    while (nu__py_take(p, "=")) {
        nu__py_check_target(p, last, "assign to");
        nu__py_nodes_add(&targets, last);
        last = nu__py_expression_list(p);
    }
    node->a = last;
    nu__py_nodes_into(&targets, node);
    return node;
}

static nu__py_node *expression_statement(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_EXPRESSION), *first = nu__py_expression_list(p);
    int op = augmented_at(p);

    if (op >= 0)
        return augmented(p, first, op);
    if (first->kind == NU__PY_VARIABLE && nu__py_take(p, ":")) {
        (void)nu__py_plain_expression(p);
        if (!nu__py_at(p, "="))
            return nu__py_node_new(p, NU__PY_PASS);
    }
    if (nu__py_at(p, "="))
        return assignment(p, first);
    node->a = first;
    return node;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void simple_statements(nu__py_parser *p, nu__py_nodes *out);

/* ":" and then either the rest of the line or an indented block. */
static nu__py_node *suite(nu__py_parser *p, const char *after, int line)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_BLOCK);
    nu__py_nodes items = { 0 };

    nu__py_expect(p, ":");
    nu__py_deeper(p);
    if (p->at->kind != NU__PY_NEWLINE) {
        simple_statements(p, &items);
    } else {
        p->at++;
        if (p->at->kind != NU__PY_INDENT)
            nu__py_raise(&nu__py_indentation_error,
                         "expected an indented block after '{}' statement on line {}", after, line);
        p->at++;
        while (p->at->kind != NU__PY_DEDENT && p->at->kind != NU__PY_END)
            statement(p, &items);
        if (p->at->kind == NU__PY_DEDENT)
            p->at++;
    }
    p->depth--;
    nu__py_nodes_into(&items, node);
    return node;
}

static nu__py_node *loop_suite(nu__py_parser *p, const char *after, int line)
{
    nu__py_node *body;

    p->loops++;
    body = suite(p, after, line);
    p->loops--;
    return body;
}

static nu__py_node *else_suite(nu__py_parser *p)
{
    return nu__py_take(p, "else") ? suite(p, "else", p->at->line) : NULL;
}

static nu__py_node *if_(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_IF);

    node->a = nu__py_expression(p);
    node->b = suite(p, "if", node->line);
    if (nu__py_at(p, "elif")) {
        nu__py_deeper(p);
        node->c = if_(p);
        p->depth--;
    } else {
        node->c = else_suite(p);
    }
    return node;
}

static nu__py_node *while_(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_WHILE);

    node->a = nu__py_expression(p);
    node->b = loop_suite(p, "while", node->line);
    node->c = else_suite(p);
    return node;
}

static nu__py_node *for_(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_FOR);
    nu__py_nodes parts = { 0 };

    nu__py_nodes_add(&parts, nu__py_target_list(p));
    nu__py_expect(p, "in");
    nu__py_nodes_add(&parts, nu__py_expression_list(p));
    nu__py_nodes_into(&parts, node);
    node->b = loop_suite(p, "for", node->line);
    node->c = else_suite(p);
    return node;
}

/* "with a as x, b as y:" is one WITH inside of another. */
static nu__py_node *with_items(nu__py_parser *p, int line)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_WITH);
    nu__py_nodes body = { 0 };

    node->a = nu__py_plain_expression(p);
    if (nu__py_take(p, "as")) {
        node->c = nu__py_bitwise(p);
        nu__py_check_target(p, node->c, "assign to");
    }
    if (!nu__py_take(p, ",")) {
        node->b = suite(p, "with", line);
        return node;
    }
    nu__py_deeper(p);
    node->b = nu__py_node_new(p, NU__PY_BLOCK);
    nu__py_nodes_add(&body, with_items(p, line));
    nu__py_nodes_into(&body, node->b);
    p->depth--;
    return node;
}

static nu__py_node *with(nu__py_parser *p)
{
    int line = p->at->line;

    p->at++;
    return with_items(p, line);
}

static nu__py_node *handler(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_HANDLER);

    if (!nu__py_at(p, ":"))
        node->a = nu__py_expression_list(p);
    if (nu__py_take(p, "as"))
        node->name = nu__py_take_name(p);
    node->b = suite(p, "except", node->line);
    return node;
}

static nu__py_node *try_(nu__py_parser *p)
{
    nu__py_node *node = bare(p, NU__PY_TRY), *each;
    nu__py_nodes handlers = { 0 };

    node->b = suite(p, "try", node->line);
    while (nu__py_at(p, "except")) {
        if (handlers.n && !handlers.items[handlers.n - 1]->a)
            nu__py_syntax(p, S("default 'except:' must be last"));
        each = handler(p);
        nu__py_nodes_add(&handlers, each);
    }
    nu__py_nodes_into(&handlers, node);
    if (handlers.n)
        node->c = else_suite(p);
    if (nu__py_take(p, "finally"))
        node->a = suite(p, "finally", p->at->line);
    if (!handlers.n && !node->a)
        nu__py_syntax(p, S("expected 'except' or 'finally' block"));
    return node;
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct row {
    const char *keyword;
    bool compound;
    nu__py_node *(*parse)(nu__py_parser *p);
} rows[] = {
    { "pass", false, pass },     { "break", false, break_ },   { "continue", false, continue_ },
    { "raise", false, raise },   { "assert", false, assert_ }, { "del", false, del },
    { "import", false, import }, { "from", false, from },      { "if", true, if_ },
    { "while", true, while_ },   { "for", true, for_ },        { "with", true, with },
    { "try", true, try_ },
};

static const struct row *row_at(const nu__py_parser *p)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (nu__py_at(p, rows[i].keyword))
            return &rows[i];
    return NULL;
}

static nu__py_node *simple_statement(nu__py_parser *p)
{
    const struct row *row = row_at(p);

    if (row && row->compound)
        nu__py_syntax(p, S("invalid syntax"));
    return row ? row->parse(p) : expression_statement(p);
}

static void simple_statements(nu__py_parser *p, nu__py_nodes *out)
{
    do {
        nu__py_nodes_add(out, simple_statement(p));
    } while (nu__py_take(p, ";") && !at_statement_end(p));
    if (p->at->kind != NU__PY_NEWLINE)
        nu__py_syntax(p, S("invalid syntax"));
    p->at++;
}

static nu__py_node *statement(nu__py_parser *p, nu__py_nodes *out)
{
    const struct row *row = row_at(p);

    if (p->at->kind == NU__PY_INDENT)
        nu__py_raise(&nu__py_indentation_error, "unexpected indent (line {})", p->at->line);
    if (row && row->compound)
        nu__py_nodes_add(out, row->parse(p));
    else
        simple_statements(p, out);
    return out->items[out->n - 1];
}

nu__py_node *nu__py_parse(nu_str source)
{
    nu__py_tokens tokens;
    nu__py_parser p = { 0 };
    nu__py_nodes items = { 0 };
    nu__py_node *block;

    if (!nu__utf8_valid(source))
        nu__py_raise(&nu__py_syntax_error, "the text is no valid UTF-8");
    tokens = nu__py_lex(nu_copy(source.len ? source : S("")));
    p.at = p.first = tokens.items;
    block = nu__py_node_new(&p, NU__PY_BLOCK);
    while (p.at->kind != NU__PY_END)
        statement(&p, &items);
    nu__py_nodes_into(&items, block);
    return block;
}

nu__py_node *nu__py_parse_field(const nu__py_parser *outer, nu_str source)
{
    nu__py_tokens tokens = nu__py_lex(nu_fmt("({})", source));
    nu__py_parser p = { .at = tokens.items, .first = tokens.items, .depth = outer->depth };
    nu__py_node *node;

    for (size_t i = 0; i < tokens.n; i++)
        tokens.items[i].line += outer->at->line - 1;
    nu__py_deeper(&p);
    node = nu__py_expression_list(&p);
    if (p.at->kind != NU__PY_NEWLINE)
        nu__py_syntax(&p, S("f-string: invalid syntax"));
    return node;
}

/* ---- for the prompt -------------------------------------------------------------------------- */

/* A block goes on until an empty line. */
bool nu__py_needs_more(nu_str source)
{
    nu_str line = source, trimmed = nu_trim(source);
    const char *newline;
    bool block = false;

    if (nu__py_lex_is_open(source))
        return true;
    if (!trimmed.len)
        return false;
    newline = memchr(trimmed.ptr, '\n', trimmed.len);
    line = newline ? (nu_str){ trimmed.ptr, (size_t)(newline - trimmed.ptr) } : trimmed;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        size_t len = strlen(rows[i].keyword);

        block |= rows[i].compound && nu_starts_with(line, nu_s(rows[i].keyword)) &&
                 (line.len == len || !nu__is_word((unsigned char)line.ptr[len]));
    }
    return block && !nu_ends_with(source, S("\n\n")) && !nu_ends_with(source, S("\n \n"));
}
