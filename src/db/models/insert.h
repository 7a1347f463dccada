/**
 * @file
 * INSERT of one row or many. Django: SQLInsertCompiler
 */
#pragma once
#include "db/models/options.h"
#include "db/sql/compiler.h"

typedef struct nu__insert {
    nu__model_info *info;
    const nu__field *const *fields; /* columns to give; none: rows of defaults */
    size_t n_fields;
    size_t batch_size; /* rows a statement at most; 0: as many as the database takes */
    bool ignore_conflicts;
    const nu__field *const *update, *const *unique; /* on conflict; end with NULL */
    const nu__field *const *returning;              /* columns to read back; NULL: none */
    size_t n_returning;
} nu__insert;

/* ValueError for a size of batches below 0; 0 is as many as the database takes. */
void nu__check_batch_size(int batch_size);
/* How many of so many rows one statement takes. */
size_t nu__insert_most(const nu__connection *connection, const nu__insert *insert, size_t n_rows);
/* The columns that the database fills and an INSERT reads back: a counted key, defaults of the
   database's own, generated ones. Django: db_returning_fields */
const nu__field *const *nu__returned_fields(const nu__model_info *info, size_t *n);
/* What a column takes where nothing was given: the field's db_default as an expression. */
const nu_expr *nu__db_default_of(const nu__field *field);

/**
 * @param values    n_fields for each row: values of the fields' kinds, or expressions
 * @param returned  out: n_returning for each row; NULL where nothing is read back
 * @return          the key that the database counted last, where nothing is read back
 * @raises          IntegrityError; ValueError for an expression that reads a column
 * Yields.
 */
int64_t nu__insert_rows(nu__connection *connection, const nu__insert *insert,
                        const nu_value *values, size_t n_rows, nu_value *returned);
