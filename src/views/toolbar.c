#include "views/toolbar.h"

#include "conf/settings.h"
#include "core/buf.h"
#include "core/text.h"
#include "http/message.h"
#include "urls/reverse.h"
#include "utils/html.h"
#include "views/recorder.h"
#include "views/secrets.h"
#include <nuages/timezone.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char style[] =
    "#nu-bar{all:initial;position:fixed;left:0;right:0;bottom:0;z-index:2147483647;max-height:60vh;"
    "overflow:auto;background:#1b2733;color:#e8eef4;font:13px/1.5 system-ui,sans-serif;"
    "box-shadow:0 -1px 6px #0006}#nu-bar *{all:revert;color:inherit;font:inherit}"
    "#nu-bar details{display:inline-block;vertical-align:top}#nu-bar details[open]{display:block}"
    "#nu-bar summary{cursor:pointer;padding:5px 12px;white-space:nowrap}"
    "#nu-bar table{border-collapse:collapse;width:100%;margin:0 0 6px}"
    "#nu-bar td{padding:3px 12px;border-top:1px solid #fff2;vertical-align:top;"
    "font-family:ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}"
    "#nu-bar td:first-child{white-space:nowrap;color:#9db4c8}#nu-bar .twice "
    "td{background:#7a4b0055}"
    "#nu-bar pre{margin:0;padding:10px 12px;background:#5a1420;white-space:pre-wrap;"
    "font:12px/1.5 ui-monospace,monospace}";

/* ---- parts ----------------------------------------------------------------------------------- */

static void begin_panel(nu__buf *out, nu_str title)
{
    nu__buf_lit(out, "<details><summary>");
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

static void add_queries(nu__buf *out, const nu__recorder *recorder)
{
    begin_panel(
        out,
        nu_fmt("SQL: {} quer{} in {:.1f} ms{}", recorder->n_queries,
               recorder->n_queries == 1 ? "y" : "ies", recorder->query_seconds * 1000,
               recorder->n_duplicates ? nu_fmt(", {} duplicates", recorder->n_duplicates) : S("")));
    for (size_t i = 0; i < recorder->n_queries && i < NU__MOST_QUERIES; i++) {
        const nu__recorded_query *query = &recorder->queries[i];
        nu_str from = query->file ? nu_fmt("\n{}:{}", query->file, (int64_t)query->line) : S("");

        add_row(out,
                nu_fmt("{:.2f} ms{}", query->seconds * 1000,
                       query->same ? nu_fmt(" · again ({})", (int64_t)query->same) : S("")),
                nu_fmt("{}{}{}", query->sql,
                       query->params.len ? nu_fmt("  [{}]", query->params) : S(""), from),
                query->same > 0);
    }
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

    begin_panel(out, nu_fmt("Cache: {} call{}{} in {:.1f} ms", n, n == 1 ? "" : "s",
                            recorder->cache_hits + recorder->cache_misses
                                ? nu_fmt(", {} hit, {} missed", recorder->cache_hits,
                                         recorder->cache_misses)
                                : S(""),
                            recorder->cache_seconds * 1000));
    for (size_t i = 0; i < n && i < NU__MOST_CACHE_CALLS; i++) {
        const nu__recorded_cache_call *call = &recorder->cache_calls[i];

        add_row(out, nu_fmt("{:.2f} ms{}", call->seconds * 1000, outcome(call)),
                nu_fmt("{} {}  [{}]", call->call, call->keys, call->alias), false);
    }
    end_panel(out);
}

static void add_headers(nu__buf *out, const nu_request *req, const nu_response *response)
{
    begin_panel(out, S("Headers"));
    for (uint32_t i = 0; i < req->headers.len; i++)
        add_row(out, nu_fmt("→ {}", req->headers.items[i].name),
                nu__secret_masked(req->headers.items[i].name, req->headers.items[i].value), false);
    for (uint32_t i = 0; i < response->headers.len; i++)
        add_row(out, nu_fmt("← {}", response->headers.items[i].name),
                response->headers.items[i].value, false);
    end_panel(out);
}

static void add_steps(nu__buf *out, const nu__recorder *recorder)
{
    begin_panel(out, nu_fmt("Time: {:.1f} ms", (nu_monotonic() - recorder->began) * 1000));
    for (size_t i = recorder->n_steps; i > 0; i--)
        add_row(out, nu_fmt("{:.2f} ms", recorder->steps[i - 1].seconds * 1000),
                recorder->steps[i - 1].name.len ? recorder->steps[i - 1].name : S("a middleware"),
                false);
    end_panel(out);
}

/* What the last build said, where it failed; null: it did not. */
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
    const nu__recorder *recorder = nu__recorder_of(req);
    nu_str report = build_report();
    nu__buf out = { 0 };

    nu__buf_fmt(&out,
                "<div id=\"nu-bar\" role=\"complementary\" aria-label=\"Debug\"><style>{}</style>",
                (const char *)style);
    if (report.len) {
        nu__buf_lit(&out, "<pre><b>The build failed; the last good one is served.</b>\n");
        nu__escape_to(&out, report);
        nu__buf_lit(&out, "</pre>");
    }
    add_queries(&out, recorder);
    add_templates(&out, recorder);
    add_cache(&out, recorder);
    add_signals(&out, recorder);
    add_steps(&out, recorder);
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

void nu__toolbar_add(nu_request *req, nu_response *response)
{
    nu_str body = response->body;
    ptrdiff_t at;

    if (!is_shown(req, response))
        return;
    at = nu__find(body, S("</body>"));
    if (at < 0)
        return;
    nu_set_body(response, nu_fmt("{}{}{}", nu__sub(body, 0, (size_t)at), bar_of(req, response),
                                 nu__sub(body, (size_t)at, body.len)));
    nu_delete_header(response, "ETag");
}
