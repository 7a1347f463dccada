#include "core/text.h"
#include "utils/html.h"
#include "utils/html_parser.h"

#include <nuages/errors.h>

enum {
    DEPTH_CAP = 50,      /* passes, or brackets in one tag that never closes */
    LONG_OPEN_TAG = 1000 /* characters of a tag without its bracket that make it suspicious */
};

static bool add_text(void *self, nu_str text)
{
    nu__buf_str_add(self, text);
    return true;
}

static bool add_entity(void *self, nu_str name)
{
    nu__buf *buf = self;

    nu__buf_char(buf, '&');
    nu__buf_str_add(buf, name);
    nu__buf_char(buf, ';');
    return true;
}

static bool add_character(void *self, nu_str name)
{
    nu__buf *buf = self;

    nu__buf_lit(buf, "&#");
    nu__buf_str_add(buf, name);
    nu__buf_char(buf, ';');
    return true;
}

static nu_str strip_once(nu_str html)
{
    static const nu__html_events events = { .text = add_text,
                                            .entity = add_entity,
                                            .character = add_character };
    nu__buf buf = { 0 };
    nu__html_parser parser = { .events = &events, .self = &buf, .html = html };

    nu__html_feed(&parser);
    nu__html_close(&parser);
    return nu__buf_str(&buf);
}

static size_t count(nu_str text, char c)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == c;
    return n;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static NU_NORETURN void raise_suspicious(void)
{
    nu_raise(NU_SUSPICIOUS_OPERATION, "strip_tags: tags nested or left open over {} times",
             DEPTH_CAP);
}

/* Many tags that never close would be read again and again. */
static void refuse_long_open_tags(nu_str html)
{
    for (size_t i = 0; i + 1 < html.len; i++) {
        const char *open = html.ptr + i, *close;
        nu_str tag;

        if (*open != '<' || !is_letter(open[1]))
            continue;
        close = memchr(open, '>', html.len - i);
        tag = (nu_str){ open, (size_t)((close ? close : nu__str_end(html)) - open) };
        if (nu__utf8_count(tag) < LONG_OPEN_TAG + 2)
            continue;
        if (count(tag, '<') >= DEPTH_CAP)
            raise_suspicious();
        i += tag.len - 1;
    }
}

nu_str nu__strip_tags(nu_str html)
{
    refuse_long_open_tags(html);
    for (int depth = 0; count(html, '<') && count(html, '>'); depth++) {
        nu_str stripped;

        if (depth >= DEPTH_CAP)
            raise_suspicious();
        stripped = strip_once(html);
        if (count(html, '<') == count(stripped, '<'))
            return html;
        html = stripped;
    }
    return html;
}

bool nu__is_void_element(nu_str name)
{
    static const char *const names[] = { "area",  "base",  "br",    "col",   "embed", "hr",
                                         "img",   "input", "link",  "meta",  "param", "source",
                                         "track", "wbr",   "frame", "spacer" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu_eq(name, names[i]))
            return true;
    return false;
}
