/* Case, normal forms and slugs of whole texts. */
#include "core/arena.h"
#include "core/error.h"
#include "core/scan.h"
#include "core/short.h"
#include "core/text.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { SIGMA = 0x3A3, FINAL_SIGMA = 0x3C2, DECOMPOSED_MAX = 32, FEW_MARKS = 32 };

#ifdef NU__BLOCK
bool nu__ascii_other_case(char *to, nu_str text, char first)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    unsigned high = 0;

    for (; end - at >= NU__BLOCK; at += NU__BLOCK, to += NU__BLOCK) {
        nu__block block = nu__block_load(at);

        high |= nu__block_bits(block);
        nu__block_store(to, nu__block_other_case(block, first));
    }
    if (at < end) {
        nu__block block = nu__block_load_short(at, (size_t)(end - at));

        high |= nu__block_bits(block);
        nu__block_store(to, nu__block_other_case(block, first));
    }
    return !high;
}
#else
bool nu__ascii_other_case(char *to, nu_str text, char first)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        to[i] = (char)(c ^ ((unsigned char)(c - (unsigned char)first) < 26) << 5);
    }
    return nu__is_ascii(text);
}
#endif

static nu_str map_ascii(nu_str text, char first)
{
    char *mapped = nu__alloc_raw(text.len + NU__PADDING);

    nu__ascii_other_case(mapped, text, first);
    mapped[text.len] = '\0';
    return (nu_str){ mapped, text.len };
}

static void add_all(nu__buf *buf, const uint32_t *characters, int n)
{
    for (int i = 0; i < n; i++)
        nu__buf_utf8(buf, characters[i]);
}

nu_str nu_upper(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    nu__buf buf = { 0 };

    if (!text.ptr || nu__is_ascii(text))
        return text.ptr ? map_ascii(text, 'a') : text;
    while (at < end)
        add_all(&buf, mapped, nu__char_upper(nu__utf8_next(&at, end), mapped));
    return nu__buf_take(&buf);
}

/* Is the next character that is not case-ignorable a cased one? */
static bool cased_follows(const char *at, const char *end)
{
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (!nu__is_case_ignorable(c))
            return nu__is_cased(c);
    }
    return false;
}

/* Sigma at a word's end is another letter than inside: after a cased one, before none. */
static int lower_in_text(uint32_t c, bool cased_before, const char *at, const char *end,
                         uint32_t out[NU__CASE_MAX])
{
    if (c != SIGMA || !cased_before || cased_follows(at, end))
        return nu__char_lower(c, out);
    out[0] = FINAL_SIGMA;
    return 1;
}

nu_str nu_lower(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    bool cased_before = false;
    nu__buf buf = { 0 };

    if (!text.ptr || nu__is_ascii(text))
        return text.ptr ? map_ascii(text, 'A') : text;
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        add_all(&buf, mapped, lower_in_text(c, cased_before, at, end, mapped));
        cased_before = nu__is_case_ignorable(c) ? cased_before : nu__is_cased(c);
    }
    return nu__buf_take(&buf);
}

nu_str nu__title(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    bool inside = false, cased_before = false;
    nu__buf buf = { 0 };

    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);
        int n =
            inside ? lower_in_text(c, cased_before, at, end, mapped) : nu__char_title(c, mapped);

        add_all(&buf, mapped, n);
        inside = nu__is_cased(c);
        cased_before = nu__is_case_ignorable(c) ? cased_before : inside;
    }
    return nu__buf_take(&buf);
}

nu_str nu__capfirst(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    uint32_t mapped[NU__CASE_MAX];
    nu__buf buf = { 0 };

    if (!text.len)
        return text;
    add_all(&buf, mapped, nu__char_upper(nu__utf8_next(&at, end), mapped));
    nu__buf_add(&buf, at, (size_t)(end - at));
    return nu__buf_take(&buf);
}

nu_str nu__casefold(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    utf8proc_int32_t folded[8];
    nu__buf buf = { 0 };
    int last_class;

    if (!text.ptr || nu__is_ascii(text))
        return text.ptr ? map_ascii(text, 'A') : text;
    while (at < end) {
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)nu__utf8_next(&at, end),
                                                     folded, 8, UTF8PROC_CASEFOLD, &last_class);

        for (utf8proc_ssize_t i = 0; i < n && i < 8; i++)
            nu__buf_utf8(&buf, (uint32_t)folded[i]);
    }
    return nu__buf_take(&buf);
}

/* ---- normal forms -------------------------------------------------------------------------- */

typedef struct {
    utf8proc_int32_t *items; /* malloc'd; one more than `cap`, for the encoder's NUL */
    size_t len, cap;
} points;

static bool grow(points *all, size_t more)
{
    utf8proc_int32_t *grown;
    size_t cap = 2 * all->cap + more;

    if (all->cap - all->len >= more)
        return true;
    grown = nu__realloc(all->items, (cap + 1) * sizeof *grown);
    if (!grown)
        return false;
    all->items = grown;
    all->cap = cap;
    return true;
}

/* Wrong bytes as U+FFFD. False when out of memory. */
static bool decompose(nu_str text, utf8proc_option_t options, points *all)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    int unused;

    while (at < end) {
        utf8proc_int32_t c = (utf8proc_int32_t)nu__utf8_next(&at, end);
        utf8proc_ssize_t n;

        if (!grow(all, DECOMPOSED_MAX))
            return false;
        n = utf8proc_decompose_char(c, all->items + all->len, DECOMPOSED_MAX, options, &unused);
        all->len += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static uint8_t class_of(utf8proc_int32_t c)
{
    return (uint8_t)utf8proc_get_property(c)->combining_class;
}

/* One by one: as many steps as pairs stand the wrong way round. */
static void sort_few_marks(utf8proc_int32_t *marks, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        utf8proc_int32_t mark = marks[i];
        size_t to = i;

        for (; to && class_of(marks[to - 1]) > class_of(mark); to--)
            marks[to] = marks[to - 1];
        marks[to] = mark;
    }
}

/* Stable, by class, through a copy: how many marks stand on a letter is the visitor's choice, and
   the square of it would be too. */
static bool sort_many_marks(utf8proc_int32_t *marks, size_t len)
{
    utf8proc_int32_t *copy = nu__malloc(len * sizeof *copy);
    size_t start[257] = { 0 };

    if (!copy)
        return false;
    memcpy(copy, marks, len * sizeof *copy);
    for (size_t i = 0; i < len; i++)
        start[class_of(copy[i]) + 1]++;
    for (int i = 0; i < 256; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < len; i++)
        marks[start[class_of(copy[i])]++] = copy[i];
    free(copy);
    return true;
}

static bool order_marks(points *all)
{
    for (size_t i = 0; i < all->len; i++) {
        size_t first = i;

        while (i < all->len && class_of(all->items[i]))
            i++;
        if (i - first <= FEW_MARKS)
            sort_few_marks(all->items + first, i - first);
        else if (!sort_many_marks(all->items + first, i - first))
            return false;
    }
    return true;
}

static nu_str normalize(nu_str text, utf8proc_option_t options)
{
    points all = { 0 };
    nu_str normalized = { 0 };
    utf8proc_ssize_t len = 0;

    if (nu__is_ascii(text))
        return text;
    if (decompose(text, options, &all) && order_marks(&all)) {
        len = utf8proc_reencode(all.items, (utf8proc_ssize_t)all.len, options | UTF8PROC_STABLE);
        normalized = (nu_str){ nu_try_alloc((size_t)len + 1, 1), (size_t)len };
    }
    if (normalized.ptr)
        memcpy((char *)normalized.ptr, all.items, normalized.len);
    free(all.items);
    if (!normalized.ptr)
        nu__raise_no_memory(text.len);
    return normalized;
}

nu_str nu__normalize_kc(nu_str text)
{
    return normalize(text, UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

nu_str nu__normalize_c(nu_str text)
{
    return normalize(text, UTF8PROC_COMPOSE);
}

nu_str nu_slugify(nu_str text)
{
    nu_str plain = normalize(text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
    nu__buf slug = { 0 };
    bool dash = false;

    for (size_t i = 0; i < plain.len; i++) {
        uint8_t c = (uint8_t)plain.ptr[i];

        if (c >= 0x80 || (!nu__is_word(c) && !nu__is_space(c) && c != '-'))
            continue;
        if (nu__is_word(c))
            nu__buf_char(&slug, (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
        else if (!dash)
            nu__buf_char(&slug, '-');
        dash = !nu__is_word(c);
    }
    return nu_copy(nu__strip_chars(nu__buf_str(&slug), "-_"));
}
