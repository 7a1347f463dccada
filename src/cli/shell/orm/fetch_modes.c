/* django.db.models.fetch_modes: what happens when something is asked for that was not read. */
#include "cli/shell/orm/fetch_modes.h"
#include "cli/shell/orm/query_methods.h"

#include <nuages/managers.h>

typedef struct fetch_mode {
    const char *name;
    nu_fetch mode;
} fetch_mode;

static const fetch_mode modes[] = { { "FETCH_ONE", FETCH_ONE },
                                    { "FETCH_PEERS", FETCH_PEERS },
                                    { "RAISE", FETCH_RAISE } };

static void mode_text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_s(((const fetch_mode *)self.cp)->name));
}

static const nu__py_type mode_type = { .name = "FetchMode",
                                       .module = "django.db.models.fetch_modes",
                                       .text = mode_text,
                                       .repr = mode_text };

static nu__py fetch_one(void)
{
    return nu__py_pointer(&mode_type, &modes[0]);
}

static nu__py fetch_peers(void)
{
    return nu__py_pointer(&mode_type, &modes[1]);
}

static nu__py fetch_raise(void)
{
    return nu__py_pointer(&mode_type, &modes[2]);
}

const nu__py_constant nu__orm_fetch_modes[] = {
    { "FETCH_ONE", fetch_one }, { "FETCH_PEERS", fetch_peers }, { "RAISE", fetch_raise }, { 0 }
};

nu__py nu__orm_fetch_mode(nu__py self, const nu__py *args)
{
    const fetch_mode *chosen = args[0].cp;

    if (args[0].type != &mode_type)
        nu_raise(NU_TYPE_ERROR, "fetch_mode() takes FETCH_ONE, FETCH_PEERS or RAISE, not {}",
                 nu__py_repr(args[0]));
    return nu__orm_derived(self, nu_fetch_mode(nu__orm_self(self), chosen->mode));
}
