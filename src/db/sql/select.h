/**
 * @file
 * The steps of compiling a SELECT, in their order: what is selected, ordered and grouped may each
 * add joins, so FROM comes last.
 */
#pragma once
#include "db/sql/compiler.h"

typedef struct nu__item { /* of SELECT */
    const nu_expr *expr;
    nu__fragment sql;
    nu_str alias;  /* null: none */
    nu_str label;  /* the alias, or "col1" */
    bool labelled; /* it has the label in SQL */
} nu__item;

typedef struct nu__items {
    nu__item *items;
    uint32_t n, cap;
} nu__items;

typedef struct nu__ordering { /* of ORDER BY */
    const nu_expr *expr;      /* an ORDER_BY node */
    nu__fragment sql, source; /* with and without the direction */
    bool selected;            /* it refers to a column of SELECT */
    const nu__order *given;   /* NULL: by the model's default */
} nu__ordering;

typedef struct nu__select {
    nu__compiler *out;
    nu__items items;
    uint32_t n_own; /* of items; the rest was added for ORDER BY */
    nu__class_info *base;
    nu__ordering *order;
    uint32_t n_order;
    bool meta_ordering; /* the model's default, which grouping drops */
    const nu_expr *where, *having, *qualify;
    nu__fragment *distinct; /* of DISTINCT ON */
    nu__fragment *group;
    uint32_t n_group;
    bool always;        /* run it even when it can't match */
    bool name_columns;  /* each column gets an alias */
    size_t columns_end; /* of the text, without parameters so far; 0: it has some */
} nu__select;

void nu__items_add(nu__items *items, const nu_expr *expr, nu_str alias);

/* select_related: the columns of related models, and which object each makes. */
void nu__select_related(nu__select *select);
/* The columns of one model at a join, without those that defer() and only() leave out. */
typedef struct nu__mask nu__mask;
const nu__mask *nu__mask_of(const nu__tree *tree); /* NULL: everything is loaded */
void nu__select_model(nu__select *select, nu__class_info *info, int join, const nu__mask *mask);
const nu__mask *nu__mask_below(const nu__mask *mask, const nu__field *field);
bool nu__mask_loads(const nu__mask *mask, const nu__field *field);

/* " FROM …". */
void nu__from_sql(nu__compiler *out);
nu__sql_result nu__select_order(nu__select *select);
void nu__select_group(nu__select *select);
/* The columns of DISTINCT ON; may add joins. */
void nu__select_distinct(nu__select *select);
/* " FOR UPDATE …", where the database has it. */
void nu__lock_sql(nu__select *select);
/* WHERE in parts; NULL: there is nothing to ask. */
typedef struct nu__where_parts {
    const nu_expr *where, *having, *qualify;
} nu__where_parts;
nu__where_parts nu__split_where(const nu_expr *where, bool negated, bool grouped);
/* SELECT with a condition on windows. */
nu__sql_result nu__qualify_sql(nu__select *select);
/* A SELECT all of whose columns have names. */
nu__sql_result nu__select_inner(nu__compiler *inner, bool always);
/* The parts of a union and the like; the query's own columns and conditions do not count. */
nu__sql_result nu__compound_sql(nu__select *select);
/* The whole statement, of which `select` keeps what was selected. `name_columns`: each has a name.
 */
nu__sql_result nu__select_into(nu__compiler *out, bool always, bool name_columns,
                               nu__select *select);
