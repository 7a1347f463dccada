#include "template/symbols.h"

#include "core/context.h"
#include "core/error.h"
#include "core/list.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 256, MAX_SYMBOLS = 1000000, MAX_INDEX_DIGITS = 18 };

struct nu__symbols {
    nu__arena arena; /* the symbols and their texts */
    nu__symbol **slots;
    uint32_t mask, used;
    const nu__symbol *known[NU__SYM_KNOWN];
};

static const nu_str known_texts[] = {
#define TEXT(id, text) { text, sizeof(text) - 1 },
    NU__SYMBOLS(TEXT)
#undef TEXT
};

static uint32_t find_slot(const nu__symbols *symbols, nu_str text)
{
    uint32_t slot = (uint32_t)nu__hash(text.ptr, text.len) & symbols->mask;

    while (symbols->slots[slot] && !nu_eq_(symbols->slots[slot]->text, text))
        slot = (slot + 1) & symbols->mask;
    return slot;
}

static nu__symbol **new_slots(uint32_t n)
{
    nu__symbol **slots = nu__malloc(n * sizeof(nu__symbol *));

    if (!slots)
        nu__raise_no_memory(n * sizeof(nu__symbol *));
    memset(slots, 0, n * sizeof(nu__symbol *));
    return slots;
}

static void grow(nu__symbols *symbols)
{
    nu__symbol **old = symbols->slots;
    uint32_t n = symbols->mask + 1;

    symbols->slots = new_slots(n * 2);
    symbols->mask = n * 2 - 1;
    for (uint32_t i = 0; i < n; i++)
        if (old[i])
            symbols->slots[find_slot(symbols, old[i]->text)] = old[i];
    free(old);
}

/* What int() takes from a lookup bit, as far as a list could be that long. */
static bool parse_index(nu_str text, int64_t *index)
{
    size_t i = text.len && text.ptr[0] == '-';
    int64_t value = 0;

    if (i == text.len || text.len - i > MAX_INDEX_DIGITS)
        return false;
    for (size_t at = i; at < text.len; at++) {
        if (text.ptr[at] < '0' || text.ptr[at] > '9')
            return false;
        value = value * 10 + (text.ptr[at] - '0');
    }
    *index = i ? -value : value;
    return true;
}

static nu__symbol *new_symbol(nu__symbols *symbols, nu_str text)
{
    nu__symbol *symbol = nu__arena_try_alloc(&symbols->arena, 1, sizeof(*symbol));
    char *copy = nu__arena_try_alloc(&symbols->arena, text.len + 1, 1);

    if (!symbol || !copy)
        nu__raise_no_memory(text.len);
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    symbol->text = (nu_str){ copy, text.len };
    symbol->id = symbols->used;
    symbol->is_index = parse_index(symbol->text, &symbol->index);
    return symbol;
}

nu__symbols *nu__symbols_new(void)
{
    nu__symbols *symbols = nu__malloc(sizeof(*symbols));

    if (!symbols)
        nu__raise_no_memory(sizeof(*symbols));
    memset(symbols, 0, sizeof(*symbols));
    nu__arena_init(&symbols->arena);
    symbols->slots = new_slots(FIRST_SLOTS);
    symbols->mask = FIRST_SLOTS - 1;
    for (size_t i = 0; i < NU__SYM_KNOWN; i++)
        symbols->known[i] = nu__symbol_intern(symbols, known_texts[i]);
    return symbols;
}

nu__symbol *nu__symbol_intern(nu__symbols *symbols, nu_str text)
{
    uint32_t slot = find_slot(symbols, text);

    if (symbols->slots[slot])
        return symbols->slots[slot];
    if (symbols->used == MAX_SYMBOLS)
        nu_raise(NU_MEMORY_ERROR, "Templates mention more than {} different names.", MAX_SYMBOLS);
    symbols->slots[slot] = new_symbol(symbols, text);
    symbols->used++;
    if (symbols->used > symbols->mask / 2) {
        grow(symbols);
        slot = find_slot(symbols, text);
    }
    return symbols->slots[slot];
}

nu__symbol *nu__symbol_find(const nu__symbols *symbols, nu_str text)
{
    return symbols->slots[find_slot(symbols, text)];
}

const nu__symbol *nu__symbol_known(const nu__symbols *symbols, nu__symbol_id id)
{
    return symbols->known[id];
}

void nu__symbols_free(nu__symbols *symbols)
{
    if (!symbols)
        return;
    nu__arena_release(&symbols->arena);
    free(symbols->slots);
    free(symbols);
}
