/**
 * @file
 * What schema.c and the backends' own schema.c share: tables as they are to be, statements that
 * wait, and the SQL of columns, indexes and constraints.
 *
 * Indexes wait until all tables stand, or until SQLite has remade a table. Until then their table
 * may be dropped or renamed, so what waits is kept in parts and worded last: Django's names of
 * indexes contain their table's.
 */
#pragma once
#include "db/backends/base.h"
#include "db/transaction.h"

/* An index that is still to be made. */
typedef struct nu__deferred_index {
    struct nu__deferred_index *next;
    bool unique;
    nu_str table;
    nu_str name; /* null: made of table, columns and suffix */
    const char *suffix;
    const nu_str *columns;
    const bool *descending; /* NULL: none is */
    size_t n_columns;
    nu_str expressions; /* instead of columns; null: none */
    nu_str condition;   /* null: of all rows */
} nu__deferred_index;

typedef struct nu__editor {
    nu__schema_editor editor;
    nu__deferred_index *first, **end;
    nu_transaction transaction;
    bool atomic, ended;
    uint32_t n_operations; /* done so far */
    size_t slot;
} nu__editor;

/* A table as it is to be made. */
typedef struct nu__table_def {
    const nu__model_info *model; /* whose indexes and constraints it has */
    nu_str table;
    const nu__field **fields;
    size_t n_fields;
    const nu__field *deleted;        /* that it has no more */
    const nu_constraint *removed;    /* the same */
    const nu__field *const *renamed; /* pairs of old and new; NULL at the end */
} nu__table_def;

/* The differences between vendors. */
struct nu__schema_ops {
    const char *inline_fk;             /* %s table, %s column */
    void (*enter)(nu__editor *editor); /* before the transaction */
    void (*leave)(nu__editor *editor); /* after it, however it ended */
    void (*check)(nu__editor *editor); /* before the commit */
    void (*add_field)(nu__editor *editor, const nu__model_info *model, const nu__field *field);
    void (*remove_field)(nu__editor *editor, const nu__model_info *model, const nu__field *field);
    void (*alter_field)(nu__editor *editor, const nu__model_info *model, const nu__field *old,
                        const nu__field *field);
    void (*alter_many)(nu__editor *editor, const nu__field *old, const nu__field *field);
    void (*add_constraint)(nu__editor *editor, const nu__model_info *model,
                           const nu_constraint *constraint);
    void (*remove_constraint)(nu__editor *editor, const nu__model_info *model,
                              const nu_constraint *constraint);
};

static inline nu__editor *nu__editor_of(nu__schema_editor *editor)
{
    return (nu__editor *)editor;
}

/* Run, or collect. The text has no parameters. */
void nu__editor_run(nu__editor *editor, nu_str sql);
#define nu__editor_fmt(e, f, ...) nu__editor_run((e), nu_fmt(f, __VA_ARGS__))
nu_str nu__editor_quote(const nu__editor *editor, nu_str name);
nu_str nu__editor_literal(const nu__editor *editor, nu_value value);

/* "varchar(20) NOT NULL UNIQUE"; null when the field has no column. `def` NULL: the field's model.
 */
nu_str nu__editor_column(const nu__editor *editor, const nu__table_def *def,
                         const nu__field *field);
/* "DEFAULT 1", "DEFAULT (CURRENT_TIMESTAMP)" without its first word. */
nu_str nu__editor_db_default(const nu__editor *editor, const nu__table_def *def,
                             const nu__field *field);
/* A column with check, counting and reference, as in CREATE TABLE. `def` may be NULL. */
nu_str nu__editor_definition(const nu__editor *editor, const nu__table_def *def,
                             const nu__field *field);
/* What rows that are there get in a new column: a value for the database, or null. */
nu_value nu__editor_default(const nu__editor *editor, const nu__field *field);

/* Count one more operation. */
nu__editor *nu__editor_next(nu__schema_editor *editor);

/* A foreign key that the database checks. */
bool nu__has_db_constraint(const nu__field *field);
/* A many-to-many whose table Nuages makes. */
bool nu__has_automatic_through(const nu__field *field);
/* Of an array of at most 8, NULL after the last. */
size_t nu__count_names(const char *const *names);

/* The fields of its own table: not those of parents. */
nu__table_def nu__table_def_of(const nu__model_info *model);
/* A field of the table by its name before or after renaming; raises FieldDoesNotExist. */
const nu__field *nu__table_def_field(const nu__table_def *def, nu_str name);
/* The columns of fields; a name may begin with "-". */
nu_str *nu__table_def_columns(const nu__table_def *def, const char *const *names, size_t n);
/* "\"a\", \"b\" DESC"; descending NULL: none is. */
nu_str nu__editor_list(const nu__editor *editor, const nu_str *columns, const bool *descending,
                       size_t n);
nu__deferred_index nu__meta_index(const nu__editor *editor, const nu__table_def *def,
                                  const nu_index *index);
nu__deferred_index nu__unique_together_index(const nu__table_def *def, const char *const *names);
nu_str nu__editor_index_sql(const nu__editor *editor, const nu__deferred_index *index);
/* CREATE TABLE, and its indexes put off. */
void nu__editor_create_table(nu__editor *editor, const nu__table_def *def);
/* DROP TABLE, and forget what waits for it. */
void nu__editor_drop_table(nu__editor *editor, nu_str table);
void nu__editor_forget_column(nu__editor *editor, nu_str table, nu_str column);
void nu__editor_rename_table(nu__editor *editor, nu_str old, nu_str table);
void nu__editor_flush(nu__editor *editor);
/* Put off the index that a field has by itself. */
void nu__editor_defer_field_index(nu__editor *editor, nu_str table, const nu__field *field);
/* A unique constraint that only an index can be. */
bool nu__constraint_is_index(const nu_constraint *constraint);
/* Whether the database has what the constraint asks for; one that it lacks is left out, as Django
   does. */
bool nu__constraint_is_supported(const nu__backend *backend, const nu_constraint *constraint);
void nu__editor_create_unique_index(nu__editor *editor, const nu__model_info *model,
                                    const nu_constraint *constraint);
void nu__editor_drop_index(nu__editor *editor, nu_str name);

/* A constraint's check or condition as SQL with literals; an expression; one among an index's
   columns. */
nu_str nu__condition_sql(const nu__backend *backend, const nu__table_def *def,
                         const char *condition);
nu_str nu__expression_sql(const nu__backend *backend, const nu__table_def *def, const char *text);
/* A value of a field as SQL: 'x', on SQLite (CAST('1' AS NUMERIC)) of a decimal. */
nu_str nu__literal_sql(const nu__backend *backend, const nu__table_def *def, const nu__field *field,
                       nu_value value);
nu_str nu__index_expression_sql(const nu__backend *backend, const nu__table_def *def,
                                const char *text);
