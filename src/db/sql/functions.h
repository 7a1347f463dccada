/**
 * @file
 * What is known of a function or aggregate of the database: a row of a table. Adding one is adding
 * its row, and perhaps a check of its arguments.
 *
 *   nu_function_("LPad", …)    functions.c       finds the row, sorts keywords, checks the number
 *     row.prepare              function_table.c  checks values, adds defaults
 *   compile                    function_sql.c    row.sql of the dialect, or the template
 */
#pragma once
#include "db/sql/compiler.h"

typedef enum nu__function_trait {
    NU__IS_WINDOW = 1 << 0,  /* may stand before OVER */
    NU__NUMERIC = 1 << 1,    /* decimal of decimals, float of integers */
    NU__FIRST_TYPE = 1 << 2, /* the first argument's type */
    NU__NO_CAST = 1 << 3,    /* SQLite: a decimal needs no CAST around */
    NU__TAKES_DISTINCT = 1 << 4,
    NU__TAKES_ORDER = 1 << 5,
    NU__ZERO_OF_NOTHING = 1 << 6, /* an aggregate that is 0 of no rows, not null */
    NU__GROUPS_NOTHING = 1 << 7,
    NU__TAKES_DELIMITER = 1 << 8, /* an aggregate's second value */
    NU__BILATERAL = 1 << 9,       /* as a transform it stands on both sides of the lookup */
    NU__OF_PAIRS = 1 << 11,       /* an aggregate of two values, y and x */
    NU__ARRAY_OF = 1 << 10,       /* what comes out is an array of the argument's type */
} nu__function_trait;

#define NU__NO_ARITY 255

struct nu__function {
    const char *django;                   /* Django's class */
    const char *name;                     /* in SQL */
    const char *names[NU__DIALECT_COUNT]; /* where it differs */
    uint8_t arity;                        /* exactly so many arguments; else NU__NO_ARITY */
    uint8_t required;                     /* of `params` */
    const char *params[4]; /* Django's names of the arguments; none: any number of expressions */
    nu_field_type output;  /* 0: inferred */
    uint32_t traits;
    /* Checks the arguments, may change them. `given`: as the caller gave them. */
    void (*prepare)(nu_expr *expr, nu_values given);
    /* Where it is no call of a function. */
    nu__sql_result (*sql[NU__DIALECT_COUNT])(const nu_expr *expr, nu__compiler *out);
};

extern const nu__function nu__plain_function; /* Func() */
const nu__function *nu__function_find(nu_str django);
/* Their names, appended to `out`. */
void nu__function_names(nu_list *out);
void nu__aggregate_names(nu_list *out);
/* " Did you mean 'Lower'?", or the empty text. */
nu_str nu__function_suggestion(nu_str name);
const nu__function *nu__aggregate_find(nu_str django, bool sample);

/* A node of a row with so many arguments, which are to be set. */
nu_expr *nu__function_new(const nu__function *function, size_t n);
static inline bool nu__function_is(const nu_expr *expr, nu__function_trait trait)
{
    return expr->function && expr->function->traits & trait;
}

/* What an expression is where no row is looked at (Django's empty_result_set_value); false: that
   can't be told. */
bool nu__value_of_nothing(const nu_expr *expr, nu_value *out);
/* What an aggregate is of no rows at all. */
nu_value nu__aggregate_of_nothing(const nu_expr *expr);
/* An argument of a function, or a column: one that matches nothing or everything by itself becomes
   its value. EMPTY when it has none. */
nu__sql_result nu__compile_value(const nu_expr *expr, nu__compiler *out);
/* Arguments with a text between. */
nu__sql_result nu__compile_list(nu_expr *const *args, uint32_t n, nu_str between,
                                nu__compiler *out);
nu__sql_result nu__compile_list_apart(nu_expr *const *args, uint32_t n, nu_str between,
                                      nu__compiler *out, nu__fragment *piece);
/* FUNCTION(arguments) by the node's template. */
nu__sql_result nu__function_template(const nu_expr *expr, nu_str name, nu__compiler *out);
/* (CAST(… AS NUMERIC)) around what was written since the mark, on SQLite, when the type is decimal:
   it compares the result of a computation as text unless told otherwise. */
void nu__cast_decimal(const nu__field *type, nu__sql_mark start, nu__compiler *out);
const nu__field *nu__function_type(const nu_expr *expr);
/* Cast(source, type). */
nu_expr *nu__cast_to(const nu_expr *source, const nu__field *type);
bool nu__is_cast(const nu_expr *expr);

/* Full text search and trigrams. */
void nu__first_is_text(nu_expr *expr, nu_values given);
void nu__search_vector_check(nu_expr *expr, nu_values given);
void nu__search_query_check(nu_expr *expr, nu_values given);
void nu__search_headline_check(nu_expr *expr, nu_values given);
void nu__second_is_text(nu_expr *expr, nu_values given);
nu__sql_result nu__search_vector_sql(const nu_expr *expr, nu__compiler *out),
    nu__search_query_sql(const nu_expr *expr, nu__compiler *out),
    nu__search_rank_sql(const nu_expr *expr, nu__compiler *out),
    nu__search_headline_sql(const nu_expr *expr, nu__compiler *out),
    nu__trigram_distance_sql(const nu_expr *expr, nu__compiler *out),
    nu__transaction_now_sql(const nu_expr *expr, nu__compiler *out);

bool nu__is_search_query(const nu_expr *expr);
/* The query that matches what this one does not. */
nu_expr *nu__search_inverted(const nu_expr *query);

/* PostgreSQL's own ways. */
typedef nu__sql_result nu__function_sql(const nu_expr *expr, nu__compiler *out);
/* function_mysql.c */
nu__function_sql nu__mysql_chr_sql, nu__mysql_pair_sql, nu__mysql_digest_sql, nu__mysql_now_sql;
nu__function_sql nu__pg_pair_sql, nu__pg_digest_sql, nu__pg_decimals_sql, nu__pg_json_object_sql,
    nu__pg_json_array_sql, nu__pg_now_sql;
