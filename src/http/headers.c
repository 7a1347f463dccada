#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "http/message.h"

#include <string.h>

static nu__header *find(const nu__headers *headers, nu_str name)
{
    for (uint32_t i = 0; i < headers->len; i++)
        if (nu__eq_ignore_ascii_case(headers->items[i].name, name))
            return &headers->items[i];
    return NULL;
}

nu_str nu__headers_get(const nu__headers *headers, nu_str name)
{
    const nu__header *header = find(headers, name);

    return header ? header->value : (nu_str){ 0 };
}

nu_str nu__header_text(nu_str value)
{
    nu__buf text = { 0 };

    if (nu__utf8_valid(value))
        return value;
    for (size_t i = 0; i < value.len; i++)
        nu__buf_utf8(&text, (uint8_t)value.ptr[i]);
    return nu__buf_str(&text);
}

/* Room for one more in memory of the arena, or for what is there when it is borrowed. */
static void own(nu__headers *headers, uint32_t more)
{
    uint32_t cap = (headers->len + more) * 2 + 6;
    nu__header *items;

    if (headers->len + more <= headers->cap)
        return;
    items = nu__alloc_raw(cap * sizeof *items);
    if (headers->len)
        memcpy(items, headers->items, headers->len * sizeof *items);
    headers->items = items;
    headers->cap = cap;
}

void nu__headers_add(nu__headers *headers, nu_str name, nu_str value)
{
    own(headers, 1);
    headers->items[headers->len++] = (nu__header){ name, value };
}

void nu__headers_set(nu__headers *headers, nu_str name, nu_str value)
{
    nu__header *header;

    own(headers, 0);
    header = find(headers, name);
    if (header)
        *header = (nu__header){ name, value };
    else
        nu__headers_add(headers, name, value);
}

bool nu__headers_remove(nu__headers *headers, nu_str name)
{
    uint32_t kept = 0, before = headers->len;

    own(headers, 0);
    for (uint32_t i = 0; i < before; i++)
        if (!nu__eq_ignore_ascii_case(headers->items[i].name, name))
            headers->items[kept++] = headers->items[i];
    headers->len = kept;
    return kept < before;
}
