#include "i18n/catalog.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 28, MAGIC = 0x950412de, MAGIC_SWAPPED = 0xde120495 };

struct nu__catalog {
    const uint8_t *bytes;
    size_t len;
    bool swapped; /* written on a machine of the other byte order */
    uint32_t n, originals, translations;
    nu__plural_rule rule;
    uint32_t *slots; /* number of the text + 1; 0: free */
    uint32_t mask;
};

/* ---- the file ----------------------------------------------------------------------------- */

static uint32_t word(const nu__catalog *c, size_t at)
{
    uint32_t value;

    memcpy(&value, c->bytes + at, sizeof value);
    return c->swapped ? __builtin_bswap32(value) : value;
}

/* The i-th text of a table, with all its parts; {NULL, 0}: it is not inside of the file or has no
   NUL behind it. */
static nu_str text_at(const nu__catalog *c, uint32_t table, uint32_t i)
{
    uint32_t len = word(c, table + (size_t)i * 8), at = word(c, table + (size_t)i * 8 + 4);

    if (at > c->len || len >= c->len - at || c->bytes[at + len] != 0)
        return (nu_str){ 0 };
    return (nu_str){ (const char *)c->bytes + at, len };
}

static nu_str first_part(nu_str text)
{
    return nu_s(text.ptr);
}

static bool table_fits(const nu__catalog *c, uint32_t table)
{
    return table >= HEADER && table <= c->len && c->n <= (c->len - table) / 8;
}

static const char *check(nu__catalog *c)
{
    if (c->len < HEADER || c->len > NU__CATALOG_LARGEST)
        return "it is no catalogue: its size";
    c->swapped = word(c, 0) == MAGIC_SWAPPED;
    if (word(c, 0) != MAGIC)
        return "it is no catalogue compiled by msgfmt";
    if (word(c, 4) >> 16 > 1)
        return "it is of a later version of the format";
    c->n = word(c, 8);
    c->originals = word(c, 12);
    c->translations = word(c, 16);
    if (!table_fits(c, c->originals) || !table_fits(c, c->translations))
        return "it is cut short";
    for (uint32_t i = 0; i < c->n; i++)
        if (!text_at(c, c->originals, i).ptr || !text_at(c, c->translations, i).ptr)
            return "a text in it lies outside of the file";
    return NULL;
}

/* ---- the index ---------------------------------------------------------------------------- */

static uint32_t hash_more(uint32_t hash, nu_str text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (uint8_t)text.ptr[i]) * 16777619u;
    return hash;
}

static uint32_t hash_of(nu_str context, nu_str message)
{
    uint32_t hash = 2166136261u;

    if (context.ptr)
        hash = hash_more(hash_more(hash, context), S("\4"));
    return hash_more(hash, message);
}

static bool index_texts(nu__catalog *c)
{
    size_t size = 8;

    while (size < (size_t)c->n * 2)
        size *= 2;
    c->slots = calloc(size, sizeof *c->slots);
    if (!c->slots)
        return false;
    c->mask = (uint32_t)size - 1;
    for (uint32_t i = 0; i < c->n; i++) {
        nu_str key = first_part(text_at(c, c->originals, i));
        uint32_t slot = hash_of((nu_str){ 0 }, key) & c->mask;

        while (c->slots[slot])
            slot = (slot + 1) & c->mask;
        c->slots[slot] = i + 1;
    }
    return true;
}

/* Whether the text is "context\4message". */
static bool is_key(nu_str text, nu_str context, nu_str message)
{
    size_t prefix = context.ptr ? context.len + 1 : 0;

    if (text.len != prefix + message.len)
        return false;
    if (prefix && (memcmp(text.ptr, context.ptr, context.len) != 0 || text.ptr[context.len] != 4))
        return false;
    return memcmp(text.ptr + prefix, message.ptr, message.len) == 0;
}

/* The number of a text, or -1. */
static int64_t number_of(const nu__catalog *c, nu_str context, nu_str message)
{
    uint32_t slot = hash_of(context, message) & c->mask;

    for (; c->slots[slot]; slot = (slot + 1) & c->mask)
        if (is_key(first_part(text_at(c, c->originals, c->slots[slot] - 1)), context, message))
            return c->slots[slot] - 1;
    return -1;
}

/* ---- the interface ------------------------------------------------------------------------ */

static void read_rule(nu__catalog *c)
{
    int64_t header = number_of(c, (nu_str){ 0 }, S(""));
    nu_str text = header < 0 ? S("") : text_at(c, c->translations, (uint32_t)header);
    ptrdiff_t at = nu__find(text, S("Plural-Forms:")), end;

    if (at >= 0) {
        text = nu__sub(text, (size_t)at, text.len);
        end = nu__find(text, S("\n"));
        if (nu__plural_rule_parse(&c->rule, end < 0 ? text : nu__sub(text, 0, (size_t)end)))
            return;
    }
    nu__plural_rule_default(&c->rule);
}

nu__catalog *nu__catalog_open(const uint8_t *bytes, size_t len, const char **why)
{
    nu__catalog *c = calloc(1, sizeof *c);

    if (!c) {
        *why = "out of memory";
        return NULL;
    }
    c->bytes = bytes;
    c->len = len;
    *why = check(c);
    if (!*why && !index_texts(c))
        *why = "out of memory";
    if (*why) {
        nu__catalog_free(c);
        return NULL;
    }
    read_rule(c);
    return c;
}

void nu__catalog_free(nu__catalog *catalog)
{
    if (catalog)
        free(catalog->slots);
    free(catalog);
}

nu_str nu__catalog_find(const nu__catalog *c, nu_str context, nu_str message, int64_t count)
{
    int64_t number = number_of(c, context, message);
    nu_str all, form;

    if (number < 0)
        return (nu_str){ 0 };
    all = text_at(c, c->translations, (uint32_t)number);
    form = first_part(all);
    if (form.len == all.len)
        return form;
    for (uint32_t left = nu__plural_form(&c->rule, count); left; left--) {
        const char *next = form.ptr + form.len + 1;

        if (next > all.ptr + all.len)
            return (nu_str){ 0 };
        form = nu_s(next);
    }
    return form;
}
