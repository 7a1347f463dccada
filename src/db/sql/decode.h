/**
 * @file
 * Cells of a result as members of structs and as values.
 */
#pragma once
#include "db/models/fields.h"
#include "db/sql/expression.h"

/* What one column's cells become. */
typedef struct nu__decoder {
    const nu__field *type; /* the expression's; NULL: by the cell alone */
    const nu_choices *choices;
    nu__member member;
    bool column; /* a column of a table: decimals have the field's places */
} nu__decoder;

nu__decoder nu__decoder_of(const nu_expr *expr);

/* Write the cell into a member; texts are copied into the arena. False: it does not fit (an enum
   that has no such choice), and the member is null. Raises DataError for a cell of another kind. */
bool nu__decode(const nu__decoder *decoder, const nu__cell *cell, void *at);
/* The cell as a value of the column's type. */
nu_value nu__decode_value(const nu__decoder *decoder, const nu__cell *cell);
