/* Folding and encoded words.
 *
 *   text -> lines -> chunks of (white space, word) on the line under way
 *                    too long: cut at the last ; or , or blank of it, else left long
 *
 * What Python's email.header does, since receivers, signatures and tests see these bytes. */
#include "mail/header.h"

#include "core/buf.h"
#include "core/text.h"
#include "mail/encoded_word.h"

#include <string.h>

enum { LINE = 78, CHROME = 12 /* =?utf-8?q?…?= */ };

/* ---- lines ----------------------------------------------------------------------------------- */

static bool ends_line(uint32_t c)
{
    return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 ||
           c == 0x2029;
}

nu_list *nu__split_lines(nu_str text)
{
    nu_list *lines = nu_list_new();
    const char *at = text.ptr, *start = at, *end = nu__str_end(text);

    while (at < end) {
        const char *before = at;
        uint32_t c = nu__utf8_next(&at, end);

        if (!ends_line(c))
            continue;
        nu_list_append(lines, ((nu_str){ start, (size_t)(before - start) }));
        if (c == '\r' && at < end && *at == '\n')
            at++;
        start = at;
    }
    if (start < end)
        nu_list_append(lines, ((nu_str){ start, (size_t)(end - start) }));
    return lines;
}

/* How many bytes of white space it begins with. */
static size_t leading_space(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);

    while (at < end) {
        const char *before = at;

        if (!nu__is_space(nu__utf8_next(&at, end)))
            return (size_t)(before - text.ptr);
    }
    return text.len;
}

/* ---- the line under way ---------------------------------------------------------------------- */

typedef struct part {
    nu_str space, word;
} part;

typedef struct folder {
    part *parts;
    size_t n, cap;
    size_t initial, len; /* of the line under way: the header's name before it; all of it */
    size_t max;
    const char *line_end;
    nu__buf out;
    bool has_lines;
} folder;

static void push(folder *f, nu_str space, nu_str word)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        part *grown = nu_alloc_array(part, cap);

        if (f->n)
            memcpy(grown, f->parts, f->n * sizeof *grown);
        f->parts = grown;
        f->cap = cap;
    }
    f->parts[f->n++] = (part){ space, word };
    f->len += space.len + word.len;
}

static part pop(folder *f)
{
    part last = { S(""), S("") };

    if (f->n)
        last = f->parts[--f->n];
    f->len -= last.space.len + last.word.len;
    return last;
}

static bool blank(nu_str text)
{
    return leading_space(text) == text.len;
}

static bool only_space(const folder *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (!blank(f->parts[i].space) || !blank(f->parts[i].word))
            return false;
    return f->initial == 0;
}

static void begin_line(folder *f)
{
    if (f->has_lines)
        nu__buf_str_add(&f->out, nu_s(f->line_end));
    f->has_lines = true;
}

/* The first `n` parts are a line of their own; the others go on as the line under way. */
static void write_parts(folder *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        nu__buf_str_add(&f->out, f->parts[i].space);
        nu__buf_str_add(&f->out, f->parts[i].word);
    }
    f->len = f->initial = 0;
    for (size_t i = n; i < f->n; i++) {
        f->parts[i - n] = f->parts[i];
        f->len += f->parts[i].space.len + f->parts[i].word.len;
    }
    f->n -= n;
}

static void new_line(folder *f)
{
    part last = pop(f);

    if (!nu_eq_(last.space, S(" ")) || last.word.len)
        push(f, last.space, last.word);
    if (f->len > 0) {
        if (!only_space(f) || !f->has_lines)
            begin_line(f);
        write_parts(f, f->n);
    }
    f->n = f->len = f->initial = 0;
}

/* The part that a new line may begin with, the best kind of break first; 0: none. */
static size_t break_before(const folder *f)
{
    static const char breaks[] = ";, \t";

    for (const char *c = breaks; *c; c++)
        for (size_t i = f->n; i-- > 1;) {
            nu_str space = f->parts[i].space, before = f->parts[i - 1].word;

            if ((*c == ' ' || *c == '\t') && space.len && space.ptr[0] == *c)
                return i;
            if (before.len && before.ptr[before.len - 1] == *c)
                return i;
        }
    return 0;
}

static void append(folder *f, nu_str space, nu_str word)
{
    size_t at;

    push(f, space, word);
    if (f->len <= f->max)
        return;
    at = break_before(f);
    if (at) {
        begin_line(f);
        write_parts(f, at);
        return;
    }
    part last = pop(f);
    if (f->initial > 0) {
        new_line(f);
        if (!last.space.len)
            last.space = S(" ");
    }
    push(f, last.space, last.word);
}

/* ---- ASCII ----------------------------------------------------------------------------------- */

static size_t span(nu_str text, bool blanks)
{
    size_t n = 0;

    while (n < text.len && (text.ptr[n] == ' ' || text.ptr[n] == '\t') == blanks)
        n++;
    return n;
}

static void feed_ascii(folder *f, nu_str text)
{
    while (text.len) {
        size_t space = span(text, true);
        size_t word = span(nu__sub(text, space, text.len), false);

        append(f, nu__sub(text, 0, space), nu__sub(text, space, space + word));
        text = nu__sub(text, space + word, text.len);
    }
}

/* ---- encoded words --------------------------------------------------------------------------- */

/* As many characters as an encoded word of so many bytes holds. */
static size_t fitting(nu_str text, bool b, ptrdiff_t room)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    size_t q = 0;

    while (at < end) {
        const char *before = at;

        nu__utf8_next(&at, end);
        q += nu__q_len((nu_str){ before, (size_t)(at - before) });
        if ((ptrdiff_t)(b ? nu__b_len((size_t)(at - text.ptr)) : q) > room)
            return (size_t)(before - text.ptr);
    }
    return text.len;
}

/* A word that nothing fits in is left out, and the text begins on the next line. */
static void feed_encoded(folder *f, nu_str space, nu_str text)
{
    bool b = nu__b_len(text.len) < nu__q_len(text);
    ptrdiff_t room = (ptrdiff_t)f->max - (ptrdiff_t)f->len - CHROME;
    size_t n = fitting(text, b, room);

    if (n || !text.len)
        append(f, space, nu__encoded_word(nu__sub(text, 0, n), b));
    room = (ptrdiff_t)f->max - 1 - CHROME;
    for (text = nu__sub(text, n, text.len); text.len; text = nu__sub(text, n, text.len)) {
        new_line(f);
        n = fitting(text, b, room);
        push(f, S(" "), nu__encoded_word(nu__sub(text, 0, n), b));
    }
}

/* ---- a header -------------------------------------------------------------------------------- */

static void feed_line(folder *f, nu_str line, bool first, bool encoded)
{
    if (!encoded)
        feed_ascii(f, line);
    else if (first)
        feed_encoded(f, S(""), line);
    else
        feed_encoded(f, S(" "), nu_fmt(" {}", nu__sub(line, leading_space(line), line.len)));
}

static nu_str fold(nu_str text, size_t name_len, const char *line_end)
{
    folder f = { .max = LINE, .line_end = line_end, .initial = name_len, .len = name_len };
    bool encoded = !nu__is_ascii(text);
    nu_list *lines = nu__split_lines(text);
    size_t n = nu_list_len(lines);

    if (!n)
        feed_line(&f, S(""), true, encoded);
    for (size_t i = 0; i < n; i++) {
        if (i)
            new_line(&f);
        feed_line(&f, nu_at(lines, i).s, i == 0, encoded);
    }
    if (n > 1)
        new_line(&f);
    push(&f, S(" "), S(""));
    new_line(&f);
    return nu__buf_str(&f.out);
}

nu_str nu__header_encode(nu_str text)
{
    return fold(text, 0, "\n");
}

nu_str nu__header_fold(nu_str name, nu_str value, const char *line_end)
{
    return nu_fmt("{}: {}{}", name, fold(value, name.len + 2, line_end), line_end);
}
