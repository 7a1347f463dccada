/* dates() and datetimes(): which days, months, … the rows have. */
#include "db/models/queryset.h"

static bool is_kind(nu_str kind, const char *const *kinds, int n)
{
    for (int i = 0; i < n; i++)
        if (nu_eq(kind, kinds[i]))
            return true;
    return false;
}

static nu_query *listed(nu_query *query, const char *alias, const char *field, nu_expr *trunc,
                        const char *order)
{
    nu_str direction = nu_s(order ? order : "ASC");

    if (!nu_eq(direction, "ASC") && !nu_eq(direction, "DESC"))
        nu_raise(NU_VALUE_ERROR, "'order' must be either 'ASC' or 'DESC'.");
    query = nu_annotate(query, (alias, trunc), ("plain_field", F(field)));
    query = nu_distinct(nu_values_flat(query, alias));
    query = nu_filter(query, Q("plain_field__isnull", false));
    return nu_order_by(query, nu_fmt("{}{}", nu_eq(direction, "DESC") ? "-" : "", nu_s(alias)).ptr);
}

static const char *const kinds[] = { "year", "month", "week", "day", "hour", "minute", "second" };

nu_query *nu_dates_(nu_query *query, const char *field, const char *kind, const char *order)
{
    nu_temporal options = { .output_field = NU_OUTPUT(NU_DATE_FIELD) };

    if (!is_kind(nu_s(kind), kinds, 4))
        nu_raise(NU_VALUE_ERROR, "'kind' must be one of 'year', 'month', 'week', or 'day'.");
    return listed(query, "datefield", field, nu_trunc_(kind, nu_v_cstr(field), &options), order);
}

nu_query *nu_datetimes_(nu_query *query, const char *field, const char *kind, const char *order,
                        const nu_timezone *zone)
{
    nu_temporal options = { .output_field = NU_OUTPUT(NU_DATETIME_FIELD),
                            .tzinfo = zone ? zone : nu_timezone_current() };

    if (!is_kind(nu_s(kind), kinds, 7))
        nu_raise(NU_VALUE_ERROR, "'kind' must be one of 'year', 'month', 'week', 'day', 'hour', "
                                 "'minute', or 'second'.");
    return listed(query, "datetimefield", field, nu_trunc_(kind, nu_v_cstr(field), &options),
                  order);
}
