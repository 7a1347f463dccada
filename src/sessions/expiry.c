/* How long a session lives: _session_expiry among its values, seconds or an instant's text, else
   the settings. */
#include "conf/settings.h"
#include "core/time.h"
#include "sessions/session.h"
#include "utils/dateparse.h"

#include <nuages/timezone.h>

#define EXPIRY "_session_expiry"

/* The instant that was stored; false where seconds were, or nothing that is one. */
static bool stored_end(nu_value stored, nu_datetime *end)
{
    return stored.kind == NU_KIND_STR && nu__parse_datetime(stored.s, end) == NU__PARSED;
}

/* Seconds that were stored; the setting's where none were. */
static int64_t stored_age(nu_value stored)
{
    return stored.kind == NU_KIND_INT && stored.i ? stored.i : nu__settings.session_cookie_age;
}

static nu_value stored_in(nu__session *session)
{
    return nu_item(nu__session_data(session), EXPIRY);
}

int64_t nu__session_age(nu__session *session)
{
    nu_value stored = stored_in(session);
    nu_datetime end;

    if (stored_end(stored, &end))
        return (int64_t)__builtin_floor(nu_timedelta_seconds(nu_datetime_sub(end, nu_now())));
    return stored_age(stored);
}

nu_datetime nu__session_end(nu__session *session)
{
    nu_value stored = stored_in(session);
    nu_datetime end;

    if (stored_end(stored, &end))
        return end;
    return nu_datetime_add(nu_now(), nu_seconds((double)stored_age(stored)));
}

bool nu__session_ends_with_browser(nu__session *session)
{
    nu_value stored = stored_in(session);

    if (stored.kind == NU_KIND_NULL)
        return nu__settings.session_expire_at_browser_close;
    return stored.kind == NU_KIND_INT && !stored.i;
}

/* ---- public ---------------------------------------------------------------------------------- */

/* After nu_session_dict(), which raises where there is none. */
static nu__session *asked(nu_request *req)
{
    nu_session_dict(req);
    return nu__session_find(req);
}

int64_t nu_session_expiry_age(nu_request *req)
{
    return nu__session_age(asked(req));
}

nu_datetime nu_session_expiry_date(nu_request *req)
{
    return nu__session_end(asked(req));
}

bool nu_session_expires_at_browser_close(nu_request *req)
{
    return nu__session_ends_with_browser(asked(req));
}

void nu_session_set_expiry(nu_request *req, int64_t seconds)
{
    nu_session_set(req, EXPIRY, seconds);
}

void nu_session_set_expiry_date(nu_request *req, nu_datetime end)
{
    char text[NU__TIME_TEXT];

    nu__datetime_iso(text, end, 'T');
    nu_session_set(req, EXPIRY, nu_copy_cstr(text));
}

void nu_session_reset_expiry(nu_request *req)
{
    nu_session_delete(req, EXPIRY);
}
