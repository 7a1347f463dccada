#include "cli/check_security.h"

#include "apps/registry.h"
#include "conf/settings.h"

static bool has_middleware(nu_middleware *wanted)
{
    const nu_settings *site = nu__settings.site;

    for (size_t i = 0; i < 32 && site->middleware[i]; i++)
        if (site->middleware[i] == wanted)
            return true;
    return false;
}

static bool secured(void)
{
    return has_middleware(SecurityMiddleware);
}

static bool no_security(void)
{
    return !secured();
}

static bool no_xframe(void)
{
    return !has_middleware(XFrameOptionsMiddleware);
}

static bool no_csrf(void)
{
    return !has_middleware(CsrfViewMiddleware);
}

static bool no_hsts(void)
{
    return secured() && !nu__settings.secure_hsts_seconds;
}

static bool no_subdomains(void)
{
    return secured() && nu__settings.secure_hsts_seconds &&
           !nu__settings.secure_hsts_include_subdomains;
}

static bool no_preload(void)
{
    return secured() && nu__settings.secure_hsts_seconds && !nu__settings.secure_hsts_preload;
}

static bool no_nosniff(void)
{
    return secured() && !nu__settings.secure_content_type_nosniff;
}

static bool no_redirect(void)
{
    return secured() && !nu__settings.secure_ssl_redirect;
}

/* Django's measure: 50 characters, 5 different ones. */
static bool weak(nu_str key)
{
    bool seen[256] = { false };
    int different = 0;

    for (size_t i = 0; i < key.len; i++) {
        different += !seen[(unsigned char)key.ptr[i]];
        seen[(unsigned char)key.ptr[i]] = true;
    }
    return key.len < 50 || different < 5 || nu_starts_with(key, S("django-insecure-"));
}

static bool weak_key(void)
{
    return weak(nu__settings.secret_key) && !nu__settings.secret_key_made_up;
}

static bool weak_fallback(void)
{
    for (size_t i = 0; i < nu__settings.secret_key_fallbacks.len; i++)
        if (weak(nu__settings.secret_key_fallbacks.items[i]))
            return true;
    return false;
}

static bool has_sessions(void)
{
    return nu__app_find(S("sessions")) != NULL;
}

static bool has_session_middleware(void)
{
    return has_middleware(SessionMiddleware);
}

static bool open_cookie_by_app(void)
{
    return !nu__settings.session_cookie_secure && has_sessions() && !has_session_middleware();
}

static bool open_cookie_by_middleware(void)
{
    return !nu__settings.session_cookie_secure && !has_sessions() && has_session_middleware();
}

static bool open_session_cookie(void)
{
    return !nu__settings.session_cookie_secure && has_sessions() && has_session_middleware();
}

static bool read_cookie_by_app(void)
{
    return !nu__settings.session_cookie_httponly && has_sessions() && !has_session_middleware();
}

static bool read_cookie_by_middleware(void)
{
    return !nu__settings.session_cookie_httponly && !has_sessions() && has_session_middleware();
}

static bool read_session_cookie(void)
{
    return !nu__settings.session_cookie_httponly && has_sessions() && has_session_middleware();
}

static bool open_csrf_cookie(void)
{
    return has_middleware(CsrfViewMiddleware) && !nu__settings.csrf_cookie_secure;
}

static bool debugging(void)
{
    return nu__settings.debug;
}

static bool may_be_framed(void)
{
    return has_middleware(XFrameOptionsMiddleware) && !nu_eq(nu__settings.x_frame_options, "DENY");
}

static bool no_hosts(void)
{
    return !nu__settings.allowed_hosts.len;
}

static bool no_referrer_policy(void)
{
    return secured() && !nu__settings.secure_referrer_policy.len;
}

#define KEY_TEXT(name)                                                                             \
    "Your " name " has less than 50 characters, less than 5 unique characters, or it's prefixed "  \
    "with 'django-insecure-' indicating that it was generated automatically by Django. Please "    \
    "generate a long and random value, otherwise many of Django's security-critical features "     \
    "will be vulnerable to attack."

#define WITH_APP(setting)                                                                          \
    "You have 'django.contrib.sessions' in your INSTALLED_APPS, but you have not set " setting     \
    " to True."
#define WITH_MIDDLEWARE(setting)                                                                   \
    "You have 'django.contrib.sessions.middleware.SessionMiddleware' in your MIDDLEWARE, but you " \
    "have not set " setting " to True."
#define SECURE_ONLY                                                                                \
    " Using a secure-only session cookie makes it more difficult for network traffic sniffers to " \
    "hijack user sessions."
#define HTTP_ONLY                                                                                  \
    " Using an HttpOnly session cookie makes it more difficult for cross-site scripting attacks "  \
    "to hijack user sessions."

/* In Django's words and under its ids. */
static const struct {
    const char *id;
    bool (*applies)(void);
    const char *message;
} rows[] = {
    { "security.W001", no_security,
      "You do not have 'django.middleware.security.SecurityMiddleware' in your MIDDLEWARE so the "
      "SECURE_HSTS_SECONDS, SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, "
      "SECURE_CROSS_ORIGIN_OPENER_POLICY, and SECURE_SSL_REDIRECT settings will have no effect." },
    { "security.W002", no_xframe,
      "You do not have 'django.middleware.clickjacking.XFrameOptionsMiddleware' in your "
      "MIDDLEWARE, so your pages will not be served with an 'x-frame-options' header. Unless there "
      "is a good reason for your site to be served in a frame, you should consider enabling this "
      "header to help prevent clickjacking attacks." },
    { "security.W003", no_csrf,
      "You don't appear to be using Django's built-in cross-site request forgery protection via "
      "the middleware ('django.middleware.csrf.CsrfViewMiddleware' is not in your MIDDLEWARE). "
      "Enabling the middleware is the safest approach to ensure you don't leave any holes." },
    { "security.W004", no_hsts,
      "You have not set a value for the SECURE_HSTS_SECONDS setting. If your entire site is served "
      "only over SSL, you may want to consider setting a value and enabling HTTP Strict Transport "
      "Security. Be sure to read the documentation first; enabling HSTS carelessly can cause "
      "serious, irreversible problems." },
    { "security.W005", no_subdomains,
      "You have not set the SECURE_HSTS_INCLUDE_SUBDOMAINS setting to True. Without this, your "
      "site is potentially vulnerable to attack via an insecure connection to a subdomain. Only "
      "set this to True if you are certain that all subdomains of your domain should be served "
      "exclusively via SSL." },
    { "security.W006", no_nosniff,
      "Your SECURE_CONTENT_TYPE_NOSNIFF setting is not set to True, so your pages will not be "
      "served with an 'X-Content-Type-Options: nosniff' header. You should consider enabling this "
      "header to prevent the browser from identifying content types incorrectly." },
    { "security.W008", no_redirect,
      "Your SECURE_SSL_REDIRECT setting is not set to True. Unless your site should be available "
      "over both SSL and non-SSL connections, you may want to either set this setting True or "
      "configure a load balancer or reverse-proxy server to redirect all connections to HTTPS." },
    { "security.W009", weak_key, KEY_TEXT("SECRET_KEY") },
    { "security.W010", open_cookie_by_app, WITH_APP("SESSION_COOKIE_SECURE") SECURE_ONLY },
    { "security.W011", open_cookie_by_middleware,
      WITH_MIDDLEWARE("SESSION_COOKIE_SECURE") SECURE_ONLY },
    { "security.W012", open_session_cookie,
      "SESSION_COOKIE_SECURE is not set to True." SECURE_ONLY },
    { "security.W013", read_cookie_by_app, WITH_APP("SESSION_COOKIE_HTTPONLY") HTTP_ONLY },
    { "security.W014", read_cookie_by_middleware,
      WITH_MIDDLEWARE("SESSION_COOKIE_HTTPONLY") HTTP_ONLY },
    { "security.W015", read_session_cookie,
      "SESSION_COOKIE_HTTPONLY is not set to True." HTTP_ONLY },
    { "security.W016", open_csrf_cookie,
      "You have 'django.middleware.csrf.CsrfViewMiddleware' in your MIDDLEWARE, but you have not "
      "set CSRF_COOKIE_SECURE to True. Using a secure-only CSRF cookie makes it more difficult for "
      "network traffic sniffers to steal the CSRF token." },
    { "security.W018", debugging, "You should not have DEBUG set to True in deployment." },
    { "security.W019", may_be_framed,
      "You have 'django.middleware.clickjacking.XFrameOptionsMiddleware' in your MIDDLEWARE, but "
      "X_FRAME_OPTIONS is not set to 'DENY'. Unless there is a good reason for your site to serve "
      "other parts of itself in a frame, you should change it to 'DENY'." },
    { "security.W020", no_hosts, "ALLOWED_HOSTS must not be empty in deployment." },
    { "security.W021", no_preload,
      "You have not set the SECURE_HSTS_PRELOAD setting to True. Without this, your site cannot be "
      "submitted to the browser preload list." },
    { "security.W022", no_referrer_policy,
      "You have not set the SECURE_REFERRER_POLICY setting. Without this, your site will not send "
      "a Referrer-Policy header. You should consider enabling this header to protect user "
      "privacy." },
    { "security.W025", weak_fallback, KEY_TEXT("SECRET_KEY_FALLBACKS") },
};

void nu__check_security(nu_check_messages *messages)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].applies())
            nu_check_add(messages, NU_CHECK_WARNING, rows[i].id, nu_s(rows[i].message),
                         (nu_str){ 0 }, (nu_str){ 0 });
}
