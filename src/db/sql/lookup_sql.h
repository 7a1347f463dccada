/**
 * @file
 * SQL of the lookups that have no file of their own.
 */
#pragma once
#include "db/sql/lookups.h"

typedef nu__sql_result nu__lookup_sql(const nu_expr *lookup, nu__compiler *out);

nu__lookup_sql nu__compare_sql, nu__exact_sql, nu__in_sql, nu__range_sql, nu__isnull_sql,
    nu__pattern_sql, nu__year_sql;

/* The items of an IN to ask for: no null, which nothing equals, and none twice. */
nu_list *nu__distinct_items(nu_list *items);
