#include "cli/check_staticfiles.h"

#include "cli/check_caches.h"
#include "conf/settings.h"

void nu__check_staticfiles(nu_check_messages *messages)
{
    const nu__conf_list *dirs = &nu__settings.staticfiles_dirs;
    nu_str root = nu__settings.static_root;

    for (size_t i = 0; root.len && i < dirs->len; i++)
        if (nu_eq_(nu__resolved_folder(dirs->items[i]), nu__resolved_folder(root)))
            nu_check_add(messages, NU_CHECK_ERROR, "staticfiles.E002",
                         S("The STATICFILES_DIRS setting should not contain the STATIC_ROOT "
                           "setting."),
                         S("Name the folder of the sources in STATICFILES_DIRS, and another one, "
                           "which collectstatic fills, in STATIC_ROOT."),
                         (nu_str){ 0 });
}
