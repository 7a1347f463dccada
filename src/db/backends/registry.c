#include "core/suggest.h"
#include "db/backends/base.h"
#include "db/database.h"

#include <string.h>

/* Weak: a static executable has the backends that it asks the linker for, and NULL for the others.
 */
#pragma weak nu__mysql_backend
#pragma weak nu__postgresql_backend

static const nu__backend *const backends[] = {
    &nu__sqlite_backend,
    &nu__mysql_backend,
    &nu__postgresql_backend,
};

static bool serves(const nu__driver *driver, nu_str name)
{
    for (size_t i = 0; i < sizeof driver->schemes / sizeof *driver->schemes; i++)
        if (driver->schemes[i] && nu_eq(driver->schemes[i], name))
            return true;
    return false;
}

const nu__driver *nu__driver_find(nu_str name)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
        if (backends[i] && serves(backends[i]->driver, name))
            return backends[i]->driver;
    return NULL;
}

nu_str nu__driver_names(void)
{
    nu__buf names = { 0 };

    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (!backends[i])
            continue;
        if (i)
            nu__buf_lit(&names, ", ");
        nu__buf_str_add(&names, nu_s(backends[i]->vendor));
    }
    return nu__buf_str(&names);
}

enum { MOST_SCHEMES = 32 };

nu_str nu__driver_suggestion(nu_str name)
{
    const char *schemes[MOST_SCHEMES];
    size_t n = 0;

    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
        for (size_t k = 0; backends[i] && k < sizeof backends[i]->driver->schemes / sizeof *schemes;
             k++)
            if (backends[i]->driver->schemes[k] && n < MOST_SCHEMES)
                schemes[n++] = backends[i]->driver->schemes[k];
    return nu__suggestion(name, schemes, n);
}

size_t nu__default_name_length(void)
{
    const char *alias;

    for (size_t i = 0; (alias = nu__database_alias(i)); i++)
        if (strcmp(alias, "default") == 0)
            return nu__database_of(alias)->driver->backend->features->max_name_length;
    return 0;
}
