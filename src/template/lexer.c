#include "template/lexer.h"

#include "core/text.h"
#include "utils/text.h"

#include <nuages/errors.h>

enum { VARIABLE, BLOCK, COMMENT };

static const struct {
    char open, close;
    nu__token_kind kind;
} tags[] = {
    [VARIABLE] = { '{', '}', NU__TOKEN_VARIABLE },
    [BLOCK] = { '%', '%', NU__TOKEN_BLOCK },
    [COMMENT] = { '#', '#', NU__TOKEN_COMMENT },
};

void nu__lexer_init(nu__lexer *lexer, nu_str source)
{
    *lexer = (nu__lexer){ .source = source, .line = 1 };
}

/* One past the closing delimiter of the tag that begins at `start`; 0 when the line has none. */
static size_t find_close(nu__lexer *lexer, size_t start, int tag)
{
    const char *text = lexer->source.ptr, *end = text + lexer->source.len;
    const char *at = text + start + 2;

    if (start < lexer->no_end[tag])
        return 0;
    for (; at < end && *at != '\n'; at++)
        if (*at == tags[tag].close && at + 1 < end && at[1] == '}')
            return (size_t)(at + 2 - text);
    lexer->no_end[tag] = (size_t)(at - text);
    return 0;
}

static int kind_of_tag(char c)
{
    return c == '{' ? VARIABLE : c == '%' ? BLOCK : c == '#' ? COMMENT : -1;
}

/* The next tag from *start on, which moves to it; its end, or 0. */
static size_t find_tag(nu__lexer *lexer, size_t *start)
{
    const char *text = lexer->source.ptr, *end = text + lexer->source.len, *at = text + *start;
    size_t close;
    int tag;

    while (at < end && (at = memchr(at, '{', (size_t)(end - at))) && at + 1 < end) {
        tag = kind_of_tag(at[1]);
        if (tag >= 0 && (close = find_close(lexer, (size_t)(at - text), tag))) {
            *start = (size_t)(at - text);
            return close;
        }
        at++;
    }
    return 0;
}

static uint32_t count_lines(nu_str text)
{
    uint32_t lines = 0;

    for (const char *at = text.ptr, *end = nu__str_end(text); at < end; at++)
        lines += *at == '\n';
    return lines;
}

static bool starts_verbatim(nu_str contents)
{
    return nu_eq(contents, "verbatim") || nu_starts_with(contents, S("verbatim "));
}

static bool ends_verbatim(const nu__lexer *lexer, nu_str contents)
{
    return nu_starts_with(contents, S("end")) &&
           nu_eq(nu__sub(contents, 3, contents.len), lexer->verbatim);
}

/* A matched tag as a token: text when it stands inside {% verbatim %}. */
static nu__token tag_token(nu__lexer *lexer, nu_str whole)
{
    nu_str contents = nu_trim(nu__sub(whole, 2, whole.len - 2));
    int tag = kind_of_tag(whole.ptr[1]);

    if (lexer->in_verbatim && (tag != BLOCK || !ends_verbatim(lexer, contents)))
        return (nu__token){ NU__TOKEN_TEXT, lexer->line, whole, whole };
    lexer->in_verbatim = false;
    if (tag == BLOCK && starts_verbatim(contents)) {
        lexer->in_verbatim = true;
        lexer->verbatim = contents;
    }
    return (nu__token){ tags[tag].kind, lexer->line, whole, contents };
}

nu__token nu__lexer_next(nu__lexer *lexer)
{
    size_t begin = lexer->at, start = begin, end;
    nu__token token;
    nu_str text;

    if (begin == lexer->source.len)
        return (nu__token){ NU__TOKEN_END, lexer->line, nu__sub(lexer->source, begin, begin),
                            S("") };
    end = find_tag(lexer, &start);
    if (end && start == begin) {
        lexer->at = end;
        return tag_token(lexer, nu__sub(lexer->source, begin, end));
    }
    text = nu__sub(lexer->source, begin, end ? start : lexer->source.len);
    token = (nu__token){ NU__TOKEN_TEXT, lexer->line, text, text };
    lexer->at = begin + text.len;
    lexer->line += count_lines(text);
    return token;
}

/* ---- words ---------------------------------------------------------------------------------- */

static nu__words words_of(const nu_list *list)
{
    size_t n = nu_list_len(list);
    nu_str *items = nu_alloc_array(nu_str, n);

    for (size_t i = 0; i < n; i++)
        items[i] = nu_at(list, i).s;
    return (nu__words){ items, n };
}

/* _("several words"), which begins at *last, as one; *last moves to its end. A single space
   stands between each. */
static nu_str join_translated(const nu_list *bits, size_t *last)
{
    nu_str bit = nu_at(bits, *last).s;
    char close[2] = { bit.ptr[2], ')' };
    nu_str ending = { close, 2 };
    nu__buf joined = { 0 };

    nu__buf_str_add(&joined, bit);
    while (!nu_ends_with(bit, ending)) {
        if (++*last == nu_list_len(bits))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "A translated string is not closed: '{}'.",
                     nu__buf_str(&joined));
        bit = nu_at(bits, *last).s;
        nu__buf_char(&joined, ' ');
        nu__buf_str_add(&joined, bit);
    }
    return nu__buf_str(&joined);
}

nu__words nu__split_contents(nu_str contents)
{
    nu_list *bits = nu__smart_split(contents);
    nu_list *words = nu_list_new();

    for (size_t i = 0; i < nu_list_len(bits); i++) {
        nu_str bit = nu_at(bits, i).s;

        if (nu_starts_with(bit, S("_(\"")) || nu_starts_with(bit, S("_('")))
            bit = join_translated(bits, &i);
        nu_list_append(words, bit);
    }
    return words_of(words);
}

nu__words nu__split_words(nu_str contents)
{
    return words_of(nu__split_space(contents));
}
