/* The modules datetime, zoneinfo, decimal and uuid. */
#include "cli/shell/modules.h"

static nu__py utc(void)
{
    return nu__py_zone(nu_utc);
}

const nu__py_module_row nu__py_datetime_module = {
    .name = "datetime",
    .types = (const nu__py_type *const[]){ &nu__py_date_type, &nu__py_datetime_type,
                                           &nu__py_time_type, &nu__py_timedelta_type, NULL },
    .constants = (const nu__py_constant[]){ { "UTC", utc }, { NULL, NULL } },
};

const nu__py_module_row nu__py_zoneinfo_module = {
    .name = "zoneinfo",
    .types = (const nu__py_type *const[]){ &nu__py_zone_type, NULL },
};

const nu__py_module_row nu__py_decimal_module = {
    .name = "decimal",
    .types = (const nu__py_type *const[]){ &nu__py_decimal_type, NULL },
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
