/* django.conf.settings: the site's settings by Django's names, to be read. */
#include "conf/settings.h"
#include "apps/registry.h"
#include "cli/shell/orm/connections.h"

/* ---- those that no row of the settings' table has -----------------------------------------------
 */

static nu__py use_tz(void)
{
    return nu__py_bool(true);
}

static nu__py databases(void)
{
    return nu__py_get(nu__py_pointer(&nu__orm_connections_type, NULL), S("databases"));
}

static nu__py installed_apps(void)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8);
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; apps && i < n; i++)
        nu__py_append(out, nu__py_str(apps[i].name));
    return out;
}

static nu__py default_auto_field(void)
{
    return nu__py_str(S("django.db.models.BigAutoField"));
}

static const nu__py_constant others[] = { { "USE_TZ", use_tz },
                                          { "DATABASES", databases },
                                          { "INSTALLED_APPS", installed_apps },
                                          { "DEFAULT_AUTO_FIELD", default_auto_field },
                                          { 0 } };

/* ---- the object
 * ---------------------------------------------------------------------------------- */

static bool get(nu__py self, nu_str name, nu__py *out)
{
    nu__setting setting;

    (void)self;
    for (const nu__py_constant *each = others; each->name; each++)
        if (nu_eq(name, each->name)) {
            *out = each->make();
            return true;
        }
    for (size_t i = 0; nu__conf_setting(i, &setting); i++)
        if (nu_eq_(name, setting.name)) {
            *out = nu__py_of(setting.value);
            return true;
        }
    return false;
}

static void names(nu__py self, nu_list *out)
{
    nu__setting setting;

    (void)self;
    for (const nu__py_constant *each = others; each->name; each++)
        nu_list_append(out, each->name);
    for (size_t i = 0; nu__conf_setting(i, &setting); i++)
        nu_list_append(out, setting.name);
}

static bool set(nu__py self, nu_str name, nu__py value)
{
    (void)self, (void)value;
    nu_raise(NU_ATTRIBUTE_ERROR,
             "settings.{} can't be set here: set the environment's variable {}, or the site's "
             "settings",
             name, name);
}

static void repr(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "<Settings>");
}

static const nu__py_type settings_type = { .name = "Settings",
                                           .module = "django.conf",
                                           .get = get,
                                           .names = names,
                                           .set = set,
                                           .repr = repr };

static nu__py settings(void)
{
    return nu__py_pointer(&settings_type, NULL);
}

const nu__py_module_row nu__orm_conf_module = {
    .name = "django.conf",
    .constants = (const nu__py_constant[]){ { "settings", settings }, { 0 } },
};
