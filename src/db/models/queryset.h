/**
 * @file
 * Query sets: a query tree, the shape of its rows, what to prefetch, and the rows once they were
 * read. Django: QuerySet
 */
#pragma once
#include "core/json.h"
#include "db/models/router.h"
#include "db/sql/compiler.h"

typedef enum nu__shape {
    NU__SHAPE_OBJECTS,
    NU__SHAPE_DICTS, /* values() */
    NU__SHAPE_LISTS, /* values_list() */
    NU__SHAPE_FLAT,
    NU__SHAPE_NAMED, /* values_list(named=True): rows whose values have names */
} nu__shape;

typedef struct nu__prefetch {
    nu__names path;
    nu_query *queryset; /* of the last name; NULL: all */
    nu_str to_attr;     /* null: kept under the relation's own name */
    struct nu__prefetch *next;
} nu__prefetch;

/* What a related manager's rows are known to refer to. */
typedef struct nu__known {
    const nu__field *field; /* a foreign key of the query's model */
    nu_object *object;
} nu__known;

extern const nu_class nu__query_class; /* the type of every query as an object */

struct nu_query {
    nu_object object; /* for templates; see query_object.c */
    nu__tree *tree;   /* NULL: raw SQL */
    const char *using;
    nu__shape shape;
    nu__prefetch *prefetches;
    nu__known known;
    nu_list *results; /* of the last evaluation; shared by no other query */
    uint32_t scratches;
    bool for_update;
    int fetch_mode;               /* nu_fetch */
    uint32_t chunk;               /* nu_iterator(): rows in memory at a time; 0: all */
    bool prefetched;              /* a related set that was prefetched: `results` stands for it */
    const nu__field *through_key; /* of a many-to-many set: counting needs no other table */
    nu_value through_pk;
    nu_str raw_sql;
    nu_values raw_params;
    const nu_dict *raw_names; /* of columns: the fields that they are */
    nu__model_info *raw_model;
};

nu_query *nu__query_new(nu__model_info *info);
nu_query *nu__query_clone(const nu_query *query); /* without its results */
nu__tree *nu__query_tree(const nu_query *query);  /* TypeError for raw SQL */
nu__model_info *nu__query_model(const nu_query *query);
/* NotSupportedError after union() and its kin, naming the method. */
void nu__query_not_combined(const nu_query *query, const char *method);
/* Names up to a NULL, counted and kept with the fiber. */
nu_str *nu__copied_names(const char *const *names, size_t *n);
/* A clone to change. TypeError for raw SQL. */
nu_query *nu__query_changed(const nu_query *query);
/* filter() with what was made of conditions already. */
nu_query *nu__query_filter(const nu_query *query, const nu_cond *conditions, bool sticky);
/* One condition, `lookup` and value. */
/* Managers and methods by name, of the model or its bases; NULL when there is none. */
const nu_manager *nu__manager_named(const nu_model *model, const char *name);
nu_str nu__manager_suggestion(const nu_model *model, const char *name);
const nu_query_method *nu__query_method_named(const nu_model *model, const char *name);
/* Where related objects, forms and validation look for rows; where a foreign key does. Django:
   _default_manager, _base_manager */
nu_query *nu__default_manager(nu__model_info *info);
nu_query *nu__base_manager(nu__model_info *info);
/* Meta.get_latest_by, or a base's; ends with NULL. */
const char *const *nu__latest_by(const nu_model *model);

/* One condition, made as an expression. */
nu_query *nu__query_meeting(const nu_query *query, const nu_expr *condition);
nu_query *nu__query_where(const nu_query *query, nu_str lookup, nu_value value);

/* The alias that nu_using() named, else the routers'. */
const char *nu__db_for_read(const nu_query *query);
const char *nu__db_for_write(const nu_query *query);
nu__connection *nu__query_connection(const nu_query *query);

/* The SELECT of the query; not of raw SQL. */
nu__compiled nu__query_compiled(const nu_query *query, const nu__backend *backend);
/* The rows of values() and its kin straight into JSON; false: by way of values. Yields. */
bool nu__query_write_json(const nu_object *query, nu__buf *out, const nu__json_style *style);

/* The rows as a list, read once and kept. Yields. */
nu_list *nu__query_results(const nu_query *query);
/* Load the prefetches of `prefetch` into instances of one model. Yields. */
void nu__prefetch_related(nu_object **objects, size_t n, const nu__prefetch *prefetch);

/* SQL as it is: columns by name, conditions, each with the parameters for its "%s", and tables that
   stand in FROM beside the query's own; NULL: none. */
typedef struct nu__extra {
    const nu_dict *select;
    const nu_list *select_params, *where, *params, *order_by, *tables;
} nu__extra;
/* ProgrammingError for too few parameters. Django: QuerySet.extra() */
nu_query *nu__query_extra(nu_query *query, const nu__extra *extra);

/* ---- reading ------------------------------------------------------------------------------ */

/* A query being read. */
typedef struct nu__cursor nu__cursor;
nu__cursor *nu__cursor_open(const nu_query *query);
/* What get() reads of it: nu__query_to_get(), or without it what was compiled for the same before.
 */
nu__cursor *nu__cursor_open_get(nu_query *query, const nu_cond *conditions);
nu_object *nu__cursor_next(nu__cursor *cursor); /* NULL at the end */
bool nu__cursor_next_value(nu__cursor *cursor, nu_value *out);
void nu__cursor_close(nu__cursor *cursor);
/* The next row's cells, NULL at the end; the number of a column by name, -1 when there is none. */
const nu__cell *nu__cursor_row(nu__cursor *cursor);
int nu__cursor_column(const nu__cursor *cursor, nu_str name);
/* How the column's cells are read; NULL: not known. */
const struct nu__decoder *nu__cursor_decoder(const nu__cursor *cursor, int column);
nu_str nu__cursor_names(const nu__cursor *cursor); /* "a, b, c" */
bool nu__cursor_is_open(const nu__cursor *cursor); /* false too where no SQL was needed */
/* What get() reads: the query narrowed, without order, and no more rows than it takes to tell that
   they are too many. */
#define NU__MAX_GET_RESULTS 21
nu_query *nu__query_to_get(nu_query *query, const nu_cond *conditions);
/* The SELECT with its parameters in it, unquoted: never to be run. EmptyResultSet where there is
   none. Django: str(queryset.query) */
nu_str nu__query_sql(const nu_query *query);
/* The same with "%s" for its parameters, which stand beside it. Django: sql_with_params() */
nu__fragment nu__query_sql_with_params(const nu_query *query);
/* A date or date-time that is never null: rows have a next and a previous one by it. NULL: false.
 */
bool nu__has_neighbours(const nu__field *field);
bool nu__query_ordered(const nu_query *query); /* does it promise an order? */
/* What earliest() and latest() read. */
nu_query *nu__query_latest(nu_query *query, const char *const *names, bool latest);
/* The first row of the query; of it turned round, the last. */
nu_query *nu__query_end(const nu_query *query, bool last);

/* The only row's values of a SELECT that gives one; false: it matches nothing and was not run. */
bool nu__select_one(nu__connection *connection, const nu__compiled *compiled, nu_value *out);

/* ---- relations ---------------------------------------------------------------------------- */

/* The rows of a reverse foreign key or a many-to-many of one instance. */
nu_query *nu__related_set(const nu_object *object, const nu__relation *relation, bool reverse);
/* The one row of a reverse one-to-one; NULL when there is none. Yields. */
nu_object *nu__related_one(const nu_object *object, const nu__relation *relation);
/* The object of a foreign key, loaded once. NULL when the key is null. Yields. */
nu_object *nu__follow(const nu_object *object, const nu__field *field);

/* A many-to-many can be used: ValueError for an instance without a key. */
void nu__many_check(const nu_object *object);
/* A callable's value, any other as it is. */
nu_value nu__value_called(nu_value value);

/* DELETE of these rows and what hangs on them. Yields. */
struct nu_deleted nu__delete_query(const nu_query *query);

/* One aggregate over the query. Yields. */
nu_value nu__aggregate_one(const nu_query *query, const nu_expr *expr);
/* Several, each under its name; their values in that order. Yields. */
nu_value *nu__aggregate_all(const nu_query *query, const nu_var *items, size_t n);
