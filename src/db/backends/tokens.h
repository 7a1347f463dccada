/**
 * @file
 * The words of SQL as databases keep it: SQLite's CREATE TABLE, the conditions of checks.
 */
#pragma once
#include "db/backends/base.h"

#include <nuages/strings.h>

typedef enum nu__token_kind {
    NU__TOKEN_END,
    NU__TOKEN_WORD,  /* a keyword, a bare name, a number */
    NU__TOKEN_NAME,  /* "x", `x`, SQLite's [x]: `text` is without quotes */
    NU__TOKEN_TEXT,  /* 'x', the same */
    NU__TOKEN_PUNCT, /* one character */
} nu__token_kind;

typedef struct nu__token {
    nu__token_kind kind;
    nu_str text;
} nu__token;

/* The next token of *sql, which is advanced; blanks and comments are skipped. Allocates nothing, so
   doubled quotes inside of a name stay doubled. */
nu__token nu__sql_token(nu_str *sql);
/* The same of another database's text. */
nu__token nu__sql_token_of(nu__dialect dialect, nu_str *sql);
/* What a token stands for: without doubled quotes and escapes. In the arena. */
nu_str nu__token_text(nu__dialect dialect, const nu__token *token);
/* Is it this keyword, in any case? */
bool nu__token_is(const nu__token *token, const char *keyword);
static inline bool nu__token_is_char(const nu__token *token, char c)
{
    return token->kind == NU__TOKEN_PUNCT && token->text.ptr[0] == c;
}
