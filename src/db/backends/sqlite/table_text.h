/**
 * @file
 * A text of CREATE TABLE, read into what its columns and constraints say.
 *
 * SQLite keeps the text that a table was made with, and nothing else says all that a table has:
 * collations, conflict clauses, the names of checks. All is in the arena. Yields: never.
 */
#pragma once
#include "db/backends/base.h"

/* What a part of a column or table is about, in the order in which Django writes a column's. */
typedef enum nu__clause_kind {
    NU__CLAUSE_TYPE,
    NU__CLAUSE_COLLATE,
    NU__CLAUSE_DEFAULT,
    NU__CLAUSE_GENERATED,
    NU__CLAUSE_NULL, /* NULL, NOT NULL */
    NU__CLAUSE_KEY,  /* PRIMARY KEY, with AUTOINCREMENT */
    NU__CLAUSE_UNIQUE,
    NU__CLAUSE_CHECK,
    NU__CLAUSE_REFERENCES, /* FOREIGN KEY too */
    NU__CLAUSE_KINDS,
} nu__clause_kind;

/* "CONSTRAINT c CHECK (a > 1) ON CONFLICT FAIL" */
typedef struct nu__clause {
    struct nu__clause *next;
    nu__clause_kind kind;
    nu_str name;     /* behind CONSTRAINT; null: it has none */
    nu_str text;     /* as it stands, its name with it */
    nu_str body;     /* between its first parentheses; a column's name where UNIQUE stands alone */
    nu_str normal;   /* the text without its name, to be compared */
    nu_str means;    /* `body`, to be compared */
    nu_str conflict; /* "ON CONFLICT FAIL"; empty: none */
} nu__clause;

typedef struct nu__column_text {
    struct nu__column_text *next;
    nu_str name; /* without quotes */
    nu_str text; /* all that stands behind the name */
    nu__clause *clauses;
} nu__column_text;

typedef struct nu__table_text {
    nu__column_text *columns;
    nu__clause *constraints; /* of the table */
    nu_str options;          /* " WITHOUT ROWID, STRICT"; empty: none */
    bool is_virtual, without_rowid, strict;
} nu__table_text;

/* Without columns where the text is none of a table. */
nu__table_text *nu__table_text_of(nu_str sql);
/* A column's definition alone: "integer NOT NULL". */
nu__column_text *nu__column_text_of(nu_str name, nu_str definition);
/* NULL: there is no such column, in any case. */
nu__column_text *nu__column_text_find(const nu__table_text *table, nu_str name);
/* The texts of a column's clauses of a kind, to be compared with another column's. */
nu_str nu__clauses_normal(const nu__column_text *column, nu__clause_kind kind);
bool nu__clause_is_among(const nu__clause *clause, const nu__clause *list);
/* Of the same kind, and of the same name or saying the same. */
bool nu__clauses_match(const nu__clause *a, const nu__clause *b);

/* In lower case, without quotes of names, one blank between the words; a text keeps its quotes. */
nu_str nu__sql_normalized(nu_str sql);
/* Is the column among the words of an SQL text? */
bool nu__sql_names(nu_str sql, nu_str column);
/* Is it the only one between the parentheses? */
bool nu__clause_is_over(const nu__clause *clause, nu_str column);
