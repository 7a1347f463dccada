#include "auth/anonymous.h"
#include "conf/settings.h"
#include "csrf/csrf.h"
#include "i18n/translation.h"
#include "messages/storage.h"
#include "views/generic.h"

#include <nuages/context_processors.h>
#include <nuages/i18n.h>
#include <nuages/timezone.h>

void nu_request_processor(nu_request *req, nu_dict *context)
{
    nu_dict_set_(context, "request", nu__request_object(req));
}

void nu_debug_processor(nu_request *req, nu_dict *context)
{
    const nu__conf_list *internal = &nu__settings.internal_ips;

    for (size_t i = 0; nu__settings.debug && i < internal->len; i++)
        if (nu_eq_(internal->items[i], req->remote_addr))
            nu_dict_set_(context, "debug", nu_v_bool(true));
}

void nu_static_processor(nu_request *req, nu_dict *context)
{
    (void)req;
    nu_dict_set(context, "STATIC_URL", nu__settings.static_url);
}

void nu_media_processor(nu_request *req, nu_dict *context)
{
    (void)req;
    nu_dict_set(context, "MEDIA_URL", nu__settings.media_url);
}

static nu_value csrf_token(const void *req)
{
    return nu_v_str(nu__csrf_token((nu_request *)req));
}

/* Called when the template shows it: only then is the cookie sent. */
void nu_csrf_processor(nu_request *req, nu_dict *context)
{
    nu_dict_set_(context, "csrf_token", nu__callable_value(csrf_token, req));
}

void nu_i18n_processor(nu_request *req, nu_dict *context)
{
    (void)req;
    nu_dict_set(context, "LANGUAGES", nu__i18n_names());
    nu_dict_set(context, "LANGUAGE_CODE", nu_get_language());
    nu_dict_set(context, "LANGUAGE_BIDI", nu_get_language_bidi());
}

void nu_tz_processor(nu_request *req, nu_dict *context)
{
    (void)req;
    nu_dict_set(context, "TIME_ZONE", nu_timezone_name(nu_timezone_current()));
}

void nu_messages_processor(nu_request *req, nu_dict *context)
{
    nu_dict_set_(context, "messages", nu__messages_value(req));
    nu_dict_set(
        context, "DEFAULT_MESSAGE_LEVELS",
        NU_DICT(("DEBUG", 10), ("INFO", 20), ("SUCCESS", 25), ("WARNING", 30), ("ERROR", 40)));
}

void nu_auth_processor(nu_request *req, nu_dict *context)
{
    nu_dict_set_(context, "user", nu__request_user(req));
    nu_dict_set_(context, "perms", nu__request_perms(req));
}

/* ---- what they add -----------------------------------------------------------------------------
 */

static const struct {
    nu_context_processor *processor;
    const char *names[4];
} added[] = {
    { nu_request_processor, { "request" } },
    { nu_debug_processor, { "debug", "sql_queries" } },
    { nu_static_processor, { "STATIC_URL" } },
    { nu_media_processor, { "MEDIA_URL" } },
    { nu_csrf_processor, { "csrf_token" } },
    { nu_i18n_processor, { "LANGUAGES", "LANGUAGE_CODE", "LANGUAGE_BIDI" } },
    { nu_tz_processor, { "TIME_ZONE" } },
    { nu_messages_processor, { "messages", "DEFAULT_MESSAGE_LEVELS" } },
    { nu_auth_processor, { "user", "perms" } },
};

bool nu__processor_names(nu_context_processor *processor, nu_dict *names)
{
    for (size_t i = 0; i < sizeof(added) / sizeof(*added); i++)
        if (added[i].processor == processor) {
            for (size_t n = 0; n < 4 && added[i].names[n]; n++)
                nu_dict_set(names, added[i].names[n], nu_null());
            return true;
        }
    return false;
}
