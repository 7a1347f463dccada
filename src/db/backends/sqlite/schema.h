/**
 * @file
 * Tables of SQLite that are made anew, as they can't be altered in place.
 *
 * A remake applies what an operation changes to the table that is there, not to the one that the
 * models describe: whatever no model speaks of stays, in its own words.
 */
#pragma once
#include "db/backends/schema.h"
#include "db/backends/sqlite/table_text.h"

/* What the new table has that the old one has not. All but `model` may be NULL. */
typedef struct nu__remake {
    const nu__model_info *model;
    const nu__field *created, *deleted;
    const nu_constraint *removed;
    const nu__field *const *altered; /* pairs of old and new; NULL at the end */
    const nu__field *followed;       /* whose type the columns that refer to it get */
} nu__remake;

/* A new table with the rows of the old one, in its place, with its indexes. What would leave
   something behind that no longer works is refused: NotSupportedError, with all as it was. Yields.
 */
void nu__remake_table(nu__editor *editor, const nu__remake *remake);

/* Raises IntegrityError for a row that refers to nothing. Yields. */
void nu__check_references(nu__editor *editor);

/* The text of the table's CREATE TABLE, read; NULL: there is no such table. Yields. */
nu__table_text *nu__table_text_read(nu__connection *connection, nu_str table);
/* Does anything but the column's own type, default and nullness name it? Then ALTER TABLE … DROP
   COLUMN is refused by SQLite. Yields. */
bool nu__column_is_named(nu__connection *connection, nu_str table, nu_str column);

/* A column of a STRICT table has one of six types: the one that holds what the model's would. */
void nu__make_strict(nu__column_text *column);
/* What becomes of the column that is there where the model's goes from `before` to `after`: what
   the two say the same of stays as it is. */
nu__column_text *nu__merged_column(const nu__column_text *there, const nu__column_text *before,
                                   const nu__column_text *after);
/* Do both refer to the same column of the same table? `b` may leave its columns out. */
bool nu__same_target(const nu__clause *a, const nu__clause *b);
const nu__clause *nu__clause_of_kind(const nu__column_text *column, nu__clause_kind kind);
/* Without the clause. */
void nu__column_text_drop(nu__column_text *column, const nu__clause *clause);

/* A statement for when the new table stands. */
typedef struct nu__kept_statement {
    struct nu__kept_statement *next;
    nu_str sql;
    nu_str instead_of; /* an index that the model would have made under this name; null: none */
} nu__kept_statement;

/* What a table has, as it goes on. */
typedef struct nu__kept {
    nu__table_parts parts;
    bool *computed; /* one a field of the new table: no values are copied into it */
    nu_str copied;  /* ", \"a\", \"b\"": columns that no model knows, to be copied too */
    nu__kept_statement *statements;
} nu__kept;

/* Reads what the table has; nothing where SQL is but collected. What is all about a column that
   goes is left out. `before` is the table as it was, with the names that its columns have now.
   Raises NotSupportedError for what can't go on. Yields. */
nu__kept nu__kept_of(nu__editor *editor, const nu__remake *remake, const nu__table_def *before,
                     const nu__table_def *def);
/* A constraint of Meta in the words of CREATE TABLE; NULL for one that is an index. */
const nu__clause *nu__constraint_clause(nu__editor *editor, const nu__table_def *def,
                                        const nu_constraint *constraint);
/* Do these words name a column that the new table has not? */
bool nu__names_what_goes(const nu__table_text *there, const nu__table_def *def,
                         const nu__remake *remake, nu_str words);
/* The indexes and triggers, by the statements that made them, without those that the models make or
   an operation drops. `parts` gets to know of unique constraints that are indexes. Yields. */
nu__kept_statement *nu__kept_statements(nu__editor *editor, const nu__remake *remake,
                                        const nu__table_def *before, const nu__table_def *def,
                                        const nu__table_text *there, nu__table_parts *parts);

/* What works before a table is made anew, and has to work after it. */
typedef enum nu__probe_kind {
    NU__PROBE_SELECT, /* of a view */
    NU__PROBE_INSERT, /* of the triggers of a table or view */
    NU__PROBE_DELETE,
    NU__PROBE_UPDATE,
} nu__probe_kind;

typedef struct nu__probe {
    struct nu__probe *next;
    nu__probe_kind kind;
    nu_str name;
} nu__probe;

/* Of the views, and of the tables that have triggers; `any`: there are some, if not one that works.
   Yields. */
const nu__probe *nu__probes(nu__connection *connection, bool *any);
/* Raises NotSupportedError for one that works no more. Yields. */
void nu__probe_again(nu__connection *connection, const nu__probe *probes, nu_str table);
