/* str(queryset.query): the SELECT with its parameters in their places, for people to read. */
#include "db/models/queryset.h"

nu_str nu__query_sql(const nu_query *query)
{
    nu_str sql;

    if (!query->tree)
        return query->raw_sql;
    if (nu__compile_shown(query->tree, nu__query_connection(query)->backend, &sql) == NU__SQL_EMPTY)
        nu_raise(NU_EMPTY_RESULT_SET, "the query matches nothing: there is no SQL");
    return sql;
}
