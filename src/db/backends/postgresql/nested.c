/* Arrays and ranges: a cell that has cells. */
#include "db/backends/postgresql/cells.h"

/* A length and so many bytes; a length of -1 is NULL. */
static bool read_item(nu__cell *cell, const nu__pg_type *type, const uint8_t **at,
                      const uint8_t *end, nu__pg_room *room)
{
    uint32_t len;

    if (end - *at < 4)
        return false;
    len = nu__pg_get32(*at);
    *at += 4;
    if (len == UINT32_MAX) {
        cell->kind = NU__CELL_NULL;
        return true;
    }
    if (len > (size_t)(end - *at))
        return false;
    *at += len;
    return nu__pg_read_cell(cell, type, *at - len, len, room);
}

enum { DIMENSIONS = 6 }; /* PostgreSQL's MAXDIM */

typedef struct array {
    const nu__pg_type *element;
    uint32_t n_dimensions, sizes[DIMENSIONS];
    const uint8_t *at, *end;
} array;

static bool read_dimension(nu__cell *cell, array *array, uint32_t dimension, nu__pg_room *room)
{
    uint32_t n = array->sizes[dimension];
    nu__cell *items;

    items = nu__pg_take_room(room, n * sizeof *items, true);
    *cell = (nu__cell){ .kind = NU__CELL_ARRAY, .len = n, .items = items };
    for (uint32_t i = 0; items && i < n; i++) {
        bool sound = dimension + 1 < array->n_dimensions
                         ? read_dimension(&items[i], array, dimension + 1, room)
                         : read_item(&items[i], array->element, &array->at, array->end, room);

        if (!sound || room->full)
            return sound;
    }
    return true;
}

/* Each item has four bytes at least, so there are no more of them in all. */
static bool has_room(const array *array)
{
    size_t n = 1, most = (size_t)(array->end - array->at) / 4;

    for (uint32_t i = 0; i < array->n_dimensions; i++)
        if (!array->sizes[i] || __builtin_mul_overflow(n, array->sizes[i], &n) || n > most)
            return false;
    return true;
}

bool nu__pg_read_array(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       nu__pg_room *room)
{
    array array = { .element = nu__pg_type_of(type->element), .end = data + len };

    if (len < 12)
        return false;
    array.n_dimensions = nu__pg_get32(data);
    if (array.n_dimensions > DIMENSIONS || len < 12 + 8 * array.n_dimensions)
        return false;
    for (uint32_t i = 0; i < array.n_dimensions; i++)
        array.sizes[i] = nu__pg_get32(data + 12 + 8 * i);
    array.at = data + 12 + 8 * array.n_dimensions;
    return has_room(&array) && read_dimension(cell, &array, 0, room);
}

enum { LOWER_INFINITE = 8, UPPER_INFINITE = 16 };

bool nu__pg_read_range(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       nu__pg_room *room)
{
    const nu__pg_type *element = nu__pg_type_of(type->element);
    const uint8_t *at = data + 1, *end = data + len;
    nu__cell *items = nu__pg_take_room(room, 2 * sizeof *items, true);
    uint8_t flags;

    if (!len)
        return false;
    flags = *data;
    *cell = (nu__cell){ .kind = NU__CELL_RANGE, .len = flags & 7, .items = items };
    if (!items)
        return true;
    items[0] = items[1] = (nu__cell){ .kind = NU__CELL_NULL };
    if (flags & NU__RANGE_EMPTY)
        return true;
    return ((flags & LOWER_INFINITE) || read_item(&items[0], element, &at, end, room)) &&
           ((flags & UPPER_INFINITE) || read_item(&items[1], element, &at, end, room));
}
