/**
 * @file
 * A template's text as tokens, one at a time, and the words of a tag.
 *
 * A tag begins with {%, {{ or {# and ends on the same line; what only looks like one is text.
 * Everything is a slice of the source. Linear in its length, whatever is left unclosed.
 *
 * Counterpart: django.template.base.Lexer, Token.split_contents(), django.utils.text.smart_split().
 */
#pragma once
#include <nuages/strings.h>

typedef enum nu__token_kind {
    NU__TOKEN_END,
    NU__TOKEN_TEXT,
    NU__TOKEN_VARIABLE,
    NU__TOKEN_BLOCK,
    NU__TOKEN_COMMENT,
} nu__token_kind;

typedef struct nu__token {
    nu__token_kind kind;
    uint32_t line;
    nu_str whole;    /* with its delimiters */
    nu_str contents; /* without, and without the white space around; of TEXT: the text */
} nu__token;

typedef struct nu__lexer {
    nu_str source;
    size_t at;
    uint32_t line;
    nu_str verbatim; /* {% verbatim … %} is open: what follows "end" in its end tag */
    bool in_verbatim;
    size_t no_end[3]; /* by kind of tag: no end of it before this position */
} nu__lexer;

void nu__lexer_init(nu__lexer *lexer, nu_str source);
nu__token nu__lexer_next(nu__lexer *lexer);

typedef struct nu__words {
    nu_str *items;
    size_t len;
} nu__words;

/* The words of a tag's contents: white space separates, quoted strings and _("…") hold together.
   In the running arena. */
nu__words nu__split_contents(nu_str contents);
/* str.split(): white space alone separates. */
nu__words nu__split_words(nu_str contents);
