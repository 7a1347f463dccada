/**
 * @file
 * Tables of SQLite that are made anew, as they can't be altered in place.
 */
#pragma once
#include "db/backends/schema.h"

/* What the new table has that the old one has not. All but `model` may be NULL. */
typedef struct nu__remake {
    const nu__model_info *model;
    const nu__field *created, *deleted;
    const nu_constraint *removed;
    const nu__field *const *altered; /* pairs of old and new; NULL at the end */
} nu__remake;

/* A new table with the rows of the old one, in its place, with its indexes. Yields. */
void nu__remake_table(nu__editor *editor, const nu__remake *remake);

/* A check or unique constraint of CREATE TABLE. All is in the arena. */
typedef struct nu__piece {
    struct nu__piece *next;
    nu_str name;   /* null: it has none */
    nu_str body;   /* between its parentheses */
    nu_str normal; /* the same, to be compared */
    bool unique;   /* else a check */
} nu__piece;

/* Those of a text of CREATE TABLE, of columns too; NULL: none. */
nu__piece *nu__table_pieces(nu_str sql);
/* Has the list one of the same kind that is called the same, or says the same? */
bool nu__piece_is_among(const nu__piece *piece, const nu__piece *list);
/* Is the column among the words of an SQL text? */
bool nu__sql_names(nu_str sql, nu_str column);

typedef struct nu__kept_statement {
    struct nu__kept_statement *next;
    nu_str sql;
} nu__kept_statement;

/* What a table has that no model knows of. */
typedef struct nu__kept {
    const nu__table_column *columns;
    size_t n_columns;
    nu_str constraints;             /* ", CHECK (…), UNIQUE (…)" for the new CREATE TABLE */
    nu_str *defaults;               /* " DEFAULT (1)" or empty, one a field of the new table */
    nu__kept_statement *statements; /* for when the new table stands */
} nu__kept;

/* Reads what the table has; nothing where SQL is but collected. What is all about a column that
   goes is left out; raises NotSupportedError for what names one that gets another name. Yields. */
nu__kept nu__kept_of(nu__editor *editor, const nu__remake *remake, const nu__table_def *def);
