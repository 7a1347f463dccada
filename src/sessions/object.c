/* request.session as templates see it: a key's value, else what a session can tell of itself. */
#include "conf/settings.h"
#include "sessions/session.h"

static nu__session *self_of(const nu_object *self)
{
    return (nu__session *)(uintptr_t)self;
}

static nu_value tell_key(nu__session *session)
{
    return session->key.len ? nu_v_str(session->key) : nu_null();
}

static nu_value tell_empty(nu__session *session)
{
    return nu_v_bool(nu__session_is_empty(session));
}

static nu_value tell_accessed(nu__session *session)
{
    return nu_v_bool(session->accessed);
}

static nu_value tell_modified(nu__session *session)
{
    return nu_v_bool(session->modified);
}

static nu_value tell_age(nu__session *session)
{
    return nu_v_int(nu__session_age(session));
}

static nu_value tell_end(nu__session *session)
{
    return V(nu__session_end(session));
}

static nu_value tell_browser(nu__session *session)
{
    return nu_v_bool(nu__session_ends_with_browser(session));
}

static nu_value tell_cookie_age(nu__session *session)
{
    (void)session;
    return nu_v_int(nu__settings.session_cookie_age);
}

static const struct {
    const char *name;
    nu_value (*tell)(nu__session *session);
} attributes[] = {
    { "session_key", tell_key },
    { "is_empty", tell_empty },
    { "accessed", tell_accessed },
    { "modified", tell_modified },
    { "get_expiry_age", tell_age },
    { "get_expiry_date", tell_end },
    { "get_expire_at_browser_close", tell_browser },
    { "get_session_cookie_age", tell_cookie_age },
};

/* Among a dict's own, those that change it stay out of a template's reach. */
static bool dict_reads(nu_str name)
{
    return nu_eq(name, "items") || nu_eq(name, "keys") || nu_eq(name, "values");
}

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    nu__session *session = self_of(self);
    nu_dict *data = nu__session_data(session);

    if (nu_dict_find(data, name, out))
        return true;
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (nu_eq(name, attributes[i].name)) {
            *out = attributes[i].tell(session);
            return true;
        }
    return dict_reads(name) && nu__value_get(nu_v_dict(data), name, out);
}

static const nu_object_ops ops = { .kind = "session", .get = get };
const nu_class nu__session_class = { &ops, "SessionStore" };
