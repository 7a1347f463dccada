/**
 * @file
 * From query trees to SQL. Django: sql.compiler
 *
 * Text is written with a mark for each parameter; the last step puts the backend's placeholders,
 * numbered, in their place, so that parts may be written in any order.
 */
#pragma once
#include "db/sql/decode.h"
#include "db/sql/query.h"

typedef struct nu__sql {
    nu__buf text;
    nu_value *params; /* what the database is given: null, int, float, text, bytes */
    uint32_t n_params, cap_params;
    bool shared; /* an expression with parameters stands in it twice, and must be the same */
} nu__sql;

/* A finished piece. */
typedef struct nu__fragment {
    nu_str text;
    nu_values params;
} nu__fragment;

struct nu__compiler {
    nu__tree *query; /* the compiler's own: it adds joins */
    const nu__backend *backend;
    const nu__compiler *outer; /* of the query around this subquery */
    nu__sql *sql;
    const nu__query_key *key; /* its holes stay open: their lookups stand for their values */
};

/* A column of the result, and what its cells become. */
typedef struct nu__out_column {
    nu__decoder decoder;
    nu_str name; /* of values() and annotations; null: a model's own column */
} nu__out_column;

/* Where the cells of a model's own column go. */
typedef struct nu__target {
    nu__decoder decoder;
    uint32_t offset, index; /* of the member, and of the field */
    bool unused;            /* raw SQL: no field has the column's name */
} nu__target;

/* Which columns make which object. */
typedef struct nu__class_info {
    nu__model_info *model;
    const nu__field **fields; /* one a column, from `first` on */
    nu__target *targets;      /* beside them */
    uint32_t n_fields, first;
    uint32_t key;                 /* the column of the primary key */
    nu__field_bits deferred;      /* those that no column is of */
    int join;                     /* its table */
    const nu__relation *relation; /* how its parent refers to it; NULL: the base model */
    bool reverse;                 /* the parent is what the relation refers to */
    nu_str attribute; /* a FilteredRelation's alias, which the parent has it as; null: none */
    bool near;        /* of it: one step away */
    struct nu__class_info *children, *next;
} nu__class_info;

typedef struct nu__compiled {
    nu_str sql;
    nu_values params;
    nu__sql_result result; /* EMPTY: there is nothing to run */
    bool open;             /* holes of its key stand in `params` as their lookups */
    bool plain; /* the rows come as they are found: not sorted, grouped, limited or combined */
    uint32_t columns_end; /* of the SQL, for nu__db_query_listed(); 0: it is none of that kind */
    nu__out_column *columns;
    uint32_t n_columns;
    nu__class_info *base; /* NULL: rows of values, not objects */
} nu__compiled;

/* Work out where the columns go, of this object and those below. */
void nu__class_targets(nu__class_info *info, const nu__backend *backend);
nu__target nu__target_of(const nu__field *field, const nu__backend *backend);

/* SELECT. The tree is not changed. */
nu__compiled nu__compile_select(const nu__tree *tree, const nu__backend *backend);
/* The same where even an empty result must be asked for (aggregates). */
nu__compiled nu__compile_select_always(const nu__tree *tree, const nu__backend *backend);
/* With the holes of a key open: their lookups stand for the values. Where that can't be, `open` is
   false. */
nu__compiled nu__compile_open(const nu__tree *tree, const nu__backend *backend,
                              const nu__query_key *key);
/* DELETE FROM … WHERE, by subquery where other tables are joined. */
nu__compiled nu__compile_delete(const nu__tree *tree, const nu__backend *backend);

typedef struct nu__assignment {
    const nu__field *field;
    const nu_expr *expr; /* NULL: the value */
    nu_value value;
} nu__assignment;
/* FieldError for an aggregate or a window function, which no row can be set to. */
void nu__check_assigned(const nu__field *field, const nu_expr *expr);
nu__compiled nu__compile_update(const nu__tree *tree, const nu__backend *backend,
                                const nu__assignment *assignments, size_t n);

/* A value as a field's own kind, ready to be bound. ValueError or ValidationError in Django's
   words. */
nu_value nu__prepare(const nu__field *type, nu_value value);

/* ---- for expressions ---------------------------------------------------------------------- */

nu__sql_result nu__compile(const nu_expr *expr, nu__compiler *out);
/* A nested SELECT without its parentheses. */
nu__sql_result nu__compile_subquery(nu__tree *query, nu__compiler *out);

void nu__sql_text(nu__compiler *out, nu_str text);
void nu__sql_name(nu__compiler *out, nu_str name); /* quoted */
void nu__sql_param(nu__compiler *out, nu_value value);
/* Text in which %s stands for a parameter or a piece. */
void nu__sql_piece(nu__compiler *out, nu__fragment piece);
void nu__sql_template(nu__compiler *out, const char *text, const nu__fragment *pieces, size_t n);

typedef struct nu__sql_mark {
    size_t text;
    uint32_t params;
} nu__sql_mark;
nu__sql_mark nu__sql_mark_take(const nu__compiler *out);
void nu__sql_mark_release(nu__compiler *out, nu__sql_mark mark);
/* Take out `n` bytes from the mark on. */
void nu__sql_cut(nu__compiler *out, nu__sql_mark mark, size_t n);
/* Put a text in at the mark. */
void nu__sql_insert(nu__compiler *out, nu__sql_mark mark, nu_str text);

/* What an expression compiles to, by itself. */
nu__sql_result nu__compile_apart(const nu_expr *expr, nu__compiler *out, nu__fragment *piece);
/* The whole, with the backend's placeholders. */
nu_str nu__sql_finish(nu__sql *sql, const nu__backend *backend);
/* The same with the parameters put in as Python's str() has them, as str(queryset.query) does: to
   read, not to run. */
nu_str nu__sql_shown(nu__sql *sql, const nu__backend *backend);
/* The whole as Django has it: "%s" for each parameter and "%%" for a percent sign. */
nu__fragment nu__sql_as_django(nu__sql *sql, const nu__backend *backend);
/* str(queryset.query), and query.sql_with_params(); EmptyResultSet is EMPTY. */
nu__sql_result nu__compile_shown(const nu__tree *tree, const nu__backend *backend, nu_str *out);
nu__sql_result nu__compile_as_django(const nu__tree *tree, const nu__backend *backend,
                                     nu__fragment *out);
/* A parameter as Django gives it to the driver: microseconds of a duration, a datetime in UTC
   without a zone as text, on SQLite a UUID's digits alone. */
nu_value nu__param_given(nu_value param, const nu__backend *backend);
/* The same with the parameters as literals, for DDL. */
nu_str nu__sql_literals(nu__sql *sql, const nu__backend *backend);
