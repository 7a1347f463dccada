#include "utils/html.h"

#include "core/json.h"
#include "core/object.h"
#include "core/scan.h"
#include "core/text.h"
#include "utils/text.h"

/* ---- escape ------------------------------------------------------------------------------- */

/* An entity, padded to a word. */
typedef struct entity {
    char text[8];
    size_t len;
} entity;

static const entity entities[256] = {
    ['&'] = { "&amp;", 5 },  ['<'] = { "&lt;", 4 },    ['>'] = { "&gt;", 4 },
    ['"'] = { "&quot;", 6 }, ['\''] = { "&#x27;", 6 },
};

#ifdef NU__BLOCK
enum {
    SPILL = 2 * NU__BLOCK, /* what is stored beyond the escaped text */
    LONGEST_ENTITY = 6,
};

/* The bytes of a block that become entities: " and, with the bits set in which they differ, & with
   ' and < with >. */
static unsigned stops_of(nu__block block)
{
    nu__block ampersand = nu__block_eq(nu__block_or(block, nu__block_of(1)), '&' | 1);
    nu__block angles = nu__block_eq(nu__block_or(block, nu__block_of(2)), '<' | 2);

    return nu__block_bits(nu__block_or(nu__block_or(ampersand, angles), nu__block_eq(block, '"')));
}

/* The first `n` bytes of a word, some of which may be stops. All that is left of the word is stored
   each time: what is too much is written over. */
static inline char *put_word(char *to, uint64_t rest, unsigned n, unsigned stops)
{
    unsigned done = 0;

    for (; stops; stops &= stops - 1) {
        unsigned before = (unsigned)__builtin_ctz(stops) - done;
        entity entity;

        memcpy(to, &rest, sizeof(rest));
        rest >>= 8 * before;
        entity = entities[(unsigned char)rest];
        memcpy(to + before, entity.text, sizeof(entity.text));
        to += before + entity.len;
        rest >>= 8;
        done += before + 1;
    }
    memcpy(to, &rest, sizeof(rest));
    return to + (n - done);
}

/* The same of a block. */
static char *put_block(char *to, nu__block block, unsigned n, unsigned stops)
{
    uint64_t words[2];

    memcpy(words, &block, sizeof(words));
    if (n <= 8)
        return put_word(to, words[0], n, stops);
    return put_word(put_word(to, words[0], 8, stops & 0xFF), words[1], n - 8, stops >> 8);
}

static nu__block load_up_to(const char *at, const char *end)
{
    return end - at >= NU__BLOCK ? nu__block_load(at)
                                 : nu__block_load_short(at, (size_t)(end - at));
}

/* What entities add to the text at most. */
static size_t growth_of(const char *at, const char *end)
{
    size_t n = 0;

    for (; end > at; at += end - at < NU__BLOCK ? end - at : NU__BLOCK)
        for (unsigned stops = stops_of(load_up_to(at, end)); stops; stops &= stops - 1)
            n += LONGEST_ENTITY - 1;
    return n;
}

/* The first `n` bytes of a block. */
static inline char *put(char *to, nu__block block, unsigned n)
{
    unsigned stops = stops_of(block);

    if (stops)
        return put_block(to, block, n, stops);
    nu__block_store(to, block);
    return to + n;
}

static inline char *put_text(char *to, const char *at, const char *end)
{
    for (; end - at >= NU__BLOCK; at += NU__BLOCK)
        to = put(to, nu__block_load(at), NU__BLOCK);
    return at < end ? put(to, nu__block_load_short(at, (size_t)(end - at)), (unsigned)(end - at))
                    : to;
}

/* Where there may be too little room, what is needed is counted first. */
__attribute__((noinline)) static void escape_counted(nu__buf *buf, nu_str text)
{
    const char *end = nu__str_end(text);

    nu__buf_reserve(buf, text.len + growth_of(text.ptr, end) + SPILL);
    buf->len = (size_t)(put_text(buf->data + buf->len, text.ptr, end) - buf->data);
}

void nu__escape_to(nu__buf *buf, nu_str text)
{
    const char *end = nu__str_end(text);

    if (text.len * LONGEST_ENTITY + SPILL >= buf->cap - buf->len)
        escape_counted(buf, text);
    else
        buf->len = (size_t)(put_text(buf->data + buf->len, text.ptr, end) - buf->data);
}
#else
void nu__escape_to(nu__buf *buf, nu_str text)
{
    nu__buf_reserve(buf, text.len);
    for (size_t i = 0; i < text.len; i++) {
        const entity *entity = &entities[(unsigned char)text.ptr[i]];

        if (entity->len)
            nu__buf_add(buf, entity->text, entity->len);
        else
            nu__buf_char(buf, text.ptr[i]);
    }
}
#endif

nu_str nu__escape(nu_str text)
{
    nu__buf buf = { 0 };

    nu__escape_to(&buf, text);
    return nu__buf_str(&buf);
}

void nu__conditional_escape_to(nu__buf *buf, nu_value value)
{
    value = nu__value_text(value);
    if (value.kind == NU_KIND_SAFE)
        nu__buf_str_add(buf, value.s);
    else
        nu__escape_to(buf, value.s);
}

/* ---- JavaScript --------------------------------------------------------------------------- */

static void put_unicode_escape(nu__buf *buf, uint32_t c)
{
    static const char hex[] = "0123456789ABCDEF";
    char text[6] = {
        '\\', 'u', hex[c >> 12 & 15], hex[c >> 8 & 15], hex[c >> 4 & 15], hex[c & 15]
    };

    nu__buf_add(buf, text, sizeof text);
}

static bool is_unsafe_in_script(uint32_t c)
{
    return c < 32 || (c < 128 && strchr("\\'\"><&=-;`", (int)c)) || c == 0x2028 || c == 0x2029;
}

nu_str nu__escapejs(nu_str text)
{
    nu__buf buf = { 0 };
    const char *end = nu__str_end(text);

    for (const char *at = text.ptr; at < end;) {
        const char *start = at;
        uint32_t c = nu__utf8_next(&at, end);

        if (is_unsafe_in_script(c))
            put_unicode_escape(&buf, c);
        else
            nu__buf_add(&buf, start, (size_t)(at - start));
    }
    return nu__buf_str(&buf);
}

nu_str nu__json_script(nu_value value, nu_value id)
{
    nu__buf buf = { 0 };
    nu_str json = nu_to_json_(value);
    size_t escapes = 0;

    for (size_t i = 0; i < json.len; i++)
        escapes += json.ptr[i] == '<' || json.ptr[i] == '>' || json.ptr[i] == '&';
    nu__buf_reserve(&buf, json.len + escapes * 5 + 64);
    nu__buf_lit(&buf, "<script");
    if (nu__value_truth(id)) {
        nu__buf_lit(&buf, " id=\"");
        nu__conditional_escape_to(&buf, id);
        nu__buf_lit(&buf, "\"");
    }
    nu__buf_lit(&buf, " type=\"application/json\">");
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];

        if (c == '<' || c == '>' || c == '&')
            put_unicode_escape(&buf, (unsigned char)c);
        else
            nu__buf_char(&buf, c);
    }
    nu__buf_lit(&buf, "</script>");
    return nu__buf_str(&buf);
}

/* ---- formats ------------------------------------------------------------------------------ */

static nu_value escaped_value(nu_value value)
{
    nu__buf buf = { 0 };

    nu__conditional_escape_to(&buf, value);
    return (nu_value){ .kind = NU_KIND_SAFE, .s = nu__buf_str(&buf) };
}

nu_str nu__format_html_(const char *format, nu_values args)
{
    nu_value *escaped = nu_alloc_array(nu_value, args.len + 1);

    for (size_t i = 0; i < args.len; i++)
        escaped[i] = escaped_value(args.items[i]);
    return nu_fmt_(format, (nu_values){ escaped, args.len });
}

static nu_str format_row(const char *format, const nu_list *row)
{
    size_t len = nu_list_len(row);
    nu_value *args = nu_alloc_array(nu_value, len + 1);

    for (size_t i = 0; i < len; i++)
        args[i] = nu_at(row, i);
    return nu__format_html_(format, (nu_values){ args, len });
}

nu_str nu__format_html_join(nu_value separator, const char *format, const nu_list *rows)
{
    nu__buf buf = { 0 };

    for (size_t i = 0; i < nu_list_len(rows); i++) {
        if (i)
            nu__conditional_escape_to(&buf, separator);
        nu__buf_str_add(&buf, format_row(format, nu_as_list(nu_at(rows, i))));
    }
    return nu__buf_str(&buf);
}

/* ---- lines -------------------------------------------------------------------------------- */

static void put_lines(nu__buf *buf, nu_str text, bool autoescape)
{
    for (;;) {
        ptrdiff_t newline = nu__find(text, S("\n"));
        nu_str line = newline < 0 ? text : nu__sub(text, 0, (size_t)newline);

        if (autoescape)
            nu__escape_to(buf, line);
        else
            nu__buf_str_add(buf, line);
        if (newline < 0)
            return;
        nu__buf_lit(buf, "<br>");
        text = nu__sub(text, (size_t)newline + 1, text.len);
    }
}

/* Two newlines or more, from `from` on: where they begin and end. */
static bool find_gap(nu_str text, size_t from, size_t *start, size_t *end)
{
    for (size_t i = from; i + 1 < text.len; i++)
        if (text.ptr[i] == '\n' && text.ptr[i + 1] == '\n') {
            *start = i;
            for (*end = i; *end < text.len && text.ptr[*end] == '\n';)
                ++*end;
            return true;
        }
    return false;
}

nu_str nu__linebreaks(nu_str text, bool autoescape)
{
    nu__buf buf = { 0 };
    size_t at = 0, start = 0, end = 0;
    bool more;

    text = nu__normalize_newlines(text);
    do {
        more = find_gap(text, at, &start, &end);
        nu__buf_lit(&buf, "<p>");
        put_lines(&buf, nu__sub(text, at, more ? start : text.len), autoescape);
        nu__buf_lit(&buf, "</p>");
        if (more)
            nu__buf_lit(&buf, "\n\n");
        at = end;
    } while (more);
    return nu__buf_str(&buf);
}

nu_str nu__linebreaksbr(nu_str text, bool autoescape)
{
    nu__buf buf = { 0 };

    put_lines(&buf, nu__normalize_newlines(text), autoescape);
    return nu__buf_str(&buf);
}

/* ---- spaces between tags ------------------------------------------------------------------ */

nu_str nu__strip_spaces_between_tags(nu_str html)
{
    nu__buf buf = { 0 };
    const char *end = nu__str_end(html);

    for (const char *at = html.ptr; at < end;) {
        const char *bracket = memchr(at, '>', (size_t)(end - at));
        const char *after = bracket ? bracket + 1 : end, *next = after;

        nu__buf_add(&buf, at, (size_t)(after - at));
        at = after;
        while (next < end) {
            const char *here = next;

            if (!nu__is_space(nu__utf8_next(&next, end))) {
                next = here;
                break;
            }
        }
        if (bracket && next < end && *next == '<')
            at = next;
    }
    return nu__buf_str(&buf);
}
