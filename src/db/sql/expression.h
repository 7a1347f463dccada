/**
 * @file
 * Expressions: what F(), Count(), Case(), a lookup and a WHERE clause are made of.
 *
 * A node has a class (what it does), arguments, and a few members that its class gives a meaning.
 * Nodes are never changed once made; work on a tree makes new nodes where something differs.
 *
 *   made by the user        resolved against a query            SQL
 *   F("a__b")           ->  COL join 2, column b            ->  "t2"."b"
 *   Count("x", filter)  ->  AGGREGATE (COL, WHERE)          ->  COUNT("t"."x") FILTER (WHERE …)
 *   Q("a__gt", 1)       ->  WHERE [LOOKUP gt (COL, 1)]      ->  "t"."a" > ?
 *
 * Compiling gives one of three results, as Django's EmptyResultSet and FullResultSet do: SQL, or
 * the finding that the condition matches nothing, or everything.
 */
#pragma once
#include "core/buf.h"
#include "db/backends/base.h"
#include <nuages/queries.h>

typedef struct nu__tree nu__tree;
typedef struct nu__compiler nu__compiler;
typedef struct nu__expr_class nu__expr_class;
typedef struct nu__lookup nu__lookup;
typedef struct nu__function nu__function;
typedef struct nu__query_key nu__query_key;

/* Joins of one query, one bit each. SQLite and MariaDB take some sixty: past that the error is the
   database's own, up to a limit that keeps the sets small. */
typedef unsigned __int128 nu__joins;
#define NU__MAX_JOINS 128

static inline nu__joins nu__join_bit(int join)
{
    return (nu__joins)1 << join;
}

/* The lowest of a set that is not empty. */
static inline int nu__first_join(nu__joins joins)
{
    uint64_t low = (uint64_t)joins;

    return low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(joins >> 64));
}

typedef enum nu__connector { NU__AND = 1, NU__OR, NU__XOR } nu__connector;

/* nu_cond.op: a lookup, conditions joined by a connector, or */
#define NU__COND_LOOKUP 0
#define NU__COND_NOT    4 /* args[0], negated */
#define NU__COND_EXPR   5 /* an expression that is true or false */

typedef enum nu__expr_flag {
    NU__NEGATED = 1 << 0,    /* Q, WHERE */
    NU__DISTINCT = 1 << 1,   /* AGGREGATE */
    NU__DESCENDING = 1 << 2, /* ORDER_BY */
    NU__NULLS_FIRST = 1 << 3,
    NU__NULLS_LAST = 1 << 4,
    NU__SUMMARY = 1 << 5,            /* resolved for aggregate() */
    NU__HAS_FILTER = 1 << 6,         /* AGGREGATE: an argument is the filter */
    NU__RESOLVED = 1 << 7,           /* WHERE made of an expression: always in parentheses */
    NU__MANY_VALUED = 1 << 8,        /* COL of an outer query reached over a relation */
    NU__CONTAINS_AGGREGATE = 1 << 9, /* worked out when the node is made */
    NU__CONTAINS_OVER = 1 << 10,
    NU__CONTAINS_SUBQUERY = 1 << 11,
    NU__HAS_ORDER = 1 << 12, /* AGGREGATE: an argument is what it is ordered by */
    NU__HAS_DEFAULT = 1 << 13,
} nu__expr_flag;

struct nu_expr {
    const nu__expr_class *klass;
    const nu__field *output; /* the type; NULL: see nu__expr_output() */
    nu_expr **args;
    uint32_t n_args, flags;
    uint16_t depth; /* of the nodes below it */
    nu_str name;    /* F, OUTER_REF, REF; the lookup's text of a condition */
    /* LITERAL; the right side of a condition or LOOKUP that is no expression; FUNCTION: its options
       as a dict; RAW_SQL: the parameters as a list */
    nu_value value;
    union {
        struct { /* COL */
            const nu__field *field;
            int16_t join;
            uint16_t level; /* 0: the query it stands in; 1: the one around it; … */
        };
        const nu__lookup *lookup;     /* LOOKUP */
        const nu__function *function; /* FUNCTION, AGGREGATE */
        nu__tree *query;              /* SUBQUERY, EXISTS, QUERY */
        const nu_timezone *zone;      /* EXTRACT, TRUNC; NULL: the current one */
        int op;                       /* COMBINED: '+', …; POSITION: the column's number */
        nu__connector connector;      /* Q, WHERE */
        struct {                      /* WINDOW */
            const nu_frame *frame;
            uint16_t n_partition, n_order;
        };
    };
};

/* A growing list of nodes in the arena. */
typedef struct nu__exprs {
    nu_expr **items;
    uint32_t n, cap;
} nu__exprs;
void nu__exprs_add(nu__exprs *list, const nu_expr *expr);

/* ---- classes ------------------------------------------------------------------------------ */

typedef enum nu__sql_result {
    NU__SQL_OK,
    NU__SQL_EMPTY, /* matches nothing */
    NU__SQL_FULL,  /* matches everything */
} nu__sql_result;

/* Against what names are resolved. */
typedef struct nu__resolver {
    nu__tree *query;
    nu__joins *reuse; /* joins over many-valued relations that may be used again; NULL: all */
    bool allow_joins, summarize, for_save;
    bool again;     /* what is resolved already: the query around is this one. An UPDATE's values */
    uint16_t depth; /* of subqueries between the node and `query` */
} nu__resolver;

struct nu__expr_class {
    const char *name; /* as errors have it: "F", "Value" */
    /* NULL: the arguments are resolved, and the node copied when one changed. */
    const nu_expr *(*resolve)(const nu_expr *expr, const nu__resolver *with);
    nu__sql_result (*sql)(const nu_expr *expr, nu__compiler *out);
    /* NULL: the arguments' common type. */
    const nu__field *(*output)(const nu_expr *expr);
    /* What it adds to GROUP BY; NULL: itself, or its arguments' when it has an aggregate. */
    void (*group_by)(const nu_expr *expr, nu__exprs *out);
    /* Puts what its SQL depends on beside flags, type, name, value and arguments into a key; NULL:
       queries that have the node are compiled each time. */
    void (*key)(const nu_expr *expr, nu__query_key *key);
    bool conditional; /* may stand alone in WHERE */
    bool unfilterable;
};

extern const nu__expr_class nu__f, nu__outer_ref, nu__resolved_outer_ref, nu__literal, nu__col,
    nu__ref, nu__position, nu__combined, nu__func, nu__aggregate, nu__case, nu__when, nu__subquery,
    nu__array_subquery, nu__exists, nu__query_expr, nu__window, nu__order_by, nu__op_class,
    nu__lookup_expr, nu__where, nu__q, nu__condition_expr, nu__star, nu__nothing, nu__negated,
    nu__json_key, nu__list_expr, nu__raw_sql, nu__wrapper, nu__extract, nu__trunc,
    nu__filtered_relation;

/* OpClass(…, name): an index's operator class behind what it indexes. */
nu_expr *nu__op_class_of(nu_value indexed, nu_str name);

/* Keys of nodes that have at most a number or something of the process's own in the union; that are
   columns; that have a query. */
void nu__key_plain(const nu_expr *expr, nu__query_key *key);
void nu__key_col(const nu_expr *col, nu__query_key *key);
void nu__key_query(const nu_expr *expr, nu__query_key *key);

/* Nodes inside of nodes: deeper than SQLite's parser goes, whose error it is then, and at most half
   of a fiber's stack. */
#define NU__MAX_DEPTH 160
NU_NORETURN void nu__expr_too_deep(void);

/* ---- nodes -------------------------------------------------------------------------------- */

/* A node of a class with room for so many arguments, which are to be set before anyone sees it. */
nu_expr *nu__expr_new(const nu__expr_class *klass, size_t n_args);
nu_expr *nu__expr_copy(const nu_expr *expr); /* with its own argument array */
/* Work out what the node contains, from its class and arguments; returns it. */
nu_expr *nu__expr_done(nu_expr *expr);

const nu_expr *nu__literal_of(nu_value value, const nu__field *output);
const nu_expr *nu__col_of(int join, const nu__field *field, const nu__field *output);
const nu_expr *nu__ref_to(nu_str name, const nu_expr *source);
const nu_expr *nu__order_of(const nu_expr *expr, bool descending);
const nu_expr *nu__query_of(nu__tree *query);
/* What is to be ordered by, as one node: names ("-name"), expressions. */
nu_expr *nu__order_list(nu_values items);
/* An argument as the user gave it: text names a field, other values are literals. */
const nu_expr *nu__argument(nu_value value, bool text_is_field);
/* Conditions that end with an empty one, as a Q node. Everything is copied. */
/* Of an aggregate: how many of its arguments are values, and its filter=; NULL: none. */
uint32_t nu__aggregate_values(const nu_expr *expr);
const nu_expr *nu__aggregate_filter(const nu_expr *expr);
nu_expr *nu__q_of(const nu_cond *conditions, nu__connector connector, bool negated);
/* One condition as an expression: a Q, or the expression that it is. */
nu_expr *nu__q_single(nu_cond condition);

const nu_expr *nu__expr_resolve(const nu_expr *expr, const nu__resolver *with);
/* The value of a column as it is written: for_save is set. */
const nu_expr *nu__resolve_assigned(const nu_expr *expr, const nu__resolver *with);
/* The type of the node's value; NULL when it can't be told. */
const nu__field *nu__expr_output(const nu_expr *expr);
/* The same; NULL too where the arguments' types do not go together. */
const nu__field *nu__expr_output_or_null(const nu_expr *expr);
/* The first argument's type; FieldError unless the others' are the same or its ancestors. */
const nu__field *nu__common_type(nu_expr *const *args, uint32_t n);
/* Whether Django's class of a field is another's subclass, or it itself. */
bool nu__field_is_a(nu_field_type type, nu_field_type ancestor);
/* The same; FieldError when it can't be told. */
const nu__field *nu__expr_type(const nu_expr *expr);
/* The time zone that the times which an expression gives are in: Trunc()'s. NULL: none of its own.
 */
const nu_timezone *nu__expr_zone(const nu_expr *expr);
void nu__expr_group_by(const nu_expr *expr, nu__exprs *out);
/* Where the class has no way of its own. */
void nu__group_by_default(const nu_expr *expr, nu__exprs *out);
bool nu__expr_equal(const nu_expr *a, const nu_expr *b);
/* As Python's == has them: 1, 1.0 and True are one, a type given and one left out are two. */
bool nu__expr_same(const nu_expr *a, const nu_expr *b);
/* A copy in which every node equal to `from` is `to`. */
const nu_expr *nu__expr_replace(const nu_expr *expr, const nu_expr *from, const nu_expr *to);
/* For messages, of nodes as the user made them: Python's class, the `name` of an F or aggregate,
   and repr(). */
const char *nu__expr_class_name(const nu_expr *expr);
nu_str nu__expr_name(const nu_expr *expr);
nu_str nu__expr_repr(const nu_expr *expr);
nu_str nu__expr_str(const nu_expr *expr); /* str() */
/* Call `visit` for every node, outermost first; not inside a node for which it gives false. */
void nu__expr_walk(const nu_expr *expr, bool (*visit)(const nu_expr *expr, void *arg), void *arg);

static inline bool nu__has_aggregate(const nu_expr *expr)
{
    return expr->flags & NU__CONTAINS_AGGREGATE;
}

/* A field that belongs to no model, for the type of a computed value. */
const nu__field *nu__type_of(nu_field_type type);
/* The same of an array of such items. */
const nu__field *nu__array_of(const nu__field *items);
