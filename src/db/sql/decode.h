/**
 * @file
 * Cells of a result as members of structs and as values.
 */
#pragma once
#include "core/arena.h"
#include "db/models/fields.h"
#include "db/sql/expression.h"
#include <string.h>

#include <nuages/timezone.h>

/* What one column's cells become. */
typedef struct nu__decoder {
    const nu__field *type; /* the expression's; NULL: by the cell alone */
    const nu_choices *choices;
    nu__member member;
    bool column;             /* a column of a table: decimals have the field's places */
    bool declared_bool;      /* only 1 is true, as of SQLite's columns; else a number stays one */
    const nu_timezone *zone; /* that a time without one is in; NULL: UTC */
} nu__decoder;

nu__decoder nu__decoder_of(const nu_expr *expr, const nu__backend *backend);

/* Quick ways for what lists are full of; false: it does not look so plain. A double that is the
   nearest to a decimal of so many places, by its number of last places; "2024-01-31 08:00:00". See
   plain_time.h too. */
bool nu__exact_places(double number, int places, int64_t *scaled);
bool nu__plain_datetime(nu_str text, nu_datetime *out);

/* Write the cell into a member; texts are copied into the arena. False: it does not fit, and the
   member has what is nearest: null for an enum that has no such choice, true for a number that is
   no truth value, a text of its bytes for a blob. Raises DataError for a cell of another kind. */
bool nu__decode(const nu__decoder *decoder, const nu__cell *cell, void *at);
/* The same, with what most columns are at hand: a list of rows is full of them. */
static inline bool nu__decode_cell(const nu__decoder *decoder, const nu__cell *cell, void *at)
{
    if (decoder->member == NU__MEMBER_INT && cell->kind == NU__CELL_INT) {
        *(int64_t *)at = cell->i;
        return true;
    }
    if (decoder->member == NU__MEMBER_STR && cell->kind == NU__CELL_TEXT) {
        char *text = nu__alloc_raw((size_t)cell->len + 1);

        memcpy(text, cell->text, (size_t)cell->len + 1);
        *(nu_str *)at = (nu_str){ text, cell->len };
        return true;
    }
    if (decoder->member == NU__MEMBER_BOOL &&
        (cell->kind == NU__CELL_INT || cell->kind == NU__CELL_BOOL) &&
        (cell->i == 0 || cell->i == 1)) {
        *(bool *)at = cell->i;
        return true;
    }
    return nu__decode(decoder, cell, at);
}
/* The cell as a value of the column's type. */
nu_value nu__decode_value(const nu__decoder *decoder, const nu__cell *cell);
