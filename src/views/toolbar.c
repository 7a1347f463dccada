#include "views/toolbar.h"

#include "conf/settings.h"
#include "core/buf.h"
#include "core/text.h"
#include "http/message.h"
#include "urls/reverse.h"
#include "utils/html.h"
#include "views/recorder.h"
#include "views/secrets.h"
#include "views/style_policy.h"
#include <nuages/timezone.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A row of panels, of which one is open at a time, below the others; "Debug" hides them. The space
   keeps the page's last lines from being covered. */
static const char style[] =
    "#nu-bar{all:initial;position:fixed;left:0;right:0;bottom:0;z-index:2147483647;max-height:60vh;"
    "overflow:auto;background:#1b2733;color:#e8eef4;font:13px/1.5 system-ui,sans-serif;"
    "box-shadow:0 -1px 6px #0006;color-scheme:dark;display:flex;flex-wrap:wrap}"
    "#nu-bar-space{all:initial;display:block;height:30px}"
    "#nu-bar *{all:revert;color:inherit;font:inherit}"
    "#nu-bar details[open]:not(.nu-all){flex-basis:100%;order:1}"
    "#nu-bar:has(.nu-all:not([open])){right:auto}"
    "#nu-bar .nu-all:not([open])~details{display:none}"
    "#nu-bar summary{cursor:pointer;padding:5px 12px;white-space:nowrap}"
    "#nu-bar summary:focus-visible{outline:2px solid #8cf;outline-offset:-2px}"
    "#nu-bar .nu-all summary{color:#9db4c8}"
    "#nu-bar table{border-collapse:collapse;width:100%;margin:0 0 6px}"
    "#nu-bar td{padding:3px 12px;border-top:1px solid #fff2;vertical-align:top;"
    "font-family:ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere;white-space:pre-wrap}"
    "#nu-bar td:first-child{white-space:nowrap;width:1%;color:#9db4c8}"
    "#nu-bar .twice td{background:#7a4b0055}"
    "#nu-bar pre{flex-basis:100%;margin:0;padding:10px 12px;background:#5a1420;max-height:40vh;"
    "overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;"
    "font:12px/1.5 ui-monospace,monospace}"
    "@media(max-width:48em){#nu-bar summary{padding:5px 7px;white-space:normal}"
    "#nu-bar td{display:block;padding:0 7px 3px}"
    "#nu-bar td:first-child{padding:3px 7px 0;width:auto}#nu-bar td+td{border:0}}"
    "@media(max-width:70em){#nu-bar-space{height:60px}}"
    "@media(max-width:30em){#nu-bar-space{height:120px}}";

/* ---- parts ----------------------------------------------------------------------------------- */

static void begin_panel(nu__buf *out, nu_str title)
{
    nu__buf_lit(out, "<details name=\"nu-bar\"><summary>");
    nu__escape_to(out, title);
    nu__buf_lit(out, "</summary><table>");
}

static void add_row(nu__buf *out, nu_str left, nu_str right, bool marked)
{
    nu__buf_str_add(out, marked ? S("<tr class=\"twice\"><td>") : S("<tr><td>"));
    nu__escape_to(out, left);
    nu__buf_lit(out, "</td><td>");
    nu__escape_to(out, right);
    nu__buf_lit(out, "</td></tr>");
}

static void end_panel(nu__buf *out)
{
    nu__buf_lit(out, "</table></details>");
}

/* " in 1.2 ms", of something at all. */
static nu_str within(size_t n, double seconds)
{
    return n ? nu_fmt(" in {:.1f} ms", seconds * 1000) : S("");
}

static nu_str row_of(nu__recorder *recorder, const nu__recorded_query *query)
{
    nu_str from = nu__query_place(recorder, query);
    nu_str params = query->params.len ? nu_fmt("  [{}]", query->params) : S("");

    return nu_fmt("{}{}{}{}", query->sql, params, from.len ? S("\n") : S(""), from);
}

static void add_queries(nu__buf *out, nu__recorder *recorder)
{
    begin_panel(out, nu_fmt("SQL: {} quer{}{}{}", recorder->n_queries,
                            recorder->n_queries == 1 ? "y" : "ies",
                            within(recorder->n_queries, recorder->query_seconds),
                            nu__recorded_repeats(recorder)));
    for (size_t i = 0; i < recorder->n_queries && i < NU__MOST_QUERIES; i++) {
        const nu__recorded_query *query = &recorder->queries[i];

        add_row(out, nu_fmt("{:.2f} ms{}", query->seconds * 1000, nu__recorded_before(query)),
                row_of(recorder, query), query->same || query->similar);
    }
    if (recorder->n_queries > NU__MOST_QUERIES)
        add_row(out, S(""), nu_fmt("… and {} more", recorder->n_queries - NU__MOST_QUERIES), false);
    end_panel(out);
}

static void add_templates(nu__buf *out, const nu__recorder *recorder)
{
    size_t n = nu_list_len(recorder->templates);

    begin_panel(out, nu_fmt("Templates: {}", n));
    for (size_t i = 0; i < n; i++)
        add_row(out, nu_fmt("{}", i + 1), nu_string(nu_at(recorder->templates, i)), false);
    end_panel(out);
}

static void add_signals(nu__buf *out, const nu__recorder *recorder)
{
    begin_panel(out, nu_fmt("Signals: {}", recorder->n_signals));
    for (size_t i = 0; i < recorder->n_signals && i < NU__MOST_SIGNALS; i++) {
        const nu__recorded_signal *signal = &recorder->signals[i];

        add_row(out, nu_fmt("{:.2f} ms", signal->seconds * 1000),
                nu_fmt("{}{}{} → {}", signal->name, signal->sender.len ? " of " : "",
                       signal->sender, signal->receiver.len ? signal->receiver : S("a receiver")),
                false);
    }
    end_panel(out);
}

static nu_str outcome(const nu__recorded_cache_call *call)
{
    if (!call->looked)
        return S("");
    if (call->n == 1)
        return call->hits ? S(" · hit") : S(" · miss");
    return nu_fmt(" · {} of {} hit", call->hits, call->n);
}

static void add_cache(nu__buf *out, const nu__recorder *recorder)
{
    size_t n = recorder->n_cache_calls;

    begin_panel(out, nu_fmt("Cache: {} call{}{}{}", n, n == 1 ? "" : "s",
                            recorder->cache_hits + recorder->cache_misses
                                ? nu_fmt(", {} hit, {} missed", recorder->cache_hits,
                                         recorder->cache_misses)
                                : S(""),
                            within(n, recorder->cache_seconds)));
    for (size_t i = 0; i < n && i < NU__MOST_CACHE_CALLS; i++) {
        const nu__recorded_cache_call *call = &recorder->cache_calls[i];

        add_row(out, nu_fmt("{:.2f} ms{}", call->seconds * 1000, outcome(call)),
                nu_fmt("{} {}  [{}]", call->call, call->keys, call->alias), false);
    }
    end_panel(out);
}

static void add_header(nu__buf *out, const char *way, const nu__header *header)
{
    add_row(out, nu_fmt("{} {}", way, header->name), nu__secret_masked(header->name, header->value),
            false);
}

static void add_headers(nu__buf *out, const nu_request *req, const nu_response *response)
{
    begin_panel(out, S("Headers"));
    for (uint32_t i = 0; i < req->headers.len; i++)
        add_header(out, "→", &req->headers.items[i]);
    for (uint32_t i = 0; i < response->headers.len; i++)
        add_header(out, "←", &response->headers.items[i]);
    end_panel(out);
}

static void add_steps(nu__buf *out, const nu__recorder *recorder, double seconds)
{
    begin_panel(out, nu_fmt("Time: {:.1f} ms", seconds * 1000));
    for (size_t i = recorder->n_steps; i > 0; i--)
        add_row(out, nu_fmt("{:.2f} ms", recorder->steps[i - 1].seconds * 1000),
                recorder->steps[i - 1].name.len ? recorder->steps[i - 1].name : S("a middleware"),
                false);
    end_panel(out);
}

/* What the last build said, or that what it built does not start, after a line that says which;
   null: all is well. */
static nu_str build_report(void)
{
    const char *path = getenv("NUAGES_BUILD_REPORT");
    FILE *file = path ? fopen(path, "re") : NULL;
    char text[8192];
    size_t n;

    if (!file)
        return (nu_str){ 0 };
    n = fread(text, 1, sizeof text, file);
    fclose(file);
    return nu_copy((nu_str){ text, n });
}

static nu_str bar_of(nu_request *req, const nu_response *response)
{
    nu__recorder *recorder = nu__recorder_of(req);
    double seconds = nu_monotonic() - recorder->began; /* without what the bar itself takes */
    nu_str report = build_report();
    nu__buf out = { 0 };

    nu__buf_fmt(&out,
                "<div id=\"nu-bar-space\"></div><div id=\"nu-bar\" role=\"complementary\" "
                "aria-label=\"Debug\"><style>{}</style>",
                (const char *)style);
    if (report.len) {
        size_t first = strcspn(report.ptr, "\n");

        nu__buf_lit(&out, "<pre><b>");
        nu__escape_to(&out, (nu_str){ report.ptr, first });
        nu__buf_lit(&out, "</b>");
        nu__escape_to(&out, nu__sub(report, first, report.len));
        nu__buf_lit(&out, "</pre>");
    }
    nu__buf_lit(&out, "<details class=\"nu-all\" open><summary>Debug</summary></details>");
    add_queries(&out, recorder);
    add_templates(&out, recorder);
    add_cache(&out, recorder);
    add_signals(&out, recorder);
    add_steps(&out, recorder, seconds);
    add_headers(&out, req, response);
    nu__buf_lit(&out, "</div>");
    return nu__buf_str(&out);
}

/* ---- where it goes --------------------------------------------------------------------------- */

static bool is_shown(const nu_request *req, const nu_response *response)
{
    return nu__settings.debug && nu__settings.debug_toolbar && nu__recorder_of(req) &&
           response->kind == NU__BODY_TEXT && req->method != HEAD &&
           nu_starts_with(nu_response_header(response, "Content-Type"), S("text/html")) &&
           !nu_response_header(response, "Content-Encoding").ptr;
}

/* Spaces, comments, and what comes before the next tag. */
static size_t first_tag(nu_str body)
{
    size_t at = 0;

    while (at < body.len) {
        nu_str rest = nu__sub(body, at, body.len);
        ptrdiff_t end = nu_starts_with(rest, S("<!--")) ? nu__find(rest, S("-->")) : -1;

        if (end >= 0)
            at += (size_t)end + 3;
        else if (strchr(" \t\r\n\xef\xbb\xbf", body.ptr[at]))
            at++;
        else
            break;
    }
    return at;
}

static bool begins_with_tag(nu_str text, const char *tag)
{
    return text.len >= strlen(tag) && strncasecmp(text.ptr, tag, strlen(tag)) == 0;
}

/* Before the last </body>, or at the end of a page that leaves it out, as HTML allows; a fragment,
   for a script to put somewhere, has no place: -1. */
static ptrdiff_t place_in(nu_str body)
{
    nu_str page;

    for (size_t at = body.len; at-- > 0;)
        if (body.ptr[at] == '<' && begins_with_tag(nu__sub(body, at, body.len), "</body>"))
            return (ptrdiff_t)at;
    page = nu__sub(body, first_tag(body), body.len);
    return begins_with_tag(page, "<!doctype html") || begins_with_tag(page, "<html")
               ? (ptrdiff_t)body.len
               : -1;
}

static void add_bar(nu_request *req, nu_response *response)
{
    nu_str body = response->body;
    ptrdiff_t at = place_in(body);

    if (at < 0)
        return;
    nu_set_body(response, nu_fmt("{}{}{}", nu__sub(body, 0, (size_t)at), bar_of(req, response),
                                 nu__sub(body, (size_t)at, body.len)));
    nu_delete_header(response, "ETag");
    nu__style_policy_allow(response, nu_s(style));
}

void nu__toolbar_add(nu_request *req, nu_response *response)
{
    if (response->own_style)
        nu__style_policy_allow(response, nu_s(response->own_style));
    if (is_shown(req, response))
        add_bar(req, response);
}
