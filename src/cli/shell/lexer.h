/**
 * @file
 * Text into tokens: names, numbers, strings, operators, and the lines and indents between them.
 */
#pragma once
#include <nuages/strings.h>

typedef enum nu__py_token_kind {
    NU__PY_END,
    NU__PY_NEWLINE,
    NU__PY_INDENT,
    NU__PY_DEDENT,
    NU__PY_NAME,
    NU__PY_KEYWORD,
    NU__PY_NUMBER,
    NU__PY_STRING, /* with prefix and quotes */
    NU__PY_OPERATOR,
} nu__py_token_kind;

typedef struct nu__py_token {
    nu__py_token_kind kind;
    nu_str text; /* of the source, which must live on */
    int line, column;
} nu__py_token;

typedef struct nu__py_tokens {
    nu__py_token *items; /* the last is END */
    size_t n, cap;
} nu__py_tokens;

/* SyntaxError, IndentationError. */
nu__py_tokens nu__py_lex(nu_str source);
/* Is the text the beginning of something: an open bracket, a triple quote, a line that ends with a
   backslash? */
bool nu__py_lex_is_open(nu_str source);
bool nu__py_is_keyword(nu_str name);
/* One past a string literal that begins (after its prefix) at `at`; NULL: it does not end.
   `formatted`: quotes inside of braces do not end it. */
const char *nu__py_string_end(const char *at, const char *end, bool formatted);
