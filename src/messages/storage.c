#include "messages/storage.h"

#include "conf/settings.h"
#include "core/list.h"

#include <nuages/logging.h>

typedef struct storage {
    nu_object object;
    nu_request *req;
    nu_list *loaded; /* NULL: the cookie has not been read */
    nu_list *queued;
    bool used;      /* shown: only what is added later is kept */
    bool added_new; /* since the request began */
    bool in_cookie; /* the cookie held messages */
    int level;      /* 0: the setting */
} storage;

/* Stands where MessageMiddleware is at work and nobody has asked for messages. */
static storage installed;
static const nu_class storage_class;

void nu__messages_install(nu_request *req)
{
    req->locals[NU__REQUEST_MESSAGES] = &installed;
}

/* NULL without the middleware. */
static storage *storage_of(nu_request *req)
{
    storage *own = req->locals[NU__REQUEST_MESSAGES];

    if (own != &installed)
        return own;
    own = nu_alloc(storage);
    own->object.type = &storage_class;
    own->req = req;
    own->queued = nu_list_new();
    req->locals[NU__REQUEST_MESSAGES] = own;
    return own;
}

static nu_list *loaded(storage *own)
{
    bool finished;

    if (own->loaded)
        return own->loaded;
    own->loaded = nu__messages_decode(nu_request_cookie(own->req, "messages"), &finished);
    if (!own->loaded)
        own->loaded = nu_list_new();
    own->in_cookie = nu_list_len(own->loaded) > 0;
    return own->loaded;
}

/* ---- adding ---------------------------------------------------------------------------------- */

int nu_messages_level(nu_request *req)
{
    storage *own = storage_of(req);

    return own && own->level ? own->level : (int)nu__settings.message_level;
}

void nu_messages_set_level(nu_request *req, int level)
{
    storage *own = storage_of(req);

    if (own)
        own->level = level;
}

void nu_messages_add(nu_request *req, int level, nu_value message, nu_str extra_tags)
{
    storage *own = storage_of(req);
    nu_value text = nu__value_text(message);

    if (!own)
        nu_raise(NU_RUNTIME_ERROR,
                 "You cannot add messages without MessageMiddleware in the settings' middleware.");
    if (!text.s.len || level < nu_messages_level(req))
        return;
    own->added_new = true;
    nu_list_append(own->queued, nu__message_new(level, text, extra_tags));
}

void nu_message_(nu_request *req, int level, const char *format, nu_values args)
{
    nu_messages_add(req, level, nu_v_str(nu_fmt_(format, args)), S(""));
}

/* ---- showing --------------------------------------------------------------------------------- */

static nu_list *shown(storage *own)
{
    nu_list *all = loaded(own);

    own->used = true;
    for (size_t i = 0; i < nu_list_len(own->queued); i++)
        nu_list_append_(all, nu_at(own->queued, i));
    own->queued = nu_list_new();
    return nu__list_copy(all);
}

nu_list *nu_messages_get(nu_request *req)
{
    storage *own = storage_of(req);

    return own ? shown(own) : nu_list_new();
}

static nu_list *storage_items(const nu_object *self)
{
    return shown((storage *)self);
}

static int64_t storage_length(const nu_object *self)
{
    storage *own = (storage *)self;

    return (int64_t)(nu_list_len(loaded(own)) + nu_list_len(own->queued));
}

static const nu_object_ops storage_ops = { .kind = "messages",
                                           .items = storage_items,
                                           .length = storage_length };
static const nu_class storage_class = { &storage_ops, "FallbackStorage" };

nu_value nu__messages_value(nu_request *req)
{
    storage *own = storage_of(req);

    return own ? (nu_value){ .kind = NU_KIND_OBJECT, .object = &own->object } : V(nu_list_new());
}

/* ---- keeping --------------------------------------------------------------------------------- */

static void cookie_set(nu_response *response, nu_str value)
{
    const nu__conf *conf = &nu__settings;

    nu_set_cookie(
        response, "messages", value,
        .domain = conf->session_cookie_domain.len ? conf->session_cookie_domain.ptr : NULL,
        .secure = conf->session_cookie_secure, .httponly = conf->session_cookie_httponly,
        .samesite = conf->session_cookie_samesite.len ? conf->session_cookie_samesite.ptr : NULL);
}

static void cookie_delete(nu_response *response)
{
    const nu__conf *conf = &nu__settings;

    nu_delete_cookie(
        response, "messages",
        .domain = conf->session_cookie_domain.len ? conf->session_cookie_domain.ptr : NULL,
        .samesite = conf->session_cookie_samesite.len ? conf->session_cookie_samesite.ptr : NULL);
}

/* The first messages, as many as the cookie has room for beside the mark that there are more. */
static size_t fitting(nu__message *const *messages, size_t n)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (nu__messages_encode(messages, middle + 1, true).len > NU__MESSAGES_COOKIE)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Returns how many did not fit. */
static size_t cookie_store(nu_list *all, nu_response *response)
{
    size_t n = nu_list_len(all), kept = n;
    nu__message **messages = nu_alloc_array(nu__message *, n + 1);
    nu_str value;

    for (size_t i = 0; i < n; i++)
        messages[i] = (nu__message *)nu_at(all, i).object;
    value = nu__messages_encode(messages, n, false);
    if (value.len > NU__MESSAGES_COOKIE) {
        kept = fitting(messages, n);
        value = nu__messages_encode(messages, kept, true);
    }
    cookie_set(response, value);
    return n - kept;
}

void nu__messages_store(nu_request *req, nu_response *response)
{
    storage *own = req->locals[NU__REQUEST_MESSAGES];
    nu_list *all;
    size_t lost = 0;

    if (!own || own == &installed || (!own->used && !own->added_new))
        return;
    all = nu_list_new();
    if (!own->used)
        all = nu__list_copy(loaded(own));
    for (size_t i = 0; i < nu_list_len(own->queued); i++)
        nu_list_append_(all, nu_at(own->queued, i));
    if (nu_list_len(all))
        lost = cookie_store(all, response);
    else if (own->in_cookie)
        cookie_delete(response);
    if (lost && nu__settings.debug)
        nu_raise(NU_VALUE_ERROR, "Not all temporary messages could be stored.");
    if (lost)
        nu_warning("{} messages to the visitor did not fit into the cookie", lost);
}
