/* The names that code begins with beside the built-in ones: those of Python's modules that queries
   use most, and the ORM's. */
#include "cli/shell/evaluator.h"
#include "cli/shell/orm/orm.h"

static const struct {
    const char *module, *names[6];
} imported[] = {
    { "datetime", { "date", "datetime", "time", "timedelta", "timezone", "UTC" } },
    { "zoneinfo", { "ZoneInfo" } },
    { "decimal", { "Decimal" } },
    { "uuid", { "UUID" } },
};

nu__py_scope *nu__py_plain_globals(void)
{
    nu__py_scope *scope = nu__py_scope_new(NULL);

    for (size_t i = 0; i < sizeof(imported) / sizeof(*imported); i++)
        for (size_t k = 0; k < 6 && imported[i].names[k]; k++) {
            nu_str name = nu_s(imported[i].names[k]);

            nu__py_assign(scope, name, nu__py_get(nu__py_module(nu_s(imported[i].module)), name));
        }
    return scope;
}

nu__py_scope *nu__py_globals_new(void)
{
    nu__py_scope *scope = nu__py_plain_globals();

    nu__orm_globals(scope);
    return scope;
}
