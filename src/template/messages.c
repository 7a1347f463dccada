#include "template/messages.h"

#include "core/buf.h"
#include "core/text.h"
#include "template/lexer.h"
#include "template/message_words.h"
#include "utils/translation.h"

#include <nuages/errors.h>
#include <string.h>

typedef struct finder {
    void (*found)(void *self, const nu__message *message);
    void *self;
    nu_str file;
    nu__message message;  /* of the block that is open, and the comment that waits */
    nu__buf text, plural; /* of that block */
    nu__buf comment;      /* of {% comment %} */
    nu_str short_comment; /* {# Translators #}, until the next token shows that it ends its line */
    uint32_t short_line;  /* where that stands */
    uint32_t last_line;   /* behind the comment that waits: the last with anything else; 0: none */
    bool in_block, in_plural, in_comment, trimmed;
} finder;

static const nu_str none;

/* ---- comments for translators ---------------------------------------------------------------- */

/* As xgettext: a comment holds up to the end of the next line that has anything else. */
static void drop_stale_comment(finder *f, uint32_t line)
{
    if (f->last_line && f->last_line < line)
        f->message.comment = none;
}

static void pass(finder *f, uint32_t line)
{
    drop_stale_comment(f, line);
    f->last_line = line;
}

static void pass_text(finder *f, const nu__token *token)
{
    uint32_t line = token->line;

    for (size_t i = 0; i < token->contents.len; i++)
        if (token->contents.ptr[i] == '\n')
            line++;
        else if (!nu__is_space((unsigned char)token->contents.ptr[i]))
            pass(f, line);
}

static void add_comment(finder *f, nu_str comment, uint32_t line)
{
    drop_stale_comment(f, line);
    f->last_line = 0;
    f->message.comment =
        f->message.comment.ptr ? nu_fmt("{}\n{}", f->message.comment, comment) : comment;
}

static bool is_for_translators(nu_str comment)
{
    return nu_starts_with(nu__strip_chars(comment, " \t\r"), S("Translators"));
}

/* {# … #} counts when nothing but its like follows on its line. */
static void settle_short_comment(finder *f, const nu__token *token)
{
    bool same_line = token->line == f->short_line && nu__find(token->contents, S("\n")) < 0;

    if (!f->short_comment.ptr || (same_line && token->kind == NU__TOKEN_COMMENT))
        return;
    if (!same_line)
        add_comment(f, f->short_comment, f->short_line);
    f->short_comment = none;
}

static void short_comment(finder *f, const nu__token *token)
{
    if (!is_for_translators(token->contents))
        return;
    f->short_comment = f->short_comment.ptr ? nu_fmt("{} | {}", f->short_comment, token->contents)
                                            : token->contents;
    f->short_line = token->line;
}

/* Of {% comment %}, the lines from the last that begins with "Translators" on. */
static void long_comment(finder *f, uint32_t line)
{
    nu_list *lines = nu__split(nu__buf_str(&f->comment), S("\n")), *kept = nu_list_new();
    size_t n = nu_list_len(lines);

    n -= !nu_at(lines, n - 1).s.len; /* nothing is behind the last end of line */
    for (size_t i = 0; i < n; i++) {
        nu_str one = nu__strip_chars(nu_at(lines, i).s, " \t\r");

        if (is_for_translators(one))
            kept = nu_list_new();
        else if (!nu_list_len(kept))
            continue;
        nu_list_append(kept, one);
    }
    if (nu_list_len(kept))
        add_comment(f, nu__join(S("\n"), kept), line);
}

static void in_comment(finder *f, const nu__token *token)
{
    f->in_comment = token->kind != NU__TOKEN_BLOCK || !nu_eq(token->contents, "endcomment");
    if (f->in_comment)
        nu__buf_str_add(&f->comment, token->contents);
    else
        long_comment(f, token->line);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void tell(finder *f, nu__message message)
{
    pass(f, message.line);
    message.comment = f->message.comment;
    if (message.text.len)
        f->found(f->self, &message);
    f->message.comment = none;
}

/* ---- _("…") ---------------------------------------------------------------------------------- */

/* The strings of _("…") in a text, one after another. */
typedef struct constants {
    nu_str rest;
    bool open[2]; /* ' and ": ")" follows none any more; looked for once, for linear time */
} constants;

/* With its quotes; empty: what is behind the next "_(" is none. */
static nu_str next_constant(constants *all)
{
    ptrdiff_t at = nu__find(all->rest, S("_("));
    nu_str behind = at < 0 ? none : nu__sub(all->rest, (size_t)at + 2, all->rest.len);
    bool *open = &all->open[behind.len && *behind.ptr == '"'];
    bool is_string = behind.len && (*behind.ptr == '"' || *behind.ptr == '\'');
    size_t len = is_string && !*open ? nu__constant_length(behind) : 0;

    *open |= is_string && !len;
    all->rest = nu__sub(behind, len, behind.len);
    return nu__sub(behind, 0, len);
}

/* Whether one was found. In a variable, they begin it or are the argument of a filter. */
static bool find_constants(finder *f, const nu__token *token)
{
    constants all = { .rest = token->contents };
    nu_str constant;
    bool any = false;

    while (all.rest.len) {
        constant = next_constant(&all);
        if (!constant.len || (token->kind == NU__TOKEN_VARIABLE &&
                              constant.ptr > token->contents.ptr + 2 && constant.ptr[-3] != ':'))
            continue;
        tell(f, (nu__message){ .text = nu__unescaped(nu__unquoted_text(constant)),
                               .line = token->line });
        any = true;
    }
    return any;
}

/* ---- tags ------------------------------------------------------------------------------------ */

static bool is_tag(nu_str name, const char *tag)
{
    return nu_eq(name, tag) ||
           (nu_starts_with(name, nu_s(tag)) && nu_eq(nu__sub(name, strlen(tag), name.len), "late"));
}

/* Percent signs are doubled in catalogues, as those of blocks must be. */
static nu_str with_percents(nu_str text)
{
    return nu__replace(text, S("%"), S("%%"));
}

static void find_in_translate(finder *f, nu_str rest, const nu__token *token)
{
    nu_str text = rest.len ? nu__quoted_text(nu__without_blanks(rest)) : none;

    if (text.ptr)
        tell(f, (nu__message){ .context = nu__context_of(
                                   nu__sub(rest, (size_t)(nu__str_end(text) - rest.ptr), rest.len)),
                               .text = with_percents(nu__unquoted_text(text)),
                               .line = token->line });
    else if (!find_constants(f, token))
        pass(f, token->line);
}

static void block_open(finder *f, nu_str rest, const nu__token *token)
{
    find_constants(f, token);
    f->message.context = nu__context_of(rest);
    if (!f->message.context.len)
        f->message.context = none;
    f->message.line = token->line;
    f->text = f->plural = (nu__buf){ 0 };
    f->in_block = true;
    f->in_plural = false;
    f->trimmed = nu__has_word(rest, "trimmed");
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
                 "Translation blocks must not include other block tags: {} (file {}, line {})",
                 token->contents, f->file, (int64_t)token->line);
}

static void in_tag(finder *f, const nu__token *token)
{
    nu_str rest, name = nu__first_word(token->contents, &rest);

    if (is_tag(name, "trans"))
        find_in_translate(f, rest, token);
    else if (is_tag(name, "blocktrans"))
        block_open(f, rest, token);
    else if (!nu_eq(token->contents, "comment")) {
        if (!find_constants(f, token))
            pass(f, token->line);
    } else {
        f->in_comment = true;
        f->comment = (nu__buf){ 0 };
    }
}

/* To comments for translators, a line with a plain variable is as good as empty. */
static void in_variable(finder *f, const nu__token *token)
{
    find_constants(f, token);
    if (nu__find(token->contents, S("|")) >= 0)
        pass(f, token->line);
}

static void outside(finder *f, const nu__token *token)
{
    settle_short_comment(f, token);
    if (token->kind == NU__TOKEN_BLOCK)
        in_tag(f, token);
    else if (token->kind == NU__TOKEN_VARIABLE)
        in_variable(f, token);
    else if (token->kind == NU__TOKEN_COMMENT)
        short_comment(f, token);
    else
        pass_text(f, token);
}

void nu__template_messages(nu_str source, nu_str file,
                           void (*found)(void *self, const nu__message *message), void *self)
{
    finder f = { .found = found, .self = self, .file = file };
    nu__lexer lexer;
    nu__token token;

    nu__lexer_init(&lexer, source);
    for (token = nu__lexer_next(&lexer); token.kind != NU__TOKEN_END;
         token = nu__lexer_next(&lexer))
        (f.in_comment ? in_comment : f.in_block ? in_block : outside)(&f, &token);
}
