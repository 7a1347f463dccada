/* Sessions in the table django_session. Django: django.contrib.sessions.backends.db */
#include "sessions/encoding.h"
#include "sessions/session.h"
#include "utils/crypto.h"

#include <nuages/auth.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>

enum { KEY = 32, LONGEST_KEY = 40, MOST_TRIES = 20 };

/* Whether a row may have it: nothing else is asked for, whatever a visitor sends. */
static bool may_be_key(nu_str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= ' ' || key.ptr[i] > '~')
            return false;
    return key.len <= LONGEST_KEY;
}

static nu_query *row_of(nu_str key)
{
    return nu_filter(nu_objects(nu_session), Q("session_key", key));
}

static nu_dict *load(nu__session *session)
{
    nu_session *row = NULL;

    if (may_be_key(session->key))
        row = nu_find(nu_session, Q("session_key", session->key), Q("expire_date__gt", nu_now()));
    if (row)
        return nu__session_decode(row->session_data);
    session->key = (nu_str){ 0 };
    return nu_dict_new();
}

static nu_session row_for(nu__session *session)
{
    return (nu_session){ .session_key = session->key,
                         .session_data = nu__session_encode(nu__session_data(session)),
                         .expire_date = nu__session_end(session) };
}

/* false: the key is taken. */
static bool inserted(nu__session *session)
{
    nu_session row = row_for(session);

    return !nu_catch_atomic(NU_INTEGRITY_ERROR,
                            nu_create(nu_session, .session_key = row.session_key,
                                      .session_data = row.session_data,
                                      .expire_date = row.expire_date));
}

static void create(nu__session *session)
{
    for (int i = 0; i < MOST_TRIES; i++) {
        session->key = nu__get_random_string(KEY, "abcdefghijklmnopqrstuvwxyz0123456789");
        if (inserted(session))
            return;
    }
    nu_raise(NU_RUNTIME_ERROR, "No free session key was found in {} tries.", MOST_TRIES);
}

static void save(nu__session *session)
{
    nu_session row;

    if (!session->key.len) {
        create(session);
        return;
    }
    row = row_for(session);
    if (!nu_update(row_of(row.session_key), ("session_data", row.session_data),
                   ("expire_date", row.expire_date)))
        nu_raise(NU_SESSION_INTERRUPTED,
                 "The request's session was deleted before the request completed. The user may "
                 "have logged out in a concurrent request, for example.");
}

static void forget(nu_str key)
{
    if (key.len && may_be_key(key))
        nu_delete_all(row_of(key));
}

static void remove_row(nu__session *session)
{
    forget(session->key);
    session->key = (nu_str){ 0 };
}

static void cycle(nu__session *session)
{
    nu_str old = session->key;

    create(session);
    forget(old);
}

const nu__session_backend nu__session_db = { .engine = "django.contrib.sessions.backends.db",
                                             .load = load,
                                             .save = save,
                                             .remove = remove_row,
                                             .cycle = cycle };
