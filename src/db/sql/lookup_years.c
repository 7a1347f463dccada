/* SQL of years: a range of the column itself, so that its index serves. */
#include "db/sql/lookup_sql.h"

#include "core/time.h"

/* The Monday of a year's first week by ISO 8601: that of the fourth of January. */
static nu_date iso_year_start(int year)
{
    nu_date fourth = nu_date_of(year, 1, 4);

    return (nu_date){ fourth.ordinal - (fourth.ordinal + 6) % 7 };
}

static nu_date first_day(int64_t year, bool iso)
{
    if (year < 1 || year > 9999)
        nu_raise(NU_VALUE_ERROR, "year {} is out of range", year);
    return iso ? iso_year_start((int)year) : nu_date_of((int)year, 1, 1);
}

static nu_date last_day(int64_t year, bool iso)
{
    if (iso)
        return nu_date_add(first_day(year + 1, true), -1);
    return nu_date_of((int)year, 12, 31);
}

static nu_value year_end(const nu__field *type, int64_t year, bool iso, bool last)
{
    nu_date first = first_day(year, iso), day = last ? last_day(year, iso) : first;
    nu_time time = last ? nu_time_of(23, 59, 59, 999999) : nu_time_of(0, 0, 0, 0);

    if (type->target->type->type != NU_DATETIME_FIELD)
        return nu_v_date(day);
    return nu_v_datetime(nu_make_aware(day, time, nu_timezone_current()));
}

nu__sql_result nu__year_sql(const nu_expr *lookup, nu__compiler *out)
{
    const nu_expr *column = lookup->args[0]->args[0];
    const nu__field *type = nu__expr_type(column);
    const char *name = lookup->lookup->name;
    bool iso = nu_eq(lookup->args[0]->name, "iso_year");
    nu__fragment ends[2];
    nu__sql_result result;

    if (lookup->n_args > 1)
        return nu__compare_sql(lookup, out);
    if (lookup->value.kind != NU_KIND_INT)
        nu_raise(NU_VALUE_ERROR, "a year must be a number, not {!r}", lookup->value);
    for (int last = 0; last < 2; last++)
        ends[last] = nu__param_piece(nu__field_db_value(
            type, year_end(type, lookup->value.i, iso, last), out->backend->dialect));
    result = nu__compile(column, out);
    if (result != NU__SQL_OK)
        return result;
    nu__sql_text(out, S(" "));
    if (!strcmp(name, "exact"))
        nu__sql_template(out, "BETWEEN %s AND %s", ends, 2);
    else
        nu__sql_template(out, nu__operator_of(out, name)->sql,
                         !strcmp(name, "gt") || !strcmp(name, "lte") ? &ends[1] : &ends[0], 1);
    return NU__SQL_OK;
}
