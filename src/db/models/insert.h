/**
 * @file
 * INSERT of many rows.
 */
#pragma once
#include "db/models/options.h"
#include "db/sql/compiler.h"

typedef struct nu__insert {
    const nu__model_info *info;
    const nu__field *const *fields; /* columns to give */
    size_t n_fields;
    bool ignore_conflicts;
    const nu__field *const *update, *const *unique; /* on conflict; end with NULL */
    bool returning;                                 /* the keys, into `keys` */
    int64_t *keys;
} nu__insert;

/* `values`: n_fields for each row. Yields. */
void nu__insert_rows(nu__connection *connection, const nu__insert *insert, const nu_value *values,
                     size_t n_rows);
