#include "conf/settings.h"
#include "csrf/csrf.h"
#include "http/host.h"
#include "utils/crypto.h"
#include "utils/http.h"
#include "utils/url.h"

#include <stdlib.h>
#include <string.h>

#define BAD_ORIGIN       "Origin checking failed - {} does not match any trusted origins."
#define BAD_REFERER      "Referer checking failed - {} does not match any trusted origins."
#define MALFORMED        "Referer checking failed - Referer is malformed."
#define INSECURE_REFERER "Referer checking failed - Referer is insecure while host is secure."
#define TOKEN_MISSING    "CSRF token missing."
const char nu__csrf_no_cookie[] = "CSRF cookie not set.";
const char nu__csrf_no_referer[] = "Referer checking failed - no Referer.";

/* ---- the request's secret -------------------------------------------------------------------- */

typedef struct csrf_state {
    nu_str secret;     /* null: none yet */
    bool needs_update; /* the cookie must be sent */
    bool exempt;
} csrf_state;

static csrf_state *state_of(nu_request *req)
{
    if (!req->locals[NU__REQUEST_CSRF])
        req->locals[NU__REQUEST_CSRF] = nu_alloc(csrf_state);
    return req->locals[NU__REQUEST_CSRF];
}

/* The secret of the cookie, unmasked; null when there is no cookie. *wrong: of its format. */
static nu_str cookie_secret(nu_request *req, const char **wrong)
{
    nu_str cookie = nu_request_cookie(req, nu__settings.csrf_cookie_name.ptr);
    char *secret;

    *wrong = cookie.ptr ? nu__csrf_format_wrong(cookie) : NULL;
    if (*wrong || cookie.len != NU__CSRF_TOKEN)
        return cookie;
    secret = nu_alloc_array(char, NU__CSRF_SECRET + 1);
    nu__csrf_unmask(cookie, secret);
    return (nu_str){ secret, NU__CSRF_SECRET };
}

void nu__csrf_rotate(nu_request *req)
{
    csrf_state *state = state_of(req);

    state->secret = nu__get_random_string(NU__CSRF_SECRET, NULL);
    state->needs_update = true;
}

void nu__csrf_begin(nu_request *req)
{
    const char *wrong;
    nu_str secret = cookie_secret(req, &wrong);

    if (wrong)
        nu__csrf_rotate(req);
    else if (secret.ptr)
        state_of(req)->secret = secret;
}

nu_str nu__csrf_token(nu_request *req)
{
    csrf_state *state = state_of(req);
    char *token = nu_alloc_array(char, NU__CSRF_TOKEN + 1);

    if (!state->secret.ptr)
        nu__csrf_rotate(req);
    state->needs_update = true;
    nu__csrf_mask(state->secret, nu__get_random_string(NU__CSRF_SECRET, NULL), token);
    return (nu_str){ token, NU__CSRF_TOKEN };
}

void nu__csrf_exempt(nu_request *req)
{
    state_of(req)->exempt = true;
}

void nu__csrf_finish(nu_request *req, nu_response *response)
{
    csrf_state *state = req->locals[NU__REQUEST_CSRF];
    const nu__conf *conf = &nu__settings;

    if (!state || !state->needs_update)
        return;
    nu_set_cookie(response, conf->csrf_cookie_name.ptr, state->secret,
                  .max_age = conf->csrf_cookie_age, .path = conf->csrf_cookie_path.ptr,
                  .domain = conf->csrf_cookie_domain.len ? conf->csrf_cookie_domain.ptr : NULL,
                  .secure = conf->csrf_cookie_secure, .httponly = conf->csrf_cookie_httponly,
                  .samesite =
                      conf->csrf_cookie_samesite.len ? conf->csrf_cookie_samesite.ptr : NULL);
    nu_patch_vary(response, "Cookie");
    state->needs_update = false;
}

/* ---- trusted origins ------------------------------------------------------------------------- */

typedef struct trusted {
    nu_str origin;       /* as the settings have it */
    nu_str scheme, host; /* of it; the host without the "*" before it */
    bool any_subdomain;  /* the host begins with "*" */
} trusted;

static trusted *origins;
static size_t n_origins;

void nu__csrf_setup(void)
{
    const nu__conf_list *given = &nu__settings.csrf_trusted_origins;

    free(origins);
    origins = calloc(given->len + 1, sizeof(*origins));
    if (!origins)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading CSRF_TRUSTED_ORIGINS");
    for (n_origins = 0; n_origins < given->len; n_origins++) {
        trusted *t = &origins[n_origins];
        const char *colon;

        t->origin = given->items[n_origins];
        t->any_subdomain = memchr(t->origin.ptr, '*', t->origin.len) != NULL;
        colon = memmem(t->origin.ptr, t->origin.len, "://", 3);
        t->scheme = (nu_str){ t->origin.ptr, (size_t)(colon - t->origin.ptr) };
        t->host = (nu_str){ colon + 3, t->origin.len - t->scheme.len - 3 };
        while (t->host.len && *t->host.ptr == '*')
            t->host = (nu_str){ t->host.ptr + 1, t->host.len - 1 };
    }
}

/* The request's own host; null where ALLOWED_HOSTS does not have it. */
static nu_str own_host(nu_request *req)
{
    nu_str host = { 0 };

    if (nu_catch(NU_DISALLOWED_HOST, host = nu_request_host(req)))
        return (nu_str){ 0 };
    return host;
}

static bool origin_trusted(nu_request *req, nu_str origin)
{
    nu_str host = own_host(req);
    nu__url url;

    if (host.len && nu_eq_(origin, nu_fmt("{}://{}", nu_request_scheme(req), host)))
        return true;
    for (size_t i = 0; i < n_origins; i++)
        if (!origins[i].any_subdomain && nu_eq_(origins[i].origin, origin))
            return true;
    if (!nu__urlsplit(origin, &url))
        return false;
    for (size_t i = 0; i < n_origins; i++)
        if (origins[i].any_subdomain && nu_eq_(origins[i].scheme, url.scheme) &&
            nu__is_same_domain(url.netloc, origins[i].host))
            return true;
    return false;
}

/* ---- Referer --------------------------------------------------------------------------------- */

/* The host that the Referer of an HTTPS request must name. */
static nu_str good_referer(nu_request *req)
{
    nu_str domain = nu__settings.csrf_cookie_domain, port;

    if (!domain.len)
        return own_host(req);
    port = nu__request_port(req);
    return nu_eq(port, "443") || nu_eq(port, "80") ? domain : nu_fmt("{}:{}", domain, port);
}

static nu_str referer_refused(nu_request *req)
{
    nu_str referer = nu_request_header(req, "Referer"), good;
    nu__url url;

    if (!referer.ptr)
        return nu_s(nu__csrf_no_referer);
    if (!nu__urlsplit(referer, &url) || !url.scheme.len || !url.netloc.len)
        return S(MALFORMED);
    if (!nu_eq(url.scheme, "https"))
        return S(INSECURE_REFERER);
    for (size_t i = 0; i < n_origins; i++)
        if (nu__is_same_domain(url.netloc, origins[i].host))
            return (nu_str){ 0 };
    good = good_referer(req);
    if (good.len && nu__is_same_domain(url.netloc, good))
        return (nu_str){ 0 };
    return nu_fmt(BAD_REFERER, nu__urlunsplit(&url));
}

/* ---- the token ------------------------------------------------------------------------------- */

/* Python's str.title() of a header's name: "X-Csrftoken". */
static nu_str header_title(nu_str name)
{
    char *text = nu_alloc_array(char, name.len + 1);
    bool in_word = false;

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], low = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        bool letter = low >= 'a' && low <= 'z';

        text[i] = letter && !in_word ? (char)(low - 32) : low;
        in_word = letter;
    }
    return (nu_str){ text, name.len };
}

/* CSRF_HEADER_NAME, which may be written as in WSGI: HTTP_X_CSRFTOKEN. */
static nu_str header_name(void)
{
    nu_str name = nu__settings.csrf_header_name;
    char *text;

    if (!nu_starts_with(name, S("HTTP_")))
        return name;
    name = nu_copy((nu_str){ name.ptr + 5, name.len - 5 });
    text = (char *)name.ptr;
    for (size_t i = 0; i < name.len; i++)
        text[i] = text[i] == '_' ? '-' : text[i];
    return name;
}

/* The form's token, empty without one. A client that went away has none; one that sends too slowly
   is told so. */
static nu_str form_token(nu_request *req)
{
    nu_str token = { 0 };
    const nu_error *error;

    if (req->method != POST)
        return token;
    error = nu_catch(NU_UNREADABLE_POST_ERROR, token = nu_post_param(req, "csrfmiddlewaretoken"));
    if (error && error->klass == NU_REQUEST_TIMEOUT)
        nu_reraise(error);
    return error ? (nu_str){ 0 } : token;
}

static nu_str token_refused(nu_request *req)
{
    const char *wrong;
    nu_str secret = cookie_secret(req, &wrong), token, source = S("POST");

    if (wrong)
        return nu_fmt("CSRF cookie {}.", wrong);
    if (!secret.ptr)
        return nu_s(nu__csrf_no_cookie);
    token = form_token(req);
    if (!token.len) {
        nu_str name = header_name();

        token = nu_request_header(req, name.ptr);
        if (!token.ptr)
            return S(TOKEN_MISSING);
        source = nu_fmt("the '{}' HTTP header", header_title(name));
    }
    wrong = nu__csrf_format_wrong(token);
    if (!wrong && !nu__csrf_match(token, secret))
        wrong = "incorrect";
    return wrong ? nu_fmt("CSRF token from {} {}.", source, wrong) : (nu_str){ 0 };
}

nu_str nu__csrf_refused(nu_request *req)
{
    const csrf_state *state = req->locals[NU__REQUEST_CSRF];
    nu_str origin, reason;

    if (req->method == GET || req->method == HEAD || req->method == OPTIONS ||
        nu_eq(req->method_name, "TRACE") || (state && state->exempt))
        return (nu_str){ 0 };
    origin = nu_request_header(req, "Origin");
    if (origin.ptr) {
        if (!origin_trusted(req, origin))
            return nu_fmt(BAD_ORIGIN, origin);
    } else if (nu_request_is_secure(req)) {
        reason = referer_refused(req);
        if (reason.len)
            return reason;
    }
    return token_refused(req);
}
