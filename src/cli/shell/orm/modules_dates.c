/* django.utils.dateparse: dates, times and durations from text. */
#include "cli/shell/orm/query_methods.h"
#include "utils/dateparse.h"

/* None for text of another form; ValueError where there is no such day or time. */
static bool matched(nu__parsed parsed, nu_str text, const char *what)
{
    if (parsed == NU__PARSE_INVALID)
        nu_raise(NU_VALUE_ERROR, "'{}' is no valid {}", text, what);
    return parsed == NU__PARSED;
}

static nu__py parse_date(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "parse_date()");
    nu_date date;

    (void)self;
    return matched(nu__parse_date(text, &date), text, "date") ? nu__py_date(date) : nu__py_none();
}

static nu__py parse_time(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "parse_time()");
    nu_time time;

    (void)self;
    return matched(nu__parse_time(text, &time), text, "time") ? nu__py_time(time) : nu__py_none();
}

/* The zone that the text names, as Python's own reader has it. */
static nu__py parse_datetime(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "parse_datetime()");
    nu_datetime instant;

    (void)self;
    if (!matched(nu__parse_datetime(text, &instant), text, "datetime"))
        return nu__py_none();
    return nu__py_apply(nu__py_get(nu__py_class(&nu__py_datetime_type), S("fromisoformat")),
                        nu__py_str(text));
}

static nu__py parse_duration(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "parse_duration()");
    nu_timedelta delta;

    (void)self;
    return matched(nu__parse_duration(text, &delta), text, "duration")
               ? nu__py_of(nu_v_timedelta(delta))
               : nu__py_none();
}

const nu__py_module_row nu__orm_dateparse_module = {
    .name = "django.utils.dateparse",
    .functions =
        (const nu__py_method[]){
            { "parse_date", "value", parse_date },
            { "parse_time", "value", parse_time },
            { "parse_datetime", "value", parse_datetime },
            { "parse_duration", "value", parse_duration },
            { 0 },
        },
};
