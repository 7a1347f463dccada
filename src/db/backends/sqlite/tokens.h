/**
 * @file
 * The words of a CREATE TABLE or CREATE INDEX as sqlite_master keeps it.
 */
#pragma once
#include <nuages/strings.h>

typedef enum nu__token_kind {
    NU__TOKEN_END,
    NU__TOKEN_WORD,  /* a keyword, a bare name, a number */
    NU__TOKEN_NAME,  /* "x", `x`, [x]: `text` is without quotes */
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
/* Is it this keyword, in any case? */
bool nu__token_is(const nu__token *token, const char *keyword);
static inline bool nu__token_is_char(const nu__token *token, char c)
{
    return token->kind == NU__TOKEN_PUNCT && token->text.ptr[0] == c;
}
