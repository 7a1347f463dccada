/* The words of conditions and expressions that descriptors hold as text. */
#include "db/models/expression_words.h"

#include <nuages/decimal.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than anything that a person writes. */
#define DEPTH_CAP 32

NU_NORETURN void nu__text_fail(const nu__text_reader *reader, const char *expected)
{
    nu_raise(NU_IMPROPERLY_CONFIGURED, "\"{}\" is wrong at character {}: {} expected", reader->text,
             (int64_t)reader->at + 1, expected);
}

char nu__text_peek(nu__text_reader *reader)
{
    while (reader->at < reader->text.len && reader->text.ptr[reader->at] == ' ')
        reader->at++;
    return reader->at < reader->text.len ? reader->text.ptr[reader->at] : '\0';
}

bool nu__text_take(nu__text_reader *reader, const char *word)
{
    size_t len = strlen(word);

    nu__text_peek(reader);
    if (reader->text.len - reader->at < len ||
        memcmp(reader->text.ptr + reader->at, word, len) != 0)
        return false;
    reader->at += len;
    return true;
}

void nu__text_must_take(nu__text_reader *reader, const char *word)
{
    if (!nu__text_take(reader, word))
        nu__text_fail(reader, nu_fmt("\"{}\"", word).ptr);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

nu_str nu__text_word(nu__text_reader *reader)
{
    size_t from;

    nu__text_peek(reader);
    from = reader->at;
    while (reader->at < reader->text.len && is_word(reader->text.ptr[reader->at]))
        reader->at++;
    return nu_copy((nu_str){ reader->text.ptr + from, reader->at - from });
}

/* 'text' or "text"; no escapes. */
nu_str nu__text_quoted(nu__text_reader *reader)
{
    char quote = nu__text_peek(reader);
    const char *from = reader->text.ptr + reader->at + 1, *end;

    if (quote != '\'' && quote != '"')
        nu__text_fail(reader, "a quote");
    end = memchr(from, quote, reader->text.len - reader->at - 1);
    if (!end)
        nu__text_fail(reader, "a closing quote");
    reader->at += (size_t)(end - from) + 2;
    return nu_copy((nu_str){ from, (size_t)(end - from) });
}

/* Fractions are exact: a decimal field's limit never passes through a double. */
nu_value nu__text_number(nu__text_reader *reader)
{
    size_t from = reader->at;
    bool whole = true;
    nu_decimal decimal;
    nu_str digits;
    int64_t number;
    char *end;

    while (reader->at < reader->text.len && strchr(".0123456789eE", reader->text.ptr[reader->at])) {
        whole &= !strchr(".eE", reader->text.ptr[reader->at]);
        reader->at++;
    }
    digits = nu_copy((nu_str){ reader->text.ptr + from, reader->at - from });
    errno = 0;
    number = strtoll(digits.ptr, &end, 10);
    if (whole && !errno && !*end)
        return nu_v_int(number);
    if (!nu_decimal_try_parse(digits, &decimal))
        nu__text_fail(reader, "a number");
    return nu_v_decimal(decimal);
}

void nu__text_deeper(nu__text_reader *reader)
{
    if (++reader->depth > DEPTH_CAP)
        nu__text_fail(reader, "less nesting");
}
