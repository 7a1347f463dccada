/* Trunc and Extract, and those of them that have the part in their name. */
#include "cli/shell/orm/orm.h"

#include <ctype.h>
#include <string.h>

const nu_timezone *nu__orm_zone(nu__py value)
{
    if (!nu__py_given(value) || NU__PY_IS(value, none))
        return NULL;
    if (!NU__PY_IS(value, zone))
        nu_raise(NU_TYPE_ERROR,
                 "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
                 value.type->name);
    return value.cp;
}

static nu_value source_of(nu__py value)
{
    return nu_v_expr(nu__orm_operand(value, true));
}

/* "TruncIsoWeekDay" -> "iso_week_day": the part that a class's name ends with. */
static const char *part_of(const char *class_name, const char *head)
{
    nu__buf out = { 0 };

    for (const char *c = class_name + strlen(head); *c; c++) {
        if (isupper((unsigned char)*c) && out.len)
            nu__buf_lit(&out, "_");
        nu__buf_char(&out, (char)tolower((unsigned char)*c));
    }
    return nu__buf_str(&out).ptr;
}

static nu__py truncated(nu__py self, const char *kind, nu__py source, nu__py output, nu__py zone)
{
    nu_temporal options = { .tzinfo = nu__orm_zone(zone),
                            .output_field = nu__orm_output_of(output) };

    return nu__orm_expression(self.class_, nu_trunc_(kind, source_of(source), &options));
}

static nu__py make_trunc(nu__py self, const nu__py *args)
{
    return truncated(self, nu__orm_cstr(args[1], "Trunc()"), args[0], args[2], args[3]);
}

static nu__py make_trunc_part(nu__py self, const nu__py *args)
{
    return truncated(self, part_of(self.class_->name, "Trunc"), args[0], args[1], args[2]);
}

static nu__py extracted(nu__py self, const char *part, nu__py source, nu__py zone)
{
    nu_temporal options = { .tzinfo = nu__orm_zone(zone) };

    return nu__orm_expression(self.class_, nu_extract_(part, source_of(source), &options));
}

static nu__py make_extract(nu__py self, const nu__py *args)
{
    const char *part = nu__orm_cstr(args[1], "Extract()");

    if (!part)
        nu_raise(NU_VALUE_ERROR, "lookup_name must be provided");
    return extracted(self, part, args[0], args[2]);
}

static nu__py make_extract_part(nu__py self, const nu__py *args)
{
    return extracted(self, part_of(self.class_->name, "Extract"), args[0], args[1]);
}

#define DATE_CLASS(n, s, f)                                                                        \
    {                                                                                              \
        .name = (n), .base = &nu__orm_expression_type,                                             \
        .module = "django.db.models.functions.datetime", .signature = (s), .make = (f)             \
    }
#define TRUNC(n)   DATE_CLASS("Trunc" n, "expression, output_field=, tzinfo=", make_trunc_part)
#define EXTRACT(n) DATE_CLASS("Extract" n, "expression, tzinfo=", make_extract_part)

const nu__py_type nu__orm_date_classes[] = {
    DATE_CLASS("Trunc", "expression, kind, output_field=, tzinfo=", make_trunc),
    DATE_CLASS("Extract", "expression, lookup_name=, tzinfo=", make_extract),
    TRUNC("Year"),
    TRUNC("Quarter"),
    TRUNC("Month"),
    TRUNC("Week"),
    TRUNC("Day"),
    TRUNC("Date"),
    TRUNC("Time"),
    TRUNC("Hour"),
    TRUNC("Minute"),
    TRUNC("Second"),
    EXTRACT("Year"),
    EXTRACT("IsoYear"),
    EXTRACT("Quarter"),
    EXTRACT("Month"),
    EXTRACT("Week"),
    EXTRACT("Day"),
    EXTRACT("WeekDay"),
    EXTRACT("IsoWeekDay"),
    EXTRACT("Hour"),
    EXTRACT("Minute"),
    EXTRACT("Second"),
    { 0 },
};
