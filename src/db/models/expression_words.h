/**
 * @file
 * Reading the text of conditions and expressions, word by word: expression_words.c the words,
 * expression_text.c expressions, condition_text.c conditions. Blanks before a word are passed over.
 * What can't be read raises ImproperlyConfigured, with the text and where it is wrong.
 */
#pragma once
#include "db/models/expression_text.h"

typedef struct nu__text_reader {
    nu_str text;
    size_t at;
    int depth;
    nu__text_value *value_of;
    void *arg;
} nu__text_reader;

NU_NORETURN void nu__text_fail(const nu__text_reader *reader, const char *expected);
char nu__text_peek(nu__text_reader *reader); /* the next character; 0 at the end */
/* Whether the text goes on with this word, which is then taken; the second insists. */
bool nu__text_take(nu__text_reader *reader, const char *word);
void nu__text_must_take(nu__text_reader *reader, const char *word);
nu_str nu__text_word(nu__text_reader *reader);   /* letters, digits and underscores; may be empty */
nu_str nu__text_quoted(nu__text_reader *reader); /* 'text' or "text"; no escapes */
nu_value nu__text_number(nu__text_reader *reader);
/* One more level of nesting; whoever takes it gives it back: reader->depth--. */
void nu__text_deeper(nu__text_reader *reader);

nu_expr *nu__text_sum(nu__text_reader *reader); /* an expression */
nu_expr *nu__text_any(nu__text_reader *reader); /* a condition */
