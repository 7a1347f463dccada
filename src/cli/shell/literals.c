/* Literals: numbers, strings, bytes, f-strings. */
#include "cli/shell/int.h"
#include "cli/shell/parser.h"
#include "core/float.h"
#include "core/text.h"

#include <string.h>

/* ---- numbers --------------------------------------------------------------------------------- */

static bool all_digits(nu_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* The text without its underscores; false when one is not between digits. */
static bool without_underscores(nu_str text, nu_str *out)
{
    nu__buf buf = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '_')
            nu__buf_char(&buf, text.ptr[i]);
        else if (!i || i + 1 == text.len || text.ptr[i + 1] == '_')
            return false;
    }
    *out = nu__buf_str(&buf);
    return true;
}

static bool integer(nu_str text, nu__py *out)
{
    static const char letters[] = "xob";
    static const int bases[] = { 16, 8, 2 };
    const char *letter =
        text.len > 2 && text.ptr[0] == '0' ? strchr(letters, text.ptr[1] | 32) : NULL;

    if (letter)
        return nu__py_int_parse(nu__sub(text, 2, text.len), bases[letter - letters], out);
    return all_digits(text) && nu__py_int_parse(text, 10, out);
}

static NU_NORETURN void bad_number(const nu__py_parser *p, nu_str text)
{
    if (all_digits(text))
        nu__py_syntax(p, S("leading zeros in decimal integer literals are not permitted; use an "
                           "0o prefix for octal integers"));
    nu__py_syntax(p, S("invalid decimal literal"));
}

nu__py_node *nu__py_number(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_CONSTANT);
    nu_str text;
    double number;

    if (!without_underscores(p->at->text, &text))
        nu__py_syntax(p, S("invalid decimal literal"));
    if (all_digits(text) && text.len > 1 && text.ptr[0] == '0' && strspn(text.ptr, "0") != text.len)
        bad_number(p, text);
    if (!integer(text, &node->value)) {
        if (!strpbrk(text.ptr, ".eE") || !nu__float_try_parse(text, &number))
            bad_number(p, text);
        node->value = nu__py_float(number);
    }
    p->at++;
    return node;
}

/* ---- escapes --------------------------------------------------------------------------------- */

typedef struct literal {
    const nu__py_parser *parser;
    bool raw, bytes, formatted;
    nu_str body;
} literal;

static literal literal_of(const nu__py_parser *p, nu_str text)
{
    literal out = { .parser = p };
    size_t quote = strcspn(text.ptr, "\"'"), width;

    for (size_t i = 0; i < quote; i++) {
        out.raw |= (text.ptr[i] | 32) == 'r';
        out.bytes |= (text.ptr[i] | 32) == 'b';
        out.formatted |= (text.ptr[i] | 32) == 'f';
    }
    width = text.len - quote >= 6 && text.ptr[quote + 1] == text.ptr[quote] &&
                    text.ptr[quote + 2] == text.ptr[quote]
                ? 3
                : 1;
    out.body = nu__sub(text, quote + width, text.len - width);
    return out;
}

static int hex_digits(const char *at, const char *end, int n, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, at++) {
        int digit = at >= end                                ? -1
                    : *at >= '0' && *at <= '9'               ? *at - '0'
                    : (*at | 32) >= 'a' && (*at | 32) <= 'f' ? (*at | 32) - 'a' + 10
                                                             : -1;

        if (digit < 0)
            return -1;
        *out = *out << 4 | (uint32_t)digit;
    }
    return n;
}

static void put_character(const literal *l, uint32_t c, nu__buf *out)
{
    if (l->bytes)
        nu__buf_char(out, (char)c);
    else if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        nu__py_syntax(l->parser, S("the shell's text holds no surrogates: write the character"));
    else
        nu__buf_utf8(out, c);
}

static const char *numbered_escape(const literal *l, const char *at, const char *end, nu__buf *out)
{
    int n = *at == 'x' ? 2 : *at == 'u' ? 4 : 8;
    uint32_t c;

    if (hex_digits(at + 1, end, n, &c) < 0)
        nu__py_syntax(l->parser, nu_fmt("truncated \\{}{} escape", ((nu_str){ at, 1 }),
                                        n == 2   ? "XX"
                                        : n == 4 ? "XXXX"
                                                 : "XXXXXXXX"));
    put_character(l, c, out);
    return at + 1 + n;
}

static const char *octal_escape(const literal *l, const char *at, const char *end, nu__buf *out)
{
    uint32_t c = 0;

    for (int i = 0; i < 3 && at < end && *at >= '0' && *at <= '7'; i++)
        c = c * 8 + (uint32_t)(*at++ - '0');
    put_character(l, c, out);
    return at;
}

/* `at` is after the backslash. */
static const char *escape(const literal *l, const char *at, const char *end, nu__buf *out)
{
    static const char names[] = "\\'\"abfnrtv", meanings[] = "\\'\"\a\b\f\n\r\t\v";
    const char *simple = *at ? strchr(names, *at) : NULL;

    if (*at == '\n')
        return at + 1;
    if (simple) {
        nu__buf_char(out, meanings[simple - names]);
        return at + 1;
    }
    if (*at >= '0' && *at <= '7')
        return octal_escape(l, at, end, out);
    if (*at == 'x' || (!l->bytes && (*at == 'u' || *at == 'U')))
        return numbered_escape(l, at, end, out);
    if (!l->bytes && *at == 'N')
        nu__py_syntax(l->parser, S("the shell knows no \\N{…} names: write \\u and the number"));
    nu__buf_char(out, '\\');
    return at;
}

static void add_text(const literal *l, const char *at, const char *end, nu__buf *out)
{
    while (at < end) {
        if (*at == '\\' && !l->raw && end - at > 1) {
            at = escape(l, at + 1, end, out);
            continue;
        }
        if (l->bytes && (unsigned char)*at > 127)
            nu__py_syntax(l->parser, S("bytes can only contain ASCII literal characters"));
        nu__buf_char(out, *at++);
    }
}

/* ---- f-strings ------------------------------------------------------------------------------- */

static void flush(const literal *l, const char *from, const char *to, nu__py_nodes *parts)
{
    nu__py_node *node;
    nu__buf out = { 0 };

    if (from == to)
        return;
    add_text(l, from, to, &out);
    node = nu__py_node_new(l->parser, NU__PY_CONSTANT);
    node->value = nu__py_str(nu__buf_str(&out));
    nu__py_nodes_add(parts, node);
}

/* Where the expression of a replacement field ends: at "}", ":", "!r" or "=" outside of brackets
   and strings. */
static const char *field_end(const char *at, const char *end)
{
    int depth = 0;

    for (; at < end; at++) {
        if (*at == '"' || *at == '\'') {
            at = nu__py_string_end(at, end, false);
            if (!at)
                return NULL;
            at--;
        } else if (strchr("([{", *at)) {
            depth++;
        } else if (strchr(")]}", *at) && depth) {
            depth--;
        } else if (!depth && (*at == '}' || *at == ':')) {
            return at;
        } else if (!depth && *at == '!' && !(end - at > 1 && at[1] == '=')) {
            return at;
        }
    }
    return NULL;
}

/* "=" before the end, as in f"{x=}": the text itself is shown too. */
static bool shows_itself(nu_str expression)
{
    nu_str text = nu_trim(expression);

    return text.len > 1 && text.ptr[text.len - 1] == '=' && !strchr("=!<>", text.ptr[text.len - 2]);
}

static const char *specification_end(const char *at, const char *end)
{
    int depth = 0;

    for (; at < end; at++) {
        if (*at == '}' && !depth)
            return at;
        depth += (*at == '{') - (*at == '}');
    }
    return NULL;
}

static void formatted(const literal *l, nu_str body, nu__py_nodes *parts);

static nu__py_node *formatted_node(const literal *l, nu_str body)
{
    nu__py_node *node = nu__py_node_new(l->parser, NU__PY_FORMATTED);
    nu__py_nodes parts = { 0 };

    formatted(l, body, &parts);
    nu__py_nodes_into(&parts, node);
    return node;
}

static NU_NORETURN void bad_field(const literal *l, const char *what)
{
    nu__py_syntax(l->parser, nu_fmt("f-string: {}", what));
}

static const char *conversion(const literal *l, const char *at, const char *end, nu__py_node *field)
{
    if (end - at < 2 || !strchr("rsa", at[1]))
        bad_field(l, "invalid conversion character: expected 's', 'r', or 'a'");
    field->op = at[1];
    return at + 2;
}

/* A replacement field, from after its "{"; one past its "}". */
static const char *field(const literal *l, const char *at, const char *end, nu__py_nodes *parts)
{
    nu__py_node *node = nu__py_node_new(l->parser, NU__PY_FIELD);
    const char *to = field_end(at, end);
    nu_str expression;

    if (!to)
        bad_field(l, "expecting '}'");
    expression = (nu_str){ at, (size_t)(to - at) };
    if (!nu_trim(expression).len)
        bad_field(l, "valid expression required before '}'");
    if (shows_itself(expression)) {
        flush(&(literal){ .parser = l->parser, .raw = true }, at, to, parts);
        expression = nu_trim(expression);
        expression.len--;
        node->op = 'r';
    }
    node->a = nu__py_parse_field(l->parser, expression);
    if (*to == ':')
        node->op = 0;
    if (*to == '!')
        to = conversion(l, to, end, node);
    if (to < end && *to == ':') {
        at = to + 1;
        to = specification_end(at, end);
        if (!to)
            bad_field(l, "expecting '}'");
        node->b = formatted_node(l, (nu_str){ at, (size_t)(to - at) });
    }
    if (to >= end || *to != '}')
        bad_field(l, "expecting '}'");
    nu__py_nodes_add(parts, node);
    return to + 1;
}

static void formatted(const literal *l, nu_str body, nu__py_nodes *parts)
{
    const char *at = body.ptr, *end = nu__str_end(body), *from = at;

    while (at < end) {
        if (*at == '\\' && !l->raw && end - at > 1) {
            at += 2;
        } else if ((*at == '{' || *at == '}') && end - at > 1 && at[1] == *at) {
            flush(l, from, at + 1, parts);
            at += 2;
            from = at;
        } else if (*at == '{') {
            flush(l, from, at, parts);
            at = field(l, at + 1, end, parts);
            from = at;
        } else if (*at == '}') {
            bad_field(l, "single '}' is not allowed");
        } else {
            at++;
        }
    }
    flush(l, from, at, parts);
}

/* ---- strings side by side -------------------------------------------------------------------- */

static nu__py_node *plain_strings(nu__py_parser *p, bool bytes)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_CONSTANT);
    nu__buf out = { 0 };
    literal l;

    for (; p->at->kind == NU__PY_STRING; p->at++) {
        l = literal_of(p, p->at->text);
        if (l.bytes != bytes)
            nu__py_syntax(p, S("cannot mix bytes and nonbytes literals"));
        add_text(&l, l.body.ptr, nu__str_end(l.body), &out);
    }
    nu__buf_reserve(&out, 1);
    node->value = bytes ? nu__py_bytes((nu_bytes){ (const uint8_t *)out.data, out.len })
                        : nu__py_str(nu__buf_str(&out));
    return node;
}

static nu__py_node *formatted_strings(nu__py_parser *p)
{
    nu__py_node *node = nu__py_node_new(p, NU__PY_FORMATTED);
    nu__py_nodes parts = { 0 };
    literal l;

    for (; p->at->kind == NU__PY_STRING; p->at++) {
        l = literal_of(p, p->at->text);
        if (l.bytes)
            nu__py_syntax(p, S("cannot mix bytes and nonbytes literals"));
        nu__py_deeper(p);
        if (l.formatted)
            formatted(&l, l.body, &parts);
        else
            flush(&l, l.body.ptr, nu__str_end(l.body), &parts);
        p->depth--;
    }
    nu__py_nodes_into(&parts, node);
    return node;
}

nu__py_node *nu__py_strings(nu__py_parser *p)
{
    bool any = false;

    for (const nu__py_token *t = p->at; t->kind == NU__PY_STRING; t++)
        any |= literal_of(p, t->text).formatted;
    return any ? formatted_strings(p) : plain_strings(p, literal_of(p, p->at->text).bytes);
}
