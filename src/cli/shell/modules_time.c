/* The modules datetime, zoneinfo, decimal and uuid. */
#include "cli/shell/modules.h"

#include "cli/shell/dates.h"
#include "cli/shell/int.h"

static nu__py utc(void)
{
    return nu__py_zone(nu_utc);
}

static nu__py min_year(void)
{
    return nu__py_int(1);
}

static nu__py max_year(void)
{
    return nu__py_int(9999);
}

const nu__py_module_row nu__py_datetime_module = {
    .name = "datetime",
    .types =
        (const nu__py_type *const[]){ &nu__py_date_type, &nu__py_datetime_type, &nu__py_time_type,
                                      &nu__py_timedelta_type, &nu__py_timezone_type, NULL },
    .constants =
        (const nu__py_constant[]){
            { "UTC", utc }, { "MINYEAR", min_year }, { "MAXYEAR", max_year }, { NULL, NULL } },
};

const nu__py_module_row nu__py_zoneinfo_module = {
    .name = "zoneinfo",
    .types = (const nu__py_type *const[]){ &nu__py_zone_type, &nu__py_zone_not_found, NULL },
};

#define ROUNDING(name, text)                                                                       \
    static nu__py name(void)                                                                       \
    {                                                                                              \
        return nu__py_str(S(text));                                                                \
    }
ROUNDING(round_ceiling, "ROUND_CEILING")
ROUNDING(round_down, "ROUND_DOWN")
ROUNDING(round_floor, "ROUND_FLOOR")
ROUNDING(round_half_down, "ROUND_HALF_DOWN")
ROUNDING(round_half_even, "ROUND_HALF_EVEN")
ROUNDING(round_half_up, "ROUND_HALF_UP")
ROUNDING(round_up, "ROUND_UP")

const nu__py_module_row nu__py_decimal_module = {
    .name = "decimal",
    .types = (const nu__py_type *const[]){ &nu__py_decimal_type, &nu__py_division_by_zero,
                                           &nu__py_errors[NU_INVALID_OPERATION], NULL },
    .constants = (const nu__py_constant[]){ { "ROUND_CEILING", round_ceiling },
                                            { "ROUND_DOWN", round_down },
                                            { "ROUND_FLOOR", round_floor },
                                            { "ROUND_HALF_DOWN", round_half_down },
                                            { "ROUND_HALF_EVEN", round_half_even },
                                            { "ROUND_HALF_UP", round_half_up },
                                            { "ROUND_UP", round_up },
                                            { NULL, NULL } },
};

static nu__py uuid4(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_uuid(nu_uuid4());
}

const nu__py_module_row nu__py_uuid_module = {
    .name = "uuid",
    .functions = (const nu__py_method[]){ { "uuid4", NULL, uuid4 }, { NULL, NULL, NULL } },
    .types = (const nu__py_type *const[]){ &nu__py_uuid_type, NULL },
};
