/**
 * @file
 * What the files of impacts share: how heavy a statement is, and the kinds of statements.
 */
#pragma once
#include "db/backends/tokens.h"
#include "db/migrations/impact.h"

/* PostgreSQL's modes, the weakest first. MariaDB takes some of them over for its own: SHARE keeps
   writers out for a moment, ACCESS EXCLUSIVE everybody. SQLite locks its file. */
typedef enum nu__lock {
    NU__NO_LOCK,
    NU__ROW_SHARE,
    NU__ROW_EXCLUSIVE,
    NU__SHARE_UPDATE_EXCLUSIVE,
    NU__SHARE,
    NU__SHARE_ROW_EXCLUSIVE,
    NU__ACCESS_EXCLUSIVE,
    NU__LOCK_COUNT,
} nu__lock;

/* How much of a table is gone through, the least first. MariaDB's algorithms in parentheses. */
typedef enum nu__work {
    NU__MOMENT,         /* the catalogue only (INSTANT) */
    NU__REFERRERS_READ, /* those rows of another table that refer to it */
    NU__ROWS_READ,      /* all: for an index, a constraint (NOCOPY) */
    NU__ROWS_WRITTEN,   /* in place */
    NU__MADE_BESIDE,    /* the table is made anew beside those who use it (INPLACE) */
    NU__MADE_ANEW,      /* and while they wait (COPY) */
    NU__WORK_COUNT,
} nu__work;

/* What a statement changes for those that follow: the names of tables and columns, a setting. */
typedef enum nu__naming {
    NU__NAMES_STAY,
    NU__TABLE_MADE,
    NU__TABLE_DROPPED,
    NU__TABLE_RENAMED,
    NU__TABLE_FILLED, /* with the rows of another, whose place it takes */
    NU__COLUMN_RENAMED,
    NU__KEYS_LEFT_UNCHECKED, /* or checked again, for the statements that follow */
} nu__naming;

/* Which other tables a statement locks beside those that it names. */
typedef enum nu__neighbours {
    NU__NO_NEIGHBOURS,
    NU__OF_CONSTRAINT, /* what the foreign key of that name refers to */
    NU__OF_COLUMN,     /* what the foreign key of that column refers to */
    NU__OF_TABLE,      /* what its foreign keys refer to */
    NU__ALL_AROUND,    /* the same, and the tables that refer to it */
} nu__neighbours;

/* A statement that was read; what a form names by a letter is null where the form has none. */
typedef struct nu__reading {
    const nu__token *tokens;
    size_t n;
    nu_str table, other, name, column;
    nu_str before;     /* what the table was called before the operation */
    nu_str column_was; /* the same of the column */
    nu_str today;      /* the table's name in the database; null: it is not there */
} nu__reading;

struct nu__impacts {
    nu__connection *connection;
    nu__dialect dialect;
    nu_dict *today;  /* tables that the plan has named: their names in the database, or null */
    nu_dict *counts; /* by today's names */
    bool unchecked;  /* MariaDB's foreign_key_checks = 0 */
};

/* The states between which an operation goes, in the direction in which it runs. */
typedef struct nu__impact_of {
    nu__impacts *all;
    nu__project_state *from, *to;
} nu__impact_of;

/* How much work a statement is whose words alone do not tell. Yields. */
typedef nu__work nu__judge(const nu__impact_of *at, const nu__reading *statement);
nu__judge nu__judge_pg_added, nu__judge_pg_type, nu__judge_pg_not_null, nu__judge_mysql_added,
    nu__judge_mysql_modified, nu__judge_mysql_dropped, nu__judge_mysql_key, nu__judge_sqlite_added;

/* A kind of statement. `words` are its beginning: T stands for the table, O for another one that it
   names, I for an index whose table is meant, N for any name, C for a column, * for whatever comes
   up to the next word. The first row that fits is taken. */
typedef struct nu__form {
    const char *words;
    nu__lock lock;
    nu__work work;
    nu__judge *judge; /* instead of `work`; NULL: there is nothing to find out */
    nu__lock other;   /* on O and on the neighbours */
    nu__neighbours around;
    nu__naming naming;
} nu__form;

/* The row of a statement, whose names are filled in; NULL: it locks no table that we know of. */
const nu__form *nu__form_of(nu__dialect dialect, nu__reading *statement);
/* "SHARE while all rows are read: writing waits" */
nu_str nu__impact_words(nu__dialect dialect, nu__lock lock, nu__work work);

/* The name of a table in the database as it is; null: the plan makes it, or there is none. Yields.
 */
nu_str nu__table_today(nu__impacts *impacts, nu_str table);
/* The other way: what the plan calls it meanwhile. */
nu_str nu__table_then(const nu__impacts *impacts, nu_str today);
void nu__note_naming(nu__impacts *impacts, nu__naming naming, const nu__reading *statement);
/* The tables around one, by the database's own word, as names of today; *n of them. Yields. */
nu_str *nu__tables_around(nu__impacts *impacts, nu__neighbours around, const nu__reading *statement,
                          size_t *n);
/* The table of an index, as named today; null: there is no such index yet. Yields. */
nu_str nu__table_of_index(nu__impacts *impacts, nu_str index);
