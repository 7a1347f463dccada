#include "core/text.h"
#include "utils/text.h"

#include <nuages/errors.h>

/* A word, or the space between two. */
typedef struct {
    nu_str text;
    int64_t width;
    bool is_space;
} chunk;

typedef struct {
    nu__buf *out;
    int64_t width;
    bool any; /* a line was written */
} wrapper;

static bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static nu_str expand_tabs(nu_str line)
{
    nu__buf buf = { 0 };
    size_t column = 0;
    const char *end = nu__str_end(line);

    if (!line.len || !memchr(line.ptr, '\t', line.len))
        return line;
    for (const char *at = line.ptr; at < end;) {
        const char *start = at;
        uint32_t c = nu__utf8_next(&at, end);

        if (c == '\t') {
            nu__buf_fill(&buf, ' ', 8 - column % 8);
            column += 8 - column % 8;
        } else {
            nu__buf_add(&buf, start, (size_t)(at - start));
            column++;
        }
    }
    return nu__buf_str(&buf);
}

static chunk next_chunk(nu_str *line)
{
    bool is_space = is_ascii_space(line->ptr[0]);
    size_t len = 0;
    chunk c;

    while (len < line->len && is_ascii_space(line->ptr[len]) == is_space)
        len++;
    c.text = nu__sub(*line, 0, len);
    c.width = (int64_t)nu__utf8_count(c.text);
    c.is_space = nu_trim(c.text).len == 0; /* a lone no-break space counts as space too */
    *line = nu__sub(*line, len, line->len);
    return c;
}

/* What is left of a line, chunk by chunk. */
typedef struct {
    nu_str rest;
    chunk next;
    bool done;
} chunks;

static void advance(chunks *c)
{
    c->done = !c->rest.len;
    if (!c->done)
        c->next = next_chunk(&c->rest);
}

/* As many chunks as fit, at least one; without the space at the end. */
static nu_str take_fitting(chunks *c, int64_t most)
{
    nu_str line = { c->next.text.ptr, 0 }, before = line;
    int64_t width = 0;
    bool ends_in_space = false;

    for (bool first = true; !c->done && (first || width + c->next.width <= most); first = false) {
        before = line;
        line.len += c->next.text.len;
        width += c->next.width;
        ends_in_space = c->next.is_space;
        advance(c);
    }
    return ends_in_space ? before : line;
}

static void put_line(wrapper *w, nu_str line)
{
    if (!line.len)
        return;
    if (w->any)
        nu__buf_char(w->out, '\n');
    w->any = true;
    nu__buf_str_add(w->out, line);
}

static bool wrap_line(wrapper *w, nu_str line)
{
    chunks c = { .rest = expand_tabs(line) };
    bool any = false;

    for (advance(&c); !c.done;) {
        size_t before = w->out->len;

        if (any && c.next.is_space) {
            advance(&c);
            if (c.done)
                break;
        }
        put_line(w, take_fitting(&c, w->width));
        any |= w->out->len > before;
    }
    return any;
}

/* Where a line ends: any of the boundaries of Python's str.splitlines(). */
static bool take_line(nu_str *text, nu_str *line)
{
    const char *at = text->ptr, *end = nu__str_end(*text);

    if (!text->len)
        return false;
    while (at < end) {
        const char *start = at;
        uint32_t c = nu__utf8_next(&at, end);

        if ((c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 ||
            c == 0x2029) {
            if (c == '\r' && at < end && *at == '\n')
                at++;
            *line = nu__sub(*text, 0, (size_t)(start - text->ptr));
            *text = nu__sub(*text, (size_t)(at - text->ptr), text->len);
            return true;
        }
    }
    *line = *text;
    *text = nu__sub(*text, text->len, text->len);
    return true;
}

nu_str nu__wrap(nu_str text, int64_t width)
{
    nu__buf buf = { 0 };
    wrapper w = { .out = &buf, .width = width };
    bool ends_with_newline = nu_ends_with(text, S("\n"));
    nu_str line;

    while (take_line(&text, &line)) {
        if (width <= 0)
            nu_raise(NU_VALUE_ERROR, "invalid width {} (must be > 0)", width);
        if (wrap_line(&w, line))
            continue;
        if (w.any)
            nu__buf_char(&buf, '\n');
        nu__buf_str_add(&buf, line); /* nothing but spaces, which wrapping would drop */
        w.any = true;
    }
    if (ends_with_newline)
        nu__buf_char(&buf, '\n');
    return nu__buf_str(&buf);
}
