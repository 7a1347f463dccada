/**
 * @file
 * Cells as JSON, with what stands before each: the inside of query_json.c.
 */
#pragma once
#include "core/json.h"
#include "db/connection.h"

/* What a column's cells look like. */
typedef enum nu__json_cell {
    NU__PUT_NONE, /* of no kind that is written here */
    NU__PUT_ANY,
    NU__PUT_TEXT,
    NU__PUT_INT,
    NU__PUT_BOOL,
    NU__PUT_FLOAT,
    NU__PUT_DECIMAL,
    NU__PUT_DATE,
    NU__PUT_DATETIME,
} nu__json_cell;

/* Short texts are copied by blocks of so many bytes, whole: cheaper than by their length. */
enum { NU__JSON_BLOCK = 32 };
/* The bytes that a cell takes at most, beside six times the length of one that may be long; the
   places of a decimal that are written. */
enum { NU__JSON_WORST = 64 + NU__JSON_BLOCK, NU__JSON_PLACES = 9 };

typedef struct nu__json_column {
    const char
        *before; /* `{"id": `, `, "title": `; NU__JSON_BLOCK bytes may be read from its end on */
    size_t before_len;
    uint32_t cell;
    int places; /* of decimals */
    nu__json_cell kind;
    const nu__json_style *style;
} nu__json_column;

/* A row, behind which there is room for a byte; where it ends. NULL: a cell is none of its
 * column's. */
char *nu__json_put_row(char *to, const nu__json_column *columns, uint32_t n, const nu__cell *cells);
