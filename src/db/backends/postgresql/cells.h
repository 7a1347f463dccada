/**
 * @file
 * How cells are read from the server's bytes.
 *
 *   types.c      what is known of each type, by its OID
 *   cells.c      rows, and values of one piece
 *   numbers.c    numeric, and floats of 4 bytes
 *   nested.c     arrays and ranges: cells of cells
 */
#pragma once
#include "db/backends/postgresql/postgresql.h"

#include <string.h>

/* A type's way, in nu__pg_type.kind. */
typedef enum nu__pg_reader {
    NU__PG_READ_TEXT, /* as text, whatever it is */
    NU__PG_READ_BOOL,
    NU__PG_READ_INT2,
    NU__PG_READ_INT4,
    NU__PG_READ_INT8,
    NU__PG_READ_OID,
    NU__PG_READ_FLOAT4,
    NU__PG_READ_FLOAT8,
    NU__PG_READ_NUMERIC,
    NU__PG_READ_BYTEA,
    NU__PG_READ_DATE,
    NU__PG_READ_TIME,
    NU__PG_READ_TIMESTAMP,
    NU__PG_READ_TIMESTAMPTZ,
    NU__PG_READ_INTERVAL,
    NU__PG_READ_UUID,
    NU__PG_READ_JSONB,
    NU__PG_READ_ARRAY,
    NU__PG_READ_RANGE,
} nu__pg_reader;

/* Where what a cell points to is copied; NULL stores nothing: the cell borrows. */
typedef struct nu__pg_room {
    char *floor, *top;
    bool full;
} nu__pg_room;

/* NULL when full: then the row is stored again, in a larger batch. */
static inline void *nu__pg_take_room(nu__pg_room *room, size_t bytes, bool aligned)
{
    char *at;

    if ((size_t)(room->top - room->floor) < bytes + 8) {
        room->full = true;
        return NULL;
    }
    at = room->top - bytes;
    if (aligned)
        at -= (uintptr_t)at % 8;
    room->top = at;
    return at;
}

static inline bool nu__pg_cell_bytes(nu__cell *cell, nu__cell_kind kind, const uint8_t *data,
                                     uint32_t len, nu__pg_room *room)
{
    char *at;

    cell->kind = kind;
    cell->len = len;
    cell->blob = data;
    if (!room)
        return true;
    at = nu__pg_take_room(room, (size_t)len + 1, false);
    if (!at)
        return true;
    memcpy(at, data, len);
    at[len] = '\0';
    cell->text = at;
    return true;
}

static inline bool nu__pg_cell_int(nu__cell *cell, nu__cell_kind kind, int64_t number)
{
    cell->kind = kind;
    cell->i = number;
    return true;
}

/* Of the binary format. Each tells false of malformed bytes; room->full: stored again later. */
bool nu__pg_read_cell(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                      nu__pg_room *room);
bool nu__pg_read_array(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       nu__pg_room *room);
bool nu__pg_read_range(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       nu__pg_room *room);
bool nu__pg_cell_numeric(nu__cell *cell, const uint8_t *data, uint32_t len, nu__pg_room *room);
/* The shortest decimal that makes it, as a double. */
double nu__pg_float4(const uint8_t *data);
