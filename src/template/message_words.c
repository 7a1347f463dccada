#include "template/message_words.h"

#include "core/buf.h"
#include "core/text.h"

#include <string.h>

static const nu_str none;

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

nu_str nu__without_blanks(nu_str text)
{
    while (text.len && is_blank(*text.ptr))
        text = nu__sub(text, 1, text.len);
    return text;
}

nu_str nu__quoted_text(nu_str text)
{
    const char *end = text.len > 1 && is_quote(text.ptr[0])
                          ? memchr(text.ptr + 1, text.ptr[0], text.len - 1)
                          : NULL;

    return end ? nu__sub(text, 0, (size_t)(end - text.ptr) + 1) : none;
}

nu_str nu__unquoted_text(nu_str text)
{
    return nu_copy(nu__sub(text, 1, text.len - 1));
}

size_t nu__constant_length(nu_str text)
{
    char end[2] = { text.len ? text.ptr[0] : 0, ')' };
    ptrdiff_t at =
        is_quote(end[0]) ? nu__find(nu__sub(text, 1, text.len), (nu_str){ end, sizeof end }) : -1;

    return at < 0 ? 0 : (size_t)at + 2;
}

nu_str nu__unescaped(nu_str text)
{
    nu__buf made = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\' && i + 1 < text.len &&
            (is_quote(text.ptr[i + 1]) || text.ptr[i + 1] == '\\'))
            i++;
        nu__buf_char(&made, text.ptr[i]);
    }
    return nu__buf_str(&made);
}

nu_str nu__first_word(nu_str contents, nu_str *rest)
{
    size_t len = 0;

    while (len < contents.len && !is_blank(contents.ptr[len]))
        len++;
    *rest = nu__sub(contents, len, contents.len);
    return nu__sub(contents, 0, len);
}

nu_str nu__context_of(nu_str rest)
{
    nu_str last = none, word;
    ptrdiff_t at;

    while ((at = nu__find(rest, S("context"))) >= 0) {
        bool begins = at > 0 && is_blank(rest.ptr[at - 1]);

        rest = nu__sub(rest, (size_t)at + strlen("context"), rest.len);
        word = rest.len && is_blank(rest.ptr[0]) ? nu__quoted_text(nu__without_blanks(rest)) : none;
        if (begins && word.ptr)
            last = nu__unquoted_text(word);
    }
    return last;
}

/* Of the string that begins here; 1: only its quote, as it has no end. */
static size_t string_length(nu_str text)
{
    nu_str string = nu__quoted_text(text);

    return string.ptr ? string.len : 1;
}

bool nu__has_word(nu_str rest, const char *word)
{
    while (rest.len) {
        size_t len = 0;

        while (len < rest.len && !is_blank(rest.ptr[len]))
            len += is_quote(rest.ptr[len]) ? string_length(nu__sub(rest, len, rest.len)) : 1;
        if (nu_eq(nu__sub(rest, 0, len), word))
            return true;
        rest = nu__without_blanks(nu__sub(rest, len, rest.len));
    }
    return false;
}
