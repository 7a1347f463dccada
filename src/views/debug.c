#include "views/debug.h"

#include "conf/settings.h"
#include "core/buf.h"
#include "core/error.h"
#include "http/message.h"
#include "template/template.h"
#include "urls/reverse.h"
#include "utils/html.h"
#include "views/backtrace.h"
#include "views/recorder.h"
#include "views/secrets.h"

#include <stdlib.h>
#include <string.h>

static const char style[] =
    "body{margin:0;font-family:sans-serif;background:#fff;color:#111}"
    "section{padding:12px 24px;border-bottom:1px solid #ddd}#summary{background:#ffc}"
    "h1{font-weight:normal}table{border-collapse:collapse;width:100%}"
    "th{text-align:left;vertical-align:top;width:18em;padding:2px 8px 2px 0;font-weight:normal;"
    "color:#666}td{font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre.source{margin:0 0 12px;padding:6px 0;background:#f4f4f4;overflow-x:auto;font-size:13px}"
    "pre.source span{display:block;padding:0 10px;white-space:pre}pre.source .at{background:#fd9;"
    "color:#111}summary{cursor:pointer;font-family:monospace;padding:3px 0}.own{opacity:.6}"
    ".twice td{background:#fe99}"
    "@media(prefers-color-scheme:dark){pre.source{background:#222}}@media(prefers-color-scheme:"
    "dark){body{background:#111;color:#eee}#summary{background:#332}}";

/* ---- the same page as HTML and as text ------------------------------------------------------- */

typedef struct page {
    nu__buf out;
    bool html;
} page;

static void page_begin(page *p, nu_str title)
{
    if (!p->html) {
        nu__buf_fmt(&p->out, "{}\n", title);
        return;
    }
    nu__buf_lit(&p->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"robots\" content=\"NONE,NOARCHIVE\">\n<title>");
    nu__escape_to(&p->out, title);
    nu__buf_fmt(&p->out,
                "</title>\n<style>{}</style>\n</head>\n<body>\n<section id=\"summary\">\n"
                "<h1>",
                (const char *)style);
    nu__escape_to(&p->out, title);
    nu__buf_lit(&p->out, "</h1>\n");
}

static void paragraph(page *p, const char *tag, nu_str text)
{
    if (!p->html) {
        nu__buf_fmt(&p->out, "\n{}\n", text);
        return;
    }
    nu__buf_fmt(&p->out, "<{}>", tag);
    nu__escape_to(&p->out, text);
    nu__buf_fmt(&p->out, "</{}>\n", tag);
}

static void section(page *p, const char *title)
{
    if (p->html)
        nu__buf_lit(&p->out, "</section>\n<section>\n");
    paragraph(p, "h2", nu_s(title));
}

static void table_begin(page *p)
{
    if (p->html)
        nu__buf_lit(&p->out, "<table>\n");
}

static void table_row(page *p, nu_str name, nu_str value)
{
    if (!p->html) {
        nu__buf_fmt(&p->out, "  {} = {}\n", name, value);
        return;
    }
    nu__buf_lit(&p->out, "<tr><th scope=\"row\">");
    nu__escape_to(&p->out, name);
    nu__buf_lit(&p->out, "</th><td>");
    nu__escape_to(&p->out, value);
    nu__buf_lit(&p->out, "</td></tr>\n");
}

static void table_end(page *p)
{
    if (p->html)
        nu__buf_lit(&p->out, "</table>\n");
}

static nu_response *page_end(page *p, int status)
{
    section(p, "Why this page?");
    paragraph(p, "p",
              S("You’re seeing this error because the setting DEBUG is on. Without it, a "
                "standard page is shown."));
    if (p->html)
        nu__buf_lit(&p->out, "</section>\n</body>\n</html>\n");
    return nu_http_response(.status = status, .body = nu__buf_str(&p->out),
                            .content_type = p->html ? NULL : "text/plain; charset=utf-8");
}

static page page_for(nu_request *req)
{
    nu_str accept = nu_request_header(req, "Accept");

    return (page){ .html = !accept.len || memmem(accept.ptr, accept.len, "text/html", 9) ||
                           memmem(accept.ptr, accept.len, "*/*", 3) };
}

/* ---- parts ----------------------------------------------------------------------------------- */

static nu_str address_of(nu_request *req)
{
    nu_str address = { 0 };

    if (nu_catch(NU_EXCEPTION, address = nu_build_absolute_uri(req, NULL)))
        return nu_request_full_path(req);
    return address;
}

static void request_rows(page *p, nu_request *req)
{
    table_begin(p);
    table_row(p, S("Request Method"), req->method_name);
    table_row(p, S("Request URL"), address_of(req));
    if (nu_view_name(req).len)
        table_row(p, S("Raised by"), nu_view_name(req));
    table_end(p);
}

static void querydict_rows(page *p, const char *title, const nu_querydict *dict)
{
    if (!dict || !nu_querydict_len(dict))
        return;
    section(p, title);
    table_begin(p);
    for (size_t i = 0; i < nu_querydict_len(dict); i++) {
        nu_str name = nu_querydict_key(dict, i);

        table_row(p, name,
                  nu__is_secret(name) ? S(NU__MASK)
                                      : nu__url_repr(V(nu_querydict_list(dict, name))));
    }
    table_end(p);
}

static void header_rows(page *p, const nu_request *req)
{
    section(p, "Request headers");
    table_begin(p);
    for (uint32_t i = 0; i < req->headers.len; i++) {
        const nu__header *header = &req->headers.items[i];

        table_row(p, header->name, nu__is_secret(header->name) ? S(NU__MASK) : header->value);
    }
    table_end(p);
}

static void settings_rows(page *p)
{
    nu__setting setting;

    section(p, "Settings");
    table_begin(p);
    for (size_t i = 0; nu__conf_setting(i, &setting); i++)
        table_row(p, setting.name,
                  nu__is_secret(setting.name) && setting.value.kind == NU_KIND_STR
                      ? S(NU__MASK)
                      : nu__url_repr(setting.value));
    table_end(p);
}

/* ---- pages ----------------------------------------------------------------------------------- */

static void tried_list(page *p, nu_list *tried)
{
    if (p->html)
        nu__buf_lit(&p->out, "<ol>\n");
    for (size_t i = 0; i < nu_list_len(tried); i++) {
        nu_list *way = nu_as_list(nu_at(tried, i));
        nu__buf line = { 0 };

        for (size_t k = 0; k < nu_list_len(way); k++)
            nu__buf_fmt(&line, "{}{}", k ? " " : "", nu_at(way, k));
        if (p->html)
            nu__buf_lit(&p->out, "<li><code>");
        else
            nu__buf_fmt(&p->out, "  {}. ", (int64_t)i + 1);
        (p->html ? nu__escape_to : nu__buf_str_add)(&p->out, nu__buf_str(&line));
        if (p->html)
            nu__buf_lit(&p->out, "</code></li>");
        nu__buf_char(&p->out, '\n');
    }
    if (p->html)
        nu__buf_lit(&p->out, "</ol>\n");
}

nu_response *nu__technical_404(nu_request *req, const nu_error *error)
{
    bool resolved = req->locals[NU__REQUEST_URLS] != NULL;
    const nu_urlconf *urlconf = nu__url_urlconf_find();
    nu_str path = req->path_info;
    page p = page_for(req);

    page_begin(&p, nu_fmt("Page not found (404) at {}", req->path));
    if (resolved && error->message.len)
        paragraph(&p, "pre", error->message);
    request_rows(&p, req);
    section(&p, "URL patterns");
    paragraph(&p, "p", S("These URL patterns were tried, in this order:"));
    if (urlconf)
        tried_list(&p, nu__url_tried(nu__resolver_get(urlconf), path));
    if (nu_starts_with(path, S("/")))
        path = (nu_str){ path.ptr + 1, path.len - 1 };
    paragraph(&p, "p",
              nu_fmt("{} {}",
                     path.len ? nu_fmt("The current path, {},", path) : S("The empty path"),
                     resolved ? "matched the last one." : "didn’t match any of these."));
    return page_end(&p, 404);
}

/* ---- where it happened ----------------------------------------------------------------------- */

static void source_lines(page *p, nu_str file, int line)
{
    nu__source_lines around = nu__source_around(file, line, 4);

    if (!nu_list_len(around.lines))
        return;
    if (p->html)
        nu__buf_lit(&p->out, "<pre class=\"source\">");
    for (size_t i = 0; i < nu_list_len(around.lines); i++) {
        int number = around.first + (int)i;
        nu_str text = nu_fmt("{:>5}  {}", (int64_t)number, nu_at(around.lines, i));

        if (!p->html) {
            nu__buf_fmt(&p->out, "  {}{}\n", number == line ? ">" : " ", text);
            continue;
        }
        nu__buf_str_add(&p->out, number == line ? S("<span class=\"at\">") : S("<span>"));
        nu__escape_to(&p->out, text);
        nu__buf_lit(&p->out, "</span>");
    }
    if (p->html)
        nu__buf_lit(&p->out, "</pre>\n");
}

static void frame_row(page *p, const nu__frame_info *frame, bool open)
{
    nu_str where = frame->file.ptr ? nu_fmt("{}:{}", frame->file, (int64_t)frame->line) : S("");
    nu_str text = nu_fmt("{}  {}", frame->function.ptr ? frame->function : S("?"), where);

    if (!p->html) {
        nu__buf_fmt(&p->out, "  {}\n", text);
        return;
    }
    nu__buf_fmt(&p->out, "<details{}{}><summary>", frame->own ? " class=\"own\"" : "",
                open ? " open" : "");
    nu__escape_to(&p->out, text);
    nu__buf_lit(&p->out, "</summary>");
    source_lines(p, frame->file, frame->line);
    nu__buf_lit(&p->out, "</details>\n");
}

/* The raise and what called it; the site's own innermost line stands open. */
static void traceback(page *p, const nu_error *error)
{
    void *const *addresses;
    size_t n = nu__error_frames(error, &addresses);
    const nu__frame_info *frames = nu__frames_of(addresses, n);
    bool opened = false;

    section(p, "Traceback");
    for (size_t i = 0; i < n; i++) {
        bool open = !opened && !frames[i].own && frames[i].file.ptr;

        if (!frames[i].function.ptr || nu_starts_with(frames[i].function, S("nu__error_")) ||
            nu_starts_with(frames[i].function, S("nu_raise")) ||
            nu_eq(frames[i].function, "trace") || nu_eq(frames[i].function, "raise_formatted") ||
            memmem(frames[i].function.ptr, frames[i].function.len, "interceptor", 11))
            continue;
        frame_row(p, &frames[i], open);
        opened |= open;
    }
}

/* A template's error says template:line:column on a line of its own. */
static void template_lines(page *p, const nu_error *error)
{
    const char *last = memrchr(error->message.ptr, '\n', error->message.len);
    nu_str place = last ? nu_s(last + 1) : (nu_str){ 0 };
    size_t colon = strcspn(place.len ? place.ptr : "", ":");
    nu_str name = { place.ptr, colon };
    int line = colon < place.len ? atoi(place.ptr + colon + 1) : 0;
    nu_str file;

    if (!nu_error_is_a(error->klass, NU_TEMPLATE_SYNTAX_ERROR) || line < 1)
        return;
    file = nu__template_file(name);
    section(p, "Template");
    paragraph(p, "p", nu_fmt("{}, line {}", file.ptr ? file : name, (int64_t)line));
    source_lines(p, file, line);
}

static void queries(page *p, const nu_request *req)
{
    const nu__recorder *recorder = nu__recorder_of(req);

    if (!recorder || !recorder->n_queries)
        return;
    section(p, "SQL");
    paragraph(p, "p",
              nu_fmt("{} queries in {:.1f} ms, {} of them the same as one before.",
                     recorder->n_queries, recorder->query_seconds * 1000, recorder->n_duplicates));
    table_begin(p);
    for (size_t i = 0; i < recorder->n_queries && i < NU__MOST_QUERIES; i++) {
        const nu__recorded_query *query = &recorder->queries[i];

        table_row(p, nu_fmt("{:.2f} ms{}", query->seconds * 1000, query->same ? " (again)" : ""),
                  nu_fmt("{}{}", query->sql,
                         query->params.len ? nu_fmt("  [{}]", query->params) : S("")));
    }
    table_end(p);
}

nu_response *nu__technical_500(nu_request *req, const nu_error *error, int status)
{
    page p = page_for(req);

    page_begin(&p, nu_fmt("{} at {}", nu_error_class_name(error->klass), req->path));
    paragraph(&p, "pre", error->message);
    request_rows(&p, req);
    section(&p, "Raised at");
    table_begin(&p);
    for (const nu_error *e = error; e; e = e->cause)
        table_row(&p, nu_fmt("{}:{}", e->file, e->line),
                  nu_fmt("{}{}: {}", e == error ? "" : "caused by ", nu_error_class_name(e->klass),
                         e->message));
    table_end(&p);
    template_lines(&p, error);
    traceback(&p, error);
    queries(&p, req);
    querydict_rows(&p, "GET", req->get);
    querydict_rows(&p, "POST", req->post);
    header_rows(&p, req);
    settings_rows(&p);
    return page_end(&p, status);
}
