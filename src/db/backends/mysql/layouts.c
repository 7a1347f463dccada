/* The columns of an answer on a shared connection, from the packets that tell them.
 *
 * A definition: catalogue, schema, table, its own name, the column's name, its own name, maybe
 * more, each with its length before it; then, last, twelve bytes of known places. */
#include "db/backends/mysql/line.h"

#include "core/fault.h"

#include <stdlib.h>
#include <string.h>

enum { FIXED = 12, TEXTS_BEFORE_NAME = 4 };

static bool take_text(nu__mysql_packet packet, size_t *at, nu_str *text)
{
    uint64_t len;

    if (!nu__mysql_take_number(packet, at, &len) || len > packet.len - *at)
        return false;
    *text = (nu_str){ (const char *)packet.at + *at, (size_t)len };
    *at += (size_t)len;
    return true;
}

static nu__mysql_taken read_definition(nu__mysql_packet packet, MYSQL_FIELD *field)
{
    const uint8_t *fixed = packet.at + packet.len - FIXED;
    nu_str text;
    size_t at = 0;

    for (int i = 0; i <= TEXTS_BEFORE_NAME; i++)
        if (!take_text(packet, &at, &text))
            return NU__MYSQL_BROKEN;
    if (packet.len - at < FIXED)
        return NU__MYSQL_BROKEN;
    field->name = nu__malloc(text.len + 1);
    if (!field->name)
        return NU__MYSQL_NO_MEMORY;
    if (text.len)
        memcpy(field->name, text.ptr, text.len);
    field->name[text.len] = '\0';
    field->name_length = (unsigned)text.len;
    field->charsetnr = fixed[0] | (unsigned)fixed[1] << 8;
    field->type = fixed[6];
    field->flags = fixed[7] | (unsigned)fixed[8] << 8;
    field->decimals = fixed[9];
    return NU__MYSQL_TAKEN;
}

static bool name_columns(nu__mysql_layout *layout)
{
    const char **names = nu__malloc_zeroed(2 * (size_t)layout->n * sizeof *names);

    if (!names)
        return false;
    for (uint32_t i = 0; i < layout->n; i++)
        names[i] = layout->fields[i].name;
    layout->columns = nu__columns_new(layout->n, names, names + layout->n);
    free(names);
    return layout->columns != NULL;
}

static nu__mysql_taken fill(nu__mysql_layout *layout, const nu__mysql_request *request, size_t at,
                            size_t end)
{
    layout->fields = nu__malloc_zeroed(layout->n * sizeof *layout->fields);
    layout->cells = nu__malloc_zeroed(layout->n * (sizeof *layout->cells + 24));
    layout->told = nu__malloc(end - at);
    if (!layout->fields || !layout->cells || !layout->told)
        return NU__MYSQL_NO_MEMORY;
    layout->digits = (void *)(layout->cells + layout->n);
    memcpy(layout->told, request->bytes + at, end - at);
    layout->told_len = end - at;
    for (uint32_t i = 0; i < layout->n; i++) {
        nu__mysql_packet packet = nu__mysql_packet_at(request, at);
        nu__mysql_taken taken =
            packet.at ? read_definition(packet, &layout->fields[i]) : NU__MYSQL_BROKEN;

        if (taken != NU__MYSQL_TAKEN)
            return taken;
        at += sizeof packet.len + packet.len;
    }
    return name_columns(layout) ? NU__MYSQL_TAKEN : NU__MYSQL_NO_MEMORY;
}

nu__mysql_layout *nu__mysql_layout_read(const nu__mysql_request *request, size_t at, size_t end,
                                        uint32_t n, nu__mysql_taken *taken)
{
    nu__mysql_layout *layout = nu__malloc_zeroed(sizeof *layout);

    *taken = NU__MYSQL_NO_MEMORY;
    if (!layout)
        return NULL;
    layout->references = 1;
    layout->n = n;
    *taken = fill(layout, request, at, end);
    if (*taken == NU__MYSQL_TAKEN)
        return layout;
    nu__mysql_layout_unref(layout);
    return NULL;
}

nu__mysql_layout *nu__mysql_layout_ref(nu__mysql_layout *layout)
{
    layout->references++;
    return layout;
}

void nu__mysql_layout_unref(nu__mysql_layout *layout)
{
    if (!layout || --layout->references)
        return;
    for (uint32_t i = 0; layout->fields && i < layout->n; i++)
        free(layout->fields[i].name);
    free(layout->fields);
    free(layout->cells);
    free(layout->told);
    nu__columns_unref(layout->columns);
    free(layout);
}
