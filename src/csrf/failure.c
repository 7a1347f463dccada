#include "conf/settings.h"
#include "csrf/csrf.h"
#include "http/message.h"
#include "template/template.h"
#include "utils/html.h"

/* ---- texts ----------------------------------------------------------------------------------- */

static const char style[] =
    ":root{color-scheme:light dark}body{margin:0;font-family:sans-serif;background:#eee;color:#000}"
    "section{padding:10px 20px;border-bottom:1px solid #ddd}h1{font-weight:normal}"
    "h1 span{font-size:60%;color:#555}#summary{background:#ffc}#info{background:#f6f6f6}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}section{border-color:#444}"
    "h1 span{color:#bbb}#summary{background:#332}#info{background:#222}}";

static const char *const no_referer_texts[] = {
    "You are seeing this message because this HTTPS site requires a “Referer header” to be sent by "
    "your web browser, but none was sent. This header is required for security reasons, to ensure "
    "that your browser is not being hijacked by third parties.",
    "If you have configured your browser to disable “Referer” headers, please re-enable them, at "
    "least for this site, or for HTTPS connections, or for “same-origin” requests.",
    "If you are using the <meta name=\"referrer\" content=\"no-referrer\"> tag or including the "
    "“Referrer-Policy: no-referrer” header, please remove them. The CSRF protection requires the "
    "“Referer” header to do strict referer checking. If you’re concerned about privacy, use "
    "alternatives like <a rel=\"noreferrer\" …> for links to third-party sites.",
};

static const char *const no_cookie_texts[] = {
    "You are seeing this message because this site requires a CSRF cookie when submitting forms. "
    "This cookie is required for security reasons, to ensure that your browser is not being "
    "hijacked by third parties.",
    "If you have configured your browser to disable cookies, please re-enable them, at least for "
    "this site, or for “same-origin” requests.",
};

static const char *const help_texts[] = {
    "Your browser is accepting cookies.",
    "The view renders its template with the request: nu_render(req, …).",
    "In the template, there is a {% csrf_token %} inside each POST form that targets an internal "
    "URL.",
    "CsrfViewMiddleware is among the settings' middleware.",
    "The form has a valid CSRF token. After logging in in another browser tab or hitting the back "
    "button after a login, you may need to reload the page with the form, because the token is "
    "rotated after a login.",
};

/* ---- the page -------------------------------------------------------------------------------- */

static void elements(nu__buf *out, const char *tag, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        nu__buf_fmt(out, "<{}>", tag);
        nu__escape_to(out, nu_s(texts[i]));
        nu__buf_fmt(out, "</{}>\n", tag);
    }
}
#define ELEMENTS(out, tag, texts) elements(out, tag, texts, sizeof(texts) / sizeof((texts)[0]))

static void help(nu__buf *out, nu_str reason)
{
    nu__buf_lit(out, "<section id=\"info\">\n<h2>Help</h2>\n");
    if (reason.len) {
        nu__buf_lit(out, "<p>Reason given for failure:</p>\n<pre>");
        nu__escape_to(out, reason);
        nu__buf_lit(out, "</pre>\n");
    }
    nu__buf_lit(out, "<p>In general, this can occur when there is a genuine Cross Site Request "
                     "Forgery, or when the CSRF protection has not been used correctly. For POST "
                     "forms, you need to ensure:</p>\n<ul>\n");
    ELEMENTS(out, "li", help_texts);
    nu__buf_lit(out, "</ul>\n<p>You’re seeing the help section of this page because the setting "
                     "DEBUG is on. Without it, only the initial error message is displayed.</p>\n"
                     "</section>\n");
}

static nu_str page(nu_str reason)
{
    nu__buf out = { 0 };

    nu__buf_fmt(
        &out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"robots\" content=\"NONE,NOARCHIVE\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>403 Forbidden</title>\n"
        "<style>{}</style>\n</head>\n<body>\n<section id=\"summary\">\n"
        "<h1>Forbidden <span>(403)</span></h1>\n"
        "<p>CSRF verification failed. Request aborted.</p>\n",
        (const char *)style);
    if (nu_eq(reason, nu__csrf_no_referer))
        ELEMENTS(&out, "p", no_referer_texts);
    if (nu_eq(reason, nu__csrf_no_cookie))
        ELEMENTS(&out, "p", no_cookie_texts);
    nu__buf_lit(&out, "</section>\n");
    if (nu__settings.debug)
        help(&out, reason);
    else
        nu__buf_lit(&out, "<section><p><small>More information is available with DEBUG=True."
                          "</small></p></section>\n");
    nu__buf_lit(&out, "</body>\n</html>\n");
    return nu__buf_str(&out);
}

nu_response *nu__csrf_failure(nu_request *req, nu_str reason)
{
    nu__template *tpl = NULL;
    nu_response *response;
    nu__buf out = { 0 };

    if (nu__settings.site && nu__settings.site->csrf_failure_view)
        return nu__settings.site->csrf_failure_view(req, reason);
    if (nu_catch(NU_TEMPLATE_DOES_NOT_EXIST, tpl = nu__template_get(S("403_csrf.html")))) {
        response = nu_http_response(.status = 403, .body = page(reason));
        response->own_style = style;
        return response;
    }
    nu__template_render(tpl, NULL, req, &out);
    return nu_http_response(.status = 403, .body = nu__buf_str(&out));
}
