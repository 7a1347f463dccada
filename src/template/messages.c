#include "template/messages.h"

#include "core/buf.h"
#include "core/text.h"
#include "template/lexer.h"
#include "utils/translation.h"

#include <nuages/errors.h>
#include <string.h>

typedef struct finder {
    void (*found)(void *self, const nu__message *message);
    void *self;
    nu__message message; /* of the block that is open, and the comment that waits */
    nu__buf text, plural;
    bool in_block, in_plural, in_comment, trimmed;
} finder;

static const nu_str none;

static void tell(finder *f, nu__message message)
{
    message.comment = f->message.comment;
    if (message.text.len)
        f->found(f->self, &message);
    f->message.comment = none;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* "text" and 'text' without the quotes, as templates read them; {NULL, 0}: it is neither. A filter
   may follow. */
static nu_str unquoted(nu_str word)
{
    const char *end = word.len > 1 && is_quote(word.ptr[0])
                          ? memchr(word.ptr + 1, word.ptr[0], word.len - 1)
                          : NULL;

    return end ? nu_copy(nu__sub(word, 1, (size_t)(end - word.ptr))) : none;
}

/* ---- _("…") ---------------------------------------------------------------------------------- */

static void find_constants(finder *f, nu_str contents, uint32_t line)
{
    ptrdiff_t at;
    nu_str text;

    while ((at = nu__find(contents, S("_("))) >= 0) {
        contents = nu__sub(contents, (size_t)at + 2, contents.len);
        text = unquoted(contents);
        if (text.ptr)
            tell(f, (nu__message){ .text = text, .line = line });
    }
}

/* ---- tags ------------------------------------------------------------------------------------ */

static bool is_tag(nu_str name, const char *tag)
{
    return nu_eq(name, tag) ||
           (nu_starts_with(name, nu_s(tag)) && nu_eq(nu__sub(name, strlen(tag), name.len), "late"));
}

/* The word behind "context", unquoted; {NULL, 0}: there is none, or it is a variable. */
static nu_str context_of(const nu__words *words)
{
    for (size_t i = 1; i + 1 < words->len; i++)
        if (nu_eq(words->items[i], "context"))
            return unquoted(words->items[i + 1]);
    return none;
}

static bool has_word(const nu__words *words, const char *word)
{
    for (size_t i = 1; i < words->len; i++)
        if (nu_eq(words->items[i], word))
            return true;
    return false;
}

/* Percent signs are doubled in catalogues, as those of blocks must be. */
static nu_str with_percents(nu_str text)
{
    return nu__replace(text, S("%"), S("%%"));
}

static void find_in_translate(finder *f, const nu__words *words, const nu__token *token)
{
    nu_str text = words->len > 1 ? unquoted(words->items[1]) : none;

    if (text.ptr)
        tell(f, (nu__message){ .context = context_of(words),
                               .text = with_percents(text),
                               .line = token->line });
    else
        find_constants(f, token->contents, (int64_t)token->line);
}

static void block_open(finder *f, const nu__words *words, const nu__token *token)
{
    find_constants(f, token->contents, (int64_t)token->line);
    f->message.context = context_of(words);
    f->message.line = token->line;
    f->text = f->plural = (nu__buf){ 0 };
    f->in_block = true;
    f->in_plural = false;
    f->trimmed = has_word(words, "trimmed");
}

static nu_str finished(const finder *f, nu__buf *text)
{
    nu_str made = nu__buf_str(text);

    return f->trimmed ? nu__trim_message(made) : made;
}

static void block_close(finder *f)
{
    tell(f, (nu__message){ .context = f->message.context,
                           .text = finished(f, &f->text),
                           .plural = f->in_plural ? finished(f, &f->plural) : none,
                           .line = f->message.line });
    f->in_block = false;
}

static void in_block(finder *f, const nu__token *token)
{
    nu__buf *text = f->in_plural ? &f->plural : &f->text;

    if (token->kind == NU__TOKEN_TEXT)
        nu__buf_str_add(text, with_percents(token->contents));
    else if (token->kind == NU__TOKEN_VARIABLE)
        nu__buf_fmt(text, "%({})s", token->contents);
    else if (token->kind != NU__TOKEN_BLOCK)
        return;
    else if (is_tag(token->contents, "endblocktrans"))
        block_close(f);
    else if (nu_eq(token->contents, "plural"))
        f->in_plural = true;
    else
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "Translation blocks must not include other block tags: {} (line {})",
                 token->contents, (int64_t)token->line);
}

static void in_tag(finder *f, const nu__token *token)
{
    nu__words words = nu__split_contents(token->contents);

    if (words.len && is_tag(words.items[0], "trans"))
        find_in_translate(f, &words, token);
    else if (words.len && is_tag(words.items[0], "blocktrans"))
        block_open(f, &words, token);
    else if (nu_eq(token->contents, "comment"))
        f->in_comment = true;
    else
        find_constants(f, token->contents, (int64_t)token->line);
}

static void one_token(finder *f, const nu__token *token)
{
    if (f->in_comment)
        f->in_comment = token->kind != NU__TOKEN_BLOCK || !nu_eq(token->contents, "endcomment");
    else if (f->in_block)
        in_block(f, token);
    else if (token->kind == NU__TOKEN_BLOCK)
        in_tag(f, token);
    else if (token->kind == NU__TOKEN_VARIABLE)
        find_constants(f, token->contents, (int64_t)token->line);
    else if (token->kind == NU__TOKEN_COMMENT && nu_starts_with(token->contents, S("Translators")))
        f->message.comment = token->contents;
}

void nu__template_messages(nu_str source, void (*found)(void *self, const nu__message *message),
                           void *self)
{
    finder f = { .found = found, .self = self };
    nu__lexer lexer;
    nu__token token;

    nu__lexer_init(&lexer, source);
    for (token = nu__lexer_next(&lexer); token.kind != NU__TOKEN_END;
         token = nu__lexer_next(&lexer))
        one_token(&f, &token);
}
