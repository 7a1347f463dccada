/**
 * @file
 * What a database backend is: one table of functions and facts for each vendor.
 *
 * Whoever writes SQL (db/sql/, the schema editor, introspection) asks the table of its connection;
 * nothing outside backends/ names a vendor. The same file set makes each backend:
 *
 *     base.c           handles: open, run, close; errors as Django's classes
 *     features.c       facts
 *     operations.c     dialect: quoting, placeholders, operators, date parts, parameters
 *     functions.c      SQL functions that the database lacks
 *     schema.c         DDL
 *     introspection.c  what tables there are
 */
#pragma once
#include "db/driver.h"
#include "db/models/options.h"

typedef struct nu__schema_editor nu__schema_editor;
typedef struct nu__schema_ops nu__schema_ops;
typedef struct nu__introspection nu__introspection;

/* Facts about what the database can do. Django: DatabaseFeatures */
typedef struct nu__features {
    uint32_t max_query_params;   /* of one statement; 0: as many as wanted */
    uint32_t max_name_length;    /* of tables, indexes, constraints; 0: no limit */
    bool can_return_from_insert; /* INSERT … RETURNING */
    bool can_rollback_ddl;
    bool has_select_for_update, has_select_for_update_nowait, has_select_for_update_skip_locked,
        has_select_for_update_of, has_select_for_no_key_update;
    bool has_distinct_on;
    bool order_by_nulls_first;
    bool supports_ignore_conflicts;
    bool supports_update_conflicts_with_target;
    bool supports_parentheses_in_compound;
    bool supports_order_in_compound; /* parts of a union may be ordered and sliced */
    bool has_string_agg;             /* STRING_AGG */
    bool has_aggregate_order_by;     /* STRING_AGG(x, ',' ORDER BY y) */
    bool has_distinct_of_many;       /* STRING_AGG(DISTINCT x, ',') */
    bool has_frame_exclusion;
    bool only_unbounded_ranges; /* RANGE n PRECEDING is not for Django on this database */
    bool has_except_all;        /* EXCEPT ALL, INTERSECT ALL */
    bool supports_deferrable_unique_constraints;
    bool supports_covering_indexes;
    bool supports_nulls_distinct;
    bool supports_exclusion_constraints;
    bool supports_opclasses; /* of the columns of indexes */
    bool lacks_partial_indexes, lacks_expression_indexes;
    bool supports_timezones; /* false: times are stored as UTC text */
    bool has_native_durations, has_native_uuids;
    bool has_json_operators;    /* ->, @>, ?; false: functions and paths */
    bool groups_by_key;         /* the key of a table stands for all its columns in GROUP BY */
    bool sorts_groups;          /* GROUP BY without ORDER BY sorts: told not to, as by Django */
    bool compares_by_first_use; /* equal parameters must be one where an expression is repeated */
    bool casts_case_in_updates; /* CASE is given the type of the column that it is assigned to */
    bool has_decimals_as_text;  /* computed ones must be cast, or they are compared as texts */
    bool has_dates_as_text;
    bool keeps_any_integer;      /* a column holds 64 bits, whatever its type */
    bool lacks_aggregate_filter; /* FILTER (WHERE …): CASE inside of the aggregate instead */
    bool lacks_nulls_ordering;   /* NULLS FIRST and LAST: a further expression instead */
    bool has_xor;
    bool unquotes_json;         /* a JSON text is compared without its quotes */
    bool compares_booleans;     /* "= true" is written, or no index serves */
    bool has_on_duplicate_key;  /* ON DUPLICATE KEY UPDATE, of whatever key */
    bool counts_on_zero;        /* 0 asks a counting column for its next value: it can be no key */
    bool needs_char_lengths;    /* a varchar that tells no length holds nothing, or none is made */
    bool has_backslash_escapes; /* in texts, and comments after "#" */
} nu__features;

/* How long the name of a table may be on "default": whatever database a model is on, Django cuts
   the names that it makes up to that. 0: there is no limit, or no database yet. */
size_t nu__default_name_length(void);

/* One operator of a lookup: "icontains", "LIKE %s ESCAPE '\'" and, for a right side that is an
   expression, "LIKE '%' || UPPER(%s) || '%' ESCAPE '\'". %s stands for the right side; no other
   per cent sign is an escape. */
typedef struct nu__operator {
    const char *lookup, *sql, *pattern_sql;
    const char *lhs, *ip_lhs; /* the left side; that of an address. NULL: as it is */
} nu__operator;

/* What is done with a date, time or datetime column. */
typedef enum nu__date_op {
    NU__DATE_EXTRACT, /* part: "year", "month", "day", "week", "week_day", "quarter", … */
    NU__DATE_TRUNC,   /* part: "year", "quarter", "month", "week", "day" */
    NU__TIME_EXTRACT,
    NU__TIME_TRUNC, /* part: "hour", "minute", "second" */
    NU__DATETIME_EXTRACT,
    NU__DATETIME_TRUNC,
    NU__DATETIME_CAST_DATE,
    NU__DATETIME_CAST_TIME,
} nu__date_op;

/* %c stands for the column, %s for the next parameter. */
#define NU__DATE_PARAMS 8
typedef struct nu__date_sql {
    const char *template;
    nu_value params[NU__DATE_PARAMS];
    uint32_t n_params;
} nu__date_sql;

/* The dialect. All write into `out`; none yields. Django: DatabaseOperations */
typedef struct nu__operations {
    void (*quote_name)(nu__buf *out, nu_str name);
    void (*placeholder)(nu__buf *out, uint32_t number); /* numbers count from 1 */
    /* A user's SQL with %s and %% as one with the backend's placeholders. */
    nu_str (*convert_query)(nu_str sql);
    const nu__operator *operators;           /* ends with a NULL lookup */
    const nu__operator *container_operators; /* of arrays, ranges, hstore; NULL: has none */
    /* `zone` (null: none) is the zone to convert to before. */
    void (*date_sql)(nu__date_sql *out, nu__date_op op, nu_str part, nu_str zone);
    /* a + b, a ^ b, …: Django's connectors */
    void (*combine)(nu__buf *out, nu_str connector, nu_str left, nu_str right);
    void (*combine_durations)(nu__buf *out, nu_str connector, nu_str left, nu_str right);
    /* The time between two dates, datetimes, or times. */
    void (*subtract_temporals)(nu__buf *out, nu_field_type type, nu_str left, nu_str right);
    /* How many rows one INSERT of so many columns may have. */
    size_t (*bulk_batch_size)(size_t n_columns, size_t n_rows);
    /* A value as a literal in DDL and in the log: 'text', 1, X'00', NULL. */
    void (*quote_value)(nu__buf *out, nu_value value);
    /* "CAST(", " AS ", ")", and the type to cast to: that of columns is not always allowed. */
    const char *cast[3];
    nu_str (*cast_type)(const nu__field *type);
    /* Types that CAST does not know: what stands before and after the expression instead. Null: it
       knows all; false: it knows this one. */
    bool (*cast_otherwise)(const nu__field *type, const char **before, const char **after);
    /* The type that CASE must be given, as its branches alone do not tell it; null: none. */
    nu_str (*unified_type)(const nu__field *type);
    const char *json_cast;   /* what makes JSON of a text literal: "::jsonb"; "" */
    const char *default_key; /* stands for a key that the database is to count: "NULL" */
    const char *no_limit;    /* " LIMIT -1" before an OFFSET without one; "" */
    const char *insert_or_ignore, *ignore_conflicts; /* before and behind the rows */
    const char *explain;                             /* "EXPLAIN QUERY PLAN " */
    /* What lets rows refer to those that come later, and ends it; NULL: constraints wait anyway. */
    const char *disable_constraints, *enable_constraints;
    /* What EXPLAIN takes: formats and options, in Django's order; NULL: none. */
    const char *const *explain_formats, *const *explain_options;
    /* What begins the statement, `format` in capitals or NULL; NULL: `explain`, and the options in
       parentheses. */
    nu_str (*explain_prefix)(const char *format, bool analyze);
    bool explains_in_json; /* a plan in JSON is a value, not its text */
    const char *interval;  /* a duration beside a date: "INTERVAL %s MICROSECOND"; NULL: as it is */
} nu__operations;
/* The placeholder and convert_query of databases whose parameters are question marks. */
void nu__question_mark(nu__buf *out, uint32_t number);
nu_str nu__question_marks(nu_str sql);

struct nu__backend {
    const char *vendor;       /* "sqlite" */
    const char *display_name; /* "SQLite" */
    nu__dialect dialect;
    const nu__driver *driver;
    const nu__features *features;
    const nu__operations *operations;
    const nu__schema_ops *schema;
    const nu__introspection *introspection;
};

extern const nu__backend nu__sqlite_backend;
extern const nu__backend nu__mysql_backend;      /* where it is built in */
extern const nu__backend nu__postgresql_backend; /* where libpq was found */

/* ---- schema ------------------------------------------------------------------------------- */

/* Runs DDL, or collects it as text (sqlmigrate). Models are those of a migration's states: `model`
   is the one before for what is altered or removed and for fields that are added; the one after for
   new models, indexes and constraints. */
struct nu__schema_editor {
    nu__connection *connection;
    const nu__backend *backend;
    bool collect;       /* statements go to `collected` and are not run */
    bool to_run;        /* what is collected is to be run, and not only printed */
    nu_list *collected; /* of texts, each with ";" */
};

/**
 * Start editing: in a transaction (unless collecting, or `atomic` is false), with SQLite's foreign
 * keys unchecked until the end. nu_defer(nu__schema_abort, editor) must follow.
 *
 * @return  in the fiber's arena
 * @raises  NotSupportedError inside an atomic block, as Django does on SQLite
 * Yields.   Django: connection.schema_editor().__enter__()
 */
nu__schema_editor *nu__schema_begin(nu__connection *connection, bool collect, bool atomic);
/* Check foreign keys, run what was deferred (indexes, constraints), commit. Raises IntegrityError
   when a row refers to nothing. */
void nu__schema_end(nu__schema_editor *editor);
/* Roll back. Does nothing after nu__schema_end(). */
void nu__schema_abort(void *editor);

/* SQL of a migration's own; %s in it stand for parameters where there are any. */
void nu__schema_execute(nu__schema_editor *editor, nu_str sql, nu_values params);
/* With its automatic many-to-many tables. */
void nu__schema_create_model(nu__schema_editor *editor, const nu__model_info *model);
void nu__schema_delete_model(nu__schema_editor *editor, const nu__model_info *model);
/* `model` is the one of the state before, `field` of the state after. */
void nu__schema_add_field(nu__schema_editor *editor, const nu__model_info *model,
                          const nu__field *field);
void nu__schema_remove_field(nu__schema_editor *editor, const nu__model_info *model,
                             const nu__field *field);
/* Does nothing when only what the database does not know was changed: labels, choices, … Raises
   ValueError between a column and a many-to-many. */
void nu__schema_alter_field(nu__schema_editor *editor, const nu__model_info *model,
                            const nu__field *old, const nu__field *field);
/* Only the table; its automatic many-to-many tables are the caller's, as in Django. */
void nu__schema_alter_db_table(nu__schema_editor *editor, const nu__model_info *model,
                               nu_str old_table, nu_str new_table);

/* Names of fields, up to 8, as in nu_model. */
typedef const char *const nu__field_names[8];
/* Each array has 4 tuples, empty ones at its end. */
void nu__schema_alter_unique_together(nu__schema_editor *editor, const nu__model_info *model,
                                      const nu__field_names *before, const nu__field_names *after);
void nu__schema_add_index(nu__schema_editor *editor, const nu__model_info *model,
                          const nu_index *index);
void nu__schema_remove_index(nu__schema_editor *editor, const nu__model_info *model,
                             const nu_index *index);
void nu__schema_rename_index(nu__schema_editor *editor, const nu__model_info *model,
                             const nu_index *old, const nu_index *index);
void nu__schema_add_constraint(nu__schema_editor *editor, const nu__model_info *model,
                               const nu_constraint *constraint);
void nu__schema_remove_constraint(nu__schema_editor *editor, const nu__model_info *model,
                                  const nu_constraint *constraint);

/* Make an index now that was put off until the end, so that it can be renamed or removed. */
void nu__schema_settle_index(nu__schema_editor *editor, const nu__model_info *model,
                             const nu_index *index);
/* Without a lock on the rows, where the database can (PostgreSQL); as ever elsewhere. Raises
   NotSupportedError inside a transaction there. */
void nu__schema_add_index_concurrently(nu__schema_editor *editor, const nu__model_info *model,
                                       const nu_index *index);
void nu__schema_remove_index_concurrently(nu__schema_editor *editor, const nu__model_info *model,
                                          const nu_index *index);
/* A check that the rows which are there need not meet, where the database can (PostgreSQL); as ever
   elsewhere. */
void nu__schema_add_constraint_not_valid(nu__schema_editor *editor, const nu__model_info *model,
                                         const nu_constraint *constraint);
/* A unique constraint whose index is built without a lock on the rows, where the database can
   (PostgreSQL); as ever elsewhere. Raises NotSupportedError inside a transaction there. */
void nu__schema_add_constraint_concurrently(nu__schema_editor *editor, const nu__model_info *model,
                                            const nu_constraint *constraint);
/* What is written beside the table, where the database keeps such a text; NULL: none. */
void nu__schema_alter_db_table_comment(nu__schema_editor *editor, const nu__model_info *model,
                                       const char *old_comment, const char *comment);

/* The index's own name, or the one that Django makes: "registry_st_departm_1a2b3c_idx". */
nu_str nu__schema_index_name(const nu__model_info *model, const nu_index *index);
/* Of PostgreSQL's "gin" NU_GIN, in *type; false: of another kind than those. */
bool nu__index_type_of(nu_str method, nu_index_type *type);

/* ---- parameters --------------------------------------------------------------------------- */

/* For the drivers of databases that have no arrays: raises ProgrammingError for what no parameter
   can be. A list or a dict is one only where its field's type has made a text of it. `number`:
   which, from 1; 0: not known. */
NU_NORETURN void nu__raise_unbindable(nu_value value, size_t number);

/* ---- introspection ------------------------------------------------------------------------ */

/* An array of the arena with room for one more than its `n` items: it doubles where n is a power of
   two. `items` is moved, or stays. */
void *nu__room_for_one(void *items, size_t n, size_t size);

typedef struct nu__table {
    nu_str name;
    char kind;      /* 't' table, 'v' view, 'p' partition of another table */
    nu_str comment; /* null: none */
} nu__table;

typedef struct nu__table_column {
    nu_str name, type, default_; /* as declared; default_ null when there is none */
    bool null, primary_key;
    bool counted;              /* a whole number that the database counts up where none is given */
    bool always_counted;       /* GENERATED ALWAYS AS IDENTITY: no other can be given */
    bool computed;             /* GENERATED ALWAYS AS: nothing can be written into it */
    bool json;                 /* has a JSON_VALID check */
    nu_str collation, comment; /* null: the default one, none */
} nu__table_column;

typedef struct nu__table_constraint {
    nu_str name;
    nu_str columns[16];
    uint8_t n_columns;
    bool descending[16];
    bool primary_key, unique, check, index;
    bool in_part; /* of an index: it leaves rows out, or has expressions or the beginnings of
                     values beside whole columns */
    nu_str to_table, to_column; /* of a foreign key; else null */
    nu_str actions;             /* what it does: " ON DELETE CASCADE"; empty or null: nothing */
    nu_str included[4];         /* of an index: what it holds beside its columns */
    uint8_t n_included;
    nu_str type;         /* of an index: "gin"; null: the database's own kind */
    nu_str opclasses[4]; /* of an index, one a column; null: the usual ones */
    nu_str own; /* what of an index no model says: "FULLTEXT", "a(10)", "a COLLATE nocase" */
} nu__table_constraint;

/* Arrays in the fiber's arena. Yields. Django: DatabaseIntrospection */
struct nu__introspection {
    nu__table *(*tables)(nu__connection *connection, size_t *n); /* by name */
    nu__table_column *(*columns)(nu__connection *connection, nu_str table, size_t *n);
    nu__table_constraint *(*constraints)(nu__connection *connection, nu_str table, size_t *n);
    /* What names a column and is not the table's own constraint or index: "view shown, column gen
       of table maker"; empty or null: nothing. `column` null: what names the table from outside. */
    nu_str (*dependents)(nu__connection *connection, nu_str table, nu_str column);
    /* Foreign keys of other tables that refer to the column: "foreign key k of table t, …". */
    nu_str (*referring)(nu__connection *connection, nu_str table, nu_str column);
};
