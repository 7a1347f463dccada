/* The lexer: one pass over the text, a stack of indents, a stack of open brackets. */
#include "cli/shell/lexer.h"

#include "cli/shell/limits.h"
#include "cli/shell/object.h"
#include "core/arena.h"
#include "core/text.h"

#include <string.h>

typedef struct lexer {
    const char *at, *end, *line_start;
    int line;
    nu__py_tokens out;
    int indents[NU__PY_MOST_NESTING + 1];
    size_t n_indents;
    nu__py_token brackets[NU__PY_MOST_NESTING];
    size_t n_brackets;
    bool open;   /* the text ends inside of something */
    bool quiet;  /* only asked whether it does */
    bool broken; /* a string that no further line can end */
} lexer;

static const char *const keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
};

bool nu__py_is_keyword(nu_str name)
{
    for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
        if (nu_eq(name, keywords[i]))
            return true;
    return false;
}

static NU_NORETURN void fail(const nu__py_type *type, nu_str message, int line)
{
    nu__py_raise(type, "{} (line {})", message, line);
}

static void push(lexer *l, nu__py_token_kind kind, const char *from, const char *to)
{
    nu__py_tokens *out = &l->out;
    size_t cap = out->cap ? out->cap * 2 : 64;

    if (out->n == out->cap) {
        out->items = nu__grow(out->items, out->cap * sizeof *out->items, cap * sizeof *out->items);
        out->cap = cap;
    }
    out->items[out->n++] = (nu__py_token){
        kind, { from, (size_t)(to - from) }, l->line, (int)(from - l->line_start) + 1
    };
}

/* ---- strings --------------------------------------------------------------------------------- */

static const char *skip_braces(const char *at, const char *end);

const char *nu__py_string_end(const char *at, const char *end, bool formatted)
{
    char quote = *at;
    bool triple = end - at >= 3 && at[1] == quote && at[2] == quote;

    at += triple ? 3 : 1;
    while (at < end) {
        if (*at == '\\' && end - at >= 2) {
            at += 2;
        } else if (*at == quote && !triple) {
            return at + 1;
        } else if (*at == quote && end - at >= 3 && at[1] == quote && at[2] == quote) {
            return at + 3;
        } else if (*at == '\n' && !triple) {
            return NULL;
        } else if (formatted && *at == '{' && !(end - at >= 2 && at[1] == '{')) {
            at = skip_braces(at + 1, end);
            if (!at)
                return NULL;
        } else {
            at += formatted && *at == '{' ? 2 : 1;
        }
    }
    return NULL;
}

/* From after "{" to after its "}", over strings inside. Nested replacement fields in a format
   specification are braces in braces. */
static const char *skip_braces(const char *at, const char *end)
{
    int depth = 1;

    while (at < end) {
        if (*at == '"' || *at == '\'') {
            at = nu__py_string_end(at, end, false);
            if (!at)
                return NULL;
            continue;
        }
        depth += (*at == '{') - (*at == '}');
        at++;
        if (!depth)
            return at;
    }
    return NULL;
}

static bool is_name_start(uint32_t c)
{
    return c == '_' || nu__is_alpha(c);
}

/* The length of a string prefix before a quote, or -1. */
static int prefix_length(const lexer *l)
{
    int n = 0;

    while (n < 3 && l->at + n < l->end && strchr("rRbBuUfF", l->at[n]) && l->at[n])
        n++;
    return n < 3 && l->at + n < l->end && (l->at[n] == '"' || l->at[n] == '\'') ? n : -1;
}

static bool has_letter(const char *at, int n, char letter)
{
    for (int i = 0; i < n; i++)
        if ((at[i] | 32) == letter)
            return true;
    return false;
}

static void take_string(lexer *l, int prefix)
{
    const char *start = l->at, *quote = l->at + prefix, *newline;
    bool triple = l->end - quote >= 3 && quote[1] == *quote && quote[2] == *quote;
    const char *to = nu__py_string_end(quote, l->end, has_letter(start, prefix, 'f'));

    if (!to && (triple || (l->end - start > 1 && l->end[-1] == '\n' && l->end[-2] == '\\')))
        l->open = true;
    else if (!to)
        l->broken = true;
    if (!to && !l->quiet)
        fail(&nu__py_syntax_error,
             triple ? S("unterminated triple-quoted string literal")
                    : S("unterminated string literal"),
             l->line);
    if (!to)
        to = l->end;
    push(l, NU__PY_STRING, start, to);
    for (l->at = to; (newline = memchr(start, '\n', (size_t)(to - start))); start = newline + 1) {
        l->line++;
        l->line_start = newline + 1;
    }
}

/* ---- names, numbers, operators --------------------------------------------------------------- */

static void take_name(lexer *l)
{
    const char *start = l->at, *next = l->at;
    uint32_t c;

    while (next < l->end && (c = nu__utf8_next(&next, l->end), c == '_' || nu__is_word(c)))
        l->at = next;
    push(l,
         nu__py_is_keyword((nu_str){ start, (size_t)(l->at - start) }) ? NU__PY_KEYWORD
                                                                       : NU__PY_NAME,
         start, l->at);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void take_number(lexer *l)
{
    const char *start = l->at;
    bool hex = l->end - start > 1 && *start == '0' && strchr("xXoObB", start[1]) && start[1];

    while (l->at < l->end &&
           (*l->at == '_' || is_digit(*l->at) || ((*l->at | 32) >= 'a' && (*l->at | 32) <= 'z') ||
            (!hex && *l->at == '.') ||
            (!hex && (*l->at == '+' || *l->at == '-') && (l->at[-1] | 32) == 'e'))) {
        /* "1if x else y", "1 .real": letters that begin a keyword end the number */
        if (!hex && (*l->at | 32) >= 'a' && (*l->at | 32) <= 'z' && (*l->at | 32) != 'e' &&
            (*l->at | 32) != 'j')
            break;
        if (!hex && (*l->at | 32) == 'e' &&
            !(l->end - l->at > 1 &&
              (is_digit(l->at[1]) ||
               (l->end - l->at > 2 && strchr("+-", l->at[1]) && l->at[1] && is_digit(l->at[2])))))
            break;
        l->at++;
    }
    push(l, NU__PY_NUMBER, start, l->at);
}

static const char *const operators[] = {
    "**=", "//=", ">>=", "<<=", "...", "!=", "==", "<=", ">=", "->", "+=", "-=",
    "*=",  "/=",  "%=",  "&=",  "|=",  "^=", "@=", ":=", "**", "//", "<<", ">>",
    "+",   "-",   "*",   "/",   "%",   "@",  "&",  "|",  "^",  "~",  "<",  ">",
    "(",   ")",   "[",   "]",   "{",   "}",  ",",  ":",  ".",  ";",  "=",  "!",
};

static char closing_of(char open)
{
    return open == '(' ? ')' : open == '[' ? ']' : '}';
}

static void open_bracket(lexer *l)
{
    if (l->n_brackets == NU__PY_MOST_NESTING)
        fail(&nu__py_syntax_error, S("too many nested parentheses"), l->line);
    l->brackets[l->n_brackets++] = l->out.items[l->out.n - 1];
}

static void close_bracket(lexer *l, char c)
{
    if (!l->n_brackets) {
        if (!l->quiet)
            fail(&nu__py_syntax_error, nu_fmt("unmatched '{}'", ((nu_str){ &c, 1 })), l->line);
        return;
    }
    l->n_brackets--;
    if (!l->quiet && c != closing_of(l->brackets[l->n_brackets].text.ptr[0]))
        fail(&nu__py_syntax_error,
             nu_fmt("closing parenthesis '{}' does not match opening parenthesis '{}'",
                    ((nu_str){ &c, 1 }), l->brackets[l->n_brackets].text),
             l->line);
}

static void take_operator(lexer *l)
{
    nu_str rest = { l->at, (size_t)(l->end - l->at) };

    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
        size_t len = strlen(operators[i]);

        if (!nu_starts_with(rest, nu_s(operators[i])))
            continue;
        push(l, NU__PY_OPERATOR, l->at, l->at + len);
        l->at += len;
        if (len == 1 && strchr("([{", operators[i][0]))
            open_bracket(l);
        else if (len == 1 && strchr(")]}", operators[i][0]))
            close_bracket(l, operators[i][0]);
        return;
    }
    if (!l->quiet) {
        const char *at = l->at;
        uint32_t c = nu__utf8_next(&at, l->end);

        nu__py_raise(&nu__py_syntax_error, "invalid character '{}' (U+{:04X}) (line {})",
                     ((nu_str){ l->at, (size_t)(at - l->at) }), (int64_t)c, l->line);
    }
    (void)nu__utf8_next(&l->at, l->end);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void set_indent(lexer *l, int width)
{
    if (width > l->indents[l->n_indents]) {
        if (l->n_indents == NU__PY_MOST_NESTING)
            fail(&nu__py_indentation_error, S("too many levels of indentation"), l->line);
        l->indents[++l->n_indents] = width;
        push(l, NU__PY_INDENT, l->at, l->at);
        return;
    }
    while (width < l->indents[l->n_indents]) {
        l->n_indents--;
        push(l, NU__PY_DEDENT, l->at, l->at);
    }
    if (width != l->indents[l->n_indents] && !l->quiet)
        fail(&nu__py_indentation_error, S("unindent does not match any outer indentation level"),
             l->line);
}

static void skip_comment(lexer *l)
{
    while (l->at < l->end && *l->at != '\n')
        l->at++;
}

static void next_line(lexer *l)
{
    l->at++;
    l->line++;
    l->line_start = l->at;
}

/* At the start of a line outside of brackets: its indent, if there is anything on it. */
static void start_line(lexer *l)
{
    for (;;) {
        int width = 0;

        for (; l->at < l->end && (*l->at == ' ' || *l->at == '\t' || *l->at == '\r'); l->at++)
            width = *l->at == '\t' ? (width / 8 + 1) * 8 : width + (*l->at == ' ');
        if (l->at < l->end && *l->at == '#')
            skip_comment(l);
        if (l->at >= l->end)
            return;
        if (*l->at != '\n') {
            set_indent(l, width);
            return;
        }
        next_line(l);
    }
}

static bool after_newline(const lexer *l)
{
    nu__py_token_kind last = l->out.n ? l->out.items[l->out.n - 1].kind : NU__PY_NEWLINE;

    return last == NU__PY_NEWLINE || last == NU__PY_INDENT || last == NU__PY_DEDENT;
}

static void take_newline(lexer *l)
{
    if (!l->n_brackets && !after_newline(l))
        push(l, NU__PY_NEWLINE, l->at, l->at);
    next_line(l);
    if (!l->n_brackets)
        start_line(l);
}

static void take_backslash(lexer *l)
{
    if (l->end - l->at >= 2 && l->at[1] == '\n') {
        l->at++;
        next_line(l);
        return;
    }
    l->open |= l->end - l->at == 1;
    if (!l->quiet)
        fail(&nu__py_syntax_error, S("unexpected character after line continuation character"),
             l->line);
    l->at++;
}

static void take_token(lexer *l)
{
    const char *next = l->at;
    uint32_t c = nu__utf8_next(&next, l->end);
    int prefix = prefix_length(l);

    if (c == '\n')
        take_newline(l);
    else if (c == ' ' || c == '\t' || c == '\r' || c == '\f')
        l->at++;
    else if (c == '#')
        skip_comment(l);
    else if (c == '\\')
        take_backslash(l);
    else if (prefix >= 0)
        take_string(l, prefix);
    else if (is_name_start(c))
        take_name(l);
    else if (is_digit((char)*l->at) || (c == '.' && l->end - l->at > 1 && is_digit(l->at[1])))
        take_number(l);
    else
        take_operator(l);
}

static void finish(lexer *l)
{
    if (l->n_brackets && !l->quiet)
        fail(&nu__py_syntax_error,
             nu_fmt("'{}' was never closed", l->brackets[l->n_brackets - 1].text),
             l->brackets[l->n_brackets - 1].line);
    l->open |= l->n_brackets > 0;
    if (!after_newline(l))
        push(l, NU__PY_NEWLINE, l->end, l->end);
    for (; l->n_indents; l->n_indents--)
        push(l, NU__PY_DEDENT, l->end, l->end);
    push(l, NU__PY_END, l->end, l->end);
}

static void run(lexer *l)
{
    start_line(l);
    while (l->at < l->end)
        take_token(l);
    finish(l);
}

nu__py_tokens nu__py_lex(nu_str source)
{
    const char *start = source.len ? source.ptr : "";
    lexer l = { .at = start, .end = start + source.len, .line_start = start, .line = 1 };

    run(&l);
    return l.out;
}

bool nu__py_lex_is_open(nu_str source)
{
    const char *start = source.len ? source.ptr : "";
    lexer l = {
        .at = start, .end = start + source.len, .line_start = start, .line = 1, .quiet = true
    };

    run(&l);
    return l.open && !l.broken;
}
