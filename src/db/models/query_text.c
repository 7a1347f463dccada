/* str(queryset.query): the SELECT with its parameters in their places, for people to read. */
#include "db/models/queryset.h"

static const nu__backend *backend_of(const nu_query *query)
{
    return nu__query_connection(query)->backend;
}

static NU_NORETURN void refuse_empty(void)
{
    nu_raise(NU_EMPTY_RESULT_SET, "the query matches nothing: there is no SQL");
}

nu_str nu__query_sql(const nu_query *query)
{
    nu_str sql;

    if (!query->tree)
        return query->raw_sql;
    if (nu__compile_shown(query->tree, backend_of(query), &sql) == NU__SQL_EMPTY)
        refuse_empty();
    return sql;
}

nu__fragment nu__query_sql_with_params(const nu_query *query)
{
    nu__fragment sql;

    if (!query->tree)
        return (nu__fragment){ query->raw_sql, query->raw_params };
    if (nu__compile_as_django(query->tree, backend_of(query), &sql) == NU__SQL_EMPTY)
        refuse_empty();
    return sql;
}
