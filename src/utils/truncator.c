#include "core/arena.h"
#include "core/text.h"
#include "utils/html.h"
#include "utils/html_parser.h"
#include "utils/text.h"
#include "utils/translation.h"

#include <utf8proc.h>

/* ---- the mark of a cut -------------------------------------------------------------------- */

#define PLACE "%(truncated_text)s"

/* The pattern is one of Python's, where %% is a percent sign. */
static nu_str fill_in(nu_str pattern, nu_str text)
{
    nu__buf buf = { 0 };

    for (;;) {
        ptrdiff_t place = nu__find(pattern, S(PLACE));
        nu_str literal = place < 0 ? pattern : nu__sub(pattern, 0, (size_t)place);

        nu__buf_str_add(&buf, nu__replace(literal, S("%%"), S("%")));
        if (place < 0)
            return nu__buf_str(&buf);
        nu__buf_str_add(&buf, text);
        pattern = nu__sub(pattern, (size_t)place + sizeof PLACE - 1, pattern.len);
    }
}

#define USUAL_MARK PLACE "…"

static nu_str usual_mark(void)
{
    return nu__pgettext(S("String to return when truncating text"), S(USUAL_MARK));
}

static nu_str with_mark(nu_str text, nu_str suffix)
{
    if (!suffix.ptr)
        suffix = usual_mark();
    if (nu__find(suffix, S(PLACE)) >= 0)
        return fill_in(suffix, text);
    return nu_ends_with(text, suffix) ? text : nu_fmt("{}{}", text, suffix);
}

/* Accents and the like stand on the character before and take no room. */
static bool is_combining(uint32_t c)
{
    return utf8proc_get_property((int32_t)c)->combining_class != 0;
}

/* What is left of the length beside the mark; the whole length when there is no room for more. */
static int64_t room_beside_mark(int64_t length, nu_str suffix)
{
    nu_str mark = with_mark(S(""), suffix);
    const char *end = nu__str_end(mark);

    for (const char *at = mark.ptr; at < end;) {
        if (is_combining(nu__utf8_next(&at, end)))
            continue;
        if (--length == 0)
            break;
    }
    return length;
}

/* ---- plain text --------------------------------------------------------------------------- */

static nu_str truncate_chars(nu_str text, int64_t length, nu_str suffix)
{
    nu_str whole = nu__normalize_c(text);
    const char *end = nu__str_end(whole), *cut = NULL;
    int64_t room, n = 0;

    if (length <= 0)
        return S("");
    room = room_beside_mark(length, suffix);
    for (const char *at = whole.ptr; at < end;) {
        const char *start = at;

        if (is_combining(nu__utf8_next(&at, end)))
            continue;
        n++;
        if (!cut && n > room)
            cut = start;
        if (n > length)
            return with_mark(nu__sub(whole, 0, (size_t)(cut - whole.ptr)), suffix);
    }
    return whole;
}

/* ASCII with the usual mark: a byte is a character, and all else is as it is. */
static nu_str truncate_ascii(nu_str text, int64_t length)
{
    nu_str mark = S("…");
    size_t kept = (size_t)length - 1;
    char *cut;

    if (text.len <= (size_t)length)
        return text;
    cut = nu__alloc_raw(kept + mark.len + 1);
    memcpy(cut, text.ptr, kept);
    memcpy(cut + kept, mark.ptr, mark.len + 1);
    return (nu_str){ cut, kept + mark.len };
}

nu_str nu__truncate_chars(nu_str text, int64_t length, nu_str suffix)
{
    if (length > 0 && !suffix.ptr && text.ptr && nu__is_ascii(text) &&
        nu_eq(usual_mark(), USUAL_MARK))
        return truncate_ascii(text, length);
    return truncate_chars(text, length, suffix);
}

nu_str nu__truncate_words(nu_str text, int64_t words, nu_str suffix)
{
    nu_list *all = nu__split_space(text), *kept = nu_list_new();

    if (words <= 0)
        return S("");
    if ((uint64_t)words >= nu_list_len(all))
        return nu__join(S(" "), all);
    for (int64_t i = 0; i < words; i++)
        nu_list_append(kept, nu_at(all, (size_t)i));
    return with_mark(nu__join(S(" "), kept), suffix);
}

/* ---- HTML --------------------------------------------------------------------------------- */

/* Open tags, innermost last. */
typedef struct {
    nu_str *names;
    size_t len, cap;
} open_tags;

typedef struct truncator {
    nu__buf out;
    nu_str suffix, html;
    int64_t length, remaining, seen; /* of characters, or words */
    open_tags tags;
    /* How much text counts for; and the part of it that fits, escaped. */
    bool (*take)(struct truncator *t, nu_str text, int64_t *count, nu_str *kept);
} truncator;

static void push(open_tags *tags, nu_str name)
{
    nu_str *grown;

    if (tags->len == tags->cap) {
        tags->cap = tags->cap ? 2 * tags->cap : 16;
        grown = nu_alloc_array(nu_str, tags->cap);
        if (tags->len)
            memcpy(grown, tags->names, tags->len * sizeof *grown);
        tags->names = grown;
    }
    tags->names[tags->len++] = name;
}

static void put_end_tag(truncator *t, nu_str name)
{
    nu__buf_lit(&t->out, "</");
    nu__buf_str_add(&t->out, name);
    nu__buf_char(&t->out, '>');
}

/* Only the innermost open tag is looked at, so that stray end tags cost no search. */
static bool on_end_tag(void *self, nu_str name)
{
    truncator *t = self;

    if (nu__is_void_element(name))
        return true;
    put_end_tag(t, name);
    if (t->tags.len && nu_eq(t->tags.names[t->tags.len - 1], name))
        t->tags.len--;
    return true;
}

static bool on_start_tag(void *self, nu_str name, nu_str raw, bool closed)
{
    truncator *t = self;

    nu__buf_str_add(&t->out, raw);
    if (!nu__is_void_element(name))
        push(&t->tags, name);
    return !closed || on_end_tag(t, name);
}

static bool on_text(void *self, nu_str text)
{
    truncator *t = self;
    int64_t count;
    nu_str kept;

    if (!t->take(t, text, &count, &kept))
        return false;
    if (t->remaining < count) {
        t->remaining = 0;
        nu__buf_str_add(&t->out, with_mark(kept, t->suffix));
        return false;
    }
    t->remaining -= count;
    nu__buf_str_add(&t->out, kept);
    return true;
}

/* False: the text ends just where the cut would be, and needs none. */
static bool take_chars(truncator *t, nu_str text, int64_t *count, nu_str *kept)
{
    *count = (int64_t)nu__utf8_count(text);
    t->seen += *count;
    if (t->seen == t->length &&
        nu__utf8_count((nu_str){ t->out.data, t->out.len }) + (size_t)*count ==
            nu__utf8_count(t->html)) {
        nu__buf_str_add(&t->out, text);
        return false;
    }
    *kept = nu__escape(nu__utf8_slice(text, 0, (size_t)t->remaining));
    return true;
}

/* Space at the ends belongs to the first and last word; between words one space is left. */
static bool take_words(truncator *t, nu_str text, int64_t *count, nu_str *kept)
{
    nu_str trimmed = nu_trim(text);
    nu_list *words = nu__split_space(text), *taken = nu_list_new();
    size_t len = nu_list_len(words), before = (size_t)(trimmed.ptr - text.ptr);

    *count = len ? (int64_t)len : 1;
    for (size_t i = 0; i < len && (int64_t)i < t->remaining; i++) {
        nu_str word = nu_string(nu_at(words, i));

        if (i == 0)
            word = nu_fmt("{}{}", nu__sub(text, 0, before), word);
        if (i + 1 == len)
            word = nu_fmt("{}{}", word, nu__sub(text, before + trimmed.len, text.len));
        nu_list_append(taken, word);
    }
    *kept = nu__escape(nu__join(S(" "), taken));
    if (!len && t->remaining > 0)
        *kept = text;
    return true;
}

static nu_str truncate_html(truncator *t)
{
    static const nu__html_events events = { .start_tag = on_start_tag,
                                            .end_tag = on_end_tag,
                                            .text = on_text };
    nu__html_parser parser = { .events = &events, .self = t, .unescape = true, .html = t->html };

    nu__html_feed(&parser);
    while (parser.stopped && t->tags.len)
        put_end_tag(t, t->tags.names[--t->tags.len]);
    return nu__buf_str(&t->out);
}

nu_str nu__truncate_html_chars(nu_str html, int64_t length, nu_str suffix)
{
    truncator t = { .suffix = suffix, .length = length, .take = take_chars };

    if (length <= 0)
        return S("");
    t.html = nu__normalize_c(html);
    t.remaining = room_beside_mark(length, suffix);
    return truncate_html(&t);
}

nu_str nu__truncate_html_words(nu_str html, int64_t words, nu_str suffix)
{
    truncator t = { .suffix = suffix, .html = html, .remaining = words, .take = take_words };

    return words <= 0 ? S("") : truncate_html(&t);
}
