/**
 * @file
 * SQL of the lookups that have no file of their own.
 */
#pragma once
#include "db/sql/lookups.h"

typedef nu__sql_result nu__lookup_sql(const nu_expr *lookup, nu__compiler *out);

nu__lookup_sql nu__compare_sql, nu__exact_sql, nu__in_sql, nu__range_sql, nu__isnull_sql,
    nu__pattern_sql, nu__year_sql;

/* The same of JSON's keys where the database has operators for them. */
nu__lookup_sql nu__json_operator_key, nu__json_operator_text, nu__json_operator_compare,
    nu__json_operator_in, nu__json_operator_null, nu__json_operator_has;

nu__lookup_sql nu__search_sql; /* function_search.c */

/* postgres_lookups.c: of arrays; of ranges and hstore; of one value and a range. */
nu__lookup_sql nu__array_sql, nu__postgres_sql, nu__range_contains_sql, nu__within_range_sql,
    nu__hstore_keys_sql;

/* The items of an IN to ask for: no null, which nothing equals, and none twice. */
nu_list *nu__distinct_items(nu_list *items);
/* "lhs IN (a, b)" of the lookup's list, item by item: an expression, or else a value. EMPTY where
   it has none. */
typedef nu__sql_result nu__in_item(const nu_expr *key, const nu_expr *expr, nu_value item,
                                   nu__compiler *out);
nu__sql_result nu__in_items_sql(const nu_expr *lookup, nu__in_item *put, nu__compiler *out);
/* Each parameter of the piece as a JSON document, as MySQL takes it: JSON_EXTRACT(?, '$'). */
void nu__json_document(nu__fragment *piece);
/* Are both sides folded, as MySQL would compare them with regard to case? */
bool nu__json_folds_case(const nu_expr *lookup, const nu__compiler *out);
