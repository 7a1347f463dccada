#include "db/models/check_text.h"

#include <nuages/decimal.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than any condition that a person writes. */
#define DEPTH_CAP 32

typedef struct reader {
    nu_str text;
    size_t at;
    int depth;
} reader;

static NU_NORETURN void fail(const reader *reader, const char *expected)
{
    nu_raise(NU_IMPROPERLY_CONFIGURED, "the condition \"{}\" is wrong at character {}: {} expected",
             reader->text, (int64_t)reader->at + 1, expected);
}

static char peek(reader *reader)
{
    while (reader->at < reader->text.len && reader->text.ptr[reader->at] == ' ')
        reader->at++;
    return reader->at < reader->text.len ? reader->text.ptr[reader->at] : '\0';
}

static bool take(reader *reader, char c)
{
    if (peek(reader) != c)
        return false;
    reader->at++;
    return true;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static nu_str take_word(reader *reader)
{
    size_t from;

    peek(reader);
    from = reader->at;
    while (reader->at < reader->text.len && is_word(reader->text.ptr[reader->at]))
        reader->at++;
    return (nu_str){ reader->text.ptr + from, reader->at - from };
}

/* 'text' or "text"; no escapes. */
static nu_str take_quoted(reader *reader)
{
    char quote = peek(reader);
    const char *from = reader->text.ptr + reader->at + 1, *end;

    if (quote != '\'' && quote != '"')
        fail(reader, "a quote");
    end = memchr(from, quote, reader->text.len - reader->at - 1);
    if (!end)
        fail(reader, "a closing quote");
    reader->at += (size_t)(end - from) + 2;
    return (nu_str){ from, (size_t)(end - from) };
}

/* Fractions are exact: a decimal field's limit never passes through a double. */
static nu_value take_number(reader *reader)
{
    size_t from = reader->at;
    bool whole = true;
    nu_decimal decimal;
    nu_str digits;
    int64_t number;
    char *end;

    while (reader->at < reader->text.len &&
           strchr("+-.0123456789eE", reader->text.ptr[reader->at])) {
        whole &= !strchr(".eE", reader->text.ptr[reader->at]);
        reader->at++;
    }
    digits = nu_copy((nu_str){ reader->text.ptr + from, reader->at - from });
    errno = 0;
    number = strtoll(digits.ptr, &end, 10);
    if (whole && !errno && !*end)
        return nu_v_int(number);
    if (!nu_decimal_try_parse(digits, &decimal))
        fail(reader, "a number, True, False, None, 'text' or F(\"name\")");
    return nu_v_decimal(decimal);
}

static void take_value(reader *reader, nu__check_text *condition)
{
    static const struct {
        const char *word;
        nu_kind kind;
        bool b;
    } words[] = { { "True", NU_KIND_BOOL, true },
                  { "False", NU_KIND_BOOL, false },
                  { "None", NU_KIND_NULL, false } };
    char first = peek(reader);
    nu_str word;

    if (first == '\'' || first == '"') {
        condition->value = nu_v_str(nu_copy(take_quoted(reader)));
        return;
    }
    if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') {
        condition->value = take_number(reader);
        return;
    }
    word = take_word(reader);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nu_eq(word, words[i].word)) {
            condition->value = (nu_value){ .kind = words[i].kind, .b = words[i].b };
            return;
        }
    if (!nu_eq(word, "F") || !take(reader, '('))
        fail(reader, "a number, True, False, None, 'text' or F(\"name\")");
    condition->field = nu_copy(take_quoted(reader));
    if (!take(reader, ')'))
        fail(reader, "\")\"");
}

static nu__check_text *take_any(reader *reader);

static nu__check_text *node(nu__check_op op, nu__check_text *parts)
{
    nu__check_text *condition = nu_alloc(nu__check_text);

    condition->op = op;
    condition->parts = parts;
    return condition;
}

static nu__check_text *take_lookup(reader *reader)
{
    nu__check_text *condition = node(NU__CONDITION_LOOKUP, NULL);

    condition->lookup = nu_copy(take_word(reader));
    if (!condition->lookup.len)
        fail(reader, "a lookup such as gpa__gte");
    if (!take(reader, '='))
        fail(reader, "\"=\"");
    take_value(reader, condition);
    return condition;
}

static nu__check_text *take_one(reader *reader)
{
    nu__check_text *inner;

    if (++reader->depth > DEPTH_CAP)
        fail(reader, "less nesting");
    if (take(reader, '~')) {
        inner = node(NU__CONDITION_NOT, take_one(reader));
    } else if (take(reader, '(')) {
        inner = take_any(reader);
        if (!take(reader, ')'))
            fail(reader, "\")\"");
    } else {
        inner = take_lookup(reader);
    }
    reader->depth--;
    return inner;
}

/* Parts of the same kind become one list: (a, b), c is a, b, c. */
static nu__check_text *joined(nu__check_op op, nu__check_text *first, nu__check_text *last)
{
    return first == last ? first : node(op, first);
}

static nu__check_text *take_all(reader *reader)
{
    nu__check_text *first = take_one(reader), *last = first;

    while (take(reader, ',') || take(reader, '&'))
        last = last->next = take_one(reader);
    return joined(NU__CONDITION_ALL, first, last);
}

static nu__check_text *take_any(reader *reader)
{
    nu__check_text *first = take_all(reader), *last = first;

    while (take(reader, '|'))
        last = last->next = take_all(reader);
    return joined(NU__CONDITION_ANY, first, last);
}

nu__check_text *nu__check_text_parse(nu_str text)
{
    reader reader = { .text = text };
    nu__check_text *condition = take_any(&reader);

    if (peek(&reader))
        fail(&reader, "\",\", \"|\" or the end");
    return condition;
}
