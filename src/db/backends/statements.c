#include "db/backends/statements.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What is being read. `depth` counts BEGIN and CASE that have no END yet, in a trigger only:
   elsewhere BEGIN is a statement of its own. */
typedef struct scan {
    nu_str text;
    size_t at;
    size_t words, depth;
    bool create, trigger, any;
    bool backslashes; /* escape what comes next in texts; and "#" begins a comment */
} scan;

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool looking_at(const scan *s, const char *what)
{
    size_t len = strlen(what);

    return s->text.len - s->at >= len && !memcmp(s->text.ptr + s->at, what, len);
}

/* To just after the next `end`, or the end of all. */
static void skip_to(scan *s, const char *end)
{
    while (s->at < s->text.len && !looking_at(s, end))
        s->at++;
    s->at += s->at < s->text.len ? strlen(end) : 0;
}

/* E'…', whatever the database says of others. */
static bool is_escape_text(const scan *s)
{
    const char *quote = s->text.ptr + s->at;

    return s->at && (quote[-1] == 'E' || quote[-1] == 'e') &&
           (s->at == 1 || !is_word_char(quote[-2]));
}

/* 'it''s': a doubled quote is the end of one text and the beginning of the next. */
static void skip_quoted(scan *s)
{
    char quote = s->text.ptr[s->at];
    bool escapes = quote != '`' && (s->backslashes || is_escape_text(s));

    for (s->at++; s->at < s->text.len && s->text.ptr[s->at] != quote; s->at++)
        s->at += escapes && s->text.ptr[s->at] == '\\' && s->at + 1 < s->text.len;
    s->at += s->at < s->text.len;
    s->any = true;
}

/* $tag$ … $tag$; a lone $ is a sign like others. */
static void skip_dollars(scan *s)
{
    char tag[66];
    size_t n = 1;

    while (s->at + n < s->text.len && is_word_char(s->text.ptr[s->at + n]) && n < 64)
        n++;
    if (s->at + n >= s->text.len || s->text.ptr[s->at + n] != '$') {
        s->at++;
        return;
    }
    memcpy(tag, s->text.ptr + s->at, n + 1);
    tag[n + 1] = '\0';
    s->at += n + 1;
    skip_to(s, tag);
    s->any = true;
}

static bool word_is(nu_str word, const char *what)
{
    return word.len == strlen(what) && !strncasecmp(word.ptr, what, word.len);
}

static void take_word(scan *s)
{
    nu_str word = { s->text.ptr + s->at, 0 };

    while (s->at < s->text.len && is_word_char(s->text.ptr[s->at]))
        s->at++;
    word.len = (size_t)(s->text.ptr + s->at - word.ptr);
    s->create |= !s->words && word_is(word, "CREATE");
    s->trigger |= s->create && s->words < 4 && word_is(word, "TRIGGER");
    s->words++;
    s->any = true;
    if (s->trigger && (word_is(word, "BEGIN") || word_is(word, "CASE")))
        s->depth++;
    else if (s->trigger && s->depth && word_is(word, "END"))
        s->depth--;
}

static void step(scan *s)
{
    char c = s->text.ptr[s->at];

    if (looking_at(s, "--") || (s->backslashes && c == '#'))
        skip_to(s, "\n");
    else if (looking_at(s, "/*"))
        skip_to(s, "*/");
    else if (c == '\'' || c == '"' || c == '`')
        skip_quoted(s);
    else if (c == '$')
        skip_dollars(s);
    else if (is_word_char(c))
        take_word(s);
    else {
        s->any |= !isspace((unsigned char)c);
        s->at++;
    }
}

static nu_str trimmed(nu_str text)
{
    while (text.len && isspace((unsigned char)text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len && isspace((unsigned char)text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static bool read_statement(const nu__backend *backend, nu_str *script, nu_str *statement)
{
    scan s = { .text = *script, .backslashes = backend->features->has_backslash_escapes };

    while (s.at < s.text.len && !(s.text.ptr[s.at] == ';' && !s.depth))
        step(&s);
    *statement = trimmed((nu_str){ s.text.ptr, s.at });
    s.at += s.at < s.text.len;
    *script = (nu_str){ s.text.ptr + s.at, s.text.len - s.at };
    return s.any;
}

bool nu__next_statement(const nu__backend *backend, nu_str *script, nu_str *statement)
{
    while (script->len)
        if (read_statement(backend, script, statement)) {
            *statement = nu_copy(*statement);
            return true;
        }
    return false;
}
