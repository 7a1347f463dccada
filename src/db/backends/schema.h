/**
 * @file
 * What schema.c and the backends' own schema.c share: tables as they are to be, statements that
 * wait, and the SQL of columns, indexes and constraints.
 *
 * Indexes and constraints wait until all tables stand, or until SQLite has remade a table. Until
 * then their table may be dropped or renamed, so what waits is kept in parts and worded last:
 * Django's names of indexes contain their table's.
 *
 * There are two ways of altering a column: SQLite's own, which makes the table anew, and that of
 * all others, in place (schema_in_place*.c), whose differences are templates and hooks.
 */
#pragma once
#include "db/backends/base.h"
#include "db/transaction.h"

/* What can wait: an index, or a constraint that is made by itself. */
typedef enum nu__deferred_kind {
    NU__INDEX,
    NU__UNIQUE_INDEX, /* a unique constraint that only an index can be */
    NU__UNIQUE,
    NU__FOREIGN_KEY,
} nu__deferred_kind;

/* Something that is still to be made. */
typedef struct nu__deferred {
    struct nu__deferred *next;
    nu__deferred_kind kind;
    nu_str table;
    nu_str name; /* null: made of table, columns and suffix */
    const char *suffix;
    nu_str *columns;
    const bool *descending; /* NULL: none is */
    size_t n_columns;
    const char *const *opclasses; /* one a column; NULL: none */
    const char *method;           /* "gin"; NULL: the database's own */
    nu_str with;                  /* " WITH (fillfactor = 70)"; empty: nothing */
    nu_str *include;
    size_t n_include;
    nu_str expressions; /* instead of columns; null: none */
    nu_str condition;   /* null: of all rows */
    nu_deferrable deferrable;
    nu_nulls_distinct nulls_distinct;
    nu_str to_table, to_column; /* of a foreign key */
    nu_str actions;             /* " ON DELETE CASCADE" that one before it had; null: none */
} nu__deferred;

typedef struct nu__editor {
    nu__schema_editor editor;
    nu__deferred *first, **end;
    nu_transaction transaction;
    bool atomic, ended;
    uint32_t n_operations; /* done so far */
    size_t slot;
} nu__editor;

/* What a table made anew has from the one before, in the words of CREATE TABLE. All may be null. */
typedef struct nu__table_parts {
    nu_str *definitions; /* one a field, in place of the model's */
    nu_str columns;      /* more of them, each behind ", " */
    nu_str meta[16];     /* Meta's constraints; null: the model's, empty: it is an index here */
    bool together[4];    /* unique_together's that are there already */
    nu_str constraints;  /* more of them, each behind ", " */
    nu_str options;      /* " STRICT" */
} nu__table_parts;

/* A table as it is to be made. */
typedef struct nu__table_def {
    const nu__model_info *model; /* whose indexes and constraints it has */
    nu_str table;
    const nu__field **fields;
    size_t n_fields;
    const nu__field *deleted;        /* that it has no more */
    const nu_constraint *removed;    /* the same */
    const nu__field *const *renamed; /* pairs of old and new; NULL at the end */
    const nu__table_parts *parts;    /* NULL: all is the model's */
} nu__table_def;

/* A change of a column's type: what ALTER TABLE is told, and what must run before and after it. */
typedef struct nu__type_change {
    nu_str fragment;
    nu_list *after;
} nu__type_change;

/* What a column has that restating it must repeat, each with a space before it; empty: nothing. */
typedef struct nu__kept_parts {
    nu_str type;      /* without the space, where Django makes none such and the model's stays */
    nu_str collation; /* " CHARACTER SET … COLLATE …", where it is not the table's */
    nu_str default_;  /* " DEFAULT 'b'" */
    nu_str rest; /* behind NULL or NOT NULL: " ON UPDATE … INVISIBLE COMMENT … CHECK (…)" */
} nu__kept_parts;

/* The differences between vendors. The statements are templates with Django's names of what is
   filled in: %(table)s, %(name)s, %(columns)s, … */
struct nu__schema_ops {
    /* of what stands in a table by itself */
    const char *create_index, *create_unique_index, *create_unique, *create_fk, *create_pk,
        *create_check;
    const char *delete_index, *delete_unique, *delete_fk, *delete_constraint;
    const char *rename_index; /* NULL: dropped, and made under the new name */
    const char *delete_table, *rename_table;
    /* What keeps a column's comment: a statement, or a part of its definition; both NULL: nothing.
     */
    const char *comment_column, *inline_comment;
    /* A foreign key in CREATE TABLE; NULL: a constraint that is made later. In ADD COLUMN. */
    const char *inline_fk, *column_fk;
    const char *deferrable; /* " DEFERRABLE INITIALLY DEFERRED" of foreign keys; "" */
    /* Of editors that alter columns in place; the others may leave them out. */
    const char *delete_column, *rename_column, *drop_not_null, *set_not_null, *set_default,
        *drop_default, *drop_default_null, *update_with_default;
    const char *delete_pk; /* NULL: as any constraint */
    bool combined_alters;  /* one ALTER TABLE takes several changes */
    bool apart_indexes;    /* a unique index alone is no constraint: only DROP INDEX finds it */
    bool bare_collations;  /* COLLATE nocase, without quotes */
    bool ignores_case;     /* of names of tables */

    /* These three may be NULL: before the transaction */
    void (*enter)(nu__editor *editor);
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
    /* A unique_together that is a part of CREATE TABLE, and no index: false where it is none, and
       nothing was done. NULL: ALTER TABLE drops it. */
    bool (*remade_without_unique)(nu__editor *editor, const nu__model_info *model,
                                  const char *const *fields, nu_str name);
    /* Of editing in place: change the type of a column. */
    nu__type_change (*change_type)(nu__editor *editor, nu_str table, const nu__field *old,
                                   const nu__field *field);
    /* Hooks of editing in place; NULL: there is nothing special.
       A further index that a column has beside its own: LIKE's on PostgreSQL. */
    bool (*extra_index)(const nu__editor *editor, nu_str table, const nu__field *field,
                        nu__deferred *out);
    /* Whether a column of this type may have a default in DDL (no longtext of MySQL). */
    bool (*takes_default)(const nu__field *field);
    /* Whether a foreign key's column needs an index of its own here (MySQL makes one itself). */
    bool (*field_indexed)(const nu__editor *editor, const nu__field *field);
    /* The type of a key's column, which Django would give `type`, where the column that it refers
       to is of a kind that Django never makes. Yields. */
    nu_str (*reference_type)(const nu__editor *editor, const nu__field *field, nu_str type);
    /* What a column has that restating it as `field` would lose: what no model says, and what the
       model goes on to say. Before or after it gets its new name. Yields. */
    nu__kept_parts (*kept_parts)(const nu__editor *editor, nu_str table, const nu__field *old,
                                 const nu__field *field);
    /* A column that stood in unique keys with others is about to go. NULL: they go with it. */
    void (*before_column_goes)(nu__editor *editor, nu_str table, nu_str column);
    /* An index over fields that begin with this one is about to go. */
    void (*before_index_goes)(nu__editor *editor, const nu__model_info *model, const char *field);
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

/* A statement's template with its parts in place of "%(name)s". */
typedef struct nu__ddl_part {
    const char *name;
    nu_str text;
} nu__ddl_part;
#define NU__DDL_PARTS(...) ((const nu__ddl_part[]){ __VA_ARGS__, { NULL, { NULL, 0 } } })
nu_str nu__ddl_fill(const char *template, const nu__ddl_part *parts);
#define nu__editor_ddl(e, template, ...)                                                           \
    nu__editor_run((e), nu__ddl_fill((template), NU__DDL_PARTS(__VA_ARGS__)))

/* The column's type; that of a foreign key follows what it refers to. Null: it has no column. May
   yield. */
nu_str nu__editor_type(const nu__editor *editor, const nu__field *field);
/* "varchar(20) NOT NULL UNIQUE"; null when the field has no column. `def` NULL: the field's model.
 */
nu_str nu__editor_column(const nu__editor *editor, const nu__table_def *def,
                         const nu__field *field);
/* The same with the default that rows that are there get, for ADD COLUMN. */
nu_str nu__editor_added_column(const nu__editor *editor, const nu__field *field);
/* The collation of a key is that of what it refers to. NULL: the database's own. */
const char *nu__field_collation(const nu__field *field);
/* "COLLATE nocase"; "" when the field has no collation of its own. */
nu_str nu__editor_collation(const nu__editor *editor, const nu__field *field);
/* nu__editor_default() as SQL. */
nu_str nu__editor_default_sql(const nu__editor *editor, const nu__field *field);
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
nu__deferred nu__meta_index(const nu__editor *editor, const nu__table_def *def,
                            const nu_index *index);
nu__deferred nu__unique_together(const nu__table_def *def, const char *const *names);
/* A column's own index, unique constraint, foreign key. */
nu__deferred nu__field_index(nu_str table, const nu__field *field);
nu__deferred nu__field_unique(nu_str table, const nu__field *field);
nu__deferred nu__field_reference(nu_str table, const nu__field *field, const char *suffix);
/* " DEFERRABLE INITIALLY DEFERRED"; "" */
nu_str nu__deferrable_sql(nu_deferrable deferrable);
nu_str nu__deferred_name(const nu__editor *editor, const nu__deferred *deferred);
nu_str nu__deferred_sql(const nu__editor *editor, const nu__deferred *deferred);
void nu__editor_defer(nu__editor *editor, nu__deferred deferred);
/* Make it now. */
void nu__editor_make(nu__editor *editor, const nu__deferred *deferred);
/* Put off the indexes that a field has by itself. */
void nu__editor_defer_field_index(nu__editor *editor, nu_str table, const nu__field *field);
void nu__editor_flush(nu__editor *editor);
/* Forget what waits for a table, or for one of its columns where that is not null. */
void nu__editor_forget(nu__editor *editor, nu_str table, nu_str column);
/* Forget an index that waits, by its name. */
void nu__editor_forget_named(nu__editor *editor, nu_str name);
void nu__editor_rename_waiting(nu__editor *editor, nu_str table, nu_str old, nu_str column);
/* CREATE TABLE, and its indexes put off. */
void nu__editor_create_table(nu__editor *editor, const nu__table_def *def);
/* DROP TABLE, and forget what waits for it. */
void nu__editor_drop_table(nu__editor *editor, nu_str table);
void nu__editor_rename_table(nu__editor *editor, nu_str old, nu_str table);
/* A unique constraint that only an index can be. */
bool nu__constraint_is_index(const nu_constraint *constraint);
/* Whether the database has what the constraint asks for; one that it lacks is left out, as Django
   does. */
bool nu__constraint_is_supported(const nu__backend *backend, const nu_constraint *constraint);
/* A constraint's part of CREATE TABLE; null for one that is an index, which is put off. */
nu_str nu__constraint_sql(nu__editor *editor, const nu__table_def *def,
                          const nu_constraint *constraint);
nu__deferred nu__unique_constraint(const nu__editor *editor, const nu__table_def *def,
                                   const nu_constraint *constraint);
/* "COMMENT ON COLUMN …"; of all that have a comment, where comments are statements. */
nu_str nu__editor_column_comment(const nu__editor *editor, nu_str table, const nu__field *field);
/* " COMMENT 'x'" in the column's definition; "" where there is none, or comments are statements. */
nu_str nu__editor_inline_comment(const nu__editor *editor, const nu__field *field);
/* Whether the columns are the same for the database; whether their comments are. */
bool nu__same_but_for_comment(const nu__field *a, const nu__field *b);
bool nu__same_comment(const nu__schema_ops *schema, const nu__field *a, const nu__field *b);
void nu__editor_comment_columns(nu__editor *editor, nu_str table, const nu__field *const *fields,
                                size_t n);
void nu__editor_drop_index(nu__editor *editor, nu_str table, nu_str name);
bool nu__field_is_indexed(const nu__editor *editor, const nu__field *field);
/* An index over the database's own means: one of expressions is left out where it has none such, as
   in Django. */
bool nu__index_is_supported(const nu__backend *backend, const nu_index *index);
/* Tell the vendor's hook that an index over these fields goes. */
void nu__editor_before_index_goes(nu__editor *editor, const nu__model_info *model,
                                  const char *const *fields);

/* What an editor that alters in place does for the members of nu__schema_ops. */
void nu__in_place_add_field(nu__editor *editor, const nu__model_info *model,
                            const nu__field *field);
void nu__in_place_remove_field(nu__editor *editor, const nu__model_info *model,
                               const nu__field *field);
void nu__in_place_alter_field(nu__editor *editor, const nu__model_info *model, const nu__field *old,
                              const nu__field *field);
void nu__in_place_alter_many(nu__editor *editor, const nu__field *old, const nu__field *field);
void nu__in_place_add_constraint(nu__editor *editor, const nu__model_info *model,
                                 const nu_constraint *constraint);
void nu__in_place_remove_constraint(nu__editor *editor, const nu__model_info *model,
                                    const nu_constraint *constraint);
/* What a constraint must be to be meant. */
typedef enum nu__wanted {
    NU__ANY_UNIQUE,  /* unique, no primary key */
    NU__ANY_PRIMARY, /* a primary key */
    NU__ANY_FOREIGN,
    NU__ANY_CHECK,
    NU__ANY_INDEX, /* a plain one */
} nu__wanted;
/* The names of a table's constraints over exactly these columns (n 0: over any), without those that
   the model (NULL: none) has in its Meta. Yields. */
nu_str *nu__constraint_names(nu__editor *editor, nu_str table, const nu_str *columns, size_t n,
                             nu__wanted wanted, const nu_model *exclude, size_t *n_names);

/* The statement that drops what keeps columns unique, by its name: a constraint, or an index alone.
   Yields. */
const char *nu__delete_unique(nu__editor *editor, nu_str table, nu_str name);
/* What the foreign keys of a column do on their own, which no model says: " ON DELETE CASCADE"; ""
   is nothing. Yields. */
nu_str nu__reference_actions(nu__editor *editor, nu_str table, nu_str column);

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
